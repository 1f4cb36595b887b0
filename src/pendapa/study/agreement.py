"""Agreement of coders: percent, Cohen's, weighted and Fleiss' kappa.

A unit that neither coder gave a code counts as agreement only if it stands among the codings with a value of its own
(as "no"): what the units are is part of the question, and kappa on the coded passages alone is another figure.
"""

from __future__ import annotations

import numpy as np

from pendapa.study.codings import Codings
from pendapa.study.refusal import NotComputable
from pendapa.study.tables import FloatArray


def category_counts(codings: Codings) -> FloatArray:
    """Units x categories: how many coders gave the unit that category."""
    counts = np.zeros((len(codings.units), len(codings.categories)))
    rows, columns = np.nonzero(codings.values >= 0)
    np.add.at(counts, (rows, codings.values[rows, columns]), 1)
    return counts


def percent_agreement(codings: Codings) -> float:
    """Share, 0 to 1, of the pairs of values of one unit that are equal; of two coders, the share of units.

    Raises NotComputable if no unit was coded twice.
    """
    counts = category_counts(codings)
    coders = counts.sum(axis=1)
    pairs = float((coders * (coders - 1)).sum())
    if pairs == 0:
        raise NotComputable("no unit was coded by two coders")
    return float((counts * (counts - 1)).sum()) / pairs


def crossed(codings: Codings) -> FloatArray:
    """Shares of units by category of the first coder (rows) and of the second (columns), of units both coded.

    Raises NotComputable for another number of coders than two, or if no unit was coded by both.
    """
    if len(codings.coders) != 2:
        raise NotComputable(f"it compares exactly two coders; there are {len(codings.coders)}")
    both = codings.values[(codings.values >= 0).all(axis=1)]
    if not len(both):
        raise NotComputable("no unit was coded by both")
    k = len(codings.categories)
    table = np.zeros((k, k))
    np.add.at(table, (both[:, 0], both[:, 1]), 1 / len(both))
    return table


def cohen_kappa(codings: Codings) -> float:
    """kappa = (po - pe) / (1 - pe). Source: Cohen 1960. Raises NotComputable as `crossed`, or if pe is 1."""
    table = crossed(codings)
    return _kappa(table, 1 - np.eye(len(table)))


def weighted_kappa(codings: Codings) -> float:
    """Kappa with quadratic weights (i - j)². Source: Cohen 1968.

    Distances are those of the values themselves, so that a step of the scale that nobody chose still counts; values
    with a named order are one step apart. Raises NotComputable for nominal values too.
    """
    if codings.level == "nominal":
        raise NotComputable("nominal values have no distance")
    return _kappa(crossed(codings), (codings.positions[:, None] - codings.positions) ** 2)


def _kappa(table: FloatArray, weights: FloatArray) -> float:
    expected = float((weights * np.outer(table.sum(axis=1), table.sum(axis=0))).sum())
    if expected <= 1e-12:
        raise NotComputable("both coders gave one and the same value throughout, so chance agrees fully too")
    return 1 - float((weights * table).sum()) / expected


def fleiss_kappa(codings: Codings) -> float:
    """Kappa of three coders or more, over the units that all of them coded. Source: Fleiss 1971.

    Raises NotComputable for fewer coders, no such unit, or one value throughout.
    """
    m = len(codings.coders)
    if m < 3:
        raise NotComputable(f"it compares three coders or more; there are {m}")
    counts = category_counts(codings)
    counts = counts[counts.sum(axis=1) == m]
    if not len(counts):
        raise NotComputable("no unit was coded by all coders")
    agreed = float((counts * (counts - 1)).sum()) / (len(counts) * m * (m - 1))
    by_chance = float((counts.mean(axis=0) / m) @ (counts.mean(axis=0) / m))
    if by_chance >= 1 - 1e-12:
        raise NotComputable("all coders gave one and the same value throughout")
    return (agreed - by_chance) / (1 - by_chance)
