"""CSV as people save it, each row with its line; numbers with a point or a comma."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches

from pendapa.standards.refusal import Fault, StandardsRefused

NUMBER = re.compile(r"[+-]?[0-9]{1,15}(?:[.,][0-9]{1,12})?")
GROUPED = re.compile(r"[+-]?[1-9][0-9]{0,2}[.,][0-9]{3}")
MAX_BYTES = 20_000_000


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one row by head, and the line of the file at which it begins."""

    where: str
    line: int
    cells: dict[str, str]

    def __getitem__(self, head: str) -> str:
        return self.cells.get(head, "")


def as_number(text: str) -> Decimal | None:
    """None for what is not a number; no separators of thousands.

    >>> as_number("556,99"), as_number("1.000.000")
    (Decimal('556.99'), None)
    """
    return Decimal(text.replace(",", ".")) + 0 if NUMBER.fullmatch(text) else None  # + 0: -0 is 0


def read_rows(
    source: bytes, name: str, required: Sequence[str], optional: Sequence[str] = ()
) -> tuple[Row, ...]:
    """Read CSV separated by comma, semicolon or tab. Raises StandardsRefused with all faults as file:line."""
    text = _text(source, name)
    first = next((line for line in text.splitlines() if line.strip()), "")
    if not first:
        raise StandardsRefused([Fault(name, "the file is empty", "give a head and rows")])
    bare = re.sub(r'"[^"]*"', "", first)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=bare.count))
    heads: tuple[str, ...] = ()
    rows: list[Row] = []
    faults: list[Fault] = []
    begins = 1
    try:
        for cells in reader:
            line, begins = begins, reader.line_num + 1
            cut = [cell.strip() for cell in cells]
            if not any(cut):
                continue
            where = f"{name}:{line}"
            if not heads:
                heads = tuple(cut)
                faults += _heads(heads, where, required, optional)
                continue
            if len(cut) > len(heads) and not any(cut[len(heads) :]):
                cut = cut[: len(heads)]
            if len(cut) != len(heads):
                wrong = f"the row has {len(cut)} cells, the head has {len(heads)}"
                faults.append(Fault(where, wrong, "separate all rows as the head is"))
                continue
            bare_cell = next((place for place, head in enumerate(heads) if not head and cut[place]), None)
            if bare_cell is not None:
                wrong = f"{cut[bare_cell]!r} stands in column {bare_cell + 1}, which has no head"
                faults.append(Fault(where, wrong, "name the column in the first row, or remove it"))
            rows.append(Row(where, line, dict(zip(heads, cut, strict=True))))
    except csv.Error as error:
        fault = Fault(f"{name}:{begins}", f"this is not CSV ({error})", "save it as CSV UTF-8")
        raise StandardsRefused([fault]) from error
    if faults:
        raise StandardsRefused(faults)
    return tuple(rows)


def _text(source: bytes, name: str) -> str:
    if len(source) > MAX_BYTES:
        right = f"up to {MAX_BYTES:,} are read"
        raise StandardsRefused([Fault(name, f"the file has {len(source):,} bytes", right)])
    utf16 = source.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        return source.decode("utf-16" if utf16 else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = source[: error.start].count(b"\n") + 1
        fault = Fault(f"{name}:{line}", "the text is not UTF-8", "save the file as CSV UTF-8")
        raise StandardsRefused([fault]) from error


def _heads(heads: Sequence[str], where: str, required: Sequence[str], optional: Sequence[str]) -> list[Fault]:
    known = [*required, *optional]
    faults = []
    for head in dict.fromkeys(heads):
        if head and head not in known:
            near = get_close_matches(head, known, 1)
            right = f"did you mean {near[0]!r}?" if near else f"the columns are: {', '.join(known)}"
            faults.append(Fault(where, f"there is no column {head!r}", right))
        if head and heads.count(head) > 1:
            faults.append(Fault(where, f"the column {head!r} stands more than once", "keep one of them"))
    for head in required:
        if head not in heads:
            faults.append(Fault(where, f"the column {head!r} is missing", "add it"))
    return faults
