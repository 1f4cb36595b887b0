"""Whether text is a value of an XForms type, and a computed value as text of its type."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime

from pendapa.forms.xpath.dates import parse_time
from pendapa.forms.xpath.functions import text_of
from pendapa.forms.xpath.geometry import is_point, is_shape, is_trace
from pendapa.forms.xpath.nodes import Environment
from pendapa.forms.xpath.values import Value, to_boolean, to_date, to_number

_INTEGER = re.compile(r"-?\d{1,18}")
_DECIMAL = re.compile(r"-?(?:\d{1,18}(?:\.\d{0,18})?|\.\d{1,18})")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_DATE_TIME = re.compile(r"(\d{4}-\d\d-\d\d)T(.+)")
_FILE = re.compile(r"[^/\\\x00-\x1f]{1,255}")


def is_date(text: str) -> bool:
    if not _DATE.fullmatch(text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def is_date_time(text: str) -> bool:
    match = _DATE_TIME.fullmatch(text)
    return match is not None and is_date(match[1]) and parse_time(match[2]) is not None


# XForms type -> whether a filled answer is of it. Types not listed take any text.
CHECKS: dict[str, Callable[[str], bool]] = {
    "int": lambda t: _INTEGER.fullmatch(t) is not None,
    "integer": lambda t: _INTEGER.fullmatch(t) is not None,
    "decimal": lambda t: _DECIMAL.fullmatch(t) is not None,
    "date": is_date,
    "time": lambda t: parse_time(t) is not None and t == t.strip(),
    "dateTime": is_date_time,
    "binary": lambda t: _FILE.fullmatch(t) is not None and t not in (".", ".."),
    "boolean": lambda t: t in ("true", "false", "1", "0"),
    "geopoint": is_point,
    "geotrace": is_trace,
    "geoshape": is_shape,
}


def as_text(value: Value, type_name: str, env: Environment) -> str:
    """A computed value as the text of an instance node of this type; what cannot be of the type is blank."""
    if type_name in ("int", "integer", "decimal"):
        number = to_number(value, env)
        if number != number or number in (float("inf"), float("-inf")):
            return ""
        return text_of(float(int(number)) if type_name != "decimal" else number)
    if type_name == "date":
        moment = to_date(value, env)
        return (
            "" if moment is None else (moment.date() if isinstance(moment, datetime) else moment).isoformat()
        )
    if type_name == "dateTime":
        moment = to_date(value, env)
        if moment is None:
            return ""
        return text_of(
            moment
            if isinstance(moment, datetime)
            else datetime(moment.year, moment.month, moment.day, tzinfo=env.zone)
        )
    if isinstance(value, list) and value and getattr(value[0].spec, "type", "") in ("date", "dateTime"):
        value = to_date(value, env) or ""
    if type_name == "boolean" or isinstance(value, bool):
        return "1" if to_boolean(value) else "0"
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime(
            value.year, value.month, value.day, tzinfo=env.zone
        )  # as JavaRosa stores a date as text
    return text_of(value)
