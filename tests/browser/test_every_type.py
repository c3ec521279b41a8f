"""Fields of every kind in a browser: on every device and in every direction, with and without script."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from amparo.runtime.access import Role, operator_actor
from amparo.runtime.demo.loading import SignIn
from amparo.runtime.members import create_member
from amparo.runtime.records import service
from amparo.runtime.releases.publishing import publish
from amparo.runtime.settings import Settings
from amparo.runtime.stores.organisations import Organisations
from browser.test_every_page import faults_of
from factories.every_type import SHEET, sheets_document
from factories.site import Site, serving
from factories.visitors import PASSWORD

Visits = Callable[..., AbstractContextManager[Page]]
COLUMNS = "&".join(
    f"columns={name}" for name in ("name", "phone", "email", "country", "wage", "paid", "share", "safety")
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The sheets in place of the demonstration."""
    settings = Settings(home=tmp_path_factory.mktemp("home"))
    organisations = Organisations(settings)
    store = organisations.create("sheets", "Sheets")
    publish(store, operator_actor(), sheets_document())
    create_member(organisations, "sheets", "supervisor", "Super Visor", Role.SUPERVISOR, PASSWORD)
    folder = service.create(store, operator_actor(), "folder", {"title": "Blue folder"})
    service.create(store, operator_actor(), "sheet", {**SHEET, "about": str(folder.record)})
    organisations.close()
    sign_in = SignIn("Sheets", Role.SUPERVISOR, "Super Visor", "supervisor", PASSWORD)
    with serving(settings) as url:
        yield Site(url, "sheets", {Role.SUPERVISOR: sign_in})


@pytest.mark.slow
@pytest.mark.parametrize(
    ("device", "language"), [("desktop", "en"), ("desktop", "ar"), ("phone", "ar"), ("narrow", "km")]
)
def test_the_pages_are_sound(
    site: Site, visiting: Visits, axe: Path, take_picture: Callable[[Page, str], None], device: str, language: str
) -> None:
    with visiting(Role.SUPERVISOR, device=device, language=language) as page:
        faults = []
        for name, path in (("list", f"sheet/?view=all&{COLUMNS}"), ("new", "sheet/new")):
            page.goto(site.at(path))
            take_picture(page, f"sheet-{name}-{device}-{language}")
            faults += faults_of(page, axe)
        page.goto(site.at("sheet/"))
        page.locator("tbody .name-link").first.click()
        take_picture(page, f"sheet-record-{device}-{language}")
        faults += faults_of(page, axe)
        page.goto(page.url.split("?")[0] + "/edit")
        take_picture(page, f"sheet-edit-{device}-{language}")
        faults += faults_of(page, axe)
        assert not faults, "\n".join(faults)


@pytest.mark.parametrize("script", [True, False])
def test_answers_are_written_as_people_write_them_and_read_back(site: Site, visiting: Visits, script: bool) -> None:
    with visiting(Role.SUPERVISOR, device="phone", script=script) as page:
        page.goto(site.at("sheet/new"))
        page.get_by_label("Name").fill(f"Written {script}")
        page.get_by_label("E-mail").fill("Dara@Example.ORG")
        page.get_by_label("Phone", exact=False).first.fill("(023) 123-456")
        page.get_by_label("Country").first.select_option(label="Nepal")
        page.get_by_label("Wage").fill("$1,250.50")
        page.get_by_label("Share kept").fill("7.5%")
        page.get_by_role("group", name="Feels safe").get_by_label("5: Very").check()
        page.get_by_label("Shift begins").fill("6.15 pm")
        page.get_by_label("Plan").fill("First **call**\n\n- one\n- two")
        page.get_by_role("button", name="Save").first.click()
        expect(page.get_by_text("dara@example.org")).to_be_visible()
        expect(page.get_by_role("link", name="023 123 456")).to_have_attribute("href", "tel:+855-23-123-456")
        for words in ("Nepal", "$1,250.50", "7.5%", "5/5"):
            expect(page.get_by_text(words, exact=True)).to_be_visible()
        expect(page.locator(".rich-text li")).to_have_text(["one", "two"])
        expect(page.locator(".rich-text strong")).to_have_text("call")


@pytest.mark.parametrize("script", [True, False])
def test_a_record_of_any_of_several_objects_is_found_and_leads_to_its_page(
    site: Site, visiting: Visits, script: bool
) -> None:
    with visiting(Role.SUPERVISOR, device="phone", script=script) as page:
        page.goto(site.at("sheet/new"))
        page.get_by_label("Name").fill(f"Goes along {script}")
        box = page.locator("#f-about")
        if script:
            box.press_sequentially("blue")
            option = page.get_by_role("option", name="Blue folder")
            expect(option.locator(".meta")).to_have_text("Folder")
            additions = page.locator("#f-about-matches [data-place]").filter(has_text="as new")
            expect(additions).to_have_text(["Add “blue” as new: Folder", "Add “blue” as new: Sheet"])
            box.press("ArrowDown")
            box.press("Enter")
            expect(box).to_have_value("Blue folder")
        else:
            expect(page.locator(".additions a")).to_have_text(["Folder", "Sheet"])
            box.fill("blue")
            page.get_by_role("button", name="Find Goes with").click()
            page.get_by_role("radio", name="Blue folder").check()
        page.get_by_role("button", name="Save").first.click()
        page.get_by_role("link", name="Folder: Blue folder").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Blue folder")
        expect(page.get_by_role("link", name=f"Goes along {script}")).to_be_visible()


@pytest.mark.parametrize("script", [True, False])
def test_what_cannot_be_read_is_told_and_kept_in_its_box(site: Site, visiting: Visits, script: bool) -> None:
    with visiting(Role.SUPERVISOR, script=script) as page:
        page.goto(site.at("sheet/new"))
        page.get_by_label("Name").fill("Refused")
        page.get_by_label("Phone", exact=False).first.fill("12")
        page.get_by_label("Wage").fill("1250,5")
        page.get_by_role("button", name="Save").first.click()
        expect(page.get_by_text("Write it like").first).to_be_visible()
        expect(page.get_by_label("Phone", exact=False).first).to_have_value("12")
        expect(page.get_by_label("Wage")).to_have_value("1250,5")


def test_a_rating_is_given_with_the_keyboard_and_the_buttons_type_the_signs(site: Site, visiting: Visits) -> None:
    with visiting(Role.SUPERVISOR) as page:
        page.goto(site.at("sheet/new"))
        page.get_by_role("group", name="Feels safe").get_by_label("1: Not at all").focus()
        page.keyboard.press("Space")
        page.keyboard.press("ArrowRight")
        expect(page.get_by_role("group", name="Feels safe").get_by_label("2", exact=True)).to_be_checked()
        plan = page.get_by_label("Plan")
        plan.fill("call home")
        plan.press("Control+a")
        page.get_by_role("button", name="Bold").click()
        expect(plan).to_have_value("**call home**")
        page.get_by_role("button", name="Bold").click()
        expect(plan).to_have_value("call home")
        page.get_by_role("button", name="List").click()
        expect(plan).to_have_value("- call home")
