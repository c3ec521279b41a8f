"""What the checks say of rules and conditions."""

from __future__ import annotations

from typing import Any

import pytest

from amparo.metadata.checks import check
from factories.clinic import Json, clinic_document, field_of
from factories.rules import strict_document, with_rule

RULE: dict[str, Any] = {"condition": "born > TODAY()", "message": "Look again.", "field": "born"}


def told(document: Json) -> list[tuple[str, str]]:
    return [(problem.path, problem.kind) for problem in check(document)]


def ruled(**written: Any) -> Json:
    return with_rule(clinic_document(), "person", "born", **RULE, **written)


RULE_PLACE = "objects/person.json: validation_rules[0]"


@pytest.mark.parametrize(
    ("written", "place", "kind"),
    [
        ({"severity": "on_completion"}, f"{RULE_PLACE}.completion", "missing_entry"),
        ({"existing": "warn"}, f"{RULE_PLACE}.warn_until", "missing_entry"),
        ({"warn_until": "2026-01-01"}, f"{RULE_PLACE}.warn_until", "not_allowed"),
        ({"existing": "warn", "warn_until": "2026-02-30"}, f"{RULE_PLACE}.warn_until", "not_a_day"),
        (
            {"severity": "on_completion", "completion": {"field": "gander", "options": ["x"]}},
            f"{RULE_PLACE}.completion.field",
            "unknown_name",
        ),
        (
            {"severity": "on_completion", "completion": {"field": "name", "options": ["x"]}},
            f"{RULE_PLACE}.completion.field",
            "wrong_field_type",
        ),
        (
            {"severity": "on_completion", "completion": {"field": "gender", "options": ["femal"]}},
            f"{RULE_PLACE}.completion.options[0]",
            "unknown_name",
        ),
    ],
)
def test_a_rule_that_cannot_be_meant_is_told(written: dict[str, Any], place: str, kind: str) -> None:
    assert (place, kind) in told(ruled(**written))


def example(**written: Any) -> Json:
    whole = {"name": "An example", "on": "2026-03-01", "record": {"born": "2026-03-02"}, "is_broken": True, **written}
    return ruled(examples=[whole])


def test_examples_that_come_out_as_said_are_no_problem() -> None:
    assert told(example()) == []
    assert told(example(on="2026-03-02", is_broken=False)) == []


EXAMPLE_PLACE = f"{RULE_PLACE}.examples[0]"


@pytest.mark.parametrize(
    ("written", "place", "kind"),
    [
        ({"on": "2026-03-02"}, "is_broken", "other_outcome"),
        ({"is_broken": False}, "is_broken", "other_outcome"),
        ({"on": "2026-02-30"}, "on", "not_a_day"),
        ({"record": {"born": "yesterday"}}, "record.born", "not_a_date"),
        ({"record": {"bron": "2026-03-02"}}, "record.bron", "unknown_name"),
    ],
)
def test_an_example_with_another_outcome_is_told(written: dict[str, Any], place: str, kind: str) -> None:
    assert told(example(**written)) == [(f"{EXAMPLE_PLACE}.{place}", kind)]


def test_an_example_reads_across_lookups_and_knows_what_was_before() -> None:
    rule = {"condition": "AND(ISCHANGED(held_on), held_on < person.born)", "message": "Look again."}
    late = {"name": "Late", "on": "2026-03-01", "is_broken": True, "record": {"held_on": "1999-01-01",
            "person.born": "2000-01-01"}, "before": {"held_on": "2001-01-01"}}  # fmt: skip
    same = {**late, "name": "Same", "is_broken": False, "before": {"held_on": "1999-01-01"}}
    assert told(with_rule(clinic_document(), "visit", "late", **rule, examples=[late, same])) == []


@pytest.mark.parametrize(
    ("object_name", "field", "key", "formula", "kind"),
    [
        ("person", "name", "visible_when", "safe", "not_allowed"),
        ("visit", "person", "visible_when", "ISBLANK(title)", "not_allowed"),
        ("person", "number", "required_when", "safe", "not_allowed"),
        ("person", "story", "visible_when", "children", "wrong_type"),
        ("person", "story", "visible_when", "childen > 1", "unknown_field"),
        ("person", "story", "default_formula", "children", "wrong_type"),
        ("visit", "held_on", "default_formula", "person.born", "not_allowed"),
        ("person", "safe", "default_formula", "FALSE", "not_allowed"),
    ],
)
def test_a_condition_that_cannot_be_meant_is_told(
    object_name: str, field: str, key: str, formula: str, kind: str
) -> None:
    document = clinic_document()
    field_of(document, object_name, field)[key] = formula
    ((place, found),) = told(document)
    assert found == kind
    assert f".{key}" in place


def test_a_field_that_everybody_sees_does_not_answer_itself_with_a_sensitive_one() -> None:
    document = clinic_document()
    assert field_of(document, "person", "passport")["sensitive"]
    field_of(document, "person", "story")["default_formula"] = 'IF(ISBLANK(passport), "", passport)'
    ((place, kind),) = told(document)
    assert kind == "sensitive"
    assert ".default_formula" in place
    field_of(document, "person", "story").update(sensitive=True, searchable=False)
    assert told(document) == []


@pytest.mark.parametrize("key", ["visible_when", "default_formula"])
def test_fields_that_depend_on_each_other_are_told_with_the_loop(key: str) -> None:
    document = strict_document()
    formulas = {"maiden_name": "maiden_reason", "maiden_reason": "maiden_name"}
    for name, other in formulas.items():
        field = field_of(document, "person", name)
        field.pop("default", None)
        field.pop("visible_when", None)
        field[key] = f"NOT(ISBLANK({other}))" if key == "visible_when" else other
    (problem,) = [each for each in check(document) if each.kind == "loop"]
    assert "maiden_name → maiden_reason → maiden_name" in problem.message or (
        "maiden_reason → maiden_name → maiden_reason" in problem.message
    )
