"""Names for the identifiers that answers hold: beside them in their own statement, or one query for all of them."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, literal, select, union_all

from amparo.metadata.filters import Subject
from amparo.runtime.access import Actor
from amparo.runtime.planner.row_access import visible_rows
from amparo.runtime.releases.live import LiveRelease
from amparo.runtime.stores.organisation import OrganisationStore


class Name(str):
    """The name of a record or a member. ``object`` is the record's; None of a member's."""

    __slots__ = ("object",)
    object: str | None

    def __new__(cls, text: str, object_name: str | None = None) -> Name:
        name = super().__new__(cls, text)
        name.object = object_name
        return name


#: Identifier of a record or member -> its name.
Labels = dict[uuid.UUID, Name]
#: Identifiers to be named, by the name of their object; those of members under None.
Wanted = Mapping[str | None, Collection[uuid.UUID]]

#: Stands between the label of an object and the name of its record, where people write and read both.
AFTER_OBJECT = ": "
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
        for identifier, name, target in connection.execute(union_all(*statements)):
            labels[identifier] = Name(name or "", target or None)
    return labels


def wanted_by(field: Subject, identifiers: Collection[uuid.UUID]) -> Wanted:
    """What :func:`labels_of` is asked for the answers of one field: of several objects each, for nobody knows which."""
    targets = (None,) if isinstance(field, str) else field.targets
    return dict.fromkeys(targets, identifiers)


def name_for_people(name: str, field: Subject, release: LiveRelease, language: str) -> str:
    """The name of a record that ``field`` refers to, after what the record is where it may be of several objects."""
    is_one_of_several = not isinstance(field, str) and len(field.targets) > 1
    live = release.objects.get(name.object or "") if isinstance(name, Name) else None
    if live is None or not is_one_of_several:
        return name
    definition = live.definition
    return f"{release.application.text(definition.id, 'label', definition.label, language)}{AFTER_OBJECT}{name}"


def name_beside(
    store: OrganisationStore, actor: Actor, release: LiveRelease, target: str | None, reference: ColumnElement[Any]
) -> ColumnElement[str] | None:
    """The name of what a column refers to, to be selected with it; NULL where :func:`labels_of` has none.

    None where ``target`` is not defined any more.
    """
    query = _names_of_members(store) if target is None else _names_of_records(actor, release, target)
    if query is None:
        return None
    identifier, name, _ = query.selected_columns
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
    return select(store.tables.member.c.id, store.tables.member.c.name, literal(""))


def _names_of_records(actor: Actor, release: LiveRelease, target: str) -> Select[Any] | None:
    if target not in release.objects:
        return None
    live = release.objects[target]
    # An alias, because records refer to others of their own object too.
    table = live.table.alias()
    names = (live.definition.name_field, live.definition.number_field)
    places = [live.fields[name] for name in names if name is not None and name in live.fields]
    texts = [table.c[place.column_name] for place in places if not place.sensitive]
    named = select(table.c.id, func.coalesce(*texts, literal("")), literal(target))
    return named.where(*visible_rows(actor, live, table))


def in_parts(identifiers: Collection[uuid.UUID]) -> Iterator[list[uuid.UUID]]:
    """Few enough at a time for one statement."""
    # A stable order lets equal questions be equal statements.
    ordered = sorted(identifiers)
    for start in range(0, len(ordered), _ASKED_AT_ONCE):
        yield ordered[start : start + _ASKED_AT_ONCE]
