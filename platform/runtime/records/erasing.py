"""Erasure: the one privileged change of the ledger.

A record's values are replaced by their leaf hashes, its key is destroyed and
its row and the contents of its files removed; the chain still verifies. Its
details are erased with it. What remains is that a record existed, when, and
who erased it and why.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, delete, select, update

from amparo.metadata.wording import N_
from amparo.runtime.access import Actor, Permission
from amparo.runtime.errors import NotFound, NotPossible
from amparo.runtime.files.settling import forget_files_of
from amparo.runtime.ledger.facts import Fact, leaf_hash
from amparo.runtime.ledger.writing import Writing, writing
from amparo.runtime.records.details import details
from amparo.runtime.records.left_traces import note_traces, overwrite_noted
from amparo.runtime.records.preparing import field_identity
from amparo.runtime.releases.live import LiveObject, LiveRelease
from amparo.runtime.roll_ups.keeping import Touched
from amparo.runtime.search_entries.writing import drop_entries
from amparo.runtime.stores.organisation import OrganisationStore


@dataclass(frozen=True, slots=True)
class Loss:
    """How many records of one object."""

    object: str
    records: int


@dataclass(frozen=True, slots=True)
class Foreseen:
    """``losses`` go, the record first, then its details. ``pointing`` stay: records with a lookup to one of those."""

    losses: tuple[Loss, ...]
    pointing: tuple[Loss, ...]


@dataclass(frozen=True, slots=True)
class Erased:
    """``records`` counts the record and its details."""

    record: uuid.UUID
    tx: int
    records: int


def foresee_erasure(store: OrganisationStore, actor: Actor, object_name: str, record: uuid.UUID) -> Foreseen:
    """What would be lost, and what stays beside it. Raises :class:`NotFound`, :class:`NotPermitted`."""
    actor.require(Permission.RECORDS_ERASE)
    with store.reading() as connection:
        release = store.live(connection)
        live = release.object(object_name)
        _require_present(connection, live, record)
        gone: dict[str, set[uuid.UUID]] = {}
        for member, records in _family(connection, release, live, record):
            gone.setdefault(member.name, set()).update(records)
        pointing = tuple(_pointing(connection, release, gone))
    return Foreseen(tuple(Loss(name, len(records)) for name, records in gone.items()), pointing)


def _pointing(connection: Connection, release: LiveRelease, gone: Mapping[str, set[uuid.UUID]]) -> Iterator[Loss]:
    """By object: living and deleted records that are not gone themselves and hold a lookup to one that is."""
    for live in release.objects.values():
        found: set[uuid.UUID] = set()
        for place in live.references:
            asked: set[uuid.UUID] = set().union(*(gone.get(target, ()) for target in place.field.targets))
            query = select(live.table.c.id).where(live.table.c[place.column_name].in_(asked))
            found.update(connection.scalars(query) if asked else ())
        staying = found - gone.get(live.name, set())
        if staying:
            yield Loss(live.name, len(staying))


def erase(store: OrganisationStore, actor: Actor, object_name: str, record: uuid.UUID, reason: str) -> Erased:
    """Raises :class:`NotFound`, :class:`NotPermitted`, :class:`NotPossible` without a written reason."""
    actor.require(Permission.RECORDS_ERASE)
    if not reason.strip():
        raise NotPossible(N_("Write down why this is erased. The reason is kept; what was erased is not."))
    with writing(store, actor, note=f"erase: {reason.strip()}") as current:
        release = store.at_release(current.connection, current.release)
        live = release.object(object_name)
        _require_present(current.connection, live, record)
        family = _family(current.connection, release, live, record)
        touched = Touched(current.connection, store, release)
        for member, records in family:
            touched.add_records(member, records)
            for each in records:
                store.files.begin_forgetting(each)
                _erase_one(current, member, each)
        # The least of one answer is that answer.
        sidecars = [*touched.sidecars, *(member.sidecar for member, _ in family if member.sidecar is not None)]
        touched.bring_up_to_date()
        _drop_job_files(current)
        erased = Erased(record, current.tx, sum(len(records) for _, records in family))
        kept = (store.tables.fact, store.tables.record, store.tables.job_file, store.tables.search_entry)
        tables = [*kept, *dict.fromkeys((*(member.table for member, _ in family), *sidecars))]
        note = note_traces(store, tables)
    forget_files_of(store, [each for _, records in family for each in records])
    overwrite_noted(store, note, tables)
    return erased


def _require_present(connection: Connection, live: LiveObject, record: uuid.UUID) -> None:
    if connection.scalar(select(live.table.c.id).where(live.table.c.id == record)) is None:
        raise NotFound(N_("This record does not exist in this organisation."))


def _family(
    connection: Connection, release: LiveRelease, live: LiveObject, record: uuid.UUID
) -> list[tuple[LiveObject, list[uuid.UUID]]]:
    """The record and all its details, deleted ones too."""
    return [(live, [record]), *details(connection, release, live, [record])]


def _erase_one(current: Writing, live: LiveObject, record: uuid.UUID) -> None:
    tables, connection = current.tables, current.connection
    fact, kept = tables.fact, tables.record
    wrapped = connection.scalar(select(kept.c.wrapped_key).where(kept.c.id == record))
    leaf_key = current.store.keys.open_record_key(record, bytes(wrapped or b"")).leaf_key
    for row in connection.execute(select(fact).where(fact.c.record == record)).all():
        value = Fact(row.record, row.field, row.new, row.old, row.new_missing, row.old_missing)
        connection.execute(
            update(fact)
            .where(fact.c.record == record, fact.c.tx == row.tx, fact.c.field == row.field)
            .values(
                new=None,
                old=None,
                new_missing=None,
                old_missing=None,
                leaf=leaf_hash(leaf_key, field_identity(row.field, live.by_number), value),
            )
        )
    connection.execute(delete(live.table).where(live.table.c.id == record))
    if live.sidecar is not None:
        connection.execute(delete(live.sidecar).where(live.sidecar.c.id == record))
    drop_entries(connection, tables, [record])
    connection.execute(update(kept).where(kept.c.id == record).values(wrapped_key=None, erased_tx=current.tx))
    current.erased.append(record)


def _drop_job_files(current: Writing) -> None:
    """Files of imports and exports may hold the erased values. Those of ended jobs go now, the others' with their end.

    Waiting for jobs would let a long import put off an erasure; ending them would leave half an import. First the
    mark, then the removal: a job that ends in between is in one of the two.
    """
    job, file = current.tables.job, current.tables.job_file
    is_over = job.c.finished_at.is_not(None)
    current.connection.execute(update(job).where(~is_over).values(erased_tx=current.tx))
    current.connection.execute(delete(file).where(file.c.job.in_(select(job.c.id).where(is_over))))
