"""What somebody does on a page before its script is there: nothing of it is undone, and it counts as it does later."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest
from playwright.sync_api import FilePayload, Page, expect

from amparo.runtime.access import Role
from amparo.runtime.settings import Settings
from factories import files
from factories.sheets_site import serving_sheets
from factories.site import Site
from factories.slow_network import hold_back, open_early

Visits = Callable[..., AbstractContextManager[Page]]
#: Of every page.
SCRIPT = "app-*.js"
PAPER = FilePayload(name="complaint.pdf", mimeType="application/pdf", buffer=files.PDF)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with serving_sheets(Settings(home=tmp_path_factory.mktemp("home"))) as site:
        yield site


def save(page: Page) -> None:
    page.click("section.bar button.main")
    page.wait_for_load_state()


def edit_sheet(page: Page, site: Site) -> str:
    """The sheet that goes with the blue folder; gives the address of its form."""
    page.goto(site.at("sheet/?view=all"))
    page.get_by_role("link", name="Sheet", exact=True).first.click()
    page.get_by_role("heading", level=1).wait_for()
    return page.url.split("?")[0] + "/edit"


def test_what_is_typed_into_a_lookup_is_looked_for_when_the_script_is_there(site: Site, visiting: Visits) -> None:
    with visiting(Role.SUPERVISOR, device="phone") as page:
        arrive = hold_back(page, SCRIPT)
        open_early(page, site.at("sheet/new"))
        box = page.locator("#f-about")
        box.press_sequentially("blue")
        arrive()
        expect(page.get_by_role("option", name="Blue folder")).to_be_visible()
        box.press("ArrowDown")
        box.press("Enter")
        expect(box).to_have_value("Blue folder")


def test_a_match_that_was_chosen_is_kept_by_the_script(site: Site, visiting: Visits) -> None:
    with visiting(Role.SUPERVISOR, device="phone") as page:
        arrive = hold_back(page, SCRIPT)
        open_early(page, site.at("sheet/new"))
        page.fill("#f-name", "Chose early")
        page.fill("#f-about", "blue")
        page.locator('button[name="find"][value="about"]').first.click(no_wait_after=True)
        page.get_by_role("radio", name="Blue folder").check()
        arrive()
        expect(page.locator("#f-about")).to_be_focused()
        expect(page.locator("#f-about")).to_have_value("Blue folder")
        save(page)
        expect(page.get_by_role("link", name="Folder: Blue folder")).to_be_visible()


def test_a_match_that_was_found_before_the_script_is_shown_by_it(site: Site, visiting: Visits) -> None:
    with visiting(Role.SUPERVISOR, device="phone") as page:
        arrive = hold_back(page, SCRIPT)
        open_early(page, site.at("sheet/new"))
        page.fill("#f-about", "blue")
        page.locator('button[name="find"][value="about"]').first.click(no_wait_after=True)
        expect(page.get_by_role("radio", name="Blue folder")).to_be_focused()
        arrive()
        expect(page.get_by_role("option", name="Blue folder")).to_be_visible()


@pytest.mark.parametrize("words", ["blue", "nobody"])
def test_without_script_the_form_comes_back_where_something_was_looked_for(
    site: Site, visiting: Visits, words: str
) -> None:
    with visiting(Role.SUPERVISOR, device="phone", script=False) as page:
        page.goto(site.at("sheet/new"))
        page.fill("#f-about", words)
        page.locator('button[name="find"][value="about"]').first.click()
        found = {"blue": page.get_by_role("radio", name="Blue folder"), "nobody": page.locator("#f-about")}
        expect(found[words]).to_be_focused()
        expect(found[words]).to_be_in_viewport()


def test_without_script_the_form_comes_back_at_the_next_list_and_at_a_row_that_was_added(
    site: Site, visiting: Visits
) -> None:
    with visiting(Role.SUPERVISOR, device="phone", script=False) as page:
        page.goto(site.at("sheet/new"))
        steps = page.locator('[data-field="lives_in"] .steps')
        steps.locator("summary").click()
        steps.get_by_label("province").select_option(label="Battambang")
        steps.locator("button[name=find]").click()
        expect(steps.get_by_label("district")).to_be_focused()
        expect(steps.get_by_label("district")).to_be_in_viewport()
        page.click("[data-add-row]")
        row = page.get_by_role("group", name="Entry 2")
        expect(row).to_be_focused()
        expect(row).to_be_in_viewport()


def test_a_record_that_was_taken_out_stays_out(site: Site, visiting: Visits) -> None:
    with visiting(Role.SUPERVISOR, device="phone") as page:
        form = edit_sheet(page, site)
        arrive = hold_back(page, SCRIPT)
        open_early(page, form)
        page.locator('label[for="f-about-nobody"]').click()
        arrive()
        expect(page.locator("#f-about")).to_have_value("")
        expect(page.locator('[name="about"]')).to_have_value("")


def test_a_box_that_was_emptied_stays_empty(site: Site, visiting: Visits) -> None:
    with visiting(Role.SUPERVISOR, device="phone") as page:
        page.goto(site.at("sheet/new"))
        page.locator("#f-about").press_sequentially("blue")
        page.get_by_role("option", name="Blue folder").click()
        arrive = hold_back(page, SCRIPT)
        page.locator("section.bar button.main").click(no_wait_after=True)
        expect(page.locator("[data-error-summary]")).to_be_visible()
        expect(page.locator("#f-about")).to_have_value("Blue folder")
        page.fill("#f-about", "")
        arrive()
        expect(page.locator("#f-about")).to_have_role("combobox")
        expect(page.locator("#f-about")).to_have_value("")
        expect(page.locator('[name="about"]')).to_have_value("")


def test_a_place_that_was_chosen_in_the_lists_counts(site: Site, visiting: Visits) -> None:
    with visiting(Role.SUPERVISOR, device="phone") as page:
        arrive = hold_back(page, SCRIPT)
        open_early(page, site.at("sheet/new"))
        field = page.locator('[data-field="lives_in"]')
        field.locator(".steps summary").click()
        field.get_by_label("province").select_option(label="Battambang")
        arrive()
        expect(field.locator("#f-lives_in")).to_have_value("Battambang")
        field.get_by_label("district").select_option(label="Thma Koul")
        expect(field.locator("#f-lives_in")).to_have_value("Thma Koul, Battambang")


def test_a_file_that_was_chosen_is_sent_by_the_script(site: Site, visiting: Visits) -> None:
    with visiting(Role.SUPERVISOR, device="phone") as page:
        arrive = hold_back(page, SCRIPT)
        open_early(page, site.at("sheet/new"))
        page.set_input_files("#f-paper", PAPER)
        arrive()
        box = page.locator('[data-field="paper"]')
        expect(box.locator("[data-file-name]")).to_have_text("complaint.pdf")
        expect(box.locator("[data-file-state]")).to_have_text("Sent. It is kept when you save.")


def test_the_reasons_stay_open_under_the_hands_of_who_chooses_among_them(site: Site, visiting: Visits) -> None:
    with visiting(Role.SUPERVISOR) as page:
        arrive = hold_back(page, SCRIPT)
        open_early(page, site.at("sheet/new"))
        details = page.locator('[data-field="phone"] details.no-answer')
        details.locator("summary").focus()
        page.keyboard.press("Enter")
        details.get_by_role("radio", name="Unknown").focus()
        page.keyboard.press("Space")
        arrive()
        expect(details.get_by_role("radio", name="Unknown")).to_be_focused()
        page.keyboard.press("ArrowDown")
        expect(details.get_by_role("radio", name="Refused")).to_be_checked()
        page.keyboard.press("Enter")
        expect(page.locator('[data-field="phone"] .said')).to_contain_text("Refused")


def test_the_summary_of_problems_has_focus_before_the_script_and_takes_it_from_nobody(
    site: Site, visiting: Visits
) -> None:
    with visiting(Role.SUPERVISOR, device="phone") as page:
        arrive = hold_back(page, SCRIPT)
        open_early(page, site.at("sheet/new"))
        page.locator("section.bar button.main").click(no_wait_after=True)
        expect(page.locator("[data-error-summary]")).to_be_focused()
        page.locator("#f-name").press_sequentially("Sok")
        arrive()
        page.keyboard.type("ha")
        expect(page.locator("#f-name")).to_have_value("Sokha")


@pytest.mark.parametrize(
    ("row", "box", "choice"),
    [("", "field", "paid_in"), ("&f.0.field=met_on&f.0.operator=equals", "operator", "in_period")],
)
def test_a_field_or_a_comparison_that_was_chosen_gets_the_answers_that_fit_it(
    site: Site, visiting: Visits, row: str, box: str, choice: str
) -> None:
    with visiting(Role.SUPERVISOR, device="phone") as page:
        arrive = hold_back(page, SCRIPT)
        open_early(page, site.at(f"sheet/?view=all&edit=1{row}"))
        page.select_option(f"#f-0-{box}", choice)
        arrive()
        expect(page.locator("select#f-0-value")).to_be_visible()
        expect(page.locator(f"#f-0-{box}")).to_have_value(choice)


def test_a_field_is_reached_with_the_arrow_keys_before_its_answers_are_asked_for(site: Site, visiting: Visits) -> None:
    with visiting(Role.SUPERVISOR) as page:
        page.goto(site.at("sheet/?view=all&edit=1"))
        page.locator("#f-0-field").focus()
        names = page.locator("#f-0-field option").evaluate_all("options => options.map(option => option.value)")
        for _ in range(names.index("paid_in")):
            page.keyboard.press("ArrowDown")
        expect(page.locator("#f-0-field")).to_have_value("paid_in")
        page.keyboard.press("Tab")
        expect(page.locator("select#f-0-value")).to_be_visible()
        expect(page.locator("#f-0-field")).to_have_value("paid_in")


def test_what_is_typed_into_the_search_is_looked_for_when_the_script_is_there(site: Site, visiting: Visits) -> None:
    with visiting(Role.SUPERVISOR) as page:
        arrive = hold_back(page, SCRIPT)
        open_early(page, site.at(""))
        page.locator("#masthead-find").press_sequentially("Blue")
        arrive()
        expect(page.get_by_role("option", name="Blue folder")).to_be_visible()


def test_an_undo_that_has_focus_does_not_vanish(site: Site, visiting: Visits) -> None:
    with visiting(Role.SUPERVISOR) as page:
        page.clock.install()
        edit_sheet(page, site)
        arrive = hold_back(page, SCRIPT)
        page.locator('form[action$="/delete"] button').click(no_wait_after=True)
        undo = page.locator("[data-toast] button")
        undo.focus()
        arrive()
        page.clock.fast_forward(60_000)
        expect(undo).to_be_focused()
        undo.click()
        expect(page.locator("[data-toast]")).to_be_visible()
