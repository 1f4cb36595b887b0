"""What cannot be run is refused at load, by element id and name, all faults at once."""

from __future__ import annotations

import pytest

from pendapa.processes import Fault, Process, ProcessRefused, load_process

from .bpmn import HEAD, bpmn, chain, flow, node, timer, user

END = node("endEvent", "E")
PLAIN = user("A") + END + chain("S", "A", "E")


def refused(source: bytes) -> tuple[Fault, ...]:
    with pytest.raises(ProcessRefused) as caught:
        load_process(source, name="test.bpmn")
    return caught.value.faults


def loaded(*parts: str, before: str = "", after: str = "") -> Process:
    return load_process(bpmn(*parts, before=before, after=after), name="test.bpmn")


UNSUPPORTED = {
    "complex gateway": ("complexGateway", ""),
    "script": ("scriptTask", "<script>import os</script>"),
    "transaction": ("transaction", ""),
    "ad-hoc": ("adHocSubProcess", ""),
    "choreography task": ("choreographyTask", ""),
    "conditional intermediate catch": ("intermediateCatchEvent", "<conditionalEventDefinition/>"),
    "plain intermediate catch": ("intermediateCatchEvent", ""),
    "escalation intermediate throw": ("intermediateThrowEvent", "<escalationEventDefinition/>"),
    "globalUserTask": ("globalUserTask", ""),
    "multi-instance behavior": (
        "userTask",
        '<multiInstanceLoopCharacteristics behavior="One"><loopCardinality>2</loopCardinality>'
        "</multiInstanceLoopCharacteristics>",
    ),
    "intermediate catch event": ("intermediateCatchEvent", "<eventDefinitionRef>Gone</eventDefinitionRef>"),
}


@pytest.mark.parametrize("words", UNSUPPORTED)
def test_an_unsupported_element_is_refused_by_id_and_name(words: str) -> None:
    tag, inner = UNSUPPORTED[words]
    faults = refused(bpmn(node(tag, "X", inner, name="Strange thing"), END, chain("S", "X", "E")))
    assert [fault.where for fault in faults] == ['X "Strange thing"']
    assert words.lower() in faults[0].wrong.lower()
    assert "not supported" in faults[0].wrong
    assert faults[0].right


@pytest.mark.parametrize("kind", ["escalation", "conditional", "error"])
def test_a_start_event_that_waits_is_refused(kind: str) -> None:
    source = bpmn(PLAIN).replace(
        b'<startEvent id="S"/>', f'<startEvent id="S"><{kind}EventDefinition/></startEvent>'.encode()
    )
    assert [(f.where, kind in f.wrong) for f in refused(source)] == [("S", True)]


@pytest.mark.parametrize("kind", ["escalation", "cancel", "compensate"])
def test_an_end_event_that_gives_something_out_is_refused(kind: str) -> None:
    faults = refused(
        bpmn(user("A"), node("endEvent", "X", f"<{kind}EventDefinition/>"), chain("S", "A", "X"))
    )
    assert [(f.where, kind in f.wrong) for f in faults] == [("X", True)]


@pytest.mark.parametrize("kind", ["escalation", "conditional", "compensate"])
def test_a_boundary_event_of_another_kind_is_refused(kind: str) -> None:
    boundary = node("boundaryEvent", "X", f"<{kind}EventDefinition/>", attachedToRef="A", name="Oops")
    assert [(f.where, kind in f.wrong) for f in refused(bpmn(PLAIN, boundary, chain("X", "E")))] == [
        ('X "Oops"', True)
    ]


def test_a_boundary_timer_on_a_gateway_is_refused() -> None:
    faults = refused(
        bpmn(node("exclusiveGateway", "V"), END, timer("T", "V"), chain("S", "V", "E"), chain("T", "E"))
    )
    assert [(f.where, "exclusiveGateway" in f.wrong) for f in faults] == [("T", True)]


def test_an_event_gateway_leads_to_events_alone() -> None:
    faults = refused(bpmn(node("eventBasedGateway", "G"), user("A"), END, chain("S", "G", "A", "E")))
    assert ("G", True) in [(f.where, "waits for no event" in f.wrong) for f in faults]


def test_a_signal_without_name_is_refused() -> None:
    catch = node("intermediateCatchEvent", "X", "<signalEventDefinition/>")
    assert [
        (f.where, "no declared signal" in f.wrong) for f in refused(bpmn(catch, END, chain("S", "X", "E")))
    ] == [("X", True)]


def test_all_faults_come_at_once() -> None:
    faults = refused(
        bpmn(
            user("A"),
            node("scriptTask", "X"),
            node("complexGateway", "G"),
            END,
            chain("S", "A", "X", "G"),
            flow("lost", "G", "Nowhere"),
            flow("if", "A", "E", "amount >"),
        )
    )
    assert {f.where for f in faults} == {"X", "G", "lost", "if"}


# The graph


def one_fault(*parts: str) -> Fault:
    faults = refused(bpmn(*parts))
    assert len(faults) == 1, faults
    return faults[0]


def test_a_flow_to_nowhere() -> None:
    fault = one_fault(PLAIN, flow("lost", "A", "Nowhere"))
    assert fault.where == "lost"
    assert "Nowhere" in fault.wrong


def test_an_element_no_path_leads_to() -> None:
    fault = one_fault(PLAIN, user("B"), chain("B", "E"))
    assert (fault.where, fault.wrong) == ('B "Task B"', "No path leads here from the start event.")


def test_a_dead_end() -> None:
    fault = one_fault(PLAIN, user("B"), chain("A", "B"))
    assert (fault.where, "stops here" in fault.wrong) == ('B "Task B"', True)


def test_a_loop_without_a_way_out() -> None:
    parts = user("A", "B", "C") + END + node("parallelGateway", "G")
    faults = refused(bpmn(parts, chain("S", "A", "G", "E"), chain("G", "B", "C", "B")))
    assert [f.where for f in faults] == ['B "Task B"', 'C "Task C"']
    assert "No path leads from here to an end event." in faults[0].wrong


def test_an_id_used_twice() -> None:
    assert 'A "Task A"' in {f.where for f in refused(bpmn(PLAIN, user("A")))}


def test_a_join_of_an_exclusive_split_can_never_fill() -> None:
    fault = one_fault(
        node("exclusiveGateway", "G", default="no"),
        user("A", "B"),
        node("parallelGateway", "J", name="Both"),
        END,
        chain("S", "G"),
        flow("yes", "G", "A", "ok"),
        flow("no", "G", "B"),
        chain("A", "J", "E"),
        chain("B", "J"),
    )
    assert (fault.where, "can never fill" in fault.wrong) == ('J "Both"', True)


def test_a_join_that_may_starve_is_a_warning() -> None:
    process = loaded(
        user("A", "B"),
        node("parallelGateway", "F"),
        node("parallelGateway", "J"),
        node("exclusiveGateway", "G", default="out"),
        END,
        node("endEvent", "E2"),
        chain("S", "F", "A", "G"),
        flow("on", "G", "J", "ok"),
        flow("out", "G", "E2"),
        chain("F", "B", "J", "E"),
    )
    assert [(w.where, "waits for ever" in w.wrong) for w in process.warnings] == [("J", True)]


def test_a_join_behind_a_terminate_end_does_not_starve() -> None:
    process = loaded(
        user("A", "B"),
        node("parallelGateway", "F"),
        node("parallelGateway", "J"),
        node("exclusiveGateway", "G", default="out"),
        END,
        node("endEvent", "Stop", "<terminateEventDefinition/>"),
        chain("S", "F", "A", "G"),
        flow("on", "G", "J", "ok"),
        flow("out", "G", "Stop"),
        chain("F", "B", "J", "E"),
    )
    assert process.warnings == ()


def test_tokens_that_pile_up_are_a_warning() -> None:
    process = loaded(
        user("A", "B"),
        node("parallelGateway", "F"),
        node("parallelGateway", "Again"),
        node("parallelGateway", "J"),
        node("exclusiveGateway", "M"),
        node("exclusiveGateway", "G", default="G_E"),
        END,
        chain("S", "F", "M", "A", "Again", "J", "E"),
        chain("F", "B", "J"),
        chain("Again", "G", "E"),
        flow("back", "G", "M", "more"),
    )
    # Each round leaves one more token at J, which B can meet only once.
    assert [w.where for w in process.warnings if "pile up" in w.wrong] == ["J"]


@pytest.mark.parametrize(
    ("parts", "where", "words"),
    [
        (
            (node("exclusiveGateway", "G"), END, chain("S", "G"), chain("G", "E"), flow("g", "G", "E")),
            "G",
            "no condition",
        ),
        (
            (node("exclusiveGateway", "G", default="none"), END, chain("S", "G", "E")),
            "G",
            "default flow none",
        ),
        (
            (user("A"), END, chain("S", "A"), flow("f", "A", "E", "x")),
            'A "Task A"',
            "flow f out of it has a condition",
        ),
        ((PLAIN, timer("T", "A", "three days"), chain("T", "E")), "T", "no ISO 8601 duration"),
        ((PLAIN, timer("T", "Gone"), chain("T", "E")), "T", "attached to Gone"),
        ((PLAIN, node("startEvent", "S2"), chain("S2", "A")), "P", "2 plain start events: S, S2"),
        ((PLAIN, chain("A", "S")), "S", "into the start event"),
        ((user("A"), chain("S", "A", "S")), "process", "no end event"),
    ],
)
def test_other_faults(parts: tuple[str, ...], where: str, words: str) -> None:
    assert (where, True) in [(f.where, words in f.wrong) for f in refused(bpmn(*parts))]


def test_a_way_out_without_condition_is_taken_as_default_with_a_warning() -> None:
    process = loaded(
        node("exclusiveGateway", "G"), END, chain("S", "G"), flow("a", "G", "E", "x = 1"), flow("b", "G", "E")
    )
    assert [(w.where, "flow b" in w.wrong) for w in process.warnings] == [("G", True)]


def test_a_split_without_default_is_a_warning() -> None:
    process = loaded(
        node("exclusiveGateway", "G"),
        END,
        chain("S", "G"),
        flow("a", "G", "E", "x = 1"),
        flow("b", "G", "E", "x = 2"),
    )
    assert [(w.where, "no default" in w.wrong) for w in process.warnings] == [("G", True)]
    assert process.reads == {"x"}


# Sub-processes


def test_a_sub_process_without_a_start_or_an_end() -> None:
    inner = node("subProcess", "Sub", user("A"), name="Inside")
    assert ('Sub "Inside"', True) in [
        (f.where, "no start event" in f.wrong) for f in refused(bpmn(inner, END, chain("S", "Sub", "E")))
    ]
    inner = node("subProcess", "Sub", node("startEvent", "S2") + user("A") + chain("S2", "A", "S2"))
    assert ("Sub", "The sub-process has no end event.") in [
        (f.where, f.wrong) for f in refused(bpmn(inner, END, chain("S", "Sub", "E")))
    ]


def test_a_flow_across_the_border_of_a_sub_process() -> None:
    inner = node(
        "subProcess",
        "Sub",
        node("startEvent", "S2") + user("A") + node("endEvent", "E2") + chain("S2", "A", "E2"),
    )
    faults = refused(bpmn(inner, END, chain("S", "Sub", "E"), flow("out", "A", "E")))
    assert [(f.where, "crosses the border" in f.wrong) for f in faults] == [("out", True)]


def test_a_dead_end_inside_a_sub_process() -> None:
    inside = (
        node("startEvent", "S2")
        + user("A", "B")
        + node("endEvent", "E2")
        + chain("S2", "A", "E2")
        + chain("A", "B")
    )
    faults = refused(bpmn(node("subProcess", "Sub", inside), END, chain("S", "Sub", "E")))
    assert [(f.where, "stops here" in f.wrong) for f in faults] == [('B "Task B"', True)]


@pytest.mark.parametrize("kind", ["message", "timer", "signal", "error"])
def test_a_plain_sub_process_starts_without_an_event(kind: str) -> None:
    start = node("startEvent", "S2", f"<{kind}EventDefinition/>")
    inside = start + user("A") + node("endEvent", "E2") + chain("S2", "A", "E2")
    faults = refused(bpmn(node("subProcess", "Sub", inside), END, chain("S", "Sub", "E")))
    assert ("S2", True) in [(f.where, kind in f.wrong) for f in faults]


def test_a_multi_instance_marker_without_a_list() -> None:
    task = node("userTask", "A", "<multiInstanceLoopCharacteristics/>")
    assert [
        (f.where, "names no list" in f.wrong) for f in refused(bpmn(task, END, chain("S", "A", "E")))
    ] == [("A", True)]


def test_a_link_without_its_catch() -> None:
    throw = node("intermediateThrowEvent", "L", '<linkEventDefinition name="on"/>')
    faults = refused(bpmn(throw, user("A"), END, chain("S", "L"), chain("S", "A", "E")))
    assert ("L", 'The link "on" has 0 catch events here.') in [(f.where, f.wrong) for f in faults]


# The file


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (b"", "not well-formed"),
        (b"<definitions", "not well-formed"),
        (b"<html/>", "not BPMN 2.0"),
        (b'<?xml version="1.0" encoding="x-none"?><a/>', "encoding"),
        (f"{HEAD}</definitions>".encode(), "no process"),
        (
            b'<!DOCTYPE a [<!ENTITY b "c">]>' + HEAD.partition("\n")[2].encode() + b"</definitions>",
            "document type",
        ),
        (
            b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
            + HEAD.partition("\n")[2].encode()
            + b"&x;</definitions>",
            "document type",
        ),
        (b" " * 4_000_001, "4,000,001 bytes"),
    ],
    ids=["empty", "broken", "other root", "encoding", "no process", "entity", "external entity", "too big"],
)
def test_a_file_that_is_no_bpmn_is_refused_with_a_sentence(source: bytes, words: str) -> None:
    assert words in refused(source)[0].wrong


def test_the_process_of_the_pool_is_run() -> None:
    pools = (
        '<collaboration id="C"><participant id="P1" name="Citizen"/>'
        '<participant id="P2" name="Office" processRef="P"/></collaboration>'
    )
    other = '<process id="Q" isExecutable="true"><startEvent id="QS"/></process>'
    process = loaded(PLAIN, before=pools + other)
    assert (process.id, process.pool) == ("P", "Office")
    assert [w.where for w in process.warnings] == ["Q"]


def test_of_two_pools_the_executable_one_is_run() -> None:
    pools = (
        '<collaboration id="C"><participant id="P1" name="Citizen" processRef="Q"/>'
        '<participant id="P2" name="Office" processRef="P"/></collaboration>'
    )
    process = loaded(
        PLAIN, before=f'{pools}<process id="Q" isExecutable="false"><startEvent id="QS"/></process>'
    )
    assert process.id == "P"


CAMUNDA = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn2:definitions xmlns:bpmn2="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:camunda="http://camunda.org/schema/1.0/bpmn"
  xmlns:modeler="http://camunda.org/schema/modeler/1.0" targetNamespace="http://bpmn.io/schema/bpmn"
  exporter="Camunda Modeler" exporterVersion="5.20.0" modeler:executionPlatform="Camunda Platform">
  <bpmn2:process id="Process_1" isExecutable="true"
      camunda:historyTimeToLive="180">
    <bpmn2:documentation>Anything.</bpmn2:documentation>
    <bpmn2:startEvent id="Start"><bpmn2:outgoing>F1</bpmn2:outgoing></bpmn2:startEvent>
    <bpmn2:userTask id="Review" name="Review&#10;request" camunda:assignee="${me}">
      <bpmn2:extensionElements><camunda:formData><camunda:formField id="ok"/></camunda:formData>
      </bpmn2:extensionElements>
    </bpmn2:userTask>
    <bpmn2:exclusiveGateway id="G" default="F4"/>
    <bpmn2:serviceTask id="Push" camunda:type="external" camunda:topic="siak"/>
    <bpmn2:endEvent id="End"/>
    <bpmn2:sequenceFlow id="F1" sourceRef="Start" targetRef="Review"/>
    <bpmn2:sequenceFlow id="F2" sourceRef="Review" targetRef="G"/>
    <bpmn2:sequenceFlow id="F3" sourceRef="G" targetRef="Push">
      <bpmn2:conditionExpression xsi:type="bpmn2:tFormalExpression">${ok == true}</bpmn2:conditionExpression>
    </bpmn2:sequenceFlow>
    <bpmn2:sequenceFlow id="F4" sourceRef="G" targetRef="End"/>
    <bpmn2:sequenceFlow id="F5" sourceRef="Push" targetRef="End"/>
    <bpmn2:dataObjectReference id="Data"/>
    <bpmn2:textAnnotation id="Note"><bpmn2:text>Mind this</bpmn2:text></bpmn2:textAnnotation>
    <bpmn2:association id="Assoc" sourceRef="Review" targetRef="Note"/>
  </bpmn2:process>
</bpmn2:definitions>"""


def test_a_file_of_camunda_modeler_loads_as_it_is() -> None:
    process = load_process(CAMUNDA.encode(), name="camunda.bpmn")
    assert process.warnings == ()
    assert process.elements["Review"].name == "Review request"
    assert dict(process.elements["Push"].detail) == {"topic": "siak"}
    assert process.reads == {"ok"}


@pytest.mark.parametrize("text", ["ok", "${ok}", "#{ ok }", "=ok", "= ok", "  ${ok}  "])
def test_conditions_are_unwrapped(text: str) -> None:
    process = loaded(
        node("exclusiveGateway", "G", default="b"),
        END,
        chain("S", "G"),
        flow("a", "G", "E", text),
        flow("b", "G", "E"),
    )
    condition = process.elements["G"].outgoing[0].condition
    assert condition is not None
    assert condition.text == "ok"


@pytest.mark.parametrize(
    ("drawn", "wrong"),
    [
        (
            node("receiveTask", "X", messageRef="M", instantiate="true"),
            "Beginning a case here is not supported.",
        ),
        (
            node("eventBasedGateway", "X", eventGatewayType="Parallel"),
            "An event-based gateway that waits for all its events is not supported.",
        ),
    ],
)
def test_attributes_that_ask_for_more_are_refused(drawn: str, wrong: str) -> None:
    wait = node("intermediateCatchEvent", "W", '<messageEventDefinition messageRef="M"/>')
    source = bpmn(drawn, wait, END, chain("S", "X", "W", "E"), before='<message id="M" name="paid"/>')
    assert [(fault.where, fault.wrong) for fault in refused(source)] == [("X", wrong)]
