"""Office time counted minute by minute: a second, slow reading of the rules of docs/calendars.md.

It shares nothing with the engine but the tables of hours and free days it is given.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo

Hours = Sequence[tuple[time, time]]
Span = tuple[datetime, datetime]

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


class NaiveOffice:
    def __init__(
        self, zone: tzinfo, hours_of: Callable[[date], Hours], free_days: Mapping[date, str], next_day: bool
    ) -> None:
        self.zone, self.hours_of, self.free_days, self.next_day = zone, hours_of, free_days, next_day

    def hours(self, day: date) -> Hours:
        return () if day in self.free_days else self.hours_of(day)

    def is_open(self, instant: datetime) -> bool:
        local = instant.astimezone(self.zone)
        return any(opens <= local.time() < closes for opens, closes in self.hours(local.date()))

    def closing(self, day: date) -> datetime:
        return datetime.combine(day, max(closes for _, closes in self.hours(day)), self.zone)

    def due_in_minutes(self, start: datetime, minutes: int, pauses: Sequence[Span] = ()) -> datetime:
        """Whole minutes only: start and pauses stand on a minute."""
        now = start.astimezone(UTC)
        while minutes:
            if self.is_open(now) and not any(begins <= now < ends for begins, ends in pauses):
                minutes -= 1
            now += MINUTE
        return now

    def due_in_days(self, start: datetime, days: int, pauses: Sequence[Span] = ()) -> datetime:
        day = start.astimezone(self.zone).date()
        if self.next_day:  # the first day that still closes after the receipt is the day of receipt
            while not self.hours(day) or self.closing(day) <= start:
                day += DAY
        while days:
            day += DAY
            if self.hours(day):
                closing = self.closing(day)
                days -= not any(begins < closing <= ends for begins, ends in pauses)
        return self.closing(day).astimezone(UTC)
