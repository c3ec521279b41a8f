"""Rows and search entries without a ledger: enough to be found, and 200,000 of them in minutes."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from itertools import islice
from typing import Any

from amparo.runtime.identifiers import new_identifier
from amparo.runtime.records.encoding import search_key
from amparo.runtime.records.entry_texts import entry_texts
from amparo.runtime.releases.live import LiveObject
from amparo.runtime.search_entries.writing import new_entry, write_entries
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.rows import row_writer
from tools.bench import cases

#: Beside the name, the texts that are searched.
SEARCHED = ("t01", "t02", "t03", "t04")
_CHUNK = 2_000


def searched_document() -> dict[str, Any]:
    """The benchmark's definitions, with four searched texts in a case."""
    document = cases.document()
    for definition in document["objects"]:
        for field in definition["fields"]:
            if field["name"] in SEARCHED:
                field["searchable"] = True
    return document


def fill(store: OrganisationStore, count: int) -> None:
    live = store.newest_release().object("case")
    columns = tuple(column.name for column in live.table.c)
    rows = _rows(live, count)
    while some := list(islice(rows, _CHUNK)):
        entries = [(row["id"], new_entry(store, live.place.number, entry_texts(live, row))) for row in some]
        with store.engine.begin() as connection:
            writer = row_writer(live.table, columns, connection.dialect)
            writer.write(connection, [[row[name] for name in columns] for row in some])
            write_entries(connection, store, live.place.number, entries)


def _rows(live: LiveObject, count: int) -> Iterator[dict[str, Any]]:
    at = datetime.datetime.now(datetime.UTC)
    for number, values in enumerate(cases.rows(count)):
        row: dict[str, Any] = dict.fromkeys(column.name for column in live.table.c)
        updated_at = at + datetime.timedelta(seconds=number)
        row |= {"id": new_identifier(), "version": 1, "created_tx": 1, "created_at": at, "updated_at": updated_at}
        for name, value in values.items():
            place = live.fields[name]
            row[place.column_name] = value
            if place.has_key:
                row[place.key_column] = search_key(place, value)
        yield row
