"""Names for the identifiers that answers hold: one query per object and one for members, never one per row."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator

from sqlalchemy import Connection, select

from amparo.runtime.access import Actor
from amparo.runtime.planner.row_access import visible_rows
from amparo.runtime.releases.live import LiveObject, LiveRelease
from amparo.runtime.stores.organisation import OrganisationStore

#: Identifier of a record or member -> its name.
Labels = dict[uuid.UUID, str]

#: Identifiers asked for in one statement; SQLite's limit on parameters lies above it.
_ASKED_AT_ONCE = 5000


def record_names(
    connection: Connection, actor: Actor, release: LiveRelease, object_name: str, records: Collection[uuid.UUID]
) -> Labels:
    """Names of records the actor may read, deleted ones too; a record without a name has its number.

    Erased records are absent.
    """
    if object_name not in release.objects:
        return {}
    live = release.objects[object_name]
    columns = [live.table.c[column] for column in _name_columns(live)]
    query = select(live.table.c.id, *columns).where(*visible_rows(actor, live))
    return {
        row[0]: next((str(text) for text in row[1:] if text), "")
        for part in in_parts(records)
        for row in connection.execute(query.where(live.table.c.id.in_(part)))
    }


def _name_columns(live: LiveObject) -> list[str]:
    definition = live.definition
    names = (definition.name_field, definition.number_field)
    places = [live.fields[name] for name in names if name is not None and name in live.fields]
    return [place.column_name for place in places if not place.sensitive]


def member_names(connection: Connection, store: OrganisationStore, members: Collection[uuid.UUID]) -> Labels:
    """Names of members, those who left too."""
    member = store.tables.member
    query = select(member.c.id, member.c.name)
    return {
        row.id: row.name for part in in_parts(members) for row in connection.execute(query.where(member.c.id.in_(part)))
    }


def in_parts(identifiers: Collection[uuid.UUID]) -> Iterator[list[uuid.UUID]]:
    """Few enough at a time for one statement."""
    # A stable order lets equal questions be equal statements.
    ordered = sorted(identifiers)
    for start in range(0, len(ordered), _ASKED_AT_ONCE):
        yield ordered[start : start + _ASKED_AT_ONCE]
