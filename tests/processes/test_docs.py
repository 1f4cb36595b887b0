"""The page in docs/ tells the truth: its example runs, its lists are complete."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest

from pendapa.processes.model import Kind

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "processes.md").read_text(encoding="utf-8")


def test_the_example_runs(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(ROOT)
    example = re.search(r"```python\n(.*?)```", PAGE, re.DOTALL)
    assert example is not None
    exec(compile(example.group(1), "docs/processes.md", "exec"), {})
    assert "how='done'" in capsys.readouterr().out


def test_every_kind_of_element_is_in_the_table() -> None:
    table = PAGE.partition("## What is supported")[2].partition("##")[0]
    assert set(re.findall(r"`(\w+)`", table)) - {"FinishEffect"} == set(get_args(Kind))
