"""Decision tables, worked by hand; the hit policies as DMN 1.3, 8.2.10, tells them."""

from __future__ import annotations

import json
import pickle
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from pendapa.expressions import Value
from pendapa.processes import (
    CompleteTask,
    Effect,
    FinishEffect,
    ProcessRefused,
    ProcessStuck,
    advance,
    load_process,
    start,
)
from pendapa.processes.decisions import Decisions, UndecidedError, load_decisions

from .bpmn import bpmn, chain, node, user
from .dmn import dmn, table
from .test_command import pendapa


def loaded(*decisions: str) -> Decisions:
    return load_decisions(dmn(*decisions), name="test.dmn")


def faults(*decisions: str) -> list[str]:
    with pytest.raises(ProcessRefused) as caught:
        load_decisions(dmn(*decisions), name="test.dmn")
    return [f"{fault.where}: {fault.wrong}" for fault in caught.value.faults]


@pytest.mark.parametrize(
    ("cell", "fits", "fails"),
    [
        ("> 200", 201, 200),
        (">= 200", 200, 199),
        ("< 200", Decimal("199.5"), 200),
        ("<= 200", 200, 201),
        ("!= 3", 4, 3),
        ("[100..200]", 100, 99),
        ("[100..200]", 200, 201),
        ("(100..200]", 101, 100),
        ("]100..200]", 200, 100),
        ("[100..200)", 199, 200),
        ("[100..200[", 100, 200),
        ("]100..200[, 7", 7, 200),
        ("1, [5..6], > 9", 6, 8),
        ('"a","b"', "b", "c"),
        ('"a, b"', "a, b", "a"),
        ('"x(", "y"', "y", "z"),
        ("not(1, 2)", 3, 2),
        ("not([1..5])", 6, 3),
        ('not("a")', "b", "a"),
        ("not(1), 1", 1, None),
        ("-", None, ...),
        ("", 3, ...),
        ("true", True, False),
        ("null", None, 0),
        ('date("2026-03-30")', date(2026, 3, 30), date(2026, 3, 31)),
        ('>= date("2026-03-30")', date(2026, 3, 30), date(2026, 3, 29)),
        ("limit", 10, 11),
        ("< limit + 1", 10, 11),
    ],
)
def test_a_unary_test(cell: str, fits: Value, fails: Value) -> None:
    decisions = loaded(table("Fee", ["x"], ["fee"], [cell, '"hit"'], policy="FIRST"))
    assert decisions.decide("Fee", {"x": fits, "limit": 10}) == {"fee": "hit"}
    if fails is not ...:
        assert decisions.decide("Fee", {"x": fails, "limit": 10}) == {"fee": None}


def test_a_missing_value_fits_no_comparison() -> None:
    decisions = loaded(
        table("Fee", ["x"], ["fee"], ["not(1)", "1"], ["> 2", "2"], ["-", "3"], policy="FIRST")
    )
    assert decisions.decide("Fee", {}) == {"fee": 3}


# x = 5: rules 1, 2 and 4 fit and give 10, 30 and 20.
HITS = (["> 1", "10"], ["> 2", "30"], ["> 9", "99"], ["> 3", "20"])


@pytest.mark.parametrize(
    ("policy", "aggregation", "expected"),
    [
        ("FIRST", "", 10),
        ("PRIORITY", "", 30),  # the values are listed as 30, 20, 10, 99
        ("RULE ORDER", "", (10, 30, 20)),
        ("OUTPUT ORDER", "", (30, 20, 10)),
        ("COLLECT", "", (10, 30, 20)),
        ("COLLECT", "SUM", 60),
        ("COLLECT", "MIN", 10),
        ("COLLECT", "MAX", 30),
        ("COLLECT", "COUNT", 3),
    ],
)
def test_a_hit_policy(policy: str, aggregation: str, expected: Value) -> None:
    decisions = loaded(
        table("Fee", ["x"], ["fee: 30, 20, 10, 99"], *HITS, policy=policy, aggregation=aggregation)
    )
    assert pickle.loads(pickle.dumps(decisions)).decide("Fee", {"x": 5}) == {"fee": expected}


@pytest.mark.parametrize(
    ("policy", "aggregation", "expected"),
    [
        ("FIRST", "", None),
        ("COLLECT", "", ()),
        ("RULE ORDER", "", ()),
        ("COLLECT", "COUNT", 0),
        ("COLLECT", "SUM", None),
    ],
)
def test_no_rule_fits(policy: str, aggregation: str, expected: Value) -> None:
    decisions = loaded(table("Fee", ["x"], ["fee"], *HITS, policy=policy, aggregation=aggregation))
    assert decisions.decide("Fee", {"x": 0}) == {"fee": expected}


def test_rules_of_a_unique_table_that_overlap_are_refused_with_an_example() -> None:
    # Both fit from 100 to 150; 100 is the first bound both contain.
    said = faults(table("Fee", ["area"], ["fee"], ["<= 150", "1"], ["[100..200]", "2"], ["> 200", "3"]))
    assert said == ['Fee "Fee": Rules 1 and 2 both fit area = 100, but the hit policy is UNIQUE.']


def test_rules_that_differ_in_one_column_do_not_overlap() -> None:
    rules = (["< 5", '"a"', "1"], ["< 5", 'not("a")', "2"], [">= 5", "-", "3"])
    assert loaded(table("Fee", ["x", "kind"], ["fee"], *rules)).warnings == ()


def test_any_wants_the_same_outputs_where_rules_overlap() -> None:
    assert loaded(table("Fee", ["x"], ["fee"], ["> 1", "7"], ["<= 5", "7"], policy="ANY")).decide(
        "Fee", {"x": 3}
    ) == {"fee": 7}
    said = faults(table("Fee", ["x"], ["fee"], ["> 1", "7"], ["<= 5", "8"], policy="ANY"))
    assert "Rules 1 and 2 both fit" in said[0]


def test_bounds_known_only_later_are_judged_when_the_table_is_asked() -> None:
    decisions = loaded(table("Fee", ["x"], ["fee"], ["> limit", "1"], ["> 5", "2"]))
    assert decisions.reads("Fee") == {"x", "limit"}
    assert decisions.decide("Fee", {"x": 6, "limit": 8}) == {"fee": 2}
    with pytest.raises(UndecidedError, match="UNIQUE, but rules 1 and 2 fit"):
        decisions.decide("Fee", {"x": 9, "limit": 8})


def test_a_gap_is_a_warning_with_an_example() -> None:
    # 10 itself is left out.
    warned = loaded(table("Fee", ["area"], ["fee"], ["< 10", "1"], ["> 10", "2"])).warnings
    assert [w.wrong for w in warned] == ["No rule fits area = 10."]
    assert loaded(table("Fee", ["area"], ["fee"], ["< 10", "1"], [">= 10", "2"])).warnings == ()


def test_whole_numbers_have_no_gap_between_neighbours() -> None:
    rules = (["<= 5", "1"], [">= 6", "2"])
    assert loaded(table("Fee", ["n"], ["fee"], *rules, kind="integer")).warnings == ()
    assert [w.wrong for w in loaded(table("Fee", ["n"], ["fee"], *rules)).warnings] == [
        "No rule fits n = 5.5."
    ]


def test_a_text_no_rule_names_is_a_gap() -> None:
    warned = loaded(table("Fee", ["kind"], ["fee"], ['"a"', "1"], ['"b"', "2"], kind="string")).warnings
    assert [w.wrong for w in warned] == ["No rule fits kind = another text."]


def test_a_decision_asks_the_decisions_it_requires_first() -> None:
    # area 12 -> class "big"; big on a main road: 12 * 50,000 = 600,000
    decisions = loaded(
        table(
            "Fee",
            ["Class", "road"],
            ["fee"],
            ['"big"', '"main"', "area * 50000"],
            ['"small"', "-", "0"],
            policy="FIRST",
            requires=["Class"],
        ),
        table("Class", ["area"], ["class_of"], ["<= 8", '"small"'], ["> 8", '"big"']),
    )
    assert decisions.decide("Fee", {"area": 12, "road": "main"}) == {"fee": 600_000}
    assert decisions.decide("Fee", {"area": 8, "road": "main"}) == {"fee": 0}
    assert decisions.reads("Fee") == {"area", "road"}


@pytest.mark.parametrize(
    ("decision", "words"),
    [
        (table("A", ["x"], ["y"], ["> ", "1"]), "rule 1: The cell"),
        (table("A", ["x"], ["y"], ["> 1"]), "It has 1 inputs and 0 outputs"),
        (table("A", ["x"], ["y"], ["-", "1"], policy="MOST"), "MOST is not known"),
        (table("A", ["x"], ["y"], ["-", "1"], policy="PRIORITY"), "needs the output values"),
        (
            table("A", ["x"], ["y", "z"], ["-", "1", "2"], policy="COLLECT", aggregation="SUM"),
            "single output",
        ),
        (table("A", ["x"], ["y"], ["-", "1"], requires=["B"]), "requires B"),
        (table("A", ["x"], ["y"], ["-", "1"], requires=["A"]), "in a circle"),
        ('<decision id="A"/>', "neither a decision table nor an expression"),
        ("", "no decision"),
    ],
)
def test_other_faults(decision: str, words: str) -> None:
    assert any(words in fault for fault in faults(decision))


# Business rule tasks

FEES = dmn(table("Fee", ["area"], ["fee"], ["<= 8", "100000"], ["> 8", "area * 25000"]))
CAMUNDA = 'xmlns:camunda="http://camunda.org/schema/1.0/bpmn"'


def ruled(attributes: str, inner: str = "") -> bytes:
    return bpmn(
        user("Measure", "Pay"),
        f'<businessRuleTask id="Rule" name="Fee" {CAMUNDA} {attributes}>{inner}</businessRuleTask>',
        node("endEvent", "E"),
        chain("S", "Measure", "Rule", "Pay", "E"),
    )


ZEEBE = (
    '<extensionElements><z:calledDecision xmlns:z="http://camunda.org/schema/zeebe/1.0" decisionId="Fee" '
    'resultVariable="tarif"/></extensionElements>'
)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (ruled('camunda:decisionRef="Fee"'), {"area": 12, "fee": 300_000}),
        (ruled('camunda:decisionRef="Fee" camunda:resultVariable="tarif"'), {"area": 12, "tarif": 300_000}),
        (ruled("", ZEEBE), {"area": 12, "tarif": 300_000}),
    ],
)
def test_a_rule_task_is_decided_by_its_table(source: bytes, expected: dict[str, Value]) -> None:
    process = load_process(source, name="fee.bpmn", tables={"fee.dmn": FEES})
    assert process.reads == {"area"}
    outcome = advance(process, start(process, {}).state, CompleteTask("Measure", None, {"area": 12}))
    assert [task.element for task in outcome.opened] == ["Pay"]
    assert outcome.passed == ("Measure", "Rule")
    assert outcome.state.variables == expected


def test_a_rule_task_without_its_table_is_an_effect() -> None:
    process = load_process(ruled('camunda:decisionRef="Fee"'), name="fee.bpmn")
    asked = advance(process, start(process, {}).state, CompleteTask("Measure"))
    assert asked.effects == (Effect(2, "Rule", "Fee", "rule", {"decision": "Fee"}),)
    answered = advance(process, asked.state, FinishEffect("Rule", 2, {"fee": 5}))
    assert answered.state.variables == {"fee": 5}


def test_a_rule_task_that_cannot_be_decided_leaves_the_case_where_it_was() -> None:
    process = load_process(ruled('camunda:decisionRef="Fee"'), name="fee.bpmn", tables={"fee.dmn": FEES})
    begun = start(process, {}).state
    with pytest.raises(ProcessStuck, match=r'Rule "Fee".*rule 1.*Open: task Measure'):
        advance(process, begun, CompleteTask("Measure", None, {"area": "wide"}))


def test_a_faulty_table_refuses_the_process() -> None:
    with pytest.raises(ProcessRefused, match=r"fee\.dmn:"):
        load_process(ruled('camunda:decisionRef="Fee"'), name="fee.bpmn", tables={"fee.dmn": b"<dmn/>"})


def test_a_walk_with_a_table(tmp_path: Path) -> None:
    (tmp_path / "p.bpmn").write_bytes(ruled('camunda:decisionRef="Fee"'))
    (tmp_path / "fee.dmn").write_bytes(FEES)
    (tmp_path / "steps.json").write_text('[{"task": "Measure", "set": {"area": 7.5}}]')
    done = pendapa(
        "walk",
        tmp_path / "p.bpmn",
        "--with",
        tmp_path / "fee.dmn",
        "--steps",
        tmp_path / "steps.json",
        "--json",
    )
    assert json.loads(done.stdout) == {
        "done": ["Measure"],
        "open": ["Pay"],
        "ended": False,
        "variables": {"area": 7.5, "fee": 100_000},
    }
