"""Walks worked by hand: what is open, done and ended after each step."""

from __future__ import annotations

import pickle

import pytest

from pendapa.processes import (
    ClosedTask,
    CompleteTask,
    FinishEffect,
    FireTimer,
    Outcome,
    Process,
    ProcessStuck,
    RaiseError,
    RaiseSignal,
    ReceiveMessage,
    State,
    Step,
    StepImpossible,
    advance,
    load_process,
    open_effects,
    open_messages,
    open_tasks,
    open_timers,
    start,
)

from .bpmn import bpmn, chain, flow, node, timer, user
from .samples import ROUNDS


def compiled(*parts: str, before: str = "", after: str = "") -> Process:
    return load_process(bpmn(*parts, before=before, after=after), name="test.bpmn")


def walked(process: Process, *steps: Step, **variables: object) -> Outcome:
    outcome = start(process, variables)  # type: ignore[arg-type]
    for step in steps:
        outcome = advance(process, outcome.state, step)
    return outcome


def is_open(process: Process, state: State) -> list[str]:
    return [task.element for task in open_tasks(process, state)]


SEQUENCE = compiled(user("A", "B"), node("endEvent", "E"), chain("S", "A", "B", "E"))

CORRECTION = compiled(
    user("Check", "Correct", "Sign"),
    node("exclusiveGateway", "Complete", default="f_back"),
    node("exclusiveGateway", "Again"),
    node("endEvent", "Issued"),
    node("endEvent", "Refused"),
    chain("S", "Again", "Check", "Complete"),
    flow("f_sign", "Complete", "Sign", 'Check_result = "accept"'),
    flow("f_refuse", "Complete", "Refused", "${Check_result = 'refuse'}"),
    flow("f_back", "Complete", "Correct"),
    chain("Correct", "Again"),
    chain("Sign", "Issued"),
)

PARALLEL = compiled(
    user("Credits", "Place", "Sign"),
    node("parallelGateway", "Split"),
    node("parallelGateway", "Join"),
    node("endEvent", "E"),
    chain("S", "Split", "Credits", "Join", "Sign", "E"),
    chain("Split", "Place", "Join"),
)


def test_a_case_starts_at_the_first_task() -> None:
    outcome = start(SEQUENCE, {"amount": 3})
    assert [(t.instance, t.element, t.name, t.kind) for t in outcome.opened] == [(1, "A", "Task A", "user")]
    assert outcome.passed == ("S",)
    assert not outcome.ended
    assert outcome.state.variables == {"amount": 3}


def test_a_case_ends_when_no_token_is_left() -> None:
    outcome = walked(SEQUENCE, CompleteTask("A", None, {"x": 1}), CompleteTask("B", None, {"x": 2}))
    assert outcome.ended
    assert outcome.end == "E"
    assert outcome.passed == ("B", "E")
    assert outcome.state.tokens == ()
    assert outcome.state.variables == {"x": 2}


def test_the_state_handed_in_is_left_as_it_was() -> None:
    before = start(SEQUENCE, {}).state
    kept = before.to_json()
    advance(SEQUENCE, before, CompleteTask("A", None, {"x": 1}))
    assert before.to_json() == kept


def test_a_case_returned_for_correction_comes_back_as_a_new_instance() -> None:
    once = walked(CORRECTION, CompleteTask("Check", None, {"Check_result": "return"}))
    assert is_open(CORRECTION, once.state) == ["Correct"]
    back = advance(CORRECTION, once.state, CompleteTask("Correct"))
    # instances: Check 1, Correct 2, Check again 3
    assert [(t.instance, t.element) for t in back.opened] == [(3, "Check")]
    signed = advance(CORRECTION, back.state, CompleteTask("Check", 3, {"Check_result": "accept"}))
    assert is_open(CORRECTION, signed.state) == ["Sign"]
    assert advance(CORRECTION, signed.state, CompleteTask("Sign")).end == "Issued"


def test_the_end_tells_how_the_case_ended() -> None:
    outcome = walked(CORRECTION, CompleteTask("Check", None, {"Check_result": "refuse"}))
    assert (outcome.ended, outcome.end) == (True, "Refused")


def test_a_missing_variable_is_not_a_condition_that_holds() -> None:
    # Check_result was never set: neither comparison is true, so the default flow is taken.
    assert is_open(CORRECTION, walked(CORRECTION, CompleteTask("Check")).state) == ["Correct"]


@pytest.mark.parametrize("order", [("Credits", "Place"), ("Place", "Credits")])
def test_a_parallel_join_waits_for_both_in_either_order(order: tuple[str, str]) -> None:
    begun = start(PARALLEL, {})
    assert is_open(PARALLEL, begun.state) == ["Credits", "Place"]
    half = advance(PARALLEL, begun.state, CompleteTask(order[0]))
    assert is_open(PARALLEL, half.state) == [order[1]]
    assert [t.waiting for t in half.state.tokens] == ["task", "join"]
    whole = advance(PARALLEL, half.state, CompleteTask(order[1]))
    assert is_open(PARALLEL, whole.state) == ["Sign"]
    assert whole.passed == (order[1], "Join")


def test_a_join_counts_flows_not_tokens() -> None:
    # A reminder brings a second token by the same flow; the join must go on waiting for the other flow.
    process = compiled(
        user("A", "B", "C"),
        node("parallelGateway", "Split"),
        node("parallelGateway", "Join"),
        node("endEvent", "E"),
        chain("S", "Split", "A", "Join", "C", "E"),
        chain("Split", "B", "Join"),
        timer("Remind", "B", interrupting=False, kind="timeCycle", value="R2/P1D"),
        chain("Remind", "A"),
    )
    twice = walked(process, FireTimer("Remind"), CompleteTask("A"), CompleteTask("A"))
    assert is_open(process, twice.state) == ["B"]
    joined = advance(process, twice.state, CompleteTask("B"))
    assert is_open(process, joined.state) == ["C"]
    # one A-token is left over at the join
    assert [t.element for t in joined.state.tokens] == ["Join", "C"]


def test_a_join_waits_anew_in_each_round() -> None:
    process = load_process(ROUNDS, name="rounds.bpmn")
    first = walked(process, *(CompleteTask(task) for task in ("Credits", "Place", "Fee")))
    assert is_open(process, first.state) == ["Decide"]
    second = advance(process, first.state, CompleteTask("Decide", None, {"Decide": "return"}))
    assert is_open(process, second.state) == ["Credits", "Place", "Fee"]
    one = advance(process, second.state, CompleteTask("Credits"))
    assert is_open(process, one.state) == ["Place", "Fee"]
    two = advance(process, one.state, CompleteTask("Fee"))
    assert is_open(process, two.state) == ["Place"]
    assert is_open(process, advance(process, two.state, CompleteTask("Place")).state) == ["Decide"]


def test_an_impossible_task_says_what_is_open() -> None:
    begun = start(PARALLEL, {})
    with pytest.raises(StepImpossible) as refused:
        advance(PARALLEL, begun.state, CompleteTask("Sign"))
    text = str(refused.value)
    assert "Sign is not open" in text
    assert 'Credits "Task Credits" (instance 1)' in text
    assert 'Place "Task Place" (instance 2)' in text


def test_a_task_is_done_only_once() -> None:
    after = walked(SEQUENCE, CompleteTask("A", 1))
    with pytest.raises(StepImpossible, match=r"A \(instance 1\) is not open"):
        advance(SEQUENCE, after.state, CompleteTask("A", 1))


def test_an_ended_case_takes_no_step() -> None:
    ended = walked(SEQUENCE, CompleteTask("A"), CompleteTask("B")).state
    with pytest.raises(StepImpossible, match="the case has ended"):
        advance(SEQUENCE, ended, CompleteTask("A"))


def test_an_interrupting_timer_cancels_its_task_and_leaves_the_other_branch() -> None:
    process = compiled(
        user("Visit", "Credits", "Decide"),
        node("parallelGateway", "Split"),
        node("exclusiveGateway", "Merge"),
        node("parallelGateway", "Join"),
        node("endEvent", "E"),
        chain("S", "Split", "Visit", "Merge", "Join", "Decide", "E"),
        chain("Split", "Credits", "Join"),
        timer("Late", "Visit", "P3D"),
        timer("Remind", "Visit", "P1D", interrupting=False),
        node("endEvent", "Told"),
        chain("Late", "Merge"),
        chain("Remind", "Told"),
    )
    begun = start(process, {})
    # tokens: Visit 1 (timers 2 and 3), Credits 4
    assert [
        (t.instance, t.element, t.value, t.interrupting, t.attached_to, t.task) for t in begun.timers
    ] == [
        (2, "Late", "P3D", True, "Visit", 1),
        (3, "Remind", "P1D", False, "Visit", 1),
    ]
    fired = advance(process, begun.state, FireTimer("Late", 2))
    assert fired.closed == (ClosedTask(1, "Visit", "cancelled"),)
    assert sorted(fired.timers_gone) == [2, 3]
    assert is_open(process, fired.state) == ["Credits"]
    decided = advance(process, fired.state, CompleteTask("Credits"))
    assert is_open(process, decided.state) == ["Decide"]
    with pytest.raises(StepImpossible, match="Timer Remind is not running"):
        advance(process, fired.state, FireTimer("Remind"))


REMINDED = (
    user("Work", "Remind"),
    node("endEvent", "E"),
    node("endEvent", "E2"),
    chain("S", "Work", "E"),
    chain("T", "Remind", "E2"),
)


def test_a_timer_that_does_not_interrupt_leaves_its_task() -> None:
    process = compiled(*REMINDED, timer("T", "Work", interrupting=False))
    fired = walked(process, FireTimer("T"))
    assert fired.closed == ()
    assert fired.timers_gone == (2,)
    assert sorted(is_open(process, fired.state)) == ["Remind", "Work"]
    with pytest.raises(StepImpossible):
        advance(process, fired.state, FireTimer("T"))
    # Work keeps its number, so whoever holds it can still finish it; the case waits for the reminder then.
    worked = advance(process, fired.state, CompleteTask("Work", 1))
    assert not worked.ended
    assert advance(process, worked.state, CompleteTask("Remind")).end == "E2"


def test_a_cycle_fires_as_often_as_it_says() -> None:
    process = compiled(*REMINDED, timer("T", "Work", "R2/P1D", interrupting=False, kind="timeCycle"))
    first = walked(process, FireTimer("T"))
    assert len(first.timers) == 1
    second = advance(process, first.state, FireTimer("T"))
    assert second.timers == ()
    assert open_timers(process, second.state) == ()
    assert sorted(is_open(process, second.state)) == ["Remind", "Remind", "Work"]


def test_completing_a_task_takes_its_timers_away() -> None:
    process = compiled(*REMINDED, timer("T", "Work"))
    done = walked(process, CompleteTask("Work"))
    assert done.closed == (ClosedTask(1, "Work", "done"),)
    assert done.timers_gone == (2,)
    assert done.ended


def test_a_timer_value_may_be_computed() -> None:
    process = compiled(*REMINDED, timer("T", "Work", "${limit}"))
    assert start(process, {"limit": "P7D"}).timers[0].value == "P7D"
    assert process.reads == {"limit"}
    with pytest.raises(ProcessStuck, match="limit = missing"):
        start(process, {})


PAYMENT = (
    node("intermediateCatchEvent", "Wait", '<messageEventDefinition messageRef="M"/>', name="Await payment"),
    node("endEvent", "E"),
    chain("S", "Wait", "E"),
)


def test_a_message_is_matched_by_name() -> None:
    process = compiled(*PAYMENT, before='<message id="M" name="paid"/>')
    begun = start(process, {})
    assert [(m.element, m.message, m.key) for m in open_messages(process, begun.state)] == [
        ("Wait", "paid", None)
    ]
    assert begun.opened == ()
    with pytest.raises(StepImpossible, match=r'does not wait for message "payed".*"paid"'):
        advance(process, begun.state, ReceiveMessage("payed"))
    paid = advance(process, begun.state, ReceiveMessage("paid", "whatever", {"receipt": "R-1"}))
    assert paid.ended
    assert paid.state.variables == {"receipt": "R-1"}


KEYED = (
    '<message id="M" name="paid"><extensionElements>'
    '<zeebe:subscription xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" correlationKey="=billing"/>'
    "</extensionElements></message>"
)
STANDARD_KEY = (
    '<message id="M" name="paid"/><collaboration id="C"><correlationKey id="K">'
    "<correlationPropertyRef>number</correlationPropertyRef></correlationKey></collaboration>"
    '<correlationProperty id="number"><correlationPropertyRetrievalExpression id="R" messageRef="M">'
    "<messagePath>number</messagePath></correlationPropertyRetrievalExpression></correlationProperty>"
)
SUBSCRIPTION = (
    '<correlationSubscription id="Sub" correlationKeyRef="K"><correlationPropertyBinding id="B" '
    'correlationPropertyRef="number"><dataPath>billing</dataPath></correlationPropertyBinding>'
    "</correlationSubscription>"
)


@pytest.mark.parametrize(
    ("before", "inside"), [(KEYED, ""), (STANDARD_KEY, SUBSCRIPTION)], ids=["zeebe", "standard"]
)
def test_a_message_with_another_key_is_refused(before: str, inside: str) -> None:
    process = compiled(*PAYMENT, inside, before=before)
    begun = start(process, {"billing": 77})
    assert open_messages(process, begun.state)[0].key == "77"
    for key in (None, "78", ""):
        with pytest.raises(StepImpossible, match=r"not the key the case waits for.*key 77"):
            advance(process, begun.state, ReceiveMessage("paid", key))
    assert advance(process, begun.state, ReceiveMessage("paid", "77")).ended


def test_of_two_waits_for_one_message_the_key_chooses() -> None:
    process = compiled(
        node("parallelGateway", "Split"),
        node("receiveTask", "R", messageRef="M"),
        node("userTask", "U"),
        node("receiveTask", "R2", messageRef="M2"),
        node("endEvent", "E"),
        chain("S", "Split", "R", "E"),
        chain("Split", "U", "R2", "E"),
        before='<message id="M" name="paid" x:correlationKey="a" xmlns:x="urn:x"/>'
        '<message id="M2" name="paid" x:correlationKey="b" xmlns:x="urn:x"/>',
    )
    both = walked(process, CompleteTask("U"), a="1", b="2")
    after = advance(process, both.state, ReceiveMessage("paid", "2"))
    assert after.closed == (ClosedTask(3, "R2", "done"),)
    assert is_open(process, after.state) == ["R"]


def test_a_receive_task_is_open_work_that_a_message_finishes() -> None:
    process = compiled(
        node("receiveTask", "R", messageRef="M", name="Answer"),
        node("endEvent", "E"),
        chain("S", "R", "E"),
        before='<message id="M" name="answer"/>',
    )
    begun = start(process, {})
    assert [(t.element, t.kind) for t in begun.opened] == [("R", "receive")]
    assert advance(process, begun.state, ReceiveMessage("answer")).closed == (ClosedTask(1, "R", "done"),)
    assert advance(process, begun.state, CompleteTask("R")).ended


def test_a_service_task_is_an_effect_the_caller_finishes() -> None:
    process = compiled(
        node("serviceTask", "Push", name="Hand over"),
        node("sendTask", "Tell", messageRef="M"),
        node("endEvent", "E"),
        chain("S", "Push", "Tell", "E"),
        before='<message id="M" name="told"/>',
    )
    begun = start(process, {})
    assert [(e.instance, e.element, e.name, e.kind) for e in begun.effects] == [
        (1, "Push", "Hand over", "service")
    ]
    assert begun.opened == ()
    assert open_effects(process, begun.state) == begun.effects
    pushed = advance(process, begun.state, FinishEffect("Push", 1, {"number": "X1"}))
    assert [(e.kind, dict(e.detail)) for e in pushed.effects] == [("send", {"message": "told"})]
    assert advance(process, pushed.state, FinishEffect("Tell")).ended
    with pytest.raises(StepImpossible, match="Effect Push"):
        advance(process, pushed.state, FinishEffect("Push", 1))


def test_a_terminate_end_cancels_everything_else() -> None:
    process = compiled(
        user("A", "B"),
        node("serviceTask", "X"),
        node("parallelGateway", "Split"),
        node("endEvent", "Stop", "<terminateEventDefinition/>"),
        node("endEvent", "E"),
        timer("T", "B"),
        chain("S", "Split", "A", "Stop"),
        chain("Split", "B", "E"),
        chain("Split", "X", "E"),
        chain("T", "E"),
    )
    begun = start(process, {})
    # A 1, B 2 with timer 3, X 4
    stopped = advance(process, begun.state, CompleteTask("A"))
    assert stopped.closed == (ClosedTask(1, "A", "done"), ClosedTask(2, "B", "cancelled"))
    assert (stopped.timers_gone, stopped.effects_gone) == ((3,), (4,))
    assert (stopped.ended, stopped.end) == (True, "Stop")


def test_a_gateway_without_a_way_on_names_itself_and_what_it_read() -> None:
    process = compiled(
        user("A"),
        node("exclusiveGateway", "G", name="How much?"),
        node("endEvent", "E1"),
        node("endEvent", "E2"),
        chain("S", "A", "G"),
        flow("f1", "G", "E1", "amount > 10"),
        flow("f2", "G", "E2", "amount < 5 and not urgent"),
    )
    begun = start(process, {"amount": 7})
    with pytest.raises(ProcessStuck) as stuck:
        advance(process, begun.state, CompleteTask("A"))
    for part in ('G "How much?"', "amount = 7", "urgent = missing", 'task A "Task A"'):
        assert part in str(stuck.value)
    assert is_open(process, begun.state) == ["A"]
    assert advance(process, begun.state, CompleteTask("A", None, {"amount": 11})).end == "E1"


def test_a_condition_that_cannot_be_judged_names_its_flow() -> None:
    process = compiled(
        node("exclusiveGateway", "G", default="f2"),
        node("endEvent", "E1"),
        node("endEvent", "E2"),
        chain("S", "G"),
        flow("f1", "G", "E1", "amount > 10"),
        flow("f2", "G", "E2"),
    )
    with pytest.raises(ProcessStuck, match=r"flow f1 .*amount = 'much'"):
        start(process, {"amount": "much"})


def test_a_loop_without_a_wait_is_stopped_with_a_sentence() -> None:
    process = compiled(
        node("exclusiveGateway", "G", default="back"),
        node("task", "N"),
        node("endEvent", "E"),
        chain("S", "N", "G"),
        flow("out", "G", "E", "stop"),
        flow("back", "G", "N"),
    )
    with pytest.raises(ProcessStuck, match="goes round without waiting"):
        start(process, {})
    assert start(process, {"stop": True}).ended


def test_a_join_that_can_fill_no_more_is_told_not_left_silent() -> None:
    process = compiled(
        user("A", "B"),
        node("parallelGateway", "Split"),
        node("exclusiveGateway", "G", default="out"),
        node("parallelGateway", "Join"),
        node("endEvent", "E1"),
        node("endEvent", "E2"),
        chain("S", "Split", "A", "G"),
        flow("on", "G", "Join", "good"),
        flow("out", "G", "E1"),
        chain("Split", "B", "Join", "E2"),
    )
    half = walked(process, CompleteTask("B"))
    with pytest.raises(ProcessStuck, match=r"parallel gateway Join.*flow on"):
        advance(process, half.state, CompleteTask("A"))
    assert advance(process, half.state, CompleteTask("A", None, {"good": True})).end == "E2"


def test_two_flows_out_of_a_task_are_both_taken() -> None:
    process = compiled(
        user("A", "B", "C"), node("endEvent", "E"), chain("S", "A", "B", "E"), chain("A", "C", "E")
    )
    forked = walked(process, CompleteTask("A"))
    assert is_open(process, forked.state) == ["B", "C"]
    assert not advance(process, forked.state, CompleteTask("B")).ended


def test_two_tokens_at_one_task_are_two_instances_and_the_oldest_is_meant() -> None:
    process = compiled(
        user("A"),
        node("parallelGateway", "Split"),
        node("manualTask", "X"),
        node("manualTask", "Y"),
        node("endEvent", "E"),
        chain("S", "Split", "X", "A", "E"),
        chain("Split", "Y", "A"),
    )
    both = walked(process, CompleteTask("X"), CompleteTask("Y"))
    # X 1, Y 2, then A 3 behind X and A 4 behind Y
    assert [(t.instance, t.element) for t in open_tasks(process, both.state)] == [(3, "A"), (4, "A")]
    assert advance(process, both.state, CompleteTask("A")).closed == (ClosedTask(3, "A", "done"),)
    assert advance(process, both.state, CompleteTask("A", 4)).closed == (ClosedTask(4, "A", "done"),)


def test_a_case_of_another_version_is_not_guessed_at() -> None:
    other = compiled(user("B"), node("endEvent", "E"), chain("S", "B", "E"))
    with pytest.raises(StepImpossible, match="waits at A, which this version"):
        advance(other, start(SEQUENCE, {}).state, CompleteTask("B"))


def test_signals_and_errors_find_nobody_listening() -> None:
    begun = start(SEQUENCE, {})
    for step in (RaiseSignal("flood"), RaiseError("E1", "A")):
        with pytest.raises(StepImpossible, match="Open: task A"):
            advance(SEQUENCE, begun.state, step)


def test_lanes_give_tasks_their_agency() -> None:
    lanes = (
        '<laneSet id="LS"><lane id="L1" name="DPMPTSP">'
        "<flowNodeRef>A</flowNodeRef><flowNodeRef>B</flowNodeRef>"
        '<childLaneSet id="C"><lane id="L2" name="Front office"><flowNodeRef>A</flowNodeRef></lane>'
        "</childLaneSet></lane></laneSet>"
    )
    process = compiled(lanes, user("A", "B"), node("endEvent", "E"), chain("S", "A", "B", "E"))
    assert start(process, {}).opened[0].lane == "Front office"
    assert process.elements["B"].lane == "DPMPTSP"
    assert [(lane.id, lane.parent) for lane in process.lanes] == [("L1", None), ("L2", "L1")]


def test_a_process_and_a_state_survive_pickling_and_json() -> None:
    process = pickle.loads(pickle.dumps(CORRECTION))
    state = start(process, {"n": 1}).state
    assert pickle.loads(pickle.dumps(state)) == state
    assert State.from_json(state.to_json()) == state
    assert advance(process, state, CompleteTask("Check", None, {"Check_result": "refuse"})).end == "Refused"
