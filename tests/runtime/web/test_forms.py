"""The generated form: everything typed is kept, everything wrong is said at once, everything right is saved once."""

from __future__ import annotations

import re
import uuid

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from amparo.metadata.missing import Missing
from amparo.runtime.access import Role, operator_actor
from amparo.runtime.planner.lists import count
from amparo.runtime.planner.queries import ListQuery
from amparo.runtime.planner.records import read_record
from amparo.runtime.records import service
from amparo.runtime.serializer import Record
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.web.entries import shown_digests
from amparo.runtime.web.widgets.base import Entry
from factories.visitors import Visitor, form_of

FULL = {
    "name": "O’Brien <b>José</b>",
    "gender": "other",
    "languages": ["ar", "th"],
    "debt": "1,250.5",
    "born.day": "3",
    "born.month": "2",
    "born.year": "2001",
    "met_at.day": "31",
    "met_at.month": "3",
    "met_at.year": "2026",
    "met_at.time": "9:05",
    "story": "one\r\ntwo\r\n",
    "children.missing": "not_asked",
}


def kept(store: OrganisationStore, location: str) -> Record:
    identifier = uuid.UUID(location.rstrip("/").split("/")[-1].split("?")[0])
    return read_record(store, operator_actor(), "person", identifier)


def new_form(visitor: Visitor) -> TestResponse:
    return visitor.get("person/new", record_type="client")


def test_the_kind_is_asked_first_where_there_are_several(caseworker: Visitor) -> None:
    page = caseworker.get("person/new")
    assert "record_type=client" in page.text
    assert "record_type=witness" in page.text
    assert 'id="record"' not in page.text


def test_everything_typed_is_kept_in_its_own_type(caseworker: Visitor, office: OrganisationStore) -> None:
    answer = caseworker.send(new_form(caseworker), {**FULL, "code": uuid.uuid4().hex})
    assert answer.status_code == 302, answer.text
    record = kept(office, answer.headers["Location"])
    assert record.answers["name"] == "O’Brien <b>José</b>"
    assert record.answers["languages"] == ("ar", "th")
    assert str(record.answers["debt"]) == "1250.50"
    assert str(record.answers["born"]) == "2001-02-03"
    assert str(record.answers["met_at"]) == "2026-03-31 02:05:00+00:00"
    assert record.answers["story"] == "one\ntwo\n"
    assert record.answers["children"] is Missing.NOT_ASKED
    assert record.answers["safe"] is True
    assert record.record_type == "client"
    assert record.labels[record.owner] == "Caseworker Person"  # type: ignore[index]


def test_digits_of_other_scripts_are_read(caseworker: Visitor, office: OrganisationStore) -> None:
    typed = {"name": "Digits", "debt": "١٢٥٠٫٥", "born.day": "០៣", "born.month": "2", "born.year": "२००१"}
    answer = caseworker.send(new_form(caseworker), typed)
    record = kept(office, answer.headers["Location"])
    assert str(record.answers["debt"]) == "1250.50"
    assert str(record.answers["born"]) == "2001-02-03"


@pytest.mark.parametrize("year", ["26", "026", "20266", "٢٦"])
def test_a_year_that_is_not_written_out_is_refused(caseworker: Visitor, year: str) -> None:
    typed = {"name": "Short year", "born.day": "5", "born.month": "3", "born.year": year}
    answer = caseworker.send(new_form(caseworker), typed)
    assert answer.status_code == 422
    assert 'id="f-born-error"' in answer.text


@pytest.mark.parametrize(
    ("boxes", "sentence"),
    [
        ({"born.day": "5", "born.year": "2001"}, "Still missing: month."),
        ({"born.month": "5"}, "Still missing: day, year."),
        ({"born.day": "5", "born.month": "5", "born.year": "01"}, "Write the year with four digits, like 2026."),
        ({"born.day": "5th", "born.month": "5", "born.year": "two"}, "Write this in digits: day, year."),
        ({"born.day": "31", "born.month": "2", "born.year": "2001"}, "Look again at: day, month, year."),
        ({"met_at.day": "3", "met_at.month": "2", "met_at.year": "2001"}, "Still missing: time."),
        (
            {"met_at.day": "3", "met_at.month": "2", "met_at.year": "2001", "met_at.time": "noon"},
            "Write the time in hours and minutes, like 14:05.",
        ),
    ],
)
def test_what_is_wrong_with_a_date_is_said_of_its_boxes(
    caseworker: Visitor, boxes: dict[str, str], sentence: str
) -> None:
    answer = caseworker.send(new_form(caseworker), {"name": "Dated", **boxes})
    assert answer.text.count(sentence) == 2
    assert "YYYY" not in answer.text


def test_every_problem_is_said_at_once_beside_its_box_and_nothing_typed_is_lost(caseworker: Visitor) -> None:
    typed = {
        "name": "",
        "gender": "purple",
        "languages": ["ar", "tlh"],
        "debt": "1.234,5 dollars",
        "born.day": "31",
        "born.month": "2",
        "born.year": "twenty",
        "met_at.day": "1",
        "met_at.time": "25:99",
        "children": "some",
        "children.missing": "",
        "story": "kept\r\nas it is",
        "friend.query": "somebody I half remember",
    }
    answer = caseworker.send(new_form(caseworker), typed)
    assert answer.status_code == 422
    again = form_of(answer)
    for name in ("debt", "born.day", "born.month", "born.year", "met_at.time", "children", "friend.query", "gender"):
        assert again.value(name) == typed[name], name
    assert again.values("languages") == ["ar", "tlh"]
    assert again.value("story") == "kept\r\nas it is"
    summary = answer.text.split("data-error-summary")[1].split("</ul>")[0]
    anchors = re.findall(r'href="#(f-[a-z_]+)"', summary)
    assert anchors == ["f-name", "f-gender", "f-languages", "f-debt", "f-children", "f-born", "f-met_at", "f-friend"]
    for anchor in anchors:
        assert f'id="{anchor}"' in answer.text
        assert f'id="{anchor}-error"' in answer.text


def test_a_reason_and_the_text_beside_it_both_come_back(caseworker: Visitor) -> None:
    typed = {"name": "", "passport": "typed before", "passport.missing": "refused"}
    again = form_of(caseworker.send(new_form(caseworker), typed))
    assert again.value("passport") == "typed before"
    assert again.value("passport.missing") == "refused"


def test_sending_a_form_twice_saves_it_once(caseworker: Visitor, office: OrganisationStore) -> None:
    page = new_form(caseworker)
    name = f"Twice {uuid.uuid4().hex}"
    first = caseworker.send(page, {"name": name})
    second = caseworker.send(page, {"name": name})
    assert first.status_code == second.status_code == 302
    assert first.headers["Location"] == second.headers["Location"]
    assert count(office, operator_actor(), ListQuery("person", (), search=name)) == 1


def test_a_form_sent_again_with_other_answers_is_refused(caseworker: Visitor) -> None:
    page = new_form(caseworker)
    assert caseworker.send(page, {"name": "First"}).status_code == 302
    answer = caseworker.send(page, {"name": "Second"})
    assert answer.status_code == 409
    assert "This was added already" in answer.text


def test_find_without_script_shows_matches_and_keeps_the_rest(
    caseworker: Visitor, office: OrganisationStore, sokha: uuid.UUID
) -> None:
    typed = {"name": "Friend of somebody", "debt": "12", "friend.query": "សុខា", "find": "friend"}
    answer = caseworker.send(new_form(caseworker), typed)
    assert answer.status_code == 200
    assert f'name="friend" value="{sokha}"' in answer.text
    again = form_of(answer)
    assert again.value("name") == "Friend of somebody"
    assert again.value("debt") == "12"
    saved = caseworker.send(answer, {"friend": str(sokha)})
    assert kept(office, saved.headers["Location"]).answers["friend"] == sokha


def test_a_link_that_adds_brings_its_record_along(caseworker: Visitor, sokha: uuid.UUID) -> None:
    page = caseworker.get("visit/new", person=str(sokha))
    assert f'value="{sokha}" checked' in page.text
    assert "សុខា ចាន់" in page.text


def test_a_form_leads_back_to_what_it_was_begun_for_also_when_it_came_back(
    caseworker: Visitor, sokha: uuid.UUID
) -> None:
    page = caseworker.get("visit/new", person=str(sokha))
    again = caseworker.send(page, {"find": "person"})
    for shown in (page, again):
        stop = re.findall(r'<a class="[^"]*" href="([^"]*)">Stop without saving</a>', shown.text)
        assert stop == [f"/o/{caseworker.slug}/person/{sokha}"]


def test_each_record_that_a_form_is_begun_for_has_a_draft_of_its_own(caseworker: Visitor, sokha: uuid.UUID) -> None:
    def draft(page: TestResponse) -> str:
        return str(re.findall(r'data-draft="([^"]*)"', page.text)[0])

    page = caseworker.get("visit/new", person=str(sokha))
    drafts = [
        draft(page),
        draft(caseworker.get("visit/new", person=str(uuid.uuid4()))),
        draft(caseworker.get("visit/new")),
    ]
    assert len({*drafts}) == 3
    assert draft(caseworker.send(page, {"find": "person"})) == drafts[0]
    assert str(sokha) not in drafts[0]


def test_a_change_saves_only_what_was_changed(caseworker: Visitor, office: OrganisationStore, sokha: uuid.UUID) -> None:
    page = caseworker.get(f"person/{sokha}/edit")
    answer = caseworker.send(page, {"debt": "7"})
    assert answer.status_code == 302
    before = read_record(office, operator_actor(), "person", sokha)
    assert str(before.answers["debt"]) == "7.00"
    assert before.answers["story"] == "First line\nsecond line"
    assert before.answers["met_at"] is not None
    assert "1 answer saved" in caseworker.client.get(answer.headers["Location"]).text


def test_a_form_that_was_not_touched_changes_nothing(
    caseworker: Visitor, office: OrganisationStore, sokha: uuid.UUID
) -> None:
    version = read_record(office, operator_actor(), "person", sokha).version
    answer = caseworker.send(caseworker.get(f"person/{sokha}/edit"), {})
    assert answer.status_code == 302
    assert read_record(office, operator_actor(), "person", sokha).version == version


def test_an_emptied_box_empties_the_answer_and_a_reason_takes_its_place(
    caseworker: Visitor, office: OrganisationStore, sokha: uuid.UUID
) -> None:
    page = caseworker.get(f"person/{sokha}/edit")
    caseworker.send(page, {"debt": "", "languages": [], "gender.missing": "refused"})
    record = read_record(office, operator_actor(), "person", sokha)
    assert record.answers["debt"] is None
    assert record.answers["languages"] is None
    assert record.answers["gender"] is Missing.REFUSED


def test_problems_of_a_change_come_back_with_what_was_typed(caseworker: Visitor, sokha: uuid.UUID) -> None:
    answer = caseworker.send(caseworker.get(f"person/{sokha}/edit"), {"debt": "lots", "name": "Changed"})
    assert answer.status_code == 422
    again = form_of(answer)
    assert again.value("debt") == "lots"
    assert again.value("name") == "Changed"
    saved = caseworker.send(answer, {"debt": "8"})
    assert saved.status_code == 302
    assert "2 answers saved" in caseworker.client.get(saved.headers["Location"]).text


def test_who_may_not_read_sensitive_answers_never_meets_them(app: Flask, office: OrganisationStore) -> None:
    secret = f"SECRET-{uuid.uuid4().hex}"
    record = service.create(office, operator_actor(), "person", {"name": "Quiet", "passport": secret}).record
    reader = Visitor.signed_in(app, office.slug, Role.READER)
    for path in (f"person/{record}", f"person/{record}/history", "person/"):
        page = reader.get(path)
        assert page.status_code == 200
        assert secret not in page.text
    assert "Passport" not in reader.get(f"person/{record}").text


def test_a_record_is_given_to_a_colleague(caseworker: Visitor, office: OrganisationStore, sokha: uuid.UUID) -> None:
    page = caseworker.get(f"person/{sokha}/edit")
    colleague = re.search(r'<option value="([0-9a-f-]{36})"[^>]*>Supervisor Person', page.text)
    assert colleague
    caseworker.send(page, {"owner": colleague.group(1)})
    assert str(read_record(office, operator_actor(), "person", sokha).owner) == colleague.group(1)


def test_a_form_that_is_older_than_a_field_does_not_empty_it(
    caseworker: Visitor, office: OrganisationStore, sokha: uuid.UUID
) -> None:
    page = caseworker.get(f"person/{sokha}/edit")
    older = dict.fromkeys(("story", "debt"))
    shown = form_of(page).value("shown_") or ""
    kept_back = " ".join(pair for pair in shown.split() if pair.partition(":")[0] not in older)
    answer = caseworker.send(page, {**older, "shown_": kept_back, "name": "Renamed"})
    assert answer.status_code == 302
    record = read_record(office, operator_actor(), "person", sokha)
    assert record.answers["name"] == "Renamed"
    assert record.answers["story"] == "First line\nsecond line"
    assert str(record.answers["debt"]) == "1250.50"


def test_an_older_form_with_problems_comes_back_with_the_new_fields_as_they_are(
    caseworker: Visitor, office: OrganisationStore, sokha: uuid.UUID
) -> None:
    page = caseworker.get(f"person/{sokha}/edit")
    shown = form_of(page).value("shown_") or ""
    kept_back = " ".join(pair for pair in shown.split() if not pair.startswith("story:"))
    again = caseworker.send(page, {"story": None, "shown_": kept_back, "debt": "lots"})
    assert again.status_code == 422
    assert form_of(again).value("story") == "First line\r\nsecond line"
    caseworker.send(again, {"debt": "3"})
    assert read_record(office, operator_actor(), "person", sokha).answers["story"] == "First line\nsecond line"


def test_a_field_that_a_new_form_did_not_show_gets_its_default(caseworker: Visitor, office: OrganisationStore) -> None:
    page = new_form(caseworker)
    shown = form_of(page).value("shown_") or ""
    kept_back = " ".join(pair for pair in shown.split() if not pair.startswith("safe:"))
    answer = caseworker.send(page, {"name": "Default", "safe": None, "shown_": kept_back})
    assert kept(office, answer.headers["Location"]).answers["safe"] is True


def test_what_a_form_says_of_its_answers_is_guessed_by_nobody(
    caseworker: Visitor, app: Flask, office: OrganisationStore
) -> None:
    """A tab keeps it with what is typed, of sensitive answers too, and a tab may be read by whoever has the device."""
    person = service.create(office, operator_actor(), "person", {"name": "Somebody", "passport": "N 4711"}).record
    shown = form_of(caseworker.get(f"person/{person}/edit")).value("shown_") or ""
    with app.app_context():
        assert shown_digests({"passport": Entry("N 4711")}) in shown.split()
    elsewhere = Flask("elsewhere")
    elsewhere.secret_key = "of another installation"
    with elsewhere.app_context():
        assert shown_digests({"passport": Entry("N 4711")}) not in shown.split()
