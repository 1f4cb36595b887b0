"""Inclusive gateways: every way whose condition holds is taken, and the join waits for whoever can still come.

BPMN 2.0, 13.4.3: a join fires when it holds a token and no token elsewhere can reach one of its empty incoming
flows, unless that token can reach one of the filled ones as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from pendapa.processes.model import Element, Flow

if TYPE_CHECKING:
    from pendapa.processes.game import Run


def arrive_inclusive(run: Run, element: Element, flow: str | None, scope: int | None) -> None:
    """A token comes to the gateway: it splits at once, or waits until the others have come."""
    if len(element.incoming) < 2:
        _split(run, element, scope)
    else:
        run.wait(element, scope, "join", {"flow": flow})


def fill_inclusive(run: Run) -> bool:
    """When nothing moves any more, let one inclusive join fire that need not wait; whether one did."""
    for token in run.tokens.values():
        if token.waiting != "join" or run.elements[token.element].kind != "inclusive":
            continue
        element = run.elements[token.element]
        here: dict[str, int] = {}
        others: set[str] = set()
        for other in run.tokens.values():
            if other.scope != token.scope:
                continue
            if other.element == element.id:
                here.setdefault(other.detail["flow"], other.id)
            else:
                others.add(other.element)
        if not can_still_come(run.elements, element, here, others):
            for number in here.values():
                del run.tokens[number]
            _split(run, element, token.scope)
            return True
    return False


def can_still_come(
    elements: Mapping[str, Element], gate: Element, filled: Iterable[str], others: set[str]
) -> bool:
    """Whether a token at one of `others` can come by a flow that is still empty."""
    before: dict[str, list[str]] = {}
    into: dict[str, str] = {}
    for element in elements.values():
        for flow in element.outgoing:
            if flow.target == gate.id:
                into[flow.id] = element.id
            before.setdefault(flow.target, []).append(element.id)
        for event in element.boundary:
            before.setdefault(event, []).append(element.id)
    filled = set(filled)
    to_empty = _upstream((into[f] for f in gate.incoming if f not in filled), before, gate.id)
    to_filled = _upstream((into[f] for f in gate.incoming if f in filled), before, gate.id)
    return bool(others & (to_empty - to_filled))


def _upstream(first: Iterable[str], before: dict[str, list[str]], gate: str) -> set[str]:
    found: set[str] = set()
    todo = list(first)
    while todo:
        id_ = todo.pop()
        if id_ not in found and id_ != gate:
            found.add(id_)
            todo += before.get(id_, ())
    return found


def _split(run: Run, element: Element, scope: int | None) -> None:
    default = element.default
    taken: list[Flow] = [
        way
        for way in element.outgoing
        if way is not default and (way.condition is None or run.holds(way, way.condition, scope))
    ]
    if not taken and default is not None:
        taken = [default]
    if not taken:
        from pendapa.processes.arrivals import no_way_on

        raise no_way_on(run, element, scope)
    run.passed.append(element.id)
    for way in taken:
        run.arrivals.append((run.elements[way.target], way.id, scope))
