"""Sub-processes, event sub-processes and errors, walked by hand."""

from __future__ import annotations

import pytest

from pendapa.processes import (
    CompleteTask,
    FireTimer,
    Process,
    RaiseError,
    RaiseSignal,
    ReceiveMessage,
    State,
    Step,
    StepImpossible,
    advance,
    load_process,
)

from .bpmn import bpmn, chain, flow, node, timer, user
from .test_walks import compiled, is_open, walked

DECLARED = (
    '<message id="M" name="withdrawn"/><signal id="Sig" name="flood"/>'
    '<error id="X1" errorCode="E-1"/><error id="X2" errorCode="E-2"/>'
)
END = node("endEvent", "E")


def sub(id_: str, *parts: str, **attributes: str) -> str:
    """A sub-process with start s_ID and end e_ID; the caller draws the flows."""
    inside = node("startEvent", f"s_{id_}") + node("endEvent", f"e_{id_}") + "".join(parts)
    return node("subProcess", id_, inside, **attributes)


def handler(id_: str, definition: str, task: str, *, interrupting: bool = True) -> str:
    """An event sub-process with one task."""
    inside = node("startEvent", f"s_{id_}", definition, isInterrupting=str(interrupting).lower())
    inside += user(task) + node("endEvent", f"e_{id_}") + chain(f"s_{id_}", task, f"e_{id_}")
    return node("subProcess", id_, inside, triggeredByEvent="true")


def error(id_: str, reference: str = "") -> str:
    return node("endEvent", id_, f'<errorEventDefinition errorRef="{reference}"/>')


def boundary(id_: str, host: str, definition: str) -> str:
    return node("boundaryEvent", id_, definition, attachedToRef=host)


SURVEY = compiled(
    user("Ask", "Decide", "Late"),
    sub(
        "Visit",
        user("Go", "Photo", "Report"),
        node("parallelGateway", "F"),
        node("parallelGateway", "J"),
        chain("s_Visit", "F", "Go", "J", "Report", "e_Visit"),
        chain("F", "Photo", "J"),
    ),
    timer("T", "Visit", "P3D"),
    END,
    chain("S", "Ask", "Visit", "Decide", "E"),
    chain("T", "Late", "E"),
)


def test_a_sub_process_completes_when_its_last_path_ends() -> None:
    inside = walked(SURVEY, CompleteTask("Ask"))
    assert is_open(SURVEY, inside.state) == ["Go", "Photo"]
    # instances: Ask 1, Visit 2, its timer 3, Go 4, Photo 5
    assert [(t.id, t.element, t.scope, t.waiting) for t in inside.state.tokens] == [
        (2, "Visit", None, "scope"),
        (4, "Go", 2, "task"),
        (5, "Photo", 2, "task"),
    ]
    out = inside
    for task in ("Go", "Photo", "Report"):
        out = advance(SURVEY, out.state, CompleteTask(task))
    assert is_open(SURVEY, out.state) == ["Decide"]
    assert (out.timers_gone, out.passed) == ((3,), ("Report", "e_Visit", "Visit"))


def test_an_interrupting_timer_cancels_all_inside() -> None:
    late = walked(SURVEY, CompleteTask("Ask"), CompleteTask("Go"), FireTimer("T"))
    assert is_open(SURVEY, late.state) == ["Late"]
    assert [(c.element, c.how) for c in late.closed] == [("Photo", "cancelled")]
    assert [t.element for t in late.state.tokens] == ["Late"]


def test_what_is_set_inside_reaches_the_parent_when_the_sub_process_completes() -> None:
    steps = (CompleteTask("Ask", None, {"n": 1, "m": 1}), CompleteTask("Go", None, {"n": 2}))
    inside = walked(SURVEY, *steps)
    assert inside.state.variables == {"n": 1, "m": 1}
    # Over storage and back: the pending value goes with the token.
    stored = State.from_json(inside.state.to_json())
    done = advance(SURVEY, advance(SURVEY, stored, CompleteTask("Photo")).state, CompleteTask("Report"))
    assert done.state.variables == {"n": 2, "m": 1}
    # Cancelled, it leaves nothing behind.
    assert advance(SURVEY, stored, FireTimer("T")).state.variables == {"n": 1, "m": 1}


def test_conditions_inside_read_what_was_set_inside() -> None:
    process = compiled(
        sub(
            "Sub",
            user("A", "B"),
            node("exclusiveGateway", "G", default="G_e_Sub"),
            chain("s_Sub", "A", "G", "e_Sub"),
            flow("more", "G", "B", "x = 2 and y = 1"),
            chain("B", "e_Sub"),
        ),
        END,
        chain("S", "Sub", "E"),
    )
    assert is_open(process, walked(process, CompleteTask("A", None, {"x": 2}), y=1).state) == ["B"]


def test_a_terminate_end_inside_ends_the_sub_process_alone() -> None:
    process = compiled(
        sub(
            "Sub",
            user("A", "B"),
            node("parallelGateway", "F"),
            node("endEvent", "Stop", "<terminateEventDefinition/>"),
            chain("s_Sub", "F", "A", "Stop"),
            chain("F", "B", "e_Sub"),
        ),
        user("C"),
        END,
        chain("S", "Sub", "C", "E"),
    )
    at = walked(process, CompleteTask("A"))
    assert is_open(process, at.state) == ["C"]
    assert [(c.element, c.how) for c in at.closed] == [("A", "done"), ("B", "cancelled")]
    assert not at.ended


FAILING = compiled(
    sub(
        "Sub",
        user("A"),
        node("exclusiveGateway", "G", default="G_e_Sub"),
        error("One", "X1"),
        error("Two", "X2"),
        chain("s_Sub", "A", "G", "e_Sub"),
        flow("one", "G", "One", "code = 1"),
        flow("two", "G", "Two", "code = 2"),
    ),
    boundary("Exact", "Sub", '<errorEventDefinition errorRef="X1"/>'),
    boundary("Any", "Sub", "<errorEventDefinition/>"),
    user("Fix", "Other", "Fine"),
    END,
    chain("S", "Sub", "Fine", "E"),
    chain("Exact", "Fix", "E"),
    chain("Any", "Other", "E"),
    before=DECLARED,
)


@pytest.mark.parametrize(("code", "task"), [(1, "Fix"), (2, "Other"), (3, "Fine")])
def test_an_error_end_is_caught_on_the_border(code: int, task: str) -> None:
    assert is_open(FAILING, walked(FAILING, CompleteTask("A", None, {"code": code})).state) == [task]


def test_an_error_the_caller_reports_is_caught_alike() -> None:
    assert is_open(FAILING, walked(FAILING, RaiseError("E-1", "A")).state) == ["Fix"]
    assert is_open(FAILING, walked(FAILING, RaiseError("E-9", "Sub")).state) == ["Other"]
    with pytest.raises(StepImpossible, match=r"no work is going on there.*Open: task A"):
        walked(FAILING, RaiseError("E-1", "Fix"))


def test_an_error_nobody_catches_ends_the_case() -> None:
    process = compiled(
        user("A", "B"),
        node("parallelGateway", "F"),
        error("X"),
        END,
        chain("S", "F", "A", "X"),
        chain("F", "B", "E"),
    )
    at = walked(process, CompleteTask("A"))
    assert (at.ended, at.end, [c.element for c in at.closed]) == (True, "X", ["A", "B"])


DEFINITIONS = {
    "message": ('<messageEventDefinition messageRef="M"/>', ReceiveMessage("withdrawn")),
    "signal": ('<signalEventDefinition signalRef="Sig"/>', RaiseSignal("flood")),
    "timer": ("<timerEventDefinition><timeCycle>R2/P1D</timeCycle></timerEventDefinition>", FireTimer("s_H")),
}


def handled(definition: str, *, interrupting: bool, inside: bool) -> Process:
    event = handler("H", definition, "Handle", interrupting=interrupting)
    if inside:
        parts = (
            sub("Sub", user("A"), event, chain("s_Sub", "A", "e_Sub")),
            user("B"),
            chain("S", "Sub", "B", "E"),
        )
    else:
        parts = (user("A", "B"), event, chain("S", "A", "B", "E"))
    return load_process(bpmn(*parts, END, before=DECLARED), name="test.bpmn")


@pytest.mark.parametrize("kind", DEFINITIONS)
def test_an_interrupting_event_sub_process_of_the_process(kind: str) -> None:
    definition, step = DEFINITIONS[kind]
    process = handled(definition, interrupting=True, inside=False)
    at = walked(process, step)
    assert is_open(process, at.state) == ["Handle"]
    ended = advance(process, at.state, CompleteTask("Handle"))
    assert (ended.ended, ended.end) == (True, "e_H")


@pytest.mark.parametrize("kind", DEFINITIONS)
def test_an_event_sub_process_beside_the_work(kind: str) -> None:
    definition, step = DEFINITIONS[kind]
    process = handled(definition, interrupting=False, inside=True)
    at = walked(process, step, step)
    assert is_open(process, at.state) == ["A", "Handle", "Handle"]
    for task in ("A", "Handle"):
        at = advance(process, at.state, CompleteTask(task))
    # One of the two is still at work, so the sub-process is not complete.
    assert is_open(process, at.state) == ["Handle"]
    at = advance(process, at.state, CompleteTask("Handle"))
    assert is_open(process, at.state) == ["B"]
    with pytest.raises(StepImpossible):
        advance(process, at.state, step)


def test_an_event_sub_process_that_never_came_does_not_keep_the_case_open() -> None:
    definition: str = DEFINITIONS["timer"][0]
    process = handled(definition, interrupting=True, inside=False)
    steps: tuple[Step, ...] = (CompleteTask("A"), CompleteTask("B"))
    at = walked(process, *steps)
    assert (at.ended, at.state.tokens, at.timers_gone) == (True, (), (2,))


def test_an_event_sub_process_catches_an_error_before_the_border_does() -> None:
    process = compiled(
        sub(
            "Sub",
            user("A"),
            handler("H", '<errorEventDefinition errorRef="X1"/>', "Handle"),
            chain("s_Sub", "A", "e_Sub"),
        ),
        boundary("Any", "Sub", "<errorEventDefinition/>"),
        user("B", "C"),
        END,
        chain("S", "Sub", "B", "E"),
        chain("Any", "C", "E"),
        before=DECLARED,
    )
    caught = walked(process, RaiseError("E-1", "A"))
    assert is_open(process, caught.state) == ["Handle"]
    assert is_open(process, advance(process, caught.state, CompleteTask("Handle")).state) == ["B"]
    # An error in the handling itself goes on to the border.
    assert is_open(process, advance(process, caught.state, RaiseError("E-1", "Handle")).state) == ["C"]
    assert is_open(process, walked(process, RaiseError("E-2", "A")).state) == ["C"]
