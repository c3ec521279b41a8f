"""Exports as files: a list, a record with what refers to it, or everything; made beside the page."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from amparo.metadata.wording import N_
from amparo.runtime.access import Permission
from amparo.runtime.planner.queries import ListQuery
from amparo.runtime.planner.records import read_record
from amparo.runtime.transfer.export_columns import ExportForm
from amparo.runtime.transfer.export_packages import ExportFormat, organisation_tables, record_tables
from amparo.runtime.transfer.jobs import export_submission
from amparo.runtime.transfer.standard_sheet import standard_object
from amparo.runtime.web.addresses import list_url, record_url, with_arguments
from amparo.runtime.web.list_requests import read_list_request
from amparo.runtime.web.routing import Pages
from amparo.runtime.web.sessions import jobs
from amparo.runtime.web.visits import Visit
from amparo.runtime.web.widgets.base import Choice, Question

pages = Pages("exporting", __name__)

_LIST = "/o/<slug>/<object_name>/export"
_RECORD = "/o/<slug>/<object_name>/<uuid:record_id>/export"
_EVERYTHING = "/o/<slug>/jobs/export"

KINDS = {
    ExportFormat.XLSX: N_("Workbook (XLSX)"),
    ExportFormat.CSV: N_("CSV"),
    ExportFormat.ZIP: N_("CSV files, packed"),
}
FORMS = {
    ExportForm.LABELS: N_("Labels, for people to read"),
    ExportForm.CODES: N_("Codes, to be imported again"),
}
#: Of lists of the object that a line of the sheet speaks of.
STANDARD_FORM = {ExportForm.HTCDS: N_("Case sheet of the Human Trafficking Case Data Standard, a workbook")}


@pages.route(_LIST, permission=Permission.RECORDS_EXPORT)
def ask_list(visit: Visit, object_name: str) -> ResponseReturnValue:
    definition = visit.release.object(object_name).definition
    asked = read_list_request(visit, definition)
    if asked.refusals:
        return _back_to_list(visit, object_name)
    action = url_for("exporting.list_file", slug=visit.slug, object_name=object_name)
    back = with_arguments(list_url(visit, object_name), asked.arguments())
    kinds = (ExportFormat.XLSX, ExportFormat.CSV)
    forms = FORMS | STANDARD_FORM if standard_object(visit.release.application) == object_name else FORMS
    return _page(visit, visit.words.plural(definition), action, back, kinds, forms, asked.arguments())


@pages.route(_LIST, permission=Permission.RECORDS_EXPORT, methods=["POST"])
def list_file(visit: Visit, object_name: str) -> ResponseReturnValue:
    """The whole list with the columns it shows, in its order; what cannot be asked is refused, not left out."""
    asked = read_list_request(visit, visit.release.object(object_name).definition)
    if asked.refusals:
        return _back_to_list(visit, object_name)
    return _begin(visit, [asked.query])


def _back_to_list(visit: Visit, object_name: str) -> ResponseReturnValue:
    """As it was asked, so that the list says what of it is gone."""
    given = request.form if request.method == "POST" else request.args
    asked = {name: given.getlist(name) for name in given if name not in ("csrf_token", "kind", "form")}
    return redirect(with_arguments(list_url(visit, object_name), asked), 303)


@pages.route(_RECORD, permission=Permission.RECORDS_EXPORT)
def ask_record(visit: Visit, object_name: str, record_id: uuid.UUID) -> ResponseReturnValue:
    record = read_record(visit.store, visit.actor, object_name, record_id, release=visit.release)
    action = url_for("exporting.record_file", slug=visit.slug, object_name=object_name, record_id=record_id)
    back = record_url(visit, object_name, record_id)
    return _page(visit, record.name, action, back, (ExportFormat.XLSX, ExportFormat.ZIP))


@pages.route(_RECORD, permission=Permission.RECORDS_EXPORT, methods=["POST"])
def record_file(visit: Visit, object_name: str, record_id: uuid.UUID) -> ResponseReturnValue:
    read_record(visit.store, visit.actor, object_name, record_id, release=visit.release)
    return _begin(visit, record_tables(visit.release, object_name, record_id))


@pages.route(_EVERYTHING, permission=Permission.RECORDS_EXPORT)
def ask_everything(visit: Visit) -> ResponseReturnValue:
    action = url_for("exporting.everything_file", slug=visit.slug)
    back = url_for("accounts.account", slug=visit.slug)
    return _page(visit, gettext("Everything"), action, back, (ExportFormat.XLSX, ExportFormat.ZIP), up=gettext("You"))


@pages.route(_EVERYTHING, permission=Permission.RECORDS_EXPORT, methods=["POST"])
def everything_file(visit: Visit) -> ResponseReturnValue:
    return _begin(visit, organisation_tables(visit.release))


def _page(
    visit: Visit,
    subject: str,
    action: str,
    way_back: str,
    kinds: Sequence[ExportFormat],
    forms: Mapping[ExportForm, str] = FORMS,
    asked: Mapping[str, str | Sequence[str]] = MappingProxyType({}),
    up: str | None = None,
) -> str:
    """``asked`` is what the list was asked, which the form sends along: of a form only its own boxes count.

    ``up`` names the page that ``way_back`` leads to, where that is not the one of the subject.
    """
    return render_template(
        "pages/export.html",
        subject=subject,
        action=action,
        way_back=way_back,
        up=up or subject,
        hidden=[
            (name, text) for name, texts in asked.items() for text in ([texts] if isinstance(texts, str) else texts)
        ],
        questions=[
            _question("kind", gettext("Kind of file"), {each: KINDS[each] for each in kinds}),
            _question("form", gettext("What cells hold"), forms),
        ],
    )


def _question(name: str, label: str, choices: Mapping[ExportFormat, str] | Mapping[ExportForm, str]) -> Question:
    options = [Choice(each.value, gettext(words)) for each, words in choices.items()]
    return Question(
        name, f"f-{name}", label, "code", required=True, value=options[0].code, options=options, no_empty=True
    )


def _begin(visit: Visit, tables: Sequence[ListQuery]) -> ResponseReturnValue:
    try:
        kind, form = ExportFormat(request.form.get("kind", "")), ExportForm(request.form.get("form", ""))
        if form is ExportForm.HTCDS:
            kind = ExportFormat.XLSX
        submission = export_submission(visit.actor, tables, kind=kind, form=form, language=visit.language)
    except ValueError:
        return redirect(request.full_path, 303)
    job = jobs().submit(visit.store, visit.actor, *submission)
    return redirect(url_for("progress.job", slug=visit.slug, job_id=job), 303)
