"""Old spellings that still compile: each is a warning with its cell and the word that took its place.

XLSForm keeps reading them (they stand in pyxform's alias tables), its documentation no longer teaches them.
"""

from __future__ import annotations

from collections.abc import Iterator

from pendapa.forms.model import Fault
from pendapa.forms.workbook import BEGIN, Workbook

COLUMNS = {
    "relevance": "relevant",
    "read_only": "readonly",
    "calculate": "calculation",
    "constraining_message": "constraint_message",
    "constraint_msg": "constraint_message",
    "requiredmsg": "required_message",
    "list name": "list_name",
    "count": "repeat_count",
    "jr:count": "repeat_count",
    "caption": "label",
    "command": "type",
    "tag": "name",
}
TYPES = {
    "int": "integer",
    "string": "text",
    "photo": "image",
    "trigger": "acknowledge",
    "select one": "select_one",
    "select multiple": "select_multiple",
    "select_one_external": "select_one_from_file with a CSV file",
    "imei": "deviceid",
    "begin lgroup": "begin_repeat",
    "begin looped group": "begin_repeat",
}
NEVER_SET = frozenset({"simserial", "subscriberid"})
NO_EFFECT = "sms_"  # answers by text message: no program sends them any more


def deprecated(book: Workbook) -> list[Fault]:
    """Warnings for old columns of every sheet and old types of the survey."""
    return [*_columns(book), *_types(book)]


def _columns(book: Workbook) -> Iterator[Fault]:
    for sheet in book.sheets.values():
        for cell, written in sheet.headings:
            column = written.split("::", 1)[0].strip().lower()
            if column in COLUMNS and sheet.name in ("survey", "choices", "external_choices"):
                yield Fault(cell, f"the column {written!r} is an old spelling", f"write {COLUMNS[column]}")
            elif column.startswith(NO_EFFECT):
                yield Fault(cell, f"the column {written!r} has no effect", "take it out")


def _types(book: Workbook) -> Iterator[Fault]:
    sheet = book.survey
    for number, cells in sheet.rows if sheet is not None else ():
        assert sheet is not None
        written = " ".join(sheet.cell(cells, "type").lower().split())
        where = sheet.where(number, "type")
        old = next((old for old in TYPES if written == old or written.startswith(f"{old} ")), None)
        if old is not None:
            yield Fault(where, f"the type {old!r} is an old spelling", f"write {TYPES[old]}")
        if written in NEVER_SET:
            wrong = f"no program fills in {written} any more: devices do not tell it"
            yield Fault(where, wrong, "take the row out")
        if written.endswith(" or_other") and not BEGIN.match(written) and _is_translated(book):
            yield Fault(
                where,
                "or_other adds a choice and a question in English only",
                "add a choice 'other' and a text question that is relevant when it is chosen",
            )


def _is_translated(book: Workbook) -> bool:
    sheet = book.survey
    return sheet is not None and any(column.startswith("label::") for column in sheet.columns)
