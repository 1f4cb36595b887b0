"""The values an expression reads and gives, their plain names, and the bounds they keep."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Context, Decimal, DivisionByZero, InvalidOperation, Overflow, Underflow
from typing import TypeAlias

from pendapa.expressions.errors import EvaluationError

Value: TypeAlias = "bool | int | Decimal | str | date | datetime | timedelta | tuple[Value, ...] | None"

MAX_TEXT = 100_000
"""Characters in one text value."""
MAX_ITEMS = 10_000
"""Items of one list, counted with the items of lists inside it."""
MAX_LIST_DEPTH = 8
"""Lists inside lists."""
MAX_STEPS = 100_000
"""List items looked at in one evaluation."""
MAX_DIGITS = 34
"""Significant digits of a number, as in IEEE 754 decimal128; every whole number below 10**34 is exact."""

_NUMBER_END = 10**MAX_DIGITS

CONTEXT = Context(
    prec=MAX_DIGITS,
    Emax=MAX_DIGITS - 1,
    Emin=-200,
    traps=[InvalidOperation, DivisionByZero, Overflow, Underflow],
)


def kind_of(value: Value) -> str:
    """The plain name of a value's type, as messages use it."""
    if value is None:
        return "missing"
    if isinstance(value, bool):
        return "yes/no value"
    if isinstance(value, (int, Decimal)):
        return "number"
    if isinstance(value, str):
        return "text"
    if isinstance(value, datetime):
        return "date and time"
    if isinstance(value, date):
        return "date"
    if isinstance(value, timedelta):
        return "duration"
    return "list"


def shown(value: Value) -> str:
    """A value with its type for a message, cut to a readable length: `the text "a"`, `the number 3`."""
    if value is None:
        return "a missing value"
    if isinstance(value, tuple):
        return f"a list of {len(value)}"
    if isinstance(value, str):
        text = f'"{value if len(value) <= 30 else value[:29] + "…"}"'
    elif isinstance(value, bool):
        text = "true" if value else "false"
    else:
        text = value.isoformat() if isinstance(value, date) else str(value)
    return f"the {kind_of(value)} {text}"


def whole(value: int) -> int:
    """Refuse a whole number of more than 34 digits, so that products cannot grow without end."""
    if -_NUMBER_END < value < _NUMBER_END:
        return value
    raise EvaluationError(
        f"A number grew beyond {MAX_DIGITS} digits; split the calculation or use smaller units."
    )


def bounded_text(value: str) -> str:
    """Refuse a text beyond the bound."""
    if len(value) <= MAX_TEXT:
        return value
    raise EvaluationError(f"A text has {len(value)} characters; at most {MAX_TEXT} are allowed.")


def size(value: Value) -> int:
    """1 for a single value; for a list the number of its items, with those of lists inside it."""
    return sum(map(size, value)) if isinstance(value, tuple) else 1


class Scope(dict[str, Value]):
    """The values one evaluation may read, and how much list work it may still do."""

    __slots__ = ("left",)

    def __init__(self) -> None:
        super().__init__()
        self.left = MAX_STEPS

    def charge(self, items: int) -> None:
        """Count `items` looked-at list items against the bound of this evaluation."""
        self.left -= items
        if self.left < 0:
            raise EvaluationError(
                f"The expression looks at more than {MAX_STEPS} list items; use shorter lists."
            )


_PLAIN = frozenset({type(None), bool, date, datetime, timedelta})


def read_scope(names: tuple[str, ...], values: Mapping[str, object]) -> Scope:
    """Take the named values, each checked and brought to a type of the language; the rest is missing."""
    scope = Scope()
    for name in names:
        value = values.get(name)
        if type(value) in _PLAIN:
            scope[name] = value  # type: ignore[assignment]
        else:
            scope[name] = read_value(name, value)
    return scope


def read_value(name: str, value: object) -> Value:
    """One given value as a value of the language: floats by their shortest text, sequences as tuples.

    Raises EvaluationError for other types, numbers that are not finite, and values beyond the bounds.
    """
    if value is None or isinstance(value, (bool, date, timedelta)):
        return value
    if isinstance(value, str):
        return bounded_text(str.__str__(value))
    if isinstance(value, int):
        return whole(int.__index__(value))
    if isinstance(value, (float, Decimal)):
        return _read_decimal(name, Decimal(repr(float(value))) if isinstance(value, float) else value)
    if isinstance(value, (list, tuple)):
        return _read_list(name, value, [MAX_ITEMS], MAX_LIST_DEPTH)
    raise EvaluationError(
        f"`{name}` is a {type(value).__name__}; "
        "an expression reads numbers, text, yes/no, dates, durations and lists."
    )


def _read_decimal(name: str, value: Decimal) -> Decimal:
    if not value.is_finite():
        raise EvaluationError(f"`{name}` is {value}, which is not a number; leave it out if it is missing.")
    if not value:
        return Decimal(0)
    if len(value.as_tuple().digits) > MAX_DIGITS or not -200 <= value.adjusted() < MAX_DIGITS:
        raise EvaluationError(f"`{name}` is beyond the range of {MAX_DIGITS} digits; round it first.")
    return value


def _read_list(name: str, value: list[object] | tuple[object, ...], left: list[int], depth: int) -> Value:
    if depth == 0:
        raise EvaluationError(f"`{name}` has lists inside lists more than {MAX_LIST_DEPTH} deep; flatten it.")
    left[0] -= len(value)
    if left[0] < 0:
        raise EvaluationError(f"`{name}` has more than {MAX_ITEMS} items; summarise it before.")
    return tuple(
        _read_list(name, item, left, depth - 1) if isinstance(item, (list, tuple)) else read_value(name, item)
        for item in value
    )
