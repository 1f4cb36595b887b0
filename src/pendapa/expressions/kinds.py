"""What kind of value each part of an expression gives, worked out before there are values.

With the kinds of the inputs a fault that would show at the first evaluation shows when the expression is read:
`amount > "many"` where amount is a number. The rules are those of `operations` and `functions`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from pendapa.expressions.errors import ExpressionError
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
from pendapa.expressions.values import Value


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of value; `items` is the kind of the items of a list."""

    name: str
    items: Kind | None = None

    def __str__(self) -> str:
        return self.name if self.items in (None, ANY, MISSING) else f"{self.name} of {self.items}s"

    @property
    def shown(self) -> str:
        """With an article, for messages."""
        return f"a {self}" if self != MISSING else "a missing value"


ANY = Kind("value")
"""Not known before there are values."""
MISSING = Kind("missing")
NUMBER = Kind("number")
TEXT = Kind("text")
YES_NO = Kind("yes/no value")
DATE = Kind("date")
MOMENT = Kind("date and time")
LOCAL_MOMENT = Kind("date and time without a zone")
DURATION = Kind("duration")

ORDERED = frozenset({NUMBER, TEXT, DATE, MOMENT, LOCAL_MOMENT, DURATION})
_OPEN = (ANY, MISSING)
_DATES = (DATE, MOMENT, LOCAL_MOMENT)

_CALCULATIONS: dict[tuple[str, Kind, Kind], Kind] = {
    **{(sign, NUMBER, NUMBER): NUMBER for sign in "+-*/"},
    **{(sign, DURATION, DURATION): DURATION for sign in "+-"},
    **{(sign, day, DURATION): day for day in _DATES for sign in "+-"},
    **{("+", DURATION, day): day for day in _DATES},
    **{("-", day, day): DURATION for day in _DATES},
    ("*", DURATION, NUMBER): DURATION,
    ("*", NUMBER, DURATION): DURATION,
    ("/", DURATION, NUMBER): DURATION,
    ("/", DURATION, DURATION): NUMBER,
}
_VERBS = {
    "+": "add {1} to {0}",
    "-": "subtract {1} from {0}",
    "*": "multiply {0} by {1}",
    "/": "divide {0} by {1}",
}


def list_of(items: Kind) -> Kind:
    """The kind of a list whose items are of one kind; ANY for a mixed list."""
    return Kind("list", items)


def one_kind(kinds: Iterable[Kind]) -> Kind | None:
    """The kind that covers them all: MISSING gives way, ANY stays open; None when they do not mix."""
    found = MISSING
    for kind in kinds:
        if found == MISSING or kind == found:
            found = kind
        elif kind == MISSING:
            continue
        elif ANY in (found, kind):
            found = ANY
        elif found.items is not None and kind.items is not None:
            inner = one_kind((found.items, kind.items))
            if inner is None:
                return None
            found = list_of(inner)
        else:
            return None
    return found


def kind_of_literal(value: Value) -> Kind:
    """The kind of a value that stands in the text."""
    if value is None:
        return MISSING
    if isinstance(value, bool):
        return YES_NO
    if isinstance(value, (int, Decimal)):
        return NUMBER
    if isinstance(value, str):
        return TEXT
    if isinstance(value, timedelta):
        return DURATION
    if isinstance(value, datetime):
        return MOMENT if value.utcoffset() is not None else LOCAL_MOMENT
    if isinstance(value, date):
        return DATE
    return list_of(one_kind(map(kind_of_literal, value)) or ANY)


def check_kinds(node: Node, inputs: Mapping[str, Kind]) -> Kind:
    """The kind of a tree's value. Names that `inputs` does not hold may be anything.

    Raises ExpressionError where kinds cannot fit, whatever the values; what only values show passes.
    """
    return _Checker(inputs).kind(node)


def _refusal(message: str, node: Node, hint: str) -> ExpressionError:
    return ExpressionError(message, node.position, hint)


class _Checker:
    def __init__(self, inputs: Mapping[str, Kind]) -> None:
        self._inputs = inputs

    def kind(self, node: Node) -> Kind:
        match node:
            case Literal(value=value):
                return kind_of_literal(value)
            case Name(name=name):
                return self._inputs.get(name, ANY)
            case ListOf(items=items):
                return list_of(one_kind([self.kind(item) for item in items]) or ANY)
            case Negative(operand=operand):
                kind = self.kind(operand)
                if kind not in (NUMBER, DURATION, *_OPEN):
                    raise _refusal(f"there is no negative of {kind.shown}", node, "it takes numbers")
                return kind
            case Calculation():
                return self._calculation(node)
            case Compare(operator=operator, left=left, right=right):
                self._comparable(self.kind(left), self.kind(right), node, ordered=operator not in ("=", "!="))
                return YES_NO
            case IsMissing(operand=operand):
                self.kind(operand)
                return YES_NO
            case In():
                return self._in(node)
            case Between(operand=operand, low=low, high=high):
                kind = self.kind(operand)
                for end in (low, high):
                    self._comparable(kind, self.kind(end), node, ordered=True)
                return YES_NO
            case Not(operand=operand):
                return self._condition("`not`", operand)
            case Logic(word=word, parts=parts):
                for part in parts:
                    self._condition(f"`{word}`", part)
                return YES_NO
            case If(condition=condition, then=then, otherwise=otherwise):
                self._condition("`if`", condition)
                return one_kind((self.kind(then), self.kind(otherwise))) or ANY
            case Call(function=name, arguments=arguments):
                return _CALLS[name](name, [self.kind(argument) for argument in arguments], node)

    def _calculation(self, node: Calculation) -> Kind:
        left, right = self.kind(node.left), self.kind(node.right)
        if MISSING in (left, right):
            return MISSING
        if ANY in (left, right):
            return ANY
        result = _CALCULATIONS.get((node.operator, left, right))
        if result is None:
            wrong = f"cannot {_VERBS[node.operator].format(left.shown, right.shown)}"
            texts = node.operator == "+" and TEXT in (left, right)
            raise _refusal(
                wrong, node, "join texts with concat(a, b)" if texts else "see what `+ - * /` take"
            )
        return result

    def _in(self, node: In) -> Kind:
        item, choices = self.kind(node.item), self.kind(node.choices)
        if isinstance(node.choices, ListOf):
            for choice in node.choices.items:
                self._comparable(item, self.kind(choice), choice, ordered=False)
        elif choices.items is not None:
            self._comparable(item, choices.items, node, ordered=False)
        elif choices not in _OPEN:
            right = "for text write contains(text, part) or selected(text, name)"
            raise _refusal(f"`in` looks in a list, not in {choices.shown}", node, right)
        return YES_NO

    def _condition(self, where: str, node: Node) -> Kind:
        kind = self.kind(node)
        if kind not in (YES_NO, *_OPEN):
            wrong = f"{where} needs yes/no values, not {kind.shown}"
            raise _refusal(wrong, node, "compare it with something")
        return YES_NO

    @staticmethod
    def _comparable(left: Kind, right: Kind, node: Node, *, ordered: bool) -> None:
        kind = one_kind((left, right))
        if kind is None:
            wrong = f"cannot compare {left.shown} with {right.shown}"
            raise _refusal(wrong, node, "compare values of one kind")
        if ordered and kind not in (*ORDERED, *_OPEN):
            wrong = f"cannot say which {kind} is greater"
            raise _refusal(wrong, node, "only `=` and `!=` fit here")


# --- functions -------------------------------------------------------------------------------------
_Rule = Callable[[str, list[Kind], Call], Kind]


def _items(kinds: list[Kind]) -> list[Kind]:
    """The kinds of what an aggregate looks at: the items of its one list, or its arguments."""
    return [kinds[0].items] if len(kinds) == 1 and kinds[0].items is not None else kinds


def _aggregate(allowed: frozenset[Kind], what: str) -> _Rule:
    def rule(name: str, kinds: list[Kind], node: Call) -> Kind:
        items = _items(kinds)
        for kind in items:
            if kind not in allowed and kind not in _OPEN:
                raise _refusal(f"`{name}` works on {what}, not on {kind.shown}", node, f"give it {what}")
        found = one_kind(items)
        if found is None:
            wrong = f"`{name}` cannot take {' and '.join(sorted({kind.shown for kind in items}))} together"
            raise _refusal(wrong, node, "give it values of one kind")
        return found

    return rule


def _takes(result: Kind, *wanted: tuple[Kind, ...]) -> _Rule:
    """Each argument of one of the kinds wanted at its place; the result is missing when one always is."""

    def rule(name: str, kinds: list[Kind], node: Call) -> Kind:
        if MISSING in kinds:
            return MISSING
        for kind, among in zip(kinds, wanted, strict=False):
            if kind not in among and kind != ANY:
                right = f"give it a {' or a '.join(map(str, among))}"
                raise _refusal(f"`{name}` does not work on {kind.shown}", node, right)
        return result

    return rule


def _count(name: str, kinds: list[Kind], node: Call) -> Kind:
    return NUMBER


def _length(name: str, kinds: list[Kind], node: Call) -> Kind:
    only = kinds[0]
    if len(kinds) > 1 or only in (TEXT, ANY) or only.items is not None:
        return NUMBER
    if only == MISSING:
        return MISSING
    raise _refusal(f"`{name}` works on text and lists, not on {only.shown}", node, "give it a text or a list")


def _size(name: str, kinds: list[Kind], node: Call) -> Kind:
    _takes(NUMBER, (NUMBER, DURATION))(name, kinds, node)
    return kinds[0]


def _selected(name: str, kinds: list[Kind], node: Call) -> Kind:
    choices, item = kinds
    if MISSING in kinds:
        return MISSING
    if choices.items is not None:
        _Checker._comparable(choices.items, item, node, ordered=False)
        return YES_NO
    return _takes(YES_NO, (TEXT,), (TEXT,))(name, kinds, node)


_text_to_text, _two_texts = _takes(TEXT, (TEXT,)), _takes(YES_NO, (TEXT,), (TEXT,))
_sums = _aggregate(frozenset({NUMBER, DURATION}), "numbers or durations")
_CALLS: dict[str, _Rule] = {
    "min": (_extreme := _aggregate(ORDERED, "numbers, texts, dates or durations")),
    "max": _extreme,
    "sum": _sums,
    "mean": _sums,
    "count": _count,
    "len": _length,
    "round": _takes(NUMBER, (NUMBER,), (NUMBER,)),
    "floor": _takes(NUMBER, (NUMBER,)),
    "abs": _size,
    "lower": _text_to_text,
    "upper": _text_to_text,
    "trim": _text_to_text,
    "contains": _two_texts,
    "starts_with": _two_texts,
    "ends_with": _two_texts,
    "concat": _aggregate(frozenset({TEXT}), "texts"),
    "selected": _selected,
    "date": _takes(DATE, (TEXT,)),
    "datetime": _takes(MOMENT, (TEXT,)),
    "duration": _takes(DURATION, (TEXT,)),
}
