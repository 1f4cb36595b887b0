"""Tree to Python closures, compiled once, so that a condition costs little each time it is asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from pendapa.expressions import operations
from pendapa.expressions.errors import EvaluationError
from pendapa.expressions.functions import FUNCTIONS
from pendapa.expressions.nodes import (
    Between,
    Calculation,
    Call,
    Compare,
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
)
from pendapa.expressions.values import Scope, Value, bounded_text, shown, size

Closure: TypeAlias = Callable[[Scope], Value]

_ARITHMETIC = {
    "+": operations.add,
    "-": operations.subtract,
    "*": operations.multiply,
    "/": operations.divide,
}
_SIDES = {"<": (-1,), "<=": (-1, 0), ">": (1,), ">=": (1, 0)}


def compile_node(node: Node) -> Closure:
    """The closure that works out a node."""
    match node:
        case Literal(value=value):
            return lambda scope: value
        case Name(name=name):
            return lambda scope: scope[name]
        case ListOf(items=items):
            return _list([compile_node(item) for item in items])
        case Negative(operand=operand):
            inner = compile_node(operand)
            return lambda scope: operations.negate(inner(scope))
        case Calculation(operator=sign, left=left, right=right):
            first, operation, second = compile_node(left), _ARITHMETIC[sign], compile_node(right)
            return lambda scope: operation(first(scope), second(scope))
        case Compare():
            return _compare(node)
        case IsMissing(operand=operand, wanted=wanted):
            inner = compile_node(operand)
            return lambda scope: (inner(scope) is None) is wanted
        case In(item=item, choices=choices):
            return _in(compile_node(item), compile_node(choices))
        case Between(operand=operand, low=low, high=high):
            return _between(compile_node(operand), compile_node(low), compile_node(high))
        case Not(operand=operand):
            return _not(compile_node(operand))
        case Logic(word=word, parts=parts):
            return _logic([compile_node(part) for part in parts], word, decides=word == "or")
        case If(condition=condition, then=then, otherwise=otherwise):
            return _if(compile_node(condition), compile_node(then), compile_node(otherwise))
        case Call(function=name, arguments=arguments):
            return _call(name, [compile_node(argument) for argument in arguments])


def truth(value: Value, where: str) -> bool | None:
    """A yes/no value or missing; anything else is refused, as no number or text counts as true."""
    if value is None or isinstance(value, bool):
        return value
    raise EvaluationError(f"{where} needs yes/no values, not {shown(value)}; compare it with something.")


def _list(items: list[Closure]) -> Closure:
    def evaluate(scope: Scope) -> Value:
        scope.charge(len(items))
        return tuple([item(scope) for item in items])

    return evaluate


def _compare(node: Compare) -> Closure:
    first, second = compile_node(node.left), compile_node(node.right)
    if node.operator in ("=", "!="):
        wanted = node.operator == "="

        def same(scope: Scope) -> Value:
            a, b = first(scope), second(scope)
            if isinstance(a, tuple) and isinstance(b, tuple):
                scope.charge(size(a))
            result = operations.equal(a, b)
            return None if result is None else result is wanted

        return same
    sides = _SIDES[node.operator]

    def ordered(scope: Scope) -> Value:
        side = operations.order(first(scope), second(scope))
        return None if side is None else side in sides

    return ordered


def _in(item: Closure, choices: Closure) -> Closure:
    def evaluate(scope: Scope) -> Value:
        wanted, among = item(scope), choices(scope)
        if wanted is None or among is None:
            return None
        if not isinstance(among, tuple):
            raise EvaluationError(
                f"`in` looks in a list, not in {shown(among)}; for text use contains or selected."
            )
        scope.charge(size(among))
        result: bool | None = False
        for choice in among:
            same = operations.equal(wanted, choice)
            if same:
                return True
            if same is None:
                result = None
        return result

    return evaluate


def _between(operand: Closure, low: Closure, high: Closure) -> Closure:
    def evaluate(scope: Scope) -> Value:
        value = operand(scope)
        above, below = operations.order(value, low(scope)), operations.order(value, high(scope))
        if above == -1 or below == 1:
            return False
        return None if above is None or below is None else True

    return evaluate


def _not(operand: Closure) -> Closure:
    def evaluate(scope: Scope) -> Value:
        value = truth(operand(scope), "`not`")
        return None if value is None else not value

    return evaluate


def _logic(parts: list[Closure], word: str, decides: bool) -> Closure:
    """Kleene and/or from left to right; the deciding value (false for and, true for or) ends the work."""
    where = f"`{word}`"

    def evaluate(scope: Scope) -> Value:
        result: bool | None = not decides
        for part in parts:
            value = truth(part(scope), where)
            if value is decides:
                return value
            if value is None:
                result = None
        return result

    return evaluate


def _if(condition: Closure, then: Closure, otherwise: Closure) -> Closure:
    def evaluate(scope: Scope) -> Value:
        value = truth(condition(scope), "`if`")
        return None if value is None else then(scope) if value else otherwise(scope)

    return evaluate


def _call(name: str, arguments: list[Closure]) -> Closure:
    function = FUNCTIONS[name]
    apply, keeps_missing = function.apply, function.keeps_missing

    def evaluate(scope: Scope) -> Value:
        given = [argument(scope) for argument in arguments]
        for value in given:
            if value is None and not keeps_missing:
                return None
            if isinstance(value, tuple):
                scope.charge(size(value))
        result = apply(*given)
        return bounded_text(result) if isinstance(result, str) else result

    return evaluate
