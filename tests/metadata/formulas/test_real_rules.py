"""Validation rules and formula fields of packages that non-profits use, within objects like theirs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from amparo.metadata.formulas.dependencies import paths_read
from amparo.metadata.formulas.evaluation import compile_formula
from amparo.metadata.formulas.parsing import parse
from amparo.metadata.formulas.printing import formula_text
from amparo.metadata.formulas.scope import Scope
from amparo.metadata.formulas.shapes import Shapes
from amparo.metadata.formulas.value_types import NUMBERS, ValueType
from factories.real_rules import RealFormula, blanks_of, real_formulas, shapes_around, tree_of

NOW = dt.datetime(2026, 3, 31, 12, tzinfo=dt.UTC)
_KINDS = {
    "Text": {ValueType.TEXT, ValueType.LOOKUP}, "Number": NUMBERS, "Percent": NUMBERS,
    "Checkbox": {ValueType.BOOLEAN}, "DateTime": {ValueType.DATE_TIME},
}  # fmt: skip


@pytest.fixture(scope="module")
def real(shared: Path) -> list[RealFormula]:
    return real_formulas(shared)


@pytest.fixture(scope="module")
def shapes(real: list[RealFormula]) -> Shapes:
    return shapes_around(real)


def judged(real: list[RealFormula], shapes: Shapes, name: str, values: Mapping[str, Any]) -> Any:
    """The value of the first rule or formula field of a name."""
    each = next(each for each in real if each["name"] == name)
    return compile_formula(tree_of(each, shapes), blanks_of(each))(Scope(values, NOW))


def test_all_are_read_printed_and_checked(real: list[RealFormula], shapes: Shapes) -> None:
    assert len(real) == 46
    for each in real:
        tree = tree_of(each, shapes)
        assert parse(formula_text(tree)) == tree
        wanted = {ValueType.BOOLEAN} if each["kind"] == "validation" else _KINDS[each["type"]]
        assert tree.type in wanted, each["name"]


def test_all_can_be_computed_of_a_record_without_answers(real: list[RealFormula], shapes: Shapes) -> None:
    broken = {
        each["name"]
        for each in real
        if each["kind"] == "validation" and compile_formula(tree_of(each, shapes))(Scope({}, NOW)) is True
    }
    assert broken == {
        "JRS_Days_Of_Week_Required", "JRS_Weekly_Occurrence_Required", "StatusMustBeSet", "VRS_Days_of_Week_Required",
        "VRS_Weekly_Occurrence_Required",
    }  # fmt: skip


def test_dates_stay_inside_the_dates_of_what_they_belong_to(real: list[RealFormula], shapes: Shapes) -> None:
    name = "END_DATE_WITHIN_PROGRAM_DATES"
    program = {"Program__r.StartDate__c": dt.date(2026, 1, 1), "Program__r.EndDate__c": dt.date(2026, 12, 31)}
    assert judged(real, shapes, name, {**program, "EndDate__c": dt.date(2026, 6, 1)}) is False
    assert judged(real, shapes, name, {**program, "EndDate__c": dt.date(2027, 1, 1)}) is True
    assert judged(real, shapes, name, program) is False


def test_an_address_begins_as_one(real: list[RealFormula], shapes: Shapes) -> None:
    name = "ValidateExternalSignupUrl"
    assert judged(real, shapes, name, {"External_Signup_Url__c": "https://example.org"}) is False
    assert judged(real, shapes, name, {"External_Signup_Url__c": "example.org"}) is True
    assert judged(real, shapes, name, {}) is False


def test_a_rate_and_its_words(real: list[RealFormula], shapes: Shapes) -> None:
    counts = {"NumPresentServiceDeliveries__c": 2, "NumAbsentServiceDeliveries__c": 1}
    assert str(judged(real, shapes, "AttendanceRate__c", counts))[:6] == "0.6666"
    assert judged(real, shapes, "AttendanceRate__c", {}) is None
    assert judged(real, shapes, "AttendanceSummary__c", {**counts, "AttendanceRate__c": 67}) == "67% (2/3)"
    assert judged(real, shapes, "AttendanceSummary__c", {}) is None


def test_the_owner_is_the_person_who_acts(real: list[RealFormula], shapes: Shapes) -> None:
    assert judged(real, shapes, "CurrentUserOwner__c", {"Owner:User.Id": "a", "$User.id": "a"}) is True
    assert judged(real, shapes, "CurrentUserOwner__c", {"Owner:User.Id": "a", "$User.id": "b"}) is False


def test_volunteers_still_needed(real: list[RealFormula], shapes: Shapes) -> None:
    name = "Number_of_Volunteers_Still_Needed__c"
    assert judged(real, shapes, name, {"Desired_Number_of_Volunteers__c": 5, "Total_Volunteers__c": 2}) == 3
    assert judged(real, shapes, name, {"Desired_Number_of_Volunteers__c": 5}) == 5
    assert judged(real, shapes, name, {"Desired_Number_of_Volunteers__c": 1, "Total_Volunteers__c": 2}) == 0


def test_a_link_is_its_words(real: list[RealFormula], shapes: Shapes) -> None:
    each = next(each for each in real if each["name"] == "ServiceLink__c")
    assert ("ServiceSchedule__r", "Service__r", "Name") in paths_read(tree_of(each, shapes))
    assert judged(real, shapes, "ServiceLink__c", {"ServiceSchedule__r.Service__r.Name": "Food"}) == "Food"
