"""Dates that are known in part: kept, listed, sorted, grouped, and rewound, alike on every database."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from amparo.metadata.model import FilterRow, Grouping, Report, Sort
from amparo.metadata.partial_dates import PartialDate
from amparo.runtime.access import Actor, operator_actor
from amparo.runtime.planner.lists import list_page, stream
from amparo.runtime.planner.queries import ListQuery
from amparo.runtime.planner.reports import run_report
from amparo.runtime.projections.comparing import check_projections
from amparo.runtime.records import service
from amparo.runtime.releases.publishing import publish
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.organisations import Organisations

pytestmark = pytest.mark.every_database

#: From the earliest to the latest first day.
DATES = ["2008-03-02/2009-03-01", "2024-02", "2025", "2025-11-20/2026-01-10", "2026-01~", "2026-01-31", "9999-12"]


def document() -> dict[str, Any]:
    return {
        "format": 1,
        "application": {
            "id": "app",
            "name": "events",
            "label": "Events",
            "languages": ["en"],
            "default_language": "en",
            "time_zone": "Asia/Phnom_Penh",
            "navigation": ["event"],
        },
        "objects": [
            {
                "id": "event",
                "name": "event",
                "label": "Event",
                "plural": "Events",
                "name_field": "name",
                "fields": [
                    {"id": "event.name", "name": "name", "type": "text", "label": "Name"},
                    {
                        "id": "event.began",
                        "name": "began",
                        "type": "partial_date",
                        "label": "Began",
                        "indexed": True,
                        "missing_reasons": ["unknown"],
                    },
                    {"id": "event.secret", "name": "secret", "type": "partial_date", "label": "S", "sensitive": True},
                ],
            }
        ],
        "picklists": [],
        "layouts": [],
        "list_views": [],
        "reports": [],
        "translations": [],
    }


@pytest.fixture(scope="module")
def events(organisations: Organisations) -> OrganisationStore:
    """One event for each date, then each is changed to another; with one blank and one unknown."""
    clock = Clock()
    store = organisations.create("events", "Events", clock=clock)
    publish(store, operator_actor(), document())
    made = [_create(store, {"name": text, "began": text, "secret": text}) for text in DATES]
    _create(store, {"name": "blank"})
    _create(store, {"name": "unknown", "began": {"missing": "unknown"}})
    clock.day = 20
    for saved, text in zip(made, reversed(DATES), strict=True):
        service.update(store, operator_actor(), "event", saved.record, saved.version, {"began": text})
    return store


class Clock:
    """The store's clock: the tenth of June, and later the twentieth."""

    day = 10

    def __call__(self) -> int:
        return int(dt.datetime(2026, 6, self.day, tzinfo=dt.UTC).timestamp()) * 1_000_000


def _create(store: OrganisationStore, values: dict[str, Any]) -> Any:
    return service.create(store, operator_actor(), "event", values)


THEN = dt.datetime(2026, 6, 15, tzinfo=dt.UTC)
NOW = dt.datetime(2026, 6, 30, tzinfo=dt.UTC)


def found(
    store: OrganisationStore, *rows: FilterRow, as_of: dt.datetime | None = None, sort: Sort | None = None
) -> list[str]:
    query = ListQuery("event", ("began",), rows, sort=(sort or Sort("began"),), as_of=as_of)
    page = list_page(store, operator_actor(), query, now=NOW)
    return [str(record.answers["began"]) for record in page.records if record.answers["began"] is not None]


WAYS = [THEN, None]


@pytest.mark.parametrize("as_of", WAYS)
def test_records_are_in_the_order_of_the_first_days(events: OrganisationStore, as_of: dt.datetime | None) -> None:
    assert found(events, as_of=as_of) == [*DATES, "unknown"]
    assert found(events, as_of=as_of, sort=Sort("began", descending=True)) == [*DATES[::-1], "unknown"]


@pytest.mark.parametrize("as_of", WAYS)
@pytest.mark.parametrize(
    ("operator", "value", "expected"),
    [
        ("equals", "2025", ["2025"]),
        ("equals", "2026-01", ["2026-01~", "2026-01-31"]),
        ("equals", "2026", ["2026-01~", "2026-01-31"]),
        ("not_equals", "2026", [*DATES[:4], "9999-12", "unknown"]),
        ("less_than", "2026", ["2008-03-02/2009-03-01", "2024-02", "2025"]),
        ("less_than", "2009-03-01", []),
        ("less_or_equal", "2009-03-01", ["2008-03-02/2009-03-01"]),
        ("greater_than", "2025", ["2026-01~", "2026-01-31", "9999-12"]),
        ("greater_or_equal", "2025-11-20", ["2025-11-20/2026-01-10", "2026-01~", "2026-01-31", "9999-12"]),
        ("between", ["2024-02-01", "2024-02-29"], ["2024-02"]),
        ("between", ["2024-02-02", "2024-12"], []),
        ("in_period", "this_year", ["2026-01~", "2026-01-31"]),
        ("older_than_days", "1", DATES[:-1]),
        ("has_reason", "unknown", ["unknown"]),
    ],
)  # fmt: skip
def test_a_date_matches_where_every_day_it_may_be_does(
    events: OrganisationStore, operator: str, value: Any, expected: list[str], as_of: dt.datetime | None
) -> None:
    assert found(events, FilterRow("began", operator, value), as_of=as_of) == expected


@pytest.mark.parametrize("as_of", WAYS)
@pytest.mark.parametrize(
    ("by", "expected"),
    [
        (None, dict.fromkeys((*DATES, "unknown", None), 1)),
        ("year", {"2024": 1, "2025": 1, "2026": 2, "9999": 1, "year": 2, "unknown": 1, None: 1}),
        ("month", {"2024-02": 1, "2026-01": 2, "9999-12": 1, "month": 3, "unknown": 1, None: 1}),
    ],
)
def test_dates_are_grouped_as_far_as_they_are_known(
    events: OrganisationStore, by: str | None, expected: dict[str | None, int], as_of: dt.datetime | None
) -> None:
    report = Report("r", "r", "event", "R", "", (), (Grouping("began", by),), (), (), "all", ())
    result = run_report(events, operator_actor(), report, language="en", as_of=as_of)
    (axis,) = result.axes
    counts = {group.key: result.cell(place)[0] for place, group in enumerate(axis.groups)}
    assert {key: count for key, count in counts.items() if count} == expected


def test_a_sensitive_date_is_kept_and_found_exactly(events: OrganisationStore, operator: Actor) -> None:
    query = ListQuery("event", ("secret",), (FilterRow("secret", "equals", "2025"),))
    (record,) = list_page(events, operator, query).records
    assert record.answers["secret"] == PartialDate.parse("2025")


def test_the_projection_is_what_the_ledger_says(events: OrganisationStore) -> None:
    assert check_projections(events).differences == 0
    assert len(list(stream(events, operator_actor(), ListQuery("event", ("began",))))) == len(DATES) + 2
