from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amparo.metadata.periods import PERIODS, is_period, period_bounds

SUNDAY = dt.date(2026, 11, 22)


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        ("today", "2026-11-22", "2026-11-22"),
        ("yesterday", "2026-11-21", "2026-11-21"),
        ("this_week", "2026-11-16", "2026-11-22"),
        ("this_month", "2026-11-01", "2026-11-30"),
        ("last_month", "2026-10-01", "2026-10-31"),
        ("this_quarter", "2026-10-01", "2026-12-31"),
        ("last_quarter", "2026-07-01", "2026-09-30"),
        ("this_year", "2026-01-01", "2026-12-31"),
        ("last_year", "2025-01-01", "2025-12-31"),
        ("last_n_days:7", "2026-11-16", "2026-11-22"),
        ("next_n_days:7", "2026-11-22", "2026-11-28"),
        ("last_n_days:1", "2026-11-22", "2026-11-22"),
    ],
)
def test_a_period_has_a_first_and_a_last_day(period: str, first: str, last: str) -> None:
    assert period_bounds(period, SUNDAY) == (dt.date.fromisoformat(first), dt.date.fromisoformat(last))


def test_periods_reach_over_the_turn_of_the_year() -> None:
    january = dt.date(2026, 1, 31)
    assert period_bounds("last_month", january) == (dt.date(2025, 12, 1), dt.date(2025, 12, 31))
    assert period_bounds("last_quarter", january) == (dt.date(2025, 10, 1), dt.date(2025, 12, 31))


@given(st.dates(dt.date(1900, 1, 1), dt.date(2200, 1, 1)), st.sampled_from(sorted(PERIODS)))
def test_this_period_holds_today_and_the_last_one_ends_the_day_before(today: dt.date, period: str) -> None:
    first, last = period_bounds(period, today)
    assert first <= last
    if period.startswith("this_") or period == "today":
        assert first <= today <= last
    if period.startswith("last_"):
        assert period_bounds(period.replace("last_", "this_"), today)[0] == last + dt.timedelta(days=1)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "tomorrow",
        "today:1",
        "last_n_days",
        "last_n_days:0",
        "last_n_days:-1",
        "last_n_days:9999",
        "TODAY",
        "today\n",
        "last_n_days:٣",
    ],
)
def test_other_words_are_no_periods(text: str) -> None:
    assert not is_period(text)
    with pytest.raises(ValueError, match="not a period"):
        period_bounds(text, SUNDAY)
