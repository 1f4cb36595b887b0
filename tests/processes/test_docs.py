"""The page in docs/ tells the truth: its example runs, its lists are complete."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest

from pendapa.processes.model import Kind

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "processes.md").read_text(encoding="utf-8")


def test_the_examples_run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(ROOT)
    examples = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    assert len(examples) == 2
    exec(compile("\n".join(examples), "docs/processes.md", "exec"), {})
    said = capsys.readouterr().out
    assert "how='done'" in said
    assert "periksa -> periksa certain same id" in said


def test_every_kind_of_element_is_in_the_table() -> None:
    table = PAGE.partition("## What is supported")[2].partition("##")[0]
    assert set(re.findall(r"`(\w+)`", table)) - {"FinishEffect"} == set(get_args(Kind))
