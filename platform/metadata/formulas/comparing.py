"""Equality and order of values, blanks and partly-known dates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

from amparo.metadata.formulas.tree import Node
from amparo.metadata.formulas.value_types import TEXTS, ValueType
from amparo.metadata.partial_dates import PartialDate

Comparison = Callable[[Any, Any], bool | None]


def equality_of(nodes: Sequence[Node]) -> Comparison:
    """How values of these parts are equal: only to text is blank equal to blank."""
    types = {node.type for node in nodes}
    if ValueType.PARTIAL_DATE in types:
        return _same_day
    return _same_text if types & {*TEXTS, ValueType.PICKLIST} else _same


def _same_text(left: Any, right: Any) -> bool:
    return (left or "") == (right or "")


def _same(left: Any, right: Any) -> bool | None:
    if left is None or right is None:
        return None
    return bool(left == right)


def _same_day(left: Any, right: Any) -> bool | None:
    """True only when both are certainly one day; unknown while they may be the same."""
    if left is None or right is None:
        return None
    (first, last), (other_first, other_last) = _days(left), _days(right)
    if last < other_first or other_last < first:
        return False
    return True if first == last == other_first == other_last else None


def before(left: Any, right: Any) -> bool | None:
    """True when certainly, False when certainly not, ``None`` while it may be."""
    (first, last), (other_first, other_last) = _days(left), _days(right)
    if last < other_first:
        return True
    return False if first >= other_last else None


def not_after(left: Any, right: Any) -> bool | None:
    later = before(right, left)
    return None if later is None else not later


def _days(value: PartialDate | dt.date) -> tuple[dt.date, dt.date]:
    return (value.first, value.last) if isinstance(value, PartialDate) else (value, value)
