"""Rows of office-hours.csv and holidays.csv to a calendar; every fault is found in one run."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Literal
from zoneinfo import ZoneInfo

from pendapa.calendars.calendar import WorkCalendar
from pendapa.calendars.faults import CalendarRefused, Fault
from pendapa.calendars.week import Week, hour_faults

HOURS_FILE = "office-hours.csv"
HOLIDAYS_FILE = "holidays.csv"

Row = Mapping[str, str | None]

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_TIME = re.compile(r"\d{2}:\d{2}", re.ASCII)
_KINDS = ("national", "shared_leave", "regional")


@dataclass(frozen=True, slots=True)
class _HoursRow:
    number: int
    agency: str
    season: str
    starts: date | None
    ends: date | None
    weekday: int
    opens: time
    closes: time


def read_calendar(
    hours_rows: Iterable[Row],
    holiday_rows: Iterable[Row],
    zone: ZoneInfo,
    agency: str | None,
    receipt_after_closing: Literal["next_day", "same_day"] = "next_day",
) -> WorkCalendar:
    """The calendar of one agency (None: of offices without rows of their own).

    Rows are mappings by the column names of docs/folder.md, the first of them row 2 of its file. Rows of the
    agency replace the rows for all agencies season by season: those of the same season name whose dates
    overlap. The years with a national holiday are those whose holidays are listed.
    Raises CalendarRefused with every fault of both files, also in rows of other agencies.
    """
    faults: list[Fault] = []
    hours = _read_hours(hours_rows, faults)
    free_days, listed_years = _read_free_days(holiday_rows, agency, faults)
    weeks = _weeks_of(hours, agency, faults)
    if faults:
        raise CalendarRefused(faults)
    return WorkCalendar(zone, weeks, free_days, receipt_after_closing, listed_years)


def _read_hours(rows: Iterable[Row], faults: list[Fault]) -> list[_HoursRow]:
    read: list[_HoursRow] = []
    empty = True
    for number, row in enumerate(rows, start=2):
        empty = False
        where = f"{HOURS_FILE}:row {number}"
        before = len(faults)
        starts = _date(row, "starts", where, faults) if _cell(row, "starts") else None
        ends = _date(row, "ends", where, faults) if _cell(row, "ends") else None
        if starts and ends and ends < starts:
            faults.append(Fault(where, f"ends {ends} is before starts {starts}", "swap the two dates"))
        weekday = _cell(row, "weekday")
        if weekday not in ("1", "2", "3", "4", "5", "6", "7"):
            faults.append(
                Fault(where, f'weekday "{weekday}" is not a weekday', "write 1 for Monday to 7 for Sunday")
            )
        opens, closes = _time(row, "opens", where, faults), _time(row, "closes", where, faults)
        if opens and closes and closes <= opens:
            wrong = f"closes {closes:%H:%M} is not after opens {opens:%H:%M}"
            faults.append(Fault(where, wrong, "give a closing time later on the same day"))
        if len(faults) == before and opens and closes:
            agency, season = _cell(row, "agency"), _cell(row, "season")
            read.append(_HoursRow(number, agency, season, starts, ends, int(weekday) - 1, opens, closes))
    if empty:
        faults.append(Fault(HOURS_FILE, "there are no rows", "give the office hours of at least one weekday"))
    return read


def _weeks_of(rows: list[_HoursRow], agency: str | None, faults: list[Fault]) -> list[Week]:
    seasons: dict[tuple[str, str, date | None, date | None], list[_HoursRow]] = {}
    for row in rows:
        seasons.setdefault((row.agency, row.season, row.starts, row.ends), []).append(row)
    own: list[tuple[str, int, Week]] = []
    general: list[tuple[str, int, Week]] = []
    for (whose, season, starts, ends), members in seasons.items():
        hours: dict[int, list[tuple[time, time]]] = {}
        for row in members:
            earlier = hours.setdefault(row.weekday, [])
            found = hour_faults([*earlier, (row.opens, row.closes)])
            if found:
                wrong, right = found[0]
                faults.append(Fault(f"{HOURS_FILE}:row {row.number}", wrong, right))
            else:
                earlier.append((row.opens, row.closes))
        week = Week(starts, ends, {weekday: tuple(pairs) for weekday, pairs in hours.items()})
        if whose == (agency or ""):
            own.append((season, members[0].number, week))
        elif not whose:
            general.append((season, members[0].number, week))
    chosen = own + [
        entry
        for entry in general
        if not any(entry[0] == name and entry[2].overlaps(week) for name, _, week in own)
    ]
    if rows and not chosen:
        wrong = (
            f'there are no rows for agency "{agency}" and none for all'
            if agency
            else "no row is for all agencies"
        )
        faults.append(Fault(HOURS_FILE, wrong, "add rows with an empty agency"))
    _check_seasons(sorted(chosen, key=lambda entry: entry[1]), faults)
    return [week for _, _, week in chosen]


def _check_seasons(chosen: list[tuple[str, int, Week]], faults: list[Fault]) -> None:
    for index, (name, number, week) in enumerate(chosen):
        for other_name, other_number, other in chosen[:index]:
            if week.precision == other.precision and week.overlaps(other):
                wrong = f'season "{name}" shares days with season "{other_name}" of row {other_number}'
                right = "let one end before the other starts, or give the narrower one both dates"
                faults.append(Fault(f"{HOURS_FILE}:row {number}", wrong, right))


def _read_free_days(
    rows: Iterable[Row], agency: str | None, faults: list[Fault]
) -> tuple[dict[date, str], set[int]]:
    names: dict[date, list[str]] = {}
    listed_years: set[int] = set()
    for number, row in enumerate(rows, start=2):
        where = f"{HOLIDAYS_FILE}:row {number}"
        day = _date(row, "date", where, faults)
        name, kind, whose = _cell(row, "name"), _cell(row, "kind"), _cell(row, "agency")
        if not name:
            faults.append(Fault(where, "name is empty", "say why the day is free; applicants read it"))
        if kind not in _KINDS:
            faults.append(Fault(where, f'kind "{kind}" is unknown', f"write one of {', '.join(_KINDS)}"))
        if day is not None and kind == "national":
            listed_years.add(day.year)
        if day is not None and whose in ("", agency or ""):
            reasons = names.setdefault(day, [])
            if name not in reasons:
                reasons.append(name)
    return {day: "; ".join(reasons) for day, reasons in sorted(names.items())}, listed_years


def _cell(row: Row, column: str) -> str:
    value = row.get(column)
    return value.strip() if isinstance(value, str) else ""


def _date(row: Row, column: str, where: str, faults: list[Fault]) -> date | None:
    text = _cell(row, column)
    try:
        if _DATE.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    faults.append(Fault(where, f'{column} "{text}" is not a date', "write year-month-day, as in 2026-03-30"))
    return None


def _time(row: Row, column: str, where: str, faults: list[Fault]) -> time | None:
    text = _cell(row, column)
    try:
        if _TIME.fullmatch(text):
            return time.fromisoformat(text)
    except ValueError:
        pass
    faults.append(Fault(where, f'{column} "{text}" is not a time', "write hours and minutes, as in 07:30"))
    return None
