"""Names for the identifiers that answers hold: beside them in their own statement, or one query for all of them."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, literal, select, union_all

from amparo.runtime.access import Actor
from amparo.runtime.planner.row_access import visible_rows
from amparo.runtime.releases.live import LiveRelease
from amparo.runtime.stores.organisation import OrganisationStore

#: Identifier of a record or member -> its name.
Labels = dict[uuid.UUID, str]
#: Identifiers to be named, by the name of their object; those of members under None.
Wanted = Mapping[str | None, Collection[uuid.UUID]]

#: Identifiers asked for in one statement; SQLite's limit on parameters lies above it.
_ASKED_AT_ONCE = 5000


def labels_of(
    connection: Connection, store: OrganisationStore, actor: Actor, release: LiveRelease, wanted: Wanted
) -> Labels:
    """Names of members, also of those who left, and of records the actor may read, also of deleted ones.

    A record without a name has its number. Erased records are absent.
    """
    labels: Labels = {}
    for statements in _batches(store, actor, release, wanted):
        for identifier, name in connection.execute(union_all(*statements)):
            labels[identifier] = name or ""
    return labels


def name_beside(
    store: OrganisationStore, actor: Actor, release: LiveRelease, target: str | None, reference: ColumnElement[Any]
) -> ColumnElement[str] | None:
    """The name of what a column refers to, to be selected with it; NULL where :func:`labels_of` has none.

    None where ``target`` is not defined any more.
    """
    query = _names_of_members(store) if target is None else _names_of_records(actor, release, target)
    if query is None:
        return None
    identifier, name = query.selected_columns
    return query.with_only_columns(name).where(identifier == reference).scalar_subquery()


def _batches(
    store: OrganisationStore, actor: Actor, release: LiveRelease, wanted: Wanted
) -> Iterator[list[Select[Any]]]:
    """Statements that are few enough to be asked together."""
    batch: list[Select[Any]] = []
    size = 0
    for target, identifiers in wanted.items():
        query = _names_of_members(store) if target is None else _names_of_records(actor, release, target)
        if query is None:
            continue
        for part in in_parts(identifiers):
            if size + len(part) > _ASKED_AT_ONCE:
                yield batch
                batch, size = [], 0
            batch.append(query.where(query.selected_columns[0].in_(part)))
            size += len(part)
    if batch:
        yield batch


def _names_of_members(store: OrganisationStore) -> Select[Any]:
    return select(store.tables.member.c.id, store.tables.member.c.name)


def _names_of_records(actor: Actor, release: LiveRelease, target: str) -> Select[Any] | None:
    if target not in release.objects:
        return None
    live = release.objects[target]
    # An alias, because records refer to others of their own object too.
    table = live.table.alias()
    names = (live.definition.name_field, live.definition.number_field)
    places = [live.fields[name] for name in names if name is not None and name in live.fields]
    texts = [table.c[place.column_name] for place in places if not place.sensitive]
    return select(table.c.id, func.coalesce(*texts, literal(""))).where(*visible_rows(actor, live, table))


def in_parts(identifiers: Collection[uuid.UUID]) -> Iterator[list[uuid.UUID]]:
    """Few enough at a time for one statement."""
    # A stable order lets equal questions be equal statements.
    ordered = sorted(identifiers)
    for start in range(0, len(ordered), _ASKED_AT_ONCE):
        yield ordered[start : start + _ASKED_AT_ONCE]
