"""The function table: XPath 1.0's core and OpenRosa's additions, each with its arity and result type."""

from __future__ import annotations

import base64
import hashlib
import math
import random
import re
import uuid
from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import ROUND_FLOOR, Decimal, InvalidOperation

from pendapa.forms.xpath import dates, geometry
from pendapa.forms.xpath.compiler import MANY, Compiler, Function, NumberOf, TextOf, ValueOf
from pendapa.forms.xpath.nodes import Context, Environment, Node
from pendapa.forms.xpath.patterns import compile_pattern
from pendapa.forms.xpath.syntax import Call, Expr, Number, Path, Text, XPathError
from pendapa.forms.xpath.values import (
    NAN,
    Value,
    date_to_text,
    number_to_text,
    text_to_number,
    to_boolean,
    to_date,
    to_text,
    utc_days,
)

FUNCTIONS: dict[str, Function] = {}
VOLATILE = frozenset({"uuid", "random", "once"})  # kept as sent, not computed again

Build = Callable[[Compiler, Sequence[Expr]], ValueOf]


def define(name: str, kind: str, least: int, most: int | None = None) -> Callable[[Build], Build]:
    def keep(build: Build) -> Build:
        FUNCTIONS[name] = Function(kind, least, least if most is None else most, build)
        return build

    return keep


def _simple(name: str, kind: str, wants: str, body: Callable[..., Value]) -> None:
    """A function of arguments of known types: n(umber), t(ext), b(oolean), v(alue). The body gets the
    environment first."""

    def build(compiler: Compiler, arguments: Sequence[Expr]) -> ValueOf:
        readers: list[ValueOf] = []
        for want, argument in zip(wants, arguments, strict=True):
            match want:
                case "n":
                    readers.append(compiler.number(argument))
                case "t":
                    readers.append(compiler.text(argument))
                case "b":
                    readers.append(compiler.boolean(argument))
                case _:
                    readers.append(compiler.value(argument))
        if not readers:
            return lambda c: body(c.env)
        if len(readers) == 1:
            only = readers[0]
            return lambda c: body(c.env, only(c))
        if len(readers) == 2:
            first, second = readers
            return lambda c: body(c.env, first(c), second(c))
        return lambda c: body(c.env, *[read(c) for read in readers])

    FUNCTIONS[name] = Function(kind, len(wants), len(wants), build)


def _guard(body: Callable[..., float]) -> Callable[..., float]:
    """Mathematics outside a function's domain gives NaN, as in every XPath engine, never an exception."""

    def run(env: Environment, *arguments: float) -> float:
        try:
            return float(body(*arguments))
        except (ValueError, OverflowError, ZeroDivisionError):
            return NAN

    return run


def _log(x: float) -> float:
    return -math.inf if x == 0 else math.log(x)


def _log10(x: float) -> float:
    return -math.inf if x == 0 else math.log10(x)


_MATHEMATICS: dict[str, Callable[[float], float]] = {
    "abs": abs,
    "acos": math.acos,
    "asin": math.asin,
    "atan": math.atan,
    "cos": math.cos,
    "exp": math.exp,
    "exp10": lambda x: 10.0**x,
    "log": _log,
    "log10": _log10,
    "sin": math.sin,
    "sqrt": math.sqrt,
    "tan": math.tan,
}
for _name, _body in _MATHEMATICS.items():
    _simple(_name, "number", "n", _guard(_body))
_simple("atan2", "number", "nn", _guard(math.atan2))
_simple("pow", "number", "nn", _guard(math.pow))
_simple("pi", "number", "", lambda env: math.pi)


def _whole(how: Callable[[float], int]) -> Callable[[Environment, float], float]:
    return lambda env, x: float(how(x)) if math.isfinite(x) else x


def round_half_up(number: float) -> float:
    """XPath's own rounding: halves towards plus infinity."""
    return float(math.floor(number + 0.5)) if math.isfinite(number) else number


def round_to(number: float, places: float) -> float:
    """round() with places after the point, or before it when negative; halves towards plus infinity."""
    if not math.isfinite(number) or not math.isfinite(places) or abs(places) > 300:
        return number
    step = Decimal(1).scaleb(-int(places))
    try:
        return float((Decimal(repr(number)) / step + Decimal("0.5")).to_integral_value(ROUND_FLOOR) * step)
    except InvalidOperation:  # more digits than a float holds: nothing to round
        return number


_simple("ceiling", "number", "n", _whole(math.ceil))
_simple("floor", "number", "n", _whole(math.floor))
_simple("int", "number", "n", _whole(int))


@define("round", "number", 1, 2)
def _round(compiler: Compiler, arguments: Sequence[Expr]) -> ValueOf:
    number = compiler.number(arguments[0])
    if len(arguments) == 1:
        return lambda c: round_half_up(number(c))
    places = compiler.number(arguments[1])
    return lambda c: round_to(number(c), places(c))


# -- booleans and choice ---------------------------------------------------------------------------

_simple("true", "boolean", "", lambda env: True)
_simple("false", "boolean", "", lambda env: False)
_simple("boolean", "boolean", "b", lambda env, b: b)
_simple("not", "boolean", "b", lambda env, b: not b)
_simple("boolean-from-string", "boolean", "t", lambda env, t: t in ("true", "1"))


@define("if", "any", 3)
def _if(compiler: Compiler, arguments: Sequence[Expr]) -> ValueOf:
    condition = compiler.boolean(arguments[0])
    yes, no = compiler.value(arguments[1]), compiler.value(arguments[2])
    return lambda c: yes(c) if condition(c) else no(c)


@define("coalesce", "text", 1, MANY)
def _coalesce(compiler: Compiler, arguments: Sequence[Expr]) -> ValueOf:
    texts = [compiler.text(a) for a in arguments]

    def run(c: Context) -> str:
        text = ""
        for read in texts:
            text = read(c)
            if text:
                break
        return text

    return run


@define("once", "text", 1)
def _once(compiler: Compiler, arguments: Sequence[Expr]) -> ValueOf:
    text = compiler.text(arguments[0])
    return lambda c: c.node.text() or text(c)


def _checklist(name: str, weighted: bool) -> None:
    def build(compiler: Compiler, arguments: Sequence[Expr]) -> ValueOf:
        least, most = compiler.number(arguments[0]), compiler.number(arguments[1])
        rest = arguments[2:]
        if weighted and len(rest) % 2:
            raise XPathError(f"{name}() takes pairs of an answer and its weight")
        marks = [_truths(compiler, a) for a in (rest[::2] if weighted else rest)]
        weights = [_numbers(compiler, a) for a in rest[1::2]] if weighted else []

        def run(c: Context) -> bool:
            total = 0.0
            if weighted:
                for mark, weight in zip(marks, weights, strict=True):
                    total += sum(w for m, w in zip(mark(c), weight(c), strict=False) if m)
            else:
                total = float(sum(sum(mark(c)) for mark in marks))
            low, high = least(c), most(c)
            return (low < 0 or total >= low) and (high < 0 or total <= high)

        return run

    FUNCTIONS[name] = Function("boolean", 4 if weighted else 3, MANY, build)


def _truths(compiler: Compiler, tree: Expr) -> Callable[[Context], list[bool]]:
    if compiler.kind(tree) == "nodes":
        nodes = compiler.nodes(tree)
        return lambda c: [n.text() != "" for n in nodes(c)]
    value = compiler.value(tree)

    def one(c: Context) -> list[bool]:
        found = value(c)
        if isinstance(found, list):
            return [n.text() != "" for n in found]
        return [to_boolean(found)]

    return one


_checklist("checklist", False)
_checklist("weighted-checklist", True)

# -- text ------------------------------------------------------------------------------------------


def _substring(env: Environment, text: str, start: float, length: float | None = None) -> str:
    first = round_half_up(start)
    end = first + round_half_up(length) if length is not None else math.inf
    return "".join(ch for i, ch in enumerate(text, 1) if i >= first and i < end)


def _substr(env: Environment, text: str, start: float, end: float = math.inf) -> str:
    if start != start or end != end:
        return ""
    return text[int(max(min(start, 1e9), -1e9)) : int(max(min(end, 1e9), -1e9))]


def _variadic(name: str, kind: str, wants: str, required: int, body: Callable[..., Value]) -> None:
    full: list[Function] = []
    for size in range(required, len(wants) + 1):
        _simple(name, kind, wants[:size], body)
        full.append(FUNCTIONS[name])
    FUNCTIONS[name] = Function(
        kind, required, len(wants), lambda comp, args: full[len(args) - required].build(comp, args)
    )


def _translate(env: Environment, text: str, old: str, new: str) -> str:
    table: dict[int, str | None] = {}
    for i, ch in enumerate(old):
        table.setdefault(ord(ch), new[i] if i < len(new) else None)
    return text.translate(table)


_simple("contains", "boolean", "tt", lambda env, a, b: b in a)
_simple("starts-with", "boolean", "tt", lambda env, a, b: a.startswith(b))
_simple("ends-with", "boolean", "tt", lambda env, a, b: a.endswith(b))
_simple("substring-before", "text", "tt", lambda env, a, b: a.split(b, 1)[0] if b and b in a else "")
_simple("substring-after", "text", "tt", lambda env, a, b: (a.split(b, 1)[1] if b in a else "") if b else a)
_simple("translate", "text", "ttt", _translate)
_variadic("substring", "text", "tnn", 2, _substring)
_variadic("substr", "text", "tnn", 2, _substr)
_simple("selected", "boolean", "tt", lambda env, a, b: f" {b.strip()} " in f" {a.strip()} ")
_simple("count-selected", "number", "t", lambda env, a: float(len(a.split())))


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


def _texts(compiler: Compiler, tree: Expr) -> Callable[[Context], list[str]]:
    if compiler.kind(tree) == "nodes" and compiler.paths.many(tree):
        nodes = compiler.nodes(tree)
        return lambda c: [n.text() for n in nodes(c)]
    text = compiler.text(tree)
    return lambda c: [text(c)]


@define("concat", "text", 0, MANY)
def _concat(compiler: Compiler, arguments: Sequence[Expr]) -> ValueOf:
    parts = [_texts(compiler, a) for a in arguments]
    return lambda c: "".join([text for part in parts for text in part(c)])


@define("join", "text", 1, MANY)
def _join(compiler: Compiler, arguments: Sequence[Expr]) -> ValueOf:
    between = compiler.text(arguments[0])
    parts = [_texts(compiler, a) for a in arguments[1:]]
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


_ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz"


@define("uuid", "text", 0, 1)
def _uuid(compiler: Compiler, arguments: Sequence[Expr]) -> ValueOf:
    if not arguments:
        return lambda c: str(uuid.uuid4())
    length = compiler.number(arguments[0])
    return lambda c: "".join(random.choices(_ALPHABET, k=max(0, min(int(length(c)), 200))))  # noqa: S311


_simple("random", "number", "", lambda env: random.random())  # noqa: S311 - sampling, not secrets

# -- node-sets -------------------------------------------------------------------------------------


def _numbers(compiler: Compiler, tree: Expr) -> Callable[[Context], list[float]]:
    if compiler.kind(tree) == "nodes":
        nodes = compiler.nodes(tree)
        return lambda c: [text_to_number(n.text(), c.env) for n in nodes(c)]
    number = compiler.number(tree)
    return lambda c: [number(c)]


@define("count", "number", 1)
def _count(compiler: Compiler, arguments: Sequence[Expr]) -> ValueOf:
    nodes = compiler.nodes(arguments[0])
    return lambda c: float(len(nodes(c)))


@define("count-non-empty", "number", 1)
def _count_non_empty(compiler: Compiler, arguments: Sequence[Expr]) -> ValueOf:
    nodes = compiler.nodes(arguments[0])
    return lambda c: float(sum(1 for n in nodes(c) if n.text() != ""))


@define("sum", "number", 1)
def _sum(compiler: Compiler, arguments: Sequence[Expr]) -> ValueOf:
    nodes = compiler.nodes(arguments[0])

    def run(c: Context) -> float:
        # A blank answer adds nothing (JavaRosa); text that is no number still spoils the sum (XPath 1.0).
        texts = [n.text() for n in nodes(c)]
        return math.fsum([text_to_number(t, c.env) for t in texts if t]) if texts else 0.0

    return run


def _extreme(name: str, pick: Callable[[list[float]], float]) -> None:
    def build(compiler: Compiler, arguments: Sequence[Expr]) -> ValueOf:
        parts = [_texts(compiler, a) for a in arguments]

        def run(c: Context) -> float:
            # Blank answers are left out, as in JavaRosa; text that is no number still gives NaN.
            found = [text_to_number(text, c.env) for part in parts for text in part(c) if text]
            return pick(found) if found and not any(x != x for x in found) else NAN

        return run

    FUNCTIONS[name] = Function("number", 1, MANY, build)


_extreme("min", min)
_extreme("max", max)


@define("position", "number", 0, 1)
def _position(compiler: Compiler, arguments: Sequence[Expr]) -> ValueOf:
    if not arguments:
        return lambda c: float(c.position)
    nodes = compiler.nodes(arguments[0])

    def run(c: Context) -> float:
        found = nodes(c)
        return float(found[0].place()) if found else NAN

    return run


@define("last", "number", 0)
def _last(compiler: Compiler, arguments: Sequence[Expr]) -> ValueOf:
    return lambda c: float(c.size)


@define("current", "nodes", 0)
def _current(compiler: Compiler, arguments: Sequence[Expr]) -> ValueOf:
    return lambda c: [c.current]


@define("instance", "nodes", 1)
def _instance(compiler: Compiler, arguments: Sequence[Expr]) -> ValueOf:
    name = compiler.text(arguments[0])

    def run(c: Context) -> list[Node]:
        found = c.env.instances.get(name(c))
        return [found] if found is not None else []

    return run


@define("indexed-repeat", "nodes", 3, 7)
def _indexed_repeat(compiler: Compiler, arguments: Sequence[Expr]) -> ValueOf:
    """indexed-repeat(field, repeat, n, ...) is the field with [n] after the step of each repeat."""
    field, pairs = arguments[0], arguments[1:]
    if len(pairs) % 2:
        raise XPathError("indexed-repeat() takes a field, then pairs of a repeat and a number")
    path = compiler.paths.absolute(field)
    if path is None or not isinstance(field, Path):
        raise XPathError("the first argument of indexed-repeat() must be a field")
    names = path.strip("/").split("/")
    steps = [replace(field.steps[0], axis="child", test=name, predicates=()) for name in names]
    places: list[tuple[int, NumberOf]] = []
    for repeat, number in zip(pairs[::2], pairs[1::2], strict=True):
        prefix = compiler.paths.absolute(repeat)
        if prefix is None or not path.startswith(prefix + "/"):
            raise XPathError("indexed-repeat() needs a repeat that its field stands in")
        places.append((len(prefix.strip("/").split("/")), compiler.number(number)))
    lookup = dict(places)
    plain = [compiler.paths.step(step) for step in steps]

    def run(c: Context) -> list[Node]:
        found = [c.env.root]
        for depth, step in enumerate(plain, 1):
            found = [hit for node in found for hit in step(node, c)]
            if depth in lookup:
                place = lookup[depth](c)
                number = max(int(place), 1) if math.isfinite(place) else len(found) + 1
                found = found[number - 1 : number]
        return found

    return run


@define("randomize", "nodes", 1, 2)
def _randomize(compiler: Compiler, arguments: Sequence[Expr]) -> ValueOf:
    nodes = compiler.nodes(arguments[0])
    seed = compiler.number(arguments[1]) if len(arguments) == 2 else None

    def run(c: Context) -> list[Node]:
        found = list(nodes(c))
        if seed is None:
            random.shuffle(found)
            return found
        # Park-Miller generator and Fisher-Yates from the end, as the OpenRosa specification fixes it.
        start = seed(c)
        state = int(start) % 2147483647 if start == start else 0
        if state <= 0:
            state += 2147483646
        for i in range(len(found) - 1, 0, -1):
            state = state * 16807 % 2147483647
            j = int((state - 1) / 2147483646 * (i + 1))
            found[i], found[j] = found[j], found[i]
        return found

    return run


def _name_of(name: str, body: Callable[[Node], str]) -> None:
    def build(compiler: Compiler, arguments: Sequence[Expr]) -> ValueOf:
        if not arguments:
            return lambda c: body(c.node)
        nodes = compiler.nodes(arguments[0])

        def run(c: Context) -> str:
            found = nodes(c)
            return body(found[0]) if found else ""

        return run

    FUNCTIONS[name] = Function("text", 0, 1, build)


_name_of("name", lambda n: n.name)
_name_of("local-name", lambda n: n.name.rsplit(":", 1)[-1])
_name_of("namespace-uri", lambda n: "")


@define("jr:choice-name", "text", 2)
def _choice_name(compiler: Compiler, arguments: Sequence[Expr]) -> ValueOf:
    value = compiler.text(arguments[0])
    if isinstance(arguments[1], Text):
        from pendapa.forms.xpath.syntax import parse

        path = compiler.paths.absolute(parse(arguments[1].value))
    else:
        path = compiler.paths.absolute(arguments[1])
    if path is None or (compiler.schema is not None and compiler.schema.declared(path) is None):
        raise XPathError("jr:choice-name() needs a value and, in quotes, the field of the choices")
    return lambda c: c.env.choice_name(path, value(c), c)


# -- dates -----------------------------------------------------------------------------------------


def _moment(name: str) -> None:
    def build(compiler: Compiler, arguments: Sequence[Expr]) -> ValueOf:
        value = compiler.value(arguments[0])

        def run(c: Context) -> Value:
            found = to_date(value(c), c.env)
            return "" if found is None else found

        return run

    FUNCTIONS[name] = Function("any", 1, 1, build)


_moment("date")
_moment("date-time")


def _decimal_date(env: Environment, value: Value) -> float:
    moment = to_date(value, env)
    return NAN if moment is None else utc_days(moment, env)


_simple("today", "any", "", lambda env: env.now.date())
_simple("now", "any", "", lambda env: env.now)
_simple("decimal-date-time", "number", "v", _decimal_date)
_simple("decimal-time", "number", "t", lambda env, t: dates.decimal_time(t, env))
_simple("format-date", "text", "vt", lambda env, v, t: dates.format_date(to_date(v, env), t))
_simple("format-date-time", "text", "vt", lambda env, v, t: dates.format_date(to_date(v, env), t))


# -- places ----------------------------------------------------------------------------------------


def _measure(name: str, body: Callable[[list[str]], float]) -> None:
    def build(compiler: Compiler, arguments: Sequence[Expr]) -> ValueOf:
        parts = [_texts(compiler, a) for a in arguments]
        return lambda c: body([text for part in parts for text in part(c)])

    FUNCTIONS[name] = Function("number", 1, MANY, build)


_measure("area", geometry.area)
_measure("distance", geometry.distance)


def calls(tree: Expr, names: frozenset[str]) -> bool:
    """Whether the expression calls one of these functions."""
    from pendapa.forms.xpath.syntax import walk

    return any(isinstance(part, Call) and part.name in names for part in walk(tree))


def text_of(value: Value) -> str:
    """An expression's result as it is stored in an instance: NaN is blank."""
    if isinstance(value, float):
        return "" if value != value else number_to_text(value)
    if isinstance(value, (bool, str, list)):
        return to_text(value)
    return date_to_text(value)


__all__ = ["FUNCTIONS", "VOLATILE", "Number", "calls", "text_of"]
