"""The kinds of errors, their messages, and the limits."""

from __future__ import annotations

import pytest

from pendapa.forms import compile_form, evaluate

from .conftest import NOW, answered, kinds, made


def test_required_answer_left_out_is_an_error_in_both_languages() -> None:
    done = answered(made({"type": "text name", "required": "yes"}))
    assert kinds(done) == {"/name": "required"}
    assert dict(done.errors[0].message) == {"id": "Isi kolom ini.", "en": "Fill in this field."}


def test_the_forms_own_message_is_used_in_every_language_it_is_not_translated_to() -> None:
    form = made({"type": "text name", "required": "yes", "required_message": "Nama wajib diisi."})
    assert dict(answered(form).errors[0].message) == {"id": "Nama wajib diisi.", "en": "Nama wajib diisi."}


LANGUAGES = """
| survey |
| | type | name | label::{0} | label::{1} | constraint | constraint_message::{0} | constraint_message::{1} |
| | integer | age | Umur | Age | . < 120 | Terlalu tua | Too old |
"""


@pytest.mark.parametrize("indonesian", ["Indonesia (id)", "Indonesian (id)", "Bahasa Indonesia (id)", "id"])
def test_messages_are_by_code_however_the_language_is_named(indonesian: str) -> None:
    form = compile_form(LANGUAGES.format(indonesian, "English (en)").encode(), name="f.md")
    done = answered(form, age="120")
    assert [(e.kind, dict(e.message)) for e in done.errors] == [
        ("constraint", {"id": "Terlalu tua", "en": "Too old"})
    ]


def test_a_form_in_english_alone_gives_its_english_words() -> None:
    source = """
| survey |
| | type | name | label | required | required_message |
| | text | a | A | yes | Say it. |
| settings |
| | form_title | default_language |
| | T | English (en) |
"""
    done = answered(compile_form(source.encode(), name="f.md"))
    assert dict(done.errors[0].message) == {"en": "Say it.", "id": "Say it."}


def test_a_form_in_a_third_language_still_answers_in_the_two_of_the_platform() -> None:
    source = "| survey |\n| | type | name | label::Jawa (jv) | required |\n| | text | a | A | yes |\n"
    message = dict(answered(compile_form(source.encode(), name="f.md")).errors[0].message)
    assert (message["id"], message["en"]) == ("Isi kolom ini.", "Fill in this field.")


def test_constraint_message_may_refer_to_another_answer() -> None:
    form = made(
        "integer most",
        {"type": "integer age", "constraint": ". <= ${most}", "constraint_message": "Paling banyak ${most}."},
    )
    done = answered(form, most="5", age="6")
    assert kinds(done) == {"/age": "constraint"}
    assert done.errors[0].message["id"] == "Paling banyak 5."


def test_constraint_is_not_asked_of_a_blank() -> None:
    assert answered(made({"type": "integer age", "constraint": ". > 17"}), age="").valid


@pytest.mark.parametrize(
    ("type_", "good", "bad"),
    [
        ("integer", ["0", "-7", "007"], ["1.5", "1e3", "satu", " 1", "1 "]),
        ("decimal", ["1.5", "-0.25", "3", ".5"], ["1,5", "1e3", "NaN", "Infinity", "0x1"]),
        ("date", ["2026-03-30", "2024-02-29"], ["30-03-2026", "2026-02-30", "2026-3-30", "2026-03-30T00:00"]),
        ("time", ["07:30", "07:30:00.000+07:00"], ["7:30", "24:00", "07:60", "pagi"]),
        (
            "dateTime",
            ["2026-03-30T07:30", "2026-03-30T07:30:00.000+07:00"],
            ["2026-03-30", "2026-13-30T07:30"],
        ),
        ("file", ["surat.pdf"], ["../surat.pdf", "a/b.pdf", ".."]),
        ("acknowledge", ["OK"], ["yes"]),
    ],
)
def test_answers_are_of_their_type(type_: str, good: list[str], bad: list[str]) -> None:
    form = made(f"{type_} x")
    assert [v for v in good if not answered(form, x=v).valid] == []
    assert [v for v in bad if kinds(answered(form, x=v)) != {"/x": "type"}] == []


def test_leading_zeros_stay() -> None:
    assert answered(made("integer x"), x="007").values["/x"] == "007"


def test_choice_outside_its_list() -> None:
    form = made("select_one sex s", "select_multiple sex m")
    assert answered(form, s="f", m="f m").valid
    assert kinds(answered(form, s="x", m="f x")) == {"/s": "choice", "/m": "choice"}


def test_unknown_answer() -> None:
    done = evaluate(made("text a"), {"/a": "1", "/b": "2", "/a[1]": "3"}, now=NOW)
    assert kinds(done) == {"/b": "unknown", "/a[1]": "unknown"}
    assert set(done.values) == {"/a"}


def test_text_beyond_its_limit() -> None:
    form = made("text a")
    assert answered(form, a="x" * 10_000).valid
    assert kinds(answered(form, a="x" * 10_001)) == {"/a": "limit"}


def test_instances_beyond_their_limit_are_not_made() -> None:
    form = made("begin_repeat r", "text a", "end_repeat")
    done = evaluate(form, {"/r[999999999]/a": "x"}, now=NOW)
    assert kinds(done)["/r"] == "limit"
    assert done.counts["/r"] == 1000


def test_attachment_named_but_not_handed_over_is_no_error() -> None:
    done = evaluate(made("image photo"), {"/photo": "ktp.jpg"}, now=NOW)
    assert done.valid


def test_only_so_many_unknown_answers_are_reported() -> None:
    done = evaluate(made("text a"), {f"/x{i}": "1" for i in range(5000)}, now=NOW)
    assert len(done.errors) == 100


def test_nodes_beyond_their_limit_are_not_made() -> None:
    form = made("begin_repeat r", "begin_repeat q", "text a", "end_repeat", "end_repeat")
    sent = {f"/r[{i}]/q[1000]/a": "x" for i in range(1, 41)}  # 40 times 1,000 instances of one node each
    done = evaluate(form, sent, now=NOW)
    assert "limit" in set(kinds(done).values())
    assert sum(done.counts[f"/r[{i}]/q"] for i in range(1, 41)) < 40_000


def test_spaces_alone_answer_nothing() -> None:
    form = made({"type": "text name", "required": "yes"}, "text note")
    done = answered(form, name=" \t ", note="  a ")
    assert kinds(done) == {"/name": "required"}
    assert dict(done.values) == {"/name": "", "/note": "  a "}


@pytest.mark.parametrize(
    ("type_", "bad"),
    [
        ("integer", ["9" * 19, "1.0", "+5", "1,000", "0x1F", "true"]),
        ("decimal", ["1e400", "1.5.1", "9" * 19, "Infinity"]),
        ("date", ["0000-01-01", "2026-13-01", "2026-02-29", "2026-04-31", "20260330", " 2026-03-30"]),
        ("time", ["24:00:00", "07:30:60", "0730", "07:30+25:00"]),
        ("dateTime", ["2026-03-30 07:30:00", "2026-03-30T", "2026-03-30T24:00:00", "2026-03-30T07:30+25:00"]),
    ],
)
def test_what_only_looks_like_its_type(type_: str, bad: list[str]) -> None:
    form = made(f"{type_} x")
    assert [v for v in bad if kinds(answered(form, x=v)) != {"/x": "type"}] == []


def test_a_shown_calculation_is_checked_and_one_behind_the_pages_is_not() -> None:
    """ODK Collect asks a question with a calculation like any other; a plain calculate it never shows."""
    form = made(
        "integer n",
        {"type": "integer twice", "calculation": "${n} * 2", "readonly": "yes", "constraint": ". < 10"},
        {"type": "text word", "calculation": "if(${n} > 3, 'x', '')", "readonly": "yes", "required": "yes"},
        {"type": "calculate more", "calculation": "${n} + 1", "constraint": ". < 3"},
        {"type": "hidden h", "required": "yes"},
    )
    assert kinds(answered(form, n="7")) == {"/twice": "constraint"}  # 14; 8 is not asked about
    assert kinds(answered(form, n="1")) == {"/word": "required"}
