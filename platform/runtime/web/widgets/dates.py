"""Days and instants: three boxes in the order of the language, and one for the time."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from flask_babel import gettext

from amparo.metadata.fields.base import Answer, Rejected
from amparo.metadata.fields.date import read_day
from amparo.metadata.fields.numerals import ascii_digits
from amparo.metadata.model import FieldDefinition
from amparo.metadata.problems import Problem
from amparo.runtime.web.dates import day_words, moment_words, month_names, part_order
from amparo.runtime.web.visits import Visit
from amparo.runtime.web.widgets.base import Choice, Entry, Form, Question, Shown, Widget
from amparo.runtime.web.widgets.refused_dates import refused_date_words


class DateWidget(Widget):
    name = "date"
    units: ClassVar[tuple[str, ...]] = ("year", "month", "day")

    def typed(self, form: Form, name: str) -> Entry:
        return Entry(parts={unit: form.get(f"{name}.{unit}", "") for unit in self.units})

    def input(self, definition: FieldDefinition, entry: Entry) -> Any:
        return _date_text(entry.parts)

    def entry(self, definition: FieldDefinition, value: Any, zone: ZoneInfo) -> Entry:
        return Entry(parts=date_parts(value))

    def dress(self, question: Question, visit: Visit, definition: FieldDefinition, entry: Entry) -> None:
        question.parts = {**entry.parts, "month": _month_code(entry.parts.get("month", ""))}
        question.part_order = part_order(visit.language)
        question.months = _months(visit.language)
        typed = question.parts["month"]
        if typed and all(month.code != typed for month in question.months):
            # A month that is none, from a form not made here, is shown and not dropped.
            question.months = [*question.months, Choice(typed, typed)]

    def refusal(self, problem: Problem, entry: Entry, language: str) -> str:
        return refused_date_words(problem, entry.parts, self.units, language)

    def shown(
        self,
        visit: Visit,
        definition: FieldDefinition,
        value: Answer,
        labels: Mapping[uuid.UUID, str],
        beside: Mapping[str, Answer],
    ) -> Shown:
        if isinstance(value, dt.datetime):
            return Shown(self.kind, moment_words(value, visit.release.time_zone, visit.language))
        return Shown(self.kind, day_words(value, visit.language) if isinstance(value, dt.date) else "")

    def operand_words(self, visit: Visit, definition: FieldDefinition, text: str) -> str:
        return written_day_words(text, visit.language)


class InstantWidget(DateWidget):
    name = "instant"
    units = (*DateWidget.units, "time")

    def entry(self, definition: FieldDefinition, value: Any, zone: ZoneInfo) -> Entry:
        local = value.astimezone(zone)
        # Seconds stand there only where they are not zero: an answer that is not touched must stay as it is.
        clock = local.strftime("%H:%M") if not (local.second or local.microsecond) else local.time().isoformat()
        return Entry(parts={**date_parts(local.date()), "time": clock})

    def dress(self, question: Question, visit: Visit, definition: FieldDefinition, entry: Entry) -> None:
        super().dress(question, visit, definition, entry)
        question.zone = gettext("Time in %(zone)s", zone=visit.release.time_zone.key)


@lru_cache(maxsize=16)
def _months(language: str) -> tuple[Choice, ...]:
    return tuple(Choice(str(number), name) for number, name in month_names(language))


def written_day_words(text: str, language: str) -> str:
    """An ISO date in the reader's words; any other text is itself."""
    try:
        day = read_day(text)
    except Rejected:
        return text
    return day_words(day, language) if day else text


def date_parts(day: dt.date) -> dict[str, str]:
    """Year, month and day as they stand in the boxes."""
    return {"year": f"{day.year:04}", "month": str(day.month), "day": str(day.day)}


def _month_code(text: str) -> str:
    return (text.lstrip("0") or text) if text.isascii() and text.isdigit() else text


def _date_text(parts: Mapping[str, str]) -> str | None:
    """ISO text where the parts allow it; else the parts as they are, for the field type to refuse in its words."""
    written = {unit: ascii_digits(text) for unit, text in parts.items()}
    if not any(written.values()):
        return None
    day = joined_parts(written)
    time = written.get("time")
    if time is None:
        return day
    return f"{day} {time.zfill(5) if ':' in time else time}".strip()


def joined_parts(written: Mapping[str, str]) -> str:
    """``year-month-day`` of what was written, parted also where a part is empty.

    A year is never filled up with zeros: nobody who writes 26 means the year 0026.
    """
    widths = {"year": 1, "month": 2, "day": 2}
    return "-".join(written[unit].zfill(width) if written[unit] else "" for unit, width in widths.items())
