"""Publishing: a checked document becomes the next numbered, hashed, immutable release.

The projection tables grow in the same transaction, and roll-ups that are new
or others than before are counted: nobody sees a figure that is not so. On PostgreSQL an ALTER
waits at most a short lock time-out and is tried again, so that nobody queues
behind it while a report holds the table.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, insert, select, text
from sqlalchemy.exc import OperationalError

from amparo.metadata.building import application_from
from amparo.metadata.canonical import canonical_bytes, canonical_hash, document_hash
from amparo.metadata.checks import check
from amparo.metadata.problems import Problem
from amparo.metadata.wording import N_
from amparo.runtime.access import Actor, Permission
from amparo.runtime.collation.alphabets import alphabet_of
from amparo.runtime.errors import DefinitionProblems, StoreBusy
from amparo.runtime.ledger.writing import Abandoned, Writing, writing
from amparo.runtime.places.changing import renew_rows
from amparo.runtime.projections.refreshing import mark_outdated, refresh_outdated
from amparo.runtime.releases.growing import grow_tables
from amparo.runtime.releases.live import EMPTY_DOCUMENT, read_document
from amparo.runtime.releases.uniqueness import find_clashes
from amparo.runtime.roll_ups.renewing import count_changed
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.time_limits import lift_time_limits

#: How long one try waits for PostgreSQL's table lock, and how long the tries go on.
LOCK_TIMEOUT_MS = 200
PATIENCE_SECONDS = 120.0
_PAUSE_SECONDS = 0.3
#: The note of a transaction that made a release; its result is the release's hash.
PUBLISH_NOTE = "publish"


@dataclass(frozen=True, slots=True)
class Published:
    """``created`` is false when the document equals the release in force."""

    number: int
    hash: str
    created: bool


def publish(store: OrganisationStore, actor: Actor, document: Mapping[str, Any]) -> Published:
    """Raises :class:`DefinitionProblems`, :class:`NotPermitted`, :class:`StoreBusy`.

    Rows that were there get what the release asks of them afterwards, in short chunks.
    """
    actor.require(Permission.DEFINITIONS_PUBLISH)
    published = _publish_patiently(store, actor, document)
    # What an interruption of an earlier publishing left is finished, too.
    refresh_outdated(store)
    return published


def _publish_patiently(store: OrganisationStore, actor: Actor, document: Mapping[str, Any]) -> Published:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return _try_publish(store, actor, document)
        except OperationalError as error:
            if not _is_lock_timeout(error):
                raise
            if time.monotonic() > deadline:
                raise StoreBusy(
                    N_("The tables are in use by a long report. Nothing was published; try again when it has ended.")
                ) from error
            time.sleep(_PAUSE_SECONDS)


def _is_lock_timeout(error: OperationalError) -> bool:
    return getattr(error.orig, "sqlstate", None) == "55P03"


def _try_publish(store: OrganisationStore, actor: Actor, document: Mapping[str, Any]) -> Published:
    canonical = canonical_bytes(document)
    digest = canonical_hash(canonical)
    published = Published(0, digest, created=False)
    with writing(store, actor, note=PUBLISH_NOTE) as current:
        lift_time_limits(current.connection)
        previous = read_document(current.connection, store.tables, current.release)
        if current.release and document_hash(previous) == digest:
            published = Published(current.release, digest, created=False)
            raise Abandoned
        was = application_from(previous)
        _require_no(check(document, previous=previous if current.release else None))
        # Rows are looked at only for a document that is sound in itself.
        now = application_from(document)
        _require_no(find_clashes(current.connection, store, was, now))
        if store.is_postgres:
            current.connection.execute(text(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT_MS}ms'"))
        published = _write_release(current, canonical, digest)
        grow_tables(current.connection, store, now)
        mark_outdated(current, was, now)
        count_changed(current, was, now)
        if (alphabet := alphabet_of(now.default_language)) is not alphabet_of(was.default_language):
            renew_rows(current.connection, current.tables, alphabet)
    return published


def _require_no(problems: list[Problem]) -> None:
    if problems:
        raise DefinitionProblems(problems)


def _write_release(current: Writing, canonical: bytes, digest: str) -> Published:
    table = current.tables.release
    number = (current.connection.scalar(select(func.max(table.c.number))) or 0) + 1
    current.connection.execute(
        insert(table),
        {
            "number": number,
            "hash": digest,
            "document": canonical.decode(),
            "at": current.at,
            "actor": current.actor.member,
        },
    )
    current.release = number
    current.result = digest
    return Published(number, digest, created=True)


def published_document(connection: Connection, store: OrganisationStore) -> Mapping[str, Any]:
    """The document in force; the empty one before the first publishing."""
    number = connection.scalar(select(store.tables.head.c.release)) or 0
    return read_document(connection, store.tables, number) if number else EMPTY_DOCUMENT
