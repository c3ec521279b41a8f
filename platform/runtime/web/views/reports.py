"""Reports: the list of them, a result, and the result as a file."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import Response, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from amparo.metadata.model import Report
from amparo.metadata.problems import Problem
from amparo.metadata.wording import N_
from amparo.runtime.access import Permission
from amparo.runtime.errors import InvalidAnswers, NotFound
from amparo.runtime.planner.days import end_of_day
from amparo.runtime.planner.report_results import ReportResult
from amparo.runtime.planner.reports import run_report
from amparo.runtime.transfer.tables import table_csv
from amparo.runtime.web.addresses import with_arguments
from amparo.runtime.web.dates import day_words
from amparo.runtime.web.days_asked import read_past_day
from amparo.runtime.web.presenting.lists import Table, heading_field, list_table
from amparo.runtime.web.presenting.only_when import only_when_words
from amparo.runtime.web.presenting.reports import chart_of, figures_of
from amparo.runtime.web.routing import Pages
from amparo.runtime.web.visits import Visit

pages = Pages("reports", __name__)


@pages.route("/o/<slug>/reports/", permission=Permission.REPORTS_RUN)
def report_list(visit: Visit) -> ResponseReturnValue:
    """By object, in the order of the navigation."""
    application = visit.release.application
    order = [*application.navigation, *(name for name in application.objects if name not in application.navigation)]
    groups = [
        {
            "label": visit.words.plural(application.objects[name]),
            "reports": [_item(visit, report) for report in application.reports_of(name)],
        }
        for name in order
        if application.reports_of(name)
    ]
    return render_template("pages/reports.html", groups=groups)


def _item(visit: Visit, report: Report) -> dict[str, Any]:
    return {
        "text": visit.words.report(report),
        "url": url_for("reports.report", slug=visit.slug, report_name=report.name),
        "note": visit.words.report_help(report),
        "icon": "chart",
    }


@pages.route("/o/<slug>/reports/<report_name>", permission=Permission.REPORTS_RUN)
def report(visit: Visit, report_name: str) -> ResponseReturnValue:
    """The result first; what is behind each figure is a link away."""
    found = _find_report(visit, report_name)
    day, refusal = read_past_day(request.args.get("as_of", ""), visit.today)
    result = _run(visit, found, day)
    definition = visit.release.object(found.object).definition
    plural = visit.words.plural(definition)
    asked = {"as_of": day.isoformat()} if day else {}
    page = render_template(
        "pages/report.html",
        title=visit.words.report(found),
        help=visit.words.report_help(found),
        only_when=only_when_words(visit, found.object, found.only_when),
        result=result,
        headline=gettext("%(objects)s: %(number)s", objects=plural, number=result.count),
        chart=chart_of(visit, found, result),
        figures=figures_of(visit, found, result) if result.is_grouped else None,
        table=_records_table(visit, found, result),
        day=day_words(day, visit.language) if day else None,
        asked_day=(day or visit.today).isoformat(),
        today=visit.today.isoformat(),
        refusal=refusal,
        own_url=url_for("reports.report", slug=visit.slug, report_name=found.name),
        list_url=url_for("reports.report_list", slug=visit.slug),
        csv_url=_file_url(visit, found, "reports.report_csv", asked),
        json_url=_file_url(visit, found, "reports.report_json", asked),
    )
    return page, 422 if refusal else 200


def _records_table(visit: Visit, found: Report, result: ReportResult) -> Table | None:
    if result.is_grouped:
        return None
    definition = visit.release.object(found.object).definition
    heading = heading_field(visit.release, found.object)
    heading = heading if heading in found.columns else definition.name_field
    caption = visit.words.plural(definition)
    return list_table(visit, definition, found.columns, result.records, caption=caption, heading=heading)


def _find_report(visit: Visit, name: str) -> Report:
    for found in visit.release.application.reports:
        if found.name == name:
            return found
    raise NotFound(N_("There is no such report."))


def _run(visit: Visit, found: Report, day: dt.date | None) -> ReportResult:
    instant = end_of_day(visit.release, day) if day else None
    return run_report(visit.store, visit.actor, found, instant, language=visit.language)


def _file_url(visit: Visit, found: Report, endpoint: str, asked: dict[str, str]) -> str | None:
    """Records leave only with those who may export; figures with everybody who may see them."""
    if not found.groupings and not visit.actor.may(Permission.RECORDS_EXPORT):
        return None
    return with_arguments(url_for(endpoint, slug=visit.slug, report_name=found.name), asked)


@pages.route("/o/<slug>/reports/<report_name>.csv", permission=Permission.REPORTS_RUN)
def report_csv(visit: Visit, report_name: str) -> ResponseReturnValue:
    result = _result_as_file(visit, report_name)
    response = Response(table_csv(result.as_table()), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{report_name}.csv"'
    return response


@pages.route("/o/<slug>/reports/<report_name>.json", permission=Permission.REPORTS_RUN)
def report_json(visit: Visit, report_name: str) -> ResponseReturnValue:
    return jsonify(_result_as_file(visit, report_name).to_json())


def _result_as_file(visit: Visit, report_name: str) -> ReportResult:
    found = _find_report(visit, report_name)
    if not found.groupings:
        visit.actor.require(Permission.RECORDS_EXPORT)
    day, refusal = read_past_day(request.args.get("as_of", ""), visit.today)
    if refusal:
        raise InvalidAnswers([Problem("not_a_day", "as_of", request.args["as_of"], N_("Ask for a day that is past."))])
    return _run(visit, found, day)
