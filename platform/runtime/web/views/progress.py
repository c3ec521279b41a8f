"""How far a job is, and the files it made."""

from __future__ import annotations

import uuid

from flask import Response, jsonify, redirect, render_template, stream_with_context, url_for
from flask.typing import ResponseReturnValue

from amparo.runtime.access import Permission
from amparo.runtime.jobs.queueing import read_job, read_job_file
from amparo.runtime.transfer.jobs import IMPORT, PROBLEMS
from amparo.runtime.web.presenting.jobs import job_words, progress_of
from amparo.runtime.web.routing import Pages
from amparo.runtime.web.visits import Visit

pages = Pages("progress", __name__)


@pages.route("/o/<slug>/jobs/<uuid:job_id>", permission=Permission.RECORDS_READ)
def job(visit: Visit, job_id: uuid.UUID) -> ResponseReturnValue:
    """People see their own jobs. An import has a page of its own, which says more."""
    found = read_job(visit.store, visit.actor, job_id)
    if found.kind == IMPORT.name:
        return redirect(
            url_for("imports.imported", slug=visit.slug, object_name=found.payload["object"], job_id=job_id)
        )
    here = url_for("progress.job", slug=visit.slug, job_id=job_id)
    return render_template("pages/job.html", visit=visit, job=progress_of(visit, found, here))


@pages.route("/o/<slug>/jobs/<uuid:job_id>/state", permission=Permission.RECORDS_READ)
def state(visit: Visit, job_id: uuid.UUID) -> ResponseReturnValue:
    found = read_job(visit.store, visit.actor, job_id)
    return jsonify(
        {"state": found.state.value, "done": found.done, "total": found.total or 0, "words": job_words(found)}
    )


@pages.route("/o/<slug>/jobs/<uuid:job_id>/problems.csv", permission=Permission.RECORDS_IMPORT)
def problem_file(visit: Visit, job_id: uuid.UUID) -> ResponseReturnValue:
    """The rows that an import refused, with the reason of each, to be corrected and imported again."""
    parts = read_job_file(visit.store, visit.actor, job_id, PROBLEMS)
    response = Response(stream_with_context(parts), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="refused-rows.csv"'
    return response
