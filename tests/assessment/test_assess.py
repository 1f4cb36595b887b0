"""`pendapa assess`: the example worked by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pendapa.assessment.standard_set import kominfo, rubric, swot
from pendapa.cli import main

EXAMPLE = Path(__file__).parent / "example"


@pytest.fixture
def found(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    assert main(["assess", str(EXAMPLE), "--json"]) == 0
    result: dict[str, Any] = json.loads(capsys.readouterr().out)
    return result


def groups(found: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {group["code"]: group for group in found["readiness"]["groups"]}


def test_level_without_data_is_never_zero(found: dict[str, Any]) -> None:
    """ST: 2.5 (mean of 3 and 2) and 2 of three elements: 2.25, 45 %; with ST-3 as 0 it would be 1.5, 30 %."""
    structure = groups(found)["ST"]
    assert (structure["level"], structure["percent"], structure["gap"]) == (2.25, 45, 1.75)
    assert (structure["counted"], structure["of"]) == (2, 3)
    resources = structure["dimensions"][2]
    assert (resources["level"], resources["gap"]) == (None, None)
    assert resources["reason"]["id"] == "data PDRB belum terbit"
    superstructure = groups(found)["SU"]
    assert (superstructure["level"], superstructure["percent"], superstructure["counted"]) == (None, None, 0)
    assert superstructure["dimensions"][0]["reason"] == {"id": "belum dinilai", "en": "not assessed yet"}


def test_weighted_readiness_and_gap(found: dict[str, Any]) -> None:
    """IN: IN-1 settled at 2, IN-2 4 with weight 2: 10 / 3; targets (4 + 2 x 5) / 3 = 14 / 3, gap 4 / 3.

    All elements: (2.5 + 2 + 2 + 2 x 4) / 5 = 2.9, 58 %; gaps (1.5 + 2 + 2 + 2 x 1) / 5 = 1.5. GV: (3 + 2 + 4) / 3
    = 3, 60 %; GV-3 has no target, so the gap is (2 + 2) / 2 over two.
    """
    infrastructure = groups(found)["IN"]
    assert infrastructure["level"] == pytest.approx(10 / 3)
    assert infrastructure["target"] == pytest.approx(14 / 3)
    assert infrastructure["gap"] == pytest.approx(4 / 3)
    whole = found["readiness"]["readiness"]
    assert (whole["level"], whole["percent"], whole["gap"], whole["counted"], whole["of"]) == (
        2.9,
        58,
        1.5,
        4,
        9,
    )
    pillar = groups(found)["GV"]
    assert (pillar["level"], pillar["percent"], pillar["target"], pillar["gap"]) == (3, 60, 4.5, 2)
    assert (pillar["counted"], pillar["compared"]) == (3, 2)
    assert pillar["dimensions"][2]["reason"]["en"] == "the wanted level is not set"
    assert (found["readiness"]["pillars"]["counted"], found["readiness"]["pillars"]["of"]) == (3, 18)


def test_lowest_confidence_and_all_evidence_of_a_dimension(found: dict[str, Any]) -> None:
    people = groups(found)["ST"]["dimensions"][0]
    assert people["confidence"] == "low"
    assert people["evidence"] == ["Data BKPSDM 2023", "Wawancara BKPSDM"]
    assert (people["causes"], people["needs"]) == (["pelatihan jarang"], ["pelatihan ASN"])
    assert people["levels"] == {"A": 3, "B": 2}


def test_agreement_of_the_two_assessors(found: dict[str, Any]) -> None:
    """Pairs (3,2) (2,2) (3,1) (4,4): squares 1 + 0 + 4 + 0 = 5 of 4, mean 1.25.

    By chance 3, 2, 3, 4 each against 2, 2, 1, 4: 7 + 5 + 7 + 17 = 36 of 16, 2.25; 1 - 1.25 / 2.25 = 4 / 9.
    """
    agreed = found["readiness"]["agreement"]
    assert (agreed["people"], agreed["units"], agreed["percent"]) == (["A", "B"], 4, 50)
    assert agreed["weighted_kappa"] == pytest.approx(4 / 9)


def test_evaluation_of_kediri(found: dict[str, Any]) -> None:
    """Published parts of 2022 by set B: 0.360 + 0.642 + 0.969 + 0.614 + 0.730 = 3.315 (published: 3.31).

    By set A: 0.360 + 0.642 + 0.969 + 0.921 + 0.365 = 3.257.
    """
    (year,) = found["evaluation"]
    assert (year["index"], year["band"]["key"]) == (3.315, "very_good")
    assert year["weight_sets"]["a"]["index"] == 3.257
    assert year["improvement"] is None


def test_swot_scores_quadrant_and_cells(found: dict[str, Any]) -> None:
    """S 1.2 + 0.6 = 1.8, W 0.6 + 0.2 = 0.8; O 1.2 + 0.2 = 1.4, T 1.5: x = 1.0, y = -0.1, which is quadrant II."""
    result = found["swot"]
    assert result["ifas"] == {"scores": {"S": 1.8, "W": 0.8}, "total": 2.6, "difference": 1, "reason": None}
    assert result["efas"] == {
        "scores": {"O": 1.4, "T": 1.5},
        "total": 2.9,
        "difference": -0.1,
        "reason": None,
    }
    assert (result["quadrant"]["key"], result["quadrant"]["cell"]) == ("II", "ST")
    tows = result["tows"]
    assert tows["ST"]["strategies"] == [
        {"key": "R1", "text": "MPP dengan pengamanan data", "factors": ["S1", "T1"]}
    ]
    assert {cell: one["factors"] for cell, one in tows.items()} == {
        "SO": ["S1", "S2", "O1", "O2"],
        "WO": ["W1", "W2", "O1", "O2"],
        "ST": ["S1", "S2", "T1"],
        "WT": ["W1", "W2", "T1"],
    }
    assert (tows["ST"]["unused"], tows["WO"]["unused"]) == (["S2"], ["O2"])
    assert tows["WT"]["strategies"] == []


def test_rubric_of_the_worked_example(found: dict[str, Any]) -> None:
    """intensity 7/9, balance 2/3, context 24/6 = 4, feasibility 0.75; risks 12 x 0.7 + 16 x 0.7 + 8 x 0.5 = 23.6.

    residual 23.6 / 75 = 0.314667; 27.2222 + 13.3333 + 18.75 + 20 x 0.685333 = 73.0122 (worked example: 73.0).
    """
    innovation = found["rubric"]["innovations"][0]
    assert innovation["score"] == pytest.approx(73.0122, abs=5e-5)
    assert (innovation["type"], innovation["warnings"]) == ("TOP", [])
    coding = innovation["codings"][0]
    assert coding["intensity"] == pytest.approx(7 / 9)
    assert coding["balance"] == pytest.approx(2 / 3)
    assert (coding["context_fit"], coding["feasibility"]) == (4, 0.75)
    assert coding["residual_risk"] == pytest.approx(0.314667, abs=5e-7)
    risks = {
        facet: (risk["exposure"], risk["band"]["key"], risk["residual"])
        for facet, risk in coding["risks"].items()
    }
    assert risks == {
        "technology": (12, "high", 8.4),
        "organization": (16, "high", 11.2),
        "policy": (8, "medium", 4),
    }


def test_technology_only_and_an_extreme_risk_nobody_owns(found: dict[str, Any]) -> None:
    """T 3, O 0, P 1: 4/9, balance 0, feasibility 0.5, residual (20 + 4 + 3) / 75 = 0.36.

    15.5556 + 0 + 12.5 + 12.8 = 40.8556.
    """
    innovation = found["rubric"]["innovations"][1]
    assert innovation["score"] == pytest.approx(40.8556, abs=5e-5)
    assert innovation["type"] == "T"
    assert [warning["en"] for warning in innovation["warnings"]] == [
        "technology only: organization or policy does not change",
        "the extreme technology risk (20) lacks a strategy and an owner",
    ]


def test_open_column_leaves_no_score(found: dict[str, Any]) -> None:
    innovation = found["rubric"]["innovations"][2]
    assert (innovation["score"], innovation["type"]) == (None, "minor")
    assert innovation["reason"]["en"] == "no score: fiscal left open"
    coding = innovation["codings"][0]
    assert (coding["context_fit"], coding["feasibility"]) == (None, None)
    assert coding["residual_risk"] == pytest.approx(0.16)  # 4 / 25


def test_agreement_of_the_two_coders(found: dict[str, Any]) -> None:
    """(3,2) (2,2) (2,3): squares 2 of 3; by chance 3, 2, 2 against 2, 2, 3: 2 + 1 + 1 = 4 of 9; 1 - 6/4 = -0.5."""
    result = found["rubric"]
    together = result["agreement"]["all"]
    assert (together["units"], together["weighted_kappa"]) == (3, -0.5)
    assert together["percent"] == pytest.approx(100 / 3)
    assert result["agreement"]["organization"]["weighted_kappa"] is None
    assert "one and the same level" in result["agreement"]["organization"]["reason"]["en"]
    assert result["double_share"] == pytest.approx(1 / 3)
    # One unit (3,2): observed and by chance both 1, so kappa is 0, and below 0.60 too.
    assert [note["en"] for note in result["notes"]] == [
        "kappa below 0.60, to be discussed: technology, policy, all facets"
    ]


def test_text_in_both_languages(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["assess", str(EXAMPLE)]) == 0
    indonesian = capsys.readouterr().out
    assert main(["assess", str(EXAMPLE), "--language", "en"]) == 0
    english = capsys.readouterr().out
    for words in (
        "Data ilustratif, bukan hasil penelitian",
        "Kesiapan: 58,0 % (level 2,90; 4 dari 9 dimensi dinilai); kesenjangan 1,50 atas 4 dimensi",
        "ST-3  Sumber daya daerah (perlu dikonfirmasi): tidak ada data (data PDRB belum terbit)",
        "2022: indeks 3,315 (sangat baik); bobot b; dengan bobot lain: a 3,257",
        "Kuadran II, diversifikasi: strategi ST (perlu dikonfirmasi)",
        "R1  MPP dengan pengamanan data [S1, T1]",
        "SG-01  MPP Digital: skor 73,0, jenis TOP",
        "peringatan: hanya teknologi",
    ):
        assert words in indonesian
    for words in (
        "Illustrative data, not findings",
        "quadratic kappa 0.444",
        "SG-01  MPP Digital: score 73.0, type TOP",
        "no data (not assessed yet)",
    ):
        assert words in english


def test_standard_sets_are_whole() -> None:
    standard = kominfo()
    assert [
        len([one for one in standard.groups if one.kind == kind]) for kind in ("readiness", "pillar")
    ] == [3, 6]
    assert len(standard.dimensions) == 9 + 18
    assert {one.group for one in standard.dimensions.values()} == {one.code for one in standard.groups}
    for weights in standard.weight_sets.values():
        assert sum(weights.weights.values()) == 1
        assert set(weights.weights) == set(standard.parts)
    assert sum(rubric().weights.values()) == 1
    assert {(one.x, one.y) for one in swot().quadrants} == {(1, 1), (1, -1), (-1, 1), (-1, -1)}
    assert all(one.source for one in [*standard.dimensions.values(), *standard.groups])
