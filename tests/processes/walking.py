"""Walks through `pendapa process walk`, as anyone would do them by hand."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pendapa.cli import main


@dataclass
class Walked:
    """What the command printed; `said` is its standard error."""

    code: int
    said: str
    report: dict[str, Any] = field(default_factory=dict)

    @property
    def stands(self) -> tuple[list[str], list[str], bool]:
        """Done, open, ended."""
        assert self.code == 0, self.said
        return self.report["done"], self.report["open"], self.report["ended"]

    @property
    def variables(self) -> dict[str, Any]:
        assert self.code == 0, self.said
        found: dict[str, Any] = self.report["variables"]
        return found


def walk(source: bytes, steps: Sequence[Any], others: Mapping[str, bytes] = {}) -> Walked:
    """The walk of a file; a step that is a text is a task done without setting anything."""
    rows = [{"task": step} if isinstance(step, str) else step for step in steps]
    with TemporaryDirectory() as folder:
        place = Path(folder)
        (place / "main.bpmn").write_bytes(source)
        (place / "steps.json").write_text(json.dumps(rows))
        command = [
            "process",
            "walk",
            str(place / "main.bpmn"),
            "--steps",
            str(place / "steps.json"),
            "--json",
        ]
        for name, content in others.items():
            (place / name).write_bytes(content)
            command += ["--with", str(place / name)]
        out, said = StringIO(), StringIO()
        with redirect_stdout(out), redirect_stderr(said):
            code = main(command)
    return Walked(code, said.getvalue(), json.loads(out.getvalue()) if out.getvalue() else {})


def task(id_: str, instance: int | None = None, **values: Any) -> dict[str, Any]:
    row: dict[str, Any] = {"task": id_, "set": values}
    return row if instance is None else {**row, "instance": instance}
