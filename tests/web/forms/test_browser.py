"""Every kind of question in a real browser without JavaScript, on a small and a wide screen."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer
from tests.web.citizen.conftest import FILM, OUTLINE, PAPER, SOUND, picture
from tests.web.forms.conftest import ANSWERS, ROUTE

from pendapa.web.accounts.models import User
from pendapa.web.cases import actions
from pendapa.web.cases.models import Case
from pendapa.web.demo.logins import PASSWORD, present_code

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FILES = {
    "/route": ("jalan.geojson", ROUTE),
    "/field": ("batas.gpx", OUTLINE),
    "/voice": ("suara.m4a", SOUND),
    "/clip": ("tempat.mp4", FILM),
    "/letter": ("surat.pdf", PAPER),
}


def look(page: Page, name: str) -> None:
    """Keep pictures at both widths where PENDAPA_SCREENS says."""
    if folder := os.environ.get("PENDAPA_SCREENS"):
        size = page.viewport_size or {"width": 360, "height": 800}
        for width in (360, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            page.screenshot(path=Path(folder) / f"forms-{name}-{width}.png", full_page=True)
        page.set_viewport_size(size)


def has_no_barrier(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= 360, f"{page.url} scrolls sideways"
    assert page.locator("h1").count() == 1, page.url
    found = Axe().run(page)
    assert found.violations_count == 0, f"{page.url}: {found.generate_report()}"


def answer(page: Page, path: str, folder: Path) -> None:
    """Answer one question by what its page offers."""
    value = ANSWERS.get(path, "")
    upload = page.locator(f'input[type=file][name="{path}"]')
    if upload.count():
        name, content = FILES.get(path, ("foto.jpg", picture(size=(640, 420))))
        (folder / name).write_bytes(content)
        upload.set_input_files(folder / name)
    elif not value:
        return
    elif page.locator(f'[name="{path}.lat"]').count():
        for part, text in zip(("lat", "lon"), value.split(), strict=True):
            page.fill(f'[name="{path}.{part}"]', text)
    elif page.locator(f'[name="{path}.year"]').count():
        year, month, day = value[:10].split("-")
        page.fill(f'[name="{path}.year"]', year)
        if page.locator(f'[name="{path}.month"]').count():
            page.select_option(f'[name="{path}.month"]', str(int(month)))
        if page.locator(f'[name="{path}.day"]').count():
            page.fill(f'[name="{path}.day"]', day)
        if "T" in value:
            page.fill(f'[name="{path}.time"]', value[11:16])
    elif page.locator(f'select[name="{path}.1"]').count():
        for number, word in enumerate(value.split(), 1):
            page.select_option(f'[name="{path}.{number}"]', word)
    elif page.locator(f'select[name="{path}"]').count():
        page.select_option(f'[name="{path}"]', value)
    elif page.locator(f'[name="{path}"]').first.get_attribute("type") in ("radio", "checkbox"):
        for word in value.split():
            page.check(f'[name="{path}"][value="{word}"]', force=True)
    else:
        page.fill(f'[name="{path}"]', value)


SHOWN_NAMES = {
    "/story": "multiline", "/secret": "masked", "/noise": "range", "/moment": "moment", "/since": "month",
    "/sign": "pictures", "/order": "rank", "/where/district": "cascade", "/spot": "place", "/route": "line",
    "/voice": "sound", "/fees/pays": "locked", "/guest[1]/guest_name": "entry",
}  # fmt: skip


def test_every_kind_without_javascript_on_a_small_screen(
    browser: Browser, live_server: LiveServer, every_kind: str, people: dict[str, User], tmp_path: Path
) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 800})
    page = context.new_page()
    page.goto(f"{live_server.url}/layanan/{every_kind}/")
    page.get_by_role("button", name="Ajukan").click()
    # A second window with JavaScript, for axe alone.
    watching = browser.new_context(
        storage_state=context.storage_state(), viewport={"width": 360, "height": 800}
    ).new_page()
    for _ in range(60):
        if "/periksa/" in page.url:
            break
        paths = [str(m.get_attribute("value")) for m in page.locator('input[name="shown"]').all()]
        for path in paths:
            answer(page, path, tmp_path)
            if path == "/where/district":
                page.get_by_role("button", name="Perbarui pilihan").first.click()
        watching.goto(page.url)
        has_no_barrier(watching)
        if paths and paths[0] in SHOWN_NAMES:
            look(page, SHOWN_NAMES[paths[0]])
        elif not paths:
            look(page, f"list-{page.url.rstrip('/').split('/')[-2 if '?' in page.url else -1]}")
        page.get_by_role("button", name="Simpan dan lanjut", exact=True).click()
    look(page, "review")
    watching.goto(page.url)
    has_no_barrier(watching)
    # Mistakes are told beside their fields, and the map is a link that opens elsewhere.
    page.locator("section", has=page.locator("h2", has_text="Urutkan alat")).get_by_role("link").click()
    page.select_option('[name="/order.2"]', "rope")
    page.get_by_role("button", name="Simpan dan lanjut", exact=True).click()
    assert "Tali dipilih untuk dua urutan" in page.inner_text(".error-summary")
    look(page, "rank-wrong")
    page.select_option('[name="/order.2"]', "pump")
    page.get_by_role("button", name="Simpan dan lanjut", exact=True).click()
    page.locator("section", has=page.locator("h2", has_text="Di mana letaknya")).locator(".change a").click()
    link = page.get_by_role("link", name="Lihat tempat ini di OpenStreetMap")
    assert str(link.get_attribute("href")).startswith("https://www.openstreetmap.org/?mlat=-6.98123")
    look(page, "place-filled")
    page.get_by_role("button", name="Simpan dan lanjut", exact=True).click()
    page.check('input[name="/true_words"]', force=True)
    page.get_by_role("button", name="Kirim permohonan").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Permohonan Anda kami terima"
    assert Case.objects.get().answers["/where/village"] == "contoh_satu"


def test_a_task_form_with_entries_and_a_place_has_no_barrier(
    browser: Browser, live_server: LiveServer, applied: Case, people: dict[str, User], tmp_path: Path
) -> None:
    from django.utils import timezone

    task = applied.tasks.get(element="tinjau")
    actions.claim(task.pk, people["verif"], now=timezone.now())
    page = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 800}).new_page()
    page.goto(f"{live_server.url}/tugas/{task.pk}/")
    sign_in(page)
    page.goto(f"{live_server.url}/tugas/{task.pk}/")
    page.fill('[name="/spot.lat"]', "-6.98123, 109.13456")  # both, as a map copies them
    page.fill('[name="/finding[1]/what"]', "Papan kurang tinggi")
    page.get_by_role("button", name="Tambah: Temuan").click()
    assert page.input_value('[name="/spot.lon"]') == "109.13456"
    assert page.input_value('[name="/finding[1]/what"]') == "Papan kurang tinggi"
    assert page.url.endswith("#f-finding-2")
    look(page, "task")
    watching = browser.new_context(
        storage_state=page.context.storage_state(), viewport={"width": 360, "height": 800}
    ).new_page()
    watching.goto(f"{live_server.url}/tugas/{task.pk}/")
    has_no_barrier(watching)


def sign_in(page: Page) -> None:
    page.fill('[name="login"]', "verif")
    page.fill('[name="password"]', PASSWORD)
    page.get_by_role("button", name="Masuk").click()
    page.fill('[name="code"]', present_code("verif"))
    page.locator("main form button").first.click()
