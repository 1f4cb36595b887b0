"""`pendapa deadline` from outside: its answers, its refusals, its haste; and the page about calendars."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path

import pytest

from pendapa.cli import main

ROOT = Path(__file__).parents[2]
HOURS = """agency,season,starts,ends,weekday,opens,closes,source,status
,biasa,,,1,07:30,12:00,,
,biasa,,,1,13:00,16:00,,
,biasa,,,2,07:30,16:00,,
,biasa,,,3,07:30,16:00,,
RSUD,biasa,,,6,07:00,14:00,,
"""
HOLIDAYS = """date,name,kind,agency,source,status
2026-01-01,Tahun Baru Masehi,national,,,
2026-03-17,Hari jadi,regional,,,
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "regency.toml").write_text('zone = "Asia/Jakarta"\nreceipt_after_closing = "next_day"\n')
    (tmp_path / "office-hours.csv").write_text(HOURS)
    (tmp_path / "holidays.csv").write_text(HOLIDAYS)
    (tmp_path / "agencies.csv").write_text("code,name_id\nRSUD,RSUD\nDINKES,Dinas Kesehatan\n")
    return tmp_path


def ask(folder: Path, *arguments: str) -> int:
    return main(["deadline", "--calendar", str(folder), *arguments])


def test_json_is_all_of_standard_output(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert ask(folder, "--from", "2026-03-16T10:00", "--working-days", "1", "--json") == 0
    out, err = capsys.readouterr()
    assert json.loads(out) == {  # Mon 16 receipt, Tue 17 free, Wed 18 counts
        "due": "2026-03-18T16:00:00+07:00",
        "steps": [
            {
                "day": "2026-03-16",
                "kind": "receipt",
                "note": "diterima pukul 10:00; hari penerimaan adalah hari ke-0",
            },
            {"day": "2026-03-17", "kind": "free", "note": "libur: Hari jadi"},
            {"day": "2026-03-18", "kind": "working", "note": "hari kerja ke-1 dari 1"},
        ],
    }
    assert err == ""


@pytest.mark.parametrize(
    ("arguments", "due"),
    [
        (
            ["--from", "2026-03-16T03:00Z", "--working-days", "1"],
            "2026-03-18T16:00:00+07:00",
        ),  # 10:00 in Tegal
        (["--from", "2026-03-16T11:00", "--working-hours", "2"], "2026-03-16T14:00:00+07:00"),  # break 12-13
        (["--from", "2026-03-16T11:30", "--working-minutes", "31"], "2026-03-16T13:01:00+07:00"),
        # Wed 18 closes in the pause; the next open weekday is Mon 23
        (
            [
                "--from",
                "2026-03-16T10:00",
                "--working-days",
                "1",
                "--pause",
                "2026-03-18T09:00/2026-03-19T09:00",
            ],
            "2026-03-23T16:00:00+07:00",
        ),
        (["--from", "2026-03-16T10:00", "--working-days", "1", "--pause", "2026-03-18T09:00/"], None),
        # the hospital's own week is Saturday alone
        (
            ["--from", "2026-03-16T10:00", "--working-days", "1", "--agency", "RSUD"],
            "2026-03-28T14:00:00+07:00",
        ),
        (
            ["--from", "2026-03-16T10:00", "--working-days", "1", "--agency", "DINKES"],
            "2026-03-18T16:00:00+07:00",
        ),
    ],
)
def test_due(folder: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], due: str | None) -> None:
    assert ask(folder, *arguments, "--json") == 0
    assert json.loads(capsys.readouterr().out)["due"] == due


def test_words_without_json(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert ask(folder, "--from", "2026-03-16T10:00", "--working-days", "1", "--language", "en") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[1] == "2026-03-17  free    free: Hari jadi"
    assert lines[-1] == "due 2026-03-18T16:00:00+07:00"


def test_a_year_without_holidays_is_warned_of_beside_the_answer(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    question = ("--from", "2026-12-28T10:00", "--working-days", "5", "--language", "en", "--json")
    assert ask(folder, *question) == 0  # Mon 28 received; Tue 29, Wed 30, then Mon 4, Tue 5, Wed 6 January
    out, err = capsys.readouterr()
    assert json.loads(out)["due"] == "2027-01-06T16:00:00+07:00"
    assert err == (
        "No holidays of 2027 are listed in the calendar; the due date may move once they have been added.\n"
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--from", "besok", "--working-days", "1"], '"besok" is not a date and time'),
        (["--from", "2026-03-16T10:00", "--working-days", "-1"], "out of range"),
        (["--from", "2026-03-16T10:00", "--working-hours", "-1"], "out of range"),
        (["--from", "2026-03-16T10:00", "--working-days", "1", "--pause", "x"], "START/END"),
        (
            [
                "--from",
                "2026-03-16T10:00",
                "--working-days",
                "1",
                "--pause",
                "2026-03-18T09:00/2026-03-17T09:00",
            ],
            "swap the two",
        ),
        (["--from", "2026-03-16T10:00", "--working-days", "1", "--agency", "X"], 'there is no agency "X"'),
    ],
)
def test_refused_questions(
    folder: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    assert ask(folder, *arguments, "--json") == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert said in err


def test_all_faults_of_the_folder_at_once(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "regency.toml").write_text('zone = "Asia/Tegal"\nreceipt_after_closing = "never"\n')
    (folder / "office-hours.csv").write_text(HOURS.replace("13:00,16:00", "11:00,16:00"))
    (folder / "holidays.csv").unlink()
    assert ask(folder, "--from", "2026-03-16T10:00", "--working-days", "1") == 1
    places = [line.split(": ")[0] for line in capsys.readouterr().err.splitlines()]
    assert places == ["regency.toml:zone", "regency.toml:receipt_after_closing", "holidays.csv"]
    (folder / "holidays.csv").write_text("date,name\n")
    assert ask(folder, "--from", "2026-03-16T10:00", "--working-days", "1") == 1
    assert "columns are missing: kind, agency" in capsys.readouterr().err


def test_no_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert ask(tmp_path / "none", "--from", "2026-03-16T10:00", "--working-days", "1") == 1
    assert "there is no such folder" in capsys.readouterr().err


def test_wrong_usage_is_2(folder: Path) -> None:
    with pytest.raises(SystemExit) as end:
        ask(folder, "--from", "2026-03-16T10:00")
    assert end.value.code == 2


def test_starts_quickly_and_without_django(folder: Path) -> None:
    code = (
        "import sys; from pendapa.cli import main; "
        f"main(['deadline', '--calendar', {str(folder)!r}, '--from', '2026-03-16T10:00', "
        "'--working-days', '1', '--json']); "
        "sys.exit('django' in sys.modules)"
    )
    times = []
    for _ in range(3):
        begun = time.perf_counter()
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
        times.append(time.perf_counter() - begun)
        assert done.returncode == 0, done.stderr
    assert datetime.fromisoformat(json.loads(done.stdout)["due"]).day == 18
    assert min(times) < 0.5


def test_the_page_about_calendars_tells_the_truth() -> None:
    page = (ROOT / "docs/calendars.md").read_text(encoding="utf-8")
    pieces = [piece.split("```", 1)[0] for piece in page.split("```python\n")[1:]]
    exec(compile("".join(pieces), "docs/calendars.md", "exec"), {})  # the page's own assertions
