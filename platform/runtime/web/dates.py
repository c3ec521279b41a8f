"""Days and times in the reader's words."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_skeleton
from flask_babel import gettext

from amparo.runtime.locales import calendar_locale_of


@lru_cache(maxsize=4096)
def day_words(day: dt.date, language: str) -> str:
    """“6 June 2026”."""
    return format_date(day, "long", calendar_locale_of(language))


@lru_cache(maxsize=512)
def weekday_words(day: dt.date, language: str) -> str:
    """“Saturday 6 June”; the year where it is not obvious is the caller's to add."""
    return format_skeleton("MMMMEEEEd", dt.datetime.combine(day, dt.time()), locale=calendar_locale_of(language))


def clock_words(moment: dt.datetime, zone: ZoneInfo) -> str:
    """“16:20”, on the clock of the organisation, in every language alike."""
    return moment.astimezone(zone).strftime("%H:%M")


def moment_words(moment: dt.datetime, zone: ZoneInfo, language: str) -> str:
    """“6 June 2026, 16:20”."""
    local = moment.astimezone(zone)
    return gettext("%(day)s, %(time)s", day=day_words(local.date(), language), time=clock_words(moment, zone))


def activity_words(moment: dt.datetime, zone: ZoneInfo, language: str, today: dt.date) -> str:
    """“Today, 16:20”, “Yesterday”, else the day."""
    day = moment.astimezone(zone).date()
    if day == today:
        return gettext("Today, %(time)s", time=clock_words(moment, zone))
    if day == today - dt.timedelta(days=1):
        return gettext("Yesterday")
    return day_words(day, language)


@lru_cache(maxsize=16)
def month_names(language: str) -> tuple[tuple[int, str], ...]:
    """1 to 12 with their names, as they stand alone."""
    return tuple(calendar_locale_of(language).months["stand-alone"]["wide"].items())


@lru_cache(maxsize=16)
def part_order(language: str) -> tuple[str, ...]:
    """Day, month and year in the order in which the language writes a date."""
    pattern = str(calendar_locale_of(language).date_formats["short"].pattern)
    return tuple(
        sorted(("day", "month", "year"), key=lambda unit: pattern.find({"day": "d", "month": "M", "year": "y"}[unit]))
    )


def weekday_names(language: str) -> tuple[str, ...]:
    """Monday to Sunday, short."""
    names = calendar_locale_of(language).days["stand-alone"]["abbreviated"]
    return tuple(names[number] for number in range(7))


def month_and_year(day: dt.date, language: str) -> str:
    return format_skeleton("yMMMM", dt.datetime.combine(day, dt.time()), locale=calendar_locale_of(language))
