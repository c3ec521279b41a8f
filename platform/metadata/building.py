"""One application document made into the dataclasses of ``metadata.model``.

Defaults are filled in here and nowhere else. The document must be free of
problems (``metadata.checks``); another may raise ``KeyError``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from amparo.metadata.formulas.value_types import Blanks
from amparo.metadata.missing import Missing
from amparo.metadata.model import (
    Application,
    FieldDefinition,
    FilterRow,
    Grouping,
    LayoutSection,
    LayoutTab,
    ListView,
    Measure,
    ObjectDefinition,
    Option,
    PageLayout,
    Picklist,
    RecordType,
    RelatedList,
    Report,
    RollUp,
    Sort,
)
from amparo.metadata.rules.building import rule_from

#: The keys every field may have; whatever else stands in a field is an option of its type.
FIELD_ATTRIBUTES = (
    "id",
    "name",
    "type",
    "label",
    "help",
    "required",
    "unique",
    "indexed",
    "searchable",
    "default",
    "sensitive",
    "personal",
    "standard_code",
    "missing_reasons",
    "retired",
    "visible_when",
    "required_when",
    "read_only_when",
    "default_formula",
    "formula",
    "blanks",
    "roll_up",
)

#: Types whose fields are unique unless they say otherwise.
UNIQUE_TYPES = ("auto_number", "external_id")

Json = Mapping[str, Any]


def application_from(document: Json) -> Application:
    """The application of a document, with defaults filled in; the document itself stays as it is."""
    written: Json = document["application"]
    objects = {each["name"]: object_from(each) for each in document.get("objects", ())}
    languages = tuple(written.get("languages", ("en",)))
    plurals = {name: definition.plural for name, definition in objects.items()}
    return Application(
        document=document,
        id=written["id"],
        name=written["name"],
        label=label_of(written),
        languages=languages,
        default_language=written.get("default_language", languages[0]),
        time_zone=written.get("time_zone", "UTC"),
        navigation=tuple(written.get("navigation", objects)),
        home=tuple(written.get("home", ())),
        objects=objects,
        picklists={each["name"]: picklist_from(each) for each in document.get("picklists", ())},
        layouts=tuple(layout_from(each, plurals) for each in document.get("layouts", ())),
        list_views=tuple(list_view_from(each) for each in document.get("list_views", ())),
        reports=tuple(report_from(each) for each in document.get("reports", ())),
        translations=_translations_from(document.get("translations", ())),
    )


def label_of(written: Json) -> str:
    """The label as written, or the name made readable: ``birth_date`` reads "Birth date"."""
    if label := written.get("label"):
        return str(label)
    words = str(written["name"]).replace("_", " ")
    return words[:1].upper() + words[1:]


def object_from(written: Json) -> ObjectDefinition:
    label = label_of(written)
    return ObjectDefinition(
        id=written["id"],
        name=written["name"],
        label=label,
        plural=written.get("plural", label),
        help=written.get("help", ""),
        name_field=written["name_field"],
        number_field=written.get("number_field"),
        icon=written.get("icon"),
        fields=tuple(field_from(each) for each in written.get("fields", ())),
        record_types=tuple(_record_type_from(each) for each in written.get("record_types", ())),
        validation_rules=tuple(rule_from(each) for each in written.get("validation_rules", ())),
    )


def field_from(written: Json) -> FieldDefinition:
    options = {key: value for key, value in written.items() if key not in FIELD_ATTRIBUTES}
    return FieldDefinition(
        id=written["id"],
        name=written["name"],
        type=written["type"],
        label=label_of(written),
        help=written.get("help", ""),
        required=written.get("required", written["type"] == "master_detail"),
        unique=written.get("unique", written["type"] in UNIQUE_TYPES),
        indexed=written.get("indexed", False),
        searchable=written.get("searchable", False),
        default=written.get("default"),
        sensitive=written.get("sensitive", False),
        personal=written.get("personal"),
        standard_code=written.get("standard_code"),
        missing_reasons=tuple(Missing(reason) for reason in written.get("missing_reasons", ())),
        retired=written.get("retired", False),
        options=MappingProxyType(options),
        visible_when=written.get("visible_when"),
        required_when=written.get("required_when"),
        read_only_when=written.get("read_only_when"),
        default_formula=written.get("default_formula"),
        formula=written.get("formula"),
        blanks=Blanks(written.get("blanks", Blanks.AS_BLANK)),
        roll_up=_roll_up_from(written["roll_up"]) if "roll_up" in written else None,
    )


def _roll_up_from(written: Json) -> RollUp:
    return RollUp(
        object=written["object"],
        field=written["field"],
        function=written["function"],
        of=written.get("of"),
        filters=_filters_from(written.get("filters", ())),
        match=written.get("match", "all"),
    )


def picklist_from(written: Json) -> Picklist:
    options = tuple(
        Option(
            code=each["code"],
            label=each.get("label", each["code"]),
            help=each.get("help", ""),
            standard_code=each.get("standard_code"),
            active=each.get("active", True),
            group=each.get("group"),
            state=each.get("state"),
        )
        for each in written.get("options", ())
    )
    return Picklist(id=written["id"], name=written["name"], label=label_of(written), options=options)


def layout_from(written: Json, object_plurals: Mapping[str, str]) -> PageLayout:
    """``object_plurals`` names a related list that has no label of its own."""
    return PageLayout(
        id=written["id"],
        name=written["name"],
        object=written["object"],
        label=label_of(written),
        record_types=tuple(written.get("record_types", ())),
        roles=tuple(written.get("roles", ())),
        highlights=tuple(written.get("highlights", ())),
        tabs=tuple(_tab_from(each, object_plurals) for each in written.get("tabs", ())),
        path=written.get("path"),
    )


def list_view_from(written: Json) -> ListView:
    return ListView(
        id=written["id"],
        name=written["name"],
        object=written["object"],
        label=label_of(written),
        columns=tuple(written.get("columns", ())),
        filters=_filters_from(written.get("filters", ())),
        match=written.get("match", "all"),
        sort=_sort_from(written.get("sort", ())),
        only_when=written.get("only_when"),
    )


def report_from(written: Json) -> Report:
    """A summary report that names no measure counts records."""
    groupings = tuple(Grouping(each["field"], each.get("by")) for each in written.get("groupings", ()))
    measures = tuple(Measure(each["function"], each.get("field")) for each in written.get("measures", ()))
    return Report(
        id=written["id"],
        name=written["name"],
        object=written["object"],
        label=label_of(written),
        help=written.get("help", ""),
        columns=tuple(written.get("columns", ())),
        groupings=groupings,
        measures=measures or ((Measure("count"),) if groupings else ()),
        filters=_filters_from(written.get("filters", ())),
        match=written.get("match", "all"),
        sort=_sort_from(written.get("sort", ())),
        only_when=written.get("only_when"),
    )


def _record_type_from(written: Json) -> RecordType:
    return RecordType(
        id=written["id"],
        name=written["name"],
        label=label_of(written),
        help=written.get("help", ""),
        active=written.get("active", True),
    )


def _tab_from(written: Json, object_plurals: Mapping[str, str]) -> LayoutTab:
    sections = tuple(
        LayoutSection(
            each["name"],
            label_of(each),
            each.get("columns", 2),
            tuple(each.get("fields", ())),
            each.get("visible_when"),
        )
        for each in written.get("sections", ())
    )
    related = tuple(
        RelatedList(
            object=each["object"],
            field=each["field"],
            label=each.get("label") or object_plurals.get(each["object"], each["object"]),
            columns=tuple(each.get("columns", ())),
            sort=_sort_from(each.get("sort", ())),
            in_form=each.get("in_form", False),
        )
        for each in written.get("related_lists", ())
    )
    return LayoutTab(written["name"], label_of(written), sections, related, written.get("visible_when"))


def _filters_from(rows: Iterable[Json]) -> tuple[FilterRow, ...]:
    return tuple(FilterRow(row["field"], row["operator"], row.get("value")) for row in rows)


def _sort_from(rows: Iterable[Json]) -> tuple[Sort, ...]:
    return tuple(Sort(row["field"], row.get("descending", False)) for row in rows)


def _translations_from(files: Iterable[Json]) -> dict[str, dict[str, dict[str, str]]]:
    """Several files of one language add up; the later file wins where both translate the same text."""
    merged: dict[str, dict[str, dict[str, str]]] = {}
    for each in files:
        language = merged.setdefault(each["language"], {})
        for definition_id, texts in each.get("labels", {}).items():
            language.setdefault(definition_id, {}).update(texts)
    return merged
