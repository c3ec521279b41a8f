"""Every projection made again from the ledger and compared with the one in use, row by row."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Table, inspect, select

from amparo.runtime.projections.folding import Folder, Window
from amparo.runtime.records.entry_texts import EntryTexts
from amparo.runtime.releases.live import LiveObject
from amparo.runtime.roll_ups.mending import surplus_rows, wrong_values
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.time_limits import lift_time_limits

#: Differences that are named; all are counted.
NAMED = 200


@dataclass(frozen=True, slots=True)
class Difference:
    """What kind of thing the ledger gives and what kind stands there; never a value, it may be a secret."""

    object: str
    record: uuid.UUID | None
    column: str
    expected: str
    found: str

    def __str__(self) -> str:
        place = f"record {self.record}" if self.record else "the table"
        return f"{self.object}, {place}: {self.column}: expected {self.expected}, found {self.found}"


@dataclass(frozen=True, slots=True)
class ProjectionCheck:
    """``records`` were compared; ``differences`` counts all, ``named`` holds the first ones."""

    records: int
    differences: int
    named: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class ComparedWindow:
    """Rows by identifier, as the ledger makes them and as they stand; only those that differ.

    ``entries`` are the records whose search entries differ, with what they should be found by.
    """

    records: int
    expected: Mapping[uuid.UUID, Sequence[Any]]
    found: Mapping[uuid.UUID, Sequence[Any]]
    entries: Mapping[uuid.UUID, EntryTexts | None]


def check_projections(store: OrganisationStore) -> ProjectionCheck:
    """In one snapshot, while people work."""
    records = count = 0
    named: list[Difference] = []
    with store.reading() as connection:
        lift_time_limits(connection)
        for live in store.live(connection).objects.values():
            damage = table_damage(connection, live)
            count += len(damage)
            named += damage
            if damage:
                continue
            for compared in compare(connection, store, live):
                records += compared.records
                for difference in differences(live, compared):
                    count += 1
                    if len(named) < NAMED:
                        named.append(difference)
            wrong = list(wrong_roll_ups(connection, store, live))
            count += len(wrong)
            named += wrong[: max(0, NAMED - len(named))]
    return ProjectionCheck(records, count, tuple(named))


def table_damage(connection: Connection, live: LiveObject) -> list[Difference]:
    """Tables, columns and indexes that are missing; without its columns a table cannot be compared."""
    tables = (live.table,) if live.sidecar is None else (live.table, live.sidecar)
    return [each for table in tables for each in _missing(connection, live, table)]


def _missing(connection: Connection, live: LiveObject, table: Table) -> list[Difference]:
    inspector = inspect(connection)
    if not inspector.has_table(table.name, table.schema):
        return [Difference(live.name, None, table.name, "a table", "nothing")]
    columns = {column["name"] for column in inspector.get_columns(table.name, table.schema)}
    indexes = {index["name"] for index in inspector.get_indexes(table.name, table.schema)}
    missing = [
        Difference(live.name, None, c.name, "a column", "nothing") for c in table.columns if c.name not in columns
    ]
    wanted = sorted(str(index.name) for index in table.indexes)
    return missing + [
        Difference(live.name, None, name, "an index", "nothing") for name in wanted if name not in indexes
    ]


def compare(connection: Connection, store: OrganisationStore, live: LiveObject) -> Iterator[ComparedWindow]:
    folder = Folder(connection, store, live)
    for window in folder.windows():
        expected = {row[0]: row for row in window.rows}
        found = {row[0]: row for row in _standing(connection, live, window)}
        differing = {
            identifier
            for identifier in expected.keys() | found.keys()
            if identifier not in expected
            or identifier not in found
            or tuple(expected[identifier]) != tuple(found[identifier])
        }
        yield ComparedWindow(
            len(expected),
            {each: expected[each] for each in sorted(differing) if each in expected},
            {each: found[each] for each in sorted(differing) if each in found},
            differing_entries(folder.entries_of(window.rows), _standing_entries(connection, store, live, window)),
        )


Entries = Mapping[uuid.UUID, EntryTexts | None]


def differing_entries(expected: Entries, found: Entries) -> Entries:
    """What the records should be found by whose entries say otherwise; None for one that should have no entry."""
    records = sorted(expected.keys() | found.keys())
    return {each: expected.get(each) for each in records if expected.get(each) != found.get(each)}


def _standing_entries(connection: Connection, store: OrganisationStore, live: LiveObject, window: Window) -> Entries:
    entry = store.tables.search_entry
    query = select(entry.c.record, entry.c.name, entry.c.words).where(entry.c.object == live.place.number)
    if window.after is not None:
        query = query.where(entry.c.record > window.after)
    if window.upto is not None:
        query = query.where(entry.c.record <= window.upto)
    return {row.record: EntryTexts(row.name, row.words) for row in connection.execute(query)}


def _standing(connection: Connection, live: LiveObject, window: Window) -> Sequence[Sequence[Any]]:
    query = select(*live.table.c).order_by(live.table.c.id)
    if window.after is not None:
        query = query.where(live.table.c.id > window.after)
    if window.upto is not None:
        query = query.where(live.table.c.id <= window.upto)
    return connection.execute(query).all()


def wrong_roll_ups(connection: Connection, store: OrganisationStore, live: LiveObject) -> Iterator[Difference]:
    """What stands in the sidecar otherwise than it is when counted now."""
    release = store.live(connection)
    for source in release.roll_up_sources:
        if source.master is live:
            for record, place in wrong_values(connection, store, release, source):
                yield Difference(live.name, record, place.column_name, "what is counted", "another value")
    for record in surplus_rows(connection, live):
        yield Difference(live.name, record, "roll-ups", "no row", "a row")


def differences(live: LiveObject, compared: ComparedWindow) -> Iterator[Difference]:
    for identifier in sorted(compared.expected.keys() | compared.found.keys()):
        expected, found = compared.expected.get(identifier), compared.found.get(identifier)
        if expected is None:
            yield Difference(live.name, identifier, "row", "no row", "a row")
        elif found is None:
            yield Difference(live.name, identifier, "row", "a row", "no row")
        else:
            for column, ours, theirs in zip(live.table.columns, expected, found, strict=True):
                if ours != theirs:
                    other = "another " if _kind(ours) == _kind(theirs) else ""
                    yield Difference(live.name, identifier, column.name, _kind(ours), other + _kind(theirs))
    for identifier, texts in compared.entries.items():
        yield Difference(live.name, identifier, "search entry", "none" if texts is None else "its texts", "otherwise")


def _kind(value: Any) -> str:
    return _KINDS.get(type(value), "value")


_KINDS = {
    type(None): "blank",
    str: "text",
    int: "number",
    Decimal: "decimal",
    bool: "yes or no",
    datetime.date: "date",
    datetime.datetime: "instant",
    uuid.UUID: "reference",
}
