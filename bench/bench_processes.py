"""How long one step of a case takes, for a process of the size the mall runs.

    python bench/bench_processes.py

Walks every process of the example regency many times through the same steps (each open task is completed,
each message heard, each effect finished) and prints microseconds per step; the figure held is < 40 us.
"""

from __future__ import annotations

import gc
import json
import pickle
import re
import sys
import tomllib
from decimal import Decimal
from pathlib import Path
from statistics import median
from time import perf_counter

from pendapa.expressions import Value
from pendapa.processes import (
    CompleteTask,
    FinishEffect,
    Process,
    ReceiveMessage,
    State,
    Step,
    advance,
    load_process,
    open_effects,
    open_messages,
    open_tasks,
    start,
)

ROOT = Path(__file__).parents[1] / "regencies"
NUMBER = re.compile(r"-?\d+(\.\d+)?")
SET: dict[str, Value] = {
    "payment_state": "paid",
    "bill_round": 1,
    "putusan": "rejected",
    "putusan_banding": "granted",
    "siak_status": "done",
}
"""What waits and tasks' forms set in the example services."""
ROUNDS = 2_000
BATCHES = 7


def next_step(process: Process, state: State, values: dict[str, Value]) -> Step | None:
    for task in open_tasks(process, state):
        return CompleteTask(task.element, task.instance, values)
    for message in open_messages(process, state):
        return ReceiveMessage(message.message, message.key, values)
    for effect in open_effects(process, state):
        return FinishEffect(effect.element, effect.instance)
    return None


def answered(service: Path) -> dict[str, Value]:
    """What the process may read of the service's example answers."""
    variables = tomllib.loads((service / "service.toml").read_text(encoding="utf-8")).get("variables", {})
    answers = json.loads((service / "example-answers.json").read_bytes()) if variables else {}
    given = {name: answers.get(path) for name, path in variables.items()}
    return {name: Decimal(text) if text and NUMBER.fullmatch(text) else text for name, text in given.items()}


def recorded(process: Process, given: dict[str, Value]) -> list[tuple[State, Step]]:
    """The states and steps of one case on its way, in which everyone agrees to everything."""
    state = start(process, given).state
    walk: list[tuple[State, Step]] = []
    values = {name: SET[name] for name in process.reads & SET.keys()}
    values |= {name: "accept" for name in process.reads if name.endswith("_result")}
    while (step := next_step(process, state, values)) is not None and len(walk) < 30:
        walk.append((state, step))
        state = advance(process, state, step).state
    return walk


def main() -> int:
    files = sorted(ROOT.glob("*/services/*/process.bpmn"))
    slowest = 0.0
    for file in files:
        begun = perf_counter()
        tables = {table.name: table.read_bytes() for table in file.parent.glob("*.dmn")}
        process = load_process(file.read_bytes(), name=file.name, tables=tables)
        loading = perf_counter() - begun
        walk = recorded(process, answered(file.parent))
        batches = []
        gc.disable()
        for _ in range(BATCHES):
            begun = perf_counter()
            for _ in range(ROUNDS):
                for state, step in walk:
                    advance(process, state, step)
            batches.append((perf_counter() - begun) / ROUNDS / len(walk) * 1e6)
        gc.enable()
        # A step that asks a decision table does more than move tokens: it is shown, the figure is not for it.
        if not tables:
            slowest = max(slowest, median(batches))
        print(
            f"{file.parent.name}: {len(process.elements)} elements, {len(walk)} steps, "
            f"{median(batches):.1f} us a step (best {min(batches):.1f}), load {loading * 1e3:.1f} ms, "
            f"pickled {len(pickle.dumps(process)):,} bytes"
        )
    print(f"slowest {slowest:.1f} us; wanted < 40 us")
    return 0 if slowest < 40 else 1


if __name__ == "__main__":
    sys.exit(main())
