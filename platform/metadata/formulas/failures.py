"""What cannot be computed, as data: Salesforce's #Error!."""

from __future__ import annotations

from decimal import DivisionByZero
from typing import Any

from amparo.metadata.formulas.tree import Node
from amparo.metadata.problems import Problem
from amparo.metadata.wording import N_


class FormulaError(Exception):
    """A value that cannot be computed. ``start`` and ``end`` say which part of the formula's text could not."""

    def __init__(self, kind: str, advice: str, **params: Any) -> None:
        super().__init__(advice.format(**params) if params else advice)
        self.kind = kind
        self.advice = advice
        self.params = params
        self.start: int | None = None
        self.end: int | None = None

    def problem(self, path: str) -> Problem:
        """For a page or a command; ``params`` say where."""
        return Problem(self.kind, path, None, self.advice, {**self.params, "start": self.start, "end": self.end})


#: What a function may raise beside :class:`FormulaError`: decimal signals and overflow are arithmetic errors.
FAILURES = (FormulaError, ArithmeticError, ValueError, RecursionError)


def placed(error: Exception, node: Node) -> FormulaError:
    """The error as one of a formula, with the place of the innermost part that failed."""
    if not isinstance(error, FormulaError):
        error = _named(error)
    if error.start is None:
        error.start, error.end = node.start, node.end
    return error


def _named(error: Exception) -> FormulaError:
    if isinstance(error, DivisionByZero):
        return FormulaError("division_by_zero", N_("This divides by zero."))
    return FormulaError("cannot_compute", N_("This cannot be computed with the values it has."))


def too_long() -> FormulaError:
    return FormulaError("too_long", N_("The text that this makes is too long."))
