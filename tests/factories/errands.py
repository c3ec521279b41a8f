"""The office with errands: each may be about a person or a visit."""

from __future__ import annotations

from factories.clinic import Json
from factories.office import office_document

_ERRAND: Json = {
    "id": "errand",
    "name": "errand",
    "label": "Errand",
    "plural": "Errands",
    "name_field": "title",
    "fields": [
        {"id": "errand.title", "name": "title", "type": "text", "label": "Title", "required": True, "unique": True},
        {
            "id": "errand.about",
            "name": "about",
            "type": "lookup",
            "objects": ["person", "visit"],
            "label": "About",
            "missing_reasons": ["unknown"],
        },
    ],
}
_VIEW: Json = {
    "id": "view.errands",
    "name": "errands",
    "object": "errand",
    "label": "Errands",
    "columns": ["title", "about"],
}


def errands_document() -> Json:
    """A person's page lists the errands about the person."""
    document = office_document()
    document["objects"].append(_ERRAND)
    document["list_views"].append(_VIEW)
    (layout,) = document["layouts"]
    first, *others = layout["tabs"]
    errands = {"object": "errand", "field": "about", "label": "Errands", "columns": ["title"]}
    document["layouts"] = [
        {**layout, "tabs": [{**first, "related_lists": [*first["related_lists"], errands]}, *others]}
    ]
    return document
