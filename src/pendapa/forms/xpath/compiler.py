"""Syntax tree to closures, compiled once per form.

Every expression compiles for the type its reader wants (`number`, `text`, `boolean`, `nodes`, `value`), so
that no closure asks for types it can know beforehand. Node truth and equality follow JavaRosa where a
schema is given: a field is true by its value, and whole and decimal numbers compare as numbers.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Sequence
from typing import Protocol

from pendapa.forms.xpath import syntax
from pendapa.forms.xpath.nodes import Context, Node
from pendapa.forms.xpath.paths import PathCompiler
from pendapa.forms.xpath.syntax import Binary, Call, Expr, Filter, Negative, Number, Path, Text, XPathError
from pendapa.forms.xpath.values import (
    NAN,
    Value,
    text_to_number,
    to_boolean,
    to_number,
    to_text,
)

NumberOf = Callable[[Context], float]
TextOf = Callable[[Context], str]
TruthOf = Callable[[Context], bool]
NodesOf = Callable[[Context], list[Node]]
ValueOf = Callable[[Context], Value]


class Declared(Protocol):
    """What the compiler asks of a node that a form declares."""

    @property
    def numeric(self) -> bool: ...

    @property
    def moment(self) -> bool: ...
    @property
    def is_repeat(self) -> bool: ...
    @property
    def in_repeat(self) -> bool: ...


class Schema(Protocol):
    """The declared nodes by absolute path, root included (`/data/name`)."""

    def declared(self, path: str) -> Declared | None: ...
    def truth(self, path: str) -> bool:
        """Whether the node holds the result of a condition (a calculation such as `${a} > 2`)."""
        ...


_ORDER: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def divide(left: float, right: float) -> float:
    if right == 0:
        if left == 0 or left != left:
            return NAN
        return float("inf") if (left > 0) == (str(right)[0] != "-") else float("-inf")
    return left / right


def modulo(left: float, right: float) -> float:
    """XPath `mod`: the sign of the result is that of the dividend."""
    if right == 0 or left != left or right != right or math.isinf(left):
        return NAN
    return left if math.isinf(right) else math.fmod(left, right)


_ARITHMETIC: dict[str, Callable[[float, float], float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "div": divide,
    "mod": modulo,
}


class Compiler:
    """Compiles expressions of one form. `base` is the absolute path of the node whose bind is compiled.

    With `late` an unknown function is an error only when it is reached, as in an interpreter.
    """

    def __init__(self, schema: Schema | None = None, base: str | None = None, *, late: bool = False) -> None:
        self.late = late
        self.schema = schema
        self.base = base
        self.paths = PathCompiler(self)

    def inside(self) -> Compiler:
        """The compiler for a predicate, where a relative path no longer starts at the bind's node."""
        return PredicateCompiler(self.schema, self.base, late=self.late)

    # -- what kind of value an expression is -------------------------------------------------------

    def kind(self, tree: Expr) -> str:
        """number, text, boolean, nodes, or any (known only when evaluated)."""
        match tree:
            case Number() | Negative():
                return "number"
            case Text():
                return "text"
            case Binary(op, _, _):
                return "nodes" if op == "|" else "number" if op in _ARITHMETIC else "boolean"
            case Call("if", (_, yes, no)):
                kinds = {self.kind(yes), self.kind(no)}
                return kinds.pop() if len(kinds) == 1 else "any"
            case Call(name, arguments):
                return self.function(name, arguments).kind
            case Path() | Filter():
                return "nodes"
        raise AssertionError(tree)

    def moment(self, tree: Expr) -> bool:
        """Whether a plain path names a dateTime."""
        declared = self.paths.declared(tree)
        return declared is not None and declared.moment

    def numeric(self, tree: Expr) -> bool:
        """True for a path to a field of a whole or decimal number."""
        declared = self.paths.declared(tree)
        return declared is not None and declared.numeric

    def truthful(self, tree: Expr) -> bool:
        """True for a path to a field that a condition computes: it reads as true or false, kept as 1 or 0."""
        path = self.paths.absolute(tree) if self.schema is not None else None
        return self.schema is not None and path is not None and self.schema.truth(path)

    def function(self, name: str, arguments: Sequence[Expr]) -> Function:
        from pendapa.forms.xpath.functions import FUNCTIONS

        found = FUNCTIONS.get(name)
        wrong = ""
        if found is None:
            wrong = f"there is no function {name}()"
        elif not found.least <= len(arguments) <= found.most:
            wrong = f"{name}() takes {found.arity()} but is given {len(arguments)}"
        if not wrong and found is not None:
            return found
        if not self.late:
            raise XPathError(wrong)

        def fail(context: Context) -> Value:
            raise XPathError(wrong)

        return Function("any", 0, MANY, lambda compiler, _: fail)

    # -- one method per wanted type ----------------------------------------------------------------

    def value(self, tree: Expr) -> ValueOf:
        kind = self.kind(tree)
        if kind == "number":
            return self.number(tree)
        if kind == "boolean":
            return self.boolean(tree)
        if kind == "text":
            return self.text(tree)
        if kind == "nodes":
            return self.nodes(tree)
        assert isinstance(tree, Call)
        return self.call(tree)

    def call(self, tree: Call) -> ValueOf:
        return self.function(tree.name, tree.arguments).build(self, tree.arguments)

    def nodes(self, tree: Expr) -> NodesOf:
        match tree:
            case Path():
                return self.paths.nodes(tree)
            case Filter(operand, predicates):
                return self.paths.filtered(self.nodes(operand), predicates)
            case Binary("|", left, right):
                first, second = self.nodes(left), self.nodes(right)

                def union(c: Context) -> list[Node]:
                    found = first(c)
                    seen = {id(n) for n in found}
                    return sorted([*found, *(n for n in second(c) if id(n) not in seen)], key=Node.order)

                return union
            case Call() if self.kind(tree) == "nodes":
                return self.call(tree)  # type: ignore[return-value]
        raise XPathError("a set of nodes (a path) is needed here")

    def number(self, tree: Expr) -> NumberOf:
        match tree:
            case Number(constant):
                return lambda c: constant
            case Negative(operand):
                negated = self.number(operand)
                return lambda c: -negated(c)
            case Text(text):
                return lambda c: text_to_number(text, c.env)
            case Binary(op, left, right) if op in _ARITHMETIC:
                first, second, combine = self.number(left), self.number(right), _ARITHMETIC[op]
                return lambda c: combine(first(c), second(c))
            case Path():
                leaf = self.paths.leaf(tree)
                return lambda c: text_to_number(leaf(c), c.env)
            case Call() if self.kind(tree) == "number":
                return self.call(tree)  # type: ignore[return-value]
        inner = self.value(tree)
        return lambda c: to_number(inner(c), c.env)

    def text(self, tree: Expr) -> TextOf:
        match tree:
            case Text(constant):
                return lambda c: constant
            case Path():
                held = self.paths.leaf(tree)
                if self.truthful(tree):
                    return lambda c: {"1": "true", "0": "false"}.get(held(c), "")
                return held
            case Call() if self.kind(tree) == "text":
                return self.call(tree)  # type: ignore[return-value]
        inner = self.value(tree)
        return lambda c: to_text(inner(c))

    def boolean(self, tree: Expr) -> TruthOf:
        match tree:
            case Binary("and", left, right):
                first, second = self.boolean(left), self.boolean(right)
                return lambda c: first(c) and second(c)
            case Binary("or", left, right):
                first, second = self.boolean(left), self.boolean(right)
                return lambda c: first(c) or second(c)
            case Binary(op, left, right) if op in _ORDER:
                return self.comparison(op, left, right)
            case Binary("=" | "!=" as op, left, right):
                return self.equality(op == "=", left, right)
            case Call() if self.kind(tree) == "boolean":
                return self.call(tree)  # type: ignore[return-value]
            case Path() if self.schema is not None:
                leaf, numeric = self.paths.leaf(tree), self.numeric(tree) or self.truthful(tree)
                if numeric:
                    return lambda c: to_boolean(text_to_number(leaf(c), c.env))
                return lambda c: leaf(c) != ""
        inner = self.value(tree)
        return lambda c: to_boolean(inner(c))

    # -- comparisons (XPath 1.0, 3.4): with node-sets they ask whether any node fits ---------------

    def comparison(self, op: str, left: Expr, right: Expr) -> TruthOf:
        fits = _ORDER[op]
        left_many, right_many = self.paths.many(left), self.paths.many(right)
        if not left_many and not right_many:
            first, second = self.number(left), self.number(right)
            return lambda c: fits(first(c), second(c))
        firsts, seconds = self.numbers(left), self.numbers(right)
        return lambda c: any(fits(a, b) for b in seconds(c) for a in firsts(c))

    def numbers(self, tree: Expr) -> Callable[[Context], list[float]]:
        if self.paths.many(tree):
            nodes = self.nodes(tree)
            return lambda c: [text_to_number(n.text(), c.env) for n in nodes(c)]
        single = self.number(tree)
        return lambda c: [single(c)]

    def equality(self, equal: bool, left: Expr, right: Expr) -> TruthOf:
        if self.paths.many(left) or self.paths.many(right):
            return self.node_equality(equal, left, right)
        kinds = {self.kind(left), self.kind(right)}
        if self.truthful(left) or self.truthful(right):
            kinds.add("boolean")
        if "any" in kinds and "boolean" not in kinds:
            first_value, second_value = self.value(left), self.value(right)
            return lambda c: same(first_value(c), second_value(c), c) is equal
        if "boolean" in kinds:
            first_truth, second_truth = self.boolean(left), self.boolean(right)
            return lambda c: (first_truth(c) is second_truth(c)) is equal
        if "number" in kinds:
            first_number, second_number = self.number(left), self.number(right)
            return lambda c: (first_number(c) == second_number(c)) is equal
        first, second = self.text(left), self.text(right)
        if any(self.numeric(side) or self.moment(side) for side in (left, right)):

            def numbers_equal(c: Context) -> bool:
                a, b = first(c), second(c)
                return (a == b or text_to_number(a, c.env) == text_to_number(b, c.env)) is equal

            return numbers_equal
        return lambda c: (first(c) == second(c)) is equal

    def node_equality(self, equal: bool, left: Expr, right: Expr) -> TruthOf:
        if not self.paths.many(left):
            left, right = right, left
        nodes = self.nodes(left)
        if self.paths.many(right):
            others = self.nodes(right)

            def any_pair(c: Context) -> bool:
                texts = [n.text() for n in others(c)]
                return any((n.text() == text) is equal for n in nodes(c) for text in texts)

            return any_pair
        value = self.value(right)

        def any_node(c: Context) -> bool:
            other = value(c)
            if isinstance(other, list):
                other = to_text(other)
            if isinstance(other, bool):
                return (bool(nodes(c)) is other) is equal
            return any(same(n.text(), other, c) is equal for n in nodes(c))

        return any_node


class PredicateCompiler(Compiler):
    """Inside a predicate only absolute paths and `current()` start from what the form declares."""

    def __init__(self, schema: Schema | None, base: str | None, *, late: bool = False) -> None:
        super().__init__(schema, base, late=late)
        self.paths = PredicatePaths(self)

    def inside(self) -> Compiler:
        return self


class PredicatePaths(PathCompiler):
    def absolute(self, tree: Expr) -> str | None:
        if isinstance(tree, Path) and tree.start is None:
            return None
        return super().absolute(tree)

    def many(self, tree: Expr) -> bool:
        # A column of a choice list holds one value; XPath's "any node" and the first node are then the same.
        if self._column(tree) and self.compiler.schema is not None:
            return False
        return super().many(tree)


def same(left: Value, right: Value, c: Context) -> bool:
    """XPath `=` of two single values; a date equals text of the same date."""
    if isinstance(left, bool) or isinstance(right, bool):
        return to_boolean(left) is to_boolean(right)
    if isinstance(left, float) or isinstance(right, float):
        return to_number(left, c.env) == to_number(right, c.env)
    first, second = to_text(left), to_text(right)
    if first == second:
        return True
    if isinstance(left, (str, list)) and isinstance(right, (str, list)):
        return False
    return to_number(left, c.env) == to_number(right, c.env)


class Function:
    """A function of the table: how many arguments, what it gives, and how it compiles."""

    __slots__ = ("build", "kind", "least", "most")

    def __init__(
        self, kind: str, least: int, most: int, build: Callable[[Compiler, Sequence[Expr]], ValueOf]
    ) -> None:
        self.kind = kind
        self.least = least
        self.most = most
        self.build = build

    def arity(self) -> str:
        if self.least == self.most:
            return f"{self.least} argument" + ("" if self.least == 1 else "s")
        if self.most >= MANY:
            return f"at least {self.least} argument" + ("" if self.least == 1 else "s")
        return f"{self.least} to {self.most} arguments"


MANY = 1000


def compile_value(source: str, schema: Schema | None = None, base: str | None = None) -> ValueOf:
    """Compile text that stands alone (no bind); for tests and tools."""
    return Compiler(schema, base, late=True).value(syntax.parse(source))
