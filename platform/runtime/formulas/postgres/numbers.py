"""Decimals on PostgreSQL: ``numeric``, rounded to the digits that formulas have where it would keep more.

``numeric`` adds and multiplies exactly. It divides to as many decimals as its operands have, so they are given them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_FLOOR, ROUND_UP, Decimal

from sqlalchemy import BigInteger, Double, Integer, Text, and_, case, cast, func, literal, literal_column, or_

from amparo.metadata.formulas.currencies import DECIMALS
from amparo.metadata.formulas.decimals import CONTEXT
from amparo.metadata.formulas.limits import MOST_DIGITS_BEFORE_POINT
from amparo.metadata.geolocations import EARTH_RADIUS
from amparo.runtime.formulas.kinds import DecimalNumber
from amparo.runtime.formulas.numbers import WIDEST, Numbers, product_digits, sum_digits, whole
from amparo.runtime.formulas.parts import Digits, Part, any_error
from amparo.runtime.formulas.postgres.doubles import DOMAINS, FUNCTIONS, double, numeric
from amparo.runtime.formulas.steps import Expression

_PRECISION = CONTEXT.prec
#: Where numbers are cut, what is inexact in the last six digits counts as exact.
_CUT_PRECISION = 33
_POWER_PRECISION = 18
#: PostgreSQL rounds to no more decimals than this.
_MOST_DECIMALS = 1_000
_KIND = DecimalNumber()
_LIMIT = literal_column(f"1e{MOST_DIGITS_BEFORE_POINT + 1}::numeric", _KIND)
#: Larger and smaller numbers are none, or nothing, as doubles.
_LARGEST_DOUBLE, _SMALLEST_DOUBLE = "1.797e308", "1e-307"
_NUMBER = r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,9})?$"
_LONGEST_NUMBER = 1_000
_FARTHEST_EXPONENT = 2_100


class PostgresNumbers(Numbers):
    def takes_scale(self, decimals: int) -> bool:
        return not decimals

    def count(self, number: int) -> Expression:
        # Written out plainly it has 32 bits, and so has what two of them make: 40000 * 86400 would be too large.
        return literal_column(f"{number}::bigint", BigInteger())

    def unscaled(self, count: Expression, decimals: int) -> Expression:
        return cast(count, _KIND)

    def plain(self, number: Decimal) -> Expression:
        return numeric(f"({number:f})") if number < 0 else numeric(f"{number:f}")

    def computed(self, name: str, left: Part, right: Part) -> Part:
        return _COMPUTED[name](self, left, right)

    def compared(self, sign: str, left: Expression, right: Expression) -> Expression:
        return left.bool_op(sign)(right)

    def negative(self, part: Part) -> Part:
        return self.of_value(-part.value, _digits(part))

    def absolute(self, part: Part) -> Part:
        return self.of_value(func.abs(part.value), _digits(part))

    def extreme(self, parts: Sequence[Part], *, largest: bool) -> Part:
        shared = [self.shared(part) for part in parts]
        values = [part.value for part in shared]
        found = (func.greatest if largest else func.least)(*values)
        digits = Digits(max(_digits(each).whole for each in parts), max(_digits(each).decimals for each in parts))
        # GREATEST and LEAST pass over blanks.
        is_blank = or_(*(value.is_(None) for value in values))
        return self.of_value(case((is_blank, None), else_=found), digits)

    def of_fixed(self, column: Expression, digits: Digits) -> Part:
        return self.of_value(column, digits)

    def of_text(self, text: Expression, digits: Digits) -> Part:
        return self.of_value(cast(text, _KIND), digits)

    def exact(self, part: Part) -> Part:
        return self._to_precision(part, _CUT_PRECISION, is_half_down=True)

    def cut(self, part: Part, rounding: str) -> Part:
        exact = self.exact(part)
        digits = Digits(_digits(part).whole + 1, 0)
        if rounding == ROUND_UP:
            exact = self.shared(exact)
            return self.of_value(func.sign(exact.value) * func.ceil(func.abs(exact.value)), digits)
        function = {ROUND_DOWN: func.trunc, ROUND_CEILING: func.ceil, ROUND_FLOOR: func.floor}[rounding]
        return self.of_value(function(exact.value), digits)

    def floor(self, part: Part) -> Part:
        return self.of_value(func.floor(part.value), Digits(_digits(part).whole + 1, 0))

    def rounded(self, part: Part, places: Expression, rounding: str) -> Part:
        shared, digits = self.shared(part), _digits(part)
        places = self.steps.step(places)
        kept = func.least(func.greatest(places, whole(-_MOST_DECIMALS)), func.scale(shared.value))
        function = func.trunc if rounding == ROUND_DOWN else func.round
        # GREATEST and LEAST pass over blanks.
        value = case((places.is_not(None), function(shared.value, cast(kept, _INTEGER))))
        return self.of_value(value, Digits(digits.whole + 1, digits.decimals))

    def integer(self, part: Part, limit: int) -> Expression:
        if part.scaled is not None and part.digits is not None and 10**part.digits.whole <= limit:
            return part.scaled[0]
        number = self.steps.step(part.value)
        bounded = case((number > numeric(str(limit)), whole(limit)), (number < numeric(f"({-limit})"), whole(-limit)))
        return case((func.abs(number) <= numeric(str(limit)), cast(func.trunc(number), BigInteger())), else_=bounded)

    def double(self, name: str, parts: Sequence[Part]) -> Part:
        # In place of an argument that has no result stands one that has, beside the error.
        converted = [self.to_double(part) for part in parts]
        values = [part.value for part in converted]
        errors = [part.error for part in converted]
        if name in DOMAINS:
            wrong, safe = DOMAINS[name](values[0])
            values[0] = self.steps.step(case((wrong, safe), else_=values[0]))
            errors.append(wrong)
        return replace(self.from_double(FUNCTIONS[name](*values)), error=any_error(*errors))

    def text(self, part: Part) -> Expression:
        return cast(func.trim_scale(part.value), Text())

    def read(self, text: Expression) -> Part:
        text = self.steps.step(text)
        is_number = and_(func.length(text) <= whole(_LONGEST_NUMBER), text.op("~")(literal(_NUMBER, Text())))
        text = self.steps.step(case((is_number, text)))
        exponent = self.steps.step(
            cast(func.coalesce(func.substring(text, literal("[eE](.*)$", Text())), literal("0", Text())), BigInteger())
        )
        plain = self.steps.step(func.regexp_replace(text, literal("[eE].*", Text()), literal("", Text()), type_=Text()))
        value = self.steps.step(
            case(
                (exponent.between(whole(-_FARTHEST_EXPONENT), whole(_FARTHEST_EXPONENT)), cast(text, _KIND)),
                (or_(exponent < whole(0), cast(plain, _KIND) == numeric("0")), numeric("0")),
            )
        )
        found = self._kept(self.of_value(value, Digits(_LONGEST_NUMBER + _FARTHEST_EXPONENT, _LONGEST_NUMBER * 4)))
        return self.failing(found, value.is_(None))

    def money(self, code: Expression, part: Part) -> Expression:
        decimals = self.steps.step(
            case(*((code == literal(each, Text()), whole(count)) for each, count in DECIMALS.items()), else_=whole(2))
        )
        amount = self.steps.step(func.round(part.value, cast(decimals, _INTEGER)))
        before = func.regexp_replace(
            cast(func.trunc(func.abs(amount)), Text()), literal(r"(\d)(?=(\d{3})+$)", Text()), literal(r"\1,", Text()),
            literal("g", Text()),
        )  # fmt: skip
        behind = func.split_part(cast(amount, Text()), literal(".", Text()), whole(2))
        point = case((decimals > whole(0), literal(".", Text())), else_=literal("", Text()))
        sign = case((amount < numeric("0"), literal("-", Text())), else_=literal("", Text()))
        space: Expression = literal(" ", Text())
        return code.concat(space).concat(sign).concat(before).concat(point).concat(behind)

    def distance(self, degrees: Sequence[Part], radius: Expression) -> Part:
        # So small an angle is nothing, and squared it would be too small for a double.
        points = [self.steps.step(cast(func.round(part.value, literal_column("30")), Double())) for part in degrees]
        north, east, other_north, other_east = points
        height = func.power(func.sin(func.radians(other_north - north) / 2), 2)
        width = func.power(func.sin(func.radians(other_east - east) / 2), 2)
        angle = self.steps.step(height + func.cos(func.radians(north)) * func.cos(func.radians(other_north)) * width)
        half = case((angle > double("1"), double("1")), else_=func.sqrt(angle))
        kilometres = double(str(2 * EARTH_RADIUS)) * func.asin(half)
        return self.from_double(kilometres / double(str(EARTH_RADIUS)) * radius)

    def order(self, part: Part) -> Expression:
        return part.value

    def from_double(self, number: Expression) -> Part:
        """Its shortest text as a decimal."""
        return self.of_value(cast(cast(number, Text()), _KIND), Digits(309, 340))

    def to_double(self, part: Part) -> Part:
        """A step; an error for what a double cannot hold."""
        digits = _digits(part)
        if digits.whole <= 307 and digits.decimals <= 306:
            return Part(part.type, (self.steps.step(cast(part.value, Double())),))
        number = self.steps.step(part.value)
        size = func.abs(number)
        is_large = size >= numeric(_LARGEST_DOUBLE)
        value = case((is_large, None), (size < numeric(_SMALLEST_DOUBLE), double("0")), else_=cast(number, Double()))
        return Part(part.type, (self.steps.step(value),), is_large)

    def _kept(self, part: Part) -> Part:
        """The number with the digits that formulas have; an error for one that is too large."""
        digits = _digits(part)
        if digits.count <= _PRECISION:
            return part
        found = self.shared(self._to_precision(part, _PRECISION))
        kept = Digits(min(digits.whole, MOST_DIGITS_BEFORE_POINT), min(digits.decimals, WIDEST.decimals))
        result = replace(found, digits=kept)
        if digits.whole <= MOST_DIGITS_BEFORE_POINT:
            return result
        return self.failing(result, func.abs(found.value) >= _LIMIT)

    def _to_precision(self, part: Part, precision: int, *, is_half_down: bool = False) -> Part:
        if _digits(part).count <= precision:
            return part
        number = self.steps.step(part.value)
        size = func.abs(number)
        before = case(
            (size >= numeric("1"), func.length(cast(func.trunc(size), Text()))),
            else_=func.length(func.ltrim(func.split_part(cast(number, Text()), ".", 2), "0")) - func.scale(number),
        )
        decimals = self.steps.step(
            func.least(func.scale(number), whole(precision) - before, whole(WIDEST.decimals)).cast(_INTEGER)
        )
        value: Expression = func.round(number, decimals)
        if is_half_down:
            is_half = func.abs(value - number) * 2 == func.power(numeric("10"), -decimals)
            value = case((is_half, func.trunc(number, decimals)), else_=value)
        return self.of_value(value, _digits(part))


_INTEGER = Integer()


def _digits(part: Part) -> Digits:
    return part.digits or WIDEST


def _add(numbers: PostgresNumbers, left: Part, right: Part) -> Part:
    return numbers._kept(numbers.of_value(left.value + right.value, sum_digits(_digits(left), _digits(right))))


def _subtract(numbers: PostgresNumbers, left: Part, right: Part) -> Part:
    return numbers._kept(numbers.of_value(left.value - right.value, sum_digits(_digits(left), _digits(right))))


def _multiply(numbers: PostgresNumbers, left: Part, right: Part) -> Part:
    return numbers._kept(numbers.of_value(left.value * right.value, product_digits(_digits(left), _digits(right))))


def _divide(numbers: PostgresNumbers, left: Part, right: Part) -> Part:
    digits, divisor_digits = _digits(left), _digits(right)
    divisor = numbers.steps.step(right.value)
    # The quotient has as many decimals as the dividend is given: enough for all digits of the smallest.
    decimals = min(digits.decimals + divisor_digits.whole + _PRECISION + 3, _MOST_DECIMALS)
    dividend = numbers.steps.step(func.round(left.value, literal_column(str(decimals))))
    value = dividend / func.nullif(divisor, numeric("0"))
    quotient = numbers.of_value(value, Digits(digits.whole + divisor_digits.decimals, decimals))
    return numbers.failing(numbers._kept(quotient), _is_by_zero(dividend, divisor))


def _is_by_zero(dividend: Expression, divisor: Expression) -> Expression:
    """A blank divided by zero is blank."""
    return and_(divisor == numeric("0"), dividend.is_not(None))


def _remainder(numbers: PostgresNumbers, left: Part, right: Part) -> Part:
    dividend, divisor = numbers.steps.step(left.value), numbers.steps.step(right.value)
    digits = Digits(_digits(right).whole, max(_digits(left).decimals, _digits(right).decimals))
    error = _is_by_zero(dividend, divisor)
    if _digits(left).whole + _digits(right).decimals >= _PRECISION:
        error = or_(error, func.abs(dividend) >= func.abs(divisor) * numeric(f"1e{_PRECISION}"))
    found = numbers.of_value(dividend % func.nullif(divisor, numeric("0")), digits)
    return numbers.failing(numbers._kept(found), error)


def _power(numbers: PostgresNumbers, left: Part, right: Part) -> Part:
    """To 18 digits; below 10^-39 nothing, above 10^64 an error."""
    base, exponent = numbers.steps.step(left.value), numbers.steps.step(right.value)
    magnitude = _as_double(func.abs(func.nullif(base, numeric("0"))))
    size = numbers.steps.step(func.coalesce(func.log(magnitude) * _as_double(exponent), double("0")))
    wrong = or_(
        exponent != func.trunc(exponent),
        size > double("64"),
        and_(base == numeric("0"), exponent < numeric("0")),
    )
    wrong = numbers.steps.step(and_(base.is_not(None), wrong))
    is_nothing = or_(base == numeric("0"), size < double("-39"))
    safe_base = numbers.steps.step(case((or_(wrong, is_nothing), numeric("1")), else_=base))
    value = case(
        (or_(base.is_(None), exponent.is_(None), wrong), None),
        (exponent == numeric("0"), numeric("1")),
        (is_nothing, numeric("0")),
        (base == numeric("1"), numeric("1")),
        (base == numeric("(-1)"), case((exponent % numeric("2") == numeric("0"), numeric("1")), else_=base)),
        else_=func.power(func.round(safe_base, literal_column("60")), exponent),
    )
    found = numbers._to_precision(numbers.of_value(value, Digits(65, 100)), _POWER_PRECISION)
    return replace(found, digits=Digits(65, 60), error=wrong)


def _as_double(number: Expression) -> Expression:
    """The nearest; of what doubles do not hold a bound does as well, for the size of a power."""
    low, high, least = numeric("(-1e300)"), numeric("1e300"), numeric("1e-300")
    bounded = case((number < low, low), (number > high, high), (func.abs(number) < least, least), else_=number)
    return cast(bounded, Double())


_COMPUTED: Mapping[str, Callable[[PostgresNumbers, Part, Part], Part]] = {
    "add": _add, "subtract": _subtract, "multiply": _multiply, "divide": _divide, "remainder": _remainder,
    "power": _power,
}  # fmt: skip
