"""The citizen's journey in a real browser: without JavaScript, and by keyboard alone."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer
from tests.web.citizen.conftest import PAPER, picture  # type: ignore[import-not-found]
from tests.web.citizen.test_apply import CARD, LETTER  # type: ignore[import-not-found]

from pendapa.forms import flatten
from pendapa.web.cases.models import Case

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def look(page: Page, name: str) -> None:
    """Keep pictures at both widths where PENDAPA_SCREENS says."""
    size = page.viewport_size or {"width": 360, "height": 800}
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        if folder := os.environ.get("PENDAPA_SCREENS"):
            page.screenshot(path=Path(folder) / f"citizen-{name}-{width}.png", full_page=True)
    page.set_viewport_size(size)


def answer(page: Page, answers: dict[str, str], folder: Path) -> None:
    """Fill in every question of the page."""
    for mark in page.locator('input[name="shown"]').all():
        path = str(mark.get_attribute("value"))
        value = answers.get(path)
        upload = page.locator(f'input[type=file][name="{path}"]')
        if upload.count():
            is_photo = upload.get_attribute("accept") == "image/jpeg,image/png"
            sent = folder / ("foto.jpg" if is_photo else "berkas.pdf")
            sent.write_bytes(picture() if is_photo else PAPER)
            upload.set_input_files(sent)
        elif value is None:
            continue
        elif page.locator(f'[name="{path}.day"]').count():
            year, month, day = value.split("-")
            page.fill(f'[name="{path}.day"]', day)
            page.select_option(f'[name="{path}.month"]', str(int(month)))
            page.fill(f'[name="{path}.year"]', year)
        elif page.locator(f'select[name="{path}"]').count():
            page.select_option(f'select[name="{path}"]', value)
        elif page.locator(f'[name="{path}"]').first.get_attribute("type") not in ("radio", "checkbox"):
            page.fill(f'[name="{path}"]', value)
        else:
            for word in value.split():
                page.check(f'[name="{path}"][value="{word}"]', force=True)


def test_the_journey_without_javascript_on_a_small_screen(
    browser: Browser,
    live_server: LiveServer,
    people,
    examples,
    tmp_path: Path,  # type: ignore[no-untyped-def]
) -> None:
    answers = flatten(examples(LETTER)["variants"][0])
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 800})
    page = context.new_page()
    page.goto(f"{live_server.url}/layanan/{LETTER}/")
    page.get_by_role("button", name="Ajukan").click()
    looked: set[str] = set()
    for _ in range(30):
        if "/periksa/" in page.url:
            break
        if "form" not in looked:
            look(page, "form")
            looked.add("form")
        answer(page, answers, tmp_path)
        page.get_by_role("button", name="Simpan dan lanjut", exact=True).click()
    look(page, "review")
    page.check('input[name="/statement"]', force=True)
    page.get_by_role("button", name="Kirim permohonan").click()
    look(page, "receipt")
    assert page.get_by_role("heading", level=1).inner_text() == "Permohonan Anda kami terima"
    case = Case.objects.get()
    code = re.search(r"[A-Z0-9]{5}-[A-Z0-9]{5}", page.inner_text("main").split("Kode rahasia")[1])
    assert code is not None
    # Another browser follows it with number and code.
    elsewhere = browser.new_context(
        java_script_enabled=False, viewport={"width": 360, "height": 800}
    ).new_page()
    elsewhere.goto(f"{live_server.url}/lacak/")
    elsewhere.get_by_label("Nomor permohonan").fill(case.number)
    elsewhere.get_by_label("Kode rahasia").fill(code[0])
    elsewhere.get_by_role("button", name="Lacak").click()
    assert "Petugas memeriksa permohonan Anda" in elsewhere.inner_text("main")
    look(elsewhere, "track")


def tab_to(page: Page, selector: str, most: int = 60) -> None:
    """Press Tab until the wanted element has the focus."""
    for _ in range(most):
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} is not reached by Tab on {page.url}")


def test_the_journey_by_keyboard_alone(
    browser: Browser,
    live_server: LiveServer,
    people,
    examples,
    tmp_path: Path,  # type: ignore[no-untyped-def]
) -> None:
    answers = flatten(examples(CARD)["variants"][0])
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.goto(f"{live_server.url}/layanan/{CARD}/")
    tab_to(page, 'form[action$="/ajukan/"] button')
    page.keyboard.press("Enter")
    page.wait_for_url("**/draf/**")
    for _ in range(30):
        if "/periksa/" in page.url:
            break
        for mark in page.locator('input[name="shown"]').all():
            type_answer(page, str(mark.get_attribute("value")), answers, tmp_path)
        before = page.url
        tab_to(page, "main form[method=post] button:not([name])")
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: url != before)  # noqa: B023 - read at once
    tab_to(page, 'input[name="/declaration"]', most=120)
    page.keyboard.press("Space")
    tab_to(page, 'form[action$="/kirim/"] button')
    page.keyboard.press("Enter")
    page.wait_for_url("**/tanda-terima/")
    case = Case.objects.get()
    assert case.answers["/new/occupation"] == answers["/new/occupation"]
    tab_to(page, f'a[href="/berkas/{case.number}/"]')
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/berkas/{case.number}/")
    assert "Perjalanan permohonan" in page.inner_text("main")


def type_answer(page: Page, path: str, answers: dict[str, str], folder: Path) -> None:
    """Answer one question with keys only (a file dialog belongs to the system: its choice is set after focusing it)."""
    value = answers.get(path, "")
    here = page.locator(f'[name="{path}"]').first
    kind = here.get_attribute("type") or here.evaluate("e => e.tagName.toLowerCase()")
    if kind == "file":
        tab_to(page, f'[name="{path}"]')
        photo = folder / "foto.jpg"
        photo.write_bytes(picture())
        here.set_input_files(photo)
    elif kind == "checkbox":
        for word in value.split():
            tab_to(page, f'[name="{path}"][value="{word}"]')
            page.keyboard.press("Space")
    elif kind == "radio":
        tab_to(page, f'[name="{path}"]')
        page.keyboard.press("Space")
        for _ in range(12):
            if page.locator(f'[name="{path}"]:checked').get_attribute("value") == value:
                break
            page.keyboard.press("ArrowDown")
    elif kind == "select":
        tab_to(page, f'[name="{path}"]')
        label = page.locator(f'[name="{path}"] option[value="{value}"]').inner_text()
        page.keyboard.type(label)
    else:
        tab_to(page, f'[name="{path}"]')
        page.keyboard.press("Control+A")
        page.keyboard.type(value)


def test_pages_of_the_journey_have_no_barrier(
    browser: Browser,
    live_server: LiveServer,
    people,
    submit,
    do_task,  # type: ignore[no-untyped-def]
) -> None:
    case = submit(CARD)
    do_task(
        case, "periksa", "dukcapil", result="return", message="Foto tidak terbaca", fields=("/card_photo",)
    )
    page = browser.new_context(viewport={"width": 360, "height": 800}).new_page()
    page.goto(f"{live_server.url}/layanan/{CARD}/")
    page.get_by_role("button", name="Ajukan").click()
    visited = [page.url, page.url.replace("/1/", "/nanti/"), page.url.replace("/1/", "/periksa/")]
    page.goto(f"{live_server.url}/lacak/")
    page.fill('[name="nomor"]', case.number)
    page.fill('[name="code"]', case.code)
    page.get_by_role("button", name="Lacak").click()
    base = f"{live_server.url}/berkas/{case.number}/"
    visited += [
        base,
        base + "perbaiki/",
        base + "tanda-terima/",
        base + "jawaban/",
        base + "alur/",
        base + "batal/",
    ]
    for url in [*visited, f"{live_server.url}/lacak/"]:
        page.goto(url)
        if folder := os.environ.get("PENDAPA_SCREENS"):
            name = url.rstrip("/").rsplit("/", 1)[-1]
            page.screenshot(path=Path(folder) / f"citizen-{name}-360.png", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, f"{url} scrolls sideways"
        assert page.locator("h1").count() == 1, url
        found = Axe().run(page)
        assert found.violations_count == 0, f"{url}: {found.generate_report()}"
