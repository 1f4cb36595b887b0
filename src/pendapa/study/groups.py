"""Do groups of respondents answer alike? Two by Mann-Whitney, more by Kruskal-Wallis and Dunn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import sqrt

import numpy as np
from scipy import stats

from pendapa.study.conclusions import EXACT_BELOW, holm
from pendapa.study.refusal import NotComputable


@dataclass(frozen=True, slots=True)
class TwoGroups:
    """Mann-Whitney U of the first group, two-sided p, and rank-biserial r: 1 if the first is always higher."""

    first: str
    second: str
    sizes: tuple[int, int]
    u: float
    p: float
    rank_biserial: float


@dataclass(frozen=True, slots=True)
class Pair:
    """One of Dunn's comparisons: z above 0 where the first ranks higher; p two-sided, adjusted by Holm."""

    first: str
    second: str
    z: float
    p: float
    p_holm: float


@dataclass(frozen=True, slots=True)
class ManyGroups:
    """Kruskal-Wallis H corrected for ties, epsilon squared from 0 to 1, and Dunn's comparisons of all pairs."""

    sizes: Mapping[str, int]
    h: float
    df: int
    p: float
    epsilon_squared: float
    pairs: tuple[Pair, ...]


def compare_two(groups: Mapping[str, Sequence[float]]) -> TwoGroups:
    """Mann-Whitney of two groups; r = 2 U / (n1 n2) - 1.

    Exact where there are no ties and fewer than 50 in each, else normal with ties and continuity correction. Raises
    NotComputable for an empty group and where all values are the same.
    Source: Mann & Whitney 1947; rank-biserial by Wendt 1972.
    """
    (first, one), (second, other) = groups.items()
    _refuse_empty(groups)
    together = [*one, *other]
    if len(set(together)) == 1:
        raise NotComputable("every respondent has the same score, so the groups cannot differ")
    plain = len(set(together)) == len(together) and max(len(one), len(other)) < EXACT_BELOW
    found = stats.mannwhitneyu(one, other, method="exact" if plain else "asymptotic")
    u = float(found.statistic)
    r = 2 * u / (len(one) * len(other)) - 1
    return TwoGroups(first, second, (len(one), len(other)), u, min(1.0, float(found.pvalue)), r)


def compare_many(groups: Mapping[str, Sequence[float]]) -> ManyGroups:
    """Kruskal-Wallis of three groups or more, then Dunn: which pairs differ.

    epsilon² = H / (n - 1). z = (mean rank 1 - mean rank 2) / sqrt((N (N + 1) / 12 - sum(t³ - t) / 12 (N - 1))
    (1 / n1 + 1 / n2)). Raises NotComputable for an empty group and where all values are the same.
    Source: Kruskal & Wallis 1952; Dunn 1964; Tomczak & Tomczak 2014.
    """
    _refuse_empty(groups)
    together = np.concatenate([np.asarray(values, dtype=float) for values in groups.values()])
    n = len(together)
    counts = np.unique(together, return_counts=True)[1].astype(float)
    if len(counts) == 1:
        raise NotComputable("every respondent has the same score, so the groups cannot differ")
    ranks = stats.rankdata(together)
    ends = np.cumsum([len(values) for values in groups.values()])
    means = {
        name: float(ranks[end - len(values) : end].mean())
        for (name, values), end in zip(groups.items(), ends, strict=True)
    }
    found = stats.kruskal(*groups.values())
    ties = float((counts**3 - counts).sum())
    spread = n * (n + 1) / 12 - ties / (12 * (n - 1))
    zs = [
        (one, two, (means[one] - means[two]) / sqrt(spread * (1 / len(groups[one]) + 1 / len(groups[two]))))
        for one, two in combinations(groups, 2)
    ]
    chances = [float(2 * stats.norm.sf(abs(z))) for _, _, z in zs]
    pairs = tuple(
        Pair(one, two, z, p, adjusted or 0.0)
        for (one, two, z), p, adjusted in zip(zs, chances, holm(chances), strict=True)
    )
    h = float(found.statistic)
    sizes = {name: len(values) for name, values in groups.items()}
    return ManyGroups(sizes, h, len(groups) - 1, float(found.pvalue), h / (n - 1), pairs)


def compare(groups: Mapping[str, Sequence[float]]) -> TwoGroups | ManyGroups:
    """The test that fits the number of groups. Raises NotComputable for fewer than two."""
    if len(groups) < 2:
        raise NotComputable(f"a comparison needs at least two groups; there are {len(groups)}")
    return compare_two(groups) if len(groups) == 2 else compare_many(groups)


def _refuse_empty(groups: Mapping[str, Sequence[float]]) -> None:
    for name, values in groups.items():
        if not len(values):
            raise NotComputable(f"the group {name} has no respondent")
