"""Every page in every direction, width and light: free of what axe finds, and never wider than the window."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from amparo.runtime.access import Role
from factories.site import Site

Visits = Callable[..., AbstractContextManager[Page]]

LOOKS = [
    ("desktop", "en", "light"),
    ("desktop", "ar", "dark"),
    ("desktop", "km", "light"),
    ("phone", "en", "dark"),
    ("phone", "ar", "light"),
    ("narrow", "en", "light"),
    ("narrow", "ar", "dark"),
    ("narrow", "km", "dark"),
]
#: The identifier of no record.
NOBODY = "00000000-0000-7000-8000-000000000000"
PAGES = {
    "home": "",
    "list": "case/",
    "list-filters": "case/?edit=1",
    "list-empty": f"case/?view=all&match=all&f.0.field=id&f.0.operator=equals&f.0.value={NOBODY}",
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


@pytest.mark.slow
@pytest.mark.parametrize(("device", "language", "theme"), LOOKS)
def test_every_page_is_sound(
    site: Site,
    visiting: Visits,
    axe: Path,
    take_picture: Callable[[Page, str], None],
    device: str,
    language: str,
    theme: str,
) -> None:
    with visiting(Role.SUPERVISOR, device=device, language=language, theme=theme) as page:
        faults = []
        for name, path in addresses(page, site).items():
            page.goto(path)
            take_picture(page, f"{name}-{device}-{language}-{theme}")
            faults += [f"{name}: {fault}" for fault in faults_of(page, axe)]
        assert not faults, "\n".join(faults)


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


def faults_of(page: Page, axe: Path) -> list[str]:
    """What axe finds, and sideways scrolling."""
    page.add_script_tag(path=axe)
    found = page.evaluate("axe.run().then(result => result.violations.map(each => [each.id, each.nodes[0].html]))")
    faults = [f"{rule}: {html[:300]}" for rule, html in found]
    wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [*faults, f"{wider} px wider than the window"] if wider > 0 else faults


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("device", ["desktop", "narrow"])
@pytest.mark.parametrize("language", ["en", "ar", "km"])
def test_pages_for_everybody_are_sound(
    site: Site,
    browser: Browser,
    axe: Path,
    take_picture: Callable[[Page, str], None],
    device: str,
    language: str,
    theme: str,
) -> None:
    width = {"desktop": 1280, "narrow": 320}[device]
    context = browser.new_context(
        viewport={"width": width, "height": 860}, color_scheme="dark" if theme == "dark" else "light", bypass_csp=True
    )
    page = context.new_page()
    page.goto(f"{site.url}/language?to={language}&next=/sign-in")
    take_picture(page, f"sign-in-{device}-{language}-{theme}")
    faults = faults_of(page, axe)
    page.goto(f"{site.url}/calendar")
    faults += faults_of(page, axe)
    context.close()
    assert not faults, "\n".join(faults)
