"""Call activities, walked by hand: who is called, what passes, and how it ends."""

from __future__ import annotations

import json

import pytest

from pendapa.processes import (
    CompleteTask,
    FireTimer,
    ProcessRefused,
    ProcessStuck,
    RaiseError,
    RaiseSignal,
    ReceiveMessage,
    State,
    advance,
    check_migration,
    load_process,
    migrate,
    open_tasks,
    propose_map,
    start,
)

from .bpmn import bpmn, called, chain, flow, foreign, node, timer, user
from .dmn import dmn, table
from .walking import task, walk

END = node("endEvent", "E")
ERRORS = '<error id="X1" errorCode="E-1"/><error id="X2" errorCode="E-2"/>'
SURVEY = called("Survey", user("Go", "Report"), chain("s", "Go", "Report", "e"))


def calling(mapping: str = "", *, around: str = "", inner: str = "", **attributes: str) -> bytes:
    """A: then the call C of Survey, then Z."""
    inside = (foreign(mapping) if mapping else "") + inner
    attributes.setdefault("calledElement", "Survey")
    call = node("callActivity", "C", inside, **attributes)
    return bpmn(user("A", "Z"), call, END, chain("S", "A", "C", "Z", "E"), around, before=ERRORS)


def test_the_tasks_of_the_called_process_are_done_under_their_own_ids() -> None:
    others = {"survey.bpmn": SURVEY}
    assert walk(calling(), ["A"], others).stands == (["A"], ["Go"], False)
    assert walk(calling(), ["A", "Go"], others).stands == (["A", "Go"], ["Report"], False)
    assert walk(calling(), ["A", "Go", "Report"], others).stands == (["A", "Go", "Report"], ["Z"], False)
    done = walk(calling(), ["A", "Go", "Report", "Z"], others)
    assert done.stands == (["A", "Go", "Report", "Z"], [], True)


def test_without_a_mapping_all_variables_go_in_and_come_out() -> None:
    others = {"survey.bpmn": SURVEY}
    steps = [task("A", n=1, m=[1, {"deep": "1.50"}]), task("Go", n=2), task("Report", seen=True)]
    # Inside, n is another variable: outside it is still 1 until the call completes.
    assert walk(calling(), steps[:2], others).variables == {"n": 1, "m": [1, {"deep": "1.50"}]}
    assert walk(calling(), steps, others).variables == {"n": 2, "m": [1, {"deep": "1.50"}], "seen": True}


MAPPINGS = {
    "camunda: named both ways": (
        '<camunda:in source="n" target="x"/><camunda:in sourceExpression="${n * 10}" target="y"/>'
        '<camunda:out source="seen" target="found"/><camunda:out sourceExpression="${x + y}" target="sum"/>',
        {"n": 3, "found": True, "sum": 33},
    ),
    "camunda: all both ways": (
        '<camunda:in variables="all"/><camunda:out variables="all"/>',
        {"n": 3, "seen": True},
    ),
    "camunda: only in, so nothing comes out": ('<camunda:in variables="all"/>', {"n": 3}),
    "camunda: only out, so nothing goes in": (
        '<camunda:out source="n" target="m"/><camunda:out source="seen" target="seen"/>',
        {"n": 3, "m": None, "seen": True},
    ),
    "camunda: a business key is no variable": (
        '<camunda:in businessKey="#{execution.processBusinessKey}"/>',
        {"n": 3, "seen": True},
    ),
    "zeebe: everything by default": ('<zeebe:calledElement processId="Survey"/>', {"n": 3, "seen": True}),
    "zeebe: nothing comes out by itself": (
        '<zeebe:calledElement processId="Survey" propagateAllChildVariables="false"/>',
        {"n": 3},
    ),
    "zeebe: nothing goes in by itself": (
        '<zeebe:calledElement processId="Survey" propagateAllParentVariables="false"/><zeebe:ioMapping>'
        '<zeebe:input source="= n + 1" target="x"/><zeebe:input source="plain" target="y"/></zeebe:ioMapping>',
        {"n": 3, "x": 4, "y": "plain", "seen": True},
    ),
    "zeebe: output mappings narrow what comes out": (
        '<zeebe:calledElement processId="Survey" propagateAllChildVariables="false"/><zeebe:ioMapping>'
        '<zeebe:input source="= n * 2" target="x"/><zeebe:output source="= x + n" target="sum"/></zeebe:ioMapping>',
        {"n": 3, "sum": 9},
    ),
}  # fmt: skip


@pytest.mark.parametrize("words", MAPPINGS)
def test_what_passes_is_what_the_file_declares(words: str) -> None:
    mapping, expected = MAPPINGS[words]
    by_zeebe = {} if "calledElement" not in mapping else {"calledElement": ""}
    steps = [task("A", n=3), "Go", task("Report", seen=True)]
    done = walk(calling(mapping, **by_zeebe), steps, {"survey.bpmn": SURVEY})
    assert done.stands == (["A", "Go", "Report"], ["Z"], False)
    assert done.variables == expected


def test_bpmn_data_associations_pass_what_they_name() -> None:
    inner = (
        '<ioSpecification><dataInput id="In_1" name="x"/><dataOutput id="Out_1" name="seen"/></ioSpecification>'
        "<dataInputAssociation><sourceRef>n</sourceRef><targetRef>In_1</targetRef></dataInputAssociation>"
        "<dataInputAssociation><assignment><from>n * 2</from><to>y</to></assignment></dataInputAssociation>"
        "<dataOutputAssociation><sourceRef>Out_1</sourceRef><targetRef>found</targetRef></dataOutputAssociation>"
    )
    steps = [task("A", n=3, other=1), "Go", task("Report", seen=True)]
    done = walk(calling(inner=inner), steps, {"survey.bpmn": SURVEY})
    assert done.variables == {"n": 3, "other": 1, "found": True}


def test_a_called_process_that_declares_its_data_takes_and_gives_that() -> None:
    declared = '<ioSpecification><dataInput id="n"/><dataOutput id="o1" name="seen"/></ioSpecification>'
    survey = called("Survey", declared, user("Go", "Report"), chain("s", "Go", "Report", "e"))
    steps = [task("A", n=3, other=1), task("Go", note="kept inside", other=9), task("Report", seen=True)]
    assert walk(calling(), steps, {"s.bpmn": survey}).variables == {"n": 3, "other": 1, "seen": True}


def test_conditions_inside_read_the_variables_of_the_call_alone() -> None:
    survey = called(
        "Survey",
        user("Near", "Far"),
        node("exclusiveGateway", "G", default="G_Near"),
        chain("s", "G", "Near", "e"),
        flow("far", "G", "Far", "km > 10"),
        chain("Far", "e"),
    )
    through = '<camunda:in source="distance" target="km"/>'
    unseen = '<camunda:in source="distance" target="metres"/>'
    for mapping, expected in ((through, "Far"), (unseen, "Near")):
        found = walk(
            calling(mapping), [task("A", distance=12, km=12 if mapping == unseen else 0)], {"s.bpmn": survey}
        )
        assert found.stands == (["A"], [expected], False)


def test_the_same_ids_in_both_files_are_kept_apart() -> None:
    survey = called("Survey", user("A"), chain("s", "A", "e"))
    parallel = bpmn(
        user("A"),
        node("callActivity", "C", calledElement="ns:Survey"),
        node("parallelGateway", "F"),
        END,
        chain("S", "F", "A", "E"),
        chain("F", "C", "E"),
    )
    others = {"survey.bpmn": survey}
    assert walk(parallel, [], others).stands == ([], ["A", "A"], False)
    # Of the two called A the one of the file was opened first. Without an instance the oldest is meant.
    assert walk(parallel, ["A"], others).stands == (["A"], ["A"], False)
    outer = walk(parallel, [task("A", 2, inside=1)], others)
    assert (outer.stands, outer.variables) == ((["A"], ["A"], False), {"inside": 1})
    assert walk(parallel, ["Survey/A", "A"], others).stands == (["A", "A"], [], True)
    process = load_process(parallel, name="main.bpmn", others=others)
    assert [t.element for t in open_tasks(process, start(process, {}).state)] == ["A", "Survey/A"]


def test_calls_inside_calls() -> None:
    middle = called("Survey", user("Before"), node("callActivity", "D", calledElement="Deep"), user("After"),
                    chain("s", "Before", "D", "After", "e"))  # fmt: skip
    deep = called("Deep", user("Down"), chain("s", "Down", "e"))
    others = {"middle.bpmn": middle, "deep.bpmn": deep}
    steps = ["A", "Before", task("Down", depth=2)]
    found = walk(calling(), steps, others)
    assert (found.stands, found.variables) == ((["A", "Before", "Down"], ["After"], False), {})
    found = walk(calling(), [*steps, "After", "Z"], others)
    assert found.stands == (["A", "Before", "Down", "After", "Z"], [], True)
    assert found.variables == {"depth": 2}


COUNT_DOWN = bpmn(
    user("Step"),
    node("exclusiveGateway", "G", default="G_E"),
    node("callActivity", "C", foreign('<camunda:in sourceExpression="${n - 1}" target="n"/>'), calledElement="P"),
    END,
    chain("S", "Step", "G", "E"),
    flow("more", "G", "C", "n > 0"),
    chain("C", "E"),
)  # fmt: skip


def test_a_process_may_call_itself() -> None:
    # n = 2: Step outside, then inside with n = 1, then inside that with n = 0, which ends.
    first = walk(COUNT_DOWN, [task("Step", n=2)])
    assert (first.stands, first.variables) == ((["Step"], ["Step"], False), {"n": 2})
    assert walk(COUNT_DOWN, [task("Step", n=2), "Step", "Step"]).stands == (["Step"] * 3, [], True)


def test_a_process_that_calls_itself_without_end_is_stopped() -> None:
    endless = bpmn(node("callActivity", "C", calledElement="P"), END, chain("S", "C", "E"))
    process = load_process(endless, name="main.bpmn")
    with pytest.raises(ProcessStuck, match="C would be the 101th inside each other; at most 100"):
        start(process, {})
    assert walk(endless, []).code == 1


def test_an_error_in_the_called_process_rises_to_the_call() -> None:
    survey = called("Survey", user("Go"), node("endEvent", "Bad", '<errorEventDefinition errorRef="X1"/>'),
                    node("exclusiveGateway", "G", default="G_e"), chain("s", "Go", "G", "e"),
                    flow("bad", "G", "Bad", "ok = false"), before=ERRORS)  # fmt: skip
    caught = node("boundaryEvent", "On", '<errorEventDefinition errorRef="X1"/>', attachedToRef="C")
    source = calling(around=caught + user("Repair") + chain("On", "Repair", "E"))
    others = {"s.bpmn": survey}
    bad = walk(source, ["A", task("Go", ok=False, note="lost")], others)
    assert (bad.stands, bad.variables) == ((["A", "Go"], ["Repair"], False), {})
    assert walk(source, ["A", task("Go", ok=True)], others).stands == (["A", "Go"], ["Z"], False)
    # Told from outside: at the task inside, or at the call itself.
    for at in ("Go", "Survey/Go", "C"):
        raised = walk(source, ["A", {"error": "E-1", "at": at}], others)
        assert raised.stands == (["A"], ["Repair"], False)
    other = walk(source, ["A", {"error": "E-2", "at": "Go"}], others)
    assert (other.code, "Nothing at Go catches error" in other.said) == (1, True)


def test_an_error_nobody_catches_ends_the_case() -> None:
    survey = called("Survey", user("Go"), node("endEvent", "Bad", '<errorEventDefinition errorRef="X1"/>'),
                    chain("s", "Go", "Bad"), before=ERRORS).replace(b'<endEvent id="e"/>', b"")  # fmt: skip
    assert walk(calling(), ["A", "Go"], {"s.bpmn": survey}).stands == (["A", "Go"], [], True)


def test_a_terminate_end_ends_the_called_process_alone() -> None:
    survey = called("Survey", user("Go", "Side"), node("parallelGateway", "F"),
                    node("endEvent", "Stop", "<terminateEventDefinition/>"),
                    chain("s", "F", "Go", "Stop"), chain("F", "Side", "e"))  # fmt: skip
    beside = user("Other") + node("parallelGateway", "PF")
    source = bpmn(user("Z"), beside, node("callActivity", "C", calledElement="Survey"), END,
                  chain("S", "PF", "C", "Z", "E"), chain("PF", "Other", "E"))  # fmt: skip
    stopped = walk(source, [task("Go", seen=1)], {"s.bpmn": survey})
    assert (stopped.stands, stopped.variables) == ((["Go"], ["Other", "Z"], False), {"seen": 1})


def test_events_on_the_border_of_a_call() -> None:
    border = (
        timer("Late", "C")
        + timer("Soon", "C", interrupting=False)
        + node("boundaryEvent", "Back", '<messageEventDefinition messageRef="M"/>', attachedToRef="C")
        + node("boundaryEvent", "Flood", '<signalEventDefinition signalRef="Sg"/>', attachedToRef="C")
        + user("Remind", "TooLate", "Withdrawn", "Flooded")
        + chain("Soon", "Remind", "E")
        + chain("Late", "TooLate", "E")
        + chain("Back", "Withdrawn", "E")
        + chain("Flood", "Flooded", "E")
    )
    source = calling(around=border).replace(
        b"<error ", b'<message id="M" name="withdrawn"/><signal id="Sg" name="flood"/><error ', 1
    )
    others = {"s.bpmn": SURVEY}
    assert walk(source, ["A", {"timer": "Soon"}], others).stands == (["A"], ["Go", "Remind"], False)
    assert walk(source, ["A", "Go", {"timer": "Late"}], others).stands == (["A", "Go"], ["TooLate"], False)
    withdrawn = walk(source, ["A", {"message": "withdrawn", "set": {"why": "moved"}}], others)
    assert (withdrawn.stands, withdrawn.variables) == ((["A"], ["Withdrawn"], False), {"why": "moved"})
    assert walk(source, ["A", {"signal": "flood"}], others).stands == (["A"], ["Flooded"], False)
    process = load_process(source, name="m.bpmn", others=others)
    inside = advance(process, start(process, {}).state, CompleteTask("A")).state
    late = advance(process, inside, FireTimer("Late"))
    assert [(c.element, c.how) for c in late.closed] == [("Survey/Go", "cancelled")]
    assert [t.element for t in late.state.tokens] == ["TooLate"]


def test_what_waits_inside_hears_messages_timers_and_signals() -> None:
    def wait(id_: str, inner: str) -> str:
        return node("intermediateCatchEvent", id_, inner)

    survey = called(
        "Survey",
        wait(
            "Paid", foreign('<zeebe:x correlationKey="= bill"/>') + '<messageEventDefinition messageRef="M"/>'
        ),
        wait("Rest", "<timerEventDefinition><timeDuration>P1D</timeDuration></timerEventDefinition>"),
        wait("Told", '<signalEventDefinition signalRef="Sg"/>'),
        user("Go"),
        chain("s", "Paid", "Rest", "Told", "Go", "e"),
        before='<message id="M" name="paid"/><signal id="Sg" name="go"/>',
    )
    others = {"s.bpmn": survey}
    steps = [task("A", bill="B-7"), {"message": "paid", "key": "B-7", "set": {"amount": 5}}, {"timer": "Rest"},
             {"signal": "go"}]  # fmt: skip
    wrong = walk(calling(), [steps[0], {"message": "paid", "key": "B-8"}], others)
    assert wrong.code == 1
    assert 'step 2 {"message": "paid", "key": "B-8"}' in wrong.said
    assert 'Open: message "paid" with key B-7 at Survey/Paid.' in wrong.said
    assert walk(calling(), steps, others).stands == (["A"], ["Go"], False)
    # What came with the message belongs to the call, and comes out with it.
    assert walk(calling(), steps, others).variables == {"bill": "B-7"}
    assert walk(calling(), [*steps, "Go"], others).variables == {"bill": "B-7", "amount": 5}


def test_an_event_sub_process_of_the_called_process_listens_while_it_runs() -> None:
    inside = node("startEvent", "hs", '<signalEventDefinition signalRef="Sg"/>', isInterrupting="false")
    inside += user("Look") + node("endEvent", "he") + chain("hs", "Look", "he")
    handler = node("subProcess", "H", inside, triggeredByEvent="true")
    survey = called("Survey", user("Go"), chain("s", "Go", "e"), handler,
                    before='<signal id="Sg" name="look"/>')  # fmt: skip
    others = {"s.bpmn": survey}
    assert walk(calling(), [{"signal": "look"}], others).code == 1
    assert walk(calling(), ["A", {"signal": "look"}], others).stands == (["A"], ["Go", "Look"], False)
    assert walk(calling(), ["A", {"signal": "look"}, "Go"], others).stands == (["A", "Go"], ["Look"], False)
    assert walk(calling(), ["A", {"signal": "look"}, "Go", "Look"], others).stands == (
        ["A", "Go", "Look"],
        ["Z"],
        False,
    )
    assert walk(calling(), ["A", "Go", {"signal": "look"}], others).code == 1


def many(inner: str = "", *, sequential: bool = False) -> str:
    return (
        f'<multiInstanceLoopCharacteristics isSequential="{str(sequential).lower()}"><loopDataInputRef>places'
        f'</loopDataInputRef><inputDataItem id="place"/>{inner}</multiInstanceLoopCharacteristics>'
    )


def test_a_call_for_each_item() -> None:
    others = {"s.bpmn": SURVEY}
    source = calling(inner=many())
    places = task("A", places=["east", "west"])
    assert walk(source, [places], others).stands == (["A"], ["Go", "Go"], False)
    assert walk(source, [places, "Go", "Report"], others).stands == (["A", "Go", "Report"], ["Go"], False)
    both = walk(source, [places, "Go", "Go", task("Report", note=1), task("Report", note=2)], others)
    assert both.stands == (["A", "Go", "Go", "Report", "Report"], ["Z"], False)
    # The item and the loop counter stay inside; everything else comes out, the last one wins.
    assert both.variables == {"places": ["east", "west"], "note": 2}
    assert walk(source, [task("A", places=[])], others).stands == (["A"], ["Z"], False)


def test_calls_one_after_the_other_until_a_condition_holds() -> None:
    until = "<completionCondition>found = true</completionCondition>"
    source = calling(
        '<camunda:in source="place" target="where"/><camunda:out source="found" target="found"/>'
        '<camunda:out source="where" target="last"/>',
        inner=many(until, sequential=True),
    )
    others = {"s.bpmn": SURVEY}
    steps = [task("A", places=["east", "west", "north"]), "Go", task("Report", found=False)]
    assert walk(source, steps, others).stands == (["A", "Go", "Report"], ["Go"], False)
    done = walk(source, [*steps, "Go", task("Report", found=True)], others)
    assert done.stands == (["A", "Go", "Report", "Go", "Report"], ["Z"], False)
    assert done.variables == {"places": ["east", "west", "north"], "found": True, "last": "west"}


def test_an_error_in_one_of_many_calls_cancels_them_all() -> None:
    caught = node("boundaryEvent", "On", "<errorEventDefinition/>", attachedToRef="C")
    source = calling(inner=many(), around=caught + user("Repair") + chain("On", "Repair", "E"))
    raised = walk(
        source, [task("A", places=[1, 2, 3]), "Go", {"error": "E-9", "at": "Report"}], {"s.bpmn": SURVEY}
    )
    assert raised.stands == (["A", "Go"], ["Repair"], False)


def test_a_call_out_of_a_sub_process() -> None:
    sub = (
        node("startEvent", "ss")
        + node("callActivity", "C", calledElement="Survey")
        + node("endEvent", "se")
        + chain("ss", "C", "se")
    )
    source = bpmn(user("A", "Z"), node("subProcess", "Sub", sub), timer("T", "Sub"), END,
                  chain("S", "A", "Sub", "Z", "E"), chain("T", "E"))  # fmt: skip
    others = {"s.bpmn": SURVEY}
    found = walk(source, ["A", "Go", task("Report", n=1)], others)
    assert (found.stands, found.variables) == ((["A", "Go", "Report"], ["Z"], False), {"n": 1})
    assert walk(source, ["A", "Go", {"timer": "T"}], others).stands == (["A", "Go"], [], True)


def test_the_called_process_may_stand_in_the_same_file() -> None:
    both = calling().replace(b"</definitions>", SURVEY[SURVEY.index(b"<process ") :])
    process = load_process(both, name="both.bpmn")
    assert process.id == "P"
    assert process.warnings == ()
    assert walk(both, ["A"]).stands == (["A"], ["Go"], False)


def test_a_case_inside_a_call_goes_over_storage_and_back() -> None:
    process = load_process(calling(inner=many()), name="m.bpmn", others={"s.bpmn": SURVEY})
    state = advance(process, start(process, {}).state, CompleteTask("A", None, {"places": (1, 2)})).state
    for step in (CompleteTask("Go", None, {"x": 1}), CompleteTask("Report"), CompleteTask("Survey/Go")):
        stored = State.from_json(json.loads(json.dumps(state.to_json())))
        assert stored == state
        assert advance(process, stored, step) == advance(process, state, step)
        state = advance(process, state, step).state


REFUSED = {
    "no process": ({"calledElement": ""}, "", "The call activity names no process to call."),
    "not at hand": ({"calledElement": "Gone"}, "", 'It calls the process "Gone", which no file at hand holds.'),
    "an expression": ({"calledElement": "${which}"}, "", "The called process '${which}' is only known while a"),
    "no target": ({}, '<camunda:in source="x"/>', "A variable that is to pass has no source or no target."),
    "a path": ({}, '<camunda:in source="a.b" target="x"/>', "The source of a mapping 'a.b' is no name of a variable."),
    "a path as target": ({}, '<zeebe:input source="= a" target="b.c"/>', "The target of a mapping 'b.c' is no name"),
}  # fmt: skip


@pytest.mark.parametrize("words", REFUSED)
def test_a_call_that_cannot_be_made_is_refused(words: str) -> None:
    attributes, mapping, wrong = REFUSED[words]
    with pytest.raises(ProcessRefused) as refused:
        load_process(calling(mapping, **attributes), name="m.bpmn", others={"s.bpmn": SURVEY})
    assert [(f.where, f.wrong.startswith(wrong)) for f in refused.value.faults] == [("C", True)]


def test_faults_of_a_called_file_name_the_file() -> None:
    bad = called("Survey", node("scriptTask", "Sc", name="Count"), chain("s", "Sc", "e"))
    with pytest.raises(ProcessRefused) as refused:
        load_process(calling(), name="m.bpmn", others={"s.bpmn": bad})
    assert [f.where for f in refused.value.faults] == ['s.bpmn:Sc "Count"']
    with pytest.raises(ProcessRefused) as twice:
        load_process(calling(), name="m.bpmn", others={"s.bpmn": SURVEY, "t.bpmn": SURVEY})
    assert "stands in s.bpmn and t.bpmn" in twice.value.faults[0].wrong
    by_message = SURVEY.replace(
        b'<startEvent id="s"/>', b'<startEvent id="s"><messageEventDefinition/></startEvent>'
    )
    with pytest.raises(ProcessRefused) as begun:
        load_process(calling(), name="m.bpmn", others={"s.bpmn": by_message})
    assert 'The called process "Survey" has no plain start event.' in [f.wrong for f in begun.value.faults]


def test_signals_and_messages_reach_every_process_of_the_case() -> None:
    process = load_process(calling(), name="m.bpmn", others={"s.bpmn": SURVEY})
    state = advance(process, start(process, {}).state, CompleteTask("A")).state
    for step in (RaiseSignal("none"), ReceiveMessage("none"), RaiseError("E-1", "Go")):
        with pytest.raises(ValueError, match=r"Open: task Survey/Go \"Task Go\" \(instance 3\)\."):
            advance(process, state, step)


def test_a_case_inside_a_call_goes_over_only_if_the_same_process_is_called() -> None:
    other = SURVEY.replace(b'id="Survey"', b'id="Visit"')
    old = load_process(calling(), name="m.bpmn", others={"s.bpmn": SURVEY})
    new = load_process(calling(calledElement="Visit"), name="m.bpmn", others={"o.bpmn": other})
    inside = advance(old, start(old, {}).state, CompleteTask("A")).state
    nodes = propose_map(old, new, {"Survey/Go": "Visit/Go"})
    verdict = check_migration(old, new, nodes, inside)
    assert [(r.kind, r.element) for r in verdict.reasons] == [
        ("scope_changed", "C"),
        ("scope_changed", "Survey/Go"),
    ]
    assert check_migration(old, new, nodes, start(old, {}).state).possible
    # More work inside the called process: the case stays where it is.
    longer = called("Survey", user("Go", "Report", "File"), chain("s", "Go", "Report", "File", "e"))
    grown = load_process(calling(), name="m.bpmn", others={"s.bpmn": longer})
    moved = migrate(old, grown, propose_map(old, grown), inside)
    assert moved.state == inside


def test_a_called_process_decides_by_tables_too() -> None:
    rule = '<businessRuleTask id="Price" xmlns:camunda="http://camunda.org/schema/1.0/bpmn" camunda:decisionRef="Fee"/>'
    survey = called("Survey", rule, user("Go"), chain("s", "Price", "Go", "e"))
    fee = dmn(table("Fee", ["area"], ["price"], ["<= 10", "5"], ["> 10", "9"]))
    found = walk(calling(), [task("A", area=12), "Go"], {"s.bpmn": survey, "fee.dmn": fee})
    assert (found.stands, found.variables) == ((["A", "Go"], ["Z"], False), {"area": 12, "price": 9})
