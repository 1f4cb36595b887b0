"""Kendall's W by hand and as R's friedman.test gives it; `pendapa study kendall` as people call it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from pendapa.cli import main
from pendapa.study.ranking import kendall_w


def run(capsys: pytest.CaptureFixture[str], path: Path) -> dict[str, object]:
    assert main(["study", "kendall", str(path), "--json"]) == 0
    result: dict[str, object] = json.loads(capsys.readouterr().out)
    return result


def test_by_hand_without_ties(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Ranks 1234, 2134, 1243: sums 4, 5, 10, 11; mean 7.5; S = 12.25 + 6.25 + 6.25 + 12.25 = 37.

    W = 12 * 37 / (9 * (64 - 4)) = 444 / 540; chi2 = 3 * 3 * W = 7.4; the chance of more with 3 degrees of freedom
    is erfc(sqrt(3.7)) + 2 sqrt(7.4 / 2 pi) exp(-3.7) = 0.00652 + 0.05366.
    """
    file = tmp_path / "marks.csv"
    file.write_text(",A,B,C,D\nSari,1,2,3,4\nBudi,2,1,3,4\nWati,1,2,4,3\n")
    found = run(capsys, file)
    assert found["w"] == pytest.approx(444 / 540)
    assert found["chi2"] == pytest.approx(7.4)
    assert found["df"] == 3
    assert found["p"] == pytest.approx(0.06018, abs=1e-5)
    assert found["notes"] == []


def test_ties_are_corrected_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """R 4.2.2 friedman.test on the same marks: chi-squared 10.444, df 4, p 0.03357; W = chi2 / (3 * 4) = 0.8703704."""
    file = tmp_path / "marks.csv"
    file.write_text("A;B;C;D;E\n1;1;3;4;5\n2;1;2;4;5\n1;2;3;3;3\n")
    found = run(capsys, file)
    assert found["w"] == pytest.approx(0.8703704, abs=1e-7)
    assert found["p"] == pytest.approx(0.03357, abs=1e-5)


def test_marks_and_their_ranks_give_the_same() -> None:
    marks = np.array([[10.0, 55, 30, 80], [2, 3, 2.5, 9], [7, 1, 0, 8]])
    ranks = marks.argsort(axis=1).argsort(axis=1) + 1.0
    assert kendall_w(marks) == kendall_w(ranks)


def test_a_rater_with_a_gap_is_left_out_and_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "marks.csv"
    file.write_text(",A,B,C,D\nSari,1,2,3,4\nGita,4,NA,2,1\nBudi,2,1,3,4\nWati,1,2,4,3\n")
    found = run(capsys, file)
    assert found["raters"] == 3
    assert found["w"] == pytest.approx(444 / 540)
    assert found["notes"] == ["row 3: a rank is missing, so this rater is left out"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (",A,B\nSari,1,2\n", "at least two raters"),
        (",A\nSari,1\nBudi,2\n", "at least two objects"),
        (",A,B\nSari,2,2\nBudi,1,1\n", "the same rank"),
        (",A,B\n", "at least two raters"),
    ],
)
def test_what_cannot_be_computed_is_null_with_its_reason(
    text: str, reason: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "marks.csv"
    file.write_text(text)
    found = run(capsys, file)
    assert [found[key] for key in ("w", "chi2", "df", "p")] == [None] * 4
    assert any(reason in note for note in found["notes"])  # type: ignore[attr-defined]


def test_a_word_among_the_ranks_is_refused_with_its_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "marks.csv"
    file.write_text(",A,B\nSari,1,2\nBudi,first,1\n")
    assert main(["study", "kendall", str(file), "--json"]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == ("marks.csv: row 3, column A: 'first' is not a number; mend it or leave it empty\n")
