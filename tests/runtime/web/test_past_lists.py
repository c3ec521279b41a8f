"""A list as it was on a day of the past."""

from __future__ import annotations

import datetime as dt
import html
import re

import pytest
from flask import Flask

from amparo.runtime.access import Role, operator_actor
from amparo.runtime.records import service
from amparo.runtime.stores.organisations import Organisations
from factories.office import office_document
from factories.organisations import make_organisation
from factories.visitors import Visitor

TODAY = dt.datetime.now(dt.UTC)
THEN = (TODAY - dt.timedelta(days=20)).date().isoformat()


@pytest.fixture(scope="module")
def visitor(app: Flask, organisations: Organisations) -> Visitor:
    """Somebody of an office in which a man became a woman of another name since, and somebody came."""
    begun = int((TODAY - dt.timedelta(days=40)).timestamp() * 1_000_000)
    store = make_organisation(organisations, "formerly", office_document(), Role.SUPERVISOR, clock=lambda: begun)
    saved = service.create(store, operator_actor(), "person", {"name": "Early", "gender": "male"})
    service.create(store, operator_actor(), "stay", {"guest": str(saved.record), "nights": "7"})
    for number in range(12):
        service.create(store, operator_actor(), "visit", {"title": f"Talk {number}", "person": str(saved.record)})
    store.clock = None
    service.create(store, operator_actor(), "visit", {"title": "A late talk", "person": str(saved.record)})
    values = {"name": "Renamed", "gender": "female"}
    service.update(store, operator_actor(), "person", saved.record, saved.version, values)
    service.create(store, operator_actor(), "person", {"name": "Late", "gender": "female"})
    return Visitor.signed_in(app, "formerly", Role.SUPERVISOR)


def test_a_list_of_a_past_day_shows_the_answers_of_then_and_changes_nothing(visitor: Visitor) -> None:
    page = visitor.get("person/", view="all", as_of=THEN).text
    assert "You are looking at" in page
    assert "Early" in page
    assert "Renamed" not in page
    assert "Late" not in page
    for offer in ("/new", "/import", "/export"):
        assert offer not in page


def test_a_list_in_which_nothing_was_then_does_not_ask_for_something_new(visitor: Visitor) -> None:
    before = (TODAY - dt.timedelta(days=60)).date().isoformat()
    page = visitor.get("person/", view="all", as_of=before).text
    assert "Nothing here on that day" in page
    assert "Nothing here yet" not in page


def test_a_record_opens_as_it_was_on_that_day(visitor: Visitor) -> None:
    page = visitor.get("person/", view="all", as_of=THEN).text
    (address,) = re.findall(r'class="name-link" href="([^"]+)"', page)
    assert address.endswith(f"?as_of={THEN}")
    assert "Early" in visitor.client.get(address).text


def test_records_known_by_others_are_listed_and_searched_on_that_day(visitor: Visitor) -> None:
    page = visitor.get("stay/", view="all", as_of=THEN).text
    assert "Renamed" in page, "lookups go by the names of today"
    searched = visitor.post("stay/", {"q": "renam", "as_of": THEN, "view": "all"})
    page = visitor.client.get(searched.headers["Location"]).text
    assert f'value="{THEN}"' in page
    assert "Renamed" in page


def test_conditions_and_order_keep_the_day(visitor: Visitor) -> None:
    page = visitor.get("person/", view="women", as_of=THEN).text
    assert "Nothing here on that day" in page
    form = page.split('role="search" aria-label="Search in this list"')[1].split("</form>")[0]
    assert f'name="as_of" value="{THEN}"' in form
    page = visitor.get("person/", view="all", as_of=THEN).text
    orders = re.findall(r'<a href="([^"]+sort=[^"]+)"', page)
    assert orders
    assert all(f"as_of={THEN}" in each for each in orders)


def test_back_to_today_keeps_the_list(visitor: Visitor) -> None:
    page = visitor.get("person/", view="women", as_of=THEN).text
    today = page.split("Back to today")[0].rsplit('href="', 1)[1].split('"')[0]
    assert today.endswith("?view=women")


@pytest.mark.parametrize("day", ["2026-02-30", "soon", "9998-01-01"])
def test_a_day_that_is_none_or_has_not_come_is_said_and_today_is_shown(visitor: Visitor, day: str) -> None:
    page = visitor.get("person/", view="all", as_of=day)
    assert page.status_code == 422
    assert "Renamed" in page.text


@pytest.mark.parametrize(("asked", "length"), [({}, 13), ({"as_of": THEN}, 12)])
def test_a_list_on_a_records_page_says_how_long_it_is_and_leads_to_the_rest_of_the_same_day(
    visitor: Visitor, asked: dict[str, str], length: int
) -> None:
    early = re.findall(r"/person/([0-9a-f-]{36})", visitor.get("person/", view="all", as_of=THEN).text)[0]
    section = visitor.get(f"person/{early}", **asked).text.split(">Visits</h2>")[1].split("</section>")[0]
    assert f'<span class="meta">{length}</span>' in section
    rest = visitor.client.get(html.unescape(re.findall(r'<a href="([^"]*)">See all', section)[0])).text
    assert ("A late talk" in rest) is not bool(asked)
    assert f"All {length} shown" in rest
