"""A change that is refused, while others change the same record: what comes back is what it was judged by."""

from __future__ import annotations

import uuid

import pytest
from werkzeug.test import TestResponse

from amparo.runtime.access import Role, operator_actor
from amparo.runtime.members import list_members
from amparo.runtime.planner.records import read_record
from amparo.runtime.records import service
from amparo.runtime.serializer import Record
from amparo.runtime.stores.organisation import OrganisationStore
from factories.visitors import Visitor, form_of


def kept(store: OrganisationStore, record: uuid.UUID) -> Record:
    return read_record(store, operator_actor(), "person", record)


def change(store: OrganisationStore, record: uuid.UUID, **values: object) -> None:
    service.update(store, operator_actor(), "person", record, kept(store, record).version, values)


def summary(page: TestResponse) -> str:
    return page.text.split("data-error-summary")[1].split("</ul>")[0]


@pytest.fixture
def supervising(office: OrganisationStore) -> str:
    return next(str(each.id) for each in list_members(office) if each.role == Role.SUPERVISOR)


@pytest.fixture
def reading(office: OrganisationStore) -> str:
    return next(str(each.id) for each in list_members(office) if each.role == Role.READER)


def test_who_is_responsible_and_the_kind_are_kept_when_the_form_is_saved_after_a_refusal(
    caseworker: Visitor, office: OrganisationStore, sokha: uuid.UUID, supervising: str
) -> None:
    form = caseworker.get(f"person/{sokha}/edit")
    refused = caseworker.send(form, {"owner": supervising, "record_type": "witness", "debt": "no number"})
    assert refused.status_code == 422
    assert caseworker.send(refused, {"debt": "5"}).status_code == 302
    assert (str(kept(office, sokha).owner), kept(office, sokha).record_type) == (supervising, "witness")


def test_also_when_a_search_for_a_record_lies_between(
    caseworker: Visitor, office: OrganisationStore, sokha: uuid.UUID, supervising: str
) -> None:
    form = caseworker.get(f"person/{sokha}/edit")
    found = caseworker.send(form, {"owner": supervising, "friend.query": "nobody of that name", "find": "friend"})
    assert caseworker.send(found, {"friend.query": ""}).status_code == 302
    assert str(kept(office, sokha).owner) == supervising


def test_who_is_responsible_is_kept_when_somebody_goes_on_in_the_form_of_a_new_record_that_was_saved(
    caseworker: Visitor, office: OrganisationStore, supervising: str
) -> None:
    form = caseworker.get("person/new", record_type="client")
    added = caseworker.send(form, {"name": "Maly"}).headers["Location"].rpartition("/")[2]
    again = caseworker.send(form, {"name": "Maly Keo", "owner": supervising})
    assert again.status_code == 409
    assert caseworker.send(again, {}).status_code == 302
    record = kept(office, uuid.UUID(added))
    assert (record.answers["name"], str(record.owner)) == ("Maly Keo", supervising)


def test_a_refused_form_shows_what_others_wrote_meanwhile_where_nobody_typed(
    caseworker: Visitor, office: OrganisationStore, sokha: uuid.UUID, supervising: str
) -> None:
    form = caseworker.get(f"person/{sokha}/edit")
    change(office, sokha, story="A colleague's", owner=supervising, record_type="witness")
    refused = caseworker.send(form, {"debt": "no number"})
    again = form_of(refused)
    assert (again.value("story"), again.value("owner"), again.value("record_type")) == (
        "A colleague's",
        supervising,
        "witness",
    )
    assert summary(refused).count("What they wrote stands here now") == 3
    assert caseworker.send(refused, {"debt": "5"}).status_code == 302
    record = kept(office, sokha)
    assert (record.answers["story"], str(record.owner), str(record.answers["debt"])) == (
        "A colleague's",
        supervising,
        "5.00",
    )


def test_what_others_wrote_can_be_put_back_in_the_form_that_came_back(
    caseworker: Visitor, office: OrganisationStore, sokha: uuid.UUID, supervising: str
) -> None:
    form = caseworker.get(f"person/{sokha}/edit")
    before = form_of(form)
    change(office, sokha, story="A colleague's", owner=supervising)
    refused = caseworker.send(form, {"debt": "no number"})
    put_back = {"debt": "5", "story": before.value("story"), "owner": before.value("owner")}
    assert caseworker.send(refused, put_back).status_code == 302
    record = kept(office, sokha)
    assert (record.answers["story"], record.owner) == ("First line\nsecond line", None)


def test_where_both_wrote_a_refused_form_keeps_mine_and_tells_theirs(
    caseworker: Visitor, office: OrganisationStore, sokha: uuid.UUID, supervising: str, reading: str
) -> None:
    friend = service.create(office, operator_actor(), "person", {"name": "Maly Keo"}).record
    form = caseworker.get(f"person/{sokha}/edit")
    change(office, sokha, story=None, languages=["km"], friend=str(friend), owner=supervising)
    mine = {"debt": "no number", "story": "Mine", "languages": ["en"], "friend": str(sokha), "owner": reading}
    refused = caseworker.send(form, mine)
    assert refused.status_code == 422
    for theirs in ("“Empty”", "“KM”", "“Maly Keo”", "“Supervisor Person”"):
        assert f"Somebody else wrote {theirs} here meanwhile" in summary(refused)
    again = form_of(refused)
    assert (again.value("story"), again.values("languages"), again.value("owner")) == ("Mine", ["en"], reading)
    assert caseworker.send(refused, {"debt": "5"}).status_code == 302
    record = kept(office, sokha)
    assert (record.answers["story"], record.answers["languages"], record.answers["friend"], str(record.owner)) == (
        "Mine",
        ("en",),
        sokha,
        reading,
    )


def test_where_both_chose_a_kind_a_refused_form_keeps_mine_and_tells_theirs(
    caseworker: Visitor, office: OrganisationStore, sokha: uuid.UUID
) -> None:
    change(office, sokha, record_type="witness")
    form = caseworker.get(f"person/{sokha}/edit")
    change(office, sokha, record_type="client")
    refused = caseworker.send(form, {"debt": "no number", "record_type": ""})
    assert "Somebody else wrote “Client” here meanwhile" in summary(refused)
    assert caseworker.send(refused, {"debt": "5"}).status_code == 302
    assert kept(office, sokha).record_type is None


def test_a_change_after_the_refusal_is_still_a_choice(
    caseworker: Visitor, office: OrganisationStore, sokha: uuid.UUID
) -> None:
    form = caseworker.get(f"person/{sokha}/edit")
    change(office, sokha, story="A colleague's")
    refused = caseworker.send(form, {"debt": "no number", "story": "Mine"})
    change(office, sokha, story="Another one")
    clash = caseworker.send(refused, {"debt": "5"})
    assert clash.status_code == 409
    assert "Another one" in clash.text
