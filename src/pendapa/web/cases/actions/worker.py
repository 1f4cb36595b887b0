"""What time brings about: timers run out, late tasks climb."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from pendapa.processes import FireTimer
from pendapa.web.cases.models import Task, TimerRow
from pendapa.web.cases.stuck import marks_stuck
from pendapa.web.cases.work import CaseWork, is_over, locked_case
from pendapa.web.events.chain import SYSTEM


@marks_stuck
@transaction.atomic
def fire_timer(timer_id: int, *, now: datetime) -> bool:
    """Let a boundary timer run out if it is due. False when it is set no longer, or not due any more."""
    row = TimerRow.objects.select_related("case").get(pk=timer_id)
    case = locked_case(row.case_id)
    row.refresh_from_db()
    if row.status != "set" or row.due_at is None or row.due_at > now or is_over(case):
        return False
    work = CaseWork(case, now=now, actor=SYSTEM)
    TimerRow.objects.filter(pk=row.pk).update(status="fired")
    work.event("timer.fired", element=row.element)
    binding = work.ready.definition.timers.get(row.element)
    if binding is not None and binding.due == "bill":
        from pendapa.web.payments.actions import lapse_bill

        lapse_bill(work)
    work.step(FireTimer(row.element, row.timer))
    work.save()
    return True


@transaction.atomic
def climb(task_id: int, *, now: datetime) -> bool:
    """Show a late task to the superior of its position as well. False when there is none, or it is late no longer."""
    task = Task.objects.select_related("position__superior", "agency").get(pk=task_id)
    case = locked_case(task.case_id)
    task = (
        Task.objects.select_for_update(of=("self",))
        .select_related("position__superior", "agency")
        .get(pk=task_id)
    )
    if task.status != Task.Status.OPEN or task.climbed_at is not None or task.due_at > now:
        return False
    task.climbed_at, task.climbed_to = now, task.position.superior
    task.save(update_fields=["climbed_at", "climbed_to"])
    work = CaseWork(case, now=now, actor=SYSTEM)
    work.event(
        "task.climbed",
        agency=task.agency.code,
        element=task.element,
        to=task.position.superior.code if task.position.superior else "",
    )
    work.save()
    return True
