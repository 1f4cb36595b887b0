"""The token game: tokens move until they wait or end.

A token on the move has no number; it gets one when it comes to wait, so that an instance number names one
wait at one element for good. What each kind of element does with a token that comes is in `arrivals`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from pendapa.expressions import EvaluationError, Expression, Value
from pendapa.processes.arrivals import ARRIVALS
from pendapa.processes.calling import give
from pendapa.processes.faults import ProcessStuck, StepImpossible
from pendapa.processes.inclusive import fill_inclusive
from pendapa.processes.inside import cancel_inside
from pendapa.processes.listening import listen
from pendapa.processes.loops import (
    begin_loop,
    count_begun,
    instance_done,
    is_loop_of,
    item_of,
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
from pendapa.processes.waits import describe_open

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
        self.leaving: Token | None = None

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
        if self.elements[token.element].call is not None and token.waiting == "scope":
            return self.kept(scope)
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
        """Wait, and listen for these events at the same time."""
        token = self.wait(element, scope, waiting, detail)
        listen(self, token, detail, events)
        return token

    def wait(self, element: Element, scope: int | None, waiting: Waiting, detail: Mapping[str, Any]) -> Token:
        token = Token(self.number(), element.id, scope, waiting, detail)
        self.tokens[token.id] = token
        return token

    def leave(self, element: Element, scope: int | None) -> None:
        """A token leaves an element by all its flows (none: the path ends here)."""
        of_loop = element.loop is not None and scope is not None and is_loop_of(self.tokens[scope], element)
        if element.gives and (of_loop or element.loop is None):
            give(self, element, scope)
        if of_loop and scope is not None:
            instance_done(self, element, self.tokens[scope], self.leaving)
            return
        self.passed.append(element.id)
        elements = self.elements
        for flow in element.outgoing:
            self.arrivals.append((elements[flow.target], flow.id, scope))

    def take(self, element: Element, flow: Flow, scope: int | None) -> None:
        """A token leaves an element by one flow."""
        self.passed.append(element.id)
        self.arrivals.append((self.elements[flow.target], flow.id, scope))

    def remove(self, token: Token, how: str, done: str = "") -> None:
        """A token waits no longer; its task, timers and effect go with it, and all that is inside it. `done` is
        the event that happened where it waited for the first of several."""
        if token.waiting in ("scope", "loop"):
            cancel_inside(self, token.id)
        del self.tokens[token.id]
        self.leaving = token
        for row in token.detail.get("timers", {}).values():
            # A timer set and cancelled within one step never existed for the caller.
            if self.timers.pop(row["instance"], None) is None:
                self.timers_gone.append(row["instance"])
        if token.waiting in ("task", "message") and self.elements[token.element].kind in TASKS:
            if self.opened.pop(token.id, None) is None:
                self.closed.append(
                    ClosedTask(token.id, token.element, "done" if how == "done" else "cancelled")
                )
        elif token.waiting == "event":
            self._close_receiving(token, done)
        elif token.waiting == "effect" and how != "done" and self.effects.pop(token.id, None) is None:
            self.effects_gone.append(token.id)

    def _close_receiving(self, token: Token, done: str) -> None:
        """The receive tasks behind an event-based gateway close together, one of them done at most."""
        for id_, row in token.detail.get("catches", {}).items():
            if "instance" in row and self.opened.pop(row["instance"], None) is None:
                self.closed.append(ClosedTask(row["instance"], id_, "done" if id_ == done else "cancelled"))

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
            ARRIVALS[element.kind](self, element, flow, scope)
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
