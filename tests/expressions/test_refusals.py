"""What is not in the language is refused at its place with the way out."""

from __future__ import annotations

import pickle

import pytest

from pendapa.expressions import EvaluationError, ExpressionError, parse

# text, offset of the fault counted by hand from 0, part of what is said
REFUSED = [
    ("x = = 3", 4, "write one: `=`"),
    ("x =< 3", 3, "write one: `=`"),
    ("", 0, "empty"),
    ("   ", 0, "empty"),
    ("x =", 3, "a value should follow"),
    ("mim(1, 2)", 0, "did you mean `min`?"),
    ("qqq(1)", 0, "the functions are abs"),
    ("contain(a, 'b')", 0, "did you mean `contains`?"),
    ("(1 + 2", 6, "add `)` for the `(` at character 1"),
    ("[1, 2", 5, "add `]` for the `[` at character 1"),
    ("1 + 2)", 5, "has no opening"),
    (") + 1", 0, "opening is missing"),
    ("(1, 2)", 2, "lists in [ ]"),
    ("1,5 + 1", 1, "decimals with a point"),
    ("1.000.000", 0, "without separators"),
    ("3x", 1, "put an operator"),
    ("1e5", 1, "powers of ten are written out"),
    ("a b", 2, "put an operator"),
    ("a.b", 1, "no access to parts"),
    ("a[0]", 1, "`[` does not fit here"),
    ("a is null", 2, "write `x = null`"),
    ("1 < x < 3", 6, "between 1 and 5"),
    ("x not in [1]", 2, "write `not x in [...]`"),
    ("x between 1, 2", 11, "write `x between 1 and 5`"),
    ("if a then b", 11, "`else` is missing"),
    ("if a b", 5, "`then` is missing"),
    ("a AND b", 2, "write `and` in small letters"),
    ("True", 0, "write `true` in small letters"),
    ("x = None", 4, "write `null`"),
    ("2 ** 3", 2, "powers are not part"),
    ("2 ^ 3", 2, "powers are not part"),
    ("a && b", 2, "write `and`"),
    ("a <> b", 2, "write `!=`"),
    ("10 % 3", 3, "divide by 100"),
    ("!a", 0, "write `not`"),
    ("${a} = 1", 0, "without ${ }"),
    ("x = “a”", 4, "straight quotation marks"),
    ("x = 'abc", 4, "end it with '"),
    (r"'a\qb'", 2, "write `\\\\` for a backslash"),
    ("é = 1", 0, "cannot stand in a name"),
    ("a; b", 1, "one formula"),
    ("lower()", 0, "give it 1 argument"),
    ("round(1, 2, 3)", 0, "give it 1 to 2 arguments"),
    ("min()", 0, "at least 1 argument"),
    ("min(1)(2)", 6, "only the functions of the table"),
    ("date('2026-02-30')", 5, "year-month-day"),
    ("x + duration('P1M')", 13, "months and years vary"),
    ("datetime('2026-03-30T08:00')", 9, "offset"),
    ("date(20260330)", 5, "date works on text"),
    ("9" * 35, 0, "at most 34 digits"),
]


@pytest.mark.parametrize(("text", "position", "said"), REFUSED)
def test_refused_with_position_and_hint(text: str, position: int, said: str) -> None:
    with pytest.raises(ExpressionError) as refusal:
        parse(text)
    error = refusal.value
    assert error.position == position
    assert said in f"{error.message}: {error.hint}"
    assert f"character {position + 1}" in str(error)
    assert pickle.loads(pickle.dumps(error)).hint == error.hint


@pytest.mark.parametrize(
    "text",
    [
        "().__class__",
        "__import__('os')",
        "x.__class__",
        "lambda: 1",
        "[x for x in y]",
        "f'{x}'",
        "x := 1",
        "`ls`",
    ],
)
def test_nothing_of_python_gets_through(text: str) -> None:
    with pytest.raises(ExpressionError):
        parse(text)


def test_a_dunder_name_is_only_a_name() -> None:
    assert parse("__class__").evaluate({}) is None


class TestBounds:
    def test_of_length(self) -> None:
        assert parse("x" * 4_000).inputs == {"x" * 4_000}
        with pytest.raises(ExpressionError, match="4001 characters"):
            parse("x" * 4_001)

    @pytest.mark.parametrize("opening", ["(", "[", "-", "not ", "abs(", "if a then b else "])
    def test_of_depth(self, opening: str) -> None:
        with pytest.raises(ExpressionError, match="100 levels"):
            parse(opening * 200 + "x")

    def test_of_a_chain_of_sums(self) -> None:
        assert parse(" + ".join(["1"] * 100)).evaluate({}) == 100
        with pytest.raises(ExpressionError, match="100 levels"):
            parse(" + ".join(["1"] * 101))

    def test_a_chain_of_one_word_is_one_level(self) -> None:
        assert parse(" and ".join(["a"] * 600)).holds({"a": True})

    def test_of_numbers(self) -> None:
        grown = "*".join(["999999999"] * 3)  # 27 digits
        assert parse(grown).evaluate({}) == 999_999_999**3
        with pytest.raises(EvaluationError, match="34 digits"):
            parse(f"{grown} * 999999999").evaluate({})
        with pytest.raises(EvaluationError, match="34 digits"):
            parse("x * x").evaluate({"x": 1.5e30})
        with pytest.raises(EvaluationError, match="34 digits"):
            parse("x").evaluate({"x": 10**34})

    def test_a_number_too_small_is_refused_and_not_zero(self) -> None:
        with pytest.raises(EvaluationError, match="34 digits"):
            parse("x * x * x").evaluate({"x": 1e-90})

    def test_of_lists(self) -> None:
        assert parse("len(x)").evaluate({"x": [0] * 10_000}) == 10_000
        with pytest.raises(EvaluationError, match="more than 10000 items"):
            parse("len(x)").evaluate({"x": [0] * 10_001})
        with pytest.raises(EvaluationError, match="more than 8 deep"):
            parse("len(x)").evaluate({"x": [[[[[[[[[1]]]]]]]]]})

    def test_of_list_work(self) -> None:
        text = " or ".join(["0 in x"] * 11)
        with pytest.raises(EvaluationError, match="100000 list items"):
            parse(text).evaluate({"x": [1] * 10_000})

    def test_of_text(self) -> None:
        with pytest.raises(EvaluationError, match="200000 characters"):
            parse("concat(x, x)").evaluate({"x": "a" * 100_000})

    def test_a_list_that_holds_itself_ends(self) -> None:
        circle: list[object] = []
        circle.append(circle)
        with pytest.raises(EvaluationError, match="more than 8 deep"):
            parse("len(x)").evaluate({"x": circle})


@pytest.mark.parametrize("value", [float("nan"), float("inf"), {1}, {"a": 1}, object(), b"x", 1j])
def test_other_values_are_refused_by_name(value: object) -> None:
    with pytest.raises(EvaluationError, match="`x`"):
        parse("x = null").evaluate({"x": value})


def test_values_that_are_not_read_are_not_checked() -> None:
    assert parse("1").evaluate({"x": object()}) == 1
