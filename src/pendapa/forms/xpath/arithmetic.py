"""Mathematics, truth values and choice between values."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from decimal import ROUND_FLOOR, Decimal, InvalidOperation

from pendapa.forms.xpath.compiler import MANY, Compiler, Function, ValueOf
from pendapa.forms.xpath.nodes import Context, Environment
from pendapa.forms.xpath.syntax import Expr, XPathError
from pendapa.forms.xpath.table import FUNCTIONS, define, numbers, simple
from pendapa.forms.xpath.values import (
    NAN,
    to_boolean,
)


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
    simple(_name, "number", "n", _guard(_body))
simple("atan2", "number", "nn", _guard(math.atan2))
simple("pow", "number", "nn", _guard(math.pow))
simple("pi", "number", "", lambda env: math.pi)


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


simple("ceiling", "number", "n", _whole(math.ceil))
simple("floor", "number", "n", _whole(math.floor))
simple("int", "number", "n", _whole(int))


@define("round", "number", 1, 2)
def _round(compiler: Compiler, arguments: Sequence[Expr]) -> ValueOf:
    number = compiler.number(arguments[0])
    if len(arguments) == 1:
        return lambda c: round_half_up(number(c))
    places = compiler.number(arguments[1])
    return lambda c: round_to(number(c), places(c))


# -- booleans and choice ---------------------------------------------------------------------------

simple("true", "boolean", "", lambda env: True)
simple("false", "boolean", "", lambda env: False)
simple("boolean", "boolean", "b", lambda env, b: b)
simple("not", "boolean", "b", lambda env, b: not b)
simple("boolean-from-string", "boolean", "t", lambda env, t: t in ("true", "1"))


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
        weights = [numbers(compiler, a) for a in rest[1::2]] if weighted else []

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
