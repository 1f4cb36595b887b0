"""Every fault of a folder is reported, with its place, in one run."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from pendapa.cli import main
from pendapa.regency import check, read_regency

HERE = Path(__file__).parent
EXAMPLE = HERE / "example"
TEGAL = HERE.parents[1] / "regencies" / "tegal"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(EXAMPLE, tmp_path / "example"))


def test_the_example_is_clean() -> None:
    report = check(EXAMPLE)
    assert report.faults == ()
    assert report.warnings == ()


def test_tegal_is_clean() -> None:
    report = check(TEGAL)
    assert report.faults == ()
    assert report.summary["districts"] == 18
    assert report.summary["services"] + report.summary["online_services"] == 44


def test_the_command_prints_json_alone_and_says_by_its_exit_code(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", str(folder), "--json"]) == 0
    clean = json.loads(capsys.readouterr().out)
    assert clean["faults"] == [] and clean["summary"]["agencies"] == 3
    (folder / "people.csv").unlink()
    assert main(["check", str(folder), "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert found["faults"] == [{"where": "people.csv", "wrong": "is missing", "right": "put the file there"}]


def test_the_command_prints_a_line_a_fault(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "people.csv").unlink()
    assert main(["check", str(folder)]) == 1
    assert "people.csv: is missing; put the file there\n" in capsys.readouterr().out


def test_a_path_that_is_no_folder_is_refused(tmp_path: Path) -> None:
    assert read_regency(tmp_path / "nowhere")[1][0].wrong == "is not a folder"
