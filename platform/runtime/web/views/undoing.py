"""Undoing an import: the question, the work, and what was left alone."""

from __future__ import annotations

import uuid

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from amparo.metadata.wording import N_
from amparo.runtime.access import Permission
from amparo.runtime.errors import NotFound
from amparo.runtime.jobs.queueing import JobView, job_content, read_job
from amparo.runtime.transfer.jobs import IMPORT, KEPT, UNDO_IMPORT, undo_submission
from amparo.runtime.web.addresses import list_url
from amparo.runtime.web.presenting.jobs import progress_of
from amparo.runtime.web.presenting.undoing import kept_records
from amparo.runtime.web.routing import Pages
from amparo.runtime.web.sessions import jobs
from amparo.runtime.web.visits import Visit

pages = Pages("undoing", __name__)

_UNDO = "/o/<slug>/<object_name>/import/<uuid:job_id>/undo"


@pages.route(_UNDO, permission=Permission.RECORDS_IMPORT)
def ask_undo(visit: Visit, object_name: str, job_id: uuid.UUID) -> ResponseReturnValue:
    """What undoing would do, and the question."""
    job = _job(visit, object_name, job_id, IMPORT.name)
    definition = visit.release.object(object_name).definition
    here = url_for("imports.imported", slug=visit.slug, object_name=object_name, job_id=job.id)
    return render_template(
        "pages/import_undo.html",
        plural=visit.words.plural(definition),
        own_url=url_for("undoing.undo", slug=visit.slug, object_name=object_name, job_id=job.id),
        way_back=here,
    )


@pages.route(_UNDO, permission=Permission.RECORDS_IMPORT, methods=["POST"])
def undo(visit: Visit, object_name: str, job_id: uuid.UUID) -> ResponseReturnValue:
    job = _job(visit, object_name, job_id, IMPORT.name)
    undoing = jobs().submit(visit.store, visit.actor, *undo_submission(visit.actor, object_name, job.id))
    return redirect(url_for("undoing.undone", slug=visit.slug, object_name=object_name, job_id=undoing), 303)


@pages.route("/o/<slug>/<object_name>/import/undone/<uuid:job_id>", permission=Permission.RECORDS_IMPORT)
def undone(visit: Visit, object_name: str, job_id: uuid.UUID) -> ResponseReturnValue:
    """How far undoing is; then what it did, and which records it left alone."""
    job = _job(visit, object_name, job_id, UNDO_IMPORT.name)
    here = url_for("undoing.undone", slug=visit.slug, object_name=object_name, job_id=job_id)
    kept = job_content(visit.store, visit.actor, job.id, KEPT).decode() if KEPT in job.files else ""
    return render_template(
        "pages/import_undone.html",
        plural=visit.words.plural(visit.release.object(object_name).definition),
        way_back=list_url(visit, object_name),
        job=progress_of(visit, job, here),
        report=job.outcome if job.is_over and job.outcome and "deleted" in job.outcome else None,
        kept=kept_records(visit, kept),
    )


def _job(visit: Visit, object_name: str, job_id: uuid.UUID, kind: str) -> JobView:
    job = read_job(visit.store, visit.actor, job_id)
    if job.kind != kind or job.payload["object"] != object_name:
        raise NotFound(N_("There is no such job among yours."))
    return job
