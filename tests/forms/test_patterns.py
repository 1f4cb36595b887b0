"""Patterns of regex(): what is refused, what matches, and that no answer makes one run for long."""

from __future__ import annotations

import random
import re
import time
from re import _parser as sre_parser  # type: ignore[attr-defined]

import pytest

from pendapa.forms.xpath.automaton import Automaton, NoAutomaton
from pendapa.forms.xpath.patterns import compile_pattern
from pendapa.forms.xpath.syntax import XPathError

# OWASP "Regular expression Denial of Service", the lists of the programs safe-regex and rxxr, and Cox, "Regular
# expression matching can be simple and fast" (2007)
EVIL = [
    "(a+)+",
    "(a+)+$",
    "(a*)*b",
    "(a|aa)+",
    "(a|a?)+",
    "(a|a)*",
    "(.*a){30,}",
    "([a-zA-Z]+)*",
    "([a-z]+)*$",
    "(x+x+)+y",
    "(?:x+x+)+y",
    "(a?a?)+",
    "((a|aa)b?)+",
    "(.*)*",
    "(.+)+x",
    r"(\w*)*\d",
    r"(\d+)+@",
    r"^(([a-z])+.)+[A-Z]([a-z])+$",
    r"^([a-zA-Z0-9])(([\-.]|[_]+)?([a-zA-Z0-9]+))*(@){1}[a-z0-9]+[.]{1}(([a-z]{2,3})|([a-z]{2,3}[.]{1}[a-z]{2,3}))$",
    r"(a)\1",
    r"(\w+\s?)+\1",
    "a*a*a*a*a*a*b",
    "(",
    "[z-a]",
    "a{2,1}",
]


@pytest.mark.parametrize("pattern", EVIL)
def test_patterns_that_could_run_for_long_are_refused(pattern: str) -> None:
    with pytest.raises(XPathError):
        compile_pattern(pattern)


GOOD = [
    ("^[0-9]{16}$", "9999010101900001", "99990101019000011"),  # a NIK
    (r".+@.+\..+", "contoh@example.org", "contoh.example.org"),
    (
        r"[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,4}",
        "a.b@example.co.id",
        "a b@example.org",
    ),  # as ODK's pages have it
    (r"^(\+62|0)8[0-9]{7,11}$", "081200000000", "0212345678"),
    ("[A-Za-z]+( [A-Za-z]+)*", "Siti Contoh", "Siti  Contoh"),
    (r"\p{L}+", "A\u00f1\u00e1", "a1"),
    (r"\d{2}\.\d{3}\.\d{3}\.\d-\d{3}\.\d{3}", "99.999.999.9-999.999", "99.999.999.9-999.99"),  # an old NPWP
    (r"[A-Z]{1,2} \d{1,4} [A-Z]{1,3}", "G 1234 ZZ", "G1234ZZ"),  # a number plate
    (r"(\d{1,3}\.){3}\d{1,3}", "192.0.2.1", "192.0.2"),
    (r"(\d{1,3})(\.\d{3})*", "1.250.000", "1.25.000"),
    ("([a-z]{1,20} ?){1,6}", "enam kata paling banyak di sini", "satu dua tiga empat lima enam tujuh"),
    ("(?i)ya|tidak", "TIDAK", "mungkin"),
    (r"^(?=.*[A-Z])(?=.*\d).{8,}$", "Rahasia123", "rahasia123"),
    (r"\bkata\b.*", "kata lain", "katalain"),
    (".{0,4000}", "x" * 4000, "x" * 4001),
    ("", "", "x"),
]


@pytest.mark.parametrize(("pattern", "yes", "no"), GOOD)
def test_patterns_match_the_whole_answer(pattern: str, yes: str, no: str) -> None:
    matches = compile_pattern(pattern)
    assert matches(yes)
    assert not matches(no)


# taken, but for Python's own matcher they would take time that grows with a power of the text, or doubles
HEAVY = [
    "((a)*){1,40}[ab]",
    "(a?){40}a{40}",
    "(a|a)(a|a)" + "(a|a)" * 28 + "b",
    "(((a)*?|[^a])a){0,10}",
    "a*a*a*a*b",
    r".+@.+\..+",
    ".*a.{20}",
]


@pytest.mark.parametrize("pattern", HEAVY)
def test_no_taken_pattern_runs_for_long(pattern: str) -> None:
    matches = compile_pattern(pattern)
    attacks = ["a" * 10_000, "ab" * 5_000, "a" * 9_999 + "!", "@." * 5_000, "a@" * 5_000 + "\n"]
    begin = time.process_time()
    for text in attacks:
        matches(text)
    assert time.process_time() - begin < 10  # well below one second where nothing else runs


def test_the_automaton_agrees_with_pythons_matcher() -> None:
    chance = random.Random("patterns")
    atoms = ["a", "b", "[ab]", "[^a]", ".", r"\w", r"\d", "1", "a?", "(?:ab)", "", "[a-c1]"]

    def pattern(depth: int) -> str:
        kind = chance.random()
        if depth == 0 or kind < 0.3:
            return chance.choice(atoms)
        if kind < 0.6:
            return "".join(pattern(depth - 1) for _ in range(chance.randint(2, 4)))
        if kind < 0.8:
            times = ["+", "*", "?", "{2,}", "{1,3}", "{0,2}", "{3}", "+?", "*?", "{0}"]
            return f"({pattern(depth - 1)}){chance.choice(times)}"
        if kind < 0.95:
            return f"({'|'.join(pattern(depth - 1) for _ in range(chance.randint(2, 3)))})"
        return chance.choice(["^", ""]) + pattern(depth - 1) + chance.choice(["$", ""])

    compared = 0
    for _ in range(600):
        source = pattern(3)
        try:
            automaton = Automaton(sre_parser.parse(source))
        except NoAutomaton:
            continue
        for _ in range(8):
            text = "".join(chance.choice("ab1c ") for _ in range(chance.randint(0, 6)))
            assert automaton.matches(text) is (re.fullmatch(source, text) is not None), (source, text)
            compared += 1
    assert compared > 3000
