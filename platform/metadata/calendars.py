"""Days of other calendars as days of the Gregorian one, in which every day is kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from enum import StrEnum


class Calendar(StrEnum):
    GREGORIAN = "gregorian"
    BUDDHIST = "buddhist"
    ETHIOPIAN = "ethiopian"
    BIKRAM_SAMBAT = "bikram-sambat"


#: By how much the year of each calendar that begins in a Gregorian year is the greater number.
YEARS_AHEAD: Mapping[Calendar, int] = {
    Calendar.GREGORIAN: 0,
    Calendar.BUDDHIST: 543,
    Calendar.ETHIOPIAN: -7,
    Calendar.BIKRAM_SAMBAT: 57,
}
#: The Thai year began on 1 April until this year of the Buddhist era, whose year 1 is 543 before Christ.
_BUDDHIST_FROM_JANUARY, _BUDDHIST_YEARS = 2484, 543
#: Day 0 of the Ethiopian calendar in proleptic Gregorian ordinals: 1 Meskerem of year 1 is 29 August 8.
_ETHIOPIAN_FIRST = dt.date(8, 8, 27).toordinal()


def gregorian_day(calendar: Calendar, year: int, month: int, day: int) -> dt.date:
    """Raises :class:`ValueError` for a day that does not exist, or that cannot be told without doubt."""
    if calendar is Calendar.BUDDHIST:
        return _from_buddhist(year, month, day)
    if calendar is Calendar.ETHIOPIAN:
        return _from_ethiopian(year, month, day)
    if calendar is Calendar.BIKRAM_SAMBAT:
        import nepali_datetime  # noqa: PLC0415 - it reads its table of days, which few imports need

        return dt.date(*nepali_datetime.date(year, month, day).to_datetime_date().timetuple()[:3])
    return dt.date(year, month, day)


def year_at(calendar: Calendar, day: dt.date) -> int:
    """The year of a calendar in which a Gregorian day lies."""
    begins_in_it = day.year + YEARS_AHEAD[calendar]
    return begins_in_it if gregorian_day(calendar, begins_in_it, 1, 1) <= day else begins_in_it - 1


def _from_buddhist(year: int, month: int, day: int) -> dt.date:
    if year < _BUDDHIST_FROM_JANUARY and month <= 3:
        # Whether the writer counted these months to the old year or to the new one, nobody can tell.
        raise ValueError(year)
    return dt.date(year - _BUDDHIST_YEARS, month, day)


def _from_ethiopian(year: int, month: int, day: int) -> dt.date:
    """Twelve months of 30 days and one of 5, or of 6 in every fourth year, the one before a year divisible by 4."""
    longest = 30 if month <= 12 else 6 if year % 4 == 3 else 5
    if not (1 <= month <= 13 and 1 <= day <= longest and year >= 1):
        raise ValueError(day)
    return dt.date.fromordinal(_ETHIOPIAN_FIRST + 365 * (year - 1) + year // 4 + 30 * (month - 1) + day - 1)
