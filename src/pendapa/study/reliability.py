"""Reliability of a scale: Cronbach's alpha and what belongs to it, split halves.

All functions take the matrix of sample covariances of the items (`matrices.covariances`), but for those that draw
respondents anew.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from pendapa.study.matrices import correlations
from pendapa.study.refusal import NotComputable
from pendapa.study.tables import FloatArray


def cronbach_alpha(covariance: FloatArray) -> float:
    """alpha = k / (k - 1) (1 - sum of item variances / variance of the total). Source: Cronbach 1951.

    Raises NotComputable for one item, or if the total does not vary.

    >>> round(cronbach_alpha(np.array([[1.0, 0.5], [0.5, 1.0]])), 4)
    0.6667
    """
    k = len(covariance)
    if k < 2:
        raise NotComputable("it needs at least two items")
    variances = float(np.trace(covariance))
    total = float(covariance.sum())
    if total <= 1e-12 * variances or variances == 0:
        raise NotComputable("the total score is the same for everybody")
    return k / (k - 1) * (1 - variances / total)


def standardised_alpha(correlation: FloatArray) -> float:
    """Alpha of the items brought to equal variance: k r / (1 + (k - 1) r), r the mean correlation."""
    return cronbach_alpha(correlation)


def feldt_interval(alpha: float, n: int, k: int, confidence: float = 0.95) -> tuple[float, float]:
    """Two-sided interval of alpha from `n` respondents, after those with gaps are gone, and `k` items.

    1 - (1 - alpha) F, F with n - 1 and (n - 1)(k - 1) degrees of freedom. Source: Feldt, Woodruff & Salih 1987.
    """
    df1, df2 = n - 1, (n - 1) * (k - 1)
    tail = (1 - confidence) / 2
    low, high = stats.f.ppf([1 - tail, tail], df1, df2)
    return float(1 - (1 - alpha) * low), float(1 - (1 - alpha) * high)


def alpha_without(covariance: FloatArray, item: int) -> float:
    """Alpha of the other items. Raises NotComputable if fewer than two are left."""
    if len(covariance) < 3:
        raise NotComputable("without this item fewer than two are left")
    kept = np.arange(len(covariance)) != item
    return cronbach_alpha(covariance[np.ix_(kept, kept)])


@dataclass(frozen=True, slots=True)
class SplitHalf:
    """Items 1, 3, 5 ... against 2, 4, 6 ...: correlation of the halves, and reliability of the whole from it."""

    first: tuple[int, ...]
    second: tuple[int, ...]
    r: float
    spearman_brown: float
    guttman: float


def split_half(covariance: FloatArray) -> SplitHalf:
    """Odd against even items: Spearman-Brown 2 r / (1 + r); Guttman 2 (1 - (s1² + s2²) / s²).

    Raises NotComputable if a half does not vary. Source: Spearman 1910, Brown 1910, Guttman 1945 (lambda 4).
    """
    k = len(covariance)
    if k < 2:
        raise NotComputable("it needs at least two items")
    first, second = np.arange(0, k, 2), np.arange(1, k, 2)
    one = float(covariance[np.ix_(first, first)].sum())
    two = float(covariance[np.ix_(second, second)].sum())
    both = float(covariance[np.ix_(first, second)].sum())
    r = correlations(np.array([[one, both], [both, two]]), ("the odd items", "the even items"))[0, 1]
    if r <= -1 + 1e-12:
        raise NotComputable("the halves are exact opposites")
    guttman = 2 * (1 - (one + two) / (one + two + 2 * both))
    return SplitHalf(tuple(first), tuple(second), float(r), float(2 * r / (1 + r)), float(guttman))


def bootstrap_alpha(values: FloatArray, draws: int, seed: int) -> FloatArray:
    """Alpha of `draws` samples of the same size, drawn from the respondents with replacement.

    A draw whose total does not vary is NaN. Variances come from weighted sums, so no sample is ever laid out.
    """
    n, k = values.shape
    if n < 2 or k < 2:
        raise NotComputable("it needs at least two respondents and two items")
    scores = np.column_stack([values, values.sum(axis=1)])
    scores -= scores.mean(axis=0)
    weights = np.random.default_rng(seed).multinomial(n, np.full(n, 1 / n), size=draws).astype(np.float64)
    means = weights @ scores / n
    variances = np.maximum((weights @ scores**2 / n - means**2) * n / (n - 1), 0)
    total = variances[:, -1]
    with np.errstate(divide="ignore", invalid="ignore"):
        result: FloatArray = k / (k - 1) * (1 - variances[:, :-1].sum(axis=1) / total)
    result[total <= 1e-12] = np.nan
    return result
