"""Dates that may be known in part: three boxes of which some may stay empty, and for a birth date an age instead."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext, ngettext

from amparo.metadata.fields.base import Answer
from amparo.metadata.fields.numerals import ascii_digits
from amparo.metadata.model import FieldDefinition
from amparo.metadata.partial_dates import ESTIMATED, PartialDate, age_of
from amparo.metadata.problems import Problem
from amparo.runtime.serializer.texts import partial_date_words
from amparo.runtime.web.dates import day_words
from amparo.runtime.web.problems import said
from amparo.runtime.web.visits import Visit
from amparo.runtime.web.widgets.base import Entry, Form, Question, Shown, Widget
from amparo.runtime.web.widgets.dates import DateWidget, date_parts, joined_parts
from amparo.runtime.web.widgets.refused_dates import refused_date_words


class PartialDateWidget(DateWidget):
    """A stretch of days, which only files bring, stands in a box of its own where there is one."""

    name = "days"
    units = (*DateWidget.units, "stretch", "estimated")
    shown = Widget.shown

    def refusal(self, problem: Problem, entry: Entry, language: str) -> str:
        """Of a stretch of days, which has a box of its own, as the type says it."""
        if entry.parts.get("stretch"):
            return said(problem)
        return refused_date_words(problem, entry.parts, ("year",), language)

    def input(self, definition: FieldDefinition, entry: Entry) -> Any:
        written = {unit: ascii_digits(text) for unit, text in entry.parts.items()}
        answer = joined_parts(written).rstrip("-") or written.get("stretch", "")
        if age := written.get("age"):
            answer = f"{answer} age {age} on {written.get('on', '')}".strip()
        return answer + ESTIMATED * bool(written.get("estimated")) if answer else None

    def entry(self, definition: FieldDefinition, value: Any, zone: ZoneInfo) -> Entry:
        parts = dict.fromkeys(self.units, "") | self.parts_of(value, dt.datetime.now(zone).date())
        return Entry(parts=parts | ({"estimated": "true"} if value.is_estimated else {}))

    def parts_of(self, value: PartialDate, today: dt.date) -> dict[str, str]:
        """The boxes that are known."""
        if value.precision == "range":
            return {"stretch": str(value).removesuffix(ESTIMATED)}
        known = {"day": 3, "month": 2, "year": 1}[value.precision]
        return dict(list(date_parts(value.first).items())[:known])

    def operand_words(self, visit: Visit, definition: FieldDefinition, text: str) -> str:
        try:
            return partial_date_words(PartialDate.parse(ascii_digits(text)), visit.language)
        except ValueError:
            return text


class BirthDateWidget(PartialDateWidget):
    """The day on which an age is right is sent with the age: it is that of the page, or of the answer."""

    name = "birth_date"
    units = (*PartialDateWidget.units, "age")

    def typed(self, form: Form, name: str) -> Entry:
        parts: Mapping[str, str] = super().typed(form, name).parts
        return Entry(parts={**parts, "on": form.get(f"{name}.on", "")} if parts["age"] else parts)

    def parts_of(self, value: PartialDate, today: dt.date) -> dict[str, str]:
        told = age_of(value, today) if value.precision == "range" else None
        return {"age": str(told[0]), "on": told[1].isoformat()} if told else super().parts_of(value, today)

    def shown(
        self,
        visit: Visit,
        definition: FieldDefinition,
        value: Answer,
        labels: Mapping[uuid.UUID, str],
        beside: Mapping[str, Answer],
    ) -> Shown:
        """Where an age was told, the age first, and then the days between which the person was born."""
        told = age_of(value, visit.today) if isinstance(value, PartialDate) and value.precision == "range" else None
        if told is None or not isinstance(value, PartialDate):
            return super().shown(visit, definition, value, labels, beside)
        age = _told_age(visit, *told)
        days = partial_date_words(value, visit.language)
        return Shown(self.kind, gettext("%(age)s, born %(days)s", age=age, days=days), brief=age)

    def dress(self, question: Question, visit: Visit, definition: FieldDefinition, entry: Entry) -> None:
        super().dress(question, visit, definition, entry)
        question.age_on = entry.parts.get("on") or visit.today.isoformat()
        question.unit = _age_words(visit, question.age_on)


def _told_age(visit: Visit, years: int, on: dt.date) -> str:
    if on == visit.today:
        return ngettext("%(num)s year old today", "%(num)s years old today", years)
    day = day_words(on, visit.language)
    return ngettext("%(num)s year old on %(day)s", "%(num)s years old on %(day)s", years, day=day)


def _age_words(visit: Visit, day: str) -> str:
    try:
        on = dt.date.fromisoformat(day)
    except ValueError:
        return day
    if on == visit.today:
        return gettext("years old today")
    return gettext("years old on %(day)s", day=day_words(on, visit.language))
