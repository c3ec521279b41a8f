"""Days and moments in the forms people type, read without guessing.

A column is read in one order of day, month and year and in one calendar; what
the mapping does not say and the text does not show is refused, not assumed.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple

from amparo.metadata.calendars import Calendar, gregorian_day
from amparo.metadata.fields.base import Rejected
from amparo.metadata.fields.numerals import ascii_digits
from amparo.metadata.missing import Missing
from amparo.metadata.wording import N_
from amparo.runtime.transfer.cells import Cell
from amparo.runtime.transfer.month_names import month_letters, month_number


class DateOrder(StrEnum):
    """How the days of a column are written. Without one they are ISO dates, or name their month."""

    DAY_MONTH_YEAR = "day-month-year"
    MONTH_DAY_YEAR = "month-day-year"
    YEAR_MONTH_DAY = "year-month-day"


class DayForm(NamedTuple):
    """How the days of a column are written. ``until`` is the last of the hundred years that two digits may mean."""

    order: DateOrder | None
    calendar: Calendar
    until: int | None = None


_PLACES: Mapping[DateOrder, tuple[int, int, int]] = {
    DateOrder.DAY_MONTH_YEAR: (2, 1, 0),
    DateOrder.MONTH_DAY_YEAR: (2, 0, 1),
    DateOrder.YEAR_MONTH_DAY: (0, 1, 2),
}
#: Days of a column that are remembered.
_MOST_REMEMBERED = 4096
_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_IN_DIGITS = re.compile(r"([0-9]{1,4})\s*[./\-\s]\s*([0-9]{1,2})\s*[./\-\s]\s*([0-9]{1,4})")
_DIGITS = re.compile(r"[0-9]+(?:st|nd|rd|th)?(?![0-9])", re.IGNORECASE)
#: A name of a month stands between the two numbers.
_NAME_BETWEEN = re.compile(r"[0-9](?:st|nd|rd|th)?(?![0-9])[^0-9]*[^\W\d_][^0-9]*[0-9]", re.IGNORECASE)
_YEAR = re.compile(r"[0-9]{4}")
#: A month and a year, which can be read in one way only: 03/2020.
_MONTH_AND_YEAR = re.compile(r"(1[0-2]|0?[1-9])\s*[./\-]\s*([0-9]{4})|([0-9]{4})\s*/\s*(1[0-2]|0?[1-9])")
_TIME = re.compile(r"[T ,]+([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:\.[0-9]+)?)?\s*([AaPp]\.?[Mm]\.?)?$")
#: Words around a date that say what its parts are.
_AROUND = re.compile(r"\b(?:ngày|năm)\b|วันที่|เดือน|ปี|ថ្ងៃទី|ថ្ងៃ|ខែ|ឆ្នាំ|\bof\b", re.IGNORECASE)
_VIETNAMESE = re.compile(r"([0-9]{1,2})\s*(?:,\s*)?tháng\s*([0-9]{1,2})\s*(?:,\s*)?([0-9]{4})", re.IGNORECASE)
#: Eras that people write beside a year.
_ERAS: Sequence[tuple[re.Pattern[str], Calendar]] = (
    (re.compile(r"พ\.?\s?ศ\.?|\bB\.?E\.?(?![a-z])"), Calendar.BUDDHIST),
    (re.compile(r"ค\.?\s?ศ\.?|\b(?:A\.?D\.?|C\.?E\.?)(?![a-z])|\bG\.?C\.?(?![a-z])"), Calendar.GREGORIAN),
    (re.compile(r"ዓ\.?\s?ም\.?|\bE\.?C\.?(?![a-z])"), Calendar.ETHIOPIAN),
    (re.compile(r"वि\.?\s?सं\.?|\bB\.?S\.?(?![a-z])"), Calendar.BIKRAM_SAMBAT),
)
#: Days as a spreadsheet counts them, from 1927 to 2119: beyond, a number may be anything. Behind the point stands
#: the time, as a part of the day.
_SERIAL = re.compile(r"([1-7][0-9]{4})(?:[.,]([0-9]+))?")
_SERIAL_START = dt.datetime(1899, 12, 30)  # noqa: DTZ001 - a spreadsheet knows no time zones.
#: Years of the Buddhist era that are none of the Gregorian calendar. Far beyond, as in 9999, a year means no end.
_FEWEST_BUDDHIST, _BEYOND_BUDDHIST = 2400, 2700
#: The end of a century in which years of two digits are tried, to see which days there may be.
_CENTURY_TRIED: Mapping[Calendar, int] = dict.fromkeys(Calendar, 2099) | {Calendar.BUDDHIST: 2599}

_NO_DAY = N_("There is no such day in this calendar. Correct it, or choose another order or calendar for the column.")
_NO_YEAR = N_("Write the year with four digits, so that nobody guesses the century.")
_SHORT_YEAR = N_(
    "Write the year with four digits, or choose under “Years with two digits” which century is meant in this column."
)
_AMBIGUOUS = N_("This can be read in two ways. Say in which order day, month and year are written.")
_OTHER_ERA = N_("The year is of another calendar than its column. Correct it, or choose that calendar.")
_HAS_TIME = N_("This holds a time of day too. Map the column to a field for date and time, or remove the time.")
_PART = N_("Write the whole day: a year or a month alone of another calendar lies in two of ours.")
_UNKNOWN_MONTH = N_("Write the date as YYYY-MM-DD, like 2026-03-31: the name of the month is not known.")

#: A cell made into an input of a field: ISO text, or what the cell was where the field itself knows better.
ReadCell = Callable[[Cell], Any]


def day_reader(order: DateOrder | None, calendar: Calendar = Calendar.GREGORIAN, until: int | None = None) -> ReadCell:
    """For columns of days. What is read raises :class:`Rejected`: ``short_year`` where only the century is unknown.

    ``until`` is the last of the hundred years, counted in ``calendar``, that years of two digits mean.
    """
    form = DayForm(order, calendar, until)
    known: dict[str, dt.date] = {}

    def read(cell: Cell) -> Any:
        if type(cell) is str:
            day = known.get(cell)
            if day is not None or cell == "":
                return day or cell
            if calendar is Calendar.GREGORIAN and _ISO_DAY.fullmatch(cell):
                # What files mostly hold, the same days again and again, read without looking for other forms.
                with suppress(ValueError):
                    day = dt.date.fromisoformat(cell)
                if day is not None and len(known) < _MOST_REMEMBERED:
                    known[cell] = day
                return cell if day is None else day
        if isinstance(cell, dt.datetime):
            if cell.time() != dt.time.min:
                raise Rejected("has_time", _HAS_TIME)
            return cell.date()
        text = _dated_text(cell)
        if text is None:
            return cell
        return _day_text(_without_midnight(text), form)

    return read


def _without_midnight(text: str) -> str:
    """A day is often written with the time at which it begins; with any other, it is more than a day."""
    found = _TIME.search(text)
    if found is None:
        return text
    if _clock_text(*found.groups()) not in ("00:00", "00:00:00"):
        raise Rejected("has_time", _HAS_TIME)
    return text[: found.start()].strip()


def partial_day_reader(
    order: DateOrder | None, calendar: Calendar = Calendar.GREGORIAN, until: int | None = None
) -> ReadCell:
    """For columns of days that may be known in part. What names no whole day is left to the field to understand.

    A year or a month alone of another calendar lies in two of ours, so it is refused.
    """
    read_day = day_reader(order, calendar, until)

    def read(cell: Cell) -> Any:
        text = ascii_digits(str(cell)) if isinstance(cell, (str, int)) and not isinstance(cell, Missing) else ""
        if not text or _names_whole_day(text, calendar):
            day = read_day(cell)
            return day.isoformat() if isinstance(day, dt.date) else day
        if calendar is not Calendar.GREGORIAN:
            raise Rejected("part_of_other_calendar", _PART)
        if _YEAR.fullmatch(text.strip()) and _is_of_other_era(int(text)):
            raise Rejected("other_calendar", _OTHER_ERA)
        return text if isinstance(cell, int) else _month_text(text) or cell

    return read


def _month_text(text: str) -> str | None:
    """A month and its year, in digits or by its name, as ``2020-03``; None for anything else.

    A year of the Buddhist era is left to whoever knows the calendar of the column.
    """
    found = _MONTH_AND_YEAR.fullmatch(text)
    years = [found[2] or found[3]] if found else re.findall(r"(?<![0-9])[0-9]{4}(?![0-9])", text)
    if len(years) != 1 or int(years[0]) >= _FEWEST_BUDDHIST:
        return None
    if found:
        return f"{years[0]}-{int(found[1] or found[4]):02}"
    name = _AROUND.sub(" ", text.replace(years[0], " "))
    month = None if any(map(str.isdigit, name)) else month_number(name, Calendar.GREGORIAN)
    return f"{years[0]}-{month:02}" if month else None


def _names_whole_day(text: str, calendar: Calendar) -> bool:
    """Whether a text has a day, a month and a year, rightly or not."""
    plain = _AROUND.sub(" ", text).strip()
    for pattern, _ in _ERAS:
        plain = pattern.sub(" ", plain).strip()
    if _SERIAL.fullmatch(plain) or _IN_DIGITS.fullmatch(_TIME.sub("", plain)) or _VIETNAMESE.search(plain):
        return True
    name = month_letters(_DIGITS.sub(" ", plain))
    return len(_DIGITS.findall(plain)) == 2 and month_number(name, calendar) is not None


def moment_reader(
    order: DateOrder | None, calendar: Calendar = Calendar.GREGORIAN, until: int | None = None
) -> ReadCell:
    """For columns of days with a time; a day alone is its midnight."""
    form = DayForm(order, calendar, until)

    def read(cell: Cell) -> Any:
        if isinstance(cell, dt.date) and not isinstance(cell, dt.datetime):
            return f"{cell.isoformat()} 00:00"
        text = _dated_text(cell)
        if text is None:
            return cell
        if (serial := _of_serial(text)) is not None:
            return serial.isoformat(" ", "minutes" if serial.second == 0 else "seconds")
        found = _TIME.search(text)
        if found is None:
            day = _day_text(text, form) if text else text
            return f"{day} 00:00" if len(day) == 10 and day[4] == "-" else day
        day = _day_text(text[: found.start()].strip(), form)
        return f"{day} {_clock_text(*found.groups())}"

    return read


def _clock_text(hour: str, minute: str, second: str | None, half: str | None) -> str:
    hours = int(hour)
    if half:
        if not 1 <= hours <= 12:
            raise Rejected("not_a_date_time", N_("There is no such time of day."))
        hours = hours % 12 + (12 if half[0] in "Pp" else 0)
    return f"{hours:02}:{minute}" + (f":{second}" if second else "")


def _day_text(text: str, form: DayForm) -> str:
    """The ISO date of a text, or the text itself where the field knows what is wrong with it."""
    if not text or (form.calendar is Calendar.GREGORIAN and _ISO_DAY.fullmatch(text)):
        return text
    if (serial := _of_serial(text)) is not None:
        if serial.time() != dt.time.min:
            raise Rejected("has_time", _HAS_TIME)
        return serial.date().isoformat()
    text, form = _without_era(text, form)
    text = _AROUND.sub(" ", text).strip()
    if found := _VIETNAMESE.search(text):
        day, month, year = found.groups()
        return _iso(form, year, int(month), day)
    if found := _IN_DIGITS.fullmatch(text):
        return _from_digits(found.groups(), form)
    return _with_month_name(text, form) if len(_DIGITS.findall(text)) == 2 else text


def _dated_text(cell: Cell) -> str | None:
    """Of a cell that may name a day by text, or by the number under which a spreadsheet counts it."""
    if isinstance(cell, (bool, Missing)) or not isinstance(cell, (str, int, Decimal)):
        return None
    text = ascii_digits(str(cell))
    return text if isinstance(cell, str) or _SERIAL.fullmatch(text) else None


def _of_serial(text: str) -> dt.datetime | None:
    """To the second, which is more exact than the digits a spreadsheet writes of a part of a day."""
    found = _SERIAL.fullmatch(text)
    if found is None:
        return None
    seconds = round(86400 * Decimal(f"0.{found[2] or 0}"))
    return _SERIAL_START + dt.timedelta(days=int(found[1]), seconds=seconds)


def _without_era(text: str, form: DayForm) -> tuple[str, DayForm]:
    """An era written beside the year decides, unless the column was said to be of yet another calendar."""
    for pattern, era in _ERAS:
        if pattern.search(text):
            if form.calendar not in (era, Calendar.GREGORIAN):
                raise Rejected("other_calendar", _OTHER_ERA)
            # Which years two digits mean was said in the calendar of the column.
            until = form.until if era is form.calendar else None
            return pattern.sub(" ", text).strip(), DayForm(form.order, era, until)
    return text, form


def _from_digits(parts: Sequence[str], form: DayForm) -> str:
    order = DateOrder.YEAR_MONTH_DAY if len(parts[0]) == 4 else form.order
    if order is None:
        return _only_day(parts, form)
    year, month, day = (parts[place] for place in _PLACES[order])
    return _iso(form, year, int(month), day)


def _only_day(parts: Sequence[str], form: DayForm) -> str:
    """Where one order alone names a day, or two the same. Raises :class:`Rejected`.

    A year of two digits may stand first, too.
    """
    if len(parts[2]) not in (2, 4):
        raise Rejected("not_a_date", _NO_YEAR)
    orders = list(DateOrder) if len(parts[2]) == 2 else [DateOrder.DAY_MONTH_YEAR, DateOrder.MONTH_DAY_YEAR]
    tried = form._replace(until=form.until or _CENTURY_TRIED[form.calendar])
    days: dict[str, DateOrder] = {}
    for order in orders:
        with suppress(Rejected):
            days.setdefault(_from_digits(parts, tried._replace(order=order)), order)
    if len(days) > 1:
        raise Rejected("ambiguous_date", _AMBIGUOUS)
    if not days:
        raise Rejected("not_a_date", _NO_DAY)
    return _from_digits(parts, form._replace(order=days.popitem()[1]))


def _with_month_name(text: str, form: DayForm) -> str:
    month = month_number(month_letters(_DIGITS.sub(" ", text)), form.calendar)
    if month is None:
        raise Rejected("not_a_date", _UNKNOWN_MONTH)
    first, last = (re.sub(r"\D", "", number) for number in _DIGITS.findall(text))
    if len(first) == 4:
        return _iso(form, first, month, last)
    if len(last) == 4:
        return _iso(form, last, month, first)
    if not _NAME_BETWEEN.search(text):
        # March 12-13 are two days.
        raise Rejected("not_a_date", _NO_YEAR)
    year, day = (first, last) if form.order is DateOrder.YEAR_MONTH_DAY else (last, first)
    return _iso(form, year, month, day)


def _iso(form: DayForm, year: str, month: int, day: str) -> str:
    if len(day) > 2:
        raise Rejected("not_a_date", _NO_DAY)
    number = _whole_year(year, form.until)
    if form.calendar is Calendar.GREGORIAN and _is_of_other_era(number):
        raise Rejected("other_calendar", _OTHER_ERA)
    try:
        return gregorian_day(form.calendar, number, month, int(day)).isoformat()
    except (ValueError, OverflowError):
        raise Rejected("not_a_date", _NO_DAY) from None


def _whole_year(text: str, until: int | None) -> int:
    """Of two digits the one that lies in the hundred years which end with ``until``."""
    if len(text) == 4:
        return int(text)
    if len(text) != 2:
        raise Rejected("not_a_date", _NO_YEAR)
    if until is None:
        raise Rejected("short_year", _SHORT_YEAR)
    return until - (until - int(text)) % 100


def _is_of_other_era(year: int) -> bool:
    """Whether a year is one of the Buddhist era: read as it stands, it would be half a millennium ahead."""
    return _FEWEST_BUDDHIST <= year < _BEYOND_BUDDHIST


def fitting_orders(texts: Sequence[str], calendar: Calendar = Calendar.GREGORIAN) -> list[DateOrder]:
    """The orders in which every text that writes its day in digits can be read; empty where none does."""
    days = [text for text in (ascii_digits(_TIME.sub("", each)) for each in texts) if _IN_DIGITS.fullmatch(text)]
    return [order for order in DateOrder if days and _reads(order, days, calendar)]


def is_iso_day(text: str) -> bool:
    """Whether a text is a day as ISO writes it, or one with a time."""
    return _ISO_DAY.match(text.strip()) is not None and not text.strip()[10:11].isdigit()


def _reads(order: DateOrder, days: Sequence[str], calendar: Calendar) -> bool:
    form = DayForm(order, calendar, _CENTURY_TRIED[calendar])
    for day in days:
        found = _IN_DIGITS.fullmatch(day)
        if found is None or not _has_year_in_place(found.groups(), order):
            return False
        try:
            _from_digits(found.groups(), form)
        except Rejected as rejected:
            # A year of another era tells nothing against the order in which it stands.
            if rejected.kind != "other_calendar":
                return False
    return True


def _has_year_in_place(parts: Sequence[str], order: DateOrder) -> bool:
    """Two digits at the beginning are taken for the day: who says which century is meant sees what becomes of it."""
    if order is DateOrder.YEAR_MONTH_DAY or len(parts[0]) == 4:
        return order is DateOrder.YEAR_MONTH_DAY and len(parts[0]) == 4
    return len(parts[2]) in (2, 4)


def years_of(texts: Sequence[str]) -> list[int]:
    """The years of four digits that texts hold."""
    found = (re.findall(r"(?<![0-9])[0-9]{4}(?![0-9])", ascii_digits(text)) for text in texts)
    return [int(years[0]) for years in found if len(years) == 1]


def is_buddhist(texts: Sequence[str]) -> bool:
    """Whether every year lies so far ahead that only the Buddhist era explains it."""
    years = years_of(texts)
    return bool(years) and all(year > _FEWEST_BUDDHIST for year in years)
