"""A record's page, its past, its history, and taking it away."""

from __future__ import annotations

import datetime as dt
import uuid
from zoneinfo import ZoneInfo

from flask import Flask

from amparo.runtime.access import Role, operator_actor
from amparo.runtime.planner.records import read_record
from amparo.runtime.records import service
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.organisations import Organisations
from amparo.runtime.web.dates import day_words
from factories.office import office_document
from factories.organisations import make_organisation
from factories.visitors import Visitor

#: The organisation's, in which days begin.
ZONE = ZoneInfo("Asia/Phnom_Penh")


def test_a_page_shows_the_layout_of_its_tab(caseworker: Visitor, sokha: uuid.UUID) -> None:
    first = caseworker.get(f"person/{sokha}").text
    assert "Names" in first
    assert "Papers" in first
    assert "Visits" in first
    assert "First line" not in first
    second = caseworker.get(f"person/{sokha}", tab="more").text
    assert "First line\nsecond line" in second
    assert "Papers" not in second


def test_a_tab_that_is_none_shows_the_first(caseworker: Visitor, sokha: uuid.UUID) -> None:
    assert "Papers" in caseworker.get(f"person/{sokha}", tab="'; DROP").text


def test_a_reason_is_shown_as_an_answer_and_a_gap_leads_to_its_box(
    caseworker: Visitor, office: OrganisationStore
) -> None:
    values = {"name": "Gaps", "gender": {"missing": "refused"}}
    record = service.create(office, operator_actor(), "person", values).record
    page = caseworker.get(f"person/{record}").text
    assert '<span class="reason-box">Refused</span>' in page
    assert f'/person/{record}/edit#f-passport">Not recorded</a>' in page


def test_a_list_of_what_belongs_here_offers_one_more(
    caseworker: Visitor, office: OrganisationStore, sokha: uuid.UUID
) -> None:
    service.create(office, operator_actor(), "visit", {"title": "First talk", "person": str(sokha)})
    page = caseworker.get(f"person/{sokha}").text
    assert "First talk" in page
    assert f"/visit/new?person={sokha}" in page


def test_on_a_day_before_it_was_added_there_is_nothing(caseworker: Visitor, sokha: uuid.UUID) -> None:
    before = (dt.datetime.now(dt.UTC) - dt.timedelta(days=2)).date().isoformat()
    page = caseworker.get(f"person/{sokha}", as_of=before)
    assert page.status_code == 404
    assert "Not there yet on" in page.text
    assert f'href="/o/{caseworker.slug}/person/{sokha}">Show today</a>' in page.text
    assert "សុខា" not in page.text


def test_a_page_of_the_past_shows_the_answers_of_then_and_changes_nothing(
    app: Flask, organisations: Organisations
) -> None:
    now = dt.datetime.now(dt.UTC)
    begun = int((now - dt.timedelta(days=40)).timestamp() * 1_000_000)
    store = make_organisation(organisations, "yesteryear", office_document(), Role.CASEWORKER, clock=lambda: begun)
    saved = service.create(store, operator_actor(), "person", {"name": "Once", "code": "old code"})
    store.clock = None
    service.update(store, operator_actor(), "person", saved.record, saved.version, {"code": "new code"})
    visitor = Visitor.signed_in(app, "yesteryear", Role.CASEWORKER)
    assert "new code" in visitor.get(f"person/{saved.record}").text
    then = (now - dt.timedelta(days=20)).date()
    page = visitor.get(f"person/{saved.record}", as_of=then.isoformat()).text
    assert "old code" in page
    assert "new code" not in page
    assert "You are looking at" in page
    assert page.count("Changed since") == 1
    assert f"Previous change: {day_words((now - dt.timedelta(days=40)).astimezone(ZONE).date(), 'en')}" in page
    assert "Next change: " in page
    assert "new code" not in page.split('id="timeline"')[1]
    for offer in ("/edit", "/delete", "/new"):
        assert offer not in page


def test_a_day_that_is_none_or_has_not_come_is_said_and_today_is_shown(caseworker: Visitor, sokha: uuid.UUID) -> None:
    for day in ("2026-02-30", "yesterday", "9998-01-01"):
        page = caseworker.get(f"person/{sokha}", as_of=day)
        assert page.status_code == 422
        assert '<div class="notice warn">' in page.text
        assert "YYYY" not in page.text


def test_a_history_tells_each_change_with_its_person(caseworker: Visitor, sokha: uuid.UUID) -> None:
    caseworker.send(caseworker.get(f"person/{sokha}/edit"), {"debt": "9", "gender.missing": "refused"})
    page = caseworker.get(f"person/{sokha}/history").text
    assert "Caseworker Person" in page
    assert "1,250.50" in page
    assert "9.00" in page
    assert "Person added with" in page


def test_a_long_history_goes_on(caseworker: Visitor, office: OrganisationStore, sokha: uuid.UUID) -> None:
    version = read_record(office, operator_actor(), "person", sokha).version
    for number in range(52):
        version = service.update(office, operator_actor(), "person", sokha, version, {"debt": str(number)}).version
    page = caseworker.get(f"person/{sokha}/history").text
    assert "Show earlier changes" in page
    before = page.split("history?before=")[1].split('"')[0]
    earlier = caseworker.get(f"person/{sokha}/history", before=before).text
    assert "Person added with" in earlier
    assert "Back to the latest changes" in earlier
    assert caseworker.get(f"person/{sokha}/history", before="rubbish").status_code == 200


def test_deleting_can_be_undone_at_once(caseworker: Visitor, office: OrganisationStore, sokha: uuid.UUID) -> None:
    visit = service.create(office, operator_actor(), "visit", {"title": "Talk", "person": str(sokha)}).record
    answer = caseworker.post(f"person/{sokha}/delete")
    assert answer.status_code == 302
    listed = caseworker.client.get(answer.headers["Location"]).text
    assert f"/person/{sokha}/undelete" in listed
    assert "with 1 that belongs to it" in listed
    assert "This was deleted" in caseworker.get(f"person/{sokha}").text
    assert caseworker.get(f"person/{sokha}/edit").status_code == 404
    assert caseworker.post(f"person/{sokha}/undelete").status_code == 302
    assert read_record(office, operator_actor(), "visit", visit).deleted is False


def test_deleting_what_somebody_just_changed_is_refused(
    caseworker: Visitor, office: OrganisationStore, sokha: uuid.UUID
) -> None:
    version = read_record(office, operator_actor(), "person", sokha).version
    service.update(office, operator_actor(), "person", sokha, version, {"debt": "1"})
    assert caseworker.post(f"person/{sokha}/delete", {"version": str(version)}).status_code == 409
    assert caseworker.get(f"person/{sokha}").status_code == 200


def test_a_reader_is_offered_nothing_that_changes(app: Flask, office: OrganisationStore, sokha: uuid.UUID) -> None:
    page = Visitor.signed_in(app, office.slug, Role.READER).get(f"person/{sokha}").text
    for offer in ("/edit", "/delete", "/new"):
        assert offer not in page


def test_titles_and_addresses_hold_no_name(caseworker: Visitor, sokha: uuid.UUID) -> None:
    for path in (f"person/{sokha}", f"person/{sokha}/edit", f"person/{sokha}/history"):
        page = caseworker.get(path)
        assert "សុខា" not in page.text.split("</title>")[0]
    assert "<title>Person P-" in caseworker.get(f"person/{sokha}").text
