"""McDonald's omega: of one factor, and by the Schmid-Leiman transformation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pendapa.study.factors import Factors, maximum_likelihood, minres
from pendapa.study.refusal import NotComputable
from pendapa.study.rotation import oblimin, ordered
from pendapa.study.tables import FloatArray


def omega_total(covariance: FloatArray, correlation: FloatArray, items: Sequence[str]) -> float:
    """Reliability of the sum by one factor fitted to the covariances: (Σl)² / ((Σl)² + Σθ).

    Maximum likelihood, as lavaan's `f =~ items`. Raises NotComputable for fewer than three items, a singular matrix, or
    an item whose error variance vanishes (Heywood). Source: McDonald 1999, equation 6.20.
    """
    if len(covariance) < 3:
        raise NotComputable("one factor needs at least three items")
    found = maximum_likelihood(correlation, 1)
    if found.heywood:
        named = ", ".join(items[number] for number in found.heywood)
        raise NotComputable(f"one factor leaves no error variance to {named} (a Heywood case)")
    deviations = np.sqrt(np.diag(covariance))
    common = float((found.loadings[:, 0] * deviations).sum()) ** 2
    errors = float((found.uniquenesses * deviations**2).sum())
    return common / (common + errors)


@dataclass(frozen=True, slots=True)
class SchmidLeiman:
    """A general factor beside group factors: loadings on the general one, and both omegas of the standardised sum."""

    general: FloatArray
    uniquenesses: FloatArray
    hierarchical: float
    total: float


def schmid_leiman(correlation: FloatArray, m: int) -> SchmidLeiman:
    """Omega hierarchical and total as psych::omega: `m` minres factors, oblimin, one factor over them.

    hierarchical = (Σg)² / Σr, total = 1 - Σu / Σr, over all entries of the correlation matrix. With two factors the
    general one loads equally on both. Items are not turned round: those that should be are declared.
    Source: Schmid & Leiman 1957; Zinbarg, Revelle, Yovel & Li 2005.
    """
    first = minres(correlation, m)
    unique = 1 - (first.loadings**2).sum(axis=1)
    general = _general(first, m)
    whole = float(correlation.sum())
    if whole <= 0:
        raise NotComputable("the total score is the same for everybody")
    if general.sum() < 0:
        general = -general
    return SchmidLeiman(general, unique, float(general.sum()) ** 2 / whole, 1 - float(unique.sum()) / whole)


def _general(first: Factors, m: int) -> FloatArray:
    if m == 1:
        return first.loadings[:, 0]
    pattern, phi = ordered(*oblimin(first.loadings))
    if m == 2:
        between = float(phi[0, 1])
        if between <= 0:
            raise NotComputable("the two group factors do not correlate, so there is no general factor")
        over: FloatArray = np.full(2, np.sqrt(between))
    else:
        over = minres(phi, 1).loadings[:, 0]
    general: FloatArray = pattern @ over
    return general
