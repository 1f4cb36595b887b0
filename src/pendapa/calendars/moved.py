"""Which cases are due at another time after the calendar has changed, as when a holiday is declared late."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from pendapa.calendars.calendar import WorkCalendar
from pendapa.calendars.pause import Pause


@dataclass(frozen=True, slots=True)
class Term:
    """The time a case was promised: from `start`, `working_days` or `working_minutes`, one of the two.

    `case` is whatever the caller knows the case by. Raises ValueError unless exactly one amount is given.
    """

    case: str
    start: datetime
    working_days: int | None = None
    working_minutes: int | None = None
    pauses: tuple[Pause, ...] = ()

    def __post_init__(self) -> None:
        if (self.working_days is None) is (self.working_minutes is None):
            raise ValueError(f"Case {self.case} needs working days or working minutes; give one of the two.")

    def due(self, calendar: WorkCalendar) -> datetime | None:
        """When it is due by that calendar, in UTC; None while an open pause runs. Raises as the calendar."""
        if self.working_days is not None:
            return calendar.add_working_days(self.start, self.working_days, self.pauses).due
        return calendar.add_working_minutes(self.start, self.working_minutes or 0, self.pauses).due


@dataclass(frozen=True, slots=True)
class Moved:
    """A case whose due time changed; None is no due time, as an open pause runs."""

    case: str
    before: datetime | None
    after: datetime | None


def moved_cases(before: WorkCalendar, after: WorkCalendar, terms: Iterable[Term]) -> tuple[Moved, ...]:
    """The cases that the change moves, in the order given; the others are left out.

    Raises ValueError and NoWorkingTime as the calendars do.
    """
    found = []
    for term in terms:
        was, now = term.due(before), term.due(after)
        if was != now:
            found.append(Moved(term.case, was, now))
    return tuple(found)
