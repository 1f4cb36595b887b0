"""Expressions as modelling tools write them into BPMN files."""

from __future__ import annotations

import re
from typing import Final

from pendapa.expressions import Expression, ExpressionError, parse
from pendapa.processes.faults import Fault

DURATION: Final = re.compile(r"P(?=.)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?")
DATE: Final = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?")
CYCLE: Final = re.compile(r"R\d*/.+")


_UNIFIED: Final = re.compile(
    r"""(?P<quoted>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|!\s*(?P<negated>[A-Za-z_]\w*)"""
    r"""|(?P<sign>&&|\|\||!(?!=)|\b(?:eq|ne|lt|gt|le|ge)\b)"""
)
_SIGNS: Final = {
    "&&": " and ", "||": " or ", "!": " not ",
    "eq": "=", "ne": "!=", "lt": "<", "gt": ">", "le": "<=", "ge": ">=",
}  # fmt: skip
"""Operators of Java's expression language, which Camunda 7 writes, where ours has others."""


def unwrap(text: str) -> str:
    """The expression inside `${...}`, `#{...}` or behind a leading `=`."""
    text = text.strip()
    if text[:2] in ("${", "#{") and text.endswith("}") and "{" not in text[2:]:
        return _UNIFIED.sub(_in_our_language, text[2:-1]).strip()
    return text[1:].strip() if text.startswith("=") and not text.startswith("==") else text


def _in_our_language(found: re.Match[str]) -> str:
    if found["sign"]:
        return _SIGNS[found["sign"]]
    return f"(not {found['negated']})" if found["negated"] else found[0]


def read_expression(text: str, where: str, what: str, faults: list[Fault]) -> Expression | None:
    """Parse an expression; a fault is added and None returned when it is none."""
    try:
        return parse(unwrap(text))
    except ExpressionError as error:
        faults.append(
            Fault(
                where,
                f"The {what} {unwrap(text)!r} cannot be read: {error}.",
                'Write it as in `result = "accept" and amount > 500`.',
            )
        )
        return None


def is_name(text: str) -> bool:
    """Whether an expression would read this text as one variable."""
    try:
        return parse(text).inputs == {text}
    except ExpressionError:
        return False


def read_name(text: str, where: str, what: str, faults: list[Fault]) -> str | None:
    """The name of a variable, as an expression would read it; a fault is added when it is none."""
    name = unwrap(text)
    if is_name(name):
        return name
    wrong = f"The {what} {name!r} is no name of a variable."
    faults.append(Fault(where, wrong, "Use letters, digits and _ alone."))
    return None
