"""Krippendorff's alpha for any number of coders and with gaps, and its bootstrap interval."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pendapa.study.agreement import equal_pairs
from pendapa.study.codings import Codings
from pendapa.study.refusal import NotComputable
from pendapa.study.tables import FloatArray

DRAWS = 1_000
SEED = 20_170_614


@dataclass(frozen=True, slots=True)
class Alpha:
    """Alpha and its two-sided 95 % interval; both ends are None where no draw could be made."""

    alpha: float
    interval: tuple[float, float] | None
    units: int  # that two coders or more gave a value


def krippendorff_alpha(codings: Codings, draws: int = DRAWS, seed: int = SEED) -> Alpha:
    """alpha = 1 - observed disagreement / expected disagreement, at the level of the codings.

    Units with fewer than two values are left out. The interval holds the middle 95 % of `draws` samples of the units
    with replacement; the same seed gives the same interval. Raises NotComputable if no unit was coded twice or all
    values are one. Source: Krippendorff 2011, Computing Krippendorff's Alpha-Reliability; 2018, chapter 12.
    """
    pairable = codings.values[(codings.values >= 0).sum(axis=1) >= 2]
    u = len(pairable)
    if not u:
        raise NotComputable("no unit was coded by two coders")
    disagreement = _Disagreement(pairable, codings)
    alpha = disagreement.alpha(np.ones(u))
    if alpha is None:
        raise NotComputable("all values are the same, so nothing shows whether coders tell units apart")
    random = np.random.default_rng(seed)
    samples = (random.multinomial(u, np.full(u, 1 / u)) for _ in range(draws if u > 1 else 0))
    drawn = [one for sample in samples if (one := disagreement.alpha(sample.astype(np.float64))) is not None]
    interval = None
    if drawn:
        low, high = np.percentile(drawn, [2.5, 97.5])
        interval = float(low), float(high)
    return Alpha(alpha, interval, u)


class _Disagreement:
    """Alpha of units that count so many times each.

    The matrix of coincidences is never laid out: a squared distance summed over all pairs of values follows from the
    sums of the values and of their squares, so thousands of different values cost no more than two.
    """

    def __init__(self, values: NDArray[np.int64], codings: Codings) -> None:
        self.level = codings.level
        self.given = values >= 0
        self.values = np.where(self.given, values, 0)
        self.coders = self.given.sum(axis=1)
        self.units = np.repeat(np.arange(len(values)), self.coders)
        self.categories = len(codings.categories)
        self.positions = codings.positions
        self.unequal = self.coders * (self.coders - 1) - equal_pairs(values)

    def alpha(self, weights: FloatArray) -> float | None:
        counts = np.bincount(self.values[self.given], weights[self.units], self.categories)
        total = float(counts.sum())
        if np.count_nonzero(counts) < 2:
            return None
        if self.level == "nominal":
            expected = total * total - float(counts @ counts)
            apart = self.unequal
        else:
            # Ordinal distance counts the values from one to the other, half of the ends: a difference of mid-ranks.
            at = self.positions if self.level == "interval" else np.cumsum(counts) - counts / 2
            at = at - (counts @ at) / total
            expected = 2 * total * float(counts @ at**2)
            marks = np.where(self.given, at[self.values], 0)
            apart = 2 * (self.coders * (marks**2).sum(axis=1) - marks.sum(axis=1) ** 2)
        observed = float(weights @ (apart / (self.coders - 1)))
        return 1 - observed * (total - 1) / expected
