"""The case's clock: working time from the service's own limit, standing still in every pause."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from pendapa.calendars import Deadline, Pause, WorkCalendar
from pendapa.web.cases.models import Pause as PauseRow


class Stretch(Protocol):
    """A stretch of working time: regency's Duration and ServiceClock both are."""

    @property
    def value(self) -> int: ...
    @property
    def unit(self) -> str: ...


def as_pauses(rows: Iterable[PauseRow]) -> tuple[Pause, ...]:
    """Pause rows as the calendar engine takes them."""
    return tuple(Pause(row.starts_at, row.ends_at) for row in rows)


def deadline(
    calendar: WorkCalendar, start: datetime, stretch: Stretch, pauses: tuple[Pause, ...] = ()
) -> Deadline:
    """When a stretch of working time that starts at `start` is over; due is None while a pause is open."""
    if stretch.unit == "working_hour":
        return calendar.add_working_minutes(start, int(stretch.value) * 60, pauses)
    return calendar.add_working_days(start, int(stretch.value), pauses)
