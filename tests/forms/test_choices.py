"""Lists of choices: filters, files, sheets."""

from __future__ import annotations

import pytest

from pendapa.forms import Form, FormRefused, compile_form, evaluate

from .conftest import NOW, answered, kinds, made, survey

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


FILES = {
    "towns.csv": b"code,title,kind\n1,Satu,a\n2,Dua,b\n",
    "ponds.geojson": b'{"type": "FeatureCollection", "features": [{"type": "Feature", "id": 7, '
    b'"geometry": {"type": "Point", "coordinates": [109.14, -6.98]}, '
    b'"properties": {"title": "Embung", "deep": 2.5, "open": true, "note": null}}]}',
    "fees.xml": b"<root><item><name>low</name><label>Rendah</label><fee>5000</fee></item></root>",
}
IN_FILES = (
    {"type": "select_one_from_file towns.csv t", "parameters": "value=code, label=title"},
    {"type": "select_multiple_from_file towns.csv m", "parameters": "value=code label=title"},
    {
        "type": "select_one_from_file towns.csv k",
        "parameters": "value=code, label=title",
        "choice_filter": "kind = ${kind}",
    },
    "text kind",
    "select_one_from_file ponds.geojson p",
    "select_one_from_file fees.xml x",
    {"type": "calculate where", "calculation": "instance('ponds')/root/item[id = ${p}]/geometry"},
    {"type": "calculate fee", "calculation": "instance('fees')/root/item[name = ${x}]/fee"},
)


def in_files(**files: bytes) -> Form:
    changed = {name.replace("__", "."): content for name, content in files.items()}
    return compile_form(survey(*IN_FILES).encode(), name="f.md", files=FILES | changed)


def test_choices_from_files_of_three_kinds() -> None:
    form = in_files()
    done = answered(form, t="1", m="1 2", kind="b", k="2", p="7", x="low")
    assert done.valid
    assert (done.values["/where"], done.values["/fee"]) == ("-6.98 109.14 0 0", "5000")
    assert [(c.name, c.label) for c in done.choices("/t", "id")] == [("1", "Satu"), ("2", "Dua")]
    assert [(c.name, c.label) for c in done.choices("/p", "id")] == [("7", "Embung")]
    assert [(c.name, c.label) for c in done.choices("/x", "id")] == [("low", "Rendah")]
    wrong = answered(form, t="3", m="1 3", kind="a", k="2", p="8", x="high")
    assert set(kinds(wrong).items()) == {(path, "choice") for path in ("/t", "/m", "/k", "/p", "/x")}


@pytest.mark.parametrize(
    ("name", "content", "word"),
    [
        ("ponds__geojson", b"[]", "GeoJSON"),
        ("ponds__geojson", b"\xff", "GeoJSON"),
        ("ponds__geojson", b'{"features": [{"geometry": {"type": "Circle", "coordinates": []}}]}', "Circle"),
        ("fees__xml", b"<root><item></root>", "well-formed"),
        ("fees__xml", b'<!DOCTYPE r [<!ENTITY a "b">]><root>&a;</root>', "DTD"),
        ("towns__csv", b"\xff\xfe", "CSV"),
    ],
)
def test_files_of_choices_that_cannot_be_read_are_named(name: str, content: bytes, word: str) -> None:
    with pytest.raises(FormRefused, match=word) as refused:
        in_files(**{name: content})
    file = name.replace("__", ".")
    row = next(i for i, r in enumerate(IN_FILES) if file in (r if isinstance(r, str) else r["type"]))
    (fault,) = refused.value.faults
    assert (fault.where, file in fault.wrong) == (f"survey!B{row + 3}", True)  # below two lines of heading


def test_a_file_of_no_known_kind_is_refused() -> None:
    source = survey("csv-external towns", {"type": "text a"}).encode()
    with pytest.raises(FormRefused, match=r"towns\.csv is missing"):
        compile_form(source, name="f.md")


def test_rows_of_an_attached_file_are_looked_up() -> None:
    look_up = {"type": "calculate c", "calculation": "instance('towns')/root/item[code = ${a}]/title"}
    form = compile_form(survey("csv-external towns", "text a", look_up).encode(), name="f.md", files=FILES)
    assert answered(form, a="2").values["/c"] == "Dua"
    assert "/towns" not in form.fields


def test_choices_that_are_the_answers_of_a_repeat() -> None:
    form = made("begin_repeat r", "text who", "end_repeat", "select_one ${who} head")
    sent = {"/r[1]/who": "Ani", "/r[2]/who": "Budi"}
    assert evaluate(form, {**sent, "/head": "Budi"}, now=NOW).valid
    assert kinds(evaluate(form, {**sent, "/head": "Citra"}, now=NOW)) == {"/head": "choice"}


def test_a_cascade_of_three_asks_every_level() -> None:
    form = made(
        *CASCADE, {"type": "select_one village again", "choice_filter": "district = ${d} and name != ${v}"}
    )
    assert answered(form, d="slawi", v="kalisapu", again="pakembaran").valid
    assert kinds(answered(form, d="slawi", v="kalisapu", again="kalisapu")) == {"/again": "choice"}
    assert kinds(answered(form, d="", v="kalisapu")) == {"/v": "choice"}
