"""Gateways and events that wait, walked by hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pendapa.processes import (
    CompleteTask,
    FireTimer,
    Process,
    ProcessStuck,
    RaiseSignal,
    ReceiveMessage,
    StepImpossible,
    Timer,
    advance,
    describe_open,
    open_messages,
    open_timers,
    start,
)

from .bpmn import bpmn, chain, flow, node, timer, user
from .test_command import walk
from .test_walks import compiled, is_open, walked

DECLARED = '<message id="M" name="paid"/><signal id="G" name="flood"/>'
PAID = '<messageEventDefinition messageRef="M"/>'
FLOOD = '<signalEventDefinition signalRef="G"/>'
WEEK = "<timerEventDefinition><timeDuration>P7D</timeDuration></timerEventDefinition>"
END = node("endEvent", "E")

INCLUSIVE = compiled(
    user("Ask", "Fire", "Water", "Road", "Sum"),
    node("inclusiveGateway", "Split", default="none"),
    node("inclusiveGateway", "Join"),
    END,
    chain("S", "Ask", "Split"),
    flow("fire", "Split", "Fire", "fire"),
    flow("water", "Split", "Water", "water"),
    flow("none", "Split", "Road"),
    chain("Fire", "Join", "Sum", "E"),
    chain("Water", "Join"),
    chain("Road", "Join"),
)


@pytest.mark.parametrize(
    ("fire", "water", "opened"),
    [
        (True, True, ["Fire", "Water"]),
        (False, True, ["Water"]),
        (False, False, ["Road"]),
        (None, None, ["Road"]),
    ],
)
def test_an_inclusive_split_takes_every_way_that_holds(fire: bool, water: bool, opened: list[str]) -> None:
    at = walked(INCLUSIVE, CompleteTask("Ask", None, {"fire": fire, "water": water}))
    assert is_open(INCLUSIVE, at.state) == opened
    for task in opened:
        assert is_open(INCLUSIVE, at.state) != ["Sum"]
        at = advance(INCLUSIVE, at.state, CompleteTask(task))
    assert is_open(INCLUSIVE, at.state) == ["Sum"]
    assert advance(INCLUSIVE, at.state, CompleteTask("Sum")).ended


def test_an_inclusive_join_waits_for_a_token_two_steps_away() -> None:
    # Long goes over a second task, and either of its ways comes to the join; Short waits for it meanwhile.
    process = compiled(
        user("Short", "Long", "Longer", "Last"),
        node("parallelGateway", "F"),
        node("inclusiveGateway", "J"),
        END,
        node("exclusiveGateway", "G", default="G_J"),
        node("endEvent", "Away"),
        chain("S", "F", "Short", "J", "Last", "E"),
        chain("F", "Long", "Longer", "G", "J"),
        flow("away", "G", "Away", "lost"),
    )
    at = walked(process, CompleteTask("Short"), CompleteTask("Long"))
    assert is_open(process, at.state) == ["Longer"]
    assert is_open(process, advance(process, at.state, CompleteTask("Longer")).state) == ["Last"]
    # The long way is left by another end: nobody can come any more, so the join fires with one token.
    gone = advance(process, at.state, CompleteTask("Longer", None, {"lost": True}))
    assert is_open(process, gone.state) == ["Last"]


def test_an_inclusive_split_without_a_way_is_stuck() -> None:
    process = compiled(
        node("inclusiveGateway", "G"),
        user("A"),
        END,
        chain("S", "G"),
        flow("f", "G", "A", "x"),
        chain("A", "E"),
    )
    assert [w.where for w in process.warnings] == ["G"]
    with pytest.raises(ProcessStuck, match="inclusive gateway G"):
        start(process, {})


WAITING = compiled(
    node("eventBasedGateway", "First"),
    node("intermediateCatchEvent", "Paid", PAID),
    node("intermediateCatchEvent", "Late", WEEK),
    node("intermediateCatchEvent", "Flood", FLOOD),
    user("Issue", "Remind", "Rescue"),
    END,
    chain("S", "First", "Paid", "Issue", "E"),
    chain("First", "Late", "Remind", "E"),
    chain("First", "Flood", "Rescue", "E"),
    before=DECLARED,
)


@pytest.mark.parametrize(
    ("step", "event", "task", "gone"),
    [
        (ReceiveMessage("paid"), "Paid", "Issue", (2,)),
        (FireTimer("Late"), "Late", "Remind", (2,)),
        (RaiseSignal("flood"), "Flood", "Rescue", (2,)),
    ],
)
def test_the_first_event_decides(step: ReceiveMessage, event: str, task: str, gone: tuple[int, ...]) -> None:
    begun = start(WAITING, {})
    # instances: the wait 1, its timer 2
    assert begun.timers == (Timer(2, "Late", "duration", "P7D", True, None, None),)
    assert [m.element for m in open_messages(WAITING, begun.state)] == ["Paid"]
    assert 'message "paid" at Paid, signal "flood" at Flood, timer Late' in describe_open(
        WAITING, begun.state
    )
    came = advance(WAITING, begun.state, step)
    assert (came.passed, came.timers_gone) == (("First", event), gone)
    assert is_open(WAITING, came.state) == [task]
    with pytest.raises(StepImpossible):
        advance(WAITING, came.state, step)


def test_an_intermediate_timer() -> None:
    process = compiled(node("intermediateCatchEvent", "W", WEEK), user("A"), END, chain("S", "W", "A", "E"))
    begun = start(process, {})
    assert (
        open_timers(process, begun.state) == begun.timers == (Timer(2, "W", "duration", "P7D", True, None),)
    )
    assert is_open(process, advance(process, begun.state, FireTimer("W", 2)).state) == ["A"]


def guarded(interrupting: bool) -> Process:
    stop = str(interrupting).lower()
    return compiled(
        user("A", "B", "C"),
        node("boundaryEvent", "Paid", PAID, attachedToRef="A", cancelActivity=stop),
        node("boundaryEvent", "Flood", FLOOD, attachedToRef="A", cancelActivity=stop),
        END,
        chain("S", "A", "E"),
        chain("Paid", "B", "E"),
        chain("Flood", "C", "E"),
        before=DECLARED,
    )


@pytest.mark.parametrize(("step", "task"), [(ReceiveMessage("paid"), "B"), (RaiseSignal("flood"), "C")])
def test_a_boundary_event_interrupts_or_not(step: ReceiveMessage, task: str) -> None:
    assert is_open(guarded(True), walked(guarded(True), step).state) == [task]
    # Not interrupting, it may come again and again.
    assert is_open(guarded(False), walked(guarded(False), step, step).state) == ["A", task, task]


def test_a_timer_on_a_service_task_takes_its_effect_back() -> None:
    process = compiled(
        node("serviceTask", "V"), user("A"), END, timer("T", "V"), chain("S", "V", "E"), chain("T", "A", "E")
    )
    late = walked(process, FireTimer("T"))
    assert (late.effects_gone, is_open(process, late.state)) == ((1,), ["A"])


def test_a_signal_wakes_everyone_who_waits() -> None:
    catches = "".join(node("intermediateCatchEvent", id_, FLOOD) for id_ in ("X", "Y"))
    process = compiled(
        node("parallelGateway", "F"),
        catches,
        user("A", "B"),
        END,
        chain("S", "F", "X", "A", "E"),
        chain("F", "Y", "B", "E"),
        before=DECLARED,
    )
    assert is_open(process, walked(process, RaiseSignal("flood")).state) == ["A", "B"]
    with pytest.raises(StepImpossible, match="drought"):
        walked(process, RaiseSignal("drought"))


@pytest.mark.parametrize(
    ("definition", "step"), [(PAID, {"message": "paid", "set": {"sum": 5}}), (WEEK, {"timer": "S"})]
)
def test_a_message_or_timer_start(tmp_path: Path, definition: str, step: dict[str, object]) -> None:
    source = bpmn(user("A"), END, chain("S", "A", "E"), before=DECLARED).replace(
        b'<startEvent id="S"/>', f'<startEvent id="S">{definition}</startEvent>'.encode()
    )
    begun = json.loads(walk(tmp_path, source, [step]).stdout)
    assert (begun["open"], begun["variables"]) == (["A"], step.get("set", {}))
    assert json.loads(walk(tmp_path, source, [{"task": "A"}]).stdout)["ended"]
