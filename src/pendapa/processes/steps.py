"""The steps a caller reports, as pure functions; a refused step leaves nothing behind.

Each kind of step has one function in `_STEPS`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from pendapa.expressions import Value
from pendapa.processes.faults import StepImpossible
from pendapa.processes.game import Run
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
from pendapa.processes.waits import timer_of


def start(process: Process, variables: Mapping[str, Value]) -> Outcome:
    """Begin a case at the start event with these variables. Raises ProcessStuck."""
    run = Run(process, State((), dict(variables), 0))
    run.arrivals.append((process.elements[process.start], None, None))
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
    token = run.waiting_at(
        lambda t: t.element == step.task and elements[t.element].kind in TASKS, step.instance
    )
    if token is None:
        which = step.task if step.instance is None else f"{step.task} (instance {step.instance})"
        missing = "" if step.task in elements else " The process has no such element."
        raise run.impossible(f"Task {which} is not open.{missing}")
    run.set(step.set)
    run.remove(token, "done")
    run.leave(elements[token.element], token.scope)


def _receive(run: Run, step: ReceiveMessage) -> None:
    heard = [t for t in run.tokens.values() if t.waiting == "message" and t.detail["message"] == step.name]
    keyed = [
        t for t in heard if "key" in t.detail and step.key is not None and t.detail["key"] == str(step.key)
    ]
    fits = keyed or [t for t in heard if "key" not in t.detail]
    if not fits:
        if heard:
            came = "without a key" if step.key is None else f"with key {step.key}"
            raise run.impossible(
                f'Message "{step.name}" came {came}, which is not the key the case waits for.'
            )
        raise run.impossible(f'The case does not wait for message "{step.name}".')
    run.set(step.set)
    run.remove(fits[0], "done")
    run.leave(run.elements[fits[0].element], fits[0].scope)


def _running_timers(run: Run) -> Iterator[tuple[Token, str, Mapping[str, Any]]]:
    for token in run.tokens.values():
        for element, row in token.detail.get("timers", {}).items():
            yield token, element, row


def _fire(run: Run, step: FireTimer) -> None:
    fits = (row for row in _running_timers(run) if row[1] == step.timer)
    found = next((row for row in fits if step.instance in (None, row[2]["instance"])), None)
    if found is None:
        which = step.timer if step.instance is None else f"{step.timer} (instance {step.instance})"
        raise run.impossible(f"Timer {which} is not running.")
    token, boundary, row = found
    event = run.elements[boundary]
    rule = event.timer
    assert rule is not None
    if rule.interrupting:
        run.remove(token, "cancelled")
    else:
        _rearm(run, token, event, row)
    run.leave(event, token.scope)


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
    token = run.waiting_at(lambda t: t.element == step.element and t.waiting == "effect", step.instance)
    if token is None:
        which = step.element if step.instance is None else f"{step.element} (instance {step.instance})"
        raise run.impossible(f"Effect {which} is not waiting to be finished.")
    run.set(step.set)
    run.remove(token, "done")
    run.leave(run.elements[token.element], token.scope)


def _signal(run: Run, step: RaiseSignal) -> None:
    # Signal and error catches are refused at load, so no case ever waits for one.
    raise run.impossible(f'The case does not wait for signal "{step.name}".')


def _error(run: Run, step: RaiseError) -> None:
    raise run.impossible(f'Nothing at {step.at} catches error "{step.code}".')


_STEPS: Final[Mapping[type, Callable[[Run, Any], None]]] = {
    CompleteTask: _complete,
    ReceiveMessage: _receive,
    FireTimer: _fire,
    FinishEffect: _finish_effect,
    RaiseSignal: _signal,
    RaiseError: _error,
}
