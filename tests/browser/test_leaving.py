"""Leaving a page in a hurry, and taking something back."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from urllib.parse import urljoin

import pytest
from playwright.sync_api import Page, expect

from amparo.runtime.access import Role
from browser.test_kept_forms import sign_in_here
from factories.site import Site
from factories.slow_network import expect_no_answer

Visits = Callable[..., AbstractContextManager[Page]]


@pytest.mark.parametrize("script", [True, False])
def test_leave_shows_a_calendar_and_locks_what_was_open(site: Site, visiting: Visits, script: bool) -> None:
    with visiting(Role.CASEWORKER, script=script, afresh=True) as page:
        page.goto(site.at("case/"))
        page.click("form.leave button")
        page.wait_for_url("**/calendar")
        page.goto(site.at("case/"))
        assert "/sign-in" in page.url


@pytest.mark.parametrize(
    ("way_out", "after"), [("form.leave", "**/calendar"), ('form[action="/sign-out"]', "**/sign-in")]
)
def test_leaving_takes_every_tab_away_and_what_they_keep(
    site: Site, visiting: Visits, way_out: str, after: str
) -> None:
    with visiting(Role.CASEWORKER, afresh=True) as page:
        other = page.context.new_page()
        other.goto(site.at("person/new?record_type=client"))
        other.fill("#f-name", "Marmalade")
        other.wait_for_function("Object.values(sessionStorage).join().includes('Marmalade')")
        page.goto(site.at("you"))
        expect(page.locator("[data-unsaved]")).to_be_visible()
        page.click(f"{way_out} button")
        page.wait_for_url(after)
        other.wait_for_url("**/calendar")
        assert other.evaluate("Object.values(sessionStorage).join()") == ""
        other.go_back()
        expect(other.locator("#f-name")).to_have_count(0)


def test_the_page_behind_leave_forgets_what_its_tab_kept_where_no_script_came_before_it(
    site: Site, visiting: Visits
) -> None:
    """Without HTTPS, and in older browsers, nothing else does then: neither that script, nor the browser when asked."""
    with visiting(Role.CASEWORKER) as page:
        page.goto(site.at("you"))
        page.evaluate("sessionStorage.setItem('draft:somebody/case/1', 'Marmalade')")
        page.goto(urljoin(page.url, "/calendar"))
        page.wait_for_function("sessionStorage.length === 0", timeout=20_000)


def test_leave_without_a_network_locks_what_was_open_once_the_network_is_back(site: Site, visiting: Visits) -> None:
    with visiting(Role.CASEWORKER, afresh=True) as page:
        page.goto(site.at("case/"))
        page.context.set_offline(True)
        page.click("form.leave button")
        expect_no_answer(page)
        page.context.set_offline(False)
        page.goto(site.at("case/"))
        assert "/sign-in" in page.url
        sign_in_here(page, site, Role.CASEWORKER)
        expect(page).to_have_url(site.at("case/"))


def test_escape_three_times_leaves_too(site: Site, visiting: Visits) -> None:
    with visiting(Role.CASEWORKER, afresh=True) as page:
        page.goto(site.at("person/"))
        for _ in range(3):
            page.keyboard.press("Escape")
        page.wait_for_url("**/calendar")


@pytest.mark.parametrize("script", [True, False])
def test_what_was_deleted_comes_back_with_undo(site: Site, visiting: Visits, script: bool) -> None:
    with visiting(Role.SUPERVISOR, script=script, device="phone") as page:
        page.goto(site.at("service/?view=all"))
        page.locator("tbody .name-link").nth(3).click()
        page.wait_for_url(re.compile(r"/service/[0-9a-f-]{36}$"))
        address = page.url
        page.click(f'form[action$="{address.split("/o/")[1]}/delete"] button')
        page.wait_for_url("**/service/")
        page.click(".toast button")
        page.wait_for_url(address)
        expect(page.locator('form[action$="/delete"]')).to_be_visible()


def test_a_past_day_offers_nothing_to_change(site: Site, visiting: Visits) -> None:
    with visiting(Role.CASEWORKER) as page:
        page.goto(site.at("case/?view=all&sort=created_at"))
        page.locator("tbody .name-link").first.click()
        page.wait_for_url(re.compile(r"/case/[0-9a-f-]{36}$"))
        assert page.locator('a[href*="/edit"]').count() > 0
        page.fill('input[name="as_of"]', "2026-06-01")
        page.press('input[name="as_of"]', "Enter")
        page.wait_for_url("**as_of=2026-06-01*")
        expect(page.locator(".notice.warn")).to_be_visible()
        assert page.locator('a[href*="/edit"], form[action$="/delete"]').count() == 0
