"""Boundary events and event sub-processes of every kind, walked by hand."""

from __future__ import annotations

import pytest

from .bpmn import bpmn, chain, node, timer, user
from .parts import DAY, DECLARED, END, MESSAGE, SIGNAL, many, sub
from .walking import task, walk

# Boundary events of every kind, on a task and on a sub-process, interrupting or not.

BORDER = {
    "message": (MESSAGE, {"message": "paid"}),
    "signal": (SIGNAL, {"signal": "flood"}),
    "timer": (DAY, {"timer": "On"}),
    "error": ('<errorEventDefinition errorRef="X1"/>', {"error": "E-1", "at": "Host"}),
}


@pytest.mark.parametrize("host", ["userTask", "manualTask", "receiveTask", "subProcess", "many"])
@pytest.mark.parametrize(
    ("about", "interrupting"),
    [
        (about, interrupting)
        for about in BORDER
        for interrupting in (True, False)
        if interrupting or about != "error"
    ],
)
def test_boundary_events(about: str, host: str, interrupting: bool) -> None:
    definition, step = BORDER[about]
    if host == "subProcess":
        drawn, inside = sub("Host", user("In"), chain("s_Host", "In", "e_Host")), ["In"]
    elif host == "many":
        drawn, inside = node("userTask", "Host", many("[1, 2]")), ["Host", "Host"]
    else:
        drawn, inside = (
            node(host, "Host", **({"messageRef": "M2"} if host == "receiveTask" else {})),
            ["Host"],
        )
    on = node(
        "boundaryEvent", "On", definition, attachedToRef="Host", cancelActivity=str(interrupting).lower()
    )
    source = bpmn(drawn, on, user("Aside", "Z"), END, chain("S", "Host", "Z", "E"), chain("On", "Aside", "E"),
                  before=DECLARED)  # fmt: skip
    assert walk(source, []).stands == ([], inside, False)
    assert walk(source, [step]).stands == (
        [],
        ["Aside"] if interrupting else sorted(["Aside", *inside]),
        False,
    )
    # Done in time, the event is heard no more.
    done = walk(source, inside)
    assert done.stands == (inside, ["Z"], False)
    assert walk(source, [*inside, step]).code == 1


@pytest.mark.parametrize("host", ["serviceTask", "sendTask", "businessRuleTask"])
def test_work_by_machine_may_fail_or_be_late_in_a_walk(host: str) -> None:
    source = bpmn(
        user("A", "Failed", "TooLate", "Z"), node(host, "V"), END,
        node("boundaryEvent", "Bad", '<errorEventDefinition errorRef="X1"/>', attachedToRef="V"),
        timer("T", "V"), timer("Soon", "V", interrupting=False), user("Ask"),
        chain("S", "A", "V", "Z", "E"), chain("Bad", "Failed", "E"), chain("T", "TooLate", "E"),
        chain("Soon", "Ask", "E"), before=DECLARED,
    )  # fmt: skip
    assert walk(source, ["A"]).stands == (["A"], ["Z"], False)
    assert walk(source, ["A", {"error": "E-1", "at": "V"}]).stands == (["A"], ["Failed"], False)
    assert walk(source, ["A", {"timer": "T"}]).stands == (["A"], ["TooLate"], False)
    assert walk(source, ["A", {"timer": "Soon"}]).stands == (["A"], ["Ask", "Z"], False)
    assert walk(source, ["A", {"error": "E-2", "at": "V"}]).code == 1


# Event sub-processes: what begins them, where they stand, whether they interrupt.


@pytest.mark.parametrize("interrupting", [True, False])
@pytest.mark.parametrize("where", ["process", "sub"])
@pytest.mark.parametrize("about", ["message", "signal", "timer", "error"])
def test_event_sub_processes(about: str, where: str, interrupting: bool) -> None:
    definition, step = BORDER[about]
    step = (
        {"timer": "hs"} if about == "timer" else {"error": "E-1", "at": "Work"} if about == "error" else step
    )
    begins = node("startEvent", "hs", definition, isInterrupting=str(interrupting).lower())
    inside = begins + user("Handle") + node("endEvent", "he") + chain("hs", "Handle", "he")
    handler = node("subProcess", "H", inside, triggeredByEvent="true")
    if where == "process":
        source = bpmn(user("Work", "Z"), handler, END, chain("S", "Work", "Z", "E"), before=DECLARED)
    else:
        around = sub("Sub", user("Work"), handler, chain("s_Sub", "Work", "e_Sub"))
        source = bpmn(around, user("Z"), END, chain("S", "Sub", "Z", "E"), before=DECLARED)
    stops = interrupting or about == "error"
    assert walk(source, [step]).stands == ([], ["Handle"] if stops else ["Handle", "Work"], False)
    handled = walk(source, [step, task("Handle", note=1)])
    if where == "process":
        expected = (["Handle"], [], True) if stops else (["Handle"], ["Work"], False)
    else:
        expected = (["Handle"], ["Z"] if stops else ["Work"], False)
    assert handled.stands == expected
    assert walk(source, [step, "Handle", step]).code == (1 if stops or about == "timer" else 0)
    ended = walk(source, ["Work", "Z"])
    assert ended.stands == (["Work", "Z"], [], True)
