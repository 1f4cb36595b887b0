"""Unary tests, the input cells of a table: `> 200`, `[100..200]`, `"a","b"`, `not(...)`, `-`.

A cell becomes one condition of the expression language about the name SUBJECT, so what it means is what the
language means: missing fits nothing but `-` and `null`, and kinds that do not fit are refused, not unequal.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from pendapa.expressions import Expression, ExpressionError, Value, parse

SUBJECT: Final = "input_value"
_COMPARISON: Final = re.compile(r"(<=|>=|!=|<|>|=)\s*(.+)", re.DOTALL)
_INTERVAL: Final = re.compile(r"([\[\](])(.+)\.\.(.+)([\[\])])", re.DOTALL)
_NOT: Final = re.compile(r"not\s*\((.*)\)", re.DOTALL)
_OPEN, _CLOSED = "([", ")]"


@dataclass(frozen=True, slots=True)
class Cell:
    """One input cell. `test` is None where anything fits; `bounds` are the constants it compares with;
    `reads` the variables its bounds read (then it cannot be judged before the case runs)."""

    text: str
    test: Expression | None
    bounds: tuple[Value, ...] = ()
    reads: frozenset[str] = frozenset()

    def fits(self, value: Value, variables: Mapping[str, Value]) -> bool:
        """Whether the value passes. Raises EvaluationError when it cannot be compared."""
        return self.test is None or self.test.holds(
            {**variables, SUBJECT: value} if self.reads else {SUBJECT: value}
        )


def read_cell(text: str) -> Cell:
    """Compile one cell. Raises ExpressionError."""
    text = text.strip()
    if text in ("", "-"):
        return Cell(text, None)
    bounds: list[str] = []
    negated = _NOT.fullmatch(text)
    inner = negated.group(1) if negated and _is_one_call(text) else None
    parts = [_condition(part, bounds) for part in _split(text if inner is None else inner)]
    condition = " or ".join(f"({part})" for part in parts)
    test = parse(condition if inner is None else f"not ({condition})")
    read = [parse(bound) for bound in bounds]
    reads = frozenset[str]().union(*(bound.inputs for bound in read))
    constants = tuple(bound.evaluate({}) for bound in read if not bound.inputs)
    return Cell(text, test, constants, reads)


def _is_one_call(text: str) -> bool:
    """Whether the bracket behind `not` closes at the very end: not `not(1), not(2)`."""
    depth = 0
    for position, letter in _outside_quotes(text):
        depth += (letter in _OPEN) - (letter in _CLOSED)
        if letter == ")" and depth == 0:
            return position == len(text) - 1
    return False


def _outside_quotes(text: str) -> Iterator[tuple[int, str]]:
    quote = ""
    position = 0
    while position < len(text):
        letter = text[position]
        if quote:
            if letter == "\\":
                position += 1
            elif letter == quote:
                quote = ""
        elif letter in "\"'":
            quote = letter
        else:
            yield position, letter
        position += 1


def _split(text: str) -> list[str]:
    """Parts between commas that stand outside quotes and brackets. Half-open intervals may be written with
    reversed brackets, `]100..200]`, so a bracket that opens where a part begins counts as opening."""
    parts: list[str] = []
    depth, begun = 0, 0
    for position, letter in _outside_quotes(text):
        first = not text[begun:position].strip()
        ends_interval = letter == "[" and depth == 1 and ".." in text[begun:position]
        if (letter in _OPEN and not ends_interval) or (first and letter == "]"):
            depth += 1
        elif letter in _CLOSED or letter == "[":
            depth -= 1
        elif letter == "," and depth == 0:
            parts.append(text[begun:position])
            begun = position + 1
    parts.append(text[begun:])
    return [part.strip() for part in parts]


def _condition(part: str, bounds: list[str]) -> str:
    if not part:
        raise ExpressionError("a value is missing between commas", 0, 'write `"a", "b"`')
    compared = _COMPARISON.fullmatch(part)
    if compared:
        bounds.append(compared.group(2))
        return f"{SUBJECT} {compared.group(1)} ({compared.group(2)})"
    interval = _INTERVAL.fullmatch(part)
    if interval:
        left, low, high, right = interval.groups()
        bounds += [low, high]
        above = ">=" if left == "[" else ">"
        below = "<=" if right == "]" else "<"
        return f"{SUBJECT} {above} ({low}) and {SUBJECT} {below} ({high})"
    negated = _NOT.fullmatch(part)
    if negated:
        inner = [_condition(piece, bounds) for piece in _split(negated.group(1))]
        return "not (" + " or ".join(f"({piece})" for piece in inner) + ")"
    bounds.append(part)
    return f"{SUBJECT} = null" if part == "null" else f"{SUBJECT} = ({part})"
