"""The same random walks in SpiffWorkflow (LGPL, test time only) and here: after each step the same tasks are open,
the same events awaited, and at the end of the case the same variables set.

Where the two differ by design or by a fault there, tests/processes/test_unlike_spiffworkflow.py names the
difference, gives the reason and proves that it is real; the processes here keep clear of those. PENDAPA_SEED gives
other walks and other grown processes.
"""

from __future__ import annotations

import os
import random
from typing import get_args

import pytest

from pendapa.processes import load_process, start
from pendapa.processes.model import Kind

from .bpmn import chain
from .dmn import dmn, table
from .grown import grown
from .joint_data import ruled
from .joint_parts import ends
from .joint_processes import PROCESSES
from .joint_walks import plain, walk
from .spiff import Spiff

pytest.importorskip("SpiffWorkflow")
pytestmark = pytest.mark.oracle

LONG = bool(os.environ.get("PENDAPA_LONG"))
SEED = os.environ.get("PENDAPA_SEED", "pendapa")
WALKS = 100 if LONG else 12
TABLES = 300 if LONG else 25
RULE = ruled(ends("End"), chain("S", "Rule", "End"))
NOT_WALKED = {"end_signal"}
"""A signal end is passed in silence there: see test_unlike_spiffworkflow.py."""
GROWN = 400 if LONG else 30


@pytest.mark.parametrize("name", PROCESSES)
def test_random_walks_agree(name: str) -> None:
    process = PROCESSES[name].load(name)
    compared = 0
    for number in range(WALKS):
        compared += walk(name, PROCESSES[name], process, random.Random(f"{SEED} {name} {number}"))
    # Every walk compares at its start, and again after each step.
    assert compared >= 2 * WALKS


def test_random_walks_agree_in_processes_grown_at_random() -> None:
    walked = 0
    for number in range(GROWN):
        name = f"grown {SEED} {number}"
        sample = grown(name)
        process = sample.load(name)
        for again in range(5):
            walked += walk(name, sample, process, random.Random(f"{name} {again}")) > 1
    assert walked == 5 * GROWN


@pytest.mark.parametrize("policy", ["FIRST", "COLLECT"])
def test_random_tables_decide_alike(policy: str) -> None:
    """Two inputs, two outputs; the last rule always fits, for without one nothing is set there."""
    chance = random.Random(f"{SEED} {policy}")
    answers: set[object] = set()
    for _ in range(TABLES):
        rules = [
            [number_cell(chance), chance.choice(KINDS), str(chance.randrange(9)), f"'way {n}'"]
            for n in range(chance.randrange(1, 8))
        ]
        rules.append(["-", "-", "9", "'no way'"])
        tables = {"fee.dmn": dmn(table("Fee", ["area", "kind"], ["fee", "way"], *rules, policy=policy))}
        process = load_process(RULE, name="rule.bpmn", tables=tables)
        for _ in range(4):
            values = {"area": chance.randrange(12), "kind": chance.choice(("house", "shop", "field"))}
            here = start(process, values).state.variables
            there = Spiff(RULE, tables=tables, variables=values).variables
            assert {name: plain(value) for name, value in here.items()} == there, (rules, values)
            answers.add(here["way"])
    assert len(answers) > 7


KINDS = ("'house'", "'shop'", "-")


def number_cell(chance: random.Random) -> str:
    comparison = chance.choice(("<", "<=", ">", ">=", "", "-"))
    return comparison if comparison == "-" else f"{comparison} {chance.randrange(12)}".strip()


def test_the_walks_go_through_every_kind_of_element_both_support() -> None:
    covered: set[str] = set()
    for name, sample in PROCESSES.items():
        covered |= {element.kind for element in sample.load(name).elements.values()}
    assert {*get_args(Kind)} - covered == NOT_WALKED
