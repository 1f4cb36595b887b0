"""The register under fifty signings at once: no number double, none missing."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, connections
from tests.web.conftest import NOW

from pendapa.web.accounts.models import User
from pendapa.web.cases.models import Task
from pendapa.web.cases.refusals import Refused
from pendapa.web.demo.logins import PASSPHRASE
from pendapa.web.events.chain import verify_case
from pendapa.web.signing import actions
from pendapa.web.signing.models import Document, RegisterEntry

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def fifty(letter: Callable[..., Task], people: dict[str, User]) -> list[Task]:
    tasks = [letter() for _ in range(50)]
    for task in tasks:
        actions.read_letter(task.pk, people["kadis"], now=NOW)
    return tasks


def test_fifty_signings_at_once_give_fifty_numbers_in_a_row(
    fifty: list[Task], people: dict[str, User]
) -> None:
    """Every seventh is given a wrong passphrase: its number stays, void, and the row has no hole."""
    start = threading.Barrier(50)

    def sign(at: int) -> bool:
        try:
            start.wait(60)
            actions.sign_task(
                fifty[at].pk,
                people["kadis"],
                "salah" if at % 7 == 0 else PASSPHRASE,
                now=NOW + timedelta(seconds=at),
            )
            return True
        except Refused:
            return False
        finally:
            connections.close_all()

    with ThreadPoolExecutor(50) as pool:
        done = list(pool.map(sign, range(50)))
    # 0, 7, ..., 49 are eight.
    assert done.count(False) == 8
    rows = list(RegisterEntry.objects.order_by("running"))
    assert [row.running for row in rows] == list(range(1, 51))
    assert len({row.number for row in rows}) == 50
    assert sum(1 for row in rows if row.status == "issued") == Document.objects.count() == 42
    assert all(row.reason for row in rows if row.status == "void")
    assert sum(1 for row in rows if row.status == "void") == 8
    for task in fifty[:10]:
        task.case.refresh_from_db()
        assert list(verify_case(task.case)) == []


def test_one_letter_signed_ten_times_at_once_is_signed_once(
    letter: Callable[..., Task], people: dict[str, User]
) -> None:
    task = letter()
    for who in ("kadis", "plt"):
        actions.read_letter(task.pk, people[who], now=NOW)
    start = threading.Barrier(10)

    def sign(at: int) -> str:
        try:
            start.wait(60)
            actions.sign_task(task.pk, people["kadis" if at % 2 else "plt"], PASSPHRASE, now=NOW)
            return "signed"
        except Refused as refused:
            return str(refused)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(sign, range(10)))
    assert answers.count("signed") == 1
    assert all("sudah ditandatangani" in a for a in answers if a != "signed")
    assert Document.objects.count() == 1
    entries = list(RegisterEntry.objects.order_by("running"))
    assert [e.running for e in entries] == list(range(1, len(entries) + 1))
    assert [e.status for e in entries].count("issued") == 1
    assert all(e.status == "void" and e.reason for e in entries if e.status != "issued")


@pytest.mark.django_db
def test_the_database_itself_refuses_a_double_number(
    letter: Callable[..., Task], people: dict[str, User]
) -> None:
    from django.db import IntegrityError, transaction

    task = letter()
    actions.read_letter(task.pk, people["kadis"], now=NOW)
    entry = actions.sign_task(task.pk, people["kadis"], PASSPHRASE, now=NOW).entry
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO signing_registerentry (agency_id, letter_class, year, running, number, subject, status, "
            "reason, taken_at) SELECT agency_id, letter_class, year, running, 'x', subject, status, reason, taken_at "
            "FROM signing_registerentry WHERE id = %s",
            [entry.pk],
        )
