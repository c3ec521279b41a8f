"""Conditions on places: looked for by their names and chosen, or typed where only one place is meant."""

from __future__ import annotations

import html
import itertools
import re
import uuid

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from amparo.runtime.access import Role, operator_actor
from amparo.runtime.records import service
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.organisations import Organisations
from factories.conditions import BOX, chips_on, offered, sent
from factories.households import make_households
from factories.visitors import Visitor, form_of

_numbers = itertools.count(1)
BANAN, THMA_KOUL = "Chheu Teal, Banan, Battambang", "Chheu Teal, Thma Koul, Battambang"


@pytest.fixture(scope="module")
def households(organisations: Organisations) -> OrganisationStore:
    """A household in each of three communes, called by its code."""
    slug = f"asked-households-{next(_numbers)}"
    store = make_households(organisations, Role.SUPERVISOR, slug=slug)
    for code in ("020101", "020201", "120101"):
        service.create(store, operator_actor(), "household", {"name": f"In {code}", "lives_in": code})
    return store


@pytest.fixture
def visitor(app: Flask, households: OrganisationStore) -> Visitor:
    return Visitor.signed_in(app, households.slug, Role.SUPERVISOR)


def asking(visitor: Visitor, operator: str, value: str = "", field: str = "lives_in") -> TestResponse:
    row = {"f.0.field": field, "f.0.operator": operator, BOX: value}
    return visitor.get("household/", view="all", match="all", edit="1", **row)


def listed_on(page: TestResponse) -> list[str]:
    return sorted(re.findall(r"<bdi>In (\d+)</bdi>", page.text))


def test_what_lies_in_a_place_is_the_first_comparison(visitor: Visitor) -> None:
    page = asking(visitor, "")
    assert form_of(page, "conditions").value("f.0.operator") == "in_place"


def test_a_place_is_found_by_its_name_in_any_language_and_ticked(visitor: Visitor) -> None:
    found = sent(visitor, asking(visitor, "in_place"), **{f"{BOX}.query": "ឈើទាល", "find": BOX})
    assert offered(found, "checkbox") == ["020101", "020201"]
    assert BANAN in found.text
    assert THMA_KOUL in found.text
    listed = sent(visitor, found, **{BOX: ["020201"]})
    assert listed_on(listed) == ["020201"]
    assert chips_on(listed) == [f"Lives in is in {THMA_KOUL}"]


def test_places_are_found_one_after_the_other(visitor: Visitor) -> None:
    first = sent(visitor, asking(visitor, "in_place"), **{f"{BOX}.query": "banan", "find": BOX})
    second = sent(visitor, first, **{BOX: ["0201"], f"{BOX}.query": "phnom", "find": BOX})
    assert form_of(second, "conditions").values(BOX) == ["0201"]
    listed = sent(visitor, second, **{BOX: ["0201", "12"]})
    assert listed_on(listed) == ["020101", "120101"]
    assert chips_on(listed) == ["Lives in is in Banan, Battambang, Phnom Penh"]


@pytest.mark.parametrize("typed", ["Battambang", "បាត់ដំបង", "02"])
def test_a_name_that_can_be_one_place_only_needs_no_choosing(visitor: Visitor, typed: str) -> None:
    listed = sent(visitor, asking(visitor, "in_place"), **{f"{BOX}.query": typed})
    assert listed_on(listed) == ["020101", "020201"]
    assert chips_on(listed) == ["Lives in is in Battambang"]


def test_names_apart_by_semicolons_are_each_a_place_and_what_is_unclear_is_asked_again(visitor: Visitor) -> None:
    back = sent(visitor, asking(visitor, "in_place"), **{f"{BOX}.query": "Phnom Penh; Chheu Teal"})
    assert form_of(back, "conditions").values(BOX) == ["12"]
    assert offered(back, "checkbox") == ["12", "020101", "020201"]


def test_a_name_of_two_places_comes_back_with_both(visitor: Visitor) -> None:
    back = sent(visitor, asking(visitor, "equals"), **{f"{BOX}.query": "Chheu Teal"})
    assert offered(back, "radio") == ["020101", "020201"]
    listed = sent(visitor, back, **{BOX: "020101"})
    assert listed_on(listed) == ["020101"]
    assert chips_on(listed) == [f"Lives in is {BANAN}"]
    assert "Nothing found" in sent(visitor, asking(visitor, "equals"), **{f"{BOX}.query": "nowhere"}).text


def test_an_address_that_names_a_place_shows_it_as_chosen(visitor: Visitor) -> None:
    page = asking(visitor, "in_place", "ថ្មគោល")
    assert listed_on(page) == ["020201"]
    assert form_of(page, "conditions").values(BOX) == ["0202"]
    two = asking(visitor, "in_place", "Chheu Teal")
    assert "could be 2 places" in two.text
    assert offered(two, "checkbox") == ["020101", "020201"]


def test_what_a_field_may_lie_in_and_what_was_closed_can_be_asked_for(visitor: Visitor) -> None:
    provinces = sent(visitor, asking(visitor, "in_place", field="born_in"), **{f"{BOX}.query": "a", "find": BOX})
    assert {"02", "0201", "0202"} <= {*offered(provinces, "checkbox")}
    assert not {"12", "1201"} & {*offered(provinces, "checkbox")}
    closed = sent(visitor, asking(visitor, "equals"), **{f"{BOX}.query": "old pro", "find": BOX})
    assert offered(closed, "radio") == ["99"]
    assert "Old Province (closed)" in closed.text


def test_a_script_asks_the_same(visitor: Visitor, households: OrganisationStore) -> None:
    page = asking(visitor, "in_place")
    source = html.unescape(re.findall(r'data-source="([^"]*find-place[^"]*)"', page.text)[0])
    path = source.removeprefix(f"/o/{households.slug}/")
    matches = visitor.post(path, {"q": "old"}).get_json()["matches"]
    assert matches == [{"id": "99", "name": "Old Province (closed)", "detail": "province"}]


def test_a_place_that_is_not_known_any_more_can_be_taken_away(visitor: Visitor) -> None:
    page = asking(visitor, "in_place", str(uuid.uuid4()))
    assert page.status_code == 422
    assert offered(page, "checkbox") == []
    assert listed_on(sent(visitor, page, **{f"{BOX}.query": "Phnom Penh"})) == ["120101"]
