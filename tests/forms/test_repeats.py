"""Repeats: numbers, aggregates, counts, repeats in repeats."""

from __future__ import annotations

from pendapa.forms import evaluate, flatten

from .conftest import NOW, kinds, made
from .test_choices import CASCADE

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
