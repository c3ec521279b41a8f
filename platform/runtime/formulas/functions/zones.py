"""The offset of a time zone at a moment, worked out in the statement, whatever time zones the database knows."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from sqlalchemy import case

from amparo.runtime.formulas.numbers import whole
from amparo.runtime.formulas.steps import Expression
from amparo.runtime.planner.zones import Stretch, offset_stretches
from amparo.runtime.stores.types import microseconds

_TO_1970 = 62_135_596_800_000_000


def offset_in(since: Expression, zone: ZoneInfo) -> Expression:
    """Microseconds to add to those since the year 1, a step; known from 1830 to 2059, and the nearest elsewhere."""
    return _tree(since, offset_stretches(zone))


def _tree(since: Expression, stretches: Sequence[Stretch]) -> Expression:
    """Halves the stretches with each condition."""
    if len(stretches) == 1:
        return whole(stretches[0][1] * 1_000_000)
    middle = len(stretches) // 2
    bound = whole(microseconds(stretches[middle][0]) + _TO_1970)
    return case((since < bound, _tree(since, stretches[:middle])), else_=_tree(since, stretches[middle:]))
