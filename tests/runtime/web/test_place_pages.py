"""The pages on which an organisation's places are seen, changed one by one, and brought in as a table."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from amparo.metadata.places import Place, PlaceTree
from amparo.runtime.access import Role, operator_actor
from amparo.runtime.ledger.verifying import verify
from amparo.runtime.places.changing import change_places
from amparo.runtime.places.files import export_places
from amparo.runtime.records import service
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.organisations import Organisations
from factories.households import make_households
from factories.places import SMALL
from factories.visitors import Visitor, finished, form_of

HEADER = "code,parent,level,name,name:km,closed\n"


@pytest.fixture(scope="module")
def households(organisations: Organisations) -> OrganisationStore:
    return make_households(organisations, Role.ADMINISTRATOR)


@pytest.fixture
def visitor(app: Flask, households: OrganisationStore) -> Visitor:
    return Visitor.signed_in(app, "households", Role.ADMINISTRATOR)


def places_of(store: OrganisationStore) -> PlaceTree:
    return store.newest_release().places


def follow(visitor: Visitor, answer: TestResponse) -> str:
    assert answer.status_code in (302, 303), answer.text
    return visitor.client.get(answer.headers["Location"]).text


def test_the_tree_is_walked_down_and_up(visitor: Visitor) -> None:
    top = visitor.get("setup/places").text
    assert "Phnom Penh" in top
    assert "4 places in it" in top
    assert "province, code 99, closed" in top
    assert "Chamkar Mon" not in top
    below = visitor.get("setup/places", place="0201").text
    assert 'href="/o/households/setup/places?place=02"' in below
    assert 'href="/o/households/setup/places?place=020101"' in below
    assert visitor.get("setup/places", place="nowhere").status_code == 404


def test_places_are_found_by_their_names_with_what_they_lie_in(visitor: Visitor) -> None:
    page = visitor.get("setup/places", q="ឈើទាល").text
    assert "Chheu Teal, Banan, Battambang" in page
    assert "Chheu Teal, Thma Koul, Battambang" in page
    assert "Phnom Penh" not in page
    assert "Nothing found." in visitor.get("setup/places", q="nowhere").text


def test_a_place_tells_how_many_records_have_it_or_a_place_in_it(
    visitor: Visitor, households: OrganisationStore
) -> None:
    service.create(households, operator_actor(), "household", {"name": "A", "lives_in": "120101"})
    page = visitor.get("setup/places", place="12").text
    assert "f.0.field=lives_in&amp;f.0.operator=in_place&amp;f.0.value=12" in page
    assert "Records that have it, or" not in visitor.get("setup/places", place="99").text


def test_a_long_level_comes_in_parts(visitor: Visitor, households: OrganisationStore) -> None:
    many = [Place(f"9900{number:03}", "99", "village", f"Village {number:03}") for number in range(150)]
    change_places(households, operator_actor(), many)
    page = visitor.get("setup/places", place="99").text
    assert ("Village 099" in page, "Village 100" in page) == (True, False)
    assert "after=100" in page
    assert "Village 149" in visitor.get("setup/places", place="99", after="100").text


def test_a_search_that_finds_more_than_is_shown_says_so(visitor: Visitor, households: OrganisationStore) -> None:
    many = [Place(f"9800{number:03}", "99", "village", f"Hamlet {number:03}") for number in range(51)]
    change_places(households, operator_actor(), many)
    page = visitor.get("setup/places", q="hamlet").text
    assert ("Hamlet 049" in page, "Hamlet 050" in page) == (True, False)
    assert "Only the first 50 are shown." in page
    assert "All 50 shown" not in page
    assert "All 10 shown" in visitor.get("setup/places", q="hamlet 00").text


def test_a_place_that_is_sent_again_after_its_answer_was_lost_is_added_once(
    visitor: Visitor, households: OrganisationStore
) -> None:
    page = visitor.get("setup/places/new", place="0201")
    texts = {"code": "020109", "name": "Ta Kream", "level": "commune"}
    visitor.send(page, texts, "place")
    before = places_of(households).version
    assert "Ta Kream added." in follow(visitor, visitor.send(page, texts, "place"))
    assert places_of(households).version == before


def test_a_place_is_added_changed_and_moved_by_hand(visitor: Visitor, households: OrganisationStore) -> None:
    page = visitor.get("setup/places/new", place="0201")
    assert form_of(page, "place").value("parent") == "Banan, Battambang"
    added = visitor.send(page, {"code": "020102", "name": "Kantueu", "name:km": "កន្ទឺ", "level": "commune"}, "place")
    assert "Kantueu added." in follow(visitor, added)
    assert places_of(households).by_code["020102"] == Place("020102", "0201", "commune", "Kantueu", {"km": "កន្ទឺ"})
    page = visitor.get("setup/places/change", place="020102")
    changed = visitor.send(page, {"name": "Kantueu Pir", "name:km": "", "parent": "Thma Koul"}, "place")
    assert "Kantueu Pir changed." in follow(visitor, changed)
    assert places_of(households).by_code["020102"] == Place("020102", "0202", "commune", "Kantueu Pir")
    assert "Nothing was changed." in follow(
        visitor, visitor.send(visitor.get("setup/places/change", place="02"), {}, "place")
    )
    assert verify(households).broken is None


def test_a_closed_place_can_be_opened_again(visitor: Visitor, households: OrganisationStore) -> None:
    page = follow(visitor, visitor.post("setup/places/close", {"place": "0202"}))
    assert "Thma Koul is closed." in page
    assert "This place can no longer be chosen." in page
    assert places_of(households).by_code["0202"].closed
    assert "is open again" in follow(visitor, visitor.post("setup/places/close", {"place": "0202", "open": "1"}))
    assert not places_of(households).by_code["0202"].closed


@pytest.mark.parametrize(
    ("typed", "words", "box"),
    [
        ({"code": "12"}, "“Phnom Penh” has this code already.", "code"),
        ({"code": "a|b"}, "Write a code of at most 60 characters", "code"),
        ({"name": ""}, "Write the name in one line, of at most 200 characters.", "name"),
        ({"level": ""}, "Write the level in one line, of at most 60 characters.", "level"),
        ({"level": "district" * 8}, "Write the level in one line, of at most 60 characters.", "level"),
        ({"parent": "Atlantis"}, "There is no place “Atlantis”.", "parent"),
        ({"parent": "Chheu Teal"}, "could be 2 places", "parent"),
    ],
)
def test_what_is_wrong_with_a_place_is_told_beside_its_box_and_kept(
    visitor: Visitor, households: OrganisationStore, typed: dict[str, str], words: str, box: str
) -> None:
    before = places_of(households).version
    sound = {"code": "0203", "name": "Bavel", "level": "district", "parent": "Battambang"}
    answer = visitor.send(visitor.get("setup/places/new"), sound | typed, "place")
    assert answer.status_code == 422
    assert words in answer.text
    assert f'href="#f-{box}"' in answer.text
    assert [form_of(answer, "place").value(name) for name in sound] == [*(sound | typed).values()]
    assert places_of(households).version == before


def test_a_place_that_somebody_else_changed_is_not_overwritten_unseen(
    visitor: Visitor, households: OrganisationStore
) -> None:
    page = visitor.get("setup/places/change", place="1201")
    theirs = replace(places_of(households).by_code["1201"], name="Theirs")
    change_places(households, operator_actor(), [theirs])
    answer = visitor.send(page, {"name": "Mine"}, "place")
    assert answer.status_code == 409
    assert "Somebody else changed this place meanwhile." in answer.text
    assert places_of(households).by_code["1201"] == theirs
    assert visitor.send(answer, {}, "place").status_code == 303
    assert places_of(households).by_code["1201"].name == "Mine"
    change_places(households, operator_actor(), [SMALL[1]])


def send_file(visitor: Visitor, content: bytes) -> TestResponse:
    boxes = {"csrf_token": visitor.token, "file": (io.BytesIO(content), "places.csv")}
    return visitor.client.post(visitor.at("setup/places/import"), data=boxes)


def bring_in(visitor: Visitor, content: str) -> TestResponse:
    """The page of a trial, once it is over."""
    sent = send_file(visitor, content.encode())
    assert sent.status_code == 303, sent.text
    return finished(visitor, sent.headers["Location"])


def test_a_table_is_tried_seen_and_taken(visitor: Visitor, households: OrganisationStore) -> None:
    before = places_of(households).version
    tried = bring_in(
        visitor,
        f"{HEADER}03,,province,Kampong Cham,,\n02,,province,Battambang City,បាត់ដំបង,\n99,,province,Old Province,,no\n",
    )
    assert "Nothing is written yet." in tried.text
    assert "1 new, 2 changed, 0 closed, 0 as they were." in tried.text
    assert "Name: “\u2068Battambang City\u2069” in place of “\u2068Battambang\u2069”" in tried.text
    assert "open again" in tried.text
    assert places_of(households).version == before
    taken = finished(visitor, visitor.post(tried.request.path).headers["Location"])
    assert "The file was imported." in taken.text
    assert places_of(households).by_code["02"].name == "Battambang City"
    change_places(households, operator_actor(), SMALL)


def test_a_table_with_problems_is_refused_with_the_row_of_each(visitor: Visitor, households: OrganisationStore) -> None:
    before = places_of(households).version
    page = bring_in(visitor, f"{HEADER}04,,province,Kampot,,\n0401,05,district,Angkor Chey,,\n").text
    assert "1 problem is in the file" in page
    assert "There is no place with the code “05”" in page
    assert "Row 3" in page
    assert "Import the file" not in page
    assert places_of(households).version == before


@pytest.mark.parametrize(
    ("content", "words"), [(b"\x89PNG\r\n\x1a\n" + bytes(64), "picture"), (b"name\nX\n", "Add the column “code”.")]
)
def test_what_is_no_table_of_places_is_told_beside_the_box(visitor: Visitor, content: bytes, words: str) -> None:
    answer = send_file(visitor, content)
    assert answer.status_code == 422
    assert words in answer.text


def test_a_table_is_tried_again_where_the_places_were_changed_since(
    visitor: Visitor, households: OrganisationStore
) -> None:
    tried = bring_in(visitor, f"{HEADER}02,,province,Battambang City,,\n")
    change_places(households, operator_actor(), [replace(SMALL[3], name="Theirs")])
    refused = finished(visitor, visitor.post(tried.request.path).headers["Location"])
    assert "The places were changed since the file was tried" in refused.text
    assert places_of(households).by_code["02"].name == "Theirs"
    again = finished(visitor, visitor.post(refused.request.path, {"again": "1"}).headers["Location"])
    assert "in place of “\u2068Theirs\u2069”" in again.text
    finished(visitor, visitor.post(again.request.path).headers["Location"])
    assert places_of(households).by_code["02"].name == "Battambang City"
    change_places(households, operator_actor(), SMALL)


def test_the_list_is_fetched_as_the_command_writes_it(visitor: Visitor, households: OrganisationStore) -> None:
    answer = visitor.get("setup/places/places.csv")
    assert answer.data == export_places(households, operator_actor())
    assert "attachment" in answer.headers["Content-Disposition"]


def test_an_organisation_without_places_is_told_how_to_begin(app: Flask, organisations: Organisations) -> None:
    make_households(organisations, Role.ADMINISTRATOR, slug="empty", places=())
    page = Visitor.signed_in(app, "empty", Role.ADMINISTRATOR).get("setup/places").text
    assert "No places yet" in page
    assert "setup/places/import" in page
