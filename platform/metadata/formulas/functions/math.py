"""Numbers."""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_FLOOR, ROUND_UP, Decimal
from typing import Any

from amparo.metadata.formulas.decimals import CONTEXT, cut, from_double, remainder, rounded
from amparo.metadata.formulas.signatures import Function, Parameter
from amparo.metadata.formulas.value_types import NUMBERS, ValueType
from amparo.metadata.wording import N_

_FAMILY = "Math"
_NUMBER = (Parameter("number", NUMBERS),)
_NUMBERS = (Parameter("number", NUMBERS, repeats=True),)
_PI = from_double(math.pi)
_ROUNDED = (Parameter("number", NUMBERS), Parameter("decimals", NUMBERS))


def _double(apply: Callable[..., float]) -> Callable[..., Decimal]:
    """A function of doubles. What it cannot compute it raises as :class:`ValueError`."""
    # Adding zero makes -0 into 0, which not every engine tells apart.
    return lambda *numbers: from_double(apply(*(float(number) + 0.0 for number in numbers)))


def _function(name: str, summary: str, example: str, apply: Any, parameters: Any = _NUMBER) -> Function:
    return Function(name, _FAMILY, summary, example, parameters, ValueType.NUMBER, apply=apply)


FUNCTIONS = (
    _function("ABS", N_("The number without its sign."), "ABS(balance)", CONTEXT.abs),
    _function("CEILING", N_("The next whole number away from zero."), "CEILING(2.1)",
              lambda number: cut(number, ROUND_UP)),
    _function("FLOOR", N_("The next whole number towards zero."), "FLOOR(2.9)", lambda number: cut(number, ROUND_DOWN)),
    _function("MCEILING", N_("The next whole number that is not smaller."), "MCEILING(-2.9)",
              lambda number: cut(number, ROUND_CEILING)),
    _function("MFLOOR", N_("The next whole number that is not larger."), "MFLOOR(-2.1)",
              lambda number: cut(number, ROUND_FLOOR)),
    _function("ROUND", N_("The number to so many decimals, halves away from zero."), "ROUND(costs, 2)", rounded,
              _ROUNDED),
    _function("TRUNC", N_("The number cut to so many decimals."), "TRUNC(costs, 2)",
              lambda number, decimals: rounded(number, decimals, ROUND_DOWN), _ROUNDED),
    _function("MOD", N_("What remains of a number after a division, with the number's sign."), "MOD(nights, 7)",
              remainder,
              (Parameter("number", NUMBERS), Parameter("divisor", NUMBERS))),
    _function("MAX", N_("The largest number; blank when one is blank."), "MAX(0, places - guests)",
              lambda *all_: max(all_), _NUMBERS),
    _function("MIN", N_("The smallest number; blank when one is blank."), "MIN(nights, 90)", lambda *all_: min(all_),
              _NUMBERS),
    _function("EXP", N_("e to the power of the number."), "EXP(1)", _double(math.exp)),
    _function("LN", N_("The natural logarithm."), "LN(10)", _double(math.log)),
    _function("LOG", N_("The logarithm of base 10."), "LOG(1000)", _double(math.log10)),
    _function("SQRT", N_("The square root."), "SQRT(16)", _double(math.sqrt)),
    _function("SIN", N_("The sine of an angle in radians."), "SIN(1)", _double(math.sin)),
    _function("COS", N_("The cosine of an angle in radians."), "COS(1)", _double(math.cos)),
    _function("TAN", N_("The tangent of an angle in radians."), "TAN(1)", _double(math.tan)),
    _function("ASIN", N_("The angle of a sine, in radians."), "ASIN(0.5)", _double(math.asin)),
    _function("ACOS", N_("The angle of a cosine, in radians."), "ACOS(0.5)", _double(math.acos)),
    _function("ATAN", N_("The angle of a tangent, in radians."), "ATAN(1)", _double(math.atan)),
    _function("ATAN2", N_("The angle of a point, in radians."), "ATAN2(1, 1)", _double(math.atan2),
              (Parameter("y", NUMBERS), Parameter("x", NUMBERS))),
    _function("PI", N_("The circle's number."), "PI()", lambda: _PI, ()),
)  # fmt: skip
