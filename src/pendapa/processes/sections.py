"""Parallel sections of a process: from a split to a join that waits for two of its paths."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from pendapa.processes.model import Element, Process
from pendapa.processes.state import Token

Edge: TypeAlias = tuple[str, str, str]
"""From, to, and how: "" a flow, "on" or "beside" a boundary event that interrupts or does not."""


@dataclass(frozen=True, slots=True)
class Section:
    """What lies between a split and a join: two paths lead from one to the other that share no element.
    `edges` are its flows and border events, and every flow into the join, each with its number."""

    split: str
    join: str
    inside: frozenset[str]
    edges: Mapping[Edge, int]

    def holds(self, token: Token) -> bool:
        """Whether the token waits in the section, at its join too."""
        return token.element in self.inside or (token.waiting == "join" and token.element == self.join)


def sections(process: Process) -> tuple[Section, ...]:
    """Every parallel section. A split without a join is none: its paths need nothing of each other."""
    elements = process.elements
    onward: dict[str, list[tuple[str, str]]] = {
        id_: list(_onward(e, elements)) for id_, e in elements.items()
    }
    back: dict[str, list[str]] = {id_: [] for id_ in elements}
    for id_, ways in onward.items():
        for target, _ in ways:
            back[target].append(id_)
    joins = [e.id for e in elements.values() if e.kind in ("parallel", "inclusive") and len(e.incoming) > 1]
    found = []
    for split, first in _splits(elements) if joins else ():
        for join in joins:
            if join == split:
                continue
            forth = {**{id_: [t for t, _ in ways] for id_, ways in onward.items()}, split: first}
            inside = _reach(first, forth, {split, join}) & _reach(back[join], back, {split, join})
            if not _two_ways(split, join, inside, forth):
                continue
            ends = inside | {split, join}
            edges = Counter(
                (id_, target, how)
                for id_, ways in onward.items()
                for target, how in ways
                if (target == join or (id_ in ends and target in inside)) and id_ != join
            )
            # A task with an event beside it that interrupts nothing still waits itself: it is inside.
            own = inside | {split} if elements[split].boundary else inside
            found.append(Section(split, join, frozenset(own), edges))
    return tuple(found)


def _onward(element: Element, elements: Mapping[str, Element]) -> Iterator[tuple[str, str]]:
    for flow in element.outgoing:
        yield flow.target, ""
    for event in element.boundary:
        yield event, "on" if elements[event].interrupting else "beside"


def _splits(elements: Mapping[str, Element]) -> Iterator[tuple[str, list[str]]]:
    """Elements from which several tokens may go on at once, and where to."""
    for element in elements.values():
        ways = [flow.target for flow in element.outgoing]
        ways += [event for event in element.boundary if not elements[event].interrupting]
        if len(ways) > 1 and element.kind not in ("exclusive", "event"):
            yield element.id, ways


def _reach(first: Iterable[str], forth: Mapping[str, Iterable[str]], walls: set[str]) -> set[str]:
    found: set[str] = set()
    todo = [id_ for id_ in first if id_ not in walls]
    while todo:
        id_ = todo.pop()
        if id_ not in found:
            found.add(id_)
            todo += [other for other in forth[id_] if other not in walls]
    return found


def _two_ways(split: str, join: str, inside: set[str], forth: Mapping[str, list[str]]) -> bool:
    """Whether no single element between them lies on every way from split to join."""
    direct = forth[split].count(join)
    if direct:
        return direct > 1 or bool(inside)
    return bool(inside) and all(
        any(join in forth[id_] for id_ in _reach(forth[split], forth, {split, join, without}))
        for without in inside
    )
