"""Months of instants in the organisation's zone, worked out by the database.

The zone's changes of offset come from Python's own time zone data and stand in
the statement as a search tree of conditions, so both databases agree to the
microsecond, whatever time zone data they have or lack.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import lru_cache
from zoneinfo import ZoneInfo

from sqlalchemy import BigInteger, DateTime, case, cast, func, literal_column, type_coerce

from amparo.runtime.formulas.numbers import whole
from amparo.runtime.planner.views import Expression
from amparo.runtime.stores.types import microseconds

_FIRST = dt.datetime(1830, 1, 1, tzinfo=dt.UTC)
_LAST = dt.datetime(2060, 1, 1, tzinfo=dt.UTC)
_DAY = dt.timedelta(days=1)
_SECOND = dt.timedelta(seconds=1)
_MICROSECONDS = 1_000_000
#: Whole seconds that make every count since 1970 positive, so that division rounds down.
_BEFORE_YEAR_ONE = 62_200_000_000

#: (first instant, offset in seconds from it on); the first one counts for all earlier instants too.
Stretch = tuple[dt.datetime, int]


@lru_cache(maxsize=256)
def offset_stretches(zone: ZoneInfo) -> tuple[Stretch, ...]:
    """The offsets of a zone from 1830 to 2059, in order; before and after, the nearest one is taken."""
    stretches = [(_FIRST, _offset(zone, _FIRST))]
    day = _FIRST
    while day < _LAST:
        if _offset(zone, day + _DAY) != stretches[-1][1]:
            change = _change_between(zone, day, day + _DAY)
            stretches.append((change, _offset(zone, change)))
        day += _DAY
    return tuple(stretches)


def _offset(zone: ZoneInfo, instant: dt.datetime) -> int:
    offset = instant.astimezone(zone).utcoffset()
    return 0 if offset is None else round(offset.total_seconds())


def _change_between(zone: ZoneInfo, before: dt.datetime, after: dt.datetime) -> dt.datetime:
    """The first second with the later offset."""
    old = _offset(zone, before)
    while after - before > _SECOND:
        middle = before + dt.timedelta(seconds=int((after - before).total_seconds()) // 2)
        if _offset(zone, middle) == old:
            before = middle
        else:
            after = middle
    return after


def local_month(instant: Expression, zone: ZoneInfo, on_postgres: bool) -> Expression:
    """The month of an instant in a zone: the first day's midnight on PostgreSQL, ``YYYY-MM`` on SQLite."""
    stretches = offset_stretches(zone)
    offset = _tree(instant, stretches, on_postgres)
    if on_postgres:
        return func.date_trunc("month", cast(func.timezone("UTC", instant), DateTime()) + offset, type_=DateTime())
    positive = type_coerce(instant, BigInteger) + offset + whole(_BEFORE_YEAR_ONE * _MICROSECONDS)
    return func.strftime("%Y-%m", positive // whole(_MICROSECONDS) - whole(_BEFORE_YEAR_ONE), "unixepoch")


def _tree(instant: Expression, stretches: Sequence[Stretch], on_postgres: bool) -> Expression:
    """Halves the stretches with each condition."""
    if len(stretches) == 1:
        seconds = stretches[0][1]
        return literal_column(f"interval '{seconds} seconds'" if on_postgres else str(seconds * _MICROSECONDS))
    middle = len(stretches) // 2
    begins = stretches[middle][0]
    bound = f"timestamptz '{begins.isoformat()}'" if on_postgres else str(microseconds(begins))
    return case(
        (instant < literal_column(bound), _tree(instant, stretches[:middle], on_postgres)),
        else_=_tree(instant, stretches[middle:], on_postgres),
    )
