"""Do the items belong together? Item correlations, the table of r, sampling adequacy and sphericity."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import stats

from pendapa.study.matrices import regular
from pendapa.study.refusal import NotComputable
from pendapa.study.tables import FloatArray


def critical_r(n: int, level: float = 0.05) -> float:
    """Smallest correlation of `n` respondents that differs from 0, two-tailed: t / sqrt(df + t²), df = n - 2.

    Printed tables hold misprints (0.387 for n = 29, where it is 0.367); this is computed.

    >>> round(critical_r(29), 3)
    0.367
    """
    df = n - 2
    if df < 1:
        raise NotComputable(f"it needs at least three respondents with complete answers; there are {n}")
    t = float(stats.t.ppf(1 - level / 2, df))
    return t / math.sqrt(df + t * t)


def item_total(covariance: FloatArray, item: int) -> float:
    """Correlation of an item with the total of all items, itself among them (the usual r hitung)."""
    return _correlation(float(covariance[item].sum()), covariance[item, item], float(covariance.sum()))


def item_rest(covariance: FloatArray, item: int) -> float:
    """Correlation of an item with the total of the others: the corrected one, which few items need."""
    own = float(covariance[item, item])
    with_all = float(covariance[item].sum())
    return _correlation(with_all - own, own, float(covariance.sum()) - 2 * with_all + own)


def _correlation(covariance: float, own: float, other: float) -> float:
    if own <= 0:
        raise NotComputable("every answer is the same")
    if other <= 1e-12 * own:
        raise NotComputable("the total of the items is the same for everybody")
    return max(-1.0, min(1.0, covariance / math.sqrt(own * other)))


@dataclass(frozen=True, slots=True)
class Adequacy:
    """Kaiser-Meyer-Olkin measure of sampling adequacy, 0 to 1: of all items, and of each in their order."""

    overall: float
    items: tuple[float, ...]


def kmo(correlation: FloatArray) -> Adequacy:
    """Sum of squared correlations over that sum with squared partial correlations. Source: Kaiser & Rice 1974.

    Raises NotComputable for one item or a singular matrix.
    """
    if len(correlation) < 2:
        raise NotComputable("it needs at least two items")
    inverse = np.linalg.inv(regular(correlation))
    scale = np.sqrt(np.diag(inverse))
    partial = inverse / np.outer(scale, scale)
    r2, q2 = correlation**2, partial**2
    np.fill_diagonal(r2, 0)
    np.fill_diagonal(q2, 0)
    if r2.sum() <= 1e-24:
        raise NotComputable("no two items correlate at all")
    shares = [
        float(r / (r + q)) if r + q > 0 else 0.0 for r, q in zip(r2.sum(axis=0), q2.sum(axis=0), strict=True)
    ]
    return Adequacy(float(r2.sum() / (r2.sum() + q2.sum())), tuple(shares))


@dataclass(frozen=True, slots=True)
class Sphericity:
    """Bartlett's test that the items do not correlate in the population."""

    chi2: float
    df: int
    p: float


def bartlett(correlation: FloatArray, n: int) -> Sphericity:
    """chi2 = -(n - 1 - (2 k + 5) / 6) ln det R with k (k - 1) / 2 degrees of freedom. Source: Bartlett 1951."""
    k = len(correlation)
    if k < 2:
        raise NotComputable("it needs at least two items")
    chi2 = float(-(n - 1 - (2 * k + 5) / 6) * np.linalg.slogdet(regular(correlation))[1])
    df = k * (k - 1) // 2
    if chi2 < 0:
        raise NotComputable(f"{n} respondents are too few for {k} items")
    return Sphericity(chi2, df, float(stats.chi2.sf(chi2, df)))
