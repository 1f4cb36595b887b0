"""Events that give something out, walked by hand."""

from __future__ import annotations

import pytest

from pendapa.processes import CompleteTask, Effect, FinishEffect, advance, start

from .bpmn import chain, node, user
from .test_subprocesses import handler
from .test_walks import compiled, is_open, walked

DECLARED = '<message id="M" name="paid"/><signal id="Sig" name="flood"/>'
PAID = '<messageEventDefinition messageRef="M"/>'
FLOOD = '<signalEventDefinition signalRef="Sig"/>'
END = node("endEvent", "E")


def test_a_thrown_message_is_an_effect_of_kind_send() -> None:
    process = compiled(
        node("intermediateThrowEvent", "Tell", PAID),
        user("A"),
        END,
        chain("S", "Tell", "A", "E"),
        before=DECLARED,
    )
    begun = start(process, {})
    assert begun.effects == (Effect(1, "Tell", "", "send", {"message": "paid"}),)
    assert is_open(process, advance(process, begun.state, FinishEffect("Tell")).state) == ["A"]


def test_a_message_end_ends_when_its_message_is_sent() -> None:
    process = compiled(node("endEvent", "Told", PAID), chain("S", "Told"), before=DECLARED)
    begun = start(process, {})
    assert (begun.effects, begun.ended) == ((Effect(1, "Told", "", "send", {"message": "paid"}),), False)
    told = advance(process, begun.state, FinishEffect("Told"))
    assert (told.ended, told.end, told.passed) == (True, "Told", ("Told",))


@pytest.mark.parametrize("last", [False, True])
def test_a_thrown_signal_wakes_those_who_wait_in_the_case(last: bool) -> None:
    throw = node("endEvent" if last else "intermediateThrowEvent", "Alarm", FLOOD)
    process = compiled(
        node("parallelGateway", "F"),
        node("intermediateCatchEvent", "Heard", FLOOD),
        user("A", "B"),
        throw,
        END,
        chain("S", "F", "Heard", "B", "E"),
        chain("F", "A", "Alarm") if last else chain("F", "A", "Alarm", "E"),
        before=DECLARED,
    )
    at = walked(process, CompleteTask("A"))
    assert is_open(process, at.state) == ["B"]
    assert set(at.passed) == {"A", "Alarm", "Heard"} | (set() if last else {"E"})


def test_a_signal_nobody_waits_for_is_lost() -> None:
    process = compiled(node("endEvent", "Alarm", FLOOD), chain("S", "Alarm"), before=DECLARED)
    assert start(process, {}).ended


def test_a_signal_may_cancel_the_path_that_threw_it() -> None:
    process = compiled(
        user("A", "B"),
        node("intermediateThrowEvent", "Alarm", FLOOD),
        handler("H", FLOOD, "Handle"),
        END,
        chain("S", "A", "Alarm", "B", "E"),
        before=DECLARED,
    )
    assert is_open(process, walked(process, CompleteTask("A")).state) == ["Handle"]


def test_a_plain_throw_event_is_passed() -> None:
    process = compiled(node("intermediateThrowEvent", "Mark"), user("A"), END, chain("S", "Mark", "A", "E"))
    assert start(process, {}).passed == ("S", "Mark")


def test_a_link_leads_on_where_its_catch_stands() -> None:
    process = compiled(
        node("intermediateThrowEvent", "Out", '<linkEventDefinition name="page 2"/>'),
        node("intermediateCatchEvent", "In", '<linkEventDefinition name="page 2"/>'),
        user("A", "B"),
        END,
        chain("S", "A", "Out"),
        chain("In", "B", "E"),
    )
    at = walked(process, CompleteTask("A"))
    assert (is_open(process, at.state), at.passed) == (["B"], ("A", "Out", "In"))
