"""Gateways, ends, links, values and refusals through `pendapa process walk`, worked out by hand."""

from __future__ import annotations

import json

import pytest

from pendapa.processes import (
    load_process,
)

from .bpmn import bpmn, chain, flow, node, user
from .parts import DAY, DECLARED, END, MESSAGE, SIGNAL, catch, sub
from .walking import task, walk

# Gateways.


@pytest.mark.parametrize(
    ("values", "opened"),
    [
        ({"n": 5}, ["Small"]),
        ({"n": 50}, ["Large"]),
        ({"n": 10}, ["Other"]),
        ({"n": None}, ["Other"]),
        ({}, ["Other"]),
    ],
)
def test_an_exclusive_gateway_takes_one_way(values: dict[str, object], opened: list[str]) -> None:
    source = bpmn(
        user("A", "Small", "Large", "Other"), node("exclusiveGateway", "G", default="o"), END,
        chain("S", "A", "G"), flow("s", "G", "Small", "n < 10"), flow("l", "G", "Large", "n > 10"),
        flow("o", "G", "Other"), *(chain(id_, "E") for id_ in ("Small", "Large", "Other")),
    )  # fmt: skip
    assert walk(source, [task("A", **values)]).stands == (["A"], opened, False)


@pytest.mark.parametrize(
    ("values", "opened"),
    [
        ({"a": True, "b": True}, ["Left", "Right"]),
        ({"a": True, "b": False}, ["Left"]),
        ({"b": True}, ["Right"]),
        ({}, ["Else"]),
    ],
)
def test_an_inclusive_gateway_takes_every_way_that_holds_and_joins_them(
    values: dict[str, object], opened: list[str]
) -> None:
    source = bpmn(
        user("A", "Left", "Right", "Else", "Z"), node("inclusiveGateway", "G", default="o"),
        node("inclusiveGateway", "J"), END, chain("S", "A", "G"), flow("l", "G", "Left", "a"),
        flow("r", "G", "Right", "b"), flow("o", "G", "Else"), chain("Left", "J", "Z", "E"), chain("Right", "J"),
        chain("Else", "J"),
    )  # fmt: skip
    assert walk(source, [task("A", **values)]).stands == (["A"], opened, False)
    for place in range(1, len(opened)):
        assert walk(source, [task("A", **values), *opened[:place]]).stands[1] == opened[place:]
    assert walk(source, [task("A", **values), *opened]).stands == (["A", *opened], ["Z"], False)


@pytest.mark.parametrize(
    ("step", "opened"),
    [({"message": "paid"}, "Issue"), ({"signal": "flood"}, "Stop"), ({"timer": "Wait"}, "Remind")],
)
def test_an_event_based_gateway_hears_the_first(step: dict[str, object], opened: str) -> None:
    source = bpmn(
        node("eventBasedGateway", "G"), catch("Paid", MESSAGE), catch("Flood", SIGNAL), catch("Wait", DAY),
        user("Issue", "Stop", "Remind"), END, chain("S", "G", "Paid", "Issue", "E"), chain("G", "Flood", "Stop", "E"),
        chain("G", "Wait", "Remind", "E"), before=DECLARED,
    )  # fmt: skip
    assert walk(source, []).stands == ([], [], False)
    assert walk(source, [step]).stands == ([], [opened], False)
    assert walk(source, [step, opened]).stands == ([opened], [], True)
    assert walk(source, [step, {"message": "paid"}]).code == 1


def test_a_parallel_split_in_a_parallel_split_and_a_loop_behind_it() -> None:
    source = bpmn(
        user("A", "B", "C", "D"), node("exclusiveGateway", "Again"), node("parallelGateway", "F1"),
        node("parallelGateway", "F2"), node("parallelGateway", "J2"), node("parallelGateway", "J1"),
        node("exclusiveGateway", "Ok", default="Ok_E"), END,
        chain("S", "Again", "F1", "A", "J1", "D", "Ok", "E"), chain("F1", "F2", "B", "J2", "J1"),
        chain("F2", "C", "J2"),
        flow("back", "Ok", "Again", "redo = true"),
    )  # fmt: skip
    assert walk(source, []).stands == ([], ["A", "B", "C"], False)
    assert walk(source, ["A", "B"]).stands == (["A", "B"], ["C"], False)
    again_ = walk(source, ["A", "B", "C", task("D", redo=True), "C"])
    assert again_.stands == (["A", "B", "C", "D", "C"], ["A", "B"], False)
    ended = walk(source, ["A", "B", "C", task("D", redo=True), "C", "B", "A", task("D", redo=False)])
    assert ended.stands == (["A", "B", "C", "D", "C", "B", "A", "D"], [], True)


# Ends, links, values.


def test_an_error_end_leaves_for_its_boundary_event_and_a_message_end_for_nobody() -> None:
    inner = (
        user("In") + node("exclusiveGateway", "G", default="G_Told") + flow("bad", "G", "Bad", "ok = false")
    )
    inner += node("endEvent", "Bad", '<errorEventDefinition errorRef="X1"/>') + node(
        "endEvent", "Told", MESSAGE
    )
    around = node("subProcess", "Sub", node("startEvent", "ss") + inner + chain("ss", "In", "G", "Told"))
    on = node("boundaryEvent", "On", '<errorEventDefinition errorRef="X1"/>', attachedToRef="Sub")
    source = bpmn(around, on, user("Repair", "Z"), END, chain("S", "Sub", "Z", "E"), chain("On", "Repair", "E"),
                  before=DECLARED)  # fmt: skip
    assert walk(source, [task("In", ok=True)]).stands == (["In"], ["Z"], False)
    failed = walk(source, [task("In", ok=False)])
    assert (failed.stands, failed.variables) == ((["In"], ["Repair"], False), {})


def test_an_event_may_refer_to_a_definition_declared_once() -> None:
    shared = '<errorEventDefinition id="Shared" errorRef="X1"/><terminateEventDefinition id="All"/>'
    referring = "<eventDefinitionRef>Shared</eventDefinitionRef>"
    source = bpmn(
        user("A", "B", "Repair"), node("boundaryEvent", "On", referring, attachedToRef="A"),
        node("parallelGateway", "F"), node("endEvent", "Stop", "<eventDefinitionRef>All</eventDefinitionRef>"), END,
        chain("S", "F", "A", "Stop"), chain("F", "B", "E"), chain("On", "Repair", "E"), before=DECLARED + shared,
    )  # fmt: skip
    assert walk(source, [{"error": "E-1", "at": "A"}]).stands == ([], ["B", "Repair"], False)
    assert walk(source, ["A"]).stands == (["A"], [], True)


def test_links_lead_on_and_a_terminate_end_stops_everything() -> None:
    source = bpmn(
        user("A", "B", "C"), node("parallelGateway", "F"),
        node("intermediateThrowEvent", "To", '<linkEventDefinition name="far"/>'),
        node("intermediateCatchEvent", "From", '<linkEventDefinition name="far"/>'),
        node("endEvent", "Stop", "<terminateEventDefinition/>"), END,
        chain("S", "F", "A", "To"), chain("From", "C", "Stop"), chain("F", "B", "E"),
    )  # fmt: skip
    assert walk(source, ["A"]).stands == (["A"], ["B", "C"], False)
    assert walk(source, ["A", "C"]).stands == (["A", "C"], [], True)
    assert walk(source, ["B", "A"]).stands == (["B", "A"], ["C"], False)


def test_values_keep_their_types() -> None:
    source = bpmn(user("A", "B"), END, chain("S", "A", "B", "E"))
    values = {
        "whole": 3, "fraction": 1.50, "large": 12345678901234567890, "yes": True, "no": False, "nothing": None,
        "text": "3", "list": [1, "a", None, [2.5]], "object": {"a": {"b": [1, {"c": False}]}},
        "$decimal": {"$date": "x"},
    }  # fmt: skip
    found = walk(source, [{"task": "A", "set": values}])
    assert found.variables == values
    assert {name: type(value) for name, value in found.variables.items()} == {
        n: type(v) for n, v in values.items()
    }
    # In a sub-process they go over the token's row and back.
    inner = bpmn(
        sub("Sub", user("A"), chain("s_Sub", "A", "e_Sub")), user("B"), END, chain("S", "Sub", "B", "E")
    )
    assert walk(inner, [{"task": "A", "set": values}]).variables == values


def test_each_impossible_step_is_named_with_its_number() -> None:
    source = bpmn(user("A", "B"), END, chain("S", "A", "B", "E"))
    for step in ({"task": "B"}, {"task": "A", "instance": 9}, {"task": "Nowhere"}, {"message": "m"}, {"signal": "s"},
                 {"error": "E", "at": "A"}, {"timer": "T"}):  # fmt: skip
        found = walk(source, [task("A"), step] if step.get("task") != "B" else [step])
        assert found.code == 1
        assert f"step {1 if step.get('task') == 'B' else 2} {json.dumps(step)}" in found.said
        assert "Open: task " in found.said
        assert found.report == {}


def test_a_black_box_beside_the_pool_and_messages_between_them() -> None:
    pools = (
        '<collaboration id="Co"><participant id="P1" name="Citizen"/><participant id="P2" name="Office" '
        'processRef="P"/><participant id="P3" name="Bank" processRef="Other"/>'
        '<messageFlow id="m1" sourceRef="P1" targetRef="Wait"/><messageFlow id="m2" sourceRef="Tell" targetRef="P1"/>'
        "</collaboration>"
    )
    bank = node("process", "Other", node("startEvent", "os") + node("endEvent", "oe") + chain("os", "oe"))
    source = bpmn(user("A"), catch("Wait", MESSAGE), node("sendTask", "Tell"), END,
                  chain("S", "A", "Wait", "Tell", "E"), before=DECLARED + pools, after=bank)  # fmt: skip
    process = load_process(source, name="pools.bpmn")
    assert (process.id, process.pool) == ("P", "Office")
    assert [w.where for w in process.warnings] == ["Other"]
    assert walk(source, ["A"]).stands == (["A"], [], False)
    assert walk(source, ["A", {"message": "paid"}]).stands == (["A"], [], True)
