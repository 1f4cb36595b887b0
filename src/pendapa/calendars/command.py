"""`pendapa deadline`: when a working-time deadline falls, and why."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from pendapa.calendars.calendar import WorkCalendar
from pendapa.calendars.deadline import Deadline
from pendapa.calendars.faults import CalendarRefused, NoWorkingTime
from pendapa.calendars.folder import read_calendar_folder
from pendapa.calendars.pause import Pause


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments of the command."""
    parser.add_argument("--calendar", required=True, type=Path, metavar="FOLDER", help="regency folder")
    parser.add_argument("--agency", metavar="CODE", help="agency whose office hours count (default: of all)")
    parser.add_argument(
        "--from",
        required=True,
        dest="start",
        metavar="ISO",
        help="receipt; without an offset, local time of the zone",
    )
    amount = parser.add_mutually_exclusive_group(required=True)
    amount.add_argument("--working-days", type=int, metavar="N")
    amount.add_argument("--working-hours", type=int, metavar="N")
    amount.add_argument("--working-minutes", type=int, metavar="N")
    parser.add_argument(
        "--pause",
        action="append",
        default=[],
        metavar="A/B",
        help="the clock stands still from A to B; `A/` still runs",
    )
    parser.add_argument(
        "--language", choices=("id", "en"), default="id", help="language of the steps (default: id)"
    )
    parser.add_argument("--json", action="store_true", help="write JSON")


def run(args: argparse.Namespace) -> int:
    """Print the deadline. 0 done, 1 refused input (a sentence each on standard error)."""
    try:
        calendar = read_calendar_folder(args.calendar, args.agency)
    except CalendarRefused as refusal:
        for fault in refusal.faults:
            print(fault, file=sys.stderr)
        return 1
    try:
        deadline = _deadline(calendar, args)
        steps = deadline.steps
    except (NoWorkingTime, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    due = None if deadline.due is None else deadline.due.astimezone(calendar.zone).isoformat()
    for warning in deadline.warnings:
        print(warning, file=sys.stderr)
    if args.json:
        told = [{"day": step.day.isoformat(), "kind": step.kind, "note": step.note} for step in steps]
        print(json.dumps({"due": due, "steps": told}, ensure_ascii=False))
    else:
        for step in steps:
            print(f"{step.day}  {step.kind:8}{step.note}")
        print(f"due {due}" if due else "no due date while the pause runs")
    return 0


def _deadline(calendar: WorkCalendar, args: argparse.Namespace) -> Deadline:
    start = _instant(args.start, calendar.zone)
    pauses = tuple(_pause(text, calendar.zone) for text in args.pause)
    if args.working_days is not None:
        return calendar.add_working_days(start, args.working_days, pauses, args.language)
    if args.working_hours is not None:
        if args.working_hours < 0:
            raise ValueError(f"{args.working_hours} working hours are out of range; give 0 or more.")
        return calendar.add_working_minutes(start, args.working_hours * 60, pauses, args.language)
    return calendar.add_working_minutes(start, args.working_minutes, pauses, args.language)


def _pause(text: str, zone: ZoneInfo) -> Pause:
    starts, slash, ends = text.partition("/")
    if not slash:
        raise ValueError(f'"{text}" is not a pause; write START/END, or START/ while it still runs.')
    return Pause(_instant(starts, zone), _instant(ends, zone) if ends.strip() not in ("", "..") else None)


def _instant(text: str, zone: ZoneInfo) -> datetime:
    try:
        instant = datetime.fromisoformat(text.strip())
    except ValueError:
        raise ValueError(f'"{text}" is not a date and time; write it like 2026-03-17T09:30.') from None
    return instant.replace(tzinfo=zone) if instant.tzinfo is None else instant
