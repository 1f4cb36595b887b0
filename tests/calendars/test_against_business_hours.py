"""Business::Hours, the Perl module behind the service levels of Request Tracker, counts the same office hours.

Where the two differ by design the question is put so that they agree; each difference has a test that it is real:

- *what ends at closing*: time used up at the closing instant is due then; there it is due at the next opening.
  Asked is therefore when the last second is counted, and one second added.
- *the last second*: a span reaches up to its end; there the second of the end belongs to it. Asked is up to the
  second before.
- *thirty days*: it gives up after thirty days; terms are short enough here, also over Lebaran.
- *the midnight after a holiday*: there a holiday takes the first second of the next day too; no office here opens
  at midnight.

It knows no seasons and no pauses: each season is a calendar of its own here, and an elapsed time with a pause is
the sum of what comes before and after it. It has no working days either: they are asked of an office that is open
only for the minute before closing, in which n days are n minutes.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from pendapa.calendars import Pause, Week, WorkCalendar

from .offices import FREE_DAYS, RAMADAN, SIX_DAYS, USUAL, WIB, span

pytestmark = pytest.mark.oracle

DRIVER = Path(__file__).parent / "oracle" / "business_hours.pl"
CASES = 400 if os.environ.get("PENDAPA_LONG") else 20
Hours = Mapping[int, tuple[tuple[time, time], ...]]
SHIFTS = dict.fromkeys(range(7), (span("06:00", "09:10"), span("09:30", "14:05"), span("15:00", "21:45")))
HALF_DAYS: Hours = {1: (span("09:00", "12:00"),), 4: (span("13:15", "17:00"), span("18:00", "19:30"))}
OFFICES: dict[str, tuple[str, Hours]] = {
    "five days": ("Asia/Jakarta", USUAL.hours),
    "Ramadan": ("Asia/Jakarta", RAMADAN.hours),
    "six days": ("Asia/Jakarta", SIX_DAYS.hours),
    "shifts": ("Asia/Jayapura", SHIFTS),
    "half days": ("Asia/Makassar", HALF_DAYS),
    # Indonesia knows no summer time; the engine must keep it all the same.
    "summer time": ("Europe/Amsterdam", USUAL.hours),
}
HOLIDAYS = sorted(day for day in FREE_DAYS if day.year in (2025, 2026))
LAST = datetime(2026, 12, 31, tzinfo=UTC)


def calendar(zone: str, hours: Hours) -> WorkCalendar:
    return WorkCalendar(ZoneInfo(zone), [Week(None, None, hours)], FREE_DAYS, "next_day")


def theirs(hours: Hours) -> dict[str, Any]:
    """The hours as Business::Hours takes them: a start, an end and the breaks between."""
    week: dict[str, Any] = {}
    for weekday, spans in hours.items():
        breaks = [{"Start": f"{a[1]:%H:%M}", "End": f"{b[0]:%H:%M}"} for a, b in pairwise(spans)]
        day = {"Start": f"{spans[0][0]:%H:%M}", "End": f"{spans[-1][1]:%H:%M}", "Breaks": breaks}
        week[str((weekday + 1) % 7)] = day
    return week


def asked(zone: str, hours: Hours, questions: Sequence[tuple[str, int, int]]) -> list[int]:
    if shutil.which("perl") is None:
        pytest.fail("the oracle needs Perl and its module: apt-get install libbusiness-hours-perl")
    holidays = [day.isoformat() for day in HOLIDAYS]
    line = json.dumps({"hours": theirs(hours), "holidays": holidays, "questions": questions})
    done = subprocess.run(
        ["perl", str(DRIVER)],
        input=line + "\n",
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, "TZ": zone, "LC_ALL": "C"},
    )
    assert done.returncode == 0, done.stderr[-2000:]
    answers: list[int] = json.loads(done.stdout)
    assert len(answers) == len(questions)
    return answers


def seconds(instant: datetime) -> int:
    return int(instant.timestamp())


def instant(chance: random.Random) -> datetime:
    """A minute of 2025 or of the first eleven months of 2026, at any hour of the day."""
    return datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=chance.randrange(700 * 24 * 60))


@pytest.mark.parametrize("name", OFFICES)
def test_working_minutes_are_added_alike(name: str) -> None:
    zone, hours = OFFICES[name]
    office, chance = calendar(zone, hours), random.Random(f"added {name}")
    most = 600 if name == "half days" else 2_000
    cases = [(instant(chance), chance.randrange(1, most)) for _ in range(CASES // 2)]
    answers = asked(zone, hours, [("add", seconds(start), minutes * 60 - 1) for start, minutes in cases])
    for (start, minutes), answer in zip(cases, answers, strict=True):
        due = office.add_working_minutes(start, minutes).due
        assert due is not None
        assert seconds(due) == answer + 1, (start, minutes)


@pytest.mark.parametrize("name", OFFICES)
def test_elapsed_time_is_measured_alike(name: str) -> None:
    zone, hours = OFFICES[name]
    office, chance = calendar(zone, hours), random.Random(f"elapsed {name}")
    cases = []
    for _ in range(CASES):
        # To the second, and now and then over half a year.
        begin = instant(chance) + timedelta(seconds=chance.randrange(60))
        most = timedelta(days=chance.choice((1, 8, 30, 200)))
        ends = begin + timedelta(seconds=chance.randrange(1, int(most.total_seconds())))
        cases.append((begin, min(ends, LAST)))
    answers = asked(zone, hours, [("between", seconds(begin), seconds(end) - 1) for begin, end in cases])
    for (begin, end), answer in zip(cases, answers, strict=True):
        assert office.open_time_between(begin, end) == timedelta(seconds=answer), (begin, end)
        assert office.working_minutes_between(begin, end) == answer // 60


@pytest.mark.parametrize("name", OFFICES)
def test_a_pause_costs_what_lies_between_its_ends(name: str) -> None:
    zone, hours = OFFICES[name]
    office, chance = calendar(zone, hours), random.Random(f"paused {name}")
    cases = []
    for _ in range(CASES // 2):
        begin = instant(chance)
        cases.append([begin + timedelta(minutes=m) for m in sorted(chance.sample(range(20 * 24 * 60), 4))])
    questions = []
    for begin, stops, goes_on, end in cases:
        questions.append(("between", seconds(begin), seconds(stops) - 1))
        questions.append(("between", seconds(goes_on), seconds(end) - 1))
    answers = asked(zone, hours, questions)
    for number, (begin, stops, goes_on, end) in enumerate(cases):
        expected = timedelta(seconds=answers[2 * number] + answers[2 * number + 1])
        assert office.open_time_between(begin, end, [Pause(stops, goes_on)]) == expected


@pytest.mark.parametrize("name", OFFICES)
def test_working_days_are_added_alike(name: str) -> None:
    zone, hours = OFFICES[name]
    office, chance = calendar(zone, hours), random.Random(f"days {name}")
    closings = {day: ((minute_before(spans[-1][1]), spans[-1][1]),) for day, spans in hours.items()}
    most = 3 if name == "half days" else 11
    cases = [(instant(chance), chance.randrange(most)) for _ in range(CASES)]
    # The first minute counted is that of day 0 (it is received by that closing), n more are n days.
    answers = asked(zone, closings, [("add", seconds(start), (days + 1) * 60 - 1) for start, days in cases])
    for (start, days), answer in zip(cases, answers, strict=True):
        due = office.add_working_days(start, days).due
        assert due is not None
        assert seconds(due) == answer + 1, (start, days)
        assert office.working_days_between(start, due) == days
        assert office.working_days_between(start, due - timedelta(seconds=1)) == max(0, days - 1)


def minute_before(closing: time) -> time:
    return (datetime.combine(date.min + timedelta(days=1), closing) - timedelta(minutes=1)).time()


OPENS, CLOSES = datetime(2026, 3, 16, 7, 30, tzinfo=WIB), datetime(2026, 3, 16, 16, tzinfo=WIB)
"""A Monday without a holiday after it: 7.5 hours are open."""


def test_what_ends_at_closing_differs() -> None:
    day = 7 * 60 + 30
    (there,) = asked("Asia/Jakarta", USUAL.hours, [("add", seconds(OPENS), day * 60)])
    assert there == seconds(OPENS + timedelta(days=1))
    assert calendar("Asia/Jakarta", USUAL.hours).add_working_minutes(OPENS, day).due == CLOSES


def test_the_last_second_differs() -> None:
    end = OPENS + timedelta(hours=1)
    (there,) = asked("Asia/Jakarta", USUAL.hours, [("between", seconds(OPENS), seconds(end))])
    assert there == 3_601
    assert calendar("Asia/Jakarta", USUAL.hours).open_time_between(OPENS, end) == timedelta(hours=1)


def test_thirty_days_differ() -> None:
    # 40 days of 450 minutes are more than thirty calendar days.
    (there,) = asked("Asia/Jakarta", USUAL.hours, [("add", seconds(OPENS), 40 * 450 * 60)])
    assert there == -1
    assert calendar("Asia/Jakarta", USUAL.hours).add_working_minutes(OPENS, 40 * 450).due is not None


def test_the_midnight_after_a_holiday_differs() -> None:
    # Independence Day 2026 is a Monday; the night watch of Tuesday begins as it ends.
    night: Hours = dict.fromkeys(range(7), (span("00:00", "06:00"),))
    begin = datetime(2026, 8, 17, 12, tzinfo=WIB)
    end = begin + timedelta(days=1)
    (there,) = asked("Asia/Jakarta", night, [("between", seconds(begin), seconds(end) - 1)])
    assert there == 6 * 3600 - 1
    assert calendar("Asia/Jakarta", night).open_time_between(begin, end) == timedelta(hours=6)
