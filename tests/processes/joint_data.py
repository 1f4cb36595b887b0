"""Processes in which data matters: multi-instance work, decision tables, message keys."""

from __future__ import annotations

from .bpmn import bpmn, chain, node, timer, user
from .dmn import dmn, table
from .joint_parts import DECLARED, LIST, WITHDRAWN, boundary, catch, choice, each, ends, gates, sub, throw

EACH = bpmn(
    node("userTask", "Vote", each()),
    user("Sum"),
    ends("End"),
    chain("S", "Vote", "Sum", "End"),
)
EACH_UNTIL = bpmn(
    node("userTask", "Vote", each(until="Vote == 'refuse'")),
    user("Sum"),
    ends("End"),
    chain("S", "Vote", "Sum", "End"),
)
ONE_BY_ONE = bpmn(
    node("userTask", "Vote", each(sequential=True, until="Vote == 'refuse'", inner=LIST)),
    user("Sum"),
    ends("End"),
    chain("S", "Vote", "Sum", "End"),
)
TIMES = bpmn(
    node("userTask", "Vote", each("<loopCardinality>3</loopCardinality>")),
    node("userTask", "Count", each("<loopCardinality>2</loopCardinality>", sequential=True)),
    ends("End"),
    chain("S", "Vote", "Count", "End"),
)


def visits(*, sequential: bool, until: str = "") -> bytes:
    return bpmn(
        sub(
            "Visit",
            user("Go", "Redo", "Report"),
            choice("Turn", "Report", Redo="Go == 'return'"),
            chain("s_Visit", "Go", "Turn"),
            chain("Redo", "Report", "e_Visit"),
            each(LIST if sequential else "", sequential=sequential, until=until),
        ),
        user("Sum"),
        ends("End"),
        chain("S", "Visit", "Sum", "End"),
    )


GROWN = bpmn(
    sub(
        "Each",
        user("Sign"),
        choice("G", "e_Each", Sign="age >= 17"),
        chain("s_Each", "G"),
        chain("Sign", "e_Each"),
        each('<loopDataInputRef>ages</loopDataInputRef><inputDataItem id="age" name="age"/>'),
    ),
    user("Sum"),
    ends("End"),
    chain("S", "Each", "Sum", "End"),
)

GUARDED_EACH = bpmn(
    node("userTask", "Vote", each()),
    timer("T", "Vote"),
    boundary("Gone", "Vote", WITHDRAWN),
    user("Sum", "Late", "Stop"),
    ends("End"),
    chain("S", "Vote", "Sum", "End"),
    chain("T", "Late", "End"),
    chain("Gone", "Stop", "End"),
    before=DECLARED,
)

CAMUNDA = 'xmlns:camunda="http://camunda.org/schema/1.0/bpmn" camunda:decisionRef="{}"'


def ruled(*parts: str) -> bytes:
    rule = node("businessRuleTask", "Rule").replace(
        "<businessRuleTask", f"<businessRuleTask {CAMUNDA.format('Fee')}"
    )
    return bpmn(rule, *parts)


FEE = dmn(
    table(
        "Fee",
        ["Ask", "area"],
        ["fee", "way"],
        ["'accept'", "> 200", "90", "'long'"],
        ["'accept'", "<= 200", "20", "'short'"],
        ["'return'", "-", "10", "'long'"],
        ["'refuse'", "-", "0", "'short'"],
    )
)
PAPERS = dmn(
    table(
        "Fee",
        ["Ask", "area"],
        ["paper"],
        ["'accept'", "-", "'map'"],
        ["-", ">= 100", "'photo'"],
        ["'return'", "< 1000", "'letter'"],
        ["-", "-", "'form'"],
        policy="COLLECT",
    )
)
RULED = ruled(
    user("Ask", "Short", "Long"),
    choice("G", "Short", Long="way == 'long' and fee > 5"),
    ends("End"),
    chain("S", "Ask", "Rule", "G"),
    chain("Short", "End"),
    chain("Long", "End"),
)
LADDER = dmn(table("Fee", ["area"], ["fee"], ["> 140", "30"], ["> 100", "20"], ["-", "10"], policy="FIRST"))
SAME = dmn(table("Fee", ["area"], ["fee"], ["> 140", "30"], ["> 100", "30"], ["<= 100", "10"], policy="ANY"))
CHARGED = ruled(
    user("Ask", "Pay", "Free"),
    choice("G", "Free", Pay="fee > 15"),
    ends("End"),
    chain("S", "Rule", "G"),
    chain("Pay", "Ask", "End"),
    chain("Free", "End"),
)
COLLECTED = ruled(user("Ask", "Read"), ends("End"), chain("S", "Ask", "Rule", "Read", "End"))

KEYED = (
    '<message id="M" name="ask"/><message id="M2" name="answer"><extensionElements>'
    '<zeebe:subscription xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" correlationKey="= number"/>'
    "</extensionElements></message>"
    '<collaboration id="Both"><participant id="Pool" name="Office" processRef="P"/>'
    '<correlationKey id="K" name="case"><correlationPropertyRef>number</correlationPropertyRef></correlationKey>'
    "</collaboration>"
    '<correlationProperty id="number" name="number">'
    '<correlationPropertyRetrievalExpression messageRef="M"><messagePath>number</messagePath>'
    "</correlationPropertyRetrievalExpression>"
    '<correlationPropertyRetrievalExpression messageRef="M2"><messagePath>number</messagePath>'
    "</correlationPropertyRetrievalExpression></correlationProperty>"
)
ANSWERED = bpmn(
    user("A", "B", "C"),
    throw("Ask", '<messageEventDefinition messageRef="M"/>'),
    catch("Answer", '<messageEventDefinition messageRef="M2"/>'),
    gates("parallel", "Split", "Join"),
    ends("End"),
    chain("S", "A", "Ask", "Split", "Answer", "B", "Join", "End"),
    chain("Split", "C", "Join"),
    before=KEYED,
)
