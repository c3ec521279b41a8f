"""A server with the demonstration in it, and browsers that visit it."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from amparo.runtime.access import Role
from amparo.runtime.demo.loading import load_demo
from amparo.runtime.settings import Settings
from amparo.runtime.stores.organisations import Organisations
from factories.site import Site, serving

WIDTHS = {"desktop": 1280, "phone": 390, "narrow": 320}
HEIGHT = 860


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    settings = Settings(home=tmp_path_factory.mktemp("home"))
    organisations = Organisations(settings)
    sign_ins = load_demo(organisations, dt.datetime.now(dt.UTC).date())
    organisations.close()
    first = sign_ins[0].organisation
    slug = next(each.slug for each in _organisations(settings) if each.name == first)
    members = {each.role: each for each in sign_ins if each.organisation == first}
    with serving(settings) as url:
        yield Site(url, slug, members)


def _organisations(settings: Settings) -> list[Any]:
    organisations = Organisations(settings)
    try:
        return list(organisations.list())
    finally:
        organisations.close()


#: Opens a page for a member: ``with visiting(Role.CASEWORKER, device="phone", language="ar") as page``.
Visiting = Callable[..., Any]


@pytest.fixture
def visiting(site: Site, browser: Browser) -> Visiting:
    @contextmanager
    def open_page(
        role: Role, *, device: str = "desktop", language: str = "en", theme: str = "light", script: bool = True
    ) -> Iterator[Page]:
        context = browser.new_context(
            viewport={"width": WIDTHS[device], "height": HEIGHT},
            color_scheme="dark" if theme == "dark" else "light",
            locale=language,
            java_script_enabled=script,
            bypass_csp=script,
            has_touch=device != "desktop",
        )
        context.set_default_timeout(15_000)
        page = context.new_page()
        try:
            sign_in(page, site, role, language)
            yield page
        finally:
            context.close()

    return open_page


def sign_in(page: Page, site: Site, role: Role, language: str) -> None:
    page.goto(f"{site.url}/language?to={language}&next=/sign-in")
    page.fill("#f-login", site.sign_ins[role].login)
    page.fill("#f-password", site.sign_ins[role].password)
    page.click("form.fields button.main")
    page.wait_for_url(f"**/o/{site.slug}/")


@pytest.fixture
def take_picture() -> Callable[[Page, str], None]:
    """Writes a picture of the page into the folder AMPARO_PICTURES, where one is named."""
    folder = os.environ.get("AMPARO_PICTURES")

    def take(page: Page, name: str) -> None:
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)

    return take
