"""A day's work from sign-in to report, on a phone and a desktop, with script and without, in three languages."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from amparo.runtime.access import Role
from factories.site import Site

Picture = Callable[[Page, str], None]
Visits = Callable[..., AbstractContextManager[Page]]

#: Each layout and width with script and without, the languages shared out; phone and narrow share a layout.
WAYS = [
    ("desktop", True, "en"),
    ("desktop", False, "km"),
    ("phone", True, "ar"),
    ("narrow", True, "km"),
    ("narrow", False, "ar"),
]


def keep_form(page: Page) -> None:
    """Presses the main button of the bar at the foot."""
    page.click("section.bar button.main")


def answer_date(page: Page, name: str, day: str, month: str, year: str) -> None:
    page.fill(f'[name="{name}.day"]', day)
    page.select_option(f'[name="{name}.month"]', month)
    page.fill(f'[name="{name}.year"]', year)


def choose_person(page: Page, name: str, script: bool) -> None:
    """The lookup of the case's person: matches while typing, or the button “Find”."""
    box = page.locator("#f-person")
    box.fill(name)
    if script:
        page.locator("#f-person-matches [role=option]", has_text=name).first.click()
    else:
        page.click('button[name=find][value="person"]')
        page.check('input[type=radio][name="person"]:not([value=""])')


def create_person(page: Page, site_at: Callable[[str], str], name: str) -> str:
    page.goto(site_at("person/"))
    page.click('a.main[href$="/person/new"]')
    page.click('a[href*="record_type=client"]')
    keep_form(page)
    expect(page.locator("#error-summary")).to_be_visible()
    page.fill("#f-name", name)
    answer_date(page, "birth_date", "٥", "3", "2001")
    keep_form(page)
    page.wait_for_url(re.compile(r"/person/[0-9a-f-]{36}$"))
    expect(page.locator("h1")).to_have_text(name)
    return page.url


def new_case(page: Page, site_at: Callable[[str], str], kind: str) -> None:
    page.goto(site_at("case/new"))
    page.click(f'a[href*="record_type={kind}"]')


def create_case(page: Page, site_at: Callable[[str], str], name: str, script: bool) -> str:
    new_case(page, site_at, "self_referred")
    choose_person(page, name, script)
    answer_date(page, "referral_date", "1", "6", "2026")
    choose_consent(page)
    keep_form(page)
    page.wait_for_url(re.compile(r"/case/[0-9a-f-]{36}$"))
    expect(page.locator("h1")).to_have_text(name)
    return page.url


@pytest.mark.parametrize("script", [True, False])
def test_a_form_sent_back_keeps_the_person_that_was_chosen(site: Site, visiting: Visits, script: bool) -> None:
    name = f"Ada {uuid.uuid4().hex[:8]}"
    with visiting(Role.CASEWORKER, script=script) as page:
        create_person(page, site.at, name)
        new_case(page, site.at, "outreach")
        choose_person(page, name, script)
        keep_form(page)
        expect(page.locator("#error-summary")).to_be_visible()
        answer_date(page, "referral_date", "1", "6", "2026")
        choose_consent(page)
        keep_form(page)
        page.wait_for_url(re.compile(r"/case/[0-9a-f-]{36}$"))
        expect(page.locator("h1")).to_have_text(name)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_part_of_a_case_that_is_shown_can_be_seen_in_its_row_on_a_phone(
    site: Site, visiting: Visits, language: str
) -> None:
    with visiting(Role.CASEWORKER, device="phone", language=language) as page:
        page.goto(site.at("case/"))
        page.locator(".name-link").first.click()
        page.locator('.tabs a[href*="tab=law"]').click()
        current = page.locator('.tabs [aria-current="page"]')
        expect(current).to_have_attribute("href", re.compile("tab=law"))
        expect(current).to_be_in_viewport(ratio=1)


def choose_consent(page: Page) -> None:
    page.locator('input[type=radio][name="consent"]').first.check()


@pytest.mark.slow
@pytest.mark.parametrize(("device", "script", "language"), WAYS)
def test_a_days_work(
    site: Site, visiting: Visits, take_picture: Picture, device: str, script: bool, language: str, tmp_path: Path
) -> None:
    mark = f"{device}-{language}-{'script' if script else 'plain'}"
    name = f"Ada {uuid.uuid4().hex[:8]}"
    with visiting(Role.CASEWORKER, device=device, language=language, script=script) as page:
        page.goto(site.at(""))
        take_picture(page, f"home-{mark}")
        create_person(page, site.at, name)
        case = create_case(page, site.at, name, script)
        take_picture(page, f"case-{mark}")
        change_case(page, case, "Call back")
        with visiting(Role.SUPERVISOR, language=language) as other:
            meet_in_a_conflict(page, other, case, take_picture, mark)
        read_history(page, case)
        look_back(page, case)
        find_in_list(page, site.at, name)
        read_report(page, site.at)
        take_picture(page, f"report-{mark}")
    with visiting(Role.SUPERVISOR, device=device, language=language, script=script) as page:
        export_list(page, site.at, name, tmp_path)


def change_case(page: Page, case: str, step: str) -> None:
    page.goto(f"{case}/edit")
    page.fill("#f-next_step", step)
    keep_form(page)
    page.wait_for_url(case)
    expect(page.locator("main")).to_contain_text(step)


def meet_in_a_conflict(page: Page, other: Page, case: str, take_picture: Picture, mark: str) -> None:
    page.goto(f"{case}/edit")
    other.goto(f"{case}/edit")
    other.fill("#f-next_step", "Theirs")
    keep_form(other)
    other.wait_for_url(case)
    page.fill("#f-next_step", "Mine")
    keep_form(page)
    expect(page.locator("table.conflict")).to_contain_text("Theirs")
    expect(page.locator("table.conflict")).to_contain_text("Mine")
    assert page.locator("table.conflict input:checked").count() == 0
    take_picture(page, f"conflict-{mark}")
    page.click('label[for="keep-next_step"]')
    keep_form(page)
    page.wait_for_url(case)
    expect(page.locator("main")).to_contain_text("Mine")


def read_history(page: Page, case: str) -> None:
    page.click(f'a[href$="{case.split("/o/")[1]}/history"]')
    timeline = page.locator(".timeline")
    for words in ("Call back", "Theirs", "Mine"):
        expect(timeline).to_contain_text(words)


def look_back(page: Page, case: str) -> None:
    """Before it was added there is nothing at its address; a day that is none is said."""
    answer = page.goto(f"{case}?as_of=2020-01-01")
    assert answer is not None
    assert answer.status == 404
    page.goto(f"{case}?as_of=2020-02-31")
    expect(page.locator(".notice.warn")).to_be_visible()


def find_in_list(page: Page, site_at: Callable[[str], str], name: str) -> None:
    page.goto(site_at("person/"))
    page.fill("#list-find", name)
    page.press("#list-find", "Enter")
    expect(page.locator("tbody .name-link")).to_have_text([name])


def read_report(page: Page, site_at: Callable[[str], str]) -> None:
    page.goto(site_at("reports/"))
    page.click('a[href$="/reports/cases_by_status"]')
    expect(page.locator("table.figures")).to_be_visible()
    expect(page.locator("table.chart")).to_be_visible()


def export_list(page: Page, site_at: Callable[[str], str], name: str, folder: Path) -> None:
    page.goto(site_at("person/?view=all"))
    page.fill("#list-find", name)
    page.press("#list-find", "Enter")
    page.wait_for_url("**asked=**")
    assert name not in page.url
    page.click('a[href*="person/export"]')
    page.check('[name="kind"][value="csv"]')
    page.click("main form.fields button.main")
    made = page.locator('a[href$="export.csv"]')
    # Without script the page of the job is loaded again by the reader.
    for _ in range(600):
        if made.count():
            break
        page.wait_for_timeout(100)
        page.reload()
    with page.expect_download() as started:
        made.click()
    started.value.save_as(folder / "people.csv")
    assert name in (folder / "people.csv").read_text(encoding="utf-8-sig")


def test_a_phone_leads_to_ones_own_page_and_out(visiting: Visits) -> None:
    with visiting(Role.CASEWORKER, device="narrow", afresh=True) as page:
        page.locator('footer a[href$="/you"]').click()
        page.get_by_role("button", name="Sign out", exact=True).click()
        page.wait_for_url("**/sign-in")
