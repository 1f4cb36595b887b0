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


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(EXAMPLE, tmp_path / "example"))


def test_the_example_is_clean() -> None:
    report = check(EXAMPLE)
    assert report.faults == ()
    assert report.warnings == ()


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


FILES = sorted(p.relative_to(EXAMPLE).as_posix() for p in EXAMPLE.rglob("*") if p.is_file())


@pytest.mark.parametrize("file", FILES)
def test_a_file_cut_off_anywhere_is_told_and_never_breaks_the_check(file: str, folder: Path) -> None:
    whole = (folder / file).read_bytes()
    for part in (0, 1, len(whole) // 3, len(whole) // 2, len(whole) - 40):
        (folder / file).write_bytes(whole[:part])
        read_regency(folder)
    (folder / file).write_bytes(b"")
    assert [f for f in check(folder).faults if f.where.startswith(file)]


@pytest.mark.parametrize(
    "content",
    ["a = " + "[" * 100_000, "a = " + "9" * 5000, "a = 1\na = 2", "\x00", "[life_events]\nx = 1"],
    ids=["deep", "long_number", "twice", "nul", "not_a_table"],
)
def test_hostile_toml_is_told(content: str, folder: Path) -> None:
    (folder / "regency.toml").write_text(content, encoding="utf-8")
    assert [f for f in check(folder).faults if f.where.startswith("regency.toml")]


def test_a_number_no_database_takes_is_told(folder: Path) -> None:
    path = folder / "numbering.toml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("digits = 4", "digits = 4" + "0" * 20), encoding="utf-8"
    )
    (fault,) = check(folder).faults
    assert (fault.where, fault.wrong) == ("numbering.toml:[classes.IP].digits", "the number is too large")
