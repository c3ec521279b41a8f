"""Days that are known in part: a year, a month, a stretch of days, each perhaps estimated.

The canonical text is an ISO 8601 prefix (``2026``, ``2026-05``, ``2026-05-03``)
or, for a stretch that no prefix names, an interval (``2008-03-02/2009-03-01``);
``~`` after it says *estimated*, as in the Extended Date/Time Format (ISO 8601-2).
"""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass
from functools import total_ordering

ESTIMATED = "~"
_DAY = dt.timedelta(days=1)
_OLDEST = 150


@total_ordering
@dataclass(frozen=True, slots=True)
class PartialDate:
    """The first and the last day that it may have been, both included. Ordered by them."""

    first: dt.date
    last: dt.date
    is_estimated: bool = False

    def __lt__(self, other: PartialDate) -> bool:
        return (self.first, self.last, self.is_estimated) < (other.first, other.last, other.is_estimated)

    @property
    def precision(self) -> str:
        """``day``, ``month``, ``year`` or ``range``."""
        if self.first == self.last:
            return "day"
        if (self.first, self.last) == _month(self.first.year, self.first.month):
            return "month"
        return "year" if (self.first, self.last) == _year(self.first.year) else "range"

    def __str__(self) -> str:
        length = {"day": 10, "month": 7, "year": 4}.get(self.precision)
        text = self.first.isoformat()[:length] if length else f"{self.first}/{self.last}"
        return text + ESTIMATED * self.is_estimated

    @classmethod
    def parse(cls, text: str) -> PartialDate:
        """Raises :class:`ValueError` for what is no canonical text, also for a day or a month that there is none of."""
        plain = text.removesuffix(ESTIMATED)
        begins, slash, ends = plain.partition("/")
        first, last = _days(begins)
        if slash:
            first, last = _whole_day(begins), _whole_day(ends)
            if first > last:
                raise ValueError(f"{text!r} ends before it begins.")
        return cls(first, last, plain != text)

    @classmethod
    def of_age(cls, years: int, on: dt.date, *, is_estimated: bool = False) -> PartialDate:
        """The days on which somebody was born who was ``years`` old on a day. Raises :class:`ValueError`."""
        if not 0 <= years <= _OLDEST:
            raise ValueError(f"{years} is not an age.")
        return cls(*_born(years, on), is_estimated)


def age_of(born: PartialDate, today: dt.date) -> tuple[int, dt.date] | None:
    """The age and the latest day up to ``today`` that :meth:`PartialDate.of_age` makes this of; ``None`` for others."""
    for years in range(min(today.year - born.last.year, _OLDEST), -1, -1):
        try:
            on = born.last.replace(year=born.last.year + years)
        except ValueError:
            continue
        if on <= today and (born.first, born.last) == _born(years, on):
            return years, on
    return None


def _born(years: int, on: dt.date) -> tuple[dt.date, dt.date]:
    """The first and the last day on which somebody was born who was so old on a day."""
    return _years_before(on, years + 1) + _DAY, _years_before(on, years)


def _days(text: str) -> tuple[dt.date, dt.date]:
    if not text.isascii() or not text.replace("-", "").isdigit():
        raise ValueError(f"{text!r} is not a date.")
    if len(text) == 4:
        return _year(int(text))
    if len(text) == 7 and text[4] == "-":
        return _month(int(text[:4]), int(text[5:]))
    day = _whole_day(text)
    return day, day


def _whole_day(text: str) -> dt.date:
    # fromisoformat also reads 20260331 and 2026-W14-2.
    if len(text) != 10 or text[4] != "-" or text[7] != "-":
        raise ValueError(f"{text!r} is not a day.")
    return dt.date.fromisoformat(text)


def _year(year: int) -> tuple[dt.date, dt.date]:
    return dt.date(year, 1, 1), dt.date(year, 12, 31)


def _month(year: int, month: int) -> tuple[dt.date, dt.date]:
    first = dt.date(year, month, 1)
    return first, first.replace(day=calendar.monthrange(year, month)[1])


def _years_before(day: dt.date, years: int) -> dt.date:
    """The same day of an earlier year; 28 February where that year has no 29th."""
    if day.year <= years:
        raise ValueError(f"There is no day {years} years before {day}.")
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)
