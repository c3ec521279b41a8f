"""Formula fields, and the formulas of lists: what is refused when definitions are checked, and where."""

from __future__ import annotations

from typing import Any

import pytest

from amparo.metadata.checks import check
from factories.clinic import Json, field_of
from factories.formula_fields import formula_document

PLACE = "objects/person.json: fields[{}].{}"
COUNT = len(formula_document()["objects"][1]["fields"])


def checked(*more: Json) -> list[tuple[str, str]]:
    return [(problem.kind, problem.path) for problem in check(formula_document(*more))]


def test_sound_ones_are_taken() -> None:
    assert checked() == []


@pytest.mark.parametrize(("field", "kind", "key"), [
    ({"type": "integer", "formula": "nickname"}, "wrong_type", "formula: line 1, column 1"),
    ({"type": "integer", "formula": "childern + 1"}, "unknown_field", "formula: line 1, column 1"),
    ({"type": "picklist", "picklist": "gender", "formula": "TEXT(gender)"}, "wrong_type", "type"),
    ({"type": "text", "formula": "passport"}, "sensitive", "formula"),
    ({"type": "text", "formula": "friend.passport"}, "sensitive", "formula"),
    ({"type": "text", "formula": "$User.name"}, "not_allowed", "formula"),
    ({"type": "checkbox", "formula": "ISCHANGED(debt)"}, "not_allowed", "formula"),
    ({"type": "checkbox", "formula": "ISNEW()"}, "not_allowed", "formula"),
    ({"type": "integer", "formula": "PRIORVALUE(days_known)"}, "not_a_field", "formula: line 1, column 12"),
    ({"type": "integer", "formula": "children", "required": True}, "not_allowed", "required"),
    ({"type": "integer", "formula": "children", "missing_reasons": ["unknown"]}, "not_allowed", "missing_reasons"),
    ({"type": "integer", "formula": "children", "visible_when": "safe"}, "not_allowed", "visible_when"),
    ({"type": "integer", "blanks": "as_zero"}, "not_allowed", "blanks"),
    ({"type": "text", "formula": "friend.friend.friend.friend.friend.friend_of_friend"}, "too_many_levels", "formula"),
])  # fmt: skip
def test_a_mistake_is_told_at_its_place(field: Json, kind: str, key: str) -> None:
    assert checked({"name": "made", **field}) == [(kind, PLACE.format(COUNT, key))]


def test_a_loop_is_named_once() -> None:
    first = {"name": "first", "type": "integer", "formula": "second + 1"}
    second = {"name": "second", "type": "integer", "formula": "friend.first * 2"}
    (problem,) = check(formula_document(first, second))
    assert (problem.kind, problem.path) == ("loop", PLACE.format(COUNT, "formula"))
    assert {"person.first", "person.second"} <= set(problem.params["loop"].split(" → "))


def test_a_formula_that_grows_with_those_that_it_reads_has_its_price() -> None:
    fields = [{"name": "f0", "type": "integer", "formula": "children"}]
    fields += [{"name": f"f{n}", "type": "integer", "formula": f"f{n - 1} + f{n - 1}"} for n in range(1, 12)]
    assert {kind for kind, _ in checked(*fields)} == {"too_many_parts"}


def test_a_tower_of_formulas_is_refused_before_it_is_built() -> None:
    fields = [{"name": "f0", "type": "integer", "formula": "children"}]
    fields += [{"name": f"f{n}", "type": "integer", "formula": f"f{n - 1} + f{n - 1}"} for n in range(1, 60)]
    assert {kind for kind, _ in checked(*fields)} == {"too_many_parts"}


def test_a_rule_and_a_default_are_looked_at_with_the_formulas_that_they_read() -> None:
    fields = [{"name": "f0", "type": "integer", "formula": "children"}]
    fields += [{"name": f"f{n}", "type": "integer", "formula": f"f{n - 1} + f{n - 1}"} for n in range(1, 10)]
    document = formula_document(*fields)
    rule = {"id": "rule.r", "name": "r", "message": "No.", "condition": "f9 + f9 > f9"}
    document["objects"][1]["validation_rules"] = [rule]
    field_of(document, "person", "nickname")["default_formula"] = "friend_called"
    found = {(each.kind, each.path.rsplit(".", 1)[-1]) for each in check(document)}
    assert found == {("too_many_parts", "condition"), ("not_allowed", "default_formula")}


def test_what_names_a_record_is_not_computed() -> None:
    document = formula_document()
    document["objects"][1]["name_field"] = "called"
    assert [(each.kind, each.path) for each in check(document)] == [
        ("wrong_field_type", "objects/person.json: name_field")
    ]


@pytest.mark.parametrize(("only_when", "kind"), [
    ("days_known > 30", None),
    ("AND(owner = $User.id, NOT(is_young))", None),
    ("days_known", "wrong_type"),
    ('passport = "N1"', "sensitive"),
    ('$User.email = "a@b.c"', "not_allowed"),
    ("has_digit", "not_sayable"),
    ("frend.safe", "unknown_field"),
])  # fmt: skip
def test_the_formula_of_a_list_and_of_a_report_is_looked_at(only_when: str, kind: str | None) -> None:
    document = formula_document()
    asked = {"object": "person", "label": "Some", "columns": ["name"], "only_when": only_when}
    document["list_views"] = [{"id": "view.some", "name": "some", **asked}]
    document["reports"] = [{"id": "report.some", "name": "some", **asked}]
    found = [(problem.kind, problem.path.split(":")[0]) for problem in check(document)]
    assert found == ([] if kind is None else [(kind, "list_views/some.json"), (kind, "reports/some.json")])


@pytest.mark.parametrize("asked", [
    {"sort": [{"field": "has_digit"}]},
    {"filters": [{"field": "has_digit", "operator": "equals", "value": True}]},
])  # fmt: skip
def test_a_list_cannot_ask_by_what_no_database_computes(asked: dict[str, Any]) -> None:
    document = formula_document()
    view = {"id": "view.some", "name": "some", "object": "person", "label": "Some", "columns": ["has_digit"]}
    document["list_views"] = [{**view, **asked}]
    (problem,) = check(document)
    assert (problem.kind, problem.path) == ("not_sayable", f"list_views/some.json: {next(iter(asked))}[0].field")


def test_an_answered_field_does_not_become_a_computed_one_nor_the_other_way_round() -> None:
    document = formula_document()
    field_of(document, "person", "children")["formula"] = "1"
    kinds = [(each.kind, each.path) for each in check(document, previous=formula_document())]
    place = next(n for n, each in enumerate(document["objects"][1]["fields"]) if each["name"] == "children")
    assert ("storage_changed", PLACE.format(place, "").rstrip(".")) in kinds
    document = formula_document()
    del field_of(document, "person", "kind")["formula"]
    assert "storage_changed" in {each.kind for each in check(document, previous=formula_document())}
