"""A projection made from the ledger alone: the facts of each record, in order, add up to its row.

Records come in windows in the order of their identifiers, so that any number
of them fits into memory and two streams can be compared side by side.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from amparo.runtime.records.encoding import SYSTEM_COLUMNS, columns_from_text
from amparo.runtime.records.entry_texts import EntryTexts, entry_texts
from amparo.runtime.releases.live import LiveObject
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.tables import DELETED, OWNER, RECORD_TYPE
from amparo.runtime.stores.types import instant

#: Records read at once.
WINDOW = 500


@dataclass(frozen=True, slots=True)
class Window:
    """Rows that the ledger makes of every record after ``after`` up to ``upto``; None is the end on either side."""

    after: uuid.UUID | None
    upto: uuid.UUID | None
    rows: Sequence[Sequence[Any]]


class Folder:
    """Folds the records of one object, as one connection sees them."""

    def __init__(self, connection: Connection, store: OrganisationStore, live: LiveObject) -> None:
        self._connection = connection
        self._store = store
        self._live = live
        self.columns = tuple(column.name for column in live.table.columns)
        self._at = {name: position for position, name in enumerate(self.columns)}

    def windows(self) -> Iterator[Window]:
        """Every record that is not erased, in the order of identifiers; the last window is open at its end."""
        after: uuid.UUID | None = None
        while True:
            records = self._records(after)
            upto = records[-1].id if len(records) == WINDOW else None
            yield Window(after, upto, self._rows(records))
            if upto is None:
                return
            after = upto

    def rows_of(self, identifiers: Sequence[uuid.UUID]) -> list[list[Any]]:
        """The rows of some records; erased and unknown ones have none."""
        record = self._store.tables.record
        found: list[list[Any]] = []
        for start in range(0, len(identifiers), WINDOW):
            some = record.c.id.in_(identifiers[start : start + WINDOW])
            found += self._rows(self._connection.execute(self._query().where(some)).all())
        return found

    def _query(self) -> Any:
        record = self._store.tables.record
        return (
            select(record.c.id, record.c.wrapped_key, record.c.created_tx)
            .where(record.c.object == self._live.place.number, record.c.erased_tx.is_(None))
            .order_by(record.c.id)
        )

    def _records(self, after: uuid.UUID | None) -> Sequence[Any]:
        query = self._query().limit(WINDOW)
        if after is not None:
            query = query.where(self._store.tables.record.c.id > after)
        return self._connection.execute(query).all()

    def _rows(self, records: Sequence[Any]) -> list[list[Any]]:
        facts = self._facts([record.id for record in records])
        versions = {record.id: facts[record.id][-1].tx if facts[record.id] else record.created_tx for record in records}
        stamps = self._stamps({record.created_tx for record in records} | set(versions.values()))
        return [
            self._row(record, versions[record.id], facts[record.id], stamps)
            for record in records
            # Without its transactions a record says nothing; the walk of the ledger names the gap.
            if record.created_tx in stamps and versions[record.id] in stamps
        ]

    def _facts(self, records: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[Any]]:
        fact = self._store.tables.fact
        query = (
            select(fact.c.record, fact.c.tx, fact.c.field, fact.c.new, fact.c.new_missing)
            .where(fact.c.record.in_(records))
            .order_by(fact.c.record, fact.c.tx)
        )
        found: dict[uuid.UUID, list[Any]] = defaultdict(list)
        for row in self._connection.execute(query):
            found[row.record].append(row)
        return found

    def _stamps(self, transactions: set[int]) -> dict[int, Any]:
        tx = self._store.tables.tx
        query = select(tx.c.id, tx.c.at, tx.c.actor).where(tx.c.id.in_(transactions))
        return {row.id: row for row in self._connection.execute(query)}

    def _row(self, record: Any, version: int, facts: Sequence[Any], stamps: dict[int, Any]) -> list[Any]:
        state = {fact.field: (fact.new, fact.new_missing) for fact in facts}
        created, updated = stamps[record.created_tx], stamps[version]
        row: list[Any] = [None] * len(self.columns)
        owner, deleted = _text(state, OWNER), _text(state, DELETED)
        row[: len(SYSTEM_COLUMNS)] = (
            record.id,
            version,
            record.created_tx,
            instant(created.at),
            created.actor,
            instant(updated.at),
            updated.actor,
            uuid.UUID(owner) if owner else None,
            _text(state, RECORD_TYPE),
            int(deleted) if deleted else None,
        )
        key = self._store.keys.open_record_key(record.id, bytes(record.wrapped_key))
        for number, (text, missing) in state.items():
            place = self._live.by_number.get(number)
            if place is None or (text is None and missing is None):
                continue
            for name, value in columns_from_text(place, text, missing, self._store.keys, key).items():
                row[self._at[name]] = value
        return row

    def entries_of(self, rows: Iterable[Sequence[Any]]) -> dict[uuid.UUID, EntryTexts | None]:
        """What each row is found by."""
        return {row[0]: entry_texts(self._live, dict(zip(self.columns, row, strict=True))) for row in rows}


def _text(state: dict[int, tuple[str | None, str | None]], number: int) -> str | None:
    return state.get(number, (None, None))[0]
