"""Reports against the same figures counted in Python."""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from amparo.metadata.missing import Missing
from amparo.metadata.model import FilterRow, Grouping, Measure, Report, Sort
from amparo.runtime.access import Actor, Role
from amparo.runtime.errors import InvalidAnswers
from amparo.runtime.planner import reports
from amparo.runtime.planner.completeness import blank_answers
from amparo.runtime.planner.report_results import ReportResult
from amparo.runtime.planner.reports import run_report
from amparo.runtime.records import service
from amparo.runtime.records.changes import Change
from amparo.runtime.stores.organisation import OrganisationStore
from factories.population import Population

pytestmark = pytest.mark.every_database

ZONE = ZoneInfo("Asia/Kathmandu")
EMPTY = Report("report.r", "r", "person", "People", "", (), (), (), (), "all", ())
MEASURES = (
    Measure("count"),
    Measure("sum", "debt"),
    Measure("average", "debt"),
    Measure("minimum", "children"),
    Measure("maximum", "born"),
    Measure("average", "children"),
)
GROUPINGS = (
    Grouping("gender"),
    Grouping("languages"),
    Grouping("safe"),
    Grouping("children"),
    Grouping("debt"),
    Grouping("nickname"),
    Grouping("born", "month"),
    Grouping("born", "quarter"),
    Grouping("born", "year"),
    Grouping("met_at", "month"),
    Grouping("met_at", "quarter"),
    Grouping("friend"),
    Grouping("owner"),
    Grouping("record_type"),
    Grouping("created_at", "month"),
)
Keys = list[tuple[str, Any]]


def keys_of(answers: dict[str, Any], grouping: Grouping) -> Keys:
    """The groups that a record counts in, as (kind, key in JSON)."""
    answer = answers[grouping.field]
    if answer is None:
        return [("blank", None)]
    if isinstance(answer, Missing):
        return [("missing", answer.value)]
    if isinstance(answer, tuple):
        return [("value", code) for code in answer]
    if grouping.by is not None:
        return [("value", period_of(answer, grouping.by))]
    return [("value", answer if isinstance(answer, bool | int | str) else str(answer))]


def period_of(answer: dt.date | dt.datetime, by: str) -> str:
    day = answer.astimezone(ZONE).date() if isinstance(answer, dt.datetime) else answer
    return {
        "month": f"{day.year}-{day.month:02}",
        "quarter": f"{day.year}-Q{(day.month + 2) // 3}",
        "year": f"{day.year}",
    }[by]


def figures_of(people: Iterable[dict[str, Any]]) -> tuple[Any, ...]:
    people = list(people)

    def values(name: str) -> list[Any]:
        return [a[name] for a in people if a[name] is not None and not isinstance(a[name], Missing)]

    debts, children, born = values("debt"), values("children"), values("born")
    return (
        len(people),
        sum(debts, Decimal(0)),
        average(debts, "0.0001"),
        min(children, default=None),
        max(born, default=None),
        average(children, "0.01"),
    )


def average(values: list[Any], unit: str) -> Decimal | None:
    return (Decimal(sum(values)) / len(values)).quantize(Decimal(unit), ROUND_HALF_UP) if values else None


def report(*groupings: Grouping, measures: tuple[Measure, ...] = MEASURES, **others: Any) -> Report:
    return replace(EMPTY, groupings=groupings, measures=measures, **others)


def groups(result: ReportResult, axis: int) -> Keys:
    return [(group.kind, group.key) for group in result.axes[axis].groups]


@pytest.mark.parametrize("grouping", GROUPINGS, ids=lambda g: f"{g.field}-{g.by}")
def test_each_grouping_gives_the_figures_python_counts(
    population: Population, caseworker: Actor, grouping: Grouping
) -> None:
    result = run_report(population.store, caseworker, report(grouping))
    expected = defaultdict(list)
    for answers in population.people.values():
        for key in keys_of(answers, grouping):
            expected[key].append(answers)
    found = {key: result.cell(row) for row, key in enumerate(groups(result, 0)) if result.cell(row)[0]}
    assert found == {key: figures_of(people) for key, people in expected.items()}
    assert result.totals == figures_of(population.people.values())
    assert result.count == len(population.people)


@pytest.mark.parametrize(
    ("down", "across"),
    [
        (Grouping("gender"), Grouping("born", "month")),
        (Grouping("languages"), Grouping("safe")),
        (Grouping("met_at", "quarter"), Grouping("owner")),
        (Grouping("languages"), Grouping("gender")),
        (Grouping("record_type"), Grouping("children")),
    ],
    ids=lambda g: f"{g.field}-{g.by}",
)
def test_cross_tables_and_their_totals_add_up(
    population: Population, caseworker: Actor, down: Grouping, across: Grouping
) -> None:
    result = run_report(population.store, caseworker, report(down, across))
    cells, rows, columns = defaultdict(list), defaultdict(list), defaultdict(list)
    for answers in population.people.values():
        for row in keys_of(answers, down):
            rows[row].append(answers)
            for column in keys_of(answers, across):
                cells[row, column].append(answers)
        for column in keys_of(answers, across):
            columns[column].append(answers)
    names = groups(result, 0), groups(result, 1)
    assert {(names[0][r], names[1][c]): figures for (r, c), figures in result.cells.items()} == {
        key: figures_of(people) for key, people in cells.items()
    }
    nothing = figures_of([])
    assert result.row_totals == tuple(figures_of(rows[key]) if key in rows else nothing for key in names[0])
    assert result.column_totals == tuple(figures_of(columns[key]) if key in columns else nothing for key in names[1])
    assert result.totals == figures_of(population.people.values())


def test_options_stand_in_their_own_order_then_reasons_then_blank(population: Population, caseworker: Actor) -> None:
    result = run_report(population.store, caseworker, report(Grouping("gender")))
    order = [("value", "female"), ("value", "male"), ("value", "other"), ("missing", "unknown"), ("missing", "refused")]
    assert groups(result, 0) == [*order, ("blank", None)]
    assert [group.label for group in result.axes[0].groups] == [
        "Female",
        "Male",
        "Other",
        "Unknown",
        "Refused",
        "Blank",
    ]


def test_months_without_records_are_there_with_nothing(store: OrganisationStore, operator: Actor) -> None:
    for day in ("2024-11-30", "2025-02-01"):
        service.create(store, operator, "person", {"name": "x", "born": day, "debt": "1.10"})
    result = run_report(store, operator, report(Grouping("born", "month")))
    assert [group.key for group in result.axes[0].groups] == ["2024-11", "2024-12", "2025-01", "2025-02"]
    assert [result.cell(row)[:3] for row in range(4)] == [
        (1, Decimal("1.10"), Decimal("1.1000")),
        (0, Decimal(0), None),
        (0, Decimal(0), None),
        (1, Decimal("1.10"), Decimal("1.1000")),
    ]


def test_sums_are_exact_where_64_bits_would_overflow(store: OrganisationStore, operator: Actor) -> None:
    most = 2**63 - 1
    changes = [Change({"name": "x", "children": number, "debt": "9999999999999999.99"}) for number in (most, most, -5)]
    service.save(store, operator, "person", changes)
    measures = (Measure("sum", "children"), Measure("average", "children"), Measure("sum", "debt"))
    result = run_report(store, operator, report(Grouping("gender"), measures=measures))
    assert result.totals == (
        Decimal(2 * most - 5),
        (Decimal(2 * most - 5) / 3).quantize(Decimal("0.01"), ROUND_HALF_UP),
        Decimal("29999999999999999.97"),
    )


def test_a_report_filters_before_it_counts(population: Population, caseworker: Actor) -> None:
    rows = (FilterRow("gender", "equals", "female"), FilterRow("safe", "equals", "true"))
    wanted = [a for a in population.people.values() if a["gender"] == "female" or a["safe"] is True]
    result = run_report(population.store, caseworker, report(Grouping("owner"), filters=rows, match="any"))
    assert result.totals == figures_of(wanted)


def test_a_report_without_measures_counts(population: Population, caseworker: Actor) -> None:
    result = run_report(population.store, caseworker, report(Grouping("safe"), measures=()))
    assert result.totals == (len(population.people),)
    assert [measure.label for measure in result.measures] == ["People"]


def test_a_list_of_records_comes_sorted_with_its_count(population: Population, caseworker: Actor) -> None:
    listed = replace(
        EMPTY,
        columns=("name", "born", "owner"),
        filters=(FilterRow("born", "is_not_blank"), FilterRow("born", "less_than", "2025-01-01")),
        sort=(Sort("born"),),
    )
    result = run_report(population.store, caseworker, listed)
    wanted = [a for a in population.people.values() if isinstance(a["born"], dt.date) and a["born"].year < 2025]
    assert sorted(wanted, key=lambda a: (a["born"], a["id"].bytes)) == [
        population.people[record.id] for record in result.records
    ]
    assert (result.count, result.truncated) == (len(wanted), False)
    assert result.as_table()[0] == ["Name", "Born", "Assigned to"]
    assert len(result.as_table()) == len(wanted) + 1


def test_tables_and_json_hold_the_same_figures(population: Population, caseworker: Actor) -> None:
    result = run_report(
        population.store, caseworker, report(Grouping("gender"), Grouping("safe"), measures=MEASURES[:1])
    )
    table = result.as_table()
    assert table[0] == ["Gender", "Yes", "No", "Blank", "Total"]
    assert table[-1] == ["Total", *(figures[0] for figures in result.column_totals), len(population.people)]
    told = json.loads(json.dumps(result.to_json()))
    for cell in told["cells"]:
        row, column = cell["groups"]
        assert table[row + 1][column + 1] == cell["figures"][0]
    assert told["totals"] == [len(population.people)]


def test_a_figure_in_json_keeps_every_digit(population: Population, caseworker: Actor) -> None:
    result = run_report(population.store, caseworker, report(Grouping("safe"), measures=(Measure("sum", "debt"),)))
    assert result.to_json()["totals"] == [str(result.totals[0])]


@pytest.mark.parametrize(
    ("asked", "kind"),
    [
        (report(Grouping("nam")), "unknown_name"),
        (report(Grouping("passport")), "not_groupable"),
        (report(Grouping("story")), "not_groupable"),
        (report(Grouping("gender", "month")), "not_a_period"),
        (report(Grouping("born", "week")), "not_a_period"),
        (report(Grouping("safe"), measures=(Measure("sum", "name"),)), "not_measurable"),
        (report(Grouping("safe"), measures=(Measure("sum", "passport"),)), "not_measurable"),
        (report(Grouping("safe"), measures=(Measure("sum"),)), "value_missing"),
        (report(Grouping("safe"), measures=(Measure("median", "debt"),)), "unknown_function"),
        (replace(EMPTY, columns=("nam",)), "unknown_name"),
        (report(Grouping("safe"), filters=(FilterRow("debt", "equals", "x"),)), "not_a_number"),
    ],
)
def test_what_cannot_be_reported_is_refused_with_a_reason(
    population: Population, caseworker: Actor, asked: Report, kind: str
) -> None:
    with pytest.raises(InvalidAnswers) as refusal:
        run_report(population.store, caseworker, asked)
    assert [problem.kind for problem in refusal.value.problems] == [kind]


def test_more_groups_than_anybody_reads_are_refused(
    population: Population, caseworker: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reports, "MOST_GROUPS", 5)
    run_report(population.store, caseworker, report(Grouping("safe")))
    with pytest.raises(InvalidAnswers) as refusal:
        run_report(population.store, caseworker, report(Grouping("debt")))
    assert [problem.kind for problem in refusal.value.problems] == ["too_many_groups"]


def test_a_long_list_says_that_there_is_more(
    population: Population, caseworker: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reports, "MOST_RECORDS", 7)
    result = run_report(population.store, caseworker, replace(EMPTY, columns=("name",)))
    assert (len(result.records), result.truncated, result.count) == (7, True, len(population.people))


def test_a_reader_lists_no_sensitive_answers(population: Population, caseworker: Actor) -> None:
    listed = replace(EMPTY, columns=("name", "passport"))
    shown = run_report(population.store, caseworker, listed).as_table()
    assert any(row[1] for row in shown[1:])
    hidden = run_report(population.store, replace(caseworker, role=Role.READER), listed).as_table()
    assert all(row[1] is None for row in hidden[1:])


def test_answers_that_are_missing_for_a_reason_are_not_blank(population: Population, caseworker: Actor) -> None:
    names = ("name", "gender", "passport", "debt", "born", "languages", "owner", "story")
    held = {name: [answers[name] for answers in population.people.values()] for name in names}
    assert any(isinstance(answer, Missing) for answers in held.values() for answer in answers)
    blank = blank_answers(population.store, caseworker, "person", names)
    assert blank == {name: answers.count(None) for name, answers in held.items()}
    assert len(set(blank.values())) > 2
