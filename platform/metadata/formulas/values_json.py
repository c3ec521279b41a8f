"""Values as JSON: what the browser's evaluator reads and gives, and what vectors hold."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from amparo.metadata.formulas.decimals import plain_text
from amparo.metadata.formulas.failures import FormulaError
from amparo.metadata.formulas.value_types import ValueType
from amparo.metadata.geolocations import Geolocation
from amparo.metadata.partial_dates import PartialDate


def value_to_json(value: Any) -> Any:
    """A value, or an error, as JSON.

    Blank is ``null``, a boolean itself, codes of a multi-select a list; everything else is a text: a number
    ``"1.5"``, because a double does not hold every decimal, a moment in ISO 8601, a point ``"11.5564,104.9282"``.
    An error is ``{"error": kind, "at": [start, end]}``.
    """
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, FormulaError):
        return {"error": value.kind, "at": [value.start, value.end]}
    if isinstance(value, (Decimal, int)):
        return plain_text(value)
    if isinstance(value, (tuple, list)):
        return list(value)
    if isinstance(value, Geolocation):
        return f"{plain_text(value.latitude)},{plain_text(value.longitude)}"
    return value.isoformat() if isinstance(value, (dt.date, dt.time)) else str(value)


def value_from_json(content: Any, type_: ValueType) -> Any:
    """The value of a type that :func:`value_to_json` wrote, an error too. Raises :class:`ValueError`."""
    if isinstance(content, Mapping):
        return _error(content)
    if not isinstance(content, str):
        return tuple(content) if isinstance(content, list) else content
    return _READERS.get(type_, str)(content)


def _error(content: Mapping[str, Any]) -> FormulaError:
    error = FormulaError(content["error"], "")
    error.start, error.end = content["at"]
    return error


_READERS: Mapping[ValueType, Callable[[str], Any]] = {
    ValueType.NUMBER: Decimal,
    ValueType.CURRENCY: Decimal,
    ValueType.PERCENT: Decimal,
    ValueType.DATE: dt.date.fromisoformat,
    ValueType.PARTIAL_DATE: PartialDate.parse,
    ValueType.DATE_TIME: dt.datetime.fromisoformat,
    ValueType.TIME: dt.time.fromisoformat,
    ValueType.GEOLOCATION: Geolocation.parse,
}
