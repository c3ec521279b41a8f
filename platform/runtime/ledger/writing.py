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
from typing import NamedTuple

from sqlalchemy import BigInteger, Connection, RootTransaction, bindparam, case, func, select, update
from sqlalchemy.engine import Dialect

from amparo.runtime.access import Actor
from amparo.runtime.ledger.facts import Creation, Fact, Leaf, LeafParts, TransactionHeader, transaction_hash
from amparo.runtime.ledger.first_values import FirstValues, first_facts
from amparo.runtime.stores.driver_statements import DriverStatement
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.round_trips import answered_together, driver_cursor, send_together
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
    #: The number of the latest search entry; None where nobody asked.
    last_entry: int | None
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

    def ask_no_more(self) -> None:
        """Whatever is added from here on is on its way at once, and answered for by the commit."""
        send_together(self.connection)

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
        with driver_cursor(self.connection) as cursor:
            statements = _head_statements(self.tables, self.connection.dialect)
            statements.seal.run(cursor, new_hash=digest, new_release=self.release)


#: A time so far ahead of the clock (µs) was told by one that was wrong: clocks of machines differ by less.
CLOCKS_DIFFER = 3_600_000_000


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
    with store.engine.connect() as connection, working_meanwhile(connection, meanwhile):
        transaction, head = _take_head(connection, store)
        with transaction:
            if head is None:
                raise store.without_head()
            current = Writing(store, connection, actor, *head, request, note)
            try:
                yield current
            except Abandoned:
                transaction.rollback()
                return
            current.ask_no_more()
            current.seal()


class _Head(NamedTuple):
    """The head as this transaction leaves it, but for the hash, and the number of the latest search entry."""

    tx: int
    at: int
    release: int
    key: int
    hash: bytes
    last_entry: int


def _take_head(connection: Connection, store: OrganisationStore) -> tuple[RootTransaction, _Head | None]:
    """Begins the transaction; None where the store has no head row."""
    now = (store.clock or clock_microseconds)()
    statements = _head_statements(store.tables, connection.dialect)
    with answered_together(connection) as new_cursor:
        transaction = connection.begin()
        head, entry = new_cursor(), new_cursor()
        statements.advance.run(head, now=now)
        # A statement of its own, because it must see what the last writer did, whom the first one waits for.
        statements.last_entry.run(entry)
    rows, numbers = head.fetchall(), entry.fetchall()
    return transaction, _Head(*rows[0], *numbers[0]) if rows else None


class _HeadStatements(NamedTuple):
    advance: DriverStatement
    last_entry: DriverStatement
    seal: DriverStatement


# Made once per store: building these statements took longer than running them.
@lru_cache(maxsize=1024)
def _head_statements(tables: OrganisationTables, dialect: Dialect) -> _HeadStatements:
    head = tables.head
    only = update(head).where(head.c.one == 1)
    now = bindparam("now", type_=BigInteger)
    return _HeadStatements(
        DriverStatement(
            only.values(tx=head.c.tx + 1, at=case((head.c.at < now, now), else_=head.c.at + 1)).returning(
                head.c.tx, head.c.at, head.c.release, head.c.key, head.c.hash
            ),
            dialect,
        ),
        DriverStatement(select(func.coalesce(func.max(tables.search_entry.c.id), 0)), dialect),
        DriverStatement(only.values(hash=bindparam("new_hash"), release=bindparam("new_release")), dialect),
    )


def current_head(connection: Connection, tables: OrganisationTables) -> tuple[int, int]:
    """The number and time of the last transaction this connection sees."""
    row = connection.execute(select(tables.head.c.tx, tables.head.c.at)).one()
    return row.tx, row.at
