"""Rules and conditions that read formula fields see, in a save, what the record would hold after it."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest

from amparo.runtime.access import operator_actor
from amparo.runtime.errors import InvalidAnswers
from amparo.runtime.planner.records import read_record
from amparo.runtime.records import service
from amparo.runtime.releases.publishing import publish
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.organisations import Organisations
from factories.clinic import field_of
from factories.formula_fields import formula_document

pytestmark = pytest.mark.every_database
ACTOR = operator_actor()
_numbers = itertools.count(1)


@pytest.fixture
def store(organisations: Organisations) -> OrganisationStore:
    store = organisations.create(f"ruled-{next(_numbers)}", "Ruled")
    document = formula_document()
    person = next(each for each in document["objects"] if each["name"] == "person")
    person["validation_rules"] = [
        {"id": "person.a", "name": "owes", "field": "debt", "condition": "debt_in_all > 100", "message": "Too much."},
        {
            "id": "person.b",
            "name": "friends",
            "field": "friend",
            "condition": 'CONTAINS(friend.friend_called, "Mo")',
            "message": "Not a friend of Mo's friend.",
        },
    ]
    field_of(document, "person", "story")["visible_when"] = "NOT(is_young)"
    publish(store, ACTOR, document)
    return store


def refusals(store: OrganisationStore, **values: object) -> list[str]:
    with pytest.raises(InvalidAnswers) as refusal:
        service.create(store, ACTOR, "person", {"name": "New", **values})
    return [problem.advice for problem in refusal.value.problems]


def test_a_rule_sees_the_formula_field_of_the_record_itself(store: OrganisationStore) -> None:
    assert refusals(store, children=11) == ["Too much."]
    saved = service.create(store, ACTOR, "person", {"name": "New", "children": 9, "debt": "5"})
    with pytest.raises(InvalidAnswers):
        service.update(store, ACTOR, "person", saved.record, saved.version, {"debt": "11"})
    service.update(store, ACTOR, "person", saved.record, saved.version, {"debt": "10"})
    assert str(read_record(store, ACTOR, "person", saved.record).answers["debt_in_all"]) == "100.00"


def test_a_rule_sees_the_formula_field_of_another_record(store: OrganisationStore) -> None:
    mo = service.create(store, ACTOR, "person", {"name": "Mo", "nickname": "Mo"}).record
    friend = service.create(store, ACTOR, "person", {"name": "Friend", "friend": mo}).record
    assert refusals(store, friend=friend) == ["Not a friend of Mo's friend."]
    service.create(store, ACTOR, "person", {"name": "New", "friend": mo})


def test_a_condition_on_a_formula_field_hides_an_answer(store: OrganisationStore) -> None:
    values = {"name": "New", "born": dt.date(2024, 1, 1), "story": "Told"}
    saved = service.create(store, ACTOR, "person", values)
    service.update(store, ACTOR, "person", saved.record, saved.version, {"born": dt.date(2025, 6, 1)})
    assert read_record(store, ACTOR, "person", saved.record).answers["story"] is None
