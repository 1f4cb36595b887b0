"""Components and public pages in a browser: 360 and 1280 px, light and dark, nothing cut off, axe content

Set PENDAPA_SCREENS to a folder to keep the pictures.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from pendapa.web.cases.models import Case, CaseFact

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("tegal")]

PAGES = {
    "components": "/komponen/",
    "asks": "/tanya/",
    "asks-radio": "/tanya/?which=radio",
    "home": "/",
    "services": "/layanan/",
    "search": "/layanan/?q=ijin+praktek+bidan",
    "nothing-found": "/layanan/?q=xyzzy",
    "life-event": "/layanan/peristiwa/keluarga/",
    "service-online": "/layanan/izin-praktik-bidan-perawat/",
    "service-outside": "/layanan/ktp-el-baru/",
    "service-counter": "/layanan/paspor-biasa/",
    "login": "/akun/login/",
    "signup": "/akun/signup/",
    "forgotten": "/akun/password/reset/",
    "not-found": "/tidak-ada/",
}

# Smaller than 44 px only where it stands in a sentence.
SMALL_TARGETS = """() => [...document.querySelectorAll(
    '.button, .nav a, .nav button, .lang a, .filters a, .links a, .choice label, summary, .field select,' +
    '.field input:not([type=radio]):not([type=checkbox]):not([type=hidden])')]
    .filter(e => e.offsetParent && e.getBoundingClientRect().height < 43.5)
    .map(e => e.outerHTML.slice(0, 90))"""


@pytest.fixture(autouse=True)
def _with_gallery(settings: object) -> None:
    settings.ROOT_URLCONF = "tests_web_look_urls"  # type: ignore[attr-defined]


@pytest.mark.parametrize("width", [360, 1280])
def test_promises_on_the_home_page_fit(
    page: Page, live_server: LiveServer, submit: Callable[..., Case], width: int
) -> None:
    for slug, days in (("izin-praktik-bidan-perawat", 3), ("surat-keterangan-penelitian", 9)):
        for _ in range(5):
            case = submit(slug)
            CaseFact.objects.filter(case=case).update(
                outcome="issued", ended_at=timezone.now(), working_days=days
            )
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(live_server.url)
    if folder := os.environ.get("PENDAPA_SCREENS"):
        page.screenshot(path=Path(folder) / f"promises-{width}.png", full_page=True)
    assert page.locator("#janji ~ table").inner_text().count("hari kerja") == 4
    assert page.locator(".pill.good", has_text="Tepat").count() == 1
    assert page.locator(".pill.bad", has_text="Terlambat").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert Axe().run(page).violations_count == 0


def test_the_first_tab_offers_the_way_to_the_content_and_the_ring_is_seen(
    page: Page, live_server: LiveServer
) -> None:
    page.goto(live_server.url)
    page.keyboard.press("Tab")
    here = page.evaluate(
        "() => { const e = document.activeElement, s = getComputedStyle(e);"
        " return [e.className, s.outlineWidth, s.outlineStyle, e.getBoundingClientRect().left] }"
    )
    assert here == ["skip", "3px", "solid", 0]
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#isi"


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("name", PAGES)
def test_page_fits_and_is_accessible(page: Page, live_server: LiveServer, name: str, width: int) -> None:
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text) if message.type == "error" else None)
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(live_server.url + PAGES[name])
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        if folder := os.environ.get("PENDAPA_SCREENS"):
            page.screenshot(path=Path(folder) / f"{name}-{width}-{scheme}.png", full_page=True)
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
    assert not [text for text in refused if "404" not in text], refused
    assert page.evaluate("document.documentElement.scrollWidth") <= width, "the page scrolls sideways"
    assert page.evaluate(SMALL_TARGETS) == []
