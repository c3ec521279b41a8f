"""The pictures of the manual: taken from the demonstration, so that they show what people will see.

``make pictures`` writes them to ``docs/pictures``; otherwise they go to a folder that is thrown away.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from amparo.runtime.access import Role
from factories.site import Site
from servers.programs import ROOT

Visits = Callable[..., AbstractContextManager[Page]]

KEPT = ROOT / "docs" / "pictures"
MOST_BYTES = 150_000
SIZES = {"desktop": (1080, 720), "phone": (390, 780)}
FILE = "Full name,Sex,Born,Remarks\nMony Chan,F,31/03/1999,Came with a friend\nDara Keo,X,12/11/2001,\n"
MAIN_BUTTON = "section.bar button.main"


@dataclass(frozen=True)
class Desk:
    """Somebody's browser, the addresses of their organisation, and how a colleague comes in."""

    page: Page
    site: Site
    visiting: Visits

    def open(self, path: str) -> Page:
        self.page.goto(self.site.at(path))
        return self.page

    def open_case(self, path: str = "", cases: str = "view=case_3_at_risk") -> str:
        """Opens the first of those cases; its address."""
        self.open(f"case/?{cases}")
        href = self.page.locator("tbody .name-link").first.get_attribute("href") or ""
        address = self.site.url + href
        self.page.goto(address + path)
        return address


def home(desk: Desk) -> None:
    desk.open("")


def signed_out(desk: Desk) -> None:
    desk.page.context.clear_cookies(name="amparo")
    desk.open("")
    desk.page.goto(f"{desk.site.url}/language?to=km&next=/sign-in")


def left(desk: Desk) -> None:
    desk.open("")
    desk.page.get_by_role("button", name="Leave").click()
    desk.page.wait_for_url("**/calendar")


def case_list(desk: Desk) -> None:
    desk.open("case/")


def filter_being_made(desk: Desk) -> None:
    page = desk.open("case/?view=all&edit=1&add=1")
    page.select_option("#f-0-field", "exploitation_country")
    expect(page.locator("#f-0-value")).to_be_visible()


def found(desk: Desk) -> None:
    name = desk.open("person/").locator("tbody .name-link").first.inner_text()
    page = desk.open("search")
    page.locator("main input[type=search]").fill(name)
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text(name)


def kinds(desk: Desk) -> None:
    desk.open("person/new")


def no_answer(desk: Desk) -> None:
    page = desk.open("person/new?record_type=client")
    reasons = page.locator("details.no-answer", has=page.locator("[name='birth_date.missing']"))
    reasons.locator("summary").click()
    reasons.scroll_into_view_if_needed()
    page.evaluate("scrollBy(0, 260)")


def refused(desk: Desk) -> None:
    page = desk.open("person/new?record_type=client")
    page.click(MAIN_BUTTON)
    expect(page.locator("#error-summary")).to_be_visible()


def warned(desk: Desk) -> None:
    desk.open_case("?tab=support")
    desk.page.locator('main a[href*="/stay/new"]').first.click()
    for part, text in (("day", "2"), ("year", "2019")):
        desk.page.fill(f"[name='arrived_on.{part}']", text)
    desk.page.select_option("[name='arrived_on.month']", "1")
    desk.page.click(MAIN_BUTTON)
    expect(desk.page.locator("#warning-1")).to_be_visible()
    desk.page.evaluate("scrollTo(0, 0)")


def lookup(desk: Desk) -> None:
    name = desk.open("person/").locator("tbody .name-link").first.inner_text()
    page = desk.open("case/new?record_type=referred")
    page.fill("#f-person", name)
    expect(page.locator("#f-person-matches [role=option]").first).to_be_visible()
    page.locator("#f-person").scroll_into_view_if_needed()
    page.evaluate("scrollBy(0, 200)")


def draft_back(desk: Desk) -> None:
    address = desk.open_case("/edit")
    desk.page.on("dialog", lambda dialog: dialog.accept())
    desk.page.fill("#f-next_step", "Ask for the medical letter")
    desk.open("")
    desk.page.goto(f"{address}/edit")
    expect(desk.page.locator("[data-forget]")).to_be_visible()


def case(desk: Desk) -> None:
    desk.open_case()


def history(desk: Desk) -> None:
    desk.open_case("/history")


def past_day(desk: Desk) -> None:
    day = dt.datetime.now(dt.UTC).date() - dt.timedelta(days=120)
    desk.open_case(f"?as_of={day.isoformat()}", cases="view=all&sort=created_at")
    expect(desk.page.locator(".notice.warn")).to_be_visible()


def conflict(desk: Desk, day: str = "Monday") -> None:
    address = desk.open_case("/edit")
    with desk.visiting(Role.SUPERVISOR) as colleague:
        colleague.goto(f"{address}/edit")
        colleague.fill("#f-next_step", f"Call the clinic on {day}")
        colleague.click(MAIN_BUTTON)
        colleague.wait_for_url(address)
    desk.page.fill("#f-next_step", "Ask for the medical letter")
    desk.page.click(MAIN_BUTTON)
    expect(desk.page.locator("table.conflict")).to_be_visible()


def conflict_again(desk: Desk) -> None:
    conflict(desk, "Tuesday")


def deleted(desk: Desk) -> None:
    desk.open_case()
    desk.page.locator("main").get_by_role("button", name="Delete").click()
    expect(desk.page.locator("[data-toast]")).to_be_visible()


def report(desk: Desk) -> None:
    desk.open("reports/cases_by_exploitation_and_group")


def tried_import(desk: Desk) -> None:
    page = desk.open("person/import")
    page.set_input_files("input[type=file]", {"name": "people.csv", "mimeType": "text/csv", "buffer": FILE.encode()})
    page.click("main form button.main")
    expect(page.locator("main")).to_contain_text("Full name")


PLACES = """code,parent,level,name,name:km
02,,province,Battambang,បាត់ដំបង
0201,02,district,Banan,បាណន់
020101,0201,commune,Kantueu,កន្ទឺ
12,,province,Phnom Penh,ភ្នំពេញ
"""


def tried_places(desk: Desk) -> None:
    page = desk.open("setup/places/import")
    page.set_input_files("input[type=file]", {"name": "places.csv", "mimeType": "text/csv", "buffer": PLACES.encode()})
    page.click("main form button.main")
    expect(page.locator("main")).to_contain_text("Kantueu")


@dataclass(frozen=True)
class Picture:
    name: str
    show: Callable[[Desk], None]
    role: Role = Role.CASEWORKER
    language: str = "en"
    ends_session: bool = False

    @property
    def device(self) -> str:
        return "phone" if "-phone" in self.name else "desktop"


PICTURES = (
    Picture("home-desktop", home),
    Picture("home-phone-ar", home, language="ar"),
    Picture("sign-in-phone-km", signed_out),
    Picture("left-phone", left, ends_session=True),
    Picture("list-desktop", case_list),
    Picture("list-phone-km", case_list, language="km"),
    Picture("filter-desktop", filter_being_made),
    Picture("found-phone", found),
    Picture("kinds-phone", kinds),
    Picture("no-answer-phone", no_answer),
    Picture("refused-desktop", refused),
    Picture("warned-desktop", warned),
    Picture("lookup-desktop", lookup),
    Picture("draft-phone", draft_back),
    Picture("case-desktop", case),
    Picture("case-phone-ar", case, language="ar"),
    Picture("history-desktop", history),
    Picture("past-day-desktop", past_day),
    Picture("conflict-desktop", conflict),
    Picture("conflict-phone", conflict_again),
    Picture("deleted-phone", deleted),
    Picture("report-desktop", report),
    Picture("import-desktop", tried_import, role=Role.SUPERVISOR),
    Picture("places-desktop", tried_places, role=Role.ADMINISTRATOR),
)


@pytest.mark.slow
@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.name)
def test_the_manual_gets_a_picture_small_enough_to_load(
    site: Site, visiting: Visits, tmp_path: Path, picture: Picture
) -> None:
    folder = Path(os.environ.get("AMPARO_MANUAL_PICTURES", tmp_path))
    folder.mkdir(parents=True, exist_ok=True)
    with visiting(picture.role, device=picture.device, language=picture.language, afresh=picture.ends_session) as page:
        width, height = SIZES[picture.device]
        page.set_viewport_size({"width": width, "height": height})
        picture.show(Desk(page, site, visiting))
        taken = page.screenshot(path=folder / f"{picture.name}.png", animations="disabled")
    assert len(taken) < MOST_BYTES


def test_the_manual_keeps_the_pictures_that_are_taken_and_no_others() -> None:
    assert sorted(path.stem for path in KEPT.glob("*")) == sorted(picture.name for picture in PICTURES)
