"""`pendapa form check` and `pendapa form answer`, run as a person runs them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from pendapa.cli import main

from .conftest import survey

ON = "2026-03-30T09:00+07:00"


@pytest.fixture
def form(tmp_path: Path) -> Path:
    path = tmp_path / "form.md"
    path.write_text(
        survey({"type": "text name", "required": "yes"}, "begin_repeat r", "integer a", "end_repeat")
    )
    return path


def test_check_reports_a_sound_form(form: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["form", "check", str(form), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["faults"] == []
    assert told["fields"] == {"/name": "text", "/r/a": "integer"}


def test_check_refuses_with_the_cell(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "bad.md"
    path.write_text("| survey |\n| | type | name | label |\n| | osm | a | A |\n")
    assert main(["form", "check", str(path), "--json"]) == 1
    printed = capsys.readouterr()
    assert json.loads(printed.out)["faults"][0]["where"] == "survey!B3"
    assert "'osm'" in printed.err


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.json", '{"r": [{"a": "x"}, {"a": 4}]}'),
        ("a.xml", "<data><r><a>x</a></r><r><a>4</a></r></data>"),
    ],
)
def test_answer_prints_errors_and_values(
    form: Path, tmp_path: Path, name: str, content: str, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = tmp_path / name
    answers.write_text(content)
    assert main(["form", "answer", str(form), str(answers), "--on", ON, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["valid"] is False
    assert [(e["path"], e["kind"]) for e in told["errors"]] == [("/name", "required"), ("/r[1]/a", "type")]
    assert set(told["errors"][0]["message"]) == {"id", "en"}
    assert told["values"] == {"/name": "", "/r[1]/a": "x", "/r[2]/a": "4"}


@pytest.mark.parametrize(("content", "code"), [("[1, 2]", 1), ("{", 1), ("<a", 1)])
def test_unreadable_answers(form: Path, tmp_path: Path, content: str, code: int) -> None:
    answers = tmp_path / "a.json"
    answers.write_text(content)
    assert main(["form", "answer", str(form), str(answers), "--on", ON]) == code


def test_a_time_without_a_zone_is_wrong_usage(
    form: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = tmp_path / "a.json"
    answers.write_text("{}")
    assert main(["form", "answer", str(form), str(answers), "--on", "2026-03-30T09:00"]) == 2
    assert "zone" in capsys.readouterr().err


def test_neither_django_nor_a_database_is_imported(form: Path) -> None:
    script = (
        "import sys; from pendapa.cli import main; "
        f"code = main(['form', 'check', {str(form)!r}]); "
        "loaded = [m for m in ('django', 'psycopg') if m in sys.modules]; "
        "sys.exit(3 if loaded else code)"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False, capture_output=True).returncode == 0


def test_help_does_not_wait_for_the_converter() -> None:
    script = (
        "import sys; from pendapa.cli import main\n"
        "try: main(['form', '--help'])\n"
        "except SystemExit: pass\n"
        "sys.exit(3 if 'pyxform' in sys.modules or 'openpyxl' in sys.modules else 0)"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False, capture_output=True).returncode == 0
