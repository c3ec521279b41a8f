"""Schemas of page layouts, list views and reports."""

from __future__ import annotations

from amparo.metadata.limits import (
    MOST_GROUPINGS,
    MOST_HIGHLIGHTS,
    MOST_LIST_COLUMNS,
    MOST_MEASURES,
    MOST_RECORD_TYPES,
    MOST_RELATED_LISTS,
    MOST_SECTION_FIELDS,
    MOST_SECTIONS,
    MOST_TABS,
)
from amparo.metadata.schemas.parts import (
    FILTERS,
    MATCH,
    SORT,
    Schema,
    closed,
    file_schema,
    identifier,
    label,
    listing,
    long_help,
    name,
    reference,
    refused,
    switch,
)
from amparo.metadata.schemas.rules import formula
from amparo.metadata.wording import N_

#: The roles a member may have.
ROLES = ("administrator", "supervisor", "caseworker", "reader")
#: What a report may compute; count needs no field.
FUNCTIONS = ("count", "sum", "average", "minimum", "maximum")

_COUNT_HAS_NO_FIELD = N_("Remove the field: count counts records.")
_FIGURES_OR_LIST = N_("Remove the columns or the groupings: a report is either a list or a table of figures.")
_MEASURES_NEED_GROUPS = N_("Add groupings, or remove the measures: a list has no figures.")

_ONLY_ARRANGES = (
    "A formula: this part is on the page only while it is true. It clears no answer: for that give the fields "
    "themselves a visible_when."
)
_COLUMN = reference("A field or system field (owner, updated_at …).")
_OBJECT = reference("The object whose records are shown.")

_SECTION = closed(
    {
        "name": name("section"),
        "label": label("The heading of the section."),
        "columns": {
            "type": "integer",
            "enum": [1, 2],
            "default": 2,
            "description": "How many fields stand side by side on a wide screen.",
        },
        "fields": listing(reference("A field of the object."), "The fields, in reading order.", MOST_SECTION_FIELDS),
        "visible_when": formula(_ONLY_ARRANGES),
    },
    ["name", "label", "fields"],
    "Fields that belong together, under one heading.",
)

_RELATED_LIST = closed(
    {
        "object": reference("The object whose records are listed."),
        "field": reference("Its lookup or master-detail field that points to this record."),
        "label": label("The heading of the list; the object's plural when left out."),
        "columns": listing(_COLUMN, "The columns, in order.", MOST_LIST_COLUMNS, least=1, uniqueItems=True),
        "sort": SORT,
        "in_form": switch("The form of this page has them as rows, saved together with it.", default=False),
    },
    ["object", "field", "columns"],
    "Records of another object that point to this one.",
)

_TAB = closed(
    {
        "name": name("tab"),
        "label": label("The word on the tab."),
        "sections": listing(_SECTION, "The sections, from top to bottom.", MOST_SECTIONS),
        "related_lists": listing(_RELATED_LIST, "Lists of records that point here.", MOST_RELATED_LISTS),
        "visible_when": formula(_ONLY_ARRANGES),
    },
    ["name", "label"],
    "One tab of the page.",
)

LAYOUT = file_schema(
    "layout",
    {
        "id": identifier("page layout"),
        "name": name("page layout"),
        "object": reference("The object whose pages look like this."),
        "label": label("What implementation staff call the layout."),
        "record_types": listing(
            reference("The name of a record type."),
            "Only for these record types; for all when left out.",
            MOST_RECORD_TYPES,
        ),
        "roles": listing(
            {"type": "string", "enum": list(ROLES)}, "Only for these roles; for all when left out.", len(ROLES)
        ),
        "path": reference("The picklist field whose options are the steps a record goes through, shown as a path."),
        "highlights": listing(_COLUMN, "Fields shown large at the top of the page.", MOST_HIGHLIGHTS),
        "tabs": listing(_TAB, "The tabs, in order. The first is open.", MOST_TABS, least=1),
    },
    ["id", "name", "object", "tabs"],
    "How the page and the form of an object's records are arranged.",
)

LIST_VIEW = file_schema(
    "list_view",
    {
        "id": identifier("list view"),
        "name": name("list view"),
        "object": _OBJECT,
        "label": label("What people choose the list by, such as My open cases."),
        "columns": listing(_COLUMN, "The columns, in order.", MOST_LIST_COLUMNS, least=1, uniqueItems=True),
        "filters": FILTERS,
        "match": MATCH,
        "only_when": formula("A formula: only records of which it is true, whatever the filters choose."),
        "sort": SORT,
    },
    ["id", "name", "object", "label", "columns"],
    "A list of records that people open.",
)

_GROUPING = closed(
    {
        "field": reference("The field whose values make the groups."),
        "by": {
            "type": "string",
            "minLength": 1,
            "maxLength": 60,
            "description": "For dates and date-times: group by month, quarter or year. For locations: by the places "
            "of a level, such as province.",
        },
    },
    ["field"],
    "One grouping: the first makes the rows, the second the columns.",
)

_counts: Schema = {"properties": {"function": {"const": "count"}}, "required": ["function"]}
_MEASURE = closed(
    {
        "function": {
            "type": "string",
            "enum": list(FUNCTIONS),
            "description": "What is computed for each group. count counts records.",
        },
        "field": reference(
            "The number field that is computed with; minimum and maximum take a date too; none for count."
        ),
    },
    ["function"],
    "One figure.",
    **{"if": _counts, "then": {"properties": {"field": refused(_COUNT_HAS_NO_FIELD)}}, "else": {"required": ["field"]}},
)

REPORT = file_schema(
    "report",
    {
        "id": identifier("report"),
        "name": name("report"),
        "object": _OBJECT,
        "label": label("The title of the report."),
        "help": long_help("A sentence that says what the report answers."),
        "columns": listing(_COLUMN, "A list of records: its columns.", MOST_LIST_COLUMNS, least=1, uniqueItems=True),
        "groupings": listing(_GROUPING, "A table of figures: what records are grouped by.", MOST_GROUPINGS, least=1),
        "measures": listing(_MEASURE, "The figures; a count when left out.", MOST_MEASURES, least=1),
        "filters": FILTERS,
        "match": MATCH,
        "only_when": formula("A formula: only records of which it is true, whatever the filters choose."),
        "sort": SORT,
    },
    ["id", "name", "object", "label"],
    "Figures or a list, asked again and again: either groupings with measures, or columns.",
    **{
        "if": {"required": ["groupings"]},
        "then": {"properties": {"columns": refused(_FIGURES_OR_LIST)}},
        "else": {"required": ["columns"], "properties": {"measures": refused(_MEASURES_NEED_GROUPS)}},
    },
)
