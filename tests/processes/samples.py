"""Processes with the turns that matter, for random walks: each user task sets a variable of its own name."""

from __future__ import annotations

from .bpmn import bpmn, chain, flow, node, timer, user
from .parts import DAY, DECLARED, END, SIGNAL, again, catch, many, sub

VALUES = ("accept", "return", "refuse")

CORRECTION = bpmn(
    user("Check", "Correct", "Sign"),
    node("exclusiveGateway", "Complete", default="f_back"),
    node("exclusiveGateway", "Again"),
    node("exclusiveGateway", "Signed", default="Signed_Again"),
    node("endEvent", "Issued"),
    node("endEvent", "Refused"),
    chain("S", "Again", "Check", "Complete"),
    flow("f_sign", "Complete", "Sign", "Check == 'accept'"),
    flow("f_refuse", "Complete", "Refused", "Check == 'refuse'"),
    flow("f_back", "Complete", "Correct"),
    chain("Correct", "Again"),
    chain("Sign", "Signed"),
    flow("f_issue", "Signed", "Issued", "Sign == 'accept'"),
    chain("Signed", "Again"),
)

PARALLEL = bpmn(
    user("Credits", "Place", "Fee", "Decide", "Tell"),
    node("parallelGateway", "Split"),
    node("parallelGateway", "Join"),
    node("exclusiveGateway", "Good", default="Good_End"),
    node("endEvent", "End"),
    chain("S", "Split", "Credits", "Join", "Decide", "Good", "End"),
    chain("Split", "Place", "Join"),
    chain("Split", "Fee", "Join"),
    flow("tell", "Good", "Tell", "Decide == 'return'"),
    chain("Tell", "End"),
)

ROUNDS = bpmn(
    user("Credits", "Place", "Fee", "Decide"),
    node("parallelGateway", "Split"),
    node("parallelGateway", "Join"),
    node("exclusiveGateway", "Good", default="Good_End"),
    node("endEvent", "End"),
    node("exclusiveGateway", "Again"),
    chain("S", "Again", "Split", "Credits", "Join", "Decide", "Good", "End"),
    chain("Split", "Place", "Join"),
    chain("Split", "Fee", "Join"),
    flow("again", "Good", "Again", "Decide == 'return'"),
)

NESTED = bpmn(
    user("A", "B", "C", "D"),
    node("task", "Note"),
    node("parallelGateway", "Split1"),
    node("parallelGateway", "Split2"),
    node("parallelGateway", "Join2"),
    node("parallelGateway", "Join1"),
    node("exclusiveGateway", "Turn", default="Turn_Note"),
    node("exclusiveGateway", "Merge"),
    node("exclusiveGateway", "MergeA"),
    node("endEvent", "End"),
    chain("S", "Split1", "MergeA", "A", "Turn", "Note", "Merge", "Join1", "End"),
    flow("redo", "Turn", "MergeA", "A == 'return'"),
    flow("skip", "Turn", "Merge", "A == 'refuse'"),
    chain("Split1", "Split2", "B", "Join2", "D", "Join1"),
    chain("Split2", "C", "Join2"),
)

TWO_ENDS = bpmn(
    user("A", "B", "C"),
    node("parallelGateway", "Split"),
    node("endEvent", "EndA"),
    node("endEvent", "EndB"),
    node("exclusiveGateway", "Turn", default="Turn_EndB"),
    chain("S", "Split", "A", "EndA"),
    chain("Split", "B", "Turn", "EndB"),
    flow("more", "Turn", "C", "B == 'accept'"),
    chain("C", "Turn2"),
    node("exclusiveGateway", "Turn2", default="Turn2_EndB"),
    flow("loop", "Turn2", "B", "C == 'return'"),
    chain("Turn2", "EndB"),
)

STOPPED = bpmn(
    user("A", "B"),
    node("parallelGateway", "Split"),
    node("endEvent", "End"),
    node("endEvent", "Stop", "<terminateEventDefinition/>"),
    node("exclusiveGateway", "Turn", default="Turn_End"),
    chain("S", "Split", "A", "Turn", "End"),
    chain("Split", "B", "End"),
    flow("halt", "Turn", "Stop", "A == 'refuse'"),
)

TIMED = bpmn(
    user("Work", "Remind", "Escalate", "Sign"),
    node("parallelGateway", "Split"),
    node("parallelGateway", "Join"),
    node("exclusiveGateway", "Merge"),
    node("serviceTask", "Push"),
    node("endEvent", "End"),
    node("endEvent", "Told"),
    node("intermediateCatchEvent", "Wait", '<messageEventDefinition messageRef="M"/>'),
    timer("Late", "Work", "P3D"),
    timer("Soon", "Work", "R2/P1D", interrupting=False, kind="timeCycle"),
    chain("S", "Split", "Work", "Merge", "Join", "Push", "Sign", "End"),
    chain("Late", "Escalate", "Merge"),
    chain("Soon", "Remind", "Told"),
    chain("Split", "Wait", "Join"),
    before='<message id="M" name="paid"/>',
)

ANY_OF = bpmn(
    user("A", "B", "C", "D"),
    node("inclusiveGateway", "Split", default="Split_C"),
    node("inclusiveGateway", "Join"),
    node("endEvent", "End"),
    chain("S", "D", "Split", "C", "Join", "End"),
    flow("a", "Split", "A", "D == 'accept' or D == 'refuse'"),
    flow("b", "Split", "B", "D == 'accept' or D == 'return'"),
    chain("A", "Join"),
    chain("B", "Join"),
)

INSIDE = bpmn(
    user("A", "Z"),
    node(
        "subProcess",
        "Sub",
        node("startEvent", "s2")
        + user("B", "C")
        + node("parallelGateway", "F")
        + node("endEvent", "e2")
        + node("endEvent", "e3")
        + chain("s2", "F", "B", "e2")
        + chain("F", "C", "e3"),
    ),
    node("endEvent", "End"),
    chain("S", "A", "Sub", "Z", "End"),
)

CALLED = bpmn(
    user("A", "Late"),
    node("callActivity", "C", many("[1, 2]", "x"), calledElement="Other"),
    node("callActivity", "D", again(loopMaximum="2"), calledElement="Other"),
    timer("T", "C"),
    END,
    chain("S", "A", "C", "D", "E"),
    chain("T", "Late", "E"),
    before=DECLARED,
    after=node(
        "process",
        "Other",
        node("startEvent", "os")
        + user("In", "Out")
        + node("eventBasedGateway", "First")
        + node("receiveTask", "Pay", messageRef="M")
        + catch("Wait", DAY)
        + node("exclusiveGateway", "J")
        + node("endEvent", "oe")
        + chain("os", "In", "First", "Pay", "J", "Out", "oe")
        + chain("First", "Wait", "J"),
    ),
)

LISTS = bpmn(
    sub(
        "Outer",
        many("[1, 2]", "x"),
        sub("Inner", many("[3, 4]", "y", sequential=True, until="B = 'refuse'"), user("B"),
            chain("s_Inner", "B", "e_Inner")),
        node("manualTask", "M1", again("M1 = 'return'", loopMaximum="3")),
        chain("s_Outer", "Inner", "M1", "e_Outer"),
    ),
    user("Z"),
    node("subProcess", "H", node("startEvent", "hs", SIGNAL, isInterrupting="false") + user("Side")
         + node("endEvent", "he") + chain("hs", "Side", "he"), triggeredByEvent="true"),
    END,
    timer("T", "Outer", "R2/P1D", interrupting=False, kind="timeCycle"),
    user("Remind"),
    chain("S", "Outer", "Z", "E"),
    chain("T", "Remind", "E"),
    before=DECLARED,
)  # fmt: skip

SHARED_WITH_SPIFF = {
    "any of": ANY_OF,
    "inside": INSIDE,
    "correction": CORRECTION,
    "parallel": PARALLEL,
    "nested": NESTED,
    "two ends": TWO_ENDS,
    "stopped": STOPPED,
}
ALL = {**SHARED_WITH_SPIFF, "timed": TIMED, "rounds": ROUNDS, "called": CALLED, "lists": LISTS}
