"""Steps played through a process from its start, with what only people do left open: `pendapa process walk`."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from typing import Any

from pendapa.processes.faults import ProcessStuck, StepImpossible
from pendapa.processes.model import Process
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
)
from pendapa.processes.steps import advance, start
from pendapa.processes.waits import describe_open, open_effects

_MOST_EFFECTS = 10_000


def play(process: Process, rows: Any) -> tuple[State, list[str]]:
    """Where these steps lead from the start, and the tasks done on the way. Raises ValueError (for one that is
    impossible: StepImpossible), which names the step."""
    steps = [_step(row, position) for position, row in enumerate(_as_list(rows), 1)]
    done: list[str] = []
    order = _Order(process)
    position = 0
    try:
        outcome = _begun(process, steps[0]) if steps else None
        position = 0 if outcome is None else 1
        coming = [*steps[position:], None]
        state = _run_effects(process, outcome or start(process, {}), done, coming[0], order)
        for step, after in pairwise(coming):
            position += 1
            assert step is not None
            moved = advance(process, state, order.meant(step, state))
            state = _run_effects(process, moved, done, after, order)
    except StepImpossible as error:
        said = f"step {position} {_shown(rows[position - 1])}" if position else "start"
        raise StepImpossible(f"{said}: {order.told(str(error))}") from error
    return state, done


class _Order:
    """Instances as a walk counts them: of each task or timer the first that was opened is 1, the next 2.

    The engine's own numbers run over the whole case, and no walk prints them.
    """

    def __init__(self, process: Process) -> None:
        self.process = process
        self.opened: dict[str, list[int]] = {}

    def note(self, outcome: Outcome) -> None:
        found = [(task.element, task.instance) for task in outcome.opened]
        found += [(timer.element, timer.instance) for timer in outcome.timers]
        for element, number in found:
            self.opened.setdefault(self.process.elements[element].drawn_as, []).append(number)

    def meant(self, step: Step, state: State) -> Step:
        """The step with the engine's number. Raises StepImpossible when there is no such instance."""
        if not isinstance(step, CompleteTask | FireTimer) or step.instance is None:
            return step
        name = step.task if isinstance(step, CompleteTask) else step.timer
        element = self.process.elements.get(self.process.standing_as(name)[-1])
        known = self.opened.get(name if element is None else element.drawn_as, [])
        if not 1 <= step.instance <= len(known):
            raise StepImpossible(
                f"{name} has no instance {step.instance}: it was opened {len(known)} times so far. "
                "Instances are counted from 1 in the order they were opened; without one the oldest is meant. "
                + describe_open(self.process, state)
            )
        return replace(step, instance=known[step.instance - 1])

    def told(self, text: str) -> str:
        """A sentence of the engine with the walk's own counting."""
        places = {number: at for numbers in self.opened.values() for at, number in enumerate(numbers, 1)}
        return re.sub(
            r"\(instance (\d+)\)",
            lambda found: f"(instance {places.get(int(found[1]), found[1])})",
            text,
        )


def _begun(process: Process, step: Step) -> Outcome | None:
    """The message, timer or signal of a start event may be told as the first step; without it the case simply
    begins."""
    for id_ in process.starts:
        event = process.elements[id_]
        if isinstance(step, ReceiveMessage) and event.message is not None and event.message.name == step.name:
            return start(process, step.set, id_)
        if isinstance(step, RaiseSignal) and event.signal == step.name:
            return start(process, {}, id_)
        if isinstance(step, FireTimer) and event.timer is not None and step.timer == id_:
            return start(process, {}, id_)
    return None


def _run_effects(
    process: Process, outcome: Outcome, done: list[str], coming: Step | None, order: _Order
) -> State:
    """Finish every effect at once, as a walk does: only people's work needs a step. One that the coming step
    says to fail or to be late waits for that step."""

    for _ in range(_MOST_EFFECTS):
        order.note(outcome)
        done += [process.elements[task.element].drawn_as for task in outcome.closed if task.how == "done"]
        waiting = open_effects(process, outcome.state)
        effect = next((e for e in waiting if not _hits(process, coming, e.element)), None)
        if effect is None:
            return outcome.state
        outcome = advance(process, outcome.state, FinishEffect(effect.element, effect.instance))
    raise ProcessStuck(f"After {_MOST_EFFECTS} effects nobody is waited for: put a task into the loop.")


def _hits(process: Process, step: Step | None, effect: str) -> bool:
    """Whether a step is about the work of this effect: an error in it, or a timer on its border."""

    if isinstance(step, RaiseError):
        return effect in process.standing_as(step.at)
    timers = process.standing_as(step.timer) if isinstance(step, FireTimer) else ()
    return any(id_ in process.elements[effect].boundary for id_ in timers)


def _as_list(rows: Any) -> list[Any]:
    if not isinstance(rows, list):
        raise ValueError('The steps are no list. Write [{"task": "ID", "set": {}}, ...].')
    return rows


def _step(row: Any, position: int) -> Step:

    def refused(why: str) -> ValueError:
        return ValueError(f"step {position} {_shown(row)}: {why}")

    if not isinstance(row, dict):
        raise refused('A step is an object, such as {"task": "ID"}.')
    values = row.get("set", {})
    instance = row.get("instance")
    if not isinstance(values, dict):
        raise refused('"set" is an object of variables.')
    if instance is not None and (not isinstance(instance, int) or isinstance(instance, bool)):
        raise refused('"instance" is a whole number.')
    variables = {name: _value(value) for name, value in values.items()}
    kinds = [
        kind for kind in ("task", "message", "signal", "error", "timer") if isinstance(row.get(kind), str)
    ]
    if len(kinds) != 1:
        raise refused('A step has exactly one of "task", "message", "signal", "error", "timer", a text.')
    match kinds[0]:
        case "task":
            return CompleteTask(row["task"], instance, variables)
        case "message":
            key = row.get("key")
            return ReceiveMessage(row["message"], None if key is None else _key(key), variables)
        case "signal":
            return RaiseSignal(row["signal"])
        case "error":
            return RaiseError(row["error"], str(row.get("at", "")))
        case _:
            return FireTimer(row["timer"], instance)


def _shown(row: Any) -> str:
    return json.dumps(plain(row), ensure_ascii=False)


def _key(key: Any) -> str:
    return ("true" if key else "false") if isinstance(key, bool) else str(key)


def _value(value: Any) -> Any:
    """JSON as variables: lists become tuples, so that nothing in a state can change."""
    if isinstance(value, list):
        return tuple(_value(item) for item in value)
    return {name: _value(item) for name, item in value.items()} if isinstance(value, dict) else value


def plain(value: Any) -> Any:
    """Variables as JSON again, numbers as they came."""
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    return {name: plain(item) for name, item in value.items()} if isinstance(value, Mapping) else value
