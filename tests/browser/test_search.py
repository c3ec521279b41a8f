"""The search over everything: a box on every page, what it shows while somebody types, and its page."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from amparo.runtime.access import Role
from browser.test_every_page import faults_of
from factories.site import Site

Visits = Callable[..., AbstractContextManager[Page]]


def somebody(site: Site, page: Page) -> str:
    """The name of a person of the demonstration."""
    page.goto(site.at("person/?view=all"))
    return page.locator("[data-rows] .name-link").first.inner_text().strip()


@pytest.mark.parametrize(
    ("device", "language"), [("desktop", "en"), ("phone", "en"), ("phone", "ar"), ("desktop", "ar")]
)
def test_a_person_is_found_while_somebody_types_and_on_the_page(
    site: Site, visiting: Visits, axe: Path, take_picture: Callable[[Page, str], None], device: str, language: str
) -> None:
    with visiting(Role.CASEWORKER, device=device, language=language) as page:
        name = somebody(site, page)
        if device == "phone":
            page.locator("header .find-link").click()
        form = page.locator("form[data-source]:visible").first
        box = form.get_by_role("combobox")
        box.press_sequentially(name)
        expect(form.locator("[role=option]").first).to_contain_text(name)
        take_picture(page, f"search-typing-{device}-{language}")
        faults = faults_of(page, axe)
        box.press("Enter")
        expect(page.locator("main .items .name-link").first).to_have_text(name)
        take_picture(page, f"search-found-{device}-{language}")
        faults += faults_of(page, axe)
        assert not faults
        assert name not in page.url


def test_a_match_is_opened_with_the_keyboard(site: Site, visiting: Visits) -> None:
    with visiting(Role.CASEWORKER) as page:
        name = somebody(site, page)
        box = page.locator("#masthead-find")
        box.press_sequentially(name)
        expect(page.locator("form[data-source] [role=option]").first).to_contain_text(name)
        box.press("ArrowDown")
        box.press("Enter")
        expect(page.locator("h1")).to_contain_text(name)


def test_the_search_works_without_script(
    site: Site, visiting: Visits, take_picture: Callable[[Page, str], None]
) -> None:
    with visiting(Role.CASEWORKER, device="narrow", script=False) as page:
        name = somebody(site, page)
        page.locator("header .find-link").click()
        page.locator("#page-find").fill(name)
        page.locator("#page-find").press("Enter")
        expect(page.locator("main .items .name-link").first).to_have_text(name)
        page.locator("#page-find").fill("qqqzzz")
        page.locator("#page-find").press("Enter")
        expect(page.get_by_text("Nothing found")).to_be_visible()
        take_picture(page, "search-nothing-narrow-en")
