"""Working days and open hours of a span of years, laid out once so that a deadline is a look-up.

Instants inside are whole microseconds since 1970 in UTC: comparing and subtracting them is cheap and exact.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from pendapa.calendars.week import Hours

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_DAY = timedelta(days=1)


def microseconds(instant: datetime) -> int:
    """An aware instant as microseconds since 1970."""
    return (instant - EPOCH) // _MICROSECOND


class Timetable:
    """The years `first_year` to `last_year` of one calendar. Never changed once built."""

    def __init__(
        self, zone: ZoneInfo, hours_of: Callable[[date], Hours], first_year: int, last_year: int
    ) -> None:
        self.first_year = first_year
        self.last_year = last_year
        self.days: list[date] = []  # working days
        self.closings: list[int] = []  # closing instant of each working day
        self.closing_instants: list[datetime] = []  # the same, ready to hand out
        self.opens: list[int] = []  # each open span
        self.closes: list[int] = []
        self.clock_at_open: list[int] = []  # open time before each span
        self.clock_at_close: list[int] = []
        self._first_day = date(first_year, 1, 1).toordinal()
        self._working_day_from: list[
            int
        ] = []  # per calendar day: index of the first working day on or after it
        self._lay_out(zone, hours_of)

    def _lay_out(self, zone: ZoneInfo, hours_of: Callable[[date], Hours]) -> None:
        day, last, clock = date(self.first_year, 1, 1), date(self.last_year, 12, 31), 0
        while day <= last:
            self._working_day_from.append(len(self.days))
            before = len(self.opens)
            for opens, closes in hours_of(day):
                start = microseconds(datetime.combine(day, opens, zone))
                end = microseconds(datetime.combine(day, closes, zone))
                if end <= start:  # hours that a change to summer time skips
                    continue
                self.opens.append(start)
                self.closes.append(end)
                self.clock_at_open.append(clock)
                clock += end - start
                self.clock_at_close.append(clock)
            if len(self.opens) > before:
                self.days.append(day)
                self.closings.append(self.closes[-1])
                self.closing_instants.append(EPOCH + self.closes[-1] * _MICROSECOND)
            day += _DAY
        self._working_day_from.append(len(self.days))

    def working_day_from(self, day: date) -> int:
        """Index of the first working day on or after a day of these years (their number if none)."""
        return self._working_day_from[day.toordinal() - self._first_day]

    def first_closing_after(self, instant: int) -> int:
        """Index of the first working day that closes after the instant."""
        return bisect_right(self.closings, instant)

    def clock(self, instant: int) -> int:
        """Open time from the start of these years to the instant."""
        span = bisect_right(self.opens, instant) - 1
        if span < 0:
            return 0
        return self.clock_at_open[span] + min(instant, self.closes[span]) - self.opens[span]

    def when(self, clock: int) -> datetime | None:
        """The earliest instant at which that much open time has gone by; None if after these years."""
        span = bisect_left(self.clock_at_close, clock)
        if span == len(self.opens):
            return None
        return EPOCH + (self.opens[span] + clock - self.clock_at_open[span]) * _MICROSECOND

    def next_open(self, instant: int) -> int | None:
        """The instant itself when open, else the next opening; None if after these years."""
        span = bisect_right(self.closes, instant)
        return None if span == len(self.opens) else max(instant, self.opens[span])
