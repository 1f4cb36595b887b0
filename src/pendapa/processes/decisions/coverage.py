"""Overlaps and gaps of a table, each with an example.

A column is cut into the few values that differ for its cells: every bound, and one value between any two
and beyond the ends. Within such a piece all cells answer alike, so trying one value of each tries all.
Cells that read variables cannot be judged before the case runs; their rules are left out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any, Final

from pendapa.expressions import EvaluationError, Value
from pendapa.processes.decisions.model import Input, Rule, Table
from pendapa.processes.faults import Fault

MOST_TRIED: Final = 50_000
OTHER: Final = "(another text)"
_WHOLE: Final = frozenset({"integer", "int", "long"})


@dataclass(frozen=True, slots=True)
class _Piece:
    value: Value
    rules: int
    """Bit n: the cell of the nth rule fits."""


def check_coverage(where: str, table: Table, faults: list[Fault], warnings: list[Fault]) -> None:
    """Report overlapping rules under UNIQUE (and, if they differ, under ANY) and combinations no rule
    covers."""
    judged = [rule for rule in table.rules if not any(cell.reads for cell in rule.cells)]
    columns = [_pieces(column, place, judged) for place, column in enumerate(table.inputs)]
    if table.policy in ("UNIQUE", "ANY"):
        _report_overlaps(where, table, judged, columns, faults)
    closed = any(output.default is not None for output in table.outputs)
    if len(judged) == len(table.rules) and not closed and table.policy != "COLLECT" and judged:
        example = _find_gap(columns, (1 << len(judged)) - 1)
        if example is not None:
            warnings.append(
                Fault(
                    where,
                    f"No rule fits {_told(table.inputs, example)}.",
                    "Add a rule, or a default output.",
                )
            )


def _pieces(column: Input, place: int, rules: list[Rule]) -> list[_Piece]:
    pieces = []
    for value in _samples(column, place, rules):
        fitting = 0
        for bit, rule in enumerate(rules):
            try:
                fitting |= rule.cells[place].fits(value, {}) << bit
            except EvaluationError:
                # A cell of another kind than its neighbours: it fits no value of this kind.
                continue
        pieces.append(_Piece(value, fitting))
    return pieces


def _samples(column: Input, place: int, rules: list[Rule]) -> list[Value]:
    if column.allowed:
        return list(column.allowed)
    bounds = {
        (type(bound) is bool, bound): bound for rule in rules for bound in rule.cells[place].bounds
    }.values()
    if column.type == "boolean" or any(isinstance(bound, bool) for bound in bounds):
        return [True, False]
    texts = sorted(bound for bound in bounds if isinstance(bound, str))
    numbers = [Decimal(bound) for bound in bounds if isinstance(bound, int | Decimal)]
    samples: list[Value] = list(texts)
    if texts or column.type == "string" or not bounds:
        samples.append(OTHER)
    samples += _numbers(numbers, column.type in _WHOLE)
    samples += _days(bound for bound in bounds if isinstance(bound, date))
    spans = sorted(bound for bound in bounds if isinstance(bound, timedelta))
    samples += _between(spans, timedelta(seconds=1))
    return samples


def _numbers(bounds: list[Decimal], whole: bool) -> list[Value]:
    if whole:
        near = {bound + step for bound in bounds for step in (-1, 0, 1)}
        return [_short(number) for number in sorted(near) if number == number.to_integral_value()]
    return [_short(number) for number in _between(sorted(bounds), Decimal(1)) if isinstance(number, Decimal)]


def _between(bounds: list[Decimal] | list[timedelta], step: Decimal | timedelta) -> list[Value]:
    """Each bound, the middle between neighbours, one step beyond either end."""
    if not bounds:
        return []
    # Bounds and step are of one kind, all numbers or all durations, which a union cannot say.
    found: list[Any] = [bounds[0] - step, bounds[0]]  # type: ignore[operator]
    for low, high in pairwise(bounds):
        found += [(low + high) / 2, high]  # type: ignore[operator]
    return [*found, bounds[-1] + step]  # type: ignore[operator]


def _days(bounds: Iterable[date]) -> list[Value]:
    found: set[date] = set()
    for bound in bounds:
        step = timedelta(seconds=1) if isinstance(bound, datetime) else timedelta(days=1)
        found |= {bound - step, bound, bound + step}
    return [*sorted(found)]


def _short(number: Decimal) -> Value:
    return int(number) if number == number.to_integral_value() else number


def _report_overlaps(
    where: str, table: Table, rules: list[Rule], columns: list[list[_Piece]], faults: list[Fault]
) -> None:
    for second, rule in enumerate(rules):
        for first in range(second):
            if table.policy == "ANY" and rules[first].outputs == rule.outputs:
                continue
            both = (1 << first) | (1 << second)
            example = [next((p.value for p in column if p.rules & both == both), _NONE) for column in columns]
            if _NONE in example:
                continue
            differ = " and differ" if table.policy == "ANY" else ""
            faults.append(
                Fault(
                    where,
                    f"Rules {rules[first].number} and {rule.number} both fit "
                    f"{_told(table.inputs, example)}{differ}, but the hit policy is {table.policy}.",
                    "Narrow one of them, or choose FIRST or PRIORITY.",
                )
            )


_NONE: Final = "\0 no value"


def _find_gap(columns: list[list[_Piece]], every: int) -> list[Value] | None:
    """A combination of values no rule fits; None where there is none, or too much to try."""
    covered: set[tuple[int, int]] = set()

    def search(place: int, alive: int) -> list[Value] | None:
        if not alive:
            return [pieces[0].value for pieces in columns[place:] if pieces]
        if place == len(columns) or (place, alive) in covered or len(covered) > MOST_TRIED:
            return None
        for piece in columns[place]:
            rest = search(place + 1, alive & piece.rules)
            if rest is not None:
                return [piece.value, *rest]
        covered.add((place, alive))
        return None

    return search(0, every)


def _told(inputs: tuple[Input, ...], example: list[Value]) -> str:
    return ", ".join(
        f"{column.label} = {_shown(value)}" for column, value in zip(inputs, example, strict=False)
    )


def _shown(value: Value) -> str:
    if value == OTHER:
        return "another text"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f'"{value}"'
    return value.isoformat() if isinstance(value, date) else str(value)
