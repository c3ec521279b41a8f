"""The parts of the look, in a real browser: readable, reachable, mirrored, and working with and without script."""

from __future__ import annotations

import gzip
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Dialog, Error, Page, expect
from werkzeug.serving import make_server

from factories.axe import Part, violations
from factories.site import closing_answers
from servers.programs import ROOT
from web.look.specimen import CODES, PAGES, make_app
from web.look.wording import LANGUAGES

#: The folder that gets a picture of every part in every view, where one is named.
PICTURES = os.environ.get("AMPARO_PICTURES")
#: Width of the window, the colours the system asks for, and what axe is asked; the languages share them out, to
#: spare time. One width of a narrow window has the layout of the other.
VIEWS: dict[str, tuple[tuple[int, Literal["light", "dark"], Part], ...]] = {
    "en": ((320, "dark", Part.EVERYTHING), (1280, "light", Part.EVERYTHING)),
    "ar": ((390, "light", Part.EVERYTHING), (1280, "dark", Part.EVERYTHING)),
    "km": ((320, "light", Part.STRUCTURE),),
}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
#: As while a toast is pointed at: it stays for the last view.
KEEP_TOASTS = "document.querySelectorAll('[data-toast]').forEach(each => each.dispatchEvent(new Event('pointerenter')))"
SHOWN = [
    *((name, language) for name in PAGES for language in LANGUAGES),
    *((f"errors/{code}", "ar") for code in CODES),
    ("away", "en"),
]


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = make_server("127.0.0.1", 0, closing_answers(make_app()), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def page_of_all(browser: Browser) -> Iterator[Page]:
    """Each context of a browser has a process of its own, which compiles axe anew: a sixth of what looking takes."""
    with browser.new_context() as context:
        yield context.new_page()


@pytest.fixture
def view(page_of_all: Page) -> Iterator[Page]:
    """The page of those tests that only look: nothing that one kept is there for the next."""
    page_of_all.set_viewport_size({"width": 1280, "height": 800})
    page_of_all.emulate_media(color_scheme="light", reduced_motion="reduce")
    yield page_of_all
    page_of_all.evaluate("sessionStorage.clear(); localStorage.clear()")
    page_of_all.context.clear_cookies()
    page_of_all.goto("about:blank")


@pytest.fixture
def complaints(view: Page) -> Iterator[list[str]]:
    """What the browser complained of: faults in scripts, and what the security policy refused."""
    heard: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if message.type == "error":
            heard.append(message.text)

    def hear(error: Error) -> None:
        heard.append(str(error))

    view.on("console", listen)
    view.on("pageerror", hear)
    yield heard
    view.remove_listener("console", listen)
    view.remove_listener("pageerror", hear)


@pytest.fixture
def form(page: Page, site: str) -> Page:
    page.goto(f"{site}/form")
    return page


def faults_of(page: Page, axe: Path, part: Part) -> list[str]:
    """What axe finds, one line for each place."""
    # A bar that sticks to the foot of a short window covers what can be scrolled free; axe would count it as covered.
    height = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": page.evaluate("innerWidth"), "height": height})
    return violations(page, axe, part, runOnly=RULES)


def is_scrolled_sideways(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


@pytest.mark.parametrize(("name", "language"), SHOWN)
def test_every_part_is_accessible_and_fits_in_every_view(
    view: Page, site: str, axe: Path, complaints: list[str], name: str, language: str
) -> None:
    """A page is loaded once for its views: no script of the look asks how wide the window is."""
    view.goto(f"{site}/{name}?language={language}&problems=1&toast=1")
    view.evaluate(KEEP_TOASTS)
    for width, colours, part in VIEWS[language]:
        view.emulate_media(color_scheme=colours, reduced_motion="reduce")
        view.set_viewport_size({"width": width, "height": 800})
        picture = f"{name.replace('/', '-')}-{language}-{width}-{colours}.png"
        if PICTURES:
            view.screenshot(path=Path(PICTURES) / picture, full_page=True)
        assert faults_of(view, axe, part) == [], picture
        assert not is_scrolled_sideways(view), picture
    assert [text for text in complaints if "the server responded" not in text] == []


def test_four_hundred_per_cent_zoom_needs_no_sideways_scrolling(page: Page, site: str) -> None:
    """A window of 1280 by 1024 at 400 % is one of 320 by 256."""
    page.set_viewport_size({"width": 320, "height": 256})
    for name in PAGES:
        page.goto(f"{site}/{name}?language=km")
        assert not is_scrolled_sideways(page), name


def test_every_control_shows_where_the_focus_is(form: Page) -> None:
    form.keyboard.press("Tab")
    for _ in range(40):
        outline = form.evaluate(
            """() => {
              const at = document.activeElement;
              const ring = getComputedStyle(at);
              return at === document.body || parseFloat(ring.outlineWidth) >= 3;
            }"""
        )
        assert outline, form.evaluate("document.activeElement.outerHTML.slice(0, 200)")
        form.keyboard.press("Tab")


def test_the_problem_summary_takes_focus_and_leads_to_the_field(page: Page, site: str) -> None:
    page.goto(f"{site}/form?problems=1")
    expect(page.locator("#error-summary")).to_be_focused()
    page.locator("#error-summary a").first.click()
    expect(page.locator("#f-began")).to_be_focused()


def test_a_reason_takes_the_place_of_the_control_until_answered_instead(form: Page) -> None:
    field = form.locator('[data-field="country"]')
    field.locator("summary").click()
    field.get_by_label("Unknown").click()
    expect(field.locator(".said")).to_contain_text("Unknown")
    expect(field.locator(".control")).to_be_hidden()
    field.get_by_role("button", name="Answer instead").click()
    expect(field.locator("select")).to_be_focused()
    expect(field.locator(".said")).to_be_hidden()


def test_a_lookup_is_chosen_from_by_keyboard(form: Page) -> None:
    box = form.get_by_role("combobox", name="Recruiter or agency")
    box.fill("sunita")
    option = form.get_by_role("option", name="Sunita Tamang")
    expect(option).to_be_visible()
    box.press("ArrowDown")
    expect(option).to_have_attribute("aria-selected", "true")
    box.press("Enter")
    expect(box).to_have_value("Sunita Tamang")
    expect(form.locator("input[name=agency]")).to_have_value("RS-0412")
    expect(box).to_have_attribute("aria-expanded", "false")


def test_a_lookup_that_finds_nothing_says_so_and_keeps_what_was_typed(form: Page) -> None:
    box = form.get_by_role("combobox", name="Recruiter or agency")
    box.fill("zzz")
    expect(form.locator(".matches .none")).to_have_text("Nothing found. Try fewer letters.")
    box.press("Tab")
    expect(box).to_have_value("zzz")
    expect(form.locator("input[name=agency]")).to_have_value("")


def test_chosen_answers_are_chips_that_can_be_removed(form: Page) -> None:
    answers = form.locator("[data-codes]")
    answers.get_by_label("Threats").check()
    expect(answers.locator(".chip")).to_have_count(3)
    expect(answers.locator("[data-code-count]")).to_have_text("3 of 8 chosen")
    answers.get_by_role("button", name="Remove: Takes earnings").click()
    expect(answers.get_by_label("Takes earnings")).not_to_be_checked()
    expect(answers.locator("[data-code-count]")).to_have_text("2 of 8 chosen")


def test_the_find_box_narrows_answers_but_never_hides_a_chosen_one(form: Page) -> None:
    answers = form.locator("[data-codes]")
    answers.get_by_role("searchbox").fill("THREAT")
    expect(answers.get_by_label("Threats")).to_be_visible()
    expect(answers.get_by_label("Violence")).to_be_hidden()
    expect(answers.get_by_label("Takes earnings")).to_be_visible()


def test_what_was_typed_comes_back_after_a_reload_but_nothing_sensitive(form: Page) -> None:
    form.on("dialog", lambda dialog: dialog.accept())
    form.get_by_role("textbox", name="Age", exact=True).fill("31")
    form.get_by_role("textbox", name="Phone").fill("012 345 678")
    form.reload()
    expect(form.get_by_role("textbox", name="Age", exact=True)).to_have_value("31")
    expect(form.get_by_role("textbox", name="Phone")).to_have_value("")
    assert "012 345 678" not in form.evaluate("JSON.stringify({ ...sessionStorage })")


def test_a_draft_is_forgotten_when_asked_to_and_when_saved(form: Page) -> None:
    form.on("dialog", lambda dialog: dialog.accept())
    form.get_by_role("textbox", name="Age", exact=True).fill("31")
    form.reload()
    form.get_by_role("button", name="Start from what is saved").click()
    expect(form.get_by_role("textbox", name="Age", exact=True)).to_have_value("24")
    form.get_by_role("textbox", name="Age", exact=True).fill("32")
    form.get_by_role("button", name="Save intake").click()
    expect(form.locator("#sent")).to_contain_text('["age", "32"]')
    # The page's script forgets it, which may run after the words are there. The page lets nobody wait inside it: what
    # waits there is text that is run, which its policy forbids.
    while form.evaluate("sessionStorage.length"):
        form.wait_for_timeout(20)


def test_leaving_with_unsaved_answers_is_asked_about(form: Page) -> None:
    asked: list[str] = []

    def accept(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    form.on("dialog", accept)
    form.get_by_role("textbox", name="Age", exact=True).fill("31")
    form.get_by_role("link", name="Stop for now").click()
    form.wait_for_url("**/record")
    assert asked == ["beforeunload"]


def test_escape_three_times_leaves_for_the_harmless_page_for_good(form: Page) -> None:
    form.get_by_role("textbox", name="Age", exact=True).fill("31")
    for _ in range(3):
        form.keyboard.press("Escape")
    form.wait_for_url("**/away")
    assert form.evaluate("sessionStorage.length") == 0
    form.go_back()
    assert "/form" not in form.url


def test_more_rows_are_loaded_in_place_with_focus_on_the_first_new_one(page: Page, site: str) -> None:
    page.goto(f"{site}/list")
    page.get_by_role("link", name="Load 25 more").click()
    expect(page.get_by_role("row")).to_have_count(17)
    expect(page.get_by_role("row").nth(9).get_by_role("link")).to_be_focused()


def test_everything_can_be_answered_and_sent_without_script(browser: Browser, site: str) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(f"{site}/form")
    page.get_by_label("Sexual exploitation").check()
    page.locator('[data-field="country"] summary').click()
    page.locator('[data-field="country"]').get_by_label("Refused").check()
    expect(page.locator("#f-country")).to_be_hidden()
    page.get_by_label("Al Noor Travel").check()
    page.get_by_label("Debt bondage").check()
    page.get_by_label("Age", exact=True).fill("٢٤")
    page.get_by_role("button", name="Save intake").click()
    sent = page.locator("#sent").inner_text()
    for pair in ('["type", "Sexual exploitation"]', '["country.missing", "refused"]', '["agency", "2"]'):
        assert pair in sent
    assert '["control", "Debt bondage"], ["control", "Takes earnings"]' in sent
    page.context.close()


def test_the_find_button_sends_the_whole_form_without_script(browser: Browser, site: str) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(f"{site}/form")
    page.locator("#f-agency").fill("noor")
    page.get_by_role("button", name="Find Recruiter or agency").click()
    sent = page.locator("#sent").inner_text()
    assert '["find", "agency"]' in sent
    assert '["agency.query", "noor"]' in sent
    assert '["age", "24"]' in sent
    page.context.close()


def test_one_style_file_and_the_scripts_stay_small() -> None:
    dist = ROOT / "platform" / "runtime" / "web" / "static" / "dist"
    sizes = {path.suffix: len(gzip.compress(path.read_bytes())) for path in dist.glob("app-*")}
    assert sizes[".css"] <= 20_000
    assert sizes[".js"] <= 25_000
