"""Filling what a release added to rows that were there: search entries and sort keys.

Which objects wait for it stands in the store (``object_map.outdated``), written
with the release and taken away when the rows are done. Whoever publishes next
finishes what an interruption left, and so does the sweeper of jobs.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, select, update

from amparo.metadata.fields.registry import field_type
from amparo.metadata.limits import has_search_key
from amparo.metadata.model import Application, ObjectDefinition
from amparo.runtime.collation.alphabets import alphabet_of
from amparo.runtime.ledger.writing import Writing
from amparo.runtime.projections.comparing import compare, differing_entries
from amparo.runtime.projections.folding import Folder
from amparo.runtime.records.entry_texts import EntryTexts
from amparo.runtime.search_entries.writing import replace_entries
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.time_limits import lift_time_limits

#: Rows that one transaction looks at: it holds the head for less than 200 ms.
_CHUNK = 100


def mark_outdated(current: Writing, previous: Application, application: Application) -> None:
    """In the transaction of a release: objects of which it looks into other fields, so that their rows lack the text,
    and all of them where it sorts by another alphabet.
    """
    table = current.tables.object_map
    is_sorted_anew = alphabet_of(previous.default_language) is not alphabet_of(application.default_language)
    changed = [
        definition.id
        for definition in application.objects.values()
        for before in previous.objects.values()
        if before.id == definition.id and (is_sorted_anew or _looked_into(definition) != _looked_into(before))
    ]
    current.connection.execute(update(table).where(table.c.id.in_(changed)).values(outdated=current.tx))


#: A field by its permanent id, and its type: each type looks for a word in its own form of the text.
_LookedInto = tuple[str, str]


def _looked_into(
    definition: ObjectDefinition,
) -> tuple[_LookedInto | None, _LookedInto | None, frozenset[_LookedInto]]:
    """The naming fields in their order, and the fields that searches or filters look into."""
    fields = {field.name: (field.id, field.type) for field in definition.active_fields}
    name, number = (fields.get(each or "") for each in (definition.name_field, definition.number_field))
    keyed = (field for field in definition.active_fields if has_search_key(field, field_type(field.type).storage))
    return name, number, frozenset(fields[field.name] for field in keyed)


def refresh_outdated(store: OrganisationStore, before: int | None = None) -> int:
    """Fills the rows of every object that waits for it; gives the number of rows it changed.

    ``before`` (microseconds since 1970) leaves out what was asked for since: somebody is likely at it.
    """
    changed = 0
    for number, asked in _outdated(store, before):
        changed += refresh_object(store, number)
        _take_mark(store, number, asked)
    return changed


def _outdated(store: OrganisationStore, before: int | None) -> list[tuple[int, int]]:
    """Numbers of objects, with the transaction that asked."""
    table, tx = store.tables.object_map, store.tables.tx
    query = select(table.c.number, table.c.outdated).join(tx, tx.c.id == table.c.outdated).order_by(table.c.number)
    if before is not None:
        query = query.where(tx.c.at < before)
    with store.reading() as connection:
        return [(row.number, row.outdated) for row in connection.execute(query)]


def _take_mark(store: OrganisationStore, number: int, asked: int) -> None:
    """A release that asked meanwhile keeps its own."""
    table = store.tables.object_map
    with store.engine.begin() as connection:
        connection.execute(
            update(table).where(table.c.number == number, table.c.outdated == asked).values(outdated=None)
        )


def refresh_object(store: OrganisationStore, number: int) -> int:
    """Puts rows and search entries right in short chunks under the head, while people work; gives their number."""
    with store.reading() as connection:
        lift_time_limits(connection)
        live = store.live(connection).by_number[number]
        differing = [
            each
            for compared in compare(connection, store, live)
            for each in dict.fromkeys((*compared.expected, *compared.entries))
        ]
    return sum(_refresh(store, number, differing[start : start + _CHUNK]) for start in range(0, len(differing), _CHUNK))


def _refresh(store: OrganisationStore, number: int, records: Sequence[uuid.UUID]) -> int:
    with store.engine.begin() as connection:
        _hold_head(connection, store)
        # The release of this moment: one that was published since the rows were compared asks for other text.
        live = store.live(connection).by_number[number]
        table = live.table
        standing = {row[0]: row for row in connection.execute(select(*table.c).where(table.c.id.in_(records)))}
        folder = Folder(connection, store, live)
        rows = [row for row in folder.rows_of(records) if row[0] in standing]
        changed = [(row, standing[row[0]]) for row in rows if tuple(row) != tuple(standing[row[0]])]
        for row, old in changed:
            connection.execute(update(table).where(table.c.id == row[0]).values(_changes(folder.columns, row, old)))
        wanted = dict.fromkeys(records) | folder.entries_of(rows)
        entries = differing_entries(wanted, _entries(connection, store, records))
        replace_entries(connection, store, number, entries)
    return len({row[0] for row, _ in changed} | entries.keys())


def _entries(
    connection: Connection, store: OrganisationStore, records: Sequence[uuid.UUID]
) -> dict[uuid.UUID, EntryTexts | None]:
    entry = store.tables.search_entry
    query = select(entry.c.record, entry.c.name, entry.c.words).where(entry.c.record.in_(records))
    return {row.record: EntryTexts(row.name, row.words) for row in connection.execute(query)}


def _changes(columns: Sequence[str], row: Sequence[Any], old: Iterable[Any]) -> dict[str, Any]:
    return {name: new for name, new, was in zip(columns, row, old, strict=True) if new != was}


def _hold_head(connection: Connection, store: OrganisationStore) -> None:
    """Keeps writers out until the transaction ends, without a transaction of the ledger."""
    head = store.tables.head
    connection.execute(update(head).values(one=head.c.one))
