"""What `pendapa assess` refuses: each fault with file and line, all at once; and what it leaves out with a reason."""

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


def refused(capsys: pytest.CaptureFixture[str], folder: Path) -> list[str]:
    assert main(["assess", str(folder)]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    return said.err.strip().splitlines()


def run(capsys: pytest.CaptureFixture[str], folder: Path) -> dict[str, Any]:
    assert main(["assess", str(folder), "--json"]) == 0
    result: dict[str, Any] = json.loads(capsys.readouterr().out)
    return result


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


CHANGES = {
    "level outside": (
        "readiness.csv", "ST-1,A,3,", "ST-1,A,6,",
        "readiness.csv:2: column level: '6' is not a whole number from 1 to 5; mend it or leave it empty",
    ),
    "level as text": (
        "readiness.csv", "ST-1,A,3,", "ST-1,A,tiga,",
        "readiness.csv:2: column level: 'tiga' is not a whole number from 1 to 5; mend it or leave it empty",
    ),
    "level without evidence": (
        "readiness.csv", "LHE AKIP", "",
        "readiness.csv:13: column evidence: a level stands without evidence; name the document or data it rests on",
    ),
    "no level and no reason": (
        "readiness.csv", "data PDRB belum terbit", "",
        "readiness.csv:6: column reason: there is neither a level nor a reason; say why there is no level",
    ),
    "unknown dimension": (
        "readiness.csv", "GV-3,", "GV-4,",
        "readiness.csv:14: column dimension: 'GV-4' is unknown; did you mean 'GV-3'?",
    ),
    "two targets": (
        "readiness.csv", "ST-1,B,2,4", "ST-1,B,2,5",
        "readiness.csv:3: column target: 5 is another target of ST-1 than in line 2; state one for each dimension",
    ),
    "judged twice": (
        "readiness.csv", "ST-1,B", "ST-1,A",
        "readiness.csv:3: A judged ST-1 already in line 2; keep one of the two rows"
    ),
    "weight of nothing": (
        "readiness.csv", "IN-2,A,4,5,2", "IN-2,A,4,5,0",
        "readiness.csv:10: column weight: the weight is 0; give a weight above 0, or leave the dimension out",
    ),
    "score outside": (
        "evaluation.csv", "3,07", "30,7",
        "evaluation.csv:5: column score: '30,7' is not a number from 0 to 4; mend it or leave it empty",
    ),
    "part twice": (
        "evaluation.csv", "EV-2", "EV-1",
        "evaluation.csv:3: EV-1 of 2022 stands already in line 2; keep one of the two rows"
    ),
    "weights": (
        "swot.csv", "0.3,4", "0.4,4",
        "swot.csv:2: the weights of S and W sum to 1.1, not to 1; share 1 among the factors of IFAS (internal)",
    ),
    "one source": (
        "swot.csv", "Laporan BSSN; FGD 2", "Laporan BSSN; laporan BSSN",
        "swot.csv:8: column sources: the factor T1 has one source, not two; name two different ones: "
        "DOCUMENT; INTERVIEW",
    ),
    "factor of another cell": (
        "swot.csv", "S1; T1", "S1; T1; O1",
        "swot.csv:9: column factors: O1 is of kind O; ST rests on factors of S and of T",
    ),
    "side without factor": (
        "swot.csv", "S1; T1", "S1",
        "swot.csv:9: column factors: the strategy names no factor of kind T; ST rests on factors of S and of T",
    ),
    "unknown factor": (
        "swot.csv", "S1; T1", "S1; T1; T9",
        "swot.csv:9: column factors: there is no factor 'T9'; write the keys of factors: S1; O2",
    ),
    "facet outside": (
        "rubric.csv", "Gudang data,A,1", "Gudang data,A,4",
        "rubric.csv:6: column technology: '4' is not a whole number from 0 to 3; mend it or leave it empty",
    ),
    "planned without strategy": (
        "rubric.csv", "planned,training", "planned,",
        "rubric.csv:2: column organization_strategies: the mitigation is planned, and no strategy is named; "
        "name one or more of sponsor, cross_team, training, change_mgmt, sla",
    ),
    "strategy of another facet": (
        "rubric.csv", "planned,training", "planned,pilot",
        "rubric.csv:2: column organization_strategies: 'pilot' is no strategy of this column; "
        "write some of sponsor; cross_team; training; change_mgmt; sla",
    ),
    "misspelt column": (
        "rubric.csv", "policy_owner", "policy_owners",
        "rubric.csv:1: the column 'policy_owners' is unknown; did you mean 'policy_owner'?",
    ),
    "longer row": (
        "swot.csv", "MPP sudah berjalan", "MPP, sudah berjalan",
        "swot.csv:2: the row has 8 cells, the head has 7; put texts with a separator in quotation marks",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CHANGES)
def test_one_fault(name: str, study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, old, new, sentence = CHANGES[name]
    change(study / file, old, new)
    assert refused(capsys, study) == [sentence]


def test_faults_of_all_files_at_once(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    names = ("level outside", "level without evidence", "score outside", "one source", "facet outside")
    for file, old, new, _ in map(CHANGES.__getitem__, names):
        change(study / file, old, new)
    assert refused(capsys, study) == [CHANGES[name][3] for name in names]


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        (b"", "swot.csv: there is no row; give a head and rows, or leave the file out"),
        (b"key,kind,text\n", "swot.csv: there is no row; give a head and rows, or leave the file out"),
        (b"key,kind,text\nS1,S,\xe9\n", "swot.csv:2: the text is not UTF-8; save the file as CSV UTF-8"),
        (
            b"key,text\nS1,x\n",
            "swot.csv:1: the column kind is missing; "
            "the columns are key, kind, text, weight, rating, sources, factors",
        ),
    ],
)
def test_other_files(source: bytes, sentence: str, study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (study / "swot.csv").write_bytes(source)
    assert refused(capsys, study) == [sentence]


def test_folder_without_assessment(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (sentence,) = refused(capsys, tmp_path)
    assert "none of readiness.csv, evaluation.csv, swot.csv, rubric.csv" in sentence


def test_each_file_is_optional_and_a_regency_is_looked_into(
    study: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("readiness.csv", "evaluation.csv", "rubric.csv", "study.toml"):
        (study / name).unlink()
    found = run(capsys, study.parent)
    assert found["swot"]["quadrant"]["key"] == "II"
    assert (found["readiness"], found["evaluation"], found["rubric"]) == (None, None, None)


def test_factor_not_rated_leaves_no_score(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change(study / "swot.csv", "0.2,3", "0.2,")
    found = run(capsys, study)["swot"]
    assert found["ifas"]["total"] is None
    assert found["ifas"]["reason"] == {"id": "belum diberi nilai: S2", "en": "not rated yet: S2"}
    assert (found["quadrant"], found["reason"]["en"]) == (None, "not rated yet: S2")
    assert found["efas"]["total"] == 2.9


def test_point_on_an_axis_lies_in_no_quadrant(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """T1 0.5 x 2.8 = 1.4, as much as O."""
    change(study / "swot.csv", "0.5,3", '0.5,"2,8"')
    found = run(capsys, study)["swot"]
    assert (found["efas"]["difference"], found["quadrant"]) == (0, None)
    assert found["reason"]["en"] == "the point lies on an axis"


def test_year_without_a_part_has_no_index(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change(study / "evaluation.csv", "EV-4;3,07;Berita 28 Desember 2022;", "EV-4;;;belum diumumkan")
    (year,) = run(capsys, study)["evaluation"]
    assert (year["index"], year["band"], year["weight_sets"]["a"]["index"]) == (None, None, None)
    assert year["reason"]["en"] == "no index: there is no score of EV-4 (belum diumumkan)"


@pytest.mark.parametrize(
    ("score", "band"),
    [
        ("1.99", "low"),
        ("2", "fair"),
        ("2.74999", "fair"),
        ("2.75", "good"),
        ("3.25", "very_good"),
        ("4", "very_good"),
    ],
)
def test_bands_are_half_open(score: str, band: str, study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """All parts alike, so that the index is that score, by weights that sum to 1; 0.01 more than the year before."""
    rows = [f"2023,EV-{part},{score}" for part in range(1, 6)]
    (study / "evaluation.csv").write_text("\n".join(["year,part,score", *rows]) + "\n", encoding="utf-8")
    (year,) = run(capsys, study)["evaluation"]
    assert (year["index"], year["band"]["key"]) == (float(score), band)


def test_improvement_is_against_the_year_before_alone(
    study: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scores = {2023: "3.5", 2020: "2", 2021: "2.5"}
    rows = [f"{year},EV-{part},{score}" for year, score in scores.items() for part in range(1, 6)]
    (study / "evaluation.csv").write_text("\n".join(["year,part,score", *rows]) + "\n", encoding="utf-8")
    years = run(capsys, study)["evaluation"]
    assert [(one["year"], one["improvement"]) for one in years] == [(2020, None), (2021, 0.5), (2023, None)]


def test_coders_who_differ_have_a_mean_and_no_type(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without the consensus: A 73.0122, TOP; B with 2, 2, 3 the same sum and spread, TOP too, so with T 1 for B:

    1 + 2 + 3 = 6: 0.35 x 6/9 = 0.233333, balance 1/3 x 0.20 = 0.066667, + 0.1875 + 0.137067 = 62.4567, type OP.
    """
    rows = (study / "rubric.csv").read_text(encoding="utf-8").splitlines()
    (study / "rubric.csv").write_text(
        "\n".join(row.replace("B,2,2,3", "B,1,2,3") for row in rows if ",consensus," not in row),
        encoding="utf-8",
    )
    innovation = run(capsys, study)["rubric"]["innovations"][0]
    assert innovation["score"] == pytest.approx((73.01222 + 62.45667) / 2, abs=5e-5)
    assert innovation["type"] is None
    assert "A TOP, B OP" in innovation["reason"]["en"]
