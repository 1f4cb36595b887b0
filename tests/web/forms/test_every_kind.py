"""Every kind of question asked of a citizen, page by page through HTTP and without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from tests.web.citizen.conftest import FILM, SOUND, Citizen
from tests.web.forms.conftest import ANSWERS, FIELD_READ, ROUTE, ROUTE_READ, words

from pendapa.web.accounts.models import User
from pendapa.web.cases import actions, drafts
from pendapa.web.cases.models import Attachment, Case
from pendapa.web.catalogue.definitions import ready


@pytest.fixture
def person(every_kind: str) -> Citizen:
    files = {"/route": SimpleUploadedFile("jalan.geojson", ROUTE)}
    return Citizen(Client(), dict(ANSWERS), files=files)


def page_of(person: Citizen, path: str) -> str:
    """The address of the page that asks a question."""
    draft = person.draft()
    pages = ready(draft.version_id).form.pages
    at = next(at for at, page in enumerate(pages, 1) if path in page.fields)
    return f"/draf/{draft.pk}/{at}/"


def read(person: Citizen, url: str) -> str:
    return str(person.client.get(url).content.decode())


def test_a_form_of_every_kind_is_filled_in_sent_and_read_again(person: Citizen, every_kind: str) -> None:
    review = person.fill(person.start(every_kind))
    text = words(read(person, review))
    # What the review says of the kinds that plain text would not tell.
    for told in (
        "44,5",
        "Maret 2025",
        "2019",
        "09.30",
        "1 Desember 2026, 09.30",
        "1. Tali, 2. Pompa, 3. Lampu",
        "6,98123° LS, 109,13456° BT",
        "jalan.geojson (1 KB), 3 titik",
        "batas.gpx (1 KB), 4 titik",
        "suara.m4a",
        "Ruang 1.1",
    ):
        assert told in text, (told, text[-1500:])
    answer = person.send(review)
    assert answer.status_code == 302, words(answer.content.decode())
    case = Case.objects.get()
    for path, value in ANSWERS.items():
        assert case.answers[path] == value, path
    assert case.answers["/channel"] == "web"  # hidden, with its default
    assert case.answers["/doubled"] == "4"  # 2 people
    names = sorted(a.name for a in Attachment.objects.filter(case=case))
    # The files that lines were read from go with the case too.
    assert names == ["batas.gpx", "berkas.pdf", "foto.jpg", "jalan.geojson", "suara.m4a", "tempat.mp4"]
    sent = read(person, f"/berkas/{case.number}/jawaban/")
    assert "https://www.openstreetmap.org/?mlat=-6.98123&amp;mlon=109.13456" in sent
    file = re.search(rf'href="(/berkas/{case.number}/lampiran/[^"]+)">jalan.geojson', sent)
    assert file is not None
    assert person.client.get(file[1]).content == ROUTE


def test_an_answer_of_each_kind_comes_back_as_it_was_saved(person: Citizen, every_kind: str) -> None:
    person.fill(person.start(every_kind))
    assert "Halo, Bunga Contoh." in words(read(person, page_of(person, "/welcome")))
    assert 'name="/spot.lat" id="f-spot-lat" value="-6.98123"' in read(person, page_of(person, "/spot"))
    order = read(person, page_of(person, "/order"))
    assert re.search(r'name="/order.1".*?value="rope" selected', order, re.DOTALL)
    moment = read(person, page_of(person, "/moment"))
    assert 'name="/moment.time" id="f-moment-time" value="09:30"' in moment
    assert 'value="12" selected' in moment
    since = read(person, page_of(person, "/since"))
    assert "/since.day" not in since and 'value="3" selected' in since
    year = read(person, page_of(person, "/year"))
    assert "/year.month" not in year and 'value="2019"' in year
    assert "batas.gpx (1 KB), 4 titik" in read(person, page_of(person, "/field"))


def test_a_range_says_beforehand_what_it_takes(person: Citizen, every_kind: str) -> None:
    person.start(every_kind)
    url = page_of(person, "/noise")
    assert "Dari 0 sampai 10, kelipatan 2,5." in words(read(person, url))
    answer = person.client.post(url, {"shown": "/noise", "/noise": "3"})
    assert "kelipatan 2.5" in words(answer.content.decode())
    assert person.client.post(url, {"shown": "/noise", "/noise": "7,5"}).status_code == 302


@pytest.mark.parametrize(
    ("chosen", "sentence"),
    [
        (("rope", "rope", "pump"), "Tali dipilih untuk dua urutan"),
        (("rope", "", "pump"), "Urutan 2 belum diisi"),
        (("rope", "pump", ""), "Urutkan ketiganya."),  # the form's own words
        (("", "", ""), "Isi kolom ini."),
    ],
)
def test_an_order_with_a_gap_or_a_double_is_told_and_shown_again(
    person: Citizen, every_kind: str, chosen: tuple[str, ...], sentence: str
) -> None:
    person.start(every_kind)
    url = page_of(person, "/order")
    sent = {f"/order.{number}": name for number, name in enumerate(chosen, 1)}
    html = person.client.post(url, {"shown": "/order", **sent}).content.decode()
    assert sentence in words(html)
    assert 'href="#f-order-1"' in html
    for number, name in enumerate(chosen, 1):
        place = re.search(rf'name="/order.{number}".*?</select>', html, re.DOTALL)
        assert place is not None and (f'value="{name}" selected' in place[0]) is bool(name)


def test_choices_that_follow_an_answer_of_the_page_are_updated_by_a_button(
    person: Citizen, every_kind: str
) -> None:
    person.start(every_kind)
    url = page_of(person, "/where/district")
    html = read(person, url)
    assert "Belum ada pilihan" in words(html) and "Desa Umpama" not in html
    shown = re.findall(r'name="shown" value="([^"]+)"', html)
    answer = person.client.post(
        url, {"shown": shown, "/where/district": "adiwerna", "perbarui": "f-where-village"}
    )
    assert answer["Location"] == f"{url}#f-where-village"
    html = read(person, url)
    assert "Desa Umpama" in html and "Desa Contoh Satu" not in html and "Pasar Contoh Dua" in html
    assert 'value="adiwerna" selected' in html
    # Changed once more without the button: the village does not fit any more, and the page offers those that do.
    sent = {"shown": shown, "/where/district": "slawi", "/where/village": "umpama"}
    html = person.client.post(url, sent).content.decode()
    assert 'href="#f-where-village"' in html and "Desa Contoh Satu" in html
    assert person.client.post(url, {**sent, "/where/village": "contoh_dua"}).status_code == 302


def test_another_source_is_asked_for_when_other_is_chosen(person: Citizen, every_kind: str) -> None:
    person.start(every_kind)
    url = page_of(person, "/other/source")
    html = read(person, url)
    assert "Lainnya" in words(html) and "/other/source_other" not in html
    answer = person.client.post(url, {"shown": "/other/source", "/other/source": "other"}, follow=True)
    html = answer.content.decode()
    assert answer.redirect_chain == [(url, 302)]
    assert "Sebutkan yang lain." in words(html) and 'name="/other/source_other"' in html


def test_what_may_be_written_follows_the_answer_above_it(person: Citizen, every_kind: str) -> None:
    """`twice` may be written only after `pays` is yes: it is shown locked first, then opened, and nothing is lost."""
    person.start(every_kind)
    url = page_of(person, "/fees/pays")
    drafts.save_answers(person.draft().pk, {"/fees/pays": "no", "/fees/twice": "4"}, now=timezone.now())
    html = read(person, url)
    assert re.search(r'name="/fees/twice" value="4"[^>]*readonly', html)
    shown = ["/fees/pays", "/fees/twice"]
    sent = {"shown": shown, "/fees/pays": "yes", "/fees/twice": "99"}
    html = person.client.post(url, sent, follow=True).content.decode()
    assert not re.search(r'name="/fees/twice"[^>]*readonly', html)
    assert 'name="/fees/twice" value="4"' in html  # what a locked field sends does not count
    assert 'name="/fees/payer"' in html


def test_as_many_entries_as_an_answer_says(person: Citizen, every_kind: str) -> None:
    person.start(every_kind)
    draft = person.draft()
    drafts.save_answers(draft.pk, {"/people": "3"}, now=timezone.now())
    url = page_of(person, "/guest/guest_name")
    html = read(person, f"{url}?daftar=1")
    assert html.count("Belum lengkap") == 3
    assert "Tambah lagi" not in html and "Hapus" not in words(html)
    # From one to the next, then back to the list.
    for number, following in ((1, f"{url}2/"), (2, f"{url}3/"), (3, f"{url}?daftar=1")):
        path = f"/guest[{number}]/guest_name"
        answer = person.client.post(f"{url}{number}/", {"shown": path, path: f"Peserta {number}"})
        assert answer["Location"] == following
    drafts.save_answers(draft.pk, {"/people": "1"}, now=timezone.now())
    assert "Peserta 2" not in read(person, f"{url}?daftar=1")


def test_rooms_belong_to_their_house(person: Citizen, every_kind: str) -> None:
    person.start(every_kind)
    houses, rooms = page_of(person, "/house/owner"), page_of(person, "/house/room/room_name")
    for number, owner in ((1, "Pak Contoh"), (2, "Bu Umpama")):
        path = f"/house[{number}]/owner"
        person.client.post(f"{houses}{number}/", {"shown": path, path: owner})
    html = read(person, rooms)
    assert "Rumah sekitar 1" in words(html) and "Rumah sekitar 2" in words(html)
    assert f'href="{rooms}2.1/"' in html  # the first room of the second house can be added
    assert "Ruang apa di rumah Bu Umpama?" in words(read(person, f"{rooms}2.1/"))
    for entry, name in (("1.1", "Dapur"), ("2.1", "Teras"), ("2.2", "Kamar")):
        one, two = entry.split(".")
        path = f"/house[{one}]/room[{two}]/room_name"
        assert person.client.post(f"{rooms}{entry}/", {"shown": path, path: name}).status_code == 302
    person.client.post(f"{rooms}2.1/hapus/")
    answers = person.draft().answers
    assert (answers["/house[1]/room[1]/room_name"], answers["/house[2]/room[1]/room_name"]) == (
        "Dapur",
        "Kamar",
    )
    assert "/house[2]/room[2]/room_name" not in answers
    # The house goes with its rooms.
    person.client.post(f"{houses}1/hapus/")
    answers = person.draft().answers
    assert (answers["/house[1]/owner"], answers["/house[1]/room[1]/room_name"]) == ("Bu Umpama", "Kamar")
    assert person.client.get(f"{rooms}3.1/").status_code == 404


@pytest.mark.parametrize(
    ("path", "name", "content", "sentence"),
    [
        (
            "/voice",
            "suara.mp3",
            b"MZ\x90\x00" + b"\0" * 99,
            "Kirim rekaman suara MP3, M4A, OGG, WAV atau AMR",
        ),
        ("/voice", "suara.m4a", FILM, "Kirim rekaman suara"),  # a video under a sound's name
        ("/clip", "film.mp4", SOUND, "Kirim video MP4"),
        ("/route", "jalan.gpx", b"<gpx><trk>", "tidak bisa dibaca"),
        (
            "/route",
            "jalan.gpx",
            b'<!DOCTYPE x [<!ENTITY a "b">]><gpx><rte><rtept lat="1" lon="&a;"/></rte></gpx>',
            "tidak bisa dibaca",
        ),
        ("/route", "titik.geojson", b'{"type": "Point", "coordinates": [109, -6]}', "Tidak ada garis"),
        (
            "/route",
            "jauh.geojson",
            b'{"type": "LineString", "coordinates": [[281000, 9228000], [281100, 9228100]]}',
            "WGS 84",
        ),
        (
            "/field",
            "dua.geojson",
            b'{"type": "LineString", "coordinates": [[109, -6], [109.1, -6]]}',
            "tiga titik",
        ),
    ],
)
def test_a_file_that_is_not_what_is_asked_is_refused_with_what_to_send(
    person: Citizen, every_kind: str, path: str, name: str, content: bytes, sentence: str
) -> None:
    person.start(every_kind)
    url = page_of(person, path)
    answer = person.client.post(url, {"shown": path, path: SimpleUploadedFile(name, content)})
    assert answer.status_code == 200
    assert sentence in words(answer.content.decode())
    assert not Attachment.objects.exists()


def test_pictures_of_the_form_are_shown_and_served_as_pictures_only(person: Citizen, every_kind: str) -> None:
    person.start(every_kind)
    html = read(person, page_of(person, "/sign"))
    version = person.draft().version_id
    for shape in ("peta", "bulat", "kotak"):
        address = f"/layanan/gambar/{version}/{shape}.png"
        assert f'src="{address}"' in html
        answer = person.client.get(address)
        assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
        assert answer["X-Content-Type-Options"] == "nosniff"
    # Nothing else of a version is handed out: not its lists, forms or process.
    for other in ("pasar.csv", "form.xlsx", "process.bpmn", "tidak-ada.png"):
        assert person.client.get(f"/layanan/gambar/{version}/{other}").status_code == 404


def test_a_page_of_the_showcase_asks_the_database_no_more_than_any_other(
    person: Citizen, every_kind: str, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    person.fill(person.start(every_kind))
    for path in ("/where/district", "/order", "/spot", "/house/room/room_name"):
        url = page_of(person, path)
        read(person, url)
        with django_assert_max_num_queries(8):
            assert person.client.get(url).status_code == 200


# --- correcting ------------------------------------------------------------------------------------
def test_every_kind_can_be_corrected(
    person: Citizen, every_kind: str, people: dict[str, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    review = person.fill(person.start(every_kind))
    person.send(review)
    case = Case.objects.get()
    task = case.tasks.get(element="tinjau")
    now: datetime = timezone.now()
    actions.claim(task.pk, people["verif"], now=now)
    marked = ("/spot", "/order", "/route", "/field", "/moment", "/where/district", "/where/village")
    decision = actions.Decision("return", message="Periksa lagi letaknya.", fields=marked)
    actions.complete_task(task.pk, people["verif"], decision, {}, now=now)
    url = f"/berkas/{case.number}/perbaiki/"
    html = read(person, url)
    assert 'value="-6.98123"' in html and "jalan.geojson" in html
    person.answers |= {"/spot": "-6.99 109.2", "/order": "lamp rope pump", "/moment": "2026-12-02T10:00"}
    sent = person.data(html)
    del sent["/route"], sent["/field"]  # what was sent stays
    # The other district first: the page offers its villages and keeps everything typed.
    html = person.client.post(
        url, {**sent, "/where/district": "adiwerna", "perbarui": "f-where-village"}
    ).content.decode()
    assert "Desa Umpama" in html and 'value="-6.99"' in html
    done = person.client.post(
        url, {**sent, "/where/district": "adiwerna", "/where/village": "umpama", "/where/market": ""}
    )
    assert done.status_code == 302, words(done.content.decode())
    case.refresh_from_db()
    assert case.answers["/spot"] == "-6.99 109.2"
    assert case.answers["/order"] == "lamp rope pump"
    assert case.answers["/moment"] == "2026-12-02T10:00:00.000+07:00"
    assert case.answers["/where/village"] == "umpama"
    assert (case.answers["/route"], case.answers["/field"]) == (ROUTE_READ, FIELD_READ)
    assert case.status == "in_progress"
