"""An administrator's errand by keyboard alone: invite an officer and put her in a position."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer
from tests.web.conftest import NOW
from tests.web.keyboard import enter, look, sign_in, tab_to, tab_to_word

from pendapa.web.accounts.models import User
from pendapa.web.organisation.models import Placement

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _at_now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


def test_an_officer_is_invited_and_placed_by_keyboard(
    browser: Browser, live_server: LiveServer, people: dict[str, User]
) -> None:
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    sign_in(page, live_server.url, "admin", "/kelola/")
    look(page)
    tab_to_word(page, "Orang")
    enter(page)
    look(page)
    tab_to_word(page, "Undang orang")
    enter(page)
    look(page)
    tab_to(page, "[name=name]")
    page.keyboard.type("Sekar Misal")
    tab_to(page, "[name=email]")
    page.keyboard.type("sekar@contoh.example")
    tab_to(page, "[name=kind]")
    page.keyboard.press("Space")
    tab_to_word(page, "Kirim undangan")
    enter(page)
    look(page)
    sekar = User.objects.get(email="sekar@contoh.example")
    assert sekar.kind == "officer"
    tab_to_word(page, "Tempatkan pada jabatan")
    enter(page)
    look(page)
    tab_to(page, "[name=position]")
    page.keyboard.type("Dinas Kesehatan - Pemeriksa Kecukupan")
    tab_to(page, "[name=starts]")
    page.keyboard.type("11232026")
    tab_to_word(page, "Simpan penempatan")
    enter(page)
    look(page)
    assert Placement.objects.get(user=sekar).position.code == "DINKES-SKP"
    page.context.close()
