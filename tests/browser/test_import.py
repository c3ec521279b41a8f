"""A workbook is imported, what it says is explained, its refused rows are corrected, and all of it is undone."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from python_calamine import CalamineWorkbook

from amparo.runtime.access import Role
from amparo.runtime.transfer.standard_sheet import SHEET_COLUMNS
from amparo.runtime.transfer.table_reading import open_table
from factories.axe import violations
from factories.case_sheet import Cell, filled_sheet
from factories.site import Site
from factories.workbooks import workbook

Picture = Callable[[Page, str], None]
Visits = Callable[..., AbstractContextManager[Page]]

WAYS = [("desktop", True, "en"), ("phone", True, "ar"), ("phone", False, "en"), ("narrow", True, "km")]
RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def send_file(page: Page, address: str, content: bytes) -> None:
    page.goto(address)
    page.set_input_files("#f-file", {"name": "people.xlsx", "mimeType": XLSX, "buffer": content})
    page.click("form.fields button.main")


def wait_for(page: Page, selector: str) -> None:
    """Work goes on beside the page; without a script its reader looks again."""
    for _ in range(300):
        if page.locator(selector).count():
            return
        page.wait_for_timeout(250)
        page.reload()
    raise AssertionError(f"{selector} did not come")


def requires_no_sideways_scrolling(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth + 1")


@pytest.mark.slow
@pytest.mark.parametrize(("device", "script", "language"), WAYS)
def test_a_workbook_is_imported_corrected_and_undone(
    site: Site, visiting: Visits, take_picture: Picture, axe: Path, device: str, script: bool, language: str
) -> None:
    mark = uuid.uuid4().hex[:8]
    people = [
        ["Intake list, March"],
        ["Name", "Gender", "Date of birth", "Remarks"],
        [f"Ada {mark}", "Woman", "31 March 2001", ""],
        [f"Bo {mark}", "F.", "02/03/1999", ""],
        [f"Cy {mark}", "F.", "13/03/1999", ""],
    ]
    content = workbook(sheets={"Read me": [["A list"], ["of people"], ["we met"]], "List": people})
    name = f"import-{device}-{language}{'' if script else '-plain'}"
    with visiting(Role.SUPERVISOR, device=device, language=language, script=script) as page:
        at = f"{site.url}/o/{site.slug}/person/import"
        send_file(page, at, content)
        wait_for(page, "#mapping")
        expect(page.locator('[name="table.sheet"]')).to_have_value("List")
        take_picture(page, f"{name}-trial")
        requires_no_sideways_scrolling(page)
        if script:
            assert violations(page, axe, runOnly=RULES) == []
        for box in page.locator('select[name*=".v."]').all():
            box.select_option(index=1)
        page.click('section.bar button:not([name="run"])')
        wait_for(page, 'button[name="run"]')
        take_picture(page, f"{name}-again")
        page.click('button[name="run"]')
        wait_for(page, 'a[href$="/undo"]')
        take_picture(page, f"{name}-outcome")
        requires_no_sideways_scrolling(page)
        page.click('a[href$="/undo"]')
        take_picture(page, f"{name}-undo")
        page.click("form button.stop")
        page.wait_for_url(re.compile("/undone/"))
        wait_for(page, ".notice.ok")
        take_picture(page, f"{name}-undone")


@pytest.mark.slow
def test_refused_rows_come_back_as_a_workbook_and_are_imported_when_corrected(site: Site, visiting: Visits) -> None:
    mark = uuid.uuid4().hex[:8]
    content = workbook([["Name", "Date of birth"], [f"Ada {mark}", "2001-02-03"], [f"Bo {mark}", "soon"]])
    with visiting(Role.SUPERVISOR) as page:
        at = f"{site.url}/o/{site.slug}/person/import"
        send_file(page, at, content)
        wait_for(page, 'button[name="run"]')
        page.click('button[name="run"]')
        wait_for(page, 'a[href$="/problems.xlsx"]')
        with page.expect_download() as download:
            page.click('a[href$="/problems.xlsx"]')
        refused = open_table(Path(download.value.path()))
        (row,) = refused.rows()
        assert row.cells == (f"Bo {mark}", "soon")
        header = [*refused.header, "amparo:row", "amparo:reason", "amparo:export:1"]
        send_file(page, at, workbook([header, [row.cells[0], "2001-02-04", row.number, "corrected"]]))
        wait_for(page, 'button[name="run"]')
        page.click('button[name="run"]')
        wait_for(page, 'a[href$="/undo"]')
        expect(page.locator("main")).to_contain_text("1 row was added.")


@pytest.mark.slow
@pytest.mark.parametrize(("device", "script", "language"), WAYS)
def test_rows_that_hold_a_person_their_case_and_services_are_imported(
    site: Site, visiting: Visits, take_picture: Picture, axe: Path, device: str, script: bool, language: str
) -> None:
    mark = uuid.uuid4().hex[:8]
    rows = [
        [
            "person.name",
            "person.gender",
            "case.referral_date",
            "case.consent",
            "service_type",
            "status",
            "service_date",
        ],
        [f"Ada {mark}", "feminine", "2026-01-12", "given", "medical", "given", "2026-01-15"],
        ["", "", "", "", "counselling", "given", "2026-01-22"],
        [f"Bo {mark}", "masculine", "2026-02-03", "given", "shelter", "Gvien", "2026-02-03"],
    ]
    name = f"import-objects-{device}-{language}{'' if script else '-plain'}"
    with visiting(Role.SUPERVISOR, device=device, language=language, script=script) as page:
        send_file(page, f"{site.url}/o/{site.slug}/service/import", workbook(rows))
        wait_for(page, "#mapping")
        expect(page.locator('[name="objects"][value="person"]')).to_be_checked()
        expect(page.locator('[name="objects"][value="case"]')).to_be_checked()
        take_picture(page, f"{name}-trial")
        requires_no_sideways_scrolling(page)
        if script:
            assert violations(page, axe, runOnly=RULES) == []
        page.click('button[name="run"]')
        wait_for(page, 'a[href$="/undo"]')
        take_picture(page, f"{name}-outcome")
        requires_no_sideways_scrolling(page)


@pytest.mark.slow
def test_the_case_sheet_of_the_standard_is_recognised_and_exported(
    site: Site, visiting: Visits, take_picture: Picture, shared: Path
) -> None:
    published = shared / "real/victim-data/htcds/HTCDS Excel Spreadsheet v2.0.xlsx"
    mark = uuid.uuid4().hex[:8]
    cells: list[Cell] = [""] * len(SHEET_COLUMNS)
    said: dict[str, Cell] = {
        "prs_FirstName": "Ada",
        "prs_SecondName": mark,
        "con_Consent": True,
        "prs_MailingStreet": "12 River Road",
        "prs_MailingCountry": "Viet Nam",
        "cas_Status": "Active",
        "cas_IncomingReferralDate": dt.date(2026, 1, 12),
    }
    for code, value in said.items():
        cells[list(SHEET_COLUMNS).index(code)] = value
    with visiting(Role.SUPERVISOR) as page:
        at = f"{site.url}/o/{site.slug}/case/import"
        page.goto(at)
        take_picture(page, "import-sheet-file")
        send_file(page, at, filled_sheet(published, [cells]))
        wait_for(page, 'button[name="run"]')
        take_picture(page, "import-sheet-trial")
        page.click('button[name="run"]')
        wait_for(page, 'a[href$="/undo"]')
        expect(page.locator("main")).to_contain_text("1 row was added.")
        page.goto(f"{site.url}/o/{site.slug}/case/export?view=all")
        page.get_by_label("Case sheet of the Human Trafficking Case Data Standard, a workbook").check()
        take_picture(page, "export-sheet")
        page.click("form.fields button.main")
        wait_for(page, 'a[href$=".xlsx"]')
        with page.expect_download() as download:
            page.click('a[href$=".xlsx"]')
        rows = CalamineWorkbook.from_path(download.value.path()).get_sheet_by_index(0).to_python()
        (row,) = [row[1:] for row in rows if mark in row]
        assert {code: row[list(SHEET_COLUMNS).index(code)] for code in said} == said
