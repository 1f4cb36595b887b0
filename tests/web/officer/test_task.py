"""The task page: what it shows to whom, and what may be done there."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import unquote

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse
from PIL import Image
from tests.web.conftest import NOW

from pendapa.web.accounts.models import User
from pendapa.web.cases import actions
from pendapa.web.cases.models import Attachment, Case, Task
from pendapa.web.events.models import PersonalReading
from pendapa.web.organisation.models import Placement, Position

SIP = "izin-praktik-bidan-perawat"
CHECKED = {
    f"/checklist/{name}": "yes" for name in ("identity", "str_file", "photo", "place_letter", "credits_proof")
}
PLACE = {
    "/visit/method": "document", "/checklist/exists": "yes", "/checklist/room": "yes", "/checklist/hygiene": "yes",
    "/recommended": "yes", "keputusan": "accept",
}  # fmt: skip
Login = Callable[[str], Client]
Submit = Callable[..., Case]
Do = Callable[..., Case]


@pytest.fixture(autouse=True)
def _at_now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pendapa.web.cases.views_task.timezone.now", lambda: NOW)
    monkeypatch.setattr("pendapa.web.cases.views_inbox.timezone.now", lambda: NOW)


def page_of(task: Task) -> str:
    return reverse("cases:task", args=[task.pk])


@pytest.fixture
def second_fo(people: dict[str, User]) -> User:
    """A colleague of `fo` in the same position."""
    user = User.objects.create(
        username="fo2", email="fo2@contoh.example", name="Lina Perumpamaan", kind="officer"
    )
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    TOTP.activate(user, generate_totp_secret())
    Placement.objects.create(
        user=user,
        position=Position.objects.get(code="DPMPTSP-FO"),
        period=(NOW.date() - timedelta(days=10), None),
        created_at=NOW,
    )
    people["fo2"] = user
    return user


def test_the_journey_of_an_officer(submit: Submit, login: Login, people: dict[str, User]) -> None:
    case = submit(SIP)
    task, fo = case.tasks.get(), login("fo")
    assert "Ambil tugas ini" in fo.get(page_of(task)).content.decode()
    assert "Selesaikan tugas" in fo.post(reverse("cases:claim", args=[task.pk]), follow=True).content.decode()
    answer = fo.post(page_of(task), {**CHECKED, "keputusan": "accept"})
    assert (answer.status_code, answer["Location"]) == (302, "/tugas/")
    task.refresh_from_db()
    assert (task.status, task.result, task.done_by) == ("done", "accept", people["fo"])
    assert task.answers["form"]["/checklist/identity"] == "yes"


def test_personal_answers_stand_in_the_clear_only_here_and_each_opening_is_written_down(
    submit: Submit, login: Login, people: dict[str, User], do_task: Do
) -> None:
    case = submit(SIP)
    task, fo = case.tasks.get(), login("fo")
    page = fo.get(page_of(task)).content.decode()
    assert "9999010101900001" in page
    assert "Siti Contoh, A.Md.Keb." in page
    row = PersonalReading.objects.get()
    assert (row.case_id, row.reader, row.position, row.what) == (
        case.pk,
        people["fo"].key,
        "DPMPTSP-FO",
        "task",
    )
    fo.get(page_of(task))
    assert PersonalReading.objects.count() == 2
    whole = fo.get(reverse("cases:officer_case", args=[case.number])).content.decode()
    assert "9999010101900001" not in whole
    assert "Siti Contoh, A.Md.Keb." not in whole  # as the name of her practice it is no personal answer
    assert "9999********0001" in whole
    do_task(case, "periksa", "fo")
    after = fo.get(page_of(task)).content.decode()
    assert "9999010101900001" not in after
    assert PersonalReading.objects.count() == 2


def test_an_attachment_is_opened_by_the_agency_and_written_down(
    submit: Submit, login: Login, people: dict[str, User]
) -> None:
    case = submit(SIP)
    attachment = case.attachments.first()
    url = reverse("cases:officer_attachment", args=[case.number, attachment.pk])
    answer = login("fo").get(url)
    assert answer.content == b"%PDF-1.4 contoh"
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert PersonalReading.objects.get().what == "attachment"
    other = submit(SIP, variant=1)
    swapped = reverse("cases:officer_attachment", args=[other.number, attachment.pk])
    assert login("fo").get(swapped).status_code == 404
    assert login("dukcapil").get(url).status_code == 404


def test_errors_stand_in_the_summary_and_what_was_typed_is_kept(
    submit: Submit, login: Login, people: dict[str, User]
) -> None:
    task = submit(SIP).tasks.get()
    actions.claim(task.pk, people["fo"], now=NOW)
    answer = login("fo").post(
        page_of(task),
        {"/checklist/identity": "no", "/findings": "Nama beda satu huruf", "keputusan": "accept"},
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'href="#f-checklist-str_file-1"' in page
    assert "Nama beda satu huruf" in page
    task.refresh_from_db()
    assert task.status == "open"


def test_without_a_decision_nothing_is_finished(
    submit: Submit, login: Login, people: dict[str, User]
) -> None:
    task = submit(SIP).tasks.get()
    actions.claim(task.pk, people["fo"], now=NOW)
    answer = login("fo").post(page_of(task), CHECKED)
    assert answer.status_code == 422
    assert "Pilih keputusan" in answer.content.decode()


def test_returning_needs_a_message_and_marks_questions(
    submit: Submit, login: Login, people: dict[str, User]
) -> None:
    case = submit(SIP)
    task, fo = case.tasks.get(), login("fo")
    actions.claim(task.pk, people["fo"], now=NOW)
    refused = fo.post(page_of(task), {"keputusan": "return", "tandai": ["/photo"]})
    assert refused.status_code == 422
    assert "apa yang harus diperbaiki" in refused.content.decode()
    fo.post(
        page_of(task), {"keputusan": "return", "tandai": ["/photo", "/applicant/nik"], "pesan": "Foto buram"}
    )
    case.refresh_from_db()
    assert case.status == "waiting_applicant"
    assert case.correction == {"message": "Foto buram", "fields": ["/photo", "/applicant/nik"]}


def test_refusing_needs_reasons_in_fact_and_in_law(
    submit: Submit, login: Login, people: dict[str, User], do_task: Do
) -> None:
    case = submit(SIP)
    for element, who in (("periksa", "fo"), ("cek_skp", "skp"), ("cek_tempat", "tempat")):
        do_task(case, element, who)
    task, kabid = case.tasks.get(element="telaah"), login("kabid")
    actions.claim(task.pk, people["kabid"], now=NOW)
    sent = {"keputusan": "refuse", "alasan_kenyataan": "Tempat praktik tidak ditemukan"}
    answer = kabid.post(page_of(task), sent)
    assert answer.status_code == 422
    assert "Tempat praktik tidak ditemukan" in answer.content.decode()
    assert kabid.post(page_of(task), {**sent, "alasan_hukum": "Pasal contoh"}).status_code == 302
    assert case.tasks.get(status="open").element == "tanda_tangan_penolakan"


def test_colleagues_findings_are_shown(submit: Submit, login: Login, do_task: Do) -> None:
    case = submit(SIP)
    do_task(case, "periksa", "fo")
    page = login("skp").get(page_of(case.tasks.get(element="cek_skp"))).content.decode()
    assert "Periksa kelengkapan berkas" in page
    assert "Sri Misal" in page


def test_a_photo_taken_by_the_officer_goes_with_the_case(
    submit: Submit, login: Login, people: dict[str, User], do_task: Do
) -> None:
    case = submit(SIP)
    do_task(case, "periksa", "fo")
    task, officer = case.tasks.get(element="cek_tempat"), login("tempat")
    actions.claim(task.pk, people["tempat"], now=NOW)
    before = case.attachments.count()
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, "JPEG")
    picture = io.BytesIO(out.getvalue())
    picture.name = "tempat.jpg"
    # First without the recommendation: the page comes back, the photo is kept.
    sent = {k: v for k, v in PLACE.items() if k != "/recommended"}
    answer = officer.post(page_of(task), {**sent, "/picture": picture})
    assert answer.status_code == 422
    held = case.attachments.get(draft=None)
    assert f'name="kept:/picture" value="{held.pk}"' in answer.content.decode()
    assert officer.post(page_of(task), {**PLACE, "kept:/picture": str(held.pk)}).status_code == 302
    task.refresh_from_db()
    assert task.answers["form"]["/picture"] == str(held.pk)
    assert case.attachments.count() == before + 1


def test_a_text_under_a_pictures_name_is_refused_beside_its_question(
    submit: Submit, login: Login, people: dict[str, User], do_task: Do
) -> None:
    case = submit(SIP)
    do_task(case, "periksa", "fo")
    task = case.tasks.get(element="cek_tempat")
    actions.claim(task.pk, people["tempat"], now=NOW)
    fake = io.BytesIO(b"MZ not a picture")
    fake.name = "tempat.jpg"
    answer = login("tempat").post(page_of(task), {**PLACE, "/picture": fake})
    assert answer.status_code == 422
    assert "Jenis berkas ini tidak bisa dipakai" in answer.content.decode()
    assert case.attachments.count() == Attachment.objects.filter(draft__isnull=False).count()


def test_a_file_of_another_case_cannot_be_named_as_an_answer(
    submit: Submit, login: Login, people: dict[str, User], do_task: Do
) -> None:
    case, other = submit(SIP), submit(SIP, variant=1)
    do_task(case, "periksa", "fo")
    task = case.tasks.get(element="cek_tempat")
    actions.claim(task.pk, people["tempat"], now=NOW)
    foreign = other.attachments.first()
    answer = login("tempat").post(page_of(task), {**PLACE, "kept:/picture": str(foreign.pk)})
    assert answer.status_code == 422
    task.refresh_from_db()
    assert task.status == "open"


def test_who_comes_second_reads_a_sentence_and_keeps_what_was_typed(
    submit: Submit, login: Login, people: dict[str, User], second_fo: User
) -> None:
    task = submit(SIP).tasks.get()
    actions.claim(task.pk, people["fo"], now=NOW)
    first, second = login("fo"), login("fo2")
    held = second.get(page_of(task)).content.decode()
    assert "Sedang dikerjakan Sri Misal" in held
    assert first.post(page_of(task), {**CHECKED, "keputusan": "accept"}).status_code == 302
    answer = second.post(
        page_of(task),
        {**CHECKED, "/findings": "STR sudah saya cek", "keputusan": "return", "pesan": "Foto buram"},
    )
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "sudah selesai dikerjakan" in page
    assert "STR sudah saya cek" in page
    assert "Foto buram" in page


@pytest.mark.django_db(transaction=True)
def test_two_officers_finishing_one_task_at_the_same_moment(
    submit: Submit, people: dict[str, User], second_fo: User
) -> None:
    case = submit(SIP)
    task = case.tasks.get()
    barrier, answers = threading.Barrier(2), {}

    def finish(name: str) -> None:
        try:
            client = Client()
            client.force_login(people[name])
            barrier.wait(10)
            answers[name] = client.post(page_of(task), {**CHECKED, "keputusan": "accept"})
        finally:
            connections.close_all()

    threads = [threading.Thread(target=finish, args=[name]) for name in ("fo", "fo2")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(a.status_code for a in answers.values()) == [302, 409]
    assert case.events.filter(kind="task.completed").count() == 1
    assert case.tasks.filter(status="open").count() == 2  # SKP and place, each once


def test_claim_release_and_a_colleague_who_has_it(
    submit: Submit, login: Login, people: dict[str, User], second_fo: User
) -> None:
    task = submit(SIP).tasks.get()
    fo, colleague = login("fo"), login("fo2")
    fo.post(reverse("cases:claim", args=[task.pk]))
    page = colleague.post(reverse("cases:claim", args=[task.pk]), follow=True).content.decode()
    assert "sedang dikerjakan Sri Misal" in page
    colleague.post(reverse("cases:release", args=[task.pk]))
    task.refresh_from_db()
    assert task.claimed_by == people["fo"]
    fo.post(reverse("cases:release", args=[task.pk]))
    task.refresh_from_db()
    assert task.claimed_by is None


def test_the_superior_hands_a_task_to_another_holder_only(
    submit: Submit, login: Login, people: dict[str, User], second_fo: User
) -> None:
    task = submit(SIP).tasks.get()
    actions.claim(task.pk, people["fo"], now=NOW)
    superior, url = login("kabid"), reverse("cases:reassign", args=[task.pk])
    page = superior.get(page_of(task)).content.decode()
    assert "Lina Perumpamaan" in page
    assert "9999010101900001" not in page  # the superior decides who works, which needs no NIK
    superior.post(url, {"kepada": str(people["skp"].pk)})
    task.refresh_from_db()
    assert task.claimed_by == people["fo"]
    superior.post(url, {"kepada": str(second_fo.pk)})
    task.refresh_from_db()
    assert task.claimed_by == second_fo
    assert login("skp").post(url, {"kepada": str(people["fo"].pk)}).status_code == 404


def test_a_note_is_kept_for_colleagues(submit: Submit, login: Login, people: dict[str, User]) -> None:
    case = submit(SIP)
    task, fo = case.tasks.get(), login("fo")
    page = fo.post(reverse("cases:task_note", args=[task.pk]), {"catatan": "Tolong cek STR"}, follow=True)
    assert "Tolong cek STR" in page.content.decode()
    assert case.notes.get().author == people["fo"]
    empty = fo.post(reverse("cases:task_note", args=[task.pk]), {"catatan": "  "}, follow=True)
    assert "Catatan masih kosong" in empty.content.decode()


def test_a_late_task_says_to_whom_it_climbed(submit: Submit, login: Login) -> None:
    task = submit(SIP).tasks.get()
    actions.climb(task.pk, now=task.due_at)
    page = login("fo").get(page_of(task)).content.decode()
    assert "sudah naik ke atasan: Kepala Bidang Perizinan" in page
    assert "9999010101900001" in login("kabid").get(page_of(task)).content.decode()


def test_a_session_that_ended_stores_nothing_and_goes_on_after_signing_in(
    submit: Submit, client: Client, people: dict[str, User]
) -> None:
    task = submit(SIP).tasks.get()
    url = reverse("cases:claim", args=[task.pk])
    answer = client.post(url)
    assert unquote(answer["Location"]) == f"/akun/login/?next={url}"
    assert "belum disimpan" in client.get(answer["Location"]).content.decode()
    task.refresh_from_db()
    assert task.claimed_by is None
    client.force_login(people["fo"])
    assert client.get(url)["Location"] == page_of(task)


def status_of(client: Client, method: str, url: str) -> int:
    return getattr(client, method)(url).status_code


@pytest.mark.parametrize("who", ["warga", "warga2", "dukcapil", "kesbangpol", "admin", None])
def test_what_is_not_theirs_does_not_exist(
    submit: Submit, login: Login, people: dict[str, User], who: str | None
) -> None:
    case = submit(SIP, people["warga"])
    task, attachment = case.tasks.get(), case.attachments.first()
    client = login(who) if who else Client()
    urls = [
        page_of(task),
        *(reverse(f"cases:{n}", args=[task.pk]) for n in ("claim", "release", "reassign", "task_note")),
    ]
    for url in urls:
        assert status_of(client, "post", url) == (404 if who else 302), url
    for url in (
        page_of(task),
        reverse("cases:officer_case", args=[case.number]),
        reverse("cases:officer_attachment", args=[case.number, attachment.pk]),
    ):
        assert status_of(client, "get", url) == (404 if who else 302), url
    task.refresh_from_db()
    assert (task.status, task.claimed_by) == ("open", None)


def test_an_officer_of_the_agency_sees_the_case_but_not_the_task(submit: Submit, login: Login) -> None:
    case = submit(SIP)
    task, verif = case.tasks.get(), login("verif")
    assert verif.get(page_of(task)).status_code == 404
    assert verif.get(reverse("cases:officer_case", args=[case.number])).status_code == 200


def test_the_page_works_in_english(submit: Submit, login: Login, people: dict[str, User]) -> None:
    task = submit(SIP).tasks.get()
    actions.claim(task.pk, people["fo"], now=NOW)
    fo = login("fo")
    fo.cookies["pendapa_language"] = "en"
    assert "Check that the file is complete" in fo.get(page_of(task)).content.decode()


def test_a_decimal_may_be_typed_with_a_comma(
    submit: Submit, login: Login, people: dict[str, User], do_task: Do
) -> None:
    case = submit(SIP)
    do_task(case, "periksa", "fo")
    task = case.tasks.get(element="cek_skp")
    actions.claim(task.pk, people["skp"], now=NOW)
    sent = {"/credits/verified_total": "44,5", "/credits/enough": "yes", "keputusan": "accept"}
    assert login("skp").post(page_of(task), sent).status_code == 302
    task.refresh_from_db()
    assert task.answers["form"]["/credits/verified_total"] == "44.5"
