"""The parsed expression as a tree: what is compiled, described and, elsewhere, translated."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal as Choice
from typing import TypeAlias

from pendapa.expressions.values import Value

Comparison: TypeAlias = Choice["=", "!=", "<", "<=", ">", ">="]
Arithmetic: TypeAlias = Choice["+", "-", "*", "/"]


@dataclass(frozen=True, slots=True)
class Literal:
    value: Value
    position: int


@dataclass(frozen=True, slots=True)
class Name:
    name: str
    position: int


@dataclass(frozen=True, slots=True)
class ListOf:
    items: tuple[Node, ...]
    position: int


@dataclass(frozen=True, slots=True)
class Negative:
    operand: Node
    position: int


@dataclass(frozen=True, slots=True)
class Calculation:
    operator: Arithmetic
    left: Node
    right: Node
    position: int


@dataclass(frozen=True, slots=True)
class Compare:
    operator: Comparison
    left: Node
    right: Node
    position: int


@dataclass(frozen=True, slots=True)
class IsMissing:
    """`x = null` (wanted is True) or `x != null` (wanted is False): never itself missing."""

    operand: Node
    wanted: bool
    position: int


@dataclass(frozen=True, slots=True)
class In:
    item: Node
    choices: Node
    position: int


@dataclass(frozen=True, slots=True)
class Between:
    operand: Node
    low: Node
    high: Node
    position: int


@dataclass(frozen=True, slots=True)
class Not:
    operand: Node
    position: int


@dataclass(frozen=True, slots=True)
class Logic:
    """A whole chain of one word: `a and b and c` is one node with three parts."""

    word: Choice["and", "or"]
    parts: tuple[Node, ...]
    position: int


@dataclass(frozen=True, slots=True)
class If:
    condition: Node
    then: Node
    otherwise: Node
    position: int


@dataclass(frozen=True, slots=True)
class Call:
    function: str
    arguments: tuple[Node, ...]
    position: int


Node: TypeAlias = (
    "Literal | Name | ListOf | Negative | Calculation | Compare | IsMissing"
    " | In | Between | Not | Logic | If | Call"
)


def children(node: Node) -> tuple[Node, ...]:
    """The parts a node is made of, from left to right."""
    match node:
        case Literal() | Name():
            return ()
        case ListOf(items=parts) | Logic(parts=parts) | Call(arguments=parts):
            return parts
        case Negative(operand=operand) | IsMissing(operand=operand) | Not(operand=operand):
            return (operand,)
        case Calculation(left=left, right=right) | Compare(left=left, right=right):
            return (left, right)
        case In(item=item, choices=choices):
            return (item, choices)
        case Between(operand=operand, low=low, high=high):
            return (operand, low, high)
        case If(condition=condition, then=then, otherwise=otherwise):
            return (condition, then, otherwise)


def walk(root: Node) -> Iterator[tuple[Node, int]]:
    """Every node with its depth (the root has 1), without recursion: no tree is too deep to measure."""
    waiting = [(root, 1)]
    while waiting:
        node, depth = waiting.pop()
        yield node, depth
        waiting.extend((child, depth + 1) for child in children(node))
