"""docs/forms.md: its example runs, and its tables name what the engine has."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pendapa.forms.answers
import pendapa.forms.model
import pendapa.forms.xpath.geometry
from pendapa.forms.messages import DEFAULTS
from pendapa.forms.survey import KINDS

PAGE = Path(__file__).parents[2] / "docs" / "forms.md"


def test_the_example_runs() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert text.count(">>> ") >= 7
    result = doctest.testfile(str(PAGE), module_relative=False)
    assert result.attempted > 0
    assert result.failed == 0
    for module in (pendapa.forms.answers, pendapa.forms.model, pendapa.forms.xpath.geometry):
        assert doctest.testmod(module).failed == 0


def test_every_kind_of_field_and_of_error_stands_on_the_page() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert [kind for kind in KINDS.values() if not re.search(rf"\b{kind}\b", text)] == []
    kinds = {key.split(":")[0] for key in DEFAULTS}
    assert [kind for kind in kinds if f"| {kind} |" not in text] == []
