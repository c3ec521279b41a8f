"""Whether the formulas of definitions can be read, name what is there, and yield what is wanted where they stand."""

from __future__ import annotations

from collections.abc import Iterator

from amparo.metadata.checks.scope import Scope
from amparo.metadata.formulas.checking import check_formula
from amparo.metadata.formulas.shapes import shapes_of
from amparo.metadata.formulas.value_types import ValueType
from amparo.metadata.problems import Problem

_CONDITION = frozenset({ValueType.BOOLEAN})


def check_formulas(scope: Scope) -> Iterator[Problem]:
    """Only asked when every definition could be read: a formula may go anywhere.

    A rule that is not active may name what is retired by now.
    """
    if not all(each.sound for each in scope.definitions):
        return
    shapes = shapes_of(scope.application)
    for definition in scope.sound("object"):
        for index, rule in enumerate(definition.content.get("validation_rules", ())):
            if rule.get("active", True):
                place = str(definition.path / "validation_rules" / index / "condition")
                yield from check_formula(
                    rule["condition"], shapes, definition.content["name"], place, _CONDITION
                ).problems
