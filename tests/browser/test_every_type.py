"""Fields of every kind in a browser: on every device and in every direction, with and without script."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, expect

from amparo.metadata.fields.registry import FIELD_TYPES
from amparo.runtime.access import Role
from amparo.runtime.settings import Settings
from browser.test_every_page import SHARED_OUT, faults_of
from factories.axe import Part
from factories.every_type import sheets_document
from factories.fillings import FILLINGS, ROW, Desk
from factories.sheets_site import serving_sheets
from factories.site import Site

Visits = Callable[..., AbstractContextManager[Page]]
COLUMNS = "&".join(
    f"columns={name}" for name in ("name", "phone", "email", "country", "wage", "paid", "share", "safety")
)
NOTHING_CHANGED = {"en": "Nothing was changed.", "ar": "لم يتغيّر شيء."}
#: The fields in as many parts as a list takes conditions.
HALVES = ([*FILLINGS][::2], [*FILLINGS][1::2])


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The sheets in place of the demonstration."""
    with serving_sheets(Settings(home=tmp_path_factory.mktemp("home"))) as site:
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
        page.goto(site.at(f"sheet/?view=all&{COLUMNS}"))
        take_picture(page, f"sheet-list-{device}-{language}")
        faults += faults_of(page, axe, part)
        page.goto(site.at("sheet/"))
        page.locator("tbody .name-link").first.click()
        take_picture(page, f"sheet-record-{device}-{language}")
        faults += faults_of(page, axe, part)
        page.goto(page.url.split("?")[0] + "/edit")
        take_picture(page, f"sheet-edit-{device}-{language}")
        faults += faults_of(page, axe, part)
        assert not faults, "\n".join(faults)


def test_the_battery_knows_every_type() -> None:
    fields = {field["name"]: field["type"] for each in sheets_document()["objects"] for field in each["fields"]}
    assert set(fields.values()) == set(FIELD_TYPES)
    assert set(fields) - {*FILLINGS, *ROW, "number", "sheet"} == set()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("device", "language", "script"),
    [("desktop", "en", True), ("phone", "ar", True), ("phone", "en", False), ("desktop", "ar", False)],
)
def test_every_type_is_filled_in_saved_seen_and_found(
    site: Site, visiting: Visits, take_picture: Callable[[Page, str], None], device: str, language: str, script: bool
) -> None:
    with visiting(Role.SUPERVISOR, device=device, language=language, script=script) as page:
        desk = Desk(page, language, script, f"{device} {language} {script}")
        page.goto(site.at("sheet/new"))
        for name, filling in FILLINGS.items():
            filling.fill(desk, name)
        fill_rows(desk)
        take_picture(page, f"filled-{device}-{language}-{script}")
        page.click("section.bar button.main")
        page.wait_for_load_state()
        assert page.locator("[data-error-summary] li").all_inner_texts() == []
        take_picture(page, f"seen-{device}-{language}-{script}")
        require_seen(desk)
        require_unchanged_when_saved_again(desk)
        require_seen(desk)
        for names in HALVES:
            assert f"Sheet {desk.number}" in found_by(desk, site, names, "all")


@pytest.mark.parametrize(
    ("device", "language", "script"),
    [("desktop", "en", True), ("phone", "ar", True), ("phone", "en", False), ("desktop", "ar", False)],
)
def test_every_type_takes_a_reason_for_no_answer(
    site: Site, visiting: Visits, device: str, language: str, script: bool
) -> None:
    with visiting(Role.SUPERVISOR, device=device, language=language, script=script) as page:
        page.goto(site.at("sheet/new"))
        page.fill("#f-name", f"Silent {device} {language} {script}")
        answers = page.locator("[data-field] details.no-answer")
        assert answers.count() == len(FILLINGS) - 1
        for number in range(answers.count()):
            answers.nth(number).locator("summary").click()
            answers.nth(number).locator("input.reason").first.check()
        page.click("section.bar button.main")
        page.wait_for_load_state()
        assert page.locator("[data-error-summary] li").all_inner_texts() == []
        expect(page.locator(".fact .reason-box")).to_have_count(len(FILLINGS) - 1)


def test_the_conditions_leave_out_a_sheet_with_other_answers(site: Site, visiting: Visits) -> None:
    with visiting(Role.SUPERVISOR, script=False) as page:
        for names in HALVES:
            assert "Other" not in found_by(Desk(page, "en", False, ""), site, names, "any")


def require_unchanged_when_saved_again(desk: Desk) -> None:
    """Every box holds its answer when the form is opened again, so that saving it changes nothing."""
    page = desk.page
    page.goto(f"{page.url.split('?')[0]}/edit")
    for name in ("name", "email", "website"):
        expect(page.locator(f'[name="{name}"]')).to_have_value(FILLINGS[name].words(desk))
    page.click("section.bar button.main")
    expect(page.locator("[data-toast]")).to_have_text(NOTHING_CHANGED[desk.language])


def fill_rows(desk: Desk) -> None:
    """The row that is there, and another one."""
    for number in (0, 1):
        if number:
            desk.page.click("[data-add-row]")
        for name, filling in ROW.items():
            filling.fill(desk, f"+entry.sheet.{number}.{name}")


def require_seen(desk: Desk) -> None:
    """Every answer beside its label, the rows in their list, and what leads out of the page or is formatted."""
    page = desk.page
    told = page.eval_on_selector_all(
        ".fact",
        "facts => facts.map(fact => [fact.querySelector('dt'), fact.querySelector('dd')].map(x => x.innerText))",
    )
    seen = {label.strip(): words for label, words in told}
    labels = {field["name"]: field["label"] for field in sheets_document()["objects"][0]["fields"]}
    unseen = {
        name: (filling.words(desk), seen.get(labels[name]))
        for name, filling in FILLINGS.items()
        if name != "name" and filling.words(desk) not in seen.get(labels[name], "")
    }
    assert unseen == {}
    assert seen["Number"].strip().startswith("S-")
    expect(page.locator("h1")).to_contain_text(f"Sheet {desk.number}")
    for filling in ROW.values():
        expect(page.locator("main tbody tr", has_text=filling.words(desk))).to_have_count(2)
    expect(
        page.locator("main tbody tr").first.get_by_text("1 KB" if desk.language == "en" else "1 كيلوبايت")
    ).to_have_count(1)
    expect(page.get_by_role("link", name="023 123 456")).to_have_attribute("href", "tel:+855-23-123-456")
    expect(page.locator(".rich-text li")).to_have_text(["one", "two"])
    expect(page.locator(".file-picture img").first).to_be_visible()


def found_by(desk: Desk, site: Site, names: Sequence[str], match: str) -> list[str]:
    """The sheets of a list for which these conditions hold, all of them or any."""
    asked = {"view": "all", "edit": "1", "match": match}
    for number, name in enumerate(names):
        asked |= {f"f.{number}.field": name, f"f.{number}.operator": FILLINGS[name].found_by[0]}
    page = desk.page
    page.goto(site.at(f"sheet/?{urlencode(asked)}"))
    for number, name in enumerate(names):
        box, words = page.locator(f"#f-{number}-value"), FILLINGS[name].found_by[1]
        if page.locator(f'[data-lookup][data-name="f.{number}.value"]').count():
            choose_in_condition(desk, number, words)
        elif box.evaluate("box => box.tagName") == "SELECT":
            box.select_option(words)
        else:
            box.fill(words)
    page.locator("#filters .actions button.main").click()
    page.wait_for_load_state()
    assert page.locator(".notice.warn").all_inner_texts() == []
    expect(page.locator(".chip .of")).to_have_count(len(names))
    return page.locator("tbody .name-link").all_inner_texts()


def choose_in_condition(desk: Desk, number: int, words: str) -> None:
    """The record of that name, by typing or by “Find”."""
    page = desk.page
    page.fill(f"#f-{number}-value", words)
    if desk.script:
        page.locator(f"#f-{number}-value-matches [role=option]", has_text=words).first.click()
    else:
        page.click(f'#filters button[name=find][value="f.{number}.value"]')
        page.check(f'#filters .choice input[name="f.{number}.value"]:not([value=""]) >> nth=0')


@pytest.mark.parametrize("script", [True, False])
def test_a_record_of_any_of_several_objects_is_found_and_leads_to_its_page(
    site: Site, visiting: Visits, script: bool
) -> None:
    with visiting(Role.SUPERVISOR, device="phone", script=script) as page:
        page.goto(site.at("sheet/new"))
        page.fill("#f-name", f"Goes along {script}")
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


@pytest.mark.parametrize(("language", "names"), [("en", ["Sheet", "Other"]), ("ar", ["Other", "Sheet"])])
def test_countries_are_in_the_order_of_their_names_in_the_language_that_is_read(
    site: Site, visiting: Visits, take_picture: Callable[[Page, str], None], language: str, names: list[str]
) -> None:
    with visiting(Role.SUPERVISOR, language=language) as page:
        page.goto(site.at("sheet/?view=all&sort=country&columns=name&columns=country"))
        take_picture(page, f"countries-{language}")
        found = page.locator("tbody tr > :first-child .name-link").all_inner_texts()
        assert [name for name in found if name in names] == names


@pytest.mark.parametrize("script", [True, False])
def test_what_cannot_be_read_is_told_and_kept_in_its_box(site: Site, visiting: Visits, script: bool) -> None:
    with visiting(Role.SUPERVISOR, script=script) as page:
        page.goto(site.at("sheet/new"))
        page.fill("#f-name", "Refused")
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
