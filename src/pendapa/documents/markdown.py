"""The text of a letter: a small part of Markdown, read into nodes that the template sets.

Headings, paragraphs, bold, italic, lists, tables, a rule and hard line breaks. Fields `{{ name }}` are filled
in after reading, as plain text: an answer can hold anything and still adds no markup.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from pendapa.documents.facts import MAX_BODY, MAX_FIELDS, MAX_TEXT, LetterRefused

Node = dict[str, Any]

_FIELD = re.compile(r"\{\{\s*([A-Za-z][A-Za-z0-9_]*(?:\.[A-Za-z][A-Za-z0-9_]*)*)\s*\}\}")
_BRACES = re.compile(r"\{\{|\}\}")
_LONG_WORD = re.compile(r"[^\s\u200b]{29,}")
_EMPTY_LINES = re.compile(r"\n(?:[^\S\n]*\n){2,}")
_LINE = 60  # characters that a line end counts for
_BREAK = "\u200b"  # zero width space
_PIECE = re.compile(r"\S{1,8}")
# Characters that reorder their neighbours could make a letter read otherwise than it was checked.
_REORDERING = {chr(code) for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C)}

_UNSUPPORTED = {
    "blockquote_open": ("a quotation", "write it as a paragraph"),
    "code_block": ("an indented block", "begin the line at the margin"),
    "fence": ("a code block", "write it as a paragraph"),
    "html_block": ("HTML", "write plain Markdown"),
    "html_inline": ("HTML", "write plain Markdown"),
    "code_inline": ("code in back quotes", "write it without them"),
    "link_open": ("a link", "write the address as text"),
    "image": ("an image", "leave it out; the letterhead comes from the template"),
}


def letter_fields(body: str) -> frozenset[str]:
    """The names of the fields that a letter's text uses. Raises LetterRefused for unsupported markup."""
    names: set[str] = set()
    for token in _tokens(body):
        for child in token.children or ():
            names.update(_FIELD.findall(child.content))
    return frozenset(names)


def check_letter(body: str, known: Collection[str]) -> None:
    """Raise LetterRefused if the text uses markup we do not set, or a field whose name is not known."""
    read_letter(body, dict.fromkeys(known, "-"))


def read_letter(body: str, fields: Mapping[str, str]) -> list[Node]:
    """Read a letter's text into block nodes with its fields filled in.

    Raises LetterRefused naming the line for unknown fields, unsupported markup and texts that are too long.
    """
    if len(fields) > MAX_FIELDS:
        raise LetterRefused("fields", f"there are {len(fields)} of them", f"give at most {MAX_FIELDS}")
    for name, value in fields.items():
        if len(value) > MAX_TEXT:
            raise LetterRefused(
                f"field {name}", f"it has {len(value)} characters", f"give at most {MAX_TEXT}"
            )
    tokens = _tokens(body)
    reader = _Reader(fields)
    nodes = reader.blocks(iter(tokens), until=None)
    if reader.size > MAX_BODY:
        raise LetterRefused(
            "letter", f"with its fields filled it has {reader.size} characters", f"keep it to {MAX_BODY}"
        )
    return nodes


def plain_text(value: str) -> str:
    """The value without control characters and those that reorder text, empty lines never two together."""
    kept = (
        character
        for character in value.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
        if character == "\n"
        or not (unicodedata.category(character) in ("Cc", "Cs") or character in _REORDERING)
    )
    return _EMPTY_LINES.sub("\n\n", "".join(kept))


def breakable(text: str) -> str:
    """The text with places to break (zero width spaces) in words that would run off the paper."""
    return _LONG_WORD.sub(lambda word: _BREAK.join(_PIECE.findall(word.group())), text)


def _tokens(body: str) -> list[Token]:
    if len(body) > MAX_BODY:
        raise LetterRefused("letter", f"it has {len(body)} characters", f"keep it to {MAX_BODY}")
    tokens = MarkdownIt("commonmark").enable("table").parse(body)
    line = 1
    for token in tokens:
        line = token.map[0] + 1 if token.map else line
        for part in (token, *(token.children or ())):
            if part.type in _UNSUPPORTED:
                what, instead = _UNSUPPORTED[part.type]
                raise LetterRefused(f"letter line {line}", f"{what} is not supported in letters", instead)
    return tokens


class _Reader:
    def __init__(self, fields: Mapping[str, str]) -> None:
        self._fields = fields
        self._line = 1
        self._level = 0
        self.size = 0

    def blocks(self, tokens: Iterator[Token], until: str | None) -> list[Node]:
        nodes: list[Node] = []
        for token in tokens:
            self._line = token.map[0] + 1 if token.map else self._line
            if token.type == until:
                break
            node = self._block(token, tokens)
            if node is not None:
                nodes.append(node)
        return nodes

    def _block(self, token: Token, tokens: Iterator[Token]) -> Node | None:
        match token.type:
            case "paragraph_open":
                return {"kind": "paragraph", "parts": self._line_of(tokens)}
            case "heading_open":
                # A reader that hears the headings needs levels without gaps (PDF/UA), whatever was typed.
                self._level = min(int(token.tag[1]), self._level + 1, 3)
                return {
                    "kind": "heading",
                    "level": self._level,
                    "written": token.tag,
                    "parts": self._line_of(tokens),
                }
            case "bullet_list_open" | "ordered_list_open":
                ordered = token.type == "ordered_list_open"
                close = token.type.replace("_open", "_close")
                return {
                    "kind": "numbers" if ordered else "bullets",
                    "start": int(token.attrs.get("start", 1)),
                    "items": self._items(tokens, close),
                }
            case "table_open":
                return self._table(tokens)
            case "hr":
                return {"kind": "rule"}
            case _:
                return None

    def _line_of(self, tokens: Iterator[Token]) -> list[Node]:
        inline = next(tokens)
        next(tokens)
        return self._parts(iter(inline.children or ()), until=None)

    def _items(self, tokens: Iterator[Token], close: str) -> list[list[Node]]:
        items: list[list[Node]] = []
        for token in tokens:
            if token.type == close:
                break
            if token.type == "list_item_open":
                items.append(self.blocks(tokens, until="list_item_close"))
        return items

    def _table(self, tokens: Iterator[Token]) -> Node:
        rows: list[list[list[Node]]] = []
        aligns: list[str] = []
        for token in tokens:
            self._line = token.map[0] + 1 if token.map else self._line
            if token.type == "table_close":
                break
            if token.type == "tr_open":
                rows.append([])
            elif token.type in ("th_open", "td_open"):
                if token.type == "th_open":
                    style = str(token.attrs.get("style", ""))
                    aligns.append(style.removeprefix("text-align:") or "left")
                rows[-1].append(self._line_of(tokens))
        head, *body = rows
        # A table whose head is empty is the list of particulars that stands in nearly every licence.
        particulars = not any(head)
        return {
            "kind": "particulars" if particulars else "table",
            "widths": _widths(rows, least=40 if particulars and len(head) == 2 else 8),
            "aligns": aligns,
            "head": head,
            "rows": body,
        }

    def _parts(self, tokens: Iterator[Token], until: str | None) -> list[Node]:
        parts: list[Node] = []
        for token in tokens:
            if token.type == until:
                break
            if token.type == "strong_open":
                parts.append({"kind": "bold", "parts": self._parts(tokens, "strong_close")})
            elif token.type == "em_open":
                parts.append({"kind": "italic", "parts": self._parts(tokens, "em_close")})
            elif token.type == "hardbreak":
                parts.append({"kind": "break"})
            elif token.type == "softbreak":
                parts.append({"kind": "text", "text": " "})
            elif token.content:
                parts.extend(text_parts(self._fill(token.content)))
        return parts

    def _fill(self, text: str) -> str:
        rest = _FIELD.sub("", text)
        if _BRACES.search(rest):
            raise LetterRefused(
                f"letter line {self._line}",
                "a field is not closed or its name is not a name",
                "write {{ name }}",
            )
        filled = plain_text(_FIELD.sub(self._value, text))
        # A line end takes a line of paper: thousands of them would set hundreds of pages from a short answer.
        self.size += len(filled) + _LINE * filled.count("\n")
        return filled

    def _value(self, found: re.Match[str]) -> str:
        name = found.group(1)
        if name not in self._fields:
            known = ", ".join(sorted(self._fields)) or "none"
            raise LetterRefused(
                f"letter line {self._line}", f"the field {name} is not known", f"use one of: {known}"
            )
        return self._fields[name]


def text_parts(text: str) -> Sequence[Node]:
    """A plain text as inline nodes, its line ends kept as line breaks."""
    parts: list[Node] = []
    for number, line in enumerate(breakable(text).split("\n")):
        if number:
            parts.append({"kind": "break"})
        if line:
            parts.append({"kind": "text", "text": line})
    return parts


def _widths(rows: Sequence[Sequence[Sequence[Node]]], least: int) -> list[int]:
    """Shares of the line for a table's columns: as their longest cell, within bounds that keep all readable.

    The last column gets at least `least`: the values of particulars stand near their labels, however short.
    """
    columns = list(zip(*rows, strict=True))
    floors = [8] * (len(columns) - 1) + [least]
    return [min(max(floor, *map(_length, column)), 40) for floor, column in zip(floors, columns, strict=True)]


def _length(parts: Sequence[Node]) -> int:
    return sum(len(part.get("text", "")) + _length(part.get("parts", ())) for part in parts)
