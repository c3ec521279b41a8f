"""Strings that break programs go through a form and come back unchanged, or are refused with a reason."""

from __future__ import annotations

import json
import uuid
from pathlib import Path

import pytest
from markupsafe import escape
from werkzeug.datastructures import MultiDict

from amparo.runtime.access import operator_actor
from amparo.runtime.planner.records import read_record
from amparo.runtime.stores.organisation import OrganisationStore
from factories.visitors import Visitor, form_of


def naughty_strings(shared: Path) -> list[str]:
    strings: list[str] = json.loads((shared / "real" / "naughty" / "blns.json").read_text(encoding="utf-8"))
    return [string for string in strings if string.strip()]


@pytest.mark.slow
def test_naughty_strings_survive_a_form_and_a_page(
    shared: Path, caseworker: Visitor, office: OrganisationStore
) -> None:
    strings = naughty_strings(shared)
    saved = 0
    for string in strings:
        boxes = MultiDict({"name": string, "story": string, "record_type": "client", "request_key": uuid.uuid4().hex})
        answer = caseworker.post("person/new", boxes)
        if answer.status_code == 422:
            assert 'id="f-name-error"' in answer.text or 'id="f-story-error"' in answer.text, string
            continue
        assert answer.status_code == 302, string
        saved += 1
        record = read_record(
            office, operator_actor(), "person", uuid.UUID(answer.headers["Location"].rsplit("/", 1)[1])
        )
        assert record.answers["name"] == string
        assert record.answers["story"] == string.replace("\r\n", "\n")
        assert str(escape(string)) in caseworker.client.get(answer.headers["Location"]).text
    assert saved > 400


@pytest.mark.parametrize("query", ["a\0b", "\ufdfa" * 200])
def test_what_nobody_can_be_called_is_found_nowhere_and_loses_nothing_of_the_form(
    caseworker: Visitor, query: str
) -> None:
    page = caseworker.get("person/new", record_type="client")
    for pressed in ({"find": "friend"}, {}):
        answer = caseworker.send(page, {"story": "Much was typed", "friend.query": query, **pressed})
        assert form_of(answer).value("story") == "Much was typed"
    assert caseworker.find("person", query).get_json()["matches"] == []
