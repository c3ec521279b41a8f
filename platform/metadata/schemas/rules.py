"""Schemas of what formulas decide: validation rules, and when a field is shown, needed and open to change."""

from __future__ import annotations

from amparo.metadata.formulas.limits import LONGEST_CONDITION
from amparo.metadata.formulas.value_types import Blanks
from amparo.metadata.limits import LONGEST_HELP, MOST_EXAMPLES, MOST_OPTIONS
from amparo.metadata.rules.definitions import Existing, Severity
from amparo.metadata.schemas.parts import (
    FILTERS,
    MATCH,
    Schema,
    closed,
    identifier,
    label,
    listing,
    name,
    reference,
    refused,
    switch,
)
from amparo.metadata.wording import N_

_DAY_PATTERN = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_DAY_ADVICE = N_("Write a day as 2026-03-31.")


def formula(description: str) -> Schema:
    return {"type": "string", "minLength": 1, "maxLength": LONGEST_CONDITION, "description": description}


def _day(description: str) -> Schema:
    return {
        "type": "string",
        "pattern": _DAY_PATTERN,
        "patternErrorMessage": _DAY_ADVICE,
        "description": description,
    }


#: What every field may have beside its other attributes: formulas.
FIELD_CONDITIONS: dict[str, Schema] = {
    "visible_when": formula(
        "A formula: the field is asked only while it is true. An answer that is there when it becomes false is "
        "cleared; the history keeps it."
    ),
    "required_when": formula("A formula: an answer is needed while it is true."),
    "read_only_when": formula("A formula: while it is true of a record, the answer cannot be changed."),
    "default_formula": formula(
        "A formula that answers the field of a new record, unless somebody else does. It reads the record's own fields."
    ),
    "formula": formula(
        "A formula that computes the field whenever somebody reads it; nobody answers it, and nothing is kept."
    ),
    "blanks": {
        "type": "string",
        "enum": list(Blanks),
        "default": Blanks.AS_BLANK,
        "description": "Beside a formula: whether a number that has no answer counts as zero in it.",
    },
    "roll_up": closed(
        {
            "object": reference("The object whose records are counted."),
            "field": reference("Their lookup, or master-detail, that points here."),
            "function": {
                "type": "string",
                "enum": ["count", "sum", "average", "minimum", "maximum"],
                "description": "What is made of them. count needs no field.",
            },
            "of": reference("Their field that is added up, or of which the least or the greatest is taken."),
            "filters": FILTERS,
            "match": MATCH,
        },
        ["object", "field", "function"],
        "The field is made of the records that point here; nobody answers it.",
    ),
}

_EXAMPLE = closed(
    {
        "name": label("What the example shows."),
        "record": {
            "type": "object",
            "description": "Answers by field, as a person would write them; across a lookup as client.birth_date.",
        },
        "before": {
            "type": "object",
            "description": "The answers before the change; left out of a record that is being created.",
        },
        "on": _day("The day that counts as today."),
        "is_broken": switch("Whether the record breaks the rule.", default=True),
    },
    ["name", "record", "on", "is_broken"],
    "A record, and what the rule has to say of it.",
)

_ONLY_ON_COMPLETION = N_("Remove “completion”: only a rule of severity on_completion has it.")
_ONLY_WHEN_WARNING = N_("Remove “warn_until”: only a rule that warns about existing records has it.")


def _needs(key: str, value: str, other: str, advice: str) -> Schema:
    """``other`` is required where ``key`` has the value, and refused elsewhere."""
    chosen: Schema = {"properties": {key: {"const": value}}, "required": [key]}
    return {"if": chosen, "then": {"required": [other]}, "else": {"properties": {other: refused(advice)}}}


VALIDATION_RULE = closed(
    {
        "id": identifier("validation rule"),
        "name": name("validation rule"),
        "field": reference("The field beside which the message stands."),
        "condition": formula("A formula that is true when the record is wrong."),
        "message": {
            "type": "string",
            "minLength": 1,
            "maxLength": LONGEST_HELP,
            "description": "What people read when the record is wrong: what would do.",
        },
        "severity": {
            "type": "string",
            "enum": list(Severity),
            "default": Severity.ERROR,
            "description": "error: the record is not saved. warning: it is saved once somebody has said that it is "
            "right all the same, which is recorded. on_completion: an error when the record moves into a status.",
        },
        "completion": closed(
            {
                "field": reference("The picklist field that holds the status."),
                "options": listing(reference("A code."), "The status that counts.", MOST_OPTIONS, least=1),
            },
            ["field", "options"],
            "For on_completion: which status.",
        ),
        "existing": {
            "type": "string",
            "enum": list(Existing),
            "default": Existing.ENFORCE,
            "description": "What is asked of a record that breaks the rule already. enforce: to be put right at the "
            "next change. leave: nothing, until a field that the rule reads is changed. warn: a warning, until a day.",
        },
        "warn_until": _day("For warn: from this day on the rule is enforced."),
        "blanks": {
            "type": "string",
            "enum": list(Blanks),
            "default": Blanks.AS_BLANK,
            "description": "Whether a number that has no answer counts as zero.",
        },
        "active": switch("The rule is applied.", default=True),
        "examples": listing(
            _EXAMPLE, "Records and what the rule has to say of them, looked at with every check.", MOST_EXAMPLES
        ),
    },
    ["id", "name", "condition", "message"],
    "One rule that records must keep.",
    allOf=[
        _needs("severity", Severity.ON_COMPLETION, "completion", _ONLY_ON_COMPLETION),
        _needs("existing", Existing.WARN, "warn_until", _ONLY_WHEN_WARNING),
    ],
)
