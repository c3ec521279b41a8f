"""The links of a file on its record's page, and its picture where two are compared."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import url_for

from amparo.metadata.fields.base import Answer
from amparo.metadata.file_references import FileReference
from amparo.metadata.model import FieldDefinition
from amparo.runtime.files.staging import Place, find_picture
from amparo.runtime.planner.files import has_small_picture
from amparo.runtime.serializer import Record
from amparo.runtime.web.visits import Visit
from amparo.runtime.web.widgets.base import Shown


def with_links(visit: Visit, record: Record, field: FieldDefinition, answer: Answer, shown: Shown) -> Shown:
    """A file can be fetched, and a picture is there to be seen; every other answer stays as it is."""
    if not isinstance(answer, FileReference):
        return shown
    place = _place(visit, record, field, answer)
    linked = replace(shown, url=url_for("files.download", **place))
    if not has_small_picture(visit.store, record.id, answer.id):
        return linked
    return replace(linked, picture=url_for("files.small", **place), picture_url=url_for("files.look", **place))


def with_picture(visit: Visit, record: Record, field: FieldDefinition, answer: Answer, shown: Shown) -> Shown:
    """A picture to look at, also one that this person sent and has not saved; no link leads away from it."""
    if not isinstance(answer, FileReference):
        return shown
    place = _place(visit, record, field, answer)
    # First, because a save that is refused may have laid its copy beside what the record holds.
    if find_picture(visit.store, visit.actor, Place(field.id, record.id), answer.id):
        return replace(shown, picture=url_for("files.small_unsaved", **place))
    if has_small_picture(visit.store, record.id, answer.id):
        return replace(shown, picture=url_for("files.small", **place))
    return shown


def _place(visit: Visit, record: Record, field: FieldDefinition, reference: FileReference) -> dict[str, Any]:
    return {
        "slug": visit.slug,
        "object_name": record.object,
        "record_id": record.id,
        "field_name": field.name,
        "file_id": reference.id,
    }
