"""The release in force: its application, and where each object and field lies in the store."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Table, select

from amparo.metadata.building import application_from
from amparo.metadata.fields.answers import ObjectCoercer, compile_object
from amparo.metadata.fields.base import CoercionContext, Storage
from amparo.metadata.formulas.shapes import Shapes, shapes_of
from amparo.metadata.model import Application, FieldDefinition, ObjectDefinition
from amparo.metadata.places import PlaceTree
from amparo.metadata.rules.compiled import Condition, ObjectRules
from amparo.runtime.collation.alphabets import Alphabet, alphabet_of
from amparo.runtime.errors import NotFound
from amparo.runtime.places.reading import read_tree
from amparo.runtime.releases.plans import Plans
from amparo.runtime.roll_ups.sources import RollUpSource, grouped_by_child, sources_of
from amparo.runtime.stores.projection import FieldPlace, FieldSlot, ObjectPlace, projection_table, sidecar_table
from amparo.runtime.stores.tables import OrganisationTables

if TYPE_CHECKING:
    from amparo.metadata.formulas.formula_fields import FormulaFields


@dataclass(frozen=True, eq=False)
class LiveObject:
    """An object's definition with its projection table and the place of each field. Compared by identity."""

    definition: ObjectDefinition
    place: ObjectPlace
    table: Table
    #: Every defined field by name, retired ones too.
    fields: Mapping[str, FieldPlace]
    coercer: ObjectCoercer
    #: What its roll-ups hold; None where it has none.
    sidecar: Table | None

    @cached_property
    def plans(self) -> Plans:
        """The statements that are kept for this object, as long as its definition is in force."""
        return Plans()

    @cached_property
    def by_number(self) -> dict[int, FieldPlace]:
        return {field.number: field for field in self.fields.values()}

    @cached_property
    def automatic_numbers(self) -> tuple[FieldPlace, ...]:
        """Fields whose values the system gives to new records."""
        return tuple(place for place in self.fields.values() if place.type.generated and not place.field.retired)

    @cached_property
    def roll_ups(self) -> tuple[FieldPlace, ...]:
        """Fields that are made of the records that point here."""
        return tuple(p for p in self.fields.values() if p.field.roll_up is not None and not p.field.retired)

    @cached_property
    def references(self) -> tuple[FieldPlace, ...]:
        """Fields that lead to other records."""
        return tuple(p for p in self.fields.values() if p.storage is Storage.REFERENCE and not p.field.retired)

    @cached_property
    def files(self) -> tuple[FieldPlace, ...]:
        """Fields that hold files."""
        return tuple(p for p in self.fields.values() if p.storage is Storage.FILE and not p.field.retired)

    @cached_property
    def unique(self) -> tuple[FieldPlace, ...]:
        """Fields of which no two living records may hold the same value."""
        return tuple(place for place in self.fields.values() if place.field.unique and not place.field.retired)

    @cached_property
    def defaulted(self) -> tuple[FieldDefinition, ...]:
        """Fields that a new record answers by itself."""
        return tuple(field for field in self.definition.active_fields if field.default is not None)

    @property
    def name(self) -> str:
        return self.definition.name


@dataclass(frozen=True, eq=False)
class LiveRelease:
    """One release as the runtime uses it. Number 0 is an organisation before its first publishing."""

    number: int
    application: Application
    objects: Mapping[str, LiveObject]
    context: CoercionContext
    _rules: dict[str, ObjectRules] = field(default_factory=dict)
    _conditions: dict[tuple[str, str], Condition | None] = field(default_factory=dict)

    def rules_of(self, live: LiveObject) -> ObjectRules:
        """The formulas of an object, compiled when they are first asked for."""
        rules = self._rules.get(live.name)
        if rules is None:
            from amparo.metadata.rules.compiling import compile_rules  # noqa: PLC0415 - it loads the parser

            rules = self._rules[live.name] = compile_rules(live.definition, lambda: self.formula_fields)
        return rules

    def condition(self, object_name: str, text: str | None) -> Condition | None:
        """A formula of a layout, compiled when it is first asked for; None for none."""
        if not text:
            return None
        key = (object_name, text)
        if key not in self._conditions:
            from amparo.metadata.rules.compiling import compile_condition  # noqa: PLC0415 - it loads the parser

            self._conditions[key] = compile_condition(text, self.formula_fields, object_name)
        return self._conditions[key]

    @cached_property
    def shapes(self) -> Shapes:
        """What formulas can name."""
        return shapes_of(self.application)

    @cached_property
    def formula_fields(self) -> FormulaFields:
        from amparo.metadata.formulas.formula_fields import FormulaFields  # noqa: PLC0415 - it loads the parser

        return FormulaFields(self.application, self.shapes)

    def computed(self, live: LiveObject, name: str) -> Condition | None:
        """A formula field, compiled when it is first asked for; None for what is none, or cannot be read."""
        field = live.fields[name].field
        if field.formula is None:
            return None
        key = (live.name, f"={name}")
        if key not in self._conditions:
            from amparo.metadata.rules.compiling import compiled  # noqa: PLC0415 - it loads the parser

            tree = self.formula_fields.tree(live.name, name)
            self._conditions[key] = None if tree is None else compiled(tree)
        return self._conditions[key]

    @cached_property
    def roll_up_sources(self) -> tuple[RollUpSource, ...]:
        return sources_of(self.objects)

    @cached_property
    def sources_among(self) -> Mapping[str, tuple[RollUpSource, ...]]:
        """By object: over which of its lookups its records are rolled up."""
        return grouped_by_child(self.roll_up_sources)

    @cached_property
    def by_number(self) -> dict[int, LiveObject]:
        return {live.place.number: live for live in self.objects.values()}

    def object(self, name: str) -> LiveObject:
        """Raises :class:`NotFound`."""
        try:
            return self.objects[name]
        except KeyError:
            raise NotFound(f"There is no object {name!r}.") from None

    @property
    def time_zone(self) -> ZoneInfo:
        return self.context.time_zone

    @cached_property
    def alphabet(self) -> Alphabet:
        """What the organisation's names are sorted by."""
        return alphabet_of(self.application.default_language)

    @cached_property
    def places(self) -> PlaceTree:
        """The organisation's places of today."""
        return self.context.places or PlaceTree((), str, str)


EMPTY_DOCUMENT = {
    "format": 1,
    "application": {
        "id": "application",
        "name": "new",
        "label": "New organisation",
        "languages": ["en"],
        "default_language": "en",
        "time_zone": "UTC",
        "navigation": [],
    },
    "objects": [],
    "picklists": [],
    "layouts": [],
    "list_views": [],
    "reports": [],
    "translations": [],
}


def read_document(connection: Connection, tables: OrganisationTables, number: int) -> Mapping[str, Any]:
    """The document of a release; number 0 is the empty one. Raises :class:`NotFound`."""
    if not number:
        return EMPTY_DOCUMENT
    text = connection.scalar(select(tables.release.c.document).where(tables.release.c.number == number))
    if text is None:
        raise NotFound(f"There is no release {number}.")
    document: Mapping[str, Any] = json.loads(text)
    return document


def object_places(connection: Connection, tables: OrganisationTables) -> dict[str, ObjectPlace]:
    """By permanent id."""
    rows = connection.execute(select(tables.object_map))
    return {row.id: ObjectPlace(row.number, row.id, row.table_name) for row in rows}


def field_slots(connection: Connection, tables: OrganisationTables) -> dict[str, FieldSlot]:
    """By permanent id."""
    return {
        row.id: FieldSlot(row.number, row.id, row.column_name, Storage(row.storage), row.decimals, bool(row.sensitive))
        for row in connection.execute(select(tables.field_map))
    }


def load_release(connection: Connection, tables: OrganisationTables, number: int) -> LiveRelease:
    """Reads a release's document, where its objects and fields lie, and the places of today."""
    application = application_from(read_document(connection, tables, number))
    objects = object_places(connection, tables)
    slots = field_slots(connection, tables)
    alphabet = alphabet_of(application.default_language)
    places = read_tree(connection, tables, alphabet)
    context = CoercionContext(application, ZoneInfo(application.time_zone), places)
    return LiveRelease(
        number,
        application,
        {
            definition.name: _live_object(definition, objects[definition.id], slots, context, alphabet, tables.schema)
            for definition in application.objects.values()
        },
        context,
    )


def _live_object(
    definition: ObjectDefinition,
    place: ObjectPlace,
    slots: Mapping[str, FieldSlot],
    context: CoercionContext,
    alphabet: Alphabet,
    schema: str | None,
) -> LiveObject:
    places = {field.name: FieldPlace.of(slots[field.id], field, alphabet) for field in definition.fields}
    return LiveObject(
        definition,
        place,
        projection_table(place, list(places.values()), schema),
        places,
        compile_object(definition, context),
        sidecar_table(place, list(places.values()), schema),
    )
