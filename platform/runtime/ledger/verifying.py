"""Walking the hash chain: every transaction is made again from what the store holds and compared.

Constant memory: transactions come in windows, facts stream. The walk ends at
the first transaction that is not what was written; what comes after it rests
on it. A chain cannot show by itself that its tail was cut *and* the head set
back, so the result names the head, to be noted elsewhere and given back as an
anchor.
"""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import Column, Connection, Result, Row, func, select

from amparo.metadata.building import application_from
from amparo.metadata.canonical import document_hash
from amparo.runtime.collation.alphabets import alphabet_of
from amparo.runtime.keys import KeyProblem, LeafKey
from amparo.runtime.ledger.facts import GENESIS, Creation, Fact, Leaf, TransactionHeader, leaf_hash, transaction_hash
from amparo.runtime.ledger.suspecting import disagreements
from amparo.runtime.ledger.writing import CLOCKS_DIFFER, clock_microseconds
from amparo.runtime.places.verifying import faults_of_places
from amparo.runtime.releases.live import read_document
from amparo.runtime.releases.publishing import PUBLISH_NOTE
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.tables import RESERVED_FIELDS
from amparo.runtime.stores.time_limits import lift_time_limits
from amparo.runtime.stores.types import instant

#: Transactions read at once.
_WINDOW = 256
#: Facts fetched at once.
_FETCH = 2000


class Anchor(NamedTuple):
    """A transaction and its hash, noted outside the store. Written ``1234:9f86…``."""

    tx: int
    hash: bytes

    def __str__(self) -> str:
        return f"{self.tx}:{self.hash.hex()}"


@dataclass(frozen=True, slots=True)
class Broken:
    """The first transaction that is not what was written, and what is wrong in it."""

    tx: int
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Verification:
    """``transactions`` and ``facts`` were found right; ``head`` is to be noted outside the store.

    ``ahead`` is the time of the last transaction where the clock has not come to it: one was wrong then, or is now.
    """

    transactions: int
    facts: int
    head: Anchor
    broken: Broken | None
    ahead: dt.datetime | None = None


class _Found(Exception):
    """Ends the walk."""

    def __init__(self, tx: int, *reasons: str) -> None:
        super().__init__(tx)
        self.broken = Broken(tx, reasons)


def verify(store: OrganisationStore, anchor: Anchor | None = None) -> Verification:
    """In one snapshot, while people work. ``anchor`` is a head noted earlier."""
    with store.reading() as connection:
        lift_time_limits(connection)
        head = connection.execute(select(store.tables.head)).one()
        walk = _Walk(store, connection)
        broken: Broken | None = None
        try:
            walk.run(head)
            _check_anchor(store, connection, anchor)
            _check_releases(store, connection)
            application = application_from(read_document(connection, store.tables, head.release))
            alphabet = alphabet_of(application.default_language)
            for tx, fault in faults_of_places(connection, store.tables, alphabet):
                raise _Found(tx, fault)
        except _Found as found:
            broken = found.broken
    ahead = instant(head.at) if head.at > clock_microseconds() + CLOCKS_DIFFER else None
    return Verification(walk.transactions, walk.facts, Anchor(head.tx, bytes(head.hash)), broken, ahead)


@dataclass
class _Walk:
    store: OrganisationStore
    connection: Connection
    transactions: int = 0
    facts: int = 0
    _identities: dict[int, str] = field(default_factory=dict)
    _previous: bytes = GENESIS
    #: The record whose key was opened last; facts come record by record.
    _opened: tuple[uuid.UUID, LeafKey] | None = None

    def run(self, head: Row[Any]) -> None:
        """Raises :class:`_Found`."""
        fields = self.store.tables.field_map
        rows = self.connection.execute(select(fields.c.number, fields.c.id))
        self._identities = {**RESERVED_FIELDS, **{row.number: row.id for row in rows}}
        last = self.connection.scalar(select(func.max(self.store.tables.tx.c.id))) or 0
        for start in range(1, last + 1, _WINDOW):
            self._check_window(start, min(start + _WINDOW, last + 1))
        self._check_end(head, last)

    def _check_window(self, start: int, stop: int) -> None:
        tx = self.store.tables.tx
        rows = self.connection.execute(select(tx).where(tx.c.id >= start, tx.c.id < stop).order_by(tx.c.id)).all()
        created, erased = self._created(start, stop), self._erased(start, stop)
        with self._fact_rows(start, stop) as result:
            facts = _Facts(iter(result))
            for expected, row in zip(range(start, stop), [*rows, None], strict=False):
                if row is None or row.id != expected:
                    raise _Found(expected, "The transaction is missing.")
                taken = list(facts.of(row.id))
                self._check_transaction(row, created[row.id], erased[row.id], taken)

    def _check_transaction(
        self, row: Row[Any], created: list[Creation], erased: list[uuid.UUID], facts: list[Row[Any]]
    ) -> None:
        leaves = [self._leaf(fact) for fact in facts]
        expected = transaction_hash(self._previous, _header(row), created, erased, leaves)
        if expected != bytes(row.hash):
            raise _Found(
                row.id,
                "Its hash differs: its facts, the records it made or erased, or the transaction itself were changed.",
                *disagreements(self.connection, self.store.tables, facts),
            )
        self._previous = expected
        self.transactions += 1
        self.facts += len(leaves)

    def _leaf(self, row: Row[Any]) -> Leaf:
        if row.field not in self._identities:
            raise _Found(row.tx, f"Record {row.record}: field number {row.field} is not in the map of fields.")
        if row.erased_tx is None:
            return self._living_leaf(row)
        if row.leaf is None:
            raise _Found(row.tx, f"Record {row.record}: it was erased, but the hash that stands for a value is gone.")
        if any(text is not None for text in (row.new, row.old, row.new_missing, row.old_missing)):
            raise _Found(row.tx, f"Record {row.record}: it was erased, and yet holds values.")
        return Leaf(row.record.bytes, row.field, bytes(row.leaf))

    def _living_leaf(self, row: Row[Any]) -> Leaf:
        if row.wrapped_key is None:
            raise _Found(row.tx, f"Record {row.record}: the record or its key is missing, and it was not erased.")
        if row.leaf is not None:
            raise _Found(row.tx, f"Record {row.record}: a hash stands in place of a value, but it was not erased.")
        fact = Fact(row.record, row.field, row.new, row.old, row.new_missing, row.old_missing)
        key = self._leaf_key(row)
        return Leaf(row.record.bytes, row.field, leaf_hash(key, self._identities[row.field], fact))

    def _leaf_key(self, row: Row[Any]) -> LeafKey:
        if self._opened is None or self._opened[0] != row.record:
            try:
                key = self.store.keys.open_record_key(row.record, bytes(row.wrapped_key)).leaf_key
            except (KeyProblem, IndexError, ValueError):
                raise _Found(
                    row.tx, f"Record {row.record}: its key was changed or belongs to another record."
                ) from None
            self._opened = (row.record, key)
        return self._opened[1]

    def _fact_rows(self, start: int, stop: int) -> Result[Any]:
        fact, record = self.store.tables.fact, self.store.tables.record
        query = (
            select(*fact.c, record.c.wrapped_key, record.c.erased_tx)
            .join(record, record.c.id == fact.c.record, isouter=True)
            .where(fact.c.tx >= start, fact.c.tx < stop)
            .order_by(fact.c.tx, fact.c.record)
        )
        return self.connection.execute(query, execution_options={"yield_per": _FETCH})

    def _created(self, start: int, stop: int) -> dict[int, list[Creation]]:
        record = self.store.tables.record
        query = select(record.c.created_tx, record.c.id, record.c.object).where(
            record.c.created_tx >= start, record.c.created_tx < stop
        )
        found: dict[int, list[Creation]] = defaultdict(list)
        for row in self.connection.execute(query):
            found[row.created_tx].append(Creation(row.id, row.object))
        return found

    def _erased(self, start: int, stop: int) -> dict[int, list[uuid.UUID]]:
        record = self.store.tables.record
        query = select(record.c.erased_tx, record.c.id, record.c.wrapped_key).where(
            record.c.erased_tx >= start, record.c.erased_tx < stop
        )
        found: dict[int, list[uuid.UUID]] = defaultdict(list)
        for row in self.connection.execute(query):
            if row.wrapped_key is not None:
                raise _Found(row.erased_tx, f"Record {row.id}: it was erased, but its key is still there.")
            found[row.erased_tx].append(row.id)
        return found

    def _check_end(self, head: Row[Any], last: int) -> None:
        if head.tx > last:
            raise _Found(last + 1, f"The transaction is missing: the head counts {head.tx}, the last one is {last}.")
        if head.tx < last:
            raise _Found(head.tx + 1, f"The head counts {head.tx} transactions, but there are {last}.")
        if bytes(head.hash) != self._previous:
            raise _Found(last, "The head's hash is not that of the last transaction.")
        tables = self.store.tables
        self._check_none_outside(tables.fact.c.tx, tables.fact.c.record, last, "A fact belongs")
        self._check_none_outside(tables.record.c.created_tx, tables.record.c.id, last, "Its creation belongs")
        self._check_none_outside(tables.record.c.erased_tx, tables.record.c.id, last, "Its erasure belongs")

    def _check_none_outside(self, tx: Column[Any], record: Column[Any], last: int, what: str) -> None:
        outside = self.connection.execute(select(tx, record).where((tx < 1) | (tx > last)).limit(1)).one_or_none()
        if outside is not None:
            raise _Found(outside[0], f"Record {outside[1]}: {what} to a transaction that does not exist.")


class _Facts:
    """Rows in the order of transactions, handed out transaction by transaction."""

    def __init__(self, rows: Iterator[Row[Any]]) -> None:
        self._rows = rows
        self._next = next(rows, None)

    def of(self, tx: int) -> Iterator[Row[Any]]:
        while self._next is not None and self._next.tx == tx:
            yield self._next
            self._next = next(self._rows, None)


def _header(row: Row[Any]) -> TransactionHeader:
    return TransactionHeader(
        row.id,
        row.at,
        row.actor,
        row.channel,
        row.release,
        row.request_key,
        None if row.request_digest is None else bytes(row.request_digest),
        row.result,
        row.note,
    )


def _check_anchor(store: OrganisationStore, connection: Connection, anchor: Anchor | None) -> None:
    if anchor is None:
        return
    tx = store.tables.tx
    found = connection.scalar(select(tx.c.hash).where(tx.c.id == anchor.tx))
    if found is None:
        raise _Found(anchor.tx, "The transaction was noted elsewhere and is missing here: the tail was cut.")
    if bytes(found) != anchor.hash:
        raise _Found(anchor.tx, "Its hash is not the one that was noted elsewhere: the chain was written anew.")


def _check_releases(store: OrganisationStore, connection: Connection) -> None:
    """The chain covers the hash of each release; the documents must have it."""
    release, tx = store.tables.release, store.tables.tx
    published = {
        row.release: (row.id, row.result)
        for row in connection.execute(
            select(tx.c.release, tx.c.id, tx.c.result).where(tx.c.note == PUBLISH_NOTE).order_by(tx.c.id)
        )
    }
    for number in connection.scalars(select(release.c.number).order_by(release.c.number)).all():
        row = connection.execute(select(release).where(release.c.number == number)).one()
        at, digest = published.pop(number, (0, None))
        if digest != row.hash or document_hash(json.loads(row.document)) != row.hash:
            raise _Found(at, f"Release {number}: its definitions are not those that were published.")
    for number, (at, _) in published.items():
        raise _Found(at, f"Release {number}: its definitions are missing.")
