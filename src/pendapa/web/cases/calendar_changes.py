"""After a load: open cases whose promise moves because the calendar did, as when a holiday is declared late."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db import transaction

from pendapa.web.cases.clock import as_pauses, clock_of, deadline
from pendapa.web.cases.models import OPEN_STATES, Case, DueMove, Task, TimerRow
from pendapa.web.cases.work import CaseWork, locked_case
from pendapa.web.catalogue.definitions import ready
from pendapa.web.events.chain import SYSTEM
from pendapa.web.organisation.access import calendar_of
from pendapa.web.organisation.models import Publication

_BATCH = 500


def recompute_open_cases(*, now: datetime, publication: Publication) -> list[str]:
    """Set the due times of open cases, their tasks and their timers anew by today's calendar.

    Each case whose promise moved gets an event, a notice to its applicant and a row in the list of the load; their
    numbers are returned. Each case is a transaction of its own: a load that is cut off is finished by the next one.
    """
    moved: list[str] = []
    for case in _open_cases():
        if _stands(case):
            continue
        with transaction.atomic():
            work = CaseWork(locked_case(case.pk), now=now, actor=SYSTEM)
            if work.case.status not in OPEN_STATES:
                continue
            if _recompute(work, publication):
                moved.append(work.case.number)
    _recompute_lengths(now)
    return moved


def _recompute_lengths(now: datetime) -> None:
    """Timers with a length of their own, such as the time to appeal."""
    rows = TimerRow.objects.filter(status="set", follows_case=False, set_at__isnull=False)
    for row in list(rows.select_related("case__agency")):
        with transaction.atomic():
            case = locked_case(row.case_id)
            row.refresh_from_db(fields=["status", "due_at"])
            due = CaseWork(case, now=now, actor=SYSTEM).due_of(row)
            if row.status == "set" and due != row.due_at:
                TimerRow.objects.filter(pk=row.pk).update(due_at=due)


def _open_cases() -> Iterator[Case]:
    """Without locks, with what the clocks need; most of them stand where they stood."""
    last = 0
    while batch := list(
        Case.objects.filter(status__in=OPEN_STATES, pk__gt=last)
        .select_related("agency")
        .prefetch_related("pauses", "tasks__agency")
        .order_by("pk")[:_BATCH]
    ):
        yield from batch
        last = batch[-1].pk


def _stands(case: Case) -> bool:
    since, clock = clock_of(case, ready(case.version_id).definition)
    pauses = as_pauses(case.pauses.all(), since)
    due = deadline(calendar_of(case.agency.code), since, clock, pauses).due
    return due == case.due_at and not _moved_tasks(case, case.tasks.all())


def _moved_tasks(case: Case, tasks: Iterable[Task]) -> list[tuple[Task, datetime]]:
    """Open tasks whose limit ends at another time by today's calendar, and when."""
    definition = ready(case.version_id).definition
    found: list[tuple[Task, datetime]] = []
    for task in tasks:
        if task.status != Task.Status.OPEN or task.element not in definition.tasks:
            continue
        limit = definition.tasks[task.element].deadline
        due = deadline(calendar_of(task.agency.code), task.opened_at, limit).due
        if due is not None and due != task.due_at:
            found.append((task, due))
    return found


def _recompute(work: CaseWork, publication: Publication) -> bool:
    """Within the case's lock. Whether the promise itself moved."""
    case, before = work.case, work.case.due_at
    tasks = list(Task.objects.filter(case=case, status=Task.Status.OPEN).select_related("agency"))
    for task, due in _moved_tasks(case, tasks):
        task.due_at = due
        task.save(update_fields=["due_at"])
    work.recompute_due()
    if case.due_at == before:
        return False
    work.event(
        "clock.recomputed",
        before=before.isoformat() if before else None,
        after=case.due_at.isoformat() if case.due_at else None,
        publication=publication.number,
    )
    work.save()
    DueMove.objects.update_or_create(
        publication=publication, case=case, defaults={"was_due_at": before, "due_at": case.due_at}
    )
    return True
