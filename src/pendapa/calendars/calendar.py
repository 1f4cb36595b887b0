"""Working time of one office: deadlines forward, elapsed time back.

The counting rules stand in docs/calendars.md; each is a sentence there and a test in tests/calendars.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any, Literal
from zoneinfo import ZoneInfo

from pendapa.calendars import explanation
from pendapa.calendars.deadline import Deadline, Step
from pendapa.calendars.faults import CalendarRefused, Fault, NoWorkingTime
from pendapa.calendars.pause import Pause, merge, require_aware
from pendapa.calendars.timetable import EPOCH, Timetable, microseconds
from pendapa.calendars.week import Hours, Week, order_weeks

MAX_WORKING_DAYS = 10_000
MAX_WORKING_MINUTES = 5_000_000
FIRST_YEAR, LAST_YEAR = 1900, 2300
_BARREN_YEARS = 5
_MINUTE = 60_000_000


class WorkCalendar:
    """Office hours by season, free days with their reason, the rule of late receipt. Immutable, picklable.

    `receipt_after_closing`: "next_day" takes what comes after closing or on a free day as received on the
    next working day; "same_day" takes the day it came as day 0, whatever day that is.
    `listed_years` are the years whose holidays the free days hold; None takes every year with a free day.
    A deadline that reaches into another year says so in its warnings.
    """

    def __init__(
        self,
        zone: ZoneInfo,
        weeks: Sequence[Week],
        free_days: Mapping[date, str],
        receipt_after_closing: Literal["next_day", "same_day"] = "next_day",
        listed_years: Collection[int] | None = None,
    ) -> None:
        """Raises CalendarRefused when no week has hours, seasons share days, or the setting is unknown."""
        if receipt_after_closing not in ("next_day", "same_day"):
            wrong = f'"{receipt_after_closing}" is no rule for a late receipt'
            raise CalendarRefused([Fault("receipt_after_closing", wrong, 'write "next_day" or "same_day"')])
        if not any(week.hours for week in weeks):
            raise CalendarRefused(
                [Fault("weeks", "there are no office hours", "give at least one working day")]
            )
        self._zone = zone
        self._weeks = order_weeks(weeks)
        self._free_days = dict(free_days)
        self._next_day = receipt_after_closing == "next_day"
        self._given_years = None if listed_years is None else frozenset(listed_years)
        self._table: Timetable | None = None

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which days begin and end."""
        return self._zone

    @property
    def weeks(self) -> tuple[Week, ...]:
        """The office hours, narrowest season first."""
        return self._weeks

    @property
    def free_days(self) -> Mapping[date, str]:
        """Free days with their reason (a copy)."""
        return dict(self._free_days)

    @property
    def receipt_after_closing(self) -> Literal["next_day", "same_day"]:
        """What a receipt after closing or on a free day means."""
        return "next_day" if self._next_day else "same_day"

    @property
    def listed_years(self) -> frozenset[int]:
        """The years whose holidays are known."""
        if self._given_years is not None:
            return self._given_years
        return frozenset(day.year for day in self._free_days)

    def __reduce__(self) -> tuple[Any, ...]:
        settings = (self._zone, self._weeks, self._free_days, self.receipt_after_closing, self._given_years)
        return WorkCalendar, settings

    def __eq__(self, other: object) -> bool:
        return isinstance(other, WorkCalendar) and self.__reduce__()[1] == other.__reduce__()[1]

    def __hash__(self) -> int:
        return hash((self._zone.key, self._weeks, tuple(sorted(self._free_days.items())), self._next_day))

    def hours_on(self, day: date) -> Hours:
        """The office hours of a local day, empty when it is free."""
        return () if day in self._free_days else self.usual_hours_on(day)

    def usual_hours_on(self, day: date) -> Hours:
        """The office hours of a local day by its season and weekday, free days not looked at."""
        week = next((week for week in self._weeks if week.covers(day)), None)
        return () if week is None else week.hours.get(day.weekday(), ())

    def with_free_days(self, free_days: Mapping[date, str]) -> WorkCalendar:
        """The same calendar with more free days, as when a holiday is declared late."""
        more = self._free_days | dict(free_days)
        return WorkCalendar(self._zone, self._weeks, more, self.receipt_after_closing, self._given_years)

    def is_open(self, instant: datetime) -> bool:
        """Whether the office is open. The opening minute is open, the closing instant no longer is."""
        now = self._read(instant)
        table = self._covering(instant)
        return table.next_open(now) == now

    def next_opening(self, instant: datetime) -> datetime:
        """The instant itself (in UTC) when the office is open, else when it next opens."""
        now = self._read(instant)
        table = self._covering(instant)
        while (found := table.next_open(now)) is None:
            table = self._further(table, instant)
        return EPOCH + timedelta(microseconds=found)

    def receipt_day(self, start: datetime) -> date:
        """Day 0: the local day on which something that came at `start` counts as received."""
        local = self._local(start)
        if not self._next_day:
            return local.date()
        table = self._covering(start)
        while (index := self._first_countable(table, start, local) - 1) >= len(table.days):
            table = self._further(table, start)
        return table.days[index]

    def add_working_days(
        self, start: datetime, days: int, pauses: Sequence[Pause] = (), language: str = "id"
    ) -> Deadline:
        """Due when the n-th working day after day 0 closes; a day counts if the clock runs at its closing.

        `days` is 0 to 10,000; 0 means by the first closing after `start`. `due` is None when an open pause
        keeps the clock from getting there. `language` ("id" or "en") is that of the steps. Raises ValueError
        for numbers out of range and instants without offset, NoWorkingTime when the calendar ends before.
        """
        if not 0 <= days <= MAX_WORKING_DAYS:
            raise ValueError(f"{days} working days are out of range; give 0 to {MAX_WORKING_DAYS}.")
        local = self._local(start)
        table = self._covering(start)
        spans = merge(pauses) if pauses else ()
        while True:
            if days:
                first = self._first_countable(table, start, local)
                target = first + days - 1
            else:
                first = target = table.first_closing_after(microseconds(start))
            stopped = False
            for starts, ends in spans:
                begin = max(first, table.first_closing_after(microseconds(starts)))
                if begin > target:
                    break
                if ends is None:
                    stopped = begin < len(table.days)
                    target = begin if stopped else len(table.days)
                    break
                target += max(0, table.first_closing_after(microseconds(ends)) - begin)
            if target < len(table.days):
                break
            table = self._further(table, start)
        due = None if stopped else table.closing_instants[target]
        steps = partial(explanation.working_days, self, start, days, tuple(pauses), due, language)
        return self._told(start, pauses, due, language, steps)

    def add_working_minutes(
        self, start: datetime, minutes: int, pauses: Sequence[Pause] = (), language: str = "id"
    ) -> Deadline:
        """Due at the earliest instant by which the office was open that many minutes outside the pauses.

        `minutes` is 0 to 5,000,000; 0 is due at `start`. Time runs from the very instant of receipt, or from
        the next opening. `due` is None when an open pause keeps the clock from getting there. Raises as
        `add_working_days`.
        """
        if not 0 <= minutes <= MAX_WORKING_MINUTES:
            raise ValueError(f"{minutes} working minutes are out of range; give 0 to {MAX_WORKING_MINUTES}.")
        begin = self._read(start)
        table = self._covering(start)
        spans = merge(pauses) if pauses else ()
        due: datetime | None = start.astimezone(UTC)
        while minutes:
            target = table.clock(begin) + minutes * _MINUTE
            stopped = False
            for starts, ends in spans:
                at = table.clock(max(begin, microseconds(starts)))
                if at >= target:
                    break
                if ends is None:
                    # A pause beyond the years laid out may come after the clock has got there: lay out more.
                    stopped = starts.year < table.last_year
                    target = table.clock_at_close[-1] + 1 if table.clock_at_close else 1
                    break
                target += max(0, table.clock(max(begin, microseconds(ends))) - at)
            due = None if stopped else table.when(target)
            if stopped or due is not None:
                break
            table = self._further(table, start)
        steps = partial(explanation.working_minutes, self, start, minutes, tuple(pauses), due, language)
        return self._told(start, pauses, due, language, steps)

    def working_minutes_between(self, start: datetime, end: datetime, pauses: Sequence[Pause] = ()) -> int:
        """Whole minutes the office was open from `start` to `end` outside the pauses.

        An open pause lasts to `end`. Raises ValueError when `end` is before `start`.
        """
        return self.open_time_between(start, end, pauses) // timedelta(minutes=1)

    def open_time_between(self, start: datetime, end: datetime, pauses: Sequence[Pause] = ()) -> timedelta:
        """As `working_minutes_between`, to the microsecond."""
        begin, finish = self._read(start), self._read(end)
        _require_order(start, end)
        table = self._covering(start, end)
        elapsed = table.clock(finish) - table.clock(begin)
        for starts, ends in merge(pauses):
            paused_from = min(max(begin, microseconds(starts)), finish)
            paused_to = finish if ends is None else min(max(begin, microseconds(ends)), finish)
            elapsed -= table.clock(paused_to) - table.clock(paused_from)
        return timedelta(microseconds=elapsed)

    def working_days_between(self, start: datetime, end: datetime, pauses: Sequence[Pause] = ()) -> int:
        """Working days after day 0 that have closed by `end` with the clock running.

        So it reaches n exactly when `add_working_days(start, n)` falls due. Raises ValueError when `end` is
        before `start`.
        """
        _require_order(start, end)
        local = self._local(start)
        self._read(end)
        table = self._covering(start, end)
        first = self._first_countable(table, start, local)
        last = table.first_closing_after(microseconds(end))
        counted = max(0, last - first)
        for starts, ends in merge(pauses):
            begin = max(first, table.first_closing_after(microseconds(starts)))
            finish = last if ends is None else min(last, table.first_closing_after(microseconds(ends)))
            counted -= max(0, finish - begin)
        return counted

    def _told(
        self,
        start: datetime,
        pauses: Sequence[Pause],
        due: datetime | None,
        language: str,
        steps: Callable[[], tuple[Step, ...]],
    ) -> Deadline:
        return Deadline(
            due, steps, partial(explanation.unlisted_years, self, start, tuple(pauses), due, language)
        )

    def _first_countable(self, table: Timetable, start: datetime, local: datetime) -> int:
        """Index of working day 1."""
        day = local.date()
        index = table.working_day_from(day)
        on_working_day = index < len(table.days) and table.days[index] == day
        if not self._next_day:
            return index + 1 if on_working_day else index
        late = on_working_day and start >= table.closing_instants[index]
        return index + 2 if late else index + 1

    def _local(self, instant: datetime) -> datetime:
        require_aware(instant)
        return instant.astimezone(self._zone)

    def _read(self, instant: datetime) -> int:
        require_aware(instant)
        return microseconds(instant)

    def _covering(self, *instants: datetime) -> Timetable:
        """A table of the years around the instants, the one at hand if it reaches."""
        table = self._table
        first, last = min(instants).year - 1, max(instants).year + 1
        if table is not None and table.first_year <= first and last <= table.last_year:
            return table
        if first < FIRST_YEAR or last > LAST_YEAR:
            wrong = f"{min(instants).isoformat()} is beyond the calendar"
            raise ValueError(f"{wrong}; it reaches from {FIRST_YEAR + 1} to {LAST_YEAR - 1}.")
        if table is not None:
            first, last = min(first, table.first_year), max(last, table.last_year)
        return self._lay_out(first, last)

    def _further(self, table: Timetable, start: datetime) -> Timetable:
        """A table that reaches some years on. Raises NoWorkingTime when those years hold no working day."""
        if table.last_year >= LAST_YEAR:
            raise NoWorkingTime(
                f"Counting from {start.isoformat()} leads beyond the year {LAST_YEAR}; count less."
            )
        last = min(table.last_year + _BARREN_YEARS, LAST_YEAR)
        further = self._lay_out(table.first_year, last)
        if not further.days or further.days[-1].year <= table.last_year:
            known = f" after {further.days[-1]}" if further.days else ""
            wrong = f"The calendar has no office hours{known}"
            raise NoWorkingTime(f"{wrong} up to {last}; give office hours without an end date.")
        return further

    def _lay_out(self, first_year: int, last_year: int) -> Timetable:
        self._table = Timetable(self._zone, self.hours_on, first_year, last_year)
        return self._table


def _require_order(start: datetime, end: datetime) -> None:
    if end < start:
        raise ValueError(f"The end {end.isoformat()} is before the start {start.isoformat()}; swap the two.")
