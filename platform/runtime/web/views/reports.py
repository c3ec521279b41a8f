"""Reports: the list of them, a result, and the result as a file."""

from __future__ import annotations

from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from amparo.metadata.model import Report
from amparo.runtime.access import Permission
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
    return render_template("pages/reports.html", visit=visit, groups=groups)


def _item(visit: Visit, report: Report) -> dict[str, Any]:
    return {
        "text": visit.words.report(report),
        "url": url_for("reports.report", slug=visit.slug, report_name=report.name),
        "note": visit.words.report_help(report),
        "icon": "chart",
    }


@pages.route("/o/<slug>/reports/<report_name>", permission=Permission.REPORTS_RUN)
def report(visit: Visit, report_name: str) -> ResponseReturnValue:
    raise NotImplementedError
