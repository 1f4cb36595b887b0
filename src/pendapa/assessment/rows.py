"""CSV rows read cell by cell; each fault is kept with file, line and column, so that all are said at once."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from fractions import Fraction

from pendapa.assessment.refusal import AssessmentRefused, Fault

NUMBER = re.compile(r"[+-]?(?:[0-9]{1,12}(?:[.,][0-9]{0,12})?|[.,][0-9]{1,12})")
MAX_BYTES = 20_000_000


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its cells by head, the line at which it begins, and the faults of its sheet to add to."""

    name: str
    line: int
    cells: dict[str, str]
    faults: list[Fault]

    @property
    def where(self) -> str:
        return f"{self.name}:{self.line}"

    def fault(self, head: str, wrong: str, right: str) -> None:
        place = f"{self.where}: column {head}" if head else self.where
        self.faults.append(Fault(place, wrong, right))

    def text(self, head: str) -> str:
        return self.cells.get(head, "")

    def needed(self, head: str, why: str) -> str:
        """The text of a cell; a fault if it is empty."""
        text = self.text(head)
        if not text:
            self.fault(head, "the cell is empty", why)
        return text

    def number(self, head: str, low: Fraction | int, high: Fraction | int | None) -> Fraction | None:
        """A number from low to high with decimal point or comma; None if empty, or wrong and said so."""
        text = self.text(head)
        if text in ("", "NA"):
            return None
        value = Fraction(text.replace(",", ".").rstrip(".")) if NUMBER.fullmatch(text) else None
        if value is None or value < low or (high is not None and value > high):
            span = f"a number from {low} to {high}" if high is not None else f"a number from {low} on"
            self.fault(head, f"{_shown(text)} is not {span}", "mend it or leave it empty")
            return None
        return value

    def whole(self, head: str, low: int, high: int) -> int | None:
        """A whole number from low to high; None if empty, or wrong and said so."""
        text = self.text(head)
        if text in ("", "NA"):
            return None
        if not re.fullmatch(r"[0-9]{1,6}", text) or not low <= int(text) <= high:
            wrong = f"{_shown(text)} is not a whole number from {low} to {high}"
            self.fault(head, wrong, "mend it or leave it empty")
            return None
        return int(text)

    def choice(self, head: str, known: Collection[str]) -> str:
        """One of the known words, or "" if empty, or wrong and said so."""
        text = self.text(head)
        if text and text not in known:
            near = get_close_matches(text, known, 1)
            right = f"did you mean {near[0]!r}?" if near else f"write one of {', '.join(known)}"
            self.fault(head, f"{_shown(text)} is unknown", right)
            return ""
        return text

    def items(self, head: str) -> tuple[str, ...]:
        """Different texts of one cell, separated by semicolons; capitals make no difference."""
        parts: dict[str, str] = {}
        for one in self.text(head).split(";"):
            if part := " ".join(one.split()):
                parts.setdefault(part.casefold(), part)
        return tuple(parts.values())


def read_rows(source: bytes, name: str, needed: Sequence[str], known: Collection[str]) -> list[Row]:
    """Rows of a CSV separated by comma, semicolon or tab, UTF-8, all sharing one list of faults.

    Raises AssessmentRefused if it is no such CSV, has a row of another length, or lacks or does not know a head.
    """
    if len(source) > MAX_BYTES:
        raise AssessmentRefused([Fault(name, f"the file has {len(source):,} bytes", "split it")])
    try:
        text = source.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = source[: error.start].count(b"\n") + 1
        raise AssessmentRefused(
            [Fault(f"{name}:{line}", "the text is not UTF-8", "save the file as CSV UTF-8")]
        ) from error
    faults: list[Fault] = []
    rows: list[Row] = []
    heads: list[str] = []
    try:
        for line, cells in _lines(text):
            if not heads:
                heads = cells
                faults += _of_heads(heads, f"{name}:{line}", needed, known)
            elif len(cells) != len(heads):
                wrong = f"the row has {len(cells)} cells, the head has {len(heads)}"
                faults.append(Fault(f"{name}:{line}", wrong, "put texts with a separator in quotation marks"))
            else:
                rows.append(Row(name, line, dict(zip(heads, cells, strict=True)), []))
    except csv.Error as error:
        raise AssessmentRefused(
            [Fault(name, f"this is not CSV ({error})", "save it as CSV UTF-8")]
        ) from error
    if not heads or (not rows and not faults):
        faults.append(Fault(name, "there is no row", "give a head and rows, or leave the file out"))
    if faults:
        raise AssessmentRefused(faults)
    return [Row(row.name, row.line, row.cells, faults) for row in rows]


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    first = next((line for line in text.splitlines() if line.strip()), "")
    bare = re.sub(r'"[^"]*"', "", first)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=bare.count))
    begins = 1
    for cells in reader:
        cut = [cell.strip() for cell in cells]
        if any(cut):
            yield begins, cut
        begins = reader.line_num + 1


def _of_heads(
    heads: Sequence[str], where: str, needed: Sequence[str], known: Collection[str]
) -> Iterator[Fault]:
    for head in needed:
        if head not in heads:
            yield Fault(where, f"the column {head} is missing", f"the columns are {', '.join(known)}")
    for head in dict.fromkeys(heads):
        if head not in known:
            near = get_close_matches(head, known, 1)
            right = f"did you mean {near[0]!r}?" if near else f"the columns are {', '.join(known)}"
            yield Fault(where, f"the column {_shown(head)} is unknown", right)
        elif heads.count(head) > 1:
            yield Fault(where, f"the column {head} stands {heads.count(head)} times", "keep one of them")


def refuse_if(rows: Sequence[Row]) -> None:
    """Raise AssessmentRefused with every fault of the rows of one file."""
    if rows and rows[0].faults:
        raise AssessmentRefused(rows[0].faults)


def _shown(text: str) -> str:
    return repr(text if len(text) <= 40 else text[:39] + "…")
