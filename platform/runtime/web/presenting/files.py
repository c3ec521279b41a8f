"""The links of a file on its record's page."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import url_for

from amparo.metadata.fields.base import Answer
from amparo.metadata.file_references import FileReference
from amparo.metadata.model import FieldDefinition
from amparo.runtime.planner.files import has_small_picture
from amparo.runtime.serializer import Record
from amparo.runtime.web.visits import Visit
from amparo.runtime.web.widgets.base import Shown


def with_links(visit: Visit, record: Record, field: FieldDefinition, answer: Answer, shown: Shown) -> Shown:
    """A file can be fetched, and a picture is there to be seen; every other answer stays as it is."""
    if not isinstance(answer, FileReference):
        return shown
    place: dict[str, Any] = {
        "slug": visit.slug,
        "object_name": record.object,
        "record_id": record.id,
        "field_name": field.name,
        "file_id": answer.id,
    }
    linked = replace(shown, url=url_for("files.download", **place))
    if not has_small_picture(visit.store, record.id, answer.id):
        return linked
    return replace(linked, picture=url_for("files.small", **place), picture_url=url_for("files.look", **place))
