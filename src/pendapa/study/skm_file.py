"""An SKM questionnaire as CSV: one respondent a row, one element a column."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pendapa.study.refusal import Fault, StudyRefused
from pendapa.study.skm import HIGHEST, LOWEST
from pendapa.study.tables import Table, read_table

# Columns that are counted as the respondents' profile when nothing else is asked for.
PROFILE = (
    "jenis_kelamin", "sex", "umur", "age", "pendidikan", "education", "pekerjaan", "occupation", "layanan", "service",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Survey:
    """Answers per element, and per profile column how many gave each answer (most first)."""

    answers: Mapping[str, tuple[int | None, ...]]
    profile: Mapping[str, tuple[tuple[str, int], ...]]
    ignored: tuple[str, ...]


def read_survey(source: bytes, name: str, elements: Sequence[str], profile: Sequence[str] = ()) -> Survey:
    """Read answers 1-4. Raises StudyRefused with row and column of every cell that is none."""
    table = read_table(source, name)
    columns = _indices(table, elements)
    counted = list(_indices(table, profile)) if profile else _known(table)
    if not table.rows:
        raise StudyRefused(
            [Fault(name, "there is a head but no respondent", "give one row for each respondent")]
        )
    numbers = table.numbers(columns, _wrong)
    answers = {
        code: tuple(None if math.isnan(cell) else int(cell) for cell in numbers[:, place])
        for place, code in enumerate(elements)
    }
    used = {*columns, *counted}
    return Survey(
        answers,
        {table.heads[column]: _counts(table, column) for column in counted},
        tuple(head for column, head in enumerate(table.heads) if column not in used and head),
    )


def _indices(table: Table, heads: Sequence[str]) -> tuple[int, ...]:
    faults: list[Fault] = []
    found: list[int] = []
    for head in heads:
        try:
            found.append(table.index(head))
        except StudyRefused as refused:
            faults += refused.faults
    if faults:
        raise StudyRefused(faults)
    return tuple(found)


def _known(table: Table) -> list[int]:
    return [column for column, head in enumerate(table.heads) if head.casefold().replace(" ", "_") in PROFILE]


def _wrong(number: float) -> str:
    if number != int(number) or not LOWEST <= number <= HIGHEST:
        return f"not a whole answer from {LOWEST} to {HIGHEST}"
    return ""


def _counts(table: Table, column: int) -> tuple[tuple[str, int], ...]:
    given = Counter(row[column] for row in table.rows)
    return tuple(sorted(given.items(), key=lambda item: (-item[1], item[0])))
