"""An application about where people live: addresses, points on a map and places."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

from amparo.metadata.places import Place
from amparo.runtime.access import Role, operator_actor
from amparo.runtime.places.changing import change_places
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.organisations import Organisations
from factories.organisations import make_organisation
from factories.places import SMALL

FIELDS: list[dict[str, Any]] = [
    {"name": "name", "type": "text", "label": "Name", "required": True},
    {"name": "address", "type": "address", "label": "Address", "searchable": True, "missing_reasons": ["unknown"]},
    {"name": "workplace", "type": "address", "label": "Workplace"},
    {"name": "hiding_place", "type": "address", "label": "Hiding place", "sensitive": True},
    {"name": "lives_in", "type": "location", "label": "Lives in", "missing_reasons": ["unknown"]},
    {"name": "born_in", "type": "location", "label": "Born in", "levels": ["commune"], "root": "02"},
    {"name": "hidden_in", "type": "location", "label": "Hidden in", "sensitive": True},
    {"name": "point", "type": "geolocation", "label": "Point", "missing_reasons": ["unknown", "refused"]},
    {"name": "area", "type": "geolocation", "label": "Area", "decimals_kept": 2},
    {"name": "hidden_point", "type": "geolocation", "label": "Hidden point", "sensitive": True},
]


REPORTS: list[dict[str, Any]] = [
    {
        "id": "by_province",
        "name": "by_province",
        "object": "household",
        "label": "Households by province",
        "groupings": [{"field": "lives_in", "by": "province"}],
        "measures": [{"function": "count"}],
    }
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
        "reports": copy.deepcopy(REPORTS),
        "translations": [],
    }


def make_households(
    organisations: Organisations,
    *roles: Role,
    slug: str = "households",
    places: Sequence[Place] = SMALL,
) -> OrganisationStore:
    """An organisation with few places, and a member of each role who can sign in."""
    store = make_organisation(organisations, slug, households_document(), *roles)
    if places:
        change_places(store, operator_actor(), places)
    return store
