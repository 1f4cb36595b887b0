"""One row a case for dashboards and indicators, kept by the work that changes the case."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import F

from pendapa.calendars import Pause, WorkCalendar
from pendapa.web.cases.clock import Stretch, as_pauses, clock_of, deadline
from pendapa.web.cases.models import CaseFact
from pendapa.web.organisation.access import calendar_of, local_day

if TYPE_CHECKING:
    from pendapa.web.cases.work import CaseWork


def keep_fact(work: CaseWork) -> None:
    """Write what the work changes in the case's row of facts."""
    case, calendar = work.case, calendar_of(work.case.agency.code)
    if work.fresh:
        _since, clock = clock_of(case, work.ready.definition)
        fact = CaseFact(
            case_id=case.pk,
            service=work.ready.service_slug,
            agency=case.agency.code,
            district=case.district.code if case.district else "",
            channel=case.channel,
            received_on=local_day(case.submitted_at),
            submitted_at=case.submitted_at,
            promised_minutes=_promised_minutes(calendar, case.submitted_at, clock),
        )
        work.changes.insert([fact])
        return
    changes: dict[str, Any] = {}
    corrections = sum(1 for e in work.events if e.kind == "case.resubmitted")
    if corrections:
        changes["corrections"] = F("corrections") + corrections
    if case.ended_at is not None:
        pauses = as_pauses(work.pauses)
        changes |= {
            "ended_at": case.ended_at,
            "outcome": case.status,
            "working_minutes": calendar.working_minutes_between(case.submitted_at, case.ended_at, pauses),
            "working_days": calendar.working_days_between(case.submitted_at, case.ended_at, pauses),
            "paused_minutes": sum(
                int(((p.ends_at or case.ended_at) - p.starts_at).total_seconds() // 60) for p in work.pauses
            ),
            "on_time": _on_time(work, case.ended_at),
        }
        if case.clock_since is not None and CaseFact.objects.filter(case=case, on_time=False).exists():
            changes["on_time"] = False  # an earlier stage was late
    if changes:
        CaseFact.objects.filter(case=case).update(**changes)


def note_finished_stage(work: CaseWork) -> None:
    """Before a new clock begins: remember a stage that was late. It ended as the applicant's period began."""
    pause = work.open_pause
    if _on_time(work, pause.starts_at if pause is not None else work.now) is False:
        CaseFact.objects.filter(case=work.case).update(on_time=False)


def _promised_minutes(calendar: WorkCalendar, submitted_at: datetime, clock: Stretch) -> int | None:
    due = deadline(calendar, submitted_at, clock).due
    return None if due is None else calendar.working_minutes_between(submitted_at, due)


def _on_time(work: CaseWork, ended_at: datetime) -> bool | None:
    since, clock = clock_of(work.case, work.ready.definition)
    pauses: tuple[Pause, ...] = tuple(p for p in as_pauses(work.pauses, since) if p.starts < ended_at)
    due = deadline(calendar_of(work.case.agency.code), since, clock, pauses).due
    return None if due is None else ended_at <= due
