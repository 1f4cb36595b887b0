"""The outbox: what became of cases that another government decides, and sending again what was given up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from tests.web.conftest import NOW

from pendapa.web.cases import handovers
from pendapa.web.cases.models import Case, Handover

CARD = "perubahan-data-kk"
Login = Callable[[str], Client]


class Unreachable:
    """An outside system that is away."""

    name = "SIAK (mati)"

    def send(self, case: Case) -> str:
        raise handovers.NotReachable("sistem tidak menjawab")

    def ask(self, outside_number: str, sent_at: object, now: object) -> None:
        raise handovers.NotReachable("sistem tidak menjawab")


@pytest.fixture
def row(submit: Callable[..., Case], do_task: Callable[..., Case]) -> Handover:
    case = submit(CARD)
    do_task(case, "periksa", "dukcapil")
    return case.handovers.get()


@pytest.fixture
def failed(row: Handover, monkeypatch: pytest.MonkeyPatch) -> Handover:
    """Given up after the most tries."""
    monkeypatch.setitem(handovers.ADAPTERS, row.adapter, Unreachable())
    now = NOW
    for _ in range(handovers.MOST_ATTEMPTS):
        handovers.deliver(row.pk, now=now)
        row.refresh_from_db()
        now = max(now + timedelta(seconds=1), row.next_try_at)
    assert row.status == "failed"
    return row


def test_the_outbox_says_where_each_case_stands(row: Handover, login: Login) -> None:
    dukcapil = login("dukcapil")
    waiting = dukcapil.get("/kotak-keluar/").content.decode()
    assert row.case.number in waiting
    assert "Menunggu dikirim" in waiting
    handovers.deliver(row.pk, now=NOW)
    row.refresh_from_db()
    sent = dukcapil.get("/kotak-keluar/").content.decode()
    assert row.outside_number in sent
    handovers.deliver(row.pk, now=NOW + timedelta(hours=5))
    row.refresh_from_db()
    word = {"done": "Dikabulkan", "rejected": "Ditolak"}[row.outside_status]
    assert word in dukcapil.get("/kotak-keluar/", {"saring": "answered"}).content.decode()
    assert row.case.number not in dukcapil.get("/kotak-keluar/", {"saring": "failed"}).content.decode()


def test_other_agencies_have_an_outbox_of_their_own(row: Handover, login: Login) -> None:
    assert row.case.number not in login("fo").get("/kotak-keluar/").content.decode()


def test_what_was_given_up_shows_its_error_and_is_sent_again(failed: Handover, login: Login) -> None:
    dukcapil = login("dukcapil")
    page = dukcapil.get("/kotak-keluar/").content.decode()
    assert "sistem tidak menjawab" in page
    assert "Kirim ulang" in page
    queued = failed.case.events.filter(kind="handover.queued").count()
    dukcapil.post(reverse("cases:message_resend", args=[failed.pk]))
    failed.refresh_from_db()
    assert (failed.status, failed.attempts) == ("waiting", 0)
    assert failed.case.events.filter(kind="handover.queued").count() == queued + 1


def test_what_is_under_way_is_not_sent_twice(row: Handover, login: Login) -> None:
    answer = login("dukcapil").post(reverse("cases:message_resend", args=[row.pk]), follow=True)
    assert "tidak sedang gagal" in answer.content.decode()
    row.refresh_from_db()
    assert row.status == "waiting"


@pytest.mark.parametrize(("who", "status"), [("fo", 404), ("warga", 404), ("admin", 404), (None, 302)])
def test_nobody_else_sends_it_again(failed: Handover, login: Login, who: str | None, status: int) -> None:
    client = login(who) if who else Client()
    assert client.post(reverse("cases:message_resend", args=[failed.pk])).status_code == status
    failed.refresh_from_db()
    assert failed.status == "failed"
