"""Computing with dates, date-times and times: as numbers of days since the year 1, and of microseconds."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

from sqlalchemy import BigInteger, and_, case, func, or_, type_coerce

from amparo.metadata.formulas.moments import DAY_MILLISECONDS, MOST_COUNT
from amparo.metadata.formulas.value_types import ValueType
from amparo.runtime.formulas.functions.building import Compiler
from amparo.runtime.formulas.kinds import TimeOfDay
from amparo.runtime.formulas.numbers import whole
from amparo.runtime.formulas.parts import Digits, Part, any_error
from amparo.runtime.formulas.steps import Expression
from amparo.runtime.formulas.words import text_literal

LAST_DAY = whole(dt.date.max.toordinal() - 1)
LAST_MICROSECOND = whole(dt.date.max.toordinal() * 86_400_000_000 - 1)
_DAY_SECONDS = Decimal(86_400)
#: Farther than any date from any other.
_MOST_DAYS = 10_000_000
_MOST_SECONDS = 1_000_000_000_000
_NONE = whole(0)
_TIME = TimeOfDay()


def date_part(compiler: Compiler, number: Expression, *errors: Expression | None) -> Part:
    """The date of a number of days; an error where it is none."""
    number = compiler.steps.step(number)
    is_one = compiler.words.is_between(number, _NONE, LAST_DAY)
    return _guarded(ValueType.DATE, number, is_one, compiler.words.date_of(number), *errors)


def moment_part(compiler: Compiler, microseconds: Expression, *errors: Expression | None) -> Part:
    """The date-time of microseconds since the year 1; an error where it is none."""
    number = compiler.steps.step(microseconds)
    is_one = compiler.words.is_between(number, _NONE, LAST_MICROSECOND)
    return _guarded(ValueType.DATE_TIME, number, is_one, compiler.words.moment_of(number), *errors)


def time_part(microseconds: Expression, *errors: Expression | None) -> Part:
    return Part(ValueType.TIME, (type_coerce(microseconds, _TIME),), any_error(*errors))


def _guarded(
    type_: ValueType, number: Expression, is_one: Expression, value: Expression, *errors: Expression | None
) -> Part:
    is_none = or_(number < _NONE, ~is_one)
    return Part(type_, (type_coerce(case((is_one, value)), value.type),), any_error(*errors, is_none))


def moved(compiler: Compiler, moment: Part, number: Part) -> Part:
    """So many days later; of a time so many milliseconds."""
    if moment.type is ValueType.TIME:
        return _moved_time(compiler, moment, number)
    if moment.type is ValueType.DATE:
        days = compiler.numbers.integer(number, _MOST_DAYS)
        return date_part(compiler, compiler.words.day_number(moment.value) + days, moment.error, number.error)
    numbers = compiler.numbers
    seconds = numbers.arithmetic("multiply", number, numbers.constant(_DAY_SECONDS))
    half_more = numbers.arithmetic("add", numbers.exact(seconds), numbers.constant(Decimal("0.5")))
    rounded = numbers.floor(half_more)
    microseconds = numbers.integer(rounded, _MOST_SECONDS) * whole(1_000_000)
    since = compiler.words.since_year_one(moment.value)
    return moment_part(compiler, since + microseconds, moment.error, number.error, seconds.error)


def _moved_time(compiler: Compiler, time: Part, number: Part) -> Part:
    """Past midnight it begins again; before midnight there is no time, but whole days earlier there is."""
    milliseconds = compiler.steps.step(compiler.numbers.integer(number, MOST_COUNT))
    total = compiler.steps.step(_milliseconds(time.value) + milliseconds)
    rest = compiler.steps.step(total % whole(DAY_MILLISECONDS))
    is_beyond = func.abs(milliseconds, type_=BigInteger()) == whole(MOST_COUNT)
    error = or_(and_(total.is_not(None), is_beyond), and_(total < _NONE, rest != _NONE))
    return time_part(rest * whole(1000), time.error, number.error, error)


def between(compiler: Compiler, left: Part, right: Part) -> Part:
    """Days from ``right`` to ``left``; of times milliseconds."""
    words, numbers = compiler.words, compiler.numbers
    if left.type is ValueType.TIME:
        difference = _milliseconds(left.value) - _milliseconds(right.value) + whole(DAY_MILLISECONDS)
        found = numbers.of_count(difference % whole(DAY_MILLISECONDS), Digits(8, 0))
    elif left.type is ValueType.DATE:
        days = words.day_number(left.value) - words.day_number(right.value)
        found = numbers.of_count(days, Digits(7, 0))
    else:
        milliseconds = floor_divided(
            compiler, words.since_year_one(left.value) - words.since_year_one(right.value), 1000
        )
        count = numbers.of_count(milliseconds, Digits(15, 0))
        found = numbers.arithmetic("divide", count, numbers.constant(Decimal(DAY_MILLISECONDS)))
        found = replace(found, error=None)
    return found.with_error(left.error, right.error)


def floor_divided(compiler: Compiler, number: Expression, divisor: int) -> Expression:
    """Rounded down, also below zero, where the databases cut."""
    number = compiler.steps.step(number)
    by = whole(divisor)
    return case((number < _NONE, -((-number + whole(divisor - 1)) // by)), else_=number // by)


def _milliseconds(time: Expression) -> Expression:
    return time_count(time) // whole(1000)


def time_count(time: Expression) -> Expression:
    """Microseconds as an integer."""
    return type_coerce(time, whole(0).type)


def day_and_rest(compiler: Compiler, moment: Expression) -> tuple[Expression, Expression]:
    """The number of a date-time's day in UTC, and the microseconds of the day."""
    since = compiler.steps.step(compiler.words.since_year_one(moment))
    day = whole(86_400_000_000)
    return since // day, since % day


def in_days(compiler: Compiler, part: Part) -> Expression:
    """The number of a date, or of a date-time's day in UTC."""
    if part.type is ValueType.DATE_TIME:
        return day_and_rest(compiler, part.value)[0]
    return compiler.words.day_number(part.value)


def days_in_month(year: Expression, month: Expression) -> Expression:
    """Of steps."""
    is_leap = and_(year % whole(4) == _NONE, or_(year % whole(100) != _NONE, year % whole(400) == _NONE))
    return case(
        (and_(month == whole(2), is_leap), whole(29)),
        (month == whole(2), whole(28)),
        (month.in_([whole(each) for each in (4, 6, 9, 11)]), whole(30)),
        else_=whole(31),
    )


def made_date(compiler: Compiler, year: Expression, month: Expression, day: Expression) -> Part:
    """The date of three integers; an error where there is none."""
    year, month, day = map(compiler.steps.step, (year, month, day))
    words = compiler.words
    is_one = compiler.steps.step(
        and_(
            words.is_between(year, whole(1), whole(9999)),
            words.is_between(month, whole(1), whole(12)),
            day >= whole(1),
            day <= days_in_month(year, month),
        )
    )
    # What is no date is not even made where it would be blank: PostgreSQL computes what is constant beforehand.
    value = words.made_date(*(case((is_one, each), else_=whole(1)) for each in (year, month, day)))
    is_given = and_(year.is_not(None), month.is_not(None), day.is_not(None))
    return Part(ValueType.DATE, (type_coerce(case((is_one, value)), value.type),), and_(is_given, ~is_one))


def shown(compiler: Compiler, part: Part) -> Expression:
    """A date, a date-time or a time as a text; a text as it is."""
    if part.type is ValueType.DATE:
        return compiler.words.date_text(part.value)
    if part.type is ValueType.TIME:
        return _shown_time(compiler, part.value, with_thousandths=True)
    if part.type is not ValueType.DATE_TIME:
        return part.value
    day, rest = day_and_rest(compiler, part.value)
    date = compiler.words.date_text(compiler.words.date_of(compiler.steps.step(day)))
    time = _shown_time(compiler, rest, with_thousandths=False)
    return date.concat(text_literal(" ")).concat(time).concat(text_literal("Z"))


def _shown_time(compiler: Compiler, time: Expression, *, with_thousandths: bool) -> Expression:
    count, padded = compiler.steps.step(time_count(time)), compiler.words.padded
    seconds = count // whole(1_000_000)
    text = clock_text(compiler, padded(seconds // whole(3600), 2), seconds)
    if with_thousandths:
        text = text.concat(text_literal(".")).concat(padded(count // whole(1000) % whole(1000), 3))
    return text


def clock_text(compiler: Compiler, hours: Expression, seconds: Expression) -> Expression:
    """Hours, minutes and seconds."""
    padded, colon = compiler.words.padded, text_literal(":")
    minutes = padded(seconds // whole(60) % whole(60), 2)
    return hours.concat(colon).concat(minutes).concat(colon).concat(padded(seconds % whole(60), 2))
