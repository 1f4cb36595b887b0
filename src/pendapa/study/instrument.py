"""The instrument gate: all statistics of one scale, each with its value or the reason why there is none."""

from __future__ import annotations

from dataclasses import dataclass

from pendapa.study import factors as extraction
from pendapa.study import omega, reliability, rotation, validity
from pendapa.study.matrices import correlations, covariances, one_thread
from pendapa.study.notes import Notes
from pendapa.study.responses import Complete
from pendapa.study.tables import FloatArray

RESTS_ON_CORRELATIONS = (
    "alpha_standardised, omega_total, omega_hierarchical, omega_sl, kmo, bartlett, factors"
)
RELIABLE = 0.70  # alpha from which a scale counts as reliable (Nunnally 1978)


@dataclass(frozen=True, slots=True)
class Item:
    """One item: corrected and usual item-total correlation, and alpha of the scale without it."""

    rest_r: float | None
    total_r: float | None
    alpha_if_deleted: float | None
    # The usual local table compares the item-total r (r hitung) with r table; the strict one the item-rest r.
    valid: bool | None
    strictly_valid: bool | None


@dataclass(frozen=True, slots=True)
class Loadings:
    """Loadings of one extraction and rotation, items x factors; correlations of the factors; unique variances."""

    loadings: FloatArray
    phi: FloatArray
    uniquenesses: FloatArray
    heywood: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Instrument:
    """What the gate found. A statistic that is None has its reason in `notes`."""

    items: dict[str, Item]
    n: int
    r_table: float | None
    alpha: float | None
    alpha_interval: tuple[float, float] | None
    alpha_standardised: float | None
    omega_total: float | None
    schmid_leiman: omega.SchmidLeiman | None
    factors: int | None
    split_half: reliability.SplitHalf | None
    kmo: validity.Adequacy | None
    bartlett: validity.Sphericity | None
    minres: Loadings | None
    maximum_likelihood: Loadings | None
    parallel: extraction.Parallel | None
    notes: tuple[str, ...]
    warnings: tuple[str, ...]

    def passes(self, minimum_alpha: float = RELIABLE, strict: bool = False) -> bool | None:
        """Whether every item is valid and alpha reaches the minimum; None if that cannot be told."""
        verdicts = [item.strictly_valid if strict else item.valid for item in self.items.values()]
        if (self.alpha is not None and self.alpha < minimum_alpha) or False in verdicts:
            return False
        return None if self.alpha is None or None in verdicts else True


def examine(answers: Complete, number_of_factors: int = 3, draws: int = 0, seed: int = 1) -> Instrument:
    """All statistics of the scale that `answers` hold.

    `number_of_factors` is that of the Schmid-Leiman transformation and of the loadings; fewer are taken, and noted,
    where the items are too few to tell them. `draws` greater than 0 adds a parallel analysis of so many draws.
    """
    with one_thread():
        return _examine(answers, number_of_factors, draws, seed)


def _examine(answers: Complete, number_of_factors: int, draws: int, seed: int) -> Instrument:
    names, n, k = answers.items, answers.n, len(answers.items)
    notes = Notes()
    covariance = notes.get("every statistic", covariances, answers.values)
    correlation = notes.get(RESTS_ON_CORRELATIONS, correlations, covariance, names)
    r_table = notes.get("r_table", validity.critical_r, n)
    items = {name: _item(notes, covariance, place, name, r_table) for place, name in enumerate(names)}
    alpha = notes.get("alpha", reliability.cronbach_alpha, covariance)
    m = extraction.factors_that_fit(k, number_of_factors) or None
    halves = notes.get("split_half", reliability.split_half, covariance)
    low = notes.get("factors.minres_oblimin", _minres_oblimin, correlation, m)
    high = notes.get("factors.ml_varimax", _ml_varimax, correlation, m)
    for sentence in answers.notes:
        notes.say(sentence)
    if m != number_of_factors:
        told = (
            f"only {m}"
            if m
            else "none (at least three are needed), so omega_hierarchical and omega_sl are left out"
        )
        notes.say(f"factors: {number_of_factors} are asked for; {k} items can tell {told}.")
    if halves and k % 2:
        notes.say(f"split_half: the halves have {len(halves.first)} and {len(halves.second)} items.")
    return Instrument(
        items=items,
        n=n,
        r_table=r_table,
        alpha=alpha,
        alpha_interval=notes.get("alpha_ci", reliability.feldt_interval, alpha, n, k),
        alpha_standardised=notes.get("alpha_standardised", reliability.standardised_alpha, correlation),
        omega_total=notes.get("omega_total", omega.omega_total, covariance, correlation, names),
        schmid_leiman=notes.get("omega_hierarchical, omega_sl", omega.schmid_leiman, correlation, m),
        factors=m,
        split_half=halves,
        kmo=notes.get("kmo", validity.kmo, correlation),
        bartlett=notes.get("bartlett", validity.bartlett, correlation, n),
        minres=low,
        maximum_likelihood=high,
        parallel=notes.get("parallel", extraction.parallel_analysis, correlation, n, draws, seed)
        if draws
        else None,
        notes=tuple(notes.sentences()),
        warnings=tuple(_warnings(items, alpha, low, high)),
    )


def _item(notes: Notes, covariance: FloatArray | None, place: int, name: str, r_table: float | None) -> Item:
    rest = notes.get(f"item_rest_r of {name}", validity.item_rest, covariance, place)
    total = notes.get(f"item_total_r of {name}", validity.item_total, covariance, place)
    without = notes.get(f"alpha_if_deleted of {name}", reliability.alpha_without, covariance, place)
    valid, strictly = (None if r is None or r_table is None else r > 0 and r > r_table for r in (total, rest))
    return Item(rest, total, without, valid, strictly)


def _minres_oblimin(correlation: FloatArray, m: int) -> Loadings:
    found = extraction.minres(correlation, m)
    pattern, phi = rotation.ordered(*(rotation.oblimin(found.loadings) if m > 1 else (found.loadings,)))
    return Loadings(pattern, phi, 1 - (found.loadings**2).sum(axis=1), found.heywood)


def _ml_varimax(correlation: FloatArray, m: int) -> Loadings:
    found = extraction.maximum_likelihood(correlation, m)
    turned = rotation.varimax(found.loadings) if m > 1 else found.loadings
    pattern, phi = rotation.ordered(turned)
    return Loadings(pattern, phi, found.uniquenesses, found.heywood)


def _warnings(
    items: dict[str, Item], alpha: float | None, low: Loadings | None, high: Loadings | None
) -> list[str]:
    said = [
        f"item {name}: it correlates negatively with the rest ({item.rest_r:.3f}). If it is worded the other way "
        "round, declare it reversed."
        for name, item in items.items()
        if item.rest_r is not None and item.rest_r < 0
    ]
    if alpha is not None and alpha < 0:
        said.append("alpha is below 0: the items contradict one another. Look for items to be reversed.")
    names = list(items)
    for method, found in (("minres", low), ("maximum likelihood", high)):
        if found and found.heywood:
            named = ", ".join(names[place] for place in found.heywood)
            said.append(f"factors by {method}: no unique variance is left to {named} (a Heywood case).")
    return said
