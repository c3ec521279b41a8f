"""Import: a file, what its columns mean, a trial run, the run, and what came of it.

The file is kept, sealed, with the job of its trial; every correction is a new
trial of the same file, so nothing has to be sent twice.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from amparo.metadata.model import ObjectDefinition
from amparo.metadata.rules.judging import WARNING
from amparo.metadata.wording import N_
from amparo.runtime.access import Permission
from amparo.runtime.errors import InvalidAnswers, NotFound
from amparo.runtime.jobs.queueing import JobView, job_content, read_job
from amparo.runtime.transfer.jobs import (
    IMPORT,
    INPUT,
    MAPPING,
    PROBLEM_FILES,
    RELEASE,
    REPORT,
    import_submission,
)
from amparo.runtime.transfer.mapping import ImportMapping
from amparo.runtime.transfer.mapping_checks import check_mapping
from amparo.runtime.transfer.mapping_files import mapping_from
from amparo.runtime.transfer.opened_table import TableChoice, TableFile
from amparo.runtime.transfer.opening import guess_from, open_file
from amparo.runtime.transfer.saved_mappings import save_mapping, saved_mapping
from amparo.runtime.transfer.standard_sheet import standard_object
from amparo.runtime.web.addresses import list_url
from amparo.runtime.web.import_forms import (
    Trial,
    corrected_mapping,
    samples_of,
    says_columns,
    sent_file,
    table_chosen,
    was_tried,
)
from amparo.runtime.web.presenting.import_choices import (
    file_question,
    kind_questions,
    match_questions,
    object_questions,
    table_questions,
)
from amparo.runtime.web.presenting.import_outcomes import object_counts, refusal_causes
from amparo.runtime.web.presenting.imports import column_questions
from amparo.runtime.web.presenting.jobs import progress_of
from amparo.runtime.web.problems import said
from amparo.runtime.web.routing import Pages
from amparo.runtime.web.sessions import jobs
from amparo.runtime.web.visits import Visit

pages = Pages("imports", __name__)


@pages.route("/o/<slug>/<object_name>/import", permission=Permission.RECORDS_IMPORT)
def choose_file(visit: Visit, object_name: str) -> ResponseReturnValue:
    return _file_page(visit, visit.release.object(object_name).definition)


def _file_page(visit: Visit, definition: ObjectDefinition, errors: Sequence[str] = ()) -> str:
    return render_template(
        "pages/import_file.html",
        plural=visit.words.plural(definition),
        question=file_question(_file_words(visit, definition), errors),
        action=url_for("imports.take_file", slug=visit.slug, object_name=definition.name),
        way_back=list_url(visit, definition.name),
    )


def _file_words(visit: Visit, definition: ObjectDefinition) -> str:
    words = gettext("A workbook (XLSX, XLS or ODS) or a CSV file, with a row that names its columns.")
    if standard_object(visit.release.application) != definition.name:
        return words
    sheet = gettext("The case sheet of the Human Trafficking Case Data Standard is recognised.")
    return f"{words} {sheet}"


@pages.route("/o/<slug>/<object_name>/import", permission=Permission.RECORDS_IMPORT, methods=["POST"])
def take_file(visit: Visit, object_name: str) -> ResponseReturnValue:
    """Reads the file, guesses what its columns mean, and begins a trial with that."""
    definition = visit.release.object(object_name).definition
    try:
        content = sent_file()
        file = open_file(visit.store, object_name, content)
        mapping = _first_mapping(visit, object_name, file)
    except InvalidAnswers as refusal:
        return _file_page(visit, definition, [said(problem) for problem in refusal.problems]), 422
    return _begin(visit, object_name, content, mapping, dry_run=True)


def _first_mapping(visit: Visit, object_name: str, file: TableFile) -> ImportMapping:
    """The one last used for a file with the same columns, else a guess."""
    kept = saved_mapping(visit.store, visit.actor, object_name, file.header)
    return replace(kept, table=file.choice) if kept else guess_from(visit.store, object_name, file)


def _begin(
    visit: Visit, object_name: str, content: bytes, mapping: ImportMapping, *, dry_run: bool
) -> ResponseReturnValue:
    accepts = True if "accept_warnings" in request.form else None
    submission = import_submission(visit.actor, object_name, content, mapping, dry_run=dry_run, accept_warnings=accepts)
    job = jobs().submit(visit.store, visit.actor, *submission)
    return redirect(url_for("imports.imported", slug=visit.slug, object_name=object_name, job_id=job), 303)


def _trial(visit: Visit, object_name: str, job_id: uuid.UUID) -> Trial:
    job = _import_job(visit, object_name, job_id)
    content = job_content(visit.store, visit.actor, job.id, INPUT)
    mapping = mapping_from(json.loads(job_content(visit.store, visit.actor, job.id, MAPPING)))
    return Trial(job, content, open_file(visit.store, object_name, content, mapping.table), mapping)


def _import_job(visit: Visit, object_name: str, job_id: uuid.UUID) -> JobView:
    job = read_job(visit.store, visit.actor, job_id)
    if job.kind != IMPORT.name or job.payload["object"] != object_name:
        raise NotFound(N_("There is no such job among yours."))
    return job


@pages.route("/o/<slug>/<object_name>/import/<uuid:job_id>", permission=Permission.RECORDS_IMPORT)
def imported(visit: Visit, object_name: str, job_id: uuid.UUID) -> ResponseReturnValue:
    """Progress while it runs; then the mapping to correct after a trial, or what came of the import."""
    job = _import_job(visit, object_name, job_id)
    definition = visit.release.object(object_name).definition
    here = url_for("imports.imported", slug=visit.slug, object_name=object_name, job_id=job_id)
    common = {
        "plural": visit.words.plural(definition),
        "way_back": list_url(visit, object_name),
        "own_url": here,
    }
    if not job.is_over:
        return render_template(
            "pages/import_progress.html",
            job=progress_of(visit, job, here),
            cancel_url=url_for("progress.cancel", slug=visit.slug, job_id=job_id),
            **common,
        )
    report = _report(visit, job)
    if job.payload["dry_run"]:
        return _mapping_page(visit, definition, _trial(visit, object_name, job_id), report, common)
    return render_template(
        "pages/import_outcome.html",
        is_emptied=job.is_emptied,
        job=progress_of(visit, job, here),
        report=report,
        counts=object_counts(visit, report),
        causes=refusal_causes(visit, report),
        problems_url=_problems_url(visit, job),
        undo_url=url_for("undoing.undo", slug=visit.slug, object_name=object_name, job_id=job_id),
        **common,
    )


def _report(visit: Visit, job: JobView) -> Mapping[str, Any]:
    """What came of it; nothing where it failed."""
    return json.loads(job_content(visit.store, visit.actor, job.id, REPORT)) if REPORT in job.files else {}


def _problems_url(visit: Visit, job: JobView) -> str | None:
    """The refused rows in the kind of file they came in, where there are any."""
    name = next((name for name in PROBLEM_FILES if name in job.files), None)
    return url_for("progress.problem_file", slug=visit.slug, job_id=job.id, name=name) if name else None


def _mapping_page(
    visit: Visit, definition: ObjectDefinition, trial: Trial, report: Mapping[str, Any], common: Mapping[str, Any]
) -> str:
    problems = check_mapping(visit.release, definition.name, trial.mapping, trial.file.header)
    samples = samples_of(trial)
    for cause in report.get("causes", ()):
        if cause["kind"] == "short_year" and cause["column"] in samples:
            # What is to be asked of a column may stand further down than the rows that are looked at.
            samples[cause["column"]] += [each["value"] for each in cause["values"]]
    return render_template(
        "pages/import_mapping.html",
        columns=column_questions(visit, definition, trial.file.header, trial.mapping, samples),
        problems=[said(problem) for problem in problems],
        notices=[said(notice) for notice in trial.file.notices],
        table_questions=table_questions(trial.file),
        has_others=bool(trial.mapping.others),
        object_questions=object_questions(visit, definition, trial.mapping),
        match_questions=match_questions(visit, definition, trial.mapping),
        kind_questions=kind_questions(visit, definition, trial.mapping),
        report=report,
        accepts_warnings=trial.job.payload.get("accept_warnings"),
        has_warnings=any(each["kind"] == WARNING for each in report.get("causes", ())),
        counts=object_counts(visit, report),
        causes=refusal_causes(visit, report),
        problems_url=_problems_url(visit, trial.job),
        can_run=bool(report.get("acceptable")) and not problems,
        **common,
    )


@pages.route("/o/<slug>/<object_name>/import/<uuid:job_id>", permission=Permission.RECORDS_IMPORT, methods=["POST"])
def go_on(visit: Visit, object_name: str, job_id: uuid.UUID) -> ResponseReturnValue:
    """Another trial with a corrected mapping, or the import itself with the mapping of the trial.

    Whoever goes on to import sees a trial first of what they chose since, and of definitions that were published since:
    a name may be that of another field by now.
    """
    trial = _trial(visit, object_name, job_id)
    definition = visit.release.object(object_name).definition
    is_run = "run" in request.form
    if is_run and not says_columns():
        return _run(visit, object_name, trial)
    if (table := table_chosen(trial)) != trial.file.choice:
        return _begin_with_table(visit, object_name, trial, table)
    chosen = corrected_mapping(visit, definition, trial)
    if is_run and was_tried(chosen, trial):
        return _run(visit, object_name, trial)
    return _begin(visit, object_name, trial.content, chosen, dry_run=True)


def _run(visit: Visit, object_name: str, trial: Trial) -> ResponseReturnValue:
    if _report(visit, trial.job).get(RELEASE) != visit.release.number:
        return _begin(visit, object_name, trial.content, trial.mapping, dry_run=True)
    save_mapping(visit.store, visit.actor, object_name, trial.file.header, trial.mapping)
    return _begin(visit, object_name, trial.content, trial.mapping, dry_run=False)


def _begin_with_table(visit: Visit, object_name: str, trial: Trial, table: TableChoice) -> ResponseReturnValue:
    try:
        file = open_file(visit.store, object_name, trial.content, table)
    except InvalidAnswers as refusal:
        definition = visit.release.object(object_name).definition
        return _file_page(visit, definition, [said(problem) for problem in refusal.problems]), 422
    mapping = _first_mapping(visit, object_name, file)
    return _begin(visit, object_name, trial.content, mapping, dry_run=True)
