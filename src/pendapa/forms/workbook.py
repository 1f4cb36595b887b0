"""The workbook as bytes: refuse hostile files, and know which cell a name stands in."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field

from pendapa.forms.model import Fault, FormRefused

MAX_SOURCE = 10_000_000  # bytes of the file
MAX_UNPACKED = 60_000_000  # bytes of all parts together
MAX_RATIO = 200  # unpacked to packed, of a part over 1 MB
MAX_PARTS = 2_000
MAX_ROWS = 20_000

_ALIASES = {
    "calculate": "calculation",
    "relevance": "relevant",
    "bind::relevant": "relevant",
    "bind::constraint": "constraint",
    "bind::calculate": "calculation",
    "bind::required": "required",
    "read_only": "readonly",
    "list name": "list_name",
    "required message": "required_message",
    "constraint message": "constraint_message",
    "constraint_msg": "constraint_message",
    "repeat count": "repeat_count",
}


@dataclass(frozen=True)
class Sheet:
    """Rows of text; the header's names in lower case with aliases resolved. `rows` start below the header.
    `headings` are the header's cells with what is written there."""

    name: str
    columns: Mapping[str, int]
    rows: tuple[tuple[int, tuple[str, ...]], ...]  # (number of the row in the sheet, cells)
    headings: tuple[tuple[str, str], ...] = ()

    def cell(self, cells: tuple[str, ...], column: str) -> str:
        at = self.columns.get(column)
        return cells[at].strip() if at is not None and at < len(cells) else ""

    def where(self, row: int, column: str = "name") -> str:
        at = self.columns.get(column)
        if at is None:
            at = next((i for name, i in self.columns.items() if name.startswith(column + "::")), None)
        return f"{self.name}!{column_letters(at or 0)}{row}"


@dataclass
class Workbook:
    """All sheets, and the row of each node of the survey by its path without the root."""

    kind: str  # .xlsx, .csv or .md
    sheets: dict[str, Sheet]
    rows: dict[str, tuple[int, tuple[str, ...]]] = field(default_factory=dict)

    @property
    def survey(self) -> Sheet | None:
        return self.sheets.get("survey")

    def where(self, path: str, column: str = "name") -> str:
        """The cell of a node (path without root) in a column of the survey."""
        sheet, row = self.survey, self.rows.get(path)
        if sheet is None or row is None:
            return f"survey: {path}"
        return sheet.where(row[0], column)

    def cell(self, path: str, column: str) -> str:
        sheet, row = self.survey, self.rows.get(path)
        return sheet.cell(row[1], column) if sheet is not None and row is not None else ""

    def counted(self, sheet: str, row: int, column: str) -> str:
        """The cell of a row that pyxform counted from the heading, which it takes for row 1."""
        found = self.sheets.get(sheet)
        if found is None:
            return f"{sheet}!A{row}"
        if self.kind != ".xlsx" and 0 <= row - 2 < len(found.rows):
            row = found.rows[row - 2][0]
        return found.where(row, column)

    def mention(self, text: str) -> str | None:
        """The first cell of the survey that holds a text, its type before its other columns."""
        sheet = self.survey
        columns = sorted(sheet.columns, key=lambda column: column != "type") if sheet is not None else []
        for number, cells in sheet.rows if sheet is not None else ():
            for column in columns:
                if sheet is not None and text in sheet.cell(cells, column):
                    return sheet.where(number, column)
        return None


def column_letters(index: int) -> str:
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _refuse(name: str, wrong: str, right: str) -> FormRefused:
    return FormRefused((Fault(name, wrong, right),))


def open_workbook(source: bytes, name: str) -> Workbook:
    """Read the sheets of an .xlsx, .csv or .md workbook. Raises FormRefused for anything else or anything
    hostile."""
    if len(source) > MAX_SOURCE:
        raise _refuse(name, f"the file has {len(source)} bytes", f"a form has at most {MAX_SOURCE} bytes")
    suffix = name.lower().rsplit(".", 1)[-1]
    if source[:4] == b"PK\x03\x04":
        _inspect_package(source, name)
        sheets, kind = _read_xlsx(source, name), ".xlsx"
    elif source[:4] == b"\xd0\xcf\x11\xe0":
        raise _refuse(
            name,
            "this is an old .xls workbook or one locked with a password",
            "save it as .xlsx without a password",
        )
    elif suffix in ("csv", "md"):
        try:
            text = source.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise _refuse(name, "the text is not UTF-8", "save the file as UTF-8") from None
        sheets, kind = (_read_csv(text), ".csv") if suffix == "csv" else (_read_markdown(text), ".md")
    else:
        raise _refuse(
            name,
            "this is not an .xlsx workbook",
            "save the form as .xlsx (or give an XLSForm as .csv or .md)",
        )
    book = Workbook(kind, sheets)
    if book.survey is None:
        raise _refuse(
            name,
            "the workbook has no sheet 'survey'",
            "add a sheet named survey with the columns type, name, label",
        )
    _place_names(book)
    return book


def _inspect_package(source: bytes, name: str) -> None:
    try:
        package = zipfile.ZipFile(io.BytesIO(source))
        parts = package.infolist()
    except (zipfile.BadZipFile, ValueError, OSError):
        raise _refuse(
            name, "the file is damaged: it cannot be opened as a workbook", "save the workbook again"
        ) from None
    names = {part.filename for part in parts}
    if len(parts) > MAX_PARTS:
        raise _refuse(name, f"the file holds {len(parts)} parts", f"a workbook holds at most {MAX_PARTS}")
    if any("vbaproject" in part.lower() for part in names):
        raise _refuse(name, "the workbook carries macros (vbaProject)", "save it as .xlsx, without macros")
    if "xl/workbook.xml" not in names:
        raise _refuse(name, "the file is a ZIP archive but no .xlsx workbook", "save the form as .xlsx")
    left = MAX_UNPACKED
    for part in parts:
        if part.flag_bits & 1:
            raise _refuse(name, "the workbook is locked with a password", "save it without a password")
        if part.file_size > 1_000_000 and part.file_size > MAX_RATIO * max(part.compress_size, 1):
            raise _refuse(
                name,
                f"{part.filename} unpacks to {part.file_size} bytes, far beyond its packed size",
                "save it again",
            )
        try:
            with package.open(part) as stream:
                content = stream.read(left + 1)
        except (
            zipfile.BadZipFile,
            OSError,
            EOFError,
            NotImplementedError,
            RuntimeError,
            ValueError,
        ) as wrong:
            raise _refuse(
                name, f"{part.filename} cannot be unpacked ({wrong})", "save the workbook again"
            ) from None
        except Exception as wrong:  # zlib.error has no common base with the above
            raise _refuse(name, f"{part.filename} is damaged ({wrong})", "save the workbook again") from None
        left -= len(content)
        if left < 0:
            raise _refuse(
                name,
                f"the workbook unpacks to more than {MAX_UNPACKED} bytes",
                "take pictures and unused sheets out",
            )
        if part.filename.lower().endswith((".xml", ".rels", ".vml")):
            flat = content.replace(b"\x00", b"")
            if b"<!DOCTYPE" in flat or b"<!ENTITY" in flat:
                raise _refuse(
                    name,
                    f"{part.filename} declares entities (DTD)",
                    "save the workbook from a spreadsheet program",
                )
        if part.filename == "[Content_Types].xml" and b"macroEnabled" in content:
            raise _refuse(name, "the workbook is of a macro type", "save it as .xlsx, without macros")


def _read_xlsx(source: bytes, name: str) -> dict[str, Sheet]:
    from openpyxl import load_workbook

    try:
        book = load_workbook(io.BytesIO(source), read_only=True, data_only=True)
    except Exception as wrong:  # openpyxl raises what its many parsers raise
        raise _refuse(
            name, f"the workbook cannot be read ({type(wrong).__name__}: {wrong})", "save it again as .xlsx"
        ) from None
    sheets: dict[str, Sheet] = {}
    for worksheet in book.worksheets:
        grid: list[tuple[int, tuple[str, ...]]] = []
        blank = 0
        for number, row in enumerate(worksheet.iter_rows(values_only=True, max_col=256), 1):
            cells = tuple(_cell_text(value) for value in row)
            blank = 0 if any(cells) else blank + 1
            if blank > 100:
                break
            if any(cells):
                grid.append((number, cells))
            if len(grid) > MAX_ROWS:
                raise _refuse(
                    f"{name}:{worksheet.title}",
                    f"the sheet has more than {MAX_ROWS} rows",
                    "split the form or its lists",
                )
        sheets[worksheet.title.strip().lower()] = _sheet(worksheet.title.strip().lower(), grid)
    book.close()
    return sheets


def _cell_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _sheet(name: str, grid: list[tuple[int, tuple[str, ...]]]) -> Sheet:
    columns: dict[str, int] = {}
    for at, header in enumerate(grid[0][1] if grid else ()):
        key = re.sub(r"\s*::\s*", "::", header.strip())
        key = key.lower() if "::" not in key else key.split("::", 1)[0].lower() + "::" + key.split("::", 1)[1]
        if key:
            columns.setdefault(_ALIASES.get(key, key), at)
    headings = (
        tuple(
            (f"{name}!{column_letters(at)}{grid[0][0]}", text.strip()) for at, text in enumerate(grid[0][1])
        )
        if grid
        else ()
    )
    return Sheet(name, columns, tuple(grid[1:]), headings)


def _read_csv(text: str) -> dict[str, Sheet]:
    """XLSForm in one CSV: the sheet's name in the first column on a row of its own, then rows that leave it
    empty."""
    grids: dict[str, list[tuple[int, tuple[str, ...]]]] = {}
    current = ""
    for number, row in enumerate(csv.reader(io.StringIO(text)), 1):
        if row and row[0].strip():
            current = row[0].strip().lower()
            grids[current] = []
        if current and any(cell.strip() for cell in row[1:]):
            grids[current].append((number, tuple(row)))
    return {name: _sheet(name, [(n, ("", *cells[1:])) for n, cells in grid]) for name, grid in grids.items()}


def _read_markdown(text: str) -> dict[str, Sheet]:
    grids: dict[str, list[tuple[int, tuple[str, ...]]]] = {}
    current = ""
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip().startswith("|"):
            continue
        cells = [c.strip().replace("\\|", "|") for c in re.split(r"(?<!\\)\|", line.strip())[1:-1]]
        if all(re.fullmatch(r":?-+:?", c) for c in cells if c) and any(cells):
            continue
        if cells and cells[0]:
            current = cells[0].lower()
            grids[current] = []
        if current and any(cells[1:]):
            grids[current].append((number, ("", *cells[1:])))
    return {name: _sheet(name, grid) for name, grid in grids.items()}


BEGIN = re.compile(r"begin[_ ](group|repeat|loop)\b", re.IGNORECASE)
END = re.compile(r"end[_ ](group|repeat|loop)\b", re.IGNORECASE)


def _place_names(book: Workbook) -> None:
    sheet = book.survey
    assert sheet is not None
    stack: list[str] = []
    for number, cells in sheet.rows:
        kind, name = sheet.cell(cells, "type"), sheet.cell(cells, "name")
        if END.match(kind):
            if stack:
                stack.pop()
            continue
        if name:
            book.rows.setdefault("/" + "/".join([*stack, name]), (number, cells))
        if BEGIN.match(kind):
            stack.append(name)
