"""Search entries written and taken away in the transaction of the record's row, whoever writes that.

The terms stand in a column of the entry, which PostgreSQL indexes by itself.
SQLite's index is an FTS5 table over that column, told here what comes and goes.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, column, delete, func, insert, literal, select, table

from amparo.runtime.records.entry_texts import EntryTexts
from amparo.runtime.search_entries.grams import index_terms
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.rows import row_writer
from amparo.runtime.stores.tables import SEARCH_INDEX, OrganisationTables

#: Rows named in one statement.
_TOGETHER = 500
#: A row that says "delete" in the column of the table's own name takes a row away (SQLite manual, FTS5).
_INDEX = table(SEARCH_INDEX, column("rowid"), column("terms"), column(SEARCH_INDEX))


class NewEntry(NamedTuple):
    """What a record will be found by: the texts, and the terms as the database takes them."""

    texts: EntryTexts
    terms: str


def new_entry(store: OrganisationStore, number: int, texts: EntryTexts | None) -> NewEntry | None:
    """Made before the head is taken: the terms cost the most."""
    if texts is None:
        return None
    terms = index_terms(number, *texts)
    return NewEntry(texts, "'" + "' '".join(terms) + "'" if store.is_postgres else " ".join(terms))


def write_entries(
    connection: Connection,
    store: OrganisationStore,
    number: int,
    new: Iterable[tuple[uuid.UUID, NewEntry | None]],
    last: int | None = None,
) -> int | None:
    """Of new records of one object, under the head: entries are numbered upwards, so the latest are known by that.

    ``last`` is the number of the latest entry, as far as the caller knows it; given back as it is then.
    """
    made = [(record, each) for record, each in new if each is not None]
    if not made:
        return last
    entry = store.tables.search_entry
    if last is None:
        last = connection.scalar(select(func.max(entry.c.id))) or 0
    rows = [(place, record, number, *each.texts, each.terms) for place, (record, each) in enumerate(made, last + 1)]
    row_writer(entry, tuple(entry.c.keys()), connection.dialect).write(connection, rows)
    if not store.is_postgres:
        terms = [(row[0], row[-1]) for row in rows]
        row_writer(_INDEX, ("rowid", "terms"), connection.dialect).write_ready(connection, terms)
    return last + len(rows)


def replace_entries(
    connection: Connection,
    store: OrganisationStore,
    number: int,
    texts: Mapping[uuid.UUID, EntryTexts | None],
    last: int | None = None,
) -> int | None:
    """Gives records of one object the entries of these texts, or none; otherwise as :func:`write_entries`."""
    drop_entries(connection, store.tables, [*texts])
    new = ((record, new_entry(store, number, each)) for record, each in texts.items())
    return write_entries(connection, store, number, new, last)


def drop_entries(connection: Connection, tables: OrganisationTables, records: Sequence[uuid.UUID]) -> None:
    entry = tables.search_entry
    for start in range(0, len(records), _TOGETHER):
        some = entry.c.record.in_(records[start : start + _TOGETHER])
        if connection.dialect.name == "sqlite":
            gone = select(literal("delete"), entry.c.id, entry.c.terms).where(some)
            connection.execute(insert(_INDEX).from_select([SEARCH_INDEX, "rowid", "terms"], gone))
        connection.execute(delete(entry).where(some))


def merge_index(connection: Connection) -> None:
    """Writes SQLite's index anew without what was taken from it, so that nothing of an erased record stays there."""
    connection.execute(insert(_INDEX).values({SEARCH_INDEX: "optimize"}))
