"""Whether each definition has the entries its schema asks for, and no others."""

from __future__ import annotations

import hashlib
import json
import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, cast

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend

from amparo.metadata.kinds import APPLICATION_KIND, KINDS, Kind
from amparo.metadata.problems import Path, Problem, Step, near_name
from amparo.metadata.wording import N_

_WANTED = {
    "string": N_("Write text, in quotation marks."),
    "integer": N_("Write a whole number, without quotation marks."),
    "number": N_("Write a number, without quotation marks."),
    "boolean": N_("Write true or false, without quotation marks."),
    "array": N_("Write a list, in square brackets."),
    "object": N_("Write entries in curly brackets."),
}


#: The digests of so many definitions that were found sound are kept.
_MOST_SOUND = 4096
_sound: dict[bytes, None] = {}
_sound_lock = threading.Lock()


def shape_problems(kind: Kind, content: Any, path: Path) -> Iterator[Problem]:
    """The problems of one definition with its schema.

    A release has a hundred definitions of which a few changed since the last one: what was sound once is not
    looked at again, which took most of the time of publishing.
    """
    digest = _digest(kind, content)
    if digest in _sound:
        return
    is_sound = True
    for problem in _problems(kind, content, path):
        is_sound = False
        yield problem
    if is_sound and digest is not None:
        with _sound_lock:
            _sound[digest] = None
            if len(_sound) > _MOST_SOUND:
                del _sound[next(iter(_sound))]


def broken_places(kind: Kind, content: Any) -> list[tuple[Step, ...]]:
    """Where the problems of one definition with its schema are: of what is missing, where it would be."""
    return [tuple(error.absolute_path) for error in _VALIDATORS[kind.name].iter_errors(content)]


def _digest(kind: Kind, content: Any) -> bytes | None:
    """None for what no JSON file holds."""
    try:
        return hashlib.sha256(f"{kind.name} {json.dumps(content)}".encode()).digest()
    except (TypeError, ValueError):
        return None


def _problems(kind: Kind, content: Any, path: Path) -> Iterator[Problem]:
    for error in _VALIDATORS[kind.name].iter_errors(content):
        place = path
        for step in error.absolute_path:
            place = place / step
        yield _problem(error, str(place))


def _problem(error: ValidationError, path: str) -> Problem:
    describe = _DESCRIPTIONS.get(str(error.validator))
    if describe is None:
        return Problem("not_allowed", path, error.instance, N_("This is not allowed here."))
    kind, advice, params = describe(error.instance, error.validator_value, error)
    return Problem(kind, path, error.instance, advice, params)


#: Kind of problem, advice, and what fills its slots.
Description = tuple[str, str, Mapping[str, Any]]


def _wrong_type(instance: Any, wanted: Any, error: ValidationError) -> Description:
    if isinstance(wanted, str):
        return "wrong_type", _WANTED[wanted], {}
    return "wrong_type", N_("Write text, a number, true or false."), {}


def _missing(instance: Any, required: Any, error: ValidationError) -> Description:
    return "missing_entry", N_("Add “{name}”."), {"name": error.path[-1]}


def _unknown(instance: Any, known: Any, error: ValidationError) -> Description:
    name = str(error.path[-1])
    near = near_name(name, known)
    if near is None:
        params = {"name": name, "choices": ", ".join(known)}
        return "unknown_entry", N_("Remove “{name}”. Known here: {choices}."), params
    return "unknown_entry", N_("Did you mean “{near}” instead of “{name}”?"), {"name": name, "near": near}


def _not_a_choice(instance: Any, allowed: Any, error: ValidationError) -> Description:
    choices = [str(choice) for choice in allowed]
    near = _meant(instance, choices) if isinstance(instance, str) else None
    if near is None:
        return "not_a_choice", N_("Use one of: {choices}."), {"choices": ", ".join(choices)}
    return "not_a_choice", N_("Did you mean “{near}”?"), {"near": near}


#: Words of Salesforce and of spreadsheets for types of fields and functions that are called something else here.
_OTHER_WORDS: Mapping[str, str] = {
    "autonumber": "auto_number",
    "avg": "average",
    "boolean": "checkbox",
    "double": "decimal",
    "html": "rich_text",
    "int": "integer",
    "longtextarea": "long_text",
    "max": "maximum",
    "min": "minimum",
    "multiselectpicklist": "multi_select",
    "number": "decimal",
    "phonenumber": "phone",
    "reference": "lookup",
    "string": "text",
    "textarea": "long_text",
    "yesno": "checkbox",
}


def _meant(text: str, choices: Sequence[str]) -> str | None:
    word = _OTHER_WORDS.get("".join(char for char in text.lower() if char.isalnum()))
    return word if word in choices else near_name(text, choices)


def _as_the_schema_says(kind: str, key: str) -> Describe:
    """Patterns and refusals carry their own advice, which editors show too."""
    return lambda instance, rule, error: (kind, str(cast(Mapping[str, Any], error.schema)[key]), {})


def _bounded(kind: str, advice: str) -> Describe:
    """A limit was passed: ``{limit}`` is the limit and ``{count}`` the length of what stands there."""
    return lambda instance, limit, error: (
        kind,
        advice,
        {"limit": limit, "count": len(instance) if hasattr(instance, "__len__") else instance},
    )


Describe = Callable[[Any, Any, ValidationError], Description]

_DESCRIPTIONS: Mapping[str, Describe] = {
    "type": _wrong_type,
    "required": _missing,
    "additionalProperties": _unknown,
    "enum": _not_a_choice,
    "pattern": _as_the_schema_says("bad_form", "patternErrorMessage"),
    "not": _as_the_schema_says("not_allowed", "errorMessage"),
    "minLength": _bounded("too_short", N_("Write something here.")),
    "maxLength": _bounded("too_long", N_("Write at most {limit} characters; this has {count}.")),
    "minItems": _bounded("too_few", N_("Give at least {limit} of these.")),
    "maxItems": _bounded("limit", N_("Keep at most {limit} of these; there are {count}.")),
    "maxProperties": _bounded("limit", N_("Keep at most {limit} of these; there are {count}.")),
    "minimum": _bounded("out_of_range", N_("Write a number of at least {limit}.")),
    "maximum": _bounded("out_of_range", N_("Write a number of at most {limit}.")),
    "uniqueItems": _bounded("duplicate", N_("Remove what stands here twice.")),
}


def _every_missing(validator: Any, required: list[str], instance: Any, schema: Any) -> Iterator[ValidationError]:
    """As in the standard, but each error stands at the place of the entry that is missing."""
    if isinstance(instance, dict):
        for name in required:
            if name not in instance:
                yield ValidationError(f"{name} is missing", path=[name])


def _every_unknown(validator: Any, rule: Any, instance: Any, schema: Mapping[str, Any]) -> Iterator[ValidationError]:
    """As in the standard, but with one error at each entry that is not known."""
    known = schema.get("properties", {})
    for name in instance if isinstance(instance, dict) else ():
        if name in known:
            continue
        if rule is False:
            choices = [each for each in known if each != "$schema"]
            yield ValidationError(f"{name} is unknown", path=[name], validator_value=choices)
        else:
            yield from validator.descend(instance[name], rule, path=name)


def _whole_pattern(validator: Any, pattern: str, instance: Any, schema: Any) -> Iterator[ValidationError]:
    """As in ECMA-262, where ``$`` is the end of the text; in Python it also stands before a last line feed."""
    if isinstance(instance, str) and not re.search(pattern.removesuffix("$") + r"\Z", instance):
        yield ValidationError(f"{instance!r} does not match")


_Validator = extend(  # type: ignore[no-untyped-call]
    Draft202012Validator,
    {"required": _every_missing, "additionalProperties": _every_unknown, "pattern": _whole_pattern},
)
_VALIDATORS = {kind.name: _Validator(kind.schema) for kind in (APPLICATION_KIND, *KINDS)}
