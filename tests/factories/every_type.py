"""An application with sheets, which have a field of every type and rows with files, and folders for them."""

from __future__ import annotations

import copy
from typing import Any

_FIELDS: list[dict[str, Any]] = [
    {"name": "name", "type": "text", "label": "Name", "required": True},
    {"name": "email", "type": "email", "label": "E-mail", "searchable": True},
    {"name": "phone", "type": "phone", "country": "KH", "label": "Phone", "missing_reasons": ["unknown", "refused"]},
    {"name": "website", "type": "url", "label": "Website"},
    {"name": "country", "type": "country", "label": "Country", "missing_reasons": ["unknown"]},
    {"name": "language", "type": "language", "label": "Language", "codes": ["km", "th", "vi", "shn", "ne", "my"]},
    {"name": "wage", "type": "currency", "currency": "USD", "label": "Wage", "help": "What was promised for a month."},
    {"name": "paid_in", "type": "picklist", "picklist": "currency", "label": "Paid in"},
    {"name": "paid", "type": "currency", "currency_field": "paid_in", "label": "Paid"},
    {"name": "share", "type": "percent", "label": "Share kept by the broker"},
    {
        "name": "safety",
        "type": "rating",
        "label": "Feels safe",
        "lowest_label": "Not at all",
        "highest_label": "Very",
        "missing_reasons": ["not_asked"],
    },
    {"name": "shift", "type": "time", "label": "Shift begins"},
    {"name": "plan", "type": "rich_text", "label": "Plan"},
    {"name": "old_number", "type": "external_id", "label": "Number in the old system"},
    {"name": "about", "type": "lookup", "objects": ["folder", "sheet"], "label": "Goes with"},
    {"name": "number", "type": "auto_number", "label": "Number", "format": {"prefix": "S-", "style": "sequence"}},
    {"name": "story", "type": "long_text", "label": "Story"},
    {"name": "children", "type": "integer", "label": "Children"},
    {"name": "height", "type": "decimal", "decimals": 2, "label": "Height"},
    {"name": "agreed", "type": "checkbox", "label": "Agreed"},
    {"name": "met_on", "type": "date", "label": "Met on"},
    {"name": "met_at", "type": "date_time", "label": "Met at"},
    {"name": "began", "type": "partial_date", "label": "Began"},
    {"name": "born", "type": "birth_date", "label": "Born"},
    {"name": "work", "type": "picklist", "picklist": "work", "label": "Work"},
    {
        "name": "trade",
        "type": "picklist",
        "picklist": "trade",
        "label": "Trade",
        "depends_on": {"field": "work", "options": {"sea": ["nets", "engine"], "land": ["rice"]}},
    },
    {"name": "harm", "type": "multi_select", "picklist": "harm", "label": "Harm"},
    {"name": "crossed", "type": "countries", "label": "Countries crossed"},
    {"name": "friend", "type": "lookup", "object": "sheet", "label": "Friend"},
    {"name": "home", "type": "address", "label": "Home"},
    {"name": "point", "type": "geolocation", "label": "Point", "decimals_kept": 2},
    {"name": "lives_in", "type": "location", "label": "Lives in"},
    {"name": "paper", "type": "file", "label": "Paper"},
    {"name": "photo", "type": "image", "label": "Photo"},
    {"name": "signature", "type": "signature", "label": "Signature"},
    {"name": "secret", "type": "text", "label": "Secret", "sensitive": True},
    {"name": "secret_day", "type": "date", "label": "Secret day", "sensitive": True},
]
_ROW_FIELDS: list[dict[str, Any]] = [
    {"name": "title", "type": "text", "label": "Title"},
    {"name": "sheet", "type": "master_detail", "object": "sheet", "label": "Sheet"},
    {"name": "receipt", "type": "file", "label": "Receipt"},
    {"name": "bought_in", "type": "location", "label": "Bought in"},
]
_FOLDER_FIELDS: list[dict[str, Any]] = [{"name": "title", "type": "text", "label": "Title", "searchable": True}]
_PICKLISTS = {
    "currency": {"usd": "USD", "khr": "KHR", "thb": "THB"},
    "work": {"sea": "At sea", "land": "On land"},
    "trade": {"nets": "Nets", "engine": "Engine", "rice": "Rice"},
    "harm": {"beaten": "Beaten", "unpaid": "Unpaid", "locked": "Locked in", "papers": "Papers taken"},
}
_LAYOUT: dict[str, Any] = {
    "id": "layout.sheet",
    "name": "sheet",
    "object": "sheet",
    "label": "Sheet",
    "tabs": [
        {
            "name": "all",
            "label": "All",
            "sections": [
                {"name": "all", "label": "Answers", "columns": 2, "fields": [each["name"] for each in _FIELDS]}
            ],
            "related_lists": [
                {
                    "object": "entry",
                    "field": "sheet",
                    "label": "Entries",
                    "columns": ["title", "receipt", "bought_in"],
                    "in_form": True,
                }
            ],
        }
    ],
}

SHEET: dict[str, Any] = {
    "name": "Sheet",
    "email": "sok@bücher.example",
    "phone": "012 345 678",
    "website": "https://example.org/help?from=us",
    "country": "KH",
    "language": "shn",
    "wage": "1250.5",
    "paid_in": "khr",
    "paid": "400000",
    "share": "12.5",
    "safety": "4",
    "shift": "2:30 pm",
    "plan": "### This week\n\nGo to the **clinic**, then:\n\n- call home\n- see [the school](https://example.org/)",
    "old_number": "X-17",
}


def sheets_document() -> dict[str, Any]:
    return {
        "format": 1,
        "application": {
            "id": "app",
            "name": "sheets",
            "label": "Sheets",
            "languages": ["en", "ar", "km"],
            "default_language": "en",
            "time_zone": "Asia/Phnom_Penh",
            "navigation": ["sheet"],
        },
        "objects": [
            _object("sheet", "Sheet", "Sheets", "name", [_with_reasons(each) for each in _FIELDS]),
            _object("entry", "Entry", "Entries", "title", _ROW_FIELDS),
            _object("folder", "Folder", "Folders", "title", _FOLDER_FIELDS),
        ],
        "picklists": [
            {
                "id": name,
                "name": name,
                "label": name.capitalize(),
                "options": [{"code": code, "label": label} for code, label in options.items()],
            }
            for name, options in _PICKLISTS.items()
        ],
        "layouts": [copy.deepcopy(_LAYOUT)],
        "list_views": [],
        "reports": [],
        "translations": [],
    }


def _object(name: str, label: str, plural: str, name_field: str, fields: list[dict[str, Any]]) -> dict[str, Any]:
    own = [{"id": f"{name}.{field['name']}", **field} for field in fields]
    return {"id": name, "name": name, "label": label, "plural": plural, "name_field": name_field, "fields": own}


def _with_reasons(field: dict[str, Any]) -> dict[str, Any]:
    """Whatever somebody may leave open may be left open for a reason."""
    if field["name"] in ("name", "number"):
        return field
    return {**field, "missing_reasons": field.get("missing_reasons", ["unknown"])}
