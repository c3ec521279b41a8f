"""Rules read what the person who saves may not see, say nothing of it, and nobody clears what they may not see."""

from __future__ import annotations

import itertools

import pytest

from amparo.runtime import access
from amparo.runtime.access import Actor, Permission, Role, operator_actor
from amparo.runtime.errors import InvalidAnswers
from amparo.runtime.planner.records import read_record
from amparo.runtime.records import service
from amparo.runtime.releases.publishing import publish
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.organisations import Organisations
from factories.clinic import clinic_document, field_of
from factories.population import add_members

pytestmark = pytest.mark.every_database
OPERATOR = operator_actor()
NEUTRAL = "This does not go together with an answer that you may not see. Ask somebody who may see it."
OWN = "Passport N1 was stolen."
ANOTHER = "The friend's passport N1 was stolen."
_numbers = itertools.count(1)


@pytest.fixture
def store(organisations: Organisations) -> OrganisationStore:
    store = organisations.create(f"unseen-{next(_numbers)}", "Unseen")
    document = clinic_document()
    person = next(each for each in document["objects"] if each["name"] == "person")
    stolen = {"id": "r.own", "name": "own", "field": "passport", "condition": 'AND(passport = "N1", safe)'}
    friends = {"id": "r.other", "name": "other", "field": "friend", "condition": 'friend.passport = "N1"'}
    person["validation_rules"] = [{**stolen, "message": OWN}, {**friends, "message": ANOTHER}]
    field_of(document, "person", "passport")["visible_when"] = 'NOT(ISPICKVAL(gender, "other"))'
    publish(store, OPERATOR, document)
    return store


@pytest.fixture
def worker(store: OrganisationStore, monkeypatch: pytest.MonkeyPatch) -> Actor:
    """Somebody who works and may not see what is encrypted, as no role is today."""
    may = access.PERMISSIONS_OF[Role.CASEWORKER] - {Permission.SENSITIVE_READ}
    monkeypatch.setattr(access, "PERMISSIONS_OF", {**access.PERMISSIONS_OF, Role.CASEWORKER: may})
    return add_members(store, 1)[0]


def refusals(store: OrganisationStore, actor: Actor, record: service.Saved, **values: object) -> list[tuple[str, str]]:
    with pytest.raises(InvalidAnswers) as refusal:
        service.update(store, actor, "person", record.record, record.version, values)
    return [(problem.path, problem.message) for problem in refusal.value.problems]


def test_a_rule_says_nothing_of_what_its_reader_may_not_see(store: OrganisationStore, worker: Actor) -> None:
    stolen = service.create(store, OPERATOR, "person", {"name": "A", "passport": "N1", "safe": False})
    assert refusals(store, OPERATOR, stolen, safe=True) == [("passport", OWN)]
    assert refusals(store, worker, stolen, safe=True) == [("", NEUTRAL)]
    friend = service.create(store, OPERATOR, "person", {"name": "B"})
    assert refusals(store, OPERATOR, friend, friend=stolen.record) == [("friend", ANOTHER)]
    assert refusals(store, worker, friend, friend=stolen.record) == [("friend", NEUTRAL)]


def test_whoever_writes_an_answer_is_told_about_it(store: OrganisationStore, worker: Actor) -> None:
    person = service.create(store, OPERATOR, "person", {"name": "A", "safe": True})
    assert refusals(store, worker, person, passport="N1") == [("passport", OWN)]


def test_what_somebody_may_not_see_they_do_not_clear(store: OrganisationStore, worker: Actor) -> None:
    for actor, is_kept in ((worker, True), (OPERATOR, False)):
        saved = service.create(store, OPERATOR, "person", {"name": "A", "passport": f"P{is_kept}"})
        service.update(store, actor, "person", saved.record, saved.version, {"gender": "other"})
        held = read_record(store, OPERATOR, "person", saved.record).answers["passport"]
        assert (held is not None) is is_kept
