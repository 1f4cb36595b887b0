"""The fixed table of functions: how many arguments, what they do, how they are told in words."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal

from pendapa.expressions.errors import EvaluationError
from pendapa.expressions.operations import Number, add, divide, equal, order
from pendapa.expressions.values import CONTEXT, Value, bounded_text, shown

_DURATION = re.compile(
    r"(?P<sign>-?)P(?=.)(?:(?P<weeks>\d{1,7})W)?(?:(?P<days>\d{1,7})D)?"
    r"(?:T(?=.)(?:(?P<hours>\d{1,9})H)?(?:(?P<minutes>\d{1,9})M)?(?:(?P<seconds>\d{1,9})S)?)?",
    re.ASCII,
)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Function:
    """One row of the table.

    `most` is None for any number of arguments; with `keeps_missing` the function sees missing arguments
    itself, otherwise one missing argument makes the result missing; with `checked_early` a text is read when
    the expression is parsed.
    """

    name: str
    least: int
    most: int | None
    apply: Callable[..., Value]
    said_id: str
    said_en: str
    keeps_missing: bool = False
    checked_early: bool = False


def _items(arguments: tuple[Value, ...]) -> tuple[Value, ...] | None:
    """The one list given, or the arguments themselves; None when the one list is missing."""
    if len(arguments) != 1:
        return arguments
    only = arguments[0]
    if only is None:
        return None
    return only if isinstance(only, tuple) else arguments


def _text(function: str, value: Value) -> str:
    if isinstance(value, str):
        return value
    raise EvaluationError(f"{function} works on text, not on {shown(value)}.")


def _number(function: str, value: Value) -> Number:
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        return value
    raise EvaluationError(f"{function} works on numbers, not on {shown(value)}.")


def _extreme(wanted: int) -> Callable[..., Value]:
    def extreme(*arguments: Value) -> Value:
        items = _items(arguments)
        if not items:
            return None
        best = items[0]
        order(best, best)  # refuses kinds without order, also when alone
        for item in items[1:]:
            side = order(item, best)
            if side is None:
                best = None
            elif side == wanted:
                best = item
        return best

    return extreme


def total(*arguments: Value) -> Value:
    """Sum of numbers or of durations; 0 for an empty list; missing if one item is missing."""
    items = _items(arguments)
    if items is None:
        return None
    result: Value = 0
    for index, item in enumerate(items):
        if item is not None and not isinstance(item, timedelta):
            _number("sum", item)
        result = item if index == 0 else add(result, item)
    return result


def mean(*arguments: Value) -> Value:
    """Sum over number of items; missing for an empty list."""
    items = _items(arguments)
    return divide(total(*arguments), len(items)) if items else None


def count(*arguments: Value) -> Value:
    """How many items are not missing."""
    items = _items(arguments)
    return None if items is None else sum(item is not None for item in items)


def length(*arguments: Value) -> Value:
    """Characters of a text, items of a list, or the number of several arguments (missing ones too)."""
    if len(arguments) > 1:
        return len(arguments)
    value = arguments[0]
    if value is None:
        return None
    if isinstance(value, (str, tuple)):
        return len(value)
    raise EvaluationError(f"len works on text and lists, not on {shown(value)}.")


def rounded(value: Value, places: Value = 0) -> Value:
    """Half away from zero, as bills are rounded; a whole number when `places` is 0. `places` is 0 to 12."""
    number = _number("round", value)
    if type(places) is not int or not 0 <= places <= 12:
        raise EvaluationError(f"round takes 0 to 12 decimal places, not {shown(places)}.")
    if isinstance(number, int):
        return number
    if places == 0:
        return int(number.to_integral_value(ROUND_HALF_UP))
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -places:
        return number.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP, context=CONTEXT)
    return number


def floor(value: Value) -> Value:
    """The greatest whole number not above the value."""
    number = _number("floor", value)
    return number if isinstance(number, int) else int(number.to_integral_value(ROUND_FLOOR))


def absolute(value: Value) -> Value:
    """The size of a number or duration without its sign."""
    if isinstance(value, timedelta):
        if value == timedelta.min:
            raise EvaluationError("A duration left the range of a million years; check its parts.")
        return abs(value)
    number = _number("abs", value)
    return abs(number) if isinstance(number, int) else number.copy_abs()


def concat(*arguments: Value) -> Value:
    """The texts one after the other; missing if one is missing."""
    items = _items(arguments)
    if items is None or any(item is None for item in items):
        return None
    texts = [_text("concat", item) for item in items]
    return bounded_text("".join(texts))


def contains(text: Value, part: Value) -> Value:
    """Whether the text has the part in it, capitals and all."""
    if isinstance(text, tuple):
        raise EvaluationError("contains works on text; for a list write `item in list`.")
    return _text("contains", part) in _text("contains", text)


def selected(choices: Value, item: Value) -> Value:
    """Whether a multiple choice holds the item; it is a list, or a text of names with spaces between."""
    if isinstance(choices, str):
        return _text("selected", item) in choices.split()
    if not isinstance(choices, tuple):
        raise EvaluationError(f"selected works on a list or text, not on {shown(choices)}.")
    results = [equal(item, choice) for choice in choices]
    return True if True in results else None if None in results else False


def read_date(text: Value) -> Value:
    """`2026-03-30` as a date."""
    written = _text("date", text)
    try:
        if _DATE.fullmatch(written):
            return date.fromisoformat(written)
    except ValueError:
        pass
    raise EvaluationError(f'"{written[:30]}" is not a date; write year-month-day, as in "2026-03-30".')


def read_datetime(text: Value) -> Value:
    """`2026-03-30T08:00+07:00` as an instant; the offset is obligatory."""
    written = _text("datetime", text)
    try:
        instant = datetime.fromisoformat(written)
    except ValueError:
        instant = None
    if instant is None or instant.utcoffset() is None:
        right = 'write date, time and offset, as in "2026-03-30T08:00+07:00"'
        raise EvaluationError(f'"{written[:40]}" is not a date and time; {right}.')
    return instant


def read_duration(text: Value) -> Value:
    """`P3D`, `P2W`, `PT36H`, `P1DT12H30M` as a duration. Months and years vary in length: refused."""
    written = _text("duration", text)
    match = _DURATION.fullmatch(written)
    if match is None or not any(match.group("weeks", "days", "hours", "minutes", "seconds")):
        right = 'write weeks, days, hours, minutes or seconds, as in "P3D" or "PT36H" (months and years vary)'
        raise EvaluationError(f'"{written[:30]}" is not a duration; {right}.')
    parts = {unit: int(match.group(unit) or 0) for unit in ("weeks", "days", "hours", "minutes", "seconds")}
    duration = timedelta(**parts)
    return -duration if match.group("sign") else duration


def _on_text(name: str, operation: Callable[[str], str]) -> Callable[..., Value]:
    return lambda value: operation(_text(name, value))


FUNCTIONS: dict[str, Function] = {
    function.name: function
    for function in (
        Function("min", 1, None, _extreme(-1), "terkecil dari ({})", "the smallest of ({})", True),
        Function("max", 1, None, _extreme(1), "terbesar dari ({})", "the largest of ({})", True),
        Function("sum", 1, None, total, "jumlah dari ({})", "the sum of ({})", True),
        Function("mean", 1, None, mean, "rata-rata dari ({})", "the mean of ({})", True),
        Function(
            "count", 1, None, count, "banyaknya isian dari ({})", "the number of filled items of ({})", True
        ),
        Function("len", 1, None, length, "panjang {}", "the length of {}", True),
        Function("round", 1, 2, rounded, "pembulatan ({})", "rounded ({})"),
        Function("floor", 1, 1, floor, "pembulatan ke bawah {}", "{} rounded down"),
        Function("abs", 1, 1, absolute, "nilai mutlak {}", "the size of {}"),
        Function("lower", 1, 1, _on_text("lower", str.lower), "{} dalam huruf kecil", "{} in small letters"),
        Function("upper", 1, 1, _on_text("upper", str.upper), "{} dalam huruf besar", "{} in capitals"),
        Function("trim", 1, 1, _on_text("trim", str.strip), "{} tanpa spasi tepi", "{} without outer spaces"),
        Function("contains", 2, 2, contains, "{} memuat {}", "{} contains {}"),
        Function(
            "starts_with",
            2,
            2,
            lambda text, part: _text("starts_with", text).startswith(_text("starts_with", part)),
            "{} diawali {}",
            "{} starts with {}",
        ),
        Function(
            "ends_with",
            2,
            2,
            lambda text, part: _text("ends_with", text).endswith(_text("ends_with", part)),
            "{} diakhiri {}",
            "{} ends with {}",
        ),
        Function("concat", 1, None, concat, "gabungan ({})", "({}) joined", True),
        Function("selected", 2, 2, selected, "pada {} dipilih {}", "in {} is chosen {}"),
        Function("date", 1, 1, read_date, "tanggal {}", "the date {}", checked_early=True),
        Function("datetime", 1, 1, read_datetime, "waktu {}", "the time {}", checked_early=True),
        Function("duration", 1, 1, read_duration, "jangka waktu {}", "the duration {}", checked_early=True),
    )
}
