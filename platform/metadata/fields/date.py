"""Days of the calendar."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from amparo.metadata.fields.base import Coercer, CoercionContext, FieldType, Rejected, Storage, Value
from amparo.metadata.fields.integer import bounds_in_order
from amparo.metadata.fields.numerals import ascii_digits
from amparo.metadata.model import Application, FieldDefinition
from amparo.metadata.problems import Path, Problem
from amparo.metadata.wording import N_

_DAY: Mapping[str, Any] = {
    "type": "string",
    "format": "date",
    "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
    "patternErrorMessage": N_("Write the date as YYYY-MM-DD, like 2026-03-31."),
}

#: The options of a type of days that say which are allowed.
DAY_OPTIONS: Mapping[str, Mapping[str, Any]] = {
    "minimum": {**_DAY, "description": "The earliest day allowed, written YYYY-MM-DD."},
    "maximum": {**_DAY, "description": "The latest day allowed, written YYYY-MM-DD."},
}


class Date(FieldType):
    """ISO dates of the years 1 to 9999."""

    name = "date"
    label = "Date"
    summary = "A day, such as a birth date."
    accepts = "YYYY-MM-DD, like 2026-03-31, in digits of any script Amparo speaks."
    storage = Storage.DATE
    family = "date"
    default_words = ("today",)
    options: ClassVar[Mapping[str, Mapping[str, Any]]] = DAY_OPTIONS

    def check(self, definition: FieldDefinition, application: Application, path: Path) -> Iterator[Problem]:
        yield from check_days_allowed(self, definition, path)

    def coercer(self, definition: FieldDefinition, context: CoercionContext) -> Coercer:
        earliest, latest = days_allowed(self, definition)

        def coerce(raw: Any) -> Value | None:
            day = raw if type(raw) is dt.date else read_day(raw)
            if day is None or earliest <= day <= latest:
                return day
            advice = N_("Write a date from {minimum} to {maximum}.")
            raise Rejected("out_of_range", advice, minimum=earliest.isoformat(), maximum=latest.isoformat())

        return coerce

    def to_text(self, definition: FieldDefinition, value: Any) -> str:
        return str(value.isoformat())

    def from_text(self, definition: FieldDefinition, text: str) -> Value:
        return dt.date.fromisoformat(text)


def read_day(raw: Any) -> dt.date | None:
    """The day written ``YYYY-MM-DD`` in any digits; ``None`` for blank; raises :class:`Rejected`."""
    if not isinstance(raw, str):
        raise Rejected("not_a_date", N_("Write the date as YYYY-MM-DD, like 2026-03-31."))
    text = raw if len(raw) == 10 and raw[4] == "-" and raw.isascii() else ascii_digits(raw)
    if not text:
        return None
    # fromisoformat also reads 20260331 and 2026-W14-2; one form only is taken, so that nobody guesses.
    if len(text) != 10 or text[4] != "-" or text[7] != "-" or not text.isascii():
        raise Rejected("not_a_date", N_("Write the date as YYYY-MM-DD, like 2026-03-31."))
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise Rejected("not_a_date", N_("There is no such day. Write it as YYYY-MM-DD, like 2026-03-31.")) from None


def days_allowed(kind: FieldType, definition: FieldDefinition) -> tuple[dt.date, dt.date]:
    """The earliest and the latest day that the options ``minimum`` and ``maximum`` allow."""
    return (
        read_day(kind.option(definition, "minimum") or "") or dt.date.min,
        read_day(kind.option(definition, "maximum") or "") or dt.date.max,
    )


def check_days_allowed(kind: FieldType, definition: FieldDefinition, path: Path) -> Iterator[Problem]:
    """A problem for each of the two options that is no day, or when they cross."""
    bounds: list[dt.date | None] = []
    for option in DAY_OPTIONS:
        try:
            bounds.append(read_day(kind.option(definition, option) or ""))
        except Rejected as refusal:
            bounds.append(None)
            yield refusal.at(str(path / option), definition.options[option])
    yield from bounds_in_order(definition, path, *bounds)
