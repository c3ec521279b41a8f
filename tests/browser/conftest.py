"""A server with the demonstration in it, and browsers that visit it."""

from __future__ import annotations

import datetime as dt
import fcntl
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from amparo.runtime.access import Role
from amparo.runtime.demo.loading import SignIn, load_demo
from amparo.runtime.settings import Settings
from amparo.runtime.stores.organisations import Organisations
from factories.site import HEIGHT, WIDTHS, Site, serving

#: A page on a slow and busy machine.
PATIENCE_MILLISECONDS = 60_000
expect.set_options(timeout=PATIENCE_MILLISECONDS)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    settings = Settings(home=tmp_path_factory.mktemp("demo") / "home")
    sign_ins = _demonstration(settings.home, tmp_path_factory.getbasetemp())
    first = sign_ins[0].organisation
    slug = next(each.slug for each in _organisations(settings) if each.name == first)
    members = {each.role: each for each in sign_ins if each.organisation == first}
    with serving(settings) as url:
        yield Site(url, slug, members)


def _demonstration(home: Path, own: Path) -> list[SignIn]:
    """A copy of the demonstration, which the first of the processes that test side by side loads for all."""
    common = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    loaded, names = common / "demonstration", common / "sign-ins.json"
    with (common / "demonstration.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not names.exists():
            organisations = Organisations(Settings(home=loaded))
            sign_ins = load_demo(organisations, dt.datetime.now(dt.UTC).date())
            organisations.close()
            names.write_text(json.dumps([asdict(each) for each in sign_ins]), "utf-8")
    shutil.copytree(loaded, home)
    return [SignIn(**{**each, "role": Role(each["role"])}) for each in json.loads(names.read_text("utf-8"))]


def _organisations(settings: Settings) -> list[Any]:
    organisations = Organisations(settings)
    try:
        return list(organisations.list())
    finally:
        organisations.close()


#: Opens a page for a member: ``with visiting(Role.CASEWORKER, device="phone", language="ar") as page``.
Visiting = Callable[..., Any]
#: The cookies of somebody who signed in: by the site's address, their role and their language.
SignedIn = dict[tuple[str, Role, str], Any]


@pytest.fixture(scope="session")
def signed_in() -> SignedIn:
    return {}


@pytest.fixture
def visiting(site: Site, browser: Browser, signed_in: SignedIn) -> Visiting:
    """Signing in is done once for each role and language; ``afresh`` does it again, for a test that ends its session.

    The page is blank then, unless this very visit had to sign in.
    """

    @contextmanager
    def open_page(
        role: Role,
        *,
        device: str = "desktop",
        language: str = "en",
        theme: str = "light",
        script: bool = True,
        afresh: bool = False,
    ) -> Iterator[Page]:
        known = (site.url, role, language)
        state = None if afresh else signed_in.get(known)
        context = browser.new_context(
            viewport={"width": WIDTHS[device], "height": HEIGHT},
            color_scheme="dark" if theme == "dark" else "light",
            locale=language,
            java_script_enabled=script,
            bypass_csp=script,
            has_touch=device != "desktop",
            storage_state=state,
        )
        context.set_default_timeout(PATIENCE_MILLISECONDS)
        page = context.new_page()
        try:
            if state is None:
                sign_in(page, site, role, language)
                if not afresh:
                    signed_in[known] = context.storage_state()
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
