"""A report's result on a page: bars and a table of figures, each figure leading to the records behind it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from babel.numbers import format_decimal
from flask_babel import gettext, ngettext

from amparo.metadata.filters import family_of
from amparo.metadata.model import FilterRow, Report
from amparo.metadata.problems import Problem
from amparo.runtime.locales import locale_of
from amparo.runtime.planner.grouping import Axis, Group
from amparo.runtime.planner.measuring import Figure
from amparo.runtime.planner.queries import subject_of
from amparo.runtime.planner.report_results import Figures, ReportResult
from amparo.runtime.web.addresses import list_url
from amparo.runtime.web.dates import day_words
from amparo.runtime.web.list_requests import checked_row
from amparo.runtime.web.typed_rows import TypedRow, row_arguments, value_text
from amparo.runtime.web.visits import Visit

#: Series that can be told apart in one bar.
MOST_SERIES = 5
#: Bars beyond this are a table.
MOST_BARS = 30
_ADDITIVE = frozenset({"count", "sum"})


def figure_words(figure: Figure, language: str) -> str:
    """A figure for people: at most two decimals, a dash for none."""
    if figure is None:
        return "–"
    if isinstance(figure, (int, float, Decimal)):
        return format_decimal(figure, "#,##0.##", locale_of(language))
    return day_words(figure, language) if hasattr(figure, "year") else str(figure)


def chart_of(visit: Visit, report: Report, result: ReportResult) -> dict[str, Any] | None:
    """Bars of the first measure, in parts where a second grouping has few groups; none with nothing to draw."""
    if not result.is_grouped or result.measures[0].function not in _ADDITIVE or result.totals[0] is None:
        # What has no total, amounts of several currencies, has no scale that bars could share.
        return None
    axis = result.axes[0]
    shown = [place for place, group in enumerate(axis.groups) if group.kind == "value"]
    longest = max((_number(_row_figures(result, place)) for place in shown), default=Decimal(0))
    if not shown or len(shown) > MOST_BARS or longest <= 0:
        return None
    series = _series(result)
    return {
        "caption": visit.words.report(report),
        "label_head": axis.label,
        "figure_head": result.measures[0].label,
        "rows": [_bar(result, place, series, longest) for place in shown],
        "series": [result.axes[1].groups[place].label for place in series],
        "missing": _missing(visit, report, result),
    }


def _row_figures(result: ReportResult, row: int) -> Figures:
    return result.row_totals[row] if len(result.axes) == 2 else result.cell(row)


def _number(figures: Figures) -> Decimal:
    value = figures[0] if figures else None
    return Decimal(value) if isinstance(value, (int, Decimal)) else Decimal(0)


def _series(result: ReportResult) -> list[int]:
    """The columns that become parts of a bar; none where one bar says it all."""
    if len(result.axes) < 2 or family_is_several(result):
        return []
    columns = range(len(result.axes[1].groups))
    return list(columns) if len(columns) <= MOST_SERIES else []


def family_is_several(result: ReportResult) -> bool:
    """Whether parts would not add up to their bar: a record stands in several groups of a selection."""
    total = sum((_number(figures) for figures in result.column_totals), Decimal(0))
    return total != _number(result.totals)


def _bar(result: ReportResult, row: int, series: Sequence[int], longest: Decimal) -> dict[str, Any]:
    figures = _row_figures(result, row)
    if series:
        parts = [
            {"series": place + 1, "percent": float(100 * _number(result.cell(row, column)) / longest)}
            for place, column in enumerate(series)
        ]
    else:
        parts = [{"series": 1, "percent": float(100 * _number(figures) / longest)}]
    return {
        "label": result.axes[0].groups[row].label,
        "text": figure_words(figures[0], result.language),
        "parts": [part for part in parts if part["percent"]],
    }


def _missing(visit: Visit, report: Report, result: ReportResult) -> dict[str, Any] | None:
    """How many records have no answer to the grouping, and where they are."""
    axis = result.axes[0]
    for place, group in enumerate(axis.groups):
        if group.kind == "blank":
            figures = _row_figures(result, place)
            counted = result.measures[0].function == "count"
            number = int(_number(figures)) if counted else 0
            url = figure_url(visit, report, result, [(axis, group)])
            text = ngettext(
                "has no answer to “%(field)s” and is not in the bars.",
                "have no answer to “%(field)s” and are not in the bars.",
                number,
                field=axis.label,
            )
            link = {"url": url, "label": gettext("See which")} if url else None
            return {"count": figure_words(number, result.language), "text": text, "link": link} if number else None
    return None


def figures_of(visit: Visit, report: Report, result: ReportResult) -> dict[str, Any]:
    """The whole table with its totals."""
    return _crossed(visit, report, result) if len(result.axes) == 2 else _one_way(visit, report, result)


def _one_way(visit: Visit, report: Report, result: ReportResult) -> dict[str, Any]:
    (axis,) = result.axes
    rows = [
        {"cells": [_head_cell(group), *_cells(visit, report, result, result.cell(place), [(axis, group)])]}
        for place, group in enumerate(axis.groups)
    ]
    return {
        "caption": visit.words.report(report),
        "heads": [{"label": axis.label, "is_group": True}, *({"label": each.label} for each in result.measures)],
        "rows": rows,
        "totals": [_total_head(), *_cells(visit, report, result, result.totals, [], is_all=True)],
    }


def _crossed(visit: Visit, report: Report, result: ReportResult) -> dict[str, Any]:
    down, across = result.axes
    rows = []
    for row, group in enumerate(down.groups):
        cells = [_head_cell(group)]
        for column, other in enumerate(across.groups):
            cells += _cells(visit, report, result, result.cell(row, column), [(down, group), (across, other)])
        cells += _cells(visit, report, result, result.row_totals[row], [(down, group)], is_all=True)
        rows.append({"cells": cells})
    totals = [_total_head()]
    for column, other in enumerate(across.groups):
        totals += _cells(visit, report, result, result.column_totals[column], [(across, other)], is_all=True)
    totals += _cells(visit, report, result, result.totals, [], is_all=True)
    return {
        "caption": visit.words.report(report),
        "heads": _crossed_heads(result, down, across),
        "rows": rows,
        "totals": totals,
    }


def _crossed_heads(result: ReportResult, down: Axis, across: Axis) -> list[dict[str, Any]]:
    heads: list[dict[str, Any]] = [{"label": down.label, "is_group": True}]
    columns = [(group.label, group.kind == "blank") for group in across.groups]
    for label, is_gap in (*columns, (gettext("All"), False)):
        for measure in result.measures:
            words = (
                label
                if len(result.measures) == 1
                else gettext("%(group)s, %(measure)s", group=label, measure=measure.label)
            )
            heads.append({"label": words, "is_gap": is_gap})
    return heads


def _head_cell(group: Group) -> dict[str, Any]:
    return {"text": group.label, "is_group": True}


def _total_head() -> dict[str, Any]:
    return {"text": gettext("All"), "is_group": True}


def _cells(
    visit: Visit,
    report: Report,
    result: ReportResult,
    figures: Figures,
    groups: Sequence[tuple[Axis, Group]],
    *,
    is_all: bool = False,
) -> list[dict[str, Any]]:
    cells = []
    is_gap = any(group.kind == "blank" for _, group in groups)
    for measure, figure in zip(result.measures, figures, strict=True):
        is_count = measure.function == "count"
        url = figure_url(visit, report, result, groups) if is_count and figure else None
        text = figure_words(figure, result.language)
        cells.append({"text": text, "url": url, "is_all": is_all, "is_gap": is_gap and is_count and bool(figure)})
    return cells


def figure_url(visit: Visit, report: Report, result: ReportResult, groups: Sequence[tuple[Axis, Group]]) -> str | None:
    """The list of the records behind a figure; none for a past day, and none for what a list cannot ask."""
    if result.as_of is not None or report.match != "all" or report.only_when is not None:
        return None
    rows = [TypedRow(row.field, row.operator, value_text(row.value)) for row in report.filters]
    for axis, group in groups:
        row = _group_row(visit, report, axis, group)
        if row is None:
            return None
        rows.append(TypedRow(row.field, row.operator, value_text(row.value)))
    definition = visit.release.object(report.object).definition
    if any(isinstance(checked_row(visit, definition, row), Problem) for row in rows):
        # The list would leave the condition out, and show others.
        return None
    arguments = {"view": "all", "match": "all"}
    for number, typed in enumerate(rows):
        arguments |= row_arguments(number, typed)
    return list_url(visit, report.object, arguments)


def _group_row(visit: Visit, report: Report, axis: Axis, group: Group) -> FilterRow | None:
    """The condition that a group stands for."""
    if group.kind == "blank":
        return FilterRow(axis.field, "is_blank")
    if group.kind == "missing":
        return FilterRow(axis.field, "has_reason", group.key)
    family = family_of(subject_of(visit.release.object(report.object), axis.field))
    if axis.by is not None:
        return FilterRow(axis.field, "in_place", [group.key]) if family == "place" and group.kind == "value" else None
    operator = {"codes": "includes_any", "instant": None, "text": "one_of"}.get(family, "equals")
    return FilterRow(axis.field, operator, group.key) if operator else None
