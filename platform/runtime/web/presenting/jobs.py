"""A job in words: how far it is, and what came of it."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext

from amparo.runtime.jobs.queueing import JobView
from amparo.runtime.jobs.states import JobState
from amparo.runtime.web.problems import said_of
from amparo.runtime.web.visits import Visit


def job_words(job: JobView) -> str:
    if job.state is JobState.WAITING:
        return gettext("Waiting to begin.")
    if job.state is JobState.RUNNING and job.total:
        return gettext("%(done)s of %(total)s rows done.", done=job.done, total=job.total)
    if job.state is JobState.RUNNING:
        return gettext("Under way: %(done)s rows done.", done=job.done)
    if job.state is JobState.DONE:
        return gettext("Done.")
    if job.state is JobState.CANCELLED:
        return gettext("Called off. What was done before stays.")
    outcome = job.outcome or {}
    why = [gettext(outcome["error"])] if "error" in outcome else []
    return " ".join([gettext("This could not be done."), *why, *map(said_of, outcome.get("refusals", ()))])


def how_far(job: JobView) -> dict[str, Any]:
    """What a page shows of a job, and its script asks for: of what was called off nothing more will come, as failed."""
    return {
        "state": "failed" if job.state is JobState.CANCELLED else job.state.value,
        "done": job.done,
        "total": job.total or 0,
        "words": job_words(job),
    }


def progress_of(visit: Visit, job: JobView, here: str, result: dict[str, str] | None = None) -> dict[str, Any]:
    """What ``macros/progress.html`` draws; ``result`` is a link once there is one."""
    return {
        **how_far(job),
        "url": here,
        "poll_url": url_for("progress.state", slug=visit.slug, job_id=job.id),
        "result": result,
    }
