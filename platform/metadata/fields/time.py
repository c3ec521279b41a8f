"""Times of the day."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from amparo.metadata.fields.base import Coercer, CoercionContext, Rejected, Storage, TextFieldType, Value
from amparo.metadata.fields.numerals import ascii_digits
from amparo.metadata.model import FieldDefinition
from amparo.metadata.wording import N_

#: CLDR's words for the two halves of the day in the languages that Amparo speaks, without points and white space.
_BEFORE_NOON = frozenset({"am", "ጥዋት", "ص", "နံနက်", "पूर्वाह्न", "ก่อนเที่ยง", "sa"})
_AFTER_NOON = frozenset({"pm", "ከሰዓት", "م", "ညနေ", "अपराह्न", "หลังเที่ยง", "ch"})
_WRITTEN = re.compile(r"([0-9]{1,2})(?:[:.hH]([0-9]{2})?(?:[:.]([0-9]{2}))?|([0-9]{2}))?\s*([^\s0-9:].*)?")


class Time(TextFieldType):
    """``HH:MM``, or ``HH:MM:SS`` where seconds were given, so that texts are in the order of times."""

    name = "time"
    label = "Time"
    summary = "A time of the day, such as when a shift begins."
    accepts = "14:30, 14.30, 1430, 2:30 pm or 14:30:15, in digits of any script Amparo speaks."
    storage = Storage.TEXT
    family = "time"

    def coercer(self, definition: FieldDefinition, context: CoercionContext) -> Coercer:
        def coerce(raw: Any) -> Value | None:
            if type(raw) is dt.time and raw.tzinfo is None and not raw.microsecond:
                return _text_of(raw.hour, raw.minute, raw.second)
            if not isinstance(raw, str):
                raise _not_a_time()
            return _read(ascii_digits(raw)) if raw.strip() else None

        return coerce


def _read(text: str) -> str | None:
    if not text:
        return None
    found = _WRITTEN.fullmatch(text)
    if found is None or (found[2] is None and found[4] is None and found[5] is None):
        raise _not_a_time()
    hour, minute, second = int(found[1]), int(found[2] or found[4] or 0), int(found[3] or 0)
    if found[5] is not None:
        hour = _hour_of_half(hour, re.sub(r"[.\s]", "", found[5]).casefold())
    if hour > 23 or minute > 59 or second > 59:
        raise Rejected("not_a_time", N_("There is no such time. Write it from 00:00 to 23:59."))
    return _text_of(hour, minute, second)


def _hour_of_half(hour: int, half: str) -> int:
    if half not in _BEFORE_NOON | _AFTER_NOON:
        raise _not_a_time()
    if not 1 <= hour <= 12:
        raise Rejected("not_a_time", N_("Write the hour from 1 to 12 with am or pm, or from 0 to 23 without."))
    return hour % 12 + 12 * (half in _AFTER_NOON)


def _text_of(hour: int, minute: int, second: int) -> str:
    return f"{hour:02}:{minute:02}" + (f":{second:02}" if second else "")


def _not_a_time() -> Rejected:
    return Rejected("not_a_time", N_("Write the time as 14:30 or 2:30 pm."))
