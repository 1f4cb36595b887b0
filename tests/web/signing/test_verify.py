"""/verify: genuine, changed, revoked, unknown, by code and by file; and who may have the file."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from tests.web.conftest import NOW

from pendapa.web.accounts.models import User
from pendapa.web.cases import access, uploads
from pendapa.web.cases.actions import fire_timer
from pendapa.web.cases.models import Case, Task
from pendapa.web.demo.logins import PASSPHRASE
from pendapa.web.events.models import PersonalReading
from pendapa.web.signing import actions
from pendapa.web.signing.models import Document

Login = Callable[[str], Client]
REASON = "Terbit karena salah data (contoh)"


@pytest.fixture
def document(letter: Callable[..., Task], people: dict[str, User]) -> Document:
    """A signed research letter of the demo's citizen."""
    task = letter(people["warga"])
    actions.read_letter(task.pk, people["kadis"], now=NOW)
    return actions.sign_task(task.pk, people["kadis"], PASSPHRASE, now=NOW)


def test_a_decision_by_silence_is_revoked_by_the_head_of_the_agency_alone(
    submit: Callable[..., Case], login: Login
) -> None:
    case = submit("surat-keterangan-penelitian")
    timer = case.timers.get(status="set")
    fire_timer(timer.pk, now=timer.due_at)
    token = case.tokens.get(waiting="effect")
    document = actions.issue_deemed_decision(case.pk, token.element, token.instance, now=timer.due_at)
    assert document is not None
    url = reverse("signing:revoke", args=[document.code])
    for who in ("kabid", "fo", "dukcapil"):
        assert login(who).post(url, {"alasan": REASON}).status_code == 404
    assert login("kadis").post(url, {"alasan": REASON}).status_code == 302
    assert "sudah dicabut" in Client().get(f"/verify/{document.code}/").content.decode()


def ask(content: bytes) -> str:
    file = io.BytesIO(content)
    file.name = "surat.pdf"
    answer = Client().post("/verify/", {"cara": "berkas", "berkas": file})
    assert answer.status_code == 200
    return answer.content.decode()


def signed(document: Document) -> bytes:
    return uploads.read_sealed(document.stored_as)


def test_a_code_tells_the_facts_without_names(document: Document) -> None:
    page = Client().get(f"/verify/{document.code}/").content.decode()
    assert "Dokumen ini asli" in page
    assert document.entry.number in page
    assert document.signer_title in page
    assert document.signer_name not in page
    assert document.case.applicant_name not in page


def test_the_address_in_the_qr_code_leads_there(document: Document) -> None:
    answer = Client().get(f"/verify/{document.code}", follow=True)
    assert "Dokumen ini asli" in answer.content.decode()


def test_a_typed_code_may_have_blanks_dashes_and_small_letters(document: Document) -> None:
    typed = f" {document.code[:4].lower()}-{document.code[4:]} "
    answer = Client().post("/verify/", {"cara": "kode", "kode": typed}, follow=True)
    assert document.entry.number in answer.content.decode()


def test_an_unknown_code(document: Document) -> None:
    assert "tidak dikenal" in Client().get("/verify/ZZZZZZZZZZZZ/").content.decode()


def test_the_file_as_signed_is_genuine(document: Document) -> None:
    page = ask(signed(document))
    assert "Dokumen ini asli" in page
    assert document.entry.number in page


def test_one_changed_byte_is_told_and_the_original_named(document: Document) -> None:
    content = bytearray(signed(document))
    # A byte of the page's own content, far from signature and cross references.
    at = content.index(b"stream") + 40
    content[at] ^= 1
    page = ask(bytes(content))
    assert "sudah berubah" in page
    assert "Dokumen ini asli" not in page


def test_something_appended_is_a_change(document: Document) -> None:
    assert "sudah berubah" in ask(signed(document) + b"\n% ditambah\n")


@pytest.mark.parametrize("content", [b"%PDF-1.4 bukan dari sini", b"MZ program"])
def test_a_file_from_elsewhere_is_unknown(document: Document, content: bytes) -> None:
    assert "tidak dikenal" in ask(content)


def test_a_revoked_document_says_so_with_reason_both_ways(
    document: Document, people: dict[str, User]
) -> None:
    actions.revoke(document.pk, people["kadis"], REASON, now=NOW)
    for page in (Client().get(f"/verify/{document.code}/").content.decode(), ask(signed(document))):
        assert "sudah dicabut" in page
        assert REASON in page


def test_the_position_that_signed_revokes_with_a_reason(document: Document, login: Login) -> None:
    url, kadis = reverse("signing:revoke", args=[document.code]), login("kadis")
    assert kadis.post(url, {"alasan": "  "}).status_code == 422
    assert kadis.post(url, {"alasan": REASON}).status_code == 302
    document.refresh_from_db()
    assert (document.status, document.entry.status, document.revoke_reason) == ("revoked", "revoked", REASON)
    again = kadis.post(url, {"alasan": REASON})
    assert "sudah dicabut" in again.content.decode()


@pytest.mark.parametrize(
    ("who", "status"),
    [("fo", 404), ("kabid", 404), ("dukcapil", 404), ("warga", 404), ("admin", 404), (None, 302)],
)
def test_nobody_else_revokes(document: Document, login: Login, who: str | None, status: int) -> None:
    client = login(who) if who else Client()
    answer = client.post(reverse("signing:revoke", args=[document.code]), {"alasan": REASON})
    assert answer.status_code == status
    document.refresh_from_db()
    assert document.status == "valid"


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("warga", 200),
        ("kadis", 200),
        ("fo", 200),
        ("warga2", 404),
        ("dukcapil", 404),
        ("admin", 404),
        (None, 404),
    ],
)
def test_the_file_is_for_its_applicant_and_the_agency(
    document: Document, login: Login, who: str | None, status: int
) -> None:
    client = login(who) if who else Client()
    answer = client.get(reverse("signing:document_pdf", args=[document.code]))
    assert answer.status_code == status
    if status == 200:
        assert answer.content == signed(document)
    assert PersonalReading.objects.filter(what="document").count() == (1 if who in ("kadis", "fo") else 0)


def test_who_was_let_in_by_the_code_of_the_case_has_the_file_too(document: Document) -> None:
    client = Client()
    session = client.session
    access.grant_case(session, document.case_id)
    session.save()
    assert client.get(reverse("signing:document_pdf", args=[document.code])).status_code == 200


@pytest.mark.parametrize(
    ("who", "status"), [("fo", 200), ("kadis", 200), ("warga", 404), ("dukcapil", 404), ("admin", 404)]
)
def test_the_documents_page_is_for_the_agency(
    document: Document, login: Login, who: str, status: int
) -> None:
    assert login(who).get(reverse("signing:document", args=[document.code])).status_code == status


def test_asking_for_codes_is_limited(document: Document) -> None:
    client = Client()
    codes = [client.get("/verify/AAAAAAAAAAAA/").status_code for _ in range(41)]
    assert codes == [200] * 40 + [429]


def test_a_form_without_anything_says_what_to_do(document: Document) -> None:
    for sent in ({"cara": "kode"}, {"cara": "berkas"}):
        answer = Client().post("/verify/", sent)
        assert answer.status_code == 422
        assert "error-summary" in answer.content.decode()
