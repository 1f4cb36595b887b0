"""The table of functions, and the ways to enter one: by types of arguments, or by its own compilation."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pendapa.forms.xpath.compiler import Compiler, Function, ValueOf
from pendapa.forms.xpath.nodes import Context
from pendapa.forms.xpath.syntax import Expr
from pendapa.forms.xpath.values import (
    Value,
    text_to_number,
)

FUNCTIONS: dict[str, Function] = {}
VOLATILE = frozenset({"uuid", "random", "once"})  # kept as sent, not computed again

Build = Callable[[Compiler, Sequence[Expr]], ValueOf]


def define(name: str, kind: str, least: int, most: int | None = None) -> Callable[[Build], Build]:
    def keep(build: Build) -> Build:
        FUNCTIONS[name] = Function(kind, least, least if most is None else most, build)
        return build

    return keep


def simple(name: str, kind: str, wants: str, body: Callable[..., Value]) -> None:
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


def variadic(name: str, kind: str, wants: str, required: int, body: Callable[..., Value]) -> None:
    full: list[Function] = []
    for size in range(required, len(wants) + 1):
        simple(name, kind, wants[:size], body)
        full.append(FUNCTIONS[name])
    FUNCTIONS[name] = Function(
        kind, required, len(wants), lambda comp, args: full[len(args) - required].build(comp, args)
    )


def texts(compiler: Compiler, tree: Expr) -> Callable[[Context], list[str]]:
    if compiler.kind(tree) == "nodes" and compiler.paths.many(tree):
        nodes = compiler.nodes(tree)
        return lambda c: [n.text() for n in nodes(c)]
    text = compiler.text(tree)
    return lambda c: [text(c)]


def numbers(compiler: Compiler, tree: Expr) -> Callable[[Context], list[float]]:
    if compiler.kind(tree) == "nodes":
        nodes = compiler.nodes(tree)
        return lambda c: [text_to_number(n.text(), c.env) for n in nodes(c)]
    number = compiler.number(tree)
    return lambda c: [number(c)]
