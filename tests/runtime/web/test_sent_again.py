"""A form that could not be taken when it was sent: nothing that was typed is lost, without script either."""

from __future__ import annotations

import base64
import uuid
import zlib

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from amparo.runtime.access import Role, operator_actor
from amparo.runtime.members import create_member
from amparo.runtime.planner.lists import count
from amparo.runtime.planner.queries import ListQuery
from amparo.runtime.planner.records import read_record
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.organisations import Organisations
from factories.visitors import PASSWORD, Form, Visitor, form_of, token_in

STORY = "First line\r\n  “second” <b>&amp; ជំនួយ"
SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "navigate"}
ELSEWHERE = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}


def form_of_new_person(visitor: Visitor) -> Form:
    return form_of(visitor.get("person/new", record_type="client"))


def named(store: OrganisationStore, name: str) -> int:
    return count(store, operator_actor(), ListQuery("person", (), search=name))


def sign_out_elsewhere(app: Flask, visitor: Visitor) -> None:
    """As an idle session ends, too: the browser still has its cookie."""
    assert Visitor.signed_in(app, visitor.slug, Role.CASEWORKER).post("you/sign-out-everywhere").status_code == 303


def sign_in_on(page: TestResponse, visitor: Visitor, login: str, password: str = PASSWORD) -> TestResponse:
    typed = page.text.split('name="typed" value="')[1].split('"')[0]
    boxes = {"login": login, "password": password, "typed": typed, "csrf_token": token_in(page)}
    return visitor.client.post("/sign-in", data=boxes)


def test_a_form_sent_after_the_session_ended_is_sent_again_after_signing_in(
    app: Flask, caseworker: Visitor, office: OrganisationStore
) -> None:
    name = f"Ann {uuid.uuid4().hex}"
    form = form_of_new_person(caseworker)
    sign_out_elsewhere(app, caseworker)
    asked = caseworker.client.post(form.action, data=form.filled({"name": name, "story": STORY}))
    assert asked.status_code == 401
    assert "Nothing you typed is lost" in asked.text
    wrong = sign_in_on(asked, caseworker, f"caseworker@{office.slug}", "not the password")
    assert wrong.status_code == 422
    back = sign_in_on(wrong, caseworker, f"caseworker@{office.slug}")
    assert "was not saved yet" in back.text
    assert "hreflang" not in back.text, "another language would be another page, without what was typed"
    again = form_of(back, "again")
    saved = caseworker.client.post(again.action, data=again.filled({}))
    assert saved.status_code == 302
    record = read_record(office, operator_actor(), "person", uuid.UUID(saved.headers["Location"].rsplit("/", 1)[1]))
    assert record.answers["name"] == name
    assert record.answers["story"] == STORY.replace("\r\n", "\n")
    caseworker.client.post(again.action, data=again.filled({}))
    assert named(office, name) == 1


def test_somebody_else_who_signs_in_does_not_get_what_was_typed(
    app: Flask, caseworker: Visitor, office: OrganisationStore
) -> None:
    form = form_of_new_person(caseworker)
    sign_out_elsewhere(app, caseworker)
    asked = caseworker.client.post(form.action, data=form.filled({"story": "Typed by the caseworker"}))
    answer = sign_in_on(asked, caseworker, f"supervisor@{office.slug}")
    assert answer.status_code == 302
    assert "Typed by the caseworker" not in caseworker.get("").text


def test_nor_does_somebody_of_another_organisation_when_the_page_was_left_in_another_tab(
    caseworker: Visitor, organisations: Organisations
) -> None:
    slug = f"others-{uuid.uuid4().hex[:8]}"
    organisations.create(slug, "Others")
    create_member(organisations, slug, f"reader@{slug}", "Reader", Role.READER, PASSWORD)
    form = form_of_new_person(caseworker)
    assert caseworker.client.post("/leave").status_code == 303
    story = {"story": "Typed by the caseworker"}
    asked = caseworker.client.post(form.action, data=form.filled(story), headers=SAME_ORIGIN)
    assert asked.status_code == 401
    answer = sign_in_on(asked, caseworker, f"reader@{slug}")
    assert answer.status_code == 302
    assert "Typed by the caseworker" not in answer.text


def test_whoever_left_in_another_tab_sends_the_form_again(caseworker: Visitor, office: OrganisationStore) -> None:
    form = form_of_new_person(caseworker)
    assert caseworker.client.post("/leave").status_code == 303
    assert caseworker.client.get_cookie("amparo") is None
    story = {"story": "Typed before Leave"}
    asked = caseworker.client.post(form.action, data=form.filled(story), headers=SAME_ORIGIN)
    back = sign_in_on(asked, caseworker, f"caseworker@{office.slug}")
    assert form_of(back, "again").value("story") == "Typed before Leave"


def test_what_waits_in_the_page_to_sign_in_can_neither_be_read_nor_changed_there(
    app: Flask, caseworker: Visitor, office: OrganisationStore
) -> None:
    form = form_of_new_person(caseworker)
    sign_out_elsewhere(app, caseworker)
    asked = caseworker.client.post(form.action, data=form.filled({"story": "ZQXJ" * 20}))
    typed = asked.text.split('name="typed" value="')[1].split('"')[0]
    sealed = base64.urlsafe_b64decode(typed)
    assert all(b"ZQXJ" not in inflated(sealed[start:]) for start in range(len(sealed)))
    place = len(typed) // 2
    changed = typed[:place] + ("A" if typed[place] != "A" else "B") + typed[place + 1 :]
    boxes = {"login": f"caseworker@{office.slug}", "password": PASSWORD, "csrf_token": token_in(asked)}
    answer = caseworker.client.post("/sign-in", data={**boxes, "typed": changed})
    assert answer.status_code == 302


def inflated(content: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(content)
    except zlib.error:
        return content


@pytest.mark.parametrize("headers", [SAME_ORIGIN, {}])
def test_a_form_opened_before_signing_in_anew_is_sent_again(
    caseworker: Visitor, office: OrganisationStore, headers: dict[str, str]
) -> None:
    name = f"Bea {uuid.uuid4().hex}"
    form = form_of_new_person(caseworker)
    caseworker.client.post("/sign-out")
    caseworker.sign_in(f"caseworker@{office.slug}", PASSWORD)
    refused = caseworker.client.post(form.action, data=form.filled({"name": name}), headers=headers)
    assert refused.status_code == 400
    again = form_of(refused, "again")
    assert caseworker.client.post(again.action, data=again.filled({})).status_code == 302
    assert named(office, name) == 1


def test_a_form_sent_after_signing_out_waits_for_the_next_sign_in(
    caseworker: Visitor, office: OrganisationStore
) -> None:
    form = form_of_new_person(caseworker)
    caseworker.client.post("/sign-out")
    asked = caseworker.client.post(form.action, data=form.filled({"story": STORY}), headers=SAME_ORIGIN)
    back = sign_in_on(asked, caseworker, f"caseworker@{office.slug}")
    assert form_of(back, "again").value("story") == STORY


@pytest.mark.parametrize("is_signed_in", [True, False])
def test_a_form_of_another_site_is_never_offered_to_be_sent_again(
    app: Flask, caseworker: Visitor, office: OrganisationStore, is_signed_in: bool
) -> None:
    """Anybody gets a token that we signed by opening the page to sign in."""
    form = form_of_new_person(Visitor.signed_in(app, office.slug, Role.CASEWORKER))
    if not is_signed_in:
        caseworker.client.post("/sign-out")
    for headers in (ELSEWHERE, {} if not is_signed_in else {"Sec-Fetch-Site": "same-site"}):
        answer = caseworker.client.post(form.action, data=form.filled({"story": "Planted"}), headers=headers)
        assert answer.status_code == 400
        assert "Planted" not in answer.text
        assert 'name="typed"' not in answer.text


def test_what_was_typed_about_a_record_that_was_deleted_meanwhile_can_be_sent_again(
    caseworker: Visitor, supervisor: Visitor, office: OrganisationStore, sokha: uuid.UUID
) -> None:
    form = form_of(caseworker.get(f"person/{sokha}/edit"))
    supervisor.post(f"person/{sokha}/delete")
    refused = caseworker.client.post(form.action, data=form.filled({"story": STORY}))
    assert refused.status_code == 409
    again = form_of(refused, "again")
    supervisor.post(f"person/{sokha}/undelete")
    assert caseworker.client.post(again.action, data=again.filled({})).status_code == 302
    assert read_record(office, operator_actor(), "person", sokha).answers["story"] == STORY.replace("\r\n", "\n")


def test_a_saved_form_that_somebody_goes_back_to_goes_on_as_a_change(
    caseworker: Visitor, office: OrganisationStore
) -> None:
    name = f"Cleo {uuid.uuid4().hex}"
    form = form_of_new_person(caseworker)
    first = caseworker.client.post(form.action, data=form.filled({"name": name}))
    assert 'name="saved-drafts"' in caseworker.client.get(first.headers["Location"]).text
    back = caseworker.client.post(form.action, data=form.filled({"name": f"{name} II", "story": STORY}))
    assert back.status_code == 409
    # The next new person begins with none of it.
    assert 'name="saved-drafts"' in back.text
    change = form_of(back)
    assert change.value("name") == f"{name} II"
    saved = caseworker.client.post(change.action, data=change.filled({}))
    assert saved.headers["Location"] == first.headers["Location"]
    assert named(office, name) == 1
    record = read_record(office, operator_actor(), "person", uuid.UUID(saved.headers["Location"].rsplit("/", 1)[1]))
    assert record.answers["name"] == f"{name} II"


def test_a_saved_change_that_somebody_goes_back_to_is_changed_once_more(
    caseworker: Visitor, office: OrganisationStore, sokha: uuid.UUID
) -> None:
    form = form_of(caseworker.get(f"person/{sokha}/edit"))
    assert caseworker.client.post(form.action, data=form.filled({"debt": "70"})).status_code == 302
    second = caseworker.client.post(form.action, data=form.filled({"debt": "70", "story": STORY}))
    assert second.status_code == 302
    assert read_record(office, operator_actor(), "person", sokha).answers["story"] == STORY.replace("\r\n", "\n")


def test_a_member_of_another_organisation_learns_nothing_by_sending_again(
    app: Flask, caseworker: Visitor, organisations: Organisations
) -> None:
    slug = f"other-{uuid.uuid4().hex[:8]}"
    organisations.create(slug, "Elsewhere")
    create_member(organisations, slug, f"out@{slug}", "Out Sider", Role.CASEWORKER, PASSWORD)
    form = form_of_new_person(caseworker)
    sign_out_elsewhere(app, caseworker)
    asked = caseworker.client.post(form.action, data=form.filled({"story": STORY}))
    outsider = Visitor(app, slug)
    outsider.client.get("/sign-in")
    assert outsider.sign_in(f"out@{slug}", PASSWORD).status_code == 302
    typed = asked.text.split('name="typed" value="')[1].split('"')[0]
    boxes = {"login": f"out@{slug}", "password": PASSWORD, "typed": typed, "csrf_token": outsider.token}
    assert outsider.client.post("/sign-in", data=boxes).status_code == 302
