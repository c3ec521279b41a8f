"""A page whose script is still on its way, or that never came."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, Route, expect


def hold_back(page: Page, script: str) -> Callable[[], None]:
    """The function that is returned lets the script, such as ``app-*.js``, arrive."""
    address = f"**/dist/{script}"
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    def arrive() -> None:
        assert held, "the page asked for no such script"
        for each in held:
            each.continue_()
        page.unroute(address)
        page.wait_for_load_state()

    page.route(address, hold)
    return arrive


def open_early(page: Page, address: str) -> None:
    """As soon as the whole page is there; its script is not."""
    page.goto(address, wait_until="commit")
    page.locator("#part-draft").wait_for(state="attached")


def expect_no_answer(page: Page) -> None:
    """The browser's own page, which tells so, is there.

    ``wait_for_url`` ends in an error instead, where the page that failed had not failed yet when it began to wait.
    """
    expect(page).to_have_url("chrome-error://chromewebdata/")
