"""Kinds before values: what could never fit is refused with its place; and every sign and function has words."""

from __future__ import annotations

import pytest

from pendapa.expressions import ExpressionError, Kind, parse
from pendapa.expressions.functions import FUNCTIONS
from pendapa.expressions.kinds import (
    ANY,
    DATE,
    DURATION,
    LOCAL_MOMENT,
    MISSING,
    MOMENT,
    NUMBER,
    TEXT,
    YES_NO,
    check_kinds,
    list_of,
)
from pendapa.expressions.nodes import Call, Literal

INPUTS = {
    "n": NUMBER,
    "t": TEXT,
    "y": YES_NO,
    "d": DATE,
    "m": MOMENT,
    "here": LOCAL_MOMENT,
    "p": DURATION,
    "numbers": list_of(NUMBER),
    "x": ANY,
}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("n + 1", NUMBER),
        ("d + p", DATE),
        ("p + m", MOMENT),
        ("d - d", DURATION),
        ("here - here", DURATION),
        ("p * n", DURATION),
        ("p / p", NUMBER),
        ("n + null", MISSING),
        ("n + x", ANY),
        ("n > 1 and y or not y", YES_NO),
        ("t in ['a', null]", YES_NO),
        ("n between 1 and null", YES_NO),
        ("if y then n else null", NUMBER),
        ("if y then n else t", ANY),
        ("[n, 1]", list_of(NUMBER)),
        ("max(numbers)", NUMBER),
        ("min(d, d)", DATE),
        ("sum(p, p)", DURATION),
        ("count(t, n)", NUMBER),
        ("len(numbers)", NUMBER),
        ("upper(t)", TEXT),
        ("concat(t, 'a')", TEXT),
        ("selected(t, 'a')", YES_NO),
        ("date('2026-01-01')", DATE),
        ("abs(p)", DURATION),
        ("nobody_declared_it > 3", YES_NO),
    ],
)
def test_the_kind_of_a_value_is_known_before_the_value(text: str, kind: Kind) -> None:
    assert parse(text).check(INPUTS) == kind


@pytest.mark.parametrize(
    ("text", "position", "message"),
    [
        ("1 + n > t", 6, "cannot compare a number with a text"),
        ("n = 't'", 2, "cannot compare a number with a text"),
        ("y < true", 2, "cannot say which yes/no value is greater"),
        ("d > m", 2, "cannot compare a date with a date and time"),
        ("m = here", 2, "cannot compare a date and time with a date and time without a zone"),
        ("t + 'a'", 2, "cannot add a text to a text"),
        ("n * t", 2, "cannot multiply a number by a text"),
        ("-t", 0, "there is no negative of a text"),
        ("y and n", 6, "`and` needs yes/no values, not a number"),
        ("not n", 4, "`not` needs yes/no values, not a number"),
        ("if t then 1 else 2", 3, "`if` needs yes/no values, not a text"),
        ("n in t", 2, "`in` looks in a list, not in a text"),
        ("n in [1, 'a']", 9, "cannot compare a number with a text"),
        ("t in numbers", 2, "cannot compare a text with a number"),
        ("n between 1 and 'b'", 2, "cannot compare a number with a text"),
        ("sum(t)", 0, "`sum` works on numbers or durations, not on a text"),
        ("min(n, t)", 0, "`min` cannot take a number and a text together"),
        ("round(t)", 0, "`round` does not work on a text"),
        ("len(n)", 0, "`len` works on text and lists, not on a number"),
        ("lower(n)", 0, "`lower` does not work on a number"),
        ("selected(n, 1)", 0, "`selected` does not work on a number"),
    ],
)
def test_what_can_never_fit_is_refused_with_its_place(text: str, position: int, message: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse(text).check(INPUTS)
    assert (caught.value.position, caught.value.message) == (position, message)
    assert caught.value.hint


@pytest.mark.parametrize("function", sorted(FUNCTIONS))
def test_every_function_has_a_rule_of_kinds(function: str) -> None:
    least = FUNCTIONS[function].least
    call = Call(function, tuple(Literal(None, 0) for _ in range(least)), 0)
    assert check_kinds(call, {}) in (MISSING, NUMBER)  # count of nothing is a number


@pytest.mark.parametrize("function", sorted(FUNCTIONS))
def test_every_function_is_told_in_both_languages(function: str) -> None:
    arguments = ", ".join(f"a{n}" for n in range(FUNCTIONS[function].least))
    told = {language: parse(f"{function}({arguments})").describe(language) for language in ("id", "en")}
    assert told["id"] != told["en"]
    for language in told:
        assert all(name in told[language] for name in arguments.split(", "))
        assert f"{function}(" not in told[language]


@pytest.mark.parametrize(
    "text",
    [
        "a = b",
        "a != b",
        "a < b",
        "a <= b",
        "a > b",
        "a >= b",
        "a + b",
        "a - b",
        "a * b",
        "a / b",
        "a in b",
        "a in [1, 2]",
        "a between b and c",
        "a and b",
        "a or b",
        "not a",
        "-a + 1 > b",
        "if a then b else c",
        "a = null",
        "a != null",
        "true",
        "false",
        "null",
        "[]",
        "duration('P1DT2H3M4S')",
    ],
)
def test_every_sign_is_told_in_both_languages(text: str) -> None:
    told = {
        language: parse(text).describe(language, {"a": "A", "b": "B", "c": "C"}) for language in ("id", "en")
    }
    assert told["id"] != told["en"]
    assert not {"<", ">", "=", "*", "/", "{}"} & set("".join(told.values()))
