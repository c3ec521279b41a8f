"""Days in the forms people type."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from amparo.metadata.calendars import Calendar, year_at
from amparo.metadata.fields.base import Rejected
from amparo.runtime.transfer.dates import (
    DateOrder,
    day_reader,
    fitting_orders,
    is_buddhist,
    moment_reader,
    partial_day_reader,
)

D, M, Y = DateOrder.DAY_MONTH_YEAR, DateOrder.MONTH_DAY_YEAR, DateOrder.YEAR_MONTH_DAY


def day(text: Any, order: DateOrder | None = None, calendar: Calendar = Calendar.GREGORIAN) -> str:
    return str(day_reader(order, calendar)(text))


def refused(text: Any, order: DateOrder | None = None, calendar: Calendar = Calendar.GREGORIAN) -> str:
    with pytest.raises(Rejected) as caught:
        day(text, order, calendar)
    return caught.value.kind


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("2026-03-31", None),
        ("2026/3/31", None),
        ("2026.03.31", None),
        ("31/03/2026", D),
        ("31.3.2026", D),
        ("31-3-2026", D),
        ("31 3 2026", D),
        ("03/31/2026", M),
        ("31/03/2026", None),
        ("03/31/2026", None),
        ("៣១/០៣/២០២៦", D),
        ("٣١/٣/٢٠٢٦", D),
        ("३१-०३-२०२६", D),
        ("31 March 2026", None),
        ("March 31, 2026", None),
        ("31st Mar. 2026", None),
        ("31-Mar-2026", None),
        ("2026 March 31", None),
        ("31 مارس 2026", None),
        ("٣١ آذار ٢٠٢٦", None),
        ("31 มีนาคม 2026", None),
        ("31 มี.ค. ค.ศ. 2026", None),
        ("วันที่ 31 เดือน มีนาคม พ.ศ. 2569", None),
        ("31 มี.ค. พ.ศ. ๒๕๖๙", None),
        ("31 tháng 3, 2026", None),
        ("ngày 31 tháng 3 năm 2026", None),
        ("ថ្ងៃទី៣១ ខែមីនា ឆ្នាំ២០២៦", None),
        ("၃၁ မတ် ၂၀၂၆", None),
        ("३१ मार्च २०२६", None),
        ("31 ማርች 2026", None),
        ("46112", None),
        ("46112.0", None),
        (46112, None),
        ("2026-03-31 00:00:00", None),
        (dt.date(2026, 3, 31), None),
        (dt.datetime(2026, 3, 31), D),  # noqa: DTZ001 - a workbook knows no time zones.
    ],
)
def test_the_last_of_march_is_read_however_it_is_written(text: Any, order: DateOrder | None) -> None:
    assert day(text, order) == "2026-03-31"


@pytest.mark.parametrize(
    ("text", "calendar"),
    [
        ("22/11/2569", Calendar.BUDDHIST),
        ("22 พ.ย. 2569", Calendar.BUDDHIST),
        ("13/03/2019", Calendar.ETHIOPIAN),
        ("13 ኅዳር 2019", Calendar.ETHIOPIAN),
        ("ህዳር 13 2019 ዓ.ም.", Calendar.ETHIOPIAN),
        ("Hidar 13, 2019", Calendar.ETHIOPIAN),
        ("06/08/2083", Calendar.BIKRAM_SAMBAT),
        ("६ मंसिर २०८३", Calendar.BIKRAM_SAMBAT),
        ("वि.सं. २०८३ मंसिर ६", Calendar.BIKRAM_SAMBAT),
        ("2083-08-06", Calendar.BIKRAM_SAMBAT),
    ],
)
def test_one_day_is_read_in_each_calendar(text: str, calendar: Calendar) -> None:
    assert day(text, D, calendar) == "2026-11-22"


@pytest.mark.parametrize(
    ("text", "order", "kind"),
    [
        ("03/04/2026", None, "ambiguous_date"),
        ("31/03/26", D, "short_year"),
        ("31/03/26", None, "ambiguous_date"),
        ("31/03/55", None, "short_year"),
        ("31 March 26", None, "short_year"),
        ("31/03/926", D, "not_a_date"),
        ("31/03/6", None, "not_a_date"),
        ("31 March 6", None, "not_a_date"),
        ("March 30-31", None, "not_a_date"),
        ("31/03/2026", Y, "not_a_date"),
        ("31/03/2026 14:05", D, "has_time"),
        ("31/13/2026", D, "not_a_date"),
        ("32/13/2026", None, "not_a_date"),
        ("00/05/2026", None, "not_a_date"),
        ("30/02/2026", None, "not_a_date"),
        ("30 February 2026", None, "not_a_date"),
        ("31 Marchober 2026", None, "not_a_date"),
        ("46112.5", None, "has_time"),
        (Decimal("46112.5"), None, "has_time"),
        (dt.datetime(2026, 3, 31, 8, 15), None, "has_time"),  # noqa: DTZ001 - as above.
    ],
)
def test_what_could_be_two_days_or_none_is_refused(text: Any, order: DateOrder | None, kind: str) -> None:
    assert refused(text, order) == kind


@pytest.mark.parametrize(
    ("text", "order", "expected"),
    [
        ("3-Mar-21", None, "2021-03-03"),
        ("3-Mar-55", None, "1955-03-03"),
        ("3 มี.ค. 26", None, "2026-03-03"),
        ("3 Mar '27", None, "1927-03-03"),
        ("03/04/21", D, "2021-04-03"),
        ("03/04/21", M, "2021-03-04"),
        ("21/03/04", Y, "2021-03-04"),
        ("21 March 04", Y, "2021-03-04"),
        ("29/02/00", D, "2000-02-29"),
        ("31/03/55", None, "1955-03-31"),
        ("٠٣/٠٤/٢١", D, "2021-04-03"),
        ("3/4/21 0:00", D, "2021-04-03"),
        ("2021/3/4", D, "2021-03-04"),
    ],
)
def test_years_of_two_digits_lie_in_the_hundred_years_that_were_said(
    text: str, order: DateOrder | None, expected: str
) -> None:
    assert str(day_reader(order, until=2026)(text)) == expected
    assert moment_reader(order, until=2026)(text) == f"{expected} 00:00"
    assert partial_day_reader(order, until=2026)(text) == expected
    with pytest.raises(Rejected, match="two ways"):
        day_reader(None, until=2026)("31/03/26")


def test_the_hundred_years_are_those_of_the_calendar_of_the_column() -> None:
    assert str(day_reader(D, Calendar.BUDDHIST, 2569)("3/4/64")) == "2021-04-03"
    with pytest.raises(Rejected) as caught:
        # Of the column they were said, and not of an era that stands in one cell.
        day_reader(D, Calendar.GREGORIAN, 2026)("3/4/64 พ.ศ.")
    assert caught.value.kind == "short_year"
    assert year_at(Calendar.ETHIOPIAN, dt.date(2026, 9, 10)) == 2018
    assert year_at(Calendar.ETHIOPIAN, dt.date(2026, 9, 11)) == 2019
    assert (year_at(Calendar.BUDDHIST, dt.date(2026, 1, 1)), year_at(Calendar.BIKRAM_SAMBAT, dt.date(2026, 4, 13))) == (
        2569,
        2082,
    )


def test_a_day_stands_beside_the_time_at_which_it_begins() -> None:
    assert day("3/4/2021 0:00", D) == day("03/04/2021 12:00:00 AM", D) == "2021-04-03"


def test_a_thirteenth_month_may_stand_before_its_day_or_behind_it() -> None:
    assert refused("05/13/2019", None, Calendar.ETHIOPIAN) == "ambiguous_date"
    assert refused("20/13/2019", None, Calendar.ETHIOPIAN) == "not_a_date"
    assert day("12/13/2019", None, Calendar.ETHIOPIAN) == "2027-08-19"


def test_a_year_of_another_era_than_the_column_is_refused() -> None:
    assert refused("22 พ.ย. พ.ศ. 2569", None, Calendar.ETHIOPIAN) == "other_calendar"


@pytest.mark.parametrize(
    ("text", "order"), [("31/12/2564", D), ("2564/12/31", None), ("31 December 2564", None), ("12.31.2400", M)]
)
def test_a_year_of_the_buddhist_era_is_not_taken_for_one_of_ours(text: str, order: DateOrder | None) -> None:
    assert refused(text, order) == "other_calendar"
    assert day(text.replace("2400", "2500"), order, Calendar.BUDDHIST)[4:] == "-12-31"
    with pytest.raises(Rejected, match="another calendar"):
        partial_day_reader(order)(text[-4:] if order else "2564")
    # It tells nothing about the order, and an end that is none is as far as it can be.
    assert fitting_orders(["31/12/2564", "13/01/2021"]) == [D]
    assert day("31/12/9999", D) == "9999-12-31"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("31/03/2026 14:05", "2026-03-31 14:05"),
        ("31/03/2026 2:05 PM", "2026-03-31 14:05"),
        ("31/03/2026 12:05:30 am", "2026-03-31 00:05:30"),
        ("31 March 2026, 9:05", "2026-03-31 09:05"),
        ("2026-03-31T14:05+07:00", "2026-03-31T14:05+07:00"),
        ("2026-03-31T07:05:00Z", "2026-03-31T07:05:00Z"),
        ("31/03/2026", "2026-03-31 00:00"),
        ("46112", "2026-03-31 00:00"),
        (46112, "2026-03-31 00:00"),
        ("46112.5", "2026-03-31 12:00"),
        ("46112,586805556", "2026-03-31 14:05"),
        (Decimal("46112.5868402778"), "2026-03-31 14:05:03"),
        ("46111.999999999", "2026-03-31 00:00"),
        (Decimal("1250.5"), Decimal("1250.5")),
        (True, True),
        (dt.date(2026, 3, 31), "2026-03-31 00:00"),
    ],
)
def test_a_time_of_day_stands_behind_its_day(text: Any, expected: Any) -> None:
    assert moment_reader(D)(text) == expected


def test_an_order_fits_a_column_only_when_it_fits_every_text() -> None:
    assert fitting_orders(["01/02/2026", "31/03/2026"]) == [D]
    assert fitting_orders(["01/02/2026", "03/31/2026"]) == [M]
    assert fitting_orders(["01/02/2026", "03/04/2026"]) == [D, M]
    assert fitting_orders(["31/03/2026", "03/31/2026"]) == []
    assert fitting_orders(["2026/02/01"]) == [Y]
    assert fitting_orders(["01/02/26", "31/03/2026", "29/02/00"]) == [D]
    assert fitting_orders(["01/02/26", "03/04/26"]) == [D, M]
    assert fitting_orders(["31 March 2026", "2026-01-02"]) == [Y]


def test_only_years_far_ahead_are_of_the_buddhist_era_without_doubt() -> None:
    assert is_buddhist(["22/11/2569", "๑ ม.ค. ๒๕๖๐"])
    assert not is_buddhist(["22/11/2569", "22/11/2026"])
    assert not is_buddhist(["22/11/2083"])
    assert not is_buddhist(["soon"])


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("31 March 2001", "2001-03-31"),
        ("31/03/2001", "2001-03-31"),
        ("2001-03", "2001-03"),
        ("2001", "2001"),
        (2001, "2001"),
        ("03/2001", "2001-03"),
        ("3.2001", "2001-03"),
        ("2001/3", "2001-03"),
        ("March 2001", "2001-03"),
        ("Sept, 2001", "2001-09"),
        ("tháng 3 năm 2001", "tháng 3 năm 2001"),
        ("ខែមីនា ឆ្នាំ២០០១", "2001-03"),
        ("มีนาคม 2544", "มีนาคม 2544"),
        ("13/2001", "13/2001"),
        ("2001.1", "2001.1"),
        ("03/01", "03/01"),
        ("spring 2001", "spring 2001"),
        ("March 2001 or 2002", "March 2001 or 2002"),
        ("about 2001", "about 2001"),
        ("17 years 3 months", "17 years 3 months"),
        (dt.date(2001, 3, 31), "2001-03-31"),
        ("46112", "2026-03-31"),
        ("", ""),
    ],
)
def test_a_day_that_is_known_in_part_is_left_to_its_field(cell: Any, expected: str) -> None:
    assert partial_day_reader(D)(cell) == expected


def test_a_part_of_a_day_in_another_calendar_is_refused() -> None:
    read = partial_day_reader(D, Calendar.ETHIOPIAN)
    assert read("13/03/2019") == "2026-11-22"
    for part in ("2019", "2019-03", 2019):
        with pytest.raises(Rejected, match="Write the whole day"):
            read(part)
    with pytest.raises(Rejected, match="two ways"):
        partial_day_reader(None)("02/03/1999")
