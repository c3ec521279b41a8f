"""Two people change the same record."""

from __future__ import annotations

import uuid

import pytest

from amparo.runtime.access import operator_actor
from amparo.runtime.planner.records import read_record
from amparo.runtime.stores.organisation import OrganisationStore
from factories.visitors import Visitor, form_of


def debt_and_story(store: OrganisationStore, record: uuid.UUID) -> tuple[str, str]:
    answers = read_record(store, operator_actor(), "person", record).answers
    return str(answers["debt"]), str(answers["story"])


def test_changes_of_different_answers_are_both_kept_and_it_is_said(
    caseworker: Visitor, supervisor: Visitor, office: OrganisationStore, sokha: uuid.UUID
) -> None:
    mine, theirs = caseworker.get(f"person/{sokha}/edit"), supervisor.get(f"person/{sokha}/edit")
    supervisor.send(theirs, {"story": "Their story"})
    answer = caseworker.send(mine, {"debt": "5"})
    assert answer.status_code == 302
    assert debt_and_story(office, sokha) == ("5.00", "Their story")
    assert "both changes were kept" in caseworker.client.get(answer.headers["Location"]).text


def test_a_clash_shows_before_theirs_and_mine_with_nothing_chosen(
    caseworker: Visitor, supervisor: Visitor, office: OrganisationStore, sokha: uuid.UUID
) -> None:
    mine, theirs = caseworker.get(f"person/{sokha}/edit"), supervisor.get(f"person/{sokha}/edit")
    supervisor.send(theirs, {"debt": "70", "story": "Their story"})
    answer = caseworker.send(mine, {"debt": "5", "name": "New name"})
    assert answer.status_code == 409
    for words in ("1,250.50", "70.00", "5.00", "Supervisor Person"):
        assert words in answer.text
    assert "Their story" not in answer.text
    assert form_of(answer, "conflict").value("debt.keep") is None
    assert debt_and_story(office, sokha) == ("70.00", "Their story")


@pytest.mark.parametrize(("side", "debt"), [("mine", "5.00"), ("theirs", "70.00")])
def test_a_choice_is_asked_until_it_is_made_and_nothing_typed_is_lost(
    caseworker: Visitor, supervisor: Visitor, office: OrganisationStore, sokha: uuid.UUID, side: str, debt: str
) -> None:
    mine, theirs = caseworker.get(f"person/{sokha}/edit"), supervisor.get(f"person/{sokha}/edit")
    supervisor.send(theirs, {"debt": "70", "code": "theirs-" + sokha.hex})
    clash = caseworker.send(mine, {"debt": "5", "code": "mine-" + sokha.hex, "name": "New name"})
    again = caseworker.send(clash, {"debt.keep": side}, "conflict")
    assert again.status_code == 409
    assert "Choose which answer to keep" in again.text
    assert "data-error-summary" in again.text
    assert 'href="#keep-code"' in again.text
    assert 'href="#keep-debt"' not in again.text
    assert 'id="keep-debt"' in again.text
    assert form_of(again, "conflict").value("debt.keep") == side
    answer = caseworker.send(again, {"debt.keep": side, "code.keep": "theirs"}, "conflict")
    assert answer.status_code == 302
    record = read_record(office, operator_actor(), "person", sokha)
    assert str(record.answers["debt"]) == debt
    assert record.answers["code"] == "theirs-" + sokha.hex
    assert record.answers["name"] == "New name"


def test_keeping_theirs_leaves_it_and_saves_the_rest_of_mine(
    caseworker: Visitor, supervisor: Visitor, office: OrganisationStore, sokha: uuid.UUID
) -> None:
    mine, theirs = caseworker.get(f"person/{sokha}/edit"), supervisor.get(f"person/{sokha}/edit")
    supervisor.send(theirs, {"debt": "70"})
    clash = caseworker.send(mine, {"debt": "5", "story": "Mine"})
    assert caseworker.send(clash, {"debt.keep": "theirs"}, "conflict").status_code == 302
    assert debt_and_story(office, sokha) == ("70.00", "Mine")


def test_a_third_change_meanwhile_is_asked_about_again(
    caseworker: Visitor, supervisor: Visitor, office: OrganisationStore, sokha: uuid.UUID
) -> None:
    mine = caseworker.get(f"person/{sokha}/edit")
    supervisor.send(supervisor.get(f"person/{sokha}/edit"), {"debt": "70"})
    clash = caseworker.send(mine, {"debt": "5"})
    supervisor.send(supervisor.get(f"person/{sokha}/edit"), {"debt": "71"})
    again = caseworker.send(clash, {"debt.keep": "mine"}, "conflict")
    assert again.status_code == 409
    assert "71.00" in again.text
    assert form_of(again, "conflict").value("debt.keep") is None
    assert caseworker.send(again, {"debt.keep": "mine"}, "conflict").status_code == 302
    assert debt_and_story(office, sokha)[0] == "5.00"


def test_a_wrong_answer_found_after_a_choice_comes_back_in_the_form(
    caseworker: Visitor, supervisor: Visitor, office: OrganisationStore, sokha: uuid.UUID
) -> None:
    taken = supervisor.send(supervisor.get("person/new", record_type="client"), {"name": "Holder", "code": sokha.hex})
    assert taken.status_code == 302
    mine, theirs = caseworker.get(f"person/{sokha}/edit"), supervisor.get(f"person/{sokha}/edit")
    supervisor.send(theirs, {"debt": "70"})
    clash = caseworker.send(mine, {"debt": "5", "story": "Mine"})
    answer = caseworker.send(clash, {"debt.keep": "theirs", "code": sokha.hex, "mine_": "code story debt"}, "conflict")
    assert answer.status_code == 422
    again = form_of(answer)
    assert again.value("story") == "Mine"
    assert again.value("debt") == "70.00"
    assert again.value("code") == sokha.hex
    assert caseworker.send(answer, {"code": uuid.uuid4().hex}).status_code == 302
    assert debt_and_story(office, sokha) == ("70.00", "Mine")
