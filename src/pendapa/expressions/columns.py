"""An expression over columns of a table: the tree translated to Ibis, for DuckDB and whatever else Ibis speaks to.

`Expression.to_ibis` is the way in; it imports this module, and with it Ibis, only when it is called.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import Any

import ibis
import ibis.expr.datatypes as dt
from ibis.common.graph import Graph

from pendapa.expressions.cells import (
    Cell,
    Column,
    aligned,
    alike,
    as_array,
    as_float,
    column_cell,
    listed,
    literal_cell,
    missing,
    result,
    rounded_even,
    times,
)
from pendapa.expressions.column_functions import same_among, translate_call
from pendapa.expressions.errors import ExpressionError, TranslationError
from pendapa.expressions.functions import FUNCTIONS
from pendapa.expressions.kinds import ANY, DATE, DURATION, MISSING, NUMBER, YES_NO, check_kinds, one_kind
from pendapa.expressions.nodes import (
    Between,
    Calculation,
    Call,
    Compare,
    If,
    In,
    IsMissing,
    ListOf,
    Literal,
    Logic,
    Name,
    Negative,
    Node,
    Not,
    walk,
)

MAX_PARTS = 20_000
"""Parts of the SQL that a translation may grow to; what stands in it twice counts twice."""
_DAY = 86_400_000_000


def to_ibis(tree: Node, columns: Mapping[str, Any] | Any) -> Any:
    """The Ibis value of a tree over the columns of a mapping or an Ibis table.

    Raises TranslationError with position and hint: a name without a column, a column of a type the language
    does not know, kinds that cannot fit, and the few things that have no translation (docs/expressions.md).
    """
    given = {name: columns[name] for name in columns.columns} if isinstance(columns, ibis.Table) else columns
    cells = {node.name: _column(node, given) for node, _ in walk(tree) if isinstance(node, Name)}
    try:
        check_kinds(tree, {name: cell.kind for name, cell in cells.items()})
    except ExpressionError as error:
        raise TranslationError(error.message, error.position, error.hint) from None
    value = result(_uniform(_Translator(cells).cell(tree), tree))
    if _parts(value) > MAX_PARTS:
        right = "compute the inner parts as columns of their own first"
        raise TranslationError("the translation grows too large", tree.position, right)
    return value


def _column(node: Name, given: Mapping[str, Column]) -> Cell:
    if node.name not in given:
        near = difflib.get_close_matches(node.name, given, n=1, cutoff=0.5)
        right = f"did you mean `{near[0]}`?" if near else "give it, or ibis.null() where it is always missing"
        raise TranslationError(f"there is no column `{node.name}`", node.position, right)
    cell = column_cell(given[node.name])
    if cell is None:
        wrong = f"the column `{node.name}` is of type {given[node.name].type()}"
        right = "an expression reads numbers, text, yes/no, dates, times, durations and lists of one of them"
        raise TranslationError(wrong, node.position, right)
    return cell


def _parts(value: Column) -> int:
    """How many parts the written-out translation has; shared ones count each time they are written."""
    sizes: dict[Any, int] = {}
    ordered, _ = Graph.from_bfs(value.op()).toposort()
    for node in ordered:
        sizes[node] = 1 + sum(sizes[child] for child in node.__children__)
    return sizes[value.op()]


class _Translator:
    """Translates a tree whose kinds fit."""

    def __init__(self, cells: Mapping[str, Cell]) -> None:
        self._cells = cells

    def cell(self, node: Node) -> Cell:
        match node:
            case Literal(value=value):
                return literal_cell(value)
            case Name(name=name):
                return self._cells[name]
            case ListOf(items=items):
                return listed([self.cell(item) for item in items])
            case Negative(operand=operand):
                cell = self.cell(operand)
                return (
                    cell if cell.kind == MISSING else Cell(cell.kind, -cell.column, cell.digits, cell.places)
                )
            case Calculation():
                return _calculation(node, self.cell(node.left), self.cell(node.right))
            case Compare(left=left, right=right):
                return _yes_no(_compare(node, self.cell(left), self.cell(right)))
            case IsMissing(operand=operand, wanted=wanted):
                cell = self.cell(operand)
                if cell.items is not None:
                    return literal_cell(not wanted)
                return _yes_no(cell.column.isnull() if wanted else cell.column.notnull())
            case In():
                return self._in(node)
            case Between(operand=operand, low=low, high=high):
                (value, least, most), _ = alike([self.cell(part) for part in (operand, low, high)])
                return _yes_no((value >= least) & (value <= most))
            case Not(operand=operand):
                return _yes_no(_opposite(self._condition(operand)))
            case Logic(word=word, parts=parts):
                found = self._condition(parts[0])
                for part in parts[1:]:
                    found = found & self._condition(part) if word == "and" else found | self._condition(part)
                return _yes_no(found)
            case If(condition=condition):
                return self._if(node, self._condition(condition))
            case Call(function=name, arguments=arguments):
                return self._call(node, name, arguments)

    def _condition(self, node: Node) -> Column:
        return self.cell(node).column.cast(dt.boolean)

    def _call(self, node: Call, name: str, arguments: tuple[Node, ...]) -> Cell:
        only = arguments[0]
        if FUNCTIONS[name].checked_early and isinstance(only, Literal) and only.value is not None:
            return literal_cell(FUNCTIONS[name].apply(only.value))
        return translate_call(node, [self.cell(argument) for argument in arguments])

    def _in(self, node: In) -> Cell:
        item, choices = self.cell(node.item), self.cell(node.choices)
        if choices.kind == MISSING:
            return missing(YES_NO, dt.boolean)
        if item.kind.items is None and ANY not in (item.kind, choices.kind.items):
            lists = [choice for choice in choices.items or () if choice.kind.items is not None]
            if not lists:
                return _yes_no(same_among(item, choices))
        if choices.items is None:
            raise _lists(node)
        found: Column = ibis.literal(False)
        for choice in choices.items:
            found = found | _equal(item, choice, node)
        return _yes_no(found)

    def _if(self, node: If, condition: Column) -> Cell:
        branches = [self.cell(node.then), self.cell(node.otherwise)]
        if any(branch.kind.items is not None for branch in branches):
            branches = [_uniform(branch, node) for branch in branches]
        if one_kind([branch.kind for branch in branches]) is None:
            wrong = f"`then` gives {branches[0].kind.shown} and `else` gives {branches[1].kind.shown}"
            raise TranslationError(wrong, node.position, "a column has one kind; give values of one kind")
        (then, otherwise), like = alike(branches)
        if like.kind == MISSING:
            return missing()
        # The condition stands once; where it is missing no branch is taken.
        value = condition.cases((True, then), (False, otherwise))
        return Cell(like.kind, value, like.digits, like.places)


def _uniform(branch: Cell, node: Node) -> Cell:
    """A list as an array column. Raises TranslationError when its items are of several kinds, or lists."""
    inner = branch.kind.items
    if inner is None:
        return branch
    if inner == ANY or inner.items is not None:
        raise TranslationError("a list of a column has items of one kind", node.position, "write such a list")
    return as_array(branch)


def _yes_no(column: Column) -> Cell:
    return Cell(YES_NO, column)


def _opposite(column: Column) -> Column:
    """Kleene's not. Ibis writes NOT without parentheses, and `NOT x IS NULL` asks whether x is given."""
    return column == ibis.literal(False)


def _lists(node: Node) -> TranslationError:
    right = "compare their items one by one, or ask `x in list`"
    return TranslationError("whole lists of a column are not compared", node.position, right)


def _equal(left: Cell, right: Cell, node: Node) -> Column:
    if MISSING in (left.kind, right.kind):
        return ibis.null().cast(dt.boolean)
    if left.kind.items is None:
        (first, second), _ = alike([left, right])
        return first == second
    if left.items is None or right.items is None:
        raise _lists(node)
    if len(left.items) != len(right.items):
        return ibis.literal(False)
    found: Column = ibis.literal(True)
    for one, other in zip(left.items, right.items, strict=True):
        found = found & _equal(one, other, node)
    return found


def _compare(node: Compare, left: Cell, right: Cell) -> Column:
    if node.operator in ("=", "!="):
        same = _equal(left, right, node)
        return same if node.operator == "=" else _opposite(same)
    if MISSING in (left.kind, right.kind):
        return ibis.null().cast(dt.boolean)
    (first, second), _ = alike([left, right])
    match node.operator:
        case "<":
            return first < second
        case "<=":
            return first <= second
        case ">":
            return first > second
        case _:
            return first >= second


# --- calculations ----------------------------------------------------------------------------------
def _calculation(node: Calculation, left: Cell, right: Cell) -> Cell:
    if MISSING in (left.kind, right.kind):
        return missing()
    if node.operator in ("+", "-"):
        if left.is_number and right.is_number:
            (first, second), digits, places = aligned([left, right], room=1)
            total = first + second if node.operator == "+" else first - second
            return Cell(left.kind, total, digits, places)
        if right.kind == DURATION:
            return _moved(left, right.column if node.operator == "+" else -right.column)
        return _moved(right, left.column) if left.kind == DURATION else _apart(left, right)
    if node.operator == "*":
        if DURATION not in (left.kind, right.kind):
            return times(left, right, NUMBER)
        product = times(left, right, DURATION)
        if product.is_exact and product.places == 0:
            return product
        return rounded_even(as_float(product))
    # A row where the divisor is zero is missing: evaluate refuses it.
    ratio = as_float(left) / as_float(right).nullif(0.0)
    return rounded_even(ratio) if left.kind == DURATION and right.kind == NUMBER else Cell(NUMBER, ratio)


def _moved(day: Cell, microseconds: Column) -> Cell:
    """A date or instant moved by a duration; a plain date by whole days only, else it is missing."""
    microseconds = microseconds.cast(dt.int64)
    if day.kind != DATE:
        return Cell(day.kind, day.column + microseconds.as_interval("us"))
    days = ibis.ifelse(microseconds % _DAY == 0, microseconds / _DAY, ibis.null()).cast(dt.int64)
    # DuckDB makes an instant of a date that is moved.
    return Cell(DATE, (day.column.cast(dt.timestamp) + days.as_interval("D")).cast(dt.date))


def _apart(later: Cell, earlier: Cell) -> Cell:
    """The duration between two dates or two instants."""
    if later.kind == DATE:
        days = later.column.delta(earlier.column, unit="day").cast(dt.int64)
        return Cell(DURATION, days * _DAY, 18, 0)
    return Cell(DURATION, later.column.delta(earlier.column, unit="microsecond").cast(dt.int64), 18, 0)
