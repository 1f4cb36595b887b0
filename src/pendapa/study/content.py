"""Content validity: what experts say of items before anybody answers them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from scipy import stats

from pendapa.study.refusal import NotComputable


@dataclass(frozen=True, slots=True)
class AikenV:
    """Aiken's V from 0 to 1, with its critical value (None if the experts are too few for any) and score interval."""

    experts: int
    v: float
    critical: float | None
    p: float  # chance of this V or a greater one if experts marked at random
    interval: tuple[float, float]

    @property
    def valid(self) -> bool | None:
        """Whether V reaches the critical value; None without one."""
        return None if self.critical is None else self.v >= self.critical - 1e-9


def aiken_v(
    ratings: Sequence[int], lowest: int, highest: int, level: float = 0.05, confidence: float = 0.95
) -> AikenV:
    """V = Σ(r - lowest) / (m (c - 1)) of m experts' marks on a scale of c steps.

    The critical value is the smallest V whose chance under random marks is at most `level`, right-tailed and exact; the
    interval is the score interval. Raises NotComputable without marks, ValueError for a mark outside the scale.
    Source: Aiken 1985; Penfield & Giacobbi 2004, Measurement in Physical Education and Exercise Science 8, 213-225.

    >>> found = aiken_v([4, 4, 5, 5, 4, 3, 5, 4], 1, 5)
    >>> round(found.v, 3), round(found.critical, 3)
    (0.812, 0.75)
    """
    m, steps = len(ratings), highest - lowest
    if steps < 1:
        raise ValueError(f"a scale from {lowest} to {highest} has no steps")
    for rating in ratings:
        if not lowest <= rating <= highest:
            raise ValueError(f"mark {rating} is outside the scale {lowest} to {highest}")
    if not m:
        raise NotComputable("no expert gave a mark")
    total = sum(rating - lowest for rating in ratings)
    tails = _tails(m, steps)
    critical = next((sum_ / (m * steps) for sum_, tail in enumerate(tails) if tail <= level), None)
    return AikenV(
        m, total / (m * steps), critical, tails[total], _score_interval(total, m * steps, confidence)
    )


def _tails(m: int, steps: int) -> list[float]:
    """Chance of each sum or a greater one, of m marks from 0 to `steps`, all equally likely; counted exactly."""
    ways = [1]
    for _ in range(m):
        sums = [0, *accumulate(ways)]
        ways = [sums[min(at + 1, len(ways))] - sums[max(0, at - steps)] for at in range(len(ways) + steps)]
    return [count / (steps + 1) ** m for count in reversed(list(accumulate(reversed(ways))))]


def _score_interval(total: int, most: int, confidence: float) -> tuple[float, float]:
    v, z = total / most, float(stats.norm.ppf(0.5 + confidence / 2))
    middle, spread = 2 * most * v + z * z, z * math.sqrt(4 * most * v * (1 - v) + z * z)
    return (middle - spread) / (2 * (most + z * z)), (middle + spread) / (2 * (most + z * z))


def content_validity_ratio(essential: int, experts: int) -> float:
    """Lawshe's CVR = (ne - N / 2) / (N / 2), from -1 to 1. Source: Lawshe 1975.

    >>> content_validity_ratio(9, 10)
    0.8
    """
    if experts < 1:
        raise NotComputable("no expert was asked")
    if not 0 <= essential <= experts:
        raise ValueError(f"{essential} of {experts} experts is not a count of them")
    return (essential - experts / 2) / (experts / 2)


@dataclass(frozen=True, slots=True)
class MinimumRatio:
    """The fewest experts who must call an item essential, and the CVR that makes."""

    essential: int
    ratio: float


def minimum_ratio(experts: int, level: float = 0.05) -> MinimumRatio | None:
    """The smallest CVR that chance gives at most at `level`: one-tailed, exact binomial with one half.

    None where even full agreement is not rare enough (fewer than five experts at 5 %). Lawshe's own table holds errors.
    Source: Ayre & Scally 2014, Measurement and Evaluation in Counseling and Development 47, 79-86.

    >>> minimum_ratio(10)
    MinimumRatio(essential=9, ratio=0.8)
    """
    ways = 0
    least = None
    for essential in range(experts, -1, -1):
        ways += math.comb(experts, essential)
        if ways > level * 2**experts:
            break
        least = essential
    if least is None:
        return None
    return MinimumRatio(least, content_validity_ratio(least, experts))


@dataclass(frozen=True, slots=True)
class ContentValidity:
    """I-CVI of each item; S-CVI as their mean, and as the share of items on which all experts agree."""

    items: tuple[float, ...]
    average: float
    universal: float


def content_validity_index(relevant: Sequence[Sequence[bool]]) -> ContentValidity:
    """`relevant` holds a row for each item: whether each expert called it relevant (3 or 4 on the scale of four).

    Raises NotComputable for an item without experts or for no item. Source: Lynn 1986; Polit & Beck 2006.
    """
    if not relevant or not all(relevant):
        raise NotComputable("an item has no expert's mark" if relevant else "there is no item")
    items = tuple(sum(row) / len(row) for row in relevant)
    return ContentValidity(items, sum(items) / len(items), sum(map(all, relevant)) / len(items))
