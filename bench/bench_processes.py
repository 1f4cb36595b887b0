"""How long one step of a case takes, for a process of the size the mall runs.

    python bench/bench_processes.py

Walks every process of the example regency many times through the same steps (each open task is completed,
each message heard, each effect finished) and prints microseconds per step; the figure held is < 40 us.
"""

from __future__ import annotations

import gc
import pickle
import sys
from pathlib import Path
from statistics import median
from time import perf_counter

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
ROUNDS = 2_000
BATCHES = 7


def next_step(process: Process, state: State, values: dict[str, str]) -> Step | None:
    for task in open_tasks(process, state):
        return CompleteTask(task.element, task.instance, values)
    for message in open_messages(process, state):
        return ReceiveMessage(message.message, message.key)
    for effect in open_effects(process, state):
        return FinishEffect(effect.element, effect.instance)
    return None


def recorded(process: Process) -> list[tuple[State, Step]]:
    """The states and steps of one case on its way; every condition is met by the first value that fits."""
    state = start(process, {}).state
    walk: list[tuple[State, Step]] = []
    values = dict.fromkeys(process.reads, "accept")
    while (step := next_step(process, state, values)) is not None and len(walk) < 30:
        walk.append((state, step))
        state = advance(process, state, step).state
    return walk


def main() -> int:
    files = sorted(ROOT.glob("*/services/*/process.bpmn"))
    slowest = 0.0
    for file in files:
        begun = perf_counter()
        process = load_process(file.read_bytes(), name=file.name)
        loading = perf_counter() - begun
        walk = recorded(process)
        batches = []
        gc.disable()
        for _ in range(BATCHES):
            begun = perf_counter()
            for _ in range(ROUNDS):
                for state, step in walk:
                    advance(process, state, step)
            batches.append((perf_counter() - begun) / ROUNDS / len(walk) * 1e6)
        gc.enable()
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
