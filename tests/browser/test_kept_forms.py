"""What a tab keeps of forms: each for what it was begun for, also while a record is added from it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager
from urllib.request import Request, urlopen
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, Route, expect

from amparo.runtime.access import Role
from browser.test_walk import answer_date
from factories.site import Site
from factories.slow_network import expect_no_answer, hold_back

#: The organisation's, in which days begin.
ZONE = ZoneInfo("Asia/Phnom_Penh")

DAY = '[name="next_contact_date.day"]'

Picture = Callable[[Page, str], None]
Visits = Callable[..., AbstractContextManager[Page]]


def open_case(page: Page, site: Site, number: int) -> str:
    """One of the open cases of the caseworker."""
    page.goto(site.at("case/?view=case_1_mine"))
    page.locator("tbody .name-link").nth(number).click()
    page.wait_for_load_state()
    return page.url


def begin(page: Page, case: str, object_name: str, part: str = "") -> None:
    page.goto(f"{case}?tab={part}" if part else case)
    page.locator(f'main a[href*="/{object_name}/new"]').first.click()
    page.wait_for_load_state()


def keep(page: Page) -> None:
    """What was typed is written down a moment later."""
    page.wait_for_function("Object.keys(sessionStorage).some(key => key.startsWith('draft:'))")


def change_kept(page: Page, change: str) -> None:
    """Makes what the tab keeps of the form what the function ``change`` makes of its entries, each name and text."""
    page.evaluate(
        f"""() => {{
            const key = Object.keys(sessionStorage).find((each) => each.startsWith("draft:"));
            const change = {change};
            sessionStorage.setItem(key, JSON.stringify(change(JSON.parse(sessionStorage.getItem(key)))));
        }}"""
    )


def open_before_script(page: Page, address: str) -> Callable[[], None]:
    """The page as a slow network shows it; the function that is returned lets the script arrive."""
    arrive = hold_back(page, "app-*.js")
    page.goto(address, wait_until="commit")
    expect(page.locator("section.bar button.main")).to_be_visible()
    return arrive


def test_what_is_typed_before_the_script_arrives_stands_and_is_kept(site: Site, visiting: Visits) -> None:
    with visiting(Role.CASEWORKER) as page:
        form = f"{open_case(page, site, 5)}/edit"
        page.goto(form)
        given = page.input_value(DAY)
        page.fill("#f-next_step", "Of yesterday")
        page.fill(DAY, "9" if given != "9" else "8")
        keep(page)
        arrive = open_before_script(page, form)
        page.fill("#f-next_step", "Of today")
        page.select_option('[name="next_contact_date.month"]', "2")
        arrive()
        expect(page.locator("[data-form-state]")).to_contain_text("Not saved yet")
        expect(page.locator("#f-next_step")).to_have_value("Of today")
        expect(page.locator(DAY)).to_have_value(given)
        page.wait_for_function("Object.values(sessionStorage).some(draft => draft.includes('Of today'))")
        assert page.evaluate('!dispatchEvent(new Event("beforeunload", { cancelable: true }))')


def test_the_rest_of_a_kept_form_comes_back_where_somebody_typed_before_the_script_arrived(
    site: Site, visiting: Visits
) -> None:
    with visiting(Role.CASEWORKER) as page:
        form = f"{open_case(page, site, 6)}/edit"
        page.goto(form)
        page.fill("#f-next_step", "Call the clinic")
        keep(page)
        arrive = open_before_script(page, form)
        page.fill(DAY, "7")
        arrive()
        expect(page.locator("#f-next_step")).to_have_value("Call the clinic")
        expect(page.locator(DAY)).to_have_value("7")


def test_what_is_begun_for_one_case_stays_out_of_the_form_of_another(site: Site, visiting: Visits) -> None:
    with visiting(Role.CASEWORKER) as page:
        first, second = (open_case(page, site, number) for number in (0, 1))
        begin(page, first, "service")
        own = page.input_value("#f-case")
        page.fill("#f-notes", "About the first")
        keep(page)
        begin(page, second, "service")
        expect(page.locator("#f-notes")).to_have_value("")
        expect(page.locator("#f-case")).not_to_have_value(own)
        expect(page.locator('[name="case"]')).to_have_value(second.rsplit("/", 1)[-1])
        begin(page, first, "service")
        expect(page.locator("#f-notes")).to_have_value("About the first")
        expect(page.locator("#f-case")).to_have_value(own)


def test_what_somebody_else_changed_since_is_asked_about_when_a_kept_form_is_saved(
    site: Site, visiting: Visits
) -> None:
    with visiting(Role.CASEWORKER) as page, visiting(Role.SUPERVISOR) as other:
        case = open_case(page, site, 4)
        page.goto(f"{case}/edit")
        page.fill("#f-next_step", "Mine")
        keep(page)
        page.goto(case)
        other.goto(f"{case}/edit")
        other.fill("#f-next_step", "Theirs")
        other.click("section.bar button.main")
        other.wait_for_url(case)
        page.goto(f"{case}/edit")
        expect(page.locator("#f-next_step")).to_have_value("Mine")
        page.click("section.bar button.main")
        expect(page.locator("table.conflict")).to_contain_text("Theirs")
        expect(page.locator("table.conflict")).to_contain_text("Mine")


def test_a_kept_form_says_under_which_release_the_page_was_made_and_not_what_was_kept(
    site: Site, visiting: Visits
) -> None:
    with visiting(Role.CASEWORKER) as page:
        page.goto(f"{open_case(page, site, 3)}/edit")
        release = page.input_value('[name="release_"]')
        page.fill("#f-next_step", "Call the clinic")
        keep(page)
        change_kept(page, '(kept) => [...kept.filter(([name]) => name !== "release_"), ["release_", "0"]]')
        page.reload()
        expect(page.locator("#f-next_step")).to_have_value("Call the clinic")
        expect(page.locator('[name="release_"]')).to_have_value(release)


def test_what_was_kept_for_a_field_or_a_choice_that_is_gone_is_told_and_empties_no_answer(
    site: Site, visiting: Visits, take_picture: Picture
) -> None:
    with visiting(Role.CASEWORKER, device="phone") as page:
        page.goto(f"{open_case(page, site, 7)}/edit")
        status = page.input_value("#f-status")
        page.fill("#f-next_step", "Call the clinic")
        keep(page)
        older = '{ next_step: (text) => ["gone", text], status: () => ["status", "retired"] }'
        change_kept(page, f"(kept) => kept.map(([name, text]) => ({older})[name]?.(text) ?? [name, text])")
        page.reload()
        expect(page.locator("form .notice.ok bdi")).to_have_text("retired · Call the clinic")
        expect(page.locator("#f-status")).to_have_value(status)
        take_picture(page, "kept-for-what-is-gone")


@pytest.mark.parametrize(("device", "language"), [("desktop", "en"), ("phone", "ar")])
def test_a_shelter_is_added_from_the_form_of_a_stay_and_chosen_in_it(
    site: Site, visiting: Visits, take_picture: Picture, device: str, language: str
) -> None:
    name = f"Lotus {uuid.uuid4().hex[:6]}"
    with visiting(Role.CASEWORKER, device=device, language=language) as page:
        case = open_case(page, site, 2)
        begin(page, case, "stay", "support")
        page.fill("#f-bed", "Bed 3")
        page.locator("#f-shelter").press_sequentially(name)
        page.locator("#f-shelter-matches [data-place]").last.click()
        page.wait_for_url("**/organisation/new?**")
        expect(page.locator("#f-name")).to_have_value(name)
        page.click("section.bar button.main")
        expect(page.locator("h1")).to_have_text(name)
        take_picture(page, f"way-back-{device}-{language}")
        page.locator("main .notice.ok a").click()
        expect(page.locator("#f-shelter")).to_have_value(name)
        expect(page.locator("#f-bed")).to_have_value("Bed 3")
        take_picture(page, f"come-back-{device}-{language}")
        today = dt.datetime.now(ZONE).date()
        answer_date(page, "arrived_on", str(today.day), str(today.month), str(today.year))
        page.click("section.bar button.main")
        expect(page.locator("dd", has_text=name).first).to_be_visible()
        expect(page.locator("main .notice.ok")).to_have_count(0)


def test_a_person_of_a_kind_is_added_from_the_form_of_a_case(site: Site, visiting: Visits) -> None:
    name = f"Ada {uuid.uuid4().hex[:6]}"
    with visiting(Role.CASEWORKER) as page:
        page.goto(site.at("case/new?record_type=outreach"))
        page.fill("#f-next_step", "Call back")
        page.locator("#f-person").press_sequentially(name)
        page.locator("#f-person-matches [data-place]").last.click()
        page.click('a[href*="record_type=client"]')
        page.click("section.bar button.main")
        expect(page.locator("h1")).to_have_text(name)
        page.locator("main .notice.ok a").click()
        expect(page.locator("#f-person")).to_have_value(name)
        expect(page.locator("#f-next_step")).to_have_value("Call back")


def test_without_script_a_shelter_is_added_in_a_new_tab_and_the_form_stays_as_it_was(
    site: Site, visiting: Visits, take_picture: Picture
) -> None:
    name = f"Lotus {uuid.uuid4().hex[:6]}"
    with visiting(Role.CASEWORKER, device="phone", script=False) as page:
        page.goto(site.at("stay/new"))
        page.fill("#f-bed", "Bed 3")
        take_picture(page, "add-in-a-new-tab")
        with page.expect_popup() as opened:
            page.click('a[href*="/organisation/new"]')
        added = opened.value
        added.fill("#f-name", name)
        added.click("section.bar button.main")
        expect(added.locator("h1")).to_have_text(name)
        expect(page.locator("#f-bed")).to_have_value("Bed 3")
        page.fill("#f-shelter", name)
        page.click('button[name="find"][value="shelter"]')
        expect(page.get_by_label(name)).to_be_visible()
        expect(page.locator("#f-bed")).to_have_value("Bed 3")


def test_a_record_that_was_added_for_itself_leads_nowhere(site: Site, visiting: Visits) -> None:
    with visiting(Role.CASEWORKER) as page:
        page.goto(site.at("organisation/new"))
        page.fill("#f-name", f"Alone {uuid.uuid4().hex[:6]}")
        page.click("section.bar button.main")
        expect(page.locator("h1")).to_contain_text("Alone")
        expect(page.locator("main .notice.ok")).to_have_count(0)


def test_a_form_whose_answer_got_lost_on_its_way_is_saved_once(site: Site, visiting: Visits) -> None:
    """The network goes between the save and its answer; who goes back finds what was typed and saves it again."""
    name = f"Lost {uuid.uuid4().hex[:6]}"
    with visiting(Role.CASEWORKER) as page:
        page.goto(site.at("organisation/new"))
        page.fill("#f-name", name)
        page.route("**/organisation/new", lose_the_answer, times=1)
        page.click("section.bar button.main")
        expect_no_answer(page)
        page.goto(site.at("organisation/new"))
        expect(page.locator("#f-name")).to_have_value(name)
        page.fill("#f-name", f"{name} again")
        keep(page)
        page.reload()
        page.fill("#f-name", name)
        page.click("section.bar button.main")
        expect(page.locator("h1")).to_have_text(name)
        page.goto(site.at("organisation/new"))
        expect(page.locator("#f-name")).to_have_value("")
        page.goto(site.at("organisation/?view=all"))
        page.fill("main [type=search]", name)
        page.keyboard.press("Enter")
        page.wait_for_load_state()
        expect(page.locator("tbody .name-link", has_text=name)).to_have_count(1)


def lose_the_answer(route: Route) -> None:
    """Asked beside the browser, which would keep the answer's cookies."""
    asked = route.request
    urlopen(Request(asked.url, asked.post_data_buffer, asked.all_headers())).close()
    route.abort("connectionreset")


def test_a_form_too_long_to_be_kept_in_the_tab_works_on(site: Site, visiting: Visits) -> None:
    with visiting(Role.CASEWORKER) as page:
        failures: list[str] = []
        page.on("pageerror", lambda error: failures.append(str(error)))
        page.goto(site.at("person/new?record_type=client"))
        page.evaluate(
            """() => {
              for (let length = 1 << 22, number = 0; length > 0; number++)
                try { sessionStorage.setItem(`other:${number}`, "x".repeat(length)); }
                catch { length >>= 1; }
            }"""
        )
        page.fill("#f-notes", "Much was pasted")
        page.locator(".bar button.main").click()
        expect(page.locator("[data-error-summary]")).to_be_focused()
        expect(page.locator("#f-notes")).to_have_value("Much was pasted")
        assert failures == []


def begin_a_person(page: Page, site: Site, name: str) -> None:
    page.goto(site.at("person/new?record_type=client"))
    page.fill("#f-name", name)
    keep(page)


def sign_in_here(page: Page, site: Site, role: Role) -> None:
    page.fill("#f-login", site.sign_ins[role].login)
    page.fill("#f-password", site.sign_ins[role].password)
    page.click("form.fields button.main")
    page.wait_for_url(lambda address: "/sign-in" not in address)


KEPT = "Object.values(sessionStorage).join()"


def test_signing_out_takes_what_the_tab_keeps_along(site: Site, visiting: Visits) -> None:
    with visiting(Role.CASEWORKER, afresh=True) as page:
        begin_a_person(page, site, "Marmalade")
        page.goto(site.at("you"))
        assert "Marmalade" in page.evaluate(KEPT)
        page.click('form[action="/sign-out"] button')
        page.wait_for_url("**/sign-in")
        assert page.evaluate(KEPT) == ""


def test_what_waits_after_a_session_that_ended_is_for_whoever_typed_it(site: Site, visiting: Visits) -> None:
    with visiting(Role.CASEWORKER, afresh=True) as page:
        begin_a_person(page, site, "Marmalade")
        page.context.clear_cookies()
        page.goto(site.at("person/new?record_type=client"))
        sign_in_here(page, site, Role.CASEWORKER)
        expect(page.locator("#f-name")).to_have_value("Marmalade")
        page.context.clear_cookies()
        page.goto(site.at("person/new?record_type=client"))
        sign_in_here(page, site, Role.SUPERVISOR)
        expect(page.locator("#f-name")).to_have_value("")
        assert "Marmalade" not in page.evaluate(KEPT)


#: How a browser is without anything that a tab keeps: told to keep no data of sites, or without the room.
NOWHERE = "Object.defineProperty(window, 'sessionStorage', { get() { throw new DOMException('', 'SecurityError'); } })"
NO_ROOM = "Storage.prototype.setItem = () => { throw new DOMException('', 'QuotaExceededError'); }"


@pytest.mark.parametrize("keeping", [NOWHERE, NO_ROOM])
def test_where_the_tab_keeps_nothing_a_record_is_added_beside_the_form_which_says_so(
    site: Site, visiting: Visits, keeping: str
) -> None:
    with visiting(Role.CASEWORKER) as page:
        failures: list[str] = []
        page.on("pageerror", lambda error: failures.append(str(error)))
        page.add_init_script(keeping)
        page.goto(site.at("stay/new"))
        page.fill("#f-bed", "Bed 3")
        page.locator("#f-shelter").press_sequentially("Lotus")
        expect(page.locator("[data-form-state]")).to_contain_text("save before you leave")
        with page.expect_popup() as opened:
            page.locator("#f-shelter-matches [data-place]").last.click()
        expect(opened.value.locator("#f-name")).to_have_value("Lotus")
        expect(page.locator("#f-bed")).to_have_value("Bed 3")
        assert failures == []
