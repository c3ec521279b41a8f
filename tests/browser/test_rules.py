"""Rules and conditions in a browser, with and without script: the outcome is that of an import and of the service."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from amparo.metadata.model import FilterRow
from amparo.runtime.access import Role, operator_actor
from amparo.runtime.errors import InvalidAnswers
from amparo.runtime.planner.lists import list_page
from amparo.runtime.planner.queries import ListQuery
from amparo.runtime.records import service
from amparo.runtime.settings import Settings
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.organisations import Organisations
from amparo.runtime.transfer.importing import import_file
from browser.test_every_page import faults_of
from factories.organisations import make_organisation
from factories.rules import RULES, VISIT_RULES, strict_office_document
from factories.site import Site, serving_organisation
from factories.slow_network import hold_back

Visits = Callable[..., AbstractContextManager[Page]]
EVERY_WAY = [("desktop", "en", True), ("phone", "ar", True), ("phone", "en", False)]
#: What conditions are judged with, sent after the page's script.
EVALUATOR = "formulas-*.js"
NEW = "person/new?record_type=client"


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(home=tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def site(settings: Settings) -> Iterator[Site]:
    organisations = Organisations(settings)
    make_organisation(organisations, "strict", strict_office_document(), Role.SUPERVISOR)
    organisations.close()
    with serving_organisation(settings, "strict", Role.SUPERVISOR) as site:
        yield site


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


def test_an_answer_given_before_the_conditions_came_stays_in_sight(site: Site, visiting: Visits) -> None:
    with visiting(Role.SUPERVISOR, device="phone") as page:
        arrive = hold_back(page, EVALUATOR)
        page.goto(site.at(NEW))
        page.fill("#f-maiden_name", "Chan")
        arrive()
        expect(page.locator('.field[data-field="maiden_reason"]')).to_be_hidden()
        expect(page.locator("#f-maiden_name")).to_have_value("Chan")
        expect(page.locator("#f-maiden_name")).to_be_focused()
        choose_gender(page, "other")
        expect(page.locator("#f-maiden_name")).to_be_enabled()


def test_conditions_are_followed_though_the_network_was_away_when_their_part_was_asked_for(
    site: Site, visiting: Visits
) -> None:
    with visiting(Role.SUPERVISOR, device="phone") as page:
        page.route(f"**/dist/{EVALUATOR}", lambda route: route.abort(), times=2)
        page.goto(site.at(NEW))
        page.fill("#f-name", "Bopha")
        expect(page.locator('.field[data-field="maiden_reason"]')).to_be_hidden()
        expect(page.locator("#f-name")).to_have_value("Bopha")


def test_without_the_evaluator_everything_is_asked_and_can_be_saved(site: Site, visiting: Visits) -> None:
    """As after a new release, whose files have other names, on a page that was opened before."""
    with visiting(Role.SUPERVISOR, device="phone") as page:
        failures: list[str] = []
        page.on("pageerror", lambda error: failures.append(str(error)))
        page.route(f"**/dist/{EVALUATOR}", lambda route: route.fulfill(status=404))
        page.goto(site.at(NEW))
        page.fill("#f-name", "Bopha")
        choose_gender(page, "female")
        page.fill("#f-maiden_name", "Chan")
        save(page)
        expect(page.locator("h1")).to_contain_text("Bopha")
        assert failures == []


@pytest.mark.parametrize(("device", "language", "script"), EVERY_WAY)
def test_a_warning_and_an_error_are_told_and_the_warning_passed_over(
    site: Site,
    visiting: Visits,
    axe: Path,
    take_picture: Callable[[Page, str], None],
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


#: Why nothing was saved: fields and words; empty where it was.
Refused = frozenset[tuple[str, str]]


@dataclass(frozen=True)
class Expected:
    """What becomes of answers: the words in which they are refused, each with its field; else what is held then.

    ``ticked`` are the words of warnings that somebody says are right.
    """

    answers: Mapping[str, str]
    refused: Refused = frozenset()
    held: Mapping[str, str | int | None] = field(default_factory=dict)
    ticked: str = ""


NEEDED = "Answer this: it is required."
NOT_FOR_HIM = "“Widow” does not go with the other answers given here. Choose another answer, or change those."
TOO_MANY = RULES["many_children"]["message"]
EXPECTED = {
    # A condition: who is a woman is asked for the name before, and that is answered for her.
    "shown": Expected({"gender": "female", "maiden_name": "Chan"}, held={"maiden_reason": "Marriage"}),
    "not shown": Expected({"gender": "male"}, held={"maiden_name": None, "maiden_reason": None}),
    "needed": Expected({"children": "2"}, frozenset({("school", NEEDED)})),
    "not needed": Expected({"children": "0"}, held={"children": 0, "school": None}),
    # A dependent picklist, by formula.
    "offered": Expected({"gender": "female", "support": "widow"}, held={"support": "widow"}),
    "not offered": Expected({"gender": "male", "support": "widow"}, frozenset({("support", NOT_FOR_HIM)})),
    "offered while nobody knows": Expected({"support": "family"}, held={"support": "family", "children": None}),
    "a warning": Expected({"children": "13", "school": "Wat"}, frozenset({("children", TOO_MANY)})),
    "a warning that is passed over": Expected(
        {"children": "13", "school": "Wat"}, held={"children": 13, "school": "Wat"}, ticked=TOO_MANY
    ),
    "an error": Expected({"born": "2999-01-01"}, frozenset({("born", RULES["born_later"]["message"])})),
    "several at once": Expected(
        {"children": "13", "born": "2999-01-01", "gender": "other", "support": "widow"},
        frozenset(
            {
                ("children", TOO_MANY),
                ("school", NEEDED),
                ("born", RULES["born_later"]["message"]),
                ("support", NOT_FOR_HIM),
            }
        ),
    ),
}


def in_the_page(page: Page, site: Site, name: str, expected: Expected, *, script: bool) -> Refused:
    page.goto(site.at(NEW))
    page.fill("#f-name", name)
    support = page.locator('input[name="support"][value="widow"]')
    for box, answer in sorted(expected.answers.items(), key=lambda each: each[0] == "support"):
        if box == "gender":
            choose_gender(page, answer)
        elif box == "born":
            fill_day(page, box, int(answer[:4]))
        elif box != "support":
            page.fill(f"#f-{box}", answer)
        elif answer == "widow" and script and expected.answers["gender"] != "female":
            # It is not there to be chosen; who chose it before it went away keeps it, and is told.
            expect(support).to_be_hidden()
            choose_gender(page, "female")
            support.check()
            choose_gender(page, expected.answers["gender"])
            expect(support).to_be_visible()
        else:
            page.locator(f'input[name="support"][value="{answer}"]').check()
    save(page)
    if expected.ticked:
        page.get_by_label(expected.ticked).check()
        save(page)
    told = page.locator("form#record .field:has(.error)").all()
    return frozenset(
        (each.get_attribute("data-field") or "", words)
        for each in told
        for words in each.locator(".error").all_inner_texts()
    )


def by_import(store: OrganisationStore, name: str, expected: Expected) -> Refused:
    cells = {"name": name, **expected.answers}
    content = f"{','.join(cells)}\n{','.join(cells.values())}\n".encode()
    outcomes = [
        import_file(
            store, operator_actor("import"), "person", content, dry_run=dry, accept_warnings=bool(expected.ticked)
        )
        for dry in (True, False)
    ]
    trial, real = (frozenset((each.column or "", each.message) for each in outcome.causes) for outcome in outcomes)
    assert trial == real
    return real


def by_the_service(store: OrganisationStore, name: str, expected: Expected) -> Refused:
    ticked = ["many_children"] if expected.ticked else []
    try:
        service.create(store, operator_actor(), "person", {"name": name, **expected.answers}, acknowledged=ticked)
    except InvalidAnswers as refusal:
        return frozenset((each.path, each.message) for each in refusal.problems)
    return frozenset()


def held_by(store: OrganisationStore, name: str, names: Iterable[str]) -> Mapping[str, object] | None:
    """What the record of this name holds; None where there is none."""
    fields = ("name", *names)
    query = ListQuery("person", fields, filters=(FilterRow("name", "equals", name),))
    records = list_page(store, operator_actor(), query).records
    return {each: records[0].answers[each] for each in names} if records else None


@pytest.mark.parametrize("case", EXPECTED)
def test_four_ways_end_alike(site: Site, visiting: Visits, store: OrganisationStore, case: str) -> None:
    expected = EXPECTED[case]
    found = {}
    for script in (True, False):
        way = "with script" if script else "without script"
        with visiting(Role.SUPERVISOR, script=script) as page:
            found[way] = in_the_page(page, site, f"{case}, {way}", expected, script=script)
    found["import"] = by_import(store, f"{case} by import", expected)
    found["service"] = by_the_service(store, f"{case}, by the service", expected)
    assert {way: refused for way, refused in found.items() if refused != expected.refused} == {}
    for name in (f"{case}, with script", f"{case}, without script", f"{case} by import", f"{case}, by the service"):
        assert held_by(store, name, expected.held) == (None if expected.refused else expected.held), name


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


def test_options_come_and_go_with_the_kind_that_is_chosen_in_the_form(site: Site, visiting: Visits) -> None:
    with visiting(Role.SUPERVISOR) as page:
        page.goto(site.at(NEW))
        page.fill("#f-name", "Kinds")
        save(page)
        page.goto(f"{page.url}/edit")
        pension = page.locator('input[name="support"][value="pension"]')
        expect(pension).to_be_visible()
        page.locator('[name="record_type"]').select_option("witness")
        expect(pension).to_be_hidden()
        page.locator('[name="record_type"]').select_option("client")
        expect(pension).to_be_visible()
