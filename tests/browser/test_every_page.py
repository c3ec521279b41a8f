"""Every page in every direction, width and light: free of what axe finds, and never wider than the window."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page

from amparo.runtime.access import Role
from factories.axe import Part, violations
from factories.site import HEIGHT, WIDTHS, Site

Visits = Callable[..., AbstractContextManager[Page]]
Light = Literal["light", "dark"]
LIGHTS: tuple[Light, ...] = ("light", "dark")


@dataclass(frozen=True)
class Look:
    """``part`` is None where another look of the same layout, language and light was asked already."""

    device: str
    theme: Light
    part: Part | None


#: Phone and narrow share a layout. Each page is loaded once for each language and then shown in these ways.
LOOKS = {
    "en": (
        Look("desktop", "light", Part.EVERYTHING),
        Look("phone", "dark", Part.EVERYTHING),
        Look("narrow", "light", Part.COLOURS),
    ),
    "ar": (
        Look("desktop", "dark", Part.EVERYTHING),
        Look("phone", "light", Part.STRUCTURE),
        Look("narrow", "dark", None),
    ),
    "km": (Look("desktop", "light", Part.STRUCTURE), Look("narrow", "dark", Part.STRUCTURE)),
}
#: The same for pages that are looked at in one light: each layout's colours once, everything else in each language.
SHARED_OUT = (
    ("desktop", "en", Part.EVERYTHING),
    ("desktop", "ar", Part.STRUCTURE),
    ("phone", "ar", Part.EVERYTHING),
    ("narrow", "km", Part.STRUCTURE),
)
_SHORT_LINES = """() => [...document.querySelectorAll(".heading")].filter(heading => {
    const section = getComputedStyle(heading.parentElement);
    const room = heading.parentElement.clientWidth - parseFloat(section.paddingLeft) - parseFloat(section.paddingRight);
    return heading.offsetWidth > 0 && room - heading.offsetWidth > 1;
}).map(heading => heading.innerText)"""
#: Whether a page asks before it is left.
_ASKS = 'page => !page.dispatchEvent(new Event("beforeunload", { cancelable: true }))'
#: The identifier of no record.
NOBODY = "00000000-0000-7000-8000-000000000000"
PAGES = {
    "home": "",
    "list": "case/",
    "list-filters": "case/?edit=1",
    "list-empty": f"case/?view=all&match=all&f.0.field=id&f.0.operator=equals&f.0.value={NOBODY}",
    "list-past": "case/?view=all&as_of=2026-01-01",
    "deleted": "case/deleted",
    "people": "person/",
    "kinds": "person/new",
    "form-new": "person/new?record_type=client",
    "reports": "reports/",
    "report-bars": "reports/cases_by_status",
    "report-crossed": "reports/cases_by_exploitation_and_group",
    "report-listed": "reports/cases_waiting",
    "report-past": "reports/cases_by_status?as_of=2026-01-01",
    "search": "search",
    "account": "you",
    "password": "you/password",
    "import": "case/import",
    "missing": f"case/{NOBODY}",
}
RECORD_PAGES = {
    "record": "",
    "record-tab": "?tab=experience",
    "record-before": "?as_of=2015-01-01",
    "record-past": "?as_of=2026-01-01",
    "history": "/history",
    "form-edit": "/edit",
}
ADMINISTRATOR_PAGES = {"erase": "/erase"}


@pytest.mark.slow(seconds=60)
@pytest.mark.parametrize("language", LOOKS)
def test_every_page_is_sound(
    site: Site, visiting: Visits, axe: Path, take_picture: Callable[[Page, str], None], language: str
) -> None:
    with visiting(Role.SUPERVISOR, language=language) as page:
        faults: list[str] = []
        page.on("pageerror", lambda error: faults.append(f"{page.url}: {error}"))
        for name, path in addresses(page, site).items():
            page.goto(path)
            if page.evaluate_handle("window").evaluate(_ASKS):
                faults.append(f"{name}-{language}: asks before it is left, though nobody typed anything")
            for look in LOOKS[language]:
                show(page, look)
                mark = f"{name}-{look.device}-{language}-{look.theme}"
                take_picture(page, mark)
                faults += [f"{mark}: {fault}" for fault in faults_of(page, axe, look.part)]
        assert not faults, "\n".join(faults)


def show(page: Page, look: Look) -> None:
    """The page as it is, on another device and in another light."""
    page.set_viewport_size({"width": WIDTHS[look.device], "height": HEIGHT})
    page.emulate_media(color_scheme=look.theme, reduced_motion="reduce")
    fingers = page.context.new_cdp_session(page)
    fingers.send("Emulation.setTouchEmulationEnabled", {"enabled": look.device != "desktop"})
    assert page.evaluate("matchMedia('(pointer: coarse)').matches") == (look.device != "desktop")


@pytest.mark.parametrize(("device", "language", "theme"), [("desktop", "en", "dark"), ("narrow", "ar", "light")])
def test_pages_for_administrators_are_sound(
    site: Site,
    visiting: Visits,
    axe: Path,
    take_picture: Callable[[Page, str], None],
    device: str,
    language: str,
    theme: str,
) -> None:
    with visiting(Role.ADMINISTRATOR, device=device, language=language, theme=theme) as page:
        record = addresses(page, site)["record"]
        for name, path in ADMINISTRATOR_PAGES.items():
            page.goto(record + path)
            take_picture(page, f"{name}-{device}-{language}-{theme}")
            assert faults_of(page, axe) == []


def addresses(page: Page, site: Site) -> dict[str, str]:
    page.goto(site.at("case/?view=all"))
    record = site.url + (page.locator("tbody .name-link").first.get_attribute("href") or "")
    found = {name: site.at(path) for name, path in PAGES.items()}
    page.goto(found["search"])
    page.locator("main input[type=search]").fill("a")
    page.keyboard.press("Enter")
    page.wait_for_url("**asked=**")
    found["search-found"] = page.url
    return found | {name: record + path for name, path in RECORD_PAGES.items()}


def faults_of(page: Page, axe: Path, part: Part | None = Part.EVERYTHING) -> list[str]:
    """What axe finds, sideways scrolling, and headings whose line ends before their section does."""
    faults = [] if part is None else violations(page, axe, part)
    faults += [f"the line under “{heading}” is short" for heading in page.evaluate(_SHORT_LINES)]
    wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [*faults, f"{wider} px wider than the window"] if wider > 0 else faults


@pytest.mark.parametrize("language", LOOKS)
def test_pages_for_everybody_are_sound(
    site: Site, browser: Browser, axe: Path, take_picture: Callable[[Page, str], None], language: str
) -> None:
    context = browser.new_context(bypass_csp=True)
    page = context.new_page()
    faults = []
    for name, path in (("sign-in", f"language?to={language}&next=/sign-in"), ("calendar", "calendar")):
        page.goto(f"{site.url}/{path}")
        for look in (Look(device, theme, Part.EVERYTHING) for device in ("desktop", "narrow") for theme in LIGHTS):
            show(page, look)
            mark = f"{name}-{look.device}-{language}-{look.theme}"
            take_picture(page, mark)
            faults += [f"{mark}: {fault}" for fault in faults_of(page, axe, look.part)]
    context.close()
    assert not faults, "\n".join(faults)
