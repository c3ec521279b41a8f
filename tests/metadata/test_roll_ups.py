"""What roll-ups may be made of."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from amparo.metadata.checks import check
from amparo.metadata.limits import MOST_ROLL_UPS, MOST_ROLLED_UP
from factories.clinic import Json
from factories.roll_ups import ROLL_UPS, roll_up_document

VISITS: Json = {"object": "visit", "field": "person", "function": "count"}


def problems(*fields: Json, document: Json | None = None) -> list[tuple[str, str]]:
    """Of the person with these fields: kind and what follows the field's own path."""
    found = check(document or roll_up_document(*fields))
    return [(each.kind, each.path.rpartition("]")[2].lstrip(".")) for each in found]


def rolled_up(type_: str = "integer", **asked: Any) -> Json:
    decimals = {"decimals": asked.pop("decimals")} if "decimals" in asked else {}
    return {"name": "figure", "type": type_, **decimals, "roll_up": {**VISITS, **asked}}


def chosen(**row: Any) -> Json:
    return rolled_up(filters=[row])


def test_counts_sums_averages_and_extremes_are_allowed() -> None:
    assert problems(*ROLL_UPS) == []


@pytest.mark.parametrize(("field", "found"), [
    (rolled_up(object="visits"), [("unknown_name", "roll_up.object")]),
    (rolled_up(field="persn"), [("unknown_name", "roll_up.field")]),
    (rolled_up(field="title"), [("wrong_field_type", "roll_up.field")]),
    (rolled_up(of="hours"), [("not_allowed", "roll_up.of")]),
    (rolled_up("decimal"), [("wrong_type", "type")]),
    (rolled_up(function="sum"), [("missing_entry", "roll_up.of")]),
    (rolled_up(function="sum", of="hour"), [("unknown_name", "roll_up.of")]),
    (rolled_up(function="sum", of="title"), [("wrong_field_type", "roll_up.of")]),
    (rolled_up("date", function="sum", of="held_on"), [("wrong_field_type", "roll_up.of")]),
    (rolled_up("decimal", function="sum", of="hours", decimals=2), [("wrong_type", "type")]),
    (rolled_up("integer", function="sum", of="hours"), [("wrong_type", "type")]),
    (rolled_up("integer", function="average", of="hours"), [("wrong_type", "type")]),
    (rolled_up("date_time", function="maximum", of="held_on"), [("wrong_type", "type")]),
    (rolled_up("decimal", function="average", of="hours", decimals=5), []),
    (rolled_up("date", function="maximum", of="held_on"), []),
    (rolled_up(object="person", field="friend", filters=[
        {"field": "passport", "operator": "is_blank"}]), [("sensitive", "field")]),
    (rolled_up(object="person", field="friend", filters=[
        {"field": "figure", "operator": "equals", "value": 3}]), [("computed", "field")]),
    (rolled_up(object="person", field="friend", function="sum", of="figure"), [("computed", "roll_up.of")]),
    (chosen(field="hour", operator="is_blank"), [("unknown_name", "field")]),
    (chosen(field="hours", operator="greater_than", value="many"), [("not_a_number", "value")]),
    (chosen(field="held_on", operator="in_period", value="this_month"), [("not_allowed", "operator")]),
    (chosen(field="held_on", operator="older_than_days", value=30), [("not_allowed", "operator")]),
    (chosen(field="title", operator="contains", value="a"), [("not_allowed", "operator")]),
    (chosen(field="owner", operator="equals", value="$me"), [("not_allowed", "value")]),
    (chosen(field="held_on", operator="less_than", value="2025-01-01"), []),
    ({**rolled_up(), "required": True}, [("not_allowed", "required")]),
    ({**rolled_up(), "formula": "1"}, [("not_allowed", "formula")]),
])  # fmt: skip
def test_what_a_roll_up_cannot_be_made_of_is_said_with_its_place(field: Json, found: list[tuple[str, str]]) -> None:
    assert problems(field) == found


def test_an_object_has_so_many_roll_ups_and_is_rolled_up_over_so_many_lookups() -> None:
    many = [{**rolled_up(), "name": f"figure_{number}"} for number in range(MOST_ROLL_UPS + 1)]
    assert problems(*many) == [("too_many", "objects/person.json: fields")]
    document = roll_up_document()
    visit = next(each for each in document["objects"] if each["name"] == "visit")
    person = next(each for each in document["objects"] if each["name"] == "person")
    for number in range(MOST_ROLLED_UP):
        name = f"helper_{number}"
        visit["fields"].append({"id": name, "name": name, "label": name, "type": "lookup", "object": "person"})
        field = {**copy.deepcopy(rolled_up(field=name)), "name": f"helped_{number}", "label": name, "id": f"p.{name}"}
        person["fields"].append(field)
    assert [kind for kind, _ in problems(document=document)] == ["too_many"]
