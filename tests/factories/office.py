"""The clinic with pages: layouts, list views and reports, for tests of the web application."""

from __future__ import annotations

import copy

from factories.clinic import Json, clinic_document, field_of

_LAYOUT: Json = {
    "id": "layout.person",
    "name": "person",
    "object": "person",
    "label": "Person",
    "highlights": ["number", "gender", "owner", "updated_at"],
    "tabs": [
        {
            "name": "who",
            "label": "Who this is",
            "sections": [
                {
                    "name": "names",
                    "label": "Names",
                    "columns": 2,
                    "fields": ["name", "number", "code", "gender", "languages"],
                },
                {"name": "papers", "label": "Papers", "columns": 1, "fields": ["passport", "born", "met_at"]},
            ],
            "related_lists": [
                {"object": "visit", "field": "person", "label": "Visits", "columns": ["title", "held_on", "hours"]}
            ],
        },
        {
            "name": "more",
            "label": "More",
            "sections": [
                {
                    "name": "life",
                    "label": "Life",
                    "columns": 2,
                    "fields": ["debt", "children", "safe", "friend", "story"],
                }
            ],
        },
    ],
}
#: Records known by the person they are about: their own name is only a number.
_STAY: Json = {
    "id": "stay",
    "name": "stay",
    "label": "Stay",
    "plural": "Stays",
    "name_field": "number",
    "fields": [
        {
            "id": "stay.number",
            "name": "number",
            "type": "auto_number",
            "label": "Number",
            "format": {"prefix": "ST-", "style": "sequence"},
            "searchable": True,
        },
        {"id": "stay.guest", "name": "guest", "type": "lookup", "object": "person", "label": "Guest"},
        {"id": "stay.nights", "name": "nights", "type": "integer", "label": "Nights"},
    ],
}
_VIEWS: list[Json] = [
    {
        "id": "view.stays",
        "name": "stays",
        "object": "stay",
        "label": "Stays",
        "columns": ["guest", "number", "nights"],
    },
    {
        "id": "view.people",
        "name": "people",
        "object": "person",
        "label": "Everybody",
        "columns": ["name", "gender", "born", "debt"],
        "sort": [{"field": "name"}],
    },
    {
        "id": "view.women",
        "name": "women",
        "object": "person",
        "label": "Women",
        "columns": ["name", "gender", "languages", "owner"],
        "filters": [{"field": "gender", "operator": "equals", "value": "female"}],
    },
]
_REPORTS: list[Json] = [
    {
        "id": "report.by_gender",
        "name": "by_gender",
        "object": "person",
        "label": "People by gender",
        "groupings": [{"field": "gender"}],
        "measures": [{"function": "count"}, {"function": "sum", "field": "debt"}],
    },
    {
        "id": "report.by_year",
        "name": "by_year",
        "object": "person",
        "label": "People by year of birth and gender",
        "groupings": [{"field": "born", "by": "year"}, {"field": "gender"}],
        "measures": [{"function": "count"}],
    },
    {
        "id": "report.listed",
        "name": "listed",
        "object": "person",
        "label": "People listed",
        "columns": ["name", "gender", "debt"],
        "sort": [{"field": "name"}],
    },
]


def office_document() -> Json:
    """A fresh copy, free to be changed."""
    document = clinic_document()
    document["objects"].append(copy.deepcopy(_STAY))
    document["layouts"] = [copy.deepcopy(_LAYOUT)]
    document["list_views"] = copy.deepcopy(_VIEWS)
    document["reports"] = copy.deepcopy(_REPORTS)
    field_of(document, "person", "gender")["indexed"] = True
    return document
