"""Validation rules: the status that completes a record, the day a warning ends, and what their examples come to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from amparo.metadata.checks.scope import NO_FIELD, Definition, Scope, unknown_name
from amparo.metadata.fields.answers import coerce_answer
from amparo.metadata.fields.base import CoercionContext, Rejected
from amparo.metadata.fields.registry import field_type
from amparo.metadata.formulas.checking import check_formula
from amparo.metadata.formulas.dependencies import paths_read
from amparo.metadata.formulas.evaluation import compile_formula
from amparo.metadata.formulas.failures import FormulaError
from amparo.metadata.formulas.formula_fields import FormulaFields
from amparo.metadata.formulas.naming import NotFound, found_field
from amparo.metadata.formulas.scope import scope_of
from amparo.metadata.formulas.shapes import Shapes
from amparo.metadata.formulas.tree import Node
from amparo.metadata.model import SYSTEM_FIELDS, FieldDefinition, ObjectDefinition
from amparo.metadata.problems import Path, Problem
from amparo.metadata.rules.definitions import Existing, RuleExample, ValidationRule
from amparo.metadata.wording import N_

_NO_DAY = N_("Write a day that there is, as 2026-03-31.")


def check_rules(scope: Scope, definition: Definition, fields: FormulaFields) -> Iterator[Problem]:
    owner = scope.application.objects[definition.content["name"]]
    for index, rule in enumerate(owner.validation_rules):
        place = definition.path / "validation_rules" / index
        if rule.existing is Existing.WARN and rule.warn_until is None:
            written = definition.content["validation_rules"][index]["warn_until"]
            yield Problem("not_a_day", str(place / "warn_until"), written, _NO_DAY)
        yield from _completion(scope, owner, rule, place / "completion")
        tree = check_formula(rule.condition, fields.shapes, owner.name).tree if rule.active else None
        if tree is not None and rule.examples:
            examples = _Examples(scope, owner, fields.shapes, fields.expanded(tree, owner.name, rule.blanks))
            for position, example in enumerate(rule.examples):
                yield from examples.check(example, place / "examples" / position)


def _completion(scope: Scope, owner: ObjectDefinition, rule: ValidationRule, place: Path) -> Iterator[Problem]:
    if rule.completion is None:
        return
    field = owner.by_name.get(rule.completion.field)
    choices = field_type(field.type).choices(field, scope.application) if field else None
    if field is None:
        yield unknown_name(place / "field", NO_FIELD, rule.completion.field, owner.by_name)
    elif field.type != "picklist" or choices is None:
        yield Problem("wrong_field_type", str(place / "field"), field.name, N_("Name a picklist field."))
    else:
        for index, code in enumerate(rule.completion.options):
            if code not in choices.by_code:
                advice = N_("There is no option “{name}” in the picklist of this field.")
                yield unknown_name(place / "options" / index, advice, code, choices.by_code)


class _Examples:
    """The examples of one rule."""

    def __init__(self, scope: Scope, owner: ObjectDefinition, shapes: Shapes, tree: Node) -> None:
        self._scope = scope
        self._owner = owner
        self._shapes = shapes
        self._evaluate = compile_formula(tree)
        self._reads = {".".join(path) for path in paths_read(tree)}
        self._context = CoercionContext(scope.application, ZoneInfo(scope.application.time_zone))

    def check(self, example: RuleExample, place: Path) -> Iterator[Problem]:
        if example.on is None:
            yield Problem("not_a_day", str(place / "on"), None, _NO_DAY)
            return
        problems: list[Problem] = []
        record = self._answers(example.record, place / "record", problems)
        before = None if example.before is None else self._answers(example.before, place / "before", problems)
        if problems:
            yield from problems
            return
        zone = self._context.time_zone
        noon = dt.datetime.combine(example.on, dt.time(12), zone)
        try:
            is_broken = bool(self._evaluate(scope_of(record, noon, zone, before)))
        except FormulaError as error:
            yield error.problem(str(place))
            return
        if is_broken is not example.is_broken:
            yield Problem("other_outcome", str(place / "is_broken"), example.is_broken, _OUTCOMES[is_broken],
                          {"example": example.name})  # fmt: skip

    def _answers(self, written: Mapping[str, Any], place: Path, problems: list[Problem]) -> dict[str, Any]:
        answers: dict[str, Any] = {}
        for path, raw in written.items():
            definition = self._field(path)
            if path not in self._reads and (definition is None or "." in path):
                advice = N_("Remove “{name}”: the formula does not read it.")
                problems.append(Problem("unknown_name", str(place / path), raw, advice, {"name": path}))
            elif definition is None:
                answers[path] = raw
            else:
                try:
                    answers[path] = coerce_answer(definition, self._context, raw)
                except Rejected as refusal:
                    problems.append(refusal.at(str(place / path), raw))
        return answers

    def _field(self, path: str) -> FieldDefinition | None:
        """``None`` of what is no field: a system field, or something of who acts."""
        names = tuple(path.split("."))
        if names[0].startswith("$") or names[-1] in SYSTEM_FIELDS:
            return None
        try:
            found_field(names, self._shapes, self._owner.name, suggests=False)
        except NotFound:
            return None
        owners = [self._owner]
        for name in names[:-1]:
            targets = [target for owner in owners if name in owner.by_name for target in owner.by_name[name].targets]
            owners = [self._scope.application.objects[target] for target in targets]
        return next((owner.by_name[names[-1]] for owner in owners if names[-1] in owner.by_name), None)


_OUTCOMES = {
    True: N_("“{example}” breaks the rule, and should not. Change the condition, or what is expected."),
    False: N_("“{example}” does not break the rule, and should. Change the condition, or what is expected."),
}
