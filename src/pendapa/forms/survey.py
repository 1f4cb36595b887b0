"""The survey sheet read before compilation: features that are not supported, references that lead nowhere.

pyxform stops at its first error; these checks name every fault of their kinds with its cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pendapa.forms.model import Fault
from pendapa.forms.workbook import BEGIN, END, Sheet, Workbook

# XLSForm type -> kind of field, as the XLSForm reference has them. Everything else is refused by name.
KINDS = {
    "text": "text", "integer": "integer", "decimal": "decimal", "range": "range",
    "date": "date", "time": "time", "datetime": "dateTime",
    "select_one": "select_one", "select_multiple": "select_multiple",
    "select_one_from_file": "select_one", "select_multiple_from_file": "select_multiple", "rank": "rank",
    "geopoint": "geopoint", "geotrace": "geotrace", "geoshape": "geoshape", "barcode": "barcode",
    "audio": "audio", "video": "video", "image": "image", "file": "file",
    "note": "note", "acknowledge": "acknowledge", "calculate": "calculate", "hidden": "hidden",
    "start": "start", "end": "end", "today": "today", "username": "username", "deviceid": "deviceid",
    "phonenumber": "phonenumber", "email": "email", "simserial": "simserial", "subscriberid": "subscriberid",
    "start-geopoint": "start-geopoint", "background-geopoint": "background-geopoint",
    "background-audio": "background-audio", "audit": "audit",
}  # fmt: skip
# Taken by the device that fills the form in; nobody is asked.
TAKEN = frozenset({"start-geopoint", "background-geopoint", "background-audio", "audit"})
OLD_KINDS = {
    "string": "text", "int": "integer", "photo": "image", "trigger": "acknowledge",
    "select_one_external": "select_one", "imei": "deviceid",
}  # fmt: skip
LISTS = frozenset({"csv-external", "xml-external"})  # a row that names a file of choices, and holds no answer
_WITH_WORDS = ("select", "rank")  # types that a list follows
_REFERENCE = re.compile(r"\$\{\s*(?:last-saved#)?([^}]*?)\s*\}")
_LITERALS = re.compile(r"\"[^\"]*\"|'[^']*'")
_SEARCH = re.compile(r"\bsearch\s*\(")


def kind_of(type_text: str) -> str | None:
    """The kind of field a type cell names, or None."""
    words = (
        type_text.lower()
        .replace("select one", "select_one")
        .replace("select multiple", "select_multiple")
        .split()
    )
    if not words:
        return None
    if words[1:] and not words[0].startswith(_WITH_WORDS):
        return None
    if "external" in words[1:2]:
        return None
    return KINDS.get(words[0]) or OLD_KINDS.get(words[0])


def check_survey(book: Workbook) -> list[Fault]:
    """Every unsupported type, unresolved `${name}`, and look-up in outside data, with its cell."""
    sheet = book.survey
    assert sheet is not None
    faults: list[Fault] = [*_whole_sheets(book)]
    for needed in ("type", "name"):
        if needed not in sheet.columns:
            faults.append(
                Fault(
                    "survey!A1",
                    f"the column {needed} is missing",
                    f"add a column {needed} to the survey sheet",
                )
            )
    if any(needed not in sheet.columns for needed in ("type", "name")):
        return faults
    if not sheet.rows:
        faults.append(Fault("survey!A1", "the survey sheet has no rows", "write a question into it"))
    names = {sheet.cell(cells, "name") for _, cells in sheet.rows} - {""}
    lists = book.sheets.get("choices")
    external = book.sheets.get("external_choices")
    known_lists = _list_names(lists) if lists is not None else set()
    known_external = _list_names(external) if external is not None else set()
    for number, cells in sheet.rows:
        type_text, name = sheet.cell(cells, "type"), sheet.cell(cells, "name")
        if type_text and not BEGIN.match(type_text) and not END.match(type_text):
            kind = "" if type_text.lower() in LISTS else kind_of(type_text)
            if kind is None:
                faults.append(
                    Fault(
                        sheet.where(number, "type"),
                        f"the question type {type_text!r} of {name!r} is not supported",
                        "use one of " + ", ".join(sorted([*KINDS, *LISTS])),
                    )
                )
            elif (kind.startswith("select") or kind == "rank") and "from_file" not in type_text:
                words = (
                    type_text.replace("select one", "select_one")
                    .replace("select multiple", "select_multiple")
                    .split()
                )
                known = known_external if "external" in words[0] else known_lists
                if len(words) == 1:
                    right = f"write the list's name behind it: {words[0]} LIST"
                    where = sheet.where(number, "type")
                    faults.append(Fault(where, f"the type of {name!r} names no choice list", right))
                if len(words) > 1 and words[1] not in known and not words[1].startswith("${"):
                    place = "external_choices" if "external" in words[0] else "choices"
                    right = f"add rows with list_name {words[1]} to the sheet {place}"
                    faults.append(
                        Fault(sheet.where(number, "type"), f"there is no choice list {words[1]!r}", right)
                    )
        elif BEGIN.match(type_text) and "loop" in type_text:
            faults.append(Fault(sheet.where(number, "type"), "loops are not supported", "use begin_repeat"))
        faults += _check_cells(sheet, number, cells, names)
    return faults


def _whole_sheets(book: Workbook) -> Iterator[Fault]:
    """Sheets and columns of features that are not there: entities (rows of ODK Central's lists) and map features."""
    for name, rows in (("entities", "entities"), ("osm", "tags of OpenStreetMap")):
        sheet = book.sheets.get(name)
        if sheet is not None and sheet.rows:
            yield Fault(f"{name}!A1", f"{rows} are not supported", f"take the sheet {name} out")
    sheet = book.survey
    for number, cells in sheet.rows if sheet is not None else ():
        assert sheet is not None
        for column in ("save_to", "bind::entities:saveto"):
            if sheet.cell(cells, column):
                wrong = f"the column {column} writes to an entity, which is not supported"
                yield Fault(sheet.where(number, column), wrong, "take the column out")


def _list_names(sheet: Sheet) -> set[str]:
    return {sheet.cell(cells, "list_name") for _, cells in sheet.rows}


def _check_cells(sheet: Sheet, number: int, cells: tuple[str, ...], names: set[str]) -> list[Fault]:
    faults = []
    for column in sheet.columns:
        text = sheet.cell(cells, column)
        if "{" in text:
            for wanted in _REFERENCE.findall(text):
                if wanted not in names:
                    right = "write the name of a row of the survey sheet"
                    faults.append(Fault(sheet.where(number, column), f"${{{wanted}}} names no field", right))
            if "last-saved#" in text:
                right = "use a plain ${name}; the site prefills from the profile"
                faults.append(
                    Fault(sheet.where(number, column), "last-saved answers are not supported", right)
                )
        search = (
            _SEARCH.search(_LITERALS.sub("", text))
            if "(" in text and not column.startswith(("label", "hint"))
            else None
        )
        if search:
            right = "put the data in the sheet choices, or use select_one_from_file"
            faults.append(Fault(sheet.where(number, column), "search() is not supported", right))
    return faults
