"""XPath 1.0 text to a syntax tree (W3C XPath 1.0; section 3.7 tells `*` and `div` apart)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

MAX_EXPRESSION = 20_000  # characters
MAX_DEPTH = 60  # nested brackets; far below Python's recursion limit


class XPathError(ValueError):
    """An expression that cannot be read or compiled. `args[0]` is one sentence."""


@dataclass(frozen=True, slots=True)
class Number:
    value: float


@dataclass(frozen=True, slots=True)
class Text:
    value: str


@dataclass(frozen=True, slots=True)
class Negative:
    operand: Expr


@dataclass(frozen=True, slots=True)
class Binary:
    operator: str
    left: Expr
    right: Expr


@dataclass(frozen=True, slots=True)
class Call:
    name: str
    arguments: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Step:
    axis: str
    test: str
    predicates: tuple[Expr, ...] = ()


@dataclass(frozen=True, slots=True)
class Path:
    """`start` is None (relative), "/" (absolute) or the expression whose nodes the steps leave from."""

    start: Expr | str | None
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Filter:
    operand: Expr
    predicates: tuple[Expr, ...]


Expr = Number | Text | Negative | Binary | Call | Path | Filter

AXES = frozenset(
    [
        "ancestor",
        "ancestor-or-self",
        "attribute",
        "child",
        "descendant",
        "descendant-or-self",
        "following",
        "following-sibling",
        "parent",
        "preceding",
        "preceding-sibling",
        "self",
    ]
)
NODE_TYPES = frozenset({"node", "text", "comment", "processing-instruction"})
_NAME = r"[^\W\d][\w.\-]*(?::[^\W\d][\w.\-]*)?"
_TOKEN = re.compile(
    rf"""\s*(?:
      (?P<number>(?:\d+(?:\.\d*)?|\.\d+)(?:[eE]-?\d+)?)
    | (?P<text>"[^"]*"|'[^']*')
    | (?P<axis>[a-z][a-z\-]*)\s*::
    | (?P<name>{_NAME})
    | (?P<symbol>::|//|\.\.|<=|>=|!=|[()\[\].@,/|+\-=<>*$])
    )""",
    re.VERBOSE,
)
_OPERATOR_NAMES = frozenset({"and", "or", "mod", "div"})
# After one of these (or at the start) a name is a name and `*` is a wildcard; after anything else they are
# operators.
_OPENERS = frozenset(
    {"(", "[", ",", "@", "/", "//", "|", "+", "-", "=", "!=", "<", "<=", ">", ">=", "axis", "operator"}
)


@dataclass(frozen=True, slots=True)
class Token:
    kind: str
    text: str
    at: int


def _tokens(source: str) -> Iterator[Token]:
    at, end = 0, len(source.rstrip())
    before = "("
    while at < end:
        match = _TOKEN.match(source, at)
        if match is None:
            raise XPathError(f"{source[at:].strip()[:12]!r} cannot stand at character {at + 1}")
        kind = str(match.lastgroup)
        text = match.group(kind)
        start = match.start(kind)
        at = match.end()
        if before not in _OPENERS:
            if kind == "name":
                # "1 and1" and "2 div2" are read as the operator followed by what sticks to it
                operator = next((o for o in ("and", "or", "mod", "div") if text == o), None)
                if operator is None:
                    glued = re.match(r"(and|or|mod|div)(?=[\d.])", text)
                    if glued is None:
                        raise XPathError(
                            f"{text!r} at character {start + 1} stands where an operator is needed"
                        )
                    operator = glued.group(1)
                    at = start + len(operator)
                kind, text = "operator", operator
            elif text == "*":
                kind = "operator"
        yield Token(kind, text, start)
        before = text if kind == "symbol" else kind
    yield Token("end", "", end)


_LEVELS: tuple[frozenset[str], ...] = (
    frozenset({"or"}),
    frozenset({"and"}),
    frozenset({"=", "!="}),
    frozenset({"<", "<=", ">", ">="}),
    frozenset({"+", "-"}),
    frozenset({"*", "div", "mod"}),
)


class _Parser:
    def __init__(self, source: str) -> None:
        self.tokens = list(_tokens(source))
        self.index = 0
        self.depth = 0

    @property
    def token(self) -> Token:
        return self.tokens[self.index]

    def peek(self, ahead: int = 1) -> Token:
        return self.tokens[min(self.index + ahead, len(self.tokens) - 1)]

    def take(self) -> Token:
        token = self.token
        self.index += 1
        return token

    def at_symbol(self, *texts: str) -> bool:
        return self.token.kind == "symbol" and self.token.text in texts

    def expect(self, text: str) -> None:
        if not self.at_symbol(text):
            found = self.token.text or "the end"
            raise XPathError(f"expected {text!r} at character {self.token.at + 1} but found {found!r}")
        self.index += 1

    def whole(self) -> Expr:
        tree = self.binary(0)
        if self.token.kind != "end":
            raise XPathError(f"{self.token.text!r} at character {self.token.at + 1} is left over")
        return tree

    def binary(self, level: int) -> Expr:
        if level == len(_LEVELS):
            return self.unary()
        left = self.binary(level + 1)
        while self.token.kind in ("operator", "symbol") and self.token.text in _LEVELS[level]:
            operator = self.take().text
            left = Binary(operator, left, self.binary(level + 1))
        return left

    def unary(self) -> Expr:
        negative = False
        while self.at_symbol("-"):
            self.index += 1
            negative = not negative
        operand = self.union()
        return Negative(operand) if negative else operand

    def union(self) -> Expr:
        left = self.path()
        while self.at_symbol("|"):
            self.index += 1
            left = Binary("|", left, self.path())
        return left

    def path(self) -> Expr:
        token = self.token
        starts_filter = token.kind in ("number", "text") or self.at_symbol("(", "$")
        if token.kind == "name" and self.peek().kind == "symbol" and self.peek().text == "(":
            starts_filter = token.text not in NODE_TYPES
        if starts_filter:
            operand: Expr = self.primary()
            predicates = self.predicates()
            if predicates:
                operand = Filter(operand, predicates)
            if not self.at_symbol("/", "//"):
                return operand
            return Path(operand, self.steps())
        if self.at_symbol("/", "//"):
            if self.token.text == "/" and not self._step_follows(self.peek()):
                self.index += 1
                return Path("/", ())
            return Path("/", self.steps())
        return Path(None, (self.step(), *self.steps()))

    @staticmethod
    def _step_follows(token: Token) -> bool:
        return token.kind in ("name", "axis") or (
            token.kind == "symbol" and token.text in ("*", ".", "..", "@")
        )

    def steps(self) -> tuple[Step, ...]:
        steps: list[Step] = []
        while self.at_symbol("/", "//"):
            if self.take().text == "//":
                steps.append(Step("descendant-or-self", "node()"))
            steps.append(self.step())
        return tuple(steps)

    def step(self) -> Step:
        if self.at_symbol("."):
            self.index += 1
            return Step("self", "node()", self.predicates())
        if self.at_symbol(".."):
            self.index += 1
            return Step("parent", "node()", self.predicates())
        axis = "child"
        if self.at_symbol("@"):
            self.index += 1
            axis = "attribute"
        elif self.token.kind == "axis":
            axis = self.take().text
            if axis not in AXES:
                raise XPathError(f"there is no axis {axis!r}")
        token = self.take()
        if token.kind == "symbol" and token.text == "*":
            test = "*"
        elif token.kind == "name":
            test = token.text
            if test in NODE_TYPES and self.at_symbol("("):
                self.index += 1
                if test == "processing-instruction" and self.token.kind == "text":
                    self.index += 1
                self.expect(")")
                test += "()"
        else:
            raise XPathError(f"a name is missing at character {token.at + 1}")
        return Step(axis, test, self.predicates())

    def predicates(self) -> tuple[Expr, ...]:
        found: list[Expr] = []
        while self.at_symbol("["):
            self.index += 1
            found.append(self.nested())
            self.expect("]")
        return tuple(found)

    def nested(self) -> Expr:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise XPathError(f"brackets are nested more than {MAX_DEPTH} deep")
        tree = self.binary(0)
        self.depth -= 1
        return tree

    def primary(self) -> Expr:
        token = self.take()
        if token.kind == "number":
            return Number(float(token.text))
        if token.kind == "text":
            return Text(token.text[1:-1])
        if token.kind == "symbol" and token.text == "(":
            tree = self.nested()
            self.expect(")")
            return tree
        if token.kind == "symbol" and token.text == "$":
            raise XPathError("variables ($name) are not part of XForms; write ${name} for a field")
        self.expect("(")
        arguments: list[Expr] = []
        if not self.at_symbol(")"):
            arguments.append(self.nested())
            while self.at_symbol(","):
                self.index += 1
                arguments.append(self.nested())
        self.expect(")")
        return Call(token.text, tuple(arguments))


def parse(source: str) -> Expr:
    """Read one XPath expression. Raises XPathError with the character position."""
    if len(source) > MAX_EXPRESSION:
        raise XPathError(f"the expression is longer than {MAX_EXPRESSION} characters")
    if not source.strip():
        raise XPathError("the expression is empty")
    return _Parser(source).whole()


def walk(tree: Expr) -> Iterator[Expr]:
    """Every expression in the tree, outermost first, those in predicates included."""
    yield tree
    match tree:
        case Negative(operand):
            yield from walk(operand)
        case Binary(_, left, right):
            yield from walk(left)
            yield from walk(right)
        case Call(_, arguments):
            for argument in arguments:
                yield from walk(argument)
        case Filter(operand, predicates):
            yield from walk(operand)
            for predicate in predicates:
                yield from walk(predicate)
        case Path(start, steps):
            if start is not None and not isinstance(start, str):
                yield from walk(start)
            for step in steps:
                for predicate in step.predicates:
                    yield from walk(predicate)
