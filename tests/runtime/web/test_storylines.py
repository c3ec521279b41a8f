"""Beside a record: its timeline, its status as a path, and the days on which it changed."""

from __future__ import annotations

import html
import re
import uuid

import pytest

from amparo.runtime.access import operator_actor
from amparo.runtime.planner.records import read_record
from amparo.runtime.records import service
from amparo.runtime.releases.publishing import publish
from amparo.runtime.stores.organisation import OrganisationStore
from factories.office import office_document
from factories.statements import questions
from factories.visitors import Visitor


@pytest.fixture(scope="module")
def story(office: OrganisationStore) -> uuid.UUID:
    """Somebody whose gender, which stands for a status here, and debt were changed again and again."""
    document = office_document()
    document["layouts"][0]["path"] = "gender"
    publish(office, operator_actor(), document)
    values = {"name": "Told Often", "gender": "female", "passport": "P 1"}
    saved = service.create(office, operator_actor(), "person", values)
    for number in range(12):
        saved = change(office, saved.record, {"debt": str(number)})
    saved = change(office, saved.record, {"gender": "male", "passport": "P 2"})
    return saved.record


def change(office: OrganisationStore, record: uuid.UUID, values: dict[str, str]) -> service.Saved:
    found = read_record(office, operator_actor(), "person", record)
    return service.update(office, operator_actor(), "person", record, found.version, values)


def beside(page: str) -> str:
    return page.split('id="timeline"')[1]


def test_the_latest_changes_stand_beside_the_record_and_more_are_a_link_away(
    caseworker: Visitor, story: uuid.UUID
) -> None:
    page = beside(caseworker.get(f"person/{story}").text)
    assert page.count('class="ring"') == 8
    assert re.search(r"<del>.*Female.*</del>.*<ins>.*Male.*</ins>", page)
    earlier = re.search(r'href="([^"]+)">Show earlier', page)
    assert earlier is not None
    more = beside(caseworker.client.get(earlier.group(1).replace("&amp;", "&").partition("#")[0]).text)
    assert more.count('class="ring"') == 14
    assert "Show earlier" not in more
    assert "Person added with" in more


def test_one_kind_of_change_can_be_shown_alone(caseworker: Visitor, story: uuid.UUID) -> None:
    page = beside(caseworker.get(f"person/{story}", only="gender").text)
    assert page.count('class="ring"') == 1
    assert "Debt" not in page
    assert beside(caseworker.get(f"person/{story}", only="nonsense").text).count('class="ring"') == 8


def test_values_that_the_reader_may_not_see_are_not_told(caseworker: Visitor, story: uuid.UUID) -> None:
    page = caseworker.get(f"person/{story}").text
    reader_sees = "P 2" in page.split('id="timeline"')[0]
    assert ("P 2" in beside(page)) == reader_sees


def test_a_timeline_is_one_question(caseworker: Visitor, story: uuid.UUID) -> None:
    caseworker.get(f"person/{story}")
    with questions() as asked:
        caseworker.get(f"person/{story}")
    assert len([statement for statement in asked if "fact" in statement]) == 1, "\n\n".join(asked)


def test_a_status_is_a_path_with_the_days_of_its_steps(caseworker: Visitor, story: uuid.UUID) -> None:
    page = caseworker.get(f"person/{story}").text
    path = page.split('<ol class="path"')[1].split("</ol>")[0]
    assert re.findall(r'<li class="(\w+)"', path)[:2] == ["past", "current"]
    assert path.count('class="meta"') == 2
    assert path.count('aria-current="step"') == 1
    assert "<a " not in path
    assert f"/person/{story}/edit#f-gender" in page


def test_a_record_whose_answer_is_no_step_has_no_path(caseworker: Visitor, office: OrganisationStore) -> None:
    blank = service.create(office, operator_actor(), "person", {"name": "No Step"}).record
    assert '<ol class="path"' not in caseworker.get(f"person/{blank}").text


@pytest.mark.parametrize("page", ["", "/history"])
def test_an_amount_is_told_in_the_currency_it_had_then(
    at_sheets: Visitor, sheets: OrganisationStore, page: str
) -> None:
    operator = operator_actor()
    made = service.create(sheets, operator, "sheet", {"name": "S", "paid": "100", "paid_in": "usd"})
    changed = service.update(sheets, operator, "sheet", made.record, made.version, {"paid": "120"})
    both = {"paid": "400000", "paid_in": "khr"}
    changed = service.update(sheets, operator, "sheet", made.record, changed.version, both)
    service.update(sheets, operator, "sheet", made.record, changed.version, {"paid": "500000"})
    told = at_sheets.get(f"sheet/{made.record}{page}").text.split('class="timeline')[1]
    words = re.findall(r"(?:KHR|\$)\s?[\d,]+\.00", html.unescape(told).replace("\u00a0", " "))
    assert words == ["KHR 400,000.00", "KHR 500,000.00", "$120.00", "KHR 400,000.00", "$100.00", "$120.00"]
