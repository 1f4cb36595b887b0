"""Random expressions whose kinds fit, and random rows for them: for programs that need types before values."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

COLUMNS = {
    "a": "int64",
    "b": "int32",
    "money": "int64",
    "price": "decimal(12, 2)",
    "share": "float64",
    "name": "string",
    "word": "string",
    "picked": "string",
    "yes": "boolean",
    "no": "boolean",
    "day": "date",
    "start": "date",
    "moment": "timestamp('UTC')",
    "later": "timestamp('UTC')",
    "numbers": "array<int64>",
    "names": "array<string>",
    "took": "interval('us')",
}
_TEXTS = ["", "x", "a b", "Ab", "kios", "it's", "%", "_", "\u00a0kios ", "é", "ubah\n", "toko kios"]
_DAY = date(2026, 3, 16)
_MOMENT = datetime(2026, 3, 16, 1, 30, tzinfo=UTC)


def row(chance: random.Random) -> dict[str, object]:
    """One row; about one value in seven is missing."""
    values: dict[str, object] = {
        "a": chance.randrange(-6, 7),
        "b": chance.choice([0, 1, 2, 3, 100]),
        "money": chance.choice([0, 1_500_000, 9_999_999_999_999, -275_000]),
        "price": Decimal(chance.randrange(-100_000, 100_000)) / 100,
        "share": chance.choice([0.0, 0.1, 0.2, 0.3, 2.675, -1.5, 12.5, 1e15]),
        "name": chance.choice(_TEXTS),
        "word": chance.choice(_TEXTS),
        "picked": chance.choice(["", "toko", "kios toko", "  kios\ttoko ", "toko kios warung"]),
        "yes": chance.random() < 0.5,
        "no": chance.random() < 0.5,
        "day": _DAY + timedelta(days=chance.randrange(-40, 40)),
        "start": _DAY + timedelta(days=chance.randrange(-3, 3)),
        "moment": _MOMENT + timedelta(minutes=chance.randrange(-5000, 5000)),
        "later": _MOMENT + timedelta(microseconds=chance.randrange(-3, 3)),
        "numbers": [chance.choice([0, 1, 2, 3, None]) for _ in range(chance.randrange(4))],
        "names": [chance.choice(["kios", "x", "", "x", None]) for _ in range(chance.randrange(4))],
        "took": timedelta(minutes=chance.randrange(-3000, 3000)),
    }
    return {name: None if chance.random() < 0.15 else value for name, value in values.items()}


class Grower:
    """Grows expressions of a wanted kind."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance

    def any(self, depth: int) -> str:
        kinds = [self.condition, self.number] * 2 + [self.text, self.day, self.instant, self.duration]
        return self.chance.choice(kinds)(depth)

    def _one(self, *ways: str) -> str:
        return self.chance.choice(ways)

    def _if(self, kind: str, depth: int) -> str:
        inner = getattr(self, kind)
        return f"(if {self.condition(depth - 1)} then {inner(depth - 1)} else {inner(depth - 1)})"

    def _several(self, kind: str, depth: int) -> str:
        return ", ".join(getattr(self, kind)(depth - 1) for _ in range(self.chance.randrange(1, 4)))

    def number(self, depth: int) -> str:
        if depth <= 0 or self.chance.random() < 0.15:
            return self._one(
                "a", "b", "money", "price", "share", "0", "1", "2.5", "100", "0.005", "null", "1500000"
            )
        match self.chance.randrange(15):
            case 0 | 1 | 2 | 3:
                return f"({self.number(depth - 1)} {self._one('+', '-', '*')} {self.number(depth - 1)})"
            case 4:
                return f"({self.number(depth - 1)} / {self.number(depth - 1)})"
            case 5:
                return f"(-{self.number(depth - 1)})"
            case 6:
                return self._if("number", depth)
            case 7:
                return f"{self._one('min', 'max', 'sum', 'mean', 'count')}({self._several('number', depth)})"
            case 8:
                return f"{self._one('min', 'max', 'sum', 'mean', 'count', 'len')}({self.numbers(depth)})"
            case 9:
                return f"round({self.number(depth - 1)}, {self._one('0', '1', '2', '5')})"
            case 10:
                return f"{self._one('floor', 'abs', 'round')}({self.number(depth - 1)})"
            case 11:
                return f"len({self.text(depth - 1)})"
            case 12:
                return f"count({self._several(self._one('text', 'condition', 'day', 'number'), depth)})"
            case 13:
                return f"({self.duration(depth - 1)} / {self.duration(depth - 1)})"
            case _:
                return f"len({self.text(depth - 1)}, {self.number(depth - 1)})"

    def numbers(self, depth: int) -> str:
        if depth <= 0 or self.chance.random() < 0.5:
            return self._one("numbers", "[]", "[1, 2, null]")
        return self._one(f"[{self._several('number', depth)}]", self._if("numbers", depth))

    def text(self, depth: int) -> str:
        if depth <= 0 or self.chance.random() < 0.3:
            return self._one("name", "word", "picked", "''", '"kios"', '"it\'s"', "'a b'", "null")
        match self.chance.randrange(5):
            case 0:
                return self._if("text", depth)
            case 1:
                return f"concat({self._one(self._several('text', depth), 'names')})"
            case 2:
                return f"{self._one('min', 'max')}({self._several('text', depth)})"
            case _:
                return f"{self._one('lower', 'upper', 'trim')}({self.text(depth - 1)})"

    def day(self, depth: int) -> str:
        if depth <= 0 or self.chance.random() < 0.3:
            return self._one("day", "start", "date('2026-03-31')", "date(null)")
        match self.chance.randrange(4):
            case 0:
                return self._if("day", depth)
            case 1:
                return f"{self._one('min', 'max')}({self._several('day', depth)})"
            case _:
                moved = self._one(
                    "duration('P3D')", "duration('-P1W')", "duration('P1D') * b", "(day - start)"
                )
                return f"({self.day(depth - 1)} {self._one('+', '-')} {moved})"

    def instant(self, depth: int) -> str:
        if depth <= 0 or self.chance.random() < 0.3:
            return self._one("moment", "later", "datetime('2026-03-16T08:30+07:00')")
        if self.chance.random() < 0.3:
            return self._if("instant", depth)
        return f"({self.instant(depth - 1)} {self._one('+', '-')} {self.duration(depth - 1)})"

    def duration(self, depth: int) -> str:
        if depth <= 0 or self.chance.random() < 0.3:
            return self._one("took", "duration('PT90M')", "duration('-P1DT1S')", "duration('P2W')")
        match self.chance.randrange(7):
            case 0:
                return self._if("duration", depth)
            case 1:
                return f"({self.day(depth - 1)} - {self.day(depth - 1)})"
            case 2:
                return f"({self.instant(depth - 1)} - {self.instant(depth - 1)})"
            case 3:
                return f"{self._one('min', 'max', 'sum', 'mean')}({self._several('duration', depth)})"
            case 4:
                return f"({self.duration(depth - 1)} {self._one('*', '/')} {self._one('a', 'b', '3', '0.5', '7')})"
            case 5:
                return f"{self._one('abs', '-')}({self.duration(depth - 1)})"
            case _:
                return f"({self.duration(depth - 1)} {self._one('+', '-')} {self.duration(depth - 1)})"

    def condition(self, depth: int) -> str:
        if depth <= 0 or self.chance.random() < 0.1:
            return self._one("yes", "no", "true", "false", "null", "yes", "no")
        below = depth - 1
        kind = self._one("number", "number", "text", "day", "instant", "duration")
        inner = getattr(self, kind)
        match self.chance.randrange(11):
            case 0 | 1:
                return f"({self.condition(below)} {self._one('and', 'or')} {self.condition(below)})"
            case 2:
                return f"(not {self.condition(below)})"
            case 3 | 4 | 5:
                return f"({inner(below)} {self._one('=', '!=', '<', '<=', '>', '>=')} {inner(below)})"
            case 6:
                return f"({inner(below)} between {inner(below)} and {inner(below)})"
            case 7:
                return self._one(
                    f"({inner(below)} in [{self._several(kind, depth)}])",
                    f"({self.number(below)} in {self.numbers(below)})",
                    f"({self.text(below)} in names)",
                    f"([{self.number(below)}, yes] in [[a, no], [b, true]])",
                )
            case 8:
                return f"({inner(below)} {self._one('=', '!=')} null)"
            case 9:
                function = self._one("contains", "starts_with", "ends_with", "selected")
                return f"{function}({self.text(below)}, {self.text(below)})"
            case _:
                return self._one(
                    f"selected(picked, {self._one('word', chr(39) + 'kios' + chr(39), 'name')})",
                    f"selected(names, {self.text(below)})",
                    f"([{self.number(below)}, {self.number(below)}] = [a, b])",
                    self._if("condition", depth),
                    f"({self.condition(below)} = {self.condition(below)})",
                )
