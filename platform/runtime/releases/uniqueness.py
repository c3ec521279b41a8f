"""Fields that are to become unique: which living records keep them from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Connection, Table, func, select

from amparo.metadata.model import Application, ObjectDefinition
from amparo.metadata.problems import Path, Problem
from amparo.metadata.wording import N_, shortened
from amparo.runtime.collation.alphabets import alphabet_of
from amparo.runtime.releases.live import field_slots, object_places
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.projection import FieldPlace, ObjectPlace, projection_table

#: Values that are told for a field, records for a value, and characters of a value.
_VALUES, _RECORDS, _CHARACTERS = 5, 3, 60


@dataclass(frozen=True, slots=True)
class _Kept:
    """An object of the new document as its rows are kept now: fields that are new have no place yet."""

    definition: ObjectDefinition
    place: ObjectPlace
    fields: Mapping[str, FieldPlace]


def find_clashes(
    connection: Connection, store: OrganisationStore, previous: Application, application: Application
) -> list[Problem]:
    """Under the head, so that they are exact; one for each field, with some of the equal values and who holds them.

    A sensitive field's values are not told, only the records.
    """
    problems: list[Problem] = []
    enforced = {
        field.id for definition in previous.objects.values() for field in definition.active_fields if field.unique
    }
    for kept in _kept_objects(connection, store, application):
        for index, field in enumerate(kept.definition.fields):
            if field.unique and not field.retired and field.id not in enforced and field.name in kept.fields:
                problems += _clashes(connection, store, kept, index, kept.fields[field.name])
    return problems


def _kept_objects(connection: Connection, store: OrganisationStore, application: Application) -> Iterator[_Kept]:
    places = object_places(connection, store.tables)
    slots = field_slots(connection, store.tables)
    alphabet = alphabet_of(application.default_language)
    for definition in application.objects.values():
        if definition.id in places:
            known = [each for each in definition.fields if each.id in slots]
            fields = {each.name: FieldPlace.of(slots[each.id], each, alphabet) for each in known}
            yield _Kept(definition, places[definition.id], fields)


def _clashes(
    connection: Connection, store: OrganisationStore, kept: _Kept, index: int, place: FieldPlace
) -> Iterator[Problem]:
    table = projection_table(kept.place, list(kept.fields.values()), store.schema)
    value = table.c[place.match_column if place.sensitive else place.column_name]
    living = (table.c.deleted_tx.is_(None), value.is_not(None))
    several = (
        select(value)
        .where(*living)
        .group_by(value)
        .having(func.count() > 1)
        .order_by(func.count().desc(), value)
        .limit(_VALUES + 1)
    )
    found = list(connection.scalars(several))
    if not found:
        return
    name = _naming_column(kept, table)
    told = []
    for each in found[:_VALUES]:
        holders = connection.scalars(
            select(name).where(*living, value == each).order_by(table.c.id).limit(_RECORDS + 1)
        )
        told.append(_told(None if place.sensitive else each, [str(holder) for holder in holders]))
    examples = "; ".join([*told, *(["…"] if len(found) > _VALUES else [])])
    advice = N_(
        "Records of {object} hold the same {field}, so it cannot become unique: {examples}. Change them, "
        "or leave “unique” out."
    )
    params = {"object": kept.definition.label, "field": place.field.label, "examples": examples}
    path = Path(f"objects/{kept.definition.name}.json") / "fields" / index / "unique"
    yield Problem("not_unique", str(path), True, advice, params)


def _naming_column(kept: _Kept, table: Table) -> Column[Any]:
    """The number that the system gave, else the identifier: never a name."""
    for name in (kept.definition.number_field, kept.definition.name_field):
        place = kept.fields.get(name or "")
        if place is not None and place.type.generated and not place.sensitive:
            return table.c[place.column_name]
    return table.c.id


def _told(value: Any, holders: list[str]) -> str:
    records = ", ".join([*holders[:_RECORDS], *(["…"] if len(holders) > _RECORDS else [])])
    if value is None:
        return records
    return f"“{shortened(str(value), _CHARACTERS)}” ({records})"
