"""Conditions on places in a browser: typed and chosen, on every device, with and without script."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from amparo.runtime.access import Role, operator_actor
from amparo.runtime.records import service
from amparo.runtime.settings import Settings
from amparo.runtime.stores.organisations import Organisations
from browser.test_every_page import faults_of
from factories.households import make_households
from factories.site import Site, serving_organisation

Visits = Callable[..., AbstractContextManager[Page]]
CONDITION = "household/?view=all&edit=1&f.0.field=lives_in&refresh=1"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A household in each of three communes."""
    settings = Settings(home=tmp_path_factory.mktemp("home"))
    organisations = Organisations(settings)
    store = make_households(organisations, Role.SUPERVISOR)
    for name, code in (("Banan", "020101"), ("Thma Koul", "020201"), ("Basak", "120101")):
        service.create(store, operator_actor(), "household", {"name": name, "lives_in": code})
    organisations.close()
    with serving_organisation(settings, store.slug, Role.SUPERVISOR) as site:
        yield site


def listed(page: Page) -> list[str]:
    page.locator("#filters .actions button.main").click()
    page.wait_for_load_state()
    return sorted(page.locator("tbody tr > :first-child .name-link").all_inner_texts())


@pytest.mark.parametrize(("device", "language"), [("desktop", "en"), ("phone", "ar"), ("narrow", "km")])
def test_places_are_typed_and_chosen_one_after_the_other(
    site: Site, visiting: Visits, axe: Path, take_picture: Callable[[Page, str], None], device: str, language: str
) -> None:
    with visiting(Role.SUPERVISOR, device=device, language=language) as page:
        faults = []
        page.goto(site.at(CONDITION))
        box = page.locator("#f-0-value")
        box.press_sequentially("chheu")
        options = page.locator("#f-0-value-matches [role=option]")
        expect(options).to_have_count(2)
        take_picture(page, f"filter-places-typing-{device}-{language}")
        faults += faults_of(page, axe)
        box.press("ArrowDown")
        box.press("Enter")
        ticked = page.locator("#filters .choices label")
        expect(ticked).to_have_count(1)
        box.press_sequentially("ភ្នំ")
        options.first.click()
        expect(ticked).to_have_count(2)
        take_picture(page, f"filter-places-chosen-{device}-{language}")
        faults += faults_of(page, axe)
        assert listed(page) == ["Banan", "Basak"]
        expect(page.locator(".chip .of")).to_have_count(1)
        assert not faults, "\n".join(faults)


@pytest.mark.parametrize("script", [True, False])
def test_a_name_that_can_be_one_place_only_needs_no_choosing(site: Site, visiting: Visits, script: bool) -> None:
    with visiting(Role.SUPERVISOR, device="phone", script=script) as page:
        page.goto(site.at(CONDITION))
        page.fill("#f-0-value", "battambang")
        assert listed(page) == ["Banan", "Thma Koul"]
        expect(page.locator("li.chip")).to_contain_text("Lives in is in Battambang")


@pytest.mark.parametrize(("device", "language"), [("desktop", "en"), ("phone", "ar")])
def test_without_script_the_places_stand_under_the_box(
    site: Site, visiting: Visits, take_picture: Callable[[Page, str], None], device: str, language: str
) -> None:
    with visiting(Role.SUPERVISOR, device=device, language=language, script=False) as page:
        page.goto(site.at(CONDITION))
        page.fill("#f-0-value", "ឈើទាល")
        page.press("#f-0-value", "Enter")
        take_picture(page, f"filter-places-without-script-{device}-{language}")
        page.get_by_role("checkbox", name="Chheu Teal").first.check()
        assert listed(page) == ["Banan"]
