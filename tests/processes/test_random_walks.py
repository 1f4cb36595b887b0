"""Whatever is done in whatever order, a case stays sound."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pendapa.processes import (
    CompleteTask,
    FinishEffect,
    FireTimer,
    Outcome,
    Process,
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
)

from .samples import ALL, VALUES

PROCESSES = {name: load_process(source, name=name) for name, source in ALL.items()}


def possible(process: Process, state: State, value: str) -> list[Step]:
    steps: list[Step] = [
        CompleteTask(t.element, t.instance, {t.element: value}) for t in open_tasks(process, state)
    ]
    steps += [ReceiveMessage(m.message) for m in open_messages(process, state)]
    steps += [FireTimer(t.element, t.instance) for t in open_timers(process, state)]
    steps += [FinishEffect(e.element, e.instance) for e in open_effects(process, state)]
    return steps


def check_sound(process: Process, before: State, outcome: Outcome) -> None:
    after = outcome.state
    ids = [token.id for token in after.tokens]
    timers = [timer.instance for timer in open_timers(process, after)]
    assert len(set(ids + timers)) == len(ids) + len(timers)
    assert after.serial >= before.serial
    assert all(0 < number <= after.serial for number in ids + timers)
    was = {token.id for token in before.tokens}
    # A number not there before is newer than every number given out before.
    assert all(number > before.serial for number in ids if number not in was)
    assert outcome.ended == (not after.tokens)
    assert (outcome.end is not None) == outcome.ended
    # What is said to have opened and closed accounts for the difference.
    tasks_before = {t.instance for t in open_tasks(process, before)}
    tasks_after = {t.instance for t in open_tasks(process, after)}
    assert tasks_after - tasks_before == {t.instance for t in outcome.opened}
    assert tasks_before - tasks_after == {t.instance for t in outcome.closed}
    timers_before = {t.instance for t in open_timers(process, before)}
    assert set(timers) - timers_before == {t.instance for t in outcome.timers}
    assert timers_before - set(timers) == set(outcome.timers_gone)


@pytest.mark.parametrize("name", ALL)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_random_walk_stays_sound(name: str, data: st.DataObject) -> None:
    process = PROCESSES[name]
    outcome = start(process, {})
    check_sound(process, State((), {}, 0), outcome)
    for _ in range(25):
        if outcome.ended:
            break
        before = outcome.state
        step = data.draw(st.sampled_from(possible(process, before, data.draw(st.sampled_from(VALUES)))))
        outcome = advance(process, before, step)
        check_sound(process, before, outcome)
        assert advance(process, before, step) == outcome
        stored = State.from_json(json.loads(json.dumps(before.to_json())))
        assert advance(process, stored, step) == outcome
        # The same work cannot be done twice: its number is never given again.
        if not isinstance(step, ReceiveMessage):
            with pytest.raises(StepImpossible):
                advance(process, outcome.state, step)
