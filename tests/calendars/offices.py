"""The offices of these tests.

Free days come from the PyPI package `holidays` (Indonesia, public and government: the latter is shared
leave), which is the independent source of dates here. Hours follow Perpres 21/2023: 37.5 hours from 07:30
with breaks of 60 and 90 minutes; in Ramadan 32.5 hours from 08:00 with breaks of 30 and 60 minutes. The
place of the break in the day and the dates of the season are this test's own.
"""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Literal
from zoneinfo import ZoneInfo

import holidays

from pendapa.calendars import Week, WorkCalendar

WIB = ZoneInfo("Asia/Jakarta")


def span(opens: str, closes: str) -> tuple[time, time]:
    return time.fromisoformat(opens), time.fromisoformat(closes)


USUAL_DAY = (span("07:30", "12:00"), span("13:00", "16:00"))  # 4.5 + 3 = 7.5 h
USUAL_FRIDAY = (span("07:30", "11:30"), span("13:00", "16:30"))  # 4 + 3.5 = 7.5 h; the week 37.5 h
RAMADAN_DAY = (span("08:00", "12:00"), span("12:30", "15:00"))  # 4 + 2.5 = 6.5 h
RAMADAN_FRIDAY = (span("08:00", "11:30"), span("12:30", "15:30"))  # 3.5 + 3 = 6.5 h; the week 32.5 h

USUAL = Week(None, None, dict.fromkeys(range(4), USUAL_DAY) | {4: USUAL_FRIDAY})
RAMADAN = Week(
    date(2026, 2, 18), date(2026, 3, 20), dict.fromkeys(range(4), RAMADAN_DAY) | {4: RAMADAN_FRIDAY}
)
SIX_DAYS = Week(
    None, None, dict.fromkeys((0, 1, 2, 3, 5), (span("07:30", "14:00"),)) | {4: (span("07:30", "11:30"),)}
)

FREE_DAYS: dict[date, str] = dict(
    holidays.country_holidays(
        "ID", years=(2025, 2026, 2027), categories=("public", "government"), language="id"
    )
)


def office(rule: Literal["next_day", "same_day"] = "next_day") -> WorkCalendar:
    return WorkCalendar(WIB, [USUAL, RAMADAN], FREE_DAYS, rule)


def counter() -> WorkCalendar:
    return WorkCalendar(WIB, [SIX_DAYS], FREE_DAYS, "next_day")


def at(text: str) -> datetime:
    """`2026-03-16 10:00` as local time of western Indonesia; with an offset, as it says."""
    instant = datetime.fromisoformat(text)
    return instant if instant.tzinfo else instant.replace(tzinfo=WIB)
