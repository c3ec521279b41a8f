"""Instants: a day and a time, kept in UTC."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any
from zoneinfo import ZoneInfo

from amparo.metadata.fields.base import Coercer, CoercionContext, FieldType, Rejected, Storage, Value
from amparo.metadata.fields.numerals import ascii_digits
from amparo.metadata.model import FieldDefinition
from amparo.metadata.wording import N_

_FORM = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?"
    r"(?:Z|[+-][0-9]{2}:?[0-9]{2})?",
    re.IGNORECASE,
)


class DateTime(FieldType):
    """Input without an offset is a local time in the organisation's zone.

    A local time that happens twice, when clocks go back, is the first of the
    two; who means the second writes its offset. A local time that never
    happens, when clocks go forward, is refused.
    """

    name = "date_time"
    label = "Date and time"
    summary = "A day and a time, such as an appointment. Shown in the organisation's time zone."
    accepts = (
        "YYYY-MM-DD HH:MM, like 2026-03-31 14:05, in the time zone of the organisation; with an "
        "offset, like 2026-03-31T14:05+07:00 or a Z, in that one. A time that happens twice when "
        "clocks go back is the first of the two; one that never happens when they go forward is "
        "refused."
    )
    storage = Storage.INSTANT
    family = "instant"
    default_words = ("now",)

    def coercer(self, definition: FieldDefinition, context: CoercionContext) -> Coercer:
        zone = context.time_zone
        return lambda raw: read_instant(raw, zone)

    def to_text(self, definition: FieldDefinition, value: Any) -> str:
        return instant_text(value)

    def from_text(self, definition: FieldDefinition, text: str) -> Value:
        return dt.datetime.fromisoformat(text)


def instant_text(instant: dt.datetime) -> str:
    """``YYYY-MM-DDTHH:MM:SS.ffffffZ``."""
    return instant.astimezone(dt.UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def read_moment(raw: Any) -> dt.datetime | None:
    """The moment written ``YYYY-MM-DDTHH:MM[:SS[.ffffff]][offset]``, aware if it has an offset.

    ``None`` for blank; raises :class:`Rejected` for anything else.
    """
    if not isinstance(raw, str):
        raise Rejected("not_a_date_time", N_("Write date and time as YYYY-MM-DD HH:MM, like 2026-03-31 14:05."))
    text = ascii_digits(raw)
    if not text:
        return None
    if not _FORM.fullmatch(text):
        raise Rejected("not_a_date_time", N_("Write date and time as YYYY-MM-DD HH:MM, like 2026-03-31 14:05."))
    try:
        return dt.datetime.fromisoformat(text.upper())
    except ValueError:
        advice = N_("There is no such day or time. Write it as YYYY-MM-DD HH:MM, like 2026-03-31 14:05.")
        raise Rejected("not_a_date_time", advice) from None


def read_instant(raw: Any, zone: ZoneInfo) -> dt.datetime | None:
    """The instant of a date-time or its text, in UTC; without an offset it is a local time of ``zone``."""
    moment = raw if isinstance(raw, dt.datetime) else read_moment(raw)
    if moment is None:
        return None
    instant = instant_of(moment, zone)
    if moment.tzinfo is None and instant.astimezone(zone).replace(tzinfo=None, fold=0) != moment.replace(fold=0):
        advice = N_("The clocks went forward in {zone} then, so this time did not happen. Write a later one.")
        raise Rejected("no_such_local_time", advice, zone=zone.key)
    return instant


def instant_of(moment: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    """The moment in UTC; raises :class:`Rejected` outside the years 1 to 9999.

    A local time of ``zone`` that happens twice is the first of the two; one
    that never happens is as long after midnight as the old offset says.
    """
    try:
        local = moment if moment.tzinfo is not None else moment.replace(tzinfo=zone, fold=0)
        return local.astimezone(dt.UTC)
    except OverflowError:
        raise Rejected("not_a_date_time", N_("Write a date and time of the years 1 to 9999.")) from None
