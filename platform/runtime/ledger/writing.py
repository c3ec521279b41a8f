"""One write: head first, then facts and projection, then the hash, then commit.

The update of the head row serialises the writers of one organisation. What is
checked after it (versions, uniqueness, references) is therefore exact, no two
writers can deadlock, and transaction numbers are in the order of commits.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from sqlalchemy import BigInteger, Connection, bindparam, case, select, update

from amparo.runtime.access import Actor
from amparo.runtime.errors import StoreProblem
from amparo.runtime.ledger.facts import Creation, Fact, Leaf, LeafParts, TransactionHeader, transaction_hash
from amparo.runtime.ledger.first_values import FirstValues, first_facts
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.rows import row_writer
from amparo.runtime.stores.tables import OrganisationTables
from amparo.runtime.stores.waiting import Work, working_meanwhile

FACT_COLUMNS = ("tx", "record", "field", "new", "old", "new_missing", "old_missing")
RECORD_COLUMNS = ("id", "object", "wrapped_key", "created_tx")
TX_COLUMNS = (
    "id", "at", "actor", "channel", "release", "request_key", "request_digest", "result", "note", "hash",
)  # fmt: skip


class Abandoned(Exception):
    """Raised inside :func:`writing` to leave without a transaction; it ends there."""


@dataclass(frozen=True, slots=True)
class Request:
    """A caller's key for one save, unique per actor and kept for good, and the digest of its content."""

    key: str
    digest: bytes


@dataclass
class Writing:
    """A transaction under way. ``tx`` and ``at`` (µs) are final; everything else is added until it is sealed."""

    store: OrganisationStore
    connection: Connection
    actor: Actor
    tx: int
    at: int
    release: int
    #: The number of the organisation's key that wraps new records.
    key: int
    previous_hash: bytes
    request: Request | None = None
    note: str | None = None
    result: str | None = None
    channel: str | None = None
    created: list[Creation] = field(default_factory=list)
    erased: list[uuid.UUID] = field(default_factory=list)
    leaves: list[LeafParts] = field(default_factory=list)

    @property
    def tables(self) -> OrganisationTables:
        return self.store.tables

    def add_records(self, rows: Sequence[tuple[uuid.UUID, int, bytes]]) -> None:
        """New records as (identifier, object number, wrapped key)."""
        if any(row[2][0] < self.key for row in rows):
            rows = self._under_newest_key(rows)
        writer = row_writer(self.tables.record, RECORD_COLUMNS, self.connection.dialect)
        writer.write(self.connection, [(*row, self.tx) for row in rows])
        self.created.extend(Creation(row[0], row[1]) for row in rows)

    def _under_newest_key(self, rows: Sequence[tuple[uuid.UUID, int, bytes]]) -> list[tuple[uuid.UUID, int, bytes]]:
        """The organisation's key was rotated since this process read it: what an old one wraps must become no more."""
        keys = self.store.keys
        opened = [keys.open_record_key(record, wrapped) for record, _, wrapped in rows]
        keys.learn()
        return [(row[0], row[1], keys.rewrap(key).wrapped) for row, key in zip(rows, opened, strict=True)]

    def add_facts(self, facts: Sequence[Fact], leaves: Sequence[Leaf]) -> None:
        """Facts with the leaf hash of each."""
        writer = row_writer(self.tables.fact, FACT_COLUMNS, self.connection.dialect)
        tx = self.tx
        writer.write(self.connection, [(tx, *fact) for fact in facts])
        self.leaves.extend(leaves)

    def add_first_facts(self, facts: Sequence[FirstValues], leaves: Iterable[LeafParts]) -> None:
        """The facts of new records, with the leaf hashes of each record."""
        first_facts(self.store).write(self.connection, self.tx, facts)
        self.leaves.extend(leaves)

    def seal(self) -> None:
        """Writes the transaction row and the new head hash. Nothing may be added after."""
        header = TransactionHeader(
            self.tx,
            self.at,
            self.actor.member,
            self.channel or self.actor.channel,
            self.release,
            self.request.key if self.request else None,
            self.request.digest if self.request else None,
            self.result,
            self.note,
        )
        digest = transaction_hash(self.previous_hash, header, self.created, self.erased, self.leaves)
        row_writer(self.tables.tx, TX_COLUMNS, self.connection.dialect).write(self.connection, [(*header, digest)])
        self.connection.execute(_seal_head(self.tables), {"new_hash": digest, "new_release": self.release})


def clock_microseconds() -> int:
    return time.time_ns() // 1000


@contextmanager
def writing(
    store: OrganisationStore,
    actor: Actor,
    *,
    request: Request | None = None,
    note: str | None = None,
    meanwhile: Work | None = None,
) -> Iterator[Writing]:
    """Takes the head, gives a :class:`Writing`, seals and commits. Any exception rolls everything back.

    ``meanwhile`` is done where the database is waited for.
    """
    with (
        store.engine.connect() as connection,
        working_meanwhile(connection, meanwhile),
        connection.begin() as transaction,
    ):
        current = _take_head(connection, store, actor, request, note)
        try:
            yield current
        except Abandoned:
            transaction.rollback()
            return
        current.seal()


def _take_head(
    connection: Connection, store: OrganisationStore, actor: Actor, request: Request | None, note: str | None
) -> Writing:
    now = (store.clock or clock_microseconds)()
    row = connection.execute(_advance_head(store.tables), {"now": now}).one_or_none()
    if row is None:
        raise StoreProblem(f"Organisation {store.slug}: the store has no head row. Restore it from a backup.")
    return Writing(store, connection, actor, row.tx, row.at, row.release, row.key, bytes(row.hash), request, note)


# Made once per store: building these statements took longer than running them.
@lru_cache(maxsize=1024)
def _advance_head(tables: OrganisationTables) -> Any:
    head = tables.head
    now = bindparam("now", type_=BigInteger)
    return (
        update(head)
        .where(head.c.one == 1)
        .values(tx=head.c.tx + 1, at=case((head.c.at < now, now), else_=head.c.at + 1))
        .returning(head.c.tx, head.c.at, head.c.release, head.c.key, head.c.hash)
    )


@lru_cache(maxsize=1024)
def _seal_head(tables: OrganisationTables) -> Any:
    head = tables.head
    return update(head).where(head.c.one == 1).values(hash=bindparam("new_hash"), release=bindparam("new_release"))


def current_head(connection: Connection, tables: OrganisationTables) -> tuple[int, int]:
    """The number and time of the last transaction this connection sees."""
    row = connection.execute(select(tables.head.c.tx, tables.head.c.at)).one()
    return row.tx, row.at
