"""Functions of sets of nodes, and measures over places."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import replace

from pendapa.forms.xpath import geometry
from pendapa.forms.xpath.compiler import MANY, Compiler, Function, NumberOf, ValueOf
from pendapa.forms.xpath.nodes import Context, Node
from pendapa.forms.xpath.syntax import Expr, Path, Text, XPathError, parse
from pendapa.forms.xpath.table import FUNCTIONS, define, simple, texts
from pendapa.forms.xpath.values import (
    NAN,
    text_to_number,
)

# -- node-sets -------------------------------------------------------------------------------------


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
        parts = [texts(compiler, a) for a in arguments]

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


@define("pulldata", "text", 4)
def _pulldata(compiler: Compiler, arguments: Sequence[Expr]) -> ValueOf:
    """pulldata('file', 'column', 'key column', key): a cell of the first row whose key column holds the key."""
    names = [argument.value for argument in arguments[:3] if isinstance(argument, Text)]
    if len(names) < 3:
        raise XPathError("pulldata() takes the file and both columns as text in quotes")
    file, column, key_column = names
    key = compiler.text(arguments[3])

    def run(c: Context) -> str:
        wanted, table = key(c), c.env.instances.get(file)
        for row in table.children[0].children if table is not None and wanted else ():
            if any(cell.value == wanted for cell in row.kids.get(key_column, ())):
                return next((cell.value for cell in row.kids.get(column, ())), "")
        return ""

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
                # a number below 1, and one that is not answered, is the first: as in JavaRosa
                number = max(int(min(place, 1e9)), 1) if place > 1 else 1
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
        path = compiler.paths.absolute(parse(arguments[1].value))
    else:
        path = compiler.paths.absolute(arguments[1])
    if path is None or (compiler.schema is not None and compiler.schema.declared(path) is None):
        raise XPathError("jr:choice-name() needs a value and, in quotes, the field of the choices")
    return lambda c: c.env.choice_name(path, value(c), c)


# -- places ----------------------------------------------------------------------------------------


def _measure(name: str, body: Callable[[list[str]], float]) -> None:
    def build(compiler: Compiler, arguments: Sequence[Expr]) -> ValueOf:
        parts = [texts(compiler, a) for a in arguments]
        all_paths = all(compiler.kind(a) == "nodes" for a in arguments)

        def run(c: Context) -> float:
            places = [text for part in parts for text in part(c)]
            # A question about a place that is not answered measures 0 (JavaRosa); text that is no place, NaN.
            if all_paths and not any(places):
                return 0.0
            return body(places)

        return run

    FUNCTIONS[name] = Function("number", 1, MANY, build)


_measure("area", geometry.area)
_measure("enclosed-area", geometry.area)
_measure("distance", geometry.distance)
simple("geofence", "boolean", "tt", lambda env, point, shape: geometry.is_inside(point, shape))
