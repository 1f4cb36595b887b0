"""Multi-instance activities, walked by hand."""

from __future__ import annotations

import pytest

from pendapa.processes import (
    CompleteTask,
    FinishEffect,
    FireTimer,
    Process,
    ProcessStuck,
    RaiseError,
    State,
    advance,
    open_tasks,
)

from .bpmn import chain, flow, node, timer, user
from .test_subprocesses import boundary, sub
from .test_walks import compiled, is_open, walked

BPMN = "<loopDataInputRef>members</loopDataInputRef><inputDataItem name='member'/>"
CAMUNDA = 'xmlns:c="http://camunda.org/schema/1.0/bpmn" c:collection="${members}" c:elementVariable="member"'
ZEEBE = (
    '<extensionElements><z:loopCharacteristics xmlns:z="http://camunda.org/schema/zeebe/1.0" '
    'inputCollection="= members" inputElement="member"/></extensionElements>'
)


def marker(inner: str = BPMN, attributes: str = "", *, sequential: bool = False, until: str = "") -> str:
    if until:
        inner += f"<completionCondition>{until}</completionCondition>"
    return (
        f'<multiInstanceLoopCharacteristics isSequential="{str(sequential).lower()}" {attributes}>{inner}'
        "</multiInstanceLoopCharacteristics>"
    )


def each(inner: str, tag: str = "userTask", *more: str) -> Process:
    return compiled(
        node(tag, "Vote", inner), user("Sum"), node("endEvent", "E"), chain("S", "Vote", "Sum", "E"), *more
    )


@pytest.mark.parametrize(
    "inner", [marker(), marker("", CAMUNDA), marker(ZEEBE)], ids=["bpmn", "camunda", "zeebe"]
)
def test_a_task_is_opened_once_for_each_item(inner: str) -> None:
    process = each(inner)
    assert process.reads == {"members"}
    at = walked(process, members=("Ani", "Budi"))
    # instances: the loop 1, its tasks 2 and 3
    assert [(t.instance, t.element) for t in open_tasks(process, at.state)] == [(2, "Vote"), (3, "Vote")]
    assert [t.detail.get("local", {}).get("member") for t in at.state.tokens] == [None, "Ani", "Budi"]
    at = advance(process, State.from_json(at.state.to_json()), CompleteTask("Vote", 3, {"yes": 1}))
    assert is_open(process, at.state) == ["Vote"]
    at = advance(process, at.state, CompleteTask("Vote", None, {"yes": 2}))
    assert is_open(process, at.state) == ["Sum"]
    # The last set wins; the item itself was never a variable of the case.
    assert at.state.variables == {"members": ("Ani", "Budi"), "yes": 2}
    assert at.passed == ("Vote",)


def test_one_after_the_other() -> None:
    process = each(marker(sequential=True))
    at = walked(process, members=("Ani", "Budi", "Citra"))
    for member in ("Ani", "Budi", "Citra"):
        assert is_open(process, at.state) == ["Vote"]
        assert at.state.tokens[-1].detail["local"]["member"] == member
        at = advance(process, at.state, CompleteTask("Vote", None, {"member": "nobody"}))
    assert is_open(process, at.state) == ["Sum"]
    assert "member" not in at.state.variables


@pytest.mark.parametrize("sequential", [True, False])
def test_an_empty_list_passes_on(sequential: bool) -> None:
    process = each(marker(sequential=sequential))
    assert is_open(process, walked(process, members=()).state) == ["Sum"]


@pytest.mark.parametrize("value", [None, "Ani"])
def test_a_list_that_is_none_is_refused(value: str | None) -> None:
    with pytest.raises(ProcessStuck, match="no list"):
        walked(each(marker()), members=value)


@pytest.mark.parametrize("sequential", [True, False])
def test_a_completion_condition_ends_the_loop_early(sequential: bool) -> None:
    process = each(marker(sequential=sequential, until="nrOfCompletedInstances &gt;= 2 or veto"))
    at = walked(process, CompleteTask("Vote"), members=(1, 2, 3))
    assert is_open(process, advance(process, at.state, CompleteTask("Vote")).state) == ["Sum"]
    at = walked(process, CompleteTask("Vote", None, {"veto": True}), members=(1, 2, 3))
    assert is_open(process, at.state) == ["Sum"]
    # Side by side, the two that were open are cancelled; one after the other, they never came.
    assert [c.how for c in at.closed] == ["done"] + ([] if sequential else ["cancelled"] * 2)


def test_so_many_times() -> None:
    process = each(marker("<loopCardinality>3</loopCardinality>"))
    assert is_open(process, walked(process).state) == ["Vote"] * 3


def test_effects_and_plain_tasks_repeat_too() -> None:
    service = each(marker(), "serviceTask")
    at = walked(service, FinishEffect("Vote"), FinishEffect("Vote"), members=(1, 2))
    assert is_open(service, at.state) == ["Sum"]
    plain = each(marker(sequential=True), "task")
    assert is_open(plain, walked(plain, members=tuple(range(500))).state) == ["Sum"]


@pytest.mark.parametrize("sequential", [True, False])
def test_a_sub_process_for_each_item(sequential: bool) -> None:
    # Each member of age signs, the others pass through at once; ages 20, 9, 30: two sign.
    process = compiled(
        sub(
            "Each",
            marker(
                "<loopDataInputRef>ages</loopDataInputRef><inputDataItem name='age'/>", sequential=sequential
            ),
            node("exclusiveGateway", "G", default="G_e_Each"),
            user("Sign"),
            chain("s_Each", "G", "e_Each"),
            flow("grown", "G", "Sign", "age >= 17"),
            chain("Sign", "e_Each"),
        ),
        user("Sum"),
        node("endEvent", "E"),
        chain("S", "Each", "Sum", "E"),
    )
    at = walked(process, ages=(20, 9, 30))
    assert is_open(process, at.state) == (["Sign"] if sequential else ["Sign", "Sign"])
    at = advance(process, at.state, CompleteTask("Sign", None, {"signed": 1}))
    assert is_open(process, at.state) == ["Sign"]
    at = advance(process, at.state, CompleteTask("Sign", None, {"signed": 2}))
    assert is_open(process, at.state) == ["Sum"]
    assert at.state.variables == {"ages": (20, 9, 30), "signed": 2}


def test_events_on_the_border_belong_to_the_whole() -> None:
    process = each(
        marker(),
        "userTask",
        timer("T", "Vote"),
        boundary("Bad", "Vote", "<errorEventDefinition/>"),
        user("Late", "Fix"),
        chain("T", "Late", "E"),
        chain("Bad", "Fix", "E"),
    )
    late = walked(process, CompleteTask("Vote"), FireTimer("T"), members=(1, 2, 3))
    assert is_open(process, late.state) == ["Late"]
    assert [t.element for t in late.state.tokens] == ["Late"]
    failed = walked(process, RaiseError("E-1", "Vote"), members=(1, 2, 3))
    assert [t.element for t in failed.state.tokens] == ["Fix"]
