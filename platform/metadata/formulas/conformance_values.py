"""Inputs and results of Salesforce's cases, as their file writes them."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal, InvalidOperation
from typing import Any

from amparo.metadata.formulas.failures import FormulaError
from amparo.metadata.formulas.moments import time_from_text
from amparo.metadata.formulas.value_types import NUMBERS, ValueType

_MOMENT = re.compile(r"([0-9]{1,4}):([0-9]{1,2}):([0-9]{1,2})(?::([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2}))?(?::(\w+))?")
_RESULT_MOMENT = re.compile(r"\w{3} (\w{3}) ([0-9]{2}) ([0-9]{2}):([0-9]{2}):([0-9]{2}) \w+ ([0-9]{1,4})")
_TIME = re.compile(r"[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{3}(?:[0-9]{3})?)?)?")
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
#: Hours behind UTC of the zones that the file names.
_ZONES = {"GMT": 0, "UTC": 0, "PST": 8, "PDT": 7, "EST": 5, "EDT": 4}
#: As many digits as a double holds.
_RELATIVE = Decimal("5e-15")
_ABSOLUTE = Decimal("1e-15")
_BLANKS = ("", "null", "NULL")


def read_input(text: str, type_: ValueType) -> Any:
    """A value as a field keeps it. Raises :class:`ValueError`."""
    if type_ is ValueType.TEXT:
        return text
    text = text.strip()
    if text in _BLANKS:
        return None
    if type_ in (ValueType.PICKLIST, ValueType.LOOKUP):
        return text
    if type_ is ValueType.MULTI_SELECT:
        return tuple(text.split(";"))
    if type_ in NUMBERS:
        return _number(text)
    if type_ is ValueType.BOOLEAN:
        return text.lower() in ("true", "1")
    if type_ is ValueType.TIME:
        return _time(text)
    return _moment(text, with_time=type_ is not ValueType.DATE)


def _number(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        raise ValueError(f"{text!r} is no number.") from None


def _time(text: str) -> dt.time:
    try:
        return time_from_text(text)
    except FormulaError as error:
        raise ValueError(str(error)) from None


def _moment(text: str, *, with_time: bool) -> dt.date:
    """A day or an hour too many runs on into the next month or day. Of a date the time, if one stands there, is cut."""
    found = _MOMENT.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} is no date.")
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups()[:6])
    since = dt.timedelta(days=day - 1, hours=hour + _ZONES.get(found[7] or "GMT", 0), minutes=minute, seconds=second)
    if not with_time:
        return dt.date(year, month, 1) + dt.timedelta(days=day - 1)
    return dt.datetime(year, month, 1, tzinfo=dt.UTC) + since


def is_expected(expected: str, found: Any, type_: ValueType) -> bool:
    """Whether a result is the one expected: an error for any error, numbers to 15 digits."""
    if expected.startswith("Error"):
        return isinstance(found, FormulaError)
    if isinstance(found, FormulaError):
        return False
    if type_ is ValueType.BOOLEAN:
        # What is neither true nor false is shown as false.
        return expected == ("true" if found else "false")
    if found is None:
        return expected in _BLANKS
    if isinstance(found, Decimal):
        return _is_same_number(expected, found * 100 if type_ is ValueType.PERCENT else found)
    if isinstance(found, dt.time):
        return _TIME.fullmatch(expected) is not None and dt.time.fromisoformat(expected) == found
    return expected == str(found) if isinstance(found, str) else _is_same_moment(expected, found)


def _is_same_number(expected: str, found: Decimal) -> bool:
    try:
        wanted = Decimal(expected)
    except InvalidOperation:
        return False
    return abs(wanted - found) <= max(_ABSOLUTE, _RELATIVE * abs(wanted))


def _is_same_moment(expected: str, found: dt.date) -> bool:
    parts = _RESULT_MOMENT.fullmatch(expected)
    if parts is None:
        return False
    day, hour, minute, second, year = (int(parts[place]) for place in (2, 3, 4, 5, 6))
    wanted = dt.datetime(year, _MONTHS.index(parts[1]) + 1, day, hour, minute, second, tzinfo=dt.UTC)
    if not isinstance(found, dt.datetime):
        return wanted == dt.datetime.combine(found, dt.time(), dt.UTC)
    return wanted == found.replace(microsecond=0)
