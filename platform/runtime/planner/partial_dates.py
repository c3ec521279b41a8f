"""Conditions on dates that are known in part.

One holds where it is true of every day that the date may be: ``2026`` is in
2026, and neither before nor after 1 July 2026. Nothing is claimed that is not
certain; who wants the doubtful ones too asks for the year.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import and_, not_, or_

from amparo.metadata.partial_dates import PartialDate
from amparo.metadata.periods import period_bounds
from amparo.runtime.planner.views import Condition, Expression

#: The first and the last day of a field.
Days = tuple[Expression, Expression]


def _within(days: Days, first: dt.date, last: dt.date) -> Condition:
    return and_(days[0] >= first, days[1] <= last)


def _equals(days: Days, given: PartialDate, today: dt.date) -> Condition:
    return _within(days, given.first, given.last)


def _not_equals(days: Days, given: PartialDate, today: dt.date) -> Condition:
    return or_(days[0].is_(None), not_(_equals(days, given, today)))


def _between(days: Days, given: tuple[PartialDate, PartialDate], today: dt.date) -> Condition:
    return _within(days, given[0].first, given[1].last)


def _in_period(days: Days, given: str, today: dt.date) -> Condition:
    return _within(days, *period_bounds(given, today))


#: By operator: the field's days, the operand, and today in the organisation's zone.
CONDITIONS: Mapping[str, Callable[[Days, Any, dt.date], Condition]] = {
    "equals": _equals,
    "not_equals": _not_equals,
    "less_than": lambda days, given, _: days[1] < given.first,
    "less_or_equal": lambda days, given, _: days[1] <= given.last,
    "greater_than": lambda days, given, _: days[0] > given.last,
    "greater_or_equal": lambda days, given, _: days[0] >= given.first,
    "between": _between,
    "in_period": _in_period,
    "older_than_days": lambda days, given, today: days[1] < today - dt.timedelta(days=given),
}
