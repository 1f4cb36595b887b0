"""Applying, from the service page to the receipt."""

from __future__ import annotations

import io
import re
import threading
from datetime import timedelta
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.test import Client
from django.utils import timezone
from PIL import Image
from pypdf import PdfReader
from tests.web.citizen.conftest import PAPER, picture  # type: ignore[import-not-found]

from pendapa.web.cases import drafts, keepsakes, uploads
from pendapa.web.cases.models import Attachment, Case, Draft
from pendapa.web.cases.secrets import code_hash
from pendapa.web.catalogue.models import Service

SIP = "izin-praktik-bidan-perawat"
LETTER = "surat-keterangan-penelitian"
CARD = "perubahan-data-kk"


def text_of(answer) -> str:  # type: ignore[no-untyped-def]
    """The page as a person reads it."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


@pytest.mark.parametrize("slug", [SIP, LETTER, CARD])
@pytest.mark.parametrize("variant", [0, 1, 2])
def test_the_whole_way_from_start_to_tracking(citizen, slug: str, variant: int) -> None:  # type: ignore[no-untyped-def]
    person = citizen(slug, variant)
    case = person.apply(slug)
    # Every answer of the example arrived; what is not in it is calculated, or a file.
    for path, value in person.answers.items():
        if not value.endswith((".pdf", ".jpg")):
            assert case.answers[path] == value, path
    receipt = person.client.get(f"/berkas/{case.number}/tanda-terima/")
    assert receipt.status_code == 200
    assert case.number in receipt.content.decode()
    track = person.client.get(f"/berkas/{case.number}/")
    assert track.status_code == 200
    assert "Permohonan diterima" in text_of(track)
    assert Case.objects.count() == 1
    assert Draft.objects.get().answers == {}


# --- pages -----------------------------------------------------------------------------------------
def test_each_page_says_which_step_it_is_and_leads_back(citizen) -> None:  # type: ignore[no-untyped-def]
    person = citizen(SIP)
    url = person.start(SIP)
    first = text_of(person.client.get(url))
    # 14 pages in form.xlsx, the closing declaration is asked on the review, which is the last step: 13 + 1.
    assert "Langkah 1 dari 14" in first
    following = person._submit(url, person.data(person.client.get(url).content.decode()))
    page = person.client.get(following)
    assert "Langkah 2 dari 14" in text_of(page)
    assert f'class="back" href="{url}"' in page.content.decode()


def test_an_error_names_its_question_and_keeps_what_was_typed(citizen) -> None:  # type: ignore[no-untyped-def]
    person = citizen(CARD)
    url = person.start(CARD)
    sent = {
        "shown": ["/applicant/name", "/applicant/nik"],
        "/applicant/name": "Hadi Contoh",
        "/applicant/nik": "123",
    }
    answer = person.client.post(url, sent)
    html = answer.content.decode()
    assert answer.status_code == 200
    assert 'href="#f-applicant-nik"' in html
    # The form's own words, which name what they ask for; the summary stands before the page's step.
    assert "NIK harus 16 angka" in text_of(answer).split("Langkah 1")[0]
    assert 'value="Hadi Contoh"' in html and 'value="123"' in html
    assert person.draft().answers.get("/applicant/name", "") == ""


def test_a_question_that_an_answer_brings_about_is_asked_without_scolding(citizen) -> None:  # type: ignore[no-untyped-def]
    person = citizen(SIP)
    person.answers |= {"/request/kind": "renewal"}
    url = person.start(SIP)
    url = person._submit(url, person.data(person.client.get(url).content.decode()))
    kinds = re.findall(r'name="/request/kind" value="(\w+)"', person.client.get(url).content.decode())
    renewal = next(kind for kind in kinds if kind != "new")
    answer = person.client.post(url, {"shown": ["/request/kind"], "/request/kind": renewal}, follow=True)
    html = answer.content.decode()
    assert answer.redirect_chain == [(url, 302)]
    assert "/request/old_number" in html
    assert 'class="error-summary"' not in html
    # Sent again without the new answer, it is missing.
    again = person.client.post(
        url, {"shown": ["/request/kind", "/request/old_number"], "/request/kind": renewal}
    )
    assert 'href="#f-request-old_number"' in again.content.decode()


def test_answers_that_stopped_to_matter_are_left_out(citizen) -> None:  # type: ignore[no-untyped-def]
    person = citizen(LETTER)
    review = person.fill(person.start(LETTER))
    draft = person.draft()
    drafts.save_answers(draft.pk, {"/research/field_other": "Bidang lain"}, now=timezone.now())
    assert draft.version.service.slug == LETTER
    person.send(review)
    # The field is "social", so field_other is not relevant and is no part of what was sent.
    assert "/research/field_other" not in Case.objects.get().answers


def test_entries_are_added_changed_and_removed(citizen, examples) -> None:  # type: ignore[no-untyped-def]
    person = citizen(SIP)
    place = {k.removeprefix("/place[1]"): v for k, v in person.answers.items() if k.startswith("/place[1]")}
    person.answers |= {f"/place[2]{k}": "Klinik Kedua" if k == "/place_name" else v for k, v in place.items()}
    review = person.fill(person.start(SIP))
    draft = person.draft()
    assert draft.answers["/place[2]/place_name"] == "Klinik Kedua"
    at = next(u for u in person.pages if re.search(r"/\d+/2/$", u)).rstrip("/").split("/")[-2]
    removed = person.client.post(f"/draf/{draft.pk}/{at}/1/hapus/", follow=True)
    assert "dihapus" in text_of(removed)
    draft.refresh_from_db()
    # The second moved up into the first's place.
    assert draft.answers["/place[1]/place_name"] == "Klinik Kedua"
    assert not any(path.startswith("/place[2]") for path in draft.answers)
    assert person.send(review).status_code == 302


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ({"day": "1", "month": "12", "year": "2026"}, "2026-12-01"),
        ({"day": "1", "month": "Desember", "year": "2026"}, "2026-12-01"),
        ({"day": "1-12-2026"}, "2026-12-01"),
        ({"day": "1 Desember 2026"}, "2026-12-01"),
        ({"": "2026-12-01"}, "2026-12-01"),
        ({"day": "31", "month": "2", "year": "2026"}, "31/2/2026"),
        ({"day": "5"}, "5//"),
        ({}, ""),
    ],
)
def test_a_date_is_read_from_three_fields_or_one(sent: dict[str, str], kept: str) -> None:
    from django.http import QueryDict

    from pendapa.web.cases.inputs_form import read_date

    data = QueryDict(mutable=True)
    data.update({f"/d.{part}" if part else "/d": value for part, value in sent.items()})
    assert read_date(data, "/d") == kept


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("22,5", "22.5"),
        ("22.5", "22.5"),
        ("1.250", "1250"),
        ("1.250,5", "1250.5"),
        ("1 250", "1250"),
        ("dua", "dua"),
    ],
)
def test_numbers_may_be_typed_the_indonesian_way(typed: str, read: str) -> None:
    from pendapa.web.cases.inputs_form import read_number

    assert read_number(typed) == read


def test_a_date_that_does_not_exist_is_told_and_shown_again(citizen) -> None:  # type: ignore[no-untyped-def]
    person = citizen(SIP)
    url = person.start(SIP)
    draft = person.draft()
    page = f"/draf/{draft.pk}/3/"
    sent = {"shown": "/applicant/birth_date", "/applicant/birth_date.day": "31"}
    sent |= {"/applicant/birth_date.month": "2", "/applicant/birth_date.year": "1990"}
    answer = person.client.post(page, sent)
    html = answer.content.decode()
    assert url and "Tanggal ini tidak ada" in html
    assert 'href="#f-applicant-birth_date-day"' in html
    assert 'name="/applicant/birth_date.day" id="f-applicant-birth_date-day" value="31"' in html


def test_two_tabs_on_one_draft_keep_both(citizen) -> None:  # type: ignore[no-untyped-def]
    person = citizen(CARD)
    person.start(CARD)
    draft = person.draft()
    one, two = f"/draf/{draft.pk}/1/", f"/draf/{draft.pk}/2/"
    first_tab = person.data(person.client.get(one).content.decode())
    second_tab = person.data(person.client.get(two).content.decode())
    person.client.post(two, second_tab)
    person.client.post(one, first_tab)
    draft.refresh_from_db()
    assert draft.answers["/applicant/name"] == person.answers["/applicant/name"]
    assert draft.answers["/contact/phone"] == person.answers["/contact/phone"]


def test_a_profile_fills_in_what_it_knows(citizen, people, signed_in) -> None:  # type: ignore[no-untyped-def]
    person = citizen(CARD, client=signed_in("warga"))
    html = person.client.get(person.start(CARD)).content.decode()
    assert f'value="{people["warga"].name}"' in html
    assert f'value="{people["warga"].nik}"' in html


def test_pages_speak_english_when_asked(citizen) -> None:  # type: ignore[no-untyped-def]
    person = citizen(CARD)
    person.client.cookies["pendapa_language"] = "en"
    from django.conf import settings

    person.client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    page = person.client.get(person.start(CARD))
    html = page.content.decode()
    assert '<html lang="en">' in html
    labels = re.findall(r'<label for="f-applicant-name">([^<]+)', html)
    assert labels and labels != ["Siapa nama lengkap Anda?"]
    case = person.apply(CARD)
    assert case.language == "en"
    track = text_of(person.client.get(f"/berkas/{case.number}/"))
    assert "An officer of the population office checks your files" in track


def test_a_withdrawn_service_lets_begun_applications_go_on(citizen) -> None:  # type: ignore[no-untyped-def]
    person = citizen(CARD)
    url = person.start(CARD)
    Service.objects.filter(slug=CARD).update(online=False)
    assert "tidak menerima permohonan baru" in text_of(person.client.get(url))
    assert person.send(person.fill(url)).status_code == 302
    refused = Client().post(f"/layanan/{CARD}/ajukan/", follow=True)
    assert "belum bisa diajukan" in text_of(refused)
    assert Draft.objects.count() == 1


# --- save and come back ----------------------------------------------------------------------------
def test_going_on_later_in_another_browser_with_link_and_code(citizen) -> None:  # type: ignore[no-untyped-def]
    person = citizen(CARD)
    url = person.start(CARD)
    data = person.data(person.client.get(url).content.decode()) | {"later": "1"}
    saved = person.client.post(url, data, follow=True)
    link = re.search(r'href="http://testserver(/draf/[0-9a-f-]{36}/)"', saved.content.decode())
    code = re.search(r'class="big">([A-Z0-9]{5}-[A-Z0-9]{5})<', saved.content.decode())
    assert link and code
    elsewhere = Client()
    assert elsewhere.get(link[1] + "1/")["Location"] == link[1]
    wrong = elsewhere.post(link[1], {"code": "AAAAA-AAAAA"})
    assert wrong.status_code == 200 and "tidak cocok" in text_of(wrong)
    # Typed without the dash and in small letters, as people do.
    opened = elsewhere.post(link[1], {"code": code[1].replace("-", "").lower()}, follow=True)
    assert opened.redirect_chain[-1][0] == link[1] + "2/"
    kept = elsewhere.get(link[1] + "1/").content.decode()
    assert f'value="{person.answers["/applicant/name"]}"' in kept


def test_a_stranger_cannot_tell_a_draft_from_none(citizen, signed_in) -> None:  # type: ignore[no-untyped-def]
    person = citizen(CARD)
    url = person.start(CARD)
    real = Client().get("/".join(url.split("/")[:3]) + "/")
    none = Client().get("/draf/00000000-0000-4000-8000-000000000000/")
    assert (real.status_code, none.status_code) == (200, 200)
    assert text_of(real) == text_of(none)
    assert signed_in("warga2").get(url).status_code == 404


def test_a_draft_of_an_account_is_found_under_the_account(citizen, signed_in) -> None:  # type: ignore[no-untyped-def]
    client = signed_in("warga")
    person = citizen(CARD, client=client)
    url = person.start(CARD)
    saved = client.get("/".join(url.split("/")[:3]) + "/nanti/")
    assert "ada di akun Anda" in text_of(saved)
    assert "Lanjutkan: Perubahan data kartu keluarga" in text_of(client.get("/berkas/"))


def test_guessing_codes_is_held_after_ten_tries(citizen) -> None:  # type: ignore[no-untyped-def]
    person = citizen(CARD)
    link = "/".join(person.start(CARD).split("/")[:3]) + "/"
    stranger = Client()
    answers = [stranger.post(link, {"code": f"AAAAA-AAAA{n}"}).status_code for n in range(11)]
    assert answers == [200] * 10 + [429]
    held = stranger.post(link, {"code": "x"})
    assert "Terlalu banyak percobaan" in text_of(held)
    assert re.search(r"Coba lagi setelah pukul \d\d\.\d\d\.", text_of(held))
    assert 0 < int(held["Retry-After"]) <= 600


def test_a_case_number_takes_twenty_guesses_from_wherever_they_come(citizen) -> None:  # type: ignore[no-untyped-def]
    case = citizen(CARD).apply(CARD)
    statuses = [
        Client(REMOTE_ADDR=f"192.0.2.{n}")
        .post("/lacak/", {"nomor": case.number, "code": "AAAAA"})
        .status_code
        for n in range(21)
    ]
    assert statuses == [200] * 20 + [429]


def test_drafts_are_not_begun_without_end_from_one_address(citizen, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    client = Client()
    for _ in range(30):
        assert client.post(f"/layanan/{CARD}/ajukan/").status_code == 302
    assert client.post(f"/layanan/{CARD}/ajukan/").status_code == 429
    assert Draft.objects.count() == 30
    assert Client(REMOTE_ADDR="192.0.2.7").post(f"/layanan/{CARD}/ajukan/").status_code == 302


# --- uploads ---------------------------------------------------------------------------------------
def photo_page(person) -> str:  # type: ignore[no-untyped-def]
    """The page of the card photo, the seventh of the form."""
    return "/".join(person.start(CARD).split("/")[:3]) + "/7/"


def test_limits_are_told_before_anyone_chooses_a_file(citizen) -> None:  # type: ignore[no-untyped-def]
    person = citizen(CARD)
    assert "Foto JPG atau PNG, paling besar 5 MB." in text_of(person.client.get(photo_page(person)))


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("kk.jpg", b"MZ\x90\x00 program", "Jenis berkas ini tidak bisa dipakai"),
        ("kk.jpg", PAPER, "Kirim foto JPG atau PNG"),
        ("kk.jpg", b"", "Berkas kosong"),
        ("kk.jpg", b"\xff\xd8\xff\xe0 rusak", "Gambar rusak"),
        ("kk.jpg", picture(b"\0" * 5 * 1024 * 1024), "terlalu besar"),
    ],
    ids=["program", "pdf where a photo is asked", "empty", "broken", "too large"],
)
def test_a_file_that_does_not_fit_is_refused_with_the_way_out(
    citizen, name: str, content: bytes, says: str
) -> None:  # type: ignore[no-untyped-def]
    person = citizen(CARD)
    url = photo_page(person)
    upload = SimpleUploadedFile(name, content, "image/jpeg")
    answer = person.client.post(url, {"shown": "/card_photo", "/card_photo": upload})
    assert answer.status_code == 200
    assert says in text_of(answer)
    assert 'href="#f-card_photo"' in answer.content.decode()
    assert not Attachment.objects.exists()


def test_place_and_time_of_a_photo_are_taken_out(citizen) -> None:  # type: ignore[no-untyped-def]
    exif = Image.Exif()
    exif[0x010F] = "Kamera Contoh"
    exif.get_ifd(0x8825).update({1: "S", 2: (6.0, 58.0, 48.0), 3: "E", 4: (109.0, 8.0, 24.0)})
    out = io.BytesIO()
    Image.new("RGB", (40, 40)).save(out, "JPEG", exif=exif)
    assert b"Kamera Contoh" in out.getvalue()
    assert Image.open(io.BytesIO(out.getvalue())).getexif().get_ifd(0x8825)
    person = citizen(CARD)
    url = photo_page(person)
    upload = SimpleUploadedFile("kk.jpg", out.getvalue(), "image/jpeg")
    assert person.client.post(url, {"shown": "/card_photo", "/card_photo": upload}).status_code == 302
    kept = uploads.read_sealed(Attachment.objects.get().stored_as)
    assert b"Kamera Contoh" not in kept and b"Exif" not in kept
    assert not Image.open(io.BytesIO(kept)).getexif()


def test_an_uploaded_file_is_shown_with_name_and_size_and_kept(citizen, signed_in) -> None:  # type: ignore[no-untyped-def]
    person = citizen(CARD)
    url = photo_page(person)
    upload = SimpleUploadedFile("kartu keluarga.jpg", picture(), "image/jpeg")
    person.client.post(url, {"shown": "/card_photo", "/card_photo": upload})
    page = text_of(person.client.get(url))
    assert (
        "Sudah dikirim kartu keluarga.jpg (" in page and "Pilih berkas lain bila ingin menggantinya." in page
    )
    # Going on without choosing again keeps it.
    assert person.client.post(url, {"shown": "/card_photo"}).status_code == 302
    found = Attachment.objects.get()
    address = f"/draf/{person.draft().pk}/lampiran/{found.pk}/"
    download = person.client.get(address)
    assert download["Content-Disposition"].startswith("attachment")
    assert download["X-Content-Type-Options"] == "nosniff"
    assert Client().get(address).status_code == 404
    assert signed_in("warga2").get(address).status_code == 404


# --- submit ----------------------------------------------------------------------------------------
def test_the_review_lists_every_answer_and_says_what_is_missing(citizen) -> None:  # type: ignore[no-untyped-def]
    person = citizen(CARD)
    url = person.start(CARD)
    review = "/".join(url.split("/")[:3]) + "/periksa/"
    page = person.client.get(review)
    assert "Masih ada yang perlu diisi" in text_of(page)
    assert "Kirim permohonan" not in text_of(page)
    person.fill(url)
    page = text_of(person.client.get(review))
    for said in ("Hadi Contoh", "9999070707830007", "Pedagang", "foto.jpg", "berkas.pdf"):
        assert said in page, said
    assert page.count("Ubah ") >= 6


def test_without_the_declaration_nothing_is_sent(citizen) -> None:  # type: ignore[no-untyped-def]
    person = citizen(CARD)
    review = person.fill(person.start(CARD))
    answer = person.client.post(review.replace("periksa", "kirim"), {"shown": "/declaration"})
    assert answer.status_code == 200
    assert 'href="#f-declaration"' in answer.content.decode()
    assert not Case.objects.exists()


def test_a_repeated_request_leads_to_the_same_receipt(citizen) -> None:  # type: ignore[no-untyped-def]
    person = citizen(CARD)
    review = person.fill(person.start(CARD))
    data = person.data(person.client.get(review).content.decode())
    sent = [person.client.post(review.replace("periksa", "kirim"), data) for _ in range(3)]
    assert len({answer["Location"] for answer in sent}) == 1
    assert Case.objects.count() == 1
    assert "Catat kode ini sekarang" in text_of(person.client.get(sent[0]["Location"]))


@pytest.mark.django_db(transaction=True)
def test_a_double_click_gives_one_case_and_keeps_its_code(citizen) -> None:  # type: ignore[no-untyped-def]
    person = citizen(CARD)
    review = person.fill(person.start(CARD))
    data = person.data(person.client.get(review).content.decode())
    cookies = person.client.cookies
    together = threading.Barrier(2)
    seen: list[str] = []

    def click() -> None:
        browser = Client()
        browser.cookies = cookies
        together.wait()
        seen.append(browser.post(review.replace("periksa", "kirim"), data)["Location"])
        connections.close_all()

    clicks = [threading.Thread(target=click) for _ in range(2)]
    for thread in clicks:
        thread.start()
    for thread in clicks:
        thread.join()
    assert len(seen) == 2 and len(set(seen)) == 1
    assert Case.objects.count() == 1
    # Whichever request wrote its session last, the code is still there to be read.
    code = re.search(
        r'class="big num">([A-Z0-9]{5}-[A-Z0-9]{5})<', person.client.get(seen[0]).content.decode()
    )
    assert code and code_hash(code[1]) == bytes(Case.objects.get().secret_hash)


def test_the_code_is_shown_once_and_opens_the_case_elsewhere(citizen) -> None:  # type: ignore[no-untyped-def]
    person = citizen(LETTER)
    case = person.apply(LETTER)
    receipt = f"/berkas/{case.number}/tanda-terima/"
    html = person.client.get(receipt).content.decode()
    code = re.search(r'class="big num">([A-Z0-9]{5}-[A-Z0-9]{5})<', html)
    assert code and "kode yang hilang tidak bisa kami berikan lagi" in html
    assert code[1] not in receipt
    elsewhere = Client()
    opened = elsewhere.post("/lacak/", {"nomor": case.number.lower(), "code": code[1]}, follow=True)
    assert opened.redirect_chain == [(f"/berkas/{case.number}/", 302)]
    assert code[1] not in elsewhere.get(receipt).content.decode()
    person.client.post(receipt)
    assert code[1] not in person.client.get(receipt).content.decode()
    # No row of the database holds the code in the clear, the session included.
    session = person.client.session
    assert code[1].replace("-", "") not in str(dict(session.items()))


def test_the_code_is_gone_after_an_hour(citizen) -> None:  # type: ignore[no-untyped-def]
    person = citizen(LETTER)
    case = person.apply(LETTER)
    session, now = person.client.session, timezone.now()
    assert keepsakes.case_code(session, case.number, now + timedelta(minutes=59)) != ""
    assert keepsakes.case_code(session, case.number, now + timedelta(minutes=61)) == ""


def test_the_printed_receipt_says_number_promise_and_code(citizen) -> None:  # type: ignore[no-untyped-def]
    person = citizen(LETTER)
    case = person.apply(LETTER)
    html = person.client.get(f"/berkas/{case.number}/tanda-terima/").content.decode()
    code = re.search(r'class="big num">([A-Z0-9]{5}-[A-Z0-9]{5})<', html)
    answer = person.client.get(f"/berkas/{case.number}/tanda-terima.pdf")
    assert answer["Content-Type"] == "application/pdf"
    text = " ".join(PdfReader(io.BytesIO(answer.content)).pages[0].extract_text().split())
    assert code is not None
    for said in (case.number, "Surat keterangan penelitian", "3 hari kerja", code[1], "W. C***h"):
        assert said.replace(" ", "") in text.replace(" ", "").replace("\u200b", ""), said
    assert person.answers["/applicant/nik"] not in text
    # Without the session that holds it, the code is not on the paper.
    person.client.post(f"/berkas/{case.number}/tanda-terima/")
    again = person.client.get(f"/berkas/{case.number}/tanda-terima.pdf")
    assert code[1] not in PdfReader(io.BytesIO(again.content)).pages[0].extract_text()


def test_an_answer_written_after_sending_is_told_not_lost_in_an_error(citizen, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    person = citizen(CARD)
    url = person.start(CARD)
    data = person.data(person.client.get(url).content.decode())
    review = person.fill(url)

    # The other tab sends between this tab's look at the draft and its writing.
    write = drafts.save_answers

    def late(*args: object, **kwargs: object) -> Draft:
        monkeypatch.setattr(drafts, "save_answers", write)
        person.send(review)
        return write(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(drafts, "save_answers", late)
    answer = person.client.post(url, data, follow=True)
    assert "sudah dikirim" in text_of(answer)
    assert answer.redirect_chain[-1][0] == f"/berkas/{Case.objects.get().number}/tanda-terima/"


def test_form_pages_take_few_queries(citizen, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    person = citizen(SIP)
    url = person.start(SIP)
    person.client.get(url)
    with django_assert_max_num_queries(8):
        person.client.get(url)


@pytest.mark.django_db(transaction=True)
def test_tries_at_the_same_moment_are_all_counted(tegal) -> None:  # type: ignore[no-untyped-def]
    from pendapa.web.limits import count

    counted: list[int] = []

    def tries() -> None:
        counted.extend(count("test", "192.0.2.1", 36_000) for _ in range(5))
        connections.close_all()

    threads = [threading.Thread(target=tries) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(counted) == list(range(1, 31))


def test_the_profile_page_keeps_what_it_is_told(people, signed_in) -> None:  # type: ignore[no-untyped-def]
    browser = signed_in("warga")
    assert browser.get("/akun/profil/").status_code == 200
    wrong = browser.post("/akun/profil/", {"name": "Budi Contoh", "nik": "12", "phone": ""})
    assert "NIK terdiri dari 16 angka" in text_of(wrong)
    browser.post("/akun/profil/", {"name": "Budi Contoh", "nik": "9999010101900077", "phone": "081200000077"})
    people["warga"].refresh_from_db()
    assert (people["warga"].nik, people["warga"].phone) == ("9999010101900077", "081200000077")


def test_a_large_photo_is_made_as_small_as_the_form_asks(citizen) -> None:  # type: ignore[no-untyped-def]
    person = citizen(CARD)
    url = photo_page(person)
    upload = SimpleUploadedFile("kk.jpg", picture(size=(3000, 1500)), "image/jpeg")
    assert person.client.post(url, {"shown": "/card_photo", "/card_photo": upload}).status_code == 302
    kept = Image.open(io.BytesIO(uploads.read_sealed(Attachment.objects.get().stored_as)))
    # max-pixels=2000 in form.xlsx is the longest edge.
    assert kept.size == (2000, 1000)
