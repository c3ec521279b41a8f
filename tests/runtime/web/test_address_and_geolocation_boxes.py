"""Addresses and points on a map in forms, on pages and in lists, without script."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from flask import Flask

from amparo.metadata.addresses import Address
from amparo.metadata.missing import Missing
from amparo.runtime.access import Role, operator_actor
from amparo.runtime.planner.records import read_record
from amparo.runtime.records import service
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.organisations import Organisations
from factories.households import households_document
from factories.organisations import make_organisation
from factories.visitors import Visitor, form_of

HOME = Address("House 5\nStreet 240", "Phnom Penh", "", "12207", "KH")


@pytest.fixture(scope="module")
def households(organisations: Organisations) -> OrganisationStore:
    return make_organisation(organisations, "households", households_document(), Role.SUPERVISOR)


@pytest.fixture
def visitor(app: Flask, households: OrganisationStore) -> Visitor:
    return Visitor.signed_in(app, households.slug, Role.SUPERVISOR)


@pytest.fixture
def home(households: OrganisationStore) -> uuid.UUID:
    values = {"name": "Home", "address": str(HOME), "point": "11.5564,104.9282", "area": "11.5564,104.9282"}
    return service.create(households, operator_actor(), "household", values).record


def answers(store: OrganisationStore, record: uuid.UUID) -> dict[str, Any]:
    return read_record(store, operator_actor(), "household", record).answers


def test_the_parts_of_an_address_and_a_point_are_kept(visitor: Visitor, households: OrganisationStore) -> None:
    typed = {
        "name": "New",
        "address.lines": "House 5\r\nStreet 240",
        "address.city": "Phnom Penh",
        "address.postcode": "12207",
        "address.country": "KH",
        "area": "11°33′23″N 104°55′41.5″E",
        "point.missing": "refused",
    }
    answer = visitor.send(visitor.get("household/new"), typed)
    assert answer.status_code == 302, answer.text
    kept = answers(households, uuid.UUID(answer.headers["Location"].split("/")[-1].split("?")[0]))
    assert kept["address"] == HOME
    assert str(kept["area"]) == "11.560000,104.930000"
    assert kept["point"] is Missing.REFUSED
    assert kept["workplace"] is None


def test_boxes_that_nobody_touches_change_nothing(
    visitor: Visitor, households: OrganisationStore, home: uuid.UUID
) -> None:
    before = answers(households, home)
    page = visitor.get(f"household/{home}/edit")
    form = form_of(page)
    assert form.value("address.country") == "KH"
    assert form.value("point") == "11.556400, 104.928200"
    assert form.value("area") == "11.56, 104.93"
    assert "It is rounded to about 1 km before it is saved." in page.text
    visitor.send(page, {"name": "Renamed"})
    assert answers(households, home) == before | {"name": "Renamed"}


def test_an_address_is_emptied_by_emptying_its_boxes(
    visitor: Visitor, households: OrganisationStore, home: uuid.UUID
) -> None:
    emptied = {f"address.{part}": "" for part in ("lines", "city", "postcode", "country")}
    visitor.send(visitor.get(f"household/{home}/edit"), emptied)
    assert answers(households, home)["address"] is None


def test_what_is_wrong_is_said_and_what_was_typed_stays(visitor: Visitor) -> None:
    typed = {"name": "New", "address.city": "Pursat", "address.country": "XX", "point": "104.9, 11.5"}
    answer = visitor.send(visitor.get("household/new"), typed)
    assert answer.status_code == 422
    assert "no code of a country" in answer.text
    assert "the two seem swapped" in answer.text
    form = form_of(answer)
    assert [form.value(name) for name in typed] == list(typed.values())


def test_an_address_is_read_in_lines_with_the_country_in_the_readers_language(
    visitor: Visitor, home: uuid.UUID
) -> None:
    page = visitor.get(f"household/{home}").text
    assert "<span>House 5</span> <span>Street 240</span> <span>Phnom Penh 12207</span> <span>Cambodia</span>" in page
    assert "11.556400, 104.928200" in page
    visitor.client.get("/language?to=km&next=/")
    in_khmer = visitor.get(f"household/{home}").text
    visitor.client.get("/language?to=en&next=/")
    assert "<span>កម្ពុជា</span>" in in_khmer


def test_a_list_is_asked_for_what_is_near(visitor: Visitor, home: uuid.UUID) -> None:
    asked = {"f.0.field": "point", "f.0.operator": "within_distance", "f.0.value": "11.55, 104.92; 5 km"}
    page = visitor.get("household/", **asked).text
    assert str(home) in page
    assert "5 km around 11.55, 104.92" in page
    assert str(home) not in visitor.get("household/", **asked | {"f.0.value": "11.55, 104.92; 0.1"}).text
    refused = visitor.get("household/", **asked | {"f.0.value": "11.55, 104.92"}).text
    assert "Give a point and the kilometres" in refused


def test_only_this_site_may_ask_where_the_device_is(visitor: Visitor) -> None:
    policy = visitor.get("household/new").headers["Permissions-Policy"]
    assert policy == "camera=(), geolocation=(self), microphone=()"
