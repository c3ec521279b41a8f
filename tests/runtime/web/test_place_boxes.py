"""Places in forms, lists and reports, without script and as the script asks."""

from __future__ import annotations

import json
import uuid
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from amparo.runtime.access import Role, operator_actor
from amparo.runtime.places.changing import change_places
from amparo.runtime.planner.records import read_record
from amparo.runtime.records import service
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.organisations import Organisations
from factories.households import make_households
from factories.places import SMALL
from factories.visitors import Visitor, form_of


@pytest.fixture(scope="module")
def households(organisations: Organisations) -> OrganisationStore:
    return make_households(organisations, Role.SUPERVISOR)


@pytest.fixture
def visitor(app: Flask, households: OrganisationStore) -> Visitor:
    return Visitor.signed_in(app, "households", Role.SUPERVISOR)


def kept(store: OrganisationStore, location: str) -> Any:
    record = uuid.UUID(location.split("/")[-1].split("?")[0])
    return read_record(store, operator_actor(), "household", record).answers


def create(store: OrganisationStore, **values: str) -> uuid.UUID:
    return service.create(store, operator_actor(), "household", values).record


def test_a_place_is_found_by_its_name_and_chosen_by_its_path(visitor: Visitor, households: OrganisationStore) -> None:
    typed = {"name": "New", "lives_in.query": "chheu", "find": "lives_in"}
    page = visitor.send(visitor.get("household/new"), typed)
    assert page.status_code == 200
    for path in ("Chheu Teal, Banan, Battambang", "Chheu Teal, Thma Koul, Battambang"):
        assert path in page.text
    answer = visitor.send(page, {"lives_in": "020201"})
    assert answer.status_code == 302, answer.text
    assert kept(households, answer.headers["Location"])["lives_in"] == "020201"


def test_what_was_typed_and_not_chosen_is_asked_again(visitor: Visitor) -> None:
    answer = visitor.send(visitor.get("household/new"), {"name": "New", "lives_in.query": "Banan"})
    assert answer.status_code == 422
    assert "Choose one of the matches" in answer.text
    assert "Banan, Battambang" in answer.text


def test_a_place_is_chosen_from_the_top_down_and_nothing_typed_is_lost(
    visitor: Visitor, households: OrganisationStore
) -> None:
    page = visitor.send(visitor.get("household/new"), {"name": "New", "lives_in.in.": "02", "find": "lives_in"})
    assert form_of(page).value("name") == "New"
    page = visitor.send(page, {"lives_in.in.02": "0202", "find": "lives_in"})
    assert '<option value="020201">Chheu Teal</option>' in page.text
    answer = visitor.send(page, {"lives_in.in.0202": "020201"})
    assert kept(households, answer.headers["Location"])["lives_in"] == "020201"


def test_a_list_below_counts_only_for_the_place_above_it(visitor: Visitor, households: OrganisationStore) -> None:
    page = visitor.get(f"household/{create(households, name='Moves', lives_in='020101')}/edit")
    assert [form_of(page).value(f"lives_in.in{end}") for end in ("", ".", ".02", ".0201")] == [
        "020101", "02", "0201", "020101",
    ]  # fmt: skip
    page = visitor.send(page, {"lives_in.in.": "12"})
    assert page.status_code == 422
    assert "You chose a different place higher up." in page.text
    answer = visitor.send(page, {"lives_in.in.12": "1201"})
    assert kept(households, answer.headers["Location"])["lives_in"] == "1201"


def test_a_place_found_by_its_name_counts_where_the_lists_were_not_touched(
    visitor: Visitor, households: OrganisationStore
) -> None:
    record = create(households, name="Found", lives_in="020101")
    page = visitor.send(visitor.get(f"household/{record}/edit"), {"lives_in.query": "basak", "find": "lives_in"})
    visitor.send(page, {"lives_in": "120101"})
    assert read_record(households, operator_actor(), "household", record).answers["lives_in"] == "120101"
    visitor.send(visitor.get(f"household/{record}/edit"), {"lives_in": ""})
    assert read_record(households, operator_actor(), "household", record).answers["lives_in"] is None


def test_lists_hold_what_leads_to_a_place_that_the_field_takes(visitor: Visitor) -> None:
    assert codes_of(steps(visitor, "lives_in", "")) == [["02", "12"]]
    assert codes_of(steps(visitor, "lives_in", "1201")) == [["02", "12"], ["1201"], ["120101"]]
    assert codes_of(steps(visitor, "born_in", "0201")) == [["0201", "0202"], ["020101"]]
    assert codes_of(steps(visitor, "born_in", "020101")) == [["0201", "0202"], ["020101"]]
    assert [each["label"] for each in steps(visitor, "lives_in", "12")["steps"]] == ["province", "district"]
    assert steps(visitor, "lives_in", "1201")["name"] == "Chamkar Mon, Phnom Penh"


def steps(visitor: Visitor, field: str, place: str) -> Any:
    """What the script is given after a choice in a list."""
    return json.loads(visitor.post(f"/o/households/place-steps?field=household.{field}", {"place": place}).text)


def codes_of(answer: Any) -> list[list[str]]:
    return [[option["code"] for option in step["options"]] for step in answer["steps"]]


def test_only_what_a_field_takes_is_offered(visitor: Visitor) -> None:
    assert found(visitor, "lives_in", "mon") == [
        {"id": "1201", "name": "Chamkar Mon, Phnom Penh", "detail": "district"}
    ]
    in_battambang = found(visitor, "born_in", "ឈើ")
    assert [each["name"] for each in in_battambang] == [
        "Chheu Teal, Banan, Battambang",
        "Chheu Teal, Thma Koul, Battambang",
    ]
    assert {each["detail"] for each in in_battambang} == {"commune"}
    assert found(visitor, "lives_in", "old prov") == []
    assert visitor.post("/o/households/find-place?field=household.name", {"q": "a"}).status_code == 404


def found(visitor: Visitor, field: str, text: str) -> Any:
    """What the script is given while somebody types."""
    answer = visitor.post(f"/o/households/find-place?field=household.{field}", {"q": text})
    return json.loads(answer.text)["matches"]


def test_a_closed_place_stays_readable_and_is_kept_by_who_does_not_touch_it(
    visitor: Visitor, households: OrganisationStore
) -> None:
    gone = replace(SMALL[2], code="129999", name="Koh Pich")
    change_places(households, operator_actor(), [gone])
    record = create(households, name="Old", lives_in="129999")
    change_places(households, operator_actor(), [replace(gone, closed=True)])
    page = visitor.get(f"household/{record}/edit")
    assert "Koh Pich, Chamkar Mon, Phnom Penh (closed)" in page.text
    answer = visitor.send(page, {"name": "Older"})
    assert kept(households, answer.headers["Location"])["lives_in"] == "129999"
    assert "Koh Pich, Chamkar Mon, Phnom Penh" in visitor.get(f"household/{record}").text


def test_a_list_is_asked_by_the_name_of_a_place(visitor: Visitor, households: OrganisationStore) -> None:
    record = create(households, name="Here", lives_in="020101")
    asked = {"f.0.field": "lives_in", "f.0.operator": "in_place", "f.0.value": "បាត់ដំបង"}
    page = visitor.get("household/", **asked).text
    assert str(record) in page
    assert "Lives in is in" in page
    refused = visitor.get("household/", **asked | {"f.0.value": "Chheu Teal"}).text
    assert "could be 2 places" in refused
    assert "Chheu Teal, Banan, Battambang (020101)" in refused


def test_a_group_of_a_report_leads_to_all_that_lies_there(visitor: Visitor, households: OrganisationStore) -> None:
    record = create(households, name="There", lives_in="120101")
    page = visitor.get("reports/by_province").text
    assert "Phnom Penh" in page
    assert "f.0.operator=in_place&amp;f.0.value=12" in page
    listed = visitor.get("household/", **{"f.0.field": "lives_in", "f.0.operator": "in_place", "f.0.value": "12"})
    assert str(record) in listed.text


def test_a_form_says_where_places_come_from_while_there_are_none(app: Flask, organisations: Organisations) -> None:
    make_households(organisations, Role.SUPERVISOR, slug="bare", places=())
    page = Visitor.signed_in(app, "bare", Role.SUPERVISOR).get("household/new")
    assert "There is no list of places yet." in page.text
    assert form_of(page).value("lives_in.query") == ""
