"""Conditions on lookups in a browser: typed, chosen by keyboard, one or several, on every device."""

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
from factories.errands import errands_document
from factories.organisations import make_organisation
from factories.site import Site, serving_organisation

Visits = Callable[..., AbstractContextManager[Page]]
NAMES = ("Borey Lim", "Borey Chan", "سها عباس")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """An errand about each of three people, and one about a visit."""
    settings = Settings(home=tmp_path_factory.mktemp("home"))
    organisations = Organisations(settings)
    store, actor = make_organisation(organisations, "errands", errands_document(), Role.SUPERVISOR), operator_actor()
    for name in NAMES:
        person = service.create(store, actor, "person", {"name": name}).record
        service.create(store, actor, "errand", {"title": f"Call {name}", "about": str(person)})
    visit = service.create(store, actor, "visit", {"title": "Home visit", "person": str(person)}).record
    service.create(store, actor, "errand", {"title": "Write it down", "about": str(visit)})
    organisations.close()
    with serving_organisation(settings, store.slug, Role.SUPERVISOR) as site:
        yield site


def found_rows(page: Page) -> list[str]:
    return sorted(page.locator("tbody tr > :first-child .name-link").all_inner_texts())


def show(page: Page) -> None:
    page.locator("#filters .actions button.main").click()
    page.wait_for_load_state()


@pytest.mark.parametrize(("device", "language"), [("desktop", "en"), ("phone", "ar"), ("narrow", "km")])
def test_one_is_chosen_by_keyboard_and_several_one_after_the_other(
    site: Site,
    visiting: Visits,
    axe: Path,
    take_picture: Callable[[Page, str], None],
    device: str,
    language: str,
) -> None:
    with visiting(Role.SUPERVISOR, device=device, language=language) as page:
        faults = []
        page.goto(site.at("errand/?view=all&edit=1&add=1"))
        page.select_option("#f-0-field", "about")
        box = page.locator("#f-0-value")
        expect(box).to_have_attribute("role", "combobox")
        box.press_sequentially("borey l")
        expect(page.get_by_role("option", name="Borey Lim")).to_be_visible()
        expect(page.locator("#f-0-value-matches [data-place]")).to_have_count(1)
        take_picture(page, f"filter-one-{device}-{language}")
        faults += faults_of(page, axe)
        box.press("ArrowDown")
        box.press("Enter")
        expect(box).to_have_value("Borey Lim")
        page.select_option("#f-0-operator", "one_of")
        ticked = page.locator("#filters .choices label")
        expect(ticked).to_have_text(["Borey Lim"])
        expect(box).to_have_attribute("role", "combobox")
        box.press_sequentially("سها")
        page.get_by_role("option", name="سها عباس").click()
        expect(ticked).to_have_text(["Borey Lim", "سها عباس"])
        expect(box).to_have_value("")
        take_picture(page, f"filter-several-{device}-{language}")
        faults += faults_of(page, axe)
        show(page)
        assert found_rows(page) == sorted(["Call Borey Lim", "Call سها عباس"])
        expect(page.locator(".chip .of")).to_have_count(1)
        take_picture(page, f"filter-chips-{device}-{language}")
        faults += faults_of(page, axe)
        assert not faults, "\n".join(faults)


def test_a_tick_that_is_taken_away_does_not_count(site: Site, visiting: Visits) -> None:
    with visiting(Role.SUPERVISOR) as page:
        page.goto(site.at("errand/?view=all&edit=1&f.0.field=about&f.0.operator=one_of"))
        for name in NAMES[:2]:
            page.fill("#f-0-value", name)
            page.get_by_role("option", name=name).click()
        page.get_by_role("checkbox", name=NAMES[0]).uncheck()
        show(page)
        assert found_rows(page) == [f"Call {NAMES[1]}"]


def test_enter_in_a_box_shows_the_list_and_takes_no_condition_away(site: Site, visiting: Visits) -> None:
    with visiting(Role.SUPERVISOR) as page:
        page.goto(site.at("errand/?view=all&edit=1&f.0.field=title&f.0.operator=contains"))
        page.fill("#f-0-value", "Write")
        page.press("#f-0-value", "Enter")
        expect(page.locator(".chip .of")).to_have_count(1)
        assert found_rows(page) == ["Write it down"]


@pytest.mark.parametrize(("device", "language"), [("desktop", "en"), ("phone", "ar")])
def test_without_script_the_matches_stand_under_the_box(
    site: Site,
    visiting: Visits,
    take_picture: Callable[[Page, str], None],
    device: str,
    language: str,
) -> None:
    with visiting(Role.SUPERVISOR, device=device, language=language, script=False) as page:
        page.goto(site.at("errand/?view=all&edit=1&f.0.field=about&f.0.operator=one_of"))
        page.fill("#f-0-value", "borey")
        page.press("#f-0-value", "Enter")
        take_picture(page, f"filter-without-script-{device}-{language}")
        page.get_by_role("checkbox", name=NAMES[0]).check()
        page.get_by_role("checkbox", name=NAMES[1]).check()
        show(page)
        assert found_rows(page) == sorted(f"Call {name}" for name in NAMES[:2])
