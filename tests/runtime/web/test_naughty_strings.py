"""Strings that break programs go through a form and come back unchanged, or are refused with a reason."""

from __future__ import annotations

import html
import json
import re
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from markupsafe import escape
from werkzeug.test import TestResponse

from amparo.runtime.access import Role, operator_actor
from amparo.runtime.planner.lists import list_page
from amparo.runtime.planner.queries import ListQuery, Pointing
from amparo.runtime.planner.records import read_record
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.organisations import Organisations
from amparo.runtime.web.rows import MOST_ROWS
from factories.clinic import Json, with_field
from factories.office import office_document
from factories.organisations import make_organisation
from factories.visitors import Visitor, form_of

ROW = "+visit.person."


def naughty_strings(shared: Path) -> list[str]:
    strings: list[str] = json.loads((shared / "real" / "naughty" / "blns.json").read_text(encoding="utf-8"))
    return [string for string in strings if string.strip()]


@pytest.fixture(scope="module")
def office(organisations: Organisations) -> OrganisationStore:
    """People have a text for each row of their form, and the rows are visits with a name and a long text."""
    document = with_field(office_document(), "visit", _field("visit", "story", "long_text"))
    for number in range(MOST_ROWS):
        document = with_field(document, "person", _field("person", f"text_{number}", "text"))
    document["layouts"][0]["tabs"][0]["related_lists"][0] |= {"in_form": True, "columns": ["title", "story"]}
    return make_organisation(organisations, "naughty", document, Role.CASEWORKER)


def _field(object_name: str, name: str, kind: str) -> Json:
    return {"id": f"{object_name}.{name}", "name": name, "type": kind, "label": name.capitalize()}


@pytest.mark.slow(seconds=5)
def test_naughty_strings_survive_a_form_and_a_page(
    shared: Path, caseworker: Visitor, office: OrganisationStore
) -> None:
    strings = naughty_strings(shared)
    shown = form_of(caseworker.get("person/new", record_type="client")).value(f"{ROW}0.shown_") or ""
    saved, refused = 0, set[str]()
    # Each names a record of its own; as many as a form has rows are sent together.
    for start in range(0, len(strings), MOST_ROWS):
        texts = strings[start : start + MOST_ROWS]
        answer = send_together(caseworker, texts, shown)
        if answer.status_code == 422:
            errors = {number: f'id="f-visit-person-{number}-title-error"' for number in range(len(texts))}
            refused |= {texts[number] for number, error in errors.items() if error in answer.text}
            texts = [text for text in texts if text not in refused]
            answer = send_together(caseworker, texts, shown)
        assert answer.status_code == 302, texts
        assert_kept_and_shown(caseworker, office, uuid.UUID(answer.headers["Location"].rsplit("/", 1)[1]), texts)
        saved += len(texts)
    assert saved > 400
    for text in refused:
        assert_refused_alone(caseworker, text)
    assert sorted(names_in_lists(caseworker)) == sorted(str(escape(text)) for text in strings if text not in refused)


def send_together(visitor: Visitor, texts: list[str], shown: str) -> TestResponse:
    boxes = {"name": "Together", "record_type": "client", "request_key": uuid.uuid4().hex}
    for number, text in enumerate(texts):
        row = f"{ROW}{number}."
        boxes |= {f"text_{number}": text, f"{row}shown_": shown, f"{row}title": text, f"{row}story": text}
    return visitor.post("person/new", boxes)


def assert_refused_alone(visitor: Visitor, text: str) -> None:
    boxes = {"name": text, "story": text, "record_type": "client", "request_key": uuid.uuid4().hex}
    answer = visitor.post("person/new", boxes)
    assert answer.status_code == 422, text
    assert 'id="f-name-error"' in answer.text or 'id="f-story-error"' in answer.text, text


def assert_kept_and_shown(visitor: Visitor, store: OrganisationStore, person: uuid.UUID, texts: list[str]) -> None:
    answers = read_record(store, operator_actor(), "person", person).answers
    assert [answers[f"text_{number}"] for number in range(len(texts))] == texts
    query = ListQuery("visit", ("title", "story"), limit=MOST_ROWS, pointing_to=Pointing("person", person))
    visits = list_page(store, operator_actor(), query).records
    kept = sorted((visit.answers["title"], visit.answers["story"]) for visit in visits)
    assert kept == sorted((text, text.replace("\r\n", "\n")) for text in texts)
    for visit in visits:
        # What can change a page has one to itself.
        if (escaped := str(escape(visit.name))) != visit.name:
            page = visitor.get(f"visit/{visit.id}").text
            assert f"<h1><bdi>{escaped}</bdi></h1>" in page
            assert f"<dd><bdi>{escaped}</bdi></dd>" in page
            assert f'<span class="prewrap" dir="auto">{escaped}</span>' in page


def names_in_lists(visitor: Visitor) -> Iterator[str]:
    """The names as they stand in all pages of the list of visits."""
    page = visitor.get("visit/").text
    while True:
        yield from re.findall(r'scope="row"><a [^>]*><bdi>(.*?)</bdi></a>', page, re.DOTALL)
        following = re.search(r'href="([^"]*[?&;]after=[^"]*)"', page)
        if following is None:
            return
        page = visitor.client.get(html.unescape(following.group(1))).text


@pytest.mark.parametrize("query", ["a\0b", "\ufdfa" * 200])
def test_what_nobody_can_be_called_is_found_nowhere_and_loses_nothing_of_the_form(
    caseworker: Visitor, query: str
) -> None:
    page = caseworker.get("person/new", record_type="client")
    for pressed in ({"find": "friend"}, {}):
        answer = caseworker.send(page, {"story": "Much was typed", "friend.query": query, **pressed})
        assert form_of(answer).value("story") == "Much was typed"
    assert caseworker.find("person", query).get_json()["matches"] == []
