"""Soundness of a process graph, judged at load: nothing unreachable, no dead end, no join that starves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Final, TypeAlias

from pendapa.processes.faults import Fault
from pendapa.processes.inclusive import can_still_come
from pendapa.processes.model import ENDS, Element

MOST_STATES: Final = 20_000
MOST_TOKENS: Final = 40


def check_graph(
    elements: Mapping[str, Element], starts: Sequence[str], faults: list[Fault], warnings: list[Fault]
) -> None:
    """Add every fault and warning of the graph to the lists. Conditions are not judged: any way out may be
    taken. A case begins at one of the starts."""
    reached = _closure(starts, lambda id_: _next(elements[id_]))
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
        _check_joins(elements, starts, faults, warnings)


def _next(element: Element) -> Iterator[str]:
    yield from (flow.target for flow in element.outgoing)
    yield from element.boundary


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
    elements: Mapping[str, Element], starts: Sequence[str], faults: list[Fault], warnings: list[Fault]
) -> None:
    """Play the token game over every choice. Tokens act on each other only at joins, and a join owns its
    incoming flows, so one order of moves reaches every final marking: the game need not try all
    interleavings."""
    joins = {
        element.id
        for element in elements.values()
        if element.kind in ("parallel", "inclusive") and len(element.incoming) > 1
    }
    if not joins:
        return
    filled: set[str] = set()
    starving: set[str] = set()
    crowded: set[str] = set()
    todo: list[tuple[_Place, ...]] = [((start, ""),) for start in starts]
    seen = set(todo)
    complete = True
    while todo:
        marking = todo.pop()
        moving = next((place for place in marking if place != _OVER and place[0] not in joins), None)
        if moving is None:
            fired = _fire_inclusive(list(marking), elements, filled)
            if fired is not None:
                after_all = [_settle(places, elements, joins, filled) for places in fired]
                todo += [after for after in after_all if after not in seen]
                seen.update(after_all)
                continue
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
                "This join waits for ever when one of its incoming paths is left another way.",
                "Let every path of the parallel split come back to it.",
            )
        )


def _moves(element: Element, elements: Mapping[str, Element]) -> list[list[_Place]]:
    """What a token at this element may become, one list a choice."""
    if element.kind in ("terminate", "error"):
        return [[_OVER]]
    if element.kind == "end":
        return [[]]
    onward = [(flow.target, flow.id) for flow in element.outgoing]
    if element.kind in ("exclusive", "event"):
        return [[place] for place in onward]
    if element.kind == "inclusive":
        return _subsets(onward)
    choices = [onward]
    for event in element.boundary:
        choices.append([(event, "")] if elements[event].interrupting else [*onward, (event, "")])
    return choices


def _subsets(onward: list[_Place]) -> list[list[_Place]]:
    """Every choice of one way or more; of many ways only single ones, pairs and all."""
    sizes = range(1, len(onward) + 1) if len(onward) < 6 else (1, 2, len(onward))
    return [list(chosen) for size in sizes for chosen in combinations(onward, size)]


def _fire_inclusive(
    places: list[_Place], elements: Mapping[str, Element], filled: set[str]
) -> list[list[_Place]] | None:
    """The choices after an inclusive join that need not wait has fired; None where there is none."""
    for id_ in sorted({place[0] for place in places if place != _OVER}):
        gate = elements[id_]
        if gate.kind != "inclusive":
            continue
        here = {place for place in places if place[0] == id_}
        others = {place[0] for place in places if place[0] not in (id_, "")}
        if not can_still_come(elements, gate, [flow for _, flow in here], others):
            rest = list(places)
            for place in here:
                rest.remove(place)
            filled.add(id_)
            return [rest + chosen for chosen in _subsets([(f.target, f.id) for f in gate.outgoing])]
    return None


def _settle(
    places: list[_Place], elements: Mapping[str, Element], joins: set[str], filled: set[str]
) -> tuple[_Place, ...]:
    """Fire every join that is full; the marking in one canonical order."""
    fired = True
    while fired:
        fired = False
        for id_ in joins.intersection(place[0] for place in places):
            if elements[id_].kind == "inclusive":
                continue
            wanted = [(id_, flow) for flow in elements[id_].incoming]
            if all(place in places for place in wanted):
                for place in wanted:
                    places.remove(place)
                places += [(flow.target, flow.id) for flow in elements[id_].outgoing]
                filled.add(id_)
                fired = True
    return tuple(sorted(places))
