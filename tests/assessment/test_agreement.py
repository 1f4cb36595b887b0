"""Weighted kappa beside the study engine's, which counts a table of shares instead of pairs; and its edges."""

from __future__ import annotations

import doctest
import json
import random
from fractions import Fraction
from pathlib import Path
from types import ModuleType

import pytest

import pendapa.assessment.agreement
import pendapa.assessment.evaluation
import pendapa.assessment.wording
from pendapa.assessment.agreement import agreement
from pendapa.cli import main


@pytest.mark.parametrize("seed", range(5))
def test_same_as_the_study_engine(seed: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    draw = random.Random(seed)
    first = {f"u{unit}": draw.randint(1, 5) for unit in range(20)}
    second = {unit: min(5, max(1, level + draw.randint(-1, 2))) for unit, level in first.items()}
    second.pop("u7")
    rows = [
        f"{unit},{coder},{level}"
        for coder, given in (("A", first), ("B", second))
        for unit, level in given.items()
    ]
    file = tmp_path / "codings.csv"
    file.write_text("\n".join(["unit,coder,value", *rows]) + "\n", encoding="utf-8")
    assert main(["study", "agreement", str(file), "--level", "ordinal", "--json"]) == 0
    other = json.loads(capsys.readouterr().out)
    found = agreement({"A": first, "B": second})
    assert found.units == 19
    assert found.kappa is not None and found.percent is not None
    assert float(found.kappa) == pytest.approx(other["weighted_kappa"], abs=1e-12)
    assert float(found.percent) == pytest.approx(100 * other["percent"], abs=1e-12)


def test_full_agreement_and_full_opposition() -> None:
    """(1,1) (3,3): no square at all, so 1. (1,3) (3,1): 4 and 4, by chance 4 + 0 + 0 + 4 of 4: 1 - 4 / 2 = -1."""
    assert agreement({"A": {"x": 1, "y": 3}, "B": {"x": 1, "y": 3}}).kappa == 1
    assert agreement({"A": {"x": 1, "y": 3}, "B": {"x": 3, "y": 1}}).kappa == -1


def test_who_judged_another_thing_is_not_compared() -> None:
    found = agreement({"A": {"x": 1}, "B": {"y": 1}})
    assert (found.units, found.percent, found.kappa) == (0, None, None)
    assert found.reason is not None and found.reason.en == "nothing was given a level by both"


def test_consensus_is_no_assessor_and_three_are_not_compared() -> None:
    two = {"A": {"x": 1, "y": 2}, "B": {"x": 2, "y": 2}}
    # (1,2) (2,2): 1 of 2; by chance 1 + 1 + 0 + 0 of 4: 1 - (1/2) / (1/2) = 0.
    found = agreement({**two, "Kesepakatan": {"x": 2, "y": 2}})
    assert (found.people, found.percent, found.kappa) == (("A", "B"), Fraction(50), 0)
    reason = agreement({**two, "C": {"x": 1, "y": 1}}).reason
    assert reason is not None and reason.en == "agreement compares exactly two people; there are 3"


@pytest.mark.parametrize(
    "module", [pendapa.assessment.agreement, pendapa.assessment.evaluation, pendapa.assessment.wording]
)
def test_examples_of_the_docstrings(module: ModuleType) -> None:
    result = doctest.testmod(module)
    assert (result.failed, result.attempted > 0) == (0, True)
