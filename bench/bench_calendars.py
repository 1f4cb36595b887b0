"""Deadlines a second on one core: `python bench/bench_calendars.py`.

Targets: 100,000 deadlines/s without pauses, 10,000/s with two pauses; `due` only, as when open cases are
recomputed.
"""

from __future__ import annotations

import time as clock
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pendapa.calendars import Pause, Week, WorkCalendar

NUMBER = 50_000


def office() -> WorkCalendar:
    """Five days, a break, a longer one on Friday, a handful of free days."""
    usual = ((time(7, 30), time(12)), (time(13), time(16)))
    friday = ((time(7, 30), time(11, 30)), (time(13), time(16, 30)))
    hours = dict.fromkeys(range(4), usual) | {4: friday}
    free = {date(2026, 3, day): "Libur" for day in (18, 19, 20, 23, 24)}
    return WorkCalendar(ZoneInfo("Asia/Jakarta"), [Week(None, None, hours)], free, "next_day")


def rate(operation: Callable[[datetime], object], starts: list[datetime]) -> float:
    """Operations a second over all starts."""
    begun = clock.perf_counter()
    for start in starts:
        operation(start)
    return len(starts) / (clock.perf_counter() - begun)


def main() -> None:
    """Print one line per kind of question."""
    calendar = office()
    first = datetime(2026, 1, 1, 1, tzinfo=UTC)
    starts = [first + timedelta(minutes=7 * number) for number in range(NUMBER)]
    pauses = (
        Pause(first + timedelta(days=3), first + timedelta(days=9)),
        Pause(first + timedelta(days=60), first + timedelta(days=71, hours=3)),
    )
    begun = clock.perf_counter()
    calendar.add_working_days(first, 5)
    print(f"first deadline (lays out the years)   {(clock.perf_counter() - begun) * 1000:10.1f} ms")
    questions: dict[str, Callable[[datetime], object]] = {
        "working days": lambda start: calendar.add_working_days(start, 10),
        "working days, two pauses": lambda start: calendar.add_working_days(start, 10, pauses),
        "working minutes": lambda start: calendar.add_working_minutes(start, 2_000),
        "working minutes, two pauses": lambda start: calendar.add_working_minutes(start, 2_000, pauses),
        "working days with their steps": lambda start: calendar.add_working_days(start, 10).steps,
        "working minutes between": lambda start: calendar.working_minutes_between(first, start),
    }
    for name, operation in questions.items():
        few = starts[:2_000] if "steps" in name else starts
        print(f"{name:38}{rate(operation, few):10,.0f} /s")


if __name__ == "__main__":
    main()
