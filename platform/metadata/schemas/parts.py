"""Pieces that several schemas share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from amparo.metadata.filters import OPERATORS, Shape
from amparo.metadata.limits import LONGEST_HELP, LONGEST_LABEL, MOST_FILTERS, MOST_SORTS
from amparo.metadata.missing import Missing
from amparo.metadata.naming import ID_ADVICE, ID_PATTERN, NAME_ADVICE, NAME_PATTERN
from amparo.metadata.periods import MOST_DAYS, PERIOD_PATTERN
from amparo.metadata.wording import N_

Schema = dict[str, Any]


def closed(properties: Mapping[str, Schema], required: Iterable[str], description: str, **more: Any) -> Schema:
    """An object with these properties and no others."""
    return {
        "type": "object",
        "description": description,
        "properties": dict(properties),
        "required": list(required),
        "additionalProperties": False,
        **more,
    }


def listing(items: Schema, description: str, most: int, least: int = 0, **more: Any) -> Schema:
    schema: Schema = {"type": "array", "description": description, "items": items, "maxItems": most}
    if least:
        schema["minItems"] = least
    return {**schema, **more}


def file_schema(
    kind: str, properties: Mapping[str, Schema], required: Iterable[str], description: str, **more: Any
) -> Schema:
    """The schema of a whole file; each file may say which schema it follows."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"Amparo {kind.replace('_', ' ')}",
        **closed({"$schema": SCHEMA_LINK, **properties}, required, description, **more),
    }


def identifier(what: str) -> Schema:
    return {
        "type": "string",
        "pattern": ID_PATTERN,
        "patternErrorMessage": ID_ADVICE,
        "description": f"The permanent identifier of this {what}. Unique in the whole application; "
        "never change it, not even when you rename.",
    }


def name(what: str) -> Schema:
    return {
        "type": "string",
        "pattern": NAME_PATTERN,
        "patternErrorMessage": NAME_ADVICE,
        "description": f"The name of this {what} in files and formulas: small letters, digits and _.",
    }


def reference(description: str) -> Schema:
    """The name of another definition; that it exists is checked over the whole folder."""
    return {"type": "string", "minLength": 1, "description": description}


def label(description: str) -> Schema:
    return {"type": "string", "minLength": 1, "maxLength": LONGEST_LABEL, "description": description}


def long_help(description: str) -> Schema:
    return {"type": "string", "maxLength": LONGEST_HELP, "description": description}


def switch(description: str, default: bool) -> Schema:
    return {"type": "boolean", "default": default, "description": description}


def refused(advice: str) -> Schema:
    """Nothing may stand here; the advice says why."""
    return {"not": {}, "errorMessage": advice}


SCHEMA_LINK: Schema = {
    "type": "string",
    "description": "Where the schema of this file is, so that an editor completes and checks what you write.",
}

REASON: Schema = {
    "type": "string",
    "enum": [str(reason) for reason in Missing],
    "description": "A reason why an answer is missing.",
}

MATCH: Schema = {
    "type": "string",
    "enum": ["all", "any"],
    "default": "all",
    "description": "Whether a record must meet all filters or any one of them.",
}

SORT = listing(
    closed(
        {
            "field": reference("The field or system field to sort by."),
            "descending": switch("Largest or latest first.", default=False),
        },
        ["field"],
        "One field to sort by.",
    ),
    "What the records are sorted by; the first counts most.",
    MOST_SORTS,
)

_NO_VALUE = N_("Remove the value: this operator needs none.")
_VALUE: Schema = {
    "description": "What to compare with: a value, a list for one_of and the like, two values for between, "
    "a point and kilometres for within_distance, "
    "a period such as this_month for in_period, $me for the member who looks.",
}
_SCALAR: Schema = {"type": ["string", "number", "boolean"]}
_VALUE_BY_SHAPE: Mapping[Shape, Schema] = {
    Shape.ONE: _SCALAR,
    Shape.MANY: {"type": "array", "items": _SCALAR, "minItems": 1, "maxItems": 200},
    Shape.PAIR: {"type": "array", "items": _SCALAR, "minItems": 2, "maxItems": 2},
    Shape.PERIOD: {
        "type": "string",
        "pattern": PERIOD_PATTERN,
        "patternErrorMessage": N_("Give a period, such as this_month or last_n_days:30."),
    },
    Shape.DISTANCE: {"type": "array", "items": _SCALAR, "minItems": 2, "maxItems": 2},
    Shape.DAYS: {"type": "integer", "minimum": 0, "maximum": MOST_DAYS},
    Shape.REASONS: {"type": "array", "items": REASON, "uniqueItems": True},
}


def _wants(shape: Shape) -> Schema:
    """What the value must be for the operators of one shape."""
    operators = [each.name for each in OPERATORS.values() if each.shape is shape]
    chosen: Schema = {"properties": {"operator": {"enum": operators}}, "required": ["operator"]}
    if shape is Shape.NONE:
        return {"if": chosen, "then": {"properties": {"value": refused(_NO_VALUE)}}}
    wanted: Schema = {"properties": {"value": _VALUE_BY_SHAPE[shape]}}
    return {"if": chosen, "then": wanted if shape is Shape.REASONS else {**wanted, "required": ["value"]}}


FILTERS = listing(
    closed(
        {
            "field": reference("The field or system field to look at."),
            "operator": {
                "type": "string",
                "enum": list(OPERATORS),
                "description": "How to compare. Which ones a field takes depends on its type.",
            },
            "value": _VALUE,
        },
        ["field", "operator"],
        "One condition.",
        allOf=[_wants(shape) for shape in Shape],
    ),
    "Which records are shown.",
    MOST_FILTERS,
)
