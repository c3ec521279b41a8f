"""Dates, date-times, times, and dates that are known in part."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from amparo.metadata.formulas.failures import FormulaError
from amparo.metadata.partial_dates import PartialDate
from metadata.formulas.conftest import NOW, Compute

DAY = dt.date(2026, 3, 31)
MOMENT = dt.datetime(2026, 3, 31, 22, 30, 15, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("DATE(2026, 3, 31)", DAY),
        ("DATE(2026.9, 3.9, 31.9)", DAY),
        ("DATE(2024, 2, 29) + 1", dt.date(2024, 3, 1)),
        ("1 + DATE(2026, 3, 30)", DAY),
        ("DATE(2026, 4, 1) - 1.9", DAY),
        ("DATE(2026, 3, 31) - DATE(2026, 3, 1)", 30),
        ('DATETIMEVALUE("2026-03-31 12:00:00") - DATETIMEVALUE("2026-03-30 00:00:00")', dt.timedelta(hours=36)),
        ('DATEVALUE("2026-3-31")', DAY),
        ('DATEVALUE("2026-03-31 and later")', DAY),
        ("DATEVALUE(name)", None),
        ("ADDMONTHS(DATE(2026, 1, 31), 1)", dt.date(2026, 2, 28)),
        ("ADDMONTHS(DATE(2026, 2, 28), 1)", DAY),
        ("ADDMONTHS(DATE(2026, 3, 15), -15)", dt.date(2024, 12, 15)),
        ("YEAR(DATE(2026, 3, 31)) * 10000 + MONTH(DATE(2026, 3, 31)) * 100 + DAY(DATE(2026, 3, 31))", 20260331),
        ("WEEKDAY(DATE(2026, 3, 29))", 1),
        ("WEEKDAY(DATE(2026, 3, 28))", 7),
        ("DAYOFYEAR(DATE(2024, 12, 31))", 366),
        ("ISOWEEK(DATE(2027, 1, 1))", 53),
        ("ISOYEAR(DATE(2027, 1, 1))", 2026),
        ('HOUR(TIMEVALUE("17:30:15.250"))', 17),
        ('MINUTE(TIMEVALUE("17:30:15.250"))', 30),
        ('SECOND(TIMEVALUE("17:30:15.250"))', 15),
        ('MILLISECOND(TIMEVALUE("17:30:15.250"))', 250),
        ('TIMEVALUE("23:00:00.000") + 7200000', dt.time(1)),
        ('TIMEVALUE("01:00:00.000") - TIMEVALUE("23:00:00.000")', 7_200_000),
        ("UNIXTIMESTAMP(DATE(1970, 1, 2))", 86400),
        ("FROMUNIXTIME(-1)", dt.datetime(1969, 12, 31, 23, 59, 59, tzinfo=dt.UTC)),
        ("FORMATDURATION(93784)", "26:03:04"),
        ("FORMATDURATION(93784, TRUE)", "1:02:03:04"),
        ('FORMATDURATION(TIMEVALUE("10:00:00.000"), TIMEVALUE("09:00:30.000"))', "00:59:30"),
        ('FORMATDURATION(DATETIMEVALUE("2026-03-30 00:00:00"), DATETIMEVALUE("2026-03-31 00:00:01"))', "1:00:00:01"),
    ],
)
def test_a_date_function_gives(compute: Compute, formula: str, expected: Any) -> None:
    if isinstance(expected, dt.timedelta):
        expected = expected / dt.timedelta(days=1)
    assert compute(formula) == expected


@pytest.mark.parametrize(
    "formula",
    [
        "DATE(2023, 2, 30)", "DATE(0, 1, 1)", "DATE(10000, 1, 1)", 'DATEVALUE("31.3.2026")', 'DATEVALUE("2026-13-01")',
        'DATETIMEVALUE("2026-03-31")', 'DATETIMEVALUE("2026-03-31 24:00:00")', 'TIMEVALUE("17:30:00")',
        'TIMEVALUE("17:30:00.1000")', 'TIMEVALUE("01:00:00.000") - 7200000', "DATE(9999, 12, 31) + 1",
        "DATE(2026, 1, 1) + 10 ^ 60", "ADDMONTHS(DATE(2026, 1, 1), 10 ^ 60)", "FROMUNIXTIME(10 ^ 60)",
    ],
)  # fmt: skip
def test_a_day_or_a_time_that_there_is_none_of_is_an_error(compute: Compute, formula: str) -> None:
    with pytest.raises(FormulaError):
        compute(formula)


def test_today_is_the_day_in_the_organisation_s_time_zone(compute: Compute) -> None:
    assert compute("TODAY()") == dt.date(2026, 4, 1)
    assert compute("NOW()") == NOW
    assert compute("TIMENOW()") == dt.time(18, 30)
    assert compute("DATEVALUE(updated_at)", {"updated_at": MOMENT}) == dt.date(2026, 4, 1)
    assert compute("TIMEVALUE(updated_at)", {"updated_at": MOMENT}) == dt.time(22, 30, 15)


def test_parts_of_a_day_after_a_moment_count_to_the_second(compute: Compute) -> None:
    assert compute("updated_at + 0.5", {"updated_at": MOMENT}) == MOMENT + dt.timedelta(hours=12)
    assert compute("updated_at - 1 / 86400 / 2", {"updated_at": MOMENT}) == MOMENT


def test_a_field_of_times_is_a_time(compute: Compute) -> None:
    assert compute("HOUR(seen_at)", {"seen_at": "14:30"}) == 14
    assert compute('seen_at > TIMEVALUE("14:00:00.000")', {"seen_at": "14:30:15"}) is True


YEAR, MONTH = PartialDate.parse("2010"), PartialDate.parse("2010-06")


@pytest.mark.parametrize(
    ("born", "formula", "expected"),
    [
        (YEAR, "client.birth_date < DATE(2011, 1, 1)", True),
        (YEAR, "client.birth_date < DATE(2010, 6, 1)", None),
        (YEAR, "client.birth_date < DATE(2010, 1, 1)", False),
        (YEAR, "client.birth_date <= DATE(2010, 12, 31)", True),
        (YEAR, "client.birth_date <= DATE(2010, 12, 30)", None),
        (YEAR, "client.birth_date > DATE(2010, 12, 31)", False),
        (YEAR, "client.birth_date >= DATE(2010, 1, 1)", True),
        (YEAR, "client.birth_date >= DATE(2010, 1, 2)", None),
        (YEAR, "client.birth_date = DATE(2009, 1, 1)", False),
        (YEAR, "client.birth_date = DATE(2010, 1, 1)", None),
        (YEAR, "client.birth_date <> DATE(2010, 1, 1)", None),
        (YEAR, "client.birth_date <> DATE(2012, 1, 1)", True),
        (PartialDate.parse("2010-06-01"), "client.birth_date = DATE(2010, 6, 1)", True),
        (None, "client.birth_date < DATE(2010, 6, 1)", None),
        (MONTH, "EARLIEST(client.birth_date)", dt.date(2010, 6, 1)),
        (MONTH, "LATEST(client.birth_date)", dt.date(2010, 6, 30)),
        (MONTH, "TEXT(client.birth_date)", "2010-06"),
        (MONTH, 'IF(client.birth_date > opened_on, "wrong", "perhaps right")', "perhaps right"),
        (MONTH, "NOT(client.birth_date <= opened_on)", None),
        (MONTH, "AND(NOT(client.birth_date <= opened_on), TRUE)", None),
    ],
)
def test_a_partly_known_date_compares_by_all_the_days_that_it_may_be(
    compute: Compute, born: PartialDate | None, formula: str, expected: Any
) -> None:
    answers = {"client.birth_date": born, "opened_on": dt.date(2010, 6, 15)}
    assert compute(formula, answers) == expected


def test_two_partly_known_dates_compare_too(compute: Compute) -> None:
    answers = {"client.birth_date": YEAR, "client.arrived": PartialDate.parse("2011-02")}
    assert compute("client.birth_date < client.arrived", answers) is True
    assert compute("client.birth_date >= client.arrived", answers) is False
    assert compute("client.birth_date = client.birth_date", answers) is None


@pytest.mark.parametrize(
    ("born", "on", "age"),
    [
        ("2008-03-31", "2026-03-31", 18),
        ("2008-04-01", "2026-03-31", 17),
        ("2008-02-29", "2026-02-28", 17),
        ("2008-02-29", "2026-03-01", 18),
        ("2008", "2026-12-31", 18),
        ("2008", "2026-06-30", None),
        ("2008-05", "2026-06-30", 18),
        ("2007-07-01/2008-06-30", "2026-06-30", 18),
        ("2026-06-30", "2026-06-29", None),
    ],
)
def test_an_age_is_blank_while_a_partly_known_date_of_birth_leaves_it_open(
    compute: Compute, born: str, on: str, age: int | None
) -> None:
    answers = {"client.birth_date": PartialDate.parse(born), "opened_on": dt.date.fromisoformat(on)}
    assert compute("AGE(client.birth_date, opened_on)", answers) == age
