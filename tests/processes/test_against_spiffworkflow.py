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

from pendapa.processes.model import Kind

from .grown import grown
from .joint_processes import PROCESSES
from .joint_walks import walk

pytest.importorskip("SpiffWorkflow")
pytestmark = pytest.mark.oracle

LONG = bool(os.environ.get("PENDAPA_LONG"))
SEED = os.environ.get("PENDAPA_SEED", "pendapa")
WALKS = 100 if LONG else 12
NOT_WALKED = {"end_signal", "call"}
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


def test_the_walks_go_through_every_kind_of_element_both_support() -> None:
    covered: set[str] = set()
    for name, sample in PROCESSES.items():
        covered |= {element.kind for element in sample.load(name).elements.values()}
    assert {*get_args(Kind)} - covered <= NOT_WALKED
