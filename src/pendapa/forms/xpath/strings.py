"""Functions of text."""

from __future__ import annotations

import base64
import hashlib
import math
import random
import re
import uuid
from collections.abc import Callable, Sequence

from pendapa.forms.xpath.arithmetic import round_half_up
from pendapa.forms.xpath.compiler import MANY, Compiler, Function, TextOf, ValueOf
from pendapa.forms.xpath.nodes import Context, Environment
from pendapa.forms.xpath.patterns import compile_pattern
from pendapa.forms.xpath.syntax import Expr, Text, XPathError
from pendapa.forms.xpath.table import FUNCTIONS, define, simple, texts, variadic
from pendapa.forms.xpath.values import (
    Value,
    text_to_number,
)


def _substring(env: Environment, text: str, start: float, length: float | None = None) -> str:
    first = round_half_up(start)
    end = first + round_half_up(length) if length is not None else math.inf
    return "".join(ch for i, ch in enumerate(text, 1) if i >= first and i < end)


def _substr(env: Environment, text: str, start: float, end: float = math.inf) -> str:
    if start != start or end != end:
        return ""
    return text[int(max(min(start, 1e9), -1e9)) : int(max(min(end, 1e9), -1e9))]


def _translate(env: Environment, text: str, old: str, new: str) -> str:
    table: dict[int, str | None] = {}
    for i, ch in enumerate(old):
        table.setdefault(ord(ch), new[i] if i < len(new) else None)
    return text.translate(table)


simple("contains", "boolean", "tt", lambda env, a, b: b in a)
simple("starts-with", "boolean", "tt", lambda env, a, b: a.startswith(b))
simple("ends-with", "boolean", "tt", lambda env, a, b: a.endswith(b))
simple("substring-before", "text", "tt", lambda env, a, b: a.split(b, 1)[0] if b and b in a else "")
simple("substring-after", "text", "tt", lambda env, a, b: (a.split(b, 1)[1] if b in a else "") if b else a)
simple("translate", "text", "ttt", _translate)
variadic("substring", "text", "tnn", 2, _substring)
variadic("substr", "text", "tnn", 2, _substr)
for _name in ("selected", "is-selected"):
    simple(_name, "boolean", "tt", lambda env, a, b: f" {b.strip()} " in f" {a.strip()} ")
simple("count-selected", "number", "t", lambda env, a: float(len(a.split())))


@define("selected-at", "text", 2)
def _selected_at(compiler: Compiler, arguments: Sequence[Expr]) -> ValueOf:
    text, place = compiler.text(arguments[0]), compiler.number(arguments[1])

    def run(c: Context) -> str:
        words, index = text(c).split(), place(c)
        if index != index:
            return ""
        return words[int(index)] if 0 <= index < len(words) else ""

    return run


_SPACES = re.compile("[ \t\r\n]+")  # XML's white space, no other


def _own_text(name: str, kind: str, body: Callable[[str], Value]) -> None:
    """A function of one text, or of the context node when it is given none."""

    def build(compiler: Compiler, arguments: Sequence[Expr]) -> ValueOf:
        if not arguments:
            return lambda c: body(c.node.text())
        text = compiler.text(arguments[0])
        return lambda c: body(text(c))

    FUNCTIONS[name] = Function(kind, 0, 1, build)


_own_text("string", "text", lambda t: t)
_own_text("string-length", "number", lambda t: float(len(t)))
_own_text("normalize-space", "text", lambda t: " ".join(_SPACES.sub(" ", t).strip(" ").split(" ")))


@define("number", "number", 0, 1)
def _number(compiler: Compiler, arguments: Sequence[Expr]) -> ValueOf:
    if not arguments:
        return lambda c: text_to_number(c.node.text(), c.env)
    return compiler.number(arguments[0])


@define("concat", "text", 0, MANY)
def _concat(compiler: Compiler, arguments: Sequence[Expr]) -> ValueOf:
    parts = [texts(compiler, a) for a in arguments]
    return lambda c: "".join([text for part in parts for text in part(c)])


@define("join", "text", 1, MANY)
def _join(compiler: Compiler, arguments: Sequence[Expr]) -> ValueOf:
    between = compiler.text(arguments[0])
    parts = [texts(compiler, a) for a in arguments[1:]]
    return lambda c: between(c).join([text for part in parts for text in part(c)])


@define("regex", "boolean", 2)
def _regex(compiler: Compiler, arguments: Sequence[Expr]) -> ValueOf:
    text = compiler.text(arguments[0])
    pattern = arguments[1]
    if not isinstance(pattern, Text):
        raise XPathError(
            "the pattern of regex() must be written out in quotes, so that it can be checked beforehand"
        )
    matches = compile_pattern(pattern.value)
    return lambda c: matches(text(c))


@define("digest", "text", 2, 3)
def _digest(compiler: Compiler, arguments: Sequence[Expr]) -> ValueOf:
    text, method = compiler.text(arguments[0]), compiler.text(arguments[1])
    encoding: TextOf = compiler.text(arguments[2]) if len(arguments) == 3 else lambda c: "base64"

    def run(c: Context) -> str:
        name = method(c).lower().replace("-", "")
        if name not in ("md5", "sha1", "sha256", "sha384", "sha512"):
            return ""
        raw = hashlib.new(name, text(c).encode(), usedforsecurity=False)
        return raw.hexdigest() if encoding(c) == "hex" else base64.b64encode(raw.digest()).decode()

    return run


def _base64_decode(env: Environment, text: str) -> str:
    """The text (UTF-8) behind base64; blank where it is none, as in JavaRosa."""
    try:
        return base64.b64decode(text, validate=True).decode()
    except ValueError:
        return ""


simple("base64-decode", "text", "t", _base64_decode)
simple("version", "text", "", lambda env: env.version)
_ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz"


@define("uuid", "text", 0, 1)
def _uuid(compiler: Compiler, arguments: Sequence[Expr]) -> ValueOf:
    if not arguments:
        return lambda c: str(uuid.uuid4())
    length = compiler.number(arguments[0])
    return lambda c: "".join(random.choices(_ALPHABET, k=max(0, min(int(length(c)), 200))))  # noqa: S311


simple("random", "number", "", lambda env: random.random())  # noqa: S311 - sampling, not secrets
