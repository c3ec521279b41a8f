"""Phones that get no new browser any more: what Safari 14 and 15 do not have is missed by nothing."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

from playwright.sync_api import Page, expect

from amparo.runtime.access import Role
from factories.site import Site

Visits = Callable[..., AbstractContextManager[Page]]
_LACKING = """
delete window.BroadcastChannel;
delete window.structuredClone;
delete Object.hasOwn;
delete HTMLFormElement.prototype.requestSubmit;
delete SubmitEvent.prototype.submitter;
"""


def test_escape_three_times_leaves(site: Site, visiting: Visits) -> None:
    with visiting(Role.CASEWORKER, device="phone", afresh=True) as page:
        page.add_init_script(_LACKING)
        page.goto(site.at("case/"))
        for _ in range(3):
            page.keyboard.press("Escape")
        page.wait_for_url("**/calendar")


def test_a_filter_gets_the_answers_that_fit_the_field(site: Site, visiting: Visits) -> None:
    with visiting(Role.CASEWORKER, device="phone") as page:
        page.add_init_script(_LACKING)
        page.goto(site.at("case/?view=all&edit=1"))
        page.select_option("#f-0-field", "status")
        expect(page.locator("select#f-0-value")).to_be_visible()


def test_a_day_chosen_in_the_calendar_is_shown(site: Site, visiting: Visits) -> None:
    with visiting(Role.CASEWORKER, device="phone") as page:
        page.add_init_script(_LACKING)
        page.goto(site.at("case/?view=all"))
        page.locator("tbody .name-link").first.click()
        page.wait_for_url("**/case/*-*")
        page.fill('input[name="as_of"]', "2026-06-01")
        page.wait_for_url("**as_of=2026-06-01*")


def test_a_form_is_sent_where_the_browser_is_wrong_about_the_network(site: Site, visiting: Visits) -> None:
    with visiting(Role.CASEWORKER, device="phone") as page:
        page.add_init_script(_LACKING)
        page.add_init_script("Object.defineProperty(navigator, 'onLine', { get: () => false })")
        page.goto(site.at("person/new?record_type=client"))
        page.fill("#f-name", "Saffron Older")
        page.click("section.bar button.main")
        expect(page.locator("h1")).to_have_text("Saffron Older")
