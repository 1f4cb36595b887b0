"""Following a case: who may, what is told, and when it will be done."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from tests.web.citizen.test_apply import CARD, LETTER, SIP, text_of  # type: ignore[import-not-found]
from tests.web.conftest import NOW  # type: ignore[import-not-found]

from pendapa.web.cases import actions
from pendapa.web.cases.models import Attachment, Pause, Task
from pendapa.web.cases.promise import promise_of
from pendapa.web.cases.timeline import journey, main_way
from pendapa.web.catalogue.definitions import ready
from pendapa.web.demo.logins import PASSPHRASE
from pendapa.web.events.chain import Actor
from pendapa.web.signing.actions import read_letter, sign_task


def told(case) -> list[tuple[str, str]]:  # type: ignore[no-untyped-def]
    return [(step.state, step.title) for step in journey(case)]


def facts(case, now: datetime) -> dict[str, str]:  # type: ignore[no-untyped-def]
    return {fact.term: fact.value for fact in promise_of(case, now).facts}


# --- the journey -----------------------------------------------------------------------------------
def test_the_journey_shows_done_present_and_coming_steps(submit, do_task, people) -> None:  # type: ignore[no-untyped-def]
    case = submit(SIP, people["warga"])
    # From process.bpmn: periksa, then cek_skp and cek_tempat at once, telaah, tanda_tangan, terbit.
    assert told(case) == [
        ("done", "Permohonan diterima"),
        ("now", "Petugas memeriksa berkas Anda"),
        ("coming", "Dinas Kesehatan memeriksa kredit profesi Anda"),
        ("coming", "Dinas Kesehatan memeriksa tempat praktik Anda"),
        ("coming", "Hasil pemeriksaan dipelajari sebelum diputuskan"),
        ("coming", "Izin Anda menunggu tanda tangan kepala dinas"),
        ("coming", "Surat terbit"),
    ]
    do_task(case, "periksa", "fo")
    do_task(case, "cek_tempat", "tempat")
    case.refresh_from_db()
    assert [state for state, _ in told(case)] == ["done", "done", "done", "now", "coming", "coming", "coming"]
    do_task(case, "cek_skp", "skp")
    do_task(case, "telaah", "kabid")
    task = Task.objects.get(case=case, status="open")
    read_letter(task.pk, people["kadis"], now=NOW)
    document = sign_task(task.pk, people["kadis"], PASSPHRASE, now=NOW)
    case.refresh_from_db()
    steps = journey(case)
    assert {step.state for step in steps} == {"done"}
    assert steps[-1].title == "Izin praktik Anda sudah terbit dan dapat diunduh"
    assert any(document.entry.number in step.text for step in steps)


def test_waiting_for_a_correction_is_the_present_step(submit, do_task, people) -> None:  # type: ignore[no-untyped-def]
    case = submit(LETTER, people["warga"])
    do_task(case, "periksa", "verif", result="return", message="Foto tidak jelas", fields=("/proposal",))
    case.refresh_from_db()
    now = [title for state, title in told(case) if state == "paused"]
    assert len(now) == 1 and now[0].startswith("Ada yang perlu Anda perbaiki")


def test_a_refusal_is_not_told_before_it_is_signed_nor_a_licence_foretold(submit, do_task, people) -> None:  # type: ignore[no-untyped-def]
    case = submit(LETTER, people["warga"])
    do_task(
        case,
        "periksa",
        "verif",
        result="refuse",
        reason_fact="Tidak ada surat",
        reason_law="Standar pelayanan",
    )
    case.refresh_from_db()
    words = " ".join(title for _, title in told(case))
    assert "Keputusan atas permohonan Anda menunggu tanda tangan kepala dinas" in words
    assert "terbit" not in words and "olak" not in words
    assert told(case)[-1] == ("coming", "Anda mendapat kabar tentang keputusannya")


def test_the_way_through_an_outside_system_ends_with_its_answer(submit) -> None:  # type: ignore[no-untyped-def]
    case = submit(CARD)
    made = ready(case.version_id)
    named = [
        e
        for e in main_way(made, ("periksa",)) or ()
        if e in made.definition.effects or e in made.definition.waits
    ]
    assert named == ["kirim_siak", "jawaban_siak"]
    assert told(case)[-1] == ("coming", "Selesai")


def test_what_an_outside_system_says_is_told_to_the_applicant(submit, do_task, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    from pendapa.web.cases.handovers import ADAPTERS, Answer, deliver

    case = submit("perubahan-data-kk")
    do_task(case, "periksa", "dukcapil")
    row = case.handovers.get()
    deliver(row.pk, now=NOW)
    monkeypatch.setattr(
        ADAPTERS["siak-fake"], "ask", lambda *_: Answer("rejected", "Nomor KK lama tidak ada.")
    )
    deliver(row.pk, now=NOW + timedelta(hours=5))
    case.refresh_from_db()
    assert case.status == "refused"
    assert "Nomor KK lama tidak ada." in [step.text for step in journey(case)]


def test_the_journey_speaks_english(submit) -> None:  # type: ignore[no-untyped-def]
    from django.utils import translation

    case = submit(CARD)
    with translation.override("en"):
        assert ("now", "An officer of the population office checks your files") in told(case)


# --- when ------------------------------------------------------------------------------------------
def test_the_promise_counts_holidays_out_and_names_them(submit) -> None:  # type: ignore[no-untyped-def]
    # Received Monday 16 March 2026, 09.12. Tuesday 17 is day 1; 18 to 24 March are free (Nyepi, Idulfitri, shared
    # leave, and the weekend 21-22); Wednesday 25 is day 2, then 26, 27 and, after the weekend, Monday 30 March: day 5.
    case = submit(SIP, at=datetime(2026, 3, 16, 2, 12, tzinfo=UTC))
    said = facts(case, datetime(2026, 3, 25, 12, 0, tzinfo=UTC))
    assert said["Paling lambat"] == "Senin, 30 Maret 2026"
    assert said["Terpakai"] == "2 dari 5 hari kerja"
    assert said["Libur"].startswith("18–24 Maret 2026 (Cuti Bersama Hari Suci Nyepi, Hari Suci Nyepi")
    days = promise_of(case, datetime(2026, 3, 25, 12, 0, tzinfo=UTC)).days
    assert (days[0].kind, days[-1].day.isoformat(), days[-1].kind) == ("receipt", "2026-03-30", "working")


def test_the_promise_explains_a_pause(submit, do_task) -> None:  # type: ignore[no-untyped-def]
    case = submit(SIP)  # Monday 23 November 2026, 09.30
    do_task(case, "periksa", "fo", result="return", message="Foto tidak jelas", fields=("/photo",))
    case.refresh_from_db()
    said = facts(case, NOW + timedelta(days=2))
    assert said["Paling lambat"] == "Dihitung lagi setelah perbaikan Anda diterima"
    assert said["Waktu berhenti"] == "Sejak 23 November 2026, menunggu perbaikan Anda"
    actions.resubmit(case.pk, {}, now=NOW + timedelta(days=7), actor=Actor())
    case.refresh_from_db()
    said = facts(case, NOW + timedelta(days=7, minutes=1))
    # A day counts if the clock runs when the office closes. Monday 23 is the day of receipt, 24 to 27 lie in the pause;
    # on Monday 30 November the clock runs again before closing: day 1, and Friday 4 December is day 5.
    assert said["Paling lambat"] == "Jumat, 4 Desember 2026"
    assert said["Waktu berhenti"] == "23–30 November 2026, menunggu perbaikan Anda"
    assert Pause.objects.get().ends_at == NOW + timedelta(days=7)


def test_lateness_is_said_plainly(submit) -> None:  # type: ignore[no-untyped-def]
    case = submit(SIP)
    later = promise_of(case, NOW + timedelta(days=20))
    assert later.late and "terlambat" in later.notes[0]
    assert not promise_of(case, NOW).late


# --- who -------------------------------------------------------------------------------------------
PAGES = ["", "jawaban/", "tanda-terima/", "tanda-terima.pdf", "batal/", "alur/", "alur.svg", "perbaiki/"]


@pytest.mark.parametrize("part", PAGES)
def test_only_its_applicant_sees_a_case(submit, people, signed_in, part: str) -> None:  # type: ignore[no-untyped-def]
    case = submit(SIP, people["warga"])
    url = f"/berkas/{case.number}/{part}"
    own = signed_in("warga").get(url)
    assert own.status_code == (302 if part == "perbaiki/" else 200)
    for stranger in ("warga2", "fo"):
        session = signed_in(stranger)
        session.get("/akun/")
        assert session.get(url, follow=False).status_code in (404, 302)
    assert signed_in("warga2").get(url).status_code == 404
    # Nobody learns from the answer whether there is such a number.
    assert Client().get(url)["Location"] == f"/lacak/?nomor={case.number}"
    assert (
        Client().get(url.replace(case.number, "SIP-2026-999999"))["Location"]
        == "/lacak/?nomor=SIP-2026-999999"
    )


def test_a_wrong_code_opens_nothing(submit) -> None:  # type: ignore[no-untyped-def]
    case, other = submit(CARD), submit(LETTER)
    browser = Client()
    for code in ("", "AAAAAAAAAA", other.code):
        answer = browser.post("/lacak/", {"nomor": case.number, "code": code})
        assert answer.status_code == 200 and "tidak cocok" in text_of(answer)
    assert browser.get(f"/berkas/{case.number}/").status_code == 302
    assert browser.post("/lacak/", {"nomor": case.number, "code": case.code}).status_code == 302
    assert browser.get(f"/berkas/{case.number}/").status_code == 200
    assert browser.get(f"/berkas/{other.number}/").status_code == 302


def test_files_are_downloads_of_their_own_case_only(submit, people, signed_in) -> None:  # type: ignore[no-untyped-def]
    case, other = submit(CARD, people["warga"]), submit(CARD, people["warga2"])
    mine, theirs = Attachment.objects.filter(case=case)[0], Attachment.objects.filter(case=other)[0]
    browser = signed_in("warga")
    html = browser.get(f"/berkas/{case.number}/jawaban/").content.decode()
    assert f"/berkas/{case.number}/lampiran/{mine.pk}/" in html
    answer = browser.get(f"/berkas/{case.number}/lampiran/{mine.pk}/")
    assert answer.content == b"%PDF-1.4 contoh"
    assert answer["Content-Disposition"].startswith("attachment")
    assert browser.get(f"/berkas/{case.number}/lampiran/{theirs.pk}/").status_code == 404
    assert browser.get(f"/berkas/{other.number}/lampiran/{theirs.pk}/").status_code == 404


def test_the_drawing_marks_where_the_case_stands(submit, do_task, people, signed_in) -> None:  # type: ignore[no-untyped-def]
    case = submit(SIP, people["warga"])
    do_task(case, "periksa", "fo")
    answer = signed_in("warga").get(f"/berkas/{case.number}/alur.svg")
    assert answer["Content-Type"].startswith("image/svg+xml")
    described = re.search(r"<desc[^>]*>(.*?)</desc>", answer.content.decode(), re.S)
    assert described and "Cek" in described[1]


def test_ones_own_list_shows_drafts_and_cases_newest_first(submit, people, signed_in) -> None:  # type: ignore[no-untyped-def]
    cases = [submit(CARD, people["warga"]) for _ in range(22)]
    browser = signed_in("warga")
    page = browser.get("/berkas/")
    numbers = re.findall(r"KK-2026-\d+", text_of(page))
    assert numbers == [case.number for case in reversed(cases)][:20]
    after = re.search(r"after=(\d+)", page.content.decode())
    assert after
    rest = re.findall(r"KK-2026-\d+", text_of(browser.get(f"/berkas/?after={after[1]}")))
    assert rest == [cases[1].number, cases[0].number]
    assert Client().get("/berkas/")["Location"].startswith("/akun/login/?next=/berkas/")


def test_a_followed_case_takes_few_queries(submit, people, signed_in, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    case = submit(SIP, people["warga"])
    browser = signed_in("warga")
    browser.get(f"/berkas/{case.number}/")
    with django_assert_max_num_queries(12):
        browser.get(f"/berkas/{case.number}/")
    assert case.submitted_at < timezone.now() + timedelta(days=1)


def test_the_signed_letter_is_there_for_its_applicant_alone(submit, do_task, people, signed_in) -> None:  # type: ignore[no-untyped-def]
    case, other = submit(LETTER, people["warga"]), submit(LETTER, people["warga2"])
    do_task(case, "periksa", "verif")
    task = Task.objects.get(case=case, status="open")
    read_letter(task.pk, people["kadis"], now=NOW)
    document = sign_task(task.pk, people["kadis"], PASSPHRASE, now=NOW)
    browser = signed_in("warga")
    url = f"/berkas/{case.number}/surat/{document.code}.pdf"
    assert url in browser.get(f"/berkas/{case.number}/").content.decode()
    answer = browser.get(url)
    assert hashlib.sha256(answer.content).hexdigest() == document.sha256
    assert answer["Content-Disposition"].startswith("attachment")
    assert signed_in("warga2").get(url).status_code == 404
    # Nor through a case that is one's own.
    assert signed_in("warga2").get(f"/berkas/{other.number}/surat/{document.code}.pdf").status_code == 404


def test_a_question_marked_within_entries_is_asked_for_each_of_them(
    submit, do_task, people, signed_in
) -> None:  # type: ignore[no-untyped-def]
    case = submit(SIP, people["warga"], 1)
    places = len({path.split("/")[1] for path in case.answers if path.startswith("/place[")})
    do_task(
        case,
        "periksa",
        "fo",
        result="return",
        message="Alamat kurang lengkap",
        fields=("/place/place_address",),
    )
    html = signed_in("warga").get(f"/berkas/{case.number}/perbaiki/").content.decode()
    shown = re.findall(r'name="shown" value="([^"]+)"', html)
    assert shown == [f"/place[{number}]/place_address" for number in range(1, places + 1)]
