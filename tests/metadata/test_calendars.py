"""Days of other calendars."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest

from amparo.metadata.calendars import Calendar, gregorian_day


@pytest.mark.parametrize(
    ("calendar", "day", "expected"),
    [
        # The Ethiopian millennium, a leap day of theirs, and both sides of 1900.
        (Calendar.ETHIOPIAN, (2000, 1, 1), "2007-09-12"),
        (Calendar.ETHIOPIAN, (2019, 3, 13), "2026-11-22"),
        (Calendar.ETHIOPIAN, (2007, 13, 6), "2015-09-11"),
        (Calendar.ETHIOPIAN, (2008, 1, 1), "2015-09-12"),
        (Calendar.ETHIOPIAN, (1888, 6, 23), "1896-03-01"),
        (Calendar.BUDDHIST, (2569, 11, 22), "2026-11-22"),
        (Calendar.BUDDHIST, (2484, 1, 1), "1941-01-01"),
        (Calendar.BUDDHIST, (2483, 12, 31), "1940-12-31"),
        (Calendar.BIKRAM_SAMBAT, (2083, 8, 6), "2026-11-22"),
        (Calendar.BIKRAM_SAMBAT, (2000, 9, 17), "1944-01-01"),
        (Calendar.BIKRAM_SAMBAT, (2072, 1, 12), "2015-04-25"),
        (Calendar.GREGORIAN, (2024, 2, 29), "2024-02-29"),
    ],
)
def test_known_days_come_out_right(calendar: Calendar, day: tuple[int, int, int], expected: str) -> None:
    assert gregorian_day(calendar, *day).isoformat() == expected


@pytest.mark.parametrize(
    ("calendar", "day"),
    [
        (Calendar.ETHIOPIAN, (2016, 13, 6)),
        (Calendar.ETHIOPIAN, (2016, 14, 1)),
        (Calendar.ETHIOPIAN, (2016, 1, 31)),
        (Calendar.ETHIOPIAN, (2016, 0, 1)),
        (Calendar.BUDDHIST, (2569, 2, 29)),
        # The year began in April then: nobody can tell which year the writer meant.
        (Calendar.BUDDHIST, (2480, 2, 1)),
        (Calendar.BIKRAM_SAMBAT, (2083, 8, 33)),
        (Calendar.BIKRAM_SAMBAT, (2300, 1, 1)),
        (Calendar.GREGORIAN, (2023, 2, 29)),
    ],
)
def test_days_that_do_not_exist_or_cannot_be_told_are_refused(calendar: Calendar, day: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match=r"."):
        gregorian_day(calendar, *day)


def test_ethiopian_days_follow_each_other_without_a_gap_for_two_centuries() -> None:
    days = [
        gregorian_day(Calendar.ETHIOPIAN, year, month, day)
        for year in range(1850, 2060)
        for month in range(1, 14)
        for day in range(1, 31 if month < 13 else 7 if year % 4 == 3 else 6)
    ]
    assert all(later - earlier == dt.timedelta(days=1) for earlier, later in itertools.pairwise(days))
