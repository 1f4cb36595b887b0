"""Figures of a proposition, groups and Delphi, against R 4.2.2, Hollander & Wolfe 1973 and hand calculations."""

from __future__ import annotations

import json
from dataclasses import fields
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from pendapa.cli import main
from pendapa.study.bands import class_bands, classify
from pendapa.study.conclusions import conclude, holm
from pendapa.study.delphi import consensus
from pendapa.study.groups import ManyGroups, TwoGroups, compare, compare_two
from pendapa.study.refusal import NotComputable

A1_A2 = np.array([[4, 5], [3, 4], [5, 5], [2, 3], [4, 4], [3, 3]], dtype=float)


@pytest.mark.parametrize(
    ("mean", "key"),
    [
        ("1", "very_low"), ("1.80", "very_low"), ("1.801", "low"), ("2.60", "low"), ("2.605", "medium"),
        ("3.40", "medium"), ("3.4000001", "high"), ("4.20", "high"), ("4.2001", "very_high"), ("5", "very_high"),
    ],
)  # fmt: skip
def test_five_point_classes_have_no_holes(mean: str, key: str) -> None:
    assert classify(Fraction(mean), class_bands(1, 5)).key == key


@pytest.mark.parametrize(
    ("mean", "key"),
    [("1.75", "very_low"), ("1.751", "low"), ("2.5", "low"), ("3.25", "high"), ("3.26", "very_high")],
)
def test_four_point_classes(mean: str, key: str) -> None:
    """Width (4 - 1) / 4 = 0.75: 1.00, 1.75, 2.50, 3.25, 4.00."""
    assert classify(Fraction(mean), class_bands(1, 4)).key == key


def test_a_mean_of_exactly_340_is_medium() -> None:
    """17 / 5 = 51 / 15 = 3.4; as a mean of three items thirds would leave dust behind."""
    three = np.array([[4, 3, 3], [3, 3, 4], [4, 4, 3], [3, 3, 3], [4, 4, 3]], dtype=float)
    found = conclude(three, (1, 5))
    assert found.mean == 3.4
    assert found.band is not None
    assert found.band.key == "medium"


def test_figures_of_the_worked_data() -> None:
    """R: t.test and wilcox.test of 4.5 3.5 5 2.5 4 3 with mu = 3. By hand: 45 / 12 = 3.75; 7 of 12 are 4 or 5."""
    found = conclude(A1_A2, (1, 5))
    assert (found.n, found.mean, found.df, found.preferred) == (6, 3.75, 5, "wilcoxon")
    assert found.top2 == pytest.approx(700 / 12)
    assert found.t == pytest.approx(1.963961, abs=1e-6)
    assert found.p_t == pytest.approx(0.0533728, abs=1e-7)
    assert found.p_t_two_sided == pytest.approx(0.106746, abs=1e-6)
    assert found.lower == pytest.approx(2.98049069, abs=1e-8)
    assert found.upper == pytest.approx(2 * 3.75 - 2.98049069, abs=1e-8)
    assert found.interval == pytest.approx((2.76834285, 4.73165715), abs=1e-8)
    assert found.signed_ranks == 13.5
    assert found.p_wilcoxon == pytest.approx(0.0681084, abs=1e-7)
    assert found.p_wilcoxon_two_sided == pytest.approx(0.136217, abs=1e-6)
    # Deviations .75 -.25 1.25 -1.25 .25 -.75: squares sum to 4.375; s = sqrt(.875); d = .75 / s
    assert found.d == pytest.approx(0.75 / 0.875**0.5)


def test_wilcoxon_is_exact_without_ties() -> None:
    """Sums of two items 5 8 9 against 6: -1 2 3 with ranks 1, 2, 3.

    V = 2 + 3 = 5; of the 8 signs two give 5 or more (5 and 6), so p = 2 / 8.
    """
    found = conclude(np.array([[2, 3], [4, 4], [5, 4]], dtype=float), (1, 5))
    assert found.signed_ranks == 5
    assert found.p_wilcoxon == pytest.approx(0.25)


@pytest.mark.parametrize(
    ("answers", "missing"),
    [
        (np.empty((0, 2)), {"mean", "band", "top2", "sd", "t", "lower", "p_wilcoxon"}),
        (np.array([[4.0, 5.0]]), {"sd", "t", "lower", "d", "p_wilcoxon"}),
        (np.full((9, 2), 4.0), {"t", "lower", "interval", "d", "p_t"}),
        (np.full((9, 2), 3.0), {"t", "lower", "d", "p_wilcoxon"}),
    ],
)
def test_what_cannot_be_computed_has_a_reason_and_is_never_nan(
    answers: np.ndarray, missing: set[str]
) -> None:
    found = conclude(answers, (1, 5))
    empty = {f.name for f in fields(found) if getattr(found, f.name) is None}
    assert empty == set(found.reasons)
    assert missing <= empty
    assert not any(
        isinstance(value := getattr(found, f.name), float) and value != value for f in fields(found)
    )


def test_holm() -> None:
    """R p.adjust(method = "holm"); a missing one does not count."""
    assert holm([0.01, 0.04, None, 0.03, 0.005, 0.5]) == pytest.approx(
        [0.040, 0.090, None, 0.090, 0.025, 0.5]
    )


def test_two_groups_with_ties() -> None:
    """R wilcox.test: W = 38, p = 0.015025; r = 2 x 38 / 42 - 1."""
    found = compare({"a": [5, 4, 4, 3, 5, 4], "b": [3, 2, 4, 3, 2, 3, 1]})
    assert isinstance(found, TwoGroups)
    assert found.u == 38
    assert found.p == pytest.approx(0.015025, abs=1e-6)
    assert found.rank_biserial == pytest.approx(76 / 42 - 1)


def test_two_groups_exact() -> None:
    """Hollander & Wolfe 1973, p. 69 f. (permeability of the human chorioamnion): W = 35, two-sided p = 0.2544."""
    term = [0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46]
    found = compare_two({"term": term, "early": [1.15, 0.88, 0.90, 0.74, 1.21]})
    assert found.u == 35
    assert found.p == pytest.approx(0.2544, abs=5e-5)


def test_three_groups_and_dunn() -> None:
    """R kruskal.test, and Dunn's z worked in R from rank() with the tie correction; p.adjust holm."""
    found = compare({"x": [5, 4, 4, 5, 3], "y": [3, 3, 2, 4], "z": [1, 2, 2, 3, 2, 1]})
    assert isinstance(found, ManyGroups)
    assert found.h == pytest.approx(9.500031, abs=1e-6)
    assert found.p == pytest.approx(0.00865156, abs=1e-8)
    assert found.epsilon_squared == pytest.approx(0.678573658, abs=1e-9)
    assert [pair.z for pair in found.pairs] == pytest.approx([1.33980561, 3.07568067, 1.49287739], abs=1e-8)
    assert [pair.p_holm for pair in found.pairs] == pytest.approx(
        [0.27093857011, 0.00630067927, 0.27093857011], abs=1e-10
    )


@pytest.mark.parametrize(
    "groups", [{"a": [1.0]}, {"a": [3, 3], "b": [3]}, {"a": [3], "b": []}, {"a": [2], "b": [2], "c": [2]}]
)
def test_groups_that_cannot_be_compared(groups: dict[str, list[float]]) -> None:
    with pytest.raises(NotComputable):
        compare(groups)


def test_delphi_consensus() -> None:
    """5 4 4 3 5 2 4 sorted 2 3 4 4 4 5 5: quartiles 3.5 and 4.5 (R's IQR 1); 5 of 7 agree, 71.4 % < 75 %."""
    found = consensus([5, 4, 4, 3, 5, 2, 4])
    assert (found.median, found.iqr, found.reached) == (4, 1, False)
    assert found.percent == pytest.approx(500 / 7)
    assert consensus([4, 4, 5, 3]).reached  # 3.75 to 4.25; 3 of 4 are exactly 75 %
    assert not consensus([5, 5, 5, 5, 3, 3]).reached  # 3.5 to 5
    with pytest.raises(NotComputable):
        consensus([4])


def test_delphi_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """P1: 4 4 5 3, quartiles 3.75 and 4.25, 75 %; P2: 5 5 1 1, quartiles 1 and 5; nobody but one marked P3."""
    file = tmp_path / "round.csv"
    file.write_text(",P1,P2,P3\nE1,4,5,4\nE2,4,5,\nE3,5,1,NA\nE4,3,1,\n")
    assert main(["study", "delphi", str(file), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    p1 = {"experts": 4, "median": 4.0, "iqr": 0.5, "percent": 75.0, "consensus": True}
    assert found["statements"]["P1"] == p1
    assert found["statements"]["P2"]["consensus"] is False
    assert found["statements"]["P3"]["iqr"] is None
    assert found["notes"] == ["P3: consensus needs the marks of at least two experts; there are 1."]
    file.write_text("P1\n6\n4\n")
    assert main(["study", "delphi", str(file)]) == 1
    assert "row 2, column P1: '6' is no whole mark from 1 to 5" in capsys.readouterr().err
