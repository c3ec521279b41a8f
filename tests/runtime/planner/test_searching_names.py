"""A list's search that looks into the names of the records its lookups point to."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest

from amparo.runtime.access import Actor
from amparo.runtime.planner.lists import count, list_page
from amparo.runtime.planner.queries import ListQuery
from amparo.runtime.records import service
from amparo.runtime.stores.organisation import OrganisationStore

pytestmark = pytest.mark.every_database


def titles(store: OrganisationStore, actor: Actor, search: str, **asked: object) -> list[str]:
    query = ListQuery("visit", ("title",), search=search, search_names=("person",), **asked)  # type: ignore[arg-type]
    found = [record.name for record in list_page(store, actor, query).records]
    assert count(store, actor, query) == len(found)
    return sorted(found)


def visit(store: OrganisationStore, actor: Actor, title: str, person: uuid.UUID) -> None:
    service.create(store, actor, "visit", {"title": title, "person": str(person)})


def test_each_word_stands_in_the_record_or_in_the_name_it_points_to(store: OrganisationStore, operator: Actor) -> None:
    sara = service.create(store, operator, "person", {"name": "Sára Okoye", "story": "likes tea"}).record
    ana = service.create(store, operator, "person", {"name": "Ana Lima"}).record
    visit(store, operator, "Clinic", sara)
    visit(store, operator, "Court", sara)
    visit(store, operator, "Clinic Sara", ana)
    assert titles(store, operator, "sara") == ["Clinic", "Clinic Sara", "Court"]
    assert titles(store, operator, "OKOYE clinic") == ["Clinic"]
    assert titles(store, operator, "okoye lima") == []
    assert titles(store, operator, "tea") == []
    number = list_page(store, operator, ListQuery("person", ("name",), search="ana")).records[0].number
    assert titles(store, operator, str(number)) == ["Clinic Sara"]


def test_the_name_of_what_was_deleted_finds_nothing(store: OrganisationStore, operator: Actor) -> None:
    friend = service.create(store, operator, "person", {"name": "Gone"}).record
    service.create(store, operator, "person", {"name": "Stays", "friend": str(friend)})
    query = ListQuery("person", ("name",), search="gone", search_names=("friend",))
    assert [record.name for record in list_page(store, operator, query).records] == ["Gone", "Stays"][::-1]
    service.delete(store, operator, "person", friend)
    assert list_page(store, operator, query).records == ()


def test_what_a_record_pointed_to_then_is_what_is_found_of_a_past_day(
    store: OrganisationStore, operator: Actor
) -> None:
    first = service.create(store, operator, "person", {"name": "First"}).record
    other = service.create(store, operator, "person", {"name": "Other"}).record
    saved = service.create(store, operator, "person", {"name": "Moved", "friend": str(first)})
    then = dt.datetime.now(dt.UTC)
    service.update(store, operator, "person", saved.record, saved.version, {"friend": str(other)})
    query = ListQuery("person", ("name",), search="first moved", search_names=("friend",), as_of=then)
    assert [record.name for record in list_page(store, operator, query).records] == ["Moved"]
    now = ListQuery("person", ("name",), search="first moved", search_names=("friend",))
    assert list_page(store, operator, now).records == ()
