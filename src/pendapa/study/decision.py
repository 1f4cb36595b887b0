"""From answers to decisions: each proposition with its figures, its gate, its outcome and the sentence that says why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from pendapa.study.acceptance import FIGURES, UNDECIDED, AcceptanceRule, Condition
from pendapa.study.conclusions import Figures, conclude, holm
from pendapa.study.gate import ScaleGate, examine_scale
from pendapa.study.groups import ManyGroups, TwoGroups, compare
from pendapa.study.refusal import NotComputable
from pendapa.study.responses import Responses, complete
from pendapa.study.study_folder import Proposition, Study
from pendapa.study.wording import Said, decimal_text


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
            name, complete(_part(study, items), study.missing), study.validity, study.minimum_alpha
        )
        for name, items in study.scales.items()
    }
    answers = [complete(_part(study, p.items), study.missing).values for p in study.propositions]
    figures = [conclude(values, study.scale, study.neutral) for values in answers]
    by_t = holm([found.p_t for found in figures])
    by_ranks = holm([found.p_wilcoxon for found in figures])
    return tuple(
        _decide(study, proposition, gates, found, t, ranks)
        for proposition, found, t, ranks in zip(study.propositions, figures, by_t, by_ranks, strict=True)
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
    verdicts = [_for_items(gate, proposition.items, study.minimum_alpha) for gate in asked]
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
    outcome = study.rule.outcome(scope) if gate is True else UNDECIDED
    said = _sentence(study.rule, proposition, outcome, scope, figures, asked, study.minimum_alpha)
    groups = tuple(_by_group(study, proposition, column) for column in study.groups)
    return Decision(
        proposition, asked, gate, alpha, figures, p_t_holm, p_wilcoxon_holm, outcome, said, groups
    )


def _for_items(scale: ScaleGate, items: Sequence[str], minimum: float) -> bool | None:
    own = [valid for item, valid in scale.valid.items() if item in items]
    if False in own or (scale.alpha is not None and scale.alpha < minimum):
        return False
    return None if scale.alpha is None or None in own else True


def _by_group(study: Study, proposition: Proposition, column: str) -> GroupComparison:
    part = complete(_part(study, proposition.items), study.missing)
    # Sums instead of means: whole numbers tie exactly where means of thirds would not.
    sums = part.values.sum(axis=1)
    groups: dict[str, list[float]] = {}
    for name, score in zip(
        (study.group_values[column][row] for row in part.rows), sums.tolist(), strict=True
    ):
        if name:
            groups.setdefault(name, []).append(score)
    try:
        return GroupComparison(column, compare(dict(sorted(groups.items()))), "")
    except NotComputable as reason:
        return GroupComparison(column, None, str(reason))
