"""How far a job is, and the files it made."""

from __future__ import annotations

import uuid
from contextlib import suppress

from flask import Response, jsonify, redirect, render_template, stream_with_context, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from amparo.runtime.access import Permission
from amparo.runtime.errors import NotPossible
from amparo.runtime.jobs.queueing import cancel_job, read_job, read_job_file
from amparo.runtime.places.jobs import PLACES
from amparo.runtime.transfer.export_packages import ExportFormat
from amparo.runtime.transfer.jobs import IMPORT, UNDO_IMPORT, exported_name
from amparo.runtime.web.presenting.jobs import how_far, progress_of
from amparo.runtime.web.routing import Pages
from amparo.runtime.web.visits import Visit

pages = Pages("progress", __name__)

CONTENT_TYPES = {
    "zip": "application/zip",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@pages.route("/o/<slug>/jobs/<uuid:job_id>", permission=Permission.RECORDS_READ)
def job(visit: Visit, job_id: uuid.UUID) -> ResponseReturnValue:
    """People see their own jobs. An import has a page of its own, which says more."""
    found = read_job(visit.store, visit.actor, job_id)
    if found.kind == PLACES.name:
        return redirect(url_for("place_imports.imported", slug=visit.slug, job_id=job_id))
    pages_of = {IMPORT.name: "imports.imported", UNDO_IMPORT.name: "undoing.undone"}
    if found.kind in pages_of:
        where = {"object_name": found.payload["object"], "job_id": job_id}
        return redirect(url_for(pages_of[found.kind], slug=visit.slug, **where))
    here = url_for("progress.job", slug=visit.slug, job_id=job_id)
    made = next((name for name in map(exported_name, ExportFormat) if name in found.files), None)
    result = None
    if made:
        url = url_for("progress.exported_file", slug=visit.slug, job_id=job_id, name=made)
        result = {"url": url, "label": gettext("Download the file")}
    cancel_url = None if found.is_over else url_for("progress.cancel", slug=visit.slug, job_id=job_id)
    shown = progress_of(visit, found, here, result)
    return render_template("pages/job.html", job=shown, cancel_url=cancel_url)


@pages.route("/o/<slug>/jobs/<uuid:job_id>/state", permission=Permission.RECORDS_READ)
def state(visit: Visit, job_id: uuid.UUID) -> ResponseReturnValue:
    return jsonify(how_far(read_job(visit.store, visit.actor, job_id)))


@pages.route("/o/<slug>/jobs/<uuid:job_id>/cancel", permission=Permission.RECORDS_READ, methods=["POST"])
def cancel(visit: Visit, job_id: uuid.UUID) -> ResponseReturnValue:
    """Work under way stops after its present step; what it has done stays."""
    with suppress(NotPossible):  # It ended just now: its page says how.
        cancel_job(visit.store, visit.actor, job_id)
    return redirect(url_for("progress.job", slug=visit.slug, job_id=job_id), 303)


@pages.route(
    "/o/<slug>/jobs/<uuid:job_id>/<any('problems.csv', 'problems.xlsx'):name>", permission=Permission.RECORDS_IMPORT
)
def problem_file(visit: Visit, job_id: uuid.UUID, name: str) -> ResponseReturnValue:
    """The rows that an import refused, with the reason of each, to be corrected and imported again."""
    parts = read_job_file(visit.store, visit.actor, job_id, name)
    ending = name.rpartition(".")[2]
    response = Response(stream_with_context(parts), content_type=CONTENT_TYPES[ending])
    response.headers["Content-Disposition"] = f'attachment; filename="refused-rows.{ending}"'
    return response


@pages.route(
    "/o/<slug>/jobs/<uuid:job_id>/<any('export.csv', 'export.xlsx', 'export.zip'):name>",
    permission=Permission.RECORDS_EXPORT,
)
def exported_file(visit: Visit, job_id: uuid.UUID, name: str) -> ResponseReturnValue:
    """What an export made."""
    found = read_job(visit.store, visit.actor, job_id)
    parts = read_job_file(visit.store, visit.actor, job_id, name)
    ending = name.rpartition(".")[2]
    objects = found.payload["objects"]
    title = objects[0] if len(set(objects)) == 1 else visit.slug
    response = Response(stream_with_context(parts), content_type=CONTENT_TYPES[ending])
    response.headers["Content-Disposition"] = f'attachment; filename="{title}-{visit.today.isoformat()}.{ending}"'
    return response
