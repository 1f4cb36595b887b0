"""A holiday declared late moves promises, and everybody who relied on one hears of it; unknown holidays may."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.test import Client
from tests.web.conftest import NOW

from pendapa.regency.faults import Report
from pendapa.regency.records import Regency
from pendapa.web.accounts.models import User
from pendapa.web.cases.calendar_changes import recompute_open_cases
from pendapa.web.cases.models import Case, DueMove, Task
from pendapa.web.events.chain import Actor, verify_case
from pendapa.web.events.models import Event
from pendapa.web.notifications.actions import word
from pendapa.web.notifications.models import Message
from pendapa.web.organisation.models import Publication
from pendapa.web.organisation.publishing import publish

SIP = "izin-praktik-bidan-perawat"
LETTER = "surat-keterangan-penelitian"
WEDNESDAY = {
    "date": "2026-11-25", "name": "Hari pemungutan suara", "kind": "national", "agency": "",
    "source": "contoh", "status": "to be confirmed",
}  # fmt: skip
Load = Callable[[list[dict[str, str]]], list[str]]


@pytest.fixture
def load(tegal: None, regency_as_read: tuple[Regency, Report]) -> Load:
    """Publish Tegal with these holidays and set its clocks anew, as `pendapa load` does."""
    regency, report = regency_as_read

    def again(rows: list[dict[str, str]]) -> list[str]:
        other = dataclasses.replace(regency, holiday_rows=tuple(rows))
        done = publish(other, report, now=NOW, actor=Actor(channel="test"))
        return recompute_open_cases(now=NOW, publication=done.publication)

    return again


@pytest.fixture
def listed(regency_as_read: tuple[Regency, Report]) -> list[dict[str, str]]:
    return [dict(row) for row in regency_as_read[0].holiday_rows]


def test_the_case_its_tasks_and_its_timers_move(
    submit: Callable[..., Case], do_task: Callable[..., Case], load: Load, listed: list[dict[str, str]]
) -> None:
    licence, letter = submit(SIP), submit(LETTER)
    do_task(licence, "periksa", "fo")
    letter_due = letter.due_at
    assert sorted(load([*listed, WEDNESDAY])) == sorted([licence.number, letter.number])
    licence.refresh_from_db()
    letter.refresh_from_db()
    # Received on Monday 23 November (day 0); five working days were 24-27 and 30 November. Without the 25th they are
    # 24, 26, 27, 30 November and Tuesday 1 December, which closes at 16.00, that is 09.00 UTC.
    assert licence.due_at == datetime(2026, 12, 1, 9, tzinfo=UTC)
    # Its two checks have two working days from the 23rd: 24 and 26 instead of 24 and 25. Thursday closes at 16.00.
    checks = Task.objects.filter(case=licence, status="open")
    assert {task.due_at for task in checks} == {datetime(2026, 11, 26, 9, tzinfo=UTC)}
    timer = letter.timers.get(status="set")
    assert timer.due_at == letter.due_at
    assert letter.due_at != letter_due
    assert list(verify_case(licence)) == []


def test_the_applicant_hears_of_it_and_the_chain_says_from_when_to_when(
    submit: Callable[..., Case], people: dict[str, User], load: Load, listed: list[dict[str, str]]
) -> None:
    case = submit(SIP, people["warga"])
    load([*listed, WEDNESDAY])
    event = Event.objects.get(case=case, kind="clock.recomputed")
    assert event.data == {
        "before": "2026-11-30T09:00:00+00:00",
        "after": "2026-12-01T09:00:00+00:00",
        "publication": Publication.objects.order_by("-number")[0].number,
    }
    message = Message.objects.get(case=case, template="moved")
    word(message, event)
    assert case.number in message.subject
    assert "1 Desember 2026" in message.body


def test_a_load_that_changes_no_holiday_moves_nothing(
    submit: Callable[..., Case], load: Load, listed: list[dict[str, str]]
) -> None:
    case = submit(SIP)
    assert load(listed) == []
    load([*listed, WEDNESDAY])
    assert load([*listed, WEDNESDAY]) == []
    assert Event.objects.filter(case=case, kind="clock.recomputed").count() == 1


def test_a_clock_that_stands_still_is_counted_anew_when_it_goes_on(
    submit: Callable[..., Case], do_task: Callable[..., Case], load: Load, listed: list[dict[str, str]]
) -> None:
    case = submit(SIP)
    do_task(case, "periksa", "fo", result="return", message="Foto tidak jelas", fields=("/photo",))
    assert load([*listed, WEDNESDAY]) == []
    assert not Message.objects.filter(case=case, template="moved").exists()


def test_a_finished_case_stays_as_it_was(
    submit: Callable[..., Case], people: dict[str, User], load: Load, listed: list[dict[str, str]]
) -> None:
    from pendapa.web.cases import actions

    case = submit(SIP, people["warga"])
    actions.withdraw(case.pk, now=NOW, actor=Actor(people["warga"].key))
    assert load([*listed, WEDNESDAY]) == []


def test_the_administrator_sees_which_promises_moved(
    client: Client,
    submit: Callable[..., Case],
    people: dict[str, User],
    load: Load,
    listed: list[dict[str, str]],
) -> None:
    case = submit(SIP)
    load([*listed, WEDNESDAY])
    move = DueMove.objects.get(case=case)
    assert (move.was_due_at, move.due_at) == (
        datetime(2026, 11, 30, 9, tzinfo=UTC),
        datetime(2026, 12, 1, 9, tzinfo=UTC),
    )
    client.force_login(people["admin"])
    page = client.get("/kelola/").content.decode()
    part = page[page.index('id="bergeser"') : page.index('id="layanan"')]
    assert case.number in part
    assert "1 permohonan" in part
    assert "1 Desember 2026" in part


def test_a_year_without_listed_holidays_is_told_to_applicant_and_officer(
    client: Client,
    submit: Callable[..., Case],
    people: dict[str, User],
    load: Load,
    listed: list[dict[str, str]],
) -> None:
    told = "hari libur tahun 2027 belum semuanya diketahui"
    received = datetime(
        2026, 12, 28, 2, 30, tzinfo=UTC
    )  # a Monday; five working days reach into January 2027
    load([row for row in listed if not row["date"].startswith("2027")])
    case = submit(SIP, people["warga"], at=received)
    task = Task.objects.get(case=case)
    client.force_login(people["warga"])
    assert told in client.get(f"/berkas/{case.number}/").content.decode()
    assert told in client.get(f"/berkas/{case.number}/tanda-terima/").content.decode()
    client.force_login(people["fo"])
    assert told in client.get(f"/tugas/{task.pk}/").content.decode()
    load(listed)
    assert told not in client.get(f"/tugas/{task.pk}/").content.decode()
