"""Loop markers and lists, lists in lists, and what they gather: walked by hand."""

from __future__ import annotations

import json

import pytest

from pendapa.processes import (
    CompleteTask,
    Process,
    ProcessRefused,
    advance,
    load_process,
    start,
)

from .bpmn import bpmn, called, chain, foreign, node, timer, user
from .parts import END, again, many, sub
from .walking import task, walk

# Loop markers.


def test_a_loop_marker_goes_on_while_its_condition_holds() -> None:
    source = bpmn(node("userTask", "A", again("more = true")), user("Z"), END, chain("S", "A", "Z", "E"))
    assert walk(source, [task("A", more=True)]).stands == (["A"], ["A"], False)
    assert walk(source, [task("A", more=True), task("A", more=True)]).stands == (["A", "A"], ["A"], False)
    assert walk(source, [task("A", more=True), task("A", more=False)]).stands == (["A", "A"], ["Z"], False)
    # A missing variable is no condition that holds: once is enough.
    assert walk(source, ["A"]).stands == (["A"], ["Z"], False)


def test_a_loop_marker_may_be_judged_first_and_has_a_maximum() -> None:
    marker = again("more = true", testBefore="true", loopMaximum="2")
    source = bpmn(user("Y"), node("userTask", "A", marker), user("Z"), END, chain("S", "Y", "A", "Z", "E"))
    assert walk(source, ["Y"]).stands == (["Y"], ["Z"], False)
    assert walk(source, [task("Y", more=True), "A"]).stands == (["Y", "A"], ["A"], False)
    assert walk(source, [task("Y", more=True), "A", "A"]).stands == (["Y", "A", "A"], ["Z"], False)


def test_a_sub_process_and_a_call_with_a_loop_marker() -> None:
    survey = {"s.bpmn": called("Survey", user("Go"), chain("s", "Go", "e"))}
    around = sub("Sub", user("B"), again("loopCounter &lt; 2"), chain("s_Sub", "B", "e_Sub"))
    source = bpmn(around, node("callActivity", "C", again(loopMaximum="2"), calledElement="Survey"), timer("T", "Sub"),
                  END, chain("S", "Sub", "C", "E"), chain("T", "E"))  # fmt: skip
    # loopCounter is 1 after the first and 2 after the second time; the call is made twice.
    assert walk(source, ["B"], survey).stands == (["B"], ["B"], False)
    assert walk(source, ["B", "B"], survey).stands == (["B", "B"], ["Go"], False)
    assert walk(source, ["B", "B", "Go"], survey).stands == (["B", "B", "Go"], ["Go"], False)
    assert walk(source, ["B", "B", "Go", "Go"], survey).stands == (["B", "B", "Go", "Go"], [], True)
    assert walk(source, ["B", {"timer": "T"}], survey).stands == (["B"], [], True)


@pytest.mark.parametrize("marker", ["<standardLoopCharacteristics/>", again(loopMaximum="often")])
def test_a_loop_marker_that_says_nothing_is_refused(marker: str) -> None:
    source = bpmn(node("userTask", "A", marker, name="Ask"), END, chain("S", "A", "E"))
    with pytest.raises(ProcessRefused, match='A "Ask": The loop marker says neither how long nor how often'):
        load_process(source, name="loop.bpmn")


# Lists in lists.

NESTED = bpmn(
    user("List"),
    sub(
        "District",
        many("districts", "district"),
        sub("Village", many("villages", "village", sequential=True), user("See"),
            chain("s_Village", "See", "e_Village")),
        user("Report"),
        chain("s_District", "Village", "Report", "e_District"),
    ),
    user("Z"),
    END,
    timer("T", "District"),
    chain("S", "List", "District", "Z", "E"),
    chain("T", "E"),
)  # fmt: skip


def test_a_list_in_a_list() -> None:
    # Two districts side by side; in each two villages one after the other, then a report.
    both = task("List", districts=["Adiwerna", "Slawi"], villages=["a", "b"])
    assert walk(NESTED, [both]).stands == (["List"], ["See", "See"], False)
    assert walk(NESTED, [both, "See", "See"]).stands == (["List", "See", "See"], ["See", "See"], False)
    # Instances: List 1, loop 2, its timer 3, districts 4 and 5, their loops 6 and 7, village 8, See 9 ...
    one = walk(NESTED, [both, "See", "See", "See"])
    assert one.stands == (["List", "See", "See", "See"], ["Report", "See"], False)
    all_seen = [both, *["See"] * 4, task("Report", n=1), task("Report", n=2)]
    assert walk(NESTED, all_seen).stands == (["List", *["See"] * 4, "Report", "Report"], ["Z"], False)
    assert walk(NESTED, all_seen).variables == {
        "districts": ["Adiwerna", "Slawi"],
        "villages": ["a", "b"],
        "n": 2,
    }
    assert walk(NESTED, [both, "See", {"timer": "T"}]).stands == (["List", "See"], [], True)
    # No village: straight to the reports. No district: straight on.
    assert walk(NESTED, [task("List", districts=[1, 2], villages=[])]).stands == (
        ["List"],
        ["Report", "Report"],
        False,
    )
    assert walk(NESTED, [task("List", districts=[], villages=["a"])]).stands == (["List"], ["Z"], False)


@pytest.mark.parametrize("sequential", [True, False])
def test_a_completion_condition_on_a_sub_process(sequential: bool) -> None:
    source = bpmn(
        sub("Ask", many("people", "person", sequential=sequential, until="agreed = true"), user("Vote"),
            chain("s_Ask", "Vote", "e_Ask")),
        user("Z"), END, chain("S", "First", "Ask", "Z", "E"), user("First"),
    )  # fmt: skip
    three = task("First", people=["a", "b", "c"])
    waiting = ["Vote"] if sequential else ["Vote", "Vote"]
    assert walk(source, [three, task("Vote", agreed=False)]).stands == (["First", "Vote"], waiting, False)
    done = walk(source, [three, task("Vote", agreed=False), task("Vote", agreed=True)])
    assert (done.stands, done.variables["agreed"]) == ((["First", "Vote", "Vote"], ["Z"], False), True)


def test_results_are_gathered_as_bpmn_writes_it() -> None:
    more = '<loopDataOutputRef>marks</loopDataOutputRef><outputDataItem id="o" name="mark"/>'
    source = bpmn(user("First"), node("userTask", "A", many("xs", "x", more=more, until="mark = 0")), user("Z"), END,
                  chain("S", "First", "A", "Z", "E"))  # fmt: skip
    three = task("First", xs=[1, 2, 3])
    done = walk(source, [three, task("A", mark=7), task("A", mark=8), task("A", mark=9)])
    assert done.variables["marks"] == [7, 8, 9]
    # Ended early, the third gave nothing.
    assert walk(source, [three, task("A", mark=7), task("A", mark=0)]).variables["marks"] == [7, 0, None]
    assert walk(source, [task("First", xs=[])]).variables["marks"] == []


def test_effects_of_a_loop_that_gathers_what_it_reads() -> None:
    table = foreign('<zeebe:loopCharacteristics inputCollection="=xs" inputElement="x" outputCollection="ys" '
                    'outputElement="=x * x"/>')  # fmt: skip
    marker = f"<multiInstanceLoopCharacteristics>{table}</multiInstanceLoopCharacteristics>"
    source = bpmn(user("First"), node("serviceTask", "V", marker), node("task", "Q", marker.replace("ys", "zs")),
                  user("Z"), END, chain("S", "First", "V", "Q", "Z", "E"))  # fmt: skip
    done = walk(source, [task("First", xs=[3, 1, 2])])
    assert done.variables == {"xs": [3, 1, 2], "ys": [9, 1, 4], "zs": [9, 1, 4]}


def test_nothing_in_a_step_changes_the_state_it_was_taken_on() -> None:
    process: Process = load_process(NESTED, name="nested.bpmn")
    state = advance(
        process, start(process, {}).state, CompleteTask("List", None, {"districts": (1,), "villages": (1, 2)})
    )
    before = json.dumps(state.state.to_json())
    advance(process, state.state, CompleteTask("See", None, {"x": 1}))
    assert json.dumps(state.state.to_json()) == before
