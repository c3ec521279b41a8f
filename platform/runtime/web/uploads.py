"""Files that come with a form: taken out of the request, kept until the form is saved."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from flask import Request, request
from werkzeug.datastructures import FileStorage

from amparo.metadata.fields.base import Rejected
from amparo.metadata.fields.registry import field_type
from amparo.metadata.file_references import FileReference
from amparo.metadata.model import FieldDefinition, ObjectDefinition
from amparo.metadata.problems import Problem
from amparo.runtime.files.arriving import ArrivingFile
from amparo.runtime.files.staging import Place, stage, stage_typed
from amparo.runtime.web.entries import box_name
from amparo.runtime.web.presenting.forms import Draft
from amparo.runtime.web.rows import RowGroup
from amparo.runtime.web.visits import Visit
from amparo.runtime.web.widgets.base import Entry

#: Boxes beside that of a file's answer, which are done with when what was sent in them is kept.
_BESIDE = ("file", "camera", "typed", "remove")


class UploadRequest(Request):
    """Files of a request reach the disk sealed only."""

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> Any:
        return ArrivingFile()


def take_uploads(visit: Visit, draft: Draft) -> None:
    """Keeps what the form brought; the draft then holds which files they are, and the problems with the others."""
    kept, draft.refused = _take(visit, draft.definition, draft.entries, draft.record)
    draft.uploaded = {box_name(name): reference.text for name, reference in kept.items()}


def take_row_uploads(visit: Visit, groups: Sequence[RowGroup]) -> None:
    """As :func:`take_uploads`, for the rows of a form; what comes for a row that is removed is not taken."""
    for group in groups:
        for row in group.rows:
            if not row.is_removed:
                prefix = group.prefix(row.number)
                row.problems += _take(visit, group.definition, row.entries, row.record, prefix)[1]


def _take(
    visit: Visit, of: ObjectDefinition, entries: dict[str, Entry], record: uuid.UUID | None, prefix: str = ""
) -> tuple[dict[str, FileReference], list[Problem]]:
    """Puts the files that were sent into their entries; gives them by field, and the problems with the others."""
    kept: dict[str, FileReference] = {}
    refused: list[Problem] = []
    for name in entries:
        definition = of.by_name[name]
        if field_type(definition.type).family != "file":
            continue
        try:
            reference = _taken(visit, definition, record, f"{prefix}{box_name(name)}")
        except Rejected as refusal:
            refused.append(refusal.at(name, None))
            continue
        if reference is not None:
            kept[name] = reference
    entries.update({name: Entry(reference.text) for name, reference in kept.items()})
    return kept, refused


def _taken(visit: Visit, definition: FieldDefinition, record: uuid.UUID | None, name: str) -> FileReference | None:
    for box in (f"{name}.file", f"{name}.camera"):
        sent = request.files.get(box)
        if sent is not None and sent.filename:
            return keep_upload(visit, definition, record, sent)
    typed = request.form.get(f"{name}.typed", "")
    if typed.strip():
        return stage_typed(visit.store, visit.actor, Place(definition.id, record), typed)
    return None


def keep_upload(
    visit: Visit, definition: FieldDefinition, record: uuid.UUID | None, sent: FileStorage
) -> FileReference:
    """Raises :class:`Rejected`."""
    place = Place(definition.id, record)
    return stage(visit.store, visit.actor, definition, place, sent.filename or "", sent.stream)  # type: ignore[arg-type]


def repeated_with_uploads(draft: Draft, pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Boxes that a page sends again, with the files that were kept meanwhile in the place of what was sent."""
    done = {f"{box}.{part}" for box in draft.uploaded for part in _BESIDE}
    return [(box, draft.uploaded.get(box, value)) for box, value in pairs if box not in done]
