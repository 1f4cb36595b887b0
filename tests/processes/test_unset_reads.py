"""Variables that are read where nothing before can have set them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest

from pendapa.processes import load_process, unset_reads

from .bpmn import bpmn, called, chain, flow, foreign, node, timer, user
from .parts import DAY, DECLARED, END, MESSAGE, SIGNAL, catch, many, sub
from .test_command import pendapa

FIELDS = foreign('<camunda:formData><camunda:formField id="ok" type="boolean"/></camunda:formData>')
OUTPUTS = foreign('<zeebe:ioMapping><zeebe:output source="= ok" target="ok"/></zeebe:ioMapping>')
FORM = foreign('<zeebe:formDefinition formId="f"/>')


def warned(
    source: bytes,
    given: Iterable[str] = (),
    sets: Mapping[str, Iterable[str]] | None = None,
    others: Mapping[str, bytes] = {},
) -> list[tuple[str, str]]:
    """Where, and which variable, of each warning."""
    faults = unset_reads(load_process(source, name="reads.bpmn", others=others), given, sets)
    assert all("which nothing before it can have set" in fault.wrong for fault in faults)
    return [(fault.where, fault.wrong.split('"')[1]) for fault in faults]


def split(*before: str, condition: str = "ok = true") -> bytes:
    """The parts one after the other, then a gateway that reads."""
    drawn = "".join(before)
    names = [part.partition('id="')[2].partition('"')[0] for part in before]
    return bpmn(
        drawn, user("Y", "N"), node("exclusiveGateway", "G", default="G_N"), END, chain("S", *names, "G", "N", "E"),
        flow("yes", "G", "Y", condition), chain("Y", "E"), before=DECLARED,
    )  # fmt: skip


def test_a_gateway_right_behind_the_start_reads_what_nobody_has_set() -> None:
    assert warned(split()) == [("G", "ok")]
    assert warned(split(), given=["ok"]) == []
    # Passing a timer, a plain task or a signal sets nothing either.
    assert warned(split(node("task", "T"), catch("W", DAY), catch("F", SIGNAL))) == [("G", "ok")]


@pytest.mark.parametrize(
    "before", [user("A"), node("serviceTask", "A"), catch("A", MESSAGE), node("userTask", "A", FORM)]
)
def test_work_that_declares_nothing_may_set_anything(before: str) -> None:
    assert warned(split(before)) == []


def test_work_that_declares_what_it_sets_sets_that() -> None:
    for declared in (FIELDS, OUTPUTS):
        assert warned(split(node("userTask", "A", declared))) == []
        assert warned(split(node("userTask", "A", declared), condition="other > 3")) == [("G", "other")]
    ruled = node("businessRuleTask", "A", **{"camunda:resultVariable": "ok"})
    ruled = ruled.replace(
        "<businessRuleTask", '<businessRuleTask xmlns:camunda="http://camunda.org/schema/1.0/bpmn"'
    )
    assert warned(split(ruled)) == []
    assert warned(split(ruled, condition="other > 3")) == [("G", "other")]


def test_what_is_bound_elsewhere_is_exact() -> None:
    source = split(user("A"), node("serviceTask", "B"), catch("C", MESSAGE))
    assert warned(source, sets={}) == [("G", "ok")]
    for id_ in "ABC":
        assert warned(source, sets={id_: ["ok"]}) == []


def test_only_what_lies_before_counts() -> None:
    # The gateway reads what the task behind it sets; in a loop that task lies before it too.
    late = bpmn(
        node("exclusiveGateway", "M"), node("exclusiveGateway", "G", default="G_A"), user("A"), END,
        chain("S", "M", "G", "A", "E"), flow("skip", "G", "E", "ok = true"),
    )  # fmt: skip
    assert warned(late, sets={"A": ["ok"]}) == [("G", "ok")]
    loop = late.replace(b'sourceRef="A" targetRef="E"', b'sourceRef="A" targetRef="M"')
    assert warned(loop, sets={"A": ["ok"]}) == []


def test_the_other_branch_of_a_parallel_split_does_not_lie_before() -> None:
    source = bpmn(
        user("A", "Y"), node("parallelGateway", "F"), node("exclusiveGateway", "G", default="G_E"), END,
        chain("S", "F", "A", "E"), chain("F", "G", "E"), flow("yes", "G", "Y", "ok"), chain("Y", "E"),
    )  # fmt: skip
    assert warned(source, sets={"A": ["ok"]}) == [("G", "ok")]


def test_an_interrupted_task_has_set_nothing() -> None:
    source = bpmn(
        user("A", "Y"), timer("T", "A"), node("exclusiveGateway", "G", default="G_E"), END, chain("S", "A", "E"),
        chain("T", "G", "E"), flow("yes", "G", "Y", "ok"), chain("Y", "E"),
    )  # fmt: skip
    assert warned(source, sets={"A": ["ok"]}) == [("G", "ok")]
    assert warned(source, ["ok"], {}) == []


def test_timers_keys_and_lists_are_read_too() -> None:
    due = "<timerEventDefinition><timeDuration>${due}</timeDuration></timerEventDefinition>"
    keyed = node("intermediateCatchEvent", "K", foreign('<zeebe:x correlationKey="= bill"/>') + MESSAGE)
    source = bpmn(
        catch("W", due), keyed, node("userTask", "A", many("places", "place", until="done = true and loopCounter > 1")),
        END, chain("S", "W", "K", "A", "E"), before=DECLARED,
    )  # fmt: skip
    assert warned(source, sets={}) == [("W", "due"), ("K", "bill"), ("A", "places"), ("A", "done")]
    # What an instance sets is there when the condition that ends the loop is judged.
    assert warned(source, ["due", "bill", "places"], {"A": ["done"]}) == []


def test_the_item_is_known_inside_a_sub_process() -> None:
    inner = node("exclusiveGateway", "G", default="G_e_Sub") + user("Y") + flow("yes", "G", "Y", "place = x")
    source = bpmn(
        sub("Sub", many("places", "place"), inner, chain("s_Sub", "G", "e_Sub"), chain("Y", "e_Sub")), END,
        chain("S", "Sub", "E"),
    )  # fmt: skip
    assert warned(source, ["places"]) == [("G", "x")]


def test_an_event_sub_process_may_have_seen_everything_around_it() -> None:
    inner = node("startEvent", "hs", SIGNAL) + node("exclusiveGateway", "G", default="G_he") + user("Y")
    inner += node("endEvent", "he") + chain("hs", "G", "he") + flow("yes", "G", "Y", "ok") + chain("Y", "he")
    handler = node("subProcess", "H", inner, triggeredByEvent="true")
    source = bpmn(user("A"), handler, END, chain("S", "A", "E"), before=DECLARED)
    assert warned(source, sets={"A": ["ok"]}) == []
    assert warned(source, sets={}) == [("G", "ok")]


def test_only_what_passes_is_known_in_a_called_process() -> None:
    survey = called("Survey", node("exclusiveGateway", "G", default="G_e"), user("Go"), chain("s", "G", "e"),
                    flow("go", "G", "Go", "km > 3"), chain("Go", "e"))  # fmt: skip

    def calling(mapping: str) -> bytes:
        return bpmn(
            user("A", "Y"), node("callActivity", "C", foreign(mapping), calledElement="Survey"),
            node("exclusiveGateway", "G", default="G_E"), END, chain("S", "A", "C", "G", "E"),
            flow("yes", "G", "Y", "found"), chain("Y", "E"),
        )  # fmt: skip

    def of(mapping: str, **sets: list[str]) -> list[tuple[str, str]]:
        return warned(calling(mapping), (), {name.replace("__", "/"): names for name, names in sets.items()},
                      {"s.bpmn": survey})  # fmt: skip

    assert of("", A=["km"], Survey__Go=["found"]) == []
    assert of("", A=["km"]) == [("G", "found")]
    assert of('<camunda:in source="km" target="miles"/>', A=["km"]) == [("G", "found"), ("Survey/G", "km")]
    assert of('<camunda:in source="d" target="km"/><camunda:out source="x" target="found"/>', A=["km"]) == [
        ("C", "d")
    ]


def test_check_says_it(tmp_path: Path) -> None:
    file = tmp_path / "p.bpmn"
    file.write_bytes(split())
    said = pendapa("check", file)
    assert said.returncode == 0
    assert 'G: The condition on yes reads "ok", which nothing before it can have set.' in said.stdout
