"""Formula fields in lists, filters, orders and reports, on every database, against the same worked out in Python."""

from __future__ import annotations

import datetime as dt
import itertools
import uuid
from collections import Counter
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from amparo.metadata.model import FilterRow, Grouping, Measure, Report, Sort
from amparo.runtime.access import Actor, operator_actor
from amparo.runtime.errors import InvalidAnswers
from amparo.runtime.planner.lists import count, list_page, stream
from amparo.runtime.planner.queries import ListQuery
from amparo.runtime.planner.records import read_record
from amparo.runtime.planner.reports import run_report
from amparo.runtime.records import service
from amparo.runtime.records.changes import Change
from amparo.runtime.releases.publishing import publish
from amparo.runtime.serializer import Record
from amparo.runtime.stores.organisations import Organisations
from factories.formula_fields import NAMES, expected, formula_document, rounded
from factories.population import Population, populate

pytestmark = pytest.mark.every_database

ZONE = ZoneInfo("Asia/Kathmandu")
#: Four minutes past midnight in Kathmandu, still yesterday in UTC.
NOW = dt.datetime(2025, 1, 31, 18, 19, tzinfo=dt.UTC)
TODAY = dt.date(2025, 2, 1)
#: Ten days before.
MIDNIGHT = dt.datetime(2025, 1, 22, tzinfo=ZONE)
_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def population(organisations: Organisations) -> Population:
    store = organisations.create(f"formulas-{next(_numbers)}", "Formulas")
    publish(store, operator_actor(), formula_document())
    return populate(store, operator_actor())


@pytest.fixture(scope="module")
def held(population: Population) -> dict[uuid.UUID, dict[str, Any]]:
    return {each: expected(answers, population.people, TODAY, ZONE) for each, answers in population.people.items()}


def records_of(population: Population, *names: str, **asked: Any) -> list[Record]:
    query = ListQuery("person", names, limit=500, **asked)
    return list(list_page(population.store, population.members[0], query, now=NOW).records)


def holding(name: str, value: Any) -> FilterRow:
    if value is None:
        return FilterRow(name, "is_blank")
    if isinstance(value, dt.datetime):
        return FilterRow(name, "between", [value, value])
    return FilterRow(name, "equals", value)


def test_a_list_shows_what_formulas_compute(population: Population, held: dict[uuid.UUID, dict[str, Any]]) -> None:
    records = records_of(population, *NAMES)
    assert len(records) == len(held)
    assert {record.id: record.answers for record in records} == held


def test_what_cannot_be_computed_is_said_to_be_so(population: Population) -> None:
    divided = [r for r in records_of(population, "debt_each", "children", "debt") if r.answers["children"] == 0]
    assert {"debt_each" in record.incomputable for record in divided if record.answers["debt"] is not None} == {True}
    assert not any(record.incomputable for record in records_of(population, "called"))


@pytest.mark.parametrize("name", NAMES)
def test_records_are_chosen_by_each_value(
    population: Population, held: dict[uuid.UUID, dict[str, Any]], name: str
) -> None:
    values = sorted({str(answers[name]): answers[name] for answers in held.values()}.items())
    for _, value in values[:: max(1, len(values) // 12)]:
        row = holding(name, value)
        query = ListQuery("person", (), (row,), limit=500)
        page = list_page(population.store, population.members[0], query, now=NOW)
        assert {record.id for record in page.records} == {each for each, has in held.items() if has[name] == value}
        assert count(population.store, population.members[0], query, now=NOW) == len(page.records)


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("name", NAMES)
def test_a_list_is_sorted_by_it_page_by_page(
    population: Population, held: dict[uuid.UUID, dict[str, Any]], name: str, descending: bool
) -> None:
    found: list[uuid.UUID] = []
    after = None
    while True:
        query = ListQuery("person", (name,), sort=(Sort(name, descending),), limit=67, after=after)
        page = list_page(population.store, population.members[0], query, now=NOW)
        found += [record.id for record in page.records]
        after = page.next
        if after is None:
            break
    assert len(found) == len(set(found)) == len(held)
    values = [held[each][name] for each in found]
    there = [value for value in values if value is not None]
    assert there == sorted(there, reverse=descending)
    assert values[len(there) :] == [None] * (len(values) - len(there))


@pytest.mark.parametrize(("name", "operator", "value", "holds"), [
    ("days_known", "greater_than", 30, lambda has: has is not None and has > 30),
    ("debt_in_all", "between", ["-5.00", "5.00"], lambda has: -5 <= has <= 5),
    ("share", "less_or_equal", "33.3", lambda has: has is not None and has <= Decimal("33.3")),
    ("called", "contains", "risk", lambda has: "risk" in has),
    ("is_young", "equals", True, lambda has: has),
    ("review_on", "in_period", "this_month", lambda has: has is not None and (has.year, has.month) == (2025, 2)),
    ("half_a_day_later", "older_than_days", 10, lambda has: has is not None and has.astimezone(ZONE) < MIDNIGHT),
])  # fmt: skip
def test_every_kind_of_comparison_can_be_asked(
    population: Population, held: dict[uuid.UUID, dict[str, Any]], name: str, operator: str, value: Any, holds: Any
) -> None:
    records = records_of(population, filters=(FilterRow(name, operator, value),))
    assert {record.id for record in records} == {each for each, has in held.items() if holds(has[name])} != set()


def test_a_report_groups_and_adds_up_what_formulas_compute(
    population: Population, held: dict[uuid.UUID, dict[str, Any]]
) -> None:
    groupings = (Grouping("review_on", "month"), Grouping("friend_called"))
    measures = (Measure("count"), Measure("sum", "debt_in_all"), Measure("average", "days_known"))
    report = Report("r", "r", "person", "R", "", (), groupings, measures, (), "all", ())
    result = run_report(population.store, population.members[0], report, now=NOW)
    months = Counter(has["review_on"] and has["review_on"].strftime("%Y-%m") for has in held.values())
    friends = Counter(has["friend_called"] for has in held.values())
    figures = [
        {group.key: total[0] for group, total in zip(axis.groups, totals, strict=True) if total[0]}
        for axis, totals in zip(result.axes, (result.row_totals, result.column_totals), strict=True)
    ]
    assert figures == [months, friends]
    days = [has["days_known"] for has in held.values() if has["days_known"] is not None]
    assert result.totals[:2] == (len(held), sum(has["debt_in_all"] for has in held.values()))
    assert result.totals[2] == rounded(Decimal(sum(days)) / len(days), 2)


def test_what_no_database_computes_is_shown_and_not_asked_for(population: Population) -> None:
    records = records_of(population, "has_digit", "nickname")
    assert {record.answers["has_digit"] for record in records} == {True, False}
    for record in records:
        assert record.answers["has_digit"] is any(map(str.isdigit, str(record.answers["nickname"] or "")))
    with pytest.raises(InvalidAnswers) as refusal:
        records_of(population, sort=(Sort("has_digit"),))
    assert refusal.value.problems[0].kind == "not_sayable"


def test_a_stream_brings_them_along(population: Population, held: dict[uuid.UUID, dict[str, Any]]) -> None:
    query = ListQuery("person", NAMES)
    streamed = stream(population.store, operator_actor(), query, now=NOW)
    assert {record.id: record.answers for record in streamed} == held


def test_nobody_answers_them(population: Population) -> None:
    with pytest.raises(InvalidAnswers) as refusal:
        service.save(population.store, population.members[0], "person", [Change({"name": "Ana", "kind": "client"})])
    assert [(each.kind, each.path) for each in refusal.value.problems] == [("computed", "kind")]


def test_they_are_what_they_were_as_of_a_day(organisations: Organisations) -> None:
    store = organisations.create(f"formulas-{next(_numbers)}", "Formulas")
    publish(store, operator_actor(), formula_document())
    population = populate(store, operator_actor(), count=40)
    actor = population.members[0]
    people = {each: dict(answers) for each, answers in population.people.items()}
    instant = dt.datetime.now(dt.UTC)
    today = instant.astimezone(ZONE).date()
    for record in list(people)[::2]:
        answers = {"nickname": "changed", "debt": "1.00", "children": 1, "friend": None, "safe": True, "gender": None}
        service.save(store, actor, "person", [Change(answers, record, version_of(store, actor, record))])
    then = {each: expected(answers, people, today, ZONE) for each, answers in people.items()}
    query = ListQuery("person", NAMES, limit=500, as_of=instant)
    page = list_page(store, actor, query)
    assert {record.id: record.answers for record in page.records} == then
    first = next(iter(people))
    one = read_record(store, actor, "person", first, as_of=instant)
    assert {name: one.answers[name] for name in NAMES} == then[first]
    for name in NAMES:
        value = then[first][name]
        chosen = list_page(store, actor, ListQuery("person", (), (holding(name, value),), limit=500, as_of=instant))
        assert {each.id for each in chosen.records} == {each for each, has in then.items() if has[name] == value}
        ordered = list_page(store, actor, ListQuery("person", (), sort=(Sort(name),), limit=500, as_of=instant))
        values = [then[each.id][name] for each in ordered.records if then[each.id][name] is not None]
        assert values == sorted(values)


def version_of(store: Any, actor: Actor, record: uuid.UUID) -> int:
    return read_record(store, actor, "person", record).version


@pytest.mark.parametrize(("only_when", "holds"), [
    ("days_known > 30", lambda has, person: has["days_known"] is not None and has["days_known"] > 30),
    ('AND(NOT(is_young), friend.kind = "witness")',
     lambda has, person: not has["is_young"] and has["friends_kind"] == "witness"),
    ("owner = $User.id", lambda has, person: person["owner"] is not None and person["owner"] == "me"),
    ('$RecordType.name = "client"', lambda has, person: person["record_type"] == "client"),
])  # fmt: skip
def test_a_list_holds_only_records_of_which_its_formula_is_true(
    population: Population, held: dict[uuid.UUID, dict[str, Any]], only_when: str, holds: Any
) -> None:
    actor = population.members[0]
    people = {
        each: {**answers, "owner": "me" if answers["owner"] == actor.member else answers["owner"]}
        for each, answers in population.people.items()
    }
    wanted = {each for each, has in held.items() if holds(has, people[each])}
    assert {record.id for record in records_of(population, only_when=only_when)} == wanted != set()
    assert count(population.store, actor, ListQuery("person", (), only_when=only_when), now=NOW) == len(wanted)
    row = FilterRow("safe", "equals", True)
    both = {each for each in wanted if population.people[each]["safe"]}
    assert {record.id for record in records_of(population, only_when=only_when, filters=(row,))} == both
    report = Report("r", "r", "person", "R", "", (), (Grouping("gender"),), (), (), "all", (), only_when)
    assert run_report(population.store, actor, report, now=NOW).count == len(wanted)
