"""Validation rules and formula fields of packages that non-profits use, within objects like theirs."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from amparo.metadata.formulas.checking import check_formula
from amparo.metadata.formulas.dependencies import paths_read
from amparo.metadata.formulas.evaluation import compile_formula
from amparo.metadata.formulas.parsing import parse
from amparo.metadata.formulas.printing import formula_text
from amparo.metadata.formulas.scope import Scope
from amparo.metadata.formulas.shapes import FieldShape, ObjectShape, Shapes
from amparo.metadata.formulas.tree import Node
from amparo.metadata.formulas.value_types import NUMBERS, Blanks, ValueType

NOW = dt.datetime(2026, 3, 31, 12, tzinfo=dt.UTC)
_TYPES = {
    ValueType.NUMBER: "NumAbsentServiceDeliveries__c NumPresentServiceDeliveries__c Hours_Worked__c"
    " Number_of_Volunteers__c Desired_Number_of_Volunteers__c Total_Volunteers__c",
    ValueType.PERCENT: "AttendanceRate__c",
    ValueType.DATE: "StartDate__c EndDate__c ApplicationDate__c",
    ValueType.DATE_TIME: "Start_Date_Time__c",
    ValueType.TEXT: "LastName FirstName Name External_Signup_Url__c Location_City__c Location__c Location_Street__c"
    " Location_Zip_Postal_Code__c UnitOfMeasurement__c",
    ValueType.PICKLIST: "Status__c Weekly_Occurrence_Picklist__c",
    ValueType.MULTI_SELECT: "Days_of_Week__c Weekly_Occurrence__c",
    ValueType.LOOKUP: "Account__c AccountId Id",
}
#: A field that holds an identifier, and the name under which it is crossed, lead to the same object.
_LOOKUPS = {
    "Contact": "Contact", "Program": "Program__c", "ProgramCohort": "ProgramCohort__c",
    "ProgramEngagement": "ProgramEngagement__c", "Service": "Service__c", "ServiceSchedule": "ServiceSchedule__c",
    "ServiceSession": "ServiceSession__c", "Volunteer_Job": "Volunteer_Job__c", "Campaign": "Campaign",
    "Volunteer_Shift": "Volunteer_Shift__c",
}  # fmt: skip
_FIELDS = {
    **{name: FieldShape(type_) for type_, names in _TYPES.items() for name in names.split()},
    **{f"{name}__c": FieldShape(ValueType.LOOKUP, (target,)) for name, target in _LOOKUPS.items()},
    **{f"{name}__r": FieldShape(ValueType.LOOKUP, (target,)) for name, target in _LOOKUPS.items()},
    "Owner:User": FieldShape(ValueType.LOOKUP, ("User",)),
}  # fmt: skip
_KINDS = {
    "Text": {ValueType.TEXT, ValueType.LOOKUP}, "Number": NUMBERS, "Percent": NUMBERS,
    "Checkbox": {ValueType.BOOLEAN}, "DateTime": {ValueType.DATE_TIME},
}  # fmt: skip


@pytest.fixture(scope="module")
def real(shared: Path) -> list[dict[str, Any]]:
    file = shared / "real" / "expressions" / "salesforce-formula" / "real_rules_and_formula_fields.json"
    return list(json.loads(file.read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def shapes(real: list[dict[str, Any]]) -> Shapes:
    names = {each["object"] for each in real} | set(_LOOKUPS.values()) | {"User"}
    return Shapes({name: ObjectShape(name, _FIELDS) for name in names})


def tree_of(each: Mapping[str, Any], shapes: Shapes) -> Node:
    checked = check_formula(each["formula"], shapes, each["object"], each["name"])
    assert checked.tree is not None, checked.problems
    return checked.tree


def judged(real: list[dict[str, Any]], shapes: Shapes, name: str, values: Mapping[str, Any]) -> Any:
    """The value of the first rule or formula field of a name."""
    each = next(each for each in real if each["name"] == name)
    blanks = Blanks.AS_ZERO if each.get("blanks") == "BlankAsZero" else Blanks.AS_BLANK
    return compile_formula(tree_of(each, shapes), blanks)(Scope(values, NOW))


def test_all_are_read_printed_and_checked(real: list[dict[str, Any]], shapes: Shapes) -> None:
    assert len(real) == 46
    for each in real:
        tree = tree_of(each, shapes)
        assert parse(formula_text(tree)) == tree
        wanted = {ValueType.BOOLEAN} if each["kind"] == "validation" else _KINDS[each["type"]]
        assert tree.type in wanted, each["name"]


def test_all_can_be_computed_of_a_record_without_answers(real: list[dict[str, Any]], shapes: Shapes) -> None:
    broken = {
        each["name"]
        for each in real
        if each["kind"] == "validation" and compile_formula(tree_of(each, shapes))(Scope({}, NOW)) is True
    }
    assert broken == {
        "JRS_Days_Of_Week_Required", "JRS_Weekly_Occurrence_Required", "StatusMustBeSet", "VRS_Days_of_Week_Required",
        "VRS_Weekly_Occurrence_Required",
    }  # fmt: skip


def test_dates_stay_inside_the_dates_of_what_they_belong_to(real: list[dict[str, Any]], shapes: Shapes) -> None:
    name = "END_DATE_WITHIN_PROGRAM_DATES"
    program = {"Program__r.StartDate__c": dt.date(2026, 1, 1), "Program__r.EndDate__c": dt.date(2026, 12, 31)}
    assert judged(real, shapes, name, {**program, "EndDate__c": dt.date(2026, 6, 1)}) is False
    assert judged(real, shapes, name, {**program, "EndDate__c": dt.date(2027, 1, 1)}) is True
    assert judged(real, shapes, name, program) is False


def test_an_address_begins_as_one(real: list[dict[str, Any]], shapes: Shapes) -> None:
    name = "ValidateExternalSignupUrl"
    assert judged(real, shapes, name, {"External_Signup_Url__c": "https://example.org"}) is False
    assert judged(real, shapes, name, {"External_Signup_Url__c": "example.org"}) is True
    assert judged(real, shapes, name, {}) is False


def test_a_rate_and_its_words(real: list[dict[str, Any]], shapes: Shapes) -> None:
    counts = {"NumPresentServiceDeliveries__c": 2, "NumAbsentServiceDeliveries__c": 1}
    assert str(judged(real, shapes, "AttendanceRate__c", counts))[:6] == "0.6666"
    assert judged(real, shapes, "AttendanceRate__c", {}) is None
    assert judged(real, shapes, "AttendanceSummary__c", {**counts, "AttendanceRate__c": 67}) == "67% (2/3)"
    assert judged(real, shapes, "AttendanceSummary__c", {}) is None


def test_the_owner_is_the_person_who_acts(real: list[dict[str, Any]], shapes: Shapes) -> None:
    assert judged(real, shapes, "CurrentUserOwner__c", {"Owner:User.Id": "a", "$User.id": "a"}) is True
    assert judged(real, shapes, "CurrentUserOwner__c", {"Owner:User.Id": "a", "$User.id": "b"}) is False


def test_volunteers_still_needed(real: list[dict[str, Any]], shapes: Shapes) -> None:
    name = "Number_of_Volunteers_Still_Needed__c"
    assert judged(real, shapes, name, {"Desired_Number_of_Volunteers__c": 5, "Total_Volunteers__c": 2}) == 3
    assert judged(real, shapes, name, {"Desired_Number_of_Volunteers__c": 5}) == 5
    assert judged(real, shapes, name, {"Desired_Number_of_Volunteers__c": 1, "Total_Volunteers__c": 2}) == 0


def test_a_link_is_its_words(real: list[dict[str, Any]], shapes: Shapes) -> None:
    each = next(each for each in real if each["name"] == "ServiceLink__c")
    assert ("ServiceSchedule__r", "Service__r", "Name") in paths_read(tree_of(each, shapes))
    assert judged(real, shapes, "ServiceLink__c", {"ServiceSchedule__r.Service__r.Name": "Food"}) == "Food"
