"""Files, pictures and signatures in a real browser: sent while one types, with the form, by finger, and refused."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from amparo.runtime.access import Role
from amparo.runtime.settings import Settings
from amparo.runtime.stores.organisations import Organisations
from factories import files
from factories.archive import archive_document
from factories.axe import violations
from factories.organisations import make_organisation
from factories.site import Site, serving_organisation

Visits = Callable[..., AbstractContextManager[Page]]
LOOKS = [("desktop", "en", "light"), ("phone", "ar", "light"), ("narrow", "en", "dark"), ("narrow", "ar", "light")]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The clinic with files; an upload may have 3 MB."""
    settings = Settings(home=tmp_path_factory.mktemp("home"), upload_limit=3_000_000)
    organisations = Organisations(settings)
    make_organisation(organisations, "archive", archive_document(), Role.CASEWORKER)
    organisations.close()
    with serving_organisation(settings, "archive", Role.CASEWORKER) as site:
        yield site


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    path = tmp_path / "សំបុត្រ letter.pdf"
    path.write_bytes(files.PDF + bytes(400_000))
    return path


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "IMG_0001.jpg"
    path.write_bytes(files.jpeg((1600, 1200), orientation=6))
    return path


def new_person(page: Page, site: Site) -> None:
    page.goto(site.at("person/new?record_type=client"))
    page.fill("#f-name", "Sokha")


def save(page: Page) -> None:
    page.click("section.bar button.main")
    page.wait_for_url(re.compile(r"/person/[0-9a-f-]{36}$"))


@pytest.mark.parametrize("device", ["desktop", "phone"])
def test_a_file_is_sent_while_one_types_and_kept_when_one_saves(
    site: Site,
    visiting: Visits,
    take_picture: Callable[[Page, str], None],
    paper: Path,
    photo: Path,
    device: str,
) -> None:
    with visiting(Role.CASEWORKER, device=device) as page:
        new_person(page, site)
        page.set_input_files("#f-paper", paper)
        box = page.locator('[data-field="paper"]')
        expect(box.locator("[data-file-name]")).to_have_text("សំបុត្រ letter.pdf")
        expect(box.locator("[data-file-state]")).to_have_text("Sent. It is kept when you save.")
        assert page.input_value("#f-paper") == ""
        page.set_input_files("#f-photo", photo)
        expect(page.locator('[data-field="photo"] [data-file-name]')).to_have_text("IMG_0001.jpg")
        save(page)
        expect(page.locator(".file-picture img").first).to_be_visible()
        expect(page.locator(".file-picture img").first).to_have_js_property("naturalWidth", 360)
        page.locator(".file-picture").first.click()
        expect(page.get_by_role("button", name="Leave")).to_be_visible()
        whole = page.locator(".whole-picture img")
        expect(whole).to_be_visible()
        # It was taken lying on its side.
        expect(whole).to_have_js_property("naturalWidth", 1200)
        assert whole.evaluate("image => image.clientWidth <= innerWidth")
        take_picture(page, f"whole-picture-{device}")
        page.locator(".crumbs a").click()
        with page.expect_download() as download:
            page.get_by_role("link", name="សំបុត្រ letter.pdf").click()
        assert download.value.suggested_filename == "សំបុត្រ letter.pdf"
        assert Path(download.value.path()).read_bytes() == paper.read_bytes()


def test_without_script_a_file_goes_with_the_form_and_comes_back_with_it(
    site: Site, visiting: Visits, paper: Path
) -> None:
    with visiting(Role.CASEWORKER, device="phone", script=False) as page:
        page.goto(site.at("person/new?record_type=client"))
        page.set_input_files("#f-paper", paper)
        expect(page.locator("[data-signing]")).to_be_hidden()
        page.fill("#f-signature-typed", "Sokha Chan")
        page.click("section.bar button.main")
        expect(page.locator("[data-error-summary]")).to_be_visible()
        expect(page.locator('[data-field="paper"] [data-file-name]')).to_have_text("សំបុត្រ letter.pdf")
        expect(page.locator('[data-field="signature"] [data-file-name]')).to_have_text("Sokha Chan")
        page.fill("#f-name", "Sokha")
        save(page)
        expect(page.locator("main")).to_contain_text("សំបុត្រ letter.pdf")
        expect(page.locator("main")).to_contain_text("Typed name")
        page.click('a[href$="/edit"] >> nth=0')
        page.click('label[for="f-paper-remove"]')
        save(page)
        # The timeline beside it still names it, without a link.
        expect(page.locator("main a", has_text="letter.pdf")).to_have_count(0)
        expect(page.locator("main")).to_contain_text("Typed name")


@pytest.mark.parametrize("device", ["desktop", "phone"])
def test_a_signature_is_drawn_and_saved(site: Site, visiting: Visits, device: str) -> None:
    with visiting(Role.CASEWORKER, device=device) as page:
        new_person(page, site)
        sheet = page.locator(".signing-sheet")
        sheet.scroll_into_view_if_needed()
        place = sheet.bounding_box()
        assert place is not None
        page.mouse.move(place["x"] + 20, place["y"] + 20)
        page.mouse.down()
        page.mouse.move(place["x"] + 120, place["y"] + 60, steps=8)
        page.mouse.up()
        expect(page.locator('[data-field="signature"] [data-file-name]')).to_have_text("signature.png")
        save(page)
        drawn = page.locator(".file-picture img").first
        expect(drawn).to_have_js_property("naturalWidth", 480)


def test_a_drawing_that_is_saved_at_once_is_not_lost(site: Site, visiting: Visits) -> None:
    with visiting(Role.CASEWORKER) as page:
        new_person(page, site)
        page.locator(".signing-sheet").click(position={"x": 60, "y": 30})
        expect(page.locator("#f-signature")).not_to_have_value("")
        save(page)
        expect(page.locator(".file-picture img").first).to_be_visible()


def test_a_file_that_is_not_taken_or_too_large_is_told_at_once(site: Site, visiting: Visits, tmp_path: Path) -> None:
    (tmp_path / "run.exe").write_bytes(b"MZ" + bytes(500))
    (tmp_path / "large.pdf").write_bytes(files.PDF + bytes(3_500_000))
    with visiting(Role.CASEWORKER) as page:
        new_person(page, site)
        state = page.locator('[data-field="paper"] [data-file-state]')
        page.set_input_files("#f-paper", tmp_path / "run.exe")
        expect(state).to_contain_text("not of a kind that is taken here")
        page.set_input_files("#f-paper", tmp_path / "large.pdf")
        expect(state).to_have_text("This file is too large. Choose a smaller one.")
        assert page.input_value("#f-paper") == ""


def test_a_file_that_was_sent_is_still_there_after_the_page_was_left_and_opened_again(
    site: Site, visiting: Visits, paper: Path
) -> None:
    with visiting(Role.CASEWORKER) as page:
        new_person(page, site)
        page.set_input_files("#f-paper", paper)
        expect(page.locator('[data-field="paper"] [data-file-name]')).to_have_text("សំបុត្រ letter.pdf")
        page.wait_for_function("Object.values(sessionStorage).some(text => text.includes('letter.pdf'))")
        page.on("dialog", lambda dialog: dialog.accept())
        page.reload()
        expect(page.locator('[data-field="paper"] [data-file-name]')).to_have_text("សំបុត្រ letter.pdf")
        save(page)
        expect(page.locator("main")).to_contain_text("letter.pdf")


@pytest.mark.parametrize(("device", "language", "theme"), LOOKS)
def test_pages_with_files_are_sound(
    site: Site,
    visiting: Visits,
    take_picture: Callable[[Page, str], None],
    axe: Path,
    paper: Path,
    photo: Path,
    device: str,
    language: str,
    theme: str,
) -> None:
    """Free of what axe finds, and never wider than the window."""
    name = f"{device}-{language}-{theme}"
    with visiting(Role.CASEWORKER, device=device, language=language, theme=theme) as page:
        new_person(page, site)
        page.set_input_files("#f-paper", paper)
        page.set_input_files("#f-photo", photo)
        expect(page.locator('[data-field="photo"] [data-file-name]')).to_have_text("IMG_0001.jpg")
        expect(page.locator('[data-field="paper"] [data-file-name]')).to_have_text("សំបុត្រ letter.pdf")
        page.fill("#f-signature-typed", "Sokha Chan")
        require_sound(page, axe)
        take_picture(page, f"files-form-{name}")
        save(page)
        page.wait_for_function("[...document.images].every(image => image.complete)")
        require_sound(page, axe)
        take_picture(page, f"files-record-{name}")


def sign(page: Page, *, across: int) -> None:
    page.locator(".signing-sheet").click(position={"x": across, "y": 30})


def test_a_stroke_that_is_drawn_while_the_signature_is_sent_is_kept(site: Site, visiting: Visits) -> None:
    with visiting(Role.CASEWORKER, device="phone") as page:
        new_person(page, site)
        waiting: list[Route] = []

        def hold(route: Route) -> None:
            waiting.append(route)

        page.route("**/new/files/*", hold)
        sign(page, across=60)
        wait_for(page, lambda: len(waiting) == 1)
        sign(page, across=120)
        with page.expect_response("**/new/files/*"):
            waiting[0].continue_()
        wait_for(page, lambda: len(waiting) == 2)
        with page.expect_response("**/new/files/*") as second:
            waiting[1].continue_()
        expect(page.locator('[name="signature"]')).to_have_value(second.value.json()["value"])


def wait_for(page: Page, happens: Callable[[], bool]) -> None:
    while not happens():
        page.wait_for_timeout(50)


def test_a_drawing_that_is_cleared_is_not_kept(site: Site, visiting: Visits) -> None:
    with visiting(Role.CASEWORKER, device="phone") as page:
        new_person(page, site)
        sign(page, across=60)
        box = page.locator('[data-field="signature"]')
        expect(box.locator("[data-file-name]")).to_have_text("signature.png")
        box.get_by_role("button", name="Clear the drawing").click()
        expect(box.locator("[data-file-now]")).to_be_hidden()
        expect(box.locator("[data-file-state]")).to_have_text("")
        expect(page.locator('[name="signature"]')).to_have_value("")


def test_of_a_file_and_a_photo_the_later_one_is_kept(site: Site, visiting: Visits, photo: Path, tmp_path: Path) -> None:
    (tmp_path / "first.jpg").write_bytes(files.jpeg((80, 60)))
    with visiting(Role.CASEWORKER, device="phone") as page:
        new_person(page, site)
        # Neither can be sent before the form is.
        page.route("**/new/files/*", lambda route: route.abort())
        page.set_input_files("#f-photo", tmp_path / "first.jpg")
        page.set_input_files("#f-photo-camera", photo)
        save(page)
        expect(page.locator(".file-answer", has_text="IMG_0001.jpg").first).to_be_visible()


def require_sound(page: Page, axe: Path) -> None:
    assert violations(page, axe) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= page.evaluate("innerWidth")


@pytest.mark.parametrize("script", [True, False])
def test_a_form_that_is_too_large_for_the_server_gets_a_page_that_says_so(
    site: Site, visiting: Visits, tmp_path: Path, script: bool
) -> None:
    """With script too, where a file goes with the form because it could not be sent before."""
    (tmp_path / "large.pdf").write_bytes(files.PDF + bytes(40_000_000))
    with visiting(Role.CASEWORKER, device="phone", script=script) as page:
        page.goto(site.at("person/new?record_type=client"))
        page.fill("#f-name", "Sokha")
        if script:
            page.evaluate("for (const box of document.querySelectorAll('[data-file]')) box.dataset.most = '1e12'")
            page.route("**/new/files/*", lambda route: route.abort())
        page.set_input_files("#f-paper", tmp_path / "large.pdf")
        if script:
            expect(page.locator('[data-field="paper"] [data-file-state]')).to_contain_text("when you save")
        page.click("section.bar button.main")
        expect(page.locator("h1")).to_have_text("The file is too large")
        expect(page.locator("main")).to_contain_text("what you typed is kept in this tab")
        if script:
            page.go_back()
            expect(page.locator("#f-name")).to_have_value("Sokha")
