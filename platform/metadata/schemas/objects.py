"""Schemas of objects and picklists."""

from __future__ import annotations

from amparo.metadata.fields.base import FieldType
from amparo.metadata.fields.registry import FIELD_TYPES
from amparo.metadata.limits import (
    MOST_COLUMNS,
    MOST_OPTIONS,
    MOST_RECORD_TYPES,
    MOST_RULES,
)
from amparo.metadata.missing import Missing
from amparo.metadata.naming import CODE_ADVICE, CODE_PATTERN, ICON_ADVICE, ICON_PATTERN
from amparo.metadata.schemas.parts import (
    REASON,
    Schema,
    closed,
    file_schema,
    identifier,
    label,
    listing,
    long_help,
    name,
    reference,
    refused,
    switch,
)
from amparo.metadata.schemas.rules import FIELD_CONDITIONS, VALIDATION_RULE
from amparo.metadata.wording import N_

#: How much a value says about a person; decides what is hidden, logged and left out of figures.
PERSONAL_CLASSES = ("none", "indirect", "direct", "special")
#: How a status is drawn.
OPTION_STATES = ("new", "under_way", "active", "closed")

_ATTRIBUTES: dict[str, Schema] = {
    "id": identifier("field"),
    "name": name("field"),
    "type": {
        "type": "string",
        "enum": list(FIELD_TYPES),
        "description": "The kind of field. "
        + " ".join(f"{each.name}: {each.summary}" for each in FIELD_TYPES.values()),
    },
    "label": label("What people read beside the field."),
    "help": long_help("A sentence under the field that says what to write."),
    "required": switch("A record cannot be saved without an answer. A reason counts as an answer.", default=False),
    "unique": switch(
        "No two records may have the same value. An automatic number and an external id are unique by themselves.",
        default=False,
    ),
    "indexed": switch("Lists are often filtered or sorted by this field.", default=False),
    "searchable": switch(
        "The search box looks into this field, and lists sort it in the order of its readers' alphabets.", default=False
    ),
    "default": {
        "type": ["string", "number", "boolean", "array"],
        "items": {"type": "string"},
        "description": "The value of a new record: as a person would write it, or today for a date, now for a "
        "date and time.",
    },
    "sensitive": switch(
        "The value is encrypted. It can be shown and compared exactly, but not sorted, grouped or searched.",
        default=False,
    ),
    "personal": {
        "type": "string",
        "enum": list(PERSONAL_CLASSES),
        "description": "How much the value says about a person. none: nothing. indirect: together with other "
        "values. direct: names or identifies somebody. special: health, origin, what somebody suffered.",
    },
    "standard_code": {
        "type": "string",
        "minLength": 1,
        "maxLength": 80,
        "description": "The name of this field in a data standard, so that figures from several organisations add up. "
        "Two names separated by a space where the standard splits what this field holds, such as latitude and "
        "longitude.",
    },
    "missing_reasons": {
        "type": "array",
        "items": REASON,
        "uniqueItems": True,
        "maxItems": len(Missing),
        "description": "The reasons a person may give instead of an answer.",
    },
    "retired": switch("No longer used. Retire a field instead of deleting it: its answers stay.", default=False),
    **FIELD_CONDITIONS,
}
_FOREIGN_OPTION = N_("Remove this: fields of this type do not take it.")
_OPTION_NAMES = list(dict.fromkeys(name for each in FIELD_TYPES.values() for name in each.options))


def _options_named(option: str) -> str:
    """What an option is, and for which types."""
    types = [each for each in FIELD_TYPES.values() if option in each.options]
    descriptions = dict.fromkeys(str(each.options[option]["description"]) for each in types)
    return f"For {', '.join(each.name for each in types)}. {' '.join(descriptions)}"


def _options_of(each: FieldType) -> Schema:
    """What a field of this type may and must have; the options of other types are refused."""
    foreign = {name: refused(_FOREIGN_OPTION) for name in _OPTION_NAMES if name not in each.options}
    then: Schema = {"properties": {**{key: dict(value) for key, value in each.options.items()}, **foreign}}
    if each.required_options:
        then["required"] = list(each.required_options)
    then.update(each.options_together)
    return {"if": {"properties": {"type": {"const": each.name}}, "required": ["type"]}, "then": then}


FIELD = closed(
    {**_ATTRIBUTES, **{option: {"description": _options_named(option)} for option in _OPTION_NAMES}},
    ["id", "name", "type", "label"],
    "One field of the object.",
    allOf=[_options_of(each) for each in FIELD_TYPES.values()],
)

_RECORD_TYPE = closed(
    {
        "id": identifier("record type"),
        "name": name("record type"),
        "label": label("What people read."),
        "help": long_help("A sentence that says when to choose it."),
        "active": switch("New records may have this type.", default=True),
    },
    ["id", "name", "label"],
    "One kind of record, with its own page layout.",
)

OBJECT = file_schema(
    "object",
    {
        "id": identifier("object"),
        "name": name("object"),
        "label": label("What one record is called, such as Case."),
        "plural": label("What many records are called, such as Cases."),
        "help": long_help("A sentence that says what the object is for."),
        "name_field": reference("The field that names a record: text or an automatic number."),
        "number_field": reference("A second field shown under the name, to tell records apart."),
        "icon": {
            "type": "string",
            "pattern": ICON_PATTERN,
            "patternErrorMessage": ICON_ADVICE,
            "description": "The name of the icon beside the object.",
        },
        "fields": listing(FIELD, "What is kept about each record.", 2 * MOST_COLUMNS, least=1),
        "record_types": listing(_RECORD_TYPE, "Kinds of record, where work differs.", MOST_RECORD_TYPES),
        "validation_rules": listing(VALIDATION_RULE, "Rules that records must keep.", MOST_RULES),
    },
    ["id", "name", "label", "plural", "name_field", "fields"],
    "What an organisation keeps records of, such as cases or people.",
)

_OPTION = closed(
    {
        "code": {
            "type": "string",
            "pattern": CODE_PATTERN,
            "patternErrorMessage": CODE_ADVICE,
            "description": "What is stored. Never change it; change the label.",
        },
        "label": label("What people read; the code itself when left out."),
        "help": long_help("A sentence that says when to choose it."),
        "standard_code": {
            "type": "string",
            "minLength": 1,
            "maxLength": 80,
            "description": "The code of this answer in a data standard.",
        },
        "active": switch("The option can be chosen. Switch it off instead of deleting it.", default=True),
        "group": label("A heading under which the option stands in the list."),
        "state": {
            "type": "string",
            "enum": list(OPTION_STATES),
            "description": "How a status is drawn: new, under_way, active or closed.",
        },
    },
    ["code"],
    "One choice.",
)

PICKLIST = file_schema(
    "picklist",
    {
        "id": identifier("picklist"),
        "name": name("picklist"),
        "label": label("What the list is about."),
        "options": listing(_OPTION, "The choices, in the order people see them.", MOST_OPTIONS, least=1),
    },
    ["id", "name", "label", "options"],
    "Choices for picklist and multi-select fields.",
)
