"""What belongs to a case, written down as the manual for caseworkers says, seen in its parts and found again."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Page, expect

from amparo.runtime.access import Role
from browser.test_walk import answer_date, create_case, create_person, keep_form
from factories import files
from factories.site import Site

Picture = Callable[[Page, str], None]
Visits = Callable[..., AbstractContextManager[Page]]
#: A shelter of the demonstration.
SHELTER = "Lotus Lane Centre"
PHOTO = FilePayload(name="letter.jpg", mimeType="image/jpeg", buffer=files.jpeg((1600, 1200)))
PAPER = FilePayload(name="complaint.pdf", mimeType="application/pdf", buffer=files.PDF)


def begin(page: Page, case: str, part: str, object_name: str) -> None:
    page.goto(f"{case}?tab={part}")
    page.locator(f'main a[href*="/{object_name}/new"]').first.click()
    page.wait_for_load_state()


def keep(page: Page) -> None:
    keep_form(page)
    page.wait_for_load_state()
    assert page.locator("[data-error-summary] li").all_inner_texts() == []


def keep_service(page: Page, case: str) -> None:
    begin(page, case, "overview", "service")
    page.select_option('[name="service_type"]', "counselling")
    answer_date(page, "service_date", "2", "6", "2026")
    page.fill('[name="hours"]', "١٫٥")
    keep(page)


def keep_stay(page: Page, case: str, *, script: bool) -> None:
    begin(page, case, "support", "stay")
    page.fill("#f-bed", "Room 2")
    page.fill("#f-shelter", "lotus lane")
    if script:
        page.locator("#f-shelter-matches [role=option]", has_text=SHELTER).click()
    else:
        page.click('button[name=find][value="shelter"]')
        page.check('input[type=radio][name="shelter"]:not([value=""]) >> nth=0')
    answer_date(page, "arrived_on", "2", "6", "2026")
    keep(page)


def keep_assessment(page: Page, case: str) -> None:
    begin(page, case, "support", "assessment")
    page.check('[name="assessment_type"] >> nth=0')
    answer_date(page, "assessment_date", "3", "6", "2026")
    page.check('[name="safety_score"][value="2"]')
    keep(page)


def keep_proceeding(page: Page, case: str) -> None:
    """An amount asks for its currency before it is kept."""
    begin(page, case, "law", "legal_proceeding")
    page.select_option('[name="claim"]', "unpaid_wages")
    page.fill('[name="compensation_awarded"]', "1,250.50")
    keep_form(page)
    expect(page.locator("[data-error-summary] li")).to_have_count(1)
    page.select_option('[name="compensation_currency"]', "usd")
    keep(page)


def keep_document(page: Page, case: str, title: str, file: FilePayload, *, script: bool) -> None:
    begin(page, case, "law", "document")
    page.fill("#f-title", title)
    page.select_option('[name="document_kind"]', "other")
    page.set_input_files('[name="file.file"]', file)
    if script:
        expect(page.locator('[data-field="file"] [data-file-name]')).to_have_text(file["name"])
    keep(page)
    with page.expect_download() as started:
        page.get_by_role("link", name=file["name"], exact=True).click()
    assert Path(started.value.path()).read_bytes() == file["buffer"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("device", "language", "script"), [("phone", "en", True), ("phone", "ar", True), ("desktop", "en", False)]
)
def test_everything_of_a_case_is_kept_seen_and_found_in_another_script(
    site: Site, visiting: Visits, take_picture: Picture, device: str, language: str, script: bool
) -> None:
    mark = uuid.uuid4().hex[:6]
    with visiting(Role.CASEWORKER, device=device, language=language, script=script) as page:
        create_person(page, site.at, f"سكينة {mark}")
        case = create_case(page, site.at, f"سكينة {mark}", script)
        keep_service(page, case)
        keep_stay(page, case, script=script)
        keep_assessment(page, case)
        keep_proceeding(page, case)
        keep_document(page, case, f"Letter {mark}", PHOTO, script=script)
        keep_document(page, case, f"Complaint {mark}", PAPER, script=script)
        for part, words in (
            ("overview", ["1.50"]),
            ("support", [SHELTER, "2/5"]),
            ("law", ["letter.jpg", "complaint.pdf"]),
        ):
            page.goto(f"{case}?tab={part}")
            for each in words:
                expect(page.locator("main table", has_text=each).first).to_be_visible()
            take_picture(page, f"work-{part}-{device}-{language}-{script}")
        page.goto(site.at("search"))
        page.fill("main [name=q]", f"Sakina {mark}")
        page.press("main [name=q]", "Enter")
        expect(page.locator("main")).to_contain_text(f"سكينة {mark}")
