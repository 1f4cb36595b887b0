"""A file that someone damaged is refused with its faults, or it runs: nothing else may happen."""

from __future__ import annotations

import random
from pathlib import Path
from xml.etree import ElementTree

import pytest

from pendapa.processes import (
    CompleteTask,
    FinishEffect,
    FireTimer,
    Process,
    ProcessRefused,
    ReceiveMessage,
    State,
    Step,
    StepImpossible,
    advance,
    load_process,
    open_effects,
    open_messages,
    open_tasks,
    open_timers,
    start,
    unset_reads,
)

from .samples import ALL

DRAWN = Path(__file__).parent / "drawn"
SOURCES = {**ALL, **{file.name: file.read_bytes() for file in sorted(DRAWN.glob("*.bpmn"))}}
DAMAGES = 40


def damaged(source: bytes, chance: random.Random) -> bytes:
    """One to three elements or attributes taken out, changed, or drawn twice."""
    root = ElementTree.fromstring(source)
    for _ in range(chance.randint(1, 3)):
        inside = {child: parent for parent in root.iter() for child in parent}
        if not inside:
            break
        chosen = chance.choice(list(inside))
        what = chance.choice(["remove", "drop", "change", "say", "copy"])
        if what == "remove":
            inside[chosen].remove(chosen)
        elif what in ("drop", "change") and chosen.attrib:
            name = chance.choice(sorted(chosen.attrib))
            del chosen.attrib[name]
            if what == "change":
                chosen.set(name, chance.choice(["", "x", "${a.b}", "=1+", "P", "S", "-1", "C"]))
        elif what == "say":
            chosen.text = chance.choice(["", "x y", "${", "= a >", "R/", "gone"])
        elif what == "copy":
            inside[chosen].append(ElementTree.fromstring(ElementTree.tostring(chosen)))
    return ElementTree.tostring(root)


def possible(process: Process, state: State) -> list[Step]:
    steps: list[Step] = [CompleteTask(t.element, t.instance, {"n": 1}) for t in open_tasks(process, state)]
    steps += [ReceiveMessage(m.message, m.key) for m in open_messages(process, state)]
    steps += [FireTimer(t.element, t.instance) for t in open_timers(process, state)]
    return steps + [FinishEffect(e.element, e.instance) for e in open_effects(process, state)]


@pytest.mark.parametrize("name", SOURCES)
def test_a_damaged_file_is_refused_or_runs(name: str) -> None:
    chance = random.Random(name)
    loaded = 0
    for _ in range(DAMAGES):
        try:
            process = load_process(damaged(SOURCES[name], chance), name=name)
        except ProcessRefused as refused:
            assert refused.faults
            assert all(fault.where and fault.wrong and fault.right for fault in refused.faults)
            continue
        loaded += 1
        unset_reads(process)
        try:
            state = start(process, {}, process.starts[0]).state
            for _ in range(10):
                steps = possible(process, state)
                if not steps:
                    break
                state = advance(process, State.from_json(state.to_json()), chance.choice(steps)).state
        except StepImpossible as impossible:
            assert str(impossible)
    assert 0 < loaded < DAMAGES
