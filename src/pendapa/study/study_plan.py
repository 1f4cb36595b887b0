"""study.toml: the design, the instrument, the acceptance rule with its date, and the propositions."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from difflib import get_close_matches
from fractions import Fraction
from pathlib import Path
from typing import Any

from pendapa.expressions import ExpressionError
from pendapa.study.acceptance import STANDARD, AcceptanceRule
from pendapa.study.bands import NAMES
from pendapa.study.gate import CORRELATIONS, Validity
from pendapa.study.refusal import Fault, StudyRefused
from pendapa.study.responses import MissingMethod
from pendapa.study.tables import twice
from pendapa.study.toml_places import lines_of_keys

FILE = "study.toml"
DESIGNS = ("sequential-exploratory", "sequential-explanatory", "convergent")
# Table -> its keys; "" is the top of the file. Every key stands in docs/study.md.
KEYS: dict[str, tuple[str, ...]] = {
    "": ("title", "design", "illustrative", "instrument", "scales", "rule", "responses", "propositions"),
    "instrument": ("scale", "neutral", "reverse", "missing", "validity", "alpha"),
    "rule": ("fixed", "outcome"),
    "responses": ("respondent", "date", "groups"),
    "propositions": ("key", "id", "en", "innovation", "items"),
}


@dataclass(frozen=True, slots=True)
class Proposition:
    """A conclusion to be confirmed: what it says in both languages, and the items that ask for it."""

    key: str
    id: str
    en: str
    items: tuple[str, ...]
    innovation: str


@dataclass(frozen=True, slots=True)
class Plan:
    """A study's plan as study.toml states it. `fixed` is the day on which the rule was fixed."""

    title: str
    design: str
    illustrative: bool
    scale: tuple[int, int]
    neutral: Fraction
    reverse: tuple[str, ...]
    missing: MissingMethod
    validity: Validity
    minimum_alpha: float
    scales: Mapping[str, tuple[str, ...]]
    rule: AcceptanceRule
    fixed: date
    fixed_line: int
    respondent: str
    date_column: str
    groups: tuple[str, ...]
    propositions: tuple[Proposition, ...]

    @property
    def items(self) -> tuple[str, ...]:
        """Every item of the instrument, in the order of the scales."""
        return tuple(dict.fromkeys(item for items in self.scales.values() for item in items))


@dataclass
class _Reader:
    """Takes values out of the tables and collects what is wrong with them."""

    content: dict[str, Any]
    lines: Mapping[tuple[str, int, str], int]
    source: Sequence[str]
    faults: list[Fault] = field(default_factory=list)

    def line(self, table: str, key: str, number: int = 0) -> int:
        return self.lines.get((table, number, key), self.lines.get((table, number, ""), 1))

    def fault(self, table: str, key: str, wrong: str, right: str, number: int = 0) -> None:
        self.faults.append(Fault(f"{FILE}:{self.line(table, key, number)}", wrong, right))

    def table(self, name: str) -> dict[str, Any]:
        found = self.content.get(name, {})
        if isinstance(found, dict):
            return found
        self.fault("", name, f"{name} is no table", f"write it as [{name}] with keys below")
        return {}

    def unknown(self, table: str, given: Collection[str], number: int = 0) -> None:
        for key in given:
            if key not in KEYS[table]:
                near = get_close_matches(key, KEYS[table], 1)
                right = f"did you mean {near[0]!r}?" if near else f"the keys are {', '.join(KEYS[table])}"
                self.fault(table, key, f"there is no key {key!r}", right, number)

    def text(
        self, table: str, given: Mapping[str, Any], key: str, default: str | None = None, number: int = 0
    ) -> str:
        found = given.get(key, default)
        if isinstance(found, str) and (found.strip() or found == default):
            return found.strip()
        wrong = f"{key} is missing" if found is None else f"{key} is {found!r}, which is no text"
        self.fault(table, key, wrong, f'write {key} = "..."', number)
        return ""

    def choice(self, table: str, given: Mapping[str, Any], key: str, choices: Sequence[str]) -> str:
        found = given.get(key, choices[0])
        if found in choices:
            return str(found)
        self.fault(table, key, f"{key} is {found!r}", f"write one of {', '.join(choices)}")
        return choices[0]

    def texts(self, table: str, given: Mapping[str, Any], key: str, number: int = 0) -> tuple[str, ...]:
        found = given.get(key, [])
        if isinstance(found, list) and all(isinstance(item, str) and item for item in found):
            if again := twice(found):
                self.fault(table, key, f"{again[0]} stands in {key} twice", "name it once", number)
            return tuple(found)
        self.fault(table, key, f"{key} is no list of names", f'write {key} = ["A1", "A2"]', number)
        return ()


def read_plan(path: Path) -> Plan:
    """Read a study.toml. Raises StudyRefused with the line of every fault."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
        content = tomllib.loads(text)
    except UnicodeDecodeError as error:
        raise StudyRefused([Fault(FILE, "the text is not UTF-8", "save the file as UTF-8")]) from error
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"\(at line (\d+)", str(error))
        place = f"{FILE}:{line[1]}" if line else FILE
        raise StudyRefused(
            [Fault(place, f"this is not TOML ({error})", 'write keys as: name = "value"')]
        ) from error
    except OSError as error:
        raise StudyRefused([Fault(FILE, f"{error.strerror}", "give a file that can be read")]) from error
    read = _Reader(content, lines_of_keys(text), text.splitlines())
    read.unknown("", content)
    for table in ("instrument", "rule", "responses"):
        read.unknown(table, read.table(table))
    instrument, responses = read.table("instrument"), read.table("responses")
    scale, neutral = _scale(read, instrument)
    propositions = _propositions(read)
    scales = _scales(read, propositions)
    reverse = read.texts("instrument", instrument, "reverse")
    known = {item for items in scales.values() for item in items}
    for item in reverse:
        if item not in known:
            read.fault("instrument", "reverse", f"{item} is not an item", "reverse items of the scales")
    alpha = instrument.get("alpha", 0.70)
    if isinstance(alpha, bool) or not isinstance(alpha, int | float) or not 0 <= alpha <= 1:
        read.fault("instrument", "alpha", f"alpha is {alpha!r}", "write a number from 0 to 1, as 0.70")
        alpha = 0.70
    missing = read.choice("instrument", instrument, "missing", ("listwise", "median"))
    validity = read.choice("instrument", instrument, "validity", tuple(CORRELATIONS))
    illustrative = content.get("illustrative", False)
    if not isinstance(illustrative, bool):
        read.fault("", "illustrative", f"illustrative is {illustrative!r}", "write true or false")
    title = read.text("", content, "title")
    design = read.choice("", content, "design", DESIGNS)
    respondent = read.text("responses", responses, "respondent", "respondent")
    date_column = read.text("responses", responses, "date", "date")
    groups = read.texts("responses", responses, "groups")
    fixed = _fixed(read)
    rule = _rule(read, scale)
    if read.faults or rule is None or fixed is None:
        raise StudyRefused(read.faults)
    return Plan(
        title=title,
        design=design,
        illustrative=bool(illustrative),
        scale=scale,
        neutral=neutral,
        reverse=reverse,
        missing="median" if missing == "median" else "listwise",
        validity="item_total" if validity == "item_total" else "item_rest",
        minimum_alpha=float(alpha),
        scales=scales,
        rule=rule,
        fixed=fixed,
        fixed_line=read.line("rule", "fixed"),
        respondent=respondent,
        date_column=date_column,
        groups=groups,
        propositions=propositions,
    )


def _scale(read: _Reader, instrument: Mapping[str, Any]) -> tuple[tuple[int, int], Fraction]:
    given = instrument.get("scale", [1, 5])
    whole = isinstance(given, list) and len(given) == 2 and all(type(end) is int for end in given)
    if not whole or given[1] - given[0] + 1 not in NAMES:
        read.fault(
            "instrument",
            "scale",
            f"scale is {given!r}",
            "write the lowest and highest answer of 4 or 5 points, as [1, 5]",
        )
        given = [1, 5]
    low, high = given
    middle = instrument.get("neutral", (low + high) / 2)
    if (
        isinstance(middle, bool)
        or not isinstance(middle, int | float)
        or not low < middle < high
        or middle * 2 % 1
    ):
        read.fault(
            "instrument",
            "neutral",
            f"neutral is {middle!r}",
            f"write a whole or half point between {low} and {high}",
        )
        middle = (low + high) / 2
    return (low, high), Fraction(middle)


def _propositions(read: _Reader) -> tuple[Proposition, ...]:
    given = read.content.get("propositions", [])
    if not isinstance(given, list) or not given or not all(isinstance(row, dict) for row in given):
        read.fault(
            "", "propositions", "there is no proposition", "add [[propositions]] with key, id, en and items"
        )
        return ()
    found = []
    for number, row in enumerate(given):
        read.unknown("propositions", row, number)
        items = read.texts("propositions", row, "items", number)
        if not items and row.get("items", []) == []:
            read.fault(
                "propositions", "items", "the proposition names no item", 'write items = ["A1"]', number
            )
        key, name, english = (
            read.text("propositions", row, word, number=number) for word in ("key", "id", "en")
        )
        innovation = read.text("propositions", row, "innovation", "", number)
        found.append(Proposition(key, name, english, items, innovation))
        if key and key in [other.key for other in found[:-1]]:
            read.fault("propositions", "key", f"the key {key} stands twice", "give each its own", number)
    return tuple(found)


def _scales(read: _Reader, propositions: Sequence[Proposition]) -> dict[str, tuple[str, ...]]:
    """The named scales, or all items of the propositions as one scale."""
    asked = tuple(dict.fromkeys(item for proposition in propositions for item in proposition.items))
    given = read.table("scales")
    if not given:
        return {"instrument": asked}
    found = {name: read.texts("scales", given, name) for name in given}
    owner: dict[str, str] = {}
    for name, items in found.items():
        for item in items:
            if owner.setdefault(item, name) != name:
                read.fault(
                    "scales", name, f"{item} is also in the scale {owner[item]}", "put it in one scale"
                )
    for number, proposition in enumerate(propositions):
        for item in proposition.items:
            if item not in owner:
                read.fault(
                    "propositions", "items", f"{item} is in no scale", "add it to one of [scales]", number
                )
    return found


def _fixed(read: _Reader) -> date | None:
    found = read.table("rule").get("fixed")
    if isinstance(found, date) and not isinstance(found, datetime):
        return found
    wrong = "the rule has no date" if found is None else f"fixed is {found!r}, which is no date"
    read.fault("rule", "fixed", wrong, "write the day on which the rule was fixed, as: fixed = 2026-01-12")
    return None


def _rule(read: _Reader, scale: tuple[int, int]) -> AcceptanceRule | None:
    text = read.table("rule").get("outcome")
    if text is None and scale != (1, 5):
        read.fault(
            "rule",
            "fixed",
            "the standard rule is for a scale of 1 to 5",
            "write your own as outcome = '''...'''",
        )
        return None
    if text is not None and not isinstance(text, str):
        read.fault("rule", "outcome", "outcome is no text", "write an expression in quotes")
        return None
    try:
        return AcceptanceRule(STANDARD if text is None else text)
    except ExpressionError as error:
        before = (text or "")[: error.position].count("\n")
        first = read.line("rule", "outcome")
        # TOML drops the line end right behind opening quotes.
        opened = read.source[first - 1].rstrip().endswith(("'''", '"""')) if text else False
        place = f"{FILE}:{first + before + opened}"
        read.faults.append(Fault(place, error.message, error.hint))
    except ValueError as error:
        wrong, _, right = str(error).partition("; ")
        read.fault("rule", "outcome", wrong, right)
    return None
