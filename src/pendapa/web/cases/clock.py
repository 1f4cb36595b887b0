"""The case's clock: working time from the service's own limit, standing still in every pause."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from pendapa.calendars import Deadline, Pause, WorkCalendar
from pendapa.regency.definition import Duration, ServiceDefinition
from pendapa.web.cases.models import Case
from pendapa.web.cases.models import Pause as PauseRow
from pendapa.web.organisation.access import zone


class Stretch(Protocol):
    """A stretch of working time: regency's Duration and ServiceClock both are."""

    @property
    def value(self) -> int: ...
    @property
    def unit(self) -> str: ...


def as_pauses(rows: Iterable[PauseRow], since: datetime | None = None) -> tuple[Pause, ...]:
    """Pause rows as the calendar engine takes them; those over before the clock began are left out."""
    return tuple(
        Pause(row.starts_at, row.ends_at)
        for row in rows
        if since is None or row.ends_at is None or row.ends_at > since
    )


def clock_of(case: Case, definition: ServiceDefinition) -> tuple[datetime, Stretch]:
    """The clock that runs for a case and since when: its service's from submission, unless the case has its own."""
    if case.clock_since is None or case.clock_value is None:
        return case.submitted_at, definition.clock
    return case.clock_since, Duration(case.clock_value, case.clock_unit)  # type: ignore[arg-type]


def end_of_day(moment: datetime) -> datetime:
    """The last second of the regency's day: a period of the applicant's lasts the whole of its last day."""
    return moment.astimezone(zone()).replace(hour=23, minute=59, second=59, microsecond=0)


def deadline(
    calendar: WorkCalendar, start: datetime, stretch: Stretch, pauses: tuple[Pause, ...] = ()
) -> Deadline:
    """When a stretch of working time that starts at `start` is over; due is None while a pause is open."""
    if stretch.unit == "working_hour":
        return calendar.add_working_minutes(start, int(stretch.value) * 60, pauses)
    return calendar.add_working_days(start, int(stretch.value), pauses)
