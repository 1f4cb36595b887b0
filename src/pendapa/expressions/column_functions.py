"""The functions of the language over columns; one row a function, as in `functions`."""

from __future__ import annotations

from collections.abc import Callable

import ibis
import ibis.expr.datatypes as dt

from pendapa.expressions.cells import (
    MAX_DIGITS,
    Cell,
    Column,
    aligned,
    alike,
    any_missing,
    as_float,
    exact,
    inexact,
    literal_cell,
    missing,
    rounded_even,
)
from pendapa.expressions.errors import TranslationError
from pendapa.expressions.functions import FUNCTIONS
from pendapa.expressions.kinds import DATE, DURATION, MISSING, NUMBER, TEXT, YES_NO
from pendapa.expressions.nodes import Call, Literal

# What Python takes for a space; DuckDB's own trim knows fewer.
_SPACE = "[" + "".join(chr(n) for n in range(0x3001) if chr(n).isspace()) + "]"
_ITEM_DIGITS = 4
"""Digits that a sum over the items of one array may gain: 10,000 of them."""


def translate_call(node: Call, cells: list[Cell]) -> Cell:
    """A call with its translated arguments, of fitting kinds."""
    function = FUNCTIONS[node.function]
    if not function.keeps_missing and any(cell.kind == MISSING for cell in cells):
        return missing()
    return _CALLS[node.function](node, cells)


def same_among(item: Cell, choices: Cell) -> Column:
    """Whether a list holds an item: Kleene's answer, as SQL's IN gives it."""
    if choices.items is None:
        (wanted, _), like = alike(
            [item, Cell(choices.kind.items or MISSING, _element(choices), choices.digits)]
        )
        among = choices.column.cast(dt.Array(wanted.type())) if like.kind != MISSING else choices.column
        unknown = wanted.isnull() | choices.column.isnull() | _has_missing(choices)
        return ibis.cases((among.contains(wanted), True), (unknown, ibis.null()), else_=False).cast(
            dt.boolean
        )
    if not choices.items:
        return ibis.ifelse(item.column.isnull(), ibis.null(), False).cast(dt.boolean)
    columns, like = alike([item, *choices.items])
    return ibis.null().cast(dt.boolean) if like.kind == MISSING else columns[0].isin(columns[1:])


def _element(array: Cell) -> Column:
    return ibis.null().cast(array.column.type().value_type)


def _has_missing(array: Cell) -> Column:
    return array.column.filter(lambda item: item.isnull()).length() > 0


def _unless(absent: Column | None, cell: Cell) -> Cell:
    """The cell, or missing where `absent` is true."""
    if absent is None:
        return cell
    value = ibis.ifelse(absent, ibis.null(), cell.column).cast(cell.column.type())
    return Cell(cell.kind, value, cell.digits, cell.places)


def _items(cells: list[Cell]) -> list[Cell] | Cell:
    """What an aggregate looks at: the items of its one list, its arguments, or an array column."""
    if len(cells) != 1 or cells[0].kind.items is None:
        return cells
    return list(cells[0].items) if cells[0].items is not None else cells[0]


# --- aggregates ------------------------------------------------------------------------------------
def _extreme(of_columns: Callable[..., Column], of_array: str) -> Callable[[Call, list[Cell]], Cell]:
    def call(node: Call, cells: list[Cell]) -> Cell:
        items = _items(cells)
        if isinstance(items, Cell):
            found = Cell(
                items.kind.items or MISSING, getattr(items.column, of_array)(), items.digits, items.places
            )
            return _unless(_has_missing(items), found)
        if any(cell.kind == MISSING for cell in items) or not items:
            return missing()
        columns, like = alike(items)
        if len(items) == 1:
            return items[0]
        return _unless(any_missing(items), Cell(like.kind, of_columns(*columns), like.digits, like.places))

    return call


def _sum(node: Call, cells: list[Cell]) -> Cell:
    items = _items(cells)
    if isinstance(items, Cell):
        total = items.column.sums()
        if items.digits and items.digits + _ITEM_DIGITS <= MAX_DIGITS:
            found = exact(total, items.digits + _ITEM_DIGITS, items.places)
        else:
            found = inexact(total)
        nothing = ibis.ifelse(
            items.column.length() == 0, ibis.literal(0).cast(found.column.type()), found.column
        )
        return _unless(_has_missing(items), Cell(found.kind, nothing, found.digits, found.places))
    if not items:
        return literal_cell(0)
    if any(cell.kind == MISSING for cell in items):
        return missing()
    columns, digits, places = aligned(items, room=len(str(len(items))) if len(items) > 1 else 0)
    total = columns[0]
    for column in columns[1:]:
        total = total + column
    return Cell(items[0].kind, total, digits, places)


def _mean(node: Call, cells: list[Cell]) -> Cell:
    items = _items(cells)
    if isinstance(items, Cell):
        number = items.column.length().cast(dt.float64).nullif(0.0)
        return Cell(NUMBER, as_float(_sum(node, cells)) / number)
    total = _sum(node, cells)
    if not items or total.kind == MISSING:
        return missing()
    ratio = as_float(total) / float(len(items))
    return rounded_even(ratio) if total.kind == DURATION else Cell(NUMBER, ratio)


def _count(node: Call, cells: list[Cell]) -> Cell:
    items = _items(cells)
    if isinstance(items, Cell):
        return Cell(NUMBER, items.column.filter(lambda item: item.notnull()).length().cast(dt.int64), 10, 0)
    if len(cells) == 1 and cells[0].items is None:  # one value that is no list: missing stays missing
        if cells[0].kind == MISSING:
            return missing()
        return _unless(any_missing(cells), literal_cell(1))
    sure = sum(item.never_missing for item in items)
    number: Column = literal_cell(sure).column
    for item in items:
        if not item.never_missing and item.kind != MISSING:
            number = number + item.column.notnull().cast(dt.int64)
    return Cell(NUMBER, number, 5, 0, never_missing=True)


def _length(node: Call, cells: list[Cell]) -> Cell:
    if len(cells) > 1:
        return literal_cell(len(cells))
    only = cells[0]
    if only.kind == MISSING:
        return missing()
    if only.items is not None:
        return literal_cell(len(only.items))
    return Cell(NUMBER, only.column.length().cast(dt.int64), 10, 0)


# --- numbers ---------------------------------------------------------------------------------------
def _round(node: Call, cells: list[Cell]) -> Cell:
    places = 0
    if len(node.arguments) > 1:
        second = node.arguments[1]
        places = second.value if isinstance(second, Literal) and type(second.value) is int else -1
        if not 0 <= places <= 12:
            right = "write a whole number from 0 to 12, as in round(x, 2)"
            raise TranslationError(
                "the places of `round` must stand in the expression", second.position, right
            )
    number = cells[0]
    if number.is_exact:
        if number.places <= places:
            return number
        digits = min(number.digits - number.places + 1 + places, MAX_DIGITS)
        return exact(number.column.round(places), digits, places)
    # A half that float64 holds a hair too small still goes up: no ratio of real counts comes nearer to one.
    value, scale = number.column, 10.0**places
    size = value.abs() * scale
    nearest = (size * (1 + 1e-12) + 0.5).floor().cast(dt.float64) / scale
    fraction = size < 2.0**40  # beyond, a float64 of so many places is as good as rounded
    return Cell(NUMBER, ibis.ifelse(fraction, nearest * value.sign(), value).cast(dt.float64))


def _floor(node: Call, cells: list[Cell]) -> Cell:
    number = cells[0]
    if number.is_exact:
        if number.places == 0:
            return number
        return exact(number.column.floor(), number.digits - number.places + 1, 0)
    value = number.column
    return Cell(NUMBER, ibis.ifelse(value.abs() < 2.0**53, value.floor().cast(dt.float64), value))


def _size(node: Call, cells: list[Cell]) -> Cell:
    return Cell(cells[0].kind, cells[0].column.abs(), cells[0].digits, cells[0].places)


# --- texts -----------------------------------------------------------------------------------------
def _on_text(operation: Callable[[Column], Column]) -> Callable[[Call, list[Cell]], Cell]:
    return lambda node, cells: Cell(TEXT, operation(cells[0].column))


def _two_texts(operation: Callable[[Column, Column], Column]) -> Callable[[Call, list[Cell]], Cell]:
    return lambda node, cells: Cell(YES_NO, operation(cells[0].column, cells[1].column))


def _concat(node: Call, cells: list[Cell]) -> Cell:
    items = _items(cells)
    if isinstance(items, Cell):
        joined = ibis.ifelse(items.column.length() == 0, "", items.column.join(""))
        return _unless(items.column.isnull() | _has_missing(items), Cell(TEXT, joined))
    if any(cell.kind == MISSING for cell in items):
        return missing()
    joined = items[0].column if items else ibis.literal("")
    for item in items[1:]:
        joined = joined + item.column
    return Cell(TEXT, joined)


def _selected(node: Call, cells: list[Cell]) -> Cell:
    choices, item = cells
    if choices.kind.items is not None:
        return Cell(YES_NO, same_among(item, choices))
    among = ibis.literal(" ") + choices.column.re_replace(f"{_SPACE}+", " ") + " "
    one_name = (item.column != "") & ~item.column.re_search(_SPACE)
    # What is no single name is looked for as a line break, which is not among them any more.
    wanted = ibis.ifelse(one_name, ibis.literal(" ") + item.column + " ", "\n")
    return Cell(YES_NO, among.contains(ibis.ifelse(item.column.isnull(), ibis.null(), wanted)))


# --- dates -----------------------------------------------------------------------------------------
def _date(node: Call, cells: list[Cell]) -> Cell:
    written = cells[0].column
    shaped = written.re_search(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$") & (written >= "0001")
    return Cell(DATE, ibis.ifelse(shaped, written, ibis.null()).try_cast(dt.date))


def _only_written(node: Call, cells: list[Cell]) -> Cell:
    wrong = f"`{node.function}` of a column has no translation"
    right = "write the text itself, or give a column of that type"
    raise TranslationError(wrong, node.position, right)


_CALLS: dict[str, Callable[[Call, list[Cell]], Cell]] = {
    "min": _extreme(ibis.least, "mins"),
    "max": _extreme(ibis.greatest, "maxs"),
    "sum": _sum,
    "mean": _mean,
    "count": _count,
    "len": _length,
    "round": _round,
    "floor": _floor,
    "abs": _size,
    "lower": _on_text(lambda text: text.lower()),
    "upper": _on_text(lambda text: text.upper()),
    "trim": _on_text(lambda text: text.re_replace(f"^{_SPACE}+|{_SPACE}+$", "")),
    "contains": _two_texts(lambda text, part: text.contains(part)),
    "starts_with": _two_texts(lambda text, part: text.startswith(part)),
    "ends_with": _two_texts(lambda text, part: text.endswith(part)),
    "concat": _concat,
    "selected": _selected,
    "date": _date,
    "datetime": _only_written,
    "duration": _only_written,
}
