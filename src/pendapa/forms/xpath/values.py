"""XPath values and their conversions, with OpenRosa's dates.

A value is a float, str, bool, list of nodes, `date`, or aware `datetime`. As a number a date is its days
since 1970-01-01.
"""

from __future__ import annotations

import math
import re
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal

from pendapa.forms.xpath.nodes import Environment, Node

Value = float | str | bool | list[Node] | date | datetime

NAN = math.nan
_NUMBER = re.compile(r"\s*-?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?\s*\Z")
_DATE = re.compile(
    r"\s*(-?\d{4})-(\d\d?)-(\d\d?)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?\s*(Z|[+-]\d\d(?::?\d\d)?)?)?\s*\Z"
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_DAY = date(1970, 1, 1).toordinal()


def parse_offset(text: str | None) -> timezone | None:
    """`Z`, `+07`, `+0700` or `+07:00`; None when there is none."""
    if not text:
        return None
    if text == "Z":
        return UTC
    digits = text[1:].replace(":", "")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:] or 0))
    return timezone(-offset if text[0] == "-" else offset)


def parse_date(text: str, env: Environment) -> date | datetime | None:
    """A `date` from `2026-03-30`, an aware local `datetime` if a time follows; None if it is neither."""
    match = _DATE.match(text)
    if match is None:
        return None
    year, month, day, hour, minute, second, fraction, offset = match.groups()
    try:
        if hour is None:
            return date(int(year), int(month), int(day))
        micro = int((fraction or "0").ljust(6, "0")[:6])
        zone = parse_offset(offset) or env.zone
        moment = datetime(
            int(year), int(month), int(day), int(hour), int(minute), int(second or 0), micro, zone
        )
        return moment.astimezone(env.zone)
    except (ValueError, OverflowError):
        return None


def days(value: date | datetime, env: Environment) -> float:
    """Days since 1970-01-01 00:00, local or UTC as the environment says. Local days are whole, also of a
    moment: so JavaRosa compares and subtracts."""
    if env.utc_days:
        return utc_days(value, env)
    day = value.astimezone(env.zone) if isinstance(value, datetime) else value
    return float(day.toordinal() - _EPOCH_DAY)


def utc_days(value: date | datetime, env: Environment) -> float:
    """Days since 1970-01-01 00:00 UTC: what decimal-date-time() gives."""
    moment = value if isinstance(value, datetime) else datetime.combine(value, time(0), env.zone)
    return (moment - _EPOCH).total_seconds() / 86400


def from_days(number: float, env: Environment) -> date | datetime | None:
    """The date of a day number; None outside the years 1 to 9999."""
    if not math.isfinite(number):
        return None
    try:
        if env.utc_days:
            local = (_EPOCH + timedelta(days=number)).astimezone(env.zone)
            return local.date() if local.time() == time(0) else local
        if number == int(number):
            return date.fromordinal(int(number) + _EPOCH_DAY)
        naive = datetime(1970, 1, 1) + timedelta(days=number)  # noqa: DTZ001 - wall-clock days
        return naive.replace(tzinfo=env.zone)
    except (OverflowError, ValueError):
        return None


def text_to_number(text: str, env: Environment) -> float:
    if _NUMBER.match(text):
        return float(text)
    moment = parse_date(text, env) if "-" in text else None
    return days(moment, env) if moment is not None else NAN


def to_number(value: Value, env: Environment) -> float:
    """XPath number(); text of an ISO date counts as its days, empty text is not a number."""
    if isinstance(value, float):
        return value
    if isinstance(value, str):
        return text_to_number(value, env)
    if isinstance(value, bool):
        return 1.0 if value else 0.0
    if isinstance(value, list):
        return text_to_number(value[0].text(), env) if value else NAN
    return days(value, env)


def number_to_text(value: float) -> str:
    if value != value:
        return "NaN"
    if value in (math.inf, -math.inf):
        return "Infinity" if value > 0 else "-Infinity"
    if value == int(value):
        return str(int(value))
    text = repr(value)
    return format(Decimal(text), "f") if "e" in text else text


def date_to_text(value: date | datetime) -> str:
    if isinstance(value, datetime):
        return value.isoformat(timespec="milliseconds")
    return value.isoformat()


def to_text(value: Value) -> str:
    """XPath string()."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return number_to_text(value)
    if isinstance(value, list):
        return value[0].text() if value else ""
    return date_to_text(value)


def to_boolean(value: Value) -> bool:
    """XPath boolean(): a number that is neither 0 nor NaN, text that is not empty, a node-set that is not
    empty."""
    if isinstance(value, bool):
        return value
    if isinstance(value, float):
        return value == value and value != 0
    if isinstance(value, (str, list)):
        return len(value) > 0
    return True


def to_date(value: Value, env: Environment) -> date | datetime | None:
    """date(): None if the value names no date."""
    if isinstance(value, (date, datetime)):
        return value
    if isinstance(value, bool):
        return None
    if isinstance(value, float):
        return from_days(value, env)
    text = to_text(value)
    moment = parse_date(text, env)
    if moment is None and _NUMBER.match(text):
        return from_days(float(text), env)
    return moment
