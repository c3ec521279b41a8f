"""Numbers, and the signs between numbers, texts, dates and times."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_UP, ROUND_UP

from amparo.metadata.formulas.decimals import from_double
from amparo.metadata.formulas.tree import Call
from amparo.metadata.formulas.value_types import NUMBERS, TEXTS, ValueType
from amparo.runtime.formulas.functions import moments, texts
from amparo.runtime.formulas.functions.building import Builder, Compiler
from amparo.runtime.formulas.numbers import MOST_SCALED
from amparo.runtime.formulas.parts import Part

#: Decimals beyond those that a number can have.
_MOST_PLACES = 10_000
_DAYS = (ValueType.DATE, ValueType.DATE_TIME, ValueType.TIME)


def _numbers(call: Call, compiler: Compiler) -> list[Part]:
    return [
        part if part.type in NUMBERS else compiler.converted(part, ValueType.NUMBER)
        for part in compiler.parts(call.arguments)
    ]


def _binary(name: str) -> Builder:
    def build(call: Call, compiler: Compiler) -> Part:
        left, right = _numbers(call, compiler)
        return arithmetic(compiler, name, left, right)

    return build


def arithmetic(compiler: Compiler, name: str, left: Part, right: Part) -> Part:
    """With the errors of both; a blank makes a blank, and no error."""
    found = compiler.numbers.arithmetic(name, left, right)
    return replace(found, type=ValueType.NUMBER).with_error(left.error, right.error)


def _add(call: Call, compiler: Compiler) -> Part:
    if len(call.arguments) == 1:
        (part,) = _numbers(call, compiler)
        return replace(part, type=ValueType.NUMBER)
    if call.type in TEXTS:
        return texts.joined(call, compiler)
    left, right = compiler.parts(call.arguments)
    if ValueType.BLANK in (left.type, right.type):
        nothing = compiler.converted(Part(ValueType.BLANK, ()), call.type or ValueType.BLANK)
        return nothing.with_error(left.error, right.error)
    if call.type in _DAYS:
        moment, number = (left, right) if left.type in _DAYS else (right, left)
        return moments.moved(
            compiler, compiler.converted(moment, call.type or ValueType.DATE), texts.number_of(compiler, number)
        )
    return arithmetic(compiler, "add", texts.number_of(compiler, left), texts.number_of(compiler, right))


def _subtract(call: Call, compiler: Compiler) -> Part:
    if len(call.arguments) == 1:
        return negative(compiler, *_numbers(call, compiler))
    left, right = compiler.parts(call.arguments)
    if left.type in _DAYS and right.type in _DAYS:
        return moments.between(compiler, left, right)
    if left.type in _DAYS:
        return moments.moved(compiler, left, negative(compiler, texts.number_of(compiler, right)))
    return arithmetic(compiler, "subtract", texts.number_of(compiler, left), texts.number_of(compiler, right))


def negative(compiler: Compiler, part: Part) -> Part:
    if part.scaled is not None and part.digits is not None and part.digits.count <= MOST_SCALED:
        counted = compiler.numbers.of_count(-part.scaled[0], part.digits)
        return replace(counted, type=ValueType.NUMBER, error=part.error)
    return replace(compiler.numbers.negative(part), type=ValueType.NUMBER).with_error(part.error)


def _absolute(call: Call, compiler: Compiler) -> Part:
    (part,) = _numbers(call, compiler)
    return compiler.numbers.absolute(part).with_error(part.error)


def _cut(rounding: str) -> Builder:
    def build(call: Call, compiler: Compiler) -> Part:
        (part,) = _numbers(call, compiler)
        return compiler.numbers.cut(part, rounding).with_error(part.error)

    return build


def _rounded(rounding: str) -> Builder:
    def build(call: Call, compiler: Compiler) -> Part:
        part, decimals = _numbers(call, compiler)
        places = compiler.numbers.integer(decimals, _MOST_PLACES)
        return compiler.numbers.rounded(part, places, rounding).with_error(part.error, decimals.error)

    return build


def _extreme(*, largest: bool) -> Builder:
    def build(call: Call, compiler: Compiler) -> Part:
        parts = _numbers(call, compiler)
        return compiler.numbers.extreme(parts, largest=largest).with_error(*(part.error for part in parts))

    return build


def _double(name: str) -> Builder:
    def build(call: Call, compiler: Compiler) -> Part:
        parts = _numbers(call, compiler)
        return compiler.numbers.double(name, parts).with_error(*(part.error for part in parts))

    return build


_PI = from_double(math.pi)

BUILDERS: Mapping[str, Builder] = {
    "+": _add,
    "-": _subtract,
    "*": _binary("multiply"),
    "/": _binary("divide"),
    "^": _binary("power"),
    "MOD": _binary("remainder"),
    "ABS": _absolute,
    "CEILING": _cut(ROUND_UP),
    "FLOOR": _cut(ROUND_DOWN),
    "MCEILING": _cut(ROUND_CEILING),
    "MFLOOR": _cut(ROUND_FLOOR),
    "ROUND": _rounded(ROUND_HALF_UP),
    "TRUNC": _rounded(ROUND_DOWN),
    "MAX": _extreme(largest=True),
    "MIN": _extreme(largest=False),
    **{
        name.upper(): _double(name)
        for name in ("exp", "ln", "log", "sqrt", "sin", "cos", "tan", "asin", "acos", "atan", "atan2")
    },
    "PI": lambda call, compiler: compiler.numbers.constant(_PI),
}
