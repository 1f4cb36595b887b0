"""After a load: open cases whose deadline moves because the calendar did (a holiday declared late)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from pendapa.web.cases.models import OPEN_STATES, Case
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
    return moved
