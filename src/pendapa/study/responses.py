"""Answers to an instrument: the items asked for, reversed where declared, missing ones handled by a named method."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from pendapa.study.refusal import Fault, StudyRefused
from pendapa.study.tables import FloatArray, read_table, twice

MissingMethod = Literal["listwise", "median"]


@dataclass(frozen=True, slots=True)
class Responses:
    """Answers as read: a respondent a row, an item a column, missing ones NaN, reversed items turned round already."""

    items: tuple[str, ...]
    values: FloatArray
    lines: tuple[int, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Complete:
    """Answers without gaps, and what was done to get them."""

    items: tuple[str, ...]
    values: FloatArray
    asked: int
    method: MissingMethod
    imputed: dict[str, int]
    notes: tuple[str, ...] = ()

    @property
    def n(self) -> int:
        """Respondents that every statistic is computed from."""
        return len(self.values)


def read_responses(
    source: bytes,
    name: str,
    items: Sequence[str],
    *,
    reverse: Sequence[str] = (),
    scale: tuple[float, float] | None = None,
    respondent: str | None = None,
) -> Responses:
    """Read the answers to `items` from a CSV.

    `scale` is the lowest and highest answer; without it there is no check of range. A reversed item becomes
    lowest + highest - answer, without a scale by the lowest and highest answer to all the items: no statistic of the
    instrument depends on that constant. `respondent` names a column whose values should differ; those that do not are
    told in the notes, never dropped. Raises StudyRefused with every fault.
    """
    _refuse_names(items, reverse, scale)
    table = read_table(source, name)
    columns = [table.index(item) for item in items]

    def outside(answer: float) -> str:
        if scale is None or scale[0] <= answer <= scale[1]:
            return ""
        return f"outside the scale {scale[0]:g} to {scale[1]:g}"

    values = table.numbers(columns, outside)
    turned = [place for place, item in enumerate(items) if item in reverse]
    if turned and not np.isnan(values).all():
        low, high = scale or (float(np.nanmin(values)), float(np.nanmax(values)))
        values[:, turned] = low + high - values[:, turned]
    notes: list[str] = []
    if respondent is not None:
        column = table.index(respondent)
        rows: dict[str, list[int]] = {}
        for line, row in zip(table.lines, table.rows, strict=True):
            rows.setdefault(row[column], []).append(line)
        notes = [
            f"{respondent} {who!r} answers more than once, in rows {', '.join(map(str, at))}; all are counted."
            for who, at in rows.items()
            if len(at) > 1 and who
        ]
    return Responses(tuple(items), values, table.lines, tuple(notes))


def _refuse_names(items: Sequence[str], reverse: Sequence[str], scale: tuple[float, float] | None) -> None:
    faults = []
    if not items:
        faults.append(Fault("items", "no item is named", "name the columns of the scale, as A,B,C"))
    faults += [Fault("items", f"{item} is named twice", "name each item once") for item in twice(items)]
    faults += [
        Fault("reverse", f"{item} is not one of the items", "reverse items that are named")
        for item in dict.fromkeys(reverse)
        if item not in items
    ]
    if scale is not None and not scale[0] < scale[1]:
        faults.append(Fault("scale", f"{scale[0]:g} is not below {scale[1]:g}", "give lowest,highest as 1,5"))
    if faults:
        raise StudyRefused(faults)


def complete(responses: Responses, method: MissingMethod = "listwise") -> Complete:
    """Answers without gaps.

    `listwise` leaves out respondents who left one of the items open. `median` puts the item's median in its place
    for all but those who answered none of the items, as psych::alpha(impute = "median") does.
    """
    values, items = responses.values, responses.items
    gaps: NDArray[np.bool_] = np.isnan(values)
    unanswered: list[bool] = np.all(gaps, axis=0).tolist()
    asked = len(values)
    notes = list(responses.notes)
    notes += [
        f"item {item}: nobody answered it."
        for item, empty in zip(items, unanswered, strict=True)
        if empty and asked
    ]
    imputed: dict[str, int] = {}
    silent = gaps.all(axis=1)
    left_out = gaps.any(axis=1) if method == "listwise" or any(unanswered) else silent
    used = values[~left_out]
    if method == "median" and len(used):
        gaps = np.isnan(used)
        used = np.where(gaps, np.nanmedian(used, axis=0), used)
        imputed = {item: int(count) for item, count in zip(items, gaps.sum(axis=0), strict=True) if count > 0}
    if gone := int(left_out.sum()):
        why = "left one of the items open" if left_out.sum() > silent.sum() else "answered none of the items"
        notes.append(f"{gone} of {asked} respondents {why} and are left out of every statistic.")
    return Complete(items, used, asked, method, imputed, tuple(notes))
