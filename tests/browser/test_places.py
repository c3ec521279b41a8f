"""Addresses, points on a map and places in a browser: on every device, in every direction, with and without script."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from amparo.runtime.access import Role, operator_actor
from amparo.runtime.records import service
from amparo.runtime.settings import Settings
from amparo.runtime.stores.organisations import Organisations
from browser.test_every_page import SHARED_OUT, faults_of
from factories.axe import Part
from factories.households import make_households
from factories.site import Site, serving_organisation

Visits = Callable[..., AbstractContextManager[Page]]

HOME: dict[str, Any] = {
    "name": "Home",
    "address": '{"lines":"House 5\\nStreet 240","city":"Phnom Penh","postcode":"12207","country":"KH"}',
    "lives_in": "020201",
    "point": "11.5564, 104.9282",
    "area": "11.5564, 104.9282",
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The households in place of the demonstration."""
    settings = Settings(home=tmp_path_factory.mktemp("home"))
    organisations = Organisations(settings)
    store = make_households(organisations, Role.SUPERVISOR, Role.ADMINISTRATOR)
    service.create(store, operator_actor(), "household", HOME)
    organisations.close()
    with serving_organisation(settings, store.slug, Role.SUPERVISOR, Role.ADMINISTRATOR) as site:
        yield site


@pytest.mark.slow
@pytest.mark.parametrize(("device", "language", "part"), SHARED_OUT)
def test_the_pages_are_sound(
    site: Site,
    visiting: Visits,
    axe: Path,
    take_picture: Callable[[Page, str], None],
    device: str,
    language: str,
    part: Part,
) -> None:
    with visiting(Role.SUPERVISOR, device=device, language=language) as page:
        faults = []
        page.goto(site.at("household/?columns=name&columns=address&columns=lives_in&columns=point"))
        take_picture(page, f"households-{device}-{language}")
        faults += faults_of(page, axe, part)
        page.locator("tbody .name-link").first.click()
        take_picture(page, f"household-{device}-{language}")
        faults += faults_of(page, axe, part)
        page.goto(page.url.split("?")[0] + "/edit")
        take_picture(page, f"household-form-{device}-{language}")
        faults += faults_of(page, axe, part)
        page.goto(
            site.at(
                "household/?edit=1&f.0.field=point&f.0.operator=within_distance&f.0.value=11,104;900&f.1.field=lives_in&f.1.operator=in_place&f.1.value=02"
            )
        )
        take_picture(page, f"household-filter-{device}-{language}")
        faults += faults_of(page, axe, part)
        assert not faults, "\n".join(faults)


def test_the_device_is_asked_on_request_only_and_no_more_is_taken_than_is_kept(site: Site, visiting: Visits) -> None:
    with visiting(Role.SUPERVISOR, device="phone") as page:
        page.context.set_geolocation({"latitude": 11.556412, "longitude": 104.928212})
        page.goto(site.at("household/new"))
        button = page.get_by_role("button", name="Use this device’s position Area")
        button.click()
        expect(page.get_by_text("The device did not say where it is.")).to_be_visible()
        expect(page.get_by_label("Area")).to_have_value("")
        page.context.grant_permissions(["geolocation"])
        button.click()
        expect(page.get_by_label("Area")).to_have_value("11.56, 104.93")


def test_a_place_is_found_while_somebody_types(
    site: Site, visiting: Visits, axe: Path, take_picture: Callable[[Page, str], None]
) -> None:
    with visiting(Role.SUPERVISOR, device="phone") as page:
        page.goto(site.at("household/new"))
        page.get_by_label("Name").fill("Family")
        box = page.get_by_role("combobox", name="Lives in")
        box.press_sequentially("chheu")
        expect(page.locator(".matches [role=option]")).to_have_count(2)
        take_picture(page, "household-typing-phone-en")
        assert not faults_of(page, axe)
        box.press("ArrowDown")
        box.press("ArrowDown")
        box.press("Enter")
        expect(box).to_have_value("Chheu Teal, Thma Koul, Battambang")
        page.get_by_role("button", name="Save").first.click()
        expect(page.get_by_text("Chheu Teal, Thma Koul, Battambang")).to_be_visible()


def test_a_place_is_found_without_script(
    site: Site, visiting: Visits, take_picture: Callable[[Page, str], None]
) -> None:
    with visiting(Role.SUPERVISOR, device="phone", script=False) as page:
        page.goto(site.at("household/new"))
        page.get_by_label("Name").fill("Family")
        page.get_by_role("textbox", name="Lives in").fill("ឈើទាល")
        page.get_by_role("button", name="Find Lives in").click()
        page.get_by_label("Chheu Teal, Banan, Battambang").check()
        take_picture(page, "household-found-phone-en")
        page.get_by_role("button", name="Save").first.click()
        expect(page.get_by_text("Chheu Teal, Banan, Battambang")).to_be_visible()


def test_a_place_is_chosen_from_the_top_down(
    site: Site, visiting: Visits, axe: Path, take_picture: Callable[[Page, str], None]
) -> None:
    with visiting(Role.SUPERVISOR, device="phone") as page:
        page.goto(site.at("household/new"))
        page.get_by_label("Name").fill("Family")
        lists = page.locator('[data-field="lives_in"] .levels')
        page.locator('[data-field="lives_in"] .steps summary').click()
        lists.get_by_label("province").select_option(label="Phnom Penh")
        lists.get_by_label("district").select_option(label="Chamkar Mon")
        box = page.get_by_role("combobox", name="Lives in")
        expect(box).to_have_value("Chamkar Mon, Phnom Penh")
        lists.get_by_label("province").select_option(label="Battambang")
        expect(box).to_have_value("Battambang")
        lists.get_by_label("district").select_option(label="Thma Koul")
        lists.get_by_label("commune").select_option(label="Chheu Teal")
        expect(box).to_have_value("Chheu Teal, Thma Koul, Battambang")
        take_picture(page, "household-steps-phone-en")
        assert not faults_of(page, axe)
        box.fill("basak")
        page.locator(".matches [role=option]").click()
        expect(lists.get_by_label("commune")).to_have_value("120101")
        page.get_by_role("button", name="Save").first.click()
        expect(page.get_by_text("Tonle Basak, Chamkar Mon, Phnom Penh")).to_be_visible()


@pytest.mark.parametrize("is_offline", [False, True])
def test_a_place_chosen_step_by_step_is_saved_though_the_next_list_does_not_come(
    site: Site, visiting: Visits, is_offline: bool
) -> None:
    with visiting(Role.SUPERVISOR, device="phone") as page:
        page.goto(site.at("household/new"))
        page.get_by_label("Name").fill("Family")
        lists = page.locator('[data-field="lives_in"] .levels')
        page.locator('[data-field="lives_in"] .steps summary').click()
        lists.get_by_label("province").select_option(label="Phnom Penh")
        lists.get_by_label("district").select_option(label="Chamkar Mon")
        expect(lists.get_by_label("commune")).to_be_visible()
        # No handler of the route answers: as slow as a network can be.
        page.route("**/place-steps**", lambda route: route.abort() if is_offline else None)
        lists.get_by_label("province").select_option(label="Battambang")
        expect(page.get_by_role("combobox", name="Lives in")).to_have_value("Battambang")
        expect(lists.get_by_label("district")).to_have_count(0)
        if is_offline:
            expect(page.get_by_text("No network. What you typed is kept.")).to_be_visible()
        page.get_by_role("button", name="Save").first.click()
        expect(page.locator("main").get_by_text("Battambang", exact=True)).to_be_visible()
        expect(page.get_by_text("Phnom Penh")).to_have_count(0)


def test_a_place_in_a_root_stays_chosen_in_a_form_that_comes_back_before_its_path_is_known(
    site: Site, visiting: Visits
) -> None:
    with visiting(Role.SUPERVISOR, device="phone") as page:
        page.goto(site.at("household/new"))
        lists = page.locator('[data-field="born_in"] .levels')
        page.locator('[data-field="born_in"] .steps summary').click()
        lists.get_by_label("district").select_option(label="Banan")
        expect(lists.get_by_label("commune")).to_be_visible()
        page.route("**/place-steps**", lambda route: None)
        lists.get_by_label("commune").select_option(label="Chheu Teal")
        expect(page.get_by_role("combobox", name="Born in")).to_have_value("Chheu Teal, Banan")
        page.get_by_role("button", name="Save").first.click()
        expect(page.get_by_role("combobox", name="Born in")).to_have_value("Chheu Teal, Banan, Battambang")
        page.get_by_label("Name").fill("Family")
        page.get_by_role("button", name="Save").first.click()
        expect(page.get_by_text("Chheu Teal, Banan, Battambang")).to_be_visible()


def test_a_place_is_chosen_from_the_top_down_without_script(
    site: Site, visiting: Visits, take_picture: Callable[[Page, str], None]
) -> None:
    with visiting(Role.SUPERVISOR, device="narrow", script=False) as page:
        page.goto(site.at("household/new"))
        page.get_by_label("Name").fill("Family")
        page.locator('[data-field="lives_in"] .steps summary').click()
        for level, name in (("province", "Battambang"), ("district", "Banan")):
            page.locator('[data-field="lives_in"] .levels').get_by_label(level).select_option(label=name)
            page.get_by_role("button", name="Next level Lives in").click()
        take_picture(page, "household-steps-narrow-en")
        page.locator('[data-field="lives_in"] .levels').get_by_label("commune").select_option(label="Chheu Teal")
        page.get_by_role("button", name="Save").first.click()
        expect(page.get_by_text("Chheu Teal, Banan, Battambang")).to_be_visible()


@pytest.mark.slow
@pytest.mark.parametrize(("device", "language"), [("desktop", "en"), ("narrow", "ar")])
def test_the_pages_of_the_list_are_sound(
    site: Site, visiting: Visits, axe: Path, take_picture: Callable[[Page, str], None], device: str, language: str
) -> None:
    with visiting(Role.ADMINISTRATOR, device=device, language=language) as page:
        faults = []
        addresses = {
            "top": "",
            "place": "?place=02",
            "closed": "?place=99",
            "found": "?q=chheu",
            "change": "/change?place=02",
        }
        for name, address in addresses.items():
            page.goto(site.at(f"setup/places{address}"))
            take_picture(page, f"places-{name}-{device}-{language}")
            faults += faults_of(page, axe)
        page.goto(site.at("setup/places/new"))
        page.locator("main form button.main").click()
        take_picture(page, f"places-refused-{device}-{language}")
        faults += faults_of(page, axe)
        assert not faults, "\n".join(faults)


@pytest.mark.slow
@pytest.mark.parametrize(("device", "language", "script"), [("desktop", "en", True), ("narrow", "ar", False)])
def test_a_table_of_places_is_tried_and_taken(
    site: Site, visiting: Visits, take_picture: Callable[[Page, str], None], device: str, language: str, script: bool
) -> None:
    table = f"code,parent,level,name\n0299,02,district,{device}\n99,,province,Old Province {device}\n"
    with visiting(Role.ADMINISTRATOR, device=device, language=language, script=script) as page:
        page.goto(site.at("setup/places/import"))
        page.set_input_files("#f-file", {"name": "places.csv", "mimeType": "text/csv", "buffer": table.encode()})
        page.locator("main form button.main").click()
        wait_for_the_end(page, script)
        take_picture(page, f"places-tried-{device}-{language}")
        page.locator("main .actions form button.main").click()
        wait_for_the_end(page, script)
        take_picture(page, f"places-taken-{device}-{language}")
        page.goto(site.at("setup/places?place=0299"))
        expect(page.locator("h1")).to_have_text(device)


def wait_for_the_end(page: Page, script: bool) -> None:
    """Of a job: with script its page loads itself again."""
    while not script and page.locator("[data-progress]").count():
        page.reload()
    expect(page.locator("[data-progress]")).to_have_count(0)
