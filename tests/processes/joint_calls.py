"""Processes that call others, and activities with a loop marker."""

from __future__ import annotations

from .bpmn import bpmn, chain, node, timer, user
from .joint_data import LIST
from .joint_parts import choice, each, ends, gates, sub


def called(*parts: str) -> bytes:
    """A process Q with start event s_Q."""
    source = bpmn(*parts).replace(b'id="P"', b'id="Q"').replace(b'id="S"', b'id="s_Q"')
    return source.replace(b'sourceRef="S"', b'sourceRef="s_Q"').replace(b'"S_', b'"s_Q_')


def call(id_: str, marker: str = "") -> str:
    return node("callActivity", id_, marker, calledElement="Q")


VISIT = called(
    user("Visit", "Report", "Again"),
    choice("Turn", "Report", Again="Visit == 'return'"),
    ends("e_Q"),
    chain("S", "Visit", "Turn"),
    chain("Again", "Report", "e_Q"),
)
NARROW = VISIT.replace(
    b'<startEvent id="s_Q"/>',
    b'<ioSpecification><dataInput id="area" name="area"/><dataOutput id="Report_said" name="Report_said"/>'
    b"<inputSet><dataInputRefs>area</dataInputRefs></inputSet>"
    b"<outputSet><dataOutputRefs>Report_said</dataOutputRefs></outputSet></ioSpecification>"
    b'<startEvent id="s_Q"/>',
).replace(b"Visit == 'return'", b"Visit_said == 'return' and area > 4")

SIDE_BY_SIDE = bpmn(
    user("A", "Z", "Late"),
    gates("parallel", "F", "J"),
    gates("exclusive", "Merge"),
    call("One"),
    call("Two"),
    timer("T", "Two"),
    ends("End"),
    chain("S", "A", "F", "One", "J", "Z", "End"),
    chain("F", "Two", "Merge", "J"),
    chain("T", "Late", "Merge"),
)
HANDED = bpmn(user("Ask", "Z"), call("One"), ends("End"), chain("S", "Ask", "One", "Z", "End"))
FOR_EACH = bpmn(call("One", each(LIST)), user("Z"), ends("End"), chain("S", "One", "Z", "End"))
IN_TURN = bpmn(
    call("One", each(LIST, sequential=True)), user("Z"), ends("End"), chain("S", "One", "Z", "End")
)


def marker(condition: str, *, before: bool = False, most: str = "") -> str:
    inner = f'<loopCondition xsi:type="tFormalExpression">{condition}</loopCondition>'
    limit = f' loopMaximum="{most}"' if most else ""
    before_ = str(before).lower()
    return f'<standardLoopCharacteristics testBefore="{before_}"{limit}>{inner}</standardLoopCharacteristics>'


def looped(activity: str, id_: str) -> bytes:
    return bpmn(user("Ask", "Z"), activity, ends("End"), chain("S", "Ask", id_, "Z", "End"))


WHILE = looped(node("userTask", "Work", marker("Work == 'return'")), "Work")
AT_MOST = looped(node("userTask", "Work", marker("Work == 'return'", most="3")), "Work")
PERHAPS = looped(node("userTask", "Work", marker("Ask == 'return'", before=True, most="4")), "Work")
ROUND = looped(
    sub("U", user("A", "B"), chain("s_U", "A", "B", "e_U"), marker("B == 'return'", most="4")), "U"
)
