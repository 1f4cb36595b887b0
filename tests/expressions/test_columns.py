"""Columns against values: DuckDB's answer to the translation is `evaluate`'s, row by row.

1,200 random expressions over 12 rows every time, 40,000 with PENDAPA_LONG=1 (`make oracle`).
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import duckdb
import ibis
import pytest

from pendapa.expressions import EvaluationError, Expression, TranslationError, operations, parse
from pendapa.expressions.functions import FUNCTIONS
from .typed import COLUMNS, Grower, row

EXPRESSIONS = 40_000 if os.environ.get("PENDAPA_LONG") else 1_200
ROWS = 12
BATCH = 60
SEED = os.environ.get("PENDAPA_SEED", "pendapa")
NEAR = Decimal("1e-9")
TABLE = ibis.table(COLUMNS, name="cases")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SQL_TYPES = {
    "int64": "BIGINT",
    "int32": "INTEGER",
    "float64": "DOUBLE",
    "string": "VARCHAR",
    "timestamp('UTC')": "TIMESTAMPTZ",
    "array<int64>": "BIGINT[]",
    "array<string>": "VARCHAR[]",
    "interval('us')": "INTERVAL",
}


def connection(rows: list[dict[str, object]]) -> duckdb.DuckDBPyConnection:
    """A database in memory with the rows."""
    made = duckdb.connect(config={"threads": 1})
    made.execute("SET TimeZone = 'UTC'")
    columns = ", ".join(f'"{name}" {SQL_TYPES.get(kind, kind)}' for name, kind in COLUMNS.items())
    made.execute(f"CREATE TABLE cases ({columns}, nr INTEGER)")
    marks = ", ".join("?" * (len(COLUMNS) + 1))
    made.executemany(
        f"INSERT INTO cases VALUES ({marks})",
        [[*(values[name] for name in COLUMNS), nr] for nr, values in enumerate(rows)],
    )
    return made


def answers(database: duckdb.DuckDBPyConnection, columns: list[Any]) -> list[tuple[Any, ...]]:
    """The columns' values, a tuple a row. Instants come as microseconds: reading them needs no zone then."""
    shown = [
        column.delta(ibis.literal(EPOCH, type="timestamp('UTC')"), unit="microsecond")
        if column.type().is_timestamp()
        else column
        for column in columns
    ]
    query = TABLE.select(*(column.name(f"c{n}") for n, column in enumerate(shown)))
    return database.execute(f"{ibis.to_sql(query, dialect='duckdb')}").fetchall()


def agree(expected: Any, found: Any) -> bool:
    """The same value; numbers within 1e-9 of their size, durations within a microsecond (halves of float64)."""
    if expected is None or found is None:
        return expected is found
    if isinstance(expected, bool) or isinstance(found, bool):
        return expected is found
    if isinstance(expected, (int, Decimal)):
        difference = abs(Decimal(expected) - Decimal(found))
        return difference <= NEAR * max(1, abs(Decimal(expected)))
    if isinstance(expected, datetime):
        return bool(abs((expected - EPOCH) // timedelta(microseconds=1) - found) <= 1)
    if isinstance(expected, timedelta):
        return bool(abs(expected - found) <= max(timedelta(microseconds=1), abs(expected) * float(NEAR)))
    if isinstance(expected, date):
        return bool(expected == found)
    return type(expected) is type(found) and bool(expected == found)


class Near:
    """Whether an evaluation met numbers so near each other, or to a step, that float64 may decide otherwise."""

    met = False

    @classmethod
    def look(cls, a: object, b: object) -> None:
        if isinstance(a, timedelta) and isinstance(b, timedelta):
            cls.met = cls.met or abs(a - b) <= timedelta(microseconds=2)
        elif isinstance(a, datetime) and isinstance(b, datetime):
            cls.met = cls.met or abs(a - b) <= timedelta(microseconds=2)
        elif operations.is_number(a) and operations.is_number(b):  # type: ignore[arg-type]
            first, second = Decimal(a), Decimal(b)  # type: ignore[arg-type]
            cls.met = cls.met or abs(first - second) <= NEAR * max(1, abs(first), abs(second))


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch) -> None:
    """Comparisons, `round` and `floor` tell Near what they see."""
    order, equal = operations.order, operations.equal

    def order_seen(a: Any, b: Any) -> Any:
        Near.look(a, b)
        return order(a, b)

    def equal_seen(a: Any, b: Any) -> Any:
        Near.look(a, b)
        return equal(a, b)

    monkeypatch.setattr(operations, "order", order_seen)
    monkeypatch.setattr(operations, "equal", equal_seen)
    for name in ("round", "floor"):
        apply = FUNCTIONS[name].apply

        def seen(value: Any, places: int = 0, *, name: str = name, apply: Any = apply) -> Any:
            if operations.is_number(value):
                steps = Decimal(value).scaleb(places) + (Decimal("0.5") if name == "round" else 0)
                Near.look(steps, steps.to_integral_value())
            return apply(value, places) if name == "round" else apply(value)

        monkeypatch.setitem(FUNCTIONS, name, replace(FUNCTIONS[name], apply=seen))


def reckoned_in_floats(text: str) -> bool:
    return "/" in text or "mean" in text or "share" in text or text.count("*") > 1 or "sum" in text or "*" in text


@pytest.mark.oracle
@pytest.mark.usefixtures("watched")
def test_a_table_answers_as_evaluate_does() -> None:
    chance = random.Random(SEED)
    seen: Counter[str] = Counter()
    wrong: list[str] = []
    rows: list[dict[str, object]] = []
    database = None
    for batch in range(EXPRESSIONS // BATCH):
        if batch % 10 == 0:
            rows = [row(chance) for _ in range(ROWS)]
            database = connection(rows)
        grower = Grower(chance)
        written: list[str] = []
        columns: list[Any] = []
        while len(written) < BATCH:
            text = grower.any(chance.randrange(1, 5))
            try:
                columns.append(parse(text).to_ibis(TABLE))
            except TranslationError as error:
                assert "grows too large" in str(error), text
                seen["too large"] += 1
                continue
            written.append(text)
        assert database is not None
        found = answers(database, columns)
        for place, text in enumerate(written):
            expression = parse(text)
            for nr, values in enumerate(rows):
                Near.met = False
                try:
                    expected = expression.evaluate(values)
                except EvaluationError:
                    seen["refused by evaluate"] += 1
                    continue
                if agree(expected, found[nr][place]):
                    seen["missing" if expected is None else "the same"] += 1
                elif Near.met and reckoned_in_floats(text):
                    seen["decided by float64"] += 1
                else:
                    wrong.append(f"{text} of {values}: evaluate {expected!r}, table {found[nr][place]!r}")
    print(seen)
    assert not wrong, f"{len(wrong)} differ: " + "\n".join(sorted(wrong, key=len)[:8])
    cases = EXPRESSIONS * ROWS
    assert seen["the same"] > cases / 3
    assert seen["missing"] > cases / 10
    assert seen["decided by float64"] < cases / 500
    assert seen["refused by evaluate"] < cases / 10
    assert seen["too large"] < EXPRESSIONS / 100
