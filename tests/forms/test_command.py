"""`pendapa form check` and `pendapa form answer`, run as a person runs them."""

from __future__ import annotations

import json
import os
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


@pytest.mark.parametrize("content", ["[1, 2]", "{", "<a", "", "<!DOCTYPE d><data/>", '{"a": 1, "a": 2}'])
def test_unreadable_answers_leave_standard_output_empty(
    form: Path, tmp_path: Path, content: str, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = tmp_path / "a.json"
    answers.write_text(content)
    assert main(["form", "answer", str(form), str(answers), "--on", ON, "--json"]) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith(str(answers))


def test_files_that_are_not_there_are_refused(
    form: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for names in (
        (form, tmp_path / "no.json"),
        (tmp_path / "no.md", form),
        (form, tmp_path),
        (tmp_path, form),
    ):
        assert main(["form", "answer", *map(str, names), "--on", ON]) == 1
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("folder", [".", "form-media"])
def test_lists_are_read_from_beside_the_form_or_its_media(
    tmp_path: Path, folder: str, capsys: pytest.CaptureFixture[str]
) -> None:
    form, answers = tmp_path / "form.md", tmp_path / "a.json"
    form.write_text("| survey |\n| | type | name | label |\n| | select_one_from_file k.csv | k | K |\n")
    answers.write_text('{"k": "x"}')
    assert main(["form", "answer", str(form), str(answers), "--on", ON]) == 1
    assert "survey!B3: the file k.csv is missing" in capsys.readouterr().err
    (tmp_path / folder).mkdir(exist_ok=True)
    (tmp_path / folder / "k.csv").write_text("name,label\nx,X\n")
    assert main(["form", "answer", str(form), str(answers), "--on", ON, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["values"] == {"/k": "x"}


def test_surplus_instances_of_a_sent_instance_stay(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    form, answers = tmp_path / "form.md", tmp_path / "a.xml"
    form.write_text(
        survey("integer n", {"type": "begin_repeat r", "repeat_count": "${n}"}, "text t", "end_repeat")
    )
    answers.write_text("<data><n>1</n><r><t>a</t></r><r><t>b</t></r></data>")
    assert main(["form", "answer", str(form), str(answers), "--on", ON, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["values"] == {"/n": "1", "/r[1]/t": "a", "/r[2]/t": "b"}


def test_a_terminal_of_few_letters_gets_json_all_the_same(form: Path, tmp_path: Path) -> None:
    answers = tmp_path / "a.json"
    answers.write_text('{"name": "\u00e9"}', encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "pendapa.cli",
        "form",
        "answer",
        str(form),
        str(answers),
        "--on",
        ON,
        "--json",
    ]
    done = subprocess.run(
        command, check=True, capture_output=True, env={**os.environ, "PYTHONIOENCODING": "ascii"}
    )
    assert json.loads(done.stdout)["values"]["/name"] == "\u00e9"


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
