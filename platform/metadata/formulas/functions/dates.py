"""Dates, date-times and times."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from amparo.metadata.formulas.moments import (
    add_months,
    date_from_text,
    date_time_from_text,
    day_of,
    duration_text,
    from_seconds_since_1970,
    milliseconds_of,
    seconds_since_1970,
    time_from_text,
)
from amparo.metadata.formulas.scope import Scope
from amparo.metadata.formulas.signatures import Function, Mismatch, Parameter
from amparo.metadata.formulas.value_types import NUMBERS, ValueType
from amparo.metadata.partial_dates import PartialDate
from amparo.metadata.wording import N_

_FAMILY = "Date and time"
_DATE = frozenset({ValueType.DATE})
_DAY_OR_MOMENT = frozenset({ValueType.DATE, ValueType.DATE_TIME})
_TIME = frozenset({ValueType.TIME})
_LENGTH = {ValueType.DATE_TIME: ValueType.DATE_TIME, ValueType.TIME: ValueType.TIME}


def _date_value(scope: Scope, value: str | dt.date) -> dt.date:
    """Of a date-time the day in the organisation's time zone."""
    if isinstance(value, dt.datetime):
        return value.astimezone(scope.zone).date()
    return value if isinstance(value, dt.date) else date_from_text(value)


def _date_time_value(value: str | dt.date) -> dt.datetime:
    if isinstance(value, dt.datetime):
        return value
    if isinstance(value, dt.date):
        return dt.datetime.combine(value, dt.time(), dt.UTC)
    return date_time_from_text(value)


def _time_value(value: str | dt.datetime | dt.time) -> dt.time:
    """Of a date-time the time in UTC, as in Salesforce."""
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).time()
    return value if isinstance(value, dt.time) else time_from_text(value)


def _of_day(part: Callable[[dt.date], int]) -> Callable[[dt.date], Decimal]:
    """A number of a date; of a date-time's day in UTC."""
    return lambda value: Decimal(part(value.astimezone(dt.UTC) if isinstance(value, dt.datetime) else value))


def _of_time(part: Callable[[dt.time], int]) -> Callable[[dt.time], Decimal]:
    return lambda value: Decimal(part(value))


def _duration(first: Any, second: Any = False) -> str:
    if isinstance(first, dt.datetime):
        return duration_text(abs(second - first) // dt.timedelta(seconds=1), with_days=True)
    if isinstance(first, dt.time):
        return duration_text(abs(milliseconds_of(second) - milliseconds_of(first)) // 1000, with_days=False)
    return duration_text(first, with_days=bool(second))


def _judge_duration(types: Sequence[ValueType]) -> None:
    first = types[0]
    wanted = _LENGTH.get(first, ValueType.BOOLEAN)
    if first not in NUMBERS and first not in (*_LENGTH, ValueType.BLANK):
        raise Mismatch(0, N_("Expected seconds, a date-time or a time, found {found}."), found=first.words)
    if len(types) > 1 and types[1] not in (wanted, ValueType.BLANK):
        raise Mismatch(1, N_("Expected {expected}, found {found}."), expected=wanted.words, found=types[1].words)
    if len(types) == 1 and first in _LENGTH:
        raise Mismatch(None, N_("Give the beginning and the end."))


def _of_months(types: Sequence[ValueType]) -> ValueType:
    return types[0]


def _first(value: PartialDate | dt.date) -> dt.date:
    return value.first if isinstance(value, PartialDate) else value


def _last(value: PartialDate | dt.date) -> dt.date:
    return value.last if isinstance(value, PartialDate) else value


def _age(born: PartialDate | dt.date, on: dt.date) -> Decimal | None:
    """Somebody born on 29 February is a year older on 1 March where there is no 29th."""
    least, most = _full_years(_last(born), on), _full_years(_first(born), on)
    return Decimal(least) if least == most >= 0 else None


def _full_years(born: dt.date, on: dt.date) -> int:
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def _part(name: str, summary: str, example: str, parameter: Parameter, apply: Callable[..., Any]) -> Function:
    return Function(name, _FAMILY, summary, example, (parameter,), ValueType.NUMBER, apply=apply)


_A_DATE = Parameter("date", _DATE)
_A_MOMENT = Parameter("date", _DAY_OR_MOMENT)
_A_TIME = Parameter("time", _TIME)
_PERHAPS_PARTIAL = Parameter("date", frozenset({ValueType.DATE, ValueType.PARTIAL_DATE}))
_NUMBER = Parameter("number", NUMBERS)

FUNCTIONS = (
    Function("TODAY", _FAMILY, N_("The day it is in the organisation's time zone."), "TODAY() - opened_on", (),
             ValueType.DATE, apply=lambda scope: scope.today, asks_scope=True),
    Function("NOW", _FAMILY, N_("This moment."), "NOW() - updated_at", (), ValueType.DATE_TIME,
             apply=lambda scope: scope.now, asks_scope=True),
    Function("TIMENOW", _FAMILY, N_("The time of this moment, in UTC."), "TIMENOW()", (), ValueType.TIME,
             apply=lambda scope: scope.now.astimezone(dt.UTC).time(), asks_scope=True),
    Function("DATE", _FAMILY, N_("The date of a year, a month and a day. An error when there is none."),
             "DATE(2026, 3, 31)", (Parameter("year", NUMBERS), Parameter("month", NUMBERS), Parameter("day", NUMBERS)),
             ValueType.DATE, apply=day_of),
    Function("DATEVALUE", _FAMILY, N_("The day of a date-time, in the organisation's time zone, or of a text."),
             'DATEVALUE("2026-03-31")',
             (Parameter("expression", frozenset({ValueType.TEXT, ValueType.DATE, ValueType.DATE_TIME})),),
             ValueType.DATE, apply=_date_value, asks_scope=True),
    Function("DATETIMEVALUE", _FAMILY, N_("The moment of a text, in UTC, or the midnight of a date."),
             'DATETIMEVALUE("2026-03-31 17:00:00")',
             (Parameter("expression", frozenset({ValueType.TEXT, ValueType.DATE, ValueType.DATE_TIME})),),
             ValueType.DATE_TIME, apply=_date_time_value),
    Function("TIMEVALUE", _FAMILY, N_("The time of a text, or of a date-time in UTC."), 'TIMEVALUE("17:30:00.000")',
             (Parameter("expression", frozenset({ValueType.TEXT, ValueType.TIME, ValueType.DATE_TIME})),),
             ValueType.TIME, apply=_time_value),
    Function("ADDMONTHS", _FAMILY, N_("The same day so many months later; the last day of a month stays the last."),
             "ADDMONTHS(opened_on, 3)", (_A_MOMENT, Parameter("months", NUMBERS)), _of_months, apply=add_months),
    _part("YEAR", N_("The year of a date."), "YEAR(opened_on)", _A_DATE, _of_day(lambda day: day.year)),
    _part("MONTH", N_("The month of a date, from 1 to 12."), "MONTH(opened_on)", _A_DATE,
          _of_day(lambda day: day.month)),
    _part("DAY", N_("The day of the month, from 1 to 31."), "DAY(opened_on)", _A_DATE, _of_day(lambda day: day.day)),
    _part("WEEKDAY", N_("The day of the week: 1 is Sunday, 7 is Saturday."), "WEEKDAY(opened_on)", _A_DATE,
          _of_day(lambda day: day.isoweekday() % 7 + 1)),
    _part("DAYOFYEAR", N_("The day of the year, from 1 to 366."), "DAYOFYEAR(opened_on)", _A_MOMENT,
          _of_day(lambda day: day.timetuple().tm_yday)),
    _part("ISOWEEK", N_("The week of the year by ISO 8601: week 1 has the first Thursday."), "ISOWEEK(opened_on)",
          _A_MOMENT, _of_day(lambda day: day.isocalendar().week)),
    _part("ISOYEAR", N_("The year that the ISO 8601 week belongs to."), "ISOYEAR(opened_on)", _A_MOMENT,
          _of_day(lambda day: day.isocalendar().year)),
    _part("HOUR", N_("The hour of a time."), 'HOUR(TIMEVALUE("17:30:00.000"))', _A_TIME, _of_time(lambda at: at.hour)),
    _part("MINUTE", N_("The minute of a time."), 'MINUTE(TIMEVALUE("17:30:00.000"))', _A_TIME,
          _of_time(lambda at: at.minute)),
    _part("SECOND", N_("The second of a time."), 'SECOND(TIMEVALUE("17:30:15.000"))', _A_TIME,
          _of_time(lambda at: at.second)),
    _part("MILLISECOND", N_("The thousandths of a time's second."), 'MILLISECOND(TIMEVALUE("17:30:15.250"))', _A_TIME,
          _of_time(lambda at: at.microsecond // 1000)),
    _part("UNIXTIMESTAMP", N_("Seconds since the beginning of 1970 in UTC; of a time, since midnight."),
          "UNIXTIMESTAMP(updated_at)",
          Parameter("moment", frozenset({ValueType.DATE, ValueType.DATE_TIME, ValueType.TIME})), seconds_since_1970),
    Function("FROMUNIXTIME", _FAMILY, N_("The moment so many seconds after the beginning of 1970 in UTC."),
             "FROMUNIXTIME(1774976400)", (_NUMBER,), ValueType.DATE_TIME, apply=from_seconds_since_1970),
    Function("FORMATDURATION", _FAMILY, N_("Seconds, or the time between two moments, as hours, minutes and seconds."),
             "FORMATDURATION(5400)", (Parameter("from"), Parameter("to_or_with_days", is_optional=True)),
             ValueType.TEXT, apply=_duration, judge=_judge_duration),
    Function("AGE", _FAMILY, N_("The completed years since a date of birth; blank where they may be one more or less."),
             "AGE(birth_date, TODAY())", (_PERHAPS_PARTIAL, _A_DATE), ValueType.NUMBER, apply=_age),
    Function("EARLIEST", _FAMILY, N_("The first day that a partly-known date may be."), "EARLIEST(birth_date)",
             (_PERHAPS_PARTIAL,), ValueType.DATE, apply=_first),
    Function("LATEST", _FAMILY, N_("The last day that a partly-known date may be."), "LATEST(birth_date)",
             (_PERHAPS_PARTIAL,), ValueType.DATE, apply=_last),
)  # fmt: skip
