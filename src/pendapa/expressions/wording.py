"""An expression told as a plain sentence, in Indonesian and English."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal

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
from pendapa.expressions.values import Value

_WORDS: dict[str, dict[str, str]] = {
    "id": {
        "=": "{} sama dengan {}",
        "!=": "{} tidak sama dengan {}",
        "<": "{} kurang dari {}",
        "<=": "{} kurang dari atau sama dengan {}",
        ">": "{} lebih dari {}",
        ">=": "{} lebih dari atau sama dengan {}",
        "+": "{} ditambah {}",
        "-": "{} dikurangi {}",
        "*": "{} dikali {}",
        "/": "{} dibagi {}",
        "negative": "minus {}",
        "missing": "{} tidak diisi",
        "present": "{} diisi",
        "in": "{} termasuk dalam {}",
        "one_of": "{} adalah salah satu dari {}",
        "between": "{} antara {} dan {} (termasuk batasnya)",
        "not": "tidak benar bahwa {}",
        "if": "jika {} maka {}, selain itu {}",
        "and": "dan",
        "or": "atau",
        "true": "ya",
        "false": "tidak",
        "null": "kosong",
        "empty": "daftar kosong",
        "days": "{} hari",
        "hours": "{} jam",
        "minutes": "{} menit",
        "seconds": "{} detik",
    },
    "en": {
        "=": "{} is {}",
        "!=": "{} is not {}",
        "<": "{} is less than {}",
        "<=": "{} is at most {}",
        ">": "{} is more than {}",
        ">=": "{} is at least {}",
        "+": "{} plus {}",
        "-": "{} minus {}",
        "*": "{} times {}",
        "/": "{} divided by {}",
        "negative": "minus {}",
        "missing": "{} is missing",
        "present": "{} is given",
        "in": "{} is in {}",
        "one_of": "{} is one of {}",
        "between": "{} is between {} and {} (both included)",
        "not": "it is not so that {}",
        "if": "if {} then {}, otherwise {}",
        "and": "and",
        "or": "or",
        "true": "yes",
        "false": "no",
        "null": "missing",
        "empty": "an empty list",
        "days": "{} days",
        "hours": "{} hours",
        "minutes": "{} minutes",
        "seconds": "{} seconds",
    },
}


def tell(node: Node, language: str, names: Mapping[str, str]) -> str:
    """The sentence of a tree, without a capital and full stop. `names` gives labels for input names."""
    if language not in _WORDS:
        raise ValueError(f'There is no language "{language}" for descriptions; use "id" or "en".')
    return _Teller(language, names).tell(node)


class _Teller:
    def __init__(self, language: str, names: Mapping[str, str]) -> None:
        self._language = language
        self._words = _WORDS[language]
        self._names = names

    def tell(self, node: Node) -> str:
        words = self._words
        match node:
            case Literal(value=value):
                return self._value(value)
            case Name(name=name):
                return self._names.get(name, name)
            case ListOf(items=items):
                return self._series([self._inner(item) for item in items], "or") if items else words["empty"]
            case Negative(operand=operand):
                return words["negative"].format(self._inner(operand))
            case (
                Calculation(operator=sign, left=left, right=right)
                | Compare(operator=sign, left=left, right=right)
            ):
                return words[sign].format(self._inner(left), self._inner(right))
            case IsMissing(operand=operand, wanted=wanted):
                return words["missing" if wanted else "present"].format(self._inner(operand))
            case In(item=item, choices=choices):
                way = "one_of" if isinstance(choices, ListOf) and choices.items else "in"
                return words[way].format(self._inner(item), self.tell(choices))
            case Between(operand=operand, low=low, high=high):
                return words["between"].format(self._inner(operand), self._inner(low), self._inner(high))
            case Not(operand=operand):
                return words["not"].format(self._inner(operand))
            case Logic(word=word, parts=parts):
                return f" {words[word]} ".join(self._part(part) for part in parts)
            case If(condition=condition, then=then, otherwise=otherwise):
                return words["if"].format(self.tell(condition), self._inner(then), self._inner(otherwise))
            case Call(function=name, arguments=arguments):
                return self._call(name, arguments)

    def _call(self, name: str, arguments: tuple[Node, ...]) -> str:
        function = FUNCTIONS[name]
        only = arguments[0]
        if function.checked_early and isinstance(only, Literal) and only.value is not None:
            return self._value(function.apply(only.value))
        said = function.said_id if self._language == "id" else function.said_en
        if "({})" in said:
            if len(arguments) == 1 and isinstance(only, ListOf):
                arguments = only.items
            return said.format(", ".join(self._inner(argument) for argument in arguments))
        told = [self._inner(argument) for argument in arguments]
        return said.format(*told) if len(told) == said.count("{}") else said.format(f"({', '.join(told)})")

    def _inner(self, node: Node) -> str:
        """A part inside a sentence: in parentheses when it is a sentence or a calculation itself."""
        told = self.tell(node)
        return told if isinstance(node, (Literal, Name, Call, Negative)) else f"({told})"

    def _part(self, node: Node) -> str:
        """A part of an and/or chain: only mixed chains and choices need parentheses."""
        told = self.tell(node)
        return f"({told})" if isinstance(node, (Logic, If, Not)) else told

    def _series(self, told: Sequence[str], word: str) -> str:
        if len(told) == 1:
            return told[0]
        return f"{', '.join(told[:-1])} {self._words[word]} {told[-1]}"

    def _value(self, value: Value) -> str:
        words = self._words
        if value is None:
            return words["null"]
        if isinstance(value, bool):
            return words["true" if value else "false"]
        if isinstance(value, str):
            return f'"{value}"'
        if isinstance(value, Decimal):
            return f"{value:f}".replace(".", "," if self._language == "id" else ".")
        if isinstance(value, timedelta):
            return self._duration(value)
        if isinstance(value, date):
            return value.isoformat()
        return str(value)

    def _duration(self, value: timedelta) -> str:
        if value < timedelta(0):
            return self._words["negative"].format(self._duration(-value))
        minutes, seconds = divmod(value.seconds, 60)
        hours, minutes = divmod(minutes, 60)
        parts = (("days", value.days), ("hours", hours), ("minutes", minutes), ("seconds", seconds))
        told = [self._words[unit].format(number) for unit, number in parts if number]
        return " ".join(told) or self._words["days"].format(0)
