"""Where SpiffWorkflow 3.2 and Pendapa differ. Each difference is proven real, so that the list cannot rot.

docs/processes.md has the same names in a table, with what either does and why; the last test holds that.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from pendapa.expressions import Value
from pendapa.processes import (
    CompleteTask,
    FireTimer,
    ProcessRefused,
    ReceiveMessage,
    StepImpossible,
    advance,
    load_process,
    open_tasks,
    start,
)

from . import joint_data as data
from . import joint_flows as flows
from .bpmn import bpmn, chain, node, timer, user
from .dmn import dmn, table
from .joint_parts import (
    DECLARED,
    FLOOD,
    PAID,
    catch,
    choice,
    each,
    ends,
    gates,
    sub,
    throw,
)
from .samples import ROUNDS, STOPPED
from .spiff import Spiff

pytest.importorskip("SpiffWorkflow")
pytestmark = pytest.mark.oracle

PAGE = Path(__file__).parents[2] / "docs" / "processes.md"
DIFFERENCES: set[str] = set()


def difference(name: str) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """The difference that a test proves."""
    DIFFERENCES.add(name)
    return lambda test: test


class Both:
    """A case in both programs; a step is a task with what it sets, `!name` a message, `@id` a timer."""

    def __init__(
        self, source: bytes, variables: Mapping[str, Value] = {}, tables: Mapping[str, bytes] = {}
    ) -> None:
        self.there = Spiff(source, {}, tables, variables)
        self.process = load_process(source, name="both.bpmn", tables=tables)
        self.state = start(self.process, variables).state

    def do(self, *steps: str, **values: Value) -> Both:
        for step in steps:
            if step[0] == "!":
                self.there.hear(step[1:], {})
                self.state = advance(self.process, self.state, ReceiveMessage(step[1:])).state
            elif step[0] == "@":
                self.there.ring(step[1:])
                self.state = advance(self.process, self.state, FireTimer(step[1:])).state
            else:
                self.there.complete(step, 0, values)
                self.state = advance(self.process, self.state, CompleteTask(step, None, values)).state
        return self

    def open(self) -> tuple[list[str], list[str]]:
        """The open tasks there and here."""
        return self.there.open(), sorted(task.element for task in open_tasks(self.process, self.state))

    def set(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """The variables at the end, there and here."""
        assert (self.there.ended, not self.state.tokens) == (True, True)
        return self.there.variables, dict(self.state.variables)


@difference("rounds")
def test_a_join_in_the_second_round() -> None:
    # Credits and Place of the first round count as done in the second.
    case = Both(ROUNDS).do("Credits", "Place", "Fee").do("Decide", Decide="return").do("Fee")
    assert case.open() == (["Credits", "Decide", "Place"], ["Credits", "Place"])


@difference("one way back")
def test_an_inclusive_join_looks_back_along_one_way() -> None:
    case = Both(
        bpmn(
            user("A", "Ask", "B", "C", "Last"),
            gates("parallel", "Split"),
            gates("inclusive", "Join"),
            gates("exclusive", "Merge", "On"),
            choice("Which", "B", C="Ask == 'return'"),
            ends("End"),
            chain("S", "Split", "A", "Join", "Last", "End"),
            chain("Split", "Ask", "Which"),
            chain("B", "Merge", "On", "Join"),
            chain("C", "Merge"),
        )
    )
    assert case.do("A").do("Ask", Ask="accept").open() == (["B", "Last"], ["B"])


@difference("completed")
def test_a_case_is_completed_there_with_a_task_open() -> None:
    case = Both(STOPPED).do("B")
    assert case.open() == (["A"], ["A"])
    assert case.there.workflow.completed
    assert case.state.tokens


@difference("cycle")
def test_what_a_cycle_began_ends_there_with_its_task() -> None:
    case = Both(
        bpmn(
            user("Work", "Remind", "Sign"),
            timer("Soon", "Work", "R2/P1D", interrupting=False, kind="timeCycle"),
            ends("End", "Told"),
            chain("S", "Work", "Sign", "End"),
            chain("Soon", "Remind", "Told"),
        )
    )
    assert case.do("@Soon", "Work").open() == (["Sign"], ["Remind", "Sign"])


@difference("once")
def test_an_event_that_does_not_interrupt_happens_there_once() -> None:
    case = Both(flows.ACCOMPANIED).do("!paid", "!paid")
    assert case.open() == (["Answer", "Work"], ["Answer", "Answer", "Work"])


@difference("all hear")
def test_a_message_wakes_everyone_there() -> None:
    case = Both(
        bpmn(
            user("A", "B"),
            gates("parallel", "Split"),
            catch("One", PAID),
            catch("Two", PAID),
            ends("End"),
            chain("S", "Split", "One", "A", "End"),
            chain("Split", "Two", "B", "End"),
            before=DECLARED,
        )
    )
    assert case.do("!paid").open() == (["A", "B"], ["A"])


@difference("key")
def test_a_first_message_is_taken_there_whatever_its_key() -> None:
    asked = throw("Ask", '<messageEventDefinition messageRef="M"/>').encode()
    silent = data.ANSWERED.replace(asked, node("task", "Ask").encode())
    there = Spiff(silent, variables={"number": "7"})
    there.complete("A", 0, {})
    there.hear("answer", {}, ("case", "number", "8"))
    assert there.open() == ["B", "C"]
    process = load_process(silent, name="silent.bpmn")
    state = advance(process, start(process, {"number": "7"}).state, CompleteTask("A")).state
    with pytest.raises(StepImpossible, match="with key 8"):
        advance(process, state, ReceiveMessage("answer", "8"))


COPIES = bpmn(
    user("First", "A", "B", "C"),
    gates("parallel", "Split", "Join"),
    choice("Which", "Merge", C="told == 'yes'"),
    gates("exclusive", "Merge"),
    ends("End"),
    chain("S", "First", "Split", "A", "Join", "End"),
    chain("Split", "B", "Which"),
    chain("C", "Merge", "Join"),
)


@difference("copies")
def test_each_branch_has_a_copy_there() -> None:
    # What A sets after the split is not seen in the branch of B.
    case = Both(COPIES).do("First", told="no").do("A", told="yes").do("B")
    assert case.open() == ([], ["C"])
    # B's old copy comes to the join last and overwrites what A set.
    case = Both(COPIES).do("First", told="no").do("A", told="perhaps").do("B")
    there, here = case.set()
    assert (there["told"], here["told"]) == ("no", "perhaps")


@difference("side ways")
def test_what_a_side_way_sets_is_lost_there() -> None:
    case = Both(flows.ACCOMPANIED).do("@Soon").do("Remind", Remind="x").do("Work").do("Sign")
    assert case.set() == ({}, {"Remind": "x"})
    case = (
        Both(flows.ANY_UNSTRUCTURED)
        .do("Long")
        .do("Longer", Longer="refuse")
        .do("Else")
        .do("Short")
        .do("Last")
    )
    assert case.set() == ({}, {"Longer": "refuse"})


@difference("event sub-process")
def test_an_event_sub_process_keeps_its_variables_there() -> None:
    case = Both(flows.HANDLED).do("!paid").do("Note", Note="x").do("A").do("B")
    assert case.set() == ({}, {"Note": "x"})


@difference("interrupting start")
def test_an_event_sub_process_never_interrupts_there() -> None:
    case = Both(flows.HANDLED.replace(b' isInterrupting="false"', b"")).do("!paid")
    assert case.open() == (["A", "Note"], ["Note"])


@difference("inner handler")
def test_an_event_sub_process_inside_another_is_deaf_there() -> None:
    handler = node(
        "subProcess",
        "H",
        node("startEvent", "s_H", PAID, isInterrupting="false") + user("Note") + ends("e_H"),
        triggeredByEvent="true",
    ).replace("</subProcess>", chain("s_H", "Note", "e_H") + "</subProcess>")
    source = bpmn(
        sub("U", user("A"), chain("s_U", "A", "e_U"), handler),
        ends("End"),
        chain("S", "U", "End"),
        before=DECLARED,
    )
    assert Both(source).do("!paid").open() == (["A"], ["A", "Note"])


@difference("terminate")
def test_a_terminate_end_inside_loses_what_others_set_there() -> None:
    case = Both(flows.STOPPED_INSIDE).do("B", B="x").do("A", A="refuse").do("C")
    assert case.set() == ({"A": "refuse"}, {"A": "refuse", "B": "x"})


@difference("error")
def test_an_error_takes_the_variables_of_its_sub_process_along_there() -> None:
    case = Both(flows.FAILING).do("A", A="return").do("Fix")
    assert case.set() == ({"A": "return"}, {})


@difference("item")
def test_the_item_of_a_loop_stays_there() -> None:
    case = Both(data.EACH, {"members": ("Ani",)}).do("Vote").do("Sum")
    assert case.set() == ({"members": ["Ani"], "member": "Ani"}, {"members": ("Ani",)})
    # So the second of a sequential loop finds the name taken.
    in_turn = data.EACH.replace(b'isSequential="false"', b'isSequential="true"')
    there = Spiff(in_turn, variables={"members": ("Ani", "Budi")})
    from SpiffWorkflow.bpmn.exceptions import WorkflowDataException

    with pytest.raises(WorkflowDataException, match="member already exists"):
        there.complete("Vote", 0, {})


@difference("loop cut short")
def test_an_interrupted_loop_loses_there_what_was_done() -> None:
    case = Both(data.GUARDED_EACH, {"members": ("Ani", "Budi")}).do("Vote", Vote="x").do("@T").do("Late")
    there, here = case.set()
    assert ("Vote" in there, here["Vote"]) == (False, "x")


def fails_there(source: bytes, variables: Mapping[str, Value] = {}, task: str = "") -> str:
    from SpiffWorkflow.exceptions import SpiffWorkflowException

    with pytest.raises(SpiffWorkflowException) as failed:
        there = Spiff(source, variables=variables)
        there.complete(task, 0, {})
    return str(failed.value)


@difference("counters")
def test_a_loop_is_not_counted_there() -> None:
    counted = bpmn(
        node("userTask", "Vote", each(until="nrOfCompletedInstances >= 1")),
        ends("End"),
        chain("S", "Vote", "End"),
    )
    assert "nrOfCompletedInstances" in fails_there(counted, {"members": ("Ani", "Budi")}, "Vote")
    process = load_process(counted, name="counted.bpmn")
    state = start(process, {"members": ("Ani", "Budi")}).state
    assert advance(process, state, CompleteTask("Vote")).ended


@difference("missing")
def test_a_missing_variable_is_an_error_there() -> None:
    source = bpmn(
        user("A", "B"), choice("G", "End", B="x == 1"), ends("End"), chain("S", "A", "G"), chain("B", "End")
    )
    assert "x == 1" in fails_there(source, {}, "A")
    process = load_process(source, name="missing.bpmn")
    assert advance(process, start(process, {}).state, CompleteTask("A")).ended


@difference("signal end")
def test_a_signal_end_is_silent_there() -> None:
    case = Both(
        bpmn(
            user("A", "B"),
            gates("parallel", "Split"),
            catch("Heard", FLOOD),
            node("endEvent", "Alarm", FLOOD),
            ends("End"),
            chain("S", "Split", "A", "Alarm"),
            chain("Split", "Heard", "B", "End"),
            before=DECLARED,
        )
    )
    assert case.do("A").open() == ([], ["B"])


@difference("link")
def test_a_link_leads_nowhere_there() -> None:
    link = '<linkEventDefinition name="page 2"/>'
    case = Both(
        bpmn(
            user("A", "B"),
            throw("Out", link),
            catch("In", link),
            ends("End"),
            chain("S", "A", "Out"),
            chain("In", "B", "End"),
        )
    )
    assert case.do("A").open() == ([], ["B"])
    assert case.there.ended


RULE = data.ruled(ends("End"), chain("S", "Rule", "End"))


@difference("overlap")
def test_rules_that_overlap_are_passed_over_there() -> None:
    overlapping = {"fee.dmn": dmn(table("Fee", ["area"], ["fee"], ["> 100", "1"], ["> 50", "2"]))}
    assert Spiff(RULE, tables=overlapping, variables={"area": 120}).variables["fee"] == 1
    with pytest.raises(ProcessRefused, match="Rules 1 and 2 both fit"):
        load_process(RULE, name="rule.bpmn", tables=overlapping)


@difference("hit policies")
def test_rule_order_and_sums_are_unknown_there() -> None:
    rules = (["> 100", "1"], ["> 50", "2"])
    ordered = {"fee.dmn": dmn(table("Fee", ["area"], ["fee"], *rules, policy="RULE ORDER"))}
    there, here = Both(RULE, {"area": 120}, ordered).set()
    assert (there["fee"], here["fee"]) == (1, (1, 2))
    summed = {"fee.dmn": dmn(table("Fee", ["area"], ["fee"], *rules, policy="COLLECT", aggregation="SUM"))}
    there, here = Both(RULE, {"area": 120}, summed).set()
    assert (there["fee"], here["fee"]) == ([1, 2], 3)


@difference("no rule")
def test_where_no_rule_fits_nothing_is_set_there() -> None:
    none = {"fee.dmn": dmn(table("Fee", ["area"], ["fee"], ["> 100", "1"]))}
    there, here = Both(RULE, {"area": 20}, none).set()
    assert ("fee" in there, here["fee"]) == (False, None)


@difference("ranges")
def test_ranges_are_lists_there() -> None:
    ranged = {
        "fee.dmn": dmn(table("Fee", ["area"], ["fee"], ["[100, 200]", "1"], ["-", "2"], policy="FIRST"))
    }
    dotted = {"fee.dmn": ranged["fee.dmn"].replace(b"[100, 200]", b"[100..200]")}
    from SpiffWorkflow.exceptions import SpiffWorkflowException

    with pytest.raises((SpiffWorkflowException, SyntaxError)):
        Spiff(RULE, tables=dotted, variables={"area": 120})
    process = load_process(RULE, name="rule.bpmn", tables=dotted)
    assert start(process, {"area": 120}).state.variables["fee"] == 1


def test_the_page_names_the_same_differences() -> None:
    text = PAGE.read_text(encoding="utf-8")
    part = text.partition("## Where SpiffWorkflow and Pendapa differ, and why")[2].partition("\n## ")[0]
    rows = [line.split("|")[1].strip() for line in part.splitlines() if line.startswith("| ")]
    assert sorted(rows[1:]) == sorted(DIFFERENCES)
