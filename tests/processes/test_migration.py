"""Running cases go over to a new version, or are refused with the reason."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pendapa.processes import (
    CompleteTask,
    FinishEffect,
    FireTimer,
    MapRefused,
    MigrationRefused,
    Process,
    ReceiveMessage,
    State,
    Step,
    StepImpossible,
    advance,
    check_migration,
    load_process,
    migrate,
    open_effects,
    open_messages,
    open_tasks,
    open_timers,
    propose_map,
    start,
    undo,
)

from .bpmn import bpmn, chain, flow, node, timer, user
from .samples import ALL, VALUES
from .test_random_walks import possible

SERVICES = Path(__file__).parents[2] / "regencies" / "tegal" / "services"
LOOPS = bpmn(
    user("A", "Z"),
    '<userTask id="Each" name="Task Each"><multiInstanceLoopCharacteristics><loopCardinality>3'
    "</loopCardinality></multiInstanceLoopCharacteristics></userTask>",
    '<subProcess id="Rounds"><multiInstanceLoopCharacteristics isSequential="true"><loopCardinality>2'
    f"</loopCardinality></multiInstanceLoopCharacteristics>{node('startEvent', 'rs')}{user('In')}"
    f"{node('endEvent', 're')}{chain('rs', 'In', 're')}</subProcess>",
    timer("Late", "Each", "P3D"),
    timer("Nudge", "Rounds", "R3/P1D", interrupting=False, kind="timeCycle"),
    node("endEvent", "Nudged"),
    node("exclusiveGateway", "Merge"),
    node("endEvent", "End"),
    chain("S", "A", "Each", "Merge", "Rounds", "Z", "End"),
    chain("Late", "Merge"),
    chain("Nudge", "Nudged"),
)
LISTENING = bpmn(
    user("A", "B"),
    node("eventBasedGateway", "First"),
    node("intermediateCatchEvent", "Paid", '<messageEventDefinition messageRef="M"/>'),
    node(
        "intermediateCatchEvent",
        "Waited",
        "<timerEventDefinition><timeDuration>P5D</timeDuration></timerEventDefinition>",
    ),
    node("receiveTask", "Hear", messageRef="N"),
    node(
        "subProcess",
        "Asked",
        node("startEvent", "as", '<messageEventDefinition messageRef="Q"/>', isInterrupting="false")
        + user("Answer")
        + node("endEvent", "ae")
        + chain("as", "Answer", "ae"),
        triggeredByEvent="true",
    ),
    node("endEvent", "End"),
    node("endEvent", "Gone"),
    chain("S", "A", "First", "Paid", "Hear", "B", "End"),
    chain("First", "Waited", "Gone"),
    before='<message id="M" name="paid"/><message id="N" name="heard"/><message id="Q" name="question"/>',
)
SOURCES = {
    **ALL,
    "loops": LOOPS,
    "listening": LISTENING,
    **{folder.name: (folder / "process.bpmn").read_bytes() for folder in sorted(SERVICES.iterdir())},
}
PROCESSES = {name: load_process(source, name=name) for name, source in SOURCES.items()}


def load(source: bytes) -> Process:
    return load_process(source, name="test.bpmn")


def after(process: Process, *tasks: str) -> State:
    state = start(process, {}).state
    for task in tasks:
        state = advance(process, state, CompleteTask(task)).state
    return state


def kinds(old: Process, new: Process, state: State) -> list[tuple[str, str]]:
    verdict = check_migration(old, new, propose_map(old, new), state)
    return [(reason.kind, reason.element) for reason in verdict.reasons]


# --- nothing changed -------------------------------------------------------------------------------


def walk(process: Process, data: st.DataObject, most: int = 20) -> Iterator[State]:
    outcome = start(process, {})
    for _ in range(most):
        if outcome.ended:
            return
        yield outcome.state
        try:
            step = data.draw(st.sampled_from(steps(process, outcome.state, data)))
            outcome = advance(process, outcome.state, step)
        except StepImpossible:  # a condition or table that these words do not fit
            return


def steps(process: Process, state: State, data: st.DataObject) -> list[Step]:
    """What may happen next; whoever works or writes sets all that the process reads to one value."""
    value = data.draw(st.sampled_from(VALUES))
    values = dict.fromkeys(process.reads, value)
    return [
        replace(step, set={**step.set, **values}) if isinstance(step, CompleteTask | ReceiveMessage) else step
        for step in possible(process, state, value)
    ]


@pytest.mark.parametrize("name", PROCESSES)
@settings(max_examples=25, deadline=None, derandomize=True)
@given(data=st.data())
def test_the_same_version_changes_nothing_wherever_the_case_stands(name: str, data: st.DataObject) -> None:
    process, again = PROCESSES[name], load(SOURCES[name])
    node_map = propose_map(process, again)
    assert not node_map.dropped
    assert not node_map.added
    for state in walk(process, data):
        migrated = migrate(process, again, node_map, state)
        assert migrated.state == state
        assert not migrated.warnings
        outcome = migrated.outcome
        assert not (outcome.opened or outcome.closed or outcome.timers or outcome.timers_gone)
        assert not (outcome.effects or outcome.effects_gone or outcome.passed or outcome.ended)


def renamed(source: bytes) -> bytes:
    """The same drawing, every element under another id."""
    ids = set(PROCESSES_IDS.findall(source.decode()))
    text = source.decode()
    for attribute in ("id", "sourceRef", "targetRef", "attachedToRef", "default"):
        text = re.sub(
            rf'{attribute}="(\w+)"',
            lambda m, attribute=attribute: f'{attribute}="n_{m[1]}"' if m[1] in ids else m[0],  # type: ignore[misc]
            text,
        )
    return text.encode()


PROCESSES_IDS = re.compile(r'<(?!process|message|definitions|signal|error)\w+ id="(\w+)"')


def told(step: Step, to: dict[str, str]) -> Step:
    match step:
        case CompleteTask(task, instance, values):
            return CompleteTask(to[task], instance, values)
        case FireTimer(event, instance):
            return FireTimer(to[event], instance)
        case FinishEffect(element, instance, values):
            return FinishEffect(to[element], instance, values)
    return step


@pytest.mark.parametrize("name", [*ALL, "loops", "listening"])
@settings(max_examples=25, deadline=None, derandomize=True)
@given(data=st.data())
def test_a_case_goes_on_alike_under_other_ids_from_any_point(name: str, data: st.DataObject) -> None:
    old, new = PROCESSES[name], load(renamed(SOURCES[name]))
    by_hand = {id_: f"{id_.removesuffix(e.drawn_as)}n_{e.drawn_as}" for id_, e in old.elements.items()}
    node_map = propose_map(old, new, by_hand)
    state = start(old, {}).state
    moved = migrate(old, new, node_map, state).state
    for _ in range(20):
        # Going over at this point gives the same as having gone over at the start.
        assert migrate(old, new, node_map, state).state == moved
        step = data.draw(st.sampled_from(steps(old, state, data)))
        one = advance(old, state, step)
        other = advance(new, moved, told(step, by_hand))
        assert [by_hand[id_] for id_ in one.passed] == list(other.passed)
        assert [(t.instance, by_hand[t.element]) for t in one.opened] == [
            (t.instance, t.element) for t in other.opened
        ]
        assert one.timers_gone == other.timers_gone
        assert one.ended == other.ended
        if one.ended:
            return
        state, moved = one.state, other.state


# --- the map ---------------------------------------------------------------------------------------


def test_the_map_is_by_id_then_name_then_place_and_says_so() -> None:
    old = load(bpmn(user("A", "B", "C"), node("endEvent", "E"), chain("S", "A", "B", "C", "E")))
    new = load(
        bpmn(
            node("userTask", "A", name="Quite another name"),
            node("userTask", "B2", name="Task B"),
            node("userTask", "C2", name="Decide"),
            node("endEvent", "E"),
            chain("S", "A", "B2", "C2", "E"),
        )
    )
    found = {m.old: (m.new, m.how, m.sure) for m in propose_map(old, new).matches}
    assert found["A"] == ("A", "id", "certain")
    assert found["B"] == ("B2", "name", "likely")
    assert found["C"] == ("C2", "place", "guess")


def test_an_element_of_another_kind_is_not_mapped() -> None:
    old = load(bpmn(user("A", "B"), node("endEvent", "E"), chain("S", "A", "B", "E")))
    new = load(bpmn(user("A"), node("serviceTask", "B"), node("endEvent", "E"), chain("S", "A", "B", "E")))
    dropped = propose_map(old, new).dropped
    assert [(match.old, match.why) for match in dropped] == [("B", "B is now a service task")]
    assert propose_map(old, new).added == ("B",)


def test_two_candidates_are_none() -> None:
    old = load(bpmn(user("A"), node("endEvent", "E"), chain("S", "A", "E")))
    twins = node("userTask", "X", name="Task A") + node("userTask", "Y", name="Task A")
    split = node("parallelGateway", "F") + node("parallelGateway", "J")
    new = load(
        bpmn(twins, split, node("endEvent", "E"), chain("S", "F", "X", "J", "E"), chain("F", "Y", "J"))
    )
    assert propose_map(old, new).to == {"S": "S", "E": "E"}


def test_a_map_by_hand_overrides_and_its_faults_are_told_together() -> None:
    old = load(bpmn(user("A", "B"), node("endEvent", "E"), chain("S", "A", "B", "E")))
    new = load(bpmn(user("A", "N"), node("endEvent", "E"), chain("S", "A", "N", "E")))
    node_map = propose_map(old, new, {"A": "N", "B": None})
    assert node_map.to["A"] == "N"
    assert [match.old for match in node_map.dropped] == ["B"]
    with pytest.raises(MapRefused) as refused:
        propose_map(old, new, {"Q": "A", "A": "Nowhere", "B": "E"})
    assert len(refused.value.faults) == 3
    assert 'B "Task B" is a user task, E an end event' in refused.value.faults[2]


# --- parallel sections -----------------------------------------------------------------------------


def parallel(*branches: tuple[str, ...], after_join: tuple[str, ...] = ("D",)) -> bytes:
    names = sorted({task for branch in branches for task in branch} | set(after_join))
    parts = [chain("F", *branch, "J") for branch in branches]
    return bpmn(
        user(*names),
        node("parallelGateway", "F"),
        node("parallelGateway", "J"),
        node("endEvent", "E"),
        chain("S", "F"),
        *parts,
        chain("J", *after_join, "E"),
    )


PLAIN = bpmn(user("A", "B", "C", "D"), node("endEvent", "E"), chain("S", "A", "B", "C", "D", "E"))
VERSIONS = {
    "two": load(parallel(("A",), ("B",))),
    "three": load(parallel(("A",), ("B",), ("C",))),
    "longer": load(parallel(("A", "C"), ("B",))),
    "later": load(parallel(("A",), ("B",), after_join=("C", "D"))),
    "swapped": load(parallel(("A",), ("D",), after_join=("B",))),
    "row": load(PLAIN),
    "around": load(
        bpmn(
            user("A", "B", "C", "D"),
            node("parallelGateway", "F"),
            node("parallelGateway", "J"),
            node("parallelGateway", "F2"),
            node("parallelGateway", "J2"),
            node("endEvent", "E"),
            chain("S", "F2", "F", "A", "J", "J2", "D", "E"),
            chain("F", "B", "J"),
            chain("F2", "C", "J2"),
        )
    ),
    "inclusive": load(
        parallel(("A",), ("B",)).replace(b'<parallelGateway id="F"', b'<inclusiveGateway id="F"')
        .replace(b"</parallelGateway>", b"</inclusiveGateway>", 1)
    ),
}  # fmt: skip


def everywhere(process: Process, state: State) -> Iterator[State]:
    """The state and all that can follow; a case that can neither move nor end raises ProcessStuck."""
    yield state
    for task in open_tasks(process, state):
        outcome = advance(process, state, CompleteTask(task.element, task.instance))
        if not outcome.ended:
            yield from everywhere(process, outcome.state)


@pytest.mark.parametrize(("one", "other"), list(itertools.permutations(VERSIONS, 2)))
def test_a_case_that_may_go_over_always_comes_to_its_end(one: str, other: str) -> None:
    old, new = VERSIONS[one], VERSIONS[other]
    node_map = propose_map(old, new)
    went = 0
    for state in everywhere(old, start(old, {}).state):
        try:
            migrated = migrate(old, new, node_map, state)
        except MigrationRefused as refused:
            assert str(refused)
            continue
        went += 1
        assert undo(migrated.state, state) == state
        for later in everywhere(new, migrated.state):
            assert open_tasks(new, later)
    # The last task of all is D (B in "swapped"), outside of every section on both sides.
    if "swapped" not in (one, other):
        assert went


def test_a_case_in_a_section_that_got_another_path_is_refused_with_the_reason() -> None:
    old, new = VERSIONS["two"], VERSIONS["three"]
    verdict = check_migration(old, new, propose_map(old, new), after(old, "B"))
    assert not verdict.possible
    assert {(r.kind, r.element) for r in verdict.reasons} == {
        ("section_changed", "A"),
        ("section_changed", "J"),
    }
    assert str(verdict.reasons[0]) == (
        'The case works at A "Task A", in the parallel section from F to J, which the new version changes '
        '(new: C "Task C"). Let the case leave the section first.'
    )
    assert kinds(old, new, after(old, "A", "B")) == []


def test_a_case_in_line_is_refused_where_the_new_version_works_in_parallel() -> None:
    old, new = VERSIONS["row"], VERSIONS["two"]
    assert kinds(old, new, start(old, {}).state) == [("section_entered", "A")]
    assert kinds(old, new, after(old, "A", "B", "C")) == []


def test_a_token_at_a_task_that_is_gone_is_refused_unless_the_map_says_where_to() -> None:
    old, new = VERSIONS["row"], VERSIONS["later"]
    without_c = load(bpmn(user("A", "B", "D"), node("endEvent", "E"), chain("S", "A", "B", "D", "E")))
    state = after(old, "A", "B")
    assert kinds(old, without_c, state) == [("unmapped", "C")]
    moved = migrate(old, without_c, propose_map(old, without_c, {"C": "D"}), state).state
    assert [(t.id, t.element) for t in moved.tokens] == [(state.tokens[0].id, "D")]
    assert kinds(old, new, state) == []


def test_a_step_put_into_the_line_is_done_by_cases_that_come_to_it() -> None:
    old, new = load(bpmn(user("A", "B"), node("endEvent", "E"), chain("S", "A", "B", "E"))), VERSIONS["row"]
    moved = migrate(old, new, propose_map(old, new), after(old, "A")).state
    assert [task.element for task in advance(new, moved, CompleteTask("B")).opened] == ["C"]


# --- sub-processes, lists, events ------------------------------------------------------------------


def test_a_case_inside_a_subprocess_that_is_gone_or_new_is_refused() -> None:
    inside = PROCESSES["inside"]
    flat = load(
        bpmn(
            user("A", "B", "C", "Z"),
            node("endEvent", "End"),
            chain("S", "A", "B", "C", "Z", "End"),
        )
    )
    state = after(inside, "A")
    assert ("unmapped", "Sub") in kinds(inside, flat, state)
    assert kinds(flat, inside, after(flat, "A")) == [("scope_changed", "B")]
    assert kinds(inside, flat, after(inside, "A", "B", "C")) == []


def test_a_case_amid_a_list_is_refused_when_the_list_is_gone_through_in_another_way() -> None:
    once = LOOPS.replace(
        b"<multiInstanceLoopCharacteristics><loop",
        b'<multiInstanceLoopCharacteristics isSequential="true"><loop',
    )
    old, new = PROCESSES["loops"], load(once)
    assert ("loop_changed", "Each") in kinds(old, new, after(old, "A", "Each"))
    assert kinds(old, new, start(old, {}).state) == []
    longer = load(LOOPS.replace(b">3<", b">4<"))
    verdict = check_migration(old, longer, propose_map(old, longer), after(old, "A", "Each"))
    assert verdict.possible
    assert [warning.kind for warning in verdict.warnings] == ["items_kept"]


def test_a_timer_that_changed_is_set_anew_and_the_others_run_on() -> None:
    def version(late: str, *more: str) -> Process:
        return load(
            bpmn(
                user("Work"),
                timer("Late", "Work", late),
                timer("Soon", "Work", "P1D", interrupting=False),
                *more,
                node("endEvent", "E"),
                node("endEvent", "X"),
                chain("S", "Work", "E"),
                chain("Late", "X"),
                chain("Soon", "X"),
            )
        )

    old, new = version("P3D"), version("P9D", timer("Third", "Work", "P2D"), chain("Third", "X"))
    state = start(old, {}).state
    before = {t.element: t.instance for t in open_timers(old, state)}
    migrated = migrate(old, new, propose_map(old, new), state)
    now = {t.element: (t.instance, t.value) for t in open_timers(new, migrated.state)}
    assert now["Soon"] == (before["Soon"], "P1D")
    assert now["Late"][1] == "P9D"
    assert now["Late"][0] > state.serial
    assert migrated.outcome.timers_gone == (before["Late"],)
    assert {t.element for t in migrated.outcome.timers} == {"Late", "Third"}
    assert [t.instance for t in open_tasks(new, migrated.state)] == [
        t.instance for t in open_tasks(old, state)
    ]
    # Back, with no number given out twice.
    back = undo(migrated.state, state)
    assert (back.tokens, back.variables) == (state.tokens, state.variables)
    assert back.serial == migrated.state.serial
    # A reminder that was used up stays so, also where its time has changed.
    used = advance(old, state, FireTimer("Soon")).state
    changed = version("P3D")
    assert migrate(old, changed, propose_map(old, changed), used).state == used


def test_a_timer_that_is_gone_runs_no_longer() -> None:
    parts = user("Work"), node("endEvent", "E"), chain("S", "Work", "E")
    old = load(bpmn(*parts, timer("Late", "Work", "P3D"), chain("Late", "E")))
    new = load(bpmn(*parts))
    state = start(old, {}).state
    migrated = migrate(old, new, propose_map(old, new), state)
    assert migrated.outcome.timers_gone == (open_timers(old, state)[0].instance,)
    assert open_timers(new, migrated.state) == ()
    assert [str(warning) for warning in migrated.warnings] == [
        "Late is gone: the case no longer waits for it."
    ]


def test_new_event_subprocesses_begin_to_listen_and_dropped_ones_stop() -> None:
    with_handler = PROCESSES["listening"]
    source = re.sub(rb'<subProcess id="Asked".*?</subProcess>', b"", LISTENING)
    without = load(source)
    state = start(without, {}).state
    moved = migrate(without, with_handler, propose_map(without, with_handler), state)
    assert [m.message for m in open_messages(with_handler, moved.state)] == ["question"]
    asked = advance(with_handler, moved.state, ReceiveMessage("question"))
    assert [task.element for task in asked.opened] == ["Answer"]
    back = migrate(with_handler, without, propose_map(with_handler, without), moved.state)
    assert back.state.tokens == state.tokens
    assert [warning.kind for warning in back.warnings] == ["listens_no_more"]
    # While somebody answers, the event sub-process cannot be dropped.
    assert kinds(with_handler, without, asked.state) == [("unmapped", "Asked"), ("unmapped", "Answer")]


def test_a_wait_whose_message_changed_waits_for_the_new_one_and_warns() -> None:
    old = PROCESSES["listening"]
    new = load(LISTENING.replace(b'name="paid"', b'name="payment"').replace(b'name="heard"', b'name="told"'))
    state = after(old, "A")
    migrated = migrate(old, new, propose_map(old, new), state)
    assert "payment" in {m.message for m in open_messages(new, migrated.state)}
    assert [str(w) for w in migrated.warnings] == [
        'Paid waits for message "payment" from now on, no longer for "paid".'
    ]
    # The timer of the gateway runs on, under its number.
    assert open_timers(new, migrated.state) == open_timers(old, state)
    heard = advance(old, state, ReceiveMessage("paid")).state
    assert [m.message for m in open_messages(new, migrate(old, new, propose_map(old, new), heard).state)][
        -1
    ] == "told"


def test_a_key_that_cannot_be_computed_is_refused() -> None:
    def version(key: str) -> Process:
        return load(
            bpmn(
                user("A"),
                node("receiveTask", "Hear", messageRef="M"),
                node("endEvent", "E"),
                chain("S", "A", "Hear", "E"),
                before=f'<message id="M" name="paid"{key}/>',
            )
        )

    old, new = version(""), version(' correlationKey="bill"')
    waiting = advance(old, start(old, {}).state, CompleteTask("A")).state
    assert kinds(old, new, waiting) == [("uncomputable", "Hear")]
    known = advance(old, start(old, {}).state, CompleteTask("A", set={"bill": "B-7"})).state
    moved = migrate(old, new, propose_map(old, new), known).state
    assert [m.key for m in open_messages(new, moved)] == ["B-7"]


def test_a_pending_effect_stays_asked_for() -> None:
    def version(topic: str) -> Process:
        return load(
            bpmn(
                node("serviceTask", "Push", topic=topic),
                user("B"),
                node("endEvent", "E"),
                chain("S", "Push", "B", "E"),
            )
        )

    old, new = version("one"), version("two")
    state = start(old, {}).state
    migrated = migrate(old, new, propose_map(old, new), state)
    assert not migrated.outcome.effects
    assert [e.instance for e in open_effects(new, migrated.state)] == [state.tokens[0].id]
    assert [w.kind for w in migrated.warnings] == ["effect_changed"]


def test_a_variable_that_nothing_sets_is_warned_of() -> None:
    def version(*line: str, condition: str) -> Process:
        return load(
            bpmn(
                user(*line),
                node("exclusiveGateway", "G", default="G_E"),
                node("endEvent", "E"),
                node("endEvent", "X"),
                chain("S", *line, "G", "E"),
                flow("x", "G", "X", condition),
            )
        )

    old = version("A", "B", condition="B == 'no'")
    new = version("A", "B", condition="area > 10")
    state = start(old, {}).state
    (warning,) = migrate(old, new, propose_map(old, new), state).warnings
    assert str(warning) == "G reads area, which neither the case nor a step new to it sets."
    told = State(state.tokens, {"area": 3}, state.serial)
    assert not migrate(old, new, propose_map(old, new), told).warnings
    # A step that only the new version has may set it.
    asks = version("A", "Measure", "B", condition="area > 10")
    assert not migrate(old, asks, propose_map(old, asks), state).warnings


def test_a_case_of_another_version_or_that_has_ended_is_refused() -> None:
    old, new = VERSIONS["row"], VERSIONS["two"]
    assert kinds(old, new, State((), {}, 9)) == [("ended", "P")]
    stranger = start(load(bpmn(user("Q"), node("endEvent", "E"), chain("S", "Q", "E"))), {}).state
    assert kinds(old, new, stranger) == [("foreign", "Q")]
