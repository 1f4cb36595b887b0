"""Old spellings compile, and are warned of with their cell."""

from __future__ import annotations

import pytest

from pendapa.forms import compile_form

from .conftest import made

OLD = """| survey |
| | type | name | label | relevance | read_only | sms_field |
| | int | a | A | | | |
| | string | b | B | ${a} > 1 | yes | x |
| | select one sex | s | S | | | |
| | photo | p | P | | | |
| | trigger | t | T | | | |
| choices |
| | list name | name | label |
| | sex | f | Perempuan |
"""


def test_old_columns_and_types_are_named_with_their_cell() -> None:
    form = compile_form(OLD.encode(), name="old.md")
    assert {w.where: w.right for w in form.warnings if "spelling" in w.wrong} == {
        "survey!E2": "write relevant",
        "survey!F2": "write readonly",
        "choices!B9": "write list_name",
        "survey!B3": "write integer",
        "survey!B4": "write text",
        "survey!B5": "write select_one",
        "survey!B6": "write image",
        "survey!B7": "write acknowledge",
    }
    assert [w.where for w in form.warnings if "no effect" in w.wrong] == ["survey!G2"]
    assert [f.kind for f in form.fields.values()] == ["integer", "text", "select_one", "image", "acknowledge"]


@pytest.mark.parametrize("column", ["label", "label::Indonesia (id)"])
def test_or_other_is_warned_of_where_the_form_is_translated(column: str) -> None:
    source = f"""| survey |
| | type | name | {column} |
| | select_one sex or_other | s | S |
| choices |
| | list_name | name | {column} |
| | sex | f | Perempuan |
"""
    warnings = compile_form(source.encode(), name="f.md").warnings
    assert [w.where for w in warnings if "or_other" in w.wrong] == (["survey!B3"] if "::" in column else [])


def test_a_form_of_today_has_no_warning() -> None:
    form = made(
        "integer a", {"type": "text b", "relevant": "${a} > 1", "readonly": "yes"}, "select_one sex s"
    )
    assert form.warnings == ()
