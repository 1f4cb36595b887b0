"""What people type into the pages of a form, read forgivingly into what the engine takes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from datetime import date, datetime

from django.http import QueryDict

from pendapa.forms import Field
from pendapa.web.cases.places import read_place
from pendapa.web.cases.wording import NO_PLACE, precision
from pendapa.web.organisation.access import zone
from pendapa.web.shown import Precision
from pendapa.web.templatetags.pendapa import MONTHS

SHOWN = "shown"
"""Name of the hidden inputs that tell which questions a page showed: an unchecked box sends nothing."""
MOST_PLACES = 200  # of a rank
LONGEST = 10_001  # one more than the engine takes, so that it is the one to refuse

_MONTH_NUMBERS = {
    name[:length].lower(): number
    for names in MONTHS.values()
    for number, name in enumerate(names, 1)
    for length in (3, len(name))
} | {"agu": 8, "agt": 8, "mei": 5}


def shown_paths(data: QueryDict, allowed: Iterable[str]) -> list[str]:
    """Paths that the page says it showed, as far as they are allowed."""
    known = set(allowed)
    return [path for path in data.getlist(SHOWN) if path in known]


def read_answer(field: Field, data: QueryDict, name: str, *, digits: bool = False) -> str:
    """The answer to one question, as text of the form engine; empty when nothing was given."""
    if field.kind == "select_multiple":
        return " ".join(word for word in data.getlist(name) if word)[:LONGEST]
    if field.kind == "rank":
        return read_order(data, name)
    if field.kind == "geopoint":
        return read_place(data, name)
    if field.kind == "acknowledge":
        return "OK" if data.get(name) else ""
    if field.kind == "date":
        return read_date(data, name, precision(field))
    if field.kind == "dateTime":
        return read_moment(data, name)
    text = data.get(name, "").replace("\r\n", "\n").replace("\x00", "").strip()[:LONGEST]
    if field.kind in ("integer", "decimal", "range"):
        return read_number(text)
    if field.kind == "time":
        return read_time(text)
    return re.sub(r"[\s.\-]", "", text) if digits else text


def read_order(data: QueryDict, name: str) -> str:
    """Choices in the order of their selects (`name.1`, `name.2`, ...); '-' stands where one before another is empty."""
    places: list[str] = []
    while (chosen := data.get(f"{name}.{len(places) + 1}")) is not None and len(places) < MOST_PLACES:
        # A name of a choice has no blanks; what has was not sent by our page.
        places.append("_".join(chosen.split())[:LONGEST] or NO_PLACE)
    while places and places[-1] == NO_PLACE:
        places.pop()
    return " ".join(places)[:LONGEST] if places else data.get(name, "").strip()[:LONGEST]


def read_time(text: str) -> str:
    """'9.30', '09:30' and '9:30' as 09:30; anything else as it was typed."""
    found = re.fullmatch(r"(\d{1,2})[.:](\d{2})", text)
    return f"{int(found[1]):02d}:{found[2]}" if found else text


def read_moment(data: QueryDict, name: str) -> str:
    """A moment from date fields and `name.time`, with the regency's offset; what is no moment as it was typed
    ('31/2/2026T09:30'), for the engine to refuse and the page to show again."""
    whole = data.get(name, "").strip()[:40]
    day, _t, clock = whole.partition("T")
    day = day or read_date(data, name)
    clock = clock or read_time(data.get(f"{name}.time", "").strip()[:20])
    if not day and not clock:
        return ""
    with suppress(ValueError):
        moment = datetime.fromisoformat(f"{day}T{clock}")
        if clock:
            return (moment if moment.tzinfo else moment.replace(tzinfo=zone())).isoformat(
                timespec="milliseconds"
            )
    return f"{day}T{clock}"


def read_number(text: str) -> str:
    """'1.250,5', '22,5' and '1 250' as the engine writes numbers; anything else as it was typed."""
    plain = text.replace(" ", "")
    if re.fullmatch(r"-?\d{1,3}(\.\d{3})+(,\d+)?", plain):
        plain = plain.replace(".", "")
    return plain.replace(",", ".") if re.fullmatch(r"-?\d+,\d+", plain) else plain


def read_date(data: QueryDict, name: str, asked: Precision = "day") -> str:
    """A date from three fields (`name.day`, `.month`, `.year`) or from one; ISO text when it is one, else as typed
    ('31/2/2026'), for the engine to refuse and the page to show again. Where only the month or the year is asked, the
    date is the first day of it, as ODK Collect has it."""
    parts = [data.get(f"{name}.{part}", "").strip()[:40] for part in ("day", "month", "year")]
    if asked != "day" and any(parts):
        parts[0] = parts[0] or "1"
        parts[1] = parts[1] if asked == "month" else parts[1] or "1"
    whole = data.get(name, "").strip()[:40]
    if parts[0] and not parts[1] and not parts[2]:
        whole = parts[0]
    if whole and (found := _one_field(whole)):
        return found
    if not any(parts):
        return whole
    day, month, year = parts
    number = month if month.isdigit() else str(_MONTH_NUMBERS.get(month.lower(), month))
    return _iso(day, number, year) or "/".join((day, number, year))


def _one_field(text: str) -> str:
    if found := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", text):
        return _iso(found[3], found[2], found[1])
    if found := re.fullmatch(r"(\d{1,2})\s*[-/. ]\s*(\d{1,2})\s*[-/. ]\s*(\d{4})", text):
        return _iso(found[1], found[2], found[3])
    if found := re.fullmatch(r"(\d{1,2})\s+([A-Za-z]+)\s+(\d{4})", text):
        return _iso(found[1], str(_MONTH_NUMBERS.get(found[2].lower(), "")), found[3])
    return ""


def _iso(day: str, month: str, year: str) -> str:
    try:
        return date(int(year), int(month), int(day)).isoformat() if len(year) == 4 else ""
    except ValueError:
        return ""
