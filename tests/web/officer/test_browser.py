"""An officer's and a leader's day by keyboard alone in a real browser, with axe looking at each page."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer
from tests.web.conftest import NOW
from tests.web.keyboard import enter, look, sign_in, tab_to, tab_to_word

from pendapa.web.accounts.models import User
from pendapa.web.cases.models import Case
from pendapa.web.demo.logins import PASSPHRASE
from pendapa.web.signing.models import LetterReading

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LETTER = "surat-keterangan-penelitian"


@pytest.fixture(autouse=True)
def _at_now(monkeypatch: pytest.MonkeyPatch) -> None:
    """The invented certificates and decrees hold around NOW, whenever the test is run."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


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
