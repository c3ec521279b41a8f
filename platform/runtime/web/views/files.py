"""Files of records: fetched, shown small, and taken before a form is saved."""

from __future__ import annotations

import uuid
from collections.abc import Generator
from itertools import chain

from flask import Response, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from amparo.metadata.content_types import CONTENT_TYPES
from amparo.metadata.fields.base import Rejected
from amparo.metadata.fields.registry import field_type
from amparo.metadata.file_references import FileReference
from amparo.metadata.model import FieldDefinition
from amparo.metadata.wording import N_
from amparo.runtime.access import Permission
from amparo.runtime.errors import NotFound
from amparo.runtime.files.areas import Part
from amparo.runtime.files.names import disposition
from amparo.runtime.files.pictures import DRAWABLE
from amparo.runtime.files.staging import Place, find_picture
from amparo.runtime.planner.files import find_file
from amparo.runtime.web.addresses import record_url
from amparo.runtime.web.presenting.layouts import may_see
from amparo.runtime.web.problems import said
from amparo.runtime.web.routing import Pages
from amparo.runtime.web.uploads import keep_upload
from amparo.runtime.web.visits import Visit
from amparo.runtime.web.widgets.files import file_words

pages = Pages("files", __name__)

#: A file may do nothing in a browser: no script, no form, nothing fetched, no frame.
FILE_POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
_FILE = "/o/<slug>/<object_name>/<uuid:record_id>/files/<field_name>/<uuid:file_id>"


@pages.route(_FILE, permission=Permission.RECORDS_READ)
def download(
    visit: Visit, object_name: str, record_id: uuid.UUID, field_name: str, file_id: uuid.UUID
) -> ResponseReturnValue:
    """Always as a file to be kept, never opened in the page's place."""
    found = find_file(visit.store, visit.actor, object_name, record_id, field_name, file_id)
    return _answer(found.reference, found.read(), found.reference.type, inline=False, size=found.reference.size)


@pages.route(f"{_FILE}/look", permission=Permission.RECORDS_READ)
def look(
    visit: Visit, object_name: str, record_id: uuid.UUID, field_name: str, file_id: uuid.UUID
) -> ResponseReturnValue:
    """A picture in a page, which Leave takes away as any other; a browser's own has no such button."""
    found = find_file(visit.store, visit.actor, object_name, record_id, field_name, file_id)
    if found.reference.type not in DRAWABLE:
        raise NotFound(N_("There is nothing at this address."))
    definition = visit.release.object(object_name).definition
    place = request.view_args or {}
    return render_template(
        "pages/picture.html",
        name=found.reference.name,
        label=visit.words.object(definition),
        field=visit.words.field_label(definition, field_name),
        way_back=record_url(visit, object_name, record_id),
        picture_url=url_for("files.picture", **place),
        download_url=url_for("files.download", **place),
    )


@pages.route(f"{_FILE}/picture", permission=Permission.RECORDS_READ)
def picture(
    visit: Visit, object_name: str, record_id: uuid.UUID, field_name: str, file_id: uuid.UUID
) -> ResponseReturnValue:
    """A picture in its full size, to be looked at without keeping it on the device."""
    found = find_file(visit.store, visit.actor, object_name, record_id, field_name, file_id)
    is_drawn = found.reference.type in DRAWABLE
    return _answer(found.reference, found.read(), found.reference.type, inline=is_drawn, size=found.reference.size)


@pages.route(f"{_FILE}/small", permission=Permission.RECORDS_READ)
def small(
    visit: Visit, object_name: str, record_id: uuid.UUID, field_name: str, file_id: uuid.UUID
) -> ResponseReturnValue:
    found = find_file(visit.store, visit.actor, object_name, record_id, field_name, file_id, Part.SMALL)
    return _answer(found.reference, found.read(), "image/jpeg", inline=True)


@pages.route(
    "/o/<slug>/<object_name>/<uuid:record_id>/edit/files/<field_name>/<uuid:file_id>/small",
    permission=Permission.RECORDS_UPDATE,
)
def small_unsaved(
    visit: Visit, object_name: str, record_id: uuid.UUID, field_name: str, file_id: uuid.UUID
) -> ResponseReturnValue:
    """A picture that this person sent for the record and has not saved; nobody else sees it."""
    definition = _file_field(visit, object_name, field_name)
    found = find_picture(visit.store, visit.actor, Place(definition.id, record_id), file_id)
    if found is None:
        raise NotFound(N_("There is nothing at this address."))
    return _answer(found.reference, found.read(Part.SMALL), "image/jpeg", inline=True)


def _answer(
    reference: FileReference,
    pieces: Generator[bytes, None, None],
    media_type: str,
    *,
    inline: bool,
    size: int | None = None,
) -> Response:
    """Streams. A content that is missing or damaged is refused before anything of it is sent."""
    first = next(pieces)
    known = media_type if media_type in CONTENT_TYPES else "application/octet-stream"
    response = Response(chain([first], pieces), mimetype=known)
    # Also where nobody reads it to its end, as for HEAD.
    response.call_on_close(pieces.close)
    if size is not None:
        response.content_length = size
    response.headers["Content-Disposition"] = disposition(reference.name, media_type, inline=inline)
    response.headers["Content-Security-Policy"] = FILE_POLICY
    return response


@pages.route("/o/<slug>/<object_name>/new/files/<field_name>", permission=Permission.RECORDS_CREATE, methods=["POST"])
def take_for_new(visit: Visit, object_name: str, field_name: str) -> ResponseReturnValue:
    return _take(visit, object_name, None, field_name)


@pages.route(
    "/o/<slug>/<object_name>/<uuid:record_id>/edit/files/<field_name>",
    permission=Permission.RECORDS_UPDATE,
    methods=["POST"],
)
def take(visit: Visit, object_name: str, record_id: uuid.UUID, field_name: str) -> ResponseReturnValue:
    return _take(visit, object_name, record_id, field_name)


def _take(visit: Visit, object_name: str, record: uuid.UUID | None, field_name: str) -> ResponseReturnValue:
    """Keeps one file of a form that is not saved yet, and answers with what its box then holds."""
    definition = _file_field(visit, object_name, field_name)
    sent = request.files.get("file")
    if sent is None:
        return jsonify(problem=gettext("Choose a file.")), 422
    try:
        reference = keep_upload(visit, definition, record, sent)
    except Rejected as refusal:
        return jsonify(problem=said(refusal.at(field_name, None))), 422
    return jsonify(value=reference.text, name=reference.name, words=file_words(reference, visit.language))


def _file_field(visit: Visit, object_name: str, field_name: str) -> FieldDefinition:
    """Raises :class:`NotFound` for a field that is none, takes no files, or is not this person's to see."""
    found = visit.release.object(object_name).definition.by_name.get(field_name)
    if found is None or found.retired or field_type(found.type).family != "file" or not may_see(visit, found):
        raise NotFound(N_("There is nothing at this address."))
    return found
