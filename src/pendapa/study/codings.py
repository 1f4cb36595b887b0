"""Codings in long form: which coder gave which unit which value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from pendapa.study.refusal import Fault, StudyRefused
from pendapa.study.tables import MISSING, FloatArray, Table, as_number, read_table, refuse_if, twice

Level = Literal["nominal", "ordinal", "interval"]
HEADS = ("unit", "coder", "value")


@dataclass(frozen=True, slots=True)
class Codings:
    """Units x coders: the place of each value among the categories, -1 where a coder left the unit open.

    `positions` are the numbers that distances between categories are taken from; nominal ones have none that count.
    """

    units: tuple[str, ...]
    coders: tuple[str, ...]
    categories: tuple[str, ...]
    positions: FloatArray
    values: NDArray[np.int64]
    level: Level


def read_codings(source: bytes, name: str, level: Level, order: Sequence[str] = ()) -> Codings:
    """Read the columns unit, coder and value of a CSV.

    `order` names the values of an ordinal level from lowest to highest, for values that are no numbers. Values that are
    all numbers are compared as numbers. Raises StudyRefused with every fault.
    """
    table = read_table(source, name)
    lowered = Table(table.name, tuple(map(str.lower, table.heads)), table.rows, table.lines)
    unit, coder, value = map(lowered.index, HEADS)
    texts = sorted({row[value] for row in table.rows} - MISSING)
    read = {text: as_number(text) for text in texts}
    words = [text for text, number in read.items() if number is None]
    if order:
        _refuse_order(table, value, order, level)
        places = {text: float(place) for place, text in enumerate(order)}
    elif level == "nominal" and words:
        places = {text: float(place) for place, text in enumerate(texts)}
    elif words:
        raise StudyRefused(
            Fault(table.where(row, value), f"{cells[value]!r} is not a number", _way_out(level))
            for row, cells in enumerate(table.rows)
            if cells[value] in words
        )
    else:
        places = {text: number for text, number in read.items() if number is not None}
    return _laid_out(table, (unit, coder, value), places, level)


def _way_out(level: Level) -> str:
    return "name the order of the values" if level == "ordinal" else "an interval level needs numbers"


def _refuse_order(table: Table, value: int, order: Sequence[str], level: Level) -> None:
    faults = [Fault("order", f"{text} stands twice", "name each value once") for text in twice(order)]
    if level != "ordinal":
        faults.append(Fault("order", f"a level that is {level} takes none", "leave it out"))
    faults += [
        Fault(table.where(row, value), f"{cells[value]!r} is not in the order", "name every value in it")
        for row, cells in enumerate(table.rows)
        if cells[value] not in MISSING and cells[value] not in order
    ]
    refuse_if(faults, table.name)


def _laid_out(table: Table, columns: tuple[int, int, int], places: dict[str, float], level: Level) -> Codings:
    unit, coder, value = columns
    faults: list[Fault] = []
    seen: dict[tuple[str, str], int] = {}
    for row, cells in enumerate(table.rows):
        faults += [
            Fault(table.where(row, column), "the cell is empty", "name who coded what")
            for column in (unit, coder)
            if not cells[column]
        ]
        first = seen.setdefault((cells[unit], cells[coder]), table.lines[row])
        if first != table.lines[row]:
            wrong = f"{cells[coder]} coded {cells[unit]} in row {first} already"
            faults.append(Fault(table.where(row, unit), wrong, "keep one value of a coder for a unit"))
    refuse_if(faults, table.name)
    units = tuple(dict.fromkeys(cells[unit] for cells in table.rows))
    coders = tuple(dict.fromkeys(cells[coder] for cells in table.rows))
    positions = sorted(set(places.values()))
    shown = {position: text for text, position in reversed(places.items())}
    unit_at = {text: place for place, text in enumerate(units)}
    coder_at = {text: place for place, text in enumerate(coders)}
    category_at = {text: positions.index(position) for text, position in places.items()}
    values = np.full((len(units), len(coders)), -1, dtype=np.int64)
    for cells in table.rows:
        values[unit_at[cells[unit]], coder_at[cells[coder]]] = category_at.get(cells[value], -1)
    categories = tuple(shown[position] for position in positions)
    return Codings(units, coders, categories, np.array(positions), values, level)
