"""An application about where people live: addresses and points on a map."""

from __future__ import annotations

from typing import Any

FIELDS: list[dict[str, Any]] = [
    {"name": "name", "type": "text", "label": "Name", "required": True},
    {"name": "address", "type": "address", "label": "Address", "searchable": True, "missing_reasons": ["unknown"]},
    {"name": "workplace", "type": "address", "label": "Workplace"},
    {"name": "hiding_place", "type": "address", "label": "Hiding place", "sensitive": True},
    {"name": "point", "type": "geolocation", "label": "Point", "missing_reasons": ["unknown", "refused"]},
    {"name": "area", "type": "geolocation", "label": "Area", "decimals_kept": 2},
    {"name": "hidden_point", "type": "geolocation", "label": "Hidden point", "sensitive": True},
]


def households_document() -> dict[str, Any]:
    return {
        "format": 1,
        "application": {
            "id": "app",
            "name": "households",
            "label": "Households",
            "languages": ["en", "ar", "km"],
            "default_language": "en",
            "time_zone": "Asia/Phnom_Penh",
            "navigation": ["household"],
        },
        "objects": [
            {
                "id": "household",
                "name": "household",
                "label": "Household",
                "plural": "Households",
                "name_field": "name",
                "fields": [{"id": f"household.{field['name']}", **field} for field in FIELDS],
            }
        ],
        "picklists": [],
        "layouts": [],
        "list_views": [],
        "reports": [],
        "translations": [],
    }
