"""Dates that are known in part, and ages made into birth dates."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from amparo.metadata.partial_dates import PartialDate, age_of
from metadata.samples import partial_dates


@pytest.mark.parametrize(
    ("text", "precision", "first", "last"),
    [
        ("2026", "year", "2026-01-01", "2026-12-31"),
        ("2024-02", "month", "2024-02-01", "2024-02-29"),
        ("9999-12", "month", "9999-12-01", "9999-12-31"),
        ("2026-05-03~", "day", "2026-05-03", "2026-05-03"),
        ("2008-03-02/2009-03-01", "range", "2008-03-02", "2009-03-01"),
    ],
)
def test_what_is_known_gives_the_first_and_the_last_day(text: str, precision: str, first: str, last: str) -> None:
    date = PartialDate.parse(text)
    assert (date.precision, date.first.isoformat(), date.last.isoformat()) == (precision, first, last)
    assert str(date) == text


@given(date=partial_dates())
def test_a_text_is_read_as_what_was_written(date: PartialDate) -> None:
    assert PartialDate.parse(str(date)) == date


def age_on(born: dt.date, day: dt.date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


@given(born=st.dates(dt.date(1900, 1, 1), dt.date(2020, 1, 1)), on=st.dates(dt.date(2020, 1, 1), dt.date(2050, 1, 1)))
def test_an_age_holds_the_birthday_and_no_day_of_another_age(born: dt.date, on: dt.date) -> None:
    years = age_on(born, on)
    told = PartialDate.of_age(years, on)
    assert told.first <= born <= told.last
    assert age_on(told.first, on) == age_on(told.last, on) == years
    assert age_on(told.first - dt.timedelta(days=1), on) == years + 1
    assert age_on(told.last + dt.timedelta(days=1), on) == years - 1


@given(
    years=st.integers(0, 100),
    on=st.dates(dt.date(2000, 1, 1), dt.date(2026, 1, 1)),
    later=st.integers(0, 20_000),
)
def test_an_age_is_found_again_in_the_birth_date_it_became(years: int, on: dt.date, later: int) -> None:
    told = PartialDate.of_age(years, on)
    again = age_of(told, on + dt.timedelta(days=later))
    assert again is not None
    assert PartialDate.of_age(*again) == told
    assert again[1] <= on + dt.timedelta(days=later)


@given(date=partial_dates(), today=st.dates())
def test_only_ages_are_told_as_ages(date: PartialDate, today: dt.date) -> None:
    assume(date.precision != "range")
    told = age_of(date, today)
    # Somebody who was so old on the last day of a leap month was born in a whole year or month of days.
    assert told is None or PartialDate.of_age(*told, is_estimated=date.is_estimated) == date


def test_dates_are_in_the_order_of_their_first_days() -> None:
    texts = ["2025", "2026", "2026-01-01/2027-03-01", "2026-02", "2026-02-01/2026-03-15", "2026-02-02"]
    assert [str(date) for date in sorted(map(PartialDate.parse, reversed(texts)))] == [
        "2025",
        "2026",
        "2026-01-01/2027-03-01",
        "2026-02",
        "2026-02-01/2026-03-15",
        "2026-02-02",
    ]


@pytest.mark.parametrize(
    "text", ["", "26", "2026-5", "2026-05-3", "2026-05-03/", "/2026", "~", "2026-02-30", "2026-W1"]
)
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        PartialDate.parse(text)
