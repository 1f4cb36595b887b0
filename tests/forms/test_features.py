"""One claim a feature; expected values are worked out by hand beside them, or plain from the form."""

from __future__ import annotations

import pickle
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from pendapa.forms import (
    FormRefused,
    blank_answers,
    compile_form,
    evaluate,
    flatten,
    read_instance,
    unpublishable,
)
from pendapa.forms.answers import AnswersUnreadable

from .conftest import NOW, answered, kinds, made, survey

# -- error kinds ---------------------------------------------------------------------------------------


def test_required_answer_left_out_is_an_error_in_both_languages() -> None:
    done = answered(made({"type": "text name", "required": "yes"}))
    assert kinds(done) == {"/name": "required"}
    assert dict(done.errors[0].message) == {"id": "Isi kolom ini.", "en": "Fill in this field."}


def test_the_forms_own_message_is_used_in_the_languages_it_has() -> None:
    done = answered(made({"type": "text name", "required": "yes", "required_message": "Nama wajib diisi."}))
    assert dict(done.errors[0].message) == {"id": "Nama wajib diisi.", "en": "Fill in this field."}


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


# -- relevance -----------------------------------------------------------------------------------------


def test_filled_irrelevant_answer_is_dropped_without_error() -> None:
    form = made("text a", {"type": "integer b", "relevant": "${a} = 'yes'", "required": "yes"})
    done = answered(form, a="no", b="not a number")
    assert done.valid
    assert dict(done.values) == {"/a": "no"}
    assert done.relevant == {"/a"}


def test_relevance_is_inherited_from_groups() -> None:
    form = made(
        "text a",
        {"type": "begin_group g", "relevant": "${a} = 'yes'"},
        "begin_group h",
        {"type": "text b", "required": "yes"},
        "end_group",
        "end_group",
    )
    assert answered(form, a="no").valid
    assert kinds(answered(form, a="yes")) == {"/g/h/b": "required"}


def test_an_irrelevant_answer_reads_as_blank_elsewhere() -> None:
    form = made(
        "text a",
        {"type": "integer b", "relevant": "${a} = 'yes'"},
        {"type": "calculate c", "calculation": "if(${b} = '', 'blank', 'filled')"},
    )
    assert answered(form, a="no", b="5").values["/c"] == "blank"
    assert answered(form, a="yes", b="5").values["/c"] == "filled"


# -- calculation ---------------------------------------------------------------------------------------


def test_a_sent_calculation_is_computed_again() -> None:
    done = answered(made("integer a", {"type": "calculate c", "calculation": "${a} * 2"}), a="4", c="99")
    assert done.valid
    assert done.values["/c"] == "8"


def test_calculations_run_in_order_of_need_not_of_rows() -> None:
    form = made(
        {"type": "calculate c", "calculation": "${b} + 1"},
        {"type": "calculate b", "calculation": "${a} + 1"},
        "integer a",
    )
    assert answered(form, a="1").values["/c"] == "3"  # b = 2, c = 3


def test_arithmetic_with_a_blank_gives_a_blank() -> None:
    form = made("integer a", {"type": "calculate c", "calculation": "${a} + 1"})
    assert answered(form, a="").values["/c"] == ""


def test_age_from_a_birth_date() -> None:
    form = made("date born", {"type": "calculate age", "calculation": "int((today() - ${born}) div 365.25)"})
    # 2026-03-30 minus 2000-03-31 is 9495 days; 9495 / 365.25 = 25.996: the birthday is tomorrow
    assert answered(form, born="2000-03-31").values["/age"] == "25"
    # one day more: 9496 / 365.25 = 25.9986; two days more 26.0014
    assert answered(form, born="2000-03-29").values["/age"] == "26"


def test_dates_compare_with_today_in_the_zone_of_now() -> None:
    form = made({"type": "date d", "constraint": ". <= today()"})
    assert answered(form, d="2026-03-30").valid
    assert not answered(form, d="2026-03-31").valid
    late = datetime(2026, 3, 30, 18, 0, tzinfo=ZoneInfo("UTC"))  # already 2026-03-31 01:00 in Jakarta
    assert answered(form, late.astimezone(ZoneInfo("Asia/Jakarta")), d="2026-03-31").valid


def test_a_moment_counts_as_its_day() -> None:
    # NOW is 2026-03-30T09:00+07:00
    form = made(
        {"type": "dateTime m", "constraint": ". <= now()"},
        {"type": "calculate same", "calculation": "if(${m} = now(), 'same day', 'other day')"},
        {
            "type": "calculate before",
            "calculation": "if(decimal-date-time(${m}) < decimal-date-time(now()), 1, 0)",
        },
        {"type": "calculate day", "calculation": "format-date-time(date(${m}), '%d %H:%M')"},
    )
    done = answered(form, m="2026-03-30T16:00:00.000+07:00")
    assert done.valid
    assert [done.values[f"/{name}"] for name in ("same", "before", "day")] == ["same day", "0", "30 00:00"]
    # 17:30 in UTC is half past midnight of the next day in Jakarta
    assert kinds(answered(form, m="2026-03-30T17:30:00.000Z")) == {"/m": "constraint"}


def test_a_place_without_answer_measures_nothing() -> None:
    form = made("geotrace t", {"type": "calculate c", "calculation": "distance(${t})"})
    assert answered(form, t="").values["/c"] == "0"


def test_random_values_and_uuids_keep_the_value_that_was_sent() -> None:
    form = made({"type": "calculate u", "calculation": "uuid()"})
    first = answered(form).values["/u"]
    assert len(first) == 36
    assert answered(form, u=first).values["/u"] == first


def test_whole_numbers_compare_as_numbers() -> None:
    form = made("integer a", {"type": "calculate c", "calculation": "if(${a} = '5', 'same', 'other')"})
    assert answered(form, a="005").values["/c"] == "same"


# -- choices -------------------------------------------------------------------------------------------

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


# -- repeats -------------------------------------------------------------------------------------------

FAMILY = (
    "begin_repeat member",
    {"type": "text name", "required": "yes"},
    {"type": "integer age", "constraint": ". < 120"},
    {"type": "calculate place", "calculation": "position(..)"},
    "end_repeat",
    {"type": "calculate total", "calculation": "sum(${age})"},
    {"type": "calculate many", "calculation": "count(${member})"},
    {"type": "calculate oldest", "calculation": "max(${age})"},
    {"type": "calculate second", "calculation": "indexed-repeat(${name}, ${member}, 2)"},
)


def test_repeats_are_numbered_from_one_and_aggregated() -> None:
    sent = flatten({"member": [{"name": "Siti", "age": 30}, {"name": "Budi", "age": 12}]})
    done = evaluate(made(*FAMILY), sent, now=NOW)
    assert done.valid
    assert done.counts == {"/member": 2}
    assert done.values["/member[2]/place"] == "2"
    assert done.values["/total"] == "42"  # 30 + 12
    assert done.values["/many"] == "2"
    assert done.values["/oldest"] == "30"
    assert done.values["/second"] == "Budi"


def test_errors_in_a_repeat_name_the_instance() -> None:
    done = evaluate(made(*FAMILY), flatten({"member": [{"name": "A", "age": 130}, {"age": 1}]}), now=NOW)
    assert kinds(done) == {"/member[1]/age": "constraint", "/member[2]/name": "required"}


def test_a_blank_age_adds_nothing_to_the_sum() -> None:
    done = evaluate(made(*FAMILY), flatten({"member": [{"name": "A", "age": 7}, {"name": "B"}]}), now=NOW)
    assert done.values["/total"] == "7"


def test_repeat_count_makes_as_many_instances() -> None:
    form = made(
        "integer n", {"type": "begin_repeat r", "repeat_count": "${n}"}, "text a", "end_repeat", "text last"
    )
    done = evaluate(form, {"/n": "2", "/r[1]/a": "x", "/r[3]/a": "dropped"}, now=NOW)
    assert done.valid
    assert list(done.values.items()) == [("/n", "2"), ("/r[1]/a", "x"), ("/r[2]/a", ""), ("/last", "")]


def test_constraint_and_relevance_inside_an_instance_look_at_that_instance() -> None:
    form = made(
        "begin_repeat r",
        "integer low",
        {"type": "integer high", "constraint": ". >= ${low}", "relevant": "${low} > 0"},
        "end_repeat",
    )
    rows = [{"low": 5, "high": 4}, {"low": 3, "high": 4}, {"low": 0, "high": -1}]
    done = evaluate(form, flatten({"r": rows}), now=NOW)
    assert kinds(done) == {"/r[1]/high": "constraint"}
    assert "/r[3]/high" not in done.values


def test_choice_filter_inside_an_instance() -> None:
    form = made("begin_repeat r", *CASCADE, "end_repeat")
    rows = [{"d": "slawi", "v": "kalisapu"}, {"d": "adiwerna", "v": "kalisapu"}]
    done = evaluate(form, flatten({"r": rows}), now=NOW)
    assert kinds(done) == {"/r[2]/v": "choice"}
    assert [c.name for c in done.choices("/r[2]/v", "id")] == ["ujungrusi"]


def test_a_repeat_in_a_repeat() -> None:
    form = made(
        "begin_repeat house",
        "begin_repeat person",
        "integer age",
        "end_repeat",
        {"type": "calculate ages", "calculation": "sum(${age})"},
        "end_repeat",
    )
    done = evaluate(
        form, flatten({"house": [{"person": [{"age": 1}, {"age": 2}]}, {"person": [{"age": 9}]}]}), now=NOW
    )
    assert done.counts == {"/house": 2, "/house[1]/person": 2, "/house[2]/person": 1}
    assert done.values["/house[1]/ages"] == "3"
    assert done.values["/house[2]/ages"] == "9"


# -- starting answers, pages, words ----------------------------------------------------------------------


def test_blank_answers_hold_defaults_prefill_and_one_instance() -> None:
    form = made(
        "start started",
        {"type": "integer a", "default": "3"},
        {"type": "date d", "default": "today()"},
        {"type": "text b", "default": "concat('n', ${a})"},
        "begin_repeat r",
        {"type": "text t", "default": "x"},
        "end_repeat",
    )
    blank = blank_answers(form, now=NOW, prefill={"/a": "4"})
    assert blank["/a"] == "4"
    assert blank["/d"] == "2026-03-30"
    assert blank["/b"] == "n4"
    assert blank["/r[1]/t"] == "x"
    assert blank["/started"] == "2026-03-30T09:00:00.000+07:00"


def test_prefill_of_a_field_that_does_not_exist_is_refused() -> None:
    with pytest.raises(KeyError, match="/b is no field"):
        blank_answers(made("text a"), now=NOW, prefill={"/b": "x"})


def test_preloads_stay_as_sent_and_defaults_are_not_applied_again() -> None:
    form = made("today day", {"type": "text a", "default": "x"})
    done = answered(form, day="2020-01-01")
    assert done.values == {"/day": "2020-01-01", "/a": ""}


def test_pages_are_questions_field_lists_and_repeats() -> None:
    form = made(
        "text a",
        "begin_group plain",
        "text b",
        {"type": "calculate c", "calculation": "1"},
        {"type": "begin_group together", "appearance": "field-list"},
        "text d",
        "text e",
        "end_group",
        "end_group",
        "begin_repeat r",
        "text f",
        "end_repeat",
        {"type": "begin_group hidden_only", "appearance": "field-list"},
        "hidden g",
        "end_group",
    )
    assert [(p.path, p.kind, p.fields) for p in form.pages] == [
        ("/a", "question", ("/a",)),
        ("/plain/b", "question", ("/plain/b",)),
        ("/plain/together", "group", ("/plain/together/d", "/plain/together/e")),
        ("/r", "repeat", ("/r/f",)),
    ]
    assert form.fields["/r/f"].repeat == "/r"
    assert form.fields["/plain/c"].kind == "calculate"
    assert form.fields["/hidden_only/g"].kind == "hidden"


TRANSLATED = """
| survey |
| | type | name | label::Indonesia (id) | label::English (en) | hint::Indonesia (id) | required | \
required_message::English (en) |
| | text | name | Nama | Name | Sesuai KTP | yes | Fill in your name. |
| | note | hello | Halo ${name} | Hello ${name} | | | |
| | select_one sex | s | Jenis kelamin | Sex | | | |
| choices |
| | list_name | name | label::Indonesia (id) | label::English (en) |
| | sex | f | Perempuan | Female |
| settings |
| | form_title | default_language | version |
| | Terjemahan | Indonesia (id) | 2 |
"""


def test_translations_of_labels_hints_messages_and_choices() -> None:
    form = compile_form(TRANSLATED.encode(), name="t.md")
    assert (form.title, form.version, form.languages, form.default_language) == (
        "Terjemahan",
        "2",
        ("id", "en"),
        "id",
    )
    done = answered(form, name="Siti")
    assert done.label("/hello", "en") == "Hello Siti"
    assert done.label("/hello", "id") == "Halo Siti"
    assert done.hint("/name", "en") == "Sesuai KTP"  # not translated: the default language
    assert done.choices("/s", "en")[0].label == "Female"
    assert form.fields["/s"].choices["id"][0].label == "Perempuan"
    assert dict(answered(form).errors[0].message) == {"id": "Isi kolom ini.", "en": "Fill in your name."}
    assert form.fields["/hello"].kind == "note"


def test_readonly_keeps_what_was_sent() -> None:
    form = made({"type": "text a", "readonly": "yes", "default": "x"})
    assert form.fields["/a"].readonly is True
    assert answered(form, a="x").values["/a"] == "x"


def test_readonly_and_required_may_depend_on_answers() -> None:
    form = made("integer a", {"type": "text b", "readonly": "${a} > 2", "required": "${a} = 1"})
    assert (form.fields["/b"].readonly, form.fields["/b"].required) == (None, None)
    asked = [(answered(form, a=a).readonly("/b"), answered(form, a=a).required("/b")) for a in ("1", "3")]
    assert asked == [(False, True), (True, False)]
    assert (answered(form).readonly("/a"), answered(form).required("/a")) == (False, False)


TRIGGERED = """
| survey |
| | type | name | label | trigger | calculation |
| | text | a | A | | |
| | dateTime | at | Diisi | ${a} | now() |
| | calculate | n | | ${a} | 1 + 1 |
"""


def test_a_value_set_when_another_answer_changed_stays_as_sent() -> None:
    form = compile_form(TRIGGERED.encode(), name="f.md")
    assert (form.fields["/at"].kind, form.fields["/n"].kind) == ("dateTime", "calculate")
    sent = {"/a": "x", "/at": "2026-03-01T08:00:00.000+07:00", "/n": "7"}
    assert evaluate(form, sent, now=NOW).values == sent
    assert answered(form, a="x").values["/at"] == ""
    assert [(f.where, "trigger" in f.wrong) for f in unpublishable(form)] == [
        ("survey!C5", True),  # the text begins with an empty line
        ("survey!C6", True),
    ]
    with pytest.raises(FormRefused, match=r"calculation of /at: .*nonsense"):
        compile_form(TRIGGERED.replace("now()", "nonsense()").encode(), name="f.md")


MEDIA = """
| survey |
| | type | name | label::Indonesia (id) | label::English (en) | media::image::Indonesia (id) | \
media::image::English (en) | audio |
| | select_one sex | s | Pilih | Choose | peta.png | map.png | dengar.mp3 |
| choices |
| | list_name | name | label::Indonesia (id) | label::English (en) | media::image::Indonesia (id) |
| | sex | f | Perempuan | Female | f.png |
| settings |
| | form_title | default_language |
| | T | Indonesia (id) |
"""


def test_pictures_and_sound_beside_labels_by_language() -> None:
    form = compile_form(MEDIA.encode(), name="f.md")
    assert form.fields["/s"].media["image"] == {"id": "peta.png", "en": "map.png"}
    assert set(form.fields["/s"].media["audio"].values()) == {"dengar.mp3"}
    assert [dict(c.media) for c in form.fields["/s"].choices["id"]] == [{"image": "f.png"}]
    # not translated: the file of the form's first language
    assert [dict(c.media) for c in answered(form).choices("/s", "en")] == [{"image": "f.png"}]
    assert pickle.loads(pickle.dumps(form)) == form
    (fault,) = unpublishable(form)
    assert fault.where == "survey!C4"  # the text begins with an empty line
    assert "audio" in fault.wrong
    missing = unpublishable(form, {"peta.png", "f.png"})
    assert [f.wrong for f in missing if "map.png" in f.wrong] == ["the picture map.png of /s is missing"]
    assert len(missing) == 2


def test_form_and_evaluation_survive_pickling() -> None:
    form = made(*CASCADE, *FAMILY)
    copy = pickle.loads(pickle.dumps(form))
    assert copy == form
    done = answered(copy, d="slawi")
    again = pickle.loads(pickle.dumps(done))
    assert again == done
    assert [c.name for c in again.choices("/v", "id")] == ["kalisapu", "pakembaran"]
    with pytest.raises(TypeError):
        form.fields["/d"] = form.fields["/v"]  # type: ignore[index]


def test_now_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        evaluate(made("text a"), {}, now=NOW.replace(tzinfo=None))


def test_a_form_written_as_csv() -> None:
    source = (
        '"survey",,,\n,"type","name","label"\n,"text","a","A"\n,"select_one sex","s","S"\n'
        '"choices",,,\n,"list_name","name","label"\n,"sex","f","Perempuan"\n'
    )
    form = compile_form(source.encode(), name="coba.csv")
    assert [(f.path, f.kind) for f in form.fields.values()] == [("/a", "text"), ("/s", "select_one")]
    assert kinds(answered(form, s="x")) == {"/s": "choice"}


def test_a_condition_that_is_computed_reads_as_true_or_false() -> None:
    form = made(
        "integer a",
        {"type": "calculate adult", "calculation": "${a} >= 18"},
        {"type": "text b", "relevant": "${adult}", "required": "yes"},
        {"type": "calculate word", "calculation": "concat(${adult}, '')"},
    )
    assert answered(form, a="17").valid
    assert answered(form, a="17").values["/word"] == "false"
    assert kinds(answered(form, a="18")) == {"/b": "required"}
    assert answered(form, a="18").values["/adult"] == "1"


def test_only_so_many_unknown_answers_are_reported() -> None:
    done = evaluate(made("text a"), {f"/x{i}": "1" for i in range(5000)}, now=NOW)
    assert len(done.errors) == 100


# -- other shapes of answers ---------------------------------------------------------------------------


def test_an_instance_as_odk_collect_sends_it() -> None:
    form = made("text a", "begin_group g", "text b", "end_group", "begin_repeat r", "text c", "end_repeat")
    xml = (
        b'<?xml version="1.0"?><data id="coba" version="3" xmlns:orx="http://openrosa.org/xforms">'
        b"<a>x</a><g><b/></g><r><c>1</c></r><r><c>2</c></r>"
        b"<orx:meta><orx:instanceID>uuid:1</orx:instanceID></orx:meta></data>"
    )
    assert read_instance(xml, form) == {
        "/a": "x",
        "/g/b": "",
        "/r[1]/c": "1",
        "/r[2]/c": "2",
        "/meta/instanceID": "uuid:1",
    }
    assert evaluate(form, read_instance(xml, form), now=NOW).valid


@pytest.mark.parametrize(
    "xml",
    [
        b'<!DOCTYPE d [<!ENTITY a "b">]><data><a>&a;</a></data>',
        b"<data><a></data>",
        b"not xml",
        b"<data>" + b"<a>" * 40 + b"</a>" * 40 + b"</data>",
    ],
)
def test_hostile_instances_are_refused(xml: bytes) -> None:
    with pytest.raises(AnswersUnreadable):
        read_instance(xml, made("text a"))


def test_evaluation_is_at_the_given_time_only() -> None:
    form = made(
        {"type": "calculate d", "calculation": "today()"}, {"type": "calculate t", "calculation": "now()"}
    )
    done = answered(form, NOW + timedelta(days=1))
    # a date kept as text is its local midnight, as JavaRosa writes it
    assert done.values == {"/d": "2026-03-31T00:00:00.000+07:00", "/t": "2026-03-31T09:00:00.000+07:00"}
