"""Dates, date-times and times."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from zoneinfo import ZoneInfo

from sqlalchemy import and_, case, false, func, literal

from amparo.metadata.formulas.tree import Call
from amparo.metadata.formulas.value_types import ValueType
from amparo.runtime.formulas.functions import moments
from amparo.runtime.formulas.functions.building import Builder, Compiler
from amparo.runtime.formulas.functions.moments import in_days
from amparo.runtime.formulas.functions.zones import offset_in
from amparo.runtime.formulas.kinds import microseconds_of
from amparo.runtime.formulas.numbers import whole
from amparo.runtime.formulas.parts import Digits, Part, any_error
from amparo.runtime.formulas.steps import Expression
from amparo.runtime.formulas.words import Scanned
from amparo.runtime.stores.types import Day, Moment

SMALL = Digits(4, 0)
_FAR = 1_000_000
_MOST_MONTHS = 1_000_000
_MOST_SECONDS = 1_000_000_000_000
_DAY = whole(86_400_000_000)
_NONE, _ONE = whole(0), whole(1)
#: Of the year 1970 in days since the year 1.
_EPOCH_DAYS = whole(dt.date(1970, 1, 1).toordinal() - 1)
_EPOCH_MICROSECONDS = whole((dt.date(1970, 1, 1).toordinal() - 1) * 86_400_000_000)


def typed(compiler: Compiler, part: Part, type_: ValueType) -> Part:
    return compiler.converted(part, type_) if part.type is ValueType.BLANK else part


def _only(call: Call, compiler: Compiler, type_: ValueType) -> Part:
    """The first argument, a blank as one of a type."""
    return typed(compiler, compiler.part(call.arguments[0]), type_)


def _today(call: Call, compiler: Compiler) -> Part:
    return Part(ValueType.DATE, (literal(compiler.clock.today, Day()),))


def _now(call: Call, compiler: Compiler) -> Part:
    return Part(ValueType.DATE_TIME, (literal(compiler.clock.now, Moment()),))


def _time_now(call: Call, compiler: Compiler) -> Part:
    return moments.time_part(whole(microseconds_of(compiler.clock.now.astimezone(dt.UTC).time())))


def _date(call: Call, compiler: Compiler) -> Part:
    parts = [typed(compiler, part, ValueType.NUMBER) for part in compiler.parts(call.arguments)]
    year, month, day = (compiler.numbers.integer(part, _FAR) for part in parts)
    return moments.made_date(compiler, year, month, day).with_error(*(part.error for part in parts))


def _date_value(call: Call, compiler: Compiler) -> Part:
    part = _only(call, compiler, ValueType.DATE)
    if part.type is ValueType.DATE:
        return part
    if part.type is ValueType.DATE_TIME:
        return _local_day(compiler, part)
    text = compiler.shared(part)
    scanned = compiler.words.scanned_date(text.value)
    return _scanned_date(compiler, text, scanned).with_error(text.error)


def _local_day(compiler: Compiler, part: Part) -> Part:
    """The day of a date-time in the organisation's time zone."""
    since = compiler.steps.step(compiler.words.since_year_one(part.value))
    zone = compiler.clock.zone
    if isinstance(zone, ZoneInfo):
        since = compiler.steps.step(since + offset_in(since, zone))
    # Rounded down, which is also before the year 1: an error.
    return moments.date_part(compiler, moments.floor_divided(compiler, since, 86_400_000_000), part.error)


def _scanned_date(compiler: Compiler, text: Part, scanned: Scanned) -> Part:
    found = moments.made_date(compiler, *scanned.numbers[:3])
    is_none = and_(text.value.is_not(None), func.coalesce(scanned.is_found, false()).is_(false()))
    return Part(ValueType.DATE, (case((scanned.is_found, found.value)),), any_error(is_none, found.error))


def _date_time_value(call: Call, compiler: Compiler) -> Part:
    part = _only(call, compiler, ValueType.DATE_TIME)
    if part.type is ValueType.DATE_TIME:
        return part
    if part.type is ValueType.DATE:
        return moments.moment_part(compiler, compiler.words.day_number(part.value) * _DAY, part.error)
    text = compiler.shared(part)
    scanned = compiler.words.scanned_moment(text.value)
    day = compiler.shared(_scanned_date(compiler, text, scanned))
    hour, minute, second = scanned.numbers[3:]
    time = compiler.shared(_made_time(compiler, text, scanned, hour, minute, second, whole(0)))
    since = compiler.words.day_number(day.value) * _DAY + moments.time_count(time.value)
    return moments.moment_part(compiler, since, text.error, day.error, time.error)


def _time_value(call: Call, compiler: Compiler) -> Part:
    part = _only(call, compiler, ValueType.TIME)
    if part.type is ValueType.TIME:
        return part
    if part.type is ValueType.DATE_TIME:
        return moments.time_part(moments.day_and_rest(compiler, part.value)[1], part.error)
    text = compiler.shared(part)
    scanned = compiler.words.scanned_time(text.value)
    hour, minute, second, thousandth = scanned.numbers
    return _made_time(compiler, text, scanned, hour, minute, second, thousandth).with_error(text.error)


def _made_time(
    compiler: Compiler, text: Part, scanned: Scanned, hour: Expression, minute: Expression, second: Expression,
    thousandth: Expression,
) -> Part:  # fmt: skip
    is_one = compiler.steps.step(
        and_(scanned.is_found, hour < whole(24), minute < whole(60), second < whole(60), thousandth < whole(1000))
    )
    value = (((hour * whole(60) + minute) * whole(60) + second) * whole(1000) + thousandth) * whole(1000)
    is_none = and_(text.value.is_not(None), func.coalesce(is_one, false()).is_(false()))
    return moments.time_part(case((is_one, value)), is_none)


def _add_months(call: Call, compiler: Compiler) -> Part:
    part, months = compiler.parts(call.arguments)
    part, months = typed(compiler, part, ValueType.DATE), typed(compiler, months, ValueType.NUMBER)
    if part.type is ValueType.DATE:
        return _months_later(compiler, part.value, months).with_error(part.error)
    day, rest = map(compiler.steps.step, moments.day_and_rest(compiler, part.value))
    moved = compiler.shared(_months_later(compiler, compiler.steps.step(compiler.words.date_of(day)), months))
    since = compiler.words.day_number(moved.value) * _DAY + rest
    return moments.moment_part(compiler, since, part.error, moved.error)


def _months_later(compiler: Compiler, date: Expression, months: Part) -> Part:
    """The same day of another month; the last day of a month stays the last day."""
    step = compiler.steps.step
    year, month, day = map(step, compiler.words.date_parts(step(date)))
    place = step(year * whole(12) + month - _ONE + compiler.numbers.integer(months, _MOST_MONTHS))
    # Below the year 1 there is no date whatever the month.
    new_year = step(case((place < whole(12), _NONE), else_=place // whole(12)))
    new_month = step(case((place < whole(12), _ONE), else_=place % whole(12) + _ONE))
    last = step(moments.days_in_month(new_year, new_month))
    new_day = case((day == moments.days_in_month(year, month), last), (day < last, day), else_=last)
    return moments.made_date(compiler, new_year, new_month, new_day).with_error(months.error)


def _of_date(part_of: Callable[[Compiler, Expression], Expression]) -> Builder:
    """A number of a date's day number, or of a date-time's in UTC."""

    def build(call: Call, compiler: Compiler) -> Part:
        part = _only(call, compiler, ValueType.DATE)
        count = part_of(compiler, compiler.steps.step(in_days(compiler, part)))
        return compiler.numbers.of_count(count, SMALL).with_error(part.error)

    return build


def _component(place: int) -> Builder:
    """The year, the month or the day."""

    def build(call: Call, compiler: Compiler) -> Part:
        part = _only(call, compiler, ValueType.DATE)
        return compiler.numbers.of_count(compiler.words.date_parts(part.value)[place], SMALL).with_error(part.error)

    return build


def _week_day(compiler: Compiler, number: Expression) -> Expression:
    # The year 1 began on a Monday, the second day of the week.
    return (number + _ONE) % whole(7) + _ONE


def _day_of_year(compiler: Compiler, number: Expression) -> Expression:
    year = compiler.steps.step(compiler.words.date_parts(compiler.steps.step(compiler.words.date_of(number)))[0])
    return number - compiler.words.day_number(compiler.words.made_date(year, _ONE, _ONE)) + _ONE


def _thursday(compiler: Compiler, number: Expression) -> Expression:
    return compiler.steps.step(number - number % whole(7) + whole(3))


def _iso_week(compiler: Compiler, number: Expression) -> Expression:
    return (_day_of_year(compiler, _thursday(compiler, number)) - _ONE) // whole(7) + _ONE


def _iso_year(compiler: Compiler, number: Expression) -> Expression:
    return compiler.words.date_parts(compiler.words.date_of(_thursday(compiler, number)))[0]


def _of_time(unit: int, count: int) -> Builder:
    def build(call: Call, compiler: Compiler) -> Part:
        part = _only(call, compiler, ValueType.TIME)
        value = moments.time_count(part.value) // whole(unit) % whole(count)
        return compiler.numbers.of_count(value, SMALL).with_error(part.error)

    return build


def _seconds(call: Call, compiler: Compiler) -> Part:
    part = _only(call, compiler, ValueType.DATE)
    if part.type is ValueType.TIME:
        count = moments.time_count(part.value) // whole(1_000_000)
    elif part.type is ValueType.DATE:
        count = (compiler.words.day_number(part.value) - _EPOCH_DAYS) * whole(86_400)
    else:
        since = compiler.words.since_year_one(part.value) - _EPOCH_MICROSECONDS
        count = moments.floor_divided(compiler, since, 1_000_000)
    return compiler.numbers.of_count(count, Digits(12, 0)).with_error(part.error)


def _from_seconds(call: Call, compiler: Compiler) -> Part:
    part = _only(call, compiler, ValueType.NUMBER)
    seconds = compiler.numbers.integer(part, _MOST_SECONDS)
    return moments.moment_part(compiler, seconds * whole(1_000_000) + _EPOCH_MICROSECONDS, part.error)


def _limit(place: int) -> Builder:
    """The first or the last day of a partly-known date."""

    def build(call: Call, compiler: Compiler) -> Part:
        part = _only(call, compiler, ValueType.DATE)
        value: Sequence[Expression] = part.values if len(part.values) > 1 else part.values * 3
        return Part(ValueType.DATE, (value[place],), part.error)

    return build


BUILDERS: Mapping[str, Builder] = {
    "TODAY": _today,
    "NOW": _now,
    "TIMENOW": _time_now,
    "DATE": _date,
    "DATEVALUE": _date_value,
    "DATETIMEVALUE": _date_time_value,
    "TIMEVALUE": _time_value,
    "ADDMONTHS": _add_months,
    "YEAR": _component(0),
    "MONTH": _component(1),
    "DAY": _component(2),
    "WEEKDAY": _of_date(_week_day),
    "DAYOFYEAR": _of_date(_day_of_year),
    "ISOWEEK": _of_date(_iso_week),
    "ISOYEAR": _of_date(_iso_year),
    "HOUR": _of_time(3_600_000_000, 24),
    "MINUTE": _of_time(60_000_000, 60),
    "SECOND": _of_time(1_000_000, 60),
    "MILLISECOND": _of_time(1000, 1000),
    "UNIXTIMESTAMP": _seconds,
    "FROMUNIXTIME": _from_seconds,
    "EARLIEST": _limit(1),
    "LATEST": _limit(2),
}
