"""What the answers to one proposition say: mean, class, top-2-box, tests against the neutral point, effect size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import sqrt

import numpy as np
from scipy import stats

from pendapa.study.bands import ClassBand, class_bands, classify
from pendapa.study.tables import FloatArray

SMALL = 30  # respondents from which the t test stands on its own
SKEWED = 1.0  # skewness beyond which the signed ranks are preferred
EXACT_BELOW = 50  # as R's wilcox.test: exact tail below 50 respondents, without ties and zeros
NO_ANSWERS = "nobody answered all of its items"
ONE_ANSWER = "it needs at least two respondents with complete answers"
SAME_ANSWER = "every respondent gave the same score, so there is no spread to test against"
ALL_NEUTRAL = "every respondent stands on the neutral point"


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures of one proposition; one that is None has its reason in `reasons` under its own name.

    `mean`, `sd` and the bounds are in points of the scale, `top2` in percent of all answers to its items,
    `lower` and `upper` the one-sided 95 % bounds, `interval` the two-sided 95 % one. `p_t` and `p_wilcoxon` are
    one-sided (above the neutral point), `d` is Cohen's d of the mean against the neutral point, `signed_ranks` the sum
    of positive ranks (V in R).
    """

    n: int
    neutral: float
    mean: float | None = None
    band: ClassBand | None = None
    top2: float | None = None
    sd: float | None = None
    interval: tuple[float, float] | None = None
    lower: float | None = None
    upper: float | None = None
    t: float | None = None
    df: int | None = None
    p_t: float | None = None
    p_t_two_sided: float | None = None
    d: float | None = None
    signed_ranks: float | None = None
    p_wilcoxon: float | None = None
    p_wilcoxon_two_sided: float | None = None
    skewness: float | None = None
    preferred: str | None = None
    reasons: dict[str, str] = field(default_factory=dict)


SPREAD = ("interval", "lower", "upper", "t", "df", "p_t", "p_t_two_sided", "d", "skewness")
RANKS = ("signed_ranks", "p_wilcoxon", "p_wilcoxon_two_sided")


def conclude(answers: FloatArray, scale: tuple[int, int], neutral: Fraction | None = None) -> Figures:
    """Figures of a proposition from complete answers (respondents x items), reversed items turned round already.

    A respondent's score is the mean of the items. `scale` has 4 or 5 points; `neutral` is its middle unless given.
    Sums of answers are whole or halves and so exact: a mean of 3.40 is 3.40. Raises ValueError as `class_bands`, for
    gaps and for answers beyond the scale.
    """
    low, high = scale
    bands = class_bands(low, high)
    middle = Fraction(low + high, 2) if neutral is None else neutral
    n, k = answers.shape
    if np.isnan(answers).any():
        raise ValueError("the answers have gaps; treat the missing ones first")
    if n == 0:
        names = ("mean", "band", "top2", "sd", *SPREAD, *RANKS, "preferred")
        return Figures(0, float(middle), reasons=dict.fromkeys(names, NO_ANSWERS))
    if answers.min() < low or answers.max() > high:
        raise ValueError(
            f"answers from {answers.min():g} to {answers.max():g} leave the scale {low} to {high}"
        )
    sums = answers.sum(axis=1)
    mean = Fraction(float(sums.sum())) / (n * k)
    top2 = 100 * int((answers >= high - 1).sum()) / (n * k)
    found: dict[str, object] = {"mean": float(mean), "band": classify(mean, bands), "top2": top2}
    reasons: dict[str, str] = {}
    if n < 2:
        reasons |= dict.fromkeys(("sd", *SPREAD, "preferred"), ONE_ANSWER)
    elif sums.max() == sums.min():
        found["sd"] = 0.0
        reasons |= dict.fromkeys((*SPREAD, "preferred"), SAME_ANSWER)
    else:
        found |= _spread(sums, k, mean, middle)
    if n < 2:
        reasons |= dict.fromkeys(RANKS, ONE_ANSWER)
    elif not (differences := sums - float(k * middle)).any():
        reasons |= dict.fromkeys(RANKS, ALL_NEUTRAL)
    else:
        found |= _signed_ranks(differences)
    return Figures(n, float(middle), reasons=reasons, **found)  # type: ignore[arg-type]


def _spread(sums: FloatArray, k: int, mean: Fraction, middle: Fraction) -> dict[str, object]:
    n = len(sums)
    scores = sums / k
    sd = float(scores.std(ddof=1))
    error = sd / sqrt(n)
    one, two = (float(stats.t.ppf(level, n - 1)) for level in (0.95, 0.975))
    centre = float(mean)
    t = float(mean - middle) / error
    skewness = float(stats.skew(scores))
    return {
        "sd": sd,
        "interval": (centre - two * error, centre + two * error),
        "lower": centre - one * error,
        "upper": centre + one * error,
        "t": t,
        "df": n - 1,
        "p_t": float(stats.t.sf(t, n - 1)),
        "p_t_two_sided": float(2 * stats.t.sf(abs(t), n - 1)),
        "d": float(mean - middle) / sd,
        "skewness": skewness,
        "preferred": "wilcoxon" if n < SMALL or abs(skewness) > SKEWED else "t",
    }


def _signed_ranks(differences: FloatArray) -> dict[str, object]:
    """Wilcoxon: zeros left out; exact tail where it is defined, else normal with ties and continuity, as R."""
    kept = differences[differences != 0]
    sizes = np.abs(kept)
    plain = len(kept) == len(differences) and len(np.unique(sizes)) == len(sizes)
    method = "exact" if plain and len(kept) < EXACT_BELOW else "asymptotic"
    one, two = (
        float(stats.wilcoxon(kept, correction=True, alternative=side, method=method).pvalue)
        for side in ("greater", "two-sided")
    )
    positive = float(stats.rankdata(sizes)[kept > 0].sum())
    return {"signed_ranks": positive, "p_wilcoxon": one, "p_wilcoxon_two_sided": min(two, 1.0)}


def holm(chances: Sequence[float | None]) -> list[float | None]:
    """P values adjusted for their number by Holm's step-down method; None stays None and does not count.

    Source: Holm 1979.

    >>> holm([0.01, 0.04, None, 0.03])
    [0.03, 0.06, None, 0.06]
    """
    known = sorted((chance, place) for place, chance in enumerate(chances) if chance is not None)
    result: list[float | None] = [None] * len(chances)
    highest = 0.0
    for rank, (chance, place) in enumerate(known):
        highest = max(highest, min(1.0, chance * (len(known) - rank)))
        result[place] = highest
    return result
