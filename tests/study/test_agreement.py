"""Agreement of coders: printed examples of the literature, hand calculation, and what cannot be computed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pytest

from pendapa.cli import main

Rows = Iterable[tuple[object, object, object]]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "codings.csv"


def write(file: Path, rows: Rows) -> None:
    file.write_text("unit,coder,value\n" + "".join(f"{u},{c},{v}\n" for u, c, v in rows))


def by_coder(**given: Sequence[object]) -> Rows:
    return [
        (unit + 1, coder, value)
        for coder, values in given.items()
        for unit, value in enumerate(values)
        if value != "."
    ]


def run(capsys: pytest.CaptureFixture[str], file: Path, level: str, *options: str) -> dict[str, Any]:
    assert main(["study", "agreement", str(file), "--level", level, *options, "--json"]) == 0
    result: dict[str, Any] = json.loads(capsys.readouterr().out, parse_constant=pytest.fail)
    return result


def refused(capsys: pytest.CaptureFixture[str], file: Path, level: str, *options: str) -> str:
    assert main(["study", "agreement", str(file), "--level", level, *options, "--json"]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    return said.err


@pytest.mark.parametrize(("level", "alpha"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849)])
def test_four_observers_with_gaps_as_krippendorff_prints_them(
    level: str, alpha: float, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Krippendorff 2011, Computing Krippendorff's Alpha-Reliability, examples C and D: twelve units, four observers."""
    write(
        file,
        by_coder(A="123321412...", B="1233224125.3", C=".3332342251.", D="12332441251."),
    )
    found = run(capsys, file, level)
    assert found["krippendorff_alpha"] == pytest.approx(alpha, abs=5e-4)
    low, high = found["ci"]
    assert low < alpha < high <= 1
    assert found["units_compared"] == 11  # unit 12 has one value only
    assert found["cohen_kappa"] is None
    assert any("exactly two coders; there are 4" in note for note in found["notes"])


def test_fifty_segments_by_hand(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Both yes 20, both no 15, 10 and 5 apart: po .70; pe .6 * .5 + .4 * .5 = .50; kappa .40."""
    write(
        file, by_coder(A="y" * 20 + "n" * 15 + "y" * 10 + "n" * 5, B="y" * 20 + "n" * 15 + "n" * 10 + "y" * 5)
    )
    found = run(capsys, file, "nominal")
    assert found["percent"] == pytest.approx(0.70)
    assert found["cohen_kappa"] == pytest.approx(0.40)
    # 100 values, 55 yes and 45 no, 30 pairs apart: alpha = 1 - 30 / (2 * 55 * 45 / 99) = .40
    assert found["krippendorff_alpha"] == pytest.approx(1 - 30 * 99 / (2 * 55 * 45))
    assert found["weighted_kappa"] is None
    assert any(note.startswith("weighted_kappa: not computed, for nominal") for note in found["notes"])


def test_units_that_nobody_coded_count(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Kappa over all units, not over the coded ones alone: 6 both, 2 and 3 apart, 7 neither.

    po = 13 / 18, pe = (8 * 9 + 10 * 9) / 324 = .5, kappa = .444; on the eleven coded ones it would be negative.
    """
    write(file, by_coder(A="1" * 8 + "0" * 10, B="1" * 6 + "00" + "111" + "0" * 7))
    assert run(capsys, file, "nominal")["cohen_kappa"] == pytest.approx(0.4444, abs=5e-5)


def test_fleiss_of_fourteen_raters(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The usual example after Fleiss 1971: ten subjects, fourteen raters, five categories; kappa .210 as printed."""
    counts = (
        (0, 0, 0, 0, 14), (0, 2, 6, 4, 2), (0, 0, 3, 5, 6), (0, 3, 9, 2, 0), (2, 2, 8, 1, 1),
        (7, 7, 0, 0, 0), (3, 2, 6, 3, 0), (2, 5, 3, 2, 2), (6, 5, 2, 1, 0), (0, 2, 2, 3, 7),
    )  # fmt: skip
    rows: list[tuple[object, object, object]] = []
    for subject, row in enumerate(counts):
        given = [category for category, count in enumerate(row) for _ in range(count)]
        rows += [(subject, f"rater {rater}", category) for rater, category in enumerate(given)]
    write(file, rows)
    assert run(capsys, file, "nominal")["fleiss_kappa"] == pytest.approx(0.210, abs=5e-4)


def test_quadratic_weights_by_hand(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A 1 2 3 3, B 1 2 2 1: squares apart 0 + 0 + 1 + 4 = 5 of 4 units, 1.25.

    By chance: every A against every B: 1: 0 1 1 0 = 2; 2: 1 0 0 1 = 2; 3 twice: 4 1 1 4 = 10 each; 24 / 16 = 1.5.
    kappa = 1 - 1.25 / 1.5 = 1/6.
    """
    write(file, by_coder(A="1233", B="1221"))
    assert run(capsys, file, "ordinal")["weighted_kappa"] == pytest.approx(1 / 6)


def test_a_step_that_nobody_chose_still_counts(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A 1 2 4, B 1 4 4: apart 4 / 3; chance: 1: 0 9 9; 2: 1 4 4; 4: 9 0 0; 36 / 9 = 4; kappa = 1 - 1/3."""
    write(file, by_coder(A="124", B="144"))
    assert run(capsys, file, "ordinal")["weighted_kappa"] == pytest.approx(2 / 3)


def test_two_coders_as_psych_has_them(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """R 4.2.2, psych 2.2.9, cohen.kappa: 0.40298507, weighted 0.46153846."""
    write(file, by_coder(A="1233213213", B="1221313223"))
    found = run(capsys, file, "ordinal")
    assert found["cohen_kappa"] == pytest.approx(0.40298507, abs=1e-8)
    assert found["weighted_kappa"] == pytest.approx(0.46153846, abs=1e-8)


def test_thousands_of_different_values_are_no_burden(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Two coders who differ by 1 on 0, 10, 20 ... 39,990: each value once, pairs 1 apart.

    Expected, by the variance of all 8,000 values: those of the tens plus 1/4, times 2 N / (N - 1);
    var(0, 10, ...) = 100 (4000² - 1) / 12 = 133,333,325.
    """
    write(file, by_coder(A=range(0, 40_000, 10), B=range(1, 40_001, 10)))
    expected = 2 * (133_333_325 + 0.25) * 8_000 / 7_999
    assert run(capsys, file, "interval")["krippendorff_alpha"] == pytest.approx(1 - 1 / expected, abs=1e-12)


def test_words_with_an_order(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    numbers = {"1": "rendah", "2": "sedang", "3": "tinggi"}
    write(file, by_coder(A=[numbers[v] for v in "1233"], B=[numbers[v] for v in "1221"]))
    assert "row 2, column value: 'rendah' is not a number; name the order" in refused(capsys, file, "ordinal")
    found = run(capsys, file, "ordinal", "--order", "rendah,sedang,tinggi")
    assert found["weighted_kappa"] == pytest.approx(1 / 6)
    assert found["categories"] == ["rendah", "sedang", "tinggi"]
    said = refused(capsys, file, "ordinal", "--order", "rendah,sedang")
    assert "row 4, column value: 'tinggi' is not in the order" in said


def test_numbers_written_differently_are_the_same(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text("Unit;Coder;Value\nu1;A;1\nu1;B;1,0\nu2;A;2.0\nu2;B;2\n")
    assert run(capsys, file, "nominal")["percent"] == 1


def test_the_interval_repeats_itself(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(file, by_coder(A="1233121", B="1221122"))
    first, second = run(capsys, file, "ordinal"), run(capsys, file, "ordinal")
    assert first == second
    assert first["bootstrap"]["draws"] == 1000


@pytest.mark.parametrize(
    ("rows", "key", "reason"),
    [
        (by_coder(A="111", B="111"), "cohen_kappa", "chance agrees fully"),
        (by_coder(A="111", B="111"), "krippendorff_alpha", "all values are the same"),
        (by_coder(A="121"), "percent", "no unit was coded by two coders"),
        (by_coder(A="12..", B="..12"), "cohen_kappa", "no unit was coded by both"),
        ([], "krippendorff_alpha", "no unit was coded by two coders"),
        ([("u", "A", "1"), ("u", "B", "2")], "ci", "one unit only"),
        ([("u", "A", "NA"), ("u", "B", "")], "percent", "no unit was coded by two coders"),
    ],
)
def test_what_cannot_be_computed_is_null_with_its_reason(
    rows: Rows, key: str, reason: str, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(file, rows)
    found = run(capsys, file, "ordinal")
    assert found[key] is None
    assert any(reason in note for note in found["notes"])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("unit,coder,value\nu1,A,1\nu1,A,2\n", "row 3, column unit: A coded u1 in row 2 already"),
        ("unit,coder,value\nu1,,1\n", "row 2, column coder: the cell is empty"),
        ("unit,coder,code\nu1,A,1\n", "column value: there is no such column"),
        ("unit,coder,value,value\nu1,A,1,1\n", "column value: the head stands 2 times, in columns 3 and 4"),
    ],
)
def test_codings_that_cannot_be_used_are_refused_with_their_place(
    text: str, said: str, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_text(text)
    assert said in refused(capsys, file, "nominal")


def test_the_printed_report(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(file, by_coder(A="1233", B="1221"))
    assert main(["study", "agreement", str(file), "--level", "ordinal"]) == 0
    said = capsys.readouterr().out
    assert "4 units, 2 coders, values 1, 2, 3" in said
    assert "weighted_kappa       0.167" in said
