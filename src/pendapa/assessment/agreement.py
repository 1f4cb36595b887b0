"""Agreement of two people who gave the same things ordered whole levels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from pendapa.assessment.wording import Said

# The name under which both write what they settled on; it is no assessor of its own.
CONSENSUS = frozenset({"consensus", "kesepakatan"})


@dataclass(frozen=True, slots=True)
class Agreement:
    """`units` both gave a level; `percent` of them equal, 0-100; `kappa` weighted by squared distance."""

    people: tuple[str, ...]
    units: int
    percent: Fraction | None
    kappa: Fraction | None
    reason: Said | None


def agreement(levels: Mapping[str, Mapping[str, int]]) -> Agreement:
    """Compare two people: person -> unit -> level. What cannot be computed is None, with its reason.

    With squared weights kappa = 1 - mean of (a_i - b_i)² over the units / mean of (a_i - b_j)² over all pairs, so the
    length of the scale cancels out. Source: Cohen 1968.

    >>> agreement({"A": {"x": 1, "y": 2, "z": 3}, "B": {"x": 1, "y": 3, "z": 3}}).kappa  # 1 - (1/3) / (15/9)
    Fraction(4, 5)
    """
    people = tuple(name for name in levels if name.casefold() not in CONSENSUS)
    if len(people) != 2:
        count = len(people)
        said = Said(
            f"kesepakatan membandingkan tepat dua orang; di sini ada {count}",
            f"agreement compares exactly two people; there are {count}",
        )
        return Agreement(people, 0, None, None, said)
    first, second = (levels[name] for name in people)
    pairs = [(first[unit], second[unit]) for unit in first if unit in second]
    n = len(pairs)
    if not n:
        said = Said("tidak ada yang dinilai oleh keduanya", "nothing was given a level by both")
        return Agreement(people, 0, None, None, said)
    percent = Fraction(100 * sum(a == b for a, b in pairs), n)
    by_chance = Fraction(sum((a - b) ** 2 for a, _ in pairs for _, b in pairs), n * n)
    if not by_chance:
        said = Said(
            "keduanya memberi satu nilai yang sama untuk semuanya, sehingga kebetulan pun sepakat penuh",
            "both gave one and the same level throughout, so chance agrees fully too",
        )
        return Agreement(people, n, percent, None, said)
    observed = Fraction(sum((a - b) ** 2 for a, b in pairs), n)
    return Agreement(people, n, percent, 1 - observed / by_chance, None)
