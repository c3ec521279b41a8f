"""Pages on a small screen, by hand and with the keyboard: what is used can be seen, and what was moved stays there."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from playwright.sync_api import Page, expect

from amparo.runtime.access import Role
from factories.site import Site
from factories.slow_network import hold_back, open_early

Visits = Callable[..., AbstractContextManager[Page]]
#: Of what has focus: how far it reaches under the bar at the foot, in px. Of a box of many lines the browser shows the
#: line that is written in, here the first.
UNDER_THE_BAR = """() => {
  const [foot, bar] = [document.activeElement, document.querySelector("section.bar")];
  if (bar.contains(foot) || !foot.closest("#record")) return 0;
  const { top, bottom } = foot.getBoundingClientRect();
  return (foot.tagName === "TEXTAREA" ? top + 40 : bottom) - bar.getBoundingClientRect().top;
}"""
#: Of every box of months: how much narrower than the longest of its words it is, in px.
CUT_MONTHS = """() => [...document.querySelectorAll('select[name$=".month"]')].map(box => {
  const [style, pen] = [getComputedStyle(box), document.createElement("canvas").getContext("2d")];
  pen.font = style.font;
  const words = Math.max(...[...box.options].map(option => pen.measureText(option.label).width));
  const room = box.clientWidth - parseFloat(style.paddingInlineStart) - parseFloat(style.paddingInlineEnd);
  return words - room;
})"""


def a_case(page: Page, site: Site) -> str:
    page.goto(site.at("case/?view=case_1_mine"))
    page.locator("tbody .name-link").first.click()
    page.wait_for_load_state()
    return page.url


def test_what_gets_focus_stays_above_the_bar_of_a_form(site: Site, visiting: Visits) -> None:
    with visiting(Role.CASEWORKER, device="phone") as page:
        page.goto(f"{a_case(page, site)}/edit")
        page.fill("#f-next_step", "Call")
        page.press("#f-next_step", "Tab")
        expect(page.locator("[data-form-state]")).not_to_be_empty()
        hidden = []
        for _ in range(60):
            page.keyboard.press("Tab")
            hidden.append(page.evaluate(UNDER_THE_BAR))
        assert max(hidden) <= 0


def test_the_heads_of_a_list_are_seen_while_they_have_focus(site: Site, visiting: Visits) -> None:
    with visiting(Role.CASEWORKER, device="narrow") as page:
        page.goto(site.at("case/?view=all"))
        head = page.locator("thead a").first
        assert head.evaluate("head => head.closest('thead').clientWidth") == 1
        head.focus()
        assert head.evaluate("head => head.closest('thead').clientWidth") > 200
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        page.keyboard.press("Enter")
        page.wait_for_url("**sort=**")


@pytest.mark.parametrize("device", ["phone", "narrow"])
@pytest.mark.parametrize("language", ["en", "ar", "km"])
def test_no_month_is_cut(site: Site, visiting: Visits, device: str, language: str) -> None:
    with visiting(Role.CASEWORKER, device=device, language=language) as page:
        page.goto(f"{a_case(page, site)}/edit")
        cut = page.evaluate(CUT_MONTHS)
        assert cut
        assert max(cut) <= 0


def test_what_is_chosen_in_a_list_is_seen_whole(site: Site, visiting: Visits) -> None:
    with visiting(Role.CASEWORKER, device="narrow") as page:
        page.goto(f"{a_case(page, site)}/edit")
        box = page.locator("#f-status")
        height = box.evaluate("box => box.offsetHeight")
        box.evaluate("box => box.selectedOptions[0].textContent = 'Not said yet: such rows are left out of the list'")
        assert box.evaluate("box => box.offsetHeight") > height


def test_a_date_stands_on_one_line_beside_its_problem(site: Site, visiting: Visits) -> None:
    with visiting(Role.CASEWORKER, device="narrow") as page:
        page.goto(site.at("service/new"))
        page.click("section.bar button.main")
        page.locator("[data-error-summary]").wait_for()
        boxes = page.locator('.wrong [name^="service_date."]')
        tops = boxes.evaluate_all("boxes => boxes.map(box => Math.round(box.getBoundingClientRect().top))")
        assert len(tops) == 3
        assert len(set(tops)) == 1


def test_a_form_that_is_saved_without_a_network_stays_and_is_saved_later(site: Site, visiting: Visits) -> None:
    with visiting(Role.CASEWORKER, device="phone") as page:
        case = a_case(page, site)
        page.goto(f"{case}/edit")
        page.fill("#f-next_step", "Call the clinic")
        page.context.set_offline(True)
        page.click("section.bar button.main")
        expect(page.locator("[data-form-state]")).to_have_text("No network. What you typed is kept.")
        expect(page.locator("#f-next_step")).to_have_value("Call the clinic")
        page.context.set_offline(False)
        page.click("section.bar button.main")
        page.wait_for_url(case)
        expect(page.locator("main")).to_contain_text("Call the clinic")


def test_a_row_of_tabs_that_was_moved_stays_where_it_is(site: Site, visiting: Visits) -> None:
    with visiting(Role.CASEWORKER, device="phone") as page:
        case = a_case(page, site)
        arrive = hold_back(page, "app-*.js")
        open_early(page, f"{case}?tab=law")
        tabs = page.locator(".tabs").first
        tabs.evaluate("tabs => tabs.scrollLeft = 40")
        arrive()
        assert tabs.evaluate("tabs => tabs.scrollLeft") == 40


def test_a_list_that_cannot_go_on_because_somebody_left_asks_to_sign_in(site: Site, visiting: Visits) -> None:
    with visiting(Role.CASEWORKER, device="phone", afresh=True) as page:
        page.goto(site.at("case/?view=all"))
        page.context.clear_cookies()
        page.click("[data-load-more]")
        page.wait_for_url("**/sign-in?**")
        assert page.locator("#f-login").evaluate("box => box.clientWidth") > 250
