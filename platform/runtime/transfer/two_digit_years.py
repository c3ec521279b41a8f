"""Days whose year has two digits: which of a column's are so, and what becomes of them in each century."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from amparo.metadata.calendars import year_at
from amparo.metadata.fields.base import Rejected
from amparo.runtime.transfer.dates import moment_reader
from amparo.runtime.transfer.mapping import ColumnMapping

#: Years ahead that days of a register may lie: those of permits and passports.
_YEARS_AHEAD = 10


def days_without_century(texts: Iterable[str], column: ColumnMapping) -> list[str]:
    """The different texts of a column that want nothing but the century to be days."""
    read = moment_reader(column.dates, column.calendar)
    found = []
    for text in dict.fromkeys(texts):
        try:
            read(text)
        except Rejected as rejected:
            if rejected.kind == "short_year":
                found.append(text)
    return found


def ends_to_choose(column: ColumnMapping, today: dt.date) -> list[int]:
    """The last years of the hundred that two digits may mean, in the calendar of the column.

    This year, for what has been; some years ahead, or what was chosen already; the two centuries.
    """
    year = year_at(column.calendar, today)
    century = year - year % 100
    chosen = column.two_digit_years_until
    others = (year, century - 1, century + 99)
    beside = year + _YEARS_AHEAD if chosen is None or chosen in others else chosen
    return list(dict.fromkeys((year, beside, *others[1:])))


def earliest_and_latest(texts: Sequence[str], column: ColumnMapping, until: int) -> list[tuple[str, dt.date]]:
    """The first and the last day that texts become, each beside its text; by them a wrong century is seen."""
    read = moment_reader(column.dates, column.calendar, until)
    days: list[tuple[str, dt.date]] = []
    for text in texts:
        try:
            days.append((text, dt.date.fromisoformat(read(text)[:10])))
        except (Rejected, ValueError):
            continue
    days.sort(key=lambda day: day[1])
    return [days[0], days[-1]] if len(days) > 1 else days
