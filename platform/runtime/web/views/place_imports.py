"""A table of places: what it would add, change and close, or what is wrong with it; then taken whole."""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from amparo.metadata.wording import N_
from amparo.runtime.access import Permission
from amparo.runtime.errors import InvalidAnswers, NotFound
from amparo.runtime.jobs.queueing import JobView, job_content, read_job
from amparo.runtime.places.files import STALE, open_places
from amparo.runtime.places.jobs import PLACES as PLACES_JOB
from amparo.runtime.places.jobs import taking_of_places, trial_of_places
from amparo.runtime.transfer.jobs import INPUT, REPORT, Submission
from amparo.runtime.web.import_forms import sent_file
from amparo.runtime.web.presenting.import_choices import file_question
from amparo.runtime.web.presenting.jobs import progress_of
from amparo.runtime.web.presenting.places import changes_listed, place_url, problems_listed
from amparo.runtime.web.problems import said
from amparo.runtime.web.routing import Pages
from amparo.runtime.web.sessions import jobs
from amparo.runtime.web.views.places import PLACES
from amparo.runtime.web.visits import Visit

pages = Pages("place_imports", __name__)


@pages.route(f"{PLACES}/import", permission=Permission.PLACES_MANAGE)
def choose_file(visit: Visit) -> ResponseReturnValue:
    return _file_page(visit)


def _file_page(visit: Visit, errors: Sequence[str] = ()) -> str:
    words = gettext(
        "A workbook or a CSV file with the columns code, parent, level and name, one place a row. Places that are "
        "not in it stay as they are."
    )
    return render_template(
        "pages/import_file.html",
        plural=gettext("Places"),
        question=file_question(words, errors),
        action=url_for("place_imports.take_file", slug=visit.slug),
        way_back=place_url(visit),
    )


@pages.route(f"{PLACES}/import", permission=Permission.PLACES_MANAGE, methods=["POST"])
def take_file(visit: Visit) -> ResponseReturnValue:
    try:
        content = sent_file()
        open_places(content)
    except InvalidAnswers as refusal:
        return _file_page(visit, [said(problem) for problem in refusal.problems]), 422
    return _begin(visit, trial_of_places(visit.actor, content))


def _begin(visit: Visit, submission: Submission) -> ResponseReturnValue:
    job = jobs().submit(visit.store, visit.actor, *submission)
    return redirect(url_for("place_imports.imported", slug=visit.slug, job_id=job), 303)


@pages.route(f"{PLACES}/import/<uuid:job_id>", permission=Permission.PLACES_MANAGE)
def imported(visit: Visit, job_id: uuid.UUID) -> ResponseReturnValue:
    """Progress while it runs; then what would change, or what was changed."""
    job = _import_job(visit, job_id)
    here = url_for("place_imports.imported", slug=visit.slug, job_id=job_id)
    common = {"plural": gettext("Places"), "way_back": place_url(visit)}
    shown = progress_of(visit, job, here)
    if not job.is_over:
        cancel_url = url_for("progress.cancel", slug=visit.slug, job_id=job_id)
        return render_template("pages/import_progress.html", job=shown, cancel_url=cancel_url, **common)
    report = _report(visit, job)
    return render_template(
        "pages/places_outcome.html",
        job=shown,
        is_trial=job.payload["dry_run"],
        report=report,
        is_stale=report is not None and [each["kind"] for each in report["problems"]] == [STALE],
        listed=changes_listed(visit, report or {}),
        problems=problems_listed(report) if report else [],
        own_url=here,
        again_url=url_for("place_imports.choose_file", slug=visit.slug),
        **common,
    )


def _import_job(visit: Visit, job_id: uuid.UUID) -> JobView:
    job = read_job(visit.store, visit.actor, job_id)
    if job.kind != PLACES_JOB.name:
        raise NotFound(N_("There is no such job among yours."))
    return job


def _report(visit: Visit, job: JobView) -> dict[str, Any] | None:
    if REPORT not in job.files:
        return None
    report: dict[str, Any] = json.loads(job_content(visit.store, visit.actor, job.id, REPORT))
    return report


@pages.route(f"{PLACES}/import/<uuid:job_id>", permission=Permission.PLACES_MANAGE, methods=["POST"])
def take(visit: Visit, job_id: uuid.UUID) -> ResponseReturnValue:
    """Brings in the file of a trial; ``again`` tries it again."""
    job = _import_job(visit, job_id)
    content = job_content(visit.store, visit.actor, job.id, INPUT)
    if request.form.get("again") == "1":
        return _begin(visit, trial_of_places(visit.actor, content))
    return _begin(visit, taking_of_places(visit.actor, content, _report(visit, job) or {}))
