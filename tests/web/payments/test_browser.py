"""Paying and matching in a real browser, without JavaScript, at 360 pixels, with axe looking at each page."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer
from tests.web.keyboard import enter, look, sign_in, tab_to, tab_to_word
from tests.web.payments.conftest import Office

from pendapa.web.demo.logins import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", [360, 1280])
def test_a_bill_is_paid_and_matched_by_keyboard(
    browser: Browser, live_server: LiveServer, billed: Office, width: int
) -> None:
    number, case = billed.bill().number, billed.case.number
    page = browser.new_context(viewport={"width": width, "height": 900}).new_page()
    page.goto(f"{live_server.url}/akun/login/?next=/berkas/{case}/")
    tab_to(page, "[name=login]")
    page.keyboard.type("warga")
    tab_to(page, "[name=password]")
    page.keyboard.type(PASSWORD)
    enter(page)
    look(page)
    assert number in page.content()
    tab_to_word(page, "Saya sudah membayar")
    enter(page)
    look(page)
    tab_to_word(page, "Beri tahu petugas")
    enter(page)
    assert "mencocokkan pembayaran Anda" in page.locator("[role=status]").inner_text()
    look(page)
    page.context.close()

    page = browser.new_context(viewport={"width": width, "height": 900}).new_page()
    sign_in(page, live_server.url, "penerimaan")
    tab_to_word(page, "Tagihan yang belum lunas")
    enter(page)
    look(page)
    tab_to_word(page, "Uangnya sudah masuk")
    enter(page)
    look(page)
    tab_to_word(page, "Ambil tugas ini")
    enter(page)
    look(page)
    page.fill('[name="/paid/paid_on"]', billed.clock.now.date().isoformat())
    tab_to(page, '[name="/paid/amount"]')
    page.keyboard.type("2000000")
    tab_to(page, '[name="/paid/channel"]')
    page.keyboard.press("Space")
    tab_to(page, '[name="/paid/reference"]')
    page.keyboard.type("CONTOH-1")
    tab_to(page, "[name=keputusan][value=accept]")
    page.keyboard.press("Space")
    tab_to_word(page, "Selesaikan tugas")
    enter(page)
    look(page)
    assert "kurang Rp304.000" in page.content()
    tab_to(page, "[name=pastikan]")
    page.keyboard.press("Space")
    tab_to_word(page, "Selesaikan tugas")
    enter(page)
    assert "selesai" in page.locator("[role=status]").inner_text()
    assert billed.bill().received == 2_000_000
    page.context.close()
