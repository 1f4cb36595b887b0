"""What is refused when a form is loaded, each with the cell it stands in; and hostile files."""

from __future__ import annotations

import io
import time
import zipfile
from datetime import datetime
from typing import Any

import pytest
from openpyxl import Workbook

from pendapa.forms import Fault, FormRefused, blank_answers, compile_form
from pendapa.forms.xpath.syntax import XPathError, parse

from .conftest import NOW

HEADER = [
    "type",
    "name",
    "label",
    "relevant",
    "constraint",
    "calculation",
    "choice_filter",
    "default",
    "repeat_count",
]


def xlsx(*rows: list[Any], choices: list[list[str]] | None = None) -> bytes:
    """A workbook whose survey starts in row 2; columns A to I as HEADER."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "survey"
    sheet.append(HEADER)
    for row in rows:
        sheet.append(row)
    if choices:
        listed = book.create_sheet("choices")
        listed.append(["list_name", "name", "label"])
        for cells in choices:
            listed.append(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def faults(source: bytes, name: str = "form.xlsx") -> tuple[Fault, ...]:
    with pytest.raises(FormRefused) as caught:
        compile_form(source, name=name)
    return caught.value.faults


def places(source: bytes) -> dict[str, str]:
    return {fault.where: fault.wrong for fault in faults(source)}


def test_an_xlsx_workbook_compiles() -> None:
    form = compile_form(xlsx(["text", "a", "A"], ["integer", "b", "B", "${a} != ''"]), name="form.xlsx")
    assert list(form.fields) == ["/a", "/b"]


@pytest.mark.parametrize("type_", ["osm", "caller", "xml-external x", "date time", "secret", "text b"])
def test_unsupported_types_are_refused_by_name(type_: str) -> None:
    found = places(xlsx(["text", "a", "A"], [type_, "b", "B"]))
    assert type_ in found["survey!A3"]


@pytest.mark.parametrize("sheet", ["entities", "osm"])
def test_sheets_of_features_that_are_not_there_are_refused(sheet: str) -> None:
    source = (
        f"| survey |\n| | type | name | label |\n| | text | a | A |\n| {sheet} |\n| | list_name |\n| | t |\n"
    )
    (fault,) = faults(source.encode(), "form.md")
    assert (fault.where, fault.right) == (f"{sheet}!A1", f"take the sheet {sheet} out")


def test_what_would_be_saved_to_an_entity_is_refused_with_its_cell() -> None:
    source = b"| survey |\n| | type | name | label | save_to |\n| | text | a | A | height |\n"
    (fault,) = faults(source, "form.md")
    assert fault.where == "survey!E3"
    assert "entity" in fault.wrong


def test_search_is_refused_where_it_stands_as_an_appearance() -> None:
    source = (
        "| survey |\n| | type | name | label | appearance |\n| | select_one l | a | A | minimal search('towns') |\n"
        "| choices |\n| | list_name | name | label |\n| | l | code | name |\n"
    )
    (fault,) = faults(source.encode(), "form.md")
    assert fault.where == "survey!E3"
    assert "select_one_from_file" in fault.right


@pytest.mark.parametrize("cell", ["${last-saved#a}"])
def test_answers_of_the_last_time_are_refused(cell: str) -> None:
    found = places(xlsx(["text", "a", "A"], ["text", "b", "B", None, None, None, None, cell]))
    assert "last-saved" in found["survey!H3"]


def test_every_fault_is_reported_at_once_with_its_cell() -> None:
    found = places(
        xlsx(
            ["osm", "a", "A"],
            ["text", "b", "B", "${nobody} = 1"],
            ["select_one nolist", "c", "C"],
            ["calculate", "d", None, None, None, "search('x', 'matches', 'z', ${b})"],
        )
    )
    assert set(found) == {"survey!A2", "survey!D3", "survey!A4", "survey!F5"}
    assert "nobody" in found["survey!D3"]
    assert "search()" in found["survey!F5"]


def test_expressions_are_refused_with_their_column() -> None:
    found = places(
        xlsx(
            ["integer", "a", "A"],
            ["integer", "b", "B", "nonsense(${a})", ". > ", "if(${a})"],
            ["integer", "c", "C", "${a} > 1", "regex(., '(a+)+')"],
            ["integer", "d", "D", "${a} ! 1"],
        )
    )
    assert "there is no function nonsense()" in found["survey!D3"]
    assert "survey!E3" in found
    assert "if() takes 3 arguments but is given 1" in found["survey!F3"]
    assert "repeat" in found["survey!E4"]
    assert "survey!D5" in found


def test_fields_that_depend_on_each_other_in_a_circle_are_named() -> None:
    found = places(
        xlsx(
            ["calculate", "a", None, None, None, "${b} + 1"],
            ["calculate", "b", None, None, None, "${c} + 1"],
            ["calculate", "c", None, None, None, "${a} + 1"],
        )
    )
    (wrong,) = found.values()
    assert "circle" in wrong
    assert all(name in wrong for name in ("/a", "/b", "/c"))


def test_relevance_that_depends_on_itself_is_a_circle() -> None:
    assert "circle" in places(xlsx(["text", "a", "A", "${a} = 1"]))["survey!D2"]
    grouped = xlsx(["begin_group", "g", "G", "${b} = 1"], ["text", "b", "B"], ["end_group"])
    assert "circle" in places(grouped)["survey!D2"]


def test_a_value_before_the_calculation_is_no_circle() -> None:
    form = compile_form(xlsx(["calculate", "a", None, None, None, "if(. = '', 'new', .)"]), name="f.xlsx")
    assert list(form.fields) == ["/a"]


def test_errors_of_the_converter_name_the_row() -> None:
    assert any(
        where.startswith("survey!") and where.endswith("2") for where in places(xlsx(["text", "a b", "A"]))
    )
    assert places(xlsx(["begin_group", "g", "G"], ["text", "a", "A"]))


@pytest.mark.parametrize(
    ("rows", "where", "word"),
    [
        ("| | text | a | A | |\n| | text | a | B | |", "survey!C4", "unique"),
        ("| | text | a | A | |\n| | end_group | | | |", "survey!B4", "Unmatched"),
        ("| | select_one | a | A | |", "survey!B3", "names no choice list"),
        ("| | select_one l | a | A | colour = 'red' |", "survey!E3", "no column 'colour'"),
        ("| | note | n | N | |\n\n| | text | a | A | |\n| | text | b c | B | |", "survey!C6", "name"),
        ("", "survey!A1", "no rows"),
    ],
)  # fmt: skip
def test_faults_stand_in_the_line_of_the_file(rows: str, where: str, word: str) -> None:
    head = "| | type | name | label | choice_filter |"
    choices = "| choices |\n| | list_name | name | label |\n| | l | x | X |"
    (fault,) = faults(f"| survey |\n{head}\n{rows}\n{choices}\n".encode(), "form.md")
    assert fault.where == where
    assert word in fault.wrong


def test_a_count_that_cannot_be_computed_names_its_own_cell() -> None:
    repeat = ["begin_repeat", "r", "R", None, None, None, None, None, "nonsense(1) + 1"]
    found = places(xlsx(repeat, ["text", "a", "A"], ["end_repeat"]))
    assert "repeat_count of /r" in found["survey!I2"]


def test_a_default_that_is_not_of_its_type_is_warned_of_and_a_date_of_the_sheet_is_one() -> None:
    rows: list[list[object]] = [["integer", "a", "A"], ["date", "d", "D"], ["dateTime", "m", "M"]]
    values: list[object] = ["many", datetime(2026, 3, 30), datetime(2026, 3, 30, 7, 30)]  # noqa: DTZ001 - as sheets have it
    source = xlsx(*[[*row, None, None, None, None, value] for row, value in zip(rows, values, strict=True)])
    form = compile_form(source, name="form.xlsx")
    assert [w.where for w in form.warnings] == ["survey!H2"]
    blank = blank_answers(form, now=NOW)
    assert (blank["/d"], blank["/m"]) == ("2026-03-30", "2026-03-30T07:30:00")


def test_missing_columns_and_sheets() -> None:
    (fault,) = faults(b"| choices |\n| | list_name | name |\n| | a | b |", "form.md")
    assert fault.wrong == "the workbook has no sheet 'survey'"
    assert "column type" in faults(b"| survey |\n| | name | label |\n| | a | A |", "form.md")[0].wrong


# -- hostile files -------------------------------------------------------------------------------------


def repacked(source: bytes, **parts: bytes) -> bytes:
    """The workbook with parts replaced or added (`__` in a name stands for `/`)."""
    out = io.BytesIO()
    renamed = {key.replace("__", "/"): value for key, value in parts.items()}
    with zipfile.ZipFile(io.BytesIO(source)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.infolist():
            if item.filename not in renamed:
                new.writestr(item.filename, old.read(item))
        for name, content in renamed.items():
            new.writestr(name, content)
    return out.getvalue()


GOOD = xlsx(["text", "a", "A"])
DTD = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>'


@pytest.mark.parametrize(
    ("source", "word"),
    [
        (b"this is no workbook", "not an .xlsx"),
        (b"", "not an .xlsx"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "old .xls"),
        (b"PK\x03\x04" + b"\0" * 200, "damaged"),
        (GOOD[: len(GOOD) // 2], "damaged"),
        (b"x" * 10_000_001, "bytes"),
        (repacked(GOOD, **{"xl__vbaProject.bin": b"x"}), "macros"),
        (repacked(GOOD, **{"xl__sharedStrings.xml": DTD}), "entities"),
        (repacked(GOOD, **{"xl__sharedStrings.xml": DTD.decode().encode("utf-16")}), "entities"),
        (repacked(GOOD, **{"xl__media__bomb.png": b"\0" * 30_000_000}), "packed size"),
    ],
    ids=["text", "empty", "xls", "zeros", "cut", "big", "macro", "dtd", "dtd-utf16", "bomb"],
)
def test_hostile_files_are_refused_with_a_sentence(source: bytes, word: str) -> None:
    begin = time.perf_counter()
    (fault,) = faults(source)
    assert word in fault.wrong
    assert fault.right
    assert time.perf_counter() - begin < 2


def test_a_zip_that_is_no_workbook() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("hello.txt", "hello")
    assert "no .xlsx" in faults(out.getvalue())[0].wrong


def test_text_that_is_not_utf8() -> None:
    assert "UTF-8" in faults(b"\xff\xfe\x00", "form.csv")[0].wrong


def test_expressions_nested_too_deeply_are_refused_not_crashed() -> None:
    with pytest.raises(XPathError, match="nested"):
        parse("(" * 5000 + "1" + ")" * 5000)
    with pytest.raises(XPathError):
        parse("-" * 19_000)
