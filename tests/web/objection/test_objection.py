"""An objection goes its whole way through the pages: to the official, to the superior, and back to a new decision."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client
from tests.web.conftest import NOW
from tests.web.objection.conftest import REASON, Time, text_of

from pendapa.web.accounts.models import User
from pendapa.web.cases import actions
from pendapa.web.cases.calendar_changes import recompute_open_cases
from pendapa.web.cases.first_case import position_of_first_case
from pendapa.web.cases.models import Attachment, Case, CaseFact, CaseLink, Task
from pendapa.web.cases.objections import begin_objection, remedy_of
from pendapa.web.cases.refusals import Refused
from pendapa.web.cases.tasks import tick
from pendapa.web.events.chain import verify_case
from pendapa.web.events.models import Event, PersonalReading
from pendapa.web.organisation.access import forget_publication
from pendapa.web.organisation.models import Placement, Publication
from pendapa.web.signing.actions import issue_deemed_decision
from pendapa.web.signing.models import Document

Login = Callable[[str], Client]
Make = Callable[..., Case]
Sign = Callable[..., Document]


def let_time_pass(case: Case, time: Time, moment: datetime) -> None:
    """The worker's round at a moment, with the letters of silence it asks for."""
    time.now = moment
    tick(moment)
    for token in case.tokens.filter(waiting="effect"):
        issue_deemed_decision(case.pk, token.element, token.instance, now=moment)
    case.refresh_from_db()


def decide(client: Client, case: Case, element: str, decision: str, **more: str) -> None:
    """Take a task and decide through its page."""
    task = Task.objects.get(case=case, element=element, status="open")
    client.post(f"/tugas/{task.pk}/ambil/")
    answers = {
        "/decision": decision,
        "/reason_fact": "Alasan kenyataan (contoh)",
        "/reason_law": "Pasal 1 (contoh)",
    }
    if decision != "rejected":
        answers["/change"] = "Surat pengantar dibaca ulang (contoh)"
    sent = client.post(f"/tugas/{task.pk}/", answers | {"keputusan": "accept"} | more)
    assert sent.status_code == 302, sent.content.decode()


def study(client: Client, case: Case) -> None:
    task = Task.objects.get(case=case, element="telaah", status="open")
    client.post(f"/tugas/{task.pk}/ambil/")
    answers = {"/fits": "yes", "/findings": "Halaman kedua menyebut nama (contoh)", "/advice": "granted"}
    sent = client.post(f"/tugas/{task.pk}/", answers | {"keputusan": "accept"})
    assert sent.status_code == 302, sent.content.decode()


def holds(*cases: Case) -> None:
    for case in cases:
        case.refresh_from_db()
        assert list(verify_case(case)) == [], case.number


def test_rejected_then_granted_by_the_superior_and_decided_anew(
    refused: Make,
    object_to: Make,
    sign: Sign,
    do_task: Make,
    login: Login,
    people: dict[str, User],
    time: Time,
    tmp_path: Path,
) -> None:
    first = refused(people["warga"])
    citizen = login("warga")
    page = citizen.get(f"/berkas/{first.number}/").content.decode()
    # The letter was signed on Monday 23 November 2026, day 0. Working days: 24-27 (4), 30 November to 4 December (9),
    # 7-11 (14), 14-18 (19), 21 and 22 December (21). The next holiday is 24 December.
    assert "22 Desember 2026" in page
    assert f"/berkas/{first.number}/keberatan/" in page

    time.now = NOW + timedelta(days=1)
    objection = object_to(first, login("warga"))
    assert objection.number.startswith("KB-2026-")
    assert (objection.agency, objection.applicant) == (first.agency, people["warga"])
    assert objection.answers["/decision/first_number"] == first.number
    assert objection.answers["/decision/letter_number"] == first.documents.get().entry.number
    assert objection.answers["/applicant/address"] == first.answers["/applicant/address"]
    # Ten working days after Tuesday 24 November: 25-27 (3), 30 November to 4 December (8), 7 and 8 December (10).
    assert objection.due_at == datetime(2026, 12, 8, 9, 0, tzinfo=UTC)

    # `verif` handled the first case, so the head of the division studies the objection; the head signed, so he decides.
    assert objection.tasks.get().position.code == "DPMPTSP-KABID-IZIN"
    study(login("kabid"), objection)
    assert objection.tasks.get(status="open").position.code == "DPMPTSP-KADIS"
    decide(login("kadis"), objection, "putuskan", "rejected")
    letter = sign(objection, "tanda_tangan_ditolak", "kadis")
    objection.refresh_from_db()
    assert (objection.status, objection.due_at) == ("own_period", None)
    said = text_of(letter, tmp_path)
    assert first.number in said
    assert "tidak dapat kami kabulkan" in said
    assert "paling lambat 10 hari kerja" in said

    # Ten working days after 24 November end on 8 December; the applicant has the whole of that day.
    assert objection.timers.get(element="tenggang_banding").due_at == datetime(
        2026, 12, 8, 16, 59, 59, tzinfo=UTC
    )
    page = login("warga").get(f"/berkas/{objection.number}/").content.decode()
    assert "Ajukan banding" in page
    assert "8 Desember 2026" in page
    time.now = datetime(2026, 12, 8, 16, 30, tzinfo=UTC)  # half past eleven in the evening
    citizen = login("warga")
    assert citizen.post(f"/berkas/{objection.number}/banding/", {"alasan": " "}).status_code == 422
    sent = citizen.post(f"/berkas/{objection.number}/banding/", {"alasan": "Bukti belum dibaca (contoh)"})
    assert sent.status_code == 302
    objection.refresh_from_db()
    assert objection.status == "in_progress"
    # Sent after closing on 8 December, so received on the 9th, day 0: 10, 11 (2), 14-18 (7), 21-23 December (10).
    assert objection.due_at == datetime(2026, 12, 23, 9, 0, tzinfo=UTC)

    task = objection.tasks.get(status="open")
    assert task.position.code == "SEKDA"
    time.now = datetime(2026, 12, 10, 3, 0, tzinfo=UTC)
    superior = login("sekda")
    beside = superior.get(f"/tugas/{task.pk}/").content.decode()
    assert REASON in beside  # what the first letter said
    assert first.answers["/research/title"] in beside
    assert "Bukti belum dibaca (contoh)" in beside
    read = PersonalReading.objects.filter(case=first, position="SEKDA")
    assert [row.what for row in read] == ["first case"]
    decide(superior, objection, "putuskan_banding", "partly")
    granted = sign(objection, "tanda_tangan_banding_dikabulkan", "sekda")
    said = text_of(granted, tmp_path)
    assert "Dikabulkan sebagian" in said
    assert "dalam 5 hari kerja" in said
    objection.refresh_from_db()
    assert (objection.status, CaseFact.objects.get(case=objection).on_time) == ("granted", True)

    anew = Case.objects.get(link__about=first, link__kind="new_decision")
    assert (anew.service, anew.version, anew.applicant) == (first.service, first.version, first.applicant)
    assert anew.link.objection == objection
    # Five working days after Thursday 10 December: 11, 14, 15, 16 and 17 December.
    assert anew.due_at == datetime(2026, 12, 17, 9, 0, tzinfo=UTC)
    files = {str(a.pk) for a in Attachment.objects.filter(case=anew)}
    assert {anew.answers["/campus_letter"], anew.answers["/proposal"]} == files
    assert anew.answers["/campus_letter"] != first.answers["/campus_letter"]
    page = login("verif").get(f"/tugas/{anew.tasks.get(status='open').pk}/").content.decode()
    assert objection.number in page
    do_task(anew, "periksa", "verif", at=time.now)
    sign(anew, "tanda_tangan", "kadis")
    holds(first, objection, anew)
    assert (first.status, anew.status) == ("refused", "issued")
    kinds = [*Event.objects.filter(case=first).order_by("seq").values_list("kind", flat=True)][-3:]
    assert kinds == ["case.objection_lodged", "case.decided_anew", "case.objection_decided"]
    page = login("warga").get(f"/berkas/{first.number}/").content.decode()
    assert anew.number in page
    assert objection.number in page


def test_silence_over_christmas_grants_the_objection_and_the_new_decision_is_due_in_five_days(
    refused: Make, object_to: Make, login: Login, people: dict[str, User], time: Time, tmp_path: Path
) -> None:
    time.now = datetime(2026, 12, 14, 3, 0, tzinfo=UTC)
    first = refused(people["warga"])
    time.now = datetime(2026, 12, 15, 3, 0, tzinfo=UTC)  # Tuesday, ten o'clock
    objection = object_to(first, login("warga"))
    # Day 0 is 15 December. 16-18 (3), 21-23 (6); 24 is shared leave, 25 Christmas, then the weekend; 28-31 (10).
    due = datetime(2026, 12, 31, 9, 0, tzinfo=UTC)
    assert objection.due_at == due
    let_time_pass(objection, time, due - timedelta(seconds=1))
    assert objection.status == "in_progress"
    let_time_pass(objection, time, due + timedelta(seconds=4))
    assert objection.status == "deemed"
    letter = objection.documents.get()
    assert letter.kind == "deemed"
    said = text_of(letter, tmp_path)
    assert "31 Desember 2026" in said
    assert "keberatan tersebut dianggap dikabulkan" in said
    anew = Case.objects.get(link__objection=objection)
    # Granted within 31 December, day 0. 1 January is New Year; 4 (1); 5 is Isra Mikraj; 6, 7, 8 (4); 11 January (5).
    assert anew.due_at == datetime(2027, 1, 11, 9, 0, tzinfo=UTC)
    assert anew.tasks.get(status="open").position.code == "DPMPTSP-VERIF"
    holds(first, objection, anew)


def test_the_last_day_over_lebaran_counts_whole_and_the_day_after_is_too_late(
    refused: Make, login: Login, people: dict[str, User], time: Time
) -> None:
    first = refused(people["warga"])
    # Certificates of the tests begin in September, so the letter is put back to a Monday of Ramadan afterwards.
    first.documents.update(signed_at=datetime(2026, 3, 2, 3, 0, tzinfo=UTC))
    # Day 0 is 2 March 2026. 3-6 (4), 9-13 (9), 16 and 17 (11); 18-24 March are Nyepi, Idul Fitri and shared leave;
    # 25-27 (14), 30 March to 2 April (18); Friday 3 April is a holiday; 6, 7 and 8 April (21).
    time.now = datetime(2026, 4, 8, 16, 59, tzinfo=UTC)  # a minute before midnight of 8 April in Slawi
    remedy = remedy_of(first, time.now)
    assert remedy is not None
    assert (str(remedy.last_day), remedy.trouble) == ("2026-04-08", "")
    citizen = login("warga")
    begun = citizen.post(f"/berkas/{first.number}/keberatan/")
    assert begun["Location"].startswith("/draf/")
    time.now += timedelta(minutes=2)  # 9 April, the 22nd working day
    page = citizen.get(f"/berkas/{first.number}/").content.decode()
    assert "berakhir pada Rabu, 8 April 2026" in page
    assert "2 Maret 2026" in page
    assert f'href="/berkas/{first.number}/keberatan/"' not in page
    late = citizen.post(f"/berkas/{first.number}/keberatan/", follow=True)
    assert "berakhir pada Rabu, 8 April 2026" in late.content.decode()
    assert not CaseLink.objects.exists()


def test_an_objection_begun_in_time_and_sent_too_late_is_refused_with_its_date(
    refused: Make, people: dict[str, User], time: Time
) -> None:
    first = refused(people["warga"])
    begun = begin_objection(first, people["warga"], now=time.now, language="id")
    late = datetime(2026, 12, 23, 1, 0, tzinfo=UTC)  # the day after the last one
    with pytest.raises(Refused, match="22 Desember 2026"):
        actions.submit_application(begun.draft.pk, now=late, actor=actions.applicant.Actor())


def test_nobody_but_the_applicant_may_object_and_only_once(
    refused: Make, object_to: Make, login: Login, people: dict[str, User], time: Time
) -> None:
    first = refused(people["warga"])
    for stranger in ("warga2", "verif", "admin"):
        client = login(stranger)
        assert client.get(f"/berkas/{first.number}/keberatan/").status_code == 404
        assert client.post(f"/berkas/{first.number}/keberatan/").status_code == 404
    citizen = login("warga")
    objection = object_to(first, citizen)
    again = citizen.post(f"/berkas/{first.number}/keberatan/", follow=True).content.decode()
    assert objection.number in again
    assert "sudah diajukan" in again
    assert CaseLink.objects.filter(about=first).count() == 1
    # Withdrawn, it makes room for another while the period lasts.
    citizen.post(f"/berkas/{objection.number}/batal/")
    assert object_to(first, citizen).number != objection.number
    holds(first, objection)


def test_two_drafts_of_one_objection_make_one_case(
    refused: Make, object_to: Make, login: Login, people: dict[str, User], time: Time
) -> None:
    first = refused(people["warga"])
    other = begin_objection(first, people["warga"], now=time.now, language="id")
    objection = object_to(first, login("warga"))
    with pytest.raises(Refused, match=objection.number):
        actions.submit_application(other.draft.pk, now=time.now, actor=actions.applicant.Actor())


def test_without_an_account_number_and_code_lead_to_the_objection_and_the_new_decision(
    refused: Make, object_to: Make, sign: Sign, login: Login, time: Time
) -> None:
    first = refused()
    stranger = Client()
    assert stranger.get(f"/berkas/{first.number}/keberatan/")["Location"].startswith("/lacak/")
    holder = Client()
    holder.post("/lacak/", {"nomor": first.number, "code": first.code})
    objection = object_to(first, holder)
    study(login("kabid"), objection)
    decide(login("kadis"), objection, "putuskan", "granted")
    sign(objection, "tanda_tangan_dikabulkan", "kadis")
    anew = Case.objects.get(link__objection=objection)
    assert holder.get(f"/berkas/{anew.number}/").status_code == 200
    fresh = Client()  # another device: the code of the first case opens the new decision
    fresh.post("/lacak/", {"nomor": anew.number, "code": first.code})
    assert fresh.get(f"/berkas/{anew.number}/").status_code == 200
    assert stranger.get(f"/berkas/{anew.number}/").status_code == 302


def test_the_time_to_appeal_passes_and_the_refusal_stays(
    refused: Make, object_to: Make, sign: Sign, login: Login, people: dict[str, User], time: Time
) -> None:
    first = refused(people["warga"])
    objection = object_to(first, login("warga"))
    study(login("kabid"), objection)
    decide(login("kadis"), objection, "putuskan", "rejected")
    sign(objection, "tanda_tangan_ditolak", "kadis")
    # Signed on Monday 23 November: 24-27 (4), 30 November to 4 December (9), Monday 7 December (10), to its midnight.
    let_time_pass(objection, time, datetime(2026, 12, 7, 16, 59, 58, tzinfo=UTC))
    assert objection.status == "own_period"
    let_time_pass(objection, time, datetime(2026, 12, 7, 17, 0, tzinfo=UTC))
    assert objection.status == "refused"
    late = login("warga").post(f"/berkas/{objection.number}/banding/", {"alasan": "x"})
    assert late["Location"] == f"/berkas/{objection.number}/"
    assert not Case.objects.filter(link__objection=objection).exists()
    # An objection is not objected to again: its own refusal offers no button.
    assert remedy_of(objection, time.now) is None
    holds(first, objection)


def test_silence_of_the_superior_grants_the_appeal(
    refused: Make,
    object_to: Make,
    sign: Sign,
    login: Login,
    people: dict[str, User],
    time: Time,
    tmp_path: Path,
) -> None:
    first = refused(people["warga"])
    citizen = login("warga")
    objection = object_to(first, citizen)
    study(login("kabid"), objection)
    decide(login("kadis"), objection, "putuskan", "rejected")
    sign(objection, "tanda_tangan_ditolak", "kadis")
    citizen.post(f"/berkas/{objection.number}/banding/", {"alasan": "Belum dibaca (contoh)"})
    # Appealed on Monday 23 November: ten working days end on Monday 7 December at 16.00.
    objection.refresh_from_db()
    assert objection.due_at == datetime(2026, 12, 7, 9, 0, tzinfo=UTC)
    # The superior's own task is due after eight, Thursday 3 December, and climbs to the regent.
    let_time_pass(objection, time, datetime(2026, 12, 3, 9, 1, tzinfo=UTC))
    assert objection.tasks.get(status="open").climbed_to.code == "BUPATI"
    let_time_pass(objection, time, datetime(2026, 12, 7, 9, 0, 5, tzinfo=UTC))
    assert objection.status == "deemed"
    letter = objection.documents.order_by("-signed_at").first()
    assert letter is not None
    assert letter.entry.agency.code == "SETDA"
    assert "banding tersebut dianggap dikabulkan" in text_of(letter, tmp_path)


def test_the_superior_rejects_and_names_the_court(
    refused: Make,
    object_to: Make,
    sign: Sign,
    login: Login,
    people: dict[str, User],
    time: Time,
    tmp_path: Path,
) -> None:
    first = refused(people["warga"])
    citizen = login("warga")
    objection = object_to(first, citizen)
    study(login("kabid"), objection)
    decide(login("kadis"), objection, "putuskan", "rejected")
    sign(objection, "tanda_tangan_ditolak", "kadis")
    citizen.post(f"/berkas/{objection.number}/banding/", {"alasan": "Belum dibaca (contoh)"})
    decide(login("sekda"), objection, "putuskan_banding", "rejected")
    letter = sign(objection, "tanda_tangan_banding_ditolak", "sekda")
    assert "pengadilan tata usaha negara" in text_of(letter, tmp_path)
    holds(first, objection)
    assert objection.status == "refused"


def test_the_refusal_letter_names_the_objection_with_the_published_period(
    refused: Make, tmp_path: Path
) -> None:
    said = text_of(refused().documents.get(), tmp_path)
    assert "mengajukan keberatan" in said
    assert "paling lambat 21 hari kerja" in said


def test_officers_without_a_hand_in_it_see_neither(
    refused: Make, object_to: Make, login: Login, people: dict[str, User]
) -> None:
    first = refused(people["warga"])
    assert login("sekda").get(f"/kasus/{first.number}/").status_code == 404
    objection = object_to(first, login("warga"))
    for number in (first.number, objection.number):
        assert login("kabid").get(f"/kasus/{number}/").status_code == 200
        assert login("kesbangpol").get(f"/kasus/{number}/").status_code == 404
        assert (
            login("sekda").get(f"/kasus/{number}/").status_code == 404
        )  # nothing climbed or was appealed yet


def test_the_service_is_not_applied_for_by_itself(tegal: None) -> None:
    page = Client().get("/layanan/keberatan/").content.decode()
    assert "Keberatan diajukan dari halaman permohonan Anda yang ditolak" in page
    assert "/layanan/keberatan/ajukan/" not in page
    assert Client().post("/layanan/keberatan/ajukan/")["Location"] == "/layanan/keberatan/"


def test_pages_speak_english(refused: Make, login: Login, people: dict[str, User], time: Time) -> None:
    first = refused(people["warga"])
    citizen = login("warga")
    citizen.cookies["pendapa_language"] = "en"
    page = citizen.get(
        f"/berkas/{first.number}/keberatan/", headers={"Accept-Language": "en"}
    ).content.decode()
    assert "Refusal letter" in page
    assert "Tuesday, 22 December 2026" in page
    assert "21 working days" in page


def test_a_holiday_declared_late_moves_the_time_to_appeal(
    refused: Make, object_to: Make, sign: Sign, login: Login, people: dict[str, User], time: Time
) -> None:
    first = refused(people["warga"])
    objection = object_to(first, login("warga"))
    study(login("kabid"), objection)
    decide(login("kadis"), objection, "putuskan", "rejected")
    sign(objection, "tanda_tangan_ditolak", "kadis")
    publication = Publication.objects.latest("number")
    holidays = publication.regency["holidays"]
    day = {"date": "2026-12-02", "name": "Libur daerah (contoh)", "kind": "regional", "agency": ""}
    holidays.append({**holidays[0], **day})
    publication.save()
    forget_publication()
    recompute_open_cases(now=time.now, publication=publication)
    # Without 2 December the ten working days after 23 November end on Tuesday 8 December, at its midnight.
    timer = objection.timers.get(element="tenggang_banding")
    assert timer.due_at == datetime(2026, 12, 8, 16, 59, 59, tzinfo=UTC)


def test_where_everybody_had_a_hand_in_it_somebody_studies_it_nevertheless(
    refused: Make, people: dict[str, User], time: Time
) -> None:
    first = refused(people["warga"])
    link = CaseLink(about=first, kind="objection", document=first.documents.get(), made_at=time.now)
    assert position_of_first_case(link, "other_officer").code == "DPMPTSP-KABID-IZIN"
    others = Placement.objects.filter(position__agency=first.agency, position__rank__gt=3)
    others.exclude(position__code="DPMPTSP-VERIF").delete()
    assert position_of_first_case(link, "other_officer").code == "DPMPTSP-VERIF"
    assert position_of_first_case(link, "decider").code == "DPMPTSP-KADIS"
    assert position_of_first_case(link, "superior_of_decider").code == "SEKDA"
