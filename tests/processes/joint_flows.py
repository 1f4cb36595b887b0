"""Processes of gateways, events and sub-processes that both programs support, one idea each."""

from __future__ import annotations

from .bpmn import bpmn, chain, flow, node, timer, user
from .joint_parts import (
    DECLARED,
    FLOOD,
    PAID,
    STRIKE,
    TERMINATE,
    WEEK,
    WITHDRAWN,
    boundary,
    catch,
    choice,
    ends,
    error,
    gates,
    sub,
    throw,
)

TURNS = bpmn(
    user("A", "B", "C", "D"),
    gates("exclusive", "Merge"),
    choice("Which", "C", A="Ask == 'accept'", B="Ask == 'return'"),
    user("Ask"),
    choice("More", "D", Merge="C == 'return' or C == 'accept'"),
    ends("End"),
    chain("S", "Ask", "Which"),
    chain("A", "Merge", "End"),
    chain("B", "Merge"),
    chain("C", "More"),
    chain("D", "End"),
)

PAYING = bpmn(
    user("Bill", "Check"),
    catch("Wait", PAID),
    gates("exclusive", "Again"),
    choice("Good", "Again", Join="Check == 'accept'"),
    gates("parallel", "Split", "Join"),
    user("File"),
    ends("End"),
    chain("S", "Split", "Again", "Bill", "Wait", "Check", "Good"),
    chain("Split", "File", "Join", "End"),
    before=DECLARED,
)

ANY_NESTED = bpmn(
    user("Ask", "A", "A1", "A2", "B", "C", "Sum"),
    node("inclusiveGateway", "Split", default="Split_C"),
    gates("inclusive", "Join"),
    node("inclusiveGateway", "Split2", default="Split2_A2"),
    gates("inclusive", "Join2"),
    ends("End"),
    chain("S", "Ask", "Split", "C", "Join", "Sum", "End"),
    flow("a", "Split", "A", "Ask == 'accept' or Ask == 'return'"),
    flow("b", "Split", "B", "Ask != 'refuse'"),
    chain("A", "Split2", "A2", "Join2", "Join"),
    flow("a1", "Split2", "A1", "A != 'refuse'"),
    chain("A1", "Join2"),
    chain("B", "Join"),
)

ANY_UNSTRUCTURED = bpmn(
    # A parallel split whose ways come together in an inclusive join, one of them only perhaps.
    user("Short", "Long", "Longer", "Last", "Else"),
    gates("parallel", "Split"),
    gates("inclusive", "Join"),
    choice("Lost", "Join", Else="Longer == 'refuse'"),
    ends("End", "Away"),
    chain("S", "Split", "Short", "Join", "Last", "End"),
    chain("Split", "Long", "Longer", "Lost"),
    chain("Else", "Away"),
)

ANY_OF_EVENTS = bpmn(
    user("Ask", "Heard", "Done"),
    node("inclusiveGateway", "Split", default="Split_Join"),
    gates("inclusive", "Join"),
    catch("Wait", PAID),
    ends("End"),
    chain("S", "Ask", "Split", "Join", "Done", "End"),
    flow("w", "Split", "Wait", "Ask == 'accept'"),
    flow("t", "Split", "Heard", "Ask != 'refuse'"),
    chain("Wait", "Join"),
    chain("Heard", "Join"),
    before=DECLARED,
)

FIRST_EVENT = bpmn(
    user("Ask", "Issue", "Remind", "Rescue"),
    gates("exclusive", "Again"),
    gates("eventBased", "First"),
    catch("Paid", PAID),
    catch("Late", WEEK),
    catch("Flood", FLOOD),
    choice("Enough", "End", Again="Remind == 'return'"),
    ends("End"),
    chain("S", "Ask", "Again", "First", "Paid", "Issue", "End"),
    chain("First", "Late", "Remind", "Enough"),
    chain("First", "Flood", "Rescue", "End"),
    before=DECLARED,
)

TIMERS = bpmn(
    user("A", "B", "Tell"),
    gates("parallel", "Split", "Join"),
    catch("Wait", WEEK),
    catch("Wait2", WEEK),
    ends("End"),
    chain("S", "Split", "A", "Wait", "B", "Join", "Tell", "End"),
    chain("Split", "Wait2", "Join"),
)

INTERRUPTED = bpmn(
    user("Work", "Escalate", "Withdraw", "Alarm", "Sign"),
    gates("exclusive", "Merge"),
    timer("Late", "Work", "P3D"),
    boundary("Gone", "Work", WITHDRAWN),
    boundary("Water", "Work", FLOOD),
    ends("End", "Stopped"),
    chain("S", "Work", "Merge", "Sign", "End"),
    chain("Late", "Escalate", "Merge"),
    chain("Gone", "Withdraw", "Stopped"),
    chain("Water", "Alarm", "Stopped"),
    before=DECLARED,
)

ACCOMPANIED = bpmn(
    user("Work", "Answer", "Watch", "Remind", "Sign"),
    boundary("Asked", "Work", PAID, interrupting=False),
    boundary("Water", "Work", FLOOD, interrupting=False),
    timer("Soon", "Work", "P1D", interrupting=False),
    ends("End", "Told"),
    chain("S", "Work", "Sign", "End"),
    chain("Asked", "Answer", "Told"),
    chain("Water", "Watch", "Told"),
    chain("Soon", "Remind", "Told"),
    before=DECLARED,
)

DEEP = bpmn(
    user("A", "Z"),
    sub(
        "Outer",
        user("B", "C"),
        gates("parallel", "F", "J"),
        sub(
            "Inner",
            user("D", "E"),
            choice("Turn", "e_Inner", E="D == 'return'"),
            chain("s_Inner", "D", "Turn"),
            chain("E", "e_Inner"),
        ),
        chain("s_Outer", "F", "B", "J", "C", "e_Outer"),
        chain("F", "Inner", "J"),
    ),
    ends("End"),
    chain("S", "A", "Outer", "Z", "End"),
)

GUARDED = bpmn(
    user("A", "Late", "Saved", "Z"),
    sub(
        "Visit",
        user("Go", "Photo", "Report"),
        gates("parallel", "F", "J"),
        chain("s_Visit", "F", "Go", "J", "Report", "e_Visit"),
        chain("F", "Photo", "J"),
    ),
    timer("T", "Visit", "P3D"),
    boundary("Water", "Visit", FLOOD),
    ends("End"),
    chain("S", "A", "Visit", "Z", "End"),
    chain("T", "Late", "End"),
    chain("Water", "Saved", "End"),
    before=DECLARED,
)

FAILING = bpmn(
    user("Fix", "Other", "Fine"),
    sub(
        "Sub",
        user("A"),
        choice("Which", "e_Sub", One="A == 'return'", Two="A == 'refuse'"),
        node("endEvent", "One", error("X1")),
        node("endEvent", "Two", error("X2")),
        chain("s_Sub", "A", "Which"),
    ),
    boundary("Exact", "Sub", error("X1")),
    boundary("Large", "Sub", error("X2")),
    gates("exclusive", "Merge"),
    ends("End"),
    chain("S", "Sub", "Fine", "Merge", "End"),
    chain("Exact", "Fix", "Merge"),
    chain("Large", "Other", "Merge"),
    before=DECLARED,
)

STOPPED_INSIDE = bpmn(
    user("C"),
    sub(
        "Sub",
        user("A", "B"),
        gates("parallel", "F"),
        node("endEvent", "Stop", TERMINATE),
        choice("Turn", "e_Sub", Stop="A == 'refuse'"),
        chain("s_Sub", "F", "A", "Turn"),
        chain("F", "B", "e_Sub"),
    ),
    ends("End"),
    chain("S", "Sub", "C", "End"),
)

SIGNALS = bpmn(
    user("A", "B", "C", "D"),
    gates("parallel", "Split"),
    catch("Heard", FLOOD),
    catch("Heard2", FLOOD),
    catch("Deaf", STRIKE),
    throw("Alarm", FLOOD),
    ends("End1", "End2", "End3", "End4"),
    chain("S", "Split", "A", "Alarm", "End1"),
    chain("Split", "Heard", "B", "End2"),
    chain("Split", "Heard2", "C", "End3"),
    chain("Split", "Deaf", "D", "End4"),
    before=DECLARED,
)

SENDING = bpmn(
    user("A", "B"),
    node("sendTask", "Post", messageRef="M"),
    node("serviceTask", "Push"),
    node("receiveTask", "Answered", messageRef="M2"),
    throw("Tell", PAID),
    node("endEvent", "Told", PAID),
    chain("S", "A", "Post", "Push", "Answered", "B", "Tell", "Told"),
    before=DECLARED,
)

POOLS = bpmn(
    '<laneSet id="L"><lane id="Desk" name="Desk"><flowNodeRef>S</flowNodeRef><flowNodeRef>Take</flowNodeRef></lane>'
    '<lane id="Head" name="Head"><flowNodeRef>Sign</flowNodeRef><flowNodeRef>G</flowNodeRef></lane></laneSet>',
    user("Sign"),
    node("manualTask", "Take"),
    gates("exclusive", "Again"),
    choice("G", "End", Again="Sign == 'return'"),
    ends("End"),
    chain("S", "Again", "Take", "Sign", "G"),
    before='<collaboration id="Both"><participant id="Pool" name="Office" processRef="P"/>'
    '<participant id="Citizen" name="Citizen"/></collaboration>',
)

HANDLED = bpmn(
    user("A", "B"),
    node(
        "subProcess",
        "H",
        node("startEvent", "s_H", PAID, isInterrupting="false")
        + user("Note")
        + ends("e_H")
        + chain("s_H", "Note", "e_H"),
        triggeredByEvent="true",
    ),
    ends("End"),
    chain("S", "A", "B", "End"),
    before=DECLARED,
)
