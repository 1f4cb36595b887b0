"""Small forms written as Markdown tables, and the moment all of them are filled in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from pendapa.forms import Evaluation, Form, compile_form, evaluate

NOW = datetime(2026, 3, 30, 9, 0, tzinfo=ZoneInfo("Asia/Jakarta"))

COLUMNS = [
    "type",
    "name",
    "label",
    "required",
    "required_message",
    "relevant",
    "constraint",
    "constraint_message",
    "calculation",
    "default",
    "readonly",
    "appearance",
    "choice_filter",
    "repeat_count",
    "parameters",
    "hint",
    "trigger",
]
CHOICES = """
| choices |
| | list_name | name | label | district |
| | sex | f | Perempuan | |
| | sex | m | Laki-laki | |
| | district | slawi | Slawi | |
| | district | adiwerna | Adiwerna | |
| | village | kalisapu | Kalisapu | slawi |
| | village | pakembaran | Pakembaran | slawi |
| | village | ujungrusi | Ujungrusi | adiwerna |
| settings |
| | form_title | form_id | version | default_language |
| | Coba | coba | 3 | id |
"""


def survey(*rows: dict[str, str] | str) -> str:
    """A survey of rows; a row is a mapping of columns, or `type name` alone with the name as label."""
    lines = ["| survey |", "| | " + " | ".join(COLUMNS) + " |"]
    for row in rows:
        cells = row if isinstance(row, dict) else {"type": row}
        words = cells["type"].split()
        if "name" not in cells and len(words) > 1:
            cells = {**cells, "type": " ".join(words[:-1]), "name": words[-1]}
        shown = cells["type"] not in (
            "calculate",
            "hidden",
            "today",
            "start",
            "end",
            "end_group",
            "end_repeat",
        )
        if "label" not in cells and shown:
            cells = {**cells, "label": cells.get("name", "")}
        lines.append("| | " + " | ".join(cells.get(c, "").replace("|", "\\|") for c in COLUMNS) + " |")
    return "\n".join(lines) + CHOICES


def made(*rows: dict[str, str] | str) -> Form:
    return compile_form(survey(*rows).encode(), name="coba.md")


def answered(form: Form, now: datetime = NOW, /, **answers: str) -> Evaluation:
    """Answers by name; `__` in a name stands for `/`."""
    return evaluate(form, {"/" + k.replace("__", "/"): v for k, v in answers.items()}, now=now)


def kinds(done: Evaluation) -> dict[str, str]:
    return {error.path: error.kind for error in done.errors}


Maker = Callable[..., Form]


@pytest.fixture
def now() -> datetime:
    return NOW
