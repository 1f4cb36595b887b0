"""One translated part of an expression: an Ibis value and what the language knows about it.

Whole numbers and decimals stay exact: each carries how many digits it can have, so that sums and products are
cast wide enough and never overflow; beyond 38 digits, and in every ratio, they are float64. Durations are whole
microseconds until the end. Only this module and its neighbours `columns` and `column_functions` import Ibis.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, TypeAlias

import ibis
import ibis.expr.datatypes as dt

from pendapa.expressions.kinds import (
    ANY,
    DATE,
    DURATION,
    LOCAL_MOMENT,
    MISSING,
    MOMENT,
    NUMBER,
    TEXT,
    YES_NO,
    Kind,
    list_of,
    one_kind,
)
from pendapa.expressions.values import Value

Column: TypeAlias = Any
"""An Ibis value; Ibis carries no types for mypy."""

MAX_DIGITS = 38
"""Digits of the widest decimal column."""
_INT64_DIGITS = 18
"""Any whole number of so many digits fits int64."""
_WHOLE_DIGITS = {1: 3, 2: 5, 4: 10, 8: 19}
_MICROSECOND = timedelta(microseconds=1)
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Cell:
    """A translated part. `digits` and `places` are of numbers and durations; no digits mean float64.

    A list that stands in the expression has its `items`; one from a column has an array as `column`, and
    kind, digits and places tell of what is in it. `never_missing` saves asking.
    """

    kind: Kind
    column: Column
    digits: int = 0
    places: int = 0
    items: tuple[Cell, ...] | None = None
    never_missing: bool = False

    @property
    def is_number(self) -> bool:
        """Whether it is reckoned with as a number: durations are, as microseconds."""
        return self.kind in (NUMBER, DURATION)

    @property
    def is_exact(self) -> bool:
        """Whether it is a whole number or decimal, not a float64."""
        return self.digits > 0


def missing(kind: Kind = MISSING, dtype: Any = None) -> Cell:
    """The missing value, of the type of a column."""
    return Cell(kind, ibis.null() if dtype is None else ibis.null().cast(dtype), 1 if dtype is None else 0)


# --- numbers ---------------------------------------------------------------------------------------
def exact_type(digits: int, places: int) -> Any:
    """The type that holds every number of so many digits, `places` of them after the point."""
    return dt.int64 if places == 0 and digits <= _INT64_DIGITS else dt.Decimal(digits, places)


def exact(column: Column, digits: int, places: int, kind: Kind = NUMBER) -> Cell:
    """A whole number or decimal brought to its type."""
    return Cell(kind, column.cast(exact_type(digits, places)), digits, places)


def inexact(column: Column, kind: Kind = NUMBER) -> Cell:
    """A float64; infinities and what is not a number are missing."""
    return Cell(kind, column.cast(dt.float64))


def as_float(cell: Cell) -> Column:
    """The column as float64."""
    return cell.column.cast(dt.float64)


def aligned(cells: Sequence[Cell], room: int = 0) -> tuple[list[Column], int, int]:
    """Numbers brought to one type with `room` more digits; float64 (digits 0) when one is or they do not fit."""
    if not all(cell.is_exact for cell in cells):
        return [as_float(cell) for cell in cells], 0, 0
    places = max(cell.places for cell in cells)
    digits = max(cell.digits - cell.places for cell in cells) + places + room
    if digits > MAX_DIGITS:
        return [as_float(cell) for cell in cells], 0, 0
    if room == 0 and places == 0 and all(cell.column.type().is_integer() for cell in cells):
        return [cell.column.cast(dt.int64) for cell in cells], digits, 0
    wanted = exact_type(digits, places)
    return [cell.column.cast(wanted) for cell in cells], digits, places


def times(left: Cell, right: Cell, kind: Kind) -> Cell:
    """The product, exact as long as it fits."""
    digits, places = left.digits + right.digits, left.places + right.places
    if not (left.is_exact and right.is_exact) or digits > MAX_DIGITS:
        return Cell(kind, as_float(left) * as_float(right))
    if places == 0 and digits <= _INT64_DIGITS:
        return Cell(kind, left.column.cast(dt.int64) * right.column.cast(dt.int64), digits, 0)
    # Ibis multiplies decimals only when one type covers the other; DuckDB adds up digits and places.
    wide, narrow = (left, right) if left.places >= right.places else (right, left)
    product = wide.column.cast(dt.Decimal(max(left.digits, right.digits), wide.places)) * narrow.column.cast(
        dt.Decimal(narrow.digits, narrow.places)
    )
    return exact(product, digits, places, kind)


def rounded_even(value: Column) -> Cell:
    """Microseconds of a float64 to the nearest whole, halves to the even one, as durations are."""
    low = value.floor()
    over = value - low
    whole = ibis.cases((over > 0.5, low + 1), (over < 0.5, low), (over == 0.5, low + (low % 2).abs()))
    return Cell(DURATION, whole.cast(dt.int64), 19, 0)


# --- literals and columns --------------------------------------------------------------------------
def literal_cell(value: Value) -> Cell:
    """A value that stands in the text."""
    return replace(_literal(value), never_missing=value is not None)


def _literal(value: Value) -> Cell:
    if value is None:
        return missing()
    if isinstance(value, bool):
        return Cell(YES_NO, ibis.literal(value))
    if isinstance(value, int):
        digits = max(1, len(str(abs(value))))
        if digits <= _INT64_DIGITS:
            # Without the cast DuckDB would take a small number for int32 and overflow early.
            return Cell(NUMBER, ibis.literal(value).cast(dt.int64), digits, 0)
        return Cell(NUMBER, ibis.literal(Decimal(value), type=dt.Decimal(digits, 0)), digits, 0)
    if isinstance(value, Decimal):
        parts = value.as_tuple()
        places = max(0, -int(parts.exponent))
        digits = max(len(parts.digits) + max(0, int(parts.exponent)), places + 1)
        if digits > MAX_DIGITS:
            return Cell(NUMBER, ibis.literal(float(value), type=dt.float64))
        return Cell(NUMBER, ibis.literal(value, type=dt.Decimal(digits, places)), digits, places)
    if isinstance(value, str):
        return Cell(TEXT, ibis.literal(value))
    if isinstance(value, timedelta):
        microseconds = _literal(value // _MICROSECOND)
        return replace(microseconds, kind=DURATION)
    if isinstance(value, datetime):
        if value.utcoffset() is None:
            return Cell(LOCAL_MOMENT, ibis.literal(value, type=dt.Timestamp()))
        return Cell(MOMENT, ibis.literal(value.astimezone(UTC), type=dt.Timestamp("UTC")))
    if isinstance(value, date):
        return Cell(DATE, ibis.literal(value, type=dt.date))
    return listed([literal_cell(item) for item in value])


def listed(items: Sequence[Cell]) -> Cell:
    """A list that stands in the expression."""
    kind = list_of(one_kind([item.kind for item in items]) or ANY)
    return Cell(kind, None, items=tuple(items), never_missing=True)


def column_cell(column: Column) -> Cell | None:
    """A column by its type; None for a type that the language does not know."""
    kind = column.type()
    if kind.is_array():
        inner = column_cell(ibis.literal(None, type=kind.value_type))
        if inner is None or inner.kind.items is not None or inner.kind == DURATION:
            return None
        if kind.value_type.is_floating():
            column = column.map(lambda item: _finite(item))
        else:
            column = column.cast(dt.Array(inner.column.type()))
        return Cell(list_of(inner.kind), column, inner.digits, inner.places)
    if kind.is_null():
        return missing()
    if kind.is_boolean():
        return Cell(YES_NO, column)
    if kind.is_integer():
        if kind.is_unsigned_integer() and kind.nbytes == 8:
            return exact(column, 20, 0)
        return Cell(NUMBER, column.cast(dt.int64), _WHOLE_DIGITS[kind.nbytes], 0)
    if kind.is_decimal():
        if kind.precision is None or kind.scale is None:
            return inexact(column)
        return Cell(NUMBER, column, kind.precision, kind.scale)
    if kind.is_floating():
        return Cell(NUMBER, _finite(column))
    if kind.is_string():
        return Cell(TEXT, column)
    if kind.is_date():
        return Cell(DATE, column)
    if kind.is_timestamp():
        return Cell(LOCAL_MOMENT if kind.timezone is None else MOMENT, column)
    if kind.is_interval():
        start = ibis.literal(_EPOCH.replace(tzinfo=None), type=dt.Timestamp())
        return Cell(DURATION, (start + column).delta(start, unit="microsecond"), 19, 0)
    return None


def _finite(column: Column) -> Column:
    """float64 without infinities and without what is not a number: those are missing."""
    return ibis.ifelse(column.isnan() | column.isinf(), ibis.null(), column).cast(dt.float64)


# --- together --------------------------------------------------------------------------------------
def alike(cells: Sequence[Cell]) -> tuple[list[Column], Cell]:
    """Single values of one kind as columns of one type, and a cell that tells of that type (its column is unused)."""
    kind = one_kind([cell.kind for cell in cells]) or ANY
    known = [cell for cell in cells if cell.kind != MISSING]
    if not known:
        return [cell.column for cell in cells], missing()
    if known[0].is_number:
        columns, digits, places = aligned(known)
    elif known[0].kind.items is not None:
        columns, digits, places = _aligned_arrays(known)
    else:
        columns, digits, places = [cell.column for cell in known], 0, 0
    given = iter(columns)
    nothing = ibis.null().cast(columns[0].type())
    together = [nothing if cell.kind == MISSING else next(given) for cell in cells]
    return together, Cell(kind, columns[0], digits, places)


def _aligned_arrays(cells: Sequence[Cell]) -> tuple[list[Column], int, int]:
    """Array columns brought to one type of item."""
    of_items = [
        Cell(cell.kind.items, ibis.null().cast(cell.column.type().value_type), cell.digits, cell.places)
        for cell in cells
        if cell.kind.items not in (None, MISSING)
    ]
    if not of_items:
        return [cell.column for cell in cells], 1, 0
    items, like = alike(of_items)
    return [cell.column.cast(dt.Array(items[0].type())) for cell in cells], like.digits, like.places


def any_missing(cells: Sequence[Cell]) -> Column | None:
    """Whether one of them is missing; None when none ever is."""
    asked = [cell.column.isnull() for cell in cells if not cell.never_missing]
    if not asked:
        return None
    found = asked[0]
    for one in asked[1:]:
        found = found | one
    return found


def as_array(cell: Cell) -> Cell:
    """A list as an array column; its items are of one kind. A list inside a list stays what it is."""
    if cell.items is None:
        return cell
    if not cell.items:
        return Cell(cell.kind, ibis.literal([], type=dt.Array(dt.int64)), 1, 0)
    columns, like = alike(cell.items)
    if like.kind == MISSING:  # DuckDB has no lists of nothing known
        columns = [column.cast(dt.int64) for column in columns]
    return Cell(list_of(like.kind), ibis.array(columns), like.digits, like.places)


def result(cell: Cell) -> Column:
    """What the whole expression gives: durations as intervals, lists as arrays."""
    if cell.kind == DURATION:
        return cell.column.cast(dt.int64).as_interval("us")
    return as_array(cell).column
