"""Sub-processes while a case runs: entering, ending, event sub-processes, errors on their way up.

A running sub-process is a token that waits as "scope"; what happens inside carries its number. An event
sub-process that listens is a token that waits as "armed": it keeps nothing open by itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pendapa.processes.calling import given_back
from pendapa.processes.model import Element
from pendapa.processes.state import Token

if TYPE_CHECKING:
    from pendapa.processes.game import Run


def enter(run: Run, element: Element, flow: str | None, scope: int | None) -> None:
    """A token comes to a sub-process: it waits there while its inside runs."""
    from pendapa.processes.loops import local_detail

    token = run.wait_for(element, scope, "scope", local_detail(run, scope), element.boundary)
    arm(run, element.handlers, token.id)
    run.arrivals.append((run.elements[element.start], None, token.id))


def arm(run: Run, handlers: Iterable[str], scope: int | None) -> None:
    """Event sub-processes begin to listen (one for errors is looked up when an error comes)."""
    for id_ in handlers:
        handler = run.elements[id_]
        if run.elements[handler.start].error is None:
            run.wait_for(handler, scope, "armed", {}, (handler.start,))


def begin_handler(run: Run, handler: Element, scope: int | None) -> None:
    """An event sub-process begins; an interrupting one first cancels everything beside it."""
    event = run.elements[handler.start]
    if event.interrupting or event.error is not None:
        cancel_inside(run, scope)
    token = run.wait(handler, scope, "scope", {})
    arm(run, handler.handlers, token.id)
    run.leave(event, token.id)


def cancel_inside(run: Run, scope: int | None) -> None:
    """Everything in a sub-process (None: in the case) is cancelled."""
    kept = [arrival for arrival in run.arrivals if arrival[2] != scope]
    run.arrivals.clear()
    run.arrivals.extend(kept)
    for token in list(run.tokens.values()):
        if token.scope == scope and token.id in run.tokens:
            run.remove(token, "cancelled")


def end(run: Run, element: Element, flow: str | None, scope: int | None) -> None:
    """A path ends; with the last one its sub-process completes."""
    run.passed.append(element.id)
    run.end = element.id
    _complete_if_empty(run, scope)


def terminate(run: Run, element: Element, flow: str | None, scope: int | None) -> None:
    """The sub-process (or the case) is over at once."""
    run.passed.append(element.id)
    run.end = element.id
    cancel_inside(run, scope)
    _complete_if_empty(run, scope)


def end_with_error(run: Run, element: Element, flow: str | None, scope: int | None) -> None:
    """The error goes up to whoever catches it; nobody does: the case ends here."""
    run.passed.append(element.id)
    run.end = element.id
    if not throw(run, element.error or "", scope):
        cancel_inside(run, None)


def throw(run: Run, code: str, scope: int | None) -> bool:
    """Hand an error to the nearest event sub-process or boundary event around; whether one caught it."""
    from_handler = False
    while True:
        token = None if scope is None else run.tokens[scope]
        if token is not None and token.waiting == "loop":
            scope = token.scope
            continue
        owner = None if token is None else run.elements[token.element]
        handlers = run.process.handlers if owner is None else owner.handlers
        # What goes wrong in an event sub-process is no matter for the event sub-processes beside it.
        if not from_handler:
            starts = [run.elements[run.elements[id_].start] for id_ in handlers]
            caught = _catching(starts, code)
            if caught is not None:
                begin_handler(run, run.elements[caught.parent or ""], scope)
                return True
        if token is None or owner is None:
            return False
        if catch_at(run, token, code):
            return True
        from_handler = owner.kind == "handler"
        scope = token.scope


def catch_at(run: Run, token: Token, code: str) -> bool:
    """Whether an error event on the border of the token's activity catches this."""
    border = [run.elements[id_] for id_ in run.elements[token.element].boundary]
    caught = _catching(border, code)
    if caught is None:
        return False
    around = None if token.scope is None else run.tokens[token.scope]
    if around is not None and around.waiting == "loop" and around.element == token.element:
        token = around
    run.remove(token, "cancelled")
    run.leave(caught, token.scope)
    return True


def _catching(events: list[Element], code: str) -> Element | None:
    """The event for this code, else one for any error."""
    exact = (event for event in events if event.error == code)
    return next(exact, None) or next((event for event in events if event.error == ""), None)


def _complete_if_empty(run: Run, scope: int | None) -> None:
    if any(arrival[2] == scope for arrival in run.arrivals):
        return
    left = [token for token in run.tokens.values() if token.scope == scope]
    if any(token.waiting != "armed" for token in left):
        return
    for token in left:
        run.remove(token, "cancelled")
    if scope is None:
        return
    token = run.tokens[scope]
    element = run.elements[token.element]
    values = run.kept(scope) if element.call is None else given_back(run, token)
    run.remove(token, "done")
    run.set(values, token.scope)
    run.leave(element, token.scope)
    if element.kind == "handler":
        _complete_if_empty(run, token.scope)
