"""Factor analysis of a correlation matrix: minimum residuals and maximum likelihood, parallel analysis."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import optimize

from pendapa.study.matrices import regular
from pendapa.study.refusal import NotComputable
from pendapa.study.tables import FloatArray

LOWEST = (
    0.005  # unique variance at which a solution counts as improper (Heywood), as in R's factanal and psych
)


@dataclass(frozen=True, slots=True)
class Factors:
    """Unrotated loadings, and the unique variance of each item; `heywood` lists the items that have none left."""

    loadings: FloatArray
    uniquenesses: FloatArray
    heywood: tuple[int, ...]


def factors_that_fit(k: int, wanted: int) -> int:
    """The most factors, up to `wanted`, that `k` items can tell: ((k - m)² - (k + m)) / 2 >= 0 (Ledermann 1937)."""
    return max((m for m in range(1, wanted + 1) if k > m and (k - m) ** 2 >= k + m), default=0)


def minres(correlation: FloatArray, m: int) -> Factors:
    """`m` factors with least squared residual correlations: principal axes iterated to convergence.

    Source: Harman & Jones 1966. Raises NotComputable if it does not converge.
    """

    def loss(unique: FloatArray) -> tuple[float, FloatArray]:
        values, vectors = np.linalg.eigh(correlation - np.diag(unique))
        # What m axes leave over; an axis with a negative root explains nothing.
        over = values.copy()
        over[len(over) - m :] = np.minimum(over[len(over) - m :], 0)
        return float((over**2).sum()), -2 * (vectors**2 @ over)

    unique = _least(loss, _first_guess(correlation))
    values, vectors = np.linalg.eigh(correlation - np.diag(unique))
    loadings = vectors[:, ::-1][:, :m] * np.sqrt(np.maximum(values[::-1][:m], 0))
    return _factors(loadings, unique)


def maximum_likelihood(correlation: FloatArray, m: int) -> Factors:
    """`m` factors by maximum likelihood, unique variances kept above 0. Source: Jöreskog 1967; R's factanal.

    Raises NotComputable for a singular matrix, or if it does not converge.
    """
    regular(correlation)

    def loss(unique: FloatArray) -> tuple[float, FloatArray]:
        root = np.sqrt(unique)
        values, vectors = np.linalg.eigh(correlation / np.outer(root, root))
        rest = values[: len(values) - m]
        top = vectors[:, len(values) - m :] * np.sqrt(np.maximum(values[len(values) - m :] - 1, 0))
        explained = (top * root[:, None]) @ (top * root[:, None]).T
        slope = np.diag(explained + np.diag(unique) - correlation) / unique**2
        return float((rest - np.log(rest)).sum() - len(rest)), slope

    unique = _least(loss, _first_guess(correlation))
    root = np.sqrt(unique)
    values, vectors = np.linalg.eigh(correlation / np.outer(root, root))
    loadings = vectors[:, ::-1][:, :m] * np.sqrt(np.maximum(values[::-1][:m] - 1, 0)) * root[:, None]
    return _factors(loadings, unique)


def _first_guess(correlation: FloatArray) -> FloatArray:
    """Unique variances by squared multiple correlations, or a half where these do not exist."""
    try:
        guess: FloatArray = 1 / np.diag(np.linalg.inv(regular(correlation)))
    except NotComputable:
        guess = np.full(len(correlation), 0.5)
    return np.clip(guess, LOWEST, 1)


def _least(loss: Callable[[FloatArray], tuple[float, FloatArray]], start: FloatArray) -> FloatArray:
    found = optimize.minimize(
        loss,
        start,
        jac=True,
        method="L-BFGS-B",
        bounds=[(LOWEST, 1)] * len(start),
        options={"maxiter": 2_000, "maxfun": 20_000, "ftol": 1e-15, "gtol": 1e-9, "maxcor": 30},
    )
    slope = loss(found.x)[1]
    inside = (found.x > LOWEST) & (found.x < 1)
    # A line search that ends in rounding reports failure at the optimum; the slope tells.
    if not found.success and float(np.abs(slope[inside]).max(initial=0)) > 1e-4:
        raise NotComputable("the factor analysis does not converge")
    result: FloatArray = found.x
    return result


def _factors(loadings: FloatArray, unique: FloatArray) -> Factors:
    signs = np.where(loadings.sum(axis=0) < 0, -1.0, 1.0)
    at_bound = tuple(int(number) for number in np.flatnonzero(unique <= LOWEST * 1.001))
    return Factors(loadings * signs, unique, at_bound)


@dataclass(frozen=True, slots=True)
class Parallel:
    """Eigenvalues of the items beside those of random numbers: so many factors stand out."""

    observed: tuple[float, ...]
    random_95: tuple[float, ...]
    factors: int
    draws: int
    seed: int


def parallel_analysis(correlation: FloatArray, n: int, draws: int, seed: int) -> Parallel:
    """Horn's parallel analysis on components, against the 95th percentile of normal random data of the same size.

    Source: Horn 1965; Glorfeld 1995. The same seed gives the same numbers.
    Raises NotComputable for one item.
    """
    k = len(correlation)
    if k < 2:
        raise NotComputable("it needs at least two items")
    observed = np.linalg.eigvalsh(correlation)[::-1]
    random = np.random.default_rng(seed)
    drawn = np.empty((draws, k))
    for draw in range(draws):
        sample = np.corrcoef(random.standard_normal((n, k)), rowvar=False)
        drawn[draw] = np.linalg.eigvalsh(sample)[::-1]
    border = np.percentile(drawn, 95, axis=0)
    below = np.flatnonzero(observed <= border)
    number = int(below[0]) if len(below) else k
    return Parallel(tuple(observed.tolist()), tuple(border.tolist()), number, draws, seed)
