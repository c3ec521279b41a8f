"""What the standard template asks, where people save: on every database, with the records around."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from functools import partial
from typing import Any

import pytest

from amparo.runtime.access import Actor, operator_actor
from amparo.runtime.errors import InvalidAnswers
from amparo.runtime.planner.records import read_record
from amparo.runtime.records import service
from amparo.runtime.records.changes import Saved
from amparo.runtime.releases.publishing import publish
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.organisations import Organisations

pytestmark = pytest.mark.every_database

REFERRED_ON = "2024-01-12"


@pytest.fixture(scope="module")
def store(organisations: Organisations, standard_template: Mapping[str, Any]) -> OrganisationStore:
    """Each test adds the people it asks about."""
    made = organisations.create("template", "Template")
    publish(made, operator_actor(), standard_template)
    return made


class Office:
    """Saves in one organisation; ``told`` is what a refused save says, by field and kind."""

    def __init__(self, store: OrganisationStore, actor: Actor) -> None:
        self._store = store
        self._actor = actor

    def add(self, object_name: str, acknowledged: tuple[str, ...] = (), **values: Any) -> Saved:
        return service.create(self._store, self._actor, object_name, values, acknowledged=acknowledged)

    def change(self, object_name: str, saved: Saved, **values: Any) -> Saved:
        return service.update(self._store, self._actor, object_name, saved.record, saved.version, values)

    def told(self, object_name: str, saved: Saved | None = None, **values: Any) -> set[tuple[str, str]]:
        save = partial(self.change, object_name, saved) if saved else partial(self.add, object_name)
        with pytest.raises(InvalidAnswers) as refusal:
            save(**values)
        return {(problem.path, problem.kind) for problem in refusal.value.problems}

    def case(self, **values: Any) -> tuple[uuid.UUID, Saved]:
        """A person born in 2001, and their case."""
        person = self.add("person", name="Ada Sok", birth_date="2001").record
        known: dict[str, Any] = {"person": person, "referral_date": REFERRED_ON, "consent": {"missing": "not_asked"}}
        return person, self.add("case", **known | values)


@pytest.fixture
def office(store: OrganisationStore, operator: Actor) -> Office:
    return Office(store, operator)


def test_a_referral_leaves_only_when_the_person_agrees(office: Office) -> None:
    _, case = office.case()
    partner = office.add("organisation", name="Legal Aid").record
    wanted: dict[str, Any] = {"case": case.record, "organisation": partner, "service_wanted": "legal_advice"}
    sent: dict[str, Any] = {"status": "sent", "sent_on": "2024-02-02"}
    draft = office.add("referral", **wanted)
    assert office.told("referral", **wanted, **sent) == {("status", "broken_rule")}
    assert office.told("referral", draft, **sent) == {("status", "broken_rule")}
    office.change("case", case, consent="given", consent_date="2024-01-20")
    left = office.change("referral", draft, **sent)
    other = office.add("organisation", name="Health Post").record
    assert office.told("referral", left, organisation=other) == {("organisation", "read_only")}


def test_the_client_of_a_case_is_not_the_alleged_perpetrator_in_it(office: Office) -> None:
    person, case = office.case()
    other = office.add("person", name="Bora Chan").record
    about: dict[str, Any] = {"relationship": "alleged_perpetrator", "case": case.record}
    assert office.told("connection", person=other, other_person=person, **about) == {("relationship", "broken_rule")}
    assert office.told("connection", person=person, **about) == {("relationship", "broken_rule")}
    assert office.told("connection", person=person, other_person=person, relationship="friend") == {
        ("other_person", "broken_rule")
    }
    office.add("connection", person=person, other_person=other, **about)


def test_what_lies_outside_its_case_is_asked_about_and_saved_when_it_is_right(office: Office) -> None:
    _, case = office.case()
    early: dict[str, Any] = {
        "case": case.record,
        "service_type": "medical",
        "status": "given",
        "service_date": "2024-01-05",
    }
    assert office.told("service", **early) == {("service_date", "warning")}
    office.add("service", ("inside_the_case",), **early)


def test_a_partly_known_birth_breaks_a_rule_only_where_it_is_certain(office: Office) -> None:
    _, case = office.case()
    event: dict[str, Any] = {"case": case.record, "event_type": "recruitment"}
    assert office.told("trafficking_event", **event, event_date="1999") == {("event_date", "warning")}
    office.add("trafficking_event", **event, event_date="2001")


def test_closing_asks_for_day_and_reason_and_old_cases_come_in_without(office: Office) -> None:
    _, case = office.case()
    assert office.told("case", case, status="closed") == {
        ("closing_date", "broken_rule"),
        ("closing_reason", "broken_rule"),
    }
    office.change("case", case, status="closed", closing_date="2024-02-01", closing_reason="goals_reached")
    office.case(status="closed")


def test_the_outcome_of_a_service_goes_when_it_did_not_take_place(
    office: Office, store: OrganisationStore, operator: Actor
) -> None:
    _, case = office.case()
    given = office.add(
        "service", case=case.record, service_type="medical", status="given", service_date=REFERRED_ON, outcome="helped"
    )
    office.change("service", given, status="missed")
    assert read_record(store, operator, "service", given.record).answers["outcome"] is None
    assert office.told("service", case=case.record, service_type="medical", status="planned", service_date="2024-01-20",
                       outcome="helped") == {("outcome", "not_asked")}  # fmt: skip


def test_a_save_is_judged_by_the_clock_of_its_store(office: Office, store: OrganisationStore) -> None:
    _, case = office.case()
    due: dict[str, Any] = {"next_contact_date": "2024-02-10"}
    store.clock = lambda: 1_706_832_000_000_000  # 2 February 2024
    try:
        office.change("case", case, **due)
    finally:
        store.clock = None


def test_a_stay_ends_after_it_began_and_says_why(office: Office) -> None:
    _, case = office.case(consent="given")
    stay: dict[str, Any] = {"case": case.record, "arrived_on": "2024-01-20"}
    assert office.told("stay", **stay, left_on="2024-01-19", reason_left="home") == {("left_on", "broken_rule")}
    assert office.told("stay", **stay, left_on="2024-01-25") == {("reason_left", "warning")}
    office.add("stay", **stay, left_on="2024-01-25", reason_left={"missing": "unknown"})
