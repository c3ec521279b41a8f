"""Equality and order."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Boolean, and_, case, cast, false, func, not_, null, or_, true

from amparo.metadata.formulas.tree import Call, Node
from amparo.metadata.formulas.value_types import NUMBERS, TEXTS, ValueType
from amparo.runtime.formulas.functions.building import Builder, Compiler
from amparo.runtime.formulas.parts import Part
from amparo.runtime.formulas.steps import Expression
from amparo.runtime.formulas.words import text_literal

#: Of two parts: true, false or unknown.
Comparison = Callable[[Compiler, Part, Part], Expression]

_SIGNS: Mapping[str, Callable[[Any, Any], Any]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
_UNKNOWN = cast(null(), Boolean())


def equality_of(nodes: Sequence[Node]) -> Comparison:
    """How values of these parts are equal: only to text is blank equal to blank."""
    types = {node.type for node in nodes}
    if ValueType.PARTIAL_DATE in types:
        return _same_day
    return _same_text if types & {*TEXTS, ValueType.PICKLIST} else _same


def _same_text(compiler: Compiler, left: Part, right: Part) -> Expression:
    return left.value.is_not_distinct_from(right.value)


def _same(compiler: Compiler, left: Part, right: Part) -> Expression:
    if ValueType.BLANK in (left.type, right.type):
        return _UNKNOWN
    if left.type in NUMBERS:
        return compiler.numbers.compare("=", left, right)
    return left.value == right.value


def _days(compiler: Compiler, part: Part) -> tuple[Expression, Expression]:
    _, first, last = compiler.converted(part, ValueType.PARTIAL_DATE).values
    return first, last


def _same_day(compiler: Compiler, left: Part, right: Part) -> Expression:
    """True only when both are certainly one day; unknown while they may be the same."""
    (first, last), (other_first, other_last) = _days(compiler, left), _days(compiler, right)
    certain = and_(first == last, other_first == other_last, first == other_first)
    return case((or_(last < other_first, other_last < first), false()), (certain, true()))


def _before(compiler: Compiler, left: Part, right: Part) -> Expression:
    """True when certainly, false when certainly not, unknown while it may be."""
    (first, last), (other_first, other_last) = _days(compiler, left), _days(compiler, right)
    return case((last < other_first, true()), (first >= other_last, false()))


_PARTIAL: Mapping[str, Comparison] = {
    "<": _before,
    "<=": lambda compiler, left, right: not_(_before(compiler, right, left)),
    ">": lambda compiler, left, right: _before(compiler, right, left),
    ">=": lambda compiler, left, right: not_(_before(compiler, left, right)),
}


def _operands(call: Call, compiler: Compiler) -> tuple[Part, Part]:
    left, right = compiler.parts(call.arguments)
    if ValueType.PARTIAL_DATE in (left.type, right.type):
        return compiler.shared(left), compiler.shared(right)
    return left, right


def _equal(call: Call, compiler: Compiler) -> Part:
    left, right = _operands(call, compiler)
    return compiler.condition(equality_of(call.arguments)(compiler, left, right), left.error, right.error)


def _different(call: Call, compiler: Compiler) -> Part:
    left, right = _operands(call, compiler)
    value = not_(equality_of(call.arguments)(compiler, left, right))
    return compiler.condition(value, left.error, right.error)


def _ordered(sign: str) -> Builder:
    def build(call: Call, compiler: Compiler) -> Part:
        left, right = _operands(call, compiler)
        return compiler.condition(_in_order(compiler, sign, left, right), left.error, right.error)

    return build


def _in_order(compiler: Compiler, sign: str, left: Part, right: Part) -> Expression:
    types = {left.type, right.type}
    if ValueType.BLANK in types:
        return _UNKNOWN
    if ValueType.PARTIAL_DATE in types:
        return _PARTIAL[sign](compiler, left, right)
    if types <= NUMBERS:
        return compiler.numbers.compare(sign, left, right)
    if types & TEXTS:
        left_text, right_text = compiler.words.in_order(left.value), compiler.words.in_order(right.value)
        return _SIGNS[sign](left_text, right_text)  # type: ignore[no-any-return]
    return _SIGNS[sign](left.value, right.value)  # type: ignore[no-any-return]


def _is_value(call: Call, compiler: Compiler) -> Part:
    part, code = compiler.parts(call.arguments)
    return compiler.condition(part.value.is_not_distinct_from(code.value), part.error)


def _includes(call: Call, compiler: Compiler) -> Part:
    part, code = compiler.parts(call.arguments)
    sought = text_literal("|").concat(code.value).concat(text_literal("|"))
    value = compiler.words.place_of(sought, part.value) > 0
    return compiler.condition(func.coalesce(value, false()), part.error)


BUILDERS: Mapping[str, Builder] = {
    "=": _equal,
    "<>": _different,
    **{sign: _ordered(sign) for sign in _SIGNS},
    "ISPICKVAL": _is_value,
    "INCLUDES": _includes,
}
