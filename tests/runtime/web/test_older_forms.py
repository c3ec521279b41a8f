"""A form that was opened under one release and sent under the next: what was typed in it is kept where it belongs."""

from __future__ import annotations

import uuid

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from amparo.runtime.access import Role, operator_actor
from amparo.runtime.planner.lists import list_page
from amparo.runtime.planner.queries import ListQuery
from amparo.runtime.planner.records import read_record
from amparo.runtime.records import service
from amparo.runtime.releases.publishing import publish
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.organisations import Organisations
from factories.clinic import Json, field_of
from factories.office import office_document
from factories.organisations import make_organisation
from factories.visitors import Visitor, form_of

ROW = "+visit.person.0."


def document() -> Json:
    made = office_document()
    layout = next(each for each in made["layouts"] if each["object"] == "person")
    layout["tabs"][0]["related_lists"][0]["in_form"] = True
    return made


@pytest.fixture
def store(organisations: Organisations) -> OrganisationStore:
    return make_organisation(organisations, f"older-{uuid.uuid4().hex[:8]}", document(), Role.CASEWORKER)


@pytest.fixture
def visitor(app: Flask, store: OrganisationStore) -> Visitor:
    return Visitor.signed_in(app, store.slug, Role.CASEWORKER)


@pytest.fixture
def person(store: OrganisationStore) -> uuid.UUID:
    return service.create(store, operator_actor(), "person", {"name": "Sokha", "story": "As it was"}).record


def renamed(made: Json, object_name: str, name: str, today: str) -> Json:
    """In the object, and in the layouts that are about it; nothing else of the clinic names these fields."""
    field_of(made, object_name, name)["name"] = today
    for layout in made["layouts"]:
        for tab in layout["tabs"]:
            for section in tab["sections"] if layout["object"] == object_name else ():
                section["fields"] = [today if each == name else each for each in section["fields"]]
            for related in tab.get("related_lists", ()):
                if related["object"] == object_name:
                    related["columns"] = [today if each == name else each for each in related["columns"]]
    return made


def summary(page: TestResponse) -> str:
    return page.text.split("data-error-summary")[1].split("</ul>")[0]


def test_an_answer_goes_where_it_was_typed_for_also_when_its_field_has_another_name_since(
    visitor: Visitor, store: OrganisationStore, person: uuid.UUID
) -> None:
    form = visitor.get(f"person/{person}/edit")
    publish(store, operator_actor(), renamed(document(), "person", "story", "account"))
    saved = visitor.send(form, {"story": "What she told us"})
    assert saved.status_code == 302, saved.text
    assert read_record(store, operator_actor(), "person", person).answers["account"] == "What she told us"


def test_also_when_another_field_has_its_old_name(
    visitor: Visitor, store: OrganisationStore, person: uuid.UUID
) -> None:
    changed, added = visitor.get(f"person/{person}/edit"), visitor.get("person/new", record_type="client")
    made = renamed(document(), "person", "story", "account")
    fields = next(each for each in made["objects"] if each["name"] == "person")["fields"]
    fields.append({"id": "person.other", "name": "story", "type": "long_text", "label": "For everybody"})
    publish(store, operator_actor(), made)
    assert visitor.send(changed, {"story": "What she told us"}).status_code == 302
    new = visitor.send(added, {"name": "Maly", "story": "What Maly told us"}).headers["Location"].rpartition("/")[2]
    for record, told in ((person, "What she told us"), (uuid.UUID(new), "What Maly told us")):
        answers = read_record(store, operator_actor(), "person", record).answers
        assert (answers["account"], answers["story"]) == (told, None)


def test_a_form_that_is_refused_comes_back_under_the_names_of_today(
    visitor: Visitor, store: OrganisationStore, person: uuid.UUID
) -> None:
    form = visitor.get(f"person/{person}/edit")
    publish(store, operator_actor(), renamed(document(), "person", "story", "account"))
    refused = visitor.send(form, {"story": "What she told us", "debt": "no number"})
    assert refused.status_code == 422
    assert form_of(refused).value("account") == "What she told us"
    assert visitor.send(refused, {"debt": ""}).status_code == 302
    assert read_record(store, operator_actor(), "person", person).answers["account"] == "What she told us"


def test_a_clash_over_a_renamed_field_is_still_a_choice(
    visitor: Visitor, store: OrganisationStore, person: uuid.UUID
) -> None:
    form = visitor.get(f"person/{person}/edit")
    publish(store, operator_actor(), renamed(document(), "person", "story", "account"))
    version = read_record(store, operator_actor(), "person", person).version
    service.update(store, operator_actor(), "person", person, version, {"account": "A colleague's"})
    clash = visitor.send(form, {"story": "What she told us"})
    assert clash.status_code == 409
    publish(store, operator_actor(), renamed(document(), "person", "story", "told"))
    assert visitor.send(clash, {"account.keep": "mine"}, "conflict").status_code == 302
    assert read_record(store, operator_actor(), "person", person).answers["told"] == "What she told us"


def test_what_was_typed_on_the_page_of_a_clash_for_a_field_retired_since_is_told(
    visitor: Visitor, store: OrganisationStore, person: uuid.UUID
) -> None:
    form = visitor.get(f"person/{person}/edit")
    version = read_record(store, operator_actor(), "person", person).version
    service.update(store, operator_actor(), "person", person, version, {"story": "A colleague's"})
    clash = visitor.send(form, {"story": "What she told us", "debt": "77.70"})
    assert clash.status_code == 409
    made = document()
    field_of(made, "person", "debt")["retired"] = True
    made["list_views"], made["reports"] = [], []
    layout = next(each for each in made["layouts"] if each["object"] == "person")
    layout["tabs"][1]["sections"][0]["fields"].remove("debt")
    publish(store, operator_actor(), made)
    told = visitor.send(clash, {"story.keep": "mine"}, "conflict")
    assert told.status_code == 422
    assert "77.70" in summary(told)


def test_a_row_keeps_what_was_typed_for_a_column_with_another_name_since(
    visitor: Visitor, store: OrganisationStore, person: uuid.UUID
) -> None:
    form = visitor.get(f"person/{person}/edit")
    publish(store, operator_actor(), renamed(document(), "visit", "hours", "lasted"))
    assert visitor.send(form, {f"{ROW}title": "At home", f"{ROW}hours": "1.5"}).status_code == 302
    (visit,) = list_page(store, operator_actor(), ListQuery("visit", ("title", "lasted"))).records
    assert (visit.answers["title"], str(visit.answers["lasted"])) == ("At home", "1.5")


def test_rows_of_a_list_that_left_the_form_are_told_once(
    visitor: Visitor, store: OrganisationStore, person: uuid.UUID
) -> None:
    form = visitor.get(f"person/{person}/edit")
    publish(store, operator_actor(), office_document())
    told = visitor.send(form, {f"{ROW}title": "At home", f"{ROW}hours": "1.5", "story": "What she told us"})
    assert told.status_code == 422
    assert "At home" in summary(told)
    assert "1.5" in summary(told)
    assert visitor.send(told, {}).status_code == 302
    assert read_record(store, operator_actor(), "person", person).answers["story"] == "What she told us"
