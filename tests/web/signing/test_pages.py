"""The tray, the letter, the register: who may sign what, and what each failure leaves behind."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader
from tests.web.conftest import NOW

from pendapa.signatures import SignerUnavailable
from pendapa.web.accounts.models import User
from pendapa.web.cases import uploads
from pendapa.web.cases.models import Case, Task
from pendapa.web.demo.logins import PASSPHRASE
from pendapa.web.events.models import PersonalReading
from pendapa.web.organisation.models import Placement
from pendapa.web.signing import actions, register
from pendapa.web.signing.models import Document, LetterReading, RegisterEntry

Login = Callable[[str], Client]
Letters = Callable[..., Task]
TRAY = "/tanda-tangan/"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[object], None]:
    """Set the time that pages see."""

    def at(now: object) -> None:
        monkeypatch.setattr("pendapa.web.signing.views.timezone.now", lambda: now)

    at(NOW)
    return at


@pytest.fixture(autouse=True)
def _at_now(clock: Callable[[object], None]) -> None:
    pass


def url(name: str, task: Task) -> str:
    return reverse(f"signing:{name}", args=[task.pk])


def test_a_letter_is_opened_then_ticked_then_signed(
    letter: Letters, login: Login, people: dict[str, User]
) -> None:
    task, kadis = letter(), login("kadis")
    tick = f'value="{task.pk}"'
    page = kadis.get(TRAY).content.decode()
    assert task.case.number in page
    assert tick not in page
    assert "Belum dibaca" in page
    pdf = kadis.get(url("letter_pdf", task))
    assert pdf.content.startswith(b"%PDF-")
    assert LetterReading.objects.get().reader == people["kadis"]
    assert tick in kadis.get(TRAY).content.decode()
    answer = kadis.post("/tanda-tangan/banyak/", {"surat": [task.pk], "frasa": PASSPHRASE}, follow=True)
    assert "1 surat ditandatangani" in answer.content.decode()
    document = Document.objects.get()
    assert (document.signer, document.entry.status) == (people["kadis"], "issued")
    task.case.refresh_from_db()
    assert task.case.status == "issued"


def test_keys_above_a_thousand_are_not_written_with_a_point(letter: Letters, login: Login) -> None:
    task, kadis = letter(), login("kadis")
    Task.objects.filter(pk=task.pk).update(id=1_234_567)
    moved = Task.objects.get(pk=1_234_567)
    kadis.get(url("letter_pdf", moved))
    assert 'value="1234567"' in kadis.get(TRAY).content.decode()


def test_a_letter_not_read_is_not_signed_whatever_is_sent(letter: Letters, login: Login) -> None:
    task, kadis = letter(), login("kadis")
    answer = kadis.post(url("sign", task), {"frasa": PASSPHRASE})
    assert answer.status_code == 422
    assert "Buka dan baca surat ini dahulu" in answer.content.decode()
    many = kadis.post("/tanda-tangan/banyak/", {"surat": [task.pk], "frasa": PASSPHRASE}, follow=True)
    assert "Buka dan baca surat ini dahulu" in many.content.decode()
    assert not RegisterEntry.objects.exists()


def test_a_letter_that_changed_after_reading_must_be_read_again(letter: Letters, login: Login) -> None:
    task, kadis = letter(), login("kadis")
    kadis.get(url("letter_pdf", task))
    case = task.case
    path = next(p for p, v in case.answers.items() if p.endswith("/name") and v)
    case.answers = {**case.answers, path: "Orang Lain Contoh"}
    case.save(update_fields=["answers"])
    assert f'value="{task.pk}"' not in kadis.get(TRAY).content.decode()
    assert kadis.post(url("sign", task), {"frasa": PASSPHRASE}).status_code == 422
    assert not RegisterEntry.objects.exists()


def test_a_wrong_passphrase_is_told_and_its_number_stays_void(letter: Letters, login: Login) -> None:
    task, kadis = letter(), login("kadis")
    kadis.get(url("letter_pdf", task))
    answer = kadis.post(url("sign", task), {"frasa": "bukan frasanya"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Frasa sandi tanda tangan salah" in page
    assert "bukan frasanya" not in page
    entry = RegisterEntry.objects.get()
    assert (entry.status, entry.running) == ("void", 1)
    shown = kadis.get("/register/").content.decode()
    assert entry.number in shown
    assert "Frasa sandi tanda tangan salah" in shown
    assert kadis.post(url("sign", task), {"frasa": PASSPHRASE}).status_code == 302
    assert list(RegisterEntry.objects.order_by("running").values_list("running", "status")) == [
        (1, "void"),
        (2, "issued"),
    ]


def test_a_signer_that_does_not_answer_leaves_a_void_number(
    letter: Letters, login: Login, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Away:
        def sign(self, pdf: bytes, request: object) -> bytes:
            raise SignerUnavailable

    task, kadis = letter(), login("kadis")
    kadis.get(url("letter_pdf", task))
    with monkeypatch.context() as patch:
        patch.setattr(actions, "national_signer", Away)
        answer = kadis.post(url("sign", task), {"frasa": PASSPHRASE})
    assert "tidak dapat dihubungi" in answer.content.decode()
    entry = RegisterEntry.objects.get()
    assert (entry.status, "tidak dapat dihubungi" in entry.reason) == ("void", True)
    assert kadis.post(url("sign", task), {"frasa": PASSPHRASE}).status_code == 302


def test_a_crash_while_signing_leaves_a_void_number(
    letter: Letters, people: dict[str, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    task = letter()
    actions.read_letter(task.pk, people["kadis"], now=NOW)
    with monkeypatch.context() as patch:
        patch.setattr(uploads, "write_sealed", lambda content: (_ for _ in ()).throw(OSError(28, "no space")))
        with pytest.raises(OSError, match="no space"):
            actions.sign_task(task.pk, people["kadis"], PASSPHRASE, now=NOW)
    entry = RegisterEntry.objects.get()
    assert (entry.status, entry.reason) == ("void", "Penandatanganan gagal (OSError)")
    assert not Document.objects.exists()


def test_a_process_killed_between_number_and_signature_is_cleaned_up_later(letter: Letters) -> None:
    task = letter()
    made = actions.letter_of_task(task, now=NOW)
    entry = register.take_number(task.agency, made.letter_class, subject=made.title, case=task.case, now=NOW)
    assert register.void_interrupted(now=NOW + register.INTERRUPTED_AFTER - timedelta(seconds=1)) == 0
    assert register.void_interrupted(now=NOW + register.INTERRUPTED_AFTER) == 1
    entry.refresh_from_db()
    assert (entry.status, entry.reason) == ("void", "Penandatanganan terputus sebelum selesai")
    assert task.case.events.filter(kind="number.voided").count() == 1


def test_an_acting_head_signs_within_the_decrees_dates_only(
    letter: Letters, login: Login, clock: Callable[[object], None], people: dict[str, User]
) -> None:
    task, acting = letter(), login("plt")
    decree = Placement.objects.get(user=people["plt"], kind="plh")
    page = acting.get(url("letter", task)).content.decode()
    assert "Plh. Kepala Dinas Penanaman Modal" in page
    assert decree.decree in page
    last_day = decree.period.upper - timedelta(days=1)
    clock(NOW + (last_day - NOW.date()))
    assert login("plt").get(url("letter", task)).status_code == 200
    clock(NOW + (decree.period.upper - NOW.date()))
    after = login("plt")
    assert after.get(url("letter", task)).status_code == 404
    assert after.post(url("sign", task), {"frasa": PASSPHRASE}).status_code == 404
    assert task.case.number not in after.get(TRAY).content.decode()
    clock(NOW - (NOW.date() - decree.period.lower) - timedelta(days=1))
    assert login("plt").get(url("letter", task)).status_code == 404
    clock(NOW)
    acting = login("plt")
    acting.get(url("letter_pdf", task))
    acting.post(url("sign", task), {"frasa": PASSPHRASE})
    document = Document.objects.get()
    assert (document.acted_as, document.signer_title[:18]) == ("plh", "Plh. Kepala Dinas ")


def test_of_several_letters_one_that_fails_leaves_the_others_signed(
    letter: Letters, login: Login, people: dict[str, User]
) -> None:
    tasks, kadis = [letter() for _ in range(3)], login("kadis")
    for task in tasks:
        kadis.get(url("letter_pdf", task))
    # The second is taken by the acting head in the meantime.
    Task.objects.filter(pk=tasks[1].pk).update(claimed_by=people["plt"])
    answer = kadis.post(
        "/tanda-tangan/banyak/", {"surat": [t.pk for t in tasks], "frasa": PASSPHRASE}, follow=True
    )
    page = answer.content.decode()
    assert "2 surat ditandatangani, 1 tidak" in page
    assert "sedang dipegang orang lain" in page
    assert set(Document.objects.values_list("task", flat=True)) == {tasks[0].pk, tasks[2].pk}
    assert list(RegisterEntry.objects.order_by("running").values_list("running", "status")) == [
        (1, "issued"),
        (2, "issued"),
    ]


def test_a_wrong_passphrase_in_bulk_costs_one_number_only(letter: Letters, login: Login) -> None:
    tasks, kadis = [letter() for _ in range(3)], login("kadis")
    for task in tasks:
        kadis.get(url("letter_pdf", task))
    page = kadis.post(
        "/tanda-tangan/banyak/", {"surat": [t.pk for t in tasks], "frasa": "salah"}, follow=True
    )
    assert page.content.decode().count("Belum dicoba") == 2
    assert RegisterEntry.objects.count() == 1


@pytest.mark.parametrize(
    ("sent", "says"), [({}, "Pilih sedikitnya satu surat"), ({"surat": ["1"]}, "Isi frasa sandi")]
)
def test_nothing_chosen_or_no_passphrase_is_said_on_the_tray(
    letter: Letters, login: Login, sent: dict[str, object], says: str
) -> None:
    letter()
    answer = login("kadis").post("/tanda-tangan/banyak/", sent)
    assert (answer.status_code, says in answer.content.decode()) == (422, True)


def test_guessing_passphrases_is_slowed_down(letter: Letters, login: Login) -> None:
    task, kadis = letter(), login("kadis")
    codes = [kadis.post(url("sign", task), {"frasa": "x"}).status_code for _ in range(13)]
    assert codes == [422] * 12 + [429]


def test_a_letter_goes_back_with_a_reason(letter: Letters, login: Login) -> None:
    task, kadis = letter(), login("kadis")
    assert kadis.post(url("send_back", task), {"pesan": " "}).status_code == 422
    assert kadis.post(url("send_back", task), {"pesan": "Judul penelitian salah ketik"}).status_code == 302
    again = task.case.tasks.get(status="open")
    assert again.element == "periksa"
    page = login("verif").get(reverse("cases:task", args=[again.pk])).content.decode()
    assert "Judul penelitian salah ketik" in page


def test_opening_a_letter_is_written_down(letter: Letters, login: Login, people: dict[str, User]) -> None:
    task = letter()
    login("kadis").get(url("letter", task))
    row = PersonalReading.objects.get(what="letter")
    assert (row.reader, row.position) == (people["kadis"].key, "DPMPTSP-KADIS")


def test_the_refusal_letter_says_fact_law_and_what_one_can_do(
    submit: Callable[..., Case], do_task: Callable[..., Case], login: Login
) -> None:
    case = submit("izin-praktik-bidan-perawat")
    for element, who in (("periksa", "fo"), ("cek_skp", "skp"), ("cek_tempat", "tempat")):
        do_task(case, element, who)
    fact, law = "Ruang praktik belum ada pada saat kunjungan", "Pasal 12 aturan contoh"
    do_task(case, "telaah", "kabid", result="refuse", reason_fact=fact, reason_law=law)
    task, kadis = case.tasks.get(status="open"), login("kadis")
    kadis.get(url("letter_pdf", task))
    assert kadis.post(url("sign", task), {"frasa": PASSPHRASE}).status_code == 302
    pages = PdfReader(io.BytesIO(uploads.read_sealed(case.documents.get().stored_as))).pages
    text = " ".join(" ".join(page.extract_text() for page in pages).split())
    assert fact in text
    assert law in text
    assert "keberatan secara tertulis" in text
    assert "21 hari kerja" in text


@pytest.mark.parametrize("who", ["warga", "warga2", "fo", "kabid", "skp", "dukcapil", "admin", None])
def test_only_who_holds_the_position_sees_and_signs_its_letters(
    letter: Letters, login: Login, people: dict[str, User], who: str | None
) -> None:
    task = letter(people["warga"])
    client = login(who) if who else Client()
    expected = 404 if who else 302
    for name in ("letter", "letter_pdf"):
        assert client.get(url(name, task)).status_code == expected
    for name in ("sign", "send_back"):
        assert client.post(url(name, task), {"frasa": PASSPHRASE, "pesan": "x"}).status_code == expected
    task.refresh_from_db()
    assert task.status == "open"
    assert not LetterReading.objects.exists()


@pytest.mark.parametrize(
    ("who", "status"), [("warga", 404), ("admin", 404), (None, 302), ("fo", 200), ("kadis", 200)]
)
@pytest.mark.parametrize("address", [TRAY, "/register/", "/kotak-keluar/"])
def test_lists_are_for_officers(
    login: Login, people: dict[str, User], who: str | None, status: int, address: str
) -> None:
    client = login(who) if who else Client()
    assert client.get(address).status_code == status


def test_a_letter_that_ran_late_can_be_seen_but_not_signed_by_the_superior(
    letter: Letters, people: dict[str, User], login: Login
) -> None:
    from pendapa.web.cases.actions import climb

    task = letter()
    climb(task.pk, now=task.due_at)
    task.refresh_from_db()
    assert task.climbed_to.code == "SEKDA"
    client = login("sekda")
    assert client.get(reverse("cases:task", args=[task.pk])).status_code == 200
    assert client.get(url("letter_pdf", task)).status_code == 404
    assert client.post(url("sign", task), {"frasa": PASSPHRASE}).status_code == 404
