"""Rows in a form, as ``macros/rows.html`` draws them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask_babel import gettext

from amparo.runtime.access import Permission
from amparo.runtime.web.entries import ACKNOWLEDGE
from amparo.runtime.web.presenting.form_scripts import form_script
from amparo.runtime.web.presenting.forms import (
    Draft,
    SummaryLine,
    question_in,
    rule_warning,
    sentence_about,
    told_by_field,
)
from amparo.runtime.web.presenting.questions import anchor_of
from amparo.runtime.web.problems import said
from amparo.runtime.web.rows import Row, RowGroup
from amparo.runtime.web.visits import Visit
from amparo.runtime.web.widgets.base import Question

#: Stands for the number of a row that script adds.
ANY_NUMBER = "{n}"


@dataclass(frozen=True)
class RowView:
    """``hidden`` and ``acknowledged`` are its boxes beside the questions; ``errors`` are about no question of it."""

    anchor: str
    legend: str
    remove_name: str
    questions: Sequence[Question]
    hidden: Mapping[str, str]
    acknowledged: Sequence[tuple[str, str]]
    conditions: Mapping[str, Any] | None
    is_removed: bool
    is_added: bool
    errors: Sequence[str]


@dataclass(frozen=True)
class RowSection:
    """``pattern`` is a row that script copies; None where no row may be added."""

    anchor: str
    name: str
    label: str
    one: str
    rows: Sequence[RowView]
    pattern: RowView | None
    may_remove: bool
    has_more: bool
    answered: int
    has_problem: bool


def row_sections(visit: Visit, draft: Draft) -> list[RowSection]:
    return [_section(visit, group) for group in draft.groups]


def takes_files(sections: Sequence[RowSection]) -> bool:
    """Whether a row, or one that script adds, asks for a file."""
    rows = [row for each in sections for row in (*each.rows, *([each.pattern] if each.pattern else ()))]
    return any(question.widget == "file" for row in rows for question in row.questions)


def row_links(sections: Sequence[RowSection]) -> list[dict[str, object]]:
    """Their lines in the list of the form's contents."""
    return [
        {"url": f"#{each.anchor}", "label": each.label, "figure": str(each.answered), "is_late": each.has_problem}
        for each in sections
    ]


def _section(visit: Visit, group: RowGroup) -> RowSection:
    may_add = visit.actor.may(Permission.RECORDS_CREATE)
    return RowSection(
        f"rows-{group.related.object}-{group.related.field}",
        group.name,
        visit.words.plural(group.definition),
        visit.words.object_inside(group.definition),
        [_row(visit, group, row, str(row.number), place) for place, row in enumerate(group.rows, start=1)],
        _row(visit, group, group.blank(visit, 0), ANY_NUMBER, None) if may_add else None,
        visit.actor.may(Permission.RECORDS_DELETE),
        group.has_more,
        sum(not row.is_blank for row in group.rows),
        any(row.problems for row in group.rows),
    )


def _row(visit: Visit, group: RowGroup, row: Row, number: str, place: int | None) -> RowView:
    prefix = group.prefix(number)
    draft = _draft(group, row)
    told = told_by_field(visit, draft, row.problems)
    asked = {each.name for each in group.fields}
    return RowView(
        _anchor(group, number),
        f"{visit.words.object(group.definition)} {place}" if place else visit.words.object(group.definition),
        f"{prefix}remove",
        [
            _prefixed(question_in(visit, draft, each, told[each.name]), prefix, group, number)
            for each in group.fields
            if each.name in row.entries
        ],
        {
            f"{prefix}shown_": row.shown,
            f"{prefix}record": str(row.record or ""),
            f"{prefix}version": str(row.version),
        },
        [(f"{prefix}{ACKNOWLEDGE}", rule) for rule in sorted(row.acknowledged)],
        form_script(visit, group.definition, group.fields, None, None, prefix=prefix, is_row=True),
        row.is_removed,
        row.is_added,
        [said(problem) for problem in row.problems if problem.path not in asked],
    )


def _draft(group: RowGroup, row: Row) -> Draft:
    return Draft(group.definition, row.entries, record=row.record, labels=row.labels, finding=row.finding)


def _anchor(group: RowGroup, number: str) -> str:
    return anchor_of(f"{group.related.object}-{group.related.field}-{number}")


def _prefixed(question: Question, prefix: str, group: RowGroup, number: str) -> Question:
    control = f"{prefix}{question.control}" if question.control else ""
    own = question.id.removeprefix("f-")
    return replace(question, name=f"{prefix}{question.name}", id=f"{_anchor(group, number)}-{own}", control=control)


def row_summary(visit: Visit, draft: Draft) -> Iterator[SummaryLine]:
    """Every problem of a row, with a link to its box or to the row."""
    for group in draft.groups:
        asked = {each.name: visit.words.field(each).label for each in group.fields}
        for place, row in enumerate(group.rows, start=1):
            for problem in row.problems:
                legend = f"{visit.words.object(group.definition)} {place}"
                if problem.path in asked:
                    legend = gettext("%(row)s, %(field)s", row=legend, field=asked[problem.path])
                anchor = _anchor(group, str(row.number))
                anchor = f"{anchor}-{problem.path}" if problem.path in asked else anchor
                words = sentence_about(visit, _draft(group, row), problem)
                box = f"{group.prefix(row.number)}{ACKNOWLEDGE}"
                yield SummaryLine(legend, words, anchor, rule_warning(problem), box)
