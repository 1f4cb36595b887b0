"""The calendar of a regency folder: regency.toml, office-hours.csv and holidays.csv."""

from __future__ import annotations

import csv
import tomllib
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pendapa.calendars.calendar import WorkCalendar
from pendapa.calendars.faults import CalendarRefused, Fault
from pendapa.calendars.rows import HOLIDAYS_FILE, HOURS_FILE, Row, read_calendar

_COLUMNS = {
    HOURS_FILE: ("agency", "season", "starts", "ends", "weekday", "opens", "closes"),
    HOLIDAYS_FILE: ("date", "name", "kind", "agency"),
}


def read_calendar_folder(folder: Path, agency: str | None) -> WorkCalendar:
    """The calendar of one agency of a regency folder. Raises CalendarRefused with every fault found."""
    faults: list[Fault] = []
    if not folder.is_dir():
        raise CalendarRefused([Fault(str(folder), "there is no such folder", "name a regency folder")])
    settings = _read_settings(folder / "regency.toml", faults)
    zone = _read_zone(settings, faults)
    rule = settings.get("receipt_after_closing", "next_day")
    if rule not in ("next_day", "same_day"):
        wrong = f'receipt_after_closing "{rule}" is no rule'
        faults.append(Fault("regency.toml:receipt_after_closing", wrong, 'write "next_day" or "same_day"'))
        rule = "next_day"
    hours, holidays = _read_rows(folder, HOURS_FILE, faults), _read_rows(folder, HOLIDAYS_FILE, faults)
    _check_agency(folder, agency, hours, faults)
    if hours is not None and holidays is not None:
        try:
            calendar = read_calendar(hours, holidays, zone or ZoneInfo("UTC"), agency, rule)
        except CalendarRefused as refusal:
            faults.extend(refusal.faults)
        else:
            if not faults:
                return calendar
    raise CalendarRefused(faults)


def _read_settings(path: Path, faults: list[Fault]) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        faults.append(Fault(path.name, "the file is missing", 'write one with zone = "Asia/Jakarta" in it'))
    except (OSError, UnicodeDecodeError) as error:
        faults.append(Fault(path.name, f"the file cannot be read ({error})", "save it as UTF-8"))
    except tomllib.TOMLDecodeError as error:
        faults.append(Fault(path.name, f"this is not TOML ({error})", "mend the line it names"))
    return {"zone": None}


def _read_zone(settings: dict[str, Any], faults: list[Fault]) -> ZoneInfo | None:
    key = settings.get("zone", "")
    if key is None:  # the file itself is already refused
        return None
    try:
        return ZoneInfo(key)
    except (ValueError, TypeError, OSError, LookupError):  # ZoneInfoNotFoundError is a KeyError
        wrong = f'zone "{key}" is not a time zone'
        faults.append(Fault("regency.toml:zone", wrong, 'write an IANA name, as in "Asia/Jakarta"'))
        return None


def _read_rows(folder: Path, name: str, faults: list[Fault]) -> list[Row] | None:
    try:
        with (folder / name).open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            rows: list[Row] = list(reader)
            columns = reader.fieldnames or ()
    except FileNotFoundError:
        faults.append(
            Fault(name, "the file is missing", f"write one with the columns {', '.join(_COLUMNS[name])}")
        )
        return None
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        faults.append(Fault(name, f"the file cannot be read ({error})", "save it as CSV in UTF-8"))
        return None
    missing = [column for column in _COLUMNS[name] if column not in columns]
    if missing:
        faults.append(
            Fault(f"{name}:row 1", f"columns are missing: {', '.join(missing)}", "add them to the header")
        )
        return None
    return rows


def _check_agency(folder: Path, agency: str | None, hours: list[Row] | None, faults: list[Fault]) -> None:
    """An agency must be one of agencies.csv, or have hours of its own where there is no such file."""
    if agency is None or hours is None:
        return
    path = folder / "agencies.csv"
    known = {(row.get("agency") or "").strip() for row in hours}
    if path.exists():
        try:
            with path.open(encoding="utf-8-sig", newline="") as file:
                known |= {(row.get("code") or "").strip() for row in csv.DictReader(file)}
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            faults.append(Fault(path.name, f"the file cannot be read ({error})", "save it as CSV in UTF-8"))
            return
    if not agency or agency not in known:
        right = "give a code of agencies.csv, or leave the agency out"
        faults.append(Fault("agency", f'there is no agency "{agency}"', right))
