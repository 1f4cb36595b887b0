"""CSV as people save it: byte-order marks, semicolons, decimal commas; each fault with its row and column."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

import numpy as np
from numpy.typing import NDArray

from pendapa.study.refusal import Fault, StudyRefused

FloatArray = NDArray[np.float64]
MISSING = frozenset({"", "NA"})
NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:[.,][0-9]*)?|[.,][0-9]+)(?:[eE][+-]?[0-9]+)?")
MAX_BYTES = 500_000_000
MAX_FAULTS = 100  # of one file; a file of another kind would otherwise give one for each cell


@dataclass(frozen=True, slots=True)
class Table:
    """A read CSV: the head, and its rows with the line of the file at which each begins."""

    name: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]

    def where(self, row: int, column: int) -> str:
        """Place of a cell; `row` and `column` count from 0."""
        return f"{self.name}: row {self.lines[row]}, column {self.heads[column] or column + 1}"

    def index(self, head: str) -> int:
        """Column of a head. Raises StudyRefused if there is none, or more than one."""
        found = [number for number, name in enumerate(self.heads) if name == head]
        if len(found) == 1:
            return found[0]
        place = f"{self.name}: row {HEAD_LINE}, column {head}"
        if found:
            at = " and ".join(str(number + 1) for number in found)
            raise StudyRefused(
                [Fault(place, f"the head stands {len(found)} times, in columns {at}", "rename one of them")]
            )
        near = get_close_matches(head, self.heads, 1)
        known = ", ".join(name for name in self.heads[:20] if name)
        right = f"did you mean {near[0]!r}?" if near else f"the columns are: {known}"
        raise StudyRefused([Fault(place, "there is no such column", right)])

    def numbers(self, columns: Sequence[int], check: Callable[[float], str] | None = None) -> FloatArray:
        """Rows x columns as numbers, missing ones as NaN. Raises StudyRefused with every cell that is none.

        `check` says what is wrong with a number, or nothing.
        """
        result = np.empty((len(self.rows), len(columns)))
        faults: list[Fault] = []
        for place, column in enumerate(columns):
            cells = [row[column] for row in self.rows]
            # Answers repeat: each different text is read once, which makes 100,000 rows quick.
            read = {text: as_number(text) for text in set(cells)}
            wrong = {text: "not a number" for text, number in read.items() if number is None}
            if check:
                wrong |= {
                    text: said
                    for text, number in read.items()
                    if number is not None and not math.isnan(number) and (said := check(number))
                }
            if wrong:
                faults += (
                    Fault(
                        self.where(row, column),
                        f"{_shown(text)} is {wrong[text]}",
                        "mend it or leave it empty",
                    )
                    for row, text in enumerate(cells)
                    if text in wrong
                )
            else:
                result[:, place] = [read[text] for text in cells]
        refuse_if(faults, self.name)
        return result


HEAD_LINE = 1


def refuse_if(faults: Sequence[Fault], name: str) -> None:
    """Raise StudyRefused if there are faults; of very many, the first and the number of the others."""
    if len(faults) > MAX_FAULTS:
        more = len(faults) - MAX_FAULTS
        last = Fault(name, f"{more:,} more cells are wrong in the same way", "look at the ones above first")
        raise StudyRefused([*faults[:MAX_FAULTS], last])
    if faults:
        raise StudyRefused(faults)


def read_table(source: bytes, name: str) -> Table:
    """Read CSV separated by comma, semicolon or tab. Raises StudyRefused with row and column."""
    text = _text(source, name)
    first = next((line for line in text.splitlines() if line.strip()), "")
    if not first:
        raise StudyRefused([Fault(name, "the file is empty", "give a head and rows")])
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(first))
    heads: tuple[str, ...] = ()
    rows: list[tuple[str, ...]] = []
    lines: list[int] = []
    faults: list[Fault] = []
    begins = 1
    try:
        for cells in reader:
            line, begins = begins, reader.line_num + 1
            cut = tuple(map(str.strip, cells))
            if not any(cut) and (len(cut) <= 1 or not heads):
                continue
            if not heads:
                heads = cut
                continue
            if len(cut) > len(heads) and not any(cut[len(heads) :]):
                cut = cut[: len(heads)]
            if len(cut) != len(heads):
                wrong = f"the row has {len(cut)} cells, the head has {len(heads)}"
                faults.append(Fault(f"{name}: row {line}", wrong, "separate all rows as the head is"))
            rows.append(cut)
            lines.append(line)
    except csv.Error as error:
        raise StudyRefused(
            [Fault(f"{name}: row {begins}", f"this is not CSV ({error})", "save it as CSV UTF-8")]
        ) from error
    if not heads:
        raise StudyRefused([Fault(name, "no cell of the file holds anything", "give a head and rows")])
    refuse_if(faults, name)
    return Table(name, heads, tuple(rows), tuple(lines))


def _text(source: bytes, name: str) -> str:
    if len(source) > MAX_BYTES:
        wrong = f"the file has {len(source):,} bytes"
        raise StudyRefused([Fault(name, wrong, f"split it; up to {MAX_BYTES:,} are read")])
    utf16 = source.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        return source.decode("utf-16" if utf16 else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = source[: error.start].count(b"\n") + 1
        raise StudyRefused(
            [Fault(f"{name}: row {line}", "the text is not UTF-8", "save the file as CSV UTF-8")]
        ) from error


def _delimiter(head: str) -> str:
    bare = re.sub(r'"[^"]*"', "", head)
    return max(",;\t", key=bare.count)


def as_number(text: str) -> float | None:
    """NaN for a missing one, None for what is not a number."""
    if text in MISSING:
        return math.nan
    if not NUMBER.fullmatch(text):
        return None
    number = float(text.replace(",", "."))
    return number if math.isfinite(number) else None


def _shown(text: str) -> str:
    return repr(text if len(text) <= 40 else text[:39] + "…")


def names(text: str) -> tuple[str, ...]:
    """Names separated by commas, quoted where they hold one: `A,"B, C"`."""
    return tuple(name.strip() for name in next(csv.reader([text], skipinitialspace=True), []) if name.strip())


def twice(given: Iterable[str]) -> list[str]:
    """Names that stand more than once, in their order."""
    seen: dict[str, int] = {}
    for name in given:
        seen[name] = seen.get(name, 0) + 1
    return [name for name, count in seen.items() if count > 1]
