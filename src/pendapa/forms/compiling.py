"""compile_form: a workbook to a Form, or every fault that was found in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from pendapa.forms.deprecated import deprecated
from pendapa.forms.lists import right_format
from pendapa.forms.model import (
    Choice,
    Declaration,
    Fault,
    Field,
    Form,
    FormRefused,
    Frozen,
    Page,
    Row,
    plain,
    shown_media,
)
from pendapa.forms.program import Problem, build_program, filter_columns
from pendapa.forms.survey import TAKEN, check_survey, kind_of
from pendapa.forms.types import CHECKS
from pendapa.forms.workbook import Workbook, open_workbook
from pendapa.forms.xform import Shown, XForm, language_code, read_xform

PRELOADS = frozenset(
    {"start", "end", "today", "username", "deviceid", "phonenumber", "email", "simserial", "subscriberid"}
)
_RIGHT = {
    "relevant": "correct the condition",
    "constraint": "correct the constraint",
    "required": "write yes, no or a condition",
    "calculation": "correct the calculation",
    "choice_filter": "correct the filter",
    "default": "correct the default",
    "repeat_count": "write a number or a field",
    "label": "correct the reference",
    "readonly": "write yes, no or a condition",
}


def compile_form(source: bytes, *, name: str, files: Mapping[str, bytes] | None = None) -> Form:
    """Compile an XLSForm (.xlsx, .csv or .md by content and `name`).

    `files` are the CSV, XML and GeoJSON files by name that select_one_from_file, csv-external, xml-external and
    pulldata() ask for. Raises FormRefused with all faults found.
    """
    book = open_workbook(source, name)
    faults = check_survey(book)
    if faults:
        raise FormRefused(tuple(faults))
    default_language = _default_language(book)
    xml, warnings = _convert(source, book, name)
    xform = read_xform(xml, files or {}, default_language, _external_lists(book))
    root = "/" + xform.definition.root
    for file, wrong in xform.bad_files:
        where = book.mention(file) or book.mention(file.rsplit(".", 1)[0]) or name
        right = f"put {file} beside the form, {right_format(file)}"
        faults.append(Fault(where, f"the file {file} {wrong}", right))
    for path, what in xform.unsupported:
        faults.append(Fault(book.where(path.removeprefix(root)), f"{what} is not supported", "take it out"))
    made, problems = build_program(xform.definition)
    faults += [_fault(problem, book, root) for problem in problems]
    faults += _missing_columns(xform, book)
    if faults:
        raise FormRefused(tuple(dict.fromkeys(faults)))
    kinds = {d.path: _kind(d, book) for d in xform.definition}
    shown = {s.path: s for s in _all_shown(xform.body)}
    fields = {d.short: _field(d, kinds[d.path], shown.get(d.path), xform, book) for d in _leaves(xform)}
    form = Form(
        title=xform.title,
        version=xform.version,
        languages=xform.definition.languages,
        default_language=xform.definition.languages[0],
        warnings=(*deprecated(book), *_wrong_defaults(xform, book), *warnings),
        fields=Frozen(fields),
        pages=tuple(_pages(xform.body, xform)),
        definition=xform.definition,
        cells=Frozen({d.short: book.where(d.short) for d in xform.definition if d.short in book.rows}),
    )
    form.__dict__["_program"] = made
    return form


def _default_language(book: Workbook) -> str:
    """Code for words without a language: the settings' default_language, else Indonesian."""
    settings = book.sheets.get("settings")
    if settings is not None and settings.rows:
        named = settings.cell(settings.rows[0][1], "default_language")
        if named:
            return language_code(named)
    return "id"


def _external_lists(book: Workbook) -> dict[str, tuple[dict[str, str], ...]]:
    """The rows of the sheet external_choices by the name of their list."""
    sheet = book.sheets.get("external_choices")
    lists: dict[str, list[dict[str, str]]] = {}
    for _, cells in sheet.rows if sheet is not None else ():
        assert sheet is not None
        row = {column: sheet.cell(cells, column) for column in sheet.columns}
        name = row.pop("list_name", "")
        lists.setdefault(name, []).append(row)
    return {name: tuple(rows) for name, rows in lists.items()}


def _convert(source: bytes, book: Workbook, name: str) -> tuple[str, list[Fault]]:
    from pyxform.errors import PyXFormError
    from pyxform.xls2xform import convert

    notes: list[str] = []
    try:
        result = convert(source, warnings=notes, file_type=book.kind, form_name="data")
    except PyXFormError as wrong:
        raise FormRefused((_translate_error(str(wrong), book),)) from None
    except RecursionError:
        raise FormRefused((Fault(name, "groups are nested too deeply", "use fewer levels"),)) from None
    except (KeyError, IndexError, AttributeError, TypeError, ValueError) as wrong:
        reason = f"the workbook cannot be read as an XLSForm ({type(wrong).__name__}: {wrong})"
        raise FormRefused((Fault(name, reason, "compare it with the XLSForm reference"),)) from None
    # or_other in a translated form: named with its cell by `deprecated`
    return result.xform, [_translate_warning(note, book) for note in notes if "or_other" not in note]


def _translate_error(text: str, book: Workbook) -> Fault:
    row = re.search(r"\[row\s*:\s*(\d+)\]\s*", text)
    column = re.search(r"\[column\s*:\s*(\w+)\]", text) or re.search(r"the '(\w+)' value", text)
    sheet = re.search(r"'(survey|choices|settings)'", text)
    where = sheet[1] if sheet else "survey"
    if row:
        where = book.counted(where, int(row[1]), column[1] if column else "type")
    else:
        for quoted in re.findall(r"['\"`]([A-Za-z_][\w.\-]*)['\"`]", text):
            path = next((p for p in book.rows if p.endswith("/" + quoted)), None)
            if path is not None:
                where = book.where(path)
                break
    message = re.sub(r"\[(row|column)\s*:\s*\w+\]\s*", "", text).strip().splitlines()
    return Fault(where, message[0] if message else "not a valid XLSForm", "correct the row; see xlsform.org")


def _translate_warning(text: str, book: Workbook) -> Fault:
    row = re.search(r"\[row\s*:\s*(\d+)\]\s*", text)
    where = book.counted("survey", int(row[1]), "type") if row else "survey"
    return Fault(where, re.sub(r"\[row\s*:\s*\d+\]\s*", "", text).strip(), "see xlsform.org")


def _fault(problem: Problem, book: Workbook, root: str) -> Fault:
    path, column = problem.path.removeprefix(root), problem.column
    if path.endswith("_count") and path not in book.rows and path.removesuffix("_count") in book.rows:
        path, column = (
            path.removesuffix("_count"),
            "repeat_count",
        )  # pyxform keeps the number in a field of its own
    wrong = re.sub(rf"{re.escape(root)}(/[\w./\-]+)", r"\1", problem.wrong)
    return Fault(book.where(path, column), f"{column} of {path}: {wrong}", _RIGHT[column])


def _missing_columns(xform: XForm, book: Workbook) -> Iterator[Fault]:
    """Columns that a choice_filter names and neither its list nor the sheet of lists has."""
    written = {
        c for name in ("choices", "external_choices") if (s := book.sheets.get(name)) for c in s.columns
    }
    for d in xform.definition:
        found = d.itemset and re.search(r"instance\('([^']+)'\)", d.itemset.nodeset)
        rows = (
            xform.definition.lists[found[1]].children if found and found[1] in xform.definition.lists else ()
        )
        have = written | {cell.tag for row in rows for cell in row.children}
        for name in filter_columns(d.itemset.nodeset) if d.itemset and found and rows else ():
            if name not in have:
                wrong = (
                    f"choice_filter of {d.short}: the list {found[1]!r} has no column {name!r}"
                    if found
                    else ""
                )
                yield Fault(book.where(d.short, "choice_filter"), wrong, _RIGHT["choice_filter"])


def _wrong_defaults(xform: XForm, book: Workbook) -> Iterator[Fault]:
    for d in xform.definition:
        check = CHECKS.get(d.type)
        if d.default and check is not None and d.control != "trigger" and not check(d.default):
            wrong = f"the default {d.default!r} of {d.short} is not of its type"
            yield Fault(
                book.where(d.short, "default"), wrong, "correct it, or the answer that keeps it is an error"
            )


def _leaves(xform: XForm) -> Iterator[Declaration]:
    for d in xform.definition:
        if (
            not d.children
            and not d.short.startswith("/meta")
            and d.control not in ("group", "repeat")
            and d.parent >= 0
        ):
            yield d


def _all_shown(body: tuple[Shown, ...]) -> Iterator[Shown]:
    for item in body:
        yield item
        yield from _all_shown(item.inside)


def _kind(d: Declaration, book: Workbook) -> str:
    if d.preload in PRELOADS and not d.control:
        return d.preload
    named = kind_of(book.cell(d.short, "type"))
    if not d.control:
        if d.calculate or d.triggered:
            return "calculate"
        return named if named in TAKEN else "hidden"
    if named is not None:
        return named
    by_type = {"int": "integer", "decimal": "decimal", "date": "date", "time": "time", "dateTime": "dateTime"}
    by_control = {
        "select": "select_multiple",
        "select1": "select_one",
        "upload": "file",
        "trigger": "acknowledge",
    }
    return by_control.get(d.control) or by_type.get(d.type, "text")


_YES_NO = {
    "": False,
    "no": False,
    "false": False,
    "false()": False,
    "yes": True,
    "true": True,
    "true()": True,
}


def _constant(source: str) -> bool | None:
    return {"": False, "false()": False, "true()": True}.get(source.replace(" ", ""))


def _field(d: Declaration, kind: str, shown: Shown | None, xform: XForm, book: Workbook) -> Field:
    parameters = dict(shown.parameters) if shown else {}
    for pair in re.split(r"[\s,;]+", book.cell(d.short, "parameters")):
        key, _, value = pair.partition("=")
        if value:
            parameters[key.strip()] = value.strip()
    readonly = book.cell(d.short, "readonly").lower()
    return Field(
        path=d.short,
        name=d.path.rsplit("/", 1)[-1],
        kind=kind,
        label=plain(d.label),
        hint=plain(d.hint),
        required=_constant(d.required),
        readonly=True if kind in ("note", "calculate") else _YES_NO.get(readonly),
        choices=_whole_list(d, xform),
        appearance=shown.appearance if shown else "",
        parameters=Frozen(parameters),
        repeat=_repeat_of(d, xform),
        media=d.media,
    )


def _repeat_of(d: Declaration, xform: XForm) -> str | None:
    at = d.parent
    while at >= 0:
        above = xform.definition.declarations[at]
        if above.is_repeat:
            return above.short
        at = above.parent
    return None


def _whole_list(d: Declaration, xform: XForm) -> Frozen[str, tuple[Choice, ...]]:
    if d.itemset is None:
        return Frozen()
    match = re.search(r"instance\('([^']+)'\)", d.itemset.nodeset)
    found = xform.definition.lists.get(match[1]) if match else None
    result = {}
    for language in xform.definition.languages:
        result[language] = tuple(
            _choice(row, d, xform, language) for row in (found.children if found else ())
        )
    return Frozen(result)


def _choice(row: Row, d: Declaration, xform: XForm, language: str) -> Choice:
    assert d.itemset is not None
    cells = {cell.tag: cell.text for cell in row.children}
    name, label = cells.get(d.itemset.value, ""), cells.get(d.itemset.label, "")
    media: Frozen[str, str] = Frozen()
    if d.itemset.translated:
        media = shown_media(xform.definition, label, language)
        words = plain(xform.definition.texts.get(label, Frozen()))
        label = (
            words.get(language) or words.get(xform.definition.languages[0]) or next(iter(words.values()), "")
        )
    return Choice(name, label or name, media)


def _pages(body: tuple[Shown, ...], xform: XForm) -> Iterator[Page]:
    """A question, a field-list group or a repeat each is a page; other groups give the pages of what they
    hold."""
    by_path = {d.path: d for d in xform.definition}
    for item in body:
        d = by_path[item.path]
        if item.control == "group" and "field-list" not in item.appearance.split():
            yield from _pages(item.inside, xform)
        elif item.control in ("group", "repeat"):
            nested = [s for s in _all_shown(item.inside) if s.control == "repeat"]
            apart = {i.path for s in nested for i in _all_shown(s.inside)}
            inside = [
                s
                for s in _all_shown(item.inside)
                if s.control not in ("group", "repeat") and s.path not in apart
            ]
            fields = tuple(by_path[s.path].short for s in inside)
            if fields:
                yield Page(d.short, item.control, fields, plain(d.label), plain(d.hint))
            for s in nested:
                if s.path not in apart:
                    yield from _pages((s,), xform)
        else:
            yield Page(d.short, "question", (d.short,), plain(d.label), plain(d.hint))
