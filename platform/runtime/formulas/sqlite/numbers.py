"""Decimals on SQLite: integers, or texts that functions lent to the connection compute with."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import reduce

from sqlalchemy import BigInteger, Double, Integer, Text, cast, func, literal, type_coerce

from amparo.metadata.formulas.decimals import CONTEXT
from amparo.runtime.formulas.numbers import WIDEST, Numbers, product_digits, sum_digits, whole
from amparo.runtime.formulas.parts import Digits, Part
from amparo.runtime.formulas.primitives import ERROR
from amparo.runtime.formulas.steps import Expression

#: Arguments of one call; SQLite takes a hundred.
_MOST_ARGUMENTS = 50

_NEVER_WRONG = ("add", "subtract", "multiply")


def _quotient_digits(left: Digits, right: Digits) -> Digits:
    whole_digits = min(left.whole + right.decimals, WIDEST.whole)
    return Digits(whole_digits, min(left.decimals + right.whole + CONTEXT.prec, WIDEST.decimals))


#: How large the result of each may be.
_RESULTS: Mapping[str, Callable[[Digits, Digits], Digits]] = {
    "add": sum_digits,
    "subtract": sum_digits,
    "multiply": product_digits,
    "divide": _quotient_digits,
    "remainder": lambda left, right: Digits(right.whole, max(left.decimals, right.decimals)),
    "power": lambda left, right: WIDEST,
}


class SqliteNumbers(Numbers):
    def unscaled(self, count: Expression, decimals: int) -> Expression:
        return func.amparo_decimal(count, whole(decimals)) if decimals else count

    def plain(self, number: Decimal) -> Expression:
        return literal(f"{number:f}", Text())

    def computed(self, name: str, left: Part, right: Part) -> Part:
        digits = _RESULTS[name](left.digits or WIDEST, right.digits or WIDEST)
        value = getattr(func, f"amparo_{name}")(left.value, right.value)
        if name in _NEVER_WRONG:
            return self._bounded(value, digits)
        return self._checked(value, digits)

    def _bounded(self, value: Expression, digits: Digits) -> Part:
        """Of a function that can fail by its number being too large alone."""
        return self.of_value(value, digits) if digits.whole < WIDEST.whole else self._checked(value)

    def _checked(self, value: Expression, digits: Digits = WIDEST) -> Part:
        """The value of a function that may not be able to compute it."""
        found = self.steps.step(value)
        return self.of_value(found, digits, found == literal(ERROR, Text()))

    def compared(self, sign: str, left: Expression, right: Expression) -> Expression:
        order: Expression = func.amparo_compare(left, right, type_=Integer())
        return order.bool_op(sign)(whole(0))

    def negative(self, part: Part) -> Part:
        return self.of_value(func.amparo_negative(part.value), part.digits or WIDEST)

    def absolute(self, part: Part) -> Part:
        return self.of_value(func.amparo_absolute(part.value), part.digits or WIDEST)

    def extreme(self, parts: Sequence[Part], *, largest: bool) -> Part:
        function = func.amparo_largest if largest else func.amparo_smallest
        values = [part.value for part in parts]
        groups = [values[place : place + _MOST_ARGUMENTS] for place in range(0, len(values), _MOST_ARGUMENTS)]
        value = reduce(lambda so_far, group: function(so_far, *group), groups[1:], function(*groups[0]))
        return self.of_value(value, WIDEST)

    def of_fixed(self, column: Expression, digits: Digits) -> Part:
        # It is kept as a count of its last decimal.
        return self.of_count(type_coerce(column, BigInteger()), digits)

    def of_text(self, text: Expression, digits: Digits) -> Part:
        return self.of_value(text, digits)

    def exact(self, part: Part) -> Part:
        return self.of_value(func.amparo_exact(part.value), part.digits or WIDEST)

    def cut(self, part: Part, rounding: str) -> Part:
        return self.of_value(func.amparo_cut(part.value, literal(rounding, Text())), part.digits or WIDEST)

    def floor(self, part: Part) -> Part:
        return self.of_value(func.amparo_floor(part.value), part.digits or WIDEST)

    def rounded(self, part: Part, places: Expression, rounding: str) -> Part:
        digits = part.digits or WIDEST
        value = func.amparo_round(part.value, places, literal(rounding, Text()))
        return self._bounded(value, Digits(digits.whole + 1, digits.decimals))

    def integer(self, part: Part, limit: int) -> Expression:
        # Of more digits than an integer holds, CAST makes the largest there is; what follows the point it cuts.
        number = cast(part.value, BigInteger())
        return func.max(func.min(number, whole(limit)), whole(-limit), type_=BigInteger())

    def double(self, name: str, parts: Sequence[Part]) -> Part:
        return self._checked(func.amparo_double(literal(name, Text()), *(part.value for part in parts)))

    def text(self, part: Part) -> Expression:
        # Adding nothing writes an integer as a text, and a text as ever.
        return func.amparo_add(part.value, whole(0), type_=Text())

    def read(self, text: Expression) -> Part:
        return self._checked(func.amparo_number(text))

    def money(self, code: Expression, part: Part) -> Expression:
        return func.amparo_money(code, part.value, type_=Text())

    def distance(self, degrees: Sequence[Part], radius: Expression) -> Part:
        return self._checked(func.amparo_distance(*(part.value for part in degrees), radius))

    def order(self, part: Part) -> Expression:
        # Texts of decimals would stand in the order of their digits; numbers that are one as doubles stay together.
        return cast(part.value, Double()) if part.scaled is None else part.scaled[0]
