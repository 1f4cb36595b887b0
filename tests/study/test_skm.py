"""SKM by PermenPANRB 14/2017: the worked example by hand, both weights, the bands' edges, refusals with their cell."""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from pendapa.cli import main
from pendapa.study.sampling import krejcie_morgan
from pendapa.study.skm import ELEMENTS, PRINTED_WEIGHT, quality, rounded, satisfaction

EXAMPLE = Path(__file__).parent / "data" / "skm.csv"
HEAD = ",".join(ELEMENTS)


def run(capsys: pytest.CaptureFixture[str], path: Path, *options: str) -> dict[str, object]:
    assert main(["study", "skm", str(path), "--json", *options]) == 0
    result: dict[str, object] = json.loads(capsys.readouterr().out)
    return result


def refused(capsys: pytest.CaptureFixture[str], path: Path, *options: str, code: int = 1) -> str:
    assert main(["study", "skm", str(path), *options]) == code
    said = capsys.readouterr()
    assert said.out == ""
    return said.err.strip()


def written(tmp_path: Path, *rows: str, head: str = HEAD) -> Path:
    file = tmp_path / "skm.csv"
    file.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return file


def test_worked_example(capsys: pytest.CaptureFixture[str]) -> None:
    """Column sums 35 32 29 39 34 34 37 30 35 over 10; 30.5 / 9 = 3.38889; x 25 = 84.7222.

    Row sums 32 29 34 27 34 27 35 27 31 29: sum 305, squares 9391, SS = 9391 - 9302.5 = 88.5, s = sqrt(88.5 / 9) / 9 =
    0.348420; margin 1.96 x 25 x s / sqrt(10) = 5.3988; with N = 85 times sqrt(75 / 84) = 5.1014.
    """
    found = run(capsys, EXAMPLE, "--population", "85")
    assert found["ikm"] == 84.72
    assert found["skm"] == 3.3889
    assert found["quality"] == {"perception": 3, "mark": "B", "id": "Baik", "en": "Good"}
    elements = {element["code"]: element for element in found["elements"]}  # type: ignore[attr-defined]
    assert [e["nrr"] for e in elements.values()] == [3.5, 3.2, 2.9, 3.9, 3.4, 3.4, 3.7, 3.0, 3.5]
    marks = {code: (elements[code]["conversion"], elements[code]["quality"]["mark"]) for code in elements}
    assert marks["U3"] == (72.5, "C")
    assert marks["U8"] == (75.0, "C")
    assert marks["U2"] == (80.0, "B")
    assert marks["U4"] == (97.5, "A")
    assert found["lowest"] == ["U3", "U8", "U2"]
    assert found["highest"] == ["U4", "U7", "U1", "U9"]  # U1 and U9 are level at 3.5
    assert found["margin"] == 5.10
    # Krejcie & Morgan: 3.841 x 85 x 0.25 / (0.0025 x 84 + 0.96025) = 81.62 / 1.17025 = 69.7
    assert found["sample"] == {"population": 85, "needed": 70, "enough": False, "older_practice": 100}
    assert found["profile"] == {"jenis_kelamin": [{"value": "P", "count": 6}, {"value": "L", "count": 4}]}


def test_rounded_weight_of_old_reports(capsys: pytest.CaptureFixture[str]) -> None:
    """30.5 x 0.11 = 3.355; x 25 = 83.875, half up 83.88."""
    found = run(capsys, EXAMPLE, "--weights", "0.11")
    assert (found["ikm"], found["skm"]) == (83.88, 3.355)
    assert found["margin"] == 5.40
    assert "99.00" in found["notes"][0]  # type: ignore[index]


def test_the_best_unit_reaches_100_with_exact_weights_only() -> None:
    best = {code: [4, 4] for code in ELEMENTS}
    assert satisfaction(best).index == Decimal("100.00")
    assert satisfaction(best, PRINTED_WEIGHT).index == Decimal("99.00")


@pytest.mark.parametrize(
    ("index", "mark"),
    [
        ("25.00", "D"), ("64.99", "D"), ("65.00", "C"), ("76.60", "C"), ("76.61", "B"), ("88.30", "B"), ("88.31", "A"),
        ("100.00", "A"), ("87.89", "B"),
    ],
)  # fmt: skip
def test_bands_have_no_holes(index: str, mark: str) -> None:
    """The annex's table; 87.89 is the index that Satpol PP Kabupaten Tegal published as baik (October 2025)."""
    assert quality(Decimal(index)).mark == mark


def test_rounding_is_half_up_on_exact_values() -> None:
    assert rounded(Fraction("83.875")) == Decimal("83.88")
    assert rounded(Fraction("64.995")) == Decimal("65.00")
    assert rounded(Fraction("64.9949999")) == Decimal("64.99")


@pytest.mark.parametrize(
    ("users", "needed"),
    [
        (10, 10), (20, 19), (30, 28), (50, 44), (100, 80), (150, 108), (200, 132), (300, 169), (500, 217), (1000, 278),
        (2000, 322), (5000, 357), (10000, 370), (50000, 381), (100000, 383),
    ],
)  # fmt: skip
def test_sample_of_krejcie_and_morgan(users: int, needed: int) -> None:
    """Their table of 1970 (100,000: the formula gives 382.7, the print 384)."""
    assert krejcie_morgan(users) == needed


def test_missing_cells_leave_an_element_to_those_who_answered(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """U1: 4 of one respondent; the others 3 and 4: NRR 3.5. (4 + 8 x 3.5) / 9 x 25 = 88.888. An empty row is nobody."""
    found = run(capsys, written(tmp_path, "4,3,3,3,3,3,3,3,3", ",,,,,,,,", "NA,4,4,4,4,4,4,4,4"))
    assert (found["respondents"], found["left_out"]) == (2, 1)
    assert found["elements"][0]["nrr"] == 4.0  # type: ignore[index]
    assert found["elements"][0]["missing"] == 1  # type: ignore[index]
    assert found["ikm"] == 88.89


def test_fewer_elements_share_the_weight(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = run(capsys, written(tmp_path, "4,3", "3,3", head="U1,U8"), "--elements", "U1,U8")
    assert found["weight"] == 0.5
    assert found["ikm"] == 81.25  # (3.5 + 3) / 2 x 25


def test_what_cannot_be_computed_is_null_with_a_reason(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    silent = run(capsys, written(tmp_path, "4,3,3,,3,3,3,3,3", "4,3,3,,3,3,3,3,3"))
    assert (silent["ikm"], silent["quality"]) == (None, None)
    assert silent["reasons"] == {"ikm": "nobody answered U4"}
    alone = run(capsys, written(tmp_path, "4,3,3,3,3,3,3,3,3"))
    assert alone["margin"] is None
    assert alone["reasons"] == {"margin": "a margin of error needs at least two respondents"}
    assert alone["ikm"] == 77.78  # 28 / 9 x 25
    nobody = run(capsys, written(tmp_path, ",,,,,,,,", "NA,,,,,,,,"))
    assert (nobody["respondents"], nobody["ikm"], nobody["margin"]) == (0, None, None)
    assert main(["study", "skm", str(written(tmp_path, "4,3,3,,3,3,3,3,3"))]) == 0
    assert "IKM tidak dapat dihitung: tidak ada yang menjawab U4" in capsys.readouterr().out


def test_bad_cells_are_refused_with_row_and_column(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = refused(capsys, written(tmp_path, "4,3,3,5,3,3,3,3,3", "4,baik,3,3,3,3,3,3,2.5"))
    assert said.splitlines() == [
        "skm.csv: row 3, column U2: 'baik' is not a number; mend it or leave it empty",
        "skm.csv: row 2, column U4: '5' is not a whole answer from 1 to 4; mend it or leave it empty",
        "skm.csv: row 3, column U9: '2.5' is not a whole answer from 1 to 4; mend it or leave it empty",
    ]


def test_missing_column_and_no_rows_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = refused(capsys, written(tmp_path, "4,3,3,3,3,3,3,3", head=HEAD.removesuffix(",U9")))
    assert said.startswith("skm.csv: row 1, column U9: there is no such column")
    assert "there is a head but no respondent" in refused(capsys, written(tmp_path))
    assert "the file is empty" in refused(capsys, written(tmp_path, head=""))
    assert "smaller than the 10 respondents" in refused(capsys, EXAMPLE, "--population", "9")
    assert "leave it out" in refused(capsys, EXAMPLE, "--weights", "0.11", "--elements", "U1", code=2)


def test_text_has_a_decimal_comma_in_indonesian(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["study", "skm", str(EXAMPLE)]) == 0
    assert "IKM 84,72, mutu B, Baik" in capsys.readouterr().out
    assert main(["study", "skm", str(EXAMPLE), "--language", "en"]) == 0
    assert "Index 84.72, quality B, Good" in capsys.readouterr().out
