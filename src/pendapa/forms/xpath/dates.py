"""Times of day and date patterns of OpenRosa."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time

from pendapa.forms.xpath.nodes import Environment
from pendapa.forms.xpath.values import NAN, parse_offset

_TIME = re.compile(r"(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(Z|[+-]\d\d(?::?\d\d)?)?\Z")
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]


def parse_time(text: str) -> tuple[float, float | None] | None:
    """Seconds since midnight and the offset from UTC in seconds, if it is written; None if it is no time."""
    match = _TIME.match(text.strip())
    if match is None:
        return None
    hour, minute, second = int(match[1]), int(match[2]), int(match[3] or 0)
    if hour > 23 or minute > 59 or second > 59:
        return None
    offset: float | None = None
    if match[5]:
        digits = match[5][1:].replace(":", "")
        if match[5] != "Z" and (int(digits[:2]) > 14 or int(digits[2:] or 0) > 59):
            return None
        zone = parse_offset(match[5])
        delta = zone.utcoffset(None) if zone is not None else None
        offset = delta.total_seconds() if delta is not None else 0.0
    fraction = float(f"0.{match[4]}") if match[4] else 0.0
    return hour * 3600 + minute * 60 + second + fraction, offset


def decimal_time(text: str, env: Environment) -> float:
    """A time of day as a fraction of a day, local time; NaN if it is no time."""
    parsed = parse_time(text)
    if parsed is None:
        return NAN
    seconds, offset = parsed
    if offset is not None:
        local = env.now.astimezone(env.zone).utcoffset()
        seconds += (local.total_seconds() if local is not None else 0.0) - offset
    return seconds % 86400 / 86400


def format_date(moment: date | datetime | None, pattern: str) -> str:
    """format-date() and format-date-time(): %Y %y %m %n %b %d %e %a %H %h %M %S %3 (month and day names in
    English)."""
    if moment is None:
        return ""
    clock = moment.timetz() if isinstance(moment, datetime) else time(0)
    parts = {
        "Y": f"{moment.year:04d}",
        "y": f"{moment.year % 100:02d}",
        "m": f"{moment.month:02d}",
        "n": str(moment.month),
        "b": MONTHS[moment.month - 1],
        "d": f"{moment.day:02d}",
        "e": str(moment.day),
        "a": WEEKDAYS[moment.weekday()],
        "W": str(moment.isocalendar().week),
        "H": f"{clock.hour:02d}",
        "h": str(clock.hour),
        "M": f"{clock.minute:02d}",
        "S": f"{clock.second:02d}",
        "3": f"{clock.microsecond // 1000:03d}",
        "%": "%",
    }
    return re.sub("%(.)", lambda m: parts.get(m[1], m[0]), pattern)


__all__ = ["UTC", "decimal_time", "format_date", "parse_time"]
