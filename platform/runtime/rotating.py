"""Rotation: an organisation's record keys under a new key, and every organisation's keys under a new file key.

What is rotated are the keys that wrap; what they wrap stays. A record keeps its
own key, so its sealed answers and the hashes of its history need not be
touched; the hashes of exact match are made by a key of their own, which stays,
because unique values and the keys of old requests are found by them. What that
protects from is said in the manual (docs/administrators/README.md).
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Column, ColumnElement, LargeBinary, delete, exists, func, insert, select, update

from amparo.runtime.access import Actor, Permission
from amparo.runtime.keys import MATCH_NUMBER
from amparo.runtime.ledger.writing import Writing, writing
from amparo.runtime.records.left_traces import note_traces, overwrite_noted
from amparo.runtime.records.traces import overwrite_traces, overwrite_traces_in
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.organisations import Organisations

#: Record keys that one transaction wraps anew.
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Rotated:
    """``key`` is the number of the key that wraps now; ``records`` were wrapped anew, by this run."""

    key: int
    records: int
    was_resumed: bool


def rotate_organisation_key(
    organisations: Organisations, actor: Actor, slug: str, progress: Callable[[int], None] = lambda _: None
) -> Rotated:
    """While people work, in short steps; a rotation that was interrupted is finished first, without another key.

    ``progress`` is told how many records are done. The old key stays until no record and no file of a job needs
    it: the next rotation removes it. Raises :class:`NotPermitted`, :class:`NotFound`, :class:`KeyProblem`.
    """
    actor.require(Permission.KEYS_ROTATE)
    store = organisations.open(slug)
    was_resumed = _is_unfinished(store)
    if not was_resumed:
        _add_key(organisations, store, actor)
    store.keys.learn()
    # What the old key wrapped must not stay in the database's files for somebody who has that key.
    note = note_traces(store, [store.tables.record])
    records = _rewrap_records(store, progress)
    overwrite_noted(store, note, [store.tables.record])
    return Rotated(store.keys.current, records, was_resumed)


def _wrapped_before(column: Column[Any], number: int) -> ColumnElement[bool]:
    """Wrapped by an older key than this one: the first byte says by which."""
    return func.substr(column, 1, 1, type_=LargeBinary) < bytes([number])


def _is_unfinished(store: OrganisationStore) -> bool:
    head, record = store.tables.head, store.tables.record
    with store.reading() as connection:
        number = connection.scalar(select(head.c.key)) or 1
        return bool(connection.scalar(select(exists().where(_wrapped_before(record.c.wrapped_key, number)))))


def _add_key(organisations: Organisations, store: OrganisationStore, actor: Actor) -> None:
    """With the head, which names it from then on: whoever saves under an older one learns of it there."""
    with writing(store, actor, note="rotate key") as current:
        store.keys.learn()
        _remove_unused(current)
        keys = store.keys.with_another()
        wrapped = organisations.wrapped_keys(store.id, keys)
        table = current.tables.key
        kept = set(current.connection.scalars(select(table.c.number)))
        for number in (MATCH_NUMBER, keys.current):
            if number not in kept:
                row = {"number": number, "wrapped": wrapped[number], "created_at": current.at}
                current.connection.execute(insert(table), row)
        current.connection.execute(update(current.tables.head).values(key=keys.current))


def _remove_unused(current: Writing) -> None:
    """Keys that an earlier rotation replaced and that nothing needs any more."""
    tables, connection = current.tables, current.connection
    for number in sorted(connection.scalars(select(tables.key.c.number)).all()):
        if number in (MATCH_NUMBER, current.key):
            continue
        columns = (tables.record.c.wrapped_key, tables.job_file.c.content, tables.import_mapping.c.content)
        if not any(connection.scalar(select(exists().where(_wrapped_by(column, number)))) for column in columns):
            connection.execute(delete(tables.key).where(tables.key.c.number == number))


def _wrapped_by(column: Column[Any], number: int) -> ColumnElement[bool]:
    return func.substr(column, 1, 1, type_=LargeBinary) == bytes([number])


def _rewrap_records(store: OrganisationStore, progress: Callable[[int], None]) -> int:
    record = store.tables.record
    done = 0
    after: uuid.UUID | None = None
    while True:
        query = select(record.c.id, record.c.wrapped_key).where(
            _wrapped_before(record.c.wrapped_key, store.keys.current)
        )
        if after is not None:
            query = query.where(record.c.id > after)
        with store.reading() as connection:
            rows = connection.execute(query.order_by(record.c.id).limit(_CHUNK)).all()
        if not rows:
            return done
        # Made before the transaction: nobody waits for the work of it.
        anew = [(row, _rewrapped(store, row.id, bytes(row.wrapped_key))) for row in rows]
        with store.engine.begin() as connection:
            for row, wrapped in anew:
                # An erasure may have destroyed the key meanwhile: it must not come back.
                same = (record.c.id == row.id, record.c.wrapped_key == bytes(row.wrapped_key))
                done += connection.execute(update(record).where(*same).values(wrapped_key=wrapped)).rowcount
        after = rows[-1].id
        progress(done)


def _rewrapped(store: OrganisationStore, record: uuid.UUID, wrapped: bytes) -> bytes:
    return store.keys.rewrap(store.keys.open_record_key(record, wrapped)).wrapped


def rotate_file_key(organisations: Organisations) -> Path:
    """Wraps every organisation's keys and password anew; gives where the old key lies.

    Interrupted, it goes on at the next call. Raises :class:`KeyProblem`, :class:`OSError`.
    """
    organisations.file_key.begin_rotation()
    for organisation in organisations.every():
        organisations.wrap_anew(organisation)
    # What the old key wrapped must not stay in the databases' files for somebody who has that key.
    for organisation in organisations.list():
        store = organisations.open(organisation.slug)
        overwrite_traces(store, [store.tables.key])
    overwrite_traces_in(organisations.engine, [organisations.control.organisation], "The installation")
    return organisations.file_key.end_rotation()
