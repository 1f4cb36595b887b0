"""A random walk through one process, done in both programs at once."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pendapa.expressions import Value
from pendapa.processes import (
    CompleteTask,
    FinishEffect,
    FireTimer,
    OpenMessage,
    Outcome,
    Process,
    RaiseSignal,
    ReceiveMessage,
    State,
    Step,
    advance,
    load_process,
    open_effects,
    open_messages,
    open_tasks,
    open_timers,
    start,
)

from .samples import VALUES
from .spiff import Spiff

Spent = tuple[int, str]
LONGEST = 24
"""Steps of one walk; a loop may go round without end."""


@dataclass(frozen=True)
class Sample:
    """A process both can run. Each task sets the variable of its own name (and `suffix`) to one of `values`, a
    message the variable that `says` names to one of those there; `never` are pairs of task and value that lead
    to a known difference. `variables` is what a case begins with. `key` is the correlation key and property of
    its messages. `unlike` are variables the two hold differently at the end, by a difference with a test of its
    own."""

    source: bytes
    values: tuple[str, ...] = VALUES
    variables: Mapping[str, Value] = field(default_factory=dict)
    others: Mapping[str, bytes] = field(default_factory=dict)
    tables: Mapping[str, bytes] = field(default_factory=dict)
    key: tuple[str, str] | None = None
    unlike: frozenset[str] = frozenset()
    process: str = "P"
    suffix: str = ""
    says: Mapping[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)
    never: frozenset[tuple[str, str]] = frozenset()

    def load(self, name: str) -> Process:
        return load_process(self.source, name=name, others=self.others, tables=self.tables)

    def oracle(self) -> Spiff:
        return Spiff(self.source, self.others, self.tables, self.variables, self.process)


def walk(name: str, sample: Sample, process: Process, chance: random.Random) -> int:
    """Take random steps until the case ends; returns how often the two were compared."""
    oracle = sample.oracle()
    state = settled(process, start(process, sample.variables))
    done: list[str] = []
    spent: set[Spent] = set()
    compared = 0
    while compared < LONGEST:
        said = f"{name} after {', '.join(done) or 'the start'}"
        assert sorted(there(task.element) for task in open_tasks(process, state)) == oracle.open(), said
        assert awaited(process, state, spent) == oracle.awaited(), said
        assert (not state.tokens) == oracle.ended, said
        compared += 1
        if not state.tokens:
            compare_variables(sample, state, oracle, said)
            break
        step = choose(process, state, sample, spent, chance)
        if step is None:
            break
        tell(oracle, process, state, step, sample)
        spent |= spent_by(process, state, step)
        state = settled(process, advance(process, state, step))
        done.append(shown(step))
    return compared


def settled(process: Process, outcome: Outcome) -> State:
    """Work of machines is done at once, on both sides."""
    state = outcome.state
    while effects := open_effects(process, state):
        state = advance(process, state, FinishEffect(effects[0].element, effects[0].instance)).state
    return state


def awaited(process: Process, state: State, spent: set[Spent]) -> list[str]:
    found: list[str] = []
    for token in state.tokens:
        if token.waiting == "event":
            found.append(token.element)
        elif token.waiting != "armed":
            own = token.waiting in ("message", "signal") and process.elements[token.element].kind != "receive"
            found += [token.element] if own else []
            found += token.detail.get("timers", ())
            found += [id_ for id_ in token.detail.get("catches", ()) if (token.id, id_) not in spent]
    return sorted(there(element) for element in found)


def there(element: str) -> str:
    """The id an element has there: here the name of the called process stands before it."""
    return element.rpartition("/")[2]


def spent_by(process: Process, state: State, step: Step) -> set[Spent]:
    """Events on a border that do not interrupt and have now happened: there they happen once."""
    name = step.name if isinstance(step, ReceiveMessage | RaiseSignal) else None
    about = "message" if isinstance(step, ReceiveMessage) else "signal"
    return {
        (token.id, id_)
        for token in state.tokens
        if token.waiting not in ("event", "armed")
        for id_, row in token.detail.get("catches", {}).items()
        if name is not None and row.get(about) == name and not process.elements[id_].interrupting
    }


def choose(
    process: Process, state: State, sample: Sample, spent: set[Spent], chance: random.Random
) -> Step | None:
    receiving = {task.instance for task in open_tasks(process, state) if task.kind == "receive"}
    steps: list[Step] = [
        CompleteTask(task.element, task.instance, setting(sample, task.element, chance))
        for task in open_tasks(process, state)
        if task.instance not in receiving
    ]
    # People work more often than events happen, so that walks get somewhere.
    if not steps or chance.random() < 0.4:
        events: list[Step] = [
            FireTimer(timer.element, timer.instance) for timer in open_timers(process, state)
        ]
        for step in [
            *(message(sample, m, chance) for m in open_messages(process, state)),
            *(RaiseSignal(signal) for signal in sorted(signals(state))),
        ]:
            if not spent_by(process, state, step) & spent:
                events.append(step)
        steps = events or steps
    return chance.choice(steps) if steps else None


def setting(sample: Sample, task: str, chance: random.Random) -> dict[str, Value]:
    values = [value for value in sample.values if (task, value) not in sample.never]
    return {there(task) + sample.suffix: chance.choice(values)}


def message(sample: Sample, waited: OpenMessage, chance: random.Random) -> Step:
    variable, values = sample.says.get(waited.message, ("", ()))
    return ReceiveMessage(waited.message, waited.key, {variable: chance.choice(values)} if values else {})


def signals(state: State) -> set[str]:
    rows = [token.detail for token in state.tokens if token.waiting == "signal"]
    rows += [row for token in state.tokens for row in token.detail.get("catches", {}).values()]
    return {row["signal"] for row in rows if "signal" in row}


def tell(oracle: Spiff, process: Process, state: State, step: Step, sample: Sample) -> None:
    match step:
        case CompleteTask(element, instance, values):
            oracle.complete(there(element), place(process, state, element, instance or 0), values)
        case ReceiveMessage(name, key, values):
            # The wrong key first: nothing may come of it.
            if sample.key is not None and key is not None:
                oracle.hear(name, values, (*sample.key, f"not {key}"))
                assert sorted(there(t.element) for t in open_tasks(process, state)) == oracle.open()
            oracle.hear(name, values, None if sample.key is None else (*sample.key, key))
        case FireTimer(element, instance):
            token = next(t for t in state.tokens if element in t.detail.get("timers", {}))
            if token.waiting == "event":
                oracle.ring_behind(there(token.element), process.elements[element].name or there(element))
            else:
                oracle.ring(there(element))
        case RaiseSignal(signal):
            oracle.broadcast(signal)
        case _:
            raise AssertionError(step)


def place(process: Process, state: State, element: str, instance: int) -> int:
    """The place of a task among those of its element, in the order of the sub-processes they are in."""
    scopes = {token.id: token.scope for token in state.tokens}

    def way(number: int | None) -> tuple[int, ...]:
        return () if number is None else (*way(scopes[number]), number)

    alike = (task for task in open_tasks(process, state) if there(task.element) == there(element))
    found = sorted(way(task.instance) for task in alike)
    return found.index(way(instance))


def compare_variables(sample: Sample, state: State, oracle: Spiff, said: str) -> None:
    ours = {name: plain(value) for name, value in state.variables.items() if name not in sample.unlike}
    theirs = {name: plain(value) for name, value in oracle.variables.items() if name not in sample.unlike}
    assert ours == theirs, said


def plain(value: Any) -> Any:
    return [plain(item) for item in value] if isinstance(value, list | tuple) else value


def shown(step: Step) -> str:
    match step:
        case CompleteTask(element, instance, values):
            return f"{element} {instance} {dict(values)}"
        case _:
            return str(step)
