"""Definitions as frozen dataclasses, made from one application document.

The document stays the truth: these classes fill in defaults for readers and
are never written back. They assume a document that ``metadata.checks`` found
free of problems; give them another and they may raise ``KeyError``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from amparo.metadata.canonical import document_hash
from amparo.metadata.formulas.value_types import Blanks
from amparo.metadata.missing import Missing
from amparo.metadata.rules.definitions import ValidationRule

FORMAT = 1

#: System fields every record has beside the defined ones. Reserved names.
#: name -> field family (see ``metadata.filters``)
SYSTEM_FIELDS: Mapping[str, str] = {
    "id": "identifier",
    "owner": "member",
    "record_type": "code",
    "created_at": "instant",
    "created_by": "member",
    "updated_at": "instant",
    "updated_by": "member",
}


@dataclass(frozen=True, slots=True)
class Option:
    """One picklist entry. ``code`` is stored and never changes; inactive keeps old answers readable."""

    code: str
    label: str
    help: str = ""
    standard_code: str | None = None
    active: bool = True
    group: str | None = None
    #: Status drawing: new, under_way, active, closed.
    state: str | None = None


@dataclass(frozen=True)
class Picklist:
    id: str
    name: str
    label: str
    options: tuple[Option, ...]
    #: Its options stand in an order that means something; else whoever shows them puts labels in order.
    is_ordered: bool = True

    @cached_property
    def by_code(self) -> dict[str, Option]:
        return {option.code: option for option in self.options}


@dataclass(frozen=True, slots=True)
class FilterRow:
    """``field`` may be a system field; ``operator`` is one of ``metadata.filters``, ``value`` as it wants."""

    field: str
    operator: str
    value: Any = None


@dataclass(frozen=True, slots=True)
class RollUp:
    """What a record knows of the records of ``object`` whose lookup ``field`` points to it.

    ``function`` is count, sum, average, minimum or maximum of their field ``of``; count needs none. Only those count
    that the filters choose.
    """

    object: str
    field: str
    function: str
    of: str | None
    filters: tuple[FilterRow, ...]
    match: str  # "all" or "any"


@dataclass(frozen=True, slots=True)
class FieldDefinition:
    """One field of an object. ``options`` holds what only its type understands (``max_length`` …)."""

    id: str
    name: str
    type: str
    label: str
    help: str
    required: bool
    unique: bool
    indexed: bool
    searchable: bool
    default: Any
    sensitive: bool
    personal: str | None
    standard_code: str | None
    missing_reasons: tuple[Missing, ...]
    retired: bool
    options: Mapping[str, Any]
    #: Formulas; none where the field is always shown, needed only if ``required``, and always open to change.
    visible_when: str | None = None
    required_when: str | None = None
    read_only_when: str | None = None
    #: A formula that answers the field of a new record, where ``default`` would be the same for all.
    default_formula: str | None = None
    #: A formula field: its value is computed whenever somebody reads it.
    formula: str | None = None
    blanks: Blanks = Blanks.AS_BLANK
    #: Its value is made of the records that point here.
    roll_up: RollUp | None = None

    @property
    def is_computed(self) -> bool:
        """No facts are kept of it, and nobody answers it."""
        return self.formula is not None or self.roll_up is not None

    @property
    def standard_codes(self) -> Sequence[str]:
        """Several where the standard parts what the field holds, such as latitude and longitude."""
        return (self.standard_code or "").split()

    @property
    def targets(self) -> tuple[str, ...]:
        """The objects whose records a lookup may point to; none of a field that is no lookup."""
        one, several = self.options.get("object"), self.options.get("objects")
        return (one,) if isinstance(one, str) else tuple(several) if isinstance(several, list) else ()


@dataclass(frozen=True, slots=True)
class RecordType:
    id: str
    name: str
    label: str
    help: str
    active: bool


@dataclass(frozen=True)
class ObjectDefinition:
    id: str
    name: str
    label: str
    plural: str
    help: str
    #: The field whose value names a record (text or automatic number).
    name_field: str
    #: A second field shown under the name to tell records apart, if any.
    number_field: str | None
    icon: str | None
    fields: tuple[FieldDefinition, ...]
    record_types: tuple[RecordType, ...]
    validation_rules: tuple[ValidationRule, ...]

    @cached_property
    def by_name(self) -> dict[str, FieldDefinition]:
        return {field.name: field for field in self.fields}

    @cached_property
    def active_fields(self) -> tuple[FieldDefinition, ...]:
        return tuple(field for field in self.fields if not field.retired)

    @cached_property
    def master(self) -> FieldDefinition | None:
        """The master-detail field, when records of this object belong to another."""
        return next((f for f in self.active_fields if f.type == "master_detail"), None)


@dataclass(frozen=True, slots=True)
class Sort:
    field: str
    descending: bool = False


@dataclass(frozen=True, slots=True)
class ListView:
    id: str
    name: str
    object: str
    label: str
    columns: tuple[str, ...]
    filters: tuple[FilterRow, ...]
    match: str  # "all" or "any"
    sort: tuple[Sort, ...]
    #: A formula: only records of which it is true, whatever else is asked of the list.
    only_when: str | None = None


@dataclass(frozen=True, slots=True)
class LayoutSection:
    name: str
    label: str
    columns: int
    fields: tuple[str, ...]
    #: A formula: when the section is on the page. It hides no answer from rules, and clears none.
    visible_when: str | None = None


@dataclass(frozen=True, slots=True)
class RelatedList:
    """Records of ``object`` whose lookup ``field`` points here; ``in_form`` ones are rows of the page's form."""

    object: str
    field: str
    label: str
    columns: tuple[str, ...]
    sort: tuple[Sort, ...]
    in_form: bool = False


@dataclass(frozen=True, slots=True)
class LayoutTab:
    name: str
    label: str
    sections: tuple[LayoutSection, ...]
    related_lists: tuple[RelatedList, ...]
    #: As of a section.
    visible_when: str | None = None


@dataclass(frozen=True, slots=True)
class PageLayout:
    """Chosen by record type and role; an empty tuple means every one. ``path`` is a picklist field."""

    id: str
    name: str
    object: str
    label: str
    record_types: tuple[str, ...]
    roles: tuple[str, ...]
    highlights: tuple[str, ...]
    tabs: tuple[LayoutTab, ...]
    path: str | None = None

    @property
    def field_names(self) -> tuple[str, ...]:
        return tuple(name for tab in self.tabs for section in tab.sections for name in section.fields)


@dataclass(frozen=True, slots=True)
class Grouping:
    """``by`` is None for values themselves; month, quarter or year for dates and date-times; a level for locations."""

    field: str
    by: str | None = None


@dataclass(frozen=True, slots=True)
class Measure:
    """``function`` is count, sum, average, minimum or maximum; count needs no field."""

    function: str
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Report:
    id: str
    name: str
    object: str
    label: str
    help: str
    columns: tuple[str, ...]
    groupings: tuple[Grouping, ...]
    measures: tuple[Measure, ...]
    filters: tuple[FilterRow, ...]
    match: str
    sort: tuple[Sort, ...]
    #: As of a list view.
    only_when: str | None = None


@dataclass(frozen=True)
class Application:
    """An organisation's definitions and the look-ups readers need, made by ``building.application_from``."""

    document: Mapping[str, Any]
    id: str
    name: str
    label: str
    languages: tuple[str, ...]
    default_language: str
    time_zone: str
    #: Objects in the masthead, in order.
    navigation: tuple[str, ...]
    #: List views that the first page begins with.
    home: tuple[str, ...]
    objects: Mapping[str, ObjectDefinition]
    picklists: Mapping[str, Picklist]
    layouts: tuple[PageLayout, ...]
    list_views: tuple[ListView, ...]
    reports: tuple[Report, ...]
    #: language -> definition id -> {"label": …, "help": …, "plural": …, "message": …};
    #: picklist options as "id:code".
    translations: Mapping[str, Mapping[str, Mapping[str, str]]]

    @cached_property
    def hash(self) -> str:
        return document_hash(self.document)

    @cached_property
    def owners(self) -> dict[str, ObjectDefinition]:
        """The object of each field, by the field's identifier."""
        return {field.id: definition for definition in self.objects.values() for field in definition.fields}

    @property
    def home_views(self) -> tuple[ListView, ...]:
        """The list views that the first page begins with, in its order."""
        by_name = {view.name: view for view in self.list_views}
        return tuple(by_name[name] for name in self.home)

    def views_of(self, object_name: str) -> tuple[ListView, ...]:
        return tuple(view for view in self.list_views if view.object == object_name)

    def reports_of(self, object_name: str) -> tuple[Report, ...]:
        return tuple(report for report in self.reports if report.object == object_name)

    def details_of(self, object_name: str) -> tuple[tuple[ObjectDefinition, FieldDefinition], ...]:
        """Objects that belong to this one by master-detail, with the field that says so."""
        return tuple(
            (child, child.master)
            for child in self.objects.values()
            if child.master is not None and object_name in child.master.targets
        )

    def layout_for(self, object_name: str, record_type: str | None, role: str) -> PageLayout | None:
        """The most specific layout for a record type and a role; first by name among equals."""
        best: tuple[int, PageLayout] | None = None
        for layout in self.layouts:
            if layout.object != object_name:
                continue
            if layout.record_types and record_type not in layout.record_types:
                continue
            if layout.roles and role not in layout.roles:
                continue
            weight = 2 * bool(layout.record_types) + bool(layout.roles)
            if best is None or weight > best[0]:
                best = (weight, layout)
        return best[1] if best else None

    def text(self, definition_id: str, key: str, fallback: str, language: str) -> str:
        """The translated ``key`` of a definition, or the fallback written in the definition itself."""
        return self.translations.get(language, {}).get(definition_id, {}).get(key) or fallback
