"""Delphi: when do experts agree that a statement holds?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pendapa.study.refusal import NotComputable

WIDEST_IQR = 1.0
FEWEST_PERCENT = 75.0


@dataclass(frozen=True, slots=True)
class Consensus:
    """One statement in one round: spread, and percent of the experts in the two highest marks."""

    experts: int
    median: float
    iqr: float
    percent: float

    @property
    def reached(self) -> bool:
        """IQR of at most 1 and at least 75 % agreeing."""
        return self.iqr <= WIDEST_IQR and self.percent >= FEWEST_PERCENT


def consensus(marks: Sequence[float], scale: tuple[int, int] = (1, 5)) -> Consensus:
    """Agreement of experts on one statement; quartiles by linear interpolation (type 7 of Hyndman & Fan, R's own).

    Raises NotComputable for fewer than two marks, ValueError for one beyond the scale.

    >>> found = consensus([4, 5, 4, 4, 3])
    >>> found.iqr, found.percent, found.reached
    (0.0, 80.0, True)
    """
    if len(marks) < 2:
        raise NotComputable(f"consensus needs the marks of at least two experts; there are {len(marks)}")
    low, high = scale
    if min(marks) < low or max(marks) > high:
        raise ValueError(f"marks from {min(marks):g} to {max(marks):g} leave the scale {low} to {high}")
    first, middle, third = map(float, np.percentile(marks, [25, 50, 75]))
    agreeing = sum(mark >= high - 1 for mark in marks)
    return Consensus(len(marks), middle, third - first, 100 * agreeing / len(marks))
