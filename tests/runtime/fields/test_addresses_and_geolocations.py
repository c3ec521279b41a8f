"""Addresses and points on a map: kept, found, rewound, exported and imported, alike on every database."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from typing import Any

import pytest

from amparo.metadata.addresses import Address
from amparo.metadata.geolocations import Geolocation, kilometres_between
from amparo.metadata.missing import Missing
from amparo.metadata.model import FilterRow, Sort
from amparo.runtime.access import operator_actor
from amparo.runtime.errors import InvalidAnswers
from amparo.runtime.planner.lists import list_page
from amparo.runtime.planner.queries import ListQuery
from amparo.runtime.projections.comparing import check_projections
from amparo.runtime.records import service
from amparo.runtime.releases.publishing import publish
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.organisations import Organisations
from amparo.runtime.transfer.export_columns import ExportForm
from amparo.runtime.transfer.exporting import export_csv
from amparo.runtime.transfer.importing import import_file
from factories.households import FIELDS, households_document

pytestmark = pytest.mark.every_database

HOME = {"lines": 'House "5"\nផ្លូវ ២៤០', "city": "Phnom Penh", "postcode": "12207", "country": "KH"}
POINTS = {
    "Phnom Penh": "11.5564, 104.9282",
    "Ta Khmau": "11.4833, 104.95",
    "Suva": "-18.1416, 178.4419",
    "Apia": "-13.8333, -171.7667",
    "Alert": "82.5018, -62.3481",
    "Cape Town": "-33.9249, 18.4241",
}
THEN = dt.datetime(2026, 6, 15, tzinfo=dt.UTC)


class Clock:
    """The store's clock: the tenth of June, and later the twentieth."""

    day = 10

    def __call__(self) -> int:
        return int(dt.datetime(2026, 6, self.day, tzinfo=dt.UTC).timestamp()) * 1_000_000


@pytest.fixture(scope="module")
def households(organisations: Organisations) -> OrganisationStore:
    """One household at each point; on the twentieth of June the one of Phnom Penh moves away."""
    clock = Clock()
    store = organisations.create("households", "Households", clock=clock)
    publish(store, operator_actor(), households_document())
    for name, point in POINTS.items():
        values: dict[str, Any] = {"name": name, "point": point, "area": point, "hidden_point": point}
        if name == "Phnom Penh":
            home = json.dumps(HOME)
            values |= {"address": home, "workplace": home, "hiding_place": home}
        saved = service.create(store, operator_actor(), "household", values)
        if name == "Phnom Penh":
            moving = saved
    service.create(store, operator_actor(), "household", {"name": "nowhere", "point": {"missing": "refused"}})
    clock.day = 20
    moved = {"point": "11.4833, 104.95", "address": '{"city":"Ta Khmau"}', "workplace": '{"city":"Ta Khmau"}'}
    service.update(store, operator_actor(), "household", moving.record, moving.version, moved)
    return store


def found(
    store: OrganisationStore, *rows: FilterRow, as_of: dt.datetime | None = None, search: str | None = None
) -> set[str]:
    names = tuple(field["name"] for field in FIELDS)
    query = ListQuery("household", names, rows, as_of=as_of, search=search)
    return {record.name for record in list_page(store, operator_actor(), query).records}


def test_points_within_a_distance_are_found_as_they_are_and_were(households: OrganisationStore) -> None:
    near = FilterRow("point", "within_distance", ["11.5564, 104.9282", 5])
    nearby = FilterRow("point", "within_distance", ["11.5564, 104.9282", "10 km"])
    assert found(households, near) == set()
    assert found(households, nearby) == {"Phnom Penh", "Ta Khmau"}
    assert found(households, near, as_of=THEN) == {"Phnom Penh"}
    assert found(households, FilterRow("point", "within_distance", "11.5564,104.9282;10"), as_of=THEN) == {
        "Phnom Penh",
        "Ta Khmau",
    }


@pytest.mark.parametrize("kilometres", [1, 700, 1200, 3000, 9000, 15000, 20000])
@pytest.mark.parametrize("centre", ["-16.5, 179.9", "-16.5, -179.9", "89.9, 10", "-90, 0", "0, 0", "45, 179"])
def test_distances_hold_over_the_date_line_and_at_the_poles(
    households: OrganisationStore, centre: str, kilometres: int
) -> None:
    latitude, longitude = map(float, centre.split(","))

    def distance(text: str) -> float:
        north, east = map(float, text.split(","))
        return kilometres_between(north, east, latitude, longitude)

    expected = {name for name, point in POINTS.items() if distance(point) <= kilometres}
    row = FilterRow("point", "within_distance", [centre, kilometres])
    assert found(households, row, as_of=THEN) == expected


@pytest.mark.parametrize(
    "value", [["11.5, 104.9"], ["11.5, 104.9", 0], ["11.5, 104.9", "5 miles"], ["99, 104.9", 5], "11.5, 104.9", None]
)
def test_a_distance_that_is_none_is_refused(households: OrganisationStore, value: Any) -> None:
    with pytest.raises(InvalidAnswers):
        found(households, FilterRow("point", "within_distance", value))


@pytest.mark.parametrize("field", ["address", "workplace"])
def test_addresses_are_searched_in_their_parts_as_they_are_and_were(households: OrganisationStore, field: str) -> None:
    for part in ("House", '"5"', "ផ្លូវ", "phnom PENH", "12207"):
        assert found(households, FilterRow(field, "contains", part)) == set()
        assert found(households, FilterRow(field, "contains", part), as_of=THEN) == {"Phnom Penh"}
    assert found(households, FilterRow(field, "contains", "khmau")) == {"Phnom Penh"}
    for no_part in ("lines", "city", "{", "KH"):
        assert found(households, FilterRow(field, "contains", no_part), as_of=THEN) == set()
    everybody = {*POINTS, "nowhere"}
    assert found(households, FilterRow(field, "not_contains", "house"), as_of=THEN) == everybody - {"Phnom Penh"}
    assert found(households, FilterRow(field, "is_blank")) == everybody - {"Phnom Penh"}


def test_the_search_looks_into_addresses(households: OrganisationStore) -> None:
    assert found(households, search="TA KHMAU") == {"Phnom Penh", "Ta Khmau"}
    assert found(households, search="12207", as_of=THEN) == {"Phnom Penh"}
    assert found(households, search="12207") == set()


def test_reasons_for_no_point_are_kept(households: OrganisationStore) -> None:
    assert found(households, FilterRow("point", "has_reason", ["refused"])) == {"nowhere"}
    assert found(households, FilterRow("point", "is_not_blank")) == {*POINTS, "nowhere"}


def test_a_field_keeps_no_more_than_its_decimals(households: OrganisationStore) -> None:
    query = ListQuery("household", ("area", "hidden_point", "hiding_place"), search="phnom", as_of=THEN)
    (record,) = list_page(households, operator_actor(), query).records
    assert str(record.answers["area"]) == "11.560000,104.930000"
    assert record.answers["hidden_point"] == Geolocation.parse("11.5564,104.9282")
    assert record.answers["hiding_place"] == Address(**HOME)


def test_the_projection_is_what_the_ledger_says(households: OrganisationStore) -> None:
    assert check_projections(households).differences == 0


@pytest.mark.parametrize("sort", ["address", "point"])
def test_neither_has_an_order(households: OrganisationStore, sort: str) -> None:
    with pytest.raises(InvalidAnswers):
        list_page(households, operator_actor(), ListQuery("household", (), sort=(Sort(sort),)))


def exported(store: OrganisationStore, form: ExportForm, language: str = "en") -> list[list[str]]:
    query = ListQuery("household", ("name", "address", "point", "area"), sort=(Sort("name"),), as_of=THEN)
    content = b"".join(export_csv(store, operator_actor(), query, form=form, language=language))
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_labels_are_readable_and_codes_come_back_unchanged(
    households: OrganisationStore, organisations: Organisations
) -> None:
    labels = {row[0]: row[1:4] for row in exported(households, ExportForm.LABELS)}
    words = 'House "5", ផ្លូវ ២៤០, Phnom Penh 12207, Cambodia'
    assert labels["Phnom Penh"] == [words, "11.556400, 104.928200", "11.56, 104.93"]
    codes = exported(households, ExportForm.CODES)
    again = organisations.create("again", "Again")
    publish(again, operator_actor(), households_document())
    written = io.StringIO()
    csv.writer(written).writerows(codes)
    outcome = import_file(again, operator_actor(), "household", written.getvalue().encode())
    assert (outcome.created, outcome.refused) == (len(POINTS) + 1, 0)
    columns = ("address", "point", "area")
    page = list_page(again, operator_actor(), ListQuery("household", columns))
    answers = {record.name: record.answers for record in page.records}
    assert answers["Phnom Penh"]["address"] == Address(**HOME)
    assert answers["Cape Town"]["point"] == Geolocation.parse("-33.9249,18.4241")
    assert answers["nowhere"]["point"] is Missing.REFUSED


def test_a_plain_text_is_imported_as_the_lines_of_an_address(organisations: Organisations) -> None:
    store = organisations.create("plain", "Plain")
    publish(store, operator_actor(), households_document())
    import_file(store, operator_actor(), "household", b"Name,Address\nNew,12 Street 240\n")
    (record,) = list_page(store, operator_actor(), ListQuery("household", ("address",))).records
    assert record.answers["address"] == Address("12 Street 240")
