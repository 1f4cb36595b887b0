"""`pendapa study decide`: the example worked by hand, and refusals with file and line."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from pendapa.cli import main

EXAMPLE = Path(__file__).parent / "example"


@pytest.fixture
def study(tmp_path: Path) -> Path:
    return Path(shutil.copytree(EXAMPLE, tmp_path / "study"))


def run(capsys: pytest.CaptureFixture[str], folder: Path) -> dict[str, Any]:
    assert main(["study", "decide", str(folder), "--json"]) == 0
    result: dict[str, Any] = json.loads(capsys.readouterr().out)
    return result


def refused(capsys: pytest.CaptureFixture[str], folder: Path) -> str:
    assert main(["study", "decide", str(folder)]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    return said.err.strip()


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_decisions_of_the_example(capsys: pytest.CaptureFixture[str]) -> None:
    """A1-A5 are six answers whose alpha is 1.25 (1 - 4.333333 / 16.8) = 0.9276; item-total r of A4 0.713 < 0.811.

    P1 (A1, A2): 45 / 12 = 3.75, 7 of 12 high, R's lower bound 2.9805: a high mean alone. P2 asks A4, which fails.
    P3: B2 turned round is 2 1 3 1 2 2; sums 6 3 9 4 6 5 = 33 of 18 answers, 1.83. P4 (A3, A5): 46 / 12 = 3.83;
    8 of 12 high = 66.7 %; scores 4.5 3.5 5 2.5 4 3.5: s² = (92 - 23² / 6) / 5 = 0.766667, bound 3.8333 - 2.015048 x
    0.357460 = 3.1130.
    P5 (C1, C2): 53 / 12 = 4.4167, 11 of 12 high, s² = 2.208333 / 5, bound 4.41667 - 2.015048 x 0.271314 = 3.8700.
    """
    found = run(capsys, EXAMPLE)
    by_key = {one["key"]: one for one in found["propositions"]}
    assert {key: one["decision"] for key, one in by_key.items()} == {
        "P1": "revise", "P2": "not_decidable", "P3": "rejected", "P4": "accepted_with_note", "P5": "accepted",
    }  # fmt: skip
    scales = {scale["name"]: scale for scale in found["scales"]}
    assert scales["A"]["alpha"] == pytest.approx(0.9276, abs=5e-5)
    assert list(scales["A"]["r"].values()) == pytest.approx([0.977, 0.927, 0.850, 0.713, 0.927], abs=5e-4)
    assert scales["A"]["r_table"] == pytest.approx(0.811, abs=5e-4)
    assert scales["A"]["valid"] == {"A1": True, "A2": True, "A3": True, "A4": False, "A5": True}
    assert (scales["A"]["passed"], scales["C"]["passed"]) == (False, True)
    means = {key: one["figures"]["mean"] for key, one in by_key.items()}
    assert means == pytest.approx(
        {"P1": 3.75, "P2": 23 / 6, "P3": 33 / 18, "P4": 46 / 12, "P5": 53 / 12}, abs=1e-12
    )
    assert by_key["P4"]["figures"]["lower"] == pytest.approx(3.1130, abs=5e-5)
    assert by_key["P5"]["figures"]["lower"] == pytest.approx(3.8700, abs=5e-5)
    # C1, C2: variances 2/3 and 0.3, of the total 1.766667: 2 (1 - 0.966667 / 1.766667)
    assert by_key["P5"]["alpha"] == pytest.approx(0.905660, abs=1e-6)
    assert by_key["P1"]["groups"]["sector"]["test"] == "mann_whitney"
    assert found["rule"]["fixed"] == "2026-01-12"
    assert found["first_answer"] == "2026-02-02"


def test_each_decision_explains_itself_in_both_languages(capsys: pytest.CaptureFixture[str]) -> None:
    sentences = {one["key"]: one["sentence"] for one in run(capsys, EXAMPLE)["propositions"]}
    assert sentences["P4"]["id"] == (
        "P4 diterima dengan catatan: rata-rata 3,83 (tinggi, di atas 3,40); bagian jawaban pada dua pilihan teratas "
        "66,7 % (di bawah 70 %); batas bawah 95 % 3,11 (di atas 3,00); 6 responden."
    )
    assert sentences["P2"]["en"] == (
        "P2 cannot be decided yet: its instrument did not pass, item A4 is not valid "
        "(r 0.713 is not above the table's 0.811)."
    )
    assert "2,60" in sentences["P3"]["id"]


@pytest.mark.parametrize("day", ["2026-02-02", "2026-02-03"])
def test_a_rule_must_be_older_than_the_first_answer(
    study: Path, capsys: pytest.CaptureFixture[str], day: str
) -> None:
    change(study / "study.toml", "2026-01-12", day)
    assert refused(capsys, study) == (
        f"study.toml:18: the rule was fixed on {day}, and the first answer is of 2026-02-02 "
        "(responses/february.csv row 2); a rule is fixed before the data; "
        "leave out answers collected before it, as a pilot"
    )


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("fixed = 2026-01-12", "", "study.toml:17: the rule has no date"),
        ("validity =", "validty =", "study.toml:7: there is no key 'validty'; did you mean 'validity'?"),
        ("[1, 5]", "[1, 9]", "study.toml:6: scale is [1, 9]"),
        ('items = ["A4"]', 'items = ["A9"]', "study.toml:35: A9 is in no scale"),
        ('key = "P2"', 'key = "P1"', "study.toml:31: the key P1 stands twice"),
        ('reverse = ["B2"]', 'reverse = ["Z"]', "study.toml:10: Z is not an item"),
        ("title =", "title", "study.toml:1: this is not TOML"),
        (
            "fixed = 2026-01-12",
            "fixed = 2026-01-12\noutcome = '''\nif not gate then \"not_decidable\"\nelse if men > 3 then \"accepted\" "
            "else \"revise\"\n'''",
            "study.toml:21: there is no figure men",
        ),
    ],
)  # fmt: skip
def test_faults_of_the_plan_name_their_line(
    study: Path, capsys: pytest.CaptureFixture[str], old: str, new: str, said: str
) -> None:
    change(study / "study.toml", old, new)
    assert refused(capsys, study).startswith(said)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("R1,2026-02-02,agency,4", "R1,2026-02-02,agency,6", "row 2, column A1: '6' is not a whole answer from 1 to 5"),
        ("R1,2026-02-02,agency,4", "R1,2026-02-02,agency,ya", "row 2, column A1: 'ya' is not a number"),
        ("R2,", "R1,", "row 3, column respondent: the respondent 'R1' stands already in"),
        ("R1,2026-02-02", "R1,kemarin", "row 2, column date: 'kemarin' is no date"),
        ("R1,2026-02-02", "R1,", "row 2, column date: the date of the answer is missing"),
        ("C1,C2", "C1,C3", "row 1, column C2: there is no such column"),
    ],
)  # fmt: skip
def test_faults_of_the_answers_name_row_and_column(
    study: Path, capsys: pytest.CaptureFixture[str], old: str, new: str, said: str
) -> None:
    change(study / "responses" / "february.csv", old, new)
    assert refused(capsys, study).startswith(f"responses/february.csv: {said}")


def test_one_respondent_a_constant_item_and_all_missing_are_not_decidable(
    study: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = study / "responses" / "february.csv"
    head, first, *_ = file.read_text().splitlines()
    file.write_text(f"{head}\n{first}\n")
    alone = run(capsys, study)["propositions"]
    assert {one["decision"] for one in alone} == {"not_decidable"}
    assert "hanya dijawab lengkap oleh 1 orang" in alone[0]["sentence"]["id"]
    same = "\n".join(f"R{n},2026-02-02,agency,4,4,4,4,4,4,2,4,4,4" for n in range(9))
    file.write_text(f"{head}\n{same}\n")
    constant = run(capsys, study)["propositions"]
    assert {one["decision"] for one in constant} == {"not_decidable"}
    assert "every answer to item A1 is the same" in constant[0]["sentence"]["en"]
    file.write_text(f"{head}\nR1,2026-02-02,agency,,,,,,,,,,\nR2,2026-02-02,agency,NA,,,,,,,,,\n")
    empty = run(capsys, study)["propositions"]
    assert {one["decision"] for one in empty} == {"not_decidable"}
    assert empty[0]["figures"]["mean"] is None
    assert empty[0]["figures"]["reasons"]["mean"] == "nobody answered all of its items"
    file.write_text(f"{head}\n")
    assert "there is no answer" in refused(capsys, study)


def test_a_folder_without_a_study_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "there is no study.toml" in refused(capsys, tmp_path)
