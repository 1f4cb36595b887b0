"""CSV tables of a folder: rows as dataclasses, faults by cell as spreadsheets name it (`agencies.csv:C7`)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pendapa.regency.faults import nearest
from pendapa.regency.files import Folder
from pendapa.regency.typed import WrongValue, columns_of, from_cell, hints_of, neutral, obligatory

Row = TypeVar("Row")


@dataclass(frozen=True)
class Table(Generic[Row]):
    """A table that was read. `lines` holds, row by row, the number a spreadsheet shows at its left."""

    name: str
    header: tuple[str, ...]
    rows: tuple[Row, ...]
    lines: tuple[int, ...]
    raw: tuple[Mapping[str, str], ...]
    present: bool = True

    def place(self, index: int, column: str) -> str:
        """The cell of row `index` (from 0) in `column`, as `agencies.csv:C7`."""
        at = self.header.index(column) if column in self.header else 0
        return f"{self.name}:{letters(at)}{self.lines[index]}"

    def numbered(self) -> Iterator[tuple[int, Row]]:
        """Rows with their index."""
        return enumerate(self.rows)


def letters(column: int) -> str:
    """The letters of a column counted from 0: 0 is A, 25 is Z, 26 is AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def read_table(folder: Folder, name: str, kind: type[Row]) -> Table[Row]:
    """Read one CSV file of the folder as rows of `kind`; every fault goes to the folder's log.

    Wrong cells get a harmless value, so that the checks between tables still run on the rest of the row.
    """
    text = folder.text(name)
    if text is None:
        return Table(name, (), (), (), (), present=False)
    try:
        records = [
            (n, r)
            for n, r in enumerate(csv.reader(io.StringIO(text), strict=True), 1)
            if any(map(str.strip, r))
        ]
    except csv.Error as error:
        folder.log.fault(name, f"is not CSV ({error})", "quote cells that hold a comma or a quotation mark")
        return Table(name, (), (), (), (), present=False)
    if not records:
        folder.log.fault(
            f"{name}:A1", "has no header row", f"write the columns {', '.join(columns_of(kind))}"
        )
        return Table(name, (), (), (), (), present=False)
    header = tuple(cell.strip() for cell in records[0][1])
    if not _header_fits(folder, name, header, kind):
        return Table(name, header, (), (), (), present=False)
    rows: list[Row] = []
    for number, record in records[1:]:
        if len(record) != len(header):
            cell = letters(min(len(record), len(header)))
            wrong = f"the row has {len(record)} cells where the header has {len(header)}"
            folder.log.fault(
                f"{name}:{cell}{number}", wrong, "quote cells that hold a comma, and fill up missing ones"
            )
        rows.append(_read_row(folder, name, header, number, record, kind))
    return Table(
        name,
        header,
        tuple(rows),
        tuple(number for number, _ in records[1:]),
        tuple({c: v.strip() for c, v in zip(header, record, strict=False)} for _, record in records[1:]),
    )


def _header_fits(folder: Folder, name: str, header: tuple[str, ...], kind: type[Any]) -> bool:
    known = columns_of(kind)
    if len(header) == 1 and ";" in header[0]:
        folder.log.fault(
            f"{name}:A1", "columns are separated by semicolons", "save it with commas as separators"
        )
        return False
    for index, column in enumerate(header):
        if column not in known:
            right = nearest(
                column, [k for k in known if k not in header], f"use one of {', '.join(known)}, or remove it"
            )
            folder.log.fault(f"{name}:{letters(index)}1", f'unknown column "{column}"', right)
        elif column in header[:index]:
            folder.log.fault(
                f"{name}:{letters(index)}1", f'the column "{column}" stands twice', "remove one of them"
            )
    for column in known:
        if column in obligatory(kind) and column not in header:
            folder.log.fault(f"{name}:{letters(len(header))}1", f'the column "{column}" is missing', "add it")
    return True


def _read_row(
    folder: Folder, name: str, header: tuple[str, ...], number: int, record: list[str], kind: type[Row]
) -> Row:
    values: dict[str, Any] = {}
    hints = hints_of(kind)
    for index, column in enumerate(header):
        if column not in hints or column in values:
            continue
        cell = record[index] if index < len(record) else ""
        try:
            values[column] = from_cell(hints[column], cell)
        except WrongValue as wrong:
            folder.log.fault(f"{name}:{letters(index)}{number}", f"{column}: {wrong.wrong}", wrong.right)
            values[column] = neutral(hints[column])
    for column in obligatory(kind) - values.keys():
        values[column] = neutral(hints[column])
    return kind(**values)
