"""Properties that hold for any answers (hypothesis)."""

from __future__ import annotations

import pickle

from hypothesis import given, settings
from hypothesis import strategies as st

from pendapa.forms import blank_answers, evaluate, flatten
from pendapa.forms.xpath.compiler import compile_value
from pendapa.forms.xpath.nodes import Context, Environment, Node
from pendapa.forms.xpath.syntax import XPathError

from .conftest import NOW, made

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
