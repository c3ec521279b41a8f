"""Functions of doubles on PostgreSQL, which refuses the whole query for an argument that has no result."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Double, case, func, literal_column, or_

from amparo.runtime.formulas.kinds import DecimalNumber
from amparo.runtime.formulas.steps import Expression

#: Of e to a double's power: above it there is no double, below it none that is exact.
_LARGEST_EXPONENT, _SMALLEST_EXPONENT = "709.78", "(-708)"


def numeric(text: str) -> Expression:
    """A number that stands in the statement."""
    return literal_column(f"{text}::numeric", DecimalNumber())


def double(text: str) -> Expression:
    return literal_column(f"{text}::float8", Double())


#: By their names in Python's ``math``.
FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "exp": lambda number: func.exp(
        case((number < double(_SMALLEST_EXPONENT), double(_SMALLEST_EXPONENT)), else_=number)
    ),
    "ln": func.ln, "log": func.log, "sqrt": func.sqrt, "sin": func.sin, "cos": func.cos,
    "tan": func.tan, "asin": func.asin, "acos": func.acos, "atan": func.atan, "atan2": func.atan2,
}  # fmt: skip


def _positive(number: Expression) -> tuple[Expression, Expression]:
    return number <= double("0"), double("1")


def _not_negative(number: Expression) -> tuple[Expression, Expression]:
    return number < double("0"), double("1")


def _in_circle(number: Expression) -> tuple[Expression, Expression]:
    return or_(number < double("(-1)"), number > double("1")), double("1")


def _in_range(number: Expression) -> tuple[Expression, Expression]:
    return number > double(_LARGEST_EXPONENT), double("1")


#: For what there is no result, and an argument that has one.
DOMAINS: Mapping[str, Callable[[Expression], tuple[Expression, Expression]]] = {
    "ln": _positive, "log": _positive, "sqrt": _not_negative, "asin": _in_circle, "acos": _in_circle,
    "exp": _in_range,
}  # fmt: skip
