"""Patterns as position automata (Glushkov): whether a whole text matches, in steps that do not multiply.

Python's own matcher tries alternatives one after another, so a text can cost it time without bound; here all are tried
at once. A position is one place of the pattern that takes one character; a set of positions is the bits of an int.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from re import _constants as sre  # type: ignore[attr-defined]  # names of the parts that re's own parser gives
from typing import Any, NamedTuple

MAX_POSITIONS = 10_000  # after `x{2,5}` is written out as five x
BUDGET = 500_000  # steps from one position to the next that one text may take: about half a second
_REMEMBERED = 500  # sets and characters whose steps are kept

Test = Callable[[str], bool]


class NoAutomaton(ValueError):
    """The pattern looks around itself (`(?=x)`, `\\b`, `a^`) or is too large. `args[0]` says what is in it."""


class _Part(NamedTuple):
    """A part of the pattern: the positions it may begin and end with, and whether it may be nothing."""

    first: int
    last: int
    nothing: bool


_EMPTY = _Part(0, 0, True)


class Automaton:
    """The automaton of a pattern that `re` has parsed. Raises NoAutomaton."""

    def __init__(self, tree: Any) -> None:
        self.follow: list[int] = []
        self.classes: dict[str, tuple[Test, int]] = {}  # by how it is written: its test, and its positions
        self.ignore_case = bool(tree.state.flags & re.IGNORECASE)
        if tree.state.flags & ~(re.IGNORECASE | re.UNICODE):
            raise NoAutomaton("flags other than (?i)")
        self.whole = self._sequence(list(tree), start=True, end=True)
        self.masks: dict[str, int] = {}
        self.steps: dict[int, int] = {}

    # -- building it -------------------------------------------------------------------------------

    def _sequence(self, items: list[Any], *, start: bool, end: bool) -> _Part:
        whole = _EMPTY
        for at, (op, argument) in enumerate(items):
            begins = start and whole == _EMPTY
            ends = end and all(later is sre.AT for later, _ in items[at + 1 :])
            whole = self._then(whole, self._item(op, argument, start=begins, end=ends))
        return whole

    def _item(self, op: Any, argument: Any, *, start: bool, end: bool) -> _Part:
        if op is sre.AT:
            return self._anchor(argument, start=start, end=end)
        if op is sre.SUBPATTERN:
            _, added, removed, inside = argument
            if added or removed:
                raise NoAutomaton("flags of a group")
            return self._sequence(list(inside), start=start, end=end)
        if op is sre.BRANCH:
            parts = [self._sequence(list(branch), start=start, end=end) for branch in argument[1]]
            first = last = 0
            for part in parts:
                first, last = first | part.first, last | part.last
            return _Part(first, last, any(part.nothing for part in parts))
        if op in (sre.MAX_REPEAT, sre.MIN_REPEAT):
            return self._repeat(*argument)
        if op in (sre.LITERAL, sre.NOT_LITERAL, sre.ANY, sre.IN):
            return self._position(op, argument)
        raise NoAutomaton("a part that looks around itself")

    @staticmethod
    def _anchor(kind: Any, *, start: bool, end: bool) -> _Part:
        begins = kind in (sre.AT_BEGINNING, sre.AT_BEGINNING_STRING)
        ends = kind in (sre.AT_END, sre.AT_END_STRING)
        if (begins and start) or (ends and end):
            return _EMPTY  # the whole text is matched, so it says nothing more
        raise NoAutomaton("an anchor amid other things" if begins or ends else "a border of words")

    def _repeat(self, low: int, high: Any, inside: Any) -> _Part:
        """`x{2,4}` as x x x? x?, each copy following the one before; the last copy of `x{2,}` follows itself."""
        open_ended = high == sre.MAXREPEAT
        copies = max(int(low), 1) if open_ended else int(high)
        whole = _EMPTY
        first = last = 0
        before = 0
        for number in range(1, copies + 1):
            part = self._sequence(list(inside), start=False, end=False)
            if number == 1:
                first, whole = part.first, _Part(0, 0, low == 0 or part.nothing)
            self._link(before, part.first)
            if part.nothing or number >= low:
                last |= part.last
            before = part.last | (before if part.nothing else 0)
            if open_ended and number == copies:
                self._link(part.last, part.first)
        return _Part(first, last, whole.nothing)

    def _then(self, one: _Part, two: _Part) -> _Part:
        self._link(one.last, two.first)
        return _Part(
            one.first | (two.first if one.nothing else 0),
            two.last | (one.last if two.nothing else 0),
            one.nothing and two.nothing,
        )

    def _link(self, last: int, first: int) -> None:
        while first and last:
            bit = last & -last
            self.follow[bit.bit_length() - 1] |= first
            last ^= bit

    def _position(self, op: Any, argument: Any) -> _Part:
        if len(self.follow) >= MAX_POSITIONS:
            raise NoAutomaton("too many positions")
        bit = 1 << len(self.follow)
        self.follow.append(0)
        written = f"{op} {argument}"
        test, positions = self.classes.get(written) or (self._test(op, argument), 0)
        self.classes[written] = test, positions | bit
        return _Part(bit, bit, False)

    def _test(self, op: Any, argument: Any) -> Test:
        def exact(char: str) -> bool:
            return takes(op, argument, char)

        if not self.ignore_case:
            return exact
        return lambda char: exact(char) or exact(char.lower()) or exact(char.upper()[:1])

    # -- running it --------------------------------------------------------------------------------

    def matches(self, text: str) -> bool:
        """Whether the whole text matches; a text that takes more steps than there are for one does not."""
        if not text:
            return self.whole.nothing
        here, left = self.whole.first & self._mask(text[0]), BUDGET
        for char in text[1:]:
            if not here:
                return False
            following = self.steps.get(here)
            if following is None:
                following, rest = 0, here
                while rest:
                    bit = rest & -rest
                    following |= self.follow[bit.bit_length() - 1]
                    rest ^= bit
                    left -= 1
                if len(self.steps) < _REMEMBERED:
                    self.steps[here] = following
            here = following & self._mask(char)
            left -= 1
            if left < 0:
                return False
        return bool(here & self.whole.last)

    def _mask(self, char: str) -> int:
        mask = self.masks.get(char)
        if mask is None:
            mask = 0
            for test, positions in self.classes.values():
                if test(char):
                    mask |= positions
            if len(self.masks) < _REMEMBERED:
                self.masks[char] = mask
        return mask


def takes(op: Any, argument: Any, char: str) -> bool:
    """Whether one place of a parsed pattern takes a character."""
    if op is sre.LITERAL:
        return ord(char) == int(argument)
    if op is sre.NOT_LITERAL:
        return ord(char) != int(argument)
    if op is sre.ANY:
        return char != "\n"
    found = False
    for kind, value in argument:
        if kind is sre.LITERAL:
            found = found or ord(char) == value
        elif kind is sre.RANGE:
            found = found or value[0] <= ord(char) <= value[1]
        elif kind is sre.CATEGORY:
            found = found or in_category(value, char)
    return found != bool(argument and argument[0][0] is sre.NEGATE)


_LETTERS = {"DIGIT": re.compile(r"\d"), "SPACE": re.compile(r"\s"), "WORD": re.compile(r"\w")}


def in_category(category: Any, char: str) -> bool:
    name = str(category).removeprefix("CATEGORY_")
    letter = _LETTERS[name.removeprefix("NOT_").removeprefix("UNI_")]
    return (letter.match(char) is not None) != name.startswith("NOT_")
