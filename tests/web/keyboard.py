"""Walking through pages by keyboard alone, with axe looking at each."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from pendapa.web.demo.logins import PASSWORD, present_code


def tab_to(page: Page, wanted: str) -> None:
    """Press Tab until the focus is on what the selector names; a person without a mouse has no other way."""
    for _ in range(120):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", wanted):
            return
    raise AssertionError(f"the keyboard does not reach {wanted} on {page.url}")


def tab_to_word(page: Page, word: str) -> None:
    """The same, by the words of a link or button."""
    for _ in range(120):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.innerText || ''").strip().startswith(word):
            return
    raise AssertionError(f"the keyboard does not reach {word!r} on {page.url}")


def enter(page: Page) -> None:
    with page.expect_navigation():
        page.keyboard.press("Enter")


def look(page: Page) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def sign_in(page: Page, base: str, username: str, to: str = "/tugas/") -> None:
    """Sign in with password and one-time code on the way to a page."""
    page.goto(f"{base}{to}")
    tab_to(page, "[name=login]")
    page.keyboard.type(username)
    tab_to(page, "[name=password]")
    page.keyboard.type(PASSWORD)
    enter(page)
    tab_to(page, "[name=code]")
    page.keyboard.type(present_code(username))
    enter(page)
    page.wait_for_url(f"**{to}")
