"""What an element does with a token that comes by a flow (None: it begins here): one function a kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from pendapa.processes.calling import call
from pendapa.processes.catching import end_with_signal, throw_signal
from pendapa.processes.decisions import UndecidedError
from pendapa.processes.faults import ProcessStuck
from pendapa.processes.inclusive import arrive_inclusive
from pendapa.processes.inside import end, end_with_error, enter, terminate
from pendapa.processes.listening import message_detail
from pendapa.processes.loops import local_detail
from pendapa.processes.model import Element
from pendapa.processes.saying import says_values
from pendapa.processes.waits import describe_open, effect_of, open_task

if TYPE_CHECKING:
    from pendapa.processes.game import Run


def _pass_through(run: Run, element: Element, flow: str | None, scope: int | None) -> None:
    run.leave(element, scope)


def _open(run: Run, element: Element, flow: str | None, scope: int | None) -> None:
    if element.message is None:
        token = run.wait_for(element, scope, "task", local_detail(run, scope), element.boundary)
    else:
        detail = {**message_detail(run, element, scope), **local_detail(run, scope)}
        token = run.wait_for(element, scope, "message", detail, element.boundary)
    run.opened[token.id] = open_task(element, token.id)


def _await_message(run: Run, element: Element, flow: str | None, scope: int | None) -> None:
    run.wait(element, scope, "message", message_detail(run, element, scope))


def _await_timer(run: Run, element: Element, flow: str | None, scope: int | None) -> None:
    run.wait_for(element, scope, "timer", {}, (element.id,))


def _await_signal(run: Run, element: Element, flow: str | None, scope: int | None) -> None:
    run.wait(element, scope, "signal", {"signal": element.signal})


def _await_first(run: Run, element: Element, flow: str | None, scope: int | None) -> None:
    run.wait_for(element, scope, "event", {}, tuple(way.target for way in element.outgoing))


def _ask_effect(run: Run, element: Element, flow: str | None, scope: int | None) -> None:
    token = run.wait_for(element, scope, "effect", local_detail(run, scope), element.boundary)
    run.effects[token.id] = effect_of(element, token.id)


def _decide(run: Run, element: Element, flow: str | None, scope: int | None) -> None:
    call = element.rule
    if call is None:
        _ask_effect(run, element, flow, scope)
        return
    try:
        outputs = call.decisions.decide(call.decision, run.values(scope))
    except UndecidedError as error:
        raise ProcessStuck(
            f"The business rule task {element.label} finds no answer. {error} "
            f"{describe_open(run.process, run.before)}"
        ) from error
    if call.result is not None and len(outputs) == 1:
        outputs = {call.result: next(iter(outputs.values()))}
    run.set(outputs, scope)
    run.leave(element, scope)


def _choose(run: Run, element: Element, flow: str | None, scope: int | None) -> None:
    default = element.default
    for way in element.outgoing:
        if way.condition is None:
            if way is not default:
                run.take(element, way, scope)
                return
        elif way is not default and run.holds(way, way.condition, scope):
            run.take(element, way, scope)
            return
    if default is not None:
        run.take(element, default, scope)
        return
    raise no_way_on(run, element, scope)


def no_way_on(run: Run, element: Element, scope: int | None) -> ProcessStuck:
    names = frozenset[str]().union(*(way.condition.inputs for way in element.outgoing if way.condition))
    return ProcessStuck(
        f"No way on from the {element.kind} gateway {element.label}: none of its conditions holds and it "
        f"has no default flow. {says_values(run.values(scope), names)} {describe_open(run.process, run.before)}"
    )


def _fork_or_join(run: Run, element: Element, flow: str | None, scope: int | None) -> None:
    if len(element.incoming) < 2:
        run.leave(element, scope)
        return
    # One token is wanted from each incoming flow; a second one by the same flow waits for the next round.
    run.wait(element, scope, "join", {"flow": flow})
    first: dict[str, int] = {}
    for token in run.tokens.values():
        if token.element == element.id and token.scope == scope:
            first.setdefault(token.detail["flow"], token.id)
    if len(first) == len(element.incoming):
        for number in first.values():
            del run.tokens[number]
        run.leave(element, scope)


ARRIVALS: Final[Mapping[str, Callable[[Run, Element, str | None, int | None], None]]] = {
    "start": _pass_through,
    "plain": _pass_through,
    "user": _open,
    "manual": _open,
    "receive": _open,
    "message": _await_message,
    "timer": _await_timer,
    "signal": _await_signal,
    "event": _await_first,
    "service": _ask_effect,
    "send": _ask_effect,
    "rule": _decide,
    "exclusive": _choose,
    "parallel": _fork_or_join,
    "inclusive": arrive_inclusive,
    "subprocess": enter,
    "call": call,
    "end": end,
    "terminate": terminate,
    "error": end_with_error,
    "end_message": _ask_effect,
    "end_signal": end_with_signal,
    "throw": throw_signal,
}
