"""Chance against the language: nothing but its two errors ever comes out, and nothing hangs.

10,000 cases every time, 1,000,000 with PENDAPA_LONG=1 (`make oracle`). PENDAPA_SEED gives another run of chance.
"""

from __future__ import annotations

import os
import random
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from types import FrameType

import pytest

from pendapa.expressions import EvaluationError, ExpressionError, parse
from pendapa.expressions.functions import FUNCTIONS

pytestmark = pytest.mark.oracle

CASES = 1_000_000 if os.environ.get("PENDAPA_LONG") else 10_000
SEED = os.environ.get("PENDAPA_SEED", "pendapa")
SECONDS = 5.0  # for one expression; the slowest takes a few hundredths

BINARY = ["=", "==", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/", "and", "or", "in"]
ATOMS = ["a", "b", "c", "d", "0", "1", "2.5", "99999999999", "'x'", '"a b"', "true", "false", "null", "[]"]
ATOMS += ["date('2026-03-16')", "datetime('2026-03-16T08:00+07:00')", "duration('P2DT3H')"]
PIECES = [
    *BINARY,
    *ATOMS,
    *FUNCTIONS,
    "not",
    "between",
    "if",
    "then",
    "else",
    "(",
    ")",
    "[",
    "]",
    ",",
    ".",
    "'",
]
PIECES += [
    '"',
    "\\",
    "-",
    "${",
    "}",
    "@",
    ";",
    "é",
    "\n",
    "\x00",
    "\u202e",
    "𝟘",
    "__class__",
    "lambda",
    "**",
    "#",
]
KINDS = (type(None), bool, int, Decimal, str, date, timedelta, tuple)


def grown(chance: random.Random, depth: int) -> str:
    """An expression by the grammar, kinds mixed at random."""
    if depth == 0 or chance.random() < 0.15:
        return chance.choice(ATOMS)

    def inner() -> str:
        return grown(chance, depth - 1)

    match chance.randrange(8):
        case 0 | 1 | 2:
            written = f"{inner()} {chance.choice(BINARY)} {inner()}"
            return f"({written})" if chance.random() < 0.8 else written
        case 3:
            return chance.choice(["(not {})", "(-{})", "-{}", "not {}"]).format(inner())
        case 4:
            return f"({inner()} between {inner()} and {inner()})"
        case 5:
            return f"(if {inner()} then {inner()} else {inner()})"
        case 6:
            return f"[{', '.join(inner() for _ in range(chance.randrange(4)))}]"
        case _:
            name, number = chance.choice(list(FUNCTIONS)), chance.choice([1, 1, 1, 2, 2, 3])
            return f"{name}({', '.join(inner() for _ in range(number))})"


def spoiled(chance: random.Random, text: str) -> str:
    """The text with pieces put in, cut out, doubled or swapped."""
    for _ in range(chance.randrange(1, 4)):
        at, to = sorted((chance.randrange(len(text) + 1), chance.randrange(len(text) + 1)))
        piece = chance.choice(PIECES)
        text = chance.choice(
            [
                text[:at] + piece + text[at:],
                text[:at] + text[to:],
                text[:to] + text[at:],
                text[to:] + text[:at],
            ]
        )
        text = text[:5_000]
    return text


def written(chance: random.Random) -> str:
    match chance.randrange(10):
        case 0:
            return "".join(
                chance.choice(["", " "]) + chance.choice(PIECES) for _ in range(chance.randrange(25))
            )
        case 1:
            return "".join(chr(chance.randrange(1, 0x300)) for _ in range(chance.randrange(40)))
        case 2:  # deep or long
            piece = chance.choice(
                ["(", "[", "-", "not ", "1 + ", "a and ", "if a then 1 else ", "len(", "a,"]
            )
            return piece * chance.randrange(300) + "a" + chance.choice(["", ")", "]"]) * chance.randrange(300)
        case 3 | 4 | 5:
            return spoiled(chance, grown(chance, chance.randrange(1, 4)))
        case _:
            return grown(chance, chance.randrange(1, 5))


def value(chance: random.Random, depth: int = 2) -> object:
    match chance.randrange(11 if depth else 9):
        case 0:
            return None
        case 1:
            return chance.random() < 0.5
        case 2:
            return chance.randrange(-5, 6)
        case 3:
            return chance.choice([10**33, -(10**34), 10**40, 7**30])
        case 4:
            return chance.choice([0.1, -2.5, 1e-190, 1e300, float("inf"), float("nan"), Decimal("1.50")])
        case 5:
            return chance.choice(["", "x", "a b", "A", "2026-03-16", "ß", "x" * 99_999])
        case 6:
            return chance.choice([date(2026, 3, 16), date.min, date.max])
        case 7:
            return chance.choice([datetime(2026, 3, 16, tzinfo=UTC), datetime.min, datetime.max])  # noqa: DTZ901
        case 8:
            return chance.choice([timedelta(days=2), timedelta(seconds=-1), timedelta.min, timedelta.max])
        case 9:
            return chance.choice([object(), {1}, {"a": 1}, b"x", [0] * 5_000])
        case _:
            return [value(chance, depth - 1) for _ in range(chance.randrange(4))]


@contextmanager
def alarm(seconds: float) -> Iterator[None]:
    """Ends what hangs; only the main thread can be woken so."""

    def ring(number: int, frame: FrameType | None) -> None:
        raise TimeoutError(f"nothing after {seconds} s")

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def outcome(text: str, values: dict[str, object]) -> str:
    try:
        expression = parse(text)
    except ExpressionError as error:
        assert 0 <= error.position <= len(text)
        assert error.message
        assert error.hint
        return "refused"
    assert expression.describe("id")
    assert expression.describe("en", {"a": "nilai"})
    try:
        result = expression.evaluate(values)
    except EvaluationError as error:
        assert str(error)
        return "no answer"
    assert isinstance(result, KINDS)
    return "missing" if result is None else "answered"


def test_nothing_escapes_and_nothing_hangs() -> None:
    chance = random.Random(SEED)
    seen = dict.fromkeys(("refused", "no answer", "missing", "answered"), 0)
    for number in range(CASES):
        text = written(chance)
        values = {name: value(chance) for name in "abcd" if chance.random() < 0.8}
        try:
            with alarm(SECONDS):
                seen[outcome(text, values)] += 1
        except Exception as escaped:
            pytest.fail(f"case {number} of seed {SEED}: {text!r} with {values!r:.300}: {escaped!r}")
    # A fuzz that only ever sees refusals would prove nothing.
    assert min(seen.values()) > CASES / 50, seen


def flat(chance: random.Random) -> str:
    """Whole numbers and yes/no without a missing part, few parentheses: the text means the same to Python."""

    def number(depth: int) -> str:
        if depth == 0 or chance.random() < 0.2:
            return chance.choice(["a", "b", "c", "d", "0", "1", "2", "7"])
        match chance.randrange(6):
            case 0:
                return f"({number(depth - 1)})"
            case 1:
                return f"-{number(depth - 1)}"
            case 2:
                return f"{chance.choice(['min', 'max'])}({number(depth - 1)}, {number(depth - 1)})"
            case _:
                return f"{number(depth - 1)} {chance.choice('+-*')} {number(depth - 1)}"

    def condition(depth: int) -> str:
        if depth == 0 or chance.random() < 0.2:
            if chance.random() < 0.2:
                return f"{number(2)} in [{number(1)}, {number(1)}]"
            return f"{number(3)} {chance.choice(['==', '!=', '<', '<=', '>', '>='])} {number(3)}"
        match chance.randrange(5):
            case 0:
                return f"({condition(depth - 1)})"
            case 1:
                return f"not {condition(depth - 1)}"
            case _:
                return f"{condition(depth - 1)} {chance.choice(['and', 'or'])} {condition(depth - 1)}"

    return condition(3) if chance.random() < 0.6 else number(4)


def test_python_reads_and_reckons_the_same() -> None:
    """Precedence, arithmetic, comparison and logic, with Python itself as the other program."""
    chance = random.Random(SEED)
    for _ in range(CASES // 5):
        text = flat(chance)
        values = {name: chance.randrange(-9, 10) for name in "abcd"}
        expected = eval(text, {"__builtins__": {"min": min, "max": max}}, dict(values))
        answer = parse(text).evaluate(values)
        assert (type(answer), answer) == (type(expected), expected), (text, values)
