"""Call activities while a case runs: what goes into the called process, and what comes out of it.

A running call is a token that waits as "scope", like a sub-process. What happens inside carries its number, but
sees the variables of the call alone: those handed in, and those set inside.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final

from pendapa.expressions import EvaluationError, Value
from pendapa.processes.faults import ProcessStuck
from pendapa.processes.model import Element, Passed
from pendapa.processes.state import Token

if TYPE_CHECKING:
    from pendapa.processes.game import Run

MOST_CALLS: Final = 100
"""Calls inside each other. A process that calls itself without end is stopped here."""


def call(run: Run, element: Element, flow: str | None, scope: int | None) -> None:
    """A token comes to a call activity: it waits there while the called process runs."""
    from pendapa.processes.inside import arm
    from pendapa.processes.loops import local_detail

    assert element.call is not None
    _check_depth(run, element, scope)
    around = run.values(scope)
    handed: dict[str, Value] = dict(around) if element.call.takes_all else {}
    handed.update(_passed(element, element.call.takes, around, "goes into"))
    token = run.wait_for(element, scope, "scope", local_detail(run, scope), element.boundary)
    run.set(handed, token.id)
    arm(run, element.handlers, token.id)
    run.arrivals.append((run.elements[element.start], None, token.id))


def given_back(run: Run, token: Token) -> dict[str, Value]:
    """What a call that completes hands to the process around it."""
    element = run.elements[token.element]
    assert element.call is not None
    inside = run.kept(token.id)
    given: dict[str, Value] = dict(inside) if element.call.gives_all else {}
    given.update(_passed(element, element.call.gives, inside, "comes out of"))
    return given


def give(run: Run, element: Element, scope: int | None) -> None:
    """Set what the output mappings of an element say, now that its work is done."""
    from pendapa.processes.loops import read_local

    values = run.values(scope)
    waited = run.leaving
    if waited is not None and waited.element == element.id and waited.scope == scope:
        values = {**values, **read_local(waited.detail)}
    run.set(_passed(element, element.gives, values, "comes out of"), scope)


def _passed(
    element: Element, rules: Iterable[Passed], values: Mapping[str, Value], way: str
) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for rule in rules:
        try:
            found[rule.target] = rule.value.evaluate(values)
        except EvaluationError as error:
            raise ProcessStuck(
                f"The value {rule.value.text!r} that {way} {element.label} as {rule.target} cannot be "
                f"worked out: {error}"
            ) from error
    return found


def _check_depth(run: Run, element: Element, scope: int | None) -> None:
    depth = 0
    while scope is not None:
        token = run.tokens[scope]
        depth += run.elements[token.element].kind == "call"
        scope = token.scope
    if depth >= MOST_CALLS:
        raise ProcessStuck(
            f"The call {element.label} would be the {depth + 1}th inside each other; at most {MOST_CALLS} are made. "
            "Let a process that calls itself come to an end."
        )
