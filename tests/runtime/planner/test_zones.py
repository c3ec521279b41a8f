"""Months, periods and days where the clocks change, at the microsecond before and the one after."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from zoneinfo import ZoneInfo

import pytest

from amparo.metadata.model import FilterRow, Grouping, Report
from amparo.runtime.access import Actor
from amparo.runtime.planner.days import day_after_begins, end_of_day, start_of_day
from amparo.runtime.planner.lists import count
from amparo.runtime.planner.queries import ListQuery
from amparo.runtime.planner.reports import run_report
from amparo.runtime.planner.zones import offset_stretches
from amparo.runtime.records import service
from amparo.runtime.records.changes import Change
from amparo.runtime.releases.publishing import publish
from amparo.runtime.stores.organisation import OrganisationStore
from factories.population import population_document

ZONES = ("Europe/London", "Asia/Kathmandu", "America/Havana", "Pacific/Apia", "Africa/Cairo", "UTC")
MICROSECOND = dt.timedelta(microseconds=1)


def edges(zone: ZoneInfo) -> list[dt.datetime]:
    """Instants around every change of offset and every turn of a month, in years near and far."""
    turns = [
        dt.datetime(year, month, 1, tzinfo=zone, fold=fold).astimezone(dt.UTC)
        for year in (1931, 1969, 1970, 1986, 2011, 2024, 2025, 2026)
        for month in range(1, 13)
        for fold in (0, 1)
    ]
    changes = [begins for begins, _ in offset_stretches(zone) if begins.year in (1986, 2011, 2023, 2024, 2025)]
    return [edge + shift for edge in (*turns, *changes) for shift in (-MICROSECOND, dt.timedelta(0), MICROSECOND)]


@pytest.mark.every_database
@pytest.mark.parametrize("name", ZONES)
def test_an_instant_counts_in_its_local_month(empty_store: OrganisationStore, operator: Actor, name: str) -> None:
    zone = ZoneInfo(name)
    publish(empty_store, operator, population_document(name))
    moments = edges(zone)
    service.save(empty_store, operator, "person", [Change({"name": "x", "met_at": moment}) for moment in moments])
    report = Report("r", "r", "person", "R", "", (), (Grouping("met_at", "month"),), (), (), "all", ())
    result = run_report(empty_store, operator, report)
    groups = result.axes[0].groups
    counted = {group.key: result.cell(row)[0] for row, group in enumerate(groups) if result.cell(row)[0]}
    assert counted == Counter(f"{moment.astimezone(zone):%Y-%m}" for moment in moments)


@pytest.mark.parametrize("name", ZONES)
def test_the_stretches_of_a_zone_agree_with_python_in_every_hour_of_a_decade(name: str) -> None:
    zone = ZoneInfo(name)
    stretches = offset_stretches(zone)
    instant = dt.datetime(2006, 1, 1, tzinfo=dt.UTC)
    place = 0
    while instant.year < 2016:
        while place + 1 < len(stretches) and stretches[place + 1][0] <= instant:
            place += 1
        assert dt.timedelta(seconds=stretches[place][1]) == instant.astimezone(zone).utcoffset()
        instant += dt.timedelta(minutes=30)


@pytest.mark.parametrize("name", ZONES)
def test_days_follow_each_other_without_gap_or_overlap(name: str) -> None:
    zone = ZoneInfo(name)
    day = dt.date(2009, 1, 1)
    while day.year < 2016:
        start = start_of_day(day, zone)
        before = (start - MICROSECOND).astimezone(zone).date()
        assert before < day <= start.astimezone(zone).date()
        assert day_after_begins(day, zone) == start_of_day(day + dt.timedelta(days=1), zone)
        day += dt.timedelta(days=1)


@pytest.mark.parametrize(
    ("name", "day", "hours"),
    [
        ("Europe/London", dt.date(2025, 3, 30), 23),
        ("Europe/London", dt.date(2025, 10, 26), 25),
        ("America/Havana", dt.date(2025, 3, 9), 23),
        ("America/Havana", dt.date(2025, 11, 2), 25),
        ("Africa/Cairo", dt.date(2025, 10, 30), 25),
        ("Asia/Kathmandu", dt.date(2025, 3, 30), 24),
    ],
)
def test_a_day_is_as_long_as_the_clocks_make_it(name: str, day: dt.date, hours: int) -> None:
    zone = ZoneInfo(name)
    assert day_after_begins(day, zone) - start_of_day(day, zone) == dt.timedelta(hours=hours)


@pytest.mark.parametrize("name", ["Europe/London", "America/Havana", "Africa/Cairo"])
def test_today_holds_every_instant_of_the_day_and_no_other(
    empty_store: OrganisationStore, operator: Actor, name: str
) -> None:
    zone = ZoneInfo(name)
    publish(empty_store, operator, population_document(name))
    day = {"Europe/London": dt.date(2025, 10, 26), "America/Havana": dt.date(2025, 3, 9)}.get(
        name, dt.date(2025, 10, 30)
    )
    last = end_of_day(empty_store.known_release(), day)
    first = start_of_day(day, zone)
    moments = [first - MICROSECOND, first, first + (last - first) / 2, last, last + MICROSECOND]
    service.save(empty_store, operator, "person", [Change({"name": "x", "met_at": moment}) for moment in moments])
    now = first + (last - first) / 3
    for operator_name, value, holding in (
        ("in_period", "today", 3),
        ("less_than", day, 1),
        ("less_or_equal", day, 4),
        ("greater_than", day, 1),
        ("greater_or_equal", day, 4),
        ("between", (day, day), 3),
        ("older_than_days", 0, 1),
    ):
        query = ListQuery("person", (), (FilterRow("met_at", operator_name, value),))
        assert count(empty_store, operator, query, now=now) == holding, operator_name
