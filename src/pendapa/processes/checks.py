"""Soundness of a process graph, judged at load: nothing unreachable, no dead end, no join that starves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final, TypeAlias

from pendapa.processes.faults import Fault
from pendapa.processes.model import ENDS, Element

MOST_STATES: Final = 20_000
MOST_TOKENS: Final = 40


def check_graph(
    elements: Mapping[str, Element], start: str, faults: list[Fault], warnings: list[Fault]
) -> None:
    """Add every fault and warning of the graph to the lists. Conditions are not judged: any way out may be
    taken."""
    reached = _closure([start], lambda id_: _next(elements[id_]))
    before: dict[str, list[str]] = {}
    for element in elements.values():
        for target in _next(element):
            before.setdefault(target, []).append(element.id)
    ends = [element.id for element in elements.values() if element.kind in ENDS]
    leads_out = _closure(ends, lambda id_: before.get(id_, ()))
    if not ends:
        faults.append(Fault("process", "The process has no end event.", "Draw at least one."))
    for element in elements.values():
        if element.id not in reached:
            faults.append(
                Fault(element.label, "No path leads here from the start event.", "Connect it or remove it.")
            )
        elif not element.outgoing and element.kind not in ENDS:
            faults.append(
                Fault(
                    element.label, "The path stops here: no flow leaves it.", "Draw a flow to an end event."
                )
            )
        elif element.id not in leads_out and ends:
            faults.append(Fault(element.label, "No path leads from here to an end event.", "Draw a way out."))
        if element.kind == "start" and element.incoming:
            faults.append(
                Fault(element.label, "A flow leads into the start event.", "Lead it to the first task.")
            )
        if element.kind == "boundary" and element.incoming:
            faults.append(Fault(element.label, "A flow leads into a boundary event.", "Lead it elsewhere."))
    if not faults:
        _check_joins(elements, start, faults, warnings)


def _next(element: Element) -> Iterator[str]:
    yield from (flow.target for flow in element.outgoing)
    yield from element.timers


def _closure(first: Iterable[str], step: Callable[[str], Iterable[str]]) -> set[str]:
    reached: set[str] = set()
    todo = list(first)
    while todo:
        id_ = todo.pop()
        if id_ not in reached:
            reached.add(id_)
            todo.extend(step(id_))
    return reached


_Place: TypeAlias = tuple[str, str]
"""A token of the abstract game: an element and the flow it came by."""
_OVER: Final[_Place] = ("", "")
"""Stands in a marking after a terminate end: what still waits then was cancelled and starves nobody. The
game goes on without it, because in another order of moves the rest would have come first."""


def _check_joins(
    elements: Mapping[str, Element], start: str, faults: list[Fault], warnings: list[Fault]
) -> None:
    """Play the token game over every choice. Tokens act on each other only at joins, and a join owns its
    incoming flows, so one order of moves reaches every final marking: the game need not try all
    interleavings."""
    joins = {
        element.id
        for element in elements.values()
        if element.kind == "parallel" and len(element.incoming) > 1
    }
    if not joins:
        return
    filled: set[str] = set()
    starving: set[str] = set()
    crowded: set[str] = set()
    first: tuple[_Place, ...] = ((start, ""),)
    seen = {first}
    todo = [first]
    complete = True
    while todo:
        marking = todo.pop()
        moving = next((place for place in marking if place != _OVER and place[0] not in joins), None)
        if moving is None:
            # Every token waits at a join and none could fire: whatever is left waits for ever.
            if _OVER not in marking:
                starving.update(place[0] for place in marking)
            continue
        rest = list(marking)
        rest.remove(moving)
        for arrivals in _moves(elements[moving[0]], elements):
            after = _settle(rest + arrivals, elements, joins, filled)
            if len(after) > MOST_TOKENS:
                crowded.update(place for place, many in Counter(p[0] for p in after).items() if many > 2)
                complete = False
            elif after not in seen:
                if len(seen) >= MOST_STATES:
                    complete = False
                    break
                seen.add(after)
                todo.append(after)
    for id_ in sorted(crowded):
        warnings.append(
            Fault(
                elements[id_].label,
                "Tokens can pile up here without end.",
                "Join parallel paths before a way back.",
            )
        )
    for id_ in sorted(joins - filled if complete else ()):
        faults.append(
            Fault(
                elements[id_].label,
                "This parallel join can never fill: its incoming flows never all carry a token.",
                "Join the ways of an exclusive split with an exclusive gateway.",
            )
        )
    for id_ in sorted(starving & filled):
        warnings.append(
            Fault(
                elements[id_].label,
                "This parallel join waits for ever when one of its incoming paths is left another way.",
                "Let every path of the parallel split come back to it.",
            )
        )


def _moves(element: Element, elements: Mapping[str, Element]) -> list[list[_Place]]:
    """What a token at this element may become, one list a choice."""
    if element.kind == "terminate":
        return [[_OVER]]
    if element.kind == "end":
        return [[]]
    onward = [(flow.target, flow.id) for flow in element.outgoing]
    if element.kind == "exclusive":
        return [[place] for place in onward]
    choices = [onward]
    for timer in element.timers:
        rule = elements[timer].timer
        choices.append([(timer, "")] if rule is None or rule.interrupting else [*onward, (timer, "")])
    return choices


def _settle(
    places: list[_Place], elements: Mapping[str, Element], joins: set[str], filled: set[str]
) -> tuple[_Place, ...]:
    """Fire every join that is full; the marking in one canonical order."""
    fired = True
    while fired:
        fired = False
        for id_ in joins.intersection(place[0] for place in places):
            wanted = [(id_, flow) for flow in elements[id_].incoming]
            if all(place in places for place in wanted):
                for place in wanted:
                    places.remove(place)
                places += [(flow.target, flow.id) for flow in elements[id_].outgoing]
                filled.add(id_)
                fired = True
    return tuple(sorted(places))
