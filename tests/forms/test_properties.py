"""Properties that hold for any answers (hypothesis)."""

from __future__ import annotations

import os
import pickle
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pendapa.forms import blank_answers, compile_form, evaluate, flatten, new_instances
from pendapa.forms.xpath.compiler import compile_value
from pendapa.forms.xpath.nodes import Context, Environment, Node
from pendapa.forms.xpath.syntax import XPathError

from .conftest import NOW, made, survey
from .sample_forms import FILES, FORMS, instance

ROUNDS = 300 if os.environ.get("PENDAPA_LONG") else 25  # random answers tried for each sample form

FORM = made(
    {"type": "select_one sex s", "required": "yes"},
    {"type": "integer n", "constraint": ". >= 0 and . < 5"},
    {"type": "begin_group g", "relevant": "${s} = 'f'"},
    {"type": "text a", "required": "yes", "constraint": "string-length(.) < 4"},
    "end_group",
    "select_one district d",
    {"type": "select_one village v", "choice_filter": "district = ${d}", "relevant": "${d} != ''"},
    {"type": "begin_repeat r", "repeat_count": "${n}"},
    {"type": "integer x", "required": "${n} > 1"},
    {"type": "calculate twice", "calculation": "${x} * 2"},
    "end_repeat",
    "begin_repeat q",
    {"type": "decimal y", "relevant": "position(..) > 1"},
    "end_repeat",
    {"type": "calculate total", "calculation": "sum(${twice}) + count(${q})"},
    {"type": "calculate id", "calculation": "once(uuid())"},
    {"type": "calculate label", "calculation": "concat(${total}, '-', jr:choice-name(${v}, '${v}'))"},
)

WORDS = st.sampled_from(
    ["", "f", "m", "slawi", "adiwerna", "kalisapu", "1", "2", "03", "-1", "x", "1.5", "NaN", "9" * 30]
)
PATHS = st.sampled_from(
    ["/s", "/n", "/g/a", "/d", "/v", "/total", "/id", "/label", "/zzz", "/g", "/r[0]/x", "/r/x"]
    + [f"/r[{i}]/{name}" for i in (1, 2, 3, 7) for name in ("x", "twice")]
    + [f"/q[{i}]/y" for i in (1, 2, 4)]
)
ANSWERS = st.dictionaries(PATHS, WORDS, max_size=14)


@given(ANSWERS)
@settings(max_examples=300, deadline=None)
def test_recalculation_is_idempotent(answers: dict[str, str]) -> None:
    once = evaluate(FORM, answers, now=NOW)
    twice = evaluate(FORM, once.values, now=NOW)
    assert twice.values == once.values
    assert twice.counts == once.counts
    assert twice.relevant == once.relevant
    # what was unknown is gone the second time; every other finding stays
    assert [e for e in once.errors if e.kind != "unknown"] == list(twice.errors)


@given(ANSWERS)
@settings(max_examples=300, deadline=None)
def test_what_is_irrelevant_never_blocks(answers: dict[str, str]) -> None:
    done = evaluate(FORM, answers, now=NOW)
    for error in done.errors:
        assert error.kind == "unknown" or error.path in done.relevant
    hidden = {p: "nonsense" for p in ("/g/a", "/v", "/q[1]/y") if p not in done.relevant}
    spoiled = evaluate(FORM, {**answers, **{p: v for p, v in hidden.items() if p in answers}}, now=NOW)
    assert [e.path for e in spoiled.errors] == [e.path for e in done.errors]


@given(ANSWERS)
@settings(max_examples=100, deadline=None)
def test_a_pickled_form_gives_the_same_result(answers: dict[str, str]) -> None:
    first = evaluate(FORM, {**answers, "/id": "fixed"}, now=NOW)
    copy = pickle.loads(pickle.dumps(FORM))
    assert evaluate(copy, {**answers, "/id": "fixed"}, now=NOW) == first


@given(st.text(max_size=40), st.text(max_size=40))
@settings(max_examples=200, deadline=None)
def test_any_text_is_answered_not_crashed_on(path: str, value: str) -> None:
    done = evaluate(FORM, {"/" + path: value, "/g/a": value, "/n": value, "/s": value}, now=NOW)
    assert set(done.values) <= {p for p in done.values if p.startswith("/")}
    assert all(set(error.message) >= {"id", "en"} for error in done.errors)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=12,
)


@given(st.dictionaries(st.text(max_size=4), JSON, max_size=4))
@settings(max_examples=200, deadline=None)
def test_any_json_object_flattens_to_text(data: dict[str, object]) -> None:
    assert all(isinstance(v, str) for v in flatten(data).values())


EXPRESSION = st.text(alphabet="abc1290.,'\"()[]/@*+-=<>!|: \n$andor", max_size=30)


@given(EXPRESSION)
@settings(max_examples=500, deadline=None)
def test_any_text_as_expression_is_a_value_or_an_error_with_a_sentence(text: str) -> None:
    root = Node("", kind="root")
    node = root.append(Node("a", value="1"))
    try:
        compile_value(text)(Context(Environment(root, NOW, NOW.tzinfo or NOW.astimezone().tzinfo), node))  # type: ignore[arg-type]
    except XPathError as wrong:
        assert str(wrong)


def test_blank_answers_are_a_fixed_point() -> None:
    blank = blank_answers(FORM, now=NOW)
    done = evaluate(FORM, blank, now=NOW)
    assert {path: blank.get(path, "") for path in done.values} == done.values


# -- the sample forms, each with random answers --------------------------------------------------------

SAMPLES = {
    name: compile_form(survey(*rows).encode(), name="coba.md", files=FILES) for name, rows in FORMS.items()
}


@pytest.mark.parametrize("name", SAMPLES)
def test_recalculation_of_every_sample_form_is_idempotent(name: str) -> None:
    form, chance = SAMPLES[name], random.Random(f"again {name}")
    for turn in range(ROUNDS):
        surplus = turn % 2 == 0
        once = evaluate(form, instance(form, chance)[1], now=NOW, keep_surplus=surplus)
        twice = evaluate(form, once.values, now=NOW, keep_surplus=surplus)
        assert twice.values == once.values
        assert (twice.errors, twice.relevant) == (once.errors, once.relevant)
        # the instances of an irrelevant repeat are counted once, and dropped with their answers
        kept = {path for path in once.counts if any(at.startswith(f"{path}[") for at in once.values)}
        assert {path: twice.counts[path] for path in kept} == {path: once.counts[path] for path in kept}


@pytest.mark.parametrize("name", SAMPLES)
def test_no_irrelevant_answer_of_a_sample_form_blocks_or_counts(name: str) -> None:
    """Whatever stands in irrelevant fields, or whether it is sent at all, findings and values stay the same."""
    form, chance = SAMPLES[name], random.Random(f"irrelevant {name}")
    for turn in range(ROUNDS):
        surplus = turn % 2 == 0
        answers = instance(form, chance)[1]
        done = evaluate(form, answers, now=NOW, keep_surplus=surplus)
        assert all(error.path in done.relevant for error in done.errors)
        spoiled = {p: v if p in done.values else "not \x01 of any type" for p, v in answers.items()}
        bare = {p: v for p, v in answers.items() if p in done.values}
        empty = {p: "" for p in done.values if p not in answers}  # instances of which nothing is relevant
        for other in (spoiled, bare | empty):
            again = evaluate(form, other, now=NOW, keep_surplus=surplus)
            assert (again.values, again.errors) == (done.values, done.errors)


@pytest.mark.parametrize("name", SAMPLES)
def test_what_a_sample_form_starts_from_is_complete(name: str) -> None:
    """Nothing is left to begin after `blank_answers`, and every answer is of a field."""
    form = SAMPLES[name]
    blank = blank_answers(form, now=NOW)
    assert new_instances(form, blank, now=NOW) == {}
    assert {e.kind for e in evaluate(form, blank, now=NOW).errors} <= {"required", "constraint"}


@pytest.mark.parametrize("name", SAMPLES)
def test_any_answers_of_a_sample_form_are_answered(name: str) -> None:
    """Answers of no type and of no list: each is an error of a known kind or taken, none stops the engine."""
    form, chance = SAMPLES[name], random.Random(f"any {name}")
    pool = ["", "-", "x y", "9" * 40, "1e9", "NaN", "2026-02-30", "24:61", "f f", "1 2;3", "\x00", "'\"<&"]
    for _ in range(ROUNDS):
        answers = {path: chance.choice(pool) for path in instance(form, chance)[1]}
        done = evaluate(form, answers, now=NOW)
        assert {e.kind for e in done.errors} <= {"required", "constraint", "type", "choice"}
        assert done.valid is (not done.errors)
        assert evaluate(form, done.values, now=NOW).values == done.values
