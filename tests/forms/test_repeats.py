"""Repeats: numbers, aggregates, counts, repeats in repeats."""

from __future__ import annotations

import pytest

from pendapa.forms import evaluate, flatten

from .conftest import NOW, answered, kinds, made
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
    assert [e.path for e in done.errors] == ["/member[1]/age", "/member[2]/name"]  # entry by entry


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


COUNTED = (
    {"type": "integer n"},
    {"type": "begin_repeat r", "repeat_count": "${n} + 1"},
    {"type": "integer x", "required": "yes"},
    "end_repeat",
    {"type": "calculate many", "calculation": "count(${r})"},
    {"type": "calculate total", "calculation": "sum(${x})"},
)


def test_surplus_instances_stay_in_what_was_sent_and_go_while_a_form_is_filled_in() -> None:
    form = made(*COUNTED)
    sent = {"/n": "1", "/r[1]/x": "5", "/r[2]/x": "7", "/r[3]/x": "20", "/r[4]/x": ""}  # two are asked for
    kept = evaluate(form, sent, now=NOW, keep_surplus=True)
    assert (kept.counts["/r"], kept.values["/many"], kept.values["/total"]) == (4, "4", "32")  # 5 + 7 + 20
    assert kinds(kept) == {"/r[4]/x": "required"}
    dropped = evaluate(form, sent, now=NOW)
    assert (dropped.counts["/r"], dropped.values["/many"], dropped.values["/total"]) == (2, "2", "12")
    assert dropped.valid


def test_missing_instances_are_made_and_their_answers_asked_for() -> None:
    done = evaluate(made(*COUNTED), {"/n": "2", "/r[1]/x": "5"}, now=NOW, keep_surplus=True)
    assert kinds(done) == {"/r[2]/x": "required", "/r[3]/x": "required"}


@pytest.mark.parametrize(
    ("n", "instances"), [("0", 1), ("-1", 0), ("-9", 0), ("", 0), ("2", 3), ("many", 0), ("1.9", 2)]
)
def test_a_count_that_is_blank_below_zero_or_no_number_makes_none(n: str, instances: int) -> None:
    assert answered(made(*COUNTED), n=n).counts["/r"] == instances


def test_a_repeat_in_a_repeat_may_be_counted_by_its_own_household() -> None:
    form = made(
        "begin_repeat house",
        "integer people",
        {"type": "begin_repeat person", "repeat_count": "${people}"},
        {"type": "text name", "required": "yes"},
        {"type": "calculate at", "calculation": "concat(position(../..), '.', position(..))"},
        "end_repeat",
        "end_repeat",
        {"type": "calculate all", "calculation": "join(' ', ${at})"},
        {"type": "calculate third", "calculation": "indexed-repeat(${name}, ${house}, 2, ${person}, 1)"},
    )
    houses = [
        {"people": 1, "person": [{"name": "A"}]},
        {"people": 2, "person": [{"name": "B"}]},
        {"people": 0},
    ]
    done = evaluate(form, flatten({"house": houses}), now=NOW)
    assert kinds(done) == {"/house[2]/person[2]/name": "required"}
    assert (done.values["/all"], done.values["/third"]) == ("1.1 2.1 2.2", "B")
    assert done.counts == {"/house": 3, "/house[1]/person": 1, "/house[2]/person": 2, "/house[3]/person": 0}


def test_an_irrelevant_repeat_that_is_counted_holds_nothing() -> None:
    form = made(
        "text a",
        {"type": "begin_repeat r", "repeat_count": "2", "relevant": "${a} = 'yes'"},
        {"type": "text t", "required": "yes"},
        "end_repeat",
        {"type": "calculate many", "calculation": "count(${r})"},
    )
    done = evaluate(form, {"/a": "no", "/r[1]/t": "x", "/r[2]/t": "y"}, now=NOW)
    assert done.valid
    assert dict(done.values) == {"/a": "no", "/r_count": "2", "/many": "0"}


def test_indexed_repeat_outside_its_repeat_is_blank_and_below_one_the_first() -> None:
    form = made(
        "integer n",
        "begin_repeat r",
        "text t",
        "end_repeat",
        {"type": "calculate c", "calculation": "indexed-repeat(${t}, ${r}, ${n})"},
    )
    found = {
        n: evaluate(form, {"/n": n, "/r[1]/t": "a", "/r[2]/t": "b"}, now=NOW).values["/c"]
        for n in ("2", "3", "0", "-1", "")
    }
    assert found == {"2": "b", "3": "", "0": "a", "-1": "a", "": "a"}
