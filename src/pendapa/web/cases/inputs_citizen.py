"""What people type into the pages of a form, read forgivingly into what the engine takes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from django.http import QueryDict

from pendapa.forms import Field
from pendapa.web.templatetags.pendapa import MONTHS

SHOWN = "shown"
"""Name of the hidden inputs that tell which questions a page showed: an unchecked box sends nothing."""
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
    if field.kind == "acknowledge":
        return "OK" if data.get(name) else ""
    if field.kind == "date":
        return read_date(data, name)
    text = data.get(name, "").replace("\r\n", "\n").replace("\x00", "").strip()[:LONGEST]
    if field.kind in ("integer", "decimal", "range"):
        return read_number(text)
    return re.sub(r"[\s.\-]", "", text) if digits else text


def read_number(text: str) -> str:
    """'1.250,5', '22,5' and '1 250' as the engine writes numbers; anything else as it was typed."""
    plain = text.replace(" ", "")
    if re.fullmatch(r"-?\d{1,3}(\.\d{3})+(,\d+)?", plain):
        plain = plain.replace(".", "")
    return plain.replace(",", ".") if re.fullmatch(r"-?\d+,\d+", plain) else plain


def read_date(data: QueryDict, name: str) -> str:
    """A date from three fields (`name.day`, `.month`, `.year`) or from one; ISO text when it is one, else as typed
    ('31/2/2026'), for the engine to refuse and the page to show again."""
    parts = [data.get(f"{name}.{part}", "").strip()[:40] for part in ("day", "month", "year")]
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
