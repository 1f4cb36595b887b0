"""Arithmetic and comparison on values. Missing in, missing out; kinds that do not fit are refused by name."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal, DecimalException, DivisionByZero

from pendapa.expressions.errors import EvaluationError
from pendapa.expressions.values import CONTEXT, MAX_DIGITS, Value, kind_of, shown, whole

Number = int | Decimal

_MICROSECOND = timedelta(microseconds=1)


def is_number(value: Value) -> bool:
    """True for int and Decimal; a yes/no value is not a number."""
    return type(value) is int or type(value) is Decimal


def add(a: Value, b: Value) -> Value:
    """Numbers, durations, and a date moved by a duration."""
    if a is None or b is None:
        return None
    if type(a) is int and type(b) is int:
        return whole(a + b)
    if isinstance(a, (int, Decimal)) and isinstance(b, (int, Decimal)) and is_number(a) and is_number(b):
        return _decimal(CONTEXT.add, a, b)
    if isinstance(a, timedelta) and isinstance(b, timedelta):
        return _in_range(lambda: a + b)
    if isinstance(a, date) and isinstance(b, timedelta):
        return _move(a, b)
    if isinstance(a, timedelta) and isinstance(b, date):
        return _move(b, a)
    if isinstance(a, str) and isinstance(b, str):
        raise EvaluationError("Texts are not added; write concat(a, b).")
    raise EvaluationError(f"Cannot add {shown(b)} to {shown(a)}.")


def subtract(a: Value, b: Value) -> Value:
    """Numbers, durations, a date less a duration, and the duration between two dates."""
    if a is None or b is None:
        return None
    if type(a) is int and type(b) is int:
        return whole(a - b)
    if isinstance(a, (int, Decimal)) and isinstance(b, (int, Decimal)) and is_number(a) and is_number(b):
        return _decimal(CONTEXT.subtract, a, b)
    if isinstance(b, timedelta):
        if isinstance(a, timedelta):
            return _in_range(lambda: a - b)
        if isinstance(a, date):
            return _move(a, _in_range(lambda: -b))
    if isinstance(a, date) and isinstance(b, date):
        _same_kind_of_date(a, b)
        return _in_range(lambda: a - b)
    raise EvaluationError(f"Cannot subtract {shown(b)} from {shown(a)}.")


def multiply(a: Value, b: Value) -> Value:
    """Numbers, and a duration times a number."""
    if a is None or b is None:
        return None
    if type(a) is int and type(b) is int:
        return whole(a * b)
    if isinstance(a, (int, Decimal)) and is_number(a):
        if isinstance(b, (int, Decimal)) and is_number(b):
            return _decimal(CONTEXT.multiply, a, b)
        if isinstance(b, timedelta):
            return _duration(_decimal(CONTEXT.multiply, b // _MICROSECOND, a))
    if isinstance(a, timedelta) and isinstance(b, (int, Decimal)) and is_number(b):
        return _duration(_decimal(CONTEXT.multiply, a // _MICROSECOND, b))
    raise EvaluationError(f"Cannot multiply {shown(a)} by {shown(b)}.")


def divide(a: Value, b: Value) -> Value:
    """Numbers (whole where the division is exact), a duration by a number, a duration by a duration."""
    if a is None or b is None:
        return None
    if isinstance(b, (int, Decimal)) and is_number(b):
        if isinstance(a, (int, Decimal)) and is_number(a):
            return quotient(a, b)
        if isinstance(a, timedelta):
            return _duration(quotient(a // _MICROSECOND, b))
    if isinstance(a, timedelta) and isinstance(b, timedelta):
        return quotient(a // _MICROSECOND, b // _MICROSECOND)
    raise EvaluationError(f"Cannot divide {shown(a)} by {shown(b)}.")


def quotient(a: Number, b: Number) -> Number:
    """a / b: int when both are whole and it divides evenly, else a Decimal of 34 digits."""
    if not b:
        raise EvaluationError(
            "Division by zero; test the divisor first, as in `if n = 0 then null else a / n`."
        )
    if type(a) is int and type(b) is int and a % b == 0:
        return a // b
    return _decimal(CONTEXT.divide, a, b)


def negate(a: Value) -> Value:
    """The opposite of a number or duration."""
    if a is None:
        return None
    if isinstance(a, timedelta):
        return _in_range(lambda: -a)
    if isinstance(a, (int, Decimal)) and is_number(a):
        return -a if isinstance(a, int) else a.copy_negate()
    raise EvaluationError(f"Cannot take the negative of {shown(a)}.")


def equal(a: Value, b: Value) -> bool | None:
    """Kleene equality of values of one kind; lists item by item. Different kinds are refused, not unequal."""
    if a is None or b is None:
        return None
    if isinstance(a, tuple) and isinstance(b, tuple):
        if len(a) != len(b):
            return False
        result: bool | None = True
        for left, right in zip(a, b, strict=True):
            same = equal(left, right)
            if same is False:
                return False
            if same is None:
                result = None
        return result
    if isinstance(a, date) and isinstance(b, date):
        _same_kind_of_date(a, b)
    elif type(a) is not type(b) and not (is_number(a) and is_number(b)):
        raise EvaluationError(_cannot_compare(a, b))
    return a == b


def order(a: Value, b: Value) -> int | None:
    """-1, 0 or 1 as a is less than, equal to or greater than b; missing if one is missing."""
    if a is None or b is None:
        return None
    if isinstance(a, (int, Decimal)) and isinstance(b, (int, Decimal)) and is_number(a) and is_number(b):
        return (a > b) - (a < b)
    if isinstance(a, str) and isinstance(b, str):
        return (a > b) - (a < b)
    if isinstance(a, timedelta) and isinstance(b, timedelta):
        return (a > b) - (a < b)
    if isinstance(a, date) and isinstance(b, date):
        _same_kind_of_date(a, b)
        return (a > b) - (a < b)
    raise EvaluationError(_cannot_compare(a, b))


def _cannot_compare(a: Value, b: Value) -> str:
    if kind_of(a) == kind_of(b):
        return f"Cannot say which is greater, {shown(a)} or {shown(b)}; only `=` and `!=` fit here."
    return f"Cannot compare {shown(a)} with {shown(b)}."


def _same_kind_of_date(a: date, b: date) -> None:
    if isinstance(a, datetime) is not isinstance(b, datetime):
        raise EvaluationError(
            f"Cannot compare {shown(a)} with {shown(b)}; give both as dates or both with a time."
        )
    if (
        isinstance(a, datetime)
        and isinstance(b, datetime)
        and (a.utcoffset() is None) is not (b.utcoffset() is None)
    ):
        raise EvaluationError(f"Cannot compare {shown(a)} with {shown(b)}; only one of them has a time zone.")


def _decimal(operation: Callable[[Number, Number], Decimal], a: Number, b: Number) -> Decimal:
    try:
        return operation(a, b)
    except DivisionByZero:
        raise EvaluationError("Division by zero; test the divisor first.") from None
    except DecimalException:
        wrong = f"A number left the range of {MAX_DIGITS} digits; split the calculation or use other units."
        raise EvaluationError(wrong) from None


def _in_range(operation: Callable[[], timedelta]) -> timedelta:
    try:
        return operation()
    except OverflowError:
        raise EvaluationError("A duration left the range of a million years; check its parts.") from None


def _duration(microseconds: Number) -> timedelta:
    if isinstance(microseconds, Decimal):
        microseconds = int(microseconds.to_integral_value(ROUND_HALF_EVEN))
    return _in_range(lambda: timedelta(microseconds=microseconds))


def _move(day: date, by: timedelta) -> date:
    # Python moves a plain date by the whole days of a duration and drops its hours without a word.
    if not isinstance(day, datetime) and by % timedelta(days=1):
        raise EvaluationError(f"The date {day.isoformat()} can be moved by whole days only, not by {by}.")
    try:
        return day + by
    except OverflowError:
        raise EvaluationError(
            f"{shown(day).capitalize()} moved by {by} leaves the years 1 to 9999."
        ) from None
