"""The clinic with rules and conditions: what is asked of whom, and what is wrong."""

from __future__ import annotations

from typing import Any

from factories.clinic import Json, clinic_document, field_of, with_field
from factories.office import office_document

RULES: dict[str, Json] = {
    "born_later": {
        "condition": "born > TODAY()",
        "message": "Nobody is born tomorrow. Look at the date of birth again.",
        "field": "born",
    },
    "many_children": {
        "condition": "children > 12",
        "message": "That is a lot of children.",
        "field": "children",
        "severity": "warning",
    },
    "debt_of_children": {
        "condition": "AND(debt > 1000, children > 5)",
        "message": "Families like this have no such debts.",
        "severity": "warning",
    },
}
#: What people may be given, and while which formula.
SUPPORT = {"pension": '$RecordType.name <> "witness"', "widow": 'ISPICKVAL(gender, "female")', "family": "children > 0"}
VISIT_RULES: dict[str, Json] = {
    "before_birth": {
        "condition": "held_on < person.born",
        "message": "The visit was before the person was born.",
        "field": "held_on",
    },
    "needs_hours": {
        "condition": "ISBLANK(hours)",
        "message": "Say how long it took before you close the visit.",
        "field": "hours",
        "severity": "on_completion",
        "completion": {"field": "state", "options": ["done"]},
    },
}


def with_rule(document: Json, object_name: str, name: str, **written: Any) -> Json:
    """A copy of the document with one more rule."""
    target = next(each for each in document["objects"] if each["name"] == object_name)
    rule = {"id": f"{object_name}.rule.{name}", "name": name, **written}
    others = [{**each, "validation_rules": [*each.get("validation_rules", ()), rule]} if each is target else each
              for each in document["objects"]]  # fmt: skip
    return {**document, "objects": others}


def strict_document() -> Json:
    """The clinic with rules and conditions of every kind."""
    return _with_rules(clinic_document())


def strict_office_document() -> Json:
    """The same with pages: what is shown by a condition stands in its own part, another part by its own condition."""
    document = _with_rules(office_document())
    layout = next(each for each in document["layouts"] if each["object"] == "person")
    first, second = layout["tabs"]
    first["sections"][0]["fields"] += ["maiden_name", "maiden_reason", "support"]
    second["sections"][0]["fields"].append("school")
    second["sections"][0]["visible_when"] = 'NOT(ISPICKVAL(gender, "other"))'
    first["related_lists"][0] |= {"in_form": True, "columns": ["title", "held_on", "state", "hours"]}
    return document


def _with_rules(document: Json) -> Json:
    document["picklists"].append(
        {
            "id": "list.state",
            "name": "state",
            "label": "State",
            "options": [{"code": "open", "label": "Open"}, {"code": "done", "label": "Done"}],
        }
    )
    state = {"id": "visit.state", "name": "state", "type": "picklist", "label": "State", "picklist": "state"}
    document = with_field(document, "visit", state)
    maiden = {"id": "person.maiden", "name": "maiden_name", "type": "text", "label": "Name before marriage"}
    document = with_field(document, "person", {**maiden, "visible_when": 'ISPICKVAL(gender, "female")'})
    reason = {"id": "person.because", "name": "maiden_reason", "type": "text", "label": "Why it changed"}
    document = with_field(
        document, "person", {**reason, "visible_when": "NOT(ISBLANK(maiden_name))", "default": "Marriage"}
    )
    document = with_field(
        document,
        "person",
        {"id": "person.school", "name": "school", "type": "text", "label": "School", "required_when": "children > 0"},
    )
    document["picklists"].append(
        {
            "id": "list.support",
            "name": "support",
            "label": "Support",
            "options": [{"code": code, "label": code.title()} for code in ("pension", "widow", "family")],
        }
    )
    support = {"id": "person.support", "name": "support", "type": "picklist", "label": "Support", "picklist": "support"}
    document = with_field(document, "person", {**support, "options_when": SUPPORT})
    given = {"id": "visit.given", "name": "given", "type": "picklist", "label": "Given", "picklist": "support"}
    widow = 'ISPICKVAL(person.gender, "female")'
    document = with_field(document, "visit", {**given, "options_when": {"widow": widow}})
    field_of(document, "visit", "held_on")["default_formula"] = "TODAY()"
    field_of(document, "person", "story")["default_formula"] = 'name & ", " & maiden_reason'
    field_of(document, "person", "code")["read_only_when"] = "NOT(ISBLANK(code))"
    for name, written in RULES.items():
        document = with_rule(document, "person", name, **written)
    for name, written in VISIT_RULES.items():
        document = with_rule(document, "visit", name, **written)
    return document
