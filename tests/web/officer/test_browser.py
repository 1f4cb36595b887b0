"""An officer's and a leader's day by keyboard alone in a real browser, with axe looking at each page."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer
from tests.web.conftest import NOW

from pendapa.web.accounts.models import User
from pendapa.web.cases.models import Case
from pendapa.web.demo.logins import PASSPHRASE, PASSWORD, present_code
from pendapa.web.signing.models import LetterReading

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LETTER = "surat-keterangan-penelitian"


@pytest.fixture(scope="session", autouse=True)
def _browser_beside_database() -> Iterator[None]:
    """Playwright's own loop runs in this thread, which Django would take for asynchronous code."""
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    yield
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, object]:
    return {"executable_path": "/usr/bin/chromium", "args": ["--no-sandbox", "--disable-gpu"]}


@pytest.fixture(autouse=True)
def _at_now(monkeypatch: pytest.MonkeyPatch) -> None:
    """The invented certificates and decrees hold around NOW, whenever the test is run."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


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


def sign_in(page: Page, base: str, username: str) -> None:
    page.goto(f"{base}/tugas/")
    tab_to(page, "[name=login]")
    page.keyboard.type(username)
    tab_to(page, "[name=password]")
    page.keyboard.type(PASSWORD)
    enter(page)
    tab_to(page, "[name=code]")
    page.keyboard.type(present_code(username))
    enter(page)
    page.wait_for_url("**/tugas/")


def test_a_letter_goes_from_inbox_to_signature_by_keyboard(
    browser: Browser, live_server: LiveServer, submit: Callable[..., Case], people: dict[str, User]
) -> None:
    case = submit(LETTER, people["warga"])

    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    sign_in(page, live_server.url, "verif")
    look(page)
    tab_to_word(page, "Ambil")
    enter(page)
    look(page)
    tab_to_word(page, "Ambil tugas ini")
    enter(page)
    for name in ("campus_letter", "proposal", "period"):
        tab_to(page, f'[name="/checklist/{name}"]')
        page.keyboard.press("Space")
    tab_to(page, "[name=keputusan][value=accept]")
    page.keyboard.press("Space")
    look(page)
    tab_to_word(page, "Selesaikan tugas")
    enter(page)
    assert "selesai" in page.locator("[role=status]").inner_text()
    page.context.close()

    page = browser.new_context(viewport={"width": 360, "height": 800}).new_page()
    sign_in(page, live_server.url, "kadis")
    tab_to_word(page, "Tanda tangan")
    enter(page)
    look(page)
    tab_to_word(page, "Baca surat")
    enter(page)
    look(page)
    tab_to_word(page, "Baca surat (PDF")
    page.keyboard.press("Enter")
    for _ in range(100):
        if LetterReading.objects.exists():
            break
        time.sleep(0.1)
    page.bring_to_front()
    tab_to(page, "[name=frasa]")
    page.keyboard.type(PASSPHRASE)
    enter(page)
    page.wait_for_url("**/tanda-tangan/hasil/")
    assert "1 surat ditandatangani" in page.locator("main").inner_text()
    look(page)
    case.refresh_from_db()
    assert case.status == "issued"

    code = case.documents.get().code
    page.goto(f"{live_server.url}/verify/{code}")
    look(page)
    assert page.locator("h1").inner_text() == "Dokumen ini asli"
    page.context.close()
