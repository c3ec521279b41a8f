"""Trying a formula in a browser, with script and without."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from amparo.runtime.access import Role
from browser.test_every_page import faults_of
from factories.site import Site
from factories.slow_network import hold_back

Visits = Callable[..., AbstractContextManager[Page]]
FORMULAS = "setup/formulas?object=case"
CLOSED = 'AND(ISBLANK(closing_date), ISPICKVAL(status, "closed"))'


def choose_first_case(page: Page) -> None:
    page.locator("#f-record").press_sequentially("C-")
    page.locator("#f-record-matches [role=option]").first.click()


@pytest.mark.parametrize(("device", "language"), [("desktop", "en"), ("phone", "ar"), ("narrow", "km")])
def test_names_are_completed_while_a_formula_is_typed(
    site: Site, visiting: Visits, axe: Path, take_picture: Callable[[Page, str], None], device: str, language: str
) -> None:
    with visiting(Role.ADMINISTRATOR, device=device, language=language) as page:
        page.goto(site.at(FORMULAS))
        faults = faults_of(page, axe)
        box, names = page.locator("#f-formula"), page.locator("#f-formula-matches")
        box.press_sequentially("AND(ISBL")
        expect(names).to_be_visible()
        expect(names.locator("[role=option]").first).to_contain_text("ISBLANK(expression)")
        take_picture(page, f"formula-completed-{device}-{language}")
        faults += faults_of(page, axe)
        box.press("ArrowDown")
        expect(box).to_have_attribute("aria-activedescendant", "f-formula-matches-0")
        box.press("Enter")
        expect(box).to_have_value("AND(ISBLANK(")
        expect(names).to_be_hidden()
        box.press_sequentially('closing_date), ISPICKVAL(status, "clo')
        expect(names.locator("[role=option]").first).to_contain_text("closed")
        box.press("Escape")
        expect(names).to_be_hidden()
        assert not faults, "\n".join(faults)


@pytest.mark.parametrize(("device", "language"), [("desktop", "en"), ("phone", "ar"), ("narrow", "km")])
def test_a_formula_is_checked_read_and_computed_while_it_is_typed(
    site: Site, visiting: Visits, axe: Path, take_picture: Callable[[Page, str], None], device: str, language: str
) -> None:
    with visiting(Role.ADMINISTRATOR, device=device, language=language) as page:
        page.goto(site.at(FORMULAS))
        box, problem = page.locator("#f-formula"), page.locator("[data-formula-problems] li")
        box.fill(CLOSED.replace("date", "dat"))
        expect(problem).to_contain_text("closing_date")
        expect(page.locator("[data-formula-state]")).to_contain_text("1")
        take_picture(page, f"formula-wrong-{device}-{language}")
        faults = faults_of(page, axe)
        problem.get_by_role("button").click()
        assert box.evaluate("box => box.value.slice(box.selectionStart, box.selectionEnd)") == "closing_dat"
        box.fill(CLOSED)
        expect(page.locator("[data-formula-outcome] p.reading")).to_be_visible()
        choose_first_case(page)
        expect(page.locator("[data-formula-outcome] .facts")).to_be_visible()
        take_picture(page, f"formula-tried-{device}-{language}")
        faults += faults_of(page, axe)
        assert not faults, "\n".join(faults)


def test_a_formula_that_is_written_before_the_script_arrives_is_checked(site: Site, visiting: Visits) -> None:
    with visiting(Role.ADMINISTRATOR) as page:
        arrive = hold_back(page, "formula-*.js")
        page.goto(site.at(FORMULAS))
        page.fill("#f-formula", CLOSED.replace("date", "dat"))
        arrive()
        expect(page.locator("[data-formula-problems] li")).to_contain_text("closing_date")


@pytest.mark.parametrize(("device", "language"), [("desktop", "en"), ("narrow", "ar")])
def test_what_is_in_force_is_read_out_and_tried(
    site: Site, visiting: Visits, axe: Path, take_picture: Callable[[Page, str], None], device: str, language: str
) -> None:
    with visiting(Role.ADMINISTRATOR, device=device, language=language) as page:
        page.goto(site.at(FORMULAS))
        for names in page.locator("details.names > summary").all():
            names.click()
        take_picture(page, f"formulas-in-force-{device}-{language}")
        assert faults_of(page, axe) == []
        page.locator("details.names .end button").first.click()
        expect(page.locator("#f-formula")).to_have_value("referral_date > TODAY()")
        expect(page.locator("[data-formula-outcome] p.reading")).to_be_visible()


def test_a_formula_is_tried_without_script(
    site: Site, visiting: Visits, take_picture: Callable[[Page, str], None]
) -> None:
    with visiting(Role.ADMINISTRATOR, script=False) as page:
        page.goto(site.at("you"))
        page.get_by_role("link", name="Try a formula").click()
        page.locator("#f-object").select_option("case")
        page.get_by_role("button", name="Choose this object").click()
        page.fill("#f-formula", "closing_dat < referral_date")
        page.get_by_role("button", name="Try it").click()
        expect(page.locator("[data-formula-problems]")).to_contain_text("closing_date")
        page.fill("#f-formula", CLOSED)
        page.fill("#f-record", "C-")
        page.get_by_role("button", name="Find Record").click()
        page.locator(".lookup .choice input").first.check()
        page.get_by_role("button", name="Try it").click()
        outcome = page.locator("[data-formula-outcome]")
        expect(outcome.locator("p.reading")).to_have_text("Date closed is blank and Status is Closed")
        expect(outcome).to_contain_text("It yields: True or false")
        expect(outcome.locator(".facts")).to_contain_text("Status")
        take_picture(page, "formula-without-script")


def test_only_those_who_may_publish_definitions_try_formulas(site: Site, visiting: Visits) -> None:
    with visiting(Role.SUPERVISOR) as page:
        answer = page.goto(site.at(FORMULAS))
        assert answer is not None
        assert answer.status == 403
        page.goto(site.at("you"))
        expect(page.get_by_role("link", name="Try a formula")).to_have_count(0)
