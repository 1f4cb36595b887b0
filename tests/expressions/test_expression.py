"""Inputs, description, immutability; then properties over random expressions."""

from __future__ import annotations

import pickle
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pendapa.expressions import EvaluationError, Expression, ExpressionError, parse


def test_inputs_are_the_names_it_reads() -> None:
    text = "min(a, b) > 3 and kind in [c, 'd'] and not min = null"
    assert parse(text).inputs == {"a", "b", "c", "kind", "min"}


@pytest.mark.parametrize(
    ("text", "indonesian", "english"),
    [
        ("amount > 200", "amount lebih dari 200", "amount is more than 200"),
        (
            "kind in ['a', 'b'] and amount <= 1.5",
            'kind adalah salah satu dari "a" atau "b" dan amount kurang dari atau sama dengan 1,5',
            'kind is one of "a" or "b" and amount is at most 1.5',
        ),
        ("a and (b or c)", "a dan (b atau c)", "a and (b or c)"),
        ("x = null", "x tidak diisi", "x is missing"),
        ("x != null", "x diisi", "x is given"),
        (
            "x between 1 and 5",
            "x antara 1 dan 5 (termasuk batasnya)",
            "x is between 1 and 5 (both included)",
        ),
        ("start + duration('P1DT2H')", "start ditambah 1 hari 2 jam", "start plus 1 days 2 hours"),
        ("(a + b) * 2", "(a ditambah b) dikali 2", "(a plus b) times 2"),
        ("if a then 1 else 2", "jika a maka 1, selain itu 2", "if a then 1, otherwise 2"),
        ("len(a)", "panjang a", "the length of a"),
        ("len(a, b)", "panjang (a, b)", "the length of (a, b)"),
        ("sum(a, b)", "jumlah dari (a, b)", "the sum of (a, b)"),
    ],
)
def test_described_in_both_languages(text: str, indonesian: str, english: str) -> None:
    assert parse(text).describe() == indonesian
    assert parse(text).describe("en") == english


def test_described_with_labels() -> None:
    assert parse("amount > 200").describe("id", {"amount": "nilai usaha"}) == "nilai usaha lebih dari 200"


def test_described_in_no_other_language() -> None:
    with pytest.raises(ValueError, match='use "id" or "en"'):
        parse("a").describe("nl")


def test_immutable_equal_by_text_and_picklable() -> None:
    expression = parse("a > 1")
    with pytest.raises(AttributeError):
        expression.text = "a > 2"
    with pytest.raises(AttributeError):
        del expression.inputs
    arrived = pickle.loads(pickle.dumps(expression))
    assert arrived == expression
    assert hash(arrived) == hash(expression)
    assert arrived.holds({"a": 2})


def test_the_page_of_the_language_tells_the_truth() -> None:
    page = (Path(__file__).parents[2] / "docs/expressions.md").read_text(encoding="utf-8")
    code = page.split("```python\n", 1)[1].split("```", 1)[0]
    exec(compile(code, "docs/expressions.md", "exec"), {})  # the page's own assertions


def test_the_page_names_every_function_and_bound() -> None:
    from pendapa.expressions.functions import FUNCTIONS

    page = (Path(__file__).parents[2] / "docs/expressions.md").read_text(encoding="utf-8")
    assert [name for name in FUNCTIONS if f"`{name}(" not in page] == []


# Kleene's strong tables, S. C. Kleene, Introduction to Metamathematics (1952), section 64.
T, F, U = True, False, None
AND = {(T, T): T, (T, F): F, (T, U): U, (F, T): F, (F, F): F, (F, U): F, (U, T): U, (U, F): F, (U, U): U}
OR = {(T, T): T, (T, F): T, (T, U): T, (F, T): T, (F, F): F, (F, U): U, (U, T): T, (U, F): U, (U, U): U}


@pytest.mark.parametrize("pair", AND)
def test_kleene_tables(pair: tuple[bool | None, bool | None]) -> None:
    values = dict(zip("ab", pair, strict=True))
    assert parse("a and b").evaluate(values) is AND[pair]
    assert parse("a or b").evaluate(values) is OR[pair]
    # De Morgan binds the table of `not` to the two others.
    assert parse("not (not a or not b)").evaluate(values) is AND[pair]


numbers = st.one_of(
    st.integers(-(10**9), 10**9),
    st.decimals(-(10**6), 10**6, places=4),
    st.floats(-1e6, 1e6).filter(lambda x: not 0 < abs(x) < 1e-9),
)
values = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        numbers,
        st.text(max_size=8),
        st.dates(),
        st.datetimes(),
        st.timedeltas(),
    ),
    lambda inner: st.lists(inner, max_size=4),
    max_leaves=5,
)
atoms = st.sampled_from(
    [
        "a",
        "b",
        "c",
        "d",
        "0",
        "1",
        "2.5",
        "'x'",
        "true",
        "false",
        "null",
        "[]",
        "date('2026-03-16')",
        "duration('P2D')",
    ]
)


def _grow(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    binary = st.sampled_from(["=", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/", "and", "or", "in"])
    unary = st.sampled_from(
        ["lower", "len", "sum", "mean", "count", "max", "min", "abs", "floor", "round", "date"]
    )
    return st.one_of(
        st.builds("({} {} {})".format, inner, binary, inner),
        st.builds("(not {})".format, inner),
        st.builds("(-{})".format, inner),
        st.builds("({} between {} and {})".format, inner, inner, inner),
        st.builds("(if {} then {} else {})".format, inner, inner, inner),
        st.builds("[{}, {}]".format, inner, inner),
        st.builds("{}({})".format, unary, inner),
        st.builds(
            "{}({}, {})".format,
            st.sampled_from(["contains", "concat", "selected", "sum", "round"]),
            inner,
            inner,
        ),
    )


expressions = st.recursive(atoms, _grow, max_leaves=12)
bindings = st.fixed_dictionaries({}, optional=dict.fromkeys("abcd", values))


@settings(max_examples=1_000, deadline=None)
@given(expressions, bindings)
def test_only_the_two_errors_ever_come_out(text: str, given_values: dict[str, object]) -> None:
    try:
        expression = parse(text)
    except ExpressionError:
        return  # as date(1): refused when parsed
    for language in ("id", "en"):
        assert expression.describe(language)
    try:
        first = expression.evaluate(given_values)
    except EvaluationError:
        return
    kinds = (bool, int, Decimal, str, date, timedelta, tuple, type(None))
    assert isinstance(first, kinds)
    again = pickle.loads(pickle.dumps(expression)).evaluate(given_values)
    assert again == first
    assert type(again) is type(first)


PIECES = [
    "a",
    "b1",
    " ",
    "=",
    "==",
    "<",
    ">=",
    "and",
    "or ",
    "not ",
    "in",
    "between",
    "if",
    "then",
    "else",
    "(",
    ")",
]
PIECES += [
    "[",
    "]",
    ",",
    "'",
    '"',
    "\\",
    "1",
    "2.5",
    ".",
    "-",
    "*",
    "/",
    "min(",
    "date(",
    "null",
    "é",
    "\n",
    "\x00",
    "'x'",
]


@settings(max_examples=1_000, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join), bindings)
def test_random_pieces_never_escape(text: str, given_values: dict[str, object]) -> None:
    _try(text, given_values)


@settings(max_examples=1_000, deadline=None)
@given(st.text(max_size=60), bindings)
def test_random_text_never_escapes(text: str, given_values: dict[str, object]) -> None:
    _try(text, given_values)


def _try(text: str, given_values: dict[str, object]) -> None:
    try:
        expression = parse(text)
    except ExpressionError as error:
        assert 0 <= error.position <= len(text)
        assert error.message
        assert error.hint
        return
    assert isinstance(expression, Expression)
    assert expression.describe("en")
    try:
        expression.evaluate(given_values)
    except EvaluationError as error:
        assert str(error)


@given(numbers, numbers)
def test_order_is_one_of_three(a: object, b: object) -> None:
    held = [parse(f"a {sign} b").holds({"a": a, "b": b}) for sign in ("<", "=", ">")]
    assert held.count(True) == 1


@given(st.lists(st.integers(-1000, 1000), min_size=1, max_size=20))
def test_sum_is_mean_times_count(items: list[int]) -> None:
    assert parse("round(mean(x) * count(x), 6) = sum(x)").holds({"x": items})


@given(st.integers(-(10**6), 10**6), st.integers(-(10**6), 10**6))
def test_whole_numbers_stay_whole(a: int, b: int) -> None:
    for text, expected in (("a + b", a + b), ("a - b", a - b), ("a * b", a * b)):
        value = parse(text).evaluate({"a": a, "b": b})
        assert type(value) is int
        assert value == expected


@settings(max_examples=300, deadline=None)
@given(expressions)
def test_with_nothing_known_nothing_is_invented(text: str) -> None:
    """Arithmetic on missing names is missing, never a number."""
    try:
        value = parse(f"({text}) + absent").evaluate({})
    except (ExpressionError, EvaluationError):
        return
    assert value is None
