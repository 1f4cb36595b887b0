"""The instrument gate: worked values of the field, hand calculation, and what cannot be computed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pendapa.cli import main
from pendapa.study import matrices, reliability, validity
from pendapa.study.instrument import Instrument, examine
from pendapa.study.responses import complete, read_responses

SIX_BY_FIVE = "A,B,C,D,E\n4,5,4,4,5\n3,4,3,4,4\n5,5,5,4,5\n2,3,2,3,3\n4,4,4,5,4\n3,3,4,3,3\n"


@pytest.fixture
def responses(tmp_path: Path) -> Path:
    return tmp_path / "responses.csv"


def run(capsys: pytest.CaptureFixture[str], path: Path, *options: str) -> dict[str, Any]:
    assert main(["study", "statistics", str(path), *options, "--json"]) == 0
    result: dict[str, Any] = json.loads(capsys.readouterr().out, parse_constant=pytest.fail)
    return result


def refused(capsys: pytest.CaptureFixture[str], path: Path, *options: str) -> str:
    assert main(["study", "statistics", str(path), *options, "--json"]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    return said.err


def test_six_respondents_five_items_by_hand(responses: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Item variances 1.1, .8, 1.066667, .566667, .8 sum to 4.333333; totals 22, 18, 24, 13, 21, 16 have variance 16.8;
    alpha = 1.25 (1 - .257937) = .9276. Item-total .977, .927, .850, .713, .927; corrected .959, .885, .751, .603,
    .885."""
    responses.write_text(SIX_BY_FIVE)
    found = run(capsys, responses, "--items", "A,B,C,D,E", "--scale", "1,5")
    assert found["n"] == 6
    assert found["alpha"] == pytest.approx(1.25 * (1 - 4.3333333 / 16.8), abs=1e-7)
    assert list(found["item_total_r"].values()) == pytest.approx(
        [0.977, 0.927, 0.850, 0.713, 0.927], abs=5e-4
    )
    assert list(found["item_rest_r"].values()) == pytest.approx([0.959, 0.885, 0.751, 0.603, 0.885], abs=5e-4)
    assert found["r_table"] == pytest.approx(0.811, abs=5e-4)
    # With so few respondents the local table fails item D, and the strict one C as well.
    assert [name for name, valid in found["valid"].items() if not valid] == ["D"]
    assert [name for name, valid in found["strictly_valid"].items() if not valid] == ["C", "D"]


@pytest.mark.parametrize(
    ("n", "five", "one"),
    [
        (10, 0.632, 0.765),
        (15, 0.514, 0.641),
        (20, 0.444, 0.561),
        (25, 0.396, 0.505),
        (30, 0.361, 0.463),
        (35, 0.334, 0.430),
        (40, 0.312, 0.403),
        (50, 0.279, 0.361),
        (60, 0.254, 0.330),
        (80, 0.220, 0.286),
        (100, 0.197, 0.256),
        (150, 0.160, 0.210),
    ],
)
def test_critical_r_of_the_printed_table(n: int, five: float, one: float) -> None:
    """Fisher & Yates 1963, table VII, and its continuations; by number of respondents."""
    assert round(validity.critical_r(n), 3) == five
    assert round(validity.critical_r(n, 0.01), 3) == one


def test_critical_r_does_not_repeat_the_misprint_of_n_29() -> None:
    assert round(validity.critical_r(29), 3) == 0.367  # local tables print 0.387; t(.975; 27) = 2.0518


def test_the_interval_counts_respondents_after_those_with_gaps_are_gone(
    responses: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Feldt by hand with n = 6, k = 5: F(.975; 5, 20) = 3.2891, F(.025; 5, 20) = 0.15796 (tables: 3.29, 1/6.33).

    1 - .0724206 * 3.2891 = .76180 and 1 - .0724206 * .15796 = .98856. With n = 9 the limits would be closer.
    """
    responses.write_text(SIX_BY_FIVE + "1,,2,1,1\nNA,2,2,1,1\n5,5,5,5,\n")
    found = run(capsys, responses, "--items", "A,B,C,D,E")
    assert found["n"] == 6
    assert found["alpha_ci"] == pytest.approx([0.76180, 0.98856], abs=2e-5)
    assert found["missing"] == {"method": "listwise", "respondents": 9, "left_out": 3, "imputed": {}}
    assert any("3 of 9 respondents" in note for note in found["notes"])


def test_the_interval_of_nine_left_of_twelve() -> None:
    """pingouin's example of listwise deletion, alpha 0.8016949 of 11 items, takes n = 12: 0.581 to 0.933."""
    assert reliability.feldt_interval(0.8016949, 9, 11) == pytest.approx((0.533, 0.947), abs=5e-4)
    assert reliability.feldt_interval(0.8016949, 12, 11) == pytest.approx((0.581, 0.933), abs=5e-4)


def test_gaps_in_other_columns_cost_nobody(responses: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = SIX_BY_FIVE.splitlines()
    responses.write_text("\n".join([rows[0] + ",Z", *(row + "," for row in rows[1:])]))
    assert run(capsys, responses, "--items", "A,B,C,D,E")["n"] == 6


def test_item_median_fills_gaps_and_counts_them(responses: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The gap in B has the median of 1, 2, 3, 9, which is 2.5; variances by hand: A 2.5, B 9.8, total 20.3 (below)."""
    responses.write_text("A,B,C\n1,1,\n2,2,\n3,,\n4,3,\n5,9,\n,,5\n")
    found = run(capsys, responses, "--items", "A,B", "--missing", "median")
    assert (found["n"], found["missing"]["imputed"]) == (5, {"B": 1})
    # B 1 2 2.5 3 9: mean 3.5, squares 6.25 + 2.25 + 1 + .25 + 30.25 = 40, / 4 = 10; cov: (-2*-2.5) + (-1*-1.5) + 0
    # + (1*-.5) + (2*5.5) = 17, / 4 = 4.25; alpha = 2 (1 - 12.5 / 21) = .809524
    assert found["alpha"] == pytest.approx(2 * (1 - 12.5 / 21))


def test_reversed_items_count_the_other_way_round(
    responses: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [row.split(",") for row in SIX_BY_FIVE.splitlines()]
    turned = [[*row[:1], str(6 - int(row[1])), *row[2:]] for row in rows[1:]]
    responses.write_text("\n".join(",".join(row) for row in [rows[0], *turned]))
    plain = run(capsys, responses, "--items", "A,B,C,D,E")
    assert plain["item_rest_r"]["B"] < 0
    assert any("item B" in warning and "reversed" in warning for warning in plain["warnings"])
    for scale in ([], ["--scale", "1,5"]):
        found = run(capsys, responses, "--items", "A,B,C,D,E", "--reverse", "B", *scale)
        assert found["alpha"] == pytest.approx(0.92758, abs=5e-6)
        assert found["item_rest_r"]["B"] == pytest.approx(0.885, abs=5e-4)
        assert not any("negatively" in warning for warning in found["warnings"])


def test_alpha_if_deleted_is_alpha_of_the_others(responses: Path, capsys: pytest.CaptureFixture[str]) -> None:
    responses.write_text(SIX_BY_FIVE)
    found = run(capsys, responses, "--items", "A,B,C,D,E")
    assert found["alpha_if_deleted"]["D"] == pytest.approx(
        run(capsys, responses, "--items", "A,B,C,E")["alpha"]
    )


def test_a_constant_item_leaves_reasons_not_nan(responses: Path, capsys: pytest.CaptureFixture[str]) -> None:
    responses.write_text("A,B,C,D\n1,3,2,1\n2,3,2,3\n3,3,4,2\n5,3,4,5\n")
    found = run(capsys, responses, "--items", "A,B,C,D")
    assert found["item_rest_r"]["B"] is found["kmo"]["overall"] is found["omega_total"] is None
    assert found["alpha_standardised"] is found["bartlett"]["p"] is found["factors"]["ml_varimax"] is None
    assert found["alpha"] is not None
    assert any("every answer to B is the same" in note for note in found["notes"])


@pytest.mark.parametrize(
    ("text", "n", "reason"),
    [
        ("A,B,C\n1,2,3\n", 1, "at least two respondents with complete answers; there are 1"),
        ("A,B,C\n", 0, "there are 0"),
        ("A,B,C\nNA,NA,NA\n,,\n", 0, "there are 0"),
        ("A,B,C\n1,,3\n3,,4\n", 0, "item B: nobody answered it"),
    ],
)
@pytest.mark.parametrize("missing", ["listwise", "median"])
def test_too_little_to_compute_is_null_with_its_reason(
    text: str, n: int, reason: str, missing: str, responses: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    responses.write_text(text)
    found = run(capsys, responses, "--items", "A,B,C", "--missing", missing, "--parallel", "5")
    assert found["n"] == n
    assert found["alpha"] is found["alpha_ci"] is found["r_table"] is found["omega_sl"] is None
    assert found["kmo"] == {"overall": None, "items": {"A": None, "B": None, "C": None}}
    assert any(reason in note for note in found["notes"])


def test_an_item_that_follows_from_the_others_is_told(
    responses: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    responses.write_text("A,B,C\n1,2,3\n2,2,4\n5,1,6\n3,4,7\n2,5,7\n")  # C = A + B
    found = run(capsys, responses, "--items", "A,B,C")
    assert found["kmo"]["overall"] is found["bartlett"]["chi2"] is found["omega_total"] is None
    assert any("singular" in note for note in found["notes"])


def test_omega_of_a_heywood_case_is_null_with_the_item(
    responses: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Three items: l1² = r12 r13 / r23. Here r12 = r13 = .8 and r23 = .5 would give l1² = 1.28."""
    wanted = np.array([[1, 0.8, 0.8], [0.8, 1, 0.5], [0.8, 0.5, 1]])
    raw = np.random.default_rng(3).standard_normal((40, 3))
    raw -= raw.mean(axis=0)
    white = raw @ np.linalg.inv(np.linalg.cholesky(raw.T @ raw / 39)).T
    np.savetxt(responses, white @ np.linalg.cholesky(wanted).T, delimiter=",", header="A,B,C", comments="")
    found = run(capsys, responses, "--items", "A,B,C")
    assert found["omega_total"] is None
    assert any("A (a Heywood case)" in note for note in found["notes"])


def test_two_items_have_no_omega(responses: Path, capsys: pytest.CaptureFixture[str]) -> None:
    responses.write_text(SIX_BY_FIVE)
    found = run(capsys, responses, "--items", "A,B")
    assert found["omega_total"] is found["omega_sl"] is found["alpha_if_deleted"]["A"] is None
    assert found["split_half"]["guttman"] == pytest.approx(found["alpha"])  # two items: lambda 4 is alpha


def test_one_factor_of_three_items_by_hand(responses: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """r12 = .6, r13 = .5, r23 = .4: l1² = .6 * .5 / .4 = .75, l2² = .6 * .4 / .5 = .48, l3² = .5 * .4 / .6 = 1/3.

    Σl = .866025 + .692820 + .577350 = 2.136196; Σθ = .25 + .52 + .666667; omega = 4.563333 / 6 = .760556.
    """
    wanted = np.array([[1, 0.6, 0.5], [0.6, 1, 0.4], [0.5, 0.4, 1]])
    raw = np.random.default_rng(3).standard_normal((40, 3))
    raw -= raw.mean(axis=0)
    white = raw @ np.linalg.inv(np.linalg.cholesky(raw.T @ raw / 39)).T
    np.savetxt(responses, white @ np.linalg.cholesky(wanted).T, delimiter=",", header="A,B,C", comments="")
    found = run(capsys, responses, "--items", "A,B,C")
    assert found["omega_total"] == pytest.approx(0.760556, abs=1e-6)
    assert found["omega_sl"] == pytest.approx(0.760556, abs=1e-6)
    assert found["factors"]["number"] == 1
    assert any("3 items can tell only 1" in note for note in found["notes"])


def gate(text: str) -> Instrument:
    return examine(complete(read_responses(text.encode(), "r.csv", text.splitlines()[0].split(","))))


def test_the_gate_passes_only_with_every_item_valid_and_a_reliable_scale() -> None:
    failing = gate(SIX_BY_FIVE)
    assert failing.passes() is False  # item D, by the local table
    passing = gate(SIX_BY_FIVE + "".join(SIX_BY_FIVE.splitlines(keepends=True)[1:]) * 4)
    assert passing.passes() is True  # the same correlations of thirty respondents: r table .361
    assert passing.passes(minimum_alpha=0.95) is False
    assert passing.passes(strict=True) is True


@pytest.mark.parametrize("text", ["A,B,C\n1,2,3\n", "A,B,C\n"])
def test_a_gate_that_cannot_be_told_is_neither_passed_nor_failed(text: str) -> None:
    assert gate(text).passes() is None


def test_parallel_analysis_tells_its_seed_and_repeats_itself(
    responses: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    responses.write_text(SIX_BY_FIVE)
    first, second = (
        run(capsys, responses, "--items", "A,B,C,D,E", "--parallel", "50")["parallel"] for _ in range(2)
    )
    assert first == second
    assert first["draws"] == 50 and isinstance(first["seed"], int)
    assert sum(first["observed"]) == pytest.approx(5)


def test_the_bootstrap_centres_on_alpha() -> None:
    values = np.loadtxt(SIX_BY_FIVE.splitlines()[1:] * 20, delimiter=",")
    alpha = reliability.cronbach_alpha(matrices.covariances(values))
    drawn = reliability.bootstrap_alpha(values, 500, seed=4)
    assert len(drawn) == 500
    assert np.median(drawn) == pytest.approx(alpha, abs=0.01)
    sample = np.repeat(values, np.random.default_rng(4).multinomial(120, np.full(120, 1 / 120)), axis=0)
    assert drawn[0] == pytest.approx(reliability.cronbach_alpha(matrices.covariances(sample)))


def test_faults_name_row_and_column_all_at_once(responses: Path, capsys: pytest.CaptureFixture[str]) -> None:
    responses.write_text("A,B\n1,2\n6,setuju\n3,\n0,2\n")
    assert refused(capsys, responses, "--items", "A,B", "--scale", "1,5").splitlines() == [
        "responses.csv: row 3, column A: '6' is outside the scale 1 to 5; mend it or leave it empty",
        "responses.csv: row 5, column A: '0' is outside the scale 1 to 5; mend it or leave it empty",
        "responses.csv: row 3, column B: 'setuju' is not a number; mend it or leave it empty",
    ]


def test_without_a_scale_no_range_is_checked(responses: Path, capsys: pytest.CaptureFixture[str]) -> None:
    responses.write_text("A,B\n1,2\n60,80\n3,-5\n")
    assert run(capsys, responses, "--items", "A,B")["n"] == 3


def test_duplicate_respondents_are_told_and_counted(
    responses: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    responses.write_text("id,A,B\nr1,1,2\nr2,3,3\nr1,1,2\n,4,4\n,5,4\n")
    found = run(capsys, responses, "--items", "A,B", "--respondent", "id")
    assert found["n"] == 5
    assert "id 'r1' answers more than once, in rows 2, 4; all are counted." in found["notes"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--items", "A,A"], "items: A is named twice"),
        (["--items", ""], "items: no item is named"),
        (["--items", "A,B", "--reverse", "C"], "reverse: C is not one of the items"),
        (["--items", "A,B", "--scale", "5,1"], "scale: 5 is not below 1"),
        (["--items", "A,Q"], "column Q: there is no such column; the columns are: A, B"),
    ],
)
def test_what_is_asked_wrongly_is_refused(
    options: list[str], said: str, responses: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    responses.write_text("A,B\n1,2\n2,2\n")
    assert said in refused(capsys, responses, *options)


def test_the_printed_report_holds_both_tables_and_the_reasons(
    responses: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    responses.write_text(SIX_BY_FIVE)
    assert main(["study", "statistics", str(responses), "--items", "A,B,C,D,E"]) == 0
    said = capsys.readouterr().out
    assert "n = 6 of 6 respondents for every statistic" in said
    assert "r hitung" in said and "r item-rest" in said
    assert "5 items can tell only 2" in said
