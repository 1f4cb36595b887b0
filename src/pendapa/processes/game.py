"""The token game: tokens move until they wait or end.

A token on the move has no number; it gets one when it comes to wait, so that an instance number names one
wait at one element for good. Each kind of element has one function in `_ARRIVALS`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from pendapa.expressions import EvaluationError, Expression, Value
from pendapa.processes.catching import end_with_signal, throw_signal
from pendapa.processes.decisions import UndecidedError
from pendapa.processes.faults import ProcessStuck, StepImpossible
from pendapa.processes.inclusive import arrive_inclusive, fill_inclusive
from pendapa.processes.inside import cancel_inside, end, end_with_error, enter, terminate
from pendapa.processes.loops import (
    begin_loop,
    count_begun,
    instance_done,
    is_loop_of,
    item_of,
    local_detail,
    read_local,
)
from pendapa.processes.model import TASKS, Element, Flow, Process
from pendapa.processes.saying import plain_text, says_values
from pendapa.processes.state import (
    ClosedTask,
    Effect,
    OpenTask,
    Outcome,
    State,
    Timer,
    Token,
    Waiting,
    value_from_json,
    value_to_json,
)
from pendapa.processes.waits import describe_open, effect_of, open_task, timer_of

MOST_MOVES: Final = 10_000
"""Moves one step may cause. A correct process needs a few dozen; more is a loop of automatic elements."""


class Run:
    """One step being taken: the tokens as they now stand and the record of what came about."""

    def __init__(self, process: Process, state: State) -> None:
        self.process = process
        self.elements = process.elements
        self.before = state
        self.tokens: dict[int, Token] = {token.id: token for token in state.tokens}
        self.variables: Mapping[str, Value] = state.variables
        self.serial = state.serial
        self.arrivals: deque[tuple[Element, str | None, int | None]] = deque()
        self.opened: dict[int, OpenTask] = {}
        self.closed: list[ClosedTask] = []
        self.timers: dict[int, Timer] = {}
        self.timers_gone: list[int] = []
        self.effects: dict[int, Effect] = {}
        self.effects_gone: list[int] = []
        self.passed: list[str] = []
        self.end: str | None = None
        self.overlays: dict[int, dict[str, Value]] = {}
        self.touched: set[int] = set()

    def set(self, values: Mapping[str, Value], scope: int | None = None) -> None:
        """Set variables; those of a sub-process are kept with it until it completes."""
        if not values:
            return
        if scope is None:
            self.variables = {**self.variables, **values}
        elif self.tokens[scope].waiting == "loop":
            local = item_of(self, self.tokens[scope])
            kept = {name: value for name, value in values.items() if name not in local}
            self.set(kept, self.tokens[scope].scope)
        else:
            self.kept(scope).update(values)
            self.touched.add(scope)

    def kept(self, scope: int) -> dict[str, Value]:
        """What was set in a sub-process so far."""
        if scope not in self.overlays:
            stored = self.tokens[scope].detail.get("set", {})
            self.overlays[scope] = {name: value_from_json(value) for name, value in stored.items()}
        return self.overlays[scope]

    def values(self, scope: int | None) -> Mapping[str, Value]:
        """The variables as they are seen inside a sub-process (None: in the process)."""
        if scope is None:
            return self.variables
        token = self.tokens[scope]
        around = self.values(token.scope)
        if token.waiting == "loop":
            return {**around, **read_local({"local": item_of(self, token)})}
        return {**around, **read_local(token.detail), **self.kept(scope)}

    def number(self) -> int:
        self.serial += 1
        return self.serial

    def wait_for(
        self,
        element: Element,
        scope: int | None,
        waiting: Waiting,
        detail: dict[str, Any],
        events: tuple[str, ...],
    ) -> Token:
        """Wait, and listen for these events at the same time; a timer takes a number of its own."""
        token = self.wait(element, scope, waiting, detail)
        for id_ in events:
            event = self.elements[id_]
            if event.timer is not None:
                row = {"instance": self.number(), **timer_row(self, event, scope)}
                detail.setdefault("timers", {})[id_] = row
                self.timers[row["instance"]] = timer_of(event, token, row)
            elif event.message is not None:
                detail.setdefault("catches", {})[id_] = message_detail(self, event, scope)
            elif event.signal is not None:
                detail.setdefault("catches", {})[id_] = {"signal": event.signal}
        return token

    def wait(self, element: Element, scope: int | None, waiting: Waiting, detail: Mapping[str, Any]) -> Token:
        token = Token(self.number(), element.id, scope, waiting, detail)
        self.tokens[token.id] = token
        return token

    def leave(self, element: Element, scope: int | None) -> None:
        """A token leaves an element by all its flows (none: the path ends here)."""
        if element.loop is not None and scope is not None and is_loop_of(self.tokens[scope], element):
            instance_done(self, element, self.tokens[scope])
            return
        self.passed.append(element.id)
        elements = self.elements
        for flow in element.outgoing:
            self.arrivals.append((elements[flow.target], flow.id, scope))

    def take(self, element: Element, flow: Flow, scope: int | None) -> None:
        """A token leaves an element by one flow."""
        self.passed.append(element.id)
        self.arrivals.append((self.elements[flow.target], flow.id, scope))

    def remove(self, token: Token, how: str) -> None:
        """A token waits no longer; its task, timers and effect go with it, and all that is inside it."""
        if token.waiting in ("scope", "loop"):
            cancel_inside(self, token.id)
        del self.tokens[token.id]
        for row in token.detail.get("timers", {}).values():
            # A timer set and cancelled within one step never existed for the caller.
            if self.timers.pop(row["instance"], None) is None:
                self.timers_gone.append(row["instance"])
        if token.waiting in ("task", "message") and self.elements[token.element].kind in TASKS:
            if self.opened.pop(token.id, None) is None:
                self.closed.append(
                    ClosedTask(token.id, token.element, "done" if how == "done" else "cancelled")
                )
        elif token.waiting == "effect" and how != "done" and self.effects.pop(token.id, None) is None:
            self.effects_gone.append(token.id)

    def finish(self) -> Outcome:
        """Let every moving token run until it waits or ends, and draw the sum."""
        arrivals = self.arrivals
        moves = 0
        while arrivals or fill_inclusive(self):
            moves += 1
            element, flow, scope = arrivals.popleft()
            if moves > MOST_MOVES:
                raise ProcessStuck(
                    f"The process goes round without waiting: more than {MOST_MOVES} moves in one "
                    "step, the last at "
                    f"{element.label}. Put a task or a wait into the loop, or a condition that leaves it."
                )
            if element.loop is not None:
                around = None if scope is None else self.tokens[scope]
                if around is None or not is_loop_of(around, element):
                    begin_loop(self, element, scope)
                    continue
                count_begun(self, around)
            _ARRIVALS[element.kind](self, element, flow, scope)
        for number in self.touched.intersection(self.tokens):
            token = self.tokens[number]
            stored = {name: value_to_json(value) for name, value in self.overlays[number].items()}
            self.tokens[number] = replace(token, detail={**token.detail, "set": stored})
        tokens = tuple(self.tokens.values())
        if tokens and all(token.waiting in ("join", "scope", "loop") for token in tokens):
            raise ProcessStuck(self._says_starved(tokens))
        return Outcome(
            State(tokens, self.variables, self.serial),
            tuple(self.opened.values()),
            tuple(self.closed),
            tuple(self.timers.values()),
            tuple(self.timers_gone),
            tuple(self.effects.values()),
            tuple(self.passed),
            not tokens,
            self.end if not tokens else None,
            tuple(self.effects_gone),
        )

    def _says_starved(self, tokens: tuple[Token, ...]) -> str:
        joining = [token for token in tokens if token.waiting == "join"]
        gate = self.elements[joining[0].element]
        here = {token.detail["flow"] for token in joining if token.element == gate.id}
        missing = ", ".join(flow for flow in gate.incoming if flow not in here)
        return (
            f"The case would wait for ever at the {gate.kind} gateway {gate.label}: no token can come by "
            f"flow {missing} "
            f"any more. Let every flow into it come from the same parallel split. "
            + describe_open(self.process, self.before)
        )

    def holds(self, flow: Flow, condition: Expression, scope: int | None) -> bool:
        values = self.variables if scope is None else self.values(scope)
        try:
            return condition.holds(values)
        except EvaluationError as error:
            raise ProcessStuck(
                f"The condition {condition.text!r} on flow {flow.id} out of "
                f"{self.elements[flow.source].label} cannot be judged: {error}. "
                f"{says_values(values, condition.inputs)}"
            ) from error

    def text_of(self, expression: Expression, element: Element, what: str, scope: int | None) -> str:
        """The value of a message key or a timer as text. Raises ProcessStuck when it is missing."""
        try:
            value = expression.evaluate(self.values(scope))
        except EvaluationError as error:
            raise ProcessStuck(
                f"The {what} {expression.text!r} of {element.label} cannot be computed: {error}."
            ) from error
        if value is None:
            raise ProcessStuck(
                f"The {what} {expression.text!r} of {element.label} has no value. "
                f"{says_values(self.values(scope), expression.inputs)} Set it before the case comes here."
            )
        return plain_text(value)

    def waiting_at(self, wanted: Callable[[Token], bool], instance: int | None) -> Token | None:
        """The oldest waiting token that fits, or the one of this instance if it fits."""
        if instance is not None:
            token = self.tokens.get(instance)
            return token if token is not None and wanted(token) else None
        return next((token for token in self.tokens.values() if wanted(token)), None)

    def impossible(self, sentence: str) -> StepImpossible:
        return StepImpossible(f"{sentence} {describe_open(self.process, self.before)}")


# Arrivals: a token comes to an element by a flow (None: it begins here).


def _pass_through(run: Run, element: Element, flow: str | None, scope: int | None) -> None:
    run.leave(element, scope)


def _open(run: Run, element: Element, flow: str | None, scope: int | None) -> None:
    if element.message is None:
        token = run.wait_for(element, scope, "task", local_detail(run, scope), element.boundary)
    else:
        detail = {**message_detail(run, element, scope), **local_detail(run, scope)}
        token = run.wait_for(element, scope, "message", detail, element.boundary)
    run.opened[token.id] = open_task(element, token.id)


def timer_row(run: Run, event: Element, scope: int | None) -> dict[str, Any]:
    """Value and repetitions of a timer as it is set now."""
    rule = event.timer
    assert rule is not None
    value = (
        rule.value if rule.expression is None else run.text_of(rule.expression, event, "timer value", scope)
    )
    return {"value": value, "left": _repetitions(value)} if rule.kind == "cycle" else {"value": value}


def _repetitions(cycle: str) -> int | None:
    """How often an ISO 8601 cycle fires; None: without end."""
    count = cycle.partition("/")[0].removeprefix("R")
    return int(count) if count.isdigit() else None


def message_detail(run: Run, element: Element, scope: int | None) -> dict[str, Any]:
    message = element.message
    assert message is not None
    if message.key is None:
        return {"message": message.name}
    return {"message": message.name, "key": run.text_of(message.key, element, "message key", scope)}


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


_ARRIVALS: Final[Mapping[str, Callable[[Run, Element, str | None, int | None], None]]] = {
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
    "end": end,
    "terminate": terminate,
    "error": end_with_error,
    "end_message": _ask_effect,
    "end_signal": end_with_signal,
    "throw": throw_signal,
}
