"""Formulas as compiled Python closures: the evaluator of the save.

A tree is compiled once and evaluated for many records; the checker must have passed it and filled in its types.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, cast

from amparo.metadata.formulas.decimals import CONTEXT
from amparo.metadata.formulas.failures import FAILURES, FormulaError, placed
from amparo.metadata.formulas.functions.registry import FUNCTIONS
from amparo.metadata.formulas.scope import Scope
from amparo.metadata.formulas.signatures import Evaluator, Function
from amparo.metadata.formulas.tree import Call, Literal, Node, Reference
from amparo.metadata.formulas.value_types import NUMBERS, Blanks, ValueType

_HUNDREDTH = Decimal("0.01")
_ZERO = Decimal(0)


def compile_formula(tree: Node, blanks: Blanks = Blanks.AS_BLANK) -> Evaluator:
    """The formula as a function of a scope.

    It yields a value as :class:`~amparo.metadata.formulas.value_types.ValueType` says, ``None`` for blank, and raises
    :class:`~amparo.metadata.formulas.failures.FormulaError`, and nothing else, for what cannot be computed.
    """
    return _Compiler(blanks)(tree)


@dataclass(frozen=True, slots=True)
class _Compiler:
    blanks: Blanks

    def __call__(self, node: Node) -> Evaluator:
        if isinstance(node, Literal):
            return _constant(node.value)
        if isinstance(node, Reference):
            return _reference(node, self.blanks)
        function = FUNCTIONS[node.name]
        if function.build is not None:
            return function.build(node, self)
        return _applied(function, node, [self(argument) for argument in node.arguments])


def _constant(value: Any) -> Evaluator:
    kept = None if value == "" else value
    return lambda scope: kept


def _reference(node: Reference, blanks: Blanks) -> Evaluator:
    convert = _CONVERSIONS.get(node.type or ValueType.TEXT)
    blank: Any = None
    if node.type in NUMBERS and blanks is Blanks.AS_ZERO:
        blank = _ZERO
    elif node.type is ValueType.BOOLEAN:
        blank = False
    return _reader(node, blank, convert)


def _reader(node: Reference, blank: Any, convert: Callable[[Any], Any] | None) -> Evaluator:
    key = node.key

    def read(scope: Scope) -> Any:
        value = scope.values.get(key)
        if value is None or value == "":
            return blank
        if type(value) is FormulaError:
            raise placed(value, node)
        return value if convert is None else convert(value)

    return read


_CONVERSIONS: dict[ValueType, Callable[[Any], Any]] = {
    ValueType.PERCENT: lambda value: CONTEXT.multiply(value, _HUNDREDTH),
    # A lookup holds a UUID.
    ValueType.LOOKUP: str,
    ValueType.MULTI_SELECT: lambda value: tuple(value) or None,
    # A field of times keeps their text.
    ValueType.TIME: lambda value: dt.time.fromisoformat(value) if isinstance(value, str) else value,
}


def _applied(function: Function, node: Call, evaluators: list[Evaluator]) -> Evaluator:
    apply = cast("Callable[..., Any]", function.apply)
    if function.asks_scope:
        return _with_scope(apply, node, evaluators, function.takes_blanks)
    if function.takes_blanks:
        return _of_any(apply, node, evaluators)
    if len(evaluators) == 1:
        return _of_one(apply, node, evaluators[0])
    if len(evaluators) == 2:
        return _of_two(apply, node, *evaluators)
    return _of_several(apply, node, evaluators)


def _of_one(apply: Callable[..., Any], node: Call, evaluate: Evaluator) -> Evaluator:
    def run(scope: Scope) -> Any:
        value = evaluate(scope)
        if value is None:
            return None
        try:
            return apply(value)
        except FAILURES as error:
            raise placed(error, node) from None

    return run


def _of_two(apply: Callable[..., Any], node: Call, left: Evaluator, right: Evaluator) -> Evaluator:
    def run(scope: Scope) -> Any:
        first, second = left(scope), right(scope)
        if first is None or second is None:
            return None
        try:
            return apply(first, second)
        except FAILURES as error:
            raise placed(error, node) from None

    return run


def _of_several(apply: Callable[..., Any], node: Call, evaluators: list[Evaluator]) -> Evaluator:
    def run(scope: Scope) -> Any:
        values = [evaluate(scope) for evaluate in evaluators]
        if any(value is None for value in values):
            return None
        try:
            return apply(*values)
        except FAILURES as error:
            raise placed(error, node) from None

    return run


def _of_any(apply: Callable[..., Any], node: Call, evaluators: list[Evaluator]) -> Evaluator:
    def run(scope: Scope) -> Any:
        values = [evaluate(scope) for evaluate in evaluators]
        try:
            return apply(*values)
        except FAILURES as error:
            raise placed(error, node) from None

    return run


def _with_scope(apply: Callable[..., Any], node: Call, evaluators: list[Evaluator], takes_blanks: bool) -> Evaluator:
    def run(scope: Scope) -> Any:
        values = [evaluate(scope) for evaluate in evaluators]
        if not takes_blanks and any(value is None for value in values):
            return None
        try:
            return apply(scope, *values)
        except FAILURES as error:
            raise placed(error, node) from None

    return run
