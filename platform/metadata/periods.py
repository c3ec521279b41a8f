"""Stretches of days named from today, such as ``this_month`` or ``last_n_days:30``."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping

from amparo.metadata.wording import N_

#: name -> label, in the order people see them.
PERIODS: Mapping[str, str] = {
    "today": N_("today"),
    "yesterday": N_("yesterday"),
    "this_week": N_("this week"),
    "this_month": N_("this month"),
    "last_month": N_("last month"),
    "this_quarter": N_("this quarter"),
    "last_quarter": N_("last quarter"),
    "this_year": N_("this year"),
    "last_year": N_("last year"),
}
#: Periods that end in a number of days, as in ``last_n_days:30``.
COUNTED_PERIODS: Mapping[str, str] = {
    "last_n_days": N_("the last {days} days"),
    "next_n_days": N_("the next {days} days"),
}
MOST_DAYS = 3660
PERIOD_PATTERN = "^(?:" + "|".join(PERIODS) + "|(?:" + "|".join(COUNTED_PERIODS) + "):[1-9][0-9]{0,3})$"
_PERIOD = re.compile(PERIOD_PATTERN)

Bounds = tuple[dt.date, dt.date]
_DAY = dt.timedelta(days=1)


def is_period(text: str) -> bool:
    """Whether :func:`period_bounds` understands ``text``."""
    _, _, days = text.partition(":")
    return bool(_PERIOD.fullmatch(text)) and int(days or 1) <= MOST_DAYS


def period_bounds(period: str, today: dt.date) -> Bounds:
    """The first and the last day of a period, both in it.

    Weeks begin on Monday. ``last_n_days:7`` is the seven days that end today,
    ``next_n_days:7`` the seven that begin today. Raises :class:`ValueError`
    for a text that :func:`is_period` refuses.
    """
    if not is_period(period):
        raise ValueError(f"{period!r} is not a period.")
    name, _, days = period.partition(":")
    if name == "last_n_days":
        return today - dt.timedelta(days=int(days) - 1), today
    if name == "next_n_days":
        return today, today + dt.timedelta(days=int(days) - 1)
    return _NAMED[name](today)


def _this_week(today: dt.date) -> Bounds:
    monday = today - dt.timedelta(days=today.weekday())
    return monday, monday + dt.timedelta(days=6)


def _months(first: dt.date, count: int) -> Bounds:
    """``count`` whole months from ``first``, the first day of a month."""
    months = first.year * 12 + first.month - 1 + count
    following = dt.date(months // 12, months % 12 + 1, 1)
    return first, following - _DAY


def _this_month(today: dt.date) -> Bounds:
    return _months(today.replace(day=1), 1)


def _this_quarter(today: dt.date) -> Bounds:
    return _months(today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1), 3)


def _this_year(today: dt.date) -> Bounds:
    return today.replace(month=1, day=1), today.replace(month=12, day=31)


def _before(period: Callable[[dt.date], Bounds]) -> Callable[[dt.date], Bounds]:
    """The period of the same kind that ends the day before this one begins."""
    return lambda today: period(period(today)[0] - _DAY)


_NAMED: Mapping[str, Callable[[dt.date], Bounds]] = {
    "today": lambda today: (today, today),
    "yesterday": lambda today: (today - _DAY, today - _DAY),
    "this_week": _this_week,
    "this_month": _this_month,
    "last_month": _before(_this_month),
    "this_quarter": _this_quarter,
    "last_quarter": _before(_this_quarter),
    "this_year": _this_year,
    "last_year": _before(_this_year),
}
