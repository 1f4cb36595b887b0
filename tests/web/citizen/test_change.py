"""Correcting what an officer marked, and withdrawing."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.web.citizen.conftest import PAPER, Citizen, picture  # type: ignore[import-not-found]
from tests.web.citizen.test_apply import CARD, LETTER, SIP, text_of  # type: ignore[import-not-found]

from pendapa.web.cases.models import Attachment
from pendapa.web.events.chain import verify_case


@pytest.fixture
def returned(submit, do_task, people, signed_in):  # type: ignore[no-untyped-def]
    """A case sent back with a message and marked questions, and its applicant's browser."""

    def make(slug: str, who: str, *fields: str, message: str = "Foto tidak terbaca"):  # type: ignore[no-untyped-def]
        case = submit(slug, people["warga"])
        do_task(case, "periksa", who, result="return", message=message, fields=fields)
        return case, signed_in("warga")

    return make


def test_only_what_was_marked_is_asked_and_the_rest_is_kept(returned) -> None:  # type: ignore[no-untyped-def]
    case, browser = returned(CARD, "dukcapil", "/card_photo", "/contact/phone")
    case.refresh_from_db()
    before = dict(case.answers)
    track = browser.get(f"/berkas/{case.number}/")
    assert "Foto tidak terbaca" in text_of(track)
    page = browser.get(f"/berkas/{case.number}/perbaiki/")
    html = page.content.decode()
    person = Citizen(browser, before | {"/contact/phone": "081200000099"})
    sent = person.data(html)
    assert sent["shown"] == ["/contact/phone", "/card_photo"]
    assert "Foto tidak terbaca" in text_of(page)
    answer = browser.post(f"/berkas/{case.number}/perbaiki/", sent, follow=True)
    assert "Perbaikan Anda sudah kami terima" in text_of(answer)
    case.refresh_from_db()
    changed = {path for path in before if case.answers[path] != before[path]}
    assert changed == {"/contact/phone", "/card_photo"}
    assert case.status == "in_progress"
    assert Attachment.objects.filter(case=case, pk=case.answers["/card_photo"]).exists()
    assert list(verify_case(case)) == []


def test_what_was_not_marked_cannot_be_changed(returned) -> None:  # type: ignore[no-untyped-def]
    case, browser = returned(CARD, "dukcapil", "/contact/phone")
    sent = {
        "shown": ["/contact/phone", "/applicant/name"],
        "/contact/phone": "081200000099",
        "/applicant/name": "Lain",
    }
    browser.post(f"/berkas/{case.number}/perbaiki/", sent)
    case.refresh_from_db()
    assert case.answers["/contact/phone"] == "081200000099"
    assert case.answers["/applicant/name"] == "Hadi Contoh"


def test_a_file_stays_while_another_answer_is_mended(returned) -> None:  # type: ignore[no-untyped-def]
    case, browser = returned(CARD, "dukcapil", "/contact/phone", "/card_photo")
    url = f"/berkas/{case.number}/perbaiki/"
    photo = SimpleUploadedFile("baru.jpg", picture(), "image/jpeg")
    sent = {"shown": ["/contact/phone", "/card_photo"], "/contact/phone": "bukan nomor", "/card_photo": photo}
    answer = browser.post(url, sent)
    html = answer.content.decode()
    assert 'href="#f-contact-phone"' in html and 'value="bukan nomor"' in html
    kept = Attachment.objects.order_by("-uploaded_at").first()
    assert kept is not None and kept.name == "baru.jpg"
    assert f'name="kept:/card_photo" value="{kept.pk}"' in html
    again = {"shown": sent["shown"], "/contact/phone": "081200000098", "kept:/card_photo": str(kept.pk)}
    assert browser.post(url, again).status_code == 302
    case.refresh_from_db()
    assert case.answers["/card_photo"] == str(kept.pk)


def test_a_file_of_another_case_is_not_taken_for_ones_own(returned, submit, people) -> None:  # type: ignore[no-untyped-def]
    other = submit(CARD, people["warga2"])
    theirs = Attachment.objects.filter(case=other)[0]
    case, browser = returned(CARD, "dukcapil", "/card_photo")
    case.refresh_from_db()
    before = case.answers["/card_photo"]
    browser.post(
        f"/berkas/{case.number}/perbaiki/", {"shown": "/card_photo", "kept:/card_photo": str(theirs.pk)}
    )
    case.refresh_from_db()
    assert case.answers["/card_photo"] == before


def test_an_answer_that_brings_about_another_question_asks_it(returned) -> None:  # type: ignore[no-untyped-def]
    case, browser = returned(LETTER, "verif", "/research/field")
    url = f"/berkas/{case.number}/perbaiki/"
    answer = browser.post(url, {"shown": "/research/field", "/research/field": "other"})
    html = answer.content.decode()
    assert 'name="/research/field_other"' in html and 'class="error-summary"' not in html
    sent = {"shown": ["/research/field", "/research/field_other"], "/research/field": "other"}
    assert browser.post(url, sent | {"/research/field_other": "Seni contoh"}).status_code == 302
    case.refresh_from_db()
    assert case.answers["/research/field_other"] == "Seni contoh"


def test_a_wrong_file_is_refused_and_nothing_is_handed_in(returned) -> None:  # type: ignore[no-untyped-def]
    case, browser = returned(SIP, "fo", "/photo")
    wrong = SimpleUploadedFile("foto.jpg", PAPER, "image/jpeg")
    answer = browser.post(f"/berkas/{case.number}/perbaiki/", {"shown": "/photo", "/photo": wrong})
    assert "Kirim foto JPG atau PNG" in text_of(answer)
    case.refresh_from_db()
    assert case.status == "waiting_applicant"


def test_nothing_is_corrected_when_nothing_was_asked(submit, people, signed_in) -> None:  # type: ignore[no-untyped-def]
    case = submit(SIP, people["warga"])
    answer = signed_in("warga").post(f"/berkas/{case.number}/perbaiki/", {}, follow=True)
    assert "tidak menunggu perbaikan" in text_of(answer)


def test_withdrawing_asks_once_more_and_ends_the_case(submit, people, signed_in) -> None:  # type: ignore[no-untyped-def]
    case = submit(SIP, people["warga"])
    browser = signed_in("warga")
    url = f"/berkas/{case.number}/batal/"
    assert "tidak bisa ditarik kembali" in text_of(browser.get(url))
    case.refresh_from_db()
    assert case.is_open
    assert signed_in("warga2").post(url).status_code == 404
    answer = browser.post(url, follow=True)
    assert "sudah dibatalkan" in text_of(answer)
    assert "Anda membatalkan permohonan" in text_of(answer)
    case.refresh_from_db()
    assert (case.status, case.tasks.filter(status="open").count()) == ("withdrawn", 0)
    assert "sudah selesai" in text_of(browser.post(url, follow=True))
