"""The instrument's statistics beside those of R's psych and lavaan.

What R said stands in data/*.tsv, with the versions, and is compared every time; `make oracle` asks R anew. The data are
invented, but for `attitude.csv`: R's `attitude`, the survey of 30 departments in Chatterjee & Price 1977.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from pendapa.cli import main

DATA = Path(__file__).parent / "data"
SCRIPT = Path(__file__).parent / "oracle" / "psych.R"

# How far apart two programs may be that both iterate: psych stops minres and oblimin at about five digits.
WITHIN = {"omega_hierarchical": 2e-4, "omega_sl": 2e-5, "omega_total": 2e-6, "minres": 2e-3, "ml": 1e-4}
EXACT = 1e-8  # relative; R prints ten digits


@dataclass(frozen=True)
class Case:
    name: str
    file: str
    items: str
    reverse: str = "-"
    scale: str = "1,5"
    missing: str = "listwise"
    factors: int = 3

    def options(self) -> list[str]:
        """What our command is told."""
        reverse = [] if self.reverse == "-" else ["--reverse", self.reverse]
        scale = ["--scale", self.scale, "--missing", self.missing, "--factors", str(self.factors)]
        return [str(DATA / self.file), "--items", self.items, *reverse, *scale]

    def asked_of_r(self) -> list[str]:
        """What R is told."""
        told = [self.items, self.reverse, self.scale, self.missing, str(self.factors)]
        return ["Rscript", str(SCRIPT), str(DATA / self.file), *told]


TWELVE = ",".join(f"Q{number}" for number in range(1, 13))
TWENTY_FOUR = ",".join(f"I{number:02d}" for number in range(1, 25))
CASES = [
    Case("twelve-items", "twelve-items.csv", TWELVE, "Q3,Q10"),
    Case("twelve-items-median", "twelve-items.csv", TWELVE, "Q3,Q10", missing="median"),
    Case("eight-items", "eight-items.csv", "U1,U2,U3,U4,U5,U6,U7,U8", scale="1,4"),
    Case("eight-items-one-factor", "eight-items.csv", "U1,U2,U3,U4,U5,U6,U7,U8", scale="1,4", factors=1),
    Case("six-items-two-factors", "six-items.csv", "a,b,c,d,e,f", "e", "1,7", factors=2),
    Case("twenty-four-items", "twenty-four-items.csv", TWENTY_FOUR, factors=4),
    Case(
        "attitude",
        "attitude.csv",
        "rating,complaints,privileges,learning,raises,critical,advance",
        scale="0,100",
    ),
]
"""Items as columns of the files; scales as the files have them."""


def figures(text: str) -> dict[tuple[str, str], float]:
    """Key and item -> value, of what the R script prints."""
    lines = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
    return {(key, item): float(value) for key, item, value in lines}


def ours(found: dict[str, Any], key: str, item: str) -> float:
    """The same figure in our report."""
    family, _, number = key.partition("_")
    if family in ("minres", "ml"):
        part = found["factors"]["minres_oblimin" if family == "minres" else "ml_varimax"]
        if number == "phi":
            return float(part["phi"][0][1])
        return float(part["loadings"][item][int(number) - 1])
    value = found[key]
    if key == "alpha_ci":
        return float(value[item == "high"])
    if key == "kmo" and item != "overall":
        return float(value["items"][item])
    return float(value[item] if item else value)


def differences(
    case: Case, theirs: dict[tuple[str, str], float], capsys: pytest.CaptureFixture[str]
) -> list[str]:
    assert main(["study", "statistics", *case.options(), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    apart = []
    for (key, item), value in theirs.items():
        family = key.partition("_")[0]
        within = WITHIN.get(key, WITHIN.get(family, max(EXACT * abs(value), 1e-12)))
        if not abs(ours(found, key, item) - value) <= within:
            apart.append(f"{key} {item}: R {value}, ours {ours(found, key, item)}")
    return apart


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_r_printed(case: Case, capsys: pytest.CaptureFixture[str]) -> None:
    theirs = figures((DATA / f"{case.name}.tsv").read_text(encoding="utf-8"))
    assert len(theirs) > 30
    assert differences(case, theirs, capsys) == []


@pytest.mark.oracle
@pytest.mark.skipif("PENDAPA_LONG" not in os.environ, reason="`make oracle` asks R")
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_r_says_now(case: Case, capsys: pytest.CaptureFixture[str]) -> None:
    if not shutil.which("Rscript"):
        pytest.fail("the oracle needs R: apt-get install r-cran-psych r-cran-lavaan r-cran-gparotation")
    said = subprocess.run(case.asked_of_r(), capture_output=True, text=True, check=True)
    assert differences(case, figures(said.stdout), capsys) == []
