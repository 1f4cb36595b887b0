"""Periodic work: when it is due, never twice at once, and one broken duty does not stop the others."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import psycopg
import pytest
from django.db import connection

from pendapa.web import ops_worker
from pendapa.web.ops_worker import (
    LIVING_WORKER,
    PERIODIC_WORK,
    Periodic,
    find_periodic,
    run_due,
    take_up_abandoned_tasks,
)

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def _held_elsewhere(kind: int, name: str) -> Iterator[None]:
    """Another session holds an advisory lock."""
    parameters = connection.get_connection_params()
    known = {
        key: parameters[key] for key in ("dbname", "user", "password", "host", "port") if key in parameters
    }
    with psycopg.connect(**known, autocommit=True) as other:
        other.execute("SELECT pg_advisory_lock(%s, %s)", [kind, ops_worker._number(name)])
        yield
        other.execute("SELECT pg_advisory_unlock(%s, %s)", [kind, ops_worker._number(name)])


class Diary:
    """Notes down each call."""

    def __init__(self) -> None:
        self.calls: list[datetime] = []

    def duty(self, now: datetime) -> None:
        self.calls.append(now)

    def broken(self, now: datetime) -> None:
        raise RuntimeError("broken on purpose")


def test_work_is_called_when_due_and_not_before() -> None:
    diary, last = Diary(), {}
    work = [Periodic(10, diary.duty)]
    for second in (100.0, 105.0, 109.9, 110.0, 119.0, 121.0):
        run_due(work, last, second)
    assert len(diary.calls) == 3  # at 100, 110 and 121
    assert all(call.tzinfo is not None for call in diary.calls)


def test_broken_work_is_told_and_the_rest_goes_on(caplog: pytest.LogCaptureFixture) -> None:
    diary = Diary()
    run_due([Periodic(1, diary.broken), Periodic(1, diary.duty)], {}, 0.0)
    assert len(diary.calls) == 1
    assert "Diary.broken failed" in caplog.text


def test_work_that_another_worker_does_at_this_moment_is_left_to_it() -> None:
    diary = Diary()
    work = Periodic(1, diary.duty)
    with _held_elsewhere(PERIODIC_WORK, work.name):
        run_due([work], {}, 0.0)
        assert diary.calls == []
    run_due([work], {}, 0.0)
    assert len(diary.calls) == 1


def test_every_periodic_work_has_a_name_of_its_own() -> None:
    names = [work.name for work in find_periodic()]
    assert len(names) == len(set(names))


def test_a_running_task_is_taken_up_only_when_its_worker_is_gone() -> None:
    from django.utils import timezone
    from django_tasks.base import TaskResultStatus
    from django_tasks_db.models import DBTaskResult, get_date_max

    task = DBTaskResult.objects.create(
        status=TaskResultStatus.RUNNING,
        args_kwargs={"args": [], "kwargs": {}},
        task_path="pendapa.web.cases.tasks.issue_deemed",
        worker_ids=["counter-7"],
        backend_name="default",
        run_after=get_date_max(),
        started_at=timezone.now(),
    )
    with _held_elsewhere(LIVING_WORKER, "counter-7"):
        assert take_up_abandoned_tasks() == 0
    assert take_up_abandoned_tasks() == 1
    task.refresh_from_db()
    assert task.status == TaskResultStatus.READY
