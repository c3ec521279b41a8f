"""An application with an object that asks for everything a box, list or scale can hold, and folders for its sheets."""

from __future__ import annotations

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
]

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
    currencies = [{"code": code, "label": code.upper()} for code in ("usd", "khr", "thb")]
    fields = [{"id": f"sheet.{field['name']}", **field} for field in _FIELDS]
    sheet = {"id": "sheet", "name": "sheet", "label": "Sheet", "plural": "Sheets", "name_field": "name"}
    folder = {"id": "folder", "name": "folder", "label": "Folder", "plural": "Folders", "name_field": "title"}
    title = {"id": "folder.title", "name": "title", "type": "text", "label": "Title", "searchable": True}
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
        "objects": [{**sheet, "fields": fields}, {**folder, "fields": [title]}],
        "picklists": [{"id": "currency", "name": "currency", "label": "Currency", "options": currencies}],
        "layouts": [],
        "list_views": [],
        "reports": [],
        "translations": [],
    }
