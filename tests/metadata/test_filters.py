from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amparo.metadata.building import application_from
from amparo.metadata.fields.base import CoercionContext, Storage
from amparo.metadata.fields.gone import stand_in
from amparo.metadata.fields.registry import FIELD_TYPES
from amparo.metadata.filters import OPERATORS, Subject, family_of, operators_for
from amparo.metadata.missing import Missing
from amparo.metadata.model import SYSTEM_FIELDS, Application, FilterRow
from amparo.metadata.operands import coerce_filter
from amparo.metadata.problems import Problem
from amparo.metadata.reading import read_folder

SHELTER_APPLICATION = application_from(read_folder(Path(__file__).parent / "shelter").document)
SOMEBODY = uuid.UUID("0192f0c4-7b1e-7c3a-9d55-3f6a2b1c4d5e")


def subject_of(shelter: Application, field: str) -> Subject:
    return shelter.objects["resident"].by_name.get(field) or field


def ask(shelter: Application, field: str, operator: str, value: Any = None) -> Any:
    context = CoercionContext(shelter, ZoneInfo(shelter.time_zone))
    return coerce_filter(FilterRow(field, operator, value), subject_of(shelter, field), context)


@pytest.mark.parametrize(
    ("field", "operator", "value", "operand"),
    [
        ("full_name", "contains", "sok", "sok"),
        ("full_name", "contains", "x" * 300, "x" * 300),
        ("full_name", "is_blank", None, None),
        ("children", "one_of", ["1", 2, 2.0], (1, 2)),
        ("children", "greater_than", "٥٠", 50),
        ("children", "has_reason", [], ()),
        ("children", "has_reason", "refused", (Missing.REFUSED,)),
        ("owed", "between", ["1,000", 2000], (Decimal("1000.00"), Decimal("2000.00"))),
        ("agreed", "equals", "yes", True),
        ("born_on", "less_than", "2008-01-01", dt.date(2008, 1, 1)),
        ("born_on", "in_period", "last_n_days:30", "last_n_days:30"),
        ("born_on", "older_than_days", "90", 90),
        ("risk", "equals", "old", "old"),
        ("risk", "not_one_of", "low;old", ("low", "old")),
        ("languages", "includes_any", ["km", "vi"], ("km", "vi")),
        ("mother", "equals", str(SOMEBODY), SOMEBODY),
        ("passport", "equals", "N12", "N12"),
        ("passport", "one_of", ["N12"], ("N12",)),
        ("owner", "equals", "$me", "$me"),
        ("owner", "one_of", ["$me", str(SOMEBODY)], ("$me", SOMEBODY)),
        ("owner", "is_blank", "", None),
        ("id", "equals", str(SOMEBODY), SOMEBODY),
        ("record_type", "equals", "adult", "adult"),
        ("number", "starts_with", "R-", "R-"),
    ],
)
def test_a_row_becomes_an_operand(shelter: Application, field: str, operator: str, value: Any, operand: Any) -> None:
    found = ask(shelter, field, operator, value)
    assert found == operand
    assert type(found) is type(operand)


@pytest.mark.parametrize(
    ("operator", "value", "operand"),
    [
        ("greater_or_equal", "2026-07-01", "2026-06-30T23:00:00"),
        ("greater_than", "2026-07-01", "2026-07-01T22:59:59.999999"),
        ("less_than", "2026-07-01", "2026-06-30T23:00:00"),
        ("less_or_equal", dt.date(2026, 7, 1), "2026-07-01T22:59:59.999999"),
        ("less_than", "2026-07-01 10:00", "2026-07-01T09:00:00"),
    ],
)
def test_a_day_compared_with_a_date_time_begins_or_ends_in_the_zone(
    shelter: Application, operator: str, value: Any, operand: str
) -> None:
    for field in ("arrived", "updated_at"):
        assert ask(shelter, field, operator, value) == dt.datetime.fromisoformat(operand + "+00:00")


def test_a_stretch_of_days_holds_both_days_whole(shelter: Application) -> None:
    low, high = ask(shelter, "arrived", "between", ["2026-07-01", "2026-07-01"])
    assert high - low == dt.timedelta(days=1, microseconds=-1)


@pytest.mark.parametrize(
    ("field", "operator", "value", "kind"),
    [
        ("full_name", "less_than", "a", "unknown_operator"),
        ("full_name", "contain", "a", "unknown_operator"),
        ("full_name", "contains", "", "value_missing"),
        ("full_name", "equals", None, "value_missing"),
        ("full_name", "has_reason", [], "unknown_operator"),
        ("full_name", "is_blank", "x", "value_not_wanted"),
        ("story", "equals", "a", "unknown_operator"),
        ("children", "equals", "many", "not_a_number"),
        ("children", "between", [1], "value_missing"),
        ("children", "between", [2, 1], "bounds_crossed"),
        ("children", "has_reason", ["dunno"], "not_a_reason"),
        ("children", "has_reason", [["x"]], "not_a_reason"),
        ("children", "one_of", [], "value_missing"),
        ("children", "one_of", 5, "value_missing"),
        ("risk", "equals", "hihg", "not_an_option"),
        ("risk", "contains", "hi", "unknown_operator"),
        ("languages", "equals", "km", "unknown_operator"),
        ("arrived", "equals", "2026-01-01", "unknown_operator"),
        ("arrived", "in_period", "soon", "not_a_period"),
        ("arrived", "older_than_days", "-1", "not_a_number"),
        ("arrived", "older_than_days", True, "not_a_number"),
        ("arrived", "older_than_days", 99999, "out_of_range"),
        ("owner", "contains", "a", "unknown_operator"),
        ("updated_at", "has_reason", [], "unknown_operator"),
        ("owner", "equals", "Srey", "not_a_record"),
        ("passport", "contains", "N", "sensitive"),
        ("passport", "not_equals", "N", "sensitive"),
        ("passport", "starts_with", "N", "sensitive"),
    ],
)
def test_a_row_that_cannot_be_asked_is_a_problem_at_its_field(
    shelter: Application, field: str, operator: str, value: Any, kind: str
) -> None:
    problem = ask(shelter, field, operator, value)
    assert isinstance(problem, Problem)
    assert (problem.path, problem.kind) == (field, kind)
    assert "{" not in problem.message


def test_every_family_has_operators_and_every_operator_a_family() -> None:
    kinds = [*FIELD_TYPES.values(), stand_in(Storage.TEXT)]
    families = {kind.family for kind in kinds} | set(SYSTEM_FIELDS.values())
    assert {family for each in OPERATORS.values() for family in each.families} == families


def test_sensitive_fields_answer_exact_questions_only(shelter: Application) -> None:
    names = [each.name for each in operators_for(subject_of(shelter, "passport"))]
    assert names == ["equals", "one_of", "is_blank", "is_not_blank"]


def test_reasons_can_be_asked_of_fields_that_take_them(shelter: Application) -> None:
    def asked(field: str) -> bool:
        return "has_reason" in [each.name for each in operators_for(subject_of(shelter, field))]

    assert asked("children")
    assert not asked("full_name")


def test_an_unknown_system_field_has_no_family() -> None:
    with pytest.raises(KeyError):
        family_of("colour")


@given(data=st.data())
def test_any_value_is_an_operand_or_a_problem(data: st.DataObject) -> None:
    shelter = SHELTER_APPLICATION
    field = data.draw(st.sampled_from([*shelter.objects["resident"].by_name, *SYSTEM_FIELDS]))
    operator = data.draw(st.sampled_from([*OPERATORS, "sounds_like"]))
    scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.dates()
    value = data.draw(scalars | st.lists(scalars, max_size=3) | st.dictionaries(st.text(), scalars, max_size=1))
    found = ask(shelter, field, operator, value)
    if isinstance(found, Problem):
        assert found.path == field
    else:
        assert operator in [each.name for each in operators_for(subject_of(shelter, field))]
