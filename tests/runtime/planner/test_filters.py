"""Every operator on every field, against the same question asked of the answers in Python."""

from __future__ import annotations

import datetime as dt
import random
import uuid
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from amparo.metadata.filters import OPERATORS, Shape, family_of, operators_for
from amparo.metadata.missing import Missing
from amparo.metadata.model import SYSTEM_FIELDS, FilterRow
from amparo.metadata.periods import period_bounds
from amparo.runtime.access import Actor
from amparo.runtime.errors import InvalidAnswers
from amparo.runtime.planner.lists import count, list_page
from amparo.runtime.planner.queries import ListQuery
from amparo.runtime.searching import normalised
from factories.clinic import clinic_document
from factories.population import TEXTS, Population

pytestmark = pytest.mark.every_database

ZONE = ZoneInfo("Asia/Kathmandu")
#: Four minutes past midnight in Kathmandu, still yesterday in UTC.
NOW = dt.datetime(2025, 1, 31, 18, 19, tzinfo=dt.UTC)
SEARCHABLE = {"name", "story"}
FIELDS = (
    "name", "nickname", "code", "number", "gender", "languages", "passport", "debt", "children", "born", "met_at",
    "safe", "friend", "story", *SYSTEM_FIELDS,
)  # fmt: skip
assert {each["name"] for each in clinic_document()["objects"][1]["fields"]} <= set(FIELDS)


def found(population: Population, actor: Actor, *rows: FilterRow, match: str = "all") -> set[uuid.UUID]:
    query = ListQuery("person", ("name",), tuple(rows), match, limit=500)
    page = list_page(population.store, actor, query, now=NOW)
    assert count(population.store, actor, query, now=NOW) == len(page.records)
    return {record.id for record in page.records}


def contains(name: str, text: str, term: str) -> bool:
    """Searchable text in its normalised form, what is beyond its kept part and other text but for Latin capitals."""
    plain = ascii_lower(term) in ascii_lower(text)
    if name not in SEARCHABLE or not normalised(term):
        return plain
    return normalised(term) in normalised(text)[:500] or (len(normalised(text)) >= 500 and plain)


def starts_with(name: str, text: str, term: str) -> bool:
    if name not in SEARCHABLE or not normalised(term):
        return ascii_lower(text).startswith(ascii_lower(term))
    return normalised(text).startswith(normalised(term))


def ascii_lower(text: str) -> str:
    return "".join(char.lower() if char.isascii() else char for char in text)


def local_day(value: Any) -> dt.date:
    found: dt.date = value.astimezone(ZONE).date() if isinstance(value, dt.datetime) else value
    return found


def day_bound(given: Any, value: Any, *, end: bool) -> Any:
    """A day compared with an instant is its first or its last microsecond."""
    if isinstance(value, dt.datetime) and not isinstance(given, dt.datetime):
        local = dt.datetime.combine(given, dt.time.max if end else dt.time.min, ZONE)
        return local.astimezone(dt.UTC)
    return given


ORACLE: Mapping[str, Callable[[str, Any, Any], bool]] = {
    "equals": lambda n, v, o: v == o,
    "not_equals": lambda n, v, o: v != o,
    "one_of": lambda n, v, o: v in o,
    "not_one_of": lambda n, v, o: v not in o,
    "contains": lambda n, v, o: v is not None and contains(n, v, o),
    "not_contains": lambda n, v, o: v is None or not contains(n, v, o),
    "starts_with": lambda n, v, o: v is not None and starts_with(n, v, o),
    "less_than": lambda n, v, o: v is not None and v < day_bound(o, v, end=False),
    "less_or_equal": lambda n, v, o: v is not None and v <= day_bound(o, v, end=True),
    "greater_than": lambda n, v, o: v is not None and v > day_bound(o, v, end=True),
    "greater_or_equal": lambda n, v, o: v is not None and v >= day_bound(o, v, end=False),
    "between": lambda n, v, o: v is not None and day_bound(o[0], v, end=False) <= v <= day_bound(o[1], v, end=True),
    "in_period": lambda n, v, o: v is not None and _within(local_day(v), o),
    "older_than_days": lambda n, v, o: v is not None and local_day(v) < local_day(NOW) - dt.timedelta(days=o),
    "includes_any": lambda n, v, o: v is not None and bool(set(v) & set(o)),
    "includes_all": lambda n, v, o: v is not None and set(o) <= set(v),
    "includes_none": lambda n, v, o: v is None or not set(v) & set(o),
}


def _within(day: dt.date, period: str) -> bool:
    first, last = period_bounds(period, local_day(NOW))
    return first <= day <= last


def expected(population: Population, row: FilterRow) -> set[uuid.UUID]:
    def holds(answers: Mapping[str, Any]) -> bool:
        answer = answers[row.field]
        if row.operator in ("is_blank", "is_not_blank"):
            return (answer is None) == (row.operator == "is_blank")
        if row.operator == "has_reason":
            return isinstance(answer, Missing) and (not row.value or answer.value in row.value)
        return ORACLE[row.operator](row.field, None if isinstance(answer, Missing) else answer, row.value)

    return population.ids_where(holds)


def operands(population: Population, field: str, operator: str, chance: random.Random) -> list[Any]:
    """What to ask: values that are there, values beside them, parts of them."""
    shape = OPERATORS[operator].shape
    values = sorted({a[field] for a in population.people.values() if not isinstance(a[field], Missing | None)}, key=str)
    if shape is Shape.NONE:
        return [None]
    if shape is Shape.REASONS:
        return [(), ("refused",), ("unknown", "not_asked")]
    if shape is Shape.PERIOD:
        return ["today", "yesterday", "this_week", "last_month", "this_quarter", "last_year", "last_n_days:40"]
    if shape is Shape.DAYS:
        return [0, 30, 365]
    if not values:
        values = ["nothing holds this"] if field == "code" else [uuid.uuid4()]
    if operator in ("contains", "not_contains", "starts_with"):
        pieces = [str(chance.choice(values))[:400] for _ in range(6)]
        return [
            *(piece[: chance.randrange(1, 6)] for piece in pieces),
            *pieces[:2],
            "behind the kept part",
        ]
    if shape is Shape.MANY:
        flat = sorted({code for value in values for code in value}) if isinstance(values[0], tuple) else values
        return [tuple(chance.sample(flat, min(len(flat), size))) for size in (1, 3)]
    if shape is Shape.PAIR:
        return [tuple(sorted(chance.sample(values, 2))), (values[0], values[0])]
    return [chance.choice(values) for _ in range(3)] + [beside(values[0])]


def beside(value: Any) -> Any:
    """A value of the same kind that nobody may have."""
    if isinstance(value, dt.datetime):
        return local_day(value)
    if isinstance(value, dt.date):
        return value + dt.timedelta(days=1)
    if isinstance(value, bool | str | uuid.UUID):
        return value
    return value + (Decimal("0.01") if isinstance(value, Decimal) else 1)


@pytest.mark.parametrize("field", FIELDS)
def test_each_operator_finds_what_python_finds(population: Population, caseworker: Actor, field: str) -> None:
    chance = random.Random(field)
    live = population.store.known_release().object("person")
    subject = live.fields[field].field if field in live.fields else field
    usable = operators_for(subject)
    assert usable
    for operator in usable:
        for operand in operands(population, field, operator.name, chance):
            row = FilterRow(field, operator.name, operand)
            assert found(population, caseworker, row) == expected(population, row), row
    assert family_of(subject)


def test_rows_match_together_or_one_by_one(population: Population, caseworker: Actor) -> None:
    rows = (FilterRow("gender", "equals", "female"), FilterRow("debt", "less_than", "0"))
    each = [expected(population, FilterRow("gender", "equals", "female"))]
    each.append(expected(population, FilterRow("debt", "less_than", Decimal(0))))
    assert found(population, caseworker, *rows) == each[0] & each[1]
    assert found(population, caseworker, *rows, match="any") == each[0] | each[1]


def test_me_is_whoever_asks(population: Population, operator: Actor) -> None:
    mine = FilterRow("owner", "equals", "$me")
    for member in population.members:
        assert found(population, member, mine) == population.ids_where(lambda a, m=member: a["owner"] == m.member)
    assert found(population, operator, mine) == set()
    assert found(population, operator, FilterRow("owner", "not_equals", "$me")) == set(population.people)


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_is_only_ever_a_text(population: Population, caseworker: Actor, text: str) -> None:
    row = FilterRow("nickname", "equals", text)
    assert found(population, caseworker, row) == expected(population, row)


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        (FilterRow("nam", "equals", "x"), "unknown_name"),
        (FilterRow("name'; DROP TABLE person; --", "equals", "x"), "unknown_name"),
        (FilterRow("name", "equal", "x"), "unknown_operator"),
        (FilterRow("name", "between", ("a", "b")), "unknown_operator"),
        (FilterRow("debt", "equals", "many"), "not_a_number"),
        (FilterRow("born", "less_than", "soon"), "not_a_date"),
        (FilterRow("gender", "equals", "femal"), "not_an_option"),
        (FilterRow("name", "contains", "x" * 501), "too_long"),
        (FilterRow("name", "equals", "a\0b"), "bad_character"),
        (FilterRow("passport", "contains", "N"), "sensitive"),
        (FilterRow("owner", "equals", "nobody"), "not_a_record"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_a_reason(
    population: Population, caseworker: Actor, row: FilterRow, kind: str
) -> None:
    with pytest.raises(InvalidAnswers) as refusal:
        found(population, caseworker, row)
    assert [problem.kind for problem in refusal.value.problems] == [kind]


def test_all_problems_of_a_question_come_at_once(population: Population, caseworker: Actor) -> None:
    rows = (FilterRow("nam", "equals", "x"), FilterRow("debt", "equals", "many"))
    with pytest.raises(InvalidAnswers) as refusal:
        found(population, caseworker, *rows)
    assert [problem.path for problem in refusal.value.problems] == ["nam", "debt"]
