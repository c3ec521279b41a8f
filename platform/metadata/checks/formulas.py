"""Whether the formulas of definitions can be read, name what is there, and yield what is wanted where they stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from graphlib import CycleError
from typing import Any

from amparo.metadata.checks.formula_fields import (
    check_asked_formulas,
    check_formula_fields,
    sensitive_read,
    too_many_parts,
)
from amparo.metadata.checks.rules import check_rules
from amparo.metadata.checks.scope import Definition, Scope
from amparo.metadata.fields.registry import field_type
from amparo.metadata.formulas.checking import check_formula
from amparo.metadata.formulas.dependencies import paths_read
from amparo.metadata.formulas.formula_fields import FormulaFields
from amparo.metadata.formulas.shapes import shapes_of
from amparo.metadata.formulas.value_types import DAYS, NUMBERS, ValueType
from amparo.metadata.problems import Path, Problem
from amparo.metadata.rules.compiled import order_of
from amparo.metadata.rules.compiling import compile_rules
from amparo.metadata.wording import N_

_CONDITION = frozenset({ValueType.BOOLEAN})
_FIELD_CONDITIONS = ("visible_when", "required_when", "read_only_when")
_SHOWN_IN_A_LOOP = N_("Whether these fields are shown depends on each other: {loop}. Change one of their conditions.")
_ANSWERED_IN_A_LOOP = N_("These fields answer each other: {loop}. Change one of their formulas.")
#: What a formula may yield that answers a field, where it may be more than the type of the field itself.
_ANSWERS: Mapping[ValueType, frozenset[ValueType]] = {
    **dict.fromkeys(NUMBERS, NUMBERS),
    ValueType.PICKLIST: frozenset({ValueType.PICKLIST, ValueType.TEXT}),
    ValueType.PARTIAL_DATE: DAYS,
}


def check_formulas(scope: Scope) -> Iterator[Problem]:
    """Only asked when every definition could be read: a formula may go anywhere.

    A rule that is not active, and a field that is retired, may name what is retired by now.
    """
    if not all(each.readable for each in scope.definitions):
        return
    shapes = shapes_of(scope.application)
    fields = FormulaFields(scope.application, shapes)
    yield from check_formula_fields(scope, fields)
    yield from check_asked_formulas(scope, fields)
    for definition in scope.readable("object"):
        name = definition.content["name"]
        for index, rule in enumerate(definition.content.get("validation_rules", ())):
            if rule.get("active", True):
                place = definition.path / "validation_rules" / index / "condition"
                yield from _condition(rule["condition"], fields, name, place)
        yield from _fields(scope, definition, fields)
        yield from check_rules(scope, definition, fields)
        yield from _loops(scope, definition, fields)
    for definition in scope.readable("layout"):
        yield from _layout(definition, fields)


def _condition(text: str, fields: FormulaFields, object_name: str, place: Path) -> Iterator[Problem]:
    checked = check_formula(text, fields.shapes, object_name, str(place), _CONDITION)
    yield from checked.problems
    if checked.tree is not None:
        yield from too_many_parts(fields, checked.tree, object_name, place)


def _fields(scope: Scope, definition: Definition, fields: FormulaFields) -> Iterator[Problem]:
    for index, field in enumerate(definition.content["fields"]):
        for key in _FIELD_CONDITIONS:
            place = definition.path / "fields" / index / key
            if key not in field or field.get("retired"):
                continue
            yield from _not_allowed(definition, field, key, place)
            yield from _condition(field[key], fields, definition.content["name"], place)
        for code, formula in field.get("options_when", {}).items() if not field.get("retired") else ():
            place = definition.path / "fields" / index / "options_when" / code
            yield from _condition(formula, fields, definition.content["name"], place)
        if "default_formula" in field and not field.get("retired"):
            yield from _default(scope, definition, field, fields, definition.path / "fields" / index)


def _default(
    scope: Scope, definition: Definition, field: Mapping[str, Any], fields: FormulaFields, path: Path
) -> Iterator[Problem]:
    place, name = path / "default_formula", definition.content["name"]
    shape = fields.shapes.objects[name].fields.get(field["name"])
    if "default" in field:
        yield Problem("not_allowed", str(place), field["default_formula"], N_("Remove “default”, or the formula."))
    if shape is None or not field_type(field["type"]).is_answerable:
        advice = N_("Remove “{key}”: nobody answers this field.")
        yield Problem("not_allowed", str(place), field["default_formula"], advice, {"key": "default_formula"})
        return
    wanted = _ANSWERS.get(shape.type, frozenset({shape.type}))
    checked = check_formula(field["default_formula"], fields.shapes, name, str(place), wanted)
    yield from checked.problems
    if checked.tree is None:
        return
    if large := list(too_many_parts(fields, checked.tree, name, place)):
        yield from large
        return
    tree = fields.expanded(checked.tree, name)
    if not field.get("sensitive"):
        yield from sensitive_read(scope, fields, name, tree, place)
    if any(len(each) > 1 and each[0][0] != "$" for each in paths_read(tree)):
        advice = N_("Read only fields of the record itself: what it points to is not known while it is filled in.")
        yield Problem("not_allowed", str(place), field["default_formula"], advice)


def _not_allowed(definition: Definition, field: Mapping[str, Any], key: str, place: Path) -> Iterator[Problem]:
    if not field_type(field["type"]).is_answerable:
        advice = N_("Remove “{key}”: nobody answers this field.")
        yield Problem("not_allowed", str(place), field[key], advice, {"key": key})
    elif key == "visible_when" and (
        field["type"] == "master_detail" or field["name"] == definition.content["name_field"]
    ):
        advice = N_("Remove “visible_when”: without this answer a record has no name, or belongs to nothing.")
        yield Problem("not_allowed", str(place), field[key], advice)


def _loops(scope: Scope, definition: Definition, fields: FormulaFields) -> Iterator[Problem]:
    """Whether a field is shown must not depend on itself, over whatever fields between; nor what answers it."""
    rules = compile_rules(scope.application.objects[definition.content["name"]], lambda: fields)
    for key, formulas, advice in (
        ("visible_when", rules.visible, _SHOWN_IN_A_LOOP),
        ("default_formula", rules.defaults, _ANSWERED_IN_A_LOOP),
    ):
        try:
            order_of(formulas)
        except CycleError as error:
            loop = " → ".join(reversed(error.args[1]))
            index = next(i for i, each in enumerate(definition.content["fields"]) if each["name"] == error.args[1][0])
            yield Problem("loop", str(definition.path / "fields" / index / key), loop, advice, {"loop": loop})


def _layout(definition: Definition, fields: FormulaFields) -> Iterator[Problem]:
    name = definition.content["object"]
    if name not in fields.shapes.objects:
        return
    for index, tab in enumerate(definition.content["tabs"]):
        place = definition.path / "tabs" / index
        if "visible_when" in tab:
            yield from _condition(tab["visible_when"], fields, name, place / "visible_when")
        for position, section in enumerate(tab.get("sections", ())):
            if "visible_when" in section:
                inner = place / "sections" / position / "visible_when"
                yield from _condition(section["visible_when"], fields, name, inner)
