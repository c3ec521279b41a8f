"""What a formula that somebody tries reads of a record: nothing that they may not see."""

from __future__ import annotations

import uuid
from dataclasses import replace

import pytest

from amparo.runtime.access import Actor, Role
from amparo.runtime.planner.formula_values import Known, values_of
from amparo.runtime.planner.records import read_record
from amparo.runtime.records import service
from amparo.runtime.records.deleting import delete
from amparo.runtime.releases.publishing import publish
from amparo.runtime.stores.organisation import OrganisationStore
from factories.clinic import clinic_document

pytestmark = pytest.mark.every_database


@pytest.fixture
def store(empty_store: OrganisationStore, operator: Actor) -> OrganisationStore:
    publish(empty_store, operator, clinic_document())
    return empty_store


def person(store: OrganisationStore, operator: Actor, **values: object) -> uuid.UUID:
    return service.create(store, operator, "person", {"name": "Sok", **values}).record


def known(store: OrganisationStore, actor: Actor, record: uuid.UUID, *paths: str) -> Known:
    release = store.newest_release()
    found = read_record(store, actor, "person", record)
    return values_of(store, actor, release, found, [tuple(path.split(".")) for path in paths])


def test_values_are_read_across_lookups(store: OrganisationStore, operator: Actor) -> None:
    friend = person(store, operator, name="Dara", children=3, passport="N1")
    record = person(store, operator, friend=friend, children=1)
    found = known(
        store, operator, record, "children", "friend.children", "friend.passport", "friend.created_by", "$User.id"
    )
    assert found.withheld == []
    assert {path: found.values[path] for path in ("children", "friend.children", "friend.passport")} == {
        "children": 1,
        "friend.children": 3,
        "friend.passport": "N1",
    }
    assert [place.path[-1] for place in found.places] == ["children", "children", "created_by", "passport"]


def test_what_stands_behind_a_blank_lookup_is_blank(store: OrganisationStore, operator: Actor) -> None:
    found = known(store, operator, person(store, operator), "friend.children", "friend.friend.name")
    assert (found.withheld, found.values) == ([], {"friend": None})
    assert [place.record for place in found.places] == [None, None]


def test_sensitive_answers_are_withheld_from_who_may_not_see_them(store: OrganisationStore, operator: Actor) -> None:
    friend = person(store, operator, name="Dara", passport="N1")
    record = person(store, operator, friend=friend, passport="N2")
    reader = replace(operator, role=Role.READER)
    found = known(store, reader, record, "name", "passport", "friend.passport")
    assert found.withheld == [("friend", "passport"), ("passport",)]
    assert "N1" not in str(found.values)
    assert "N2" not in str(found.values)


def test_a_record_that_is_not_there_any_more_is_withheld(store: OrganisationStore, operator: Actor) -> None:
    friend = person(store, operator, name="Dara", children=3)
    record = person(store, operator, friend=friend)
    delete(store, operator, "person", friend)
    assert known(store, operator, record, "friend.children").withheld == [("friend", "children")]
