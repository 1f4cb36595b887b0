"""Where a case begins, and what it waits for first: walked by hand."""

from __future__ import annotations

import pytest

from pendapa.processes import (
    CompleteTask,
    ProcessRefused,
    ReceiveMessage,
    StepImpossible,
    advance,
    load_process,
    open_tasks,
    start,
)

from .bpmn import bpmn, chain, node, timer, user
from .parts import DAY, DECLARED, END, MESSAGE, SIGNAL, WEEK, catch, many
from .walking import task, walk

# Start events: one plain, others by message, timer, signal.

STARTS = bpmn(
    node("startEvent", "ByMessage", MESSAGE),
    node("startEvent", "ByTimer", WEEK),
    node("startEvent", "BySignal", SIGNAL),
    node("exclusiveGateway", "Merge"),
    user("Plain", "Paid", "Weekly", "Flooded", "Close"),
    END,
    chain("S", "Plain", "Merge", "Close", "E"),
    chain("ByMessage", "Paid", "Merge"),
    chain("ByTimer", "Weekly", "Merge"),
    chain("BySignal", "Flooded", "Merge"),
    before=DECLARED,
)
ONLY_EVENTS = STARTS.replace(b'<startEvent id="S"/>', b"").replace(
    b'<sequenceFlow id="S_Plain" sourceRef="S" targetRef="Plain"></sequenceFlow>',
    b'<sequenceFlow id="x" sourceRef="Paid" targetRef="Plain"></sequenceFlow>',
)


@pytest.mark.parametrize(
    ("first", "opened"),
    [
        (None, "Plain"),
        ({"message": "paid", "set": {"sum": 5}}, "Paid"),
        ({"timer": "ByTimer"}, "Weekly"),
        ({"signal": "flood"}, "Flooded"),
    ],
)
def test_the_first_step_may_name_a_start_event(first: dict[str, object] | None, opened: str) -> None:
    steps = [] if first is None else [first]
    found = walk(STARTS, steps)
    assert found.stands == ([], [opened], False)
    assert found.variables == ({"sum": 5} if opened == "Paid" else {})
    assert walk(STARTS, [*steps, opened, "Close"]).stands == ([opened, "Close"], [], True)


def test_a_process_without_a_plain_start_begins_where_it_is_told() -> None:
    assert walk(ONLY_EVENTS, [{"signal": "flood"}]).stands == ([], ["Flooded"], False)
    nowhere = walk(ONLY_EVENTS, ["Paid"])
    assert nowhere.code == 1
    assert "no plain start event. Begin it at one of: ByMessage, ByTimer, BySignal." in nowhere.said
    process = load_process(ONLY_EVENTS, name="starts.bpmn")
    assert (process.start, process.starts) == ("", ("ByMessage", "ByTimer", "BySignal"))
    begun = start(process, {"sum": 5}, "ByTimer")
    assert [t.element for t in begun.opened] == ["Weekly"]
    with pytest.raises(StepImpossible, match='no start event "Gone"'):
        start(process, {}, "Gone")


def test_two_plain_starts_are_refused_and_a_join_of_two_starts_can_never_fill() -> None:
    two = bpmn(node("startEvent", "S2"), user("A"), END, chain("S", "A", "E"), chain("S2", "A"))
    with pytest.raises(ProcessRefused, match="2 plain start events: S, S2"):
        load_process(two, name="two.bpmn")
    joined = bpmn(
        node("startEvent", "S2", MESSAGE), node("parallelGateway", "J"), user("A"), END,
        chain("S", "J", "A", "E"), chain("S2", "J"), before=DECLARED,
    )  # fmt: skip
    with pytest.raises(ProcessRefused, match="This parallel join can never fill"):
        load_process(joined, name="joined.bpmn")


# Receive tasks behind an event-based gateway.

FIRST = bpmn(
    node("eventBasedGateway", "First"),
    node("receiveTask", "Pay", name="Wait for payment", messageRef="M"),
    node("receiveTask", "Leave", messageRef="M2"),
    catch("Later", DAY),
    user("Issue", "Archive", "Remind"),
    END,
    chain("S", "First", "Pay", "Issue", "E"),
    chain("First", "Leave", "Archive", "E"),
    chain("First", "Later", "Remind", "E"),
    before=DECLARED,
)


def test_a_receive_task_behind_an_event_based_gateway() -> None:
    assert walk(FIRST, []).stands == ([], ["Leave", "Pay"], False)
    paid = walk(FIRST, [{"message": "paid", "set": {"sum": 5}}])
    assert (paid.stands, paid.variables) == ((["Pay"], ["Issue"], False), {"sum": 5})
    assert walk(FIRST, [task("Leave", why="moved")]).stands == (["Leave"], ["Archive"], False)
    assert walk(FIRST, [{"timer": "Later"}]).stands == ([], ["Remind"], False)
    assert walk(FIRST, [{"timer": "Later"}, {"message": "paid"}]).code == 1


def test_the_receive_tasks_behind_a_gateway_have_numbers_of_their_own() -> None:
    process = load_process(FIRST, name="first.bpmn")
    begun = start(process, {})
    # Instances: the token at the gateway 1, Pay 2, Leave 3, the timer 4.
    assert [(t.element, t.instance) for t in begun.opened] == [("Pay", 2), ("Leave", 3)]
    assert begun.opened == open_tasks(process, begun.state)
    assert [t.instance for t in begun.timers] == [4]
    for step in (ReceiveMessage("paid"), CompleteTask("Pay", 2)):
        paid = advance(process, begun.state, step)
        assert [(c.element, c.instance, c.how) for c in paid.closed] == [
            ("Pay", 2, "done"),
            ("Leave", 3, "cancelled"),
        ]
        assert (paid.timers_gone, [t.element for t in paid.opened]) == ((4,), ["Issue"])
        assert paid.passed == ("First", "Pay")
    with pytest.raises(StepImpossible):
        advance(process, begun.state, CompleteTask("Pay", 3))


@pytest.mark.parametrize(
    ("receive", "words"),
    [
        (node("receiveTask", "Pay"), "Pay, which waits for no event"),
        (node("receiveTask", "Pay", messageRef="M") + timer("T", "Pay") + chain("T", "E"), "events on its border"),
        (node("receiveTask", "Pay", many("xs"), messageRef="M"), "done more than once"),
    ],
)  # fmt: skip
def test_a_receive_task_behind_a_gateway_waits_for_one_message(receive: str, words: str) -> None:
    source = bpmn(
        node("eventBasedGateway", "First"), receive, catch("Later", DAY), END,
        chain("S", "First", "Pay", "E"), chain("First", "Later", "E"), before=DECLARED,
    )  # fmt: skip
    with pytest.raises(ProcessRefused, match=words):
        load_process(source, name="first.bpmn")
