"""What SQLite is lent: arithmetic of decimals, and the letters that it does not know.

Each function does one step of a formula, as :mod:`amparo.metadata.formulas` does it. Numbers come as integers or as
texts of decimals and go as texts without exponent and trailing zeros, so that equal numbers have equal texts; NULL
gives NULL. What cannot be computed is the text ``ERROR``, which stays one in all further steps.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from decimal import ROUND_FLOOR, Decimal
from typing import Any

from amparo.metadata.formulas.currencies import currency_text
from amparo.metadata.formulas.decimals import (
    CONTEXT,
    cut,
    divide,
    from_double,
    plain_text,
    power,
    remainder,
    rounded,
    without_last_digits,
)
from amparo.metadata.formulas.failures import FAILURES
from amparo.metadata.formulas.functions import text as texts
from amparo.metadata.geolocations import EARTH_RADIUS, kilometres_between

#: Of a number that cannot be computed.
ERROR = "error"

_DOUBLES: Mapping[str, Callable[..., float]] = {
    "exp": math.exp, "ln": math.log, "log": math.log10, "sqrt": math.sqrt, "sin": math.sin, "cos": math.cos,
    "tan": math.tan, "asin": math.asin, "acos": math.acos, "atan": math.atan, "atan2": math.atan2,
}  # fmt: skip


def install(connection: Any) -> None:
    """Lends a connection of the ``sqlite3`` driver the functions, each under its name with ``amparo_`` before it."""
    for name, (count, function) in _FUNCTIONS.items():
        connection.create_function(f"amparo_{name}", count, function, deterministic=True)


def _of_numbers(compute: Callable[..., Decimal]) -> Callable[..., Any]:
    """A step from numbers to a number. ``ERROR`` is no number either."""

    def run(*values: Any) -> Any:
        if None in values:
            return None
        try:
            return _written(compute(*map(Decimal, values)))
        except FAILURES:
            return ERROR

    return run


def _of_two(compute: Callable[[Decimal, Decimal], Decimal]) -> Callable[[Any, Any], Any]:
    """The same of two numbers, which are most: every row of a query takes this way."""

    def run(left: Any, right: Any) -> Any:
        if left is None or right is None:
            return None
        try:
            return _written(compute(Decimal(left), Decimal(right)))
        except FAILURES:
            return ERROR

    return run


def _written(number: Decimal) -> str:
    text = str(number)
    return plain_text(number) if "E" in text or text[-1:] == "0" or text[:2] == "-0" else text


def _decimal(count: int | None, decimals: int) -> str | None:
    """The number that is so many of its last decimal."""
    return None if count is None else _written(Decimal(count).scaleb(-decimals))


def _compare(left: Any, right: Any) -> int | None:
    """-1, 0 or 1."""
    if left is None or right is None or ERROR in (left, right):
        return None
    return int(Decimal(left).compare(Decimal(right)))


def _round(number: Any, places: int | None, rounding: str) -> Any:
    return _of_numbers(lambda value: rounded(value, places or 0, rounding))(number) if places is not None else None


def _cut(number: Any, rounding: str) -> Any:
    return _of_numbers(lambda value: cut(value, rounding))(number)


def _double(name: str, *numbers: Any) -> Any:
    """A function of doubles, by its name in Python's ``math``."""
    return _of_numbers(lambda *values: from_double(_DOUBLES[name](*(float(value) + 0.0 for value in values))))(*numbers)


def _number(text: str | None) -> str | None:
    """The number that a text is, or ``ERROR``."""
    if text is None:
        return None
    number = texts.number_of(text)
    return ERROR if number is None else _written(number)


def _money(code: str, amount: Any) -> str | None:
    return None if amount in (None, ERROR) else currency_text(code, Decimal(amount))


def _distance(latitude: Any, longitude: Any, north: Any, east: Any, radius: float | None) -> Any:
    """On a sphere of a radius, in the radius's unit."""
    if radius is None:
        return None
    degrees = _of_numbers(lambda *each: from_double(kilometres_between(*map(float, each)) / EARTH_RADIUS * radius))
    return degrees(latitude, longitude, north, east)


def _letters(name: str) -> Callable[..., Any]:
    # Not from the registry of all functions: every process that opens a store loads this.
    (apply,) = (each.apply for each in texts.FUNCTIONS if each.name == name)
    return lambda *arguments: None if arguments[0] is None else apply(*arguments)  # type: ignore[misc]


_FUNCTIONS: Mapping[str, tuple[int, Callable[..., Any]]] = {
    "decimal": (2, _decimal),
    "add": (2, _of_two(CONTEXT.add)),
    "subtract": (2, _of_two(CONTEXT.subtract)),
    "multiply": (2, _of_two(CONTEXT.multiply)),
    "divide": (2, _of_two(divide)),
    "remainder": (2, _of_two(remainder)),
    "power": (2, _of_two(power)),
    "negative": (1, _of_numbers(CONTEXT.minus)),
    "absolute": (1, _of_numbers(CONTEXT.abs)),
    "largest": (-1, _of_numbers(lambda *numbers: max(numbers))),
    "smallest": (-1, _of_numbers(lambda *numbers: min(numbers))),
    "floor": (1, _of_numbers(lambda number: number.to_integral_value(ROUND_FLOOR))),
    "exact": (1, _of_numbers(without_last_digits)),
    "cut": (2, _cut),
    "round": (3, _round),
    "compare": (2, _compare),
    "double": (-1, _double),
    "distance": (5, _distance),
    "number": (1, _number),
    "money": (2, _money),
    "upper": (2, _letters("UPPER")),
    "lower": (2, _letters("LOWER")),
    "initcap": (1, _letters("INITCAP")),
}
