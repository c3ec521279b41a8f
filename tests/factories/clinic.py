"""A small application for tests of the runtime: a clinic's people, visits and notes."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

Json = dict[str, Any]

_DOCUMENT: Json = {
    "format": 1,
    "application": {
        "id": "app",
        "name": "clinic",
        "label": "Clinic",
        "languages": ["en", "km"],
        "default_language": "en",
        "time_zone": "Asia/Phnom_Penh",
        "navigation": ["person", "visit"],
    },
    "objects": [
        {
            "id": "note",
            "name": "note",
            "label": "Note",
            "plural": "Notes",
            "name_field": "title",
            "fields": [
                {"id": "note.title", "name": "title", "type": "text", "label": "Title"},
                {"id": "note.visit", "name": "visit", "type": "master_detail", "object": "visit", "label": "Visit"},
                {"id": "note.text", "name": "text", "type": "long_text", "label": "Text"},
            ],
        },
        {
            "id": "person",
            "name": "person",
            "label": "Person",
            "plural": "People",
            "name_field": "name",
            "number_field": "number",
            "fields": [
                {
                    "id": "person.name",
                    "name": "name",
                    "type": "text",
                    "label": "Name",
                    "required": True,
                    "searchable": True,
                },
                {"id": "person.code", "name": "code", "type": "text", "label": "Code", "unique": True},
                {
                    "id": "person.number",
                    "name": "number",
                    "type": "auto_number",
                    "label": "Number",
                    "format": {"prefix": "P-", "style": "sequence"},
                },
                {
                    "id": "person.gender",
                    "name": "gender",
                    "type": "picklist",
                    "label": "Gender",
                    "picklist": "gender",
                    "missing_reasons": ["unknown", "refused"],
                },
                {
                    "id": "person.languages",
                    "name": "languages",
                    "type": "multi_select",
                    "label": "Languages",
                    "picklist": "language",
                },
                {
                    "id": "person.passport",
                    "name": "passport",
                    "type": "text",
                    "label": "Passport",
                    "sensitive": True,
                    "unique": True,
                    "missing_reasons": ["unknown", "refused"],
                },
                {"id": "person.debt", "name": "debt", "type": "decimal", "decimals": 2, "label": "Debt"},
                {
                    "id": "person.children",
                    "name": "children",
                    "type": "integer",
                    "label": "Children",
                    "missing_reasons": ["not_asked"],
                },
                {"id": "person.born", "name": "born", "type": "date", "label": "Born", "indexed": True},
                {"id": "person.met_at", "name": "met_at", "type": "date_time", "label": "Met"},
                {"id": "person.safe", "name": "safe", "type": "checkbox", "label": "Safe", "default": True},
                {"id": "person.friend", "name": "friend", "type": "lookup", "object": "person", "label": "Friend"},
                {"id": "person.story", "name": "story", "type": "long_text", "label": "Story"},
            ],
            "record_types": [
                {"id": "person.client", "name": "client", "label": "Client"},
                {"id": "person.witness", "name": "witness", "label": "Witness"},
            ],
        },
        {
            "id": "visit",
            "name": "visit",
            "label": "Visit",
            "plural": "Visits",
            "name_field": "title",
            "fields": [
                {"id": "visit.title", "name": "title", "type": "text", "label": "Title", "searchable": True},
                {
                    "id": "visit.person",
                    "name": "person",
                    "type": "master_detail",
                    "object": "person",
                    "label": "Person",
                },
                {"id": "visit.on", "name": "held_on", "type": "date", "label": "Held on"},
                {"id": "visit.hours", "name": "hours", "type": "decimal", "decimals": 1, "label": "Hours"},
            ],
        },
    ],
    "picklists": [
        {
            "id": "list.gender",
            "name": "gender",
            "label": "Gender",
            "options": [
                {"code": "female", "label": "Female"},
                {"code": "male", "label": "Male"},
                {"code": "other", "label": "Other"},
            ],
        },
        {
            "id": "list.language",
            "name": "language",
            "label": "Language",
            "options": [{"code": code, "label": code.upper()} for code in ("am", "ar", "en", "km", "my", "ne", "th")],
        },
    ],
    "layouts": [],
    "list_views": [],
    "reports": [],
    "translations": [],
}


def clinic_document() -> Json:
    """A fresh copy, free to be changed."""
    return copy.deepcopy(_DOCUMENT)


def clinic_in(language: str) -> Json:
    """The clinic's document, of an organisation whose default language is this one."""
    document = clinic_document()
    languages = sorted({"en", "km", language})
    document["application"] |= {"languages": languages, "default_language": language}
    return document


def with_field(document: Mapping[str, Any], object_name: str, field: Json) -> Json:
    """A copy of the document with one more field."""
    changed = copy.deepcopy(dict(document))
    target = next(each for each in changed["objects"] if each["name"] == object_name)
    target["fields"].append(field)
    return changed


def field_of(document: Mapping[str, Any], object_name: str, field_name: str) -> Json:
    """A field of the document, to be changed in place."""
    target = next(each for each in document["objects"] if each["name"] == object_name)
    found: Json = next(each for each in target["fields"] if each["name"] == field_name)
    return found
