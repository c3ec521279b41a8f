"""``amparo report``."""

from __future__ import annotations

import datetime
import sys
from collections.abc import Sequence
from typing import Any

import click

from amparo.admin.installation import organisation_store
from amparo.admin.printing import format_option, print_json, print_rows, table_lines
from amparo.metadata.model import Application, Report
from amparo.metadata.problems import near_name
from amparo.runtime.access import operator_actor
from amparo.runtime.errors import NotFound
from amparo.runtime.planner.days import end_of_day, today
from amparo.runtime.planner.reports import run_report
from amparo.runtime.releases.live import LiveRelease
from amparo.runtime.serializer import export_text
from amparo.runtime.transfer.tables import table_csv


@click.group("report")
def report_commands() -> None:
    """List and run an organisation's reports."""


@report_commands.command("list")
@click.argument("org")
@format_option("table", "json")
def list_reports(org: str, form: str) -> None:
    """List the reports of organisation ORG.

    \b
    Example:
      amparo report list riverside
    """
    with organisation_store(org) as store:
        reports = store.newest_release().application.reports
    print_rows(("name", "object", "label"), [(each.name, each.object, each.label) for each in reports], form)


@report_commands.command("run")
@click.argument("org")
@click.argument("report")
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="As it was at the end of that day, such as 2026-03-31.",
)
@format_option("table", "csv", "json")
def run(org: str, report: str, as_of: datetime.datetime | None, form: str) -> None:
    """Run REPORT of organisation ORG, now or as of a day.

    \b
    Example:
      amparo report run riverside cases_by_status --as-of 2026-03-31 --format csv
    """
    with organisation_store(org) as store:
        release = store.newest_release()
        instant = None if as_of is None else _end_of_past_day(release, as_of.date())
        result = run_report(store, operator_actor(), _named(release.application, report), instant)
    if form == "json":
        print_json(result.to_json())
    elif form == "csv":
        sys.stdout.buffer.write(table_csv(result.as_table()))
    else:
        for line in table_lines([_cells(row) for row in result.as_table()]):
            click.echo(line)


def _end_of_past_day(release: LiveRelease, day: datetime.date) -> datetime.datetime:
    """A day to come has no figures; today's under its name would be read as a forecast."""
    if day > today(release.time_zone, datetime.datetime.now(datetime.UTC)):
        raise click.BadParameter(
            f"{day} has not come yet. Leave the day out for today's figures.", param_hint="--as-of"
        )
    return end_of_day(release, day)


def _cells(row: Sequence[Any]) -> list[str]:
    return [cell if isinstance(cell, str) else export_text(cell) for cell in row]


def _named(application: Application, name: str) -> Report:
    """Raises :class:`NotFound` with the near name."""
    names = [report.name for report in application.reports]
    if name not in names:
        near = near_name(name, names)
        hint = f"Did you mean {near!r}?" if near else f"There are: {', '.join(names) or 'none'}."
        raise NotFound(f"There is no report {name!r}. {hint}")
    return application.reports[names.index(name)]
