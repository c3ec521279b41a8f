"""Rules and conditions in a browser, with and without script: the outcome is that of an import and of the service."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from amparo.runtime.access import Role, operator_actor
from amparo.runtime.demo.loading import SignIn
from amparo.runtime.errors import InvalidAnswers
from amparo.runtime.members import create_member
from amparo.runtime.records import service
from amparo.runtime.releases.publishing import publish
from amparo.runtime.settings import Settings
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.organisations import Organisations
from amparo.runtime.transfer.importing import import_file
from browser.test_every_page import faults_of
from factories.rules import RULES, VISIT_RULES, strict_office_document
from factories.site import Site, serving
from factories.visitors import PASSWORD

Visits = Callable[..., AbstractContextManager[Page]]
EVERY_WAY = [("desktop", "en", True), ("phone", "ar", True), ("phone", "en", False)]
NEW = "person/new?record_type=client"


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(home=tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def site(settings: Settings) -> Iterator[Site]:
    organisations = Organisations(settings)
    store = organisations.create("strict", "Strict")
    publish(store, operator_actor(), strict_office_document())
    create_member(organisations, "strict", "supervisor", "Super Visor", Role.SUPERVISOR, PASSWORD)
    organisations.close()
    sign_in = SignIn("Strict", Role.SUPERVISOR, "Super Visor", "supervisor", PASSWORD)
    with serving(settings) as url:
        yield Site(url, "strict", {Role.SUPERVISOR: sign_in})


@pytest.fixture
def store(settings: Settings, site: Site) -> Iterator[OrganisationStore]:
    organisations = Organisations(settings)
    yield organisations.open("strict")
    organisations.close()


def save(page: Page) -> None:
    page.locator(".bar button.main").click()
    page.wait_for_load_state()


def fill_day(page: Page, box: str, year: int) -> None:
    page.fill(f'[name="{box}.year"]', str(year))
    page.locator(f'[name="{box}.month"]').select_option("1")
    page.fill(f'[name="{box}.day"]', "1")


def choose_gender(page: Page, code: str) -> None:
    page.locator(f'input[name="gender"][value="{code}"]').check()


@pytest.mark.parametrize(("device", "language"), [("desktop", "en"), ("phone", "ar")])
def test_questions_come_and_go_while_somebody_answers(
    site: Site, visiting: Visits, axe: Path, take_picture: Callable[[Page, str], None], device: str, language: str
) -> None:
    with visiting(Role.SUPERVISOR, device=device, language=language) as page:
        page.goto(site.at(NEW))
        maiden, reason = (page.locator(f'.field[data-field="{name}"]') for name in ("maiden_name", "maiden_reason"))
        expect(maiden).to_be_hidden()
        choose_gender(page, "female")
        expect(maiden).to_be_visible()
        expect(reason).to_be_hidden()
        page.fill("#f-maiden_name", "Chan")
        expect(reason).to_be_visible()
        expect(page.locator("#f-maiden_reason")).to_have_value("Marriage")
        school = page.locator('.field[data-field="school"] .optional')
        expect(school).to_be_visible()
        page.fill("#f-children", "២")
        expect(school).to_be_hidden()
        take_picture(page, f"conditions-shown-{device}-{language}")
        faults = faults_of(page, axe)
        choose_gender(page, "other")
        expect(maiden).to_be_hidden()
        expect(page.locator('[data-part="part-3"]')).to_be_hidden()
        choose_gender(page, "female")
        expect(page.locator("#f-maiden_name")).to_have_value("Chan")
        assert not faults, "\n".join(faults)


@pytest.mark.parametrize(("device", "language", "script"), EVERY_WAY)
def test_a_warning_and_an_error_end_alike_in_every_way(
    site: Site,
    visiting: Visits,
    axe: Path,
    take_picture: Callable[[Page, str], None],
    store: OrganisationStore,
    device: str,
    language: str,
    script: bool,
) -> None:
    with visiting(Role.SUPERVISOR, device=device, language=language, script=script) as page:
        faults = []
        page.goto(site.at(NEW))
        page.fill("#f-name", "Bopha")
        page.fill("#f-children", "13")
        page.fill("#f-school", "Wat")
        fill_day(page, "born", 2999)
        save(page)
        expect(page.locator("#error-summary")).to_contain_text(RULES["born_later"]["message"])
        expect(page.locator("#warning-summary")).to_contain_text(RULES["many_children"]["message"])
        take_picture(page, f"rules-{device}-{language}-{script}")
        if script:
            faults += faults_of(page, axe)
        page.fill('[name="born.year"]', "1999")
        page.get_by_label(RULES["many_children"]["message"]).check()
        save(page)
        expect(page.locator("h1")).to_contain_text("Bopha")
        assert not faults, "\n".join(faults)
    values = {"name": "Bopha", "children": 13, "school": "Wat", "born": "2999-01-01"}
    with pytest.raises(InvalidAnswers) as refusal:
        service.create(store, operator_actor(), "person", values)
    expected = {("broken_rule", RULES["born_later"]["message"]), ("warning", RULES["many_children"]["message"])}
    assert {(each.kind, each.message) for each in refusal.value.problems} == expected
    outcome = import_file(
        store, operator_actor("import"), "person", b"Name,Children,School,Born\nBopha,13,Wat,2999-01-01\n", dry_run=True
    )
    assert {(cause.kind, cause.message) for cause in outcome.causes} == expected


def test_what_does_not_apply_any_more_is_cleared_with_script_and_without(site: Site, visiting: Visits) -> None:
    for script in (True, False):
        with visiting(Role.SUPERVISOR, script=script) as page:
            page.goto(site.at(NEW))
            page.fill("#f-name", "Kolab")
            choose_gender(page, "female")
            page.fill("#f-maiden_name", "Chan")
            save(page)
            address = page.url
            expect(page.get_by_text("Chan", exact=True).first).to_be_visible()
            page.goto(f"{address}/edit")
            choose_gender(page, "male")
            save(page)
            expect(page).to_have_url(address)
            expect(page.locator(".facts", has_text="Name before marriage")).to_have_count(0)
            page.goto(f"{address}/history")
            expect(page.locator("main")).to_contain_text("Chan")


def test_a_closed_answer_is_shown_and_not_asked(site: Site, visiting: Visits) -> None:
    with visiting(Role.SUPERVISOR) as page:
        page.goto(site.at(NEW))
        page.fill("#f-name", "Closed")
        page.fill("#f-code", "C-1")
        save(page)
        address = page.url
        page.goto(f"{address}/edit")
        expect(page.locator("#f-code")).to_contain_text("C-1")
        expect(page.locator('[name="code"]')).to_have_count(0)
        page.fill("#f-children", "0")
        save(page)
        expect(page).to_have_url(address)


def test_a_row_is_judged_with_what_is_typed_above_it(site: Site, visiting: Visits) -> None:
    with visiting(Role.SUPERVISOR) as page:
        page.goto(site.at(NEW))
        page.fill("#f-name", "Rows")
        fill_day(page, "born", 1999)
        page.fill('[name="+visit.person.0.title"]', "First")
        fill_day(page, "+visit.person.0.held_on", 1990)
        save(page)
        expect(page.locator("#error-summary")).to_contain_text(VISIT_RULES["before_birth"]["message"])
        page.fill('[name="born.year"]', "1980")
        save(page)
        expect(page.locator("h1")).to_contain_text("Rows")
