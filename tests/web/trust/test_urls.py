"""Every address has an access rule: the walk over the resolver, six people, one table."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from tests.web.trust.conftest import ACTORS, LETTER, SIP, Office
from tests.web.trust.routes import ALL, Expected, Row

from pendapa.web.accounts.models import User

PRIVATE_DATA = ("9999010101", "0812")  # how the invented identity and telephone numbers begin


def routes(resolver: Any, prefix: str = "") -> Iterator[str]:
    """Every route of the site, also those that libraries bring."""
    for pattern in resolver.url_patterns:
        here = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern, here)
        else:
            assert isinstance(pattern, URLPattern)
            yield here


def test_every_route_has_a_row_and_every_row_a_route() -> None:
    there, told = set(routes(get_resolver())), {row.route for row in ALL}
    assert there - told == set(), "routes without an access rule: add rows to routes.py"
    assert told - there == set(), "rows of routes that are gone"


def keys(office: Office, people: dict[str, User]) -> dict[str, object]:
    return {
        "slug": SIP,
        "number": office.case.number,
        "signed": office.signed.number,
        "billed": office.bill.case.number,
        "bill": office.bill.pk,
        "code": office.document.code,
        "attachment": office.attachment.pk,
        "draft": office.draft.pk,
        "draft_attachment": office.draft_attachment.pk,
        "task": office.task.pk,
        "letter": office.letter.pk,
        "handover": office.handover.pk,
        "message": office.message.pk,
        "person": office.person.pk,
        "invited": office.invited.pk,
        "applicant": people["warga"].pk,
        "placement": office.placement.pk,
        "moving": LETTER,
        "move": office.move.pk,
    }


def ask(user: User | None, row: Row, address: str) -> Any:
    """Send one request in a browser of its own; what it changed is undone."""
    browser = Client(raise_request_exception=False)
    before = transaction.savepoint()
    if user is not None:
        browser.force_login(user)
    answer = getattr(browser, row.method)(address)
    transaction.savepoint_rollback(before)
    return answer


def fits(answer: Any, expected: Expected, address: str, known: dict[str, object]) -> bool:
    if isinstance(expected, int):
        return bool(answer.status_code == expected)
    leads_to = answer.headers.get("Location", "")
    if expected == "in":
        return bool(answer.status_code == 302 and leads_to.startswith("/akun/login/?next=/")) or bool(
            answer.status_code == 302 and leads_to.startswith("/akun/login/?next=%2F")
        )
    return bool(answer.status_code == 302 and leads_to.startswith(expected.format(**known)))


@pytest.mark.parametrize("actor", ACTORS)
def test_everyone_gets_what_the_table_says(office: Office, people: dict[str, User], actor: str) -> None:
    known = keys(office, people)
    place = list(ACTORS).index(actor)
    user = people[ACTORS[actor]] if ACTORS[actor] else None
    wrong = []
    for row in ALL:
        address = row.address.format(**known)
        answer = ask(user, row, address)
        if not fits(answer, row.gets[place], address, known):
            got = answer.headers.get("Location") or answer.status_code
            wrong.append(f"{row.method.upper()} {address}: {got} instead of {row.gets[place]}")
    assert wrong == []


# Addresses that name one thing of somebody else's, and the same for a thing that never was.
GUESSES = [
    ("/draf/{draft}/", f"/draf/{uuid.uuid4()}/"),
    ("/draf/{draft}/1/", f"/draf/{uuid.uuid4()}/1/"),
    ("/berkas/{number}/", "/berkas/SIP-2026-999999/"),
    ("/berkas/{number}/tanda-terima.pdf", "/berkas/SIP-2026-999999/tanda-terima.pdf"),
    ("/kasus/{number}/", "/kasus/SIP-2026-999999/"),
    ("/tugas/{letter}/", "/tugas/999999/"),
    ("/tanda-tangan/{letter}/", "/tanda-tangan/999999/"),
    ("/dokumen/{code}.pdf", "/dokumen/ABCDEFGHJKMN.pdf"),
    ("/kelola/orang/{person}/", "/kelola/orang/999999/"),
]


@pytest.mark.parametrize("actor", ["warga2", "kesbangpol", ""])
def test_what_is_not_yours_cannot_be_told_from_what_never_was(
    office: Office, people: dict[str, User], actor: str
) -> None:
    known = keys(office, people)
    user = people[actor] if actor else None
    for theirs, never in GUESSES:
        address = theirs.format(**known)
        one, other = (ask(user, Row("", "get", a, ()), a) for a in (address, never))
        assert one.status_code == other.status_code, address
        if one.status_code == 404:
            assert one.content == other.content, address


def test_administrators_pages_hold_no_personal_data_of_cases(office: Office, people: dict[str, User]) -> None:
    known = keys(office, people)
    for row in ALL:
        if row.gets[4] == 200 and row.route.startswith("kelola/") and row.method == "get":
            page = ask(people["admin"], row, row.address.format(**known)).content.decode()
            for private in (*PRIVATE_DATA, office.case.applicant_name, office.case.applicant_email or "-@-"):
                assert private not in page, row.address


# --- a session that is over ------------------------------------------------------------------------
def test_after_an_expired_session_one_signs_in_and_goes_on(office: Office, people: dict[str, User]) -> None:
    browser = Client()
    browser.force_login(people["warga"])
    assert browser.get("/berkas/").status_code == 200
    browser.session.flush()
    gone = browser.get("/berkas/")
    assert gone.headers["Location"] == "/akun/login/?next=/berkas/"
    back = browser.post(
        gone.headers["Location"], {"login": "warga", "password": "pendapa-contoh-2026", "next": "/berkas/"}
    )
    assert back.headers["Location"] == "/berkas/"
    assert browser.get("/berkas/").status_code == 200


def test_a_form_sent_after_the_session_ended_is_not_stored_and_that_is_said(
    office: Office, people: dict[str, User]
) -> None:
    browser = Client()
    browser.force_login(people["admin"])
    form = "/kelola/orang/undang/"
    browser.session.flush()
    before = User.objects.count()
    given = {"name": "Lia", "email": "l@contoh.example", "person_kind": "officer", "kind": "definitive"}
    answer = browser.post(form, given, headers={"Referer": f"http://testserver{form}?dari=daftar"})
    assert answer.headers["Location"] == "/akun/login/?next=%2Fkelola%2Forang%2Fundang%2F%3Fdari%3Ddaftar"
    assert "isian tadi belum disimpan" in browser.get(answer.headers["Location"]).content.decode()
    assert User.objects.count() == before


def test_the_way_back_never_leads_off_the_site(office: Office, people: dict[str, User]) -> None:
    answer = Client().post("/kelola/orang/undang/", {}, headers={"Referer": "http://jahat.invalid/umpan/"})
    assert answer.headers["Location"] == "/akun/login/?next=%2Fkelola%2Forang%2Fundang%2F"
    lured = Client().post(
        "/akun/login/?next=//jahat.invalid/", {"login": "warga", "password": "pendapa-contoh-2026"}
    )
    assert "jahat" not in lured.headers["Location"]


def test_every_write_needs_the_mark_against_forged_forms(office: Office, people: dict[str, User]) -> None:
    known = keys(office, people)
    for row in ALL:
        if row.method != "post":
            continue
        browser = Client(enforce_csrf_checks=True)
        browser.force_login(people["admin" if row.route.startswith("kelola/") else "fo"])
        answer = browser.post(row.address.format(**known))
        assert answer.status_code == 403, row.address
        assert "Halaman tadi sudah terlalu lama terbuka" in answer.content.decode()


def test_security_headers_and_policy_stand_on_every_page(office: Office, people: dict[str, User]) -> None:
    known = keys(office, people)
    for row in ALL:
        for actor, expected in zip(ACTORS, row.gets, strict=True):
            if expected != 200 or row.method != "get":
                continue
            user = people[ACTORS[actor]] if ACTORS[actor] else None
            answer = ask(user, row, row.address.format(**known))
            policy = answer.headers["Content-Security-Policy"]
            assert "default-src 'none'" in policy, row.address
            assert "script-src 'self'" in policy, row.address
            assert "unsafe" not in policy, row.address
            assert "frame-ancestors 'none'" in policy, row.address
            assert answer.headers["X-Frame-Options"] == "DENY", row.address
            assert answer.headers["X-Content-Type-Options"] == "nosniff", row.address
            assert answer.headers["Referrer-Policy"] == "same-origin", row.address
            if answer.headers["Content-Type"].startswith("text/html"):
                body = answer.content.decode()
                assert " style=" not in body, row.address
                assert "<script" not in body or "src=" in body, row.address
            break  # one person a page is enough
