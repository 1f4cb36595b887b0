"""Agreement of coders: percent, Cohen's, weighted and Fleiss' kappa.

A unit that neither coder gave a code counts as agreement only if it stands among the codings with a value of its own
(as "no"): what the units are is part of the question, and kappa on the coded passages alone is another figure.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pendapa.study.codings import Codings
from pendapa.study.refusal import NotComputable
from pendapa.study.tables import FloatArray


def equal_pairs(values: NDArray[np.int64]) -> FloatArray:
    """For each unit (row), in how many ordered pairs of coders both gave the same value."""
    units, coders = np.nonzero(values >= 0)
    width = int(values.max(initial=0)) + 1
    found, counts = np.unique(units * width + values[units, coders], return_counts=True)
    return np.bincount(found // width, counts * (counts - 1.0), len(values)).astype(np.float64)


def percent_agreement(codings: Codings) -> float:
    """Share, 0 to 1, of the pairs of values of one unit that are equal; of two coders, the share of units.

    Raises NotComputable if no unit was coded twice.
    """
    coders = (codings.values >= 0).sum(axis=1)
    pairs = int((coders * (coders - 1)).sum())
    if pairs == 0:
        raise NotComputable("no unit was coded by two coders")
    return float(equal_pairs(codings.values).sum()) / pairs


def _coded_by_both(codings: Codings) -> NDArray[np.int64]:
    if len(codings.coders) != 2:
        raise NotComputable(f"it compares exactly two coders; there are {len(codings.coders)}")
    both = codings.values[(codings.values >= 0).all(axis=1)]
    if not len(both):
        raise NotComputable("no unit was coded by both")
    if both.min() == both.max():
        raise NotComputable("both coders gave one and the same value throughout, so chance agrees fully too")
    return both


def cohen_kappa(codings: Codings) -> float:
    """kappa = (po - pe) / (1 - pe), over the units that both coders coded. Source: Cohen 1960.

    Raises NotComputable for another number of coders than two, if no unit was coded by both, or for one value
    throughout.
    """
    both = _coded_by_both(codings)
    first, second = (np.bincount(column, minlength=len(codings.categories)) / len(both) for column in both.T)
    by_chance = float(first @ second)
    return (float((both[:, 0] == both[:, 1]).mean()) - by_chance) / (1 - by_chance)


def weighted_kappa(codings: Codings) -> float:
    """Kappa with quadratic weights (i - j)². Source: Cohen 1968.

    Distances are those of the values themselves, so that a step of the scale that nobody chose still counts; values
    with a named order are one step apart. Raises NotComputable as `cohen_kappa`, and for nominal values.
    """
    if codings.level == "nominal":
        raise NotComputable("nominal values have no distance")
    marks = codings.positions[_coded_by_both(codings)]
    marks = marks - marks.mean()
    first, second = marks.T
    expected = (first**2).mean() + (second**2).mean() - 2 * first.mean() * second.mean()
    return float(1 - ((first - second) ** 2).mean() / expected)


def fleiss_kappa(codings: Codings) -> float:
    """Kappa of three coders or more, over the units that all of them coded. Source: Fleiss 1971.

    Raises NotComputable for fewer coders, no such unit, or one value throughout.
    """
    m = len(codings.coders)
    if m < 3:
        raise NotComputable(f"it compares three coders or more; there are {m}")
    whole = codings.values[(codings.values >= 0).all(axis=1)]
    if not len(whole):
        raise NotComputable("no unit was coded by all coders")
    if whole.min() == whole.max():
        raise NotComputable("all coders gave one and the same value throughout")
    agreed = float(equal_pairs(whole).sum()) / (len(whole) * m * (m - 1))
    shares = np.bincount(whole.ravel()) / whole.size
    by_chance = float(shares @ shares)
    return (agreed - by_chance) / (1 - by_chance)
