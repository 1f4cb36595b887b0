"""What a form is filled in from: defaults, prefill, triggers, instances made later."""

from __future__ import annotations

import pytest

from pendapa.forms import FormRefused, blank_answers, compile_form, evaluate, unpublishable

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
