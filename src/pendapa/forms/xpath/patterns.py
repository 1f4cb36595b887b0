"""Regular expressions of regex(): whole-value matches, checked beforehand so that no answer can make one
run for long.

A repeat that can vary inside a repeat without bound (`(a+)+`) takes exponential time in most programs and is refused,
and so are more than four open repeats in a row that can take the same character. The rest is matched by an automaton,
which tries all ways at once; what needs only one way, or looks around itself, by Python's own matcher.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

# The parser that re itself uses, so that both read a pattern alike; it is private and has no stubs.
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser as sre_parser  # type: ignore[attr-defined]
from typing import Any

from pendapa.forms.xpath.automaton import Automaton, NoAutomaton, takes
from pendapa.forms.xpath.syntax import XPathError

MANY_TIMES = 50  # a bounded repeat above this counts as open
MOST_REPEATS = 4  # open ones in a row that can take the same characters
LONGEST = {2: 2_000, 3: 300}  # characters tried where a pattern looks around itself, by the choices in it
_SAMPLE = [chr(i) for i in range(1, 256)] + ["Ā", "中", "\u2003"]
_CLASSES = {
    r"\p{L}": r"[^\W\d_]",
    r"\p{N}": r"\d",
    r"\p{Alpha}": "[A-Za-z]",
    r"\p{Digit}": "[0-9]",
    r"\p{Alnum}": "[A-Za-z0-9]",
}


def _open(low: int, high: Any) -> bool:
    return bool(high == sre.MAXREPEAT or int(high) > MANY_TIMES) and low != high


def _varies(items: Any) -> bool:
    """Whether a sequence can match the same text in more than one way through its own repeats or
    alternatives."""
    for op, argument in items:
        if op in (sre.MAX_REPEAT, sre.MIN_REPEAT):
            low, high, inside = argument
            if low != high or _varies(inside):
                return True
        elif op is sre.SUBPATTERN:
            if _varies(argument[-1]):
                return True
        elif op is sre.BRANCH and any(_varies(branch) or _nullable(branch) for branch in argument[1]):
            return True  # `a|aa` is read as `a(|a)`: a branch that may be empty is a choice of length
    return False


def _nullable(items: Any) -> bool:
    """Whether a sequence can match nothing."""
    for op, argument in items:
        if op in (sre.MAX_REPEAT, sre.MIN_REPEAT):
            if argument[0] > 0 and not _nullable(argument[2]):
                return False
        elif op is sre.SUBPATTERN:
            if not _nullable(argument[-1]):
                return False
        elif op is sre.BRANCH:
            if not any(_nullable(branch) for branch in argument[1]):
                return False
        elif op is not sre.AT:
            return False
    return True


def _overlapping_branches(items: Any) -> bool:
    """Whether alternatives anywhere inside can start with the same character, or two of them be empty."""
    for op, argument in items:
        if op is sre.SUBPATTERN and _overlapping_branches(argument[-1]):
            return True
        if op in (sre.MAX_REPEAT, sre.MIN_REPEAT) and _overlapping_branches(argument[2]):
            return True
        if op is sre.BRANCH:
            if sum(_nullable(branch) for branch in argument[1]) > 1:
                return True
            firsts = [_first(branch) for branch in argument[1]]
            for i, one in enumerate(firsts):
                if any(one & other for other in firsts[i + 1 :]):
                    return True
            if any(_overlapping_branches(branch) for branch in argument[1]):
                return True
    return False


def _first(items: Any) -> frozenset[str]:
    """Characters a sequence may start with, among the sample."""
    found: frozenset[str] = frozenset()
    for op, argument in items:
        if op in (sre.MAX_REPEAT, sre.MIN_REPEAT):
            found |= _first(argument[2])
            if argument[0] > 0:
                return found
        elif op is sre.SUBPATTERN:
            return found | _first(argument[-1])
        elif op is sre.BRANCH:
            for branch in argument[1]:
                found |= _first(branch)
            return found
        elif op is sre.AT:
            continue
        else:
            return found | _characters(op, argument)
    return found


def _characters(op: Any, argument: Any) -> frozenset[str]:
    if op in (sre.LITERAL, sre.NOT_LITERAL, sre.IN):
        literal = frozenset({chr(argument)}) if op is sre.LITERAL else frozenset()
        return literal | frozenset(c for c in _SAMPLE if takes(op, argument, c))
    return frozenset(_SAMPLE)


def _degree(items: Any) -> int:
    """How many open repeats stand in a row that share characters; raises for a repeat inside a repeat."""
    open_sets: list[frozenset[str]] = []

    def visit(sequence: Any) -> None:
        for op, argument in sequence:
            if op in (sre.MAX_REPEAT, sre.MIN_REPEAT):
                low, high, inside = argument
                if _open(low, high):
                    if (_varies(inside) and not _separated(inside)) or _overlapping_branches(inside):
                        raise XPathError("a repeat stands inside a repeat without bound, as in (a+)+")
                    open_sets.append(_all_characters(inside))
                else:
                    visit(inside)
            elif op is sre.SUBPATTERN:
                visit(argument[-1])
            elif op is sre.BRANCH:
                for branch in argument[1]:
                    visit(branch)
            elif op in (sre.GROUPREF, sre.GROUPREF_EXISTS):
                raise XPathError("back references in a pattern are not allowed")
            elif op in (sre.ASSERT, sre.ASSERT_NOT):
                visit(argument[1])

    visit(items)
    best = 0
    for char in _SAMPLE:
        best = max(best, sum(char in s for s in open_sets))
    return best


def _separated(items: Any) -> bool:
    """`( x+)*`: each round starts with a fixed character that its own repeats cannot take."""
    sequence = list(items)
    if len(sequence) == 1 and sequence[0][0] is sre.SUBPATTERN:
        return _separated(sequence[0][1][-1])
    if not sequence or sequence[0][0] not in (sre.LITERAL, sre.IN):
        return False
    head = _characters(*sequence[0])
    rest = sequence[1:]
    if any(op in (sre.MAX_REPEAT, sre.MIN_REPEAT) and _varies(argument[2]) for op, argument in rest):
        return False
    if sum(op in (sre.MAX_REPEAT, sre.MIN_REPEAT) for op, _ in rest) > 1:
        return False
    return not head & _all_characters(rest)


def _all_characters(items: Any) -> frozenset[str]:
    found: frozenset[str] = frozenset()
    for op, argument in items:
        if op in (sre.MAX_REPEAT, sre.MIN_REPEAT):
            found |= _all_characters(argument[2])
        elif op is sre.SUBPATTERN:
            found |= _all_characters(argument[-1])
        elif op is sre.BRANCH:
            for branch in argument[1]:
                found |= _all_characters(branch)
        elif op is not sre.AT:
            found |= _characters(op, argument)
    return found


@lru_cache(maxsize=512)
def compile_pattern(source: str) -> Callable[[str], bool]:
    """A test of the whole text. Raises XPathError for a pattern that is wrong, or could run for long."""
    pattern = source
    for java, python in _CLASSES.items():
        pattern = pattern.replace(java, python)
    if r"\p{" in pattern or r"\P{" in pattern:
        raise XPathError(
            f"the character class in the pattern {source!r} is not supported; write it out, as [A-Za-z]"
        )
    if len(pattern) > 1000:
        raise XPathError("the pattern is longer than 1,000 characters")
    try:
        tree = sre_parser.parse(pattern)
        degree, choices = _degree(tree), _choices(tree)
        compiled = re.compile(pattern)
    except re.error as wrong:
        raise XPathError(f"the pattern {source!r} cannot be read: {wrong}") from None
    except RecursionError:
        raise XPathError("the pattern is nested too deeply") from None
    if degree > MOST_REPEATS:
        raise XPathError(
            f"the pattern {source!r} has {degree} open repeats in a row that can take the same characters"
        )
    if choices in (0, 1):
        return lambda text: compiled.fullmatch(text) is not None
    try:
        return Automaton(tree).matches
    except NoAutomaton as why:
        if choices not in LONGEST:
            raise XPathError(f"the pattern {source!r} has {why}; write it more simply") from None
    longest = LONGEST[choices]
    return lambda text: len(text) <= longest and compiled.fullmatch(text) is not None


def _choices(items: Any) -> int | None:
    """How many repeats and alternatives leave Python's matcher a choice; None if one stands in a repeat, where the
    choices multiply."""
    count = 0
    for op, argument in items:
        inside: int | None = 0
        if op in (sre.MAX_REPEAT, sre.MIN_REPEAT):
            low, high, body = argument
            inside = _choices(body)
            if inside and high != 1:
                return None
            count += low != high
        elif op is sre.SUBPATTERN:
            inside = _choices(argument[-1])
        elif op in (sre.ASSERT, sre.ASSERT_NOT):
            inside = _choices(argument[1])
        elif op is sre.BRANCH:
            count += 1
            branches = [_choices(branch) for branch in argument[1]]
            inside = None if None in branches else max(b for b in branches if b is not None)
        elif op not in (sre.LITERAL, sre.NOT_LITERAL, sre.ANY, sre.IN, sre.AT):
            return None
        if inside is None:
            return None
        count += inside
    return count
