"""Forty deadlines over Lebaran 2025 and 2026 by hand, each asked of the engine and of the naive count.

The free days are those of the PyPI package `holidays`; the tests of the two spans say which.

2025: Ramadan hours Sat 1 to Sun 30 March (a season of these tests). Mon 24 to Thu 27 March work; Fri 28
shared leave, Sat 29 Nyepi, Mon 31 and Tue 1 April Idul Fitri, Wed 2 to Fri 4 and Mon 7 shared leave; Tue 8
to Fri 11 and Mon 14 to Thu 17 April work; Fri 18 Good Friday; Mon 21 to Wed 30 work but the weekend.
2026: Ramadan hours Wed 18 February to Fri 20 March. Mon 16 and Tue 17 March work; Wed 18 shared leave, Thu 19
Nyepi, Fri 20 shared leave, Sat 21 and Sun 22 Idul Fitri, Mon 23 and Tue 24 shared leave; Wed 25 to Fri 27,
Mon 30 and Tue 31 March, Wed 1 and Thu 2 April work; Fri 3 Good Friday.
Hours: usual 07:30-12, 13-16, Friday 07:30-11:30, 13-16:30 (450 minutes a day); Ramadan 08-12, 12:30-15, Friday
08-11:30, 12:30-15:30 (390). The six-day unit: 07:30-14, Friday to 11:30, without a season.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pendapa.calendars import Pause, Week, WorkCalendar

from .naive import Hours, NaiveOffice
from .offices import (
    FREE_DAYS,
    RAMADAN,
    RAMADAN_DAY,
    RAMADAN_FRIDAY,
    SIX_DAYS,
    USUAL,
    USUAL_DAY,
    USUAL_FRIDAY,
    WIB,
    at,
    span,
)

RAMADAN_2025 = Week(date(2025, 3, 1), date(2025, 3, 30), RAMADAN.hours)
LATE = {date(2025, 4, 8): "Libur yang ditetapkan terlambat"}
REGIONAL = {date(2026, 3, 26): "Hari jadi daerah"}

Unit = Literal["office", "six days"]


def engine(unit: Unit, extra: Mapping[date, str], rule: Literal["next_day", "same_day"]) -> WorkCalendar:
    weeks = [USUAL, RAMADAN_2025, RAMADAN] if unit == "office" else [SIX_DAYS]
    return WorkCalendar(WIB, weeks, FREE_DAYS, rule).with_free_days(extra)


def naive(unit: Unit, extra: Mapping[date, str], rule: str) -> NaiveOffice:
    def hours_of(day: date) -> Hours:
        friday, late = day.weekday() == 4, day.weekday() > 4
        if unit == "six days":
            return () if day.weekday() == 6 else (span("07:30", "11:30" if friday else "14:00"),)
        if late:
            return ()
        fasting = (2025, 3, 1) <= (day.year, day.month, day.day) <= (2025, 3, 30) or (
            (2026, 2, 18) <= (day.year, day.month, day.day) <= (2026, 3, 20)
        )
        if fasting:
            return RAMADAN_FRIDAY if friday else RAMADAN_DAY
        return USUAL_FRIDAY if friday else USUAL_DAY

    return NaiveOffice(WIB, hours_of, {**FREE_DAYS, **extra}, rule == "next_day")


def test_the_source_knows_both_lebarans() -> None:
    def free(year: int, month: int) -> list[int]:
        return [day.day for day in sorted(FREE_DAYS) if (day.year, day.month) == (year, month)]

    assert (free(2025, 3), free(2025, 4)) == ([28, 29, 31], [1, 2, 3, 4, 7, 18, 20])
    assert (free(2026, 3), free(2026, 4)) == ([18, 19, 20, 21, 22, 23, 24], [3, 5])


NONE: Mapping[date, str] = {}

# unit, extra free days, receipt, working days, pauses, due, why
DAYS: list[tuple[Unit, Mapping[date, str], str, int, list[tuple[str, str]], str, str]] = [
    # 2025, the office
    (
        "office",
        NONE,
        "2025-03-26 10:00",
        1,
        [],
        "2025-03-27 15:00",
        "Thursday, still Ramadan: closes at 15:00",
    ),
    (
        "office",
        NONE,
        "2025-03-26 10:00",
        2,
        [],
        "2025-04-08 16:00",
        "27; 28 March to 7 April free; 8, usual hours",
    ),
    (
        "office",
        NONE,
        "2025-03-27 14:59",
        1,
        [],
        "2025-04-08 16:00",
        "a minute before closing: day 0 is the 27th",
    ),
    ("office", NONE, "2025-03-27 15:00", 1, [], "2025-04-09 16:00", "at closing: day 0 is 8 April"),
    ("office", NONE, "2025-03-31 09:00", 1, [], "2025-04-09 16:00", "on Idul Fitri: day 0 is 8 April"),
    ("office", NONE, "2025-03-24 08:00", 5, [], "2025-04-09 16:00", "25, 26, 27, 8, 9"),
    (
        "office",
        NONE,
        "2025-03-24 08:00",
        7,
        [],
        "2025-04-11 16:30",
        "10 and Friday 11, which closes at 16:30",
    ),
    ("office", NONE, "2025-03-20 10:00", 1, [], "2025-03-21 15:30", "a Friday in Ramadan closes at 15:30"),
    (
        "office",
        NONE,
        "2025-03-24 08:00",
        14,
        [],
        "2025-04-23 16:00",
        "to 11 April 7; 14-17 are 8-11; 21, 22, 23",
    ),
    (
        "office",
        NONE,
        "2025-04-17 15:30",
        1,
        [],
        "2025-04-21 16:00",
        "open till 16:00 again; 18 April Good Friday",
    ),
    ("office", NONE, "2025-04-07 10:00", 0, [], "2025-04-08 16:00", "0 days on a free day: the next closing"),
    # 2025, a holiday declared late: 8 April
    ("office", LATE, "2025-03-26 10:00", 2, [], "2025-04-09 16:00", "27 and, as 8 is free now, 9"),
    ("office", LATE, "2025-03-31 09:00", 1, [], "2025-04-10 16:00", "day 0 moves to 9 April too"),
    ("office", LATE, "2025-03-26 10:00", 1, [], "2025-03-27 15:00", "due before the late day: not moved"),
    # 2025, pauses; without one, five days from 24 March end on 9 April
    (
        *("office", NONE, "2025-03-24 08:00", 5, [("2025-03-26 10:00", "2025-04-08 10:00")]),
        *("2025-04-11 16:30", "26 and 27 close in it: 25, 8, 9, 10, 11; the free days cost nothing"),
    ),
    (
        *("office", NONE, "2025-03-24 08:00", 5, [("2025-03-28 00:00", "2025-04-07 23:59")]),
        *("2025-04-09 16:00", "only free days in it"),
    ),
    (
        *("office", NONE, "2025-03-24 08:00", 5, [("2025-03-27 14:00", "2025-03-27 15:00")]),
        *("2025-04-10 16:00", "to the closing of the 27th itself: that day is lost"),
    ),
    (
        *("office", NONE, "2025-03-24 08:00", 5, [("2025-03-25 09:00", "2025-03-26 09:00")]),
        *("2025-04-10 16:00", "the 25th closes in it: 26, 27, 8, 9, 10"),
    ),
    (
        *("office", NONE, "2025-03-24 08:00", 2, [("2025-03-27 09:00", "2025-04-20 09:00")]),
        *("2025-03-26 15:00", "due before the pause begins"),
    ),
    # 2025, the six-day unit
    (
        "six days",
        NONE,
        "2025-03-27 10:00",
        1,
        [],
        "2025-04-05 14:00",
        "Sat 29 is Nyepi; Sat 5 April is no leave day",
    ),
    ("six days", NONE, "2025-03-27 10:00", 2, [], "2025-04-08 14:00", "Sat 5; Sun 6, Mon 7 leave; Tue 8"),
    ("six days", NONE, "2025-04-10 10:00", 2, [], "2025-04-12 14:00", "Friday 11 and Saturday 12"),
    ("six days", NONE, "2025-04-10 14:00", 1, [], "2025-04-12 14:00", "closed at 14:00: day 0 is Friday 11"),
    # 2026, the office with the regional free day of 26 March
    ("office", REGIONAL, "2026-03-16 10:00", 2, [], "2026-03-25 16:00", "17, 25: due the day before"),
    ("office", REGIONAL, "2026-03-16 10:00", 3, [], "2026-03-27 16:30", "17, 25; 26 free; Friday 27"),
    (
        "office",
        REGIONAL,
        "2026-03-25 16:00",
        1,
        [],
        "2026-03-30 16:00",
        "at closing: day 0 is 27, as 26 is free",
    ),
    (
        *("office", REGIONAL, "2026-03-16 10:00", 3, [("2026-03-25 12:00", "2026-03-27 09:00")]),
        *("2026-03-30 16:00", "25 closes in it, 26 is free anyway: 17, 27, 30"),
    ),
    # 2026, others
    (
        "office",
        NONE,
        "2026-03-12 15:10",
        1,
        [],
        "2026-03-16 15:00",
        "Thu 12 closed at 15: day 0 Fri 13; Mon 16",
    ),
    (
        "office",
        NONE,
        "2026-03-13 15:10",
        1,
        [],
        "2026-03-16 15:00",
        "Fri 13 is open till 15:30: day 0 is Friday",
    ),
    ("office", NONE, "2026-03-16 10:00", 8, [], "2026-04-02 16:00", "17, 25, 26, 27, 30, 31, 1, 2"),
    ("office", NONE, "2026-03-16 10:00", 9, [], "2026-04-06 16:00", "and Mon 6 April, past Good Friday"),
    ("six days", NONE, "2026-03-16 10:00", 5, [], "2026-03-28 14:00", "17, 25, 26, 27 and Saturday 28"),
    ("six days", NONE, "2026-03-20 10:00", 1, [], "2026-03-26 14:00", "on a free Friday: day 0 is Wed 25"),
]

# unit, extra free days, receipt, working minutes, pauses, due, why
MINUTES: list[tuple[Unit, Mapping[date, str], str, int, list[tuple[str, str]], str, str]] = [
    ("office", NONE, "2025-03-27 11:30", 60, [], "2025-03-27 13:00", "30, the Ramadan break 12-12:30, 30"),
    (
        "office",
        NONE,
        "2025-03-27 14:30",
        60,
        [],
        "2025-04-08 08:00",
        "30 to closing, 30 from 07:30 on 8 April",
    ),
    ("office", NONE, "2025-03-26 15:00", 840, [], "2025-04-08 16:00", "27 March has 390, 8 April 450"),
    ("office", LATE, "2025-03-26 15:00", 840, [], "2025-04-09 16:00", "8 April is free now"),
    (
        *("office", NONE, "2025-03-27 08:00", 300, [("2025-03-27 10:00", "2025-04-08 13:30")]),
        *("2025-04-09 08:00", "120 on the 27th; 13:30-16 is 150; 30 more from 07:30"),
    ),
    ("office", NONE, "2025-03-21 11:00", 60, [], "2025-03-21 13:00", "Friday: 30, break 11:30-12:30, 30"),
    (
        "six days",
        NONE,
        "2025-03-27 13:00",
        120,
        [],
        "2025-04-05 08:30",
        "60 to 14:00; 60 from 07:30 on Sat 5 April",
    ),
    ("office", REGIONAL, "2026-03-25 15:00", 120, [], "2026-03-27 08:30", "60, 26 free, 60 from 07:30"),
]


def test_there_are_forty_over_both_years() -> None:
    starts = [case[2][:4] for case in (*DAYS, *MINUTES)]
    assert len(starts) >= 40
    assert starts.count("2025") >= 15
    assert starts.count("2026") >= 10


@pytest.mark.parametrize(("unit", "extra", "start", "days", "pauses", "due", "why"), DAYS)
def test_days_by_hand(unit, extra, start, days, pauses, due, why):
    spans = [(at(begins), at(ends)) for begins, ends in pauses]
    stops = [Pause(*span) for span in spans]
    assert engine(unit, extra, "next_day").add_working_days(at(start), days, stops).due == at(due), why
    assert naive(unit, extra, "next_day").due_in_days(at(start), days, spans) == at(due), why


@pytest.mark.parametrize(("unit", "extra", "start", "minutes", "pauses", "due", "why"), MINUTES)
def test_minutes_by_hand(unit, extra, start, minutes, pauses, due, why):
    spans = [(at(begins), at(ends)) for begins, ends in pauses]
    stops = [Pause(*span) for span in spans]
    assert engine(unit, extra, "next_day").add_working_minutes(at(start), minutes, stops).due == at(due), why
    assert naive(unit, extra, "next_day").due_in_minutes(at(start), minutes, spans) == at(due), why


instants = st.integers(0, 60 * 24 * 396).map(
    lambda minutes: at("2025-03-10 00:00") + timedelta(minutes=minutes)
)
lengths = st.integers(0, 60 * 24 * 25).map(lambda minutes: timedelta(minutes=minutes))
pauses = st.lists(st.tuples(instants, lengths).map(lambda pair: (pair[0], pair[0] + pair[1])), max_size=6)
offices = st.tuples(
    st.sampled_from(["office", "six days"]),
    st.sampled_from([NONE, LATE, REGIONAL]),
    st.sampled_from(["next_day", "same_day"]),
)


@settings(max_examples=300, deadline=None)
@given(offices, instants, st.integers(1, 40), pauses)
def test_days_agree_with_the_naive_count(which, start, days, spans):
    stops = [Pause(*span) for span in spans]
    assert engine(*which).add_working_days(start, days, stops).due == naive(*which).due_in_days(
        start, days, spans
    )


@settings(max_examples=40, deadline=None)
@given(offices, instants, st.integers(1, 2_000), pauses)
def test_minutes_agree_with_the_naive_count(which, start, minutes, spans):
    stops = [Pause(*span) for span in spans]
    assert engine(*which).add_working_minutes(start, minutes, stops).due == naive(*which).due_in_minutes(
        start, minutes, spans
    )


@settings(max_examples=200, deadline=None)
@given(offices, instants, st.integers(1, 30), st.integers(0, 29), st.integers(0, 60 * 24 * 20))
def test_a_pause_shifts_by_the_closings_it_covers(which, start, days, after, length):
    """k closings in a pause that begins before the deadline: due as with k days more."""
    calendar, slow = engine(*which), naive(*which)
    begins = calendar.add_working_days(start, min(after, days - 1) + 1).due - timedelta(minutes=1)
    ends = begins + timedelta(minutes=length)
    local = [begins.astimezone(WIB).date() + timedelta(days=number) for number in range(22)]
    covered = sum(begins < slow.closing(day) <= ends for day in local if slow.hours(day))
    assert (
        calendar.add_working_days(start, days, [Pause(begins, ends)]).due
        == calendar.add_working_days(start, days + covered).due
    )


@settings(max_examples=200, deadline=None)
@given(offices, instants, st.integers(1, 30), st.integers(1, 30))
def test_days_add_up(which, start, first, more):
    """Handed on in the last minute of the first deadline, the days of the second follow on."""
    calendar = engine(*which)
    handed_on = calendar.add_working_days(start, first).due - timedelta(minutes=1)
    assert (
        calendar.add_working_days(handed_on, more).due == calendar.add_working_days(start, first + more).due
    )
