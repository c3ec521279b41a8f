"""Roll-ups on pages: in the form's own conditions, on the record, in its list, and after an import."""

from __future__ import annotations

import html
import json
import re
from typing import Any

import pytest
from flask import Flask

from amparo.runtime.access import Role, operator_actor
from amparo.runtime.planner.lists import list_page
from amparo.runtime.planner.queries import ListQuery
from amparo.runtime.projections.comparing import check_projections
from amparo.runtime.records import service
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.organisations import Organisations
from amparo.runtime.transfer.importing import import_file
from factories.clinic import Json, field_of
from factories.office import office_document
from factories.organisations import make_organisation
from factories.visitors import Visitor

_VISITS = {"object": "visit", "field": "person"}


def document() -> Json:
    made = office_document()
    person = next(each for each in made["objects"] if each["name"] == "person")
    roll_up: dict[str, Json] = {
        "visits": {"type": "integer", "roll_up": {**_VISITS, "function": "count"}},
        "last_visit": {"type": "date", "roll_up": {**_VISITS, "function": "maximum", "of": "held_on"}},
    }
    for name, written in roll_up.items():
        label = name.replace("_", " ").capitalize()
        person["fields"].append({"id": f"person.{name}", "name": name, "label": label, **written})
    field_of(made, "person", "code")["visible_when"] = "visits = 0"
    layout = next(each for each in made["layouts"] if each["object"] == "person")
    layout["tabs"][0]["sections"][0]["fields"] += ["visits", "last_visit"]
    return made


@pytest.fixture(scope="module")
def store(organisations: Organisations) -> OrganisationStore:
    return make_organisation(organisations, "rolled", document(), Role.SUPERVISOR)


@pytest.fixture
def visitor(app: Flask, store: OrganisationStore) -> Visitor:
    return Visitor.signed_in(app, store.slug, Role.SUPERVISOR)


def held_in(page: str) -> Any:
    """What the form's script is told that the record holds."""
    told = re.search(r'<div data-conditions="([^"]*)"', page)
    assert told is not None
    return json.loads(html.unescape(told[1]))["held"]


def test_the_form_knows_them_and_asks_for_none(visitor: Visitor, store: OrganisationStore) -> None:
    new = visitor.get("person/new", record_type="client").text
    assert held_in(new)["visits"] == "0"
    assert 'name="visits"' not in new
    saved = visitor.send(visitor.get("person/new", record_type="client"), {"name": "Ana", "code": "A-1"})
    assert saved.status_code == 302
    address = saved.headers["Location"]
    person = address.rstrip("/").rpartition("/")[2]
    service.create(store, operator_actor(), "visit", {"title": "First", "person": person, "held_on": "2026-03-05"})
    assert held_in(visitor.client.get(f"{address}/edit").text)["visits"] == "1"
    page = visitor.client.get(address).text
    assert "5 March 2026" in page
    listed = visitor.get("person/", **{"f.0.field": "visits", "f.0.operator": "equals", "f.0.value": "1"}).text
    assert "Ana" in listed


def test_an_import_and_its_rows_are_counted_once_it_is_done(store: OrganisationStore) -> None:
    operator = operator_actor("import")
    import_file(store, operator, "person", b"Name\nImported one\nImported two\n")
    rows = "".join(f"Visit {number},Imported one,{number}.5\n" for number in range(30))
    outcome = import_file(store, operator, "visit", f"Title,Person,Hours\n{rows}".encode())
    assert outcome.created == 30
    records = list_page(store, operator_actor(), ListQuery("person", ("name", "visits"), limit=100)).records
    visits = {each.name: each.answers["visits"] for each in records}
    assert (visits["Imported one"], visits["Imported two"]) == (30, 0)
    assert check_projections(store).differences == 0
