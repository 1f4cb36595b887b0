"""Lists of choices: filters, files, sheets."""

from __future__ import annotations

import pytest

from pendapa.forms import FormRefused, compile_form

from .conftest import answered, kinds, made, survey

CASCADE = (
    "select_one district d",
    {"type": "select_one village v", "choice_filter": "district = ${d}", "required": "yes"},
)


def test_choice_filter_narrows_the_list() -> None:
    done = answered(made(*CASCADE), d="slawi", v="ujungrusi")
    assert kinds(done) == {"/v": "choice"}
    assert [c.name for c in done.choices("/v", "id")] == ["kalisapu", "pakembaran"]
    assert answered(made(*CASCADE), d="adiwerna", v="ujungrusi").valid


def test_choice_name_is_the_label() -> None:
    form = made(*CASCADE, {"type": "calculate c", "calculation": "jr:choice-name(${v}, '${v}')"})
    assert answered(form, d="slawi", v="kalisapu").values["/c"] == "Kalisapu"


def test_selected_and_count_selected() -> None:
    form = made(
        "select_multiple sex m",
        {"type": "calculate n", "calculation": "count-selected(${m})"},
        {"type": "text why", "relevant": "selected(${m}, 'f')"},
    )
    assert answered(form, m="m").values == {"/m": "m", "/n": "1"}
    assert answered(form, m="f m", why="x").values["/n"] == "2"


def test_choices_from_a_csv_file() -> None:
    form_text = """
| survey |
| | type | name | label |
| | select_one_from_file kelas.csv | k | Kelas |
| settings |
| | form_title | default_language |
| | T | id |
"""
    form = compile_form(form_text.encode(), name="f.md", files={"kelas.csv": b"name,label\na,Kelas A\n"})
    assert [c.label for c in answered(form).choices("/k", "id")] == ["Kelas A"]
    assert kinds(answered(form, k="b")) == {"/k": "choice"}


def test_a_value_is_pulled_from_a_csv_file() -> None:
    calculation = "pulldata('rates', 'fee', 'name', ${k})"
    source = survey("text k", {"type": "calculate fee", "calculation": calculation}).encode()
    form = compile_form(source, name="f.md", files={"rates.csv": b"name,fee\na,5000\nb,7000\n"})
    assert answered(form, k="b").values["/fee"] == "7000"
    assert answered(form, k="c").values["/fee"] == ""
    for files in ({}, {"rates.csv": b"name,fee\n\xff,1\n"}):
        with pytest.raises(FormRefused, match=r"rates\.csv"):
            compile_form(source, name="f.md", files=files)
    with pytest.raises(FormRefused, match=r"survey!J4.*no column 'fee'"):
        compile_form(source, name="f.md", files={"rates.csv": b"name,price\na,5000\n"})


EXTERNAL = """
| survey |
| | type | name | label::Indonesia (id) | label::English (en) | choice_filter |
| | text | d | Kecamatan | District | |
| | select_one_external village | v | Desa | Village | district=${d} |
| external_choices |
| | list_name | name | label::Indonesia (id) | label::English (en) | district |
| | village | kalisapu | Kalisapu | Kalisapu village | slawi |
| | village | ujungrusi | Ujungrusi | | adiwerna |
| settings |
| | form_title | default_language |
| | T | Indonesia (id) |
"""


def test_choices_of_a_sheet_of_their_own() -> None:
    form = compile_form(EXTERNAL.encode(), name="f.md")
    done = answered(form, d="slawi", v="kalisapu")
    assert done.valid
    assert [(c.name, c.label) for c in done.choices("/v", "en")] == [("kalisapu", "Kalisapu village")]
    assert [c.label for c in form.fields["/v"].choices["en"]] == ["Kalisapu village", "Ujungrusi"]
    assert kinds(answered(form, d="slawi", v="ujungrusi")) == {"/v": "choice"}
    assert form.fields["/v"].kind == "select_one"
