"""The instrument gate of a decision: a scale passes when its items are valid and alpha is high enough."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal

import numpy as np

from pendapa.study.matrices import covariances
from pendapa.study.refusal import NotComputable
from pendapa.study.reliability import cronbach_alpha
from pendapa.study.responses import Complete
from pendapa.study.tables import FloatArray
from pendapa.study.validity import critical_r, item_rest, item_total
from pendapa.study.wording import Said, decimal_text

Validity = Literal["item_rest", "item_total"]
CORRELATIONS: dict[Validity, Callable[[FloatArray, int], float]] = {
    "item_rest": item_rest,
    "item_total": item_total,
}
FEWEST = 3  # respondents from which a correlation has a degree of freedom


@dataclass(frozen=True, slots=True)
class ScaleGate:
    """One scale: r of each item and whether it is above `r_table`, alpha, and whether all passes.

    `passed` is None where it cannot be told; `item_reasons` and `reasons` (of the scale) say why it did not pass.
    """

    name: str
    n: int
    r: dict[str, float | None]
    valid: dict[str, bool | None]
    r_table: float | None
    alpha: float | None
    passed: bool | None
    item_reasons: dict[str, Said]
    reasons: tuple[Said, ...]

    def admits(self, items: Collection[str], minimum_alpha: float) -> bool | None:
        """Whether these of its items are valid and its alpha is high enough; None if that cannot be told."""
        own = [valid for item, valid in self.valid.items() if item in items]
        if False in own or (self.alpha is not None and self.alpha < minimum_alpha):
            return False
        return None if self.alpha is None or None in own else True


def examine_scale(name: str, answers: Complete, validity: Validity, minimum_alpha: float) -> ScaleGate:
    """Item r against the table of r (5 %, two-tailed, df = n - 2), and Cronbach's alpha against its minimum."""
    items, values, n = answers.items, answers.values, answers.n
    empty: dict[str, float | None] = dict.fromkeys(items)
    unknown: dict[str, bool | None] = dict.fromkeys(items)
    if n < FEWEST:
        why = Said(
            f"skala {name} hanya dijawab lengkap oleh {n} orang, sedikitnya {FEWEST} diperlukan",
            f"the scale {name} has {n} complete respondents; it needs at least {FEWEST}",
        )
        return ScaleGate(name, n, empty, unknown, None, None, None, {}, (why,))
    if len(items) < 2:
        why = Said(
            f"skala {name} hanya berisi satu butir, sedangkan alpha memerlukan dua",
            f"the scale {name} has one item; alpha needs two",
        )
        return ScaleGate(name, n, empty, unknown, critical_r(n), None, None, {}, (why,))
    covariance, table = covariances(values), critical_r(n)
    item_reasons: dict[str, Said] = {}
    reasons: list[Said] = []
    r = {item: _computed(partial(CORRELATIONS[validity], covariance, at)) for at, item in enumerate(items)}
    valid = {item: None if found is None else found > table for item, found in r.items()}
    for at, (item, found) in enumerate(r.items()):
        if found is None:
            item_reasons[item] = _no_r(item, bool(np.ptp(values[:, at]) == 0))
        elif not valid[item]:
            item_reasons[item] = Said(
                f"butir {item} tidak valid (r {decimal_text(found, 3, 'id')} tidak di atas r tabel "
                f"{decimal_text(table, 3, 'id')})",
                f"item {item} is not valid (r {decimal_text(found, 3, 'en')} is not above the table's "
                f"{decimal_text(table, 3, 'en')})",
            )
    alpha = _computed(lambda: cronbach_alpha(covariance))
    if alpha is None:
        reasons.append(
            Said(
                f"alpha skala {name} tidak dapat dihitung karena jumlah skor semua responden sama",
                f"alpha of the scale {name} cannot be computed, for everybody has the same total",
            )
        )
    elif alpha < minimum_alpha:
        reasons.append(
            Said(
                f"alpha skala {name} {decimal_text(alpha, 3, 'id')} di bawah "
                f"{decimal_text(minimum_alpha, 2, 'id')}",
                f"alpha of the scale {name} is {decimal_text(alpha, 3, 'en')}, below "
                f"{decimal_text(minimum_alpha, 2, 'en')}",
            )
        )
    found_all = ScaleGate(name, n, r, valid, table, alpha, None, item_reasons, tuple(reasons))
    return replace(found_all, passed=found_all.admits(items, minimum_alpha))


def _computed(compute: Callable[[], float]) -> float | None:
    try:
        return compute()
    except NotComputable:
        return None


def _no_r(item: str, constant: bool) -> Said:
    if constant:
        return Said(
            f"semua jawaban butir {item} sama sehingga r tidak dapat dihitung",
            f"every answer to item {item} is the same, so it has no r",
        )
    return Said(
        f"r butir {item} tidak dapat dihitung karena jumlah skor pembandingnya tidak beragam",
        f"item {item} has no r, for the total it is compared with does not vary",
    )
