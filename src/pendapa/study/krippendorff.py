"""Krippendorff's alpha for any number of coders and with gaps, and its bootstrap interval."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from pendapa.study.agreement import category_counts
from pendapa.study.codings import Codings, Level
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
    """alpha = 1 - observed disagreement / expected disagreement, by the matrix of coincidences.

    Units with fewer than two values are left out. The interval holds the middle 95 % of `draws` samples of the units
    with replacement; the same seed gives the same interval. Raises NotComputable if no unit was coded twice or all
    values are one. Source: Krippendorff 2011, Computing Krippendorff's Alpha-Reliability; 2018, chapter 12.
    """
    counts = category_counts(codings)
    counts = counts[counts.sum(axis=1) >= 2]
    u, c = counts.shape
    if not u:
        raise NotComputable("no unit was coded by two coders")
    shares = _coincidences(counts)
    alpha = _alpha((shares.T @ np.ones(u)).reshape(c, c), codings.level, codings.positions)
    if alpha is None:
        raise NotComputable("all values are the same, so nothing shows whether coders tell units apart")
    random = np.random.default_rng(seed)
    drawn: list[float] = []
    for _ in range(draws if u > 1 else 0):
        weights = random.multinomial(u, np.full(u, 1 / u)).astype(np.float64)
        one = _alpha((shares.T @ weights).reshape(c, c), codings.level, codings.positions)
        if one is not None:
            drawn.append(one)
    interval = None
    if drawn:
        low, high = np.percentile(drawn, [2.5, 97.5])
        interval = float(low), float(high)
    return Alpha(alpha, interval, u)


def _coincidences(counts: FloatArray) -> sparse.csr_array:
    """A unit a row: pairs of its values (c x c, laid out flat), each value counted once in all."""
    u, c = counts.shape
    rows, columns, entries = [], [], []
    for unit, row in enumerate(counts):
        found = np.flatnonzero(row)
        pairs = (np.outer(row[found], row[found]) - np.diag(row[found])) / (row.sum() - 1)
        rows.append(np.full(pairs.size, unit))
        columns.append((found[:, None] * c + found).ravel())
        entries.append(pairs.ravel())
    return sparse.csr_array(
        (np.concatenate(entries), (np.concatenate(rows), np.concatenate(columns))), shape=(u, c * c)
    )


def _alpha(coincidences: FloatArray, level: Level, positions: FloatArray) -> float | None:
    values = coincidences.sum(axis=1)
    total = float(values.sum())
    if level == "nominal":
        distance: FloatArray = 1 - np.eye(len(values))
    else:
        # Ordinal distance is the number of values from one to the other, half of the ends: a difference of mid-ranks.
        at = positions if level == "interval" else np.cumsum(values) - values / 2
        distance = (at[:, None] - at) ** 2
    expected = float((np.outer(values, values) * distance).sum()) / (total - 1)
    if expected <= 1e-12:
        return None
    return 1 - float((coincidences * distance).sum()) / expected
