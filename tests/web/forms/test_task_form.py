"""An officer's task form with places, photos, outlines and repeats in repeats, through HTTP and without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.web.citizen.conftest import picture
from tests.web.conftest import NOW
from tests.web.forms.conftest import FIELD, FIELD_READ, words

from pendapa.web.accounts.models import User
from pendapa.web.cases import actions
from pendapa.web.cases.models import Case, Task

Login = Callable[[str], Client]


@pytest.fixture(autouse=True)
def _at_now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pendapa.web.cases.views_task.timezone.now", lambda: NOW)


@pytest.fixture
def task(applied: Case, people: dict[str, User]) -> Task:
    found = applied.tasks.get(element="tinjau")
    actions.claim(found.pk, people["verif"], now=NOW)
    return found


def marks(html: str) -> dict[str, list[str]]:
    """What a page sends by itself: which questions and entries it showed, and the files that it keeps."""
    sent: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]+)"', html):
        if name in ("shown", "entri") or name.startswith("kept:"):
            sent.setdefault(unescape(name), []).append(unescape(value))
    return sent


VISIT: dict[str, Any] = {
    "/visited": "2026-11-23",
    "/spot.lat": "-6.98123",
    "/spot.lon": "109.13456",
    "/fits": "yes",
    "/order.1": "lamp",
    "/order.2": "pump",
    "/finding[1]/what": "Papan kurang tinggi",
    "/finding[1]/witness[1]/witness_name": "Sari Umpama",
    "keputusan": "accept",
}


def photo() -> SimpleUploadedFile:
    return SimpleUploadedFile("jalan.jpg", picture(), "image/jpeg")


def test_a_visit_is_written_down_with_place_photo_outline_and_findings(task: Task, login: Login) -> None:
    officer, url = login("verif"), f"/tugas/{task.pk}/"
    html = officer.get(url).content.decode()
    assert 'name="/spot.lat"' in html and 'name="/finding[1]/what"' in html
    outline = SimpleUploadedFile("batas.gpx", FIELD)
    # A second finding: the page comes back with everything typed, and one entry more.
    sent = {**VISIT, **marks(html), "/photo": photo(), "/outline": outline, "tambah": "/finding"}
    more = officer.post(url, sent)
    html = more.content.decode()
    assert more.status_code == 200
    assert 'name="/finding[2]/what"' in html and 'id="f-finding-2"' in html
    assert 'value="Papan kurang tinggi"' in html and 'value="-6.98123"' in html
    assert "jalan.jpg" in html and "batas.gpx" in html and "4 titik" in html
    # It begins with one witness; another is added, then the decision.
    assert 'name="/finding[2]/witness[1]/witness_name"' in html
    second = {"/finding[2]/what": "Lampu mati", "/finding[2]/witness[1]/witness_name": "Tono Misal"}
    html = officer.post(
        url, {**VISIT, **marks(html), **second, "tambah": "/finding[2]/witness"}
    ).content.decode()
    sent = {**VISIT, **marks(html), **second, "/finding[2]/witness[2]/witness_name": "Rina Umpama"}
    done = officer.post(url, sent)
    assert done.status_code == 302, words(done.content.decode())
    task.refresh_from_db()
    written = task.answers["form"]
    assert written["/spot"] == "-6.98123 109.13456"
    assert written["/order"] == "lamp pump"
    assert written["/outline"] == FIELD_READ
    assert written["/finding[2]/witness[1]/witness_name"] == "Tono Misal"
    assert written["/finding[2]/witness[2]/witness_name"] == "Rina Umpama"
    kept = {str(a.pk): a.name for a in task.case.attachments.all()}
    assert kept[written["/photo"]] == "jalan.jpg"
    assert "batas.gpx" in kept.values()
    # Colleagues read it: the place with a link to the map, the outline with its file.
    page = officer.get(f"/kasus/{task.case.number}/").content.decode()
    assert "6,98123° LS, 109,13456° BT" in page
    assert "https://www.openstreetmap.org/?mlat=-6.98123&amp;mlon=109.13456" in page
    assert "Siapa saksinya? (2.1) Tono Misal" in words(page)


def test_an_entry_taken_out_moves_the_later_ones_up(task: Task, login: Login) -> None:
    officer, url = login("verif"), f"/tugas/{task.pk}/"
    html = officer.get(url).content.decode()
    html = officer.post(url, {**VISIT, **marks(html), "tambah": "/finding"}).content.decode()
    sent = {**VISIT, **marks(html), "/finding[2]/what": "Lampu mati", "/finding[2]/proof": photo()}
    html = officer.post(url, {**sent, "hapus": "/finding[1]"}).content.decode()
    assert 'name="/finding[1]/what" value="Lampu mati"' in html
    assert "Papan kurang tinggi" not in html
    assert 'name="/finding[2]/what"' not in html
    assert "jalan.jpg" in html  # the photo of the second went up with it


def test_a_question_that_an_answer_brings_about_is_asked_before_the_task_is_finished(
    task: Task, login: Login
) -> None:
    officer, url = login("verif"), f"/tugas/{task.pk}/"
    html = officer.get(url).content.decode()
    assert 'name="/differs"' not in html
    answer = officer.post(url, {**VISIT, **marks(html), "/fits": "no", "/photo": photo()})
    html = answer.content.decode()
    assert answer.status_code == 200
    assert "ada pertanyaan tambahan" in html and 'name="/differs"' in html
    task.refresh_from_db()
    assert task.status == "open"
    # Asked once and left empty, which it may be.
    assert officer.post(url, {**VISIT, **marks(html), "/fits": "no"}).status_code == 302


@pytest.mark.parametrize(
    ("latitude", "longitude", "sentence"),
    [
        ("109.13456", "-6.98123", "tertukar"),
        ("-6.98123", "", "keduanya"),
        ("-6.98123", "250", "garis bujur antara -180 dan 180"),
        ("di sana", "109", "tanpa huruf"),
    ],
)
def test_a_wrong_place_is_told_beside_its_fields_and_typed_text_stays(
    task: Task, login: Login, latitude: str, longitude: str, sentence: str
) -> None:
    officer, url = login("verif"), f"/tugas/{task.pk}/"
    html = officer.get(url).content.decode()
    sent = {**VISIT, **marks(html), "/photo": photo(), "/spot.lat": latitude, "/spot.lon": longitude}
    answer = officer.post(url, sent)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert 'href="#f-spot-lat"' in page
    assert sentence in words(page)
