"""Decimal arithmetic in SQL. Where counts of the last decimal will do, it computes with those."""

from __future__ import annotations

import operator
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, literal_column, type_coerce

from amparo.metadata.formulas.limits import MOST_DIGITS_BEFORE_POINT
from amparo.metadata.formulas.value_types import ValueType
from amparo.runtime.formulas.kinds import DecimalNumber
from amparo.runtime.formulas.parts import Digits, Part, any_error
from amparo.runtime.formulas.steps import Expression, Steps

#: So many digits are in every 64-bit integer.
MOST_SCALED = 18
#: Of any number of a formula.
WIDEST = Digits(MOST_DIGITS_BEFORE_POINT, MOST_DIGITS_BEFORE_POINT + 38)
_NUMBER = ValueType.NUMBER
_KIND = DecimalNumber()

_COMPARISONS: Mapping[str, Callable[[Any, Any], Expression]] = {
    "=": operator.eq, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip


def whole(number: int) -> Expression:
    """An integer that stands in the statement."""
    return literal_column(str(number), BigInteger())


def digits_of(number: Decimal) -> Digits:
    decimals = max(0, -int(number.as_tuple().exponent))
    return Digits(max(0, number.adjusted() + 1), decimals)


@dataclass(frozen=True, slots=True)
class Numbers(ABC):
    """Arithmetic of one database. Arguments are parts of a formula; errors of theirs are the caller's affair."""

    steps: Steps

    # What a database has its own way for.

    @abstractmethod
    def unscaled(self, count: Expression, decimals: int) -> Expression:
        """The number that is so many of its last decimal."""

    @abstractmethod
    def plain(self, number: Decimal) -> Expression:
        """A number that stands in the formula."""

    @abstractmethod
    def computed(self, name: str, left: Part, right: Part) -> Part:
        """``add``, ``subtract``, ``multiply``, ``divide``, ``remainder`` and ``power``."""

    @abstractmethod
    def compared(self, sign: str, left: Expression, right: Expression) -> Expression:
        """``=``, ``<``, ``<=``, ``>`` or ``>=``."""

    @abstractmethod
    def negative(self, part: Part) -> Part: ...

    @abstractmethod
    def absolute(self, part: Part) -> Part: ...

    @abstractmethod
    def extreme(self, parts: Sequence[Part], *, largest: bool) -> Part: ...

    @abstractmethod
    def cut(self, part: Part, rounding: str) -> Part:
        """A whole number, in one of ``decimal``'s directions; what is inexact in the last digits counts as exact."""

    @abstractmethod
    def floor(self, part: Part) -> Part:
        """The next whole number that is not larger."""

    @abstractmethod
    def rounded(self, part: Part, places: Expression, rounding: str) -> Part:
        """To so many decimals: an integer."""

    @abstractmethod
    def integer(self, part: Part, limit: int) -> Expression:
        """The whole part as an integer, at most ``limit`` away from zero."""

    @abstractmethod
    def double(self, name: str, parts: Sequence[Part]) -> Part:
        """A function of doubles."""

    @abstractmethod
    def text(self, part: Part) -> Expression:
        """Without exponent and trailing zeros."""

    @abstractmethod
    def read(self, text: Expression) -> Part:
        """The number that a text is; an error where it is none."""

    @abstractmethod
    def money(self, code: Expression, part: Part) -> Expression:
        """The code, and the amount with its currency's decimals."""

    @abstractmethod
    def distance(self, degrees: Sequence[Part], radius: Expression) -> Part:
        """From latitude and longitude to another one, on a sphere of a radius in its unit."""

    @abstractmethod
    def of_fixed(self, column: Expression, digits: Digits) -> Part:
        """A column with a fixed number of decimals."""

    @abstractmethod
    def of_text(self, text: Expression, digits: Digits) -> Part:
        """A text that is a plain number."""

    @abstractmethod
    def exact(self, part: Part) -> Part:
        """What is inexact in the last digits as exact: a third of three is one again."""

    @abstractmethod
    def order(self, part: Part) -> Expression:
        """What numbers are sorted by."""

    # What is the same on both.

    def constant(self, number: Decimal) -> Part:
        digits = digits_of(number)
        if digits.count <= MOST_SCALED and self.takes_scale(digits.decimals):
            return self.of_count(self.count(int(number.scaleb(digits.decimals))), digits)
        return Part(_NUMBER, (self.plain(number),), digits=digits)

    def count(self, number: int) -> Expression:
        """An integer that stands in the formula, of at most :data:`MOST_SCALED` digits."""
        return whole(number)

    def of_count(self, count: Expression, digits: Digits) -> Part:
        """The number of an integer that counts the last of its decimals."""
        value = type_coerce(self.unscaled(count, digits.decimals), _KIND)
        return Part(_NUMBER, (value,), digits=digits, scaled=(count, digits.decimals))

    def of_value(self, value: Expression, digits: Digits = WIDEST, error: Expression | None = None) -> Part:
        return Part(_NUMBER, (type_coerce(value, _KIND),), error, digits=digits)

    def takes_scale(self, decimals: int) -> bool:
        """Whether counts of so small a decimal are computed with."""
        return True

    def aligned(self, left: Part, right: Part, most: int) -> tuple[Expression, Expression, int] | None:
        """The counts of both in one decimal; ``None`` where that has more digits than ``most``."""
        if left.scaled is None or right.scaled is None or left.digits is None or right.digits is None:
            return None
        decimals = max(left.scaled[1], right.scaled[1])
        for part in (left, right):
            if part.scaled[1] != decimals and part.digits.whole + decimals > most:  # type: ignore[index,union-attr]
                return None
        return _raised(left, decimals), _raised(right, decimals), decimals

    def compare(self, sign: str, left: Part, right: Part) -> Expression:
        counts = self.aligned(left, right, MOST_SCALED)
        if counts is not None:
            return _COMPARISONS[sign](counts[0], counts[1])
        return self.compared(sign, left.value, right.value)

    def arithmetic(self, name: str, left: Part, right: Part) -> Part:
        """Without the errors of the operands."""
        return self._counted(name, left, right) or self.computed(name, left, right)

    def _counted(self, name: str, left: Part, right: Part) -> Part | None:
        if left.digits is None or right.digits is None:
            return None
        if name == "multiply" and left.scaled and right.scaled:
            decimals, digits = left.scaled[1] + right.scaled[1], product_digits(left.digits, right.digits)
            if digits.count <= MOST_SCALED and self.takes_scale(decimals):
                return self.of_count(left.scaled[0] * right.scaled[0], Digits(digits.whole, decimals))
        counts = self.aligned(left, right, MOST_SCALED - 1)
        if name not in ("add", "subtract") or counts is None:
            return None
        digits = Digits(sum_digits(left.digits, right.digits).whole, counts[2])
        if digits.count > MOST_SCALED:
            return None
        compute: Any = operator.add if name == "add" else operator.sub
        return self.of_count(compute(counts[0], counts[1]), digits)

    def shared(self, part: Part) -> Part:
        """The same number as a step."""
        if part.scaled is not None and part.digits is not None:
            shared = self.of_count(self.steps.step(part.scaled[0]), part.digits)
            return replace(part, values=shared.values, scaled=shared.scaled)
        return replace(part, values=(self.steps.step(part.value),))

    def failing(self, part: Part, error: Expression) -> Part:
        return replace(part, error=any_error(part.error, error))


def _raised(part: Part, decimals: int) -> Expression:
    count, own = part.scaled or (part.value, decimals)
    return count if own == decimals else count * whole(10 ** (decimals - own))


def sum_digits(left: Digits, right: Digits) -> Digits:
    return Digits(max(left.whole, right.whole) + 1, max(left.decimals, right.decimals))


def product_digits(left: Digits, right: Digits) -> Digits:
    return Digits(left.whole + right.whole, left.decimals + right.decimals)
