"""The pages of an objection in a real browser at two widths, with axe looking at each."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer
from tests.web.keyboard import enter, look, tab_to, tab_to_word
from tests.web.objection.conftest import Time
from tests.web.objection.test_objection import decide, study

from pendapa.web.accounts.models import User
from pendapa.web.cases.models import Case
from pendapa.web.signing.models import Document

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def opened(browser: Browser, url: str, client: Client, width: int) -> Page:
    """A page of the width in which the client's person is signed in."""
    context = browser.new_context(viewport={"width": width, "height": 800})
    context.add_cookies(
        [{"name": name, "value": kept.value, "url": url} for name, kept in client.cookies.items()]
    )
    return context.new_page()


@pytest.mark.parametrize("width", [360, 1280])
def test_objection_and_appeal_by_keyboard(
    browser: Browser,
    live_server: LiveServer,
    refused: Callable[..., Case],
    object_to: Callable[..., Case],
    sign: Callable[..., Document],
    login: Callable[[str], Client],
    people: dict[str, User],
    time: Time,
    width: int,
) -> None:
    first = refused(people["warga"])
    page = opened(browser, live_server.url, login("warga"), width)
    page.goto(f"{live_server.url}/berkas/{first.number}/")
    look(page)
    tab_to_word(page, "Ajukan keberatan")
    enter(page)
    look(page)
    tab_to_word(page, "Ajukan keberatan")
    enter(page)
    assert first.number in page.content()  # the first page of the form shows what is objected to
    look(page)

    objection = object_to(first, login("warga"))
    study(login("kabid"), objection)
    decide(login("kadis"), objection, "putuskan", "rejected")
    sign(objection, "tanda_tangan_ditolak", "kadis")
    page.goto(f"{live_server.url}/berkas/{objection.number}/")
    look(page)
    tab_to_word(page, "Ajukan banding")
    enter(page)
    look(page)
    tab_to(page, "textarea")
    page.keyboard.type("Bukti saya belum dibaca. (contoh)")
    tab_to_word(page, "Ajukan banding")
    enter(page)
    assert "Kami terima" in page.locator("[role=status]").inner_text()
    page.context.close()

    page = opened(browser, live_server.url, login("sekda"), width)
    task = objection.tasks.get(status="open")
    login("sekda").post(f"/tugas/{task.pk}/ambil/")
    page.goto(f"{live_server.url}/tugas/{task.pk}/")
    assert first.number in page.locator("#pertama + p").inner_text()
    look(page)
    page.context.close()
