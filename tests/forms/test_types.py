# ruff: noqa: E501 - the table of answers is easier to read in long rows
"""Question types with values of their own, worked out by hand, and what the pages cannot ask."""

from __future__ import annotations

import pytest

from pendapa.forms import evaluate, unpublishable

from .conftest import NOW, answered, kinds, made

SQUARE = "-6.9 109.1; -6.9 109.2; -7.0 109.2; -6.9 109.1"


@pytest.mark.parametrize(
    ("type_", "good", "bad"),
    [
        ("geopoint", ["-6.98 109.14", "-6.98 109.14 31.5 4", "0 0 0 0"], ["-6.98", "91 0", "0 181", "a b", "1e1 2", "1,5 2"]),
        ("geotrace", ["-6.9 109.1;-6.8 109.2", "-6.9 109.1 0 0; -6.8 109.2 0 0;"], ["-6.9 109.1", "-6.9 109.1;", "-6.9 109.1;;-6.8 109.2"]),
        ("geoshape", [SQUARE, SQUARE + ";"], ["-6.9 109.1; -6.9 109.2; -7.0 109.2", "-6.9 109.1; -6.9 109.1"]),
        ("audio", ["suara.m4a"], ["../suara.m4a", "a/b.m4a"]),
        ("video", ["rekaman.mp4"], ["a\\b.mp4"]),
        ("barcode", ["899999900001", "ABC-1"], []),
    ],
)  # fmt: skip
def test_answers_are_of_their_type(type_: str, good: list[str], bad: list[str]) -> None:
    form = made(f"{type_} x")
    assert form.fields["/x"].kind == type_
    assert [v for v in good if not answered(form, x=v).valid] == []
    assert [v for v in bad if kinds(answered(form, x=v)) != {"/x": "type"}] == []


def test_a_place_can_be_measured() -> None:
    form = made("geotrace line", {"type": "calculate metres", "calculation": "round(distance(${line}))"})
    # one degree of latitude on a sphere of 6,378,100 m: 6378100 * pi / 180 = 111318.8
    assert answered(form, line="0 0; 1 0").values["/metres"] == "111319"


@pytest.mark.parametrize(
    ("parameters", "good", "bad"),
    [
        ("start=1 end=9 step=2", ["1", "3", "9"], ["0", "2", "10", "1.0", "x", "1_1", "NaN"]),
        ("start=0 end=1 step=0.1", ["0", "0.3", "0.7", "1"], ["0.25", "1.1", "-0.1", "1e-1"]),
        ("start=5 end=-5 step=5", ["5", "0", "-5"], ["-10", "1"]),
        ("", ["1", "10"], ["0", "11"]),
    ],
)
def test_a_range_takes_its_steps_alone(parameters: str, good: list[str], bad: list[str]) -> None:
    form = made({"type": "range x", "parameters": parameters})
    assert [v for v in good if not answered(form, x=v).valid] == []
    assert [v for v in bad if kinds(answered(form, x=v)) != {"/x": "type"}] == []


def test_the_message_of_a_range_says_what_it_takes() -> None:
    (error,) = answered(made({"type": "range x", "parameters": "start=1 end=9 step=2"}), x="2").errors
    assert error.message == {
        "id": "Isi dengan angka dari 1 sampai 9, kelipatan 2.",
        "en": "Enter a number from 1 to 9 in steps of 2.",
    }


def test_a_rank_puts_choices_in_an_order() -> None:
    form = made("rank sex r", {"type": "calculate first", "calculation": "selected-at(${r}, 0)"})
    assert form.fields["/r"].kind == "rank"
    assert [c.label for c in form.fields["/r"].choices["id"]] == ["Perempuan", "Laki-laki"]
    assert answered(form, r="m f").values == {"/r": "m f", "/first": "m"}
    assert answered(form, r="m").valid
    assert [kinds(answered(form, r=v)) for v in ("m x", "m m")] == [{"/r": "choice"}] * 2


def test_a_rank_keeps_to_its_filter() -> None:
    form = made("select_one district d", {"type": "rank village r", "choice_filter": "district = ${d}"})
    assert answered(form, d="slawi", r="pakembaran kalisapu").valid
    assert kinds(answered(form, d="slawi", r="pakembaran ujungrusi")) == {"/r": "choice"}


def test_or_other_adds_a_choice_and_a_text_that_belongs_to_it() -> None:
    form = made("select_one sex or_other s")
    # the rows of the survey helper take the last word as the name: the question is named s
    assert "other" in [c.name for c in form.fields["/s"].choices["id"]]
    assert answered(form, s="other", s_other="x").values == {"/s": "other", "/s_other": "x"}
    assert answered(form, s="f", s_other="x").values == {"/s": "f"}


@pytest.mark.parametrize(
    ("type_", "sent", "wrong"),
    [
        ("start-geopoint", "-6.98 109.14 0 0", "here"),
        ("background-geopoint", "-6.98 109.14 0 0", "OK"),
        ("background-audio", "rec.m4a", "../rec.m4a"),
    ],
)
def test_what_the_device_takes_stays_as_sent(type_: str, sent: str, wrong: str) -> None:
    form = made("text a", {"type": f"{type_} x", "trigger": "${a}" if "background-g" in type_ else ""})
    assert form.fields["/x"].kind == type_
    assert answered(form, x=sent).values["/x"] == sent
    assert kinds(answered(form, x=wrong)) == {"/x": "type"}
    assert [page.path for page in form.pages] == ["/a"]


@pytest.mark.parametrize(
    "type_",
    ["start", "end", "today", "username", "deviceid", "phonenumber", "email", "simserial", "subscriberid"],
)
def test_what_the_program_knows_stays_as_sent(type_: str) -> None:
    sent = {
        "start": "2026-03-01T08:00:00.000+07:00",
        "end": "2026-03-01T08:09:00.000+07:00",
        "today": "2026-03-01",
    }
    form = made(type_ + " x", "text a")
    value = sent.get(type_, "collect:Ab 1")
    assert form.fields["/x"].kind == type_
    assert answered(form, x=value).values == {"/x": value, "/a": ""}
    assert answered(form).values == {"/x": "", "/a": ""}


def test_the_log_of_filling_is_named_in_the_metadata() -> None:
    form = made("text a", "audit audit")
    done = evaluate(form, {"/a": "x", "/meta/audit": "audit.csv"}, now=NOW)
    assert (done.valid, done.values["/meta/audit"]) == (True, "audit.csv")
    assert "/meta/audit" not in form.fields


# -- what the pages cannot ask -------------------------------------------------------------------------


@pytest.mark.parametrize("type_", ["start-geopoint", "background-geopoint", "background-audio"])
def test_what_the_pages_cannot_ask_is_named_with_its_cell(type_: str) -> None:
    taken = {"type": f"{type_} x", "trigger": "${a}" if type_ == "background-geopoint" else ""}
    form = made("text a", "begin_group g", taken, "end_group")
    (fault,) = unpublishable(form)
    assert fault.where == "survey!C5"  # the third row below the two lines of heading; names stand in C
    assert "/g/x" in fault.wrong
    assert "geopoint" in fault.right or "audio" in fault.right


def test_a_repeat_of_nothing_but_repeats_cannot_be_asked_on_pages() -> None:
    inner = ("begin_group g", "begin_repeat q", "text b", "end_repeat", "end_group")
    (fault,) = unpublishable(made("begin_repeat r", *inner, "end_repeat"))
    assert "/r:" in fault.wrong
    assert unpublishable(made("begin_repeat r", "text a", *inner, "end_repeat")) == ()


def test_a_form_of_every_kind_of_question_can_be_published() -> None:
    types = [
        "text",
        "integer",
        "decimal",
        "range",
        "date",
        "time",
        "dateTime",
        "select_one sex",
        "select_multiple sex",
        "rank sex",
        "geopoint",
        "geotrace",
        "geoshape",
        "audio",
        "video",
        "barcode",
    ]
    form = made(*[f"{t} q{i}" for i, t in enumerate([*types, "note", "image", "file", "acknowledge"])])
    assert unpublishable(form) == ()
    assert evaluate(form, {}, now=NOW).valid
