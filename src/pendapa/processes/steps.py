"""The steps a caller reports, as pure functions; a refused step leaves nothing behind.

Each kind of step has one function in `_STEPS`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from pendapa.expressions import Value
from pendapa.processes.catching import broadcast, listening, occur
from pendapa.processes.faults import StepImpossible
from pendapa.processes.game import Run
from pendapa.processes.inside import arm, catch_at, end, throw
from pendapa.processes.model import TASKS, Element, Process
from pendapa.processes.state import (
    CompleteTask,
    FinishEffect,
    FireTimer,
    Outcome,
    RaiseError,
    RaiseSignal,
    ReceiveMessage,
    State,
    Step,
    Token,
)
from pendapa.processes.waits import receiving, timer_of


def start(process: Process, variables: Mapping[str, Value], at: str = "") -> Outcome:
    """Begin a case with these variables, at this start event; without one at the plain one, or the only one.
    Raises StepImpossible where there is no such start event, ProcessStuck where the process has no way on."""
    begins = at or process.start
    if begins not in process.starts:
        which = f'no start event "{at}"' if at else "no plain start event"
        raise StepImpossible(
            f"The process has {which}. Begin it at one of: "
            f"{', '.join(process.elements[id_].label for id_ in process.starts)}."
        )
    run = Run(process, State((), dict(variables), 0))
    arm(run, process.handlers, None)
    run.arrivals.append((process.elements[begins], None, None))
    return run.finish()


def advance(process: Process, state: State, step: Step) -> Outcome:
    """Take one step. Raises StepImpossible, whose text says what is open; `state` itself never changes."""
    for token in state.tokens:
        if token.element not in process.elements:
            raise StepImpossible(
                f"The case waits at {token.element}, which this version of the process does not have. "
                "Use the version it was started with."
            )
    run = Run(process, state)
    _STEPS[type(step)](run, step)
    return run.finish()


# Steps: what the caller reports.


def _complete(run: Run, step: CompleteTask) -> None:
    elements = run.elements
    meant = run.process.standing_as(step.task)
    token = run.waiting_at(
        lambda t: (
            t.element in meant and t.waiting in ("task", "message") and elements[t.element].kind in TASKS
        ),
        step.instance,
    )
    if token is None:
        behind = _receive_task(run, meant, step.instance)
        if behind is not None:
            run.set(step.set, behind[0].scope)
            occur(run, *behind)
            return
        which = step.task if step.instance is None else f"{step.task} (instance {step.instance})"
        missing = "" if any(id_ in elements for id_ in meant) else " The process has no such element."
        raise run.impossible(f"Task {which} is not open.{missing}")
    run.set(step.set, token.scope)
    run.remove(token, "done")
    run.leave(elements[token.element], token.scope)


def _receive_task(run: Run, meant: tuple[str, ...], instance: int | None) -> tuple[Token, str] | None:
    """A receive task behind an event-based gateway, and the token that waits there."""
    for token in run.tokens.values():
        if token.waiting == "event":
            for id_, number in receiving(token):
                if id_ in meant and instance in (None, number):
                    return token, id_
    return None


def _receive(run: Run, step: ReceiveMessage) -> None:
    heard = [row for row in listening(run, "message") if row[2]["message"] == step.name]
    keyed = [row for row in heard if step.key is not None and row[2].get("key") == str(step.key)]
    fits = keyed or [row for row in heard if "key" not in row[2]]
    if not fits:
        if heard:
            came = "without a key" if step.key is None else f"with key {step.key}"
            raise run.impossible(
                f'Message "{step.name}" came {came}, which is not the key the case waits for.'
            )
        raise run.impossible(f'The case does not wait for message "{step.name}".')
    run.set(step.set, fits[0][0].scope)
    occur(run, fits[0][0], fits[0][1])


def _running_timers(run: Run) -> Iterator[tuple[Token, str, Mapping[str, Any]]]:
    for token in run.tokens.values():
        for element, row in token.detail.get("timers", {}).items():
            yield token, element, row


def _fire(run: Run, step: FireTimer) -> None:
    meant = run.process.standing_as(step.timer)
    fits = (row for row in _running_timers(run) if row[1] in meant)
    found = next((row for row in fits if step.instance in (None, row[2]["instance"])), None)
    if found is None:
        which = step.timer if step.instance is None else f"{step.timer} (instance {step.instance})"
        raise run.impossible(f"Timer {which} is not running.")
    token, boundary, row = found
    event = run.elements[boundary]
    if not event.interrupting:
        _rearm(run, token, event, row)
    occur(run, token, boundary)


def _rearm(run: Run, token: Token, event: Element, row: Mapping[str, Any]) -> None:
    """A non-interrupting timer fired: its task stays, and a cycle that is not used up is set again."""
    rows = {element: dict(other) for element, other in token.detail["timers"].items()}
    left = row.get("left", 1)
    run.timers_gone.append(row["instance"])
    if left is not None and left <= 1:
        del rows[event.id]
    else:
        rows[event.id] = {
            "instance": run.number(),
            "value": row["value"],
            "left": None if left is None else left - 1,
        }
        run.timers[run.serial] = timer_of(event, token, rows[event.id])
    # The token keeps its number and its place in the order: it is still the same wait.
    run.tokens[token.id] = Token(
        token.id, token.element, token.scope, token.waiting, {**token.detail, "timers": rows}
    )


def _finish_effect(run: Run, step: FinishEffect) -> None:
    meant = run.process.standing_as(step.element)
    token = run.waiting_at(lambda t: t.element in meant and t.waiting == "effect", step.instance)
    if token is None:
        which = step.element if step.instance is None else f"{step.element} (instance {step.instance})"
        raise run.impossible(f"Effect {which} is not waiting to be finished.")
    run.set(step.set, token.scope)
    run.remove(token, "done")
    element = run.elements[token.element]
    if element.kind == "end_message":
        end(run, element, None, token.scope)
    else:
        run.leave(element, token.scope)


def _signal(run: Run, step: RaiseSignal) -> None:
    if not broadcast(run, step.name):
        raise run.impossible(f'The case does not wait for signal "{step.name}".')


def _error(run: Run, step: RaiseError) -> None:
    meant = run.process.standing_as(step.at)
    token = run.waiting_at(
        lambda t: t.element in meant and t.waiting in ("task", "message", "effect", "scope"), None
    )
    if token is None:
        raise run.impossible(f'Nothing at {step.at} catches error "{step.code}": no work is going on there.')
    if not catch_at(run, token, step.code) and not throw(run, step.code, token.scope):
        raise run.impossible(f'Nothing at {step.at} catches error "{step.code}".')


_STEPS: Final[Mapping[type, Callable[[Run, Any], None]]] = {
    CompleteTask: _complete,
    ReceiveMessage: _receive,
    FireTimer: _fire,
    FinishEffect: _finish_effect,
    RaiseSignal: _signal,
    RaiseError: _error,
}
