"""Validation rules and formula fields of packages that non-profits use, within objects like theirs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from amparo.metadata.formulas.checking import check_formula
from amparo.metadata.formulas.shapes import FieldShape, ObjectShape, Shapes
from amparo.metadata.formulas.tree import Node
from amparo.metadata.formulas.value_types import Blanks, ValueType

#: With its name, its object, what kind it is, and the formula.
RealFormula = Mapping[str, Any]

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


def real_formulas(shared: Path) -> list[RealFormula]:
    file = shared / "real" / "expressions" / "salesforce-formula" / "real_rules_and_formula_fields.json"
    return list(json.loads(file.read_text(encoding="utf-8")))


def shapes_around(real: Iterable[RealFormula]) -> Shapes:
    """Objects that have every field that is named."""
    names = {each["object"] for each in real} | set(_LOOKUPS.values()) | {"User"}
    return Shapes({name: ObjectShape(name, _FIELDS) for name in names})


def tree_of(each: RealFormula, shapes: Shapes) -> Node:
    checked = check_formula(each["formula"], shapes, each["object"], each["name"])
    assert checked.tree is not None, checked.problems
    return checked.tree


def blanks_of(each: RealFormula) -> Blanks:
    return Blanks.AS_ZERO if each.get("blanks") == "BlankAsZero" else Blanks.AS_BLANK
