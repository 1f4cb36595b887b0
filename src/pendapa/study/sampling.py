"""How many respondents a study needs, and how they spread over strata."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

Z95 = 1.96  # as printed in textbooks; the exact quantile gives 384.15 where they have 384.16
CHI_SQUARE_1_DF_95 = 3.841  # as Krejcie & Morgan print it


def _share(name: str, value: float) -> Fraction:
    if not 0 < value < 1:
        raise ValueError(f"{name} {value!r} is not between 0 and 1; 5 percent is 0.05")
    return Fraction(str(value))


def _population(value: int) -> int:
    if value < 1:
        raise ValueError(f"a population of {value} is none; give the number of people it has")
    return value


def slovin(population: int, error: float) -> int:
    """n = N / (1 + N e²), rounded up. `error` is a share, as 0.05.

    It assumes a share of one half and z = 2, and knows nothing of the design: prefer `cochran` or `krejcie_morgan`.

    >>> slovin(1_745_278, 0.05)
    400
    """
    e = _share("the error", error)
    return math.ceil(_population(population) / (1 + population * e * e))


def cochran(error: float, proportion: float = 0.5, z: float = Z95, population: int | None = None) -> int:
    """n0 = z² p q / e², with a population n0 / (1 + (n0 - 1) / N); rounded up. Source: Cochran 1977, section 4.4.

    >>> cochran(0.05), cochran(0.05, population=1_000)
    (385, 278)
    """
    e, p = _share("the error", error), _share("the proportion", proportion)
    if not 0 < z < math.inf:
        raise ValueError(f"z {z!r} is not above 0; 1.96 is that of 95 percent")
    n0 = Fraction(str(z)) ** 2 * p * (1 - p) / e**2
    if population is not None:
        n0 = n0 / (1 + (n0 - 1) / _population(population))
    return min(math.ceil(n0), population or math.ceil(n0))


def krejcie_morgan(population: int, error: float = 0.05, proportion: float = 0.5) -> int:
    """S = X² N P (1 - P) / (d² (N - 1) + X² P (1 - P)), X² = 3.841, to the nearest person as in the printed table.

    Source: Krejcie & Morgan 1970, Educational and Psychological Measurement 30, 607-610.

    >>> [krejcie_morgan(n) for n in (10, 100, 1_000, 10_000)]
    [10, 80, 278, 370]
    """
    d, p = _share("the error", error), _share("the proportion", proportion)
    spread = Fraction(str(CHI_SQUARE_1_DF_95)) * p * (1 - p)
    size = spread * _population(population) / (d * d * (population - 1) + spread)
    return math.floor(size + Fraction(1, 2))


def z_of(confidence: float) -> float:
    """Two-sided quantile of the normal distribution, as 1.959964 for 0.95."""
    from scipy import stats  # the rest is plain arithmetic, and quick to import

    return float(stats.norm.ppf(0.5 + float(_share("the confidence", confidence)) / 2))


def proportional_strata(n: int, strata: Mapping[str, int]) -> dict[str, int]:
    """Share `n` respondents over strata by their sizes: whole numbers by largest remainder, which sum to `n`.

    Equal remainders go to the stratum named first. Raises ValueError for a negative size, or where the strata together
    hold fewer people than are asked for.

    >>> proportional_strata(10, {"Utara": 50, "Tengah": 30, "Selatan": 25})
    {'Utara': 5, 'Tengah': 3, 'Selatan': 2}
    """
    total = sum(strata.values())
    for name, size in strata.items():
        if size < 0:
            raise ValueError(f"stratum {name}: {size} people are fewer than none")
    if n < 0 or n > total:
        raise ValueError(f"{n} respondents cannot be drawn from {total} people in {len(strata)} strata")
    exact = {name: Fraction(n * size, total) if total else Fraction(0) for name, size in strata.items()}
    shares = {name: math.floor(share) for name, share in exact.items()}
    # sorted() keeps the order of equals, so the stratum named first goes first
    largest = sorted(exact, key=lambda name: shares[name] - exact[name])
    for name in largest[: n - sum(shares.values())]:
        shares[name] += 1
    return shares


@dataclass(frozen=True, slots=True)
class Achieved:
    """Respondents of a stratum beside what was planned; `rate` is None where none were planned."""

    stratum: str
    planned: int
    achieved: int

    @property
    def missing(self) -> int:
        return max(0, self.planned - self.achieved)

    @property
    def rate(self) -> float | None:
        return self.achieved / self.planned if self.planned else None


def achieved_against_planned(planned: Mapping[str, int], achieved: Mapping[str, int]) -> tuple[Achieved, ...]:
    """A row for each stratum planned, then for each that answered without being planned."""
    names = dict.fromkeys([*planned, *achieved])
    return tuple(Achieved(name, planned.get(name, 0), achieved.get(name, 0)) for name in names)
