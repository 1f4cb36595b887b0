"""Tokens to tree, by precedence climbing (V. Pratt, Top down operator precedence, POPL 1973).

Lowest to highest: if, or, and, not, comparison (one, not chained), + -, * /, unary minus.
"""

from __future__ import annotations

import difflib
from decimal import Decimal
from typing import cast

from pendapa.expressions.errors import EvaluationError, ExpressionError
from pendapa.expressions.functions import FUNCTIONS, Function
from pendapa.expressions.nodes import (
    Arithmetic,
    Between,
    Calculation,
    Call,
    Compare,
    Comparison,
    If,
    In,
    IsMissing,
    ListOf,
    Literal,
    Logic,
    Name,
    Negative,
    Node,
    Not,
    walk,
)
from pendapa.expressions.tokens import Token, tokenize

MAX_LENGTH = 4_000
"""Characters of an expression."""
MAX_DEPTH = 100
"""Levels of an expression: parentheses, lists, calls, and terms of one chain of + - * /."""

_OR, _AND, _NOT, _COMPARE, _SUM, _PRODUCT, _UNARY = 10, 20, 30, 40, 50, 60, 70
_STRENGTH = {
    "or": _OR,
    "and": _AND,
    **dict.fromkeys(("=", "==", "!=", "<", "<=", ">", ">=", "in", "between"), _COMPARE),
    **dict.fromkeys(("+", "-"), _SUM),
    **dict.fromkeys(("*", "/"), _PRODUCT),
}
_COMPARISONS = frozenset({"=", "==", "!=", "<", "<=", ">", ">="})
_CONSTANTS = {"true": True, "false": False, "null": None}


def parse_tree(text: str) -> Node:
    """The tree of a text. Raises ExpressionError for what is no expression, and for one beyond the bounds."""
    if len(text) > MAX_LENGTH:
        wrong = f"the expression has {len(text)} characters"
        raise ExpressionError(wrong, MAX_LENGTH, f"use at most {MAX_LENGTH}; split it into named parts")
    tree = _Parser(tokenize(text)).whole()
    for node, depth in walk(tree):
        if depth > MAX_DEPTH:
            raise _too_deep(node.position)
    return tree


def _too_deep(position: int) -> ExpressionError:
    wrong = f"the expression has more than {MAX_DEPTH} levels"
    return ExpressionError(wrong, position, "split it into named parts, or use sum(...) for a long sum")


class _Parser:
    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens
        self._at = 0
        self._depth = 0

    @property
    def _next(self) -> Token:
        return self._tokens[self._at]

    def _take(self) -> Token:
        token = self._tokens[self._at]
        if token.kind != "end":
            self._at += 1
        return token

    def _is(self, *texts: str) -> bool:
        return self._next.kind in ("symbol", "keyword") and self._next.text in texts

    def whole(self) -> Node:
        first = self._next
        if first.kind == "end":
            raise ExpressionError(
                "the expression is empty", 0, "write a condition or formula, as in `amount > 200`"
            )
        tree = self._expression(0)
        last = self._next
        if last.kind != "end":
            raise self._left_over(last)
        return tree

    def _expression(self, strength: int) -> Node:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise _too_deep(self._next.position)
        left = self._operand()
        while self._next.kind in ("symbol", "keyword"):
            operator = self._next
            power = _STRENGTH.get(operator.text, 0)
            if power <= strength:
                break
            self._take()
            left = self._join(left, operator, power)
        self._depth -= 1
        return left

    def _join(self, left: Node, operator: Token, power: int) -> Node:
        word, position = operator.text, operator.position
        if word in ("and", "or"):
            return self._chain(left, operator, power)
        if power != _COMPARE:
            return Calculation(cast(Arithmetic, word), left, self._expression(power), position)
        if word == "between":
            low = self._expression(_COMPARE)
            if not self._is("and"):
                raise ExpressionError(
                    f"`and` is missing before {self._next.shown}", self._next.position, _BETWEEN
                )
            self._take()
            result: Node = Between(left, low, self._expression(_COMPARE), position)
        elif word == "in":
            result = In(left, self._expression(_COMPARE), position)
        else:
            result = _comparison(word, left, self._expression(_COMPARE), position)
        if self._next.kind in ("symbol", "keyword") and _STRENGTH.get(self._next.text) == _COMPARE:
            wrong = f"a comparison cannot be followed by another, `{self._next.text}`"
            right = "write `x between 1 and 5`, or join two comparisons with `and`"
            raise ExpressionError(wrong, self._next.position, right)
        return result

    def _chain(self, first: Node, operator: Token, power: int) -> Node:
        parts = [first, self._expression(power)]
        while self._is(operator.text):
            self._take()
            parts.append(self._expression(power))
        return Logic("and" if operator.text == "and" else "or", tuple(parts), operator.position)

    def _operand(self) -> Node:
        token = self._take()
        if token.kind == "number":
            return Literal(Decimal(token.text) if "." in token.text else int(token.text), token.position)
        if token.kind == "text":
            return Literal(token.text, token.position)
        if token.kind == "name":
            return self._call(token) if self._is("(") else Name(token.text, token.position)
        if token.kind == "end":
            raise ExpressionError("the expression stops where a value should follow", token.position, _VALUE)
        match token.text:
            case "true" | "false" | "null":
                return Literal(_CONSTANTS[token.text], token.position)
            case "(":
                inner = self._expression(0)
                self._close(token, ")")
                return inner
            case "[":
                return ListOf(self._items(token, "]"), token.position)
            case "-":
                return Negative(self._expression(_UNARY), token.position)
            case "not":
                return Not(self._expression(_NOT), token.position)
            case "if":
                return self._if(token)
        raise self._no_value(token)

    def _if(self, token: Token) -> Node:
        condition = self._expression(0)
        self._word("then")
        then = self._expression(0)
        self._word("else")
        return If(condition, then, self._expression(0), token.position)

    def _word(self, word: str) -> None:
        if not self._is(word):
            wrong = f"`{word}` is missing before {self._next.shown}"
            raise ExpressionError(wrong, self._next.position, "write `if condition then value else value`")
        self._take()

    def _items(self, opening: Token, closing: str) -> tuple[Node, ...]:
        items: list[Node] = []
        if not self._is(closing):
            items.append(self._expression(0))
            while self._is(","):
                self._take()
                items.append(self._expression(0))
        self._close(opening, closing)
        return tuple(items)

    def _close(self, opening: Token, closing: str) -> None:
        if self._is(closing):
            self._take()
            return
        found = self._next
        if found.kind == "end":
            right = f"add `{closing}` for the `{opening.text}` at character {opening.position + 1}"
            raise ExpressionError(f"`{closing}` is missing at the end", found.position, right)
        if self._is(","):
            raise self._left_over(found)
        right = (
            f"put an operator, or `{closing}` for the `{opening.text}` at character {opening.position + 1}"
        )
        raise ExpressionError(f"{found.shown} does not fit here", found.position, right)

    def _call(self, name: Token) -> Node:
        function = FUNCTIONS.get(name.text)
        if function is None:
            raise _unknown_function(name)
        arguments = self._items(self._take(), ")")
        _check_count(function, len(arguments), name)
        only = arguments[0] if len(arguments) == 1 else None
        if function.checked_early and isinstance(only, Literal) and only.value is not None:
            try:
                function.apply(only.value)
            except EvaluationError as error:
                wrong, _, right = str(error).rstrip(".").partition("; ")
                raise ExpressionError(
                    wrong, only.position, right or 'give a text, as in date("2026-03-30")'
                ) from None
        return Call(function.name, arguments, name.position)

    def _no_value(self, token: Token) -> ExpressionError:
        before = self._tokens[self._at - 2] if self._at >= 2 else None
        if before is not None and before.text in _COMPARISONS and token.text in _COMPARISONS:
            return ExpressionError(
                f"two comparison signs, `{before.text}` and `{token.text}`", token.position, _ONE_SIGN
            )
        if token.text in (")", "]"):
            right = "put a value before it, or remove it if its opening is missing"
            return ExpressionError(f"{token.shown} stands where a value should", token.position, right)
        return ExpressionError(f"{token.shown} stands where a value should", token.position, _VALUE)

    def _left_over(self, token: Token) -> ExpressionError:
        if self._is(")", "]"):
            return ExpressionError(
                f"{token.shown} has no opening", token.position, "remove it, or open it before"
            )
        if self._is(","):
            right = "write decimals with a point, as in 1.5, and lists in [ ]"
            return ExpressionError("`,` does not fit here", token.position, right)
        if token.kind == "keyword" and token.text == "not":
            return ExpressionError("`not` does not fit here", token.position, "write `not x in [...]`")
        if token.kind == "name" and token.text == "is":
            return ExpressionError(
                "`is` is not a word of the language", token.position, "write `x = null` or `x = 3`"
            )
        if self._is("("):
            right = "only the functions of the table can be called, by their names"
            return ExpressionError("`(` does not fit here", token.position, right)
        right = "put an operator (= < and + ...) between the two values"
        return ExpressionError(f"{token.shown} does not fit here", token.position, right)


_BETWEEN = "write `x between 1 and 5`"
_VALUE = 'put a name, a number, a "text" or a parenthesis here'
_ONE_SIGN = "write one: `=` (or `==`), `!=`, `<`, `<=`, `>` or `>=`"


def _comparison(word: str, left: Node, right: Node, position: int) -> Node:
    operator = cast(Comparison, "=" if word == "==" else word)
    if operator in ("=", "!="):
        for side, other in ((right, left), (left, right)):
            if isinstance(side, Literal) and side.value is None:
                return IsMissing(other, operator == "=", position)
    return Compare(operator, left, right, position)


def _unknown_function(name: Token) -> ExpressionError:
    near = difflib.get_close_matches(name.text.lower(), FUNCTIONS, n=1, cutoff=0.5)
    known = ", ".join(sorted(FUNCTIONS))
    right = f"did you mean `{near[0]}`?" if near else f"the functions are {known}"
    return ExpressionError(f"there is no function `{name.text}`", name.position, right)


def _check_count(function: Function, given: int, name: Token) -> None:
    if function.least <= given and (function.most is None or given <= function.most):
        return
    if function.most is None:
        wanted = f"at least {function.least}"
    elif function.least == function.most:
        wanted = str(function.least)
    else:
        wanted = f"{function.least} to {function.most}"
    right = f"give it {wanted} argument{'' if wanted.endswith('1') else 's'}"
    raise ExpressionError(f"`{function.name}` has {given} arguments", name.position, right)
