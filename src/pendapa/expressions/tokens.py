"""Text to tokens. Positions are character offsets from 0."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal as Choice

from pendapa.expressions.errors import ExpressionError
from pendapa.expressions.values import MAX_DIGITS

KEYWORDS = frozenset({"and", "or", "not", "in", "between", "if", "then", "else", "true", "false", "null"})

_TOKEN = re.compile(
    r"(?P<space>\s+)"
    r"|(?P<number>[0-9]+(?:\.[0-9]+)?)"
    r"|(?P<name>[A-Za-z_][A-Za-z0-9_]*)"
    r"|(?P<text>\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*')"
    r"|(?P<symbol>==|!=|<=|>=|[-+*/()\[\],<>=])",
    re.DOTALL,
)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_ESCAPES = {"n": "\n", "t": "\t", "\\": "\\", '"': '"', "'": "'"}

# What people bring from other languages, and what this one writes instead. Longer ones first.
_FOREIGN = (
    ("<>", "write `!=` for not equal"),
    ("&&", "write `and`"),
    ("||", "write `or`"),
    ("**", "powers are not part of the language; multiply instead"),
    ("&", "write `and`, or concat(a, b) to join texts"),
    ("|", "write `or`"),
    ("!", "write `not`"),
    ("^", "powers are not part of the language; multiply instead"),
    ("%", "percent is not an operator; divide by 100"),
    (
        ".",
        "there is no access to parts of a value; give the part a name of its own, decimals are written 0.5",
    ),
    ("{", "lists are written [1, 2]"),
    ("}", "lists are written [1, 2]"),
    ("$", "write the name alone, without ${ }"),
    (";", "an expression is one formula, without `;`; list items are separated by a comma"),
    ("“", 'write straight quotation marks: "text"'),
    ("”", 'write straight quotation marks: "text"'),
    ("‘", "write straight quotation marks: 'text'"),
    ("’", "write straight quotation marks: 'text'"),
    ("≤", "write `<=`"),
    ("≥", "write `>=`"),
    ("≠", "write `!=`"),
    ("×", "write `*`"),
    ("÷", "write `/`"),
    ("−", "write `-`"),
)


@dataclass(frozen=True, slots=True)
class Token:
    """One token: `text` is its meaning (unescaped for texts), `position` where it starts."""

    kind: Choice["number", "text", "name", "keyword", "symbol", "end"]
    text: str
    position: int

    @property
    def shown(self) -> str:
        """The token as a message quotes it."""
        if self.kind == "end":
            return "the end of the expression"
        return f'the text "{self.text[:30]}"' if self.kind == "text" else f"`{self.text}`"


def tokenize(text: str) -> list[Token]:
    """Split the text; the last token has kind "end". Raises ExpressionError at the first unknown sign."""
    tokens: list[Token] = []
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise _unknown(text, position)
        found = match.group()
        kind = match.lastgroup
        if kind == "number":
            _check_number(text, found, position, match.end())
            tokens.append(Token("number", found, position))
        elif kind == "name":
            tokens.append(_word(found, position))
        elif kind == "text":
            tokens.append(Token("text", _unescape(found, position), position))
        elif kind == "symbol":
            if text.startswith(("<>", "**"), position):
                raise _unknown(text, position)
            tokens.append(Token("symbol", found, position))
        position = match.end()
    tokens.append(Token("end", "", len(text)))
    return tokens


def _word(word: str, position: int) -> Token:
    if word in KEYWORDS:
        return Token("keyword", word, position)
    small = word.lower()
    if small in KEYWORDS or word == "None":
        right = "null" if word == "None" else small
        raise ExpressionError(
            f"`{word}` is not a word of the language", position, f"write `{right}` in small letters"
        )
    return Token("name", word, position)


def _check_number(text: str, number: str, position: int, end: int) -> None:
    follows = text[end : end + 1]
    if follows == ".":
        right = "write numbers like 1500000 or 1.5, without separators between thousands"
        raise ExpressionError(f"`{number}.` is not a number", position, right)
    if follows.isalpha() or follows == "_":
        right = (
            "put an operator between them, or a letter first if it is a name; powers of ten are written out"
        )
        raise ExpressionError(f"a number runs into `{follows}`", end, right)
    if len(number.replace(".", "").lstrip("0")) > MAX_DIGITS or len(number) > 200:
        raise ExpressionError("the number is too long", position, f"use at most {MAX_DIGITS} digits")


def _unescape(quoted: str, position: int) -> str:
    def replace(match: re.Match[str]) -> str:
        sign = match.group(1)
        if sign not in _ESCAPES:
            wrong = f"`\\{sign}` means nothing in a text"
            raise ExpressionError(wrong, position + 1 + match.start(), "write `\\\\` for a backslash")
        return _ESCAPES[sign]

    return _ESCAPE.sub(replace, quoted[1:-1])


def _unknown(text: str, position: int) -> ExpressionError:
    sign = text[position]
    if sign in "\"'":
        return ExpressionError("a text is not closed", position, f"end it with {sign}")
    for foreign, right in _FOREIGN:
        if text.startswith(foreign, position):
            return ExpressionError(f"`{foreign}` is not a sign of the language", position, right)
    if sign.isalpha():
        wrong = f"`{sign}` cannot stand in a name"
        return ExpressionError(wrong, position, 'names use a-z, 0-9 and _; other letters belong in a "text"')
    return ExpressionError(f"`{sign}` is not a sign of the language", position, "remove it")
