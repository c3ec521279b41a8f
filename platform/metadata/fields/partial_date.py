"""Days that may be known in part: the year, the month, or about when."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from amparo.metadata.fields.base import Coercer, CoercionContext, FieldType, Rejected, Storage, Value
from amparo.metadata.fields.date import DAY_OPTIONS, check_days_allowed, days_allowed
from amparo.metadata.fields.numerals import ascii_digits
from amparo.metadata.model import Application, FieldDefinition
from amparo.metadata.partial_dates import ESTIMATED, PartialDate
from amparo.metadata.problems import Path, Problem
from amparo.metadata.wording import N_

#: An age and the day on which somebody had it, as forms and files write it.
_AGE = re.compile(r"age ([0-9]{1,3}) on ([0-9]{4}-[0-9]{2}-[0-9]{2})(~?)", re.IGNORECASE)


class PartialDateType(FieldType):
    """A year, a year and month, a day, or a stretch of days; each may be marked as estimated."""

    name = "partial_date"
    label = "Date, perhaps known in part"
    summary = "A day of which perhaps only the year, or the month and year, is known, such as when something began."
    accepts = (
        "A day, a month or a year: 2026-03-31, 2026-03 or 2026. A stretch of days: 2026-03-31/2026-04-15. "
        "~ after it says that it is estimated: 2026-03~."
    )
    storage = Storage.DAYS
    family = "days"
    can_be_unique = False
    options: ClassVar[Mapping[str, Mapping[str, Any]]] = DAY_OPTIONS

    def check(self, definition: FieldDefinition, application: Application, path: Path) -> Iterator[Problem]:
        yield from check_days_allowed(self, definition, path)

    def coercer(self, definition: FieldDefinition, context: CoercionContext) -> Coercer:
        earliest, latest = days_allowed(self, definition)

        def coerce(raw: Any) -> Value | None:
            given = self.read(raw)
            # Refused only where no day of it is allowed: the person may not know better.
            if given is None or (given.last >= earliest and given.first <= latest):
                return given
            advice = N_("Write a date from {minimum} to {maximum}.")
            raise Rejected("out_of_range", advice, minimum=earliest.isoformat(), maximum=latest.isoformat())

        return coerce

    def read(self, raw: Any) -> PartialDate | None:
        """Input made into a value; ``None`` for blank; raises :class:`Rejected`."""
        if isinstance(raw, PartialDate):
            return raw
        if type(raw) is dt.date:
            return PartialDate(raw, raw)
        if not isinstance(raw, str):
            raise _unreadable()
        text = ascii_digits(raw)
        if not text or text == ESTIMATED:
            return None
        try:
            return PartialDate.parse(text)
        except ValueError:
            raise _unreadable() from None

    def to_text(self, definition: FieldDefinition, value: Any) -> str:
        return str(value)

    def from_text(self, definition: FieldDefinition, text: str) -> Value:
        return PartialDate.parse(text)


class BirthDate(PartialDateType):
    """A birth date, of which perhaps only an age on some day is known."""

    name = "birth_date"
    label = "Birth date or age"
    summary = "When somebody was born, as far as it is known; an age on a day says between which days."
    accepts = (
        f"{PartialDateType.accepts} An age with the day on which it was right, as in age 12 on 2026-03-31: "
        "it is kept as the days between which the person was born."
    )

    def read(self, raw: Any) -> PartialDate | None:
        text = ascii_digits(raw) if isinstance(raw, str) else ""
        if "age" in text[1:]:
            raise Rejected("two_answers", N_("Give the birth date or the age, not both."))
        written = _AGE.fullmatch(text)
        if written is None:
            return super().read(raw)
        try:
            day = dt.date.fromisoformat(written[2])
            return PartialDate.of_age(int(written[1]), day, is_estimated=bool(written[3]))
        except ValueError:
            advice = N_("Write an age from 0 to 150 and a day that there is.")
            raise Rejected("not_an_age", advice) from None


def _unreadable() -> Rejected:
    advice = N_("Write the year, the year and month, or the day, like 2026, 2026-03 or 2026-03-31.")
    return Rejected("not_a_date", advice)
