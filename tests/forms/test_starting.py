"""What a form is filled in from: defaults, prefill, triggers, instances made later."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pendapa.forms import FormRefused, blank_answers, compile_form, evaluate, new_instances, unpublishable

from .conftest import NOW, answered, made


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


GROWING = made(
    {"type": "integer n", "default": "1"},
    {"type": "begin_repeat r", "repeat_count": "${n}"},
    {"type": "text fixed", "default": "x"},
    {"type": "text place", "default": "concat('no ', position(..))"},
    {"type": "date day", "default": "today()"},
    "end_repeat",
    "begin_repeat q",
    {"type": "text t", "default": "y"},
    "begin_repeat p",
    {"type": "text u", "default": "concat(../../t, '!')"},
    "end_repeat",
    "end_repeat",
)


def test_blank_answers_hold_the_defaults_of_every_instance_that_a_count_asks_for() -> None:
    blank = blank_answers(GROWING, now=NOW, prefill={"/n": "2", "/r[2]/fixed": "z"})
    assert {p: v for p, v in blank.items() if p.startswith("/r[")} == {
        "/r[1]/fixed": "x",
        "/r[1]/place": "no 1",
        "/r[1]/day": "2026-03-30",
        "/r[2]/fixed": "z",
        "/r[2]/place": "no 2",
        "/r[2]/day": "2026-03-30",
    }
    assert {p: v for p, v in blank.items() if p.startswith("/q[")} == {"/q[1]/t": "y", "/q[1]/p[1]/u": "y!"}


def test_instances_of_a_number_that_grew_start_with_their_defaults_once() -> None:
    answers = blank_answers(GROWING, now=NOW) | {"/n": "3", "/r[1]/fixed": ""}  # the person cleared the first
    later = NOW + timedelta(days=1)
    made_now = new_instances(GROWING, answers, now=later)
    assert made_now == {
        "/r[2]/fixed": "x",
        "/r[2]/place": "no 2",
        "/r[2]/day": "2026-03-31",
        "/r[3]/fixed": "x",
        "/r[3]/place": "no 3",
        "/r[3]/day": "2026-03-31",
    }
    assert new_instances(GROWING, answers | made_now, now=later) == {}


def test_an_instance_that_a_person_adds_starts_with_its_defaults_and_those_in_it() -> None:
    answers = blank_answers(GROWING, now=NOW)
    assert new_instances(GROWING, answers, now=NOW, added=["/q[2]"]) == {"/q[2]/t": "y", "/q[2]/p[1]/u": "y!"}
    assert new_instances(GROWING, answers, now=NOW, added=["/q[1]/p[2]"]) == {"/q[1]/p[2]/u": "y!"}
    assert new_instances(GROWING, answers, now=NOW, added=["/r[2]"]) == {}  # the form's own count says one
    assert new_instances(GROWING, answers, now=NOW) == {}


@pytest.mark.parametrize("path", ["/q", "/q[2]/t", "/zz[1]", "/n"])
def test_only_an_instance_can_be_added(path: str) -> None:
    with pytest.raises(KeyError):
        new_instances(GROWING, {}, now=NOW, added=[path])


def test_a_count_may_hang_on_the_default_of_an_instance() -> None:
    form = made(
        {"type": "begin_repeat h", "repeat_count": "2"},
        {"type": "integer k", "default": "2"},
        {"type": "begin_repeat p", "repeat_count": "${k}"},
        {"type": "text t", "default": "concat('a', position(..))"},
        "end_repeat",
        "end_repeat",
    )
    blank = blank_answers(form, now=NOW)
    assert [blank[f"/h[{h}]/p[{p}]/t"] for h in (1, 2) for p in (1, 2)] == ["a1", "a2", "a1", "a2"]


def test_evaluation_does_not_apply_defaults() -> None:
    assert answered(GROWING, n="2").values["/r[2]/fixed"] == ""
