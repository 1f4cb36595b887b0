"""Files as bpmn-js, Camunda 7 Modeler, Camunda 8 Modeler and other editors write them, walked by hand."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pendapa.charts import draw
from pendapa.processes import ProcessRefused, load_process

from .bpmn import bpmn, chain, foreign, node, user
from .parts import END, many
from .walking import task, walk

DRAWN = Path(__file__).parent / "drawn"
CAMUNDA_7 = (DRAWN / "permit-camunda-7.bpmn").read_bytes()


def test_a_file_of_camunda_7_modeler() -> None:
    approved = task("Check", approved=True, amount=100, places=["east", "west", "north"], fine=True)
    first = walk(CAMUNDA_7, [approved])
    assert first.stands == (["Check"], ["Visit"], False)
    # Two places are enough: the third is never visited. The send task runs by itself, then the case ends.
    assert walk(CAMUNDA_7, [approved, "Visit"]).stands == (["Check", "Visit"], ["Visit"], False)
    assert walk(CAMUNDA_7, [approved, "Visit", "Visit"]).stands == (["Check", "Visit", "Visit"], [], True)
    poor = walk(CAMUNDA_7, [approved, task("Visit", fine=False)])
    assert poor.stands == (["Check", "Visit"], [], True)
    # 99 is not enough: the default flow leads past the visits.
    assert walk(CAMUNDA_7, [task("Check", approved=True, amount=99)]).stands == (["Check"], [], True)
    assert walk(CAMUNDA_7, [task("Check", approved=False, amount=100)]).stands == (["Check"], [], True)
    late = walk(CAMUNDA_7, [{"timer": "Late"}, task("Check", approved=False)])
    assert late.stands == (["Check"], ["Remind"], False)
    process = load_process(CAMUNDA_7, name="permit.bpmn")
    assert (process.id, process.pool, process.elements["Check"].lane) == (
        "Process_permit",
        "Office",
        "Counter",
    )
    assert "<svg" in draw(CAMUNDA_7, at=["Check"])


CAMUNDA_8 = (DRAWN / "fee-camunda-8.bpmn").read_bytes()
BY_HAND = CAMUNDA_8.replace(b">=limit<", b">P3D<")


def test_a_file_of_camunda_8_modeler() -> None:
    review = task("Review", amount=150, approved=True, sites=["east", "west"], bill="B-1")
    assert walk(BY_HAND, [review]).stands == (["Review"], ["Sites", "Sites"], False)
    paid = {"message": "paid", "key": "B-1", "set": {"paid": 150}}
    done = walk(BY_HAND, [review, paid, task("Sites", found="a wall"), task("Sites", found=None)])
    assert done.stands == (["Review", "Sites", "Sites"], [], True)
    assert done.variables == {
        "amount": 150,
        "approved": True,
        "sites": ["east", "west"],
        "bill": "B-1",
        "paid": 150,
        "found": None,
        "seen": ["a wall", None],
    }
    wrong = walk(BY_HAND, [review, {**paid, "key": "B-2"}])
    assert wrong.code == 1
    assert "step 2" in wrong.said
    assert "with key B-2, which is not the key the case waits for. Open: task Sites" in wrong.said
    # Exactly 100 is not more than 100; an empty list has no site: the default flow.
    nothing = walk(BY_HAND, [task("Review", amount=100, approved=True, sites=[])])
    assert nothing.stands == (["Review"], [], True)
    assert walk(BY_HAND, [{"timer": "Late"}]).stands == ([], [], True)


def test_the_results_stand_in_the_order_of_the_items() -> None:
    # The second site is seen first.
    review = task("Review", amount=0, sites=["east", "west"])
    done = walk(BY_HAND, [review, task("Sites", 2, found=2), task("Sites", 1, found=1)])
    assert done.variables["seen"] == [1, 2]


def test_a_timer_that_reads_a_variable_nobody_has_set_says_so() -> None:
    refused = walk(CAMUNDA_8, [])
    assert refused.code == 1
    assert "start: The timer value 'limit' of Late has no value. It reads limit = missing." in refused.said


@pytest.mark.parametrize("prefix", ["bpmn", "bpmn2", "semantic", "model", ""])
def test_any_prefix_will_do(prefix: str) -> None:
    source = CAMUNDA_7.decode()
    if prefix:
        source = source.replace("bpmn:", f"{prefix}:").replace(f"{prefix}:app", "bpmn:app")
    else:
        source = re.sub(r"(</?)bpmn:", r"\1", source).replace('"bpmn:t', '"t')
    source = source.replace("xmlns:=", "xmlns=").replace(
        "xmlns:bpmn=", "xmlns=" if not prefix else f"xmlns:{prefix}="
    )
    done = walk(source.encode(), [task("Check", approved=True, amount=100, places=[])])
    assert done.stands == (["Check"], [], True)


JUEL = {
    "${approved && !late}": (True, {"approved": True, "late": False}),
    "#{approved || late}": (False, {"approved": False, "late": False}),
    "${amount gt 5 && name eq 'a && b'}": (True, {"amount": 6, "name": "a && b"}),
    "${amount le 5}": (True, {"amount": 5}),
    "${!(amount == 5)}": (False, {"amount": 5}),
    "${amount != 5 and name ne \"x\"}": (True, {"amount": 6, "name": "y"}),
    "=amount >= 5": (True, {"amount": 5}),
    "= not(late) and name = \"x\"": (True, {"late": False, "name": "x"}),
    "amount < 5": (False, {"amount": 5}),
}  # fmt: skip


@pytest.mark.parametrize("condition", JUEL)
def test_conditions_of_either_language_are_read(condition: str) -> None:
    holds, values = JUEL[condition]
    written = condition.replace("&", "&amp;").replace("<", "&lt;").encode()
    source = re.sub(rb"\$\{approved[^}]*\}", lambda _: written, CAMUNDA_7)
    found = walk(source, [task("Check", places=[1], fine=True, **values)])
    assert found.stands == (["Check"], ["Visit"] if holds else [], not holds)


def test_what_only_java_can_work_out_is_refused_with_its_place() -> None:
    source = re.sub(rb"\$\{approved[^}]*\}", b"${execution.getVariable('x') != null}", CAMUNDA_7)
    with pytest.raises(ProcessRefused) as refused:
        load_process(source, name="permit.bpmn")
    assert [f.where for f in refused.value.faults] == ['Flow_yes "yes"']


def test_output_mappings_are_set_when_the_work_is_done() -> None:
    mapped = foreign(
        '<zeebe:ioMapping><zeebe:input source="= fee" target="amount"/><zeebe:output source="= fee * 2" target="due"/>'
        '<zeebe:output source="= answer.body" target="body"/></zeebe:ioMapping>'
    )
    output = foreign('<zeebe:ioMapping><zeebe:output source="= x * n" target="y"/></zeebe:ioMapping>')
    each = node("userTask", "M", output + many("xs", "x"))
    paid = foreign(
        '<camunda:inputOutput><camunda:outputParameter name="state">paid</camunda:outputParameter>'
        '<camunda:outputParameter name="rest">${due - 1}</camunda:outputParameter></camunda:inputOutput>'
    )
    source = bpmn(node("userTask", "A", mapped), each, node("serviceTask", "V", paid), user("Z"), END,
                  chain("S", "A", "M", "V", "Z", "E"))  # fmt: skip
    first = walk(source, [task("A", fee=5, xs=[10, 20])])
    assert (first.stands, first.variables) == (
        (["A"], ["M", "M"], False),
        {"fee": 5, "xs": [10, 20], "due": 10},
    )
    # M 1 has x = 10 and M 2 has x = 20: the second is done first, then 10 * 3 stands.
    done = walk(source, [task("A", fee=5, xs=[10, 20]), task("M", 2, n=2), task("M", 1, n=3)])
    assert done.stands == (["A", "M", "M"], ["Z"], False)
    assert done.variables == {
        "fee": 5,
        "xs": [10, 20],
        "due": 10,
        "n": 3,
        "y": 30,
        "state": "paid",
        "rest": 9,
    }
    # What only the tool can work out is left out, with a warning that names it.
    warnings = load_process(source, name="mapped.bpmn").warnings
    assert [(w.where, "output body" in w.wrong, "It is left out." in w.wrong) for w in warnings] == [
        ("A", True, True)
    ]
