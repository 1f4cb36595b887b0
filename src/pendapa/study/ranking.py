"""Kendall's coefficient of concordance: do raters rank the same objects alike?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from pendapa.study.refusal import NotComputable
from pendapa.study.tables import FloatArray


@dataclass(frozen=True, slots=True)
class Concordance:
    """W from 0 (no agreement) to 1 (the same order), with its large-sample chi-square test."""

    raters: int
    objects: int
    w: float
    chi2: float
    df: int
    p: float


def kendall_w(scores: FloatArray) -> Concordance:
    """Kendall's W of raters (rows) over objects (columns), corrected for ties.

    W = 12 S / (m² (k³ - k) - m ΣT), T = Σ (t³ - t) over the ties of a rater; chi2 = m (k - 1) W with k - 1 degrees
    of freedom. Scores are ranked within each rater, so ranks and marks both do. Raises NotComputable for fewer than
    two raters or objects, and where no rater tells any objects apart.
    Source: Kendall & Babington Smith 1939; Siegel & Castellan 1988, section 9.6.

    >>> scores = np.array([[1, 2, 3, 4], [2, 1, 3, 4], [1, 2, 4, 3]], dtype=float)
    >>> round(kendall_w(scores).w, 4)  # S = 37; 12 * 37 / (9 * 60)
    0.8222
    """
    m, k = scores.shape
    if np.isnan(scores).any():
        raise NotComputable("Kendall's W needs raters who ranked every object")
    if m < 2:
        raise NotComputable(f"Kendall's W needs at least two raters who ranked every object; there are {m}")
    if k < 2:
        raise NotComputable(f"Kendall's W needs at least two objects; there are {k}")
    ranks = stats.rankdata(scores, axis=1)
    sums = ranks.sum(axis=0)
    ties = 0.0
    for row in ranks:
        counts = np.unique(row, return_counts=True)[1].astype(float)
        ties += float((counts**3 - counts).sum())
    most = m**2 * (k**3 - k) - m * ties
    if most <= 0:
        raise NotComputable("Kendall's W is not defined: every rater gave all objects the same rank")
    w = float(12 * ((sums - sums.mean()) ** 2).sum() / most)
    chi2 = m * (k - 1) * w
    return Concordance(m, k, w, chi2, k - 1, float(stats.chi2.sf(chi2, k - 1)))
