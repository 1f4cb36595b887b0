"""Components and public pages in a browser: 360 and 1280 px, light and dark, nothing cut off, axe content

Set PENDAPA_SCREENS to a folder to keep the pictures.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

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
