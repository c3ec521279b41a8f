"""Decimal arithmetic of formulas: 39 digits, halves away from zero, as Salesforce's own engine computes."""

from __future__ import annotations

from decimal import ROUND_HALF_DOWN, ROUND_HALF_UP, Context, Decimal, DivisionByZero, InvalidOperation, Overflow
from math import isfinite, log10

from amparo.metadata.formulas.failures import FormulaError
from amparo.metadata.formulas.limits import MOST_DIGITS_BEFORE_POINT
from amparo.metadata.wording import N_

#: Its methods take integers as well as decimals. The exponents are bounded, so no number has a text without end.
CONTEXT = Context(
    prec=39,
    rounding=ROUND_HALF_UP,
    Emin=-MOST_DIGITS_BEFORE_POINT,
    Emax=MOST_DIGITS_BEFORE_POINT,
    traps=[InvalidOperation, DivisionByZero, Overflow],
)
_WRITTEN = Context(prec=39, rounding=ROUND_HALF_UP)
_CUT = Context(prec=33, rounding=ROUND_HALF_DOWN)
#: Exact: a number of the most digits, with as many decimals.
_WIDE = Context(prec=2 * MOST_DIGITS_BEFORE_POINT)
_POWER = Context(prec=18, rounding=ROUND_HALF_UP, traps=[InvalidOperation, DivisionByZero])
_LARGEST_POWER = 64
_SMALLEST_POWER = -39
#: An exponent that a double still holds.
_BEYOND = 10**300


def written(number: str) -> Decimal:
    """A number that stands in a formula, to the digits that formulas compute with: some engines would keep more."""
    return _WRITTEN.create_decimal(number)


def without_last_digits(number: Decimal | int) -> Decimal:
    """A third of three is one again: what is inexact in the last six digits counts as exact where numbers are cut."""
    return _CUT.plus(Decimal(number))


def cut(number: Decimal | int, rounding: str) -> Decimal:
    """A whole number, in one of ``decimal``'s directions."""
    return without_last_digits(number).to_integral_value(rounding=rounding)


def rounded(number: Decimal | int, decimals: Decimal | int, rounding: str = ROUND_HALF_UP) -> Decimal:
    """To that many decimals; negative ones are tens, hundreds …"""
    value, places = Decimal(number), int(decimals)
    if -int(value.as_tuple().exponent) <= places:
        return value
    if value.adjusted() < -places - 1:
        return Decimal(0)
    exact = value.quantize(Decimal(1).scaleb(-places, CONTEXT), rounding=rounding, context=_WIDE)
    return CONTEXT.plus(exact)


def divide(number: Decimal | int, divisor: Decimal | int) -> Decimal:
    """Raises :class:`decimal.DivisionByZero`, for zero by zero, too."""
    return CONTEXT.divide(number, _not_zero(divisor))


def remainder(number: Decimal | int, divisor: Decimal | int) -> Decimal:
    """With the sign of ``number``. Raises :class:`decimal.DivisionByZero`."""
    return CONTEXT.remainder(number, _not_zero(divisor))


def _not_zero(divisor: Decimal | int) -> Decimal | int:
    if not divisor:
        raise DivisionByZero
    return divisor


def power(base: Decimal | int, exponent: Decimal | int) -> Decimal:
    """To 18 digits; the exponent must be whole, the result below 10^64. Raises :class:`FormulaError`."""
    base, exponent = Decimal(base), Decimal(exponent)
    whole = int(exponent)
    size = log10(abs(base)) * max(min(whole, _BEYOND), -_BEYOND) if base and whole else 0.0
    if whole != exponent or size > _LARGEST_POWER or (not base and whole < 0):
        raise FormulaError(
            "out_of_range",
            N_("A power needs a whole exponent and must not be larger than 10^{size}."),
            size=_LARGEST_POWER,
        )
    if not whole:
        return Decimal(1)
    if not base or size < _SMALLEST_POWER:
        return Decimal(0)
    return _POWER.power(base, whole)


def from_double(number: float) -> Decimal:
    """Its shortest text as a decimal. Raises :class:`ValueError` for what is no number."""
    if not isfinite(number):
        raise ValueError(number)
    return CONTEXT.create_decimal(repr(number))


def plain_text(number: Decimal | int) -> str:
    """Without exponent and trailing zeros: ``1.5``, ``100``, ``0``."""
    value = Decimal(number)
    text = f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text
