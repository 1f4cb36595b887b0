"""From answers to decisions: each proposition with its figures, gate, outcome and the sentence that says why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from pendapa.study.acceptance import UNDECIDED
from pendapa.study.conclusions import Figures, conclude, holm
from pendapa.study.explanation import explain
from pendapa.study.gate import ScaleGate, examine_scale
from pendapa.study.groups import ManyGroups, TwoGroups, compare
from pendapa.study.refusal import NotComputable
from pendapa.study.responses import Responses, complete
from pendapa.study.study_folder import Study
from pendapa.study.study_plan import Proposition
from pendapa.study.wording import Said


@dataclass(frozen=True, slots=True)
class GroupComparison:
    """A proposition's scores by the groups of one column; `found` is None for the reason given."""

    column: str
    found: TwoGroups | ManyGroups | None
    reason: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of one proposition, and why."""

    proposition: Proposition
    gates: tuple[ScaleGate, ...]
    gate: bool | None
    alpha: float | None
    figures: Figures
    p_t_holm: float | None
    p_wilcoxon_holm: float | None
    outcome: str
    sentence: Said
    groups: tuple[GroupComparison, ...]


def decide(study: Study) -> tuple[Decision, ...]:
    """Decide every proposition of a study by its rule, with p values adjusted over all of them."""
    gates = {
        name: examine_scale(
            name,
            complete(_part(study, items), study.plan.missing),
            study.plan.validity,
            study.plan.minimum_alpha,
        )
        for name, items in study.plan.scales.items()
    }
    answers = [complete(_part(study, p.items), study.plan.missing).values for p in study.plan.propositions]
    figures = [conclude(values, study.plan.scale, study.plan.neutral) for values in answers]
    by_t = holm([found.p_t for found in figures])
    by_ranks = holm([found.p_wilcoxon for found in figures])
    return tuple(
        _decide(study, proposition, gates, found, t, ranks)
        for proposition, found, t, ranks in zip(study.plan.propositions, figures, by_t, by_ranks, strict=True)
    )


def _part(study: Study, items: Sequence[str]) -> Responses:
    answers = study.answers
    columns = [answers.items.index(item) for item in items]
    return Responses(tuple(items), answers.values[:, columns], answers.lines)


def _decide(
    study: Study,
    proposition: Proposition,
    gates: Mapping[str, ScaleGate],
    figures: Figures,
    p_t_holm: float | None,
    p_wilcoxon_holm: float | None,
) -> Decision:
    asked = tuple(gate for gate in gates.values() if set(gate.r) & set(proposition.items))
    # A scale's other items may fail without harm to this proposition; its own must be valid, and alpha is the scale's.
    verdicts = [gate.admits(proposition.items, study.plan.minimum_alpha) for gate in asked]
    gate = False if False in verdicts else None if None in verdicts else True
    alphas = [scale.alpha for scale in asked]
    known = [alpha for alpha in alphas if alpha is not None]
    alpha = min(known) if len(known) == len(alphas) else None
    low, high = figures.interval or (None, None)
    scope: dict[str, object] = {
        "gate": gate, "n": figures.n, "mean": figures.mean, "sd": figures.sd, "top2": figures.top2,
        "lower": figures.lower, "upper": figures.upper, "ci_low": low, "ci_high": high, "d": figures.d,
        "p_t": figures.p_t, "p_t_holm": p_t_holm, "p_wilcoxon": figures.p_wilcoxon,
        "p_wilcoxon_holm": p_wilcoxon_holm, "alpha": alpha,
    }  # fmt: skip
    # The gate is asked here as well: whatever a rule says, nothing is concluded from an instrument that did not pass.
    outcome = study.plan.rule.outcome(scope) if gate is True else UNDECIDED
    said = explain(study.plan.rule, proposition, outcome, scope, figures, asked)
    groups = tuple(_by_group(study, proposition, column) for column in study.plan.groups)
    return Decision(
        proposition, asked, gate, alpha, figures, p_t_holm, p_wilcoxon_holm, outcome, said, groups
    )


def _by_group(study: Study, proposition: Proposition, column: str) -> GroupComparison:
    part = _part(study, proposition.items)
    gaps = np.isnan(part.values)
    listwise = study.plan.missing == "listwise" or bool(gaps.all(axis=0).any())
    kept = ~gaps.any(axis=1) if listwise else ~gaps.all(axis=1)
    # Sums instead of means: whole numbers tie exactly where means of thirds would not.
    sums = complete(part, study.plan.missing).values.sum(axis=1)
    groups: dict[str, list[float]] = {}
    for row, score in zip(np.flatnonzero(kept), sums.tolist(), strict=True):
        if name := study.group_values[column][row]:
            groups.setdefault(name, []).append(score)
    try:
        return GroupComparison(column, compare(dict(sorted(groups.items()))), "")
    except NotComputable as reason:
        return GroupComparison(column, None, str(reason))
