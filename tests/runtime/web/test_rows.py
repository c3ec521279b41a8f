"""Rows in a form: a person's visits, typed, changed and removed in the form of the person and saved with it."""

from __future__ import annotations

import io
import uuid

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from amparo.metadata.checks import check
from amparo.metadata.file_references import FileReference
from amparo.runtime.access import Role, operator_actor
from amparo.runtime.planner.lists import list_page
from amparo.runtime.planner.queries import ListQuery
from amparo.runtime.records import service
from amparo.runtime.serializer import Record
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.organisations import Organisations
from factories import files
from factories.clinic import Json, with_field
from factories.office import office_document
from factories.organisations import make_organisation
from factories.visitors import Visitor, form_of

ROW = "+visit.person"


def document() -> Json:
    made = office_document()
    made = with_field(made, "visit", {"id": "visit.paper", "name": "paper", "type": "file", "label": "Paper"})
    # No column of the rows.
    made = with_field(made, "visit", {"id": "visit.mood", "name": "mood", "type": "text", "label": "Mood"})
    layout = next(each for each in made["layouts"] if each["object"] == "person")
    related = layout["tabs"][0]["related_lists"][0]
    related |= {"in_form": True, "columns": [*related["columns"], "paper"]}
    return made


@pytest.fixture(scope="module")
def store(organisations: Organisations) -> OrganisationStore:
    return make_organisation(organisations, "rows", document(), Role.SUPERVISOR, Role.CASEWORKER)


@pytest.fixture
def visitor(app: Flask, store: OrganisationStore) -> Visitor:
    return Visitor.signed_in(app, store.slug, Role.SUPERVISOR)


def visits_of(store: OrganisationStore, person: uuid.UUID) -> dict[str, Record]:
    query = ListQuery("visit", ("title", "hours", "person", "paper"))
    found = list_page(store, operator_actor(), query).records
    return {str(each.answers["title"]): each for each in found if each.answers["person"] == person}


def paper_of(record: Record) -> str | None:
    """The name of the visit's file."""
    answer = record.answers["paper"]
    return answer.name if isinstance(answer, FileReference) else None


def transactions(store: OrganisationStore) -> int:
    with store.reading() as connection:
        return connection.execute(select(func.count()).select_from(store.tables.tx)).scalar_one()


def person_of(address: str) -> uuid.UUID:
    return uuid.UUID(address.rpartition("/")[2])


def with_visits(visitor: Visitor, *titles: str) -> uuid.UUID:
    """A person and visits, by the form as it works without script: “Add” for each further row."""
    page = new_form(visitor)
    for number, title in enumerate(titles[:-1]):
        page = visitor.send(page, {"name": "Sokha", f"{ROW}.{number}.title": title, "add_row": ROW})
        assert page.status_code == 200
    saved = visitor.send(page, {"name": "Sokha", f"{ROW}.{len(titles) - 1}.title": titles[-1]})
    assert saved.status_code == 302, saved.text
    return person_of(saved.headers["Location"])


def new_form(visitor: Visitor) -> TestResponse:
    return visitor.get("person/new", record_type="client")


def test_a_new_record_is_saved_with_its_rows_in_one_transaction(visitor: Visitor, store: OrganisationStore) -> None:
    before = transactions(store)
    person = with_visits(visitor, "First", "Second", "Third")
    assert transactions(store) == before + 1
    found = visits_of(store, person)
    assert sorted(found) == ["First", "Second", "Third"]
    assert len({each.version for each in found.values()}) == 1


def test_rows_are_changed_removed_and_added_in_the_form_of_their_master(
    visitor: Visitor, store: OrganisationStore
) -> None:
    person = with_visits(visitor, "First", "Second")
    page = visitor.get(f"person/{person}/edit")
    saved = visitor.send(
        page,
        {f"{ROW}.0.title": "Changed", f"{ROW}.1.remove": "yes", f"{ROW}.2.title": "Added", "name": "Sokha Chan"},
    )
    assert saved.status_code == 302, saved.text
    assert sorted(visits_of(store, person)) == ["Added", "Changed"]
    assert "Saved, with 3 rows." in visitor.client.get(saved.headers["Location"]).text


def test_a_form_whose_rows_nobody_touched_saves_none(visitor: Visitor, store: OrganisationStore) -> None:
    person = with_visits(visitor, "First")
    before = transactions(store)
    assert visitor.send(visitor.get(f"person/{person}/edit"), {}).status_code == 302
    assert transactions(store) == before


def test_what_is_wrong_in_a_row_is_told_beside_it_and_nothing_is_lost(
    visitor: Visitor, store: OrganisationStore
) -> None:
    before = transactions(store)
    page = new_form(visitor)
    answer = visitor.send(page, {"name": "", f"{ROW}.0.title": "Kept", f"{ROW}.0.hours": "many"})
    assert answer.status_code == 422
    assert transactions(store) == before
    for shown in ('value="Kept"', 'value="many"', 'href="#f-visit-person-0-hours"', 'href="#f-name"'):
        assert shown in answer.text
    saved = visitor.send(answer, {"name": "Dara", f"{ROW}.0.hours": "2"})
    assert sorted(visits_of(store, person_of(saved.headers["Location"]))) == ["Kept"]


def test_what_was_typed_in_a_column_that_was_taken_out_meanwhile_is_told_once(visitor: Visitor) -> None:
    page = visitor.get("person/new", record_type="client")
    form = form_of(page)
    shown = form.value(f"{ROW}.0.shown_") or ""
    older = {
        "name": "Column gone",
        f"{ROW}.0.shown_": f"{shown} mood:0123456789",
        f"{ROW}.0.mood": "Typed in it",
    }
    told = visitor.send(page, older)
    assert told.status_code == 422
    assert "Typed in it" in told.text
    assert visitor.send(told, {}).status_code == 302


def test_a_row_that_somebody_else_changed_is_told_and_the_rest_of_the_form_kept(
    visitor: Visitor, store: OrganisationStore
) -> None:
    person = with_visits(visitor, "First", "Second")
    page = visitor.get(f"person/{person}/edit")
    theirs = visits_of(store, person)["First"]
    service.update(store, operator_actor(), "visit", theirs.id, theirs.version, {"title": "Theirs"})
    mine = {"name": "Sokha Chan", f"{ROW}.0.title": "Mine", f"{ROW}.1.title": "Second, changed"}
    answer = visitor.send(page, mine)
    assert answer.status_code == 409
    assert "Somebody else wrote “Theirs” here meanwhile" in answer.text
    assert sorted(visits_of(store, person)) == ["Second", "Theirs"]
    assert visitor.send(answer, {}).status_code == 302
    assert sorted(visits_of(store, person)) == ["Mine", "Second, changed"]


def test_a_row_is_not_removed_unseen_when_somebody_else_changed_it(visitor: Visitor, store: OrganisationStore) -> None:
    person = with_visits(visitor, "First")
    page = visitor.get(f"person/{person}/edit")
    theirs = visits_of(store, person)["First"]
    service.update(store, operator_actor(), "visit", theirs.id, theirs.version, {"title": "Theirs"})
    answer = visitor.send(page, {f"{ROW}.0.remove": "yes"})
    assert answer.status_code == 409
    assert "Look at it again before you remove it" in answer.text
    assert 'value="Theirs"' in answer.text
    assert visitor.send(answer, {f"{ROW}.0.remove": "yes"}).status_code == 302
    assert visits_of(store, person) == {}


def test_a_form_that_is_sent_twice_makes_its_records_once(visitor: Visitor, store: OrganisationStore) -> None:
    page = new_form(visitor)
    answers = {"name": "Once", f"{ROW}.0.title": "Only"}
    first, second = visitor.send(page, answers), visitor.send(page, answers)
    assert first.headers["Location"] == second.headers["Location"]
    assert sorted(visits_of(store, person_of(first.headers["Location"]))) == ["Only"]


def send(visitor: Visitor, page: TestResponse, values: dict[str, str], **sent: tuple[bytes, str]) -> TestResponse:
    """The form of a page with a file for rows by their numbers, as a browser sends it."""
    form = form_of(page)
    assert 'enctype="multipart/form-data"' in page.text
    boxes: MultiDict[str, object] = MultiDict(form.filled(values))
    for row, (content, name) in sent.items():
        boxes.add(f"{ROW}.{row.removeprefix('row')}.paper.file", (io.BytesIO(content), name))
    return visitor.client.post(form.action, data=boxes, content_type="multipart/form-data")


def test_a_file_of_a_row_is_kept_through_ways_back_and_saved_with_it(
    visitor: Visitor, store: OrganisationStore
) -> None:
    typed = {"name": "", f"{ROW}.0.title": "First", "add_row": ROW}
    page = send(visitor, new_form(visitor), typed, row0=(files.PDF, "letter.pdf"))
    assert page.status_code == 200
    page = send(visitor, page, {f"{ROW}.1.title": "Second"}, row1=(files.PDF, "second.pdf"))
    assert page.status_code == 422
    for name in ("letter.pdf", "second.pdf"):
        assert name in page.text
    saved = visitor.send(page, {"name": "Sokha"})
    found = visits_of(store, person_of(saved.headers["Location"]))
    assert [paper_of(found[title]) for title in ("First", "Second")] == ["letter.pdf", "second.pdf"]


def test_a_file_of_a_row_is_replaced_and_taken_away_in_the_form_of_its_master(
    visitor: Visitor, store: OrganisationStore
) -> None:
    page = send(visitor, new_form(visitor), {"name": "Sokha", f"{ROW}.0.title": "First"}, row0=(files.PDF, "old.pdf"))
    person = person_of(page.headers["Location"])
    page = send(visitor, visitor.get(f"person/{person}/edit"), {}, row0=(files.PDF + b"%", "new.pdf"))
    assert page.status_code == 302, page.text
    assert paper_of(visits_of(store, person)["First"]) == "new.pdf"
    page = visitor.send(visitor.get(f"person/{person}/edit"), {f"{ROW}.0.paper.remove": "1"})
    assert page.status_code == 302, page.text
    assert paper_of(visits_of(store, person)["First"]) is None


def test_a_file_of_a_row_that_is_not_taken_is_told_beside_it_and_nothing_is_saved(
    visitor: Visitor, store: OrganisationStore
) -> None:
    before = transactions(store)
    typed = {"name": "Sokha", f"{ROW}.0.title": "Kept"}
    page = send(visitor, new_form(visitor), typed, row0=(b"MZ" + bytes(500), "run.exe"))
    assert page.status_code == 422
    assert "not of a kind that is taken here" in page.text
    assert 'href="#f-visit-person-0-paper"' in page.text
    assert 'value="Kept"' in page.text
    assert transactions(store) == before


def test_a_script_sends_a_file_of_a_row_to_where_only_that_row_can_save_it(
    visitor: Visitor, store: OrganisationStore
) -> None:
    person = with_visits(visitor, "First")
    visit = visits_of(store, person)["First"].id
    page = visitor.get(f"person/{person}/edit").text
    assert f'data-upload="/o/rows/visit/{visit}/edit/files/paper"' in page
    assert 'data-upload="/o/rows/visit/new/files/paper"' in page


def test_columns_of_rows_have_to_ask_what_is_required() -> None:
    wrong = document()
    layout = next(each for each in wrong["layouts"] if each["object"] == "person")
    visit = next(each for each in wrong["objects"] if each["name"] == "visit")
    next(each for each in visit["fields"] if each["name"] == "title")["required"] = True
    layout["tabs"][0]["related_lists"][0]["columns"] = ["hours"]
    assert "missing_entry" in {problem.kind for problem in check(wrong)}
