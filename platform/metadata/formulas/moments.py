"""Dates, date-times and times: computing with them, and reading them from text."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from decimal import ROUND_FLOOR, Decimal

from amparo.metadata.formulas.decimals import CONTEXT, without_last_digits
from amparo.metadata.formulas.failures import FormulaError
from amparo.metadata.wording import N_

_DAY = 86_400
DAY_MILLISECONDS = 86_400_000
#: Of seconds and milliseconds: databases count no further.
MOST_COUNT = 10**17
_HALF = Decimal("0.5")
_DATE = re.compile(r"([0-9]{4})-([0-9]{1,9})-([0-9]{1,9})")
_DATE_TIME = re.compile(_DATE.pattern + r"\s+([0-9]{1,9}):([0-9]{1,9}):([0-9]{1,9})")
_TIME = re.compile(r"([0-9]{1,9}):([0-9]{1,9}):([0-9]{1,9})\.([0-9]{1,9})")
_MIDNIGHT = dt.time()
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def add_days(moment: dt.date, days: Decimal | int) -> dt.date:
    """To a date whole days, the rest cut; to a date-time also parts of a day, to the second."""
    if not isinstance(moment, dt.datetime):
        return moment + dt.timedelta(days=int(days))
    seconds = CONTEXT.add(without_last_digits(CONTEXT.multiply(days, _DAY)), _HALF)
    return moment + dt.timedelta(seconds=int(seconds.to_integral_value(ROUND_FLOOR)))


def days_between(left: dt.date, right: dt.date) -> Decimal:
    """From ``right`` to ``left``; between date-times with parts of days, to the millisecond."""
    between = left - right
    milliseconds = between // dt.timedelta(milliseconds=1)
    return CONTEXT.divide(Decimal(milliseconds), DAY_MILLISECONDS)


def add_months(moment: dt.date, months: Decimal | int) -> dt.date:
    """The same day of another month; the last day of a month stays the last day."""
    place = moment.year * 12 + moment.month - 1 + int(months)
    year, month = divmod(place, 12)
    if not dt.MINYEAR <= year <= dt.MAXYEAR:
        raise FormulaError("out_of_range", N_("This is no date between the years 1 and 9999."))
    last = calendar.monthrange(year, month + 1)[1]
    was_last = moment.day == calendar.monthrange(moment.year, moment.month)[1]
    return moment.replace(year=year, month=month + 1, day=last if was_last else min(moment.day, last))


def milliseconds_of(time: dt.time) -> int:
    return ((time.hour * 60 + time.minute) * 60 + time.second) * 1000 + time.microsecond // 1000


def add_to_time(time: dt.time, milliseconds: Decimal | int) -> dt.time:
    """Past midnight it begins again. Raises :class:`FormulaError` for a time before midnight, as Salesforce does."""
    sum_ = milliseconds_of(time) + _counted(milliseconds)
    if sum_ < 0 and sum_ % DAY_MILLISECONDS:
        raise FormulaError("out_of_range", N_("This is a time before midnight."))
    return time_of(sum_ % DAY_MILLISECONDS)


def time_between(left: dt.time, right: dt.time) -> Decimal:
    """Milliseconds from ``right`` to the next ``left``."""
    return Decimal((milliseconds_of(left) - milliseconds_of(right)) % DAY_MILLISECONDS)


def time_of(milliseconds: int) -> dt.time:
    return (_EPOCH + dt.timedelta(milliseconds=milliseconds)).time()


def day_of(year: Decimal | int, month: Decimal | int, day: Decimal | int) -> dt.date:
    """Parts of numbers are cut. Raises :class:`FormulaError`."""
    try:
        return dt.date(int(year), int(month), int(day))
    except (ValueError, OverflowError):
        advice = N_("There is no such day: {year}-{month}-{day}.")
        raise FormulaError("no_such_day", advice, year=int(year), month=int(month), day=int(day)) from None


def date_from_text(text: str) -> dt.date:
    """Of ``2026-03-31``; what follows is passed over. Raises :class:`FormulaError`."""
    found = _DATE.match(text)
    if found is None:
        raise FormulaError("not_a_date", N_("This is no date. Write one as 2026-03-31."))
    return day_of(*map(int, found.groups()))


def date_time_from_text(text: str) -> dt.datetime:
    """Of ``2026-03-31 17:00:00``, in UTC; what follows is passed over. Raises :class:`FormulaError`."""
    found = _DATE_TIME.match(text)
    if found is None:
        raise FormulaError("not_a_date", N_("This is no date-time. Write one as 2026-03-31 17:00:00."))
    year, month, day, *clock = map(int, found.groups())
    return dt.datetime.combine(day_of(year, month, day), _time(*clock), dt.UTC)


def time_from_text(text: str) -> dt.time:
    """Of ``17:30:00.000``, with nothing behind it. Raises :class:`FormulaError`."""
    found = _TIME.fullmatch(text)
    if found is None:
        raise FormulaError("not_a_time", N_("This is no time. Write one as 17:30:00.000."))
    hour, minute, second, thousandth = map(int, found.groups())
    if thousandth > 999:
        raise FormulaError("not_a_time", N_("This is no time. Write one as 17:30:00.000."))
    return _time(hour, minute, second).replace(microsecond=thousandth * 1000)


def _time(hour: int, minute: int, second: int) -> dt.time:
    try:
        return dt.time(hour, minute, second)
    except (ValueError, OverflowError):
        raise FormulaError("not_a_time", N_("This is no time. Write one as 17:30:00.000.")) from None


def seconds_since_1970(moment: dt.date | dt.time) -> Decimal:
    """Of a date from its midnight in UTC; of a time since midnight."""
    if isinstance(moment, dt.time):
        return Decimal(milliseconds_of(moment) // 1000)
    if not isinstance(moment, dt.datetime):
        moment = dt.datetime.combine(moment, _MIDNIGHT, dt.UTC)
    return Decimal((moment - _EPOCH) // dt.timedelta(seconds=1))


def from_seconds_since_1970(seconds: Decimal | int) -> dt.datetime:
    return _EPOCH + dt.timedelta(seconds=int(seconds))


def _counted(number: Decimal | int) -> int:
    """A whole number of seconds or milliseconds. Raises :class:`FormulaError` from :data:`MOST_COUNT` on."""
    count = int(number)
    if abs(count) >= MOST_COUNT:
        raise FormulaError("out_of_range", N_("This is longer than formulas reckon with."))
    return count


def duration_text(length: Decimal | int, *, with_days: bool) -> str:
    """``HH:MM:SS``, or ``D:HH:MM:SS``, of seconds."""
    seconds = abs(_counted(length))
    hours, minutes, rest = seconds // 3600, seconds // 60 % 60, seconds % 60
    if with_days:
        return f"{hours // 24}:{hours % 24:02}:{minutes:02}:{rest:02}"
    return f"{hours:02}:{minutes:02}:{rest:02}"
