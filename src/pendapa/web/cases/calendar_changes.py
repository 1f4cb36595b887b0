"""After a load: open cases whose deadline moves because the calendar did (a holiday declared late)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from pendapa.web.cases.models import OPEN_STATES, Case, TimerRow
from pendapa.web.cases.work import CaseWork, locked_case
from pendapa.web.events.chain import SYSTEM


def recompute_open_cases(*, now: datetime) -> list[str]:
    """Recompute the due time of every open case by today's calendar; returns the numbers of those that moved."""
    moved: list[str] = []
    for case_id in list(
        Case.objects.filter(status__in=OPEN_STATES, due_at__isnull=False).values_list("pk", flat=True)
    ):
        with transaction.atomic():
            case = locked_case(case_id)
            before = case.due_at
            work = CaseWork(case, now=now, actor=SYSTEM)
            work.recompute_due()
            if case.due_at != before:
                work.event("clock.recomputed")
                work.save()
                moved.append(case.number)
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
