"""`pendapa process check | walk | draw | migrate`."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from pendapa.cli import main

from .bpmn import bpmn, chain, flow, node, user
from .samples import CORRECTION, PARALLEL, TIMED
from .test_loops import marker

EACH = bpmn(
    node("userTask", "List", ""),
    node("userTask", "Each", marker("<loopDataInputRef>items</loopDataInputRef>")),
    node("endEvent", "E"),
    chain("S", "List", "Each", "E"),
)


@dataclass
class Run:
    returncode: int
    stdout: str
    stderr: str


def pendapa(*arguments: object) -> Run:
    out, err = StringIO(), StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = main(["process", *map(str, arguments)])
    return Run(code, out.getvalue(), err.getvalue())


def walk(tmp_path: Path, source: bytes, steps: Any) -> Run:
    (tmp_path / "p.bpmn").write_bytes(source)
    (tmp_path / "steps.json").write_text(json.dumps(steps))
    return pendapa("walk", tmp_path / "p.bpmn", "--steps", tmp_path / "steps.json", "--json")


def test_a_walk_prints_where_the_case_stands(tmp_path: Path) -> None:
    done = walk(
        tmp_path,
        CORRECTION,
        [
            {
                "task": "Check",
                "set": {"Check": "return", "fee": 1.5, "tags": ["a", {"b": None}], "n": 2, "yes": True},
            },
            {"task": "Correct", "instance": 1},
            {"task": "Check", "set": {"Check": "accept"}},
        ],
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {
        "done": ["Check", "Correct", "Check"],
        "open": ["Sign"],
        "ended": False,
        "variables": {"Check": "accept", "fee": 1.5, "tags": ["a", {"b": None}], "n": 2, "yes": True},
    }
    assert done.stderr == ""


def test_instances_are_counted_in_the_order_they_were_opened(tmp_path: Path) -> None:
    # Correct is opened twice in this walk, so its second instance is number 2, whatever the engine's own numbers are.
    back = {"task": "Check", "set": {"Check": "return"}}
    steps = [back, {"task": "Correct", "instance": 1}, back]
    assert json.loads(walk(tmp_path, CORRECTION, [*steps, {"task": "Correct", "instance": 2}]).stdout)["done"] == [
        "Check", "Correct", "Check", "Correct",
    ]  # fmt: skip
    gone = walk(tmp_path, CORRECTION, [*steps, {"task": "Correct", "instance": 1}])
    assert gone.returncode == 1
    assert "step 4" in gone.stderr
    assert "(instance 2)" in gone.stderr  # what is open, counted the same way
    never = walk(tmp_path, CORRECTION, [*steps, {"task": "Correct", "instance": 3}])
    assert never.returncode == 1
    assert "no instance 3: it was opened 2 times" in never.stderr


def test_side_by_side_instances_are_chosen_by_number(tmp_path: Path) -> None:
    # One task for each of three items; the second is done first, and its result is set last by the first.
    steps = [
        {"task": "List", "set": {"items": ["a", "b", "c"]}},
        {"task": "Each", "instance": 2, "set": {"last": "b"}},
        {"task": "Each", "instance": 3, "set": {"last": "c"}},
    ]
    half = json.loads(walk(tmp_path, EACH, steps).stdout)
    assert (half["open"], half["variables"]["last"]) == (["Each"], "c")
    again = walk(tmp_path, EACH, [*steps, {"task": "Each", "instance": 3}])
    assert again.returncode == 1
    assert "(instance 1)" in again.stderr  # the first one is still open
    whole = json.loads(walk(tmp_path, EACH, [*steps, {"task": "Each", "instance": 1}]).stdout)
    assert whole["ended"]


def test_effects_run_by_themselves_in_a_walk(tmp_path: Path) -> None:
    steps = [{"timer": "Soon"}, {"timer": "Soon"}, {"timer": "Late"}, {"message": "paid", "set": {"r": 1}}]
    half = walk(tmp_path, TIMED, steps)
    assert json.loads(half.stdout)["open"] == ["Escalate", "Remind", "Remind"]
    rest = [{"task": "Escalate"}, {"task": "Sign"}, {"task": "Remind"}, {"task": "Remind"}]
    whole = json.loads(walk(tmp_path, TIMED, steps + rest).stdout)
    assert whole == {
        "done": ["Escalate", "Sign", "Remind", "Remind"],
        "open": [],
        "ended": True,
        "variables": {"r": 1},
    }


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        ([{"task": "Fee"}, {"task": "Fee"}], ["step 2", '"Fee"', "Open:", "Credits", "Place"]),
        ([{"message": "paid"}], ["step 1", "paid", "Open:", "Credits"]),
        ([{"signal": "flood"}], ["step 1", "flood", "Open:"]),
        ([{"error": "E9", "at": "Fee"}], ["step 1", "E9", "Open:"]),
        ([{"timer": "T"}], ["step 1", "T", "Open:"]),
        ([{"task": "Fee", "message": "paid"}], ["step 1", "exactly one"]),
        ([{"taks": "Fee"}], ["step 1", "exactly one"]),
        ([{"task": "Fee", "set": 3}], ["step 1", '"set"']),
        ([{"task": "Fee", "instance": "2"}], ["step 1", '"instance"']),
        (["Fee"], ["step 1", "object"]),
        ({"task": "Fee"}, ["no list"]),
    ],
)
def test_an_impossible_step_exits_1_and_says_what_is_open(
    tmp_path: Path, steps: Any, words: list[str]
) -> None:
    done = walk(tmp_path, PARALLEL, steps)
    assert done.returncode == 1
    assert done.stdout == ""
    for word in words:
        assert word in done.stderr


def test_a_loop_of_effects_is_stopped(tmp_path: Path) -> None:
    source = bpmn(
        node("serviceTask", "X"),
        node("exclusiveGateway", "G", default="G_X"),
        node("endEvent", "E"),
        chain("S", "X", "G", "X"),
        flow("out", "G", "E", "never"),
    )
    done = walk(tmp_path, source, [])
    assert (done.returncode, "put a task into the loop" in done.stderr) == (1, True)


def test_check_reports_faults_as_json(tmp_path: Path) -> None:
    file = tmp_path / "bad.bpmn"
    file.write_bytes(bpmn(node("scriptTask", "X", name="Run"), node("endEvent", "E"), chain("S", "X", "E")))
    done = pendapa("check", file, "--json")
    assert done.returncode == 1
    report = json.loads(done.stdout)
    assert (report["valid"], [fault["where"] for fault in report["faults"]]) == (False, ['X "Run"'])
    assert "bad.bpmn:X" in done.stderr


def test_check_of_a_sound_file(tmp_path: Path) -> None:
    file = tmp_path / "good.bpmn"
    file.write_bytes(CORRECTION)
    done = pendapa("check", file, "--json")
    assert done.returncode == 0
    assert json.loads(done.stdout) == {
        "valid": True,
        "faults": [],
        "warnings": [],
        "reads": ["Check", "Sign"],
    }
    assert "no fault" in pendapa("check", file).stdout


def test_draw_writes_an_svg(tmp_path: Path) -> None:
    file = tmp_path / "p.bpmn"
    file.write_bytes(CORRECTION)
    done = pendapa("draw", file, "--at", "Sign", "-o", tmp_path / "p.svg")
    assert (done.returncode, done.stdout) == (0, "")
    assert "Task Sign" in (tmp_path / "p.svg").read_text()
    assert pendapa("draw", file, "--at", "Nobody", "-o", tmp_path / "q.svg").returncode == 1


def test_a_missing_file_is_wrong_usage(tmp_path: Path) -> None:
    done = pendapa("check", tmp_path / "none.bpmn")
    assert (done.returncode, "none.bpmn" in done.stderr) == (2, True)


def test_the_command_loads_neither_django_nor_scientific_libraries(tmp_path: Path) -> None:
    (tmp_path / "p.bpmn").write_bytes(CORRECTION)
    program = (
        "import sys; from pendapa.cli import main; main(['process', 'check', sys.argv[1]]);"
        "heavy = ('django', 'psycopg', 'numpy', 'pendapa.web', 'pendapa.charts');"
        "print([name for name in heavy if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "p.bpmn")], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"


def migrate(tmp_path: Path, new: bytes, **files: Any) -> Run:
    (tmp_path / "old.bpmn").write_bytes(PARALLEL)
    (tmp_path / "new.bpmn").write_bytes(new)
    options: list[object] = []
    for name, content in files.items():
        (tmp_path / f"{name}.json").write_text(json.dumps(content))
        options += [f"--{name}", tmp_path / f"{name}.json"]
    return pendapa("migrate", tmp_path / "old.bpmn", tmp_path / "new.bpmn", *options, "--json")


FOURTH = PARALLEL.replace(
    b"</process>", (user("Fourth") + chain("Split", "Fourth", "Join") + "</process>").encode()
)


def test_migrate_prints_the_map_and_a_verdict_a_case(tmp_path: Path) -> None:
    in_section = {"case": "K-1", "steps": [{"task": "Credits"}]}
    past_it = {"case": "K-2", "steps": [{"task": task} for task in ("Credits", "Place", "Fee")]}
    state = {
        "tokens": [{"id": 9, "element": "Decide", "scope": None, "waiting": "task", "detail": {}}],
        "variables": {},
        "serial": 9,
    }
    run = migrate(tmp_path, FOURTH, states=[in_section, past_it, state])
    assert run.returncode == 0
    report = json.loads(run.stdout)
    assert {"old": "Fee", "new": "Fee", "how": "id", "sure": "certain", "why": "same id"} in report["map"]
    assert report["added"] == ["Fourth"]
    assert [(v["case"], v["possible"]) for v in report["verdicts"]] == [
        ("K-1", False),
        ("K-2", True),
        ("3", True),
    ]
    assert 'new: Fourth "Task Fourth"' in report["verdicts"][0]["reasons"][0]["text"]


def test_migrate_refuses_a_map_or_state_that_cannot_be(tmp_path: Path) -> None:
    run = migrate(tmp_path, FOURTH, map={"Fee": "Nowhere"})
    assert (run.returncode, run.stdout) == (1, "")
    assert 'map.json: Fee "Task Fee": the new version has no element Nowhere.' in run.stderr
    run = migrate(tmp_path, FOURTH, states=[{"tokens": 3}])
    assert (run.returncode, run.stdout) == (1, "")
    assert "states.json: state 1: it is no state." in run.stderr
    run = migrate(tmp_path, FOURTH, states=[{"steps": [{"task": "Decide"}]}])
    assert run.returncode == 1
    assert "Task Decide is not open." in run.stderr
