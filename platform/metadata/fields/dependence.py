"""Dependent picklists: which options of a field go with the answer of another field, as a table; and by formulas.

What a formula says of an option is found out by ``metadata.rules``; here is how it is written, checked and told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from amparo.metadata.fields.base import Answer
from amparo.metadata.formulas.limits import LONGEST_CONDITION
from amparo.metadata.missing import Missing
from amparo.metadata.model import Application, FieldDefinition, ObjectDefinition
from amparo.metadata.problems import Path, Problem, near_name
from amparo.metadata.wording import N_

DEPENDENCE_OPTION: Mapping[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["field", "options"],
    "properties": {
        "field": {
            "type": "string",
            "description": "The name of the controlling field of the same object: a picklist or a checkbox.",
        },
        "options": {
            "type": "object",
            "additionalProperties": {"type": "array", "items": {"type": "string"}, "uniqueItems": True},
            "description": (
                "For each code of the controlling field (true or false of a checkbox) the codes that may be chosen "
                "with it. With a code that is not named here, and without an answer, nothing can be chosen."
            ),
        },
    },
    "description": "Makes this a dependent picklist: what may be chosen follows from another field.",
}

#: A form carries them all, so that options come and go while somebody types.
_MOST_FORMULAS = 60

OPTIONS_WHEN_OPTION: Mapping[str, Any] = {
    "type": "object",
    "maxProperties": _MOST_FORMULAS,
    "additionalProperties": {"type": "string", "minLength": 1, "maxLength": LONGEST_CONDITION},
    "description": (
        "Formulas by code, in curly brackets: the option may be chosen only while its formula is true, or cannot be "
        "told. Options that are not named here may always be chosen."
    ),
}


@dataclass(frozen=True, slots=True)
class Dependence:
    """``allowed`` is by the code of the controlling field."""

    field: FieldDefinition
    controlling: FieldDefinition
    allowed: Mapping[str, frozenset[str]]
    application: Application

    @property
    def names(self) -> frozenset[str]:
        """Of the two fields."""
        return frozenset((self.field.name, self.controlling.name))

    def problem(self, answers: Mapping[str, Answer], before: Mapping[str, Answer]) -> Problem | None:
        """What is wrong with a record's answers; reasons for a missing answer go with everything.

        An option that the record held ``before`` goes with the same answer on: the table may be newer than both.
        """
        given, control = answers.get(self.field.name), answers.get(self.controlling.name)
        held = codes_of(before.get(self.field.name)) if control == before.get(self.controlling.name) else ()
        codes = [code for code in codes_of(given) if code not in held]
        if not codes:
            return None
        name = self.field.name
        if control is None or isinstance(control, Missing):
            advice = N_("Answer “{field}” first: it says what can be chosen here.")
            return Problem("not_an_option", name, given, advice, _named("field", self.controlling))
        allowed = self.allowed.get(control_code(control), frozenset())
        wrong = [code for code in codes if code not in allowed]
        if not wrong:
            return None
        params = {
            **_chosen("option", self.field, wrong[0], self.application),
            **_chosen("control", self.controlling, control_code(control), self.application),
            **_named("field", self.controlling),
        }
        advice = N_("“{option}” does not go with “{control}” in “{field}”. Choose another answer, here or there.")
        return Problem("not_an_option", name, given, advice, params)


def not_offered(field: FieldDefinition, code: str, application: Application) -> Problem:
    """The problem of an option whose formula is false."""
    advice = N_("“{option}” does not go with the other answers given here. Choose another answer, or change those.")
    return Problem("not_an_option", field.name, code, advice, _chosen("option", field, code, application))


def check_options_when(field: FieldDefinition, application: Application, path: Path) -> Iterator[Problem]:
    """Codes that there are not; ``metadata.checks.formulas`` reads the formulas."""
    written = field.options.get("options_when")
    if isinstance(written, Mapping):
        yield from _unknown_codes(written, _codes(field, application), path / "options_when")


def codes_of(answer: Answer) -> tuple[str, ...]:
    """Of a picklist one, of a multi-select several, of all else none."""
    if isinstance(answer, Missing) or not isinstance(answer, (str, tuple)):
        return ()
    return (answer,) if isinstance(answer, str) else answer


def control_code(answer: Answer) -> str:
    """The key of the table: a code, or ``true`` and ``false`` of a checkbox."""
    return str(answer).lower() if isinstance(answer, bool) else str(answer)


def _named(slot: str, field: FieldDefinition) -> dict[str, str]:
    """A slot for a field's label, and the id under which it is translated."""
    return {slot: field.label, f"{slot}_id": field.id}


def _chosen(slot: str, field: FieldDefinition, code: str, application: Application) -> dict[str, str]:
    """The same for the label of an option."""
    if field.type == "checkbox":
        return {slot: "Yes" if code == "true" else "No"}
    picklist = application.picklists.get(field.options.get("picklist", ""))
    option = picklist.by_code.get(code) if picklist else None
    return {slot: option.label, f"{slot}_id": f"{picklist.id}:{code}"} if picklist and option else {slot: code}


def dependences_of(definition: ObjectDefinition, application: Application) -> tuple[Dependence, ...]:
    """Those of an object's active fields."""
    found = []
    for field in definition.active_fields:
        written = field.options.get("depends_on")
        controlling = definition.by_name.get(written["field"]) if written else None
        if written and controlling is not None and not controlling.retired:
            allowed = {code: frozenset(codes) for code, codes in written["options"].items()}
            found.append(Dependence(field, controlling, allowed, application))
    return tuple(found)


def check_dependence(
    field: FieldDefinition, fields: Mapping[str, FieldDefinition], application: Application, path: Path
) -> Iterator[Problem]:
    """Problems of one field's table: who controls it, and the codes on both sides."""
    written = field.options.get("depends_on")
    if not isinstance(written, Mapping):
        return
    name, place = written["field"], path / "depends_on"
    controlling = fields.get(name)
    if controlling is None or name == field.name or controlling.type not in ("picklist", "checkbox"):
        near = near_name(name, [each.name for each in fields.values() if each.type in ("picklist", "checkbox")])
        advice = N_("Name another field of this object that is a picklist or a checkbox, such as “{near}”.")
        if near is None or near == field.name:
            advice = N_("Name another field of this object that is a picklist or a checkbox.")
        yield Problem("wrong_field_type", str(place / "field"), name, advice, {"near": near})
        return
    if controlling.retired:
        yield Problem("retired", str(place / "field"), name, N_("Name another field: this one is retired."))
    yield from _unknown_codes(written["options"], _codes(controlling, application), place / "options")
    for code, codes in written["options"].items():
        yield from _unknown_codes(codes, _codes(field, application), place / "options" / code)
    yield from _circle(field, fields, place)


def _codes(field: FieldDefinition, application: Application) -> set[str]:
    if field.type == "checkbox":
        return {"true", "false"}
    picklist = application.picklists.get(field.options.get("picklist", ""))
    return set(picklist.by_code) if picklist else set()


def _unknown_codes(given: Any, known: set[str], place: Path) -> Iterator[Problem]:
    # Without any known code the picklist itself is missing, which is told at its own place.
    for code in given if known else ():
        if code not in known:
            near = near_name(code, known)
            if near:
                advice = N_("There is no option “{code}”. Did you mean “{near}”?")
            else:
                advice = N_("There is no option “{code}”. Take it out, or add it to the picklist.")
            yield Problem("unknown_name", str(place), code, advice, {"code": code, "near": near})


def _circle(field: FieldDefinition, fields: Mapping[str, FieldDefinition], place: Path) -> Iterator[Problem]:
    chain = [field.name]
    while (following := fields[chain[-1]].options.get("depends_on", {}).get("field")) in fields:
        chain.append(following)
        if following in chain[:-1]:
            if following == field.name:
                advice = N_("Let one of these stand by itself: each depends on the next in a circle: {loop}.")
                yield Problem("cycle", str(place / "field"), chain[1], advice, {"loop": " → ".join(chain)})
            return
