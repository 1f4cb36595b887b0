"""The sentence of a decision: the outcome, and how each figure that the rule asks for stands to its limits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from operator import eq, ge, gt, le, lt, ne

from pendapa.study.acceptance import FIGURES, AcceptanceRule, Condition
from pendapa.study.conclusions import Figures
from pendapa.study.gate import ScaleGate
from pendapa.study.study_plan import Proposition
from pendapa.study.wording import Said, decimal_text

OUTCOME_WORDS: dict[str, Said] = {
    "accepted": Said("diterima", "is accepted"),
    "accepted_with_note": Said("diterima dengan catatan", "is accepted with a note"),
    "revise": Said("perlu diperbaiki", "is to be revised"),
    "rejected": Said("ditolak", "is rejected"),
    "not_decidable": Said("belum dapat diputuskan", "cannot be decided yet"),
}
# Name of a figure, digits shown, and what follows the number.
FIGURE_WORDS: dict[str, tuple[Said, int, str]] = {
    "n": (Said("jumlah responden", "the number of respondents"), 0, ""),
    "mean": (Said("rata-rata", "the mean"), 2, ""),
    "sd": (Said("simpangan baku", "the standard deviation"), 2, ""),
    "top2": (
        Said("bagian jawaban pada dua pilihan teratas", "the share of answers in the top two boxes"), 1, " %"
    ),
    "lower": (Said("batas bawah 95 %", "the lower 95 % bound"), 2, ""),
    "upper": (Said("batas atas 95 %", "the upper 95 % bound"), 2, ""),
    "ci_low": (Said("ujung bawah selang 95 %", "the low end of the 95 % interval"), 2, ""),
    "ci_high": (Said("ujung atas selang 95 %", "the high end of the 95 % interval"), 2, ""),
    "d": (Said("ukuran efek d", "the effect size d"), 2, ""),
    "p_t": (Said("p uji t", "p of the t test"), 3, ""),
    "p_t_holm": (Said("p uji t (Holm)", "p of the t test (Holm)"), 3, ""),
    "p_wilcoxon": (Said("p Wilcoxon", "p of Wilcoxon"), 3, ""),
    "p_wilcoxon_holm": (Said("p Wilcoxon (Holm)", "p of Wilcoxon (Holm)"), 3, ""),
    "alpha": (Said("alpha", "alpha"), 3, ""),
}  # fmt: skip
MOST_DIGITS = 12
COMPARED = {"<": lt, "<=": le, ">": gt, ">=": ge, "=": eq, "!=": ne}
OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "=": "!=", "!=": "="}
STANDING: dict[str, Said] = {
    ">": Said("di atas", "above"),
    ">=": Said("paling sedikit", "at least"),
    "<": Said("di bawah", "below"),
    "<=": Said("tidak di atas", "not above"),
    "=": Said("sama dengan", "equal to"),
    "!=": Said("bukan", "not"),
}


def explain(
    rule: AcceptanceRule,
    proposition: Proposition,
    outcome: str,
    scope: Mapping[str, object],
    figures: Figures,
    gates: Sequence[ScaleGate],
) -> Said:
    """One plain sentence per language with every figure the rule asks for."""
    return Said(*(_explain(rule, proposition, outcome, scope, figures, gates, lang) for lang in ("id", "en")))


def _explain(
    rule: AcceptanceRule,
    proposition: Proposition,
    outcome: str,
    scope: Mapping[str, object],
    figures: Figures,
    gates: Sequence[ScaleGate],
    language: str,
) -> str:
    indonesian = language == "id"
    begin = f"{proposition.key} {OUTCOME_WORDS[outcome].of(language)}"
    if scope["gate"] is not True:
        why = "instrumennya belum lolos" if indonesian else "its instrument did not pass"
        return f"{begin}: {why}, {_joined(_gate_reasons(proposition, gates, language), language)}."
    asked = [name for name in FIGURES if name != "gate" and name in rule.expression.inputs]
    said = [_stands(name, scope[name], rule.conditions, figures, language) for name in asked]
    if "n" not in asked:
        said.append(f"{figures.n} responden" if indonesian else f"{figures.n} respondents")
    return f"{begin}: {'; '.join(said)}."


def _gate_reasons(proposition: Proposition, gates: Iterable[ScaleGate], language: str) -> list[str]:
    found: list[str] = []
    for gate in gates:
        found += [why.of(language) for item, why in gate.item_reasons.items() if item in proposition.items]
        found += [why.of(language) for why in gate.reasons]
    return found


def _stands(
    name: str, value: object, conditions: Iterable[Condition], figures: Figures, language: str
) -> str:
    words, digits, unit = FIGURE_WORDS[name]
    if not isinstance(value, int | float):
        return words.of(language) + (" tidak dapat dihitung" if language == "id" else " cannot be computed")
    exact = Decimal(repr(value))
    own = [condition for condition in conditions if condition.figure == name]
    while digits < MOST_DIGITS and any(
        exact != condition.limit and round(exact, digits) == condition.limit for condition in own
    ):
        digits += 1  # 3.404 is not shown as 3.40 beside a limit of 3.40
    shown = f"{words.of(language)} {decimal_text(exact, digits, language)}{unit}"
    notes = [_limit(operator, limit, language) + unit for operator, limit in _nearest(exact, own)]
    if name == "mean" and figures.band is not None:
        notes.insert(0, figures.band.id if language == "id" else figures.band.en)
    return f"{shown} ({', '.join(notes)})" if notes else shown


def _nearest(value: Decimal, conditions: Iterable[Condition]) -> list[tuple[str, Decimal]]:
    """What holds of a value, as operators that are true: the nearest limit below it and above it, and equalities."""
    below: list[tuple[Decimal, str]] = []
    above: list[tuple[Decimal, str]] = []
    equal: list[tuple[str, Decimal]] = []
    for condition in conditions:
        holds = COMPARED[condition.operator](value, condition.limit)
        operator = condition.operator if holds else OPPOSITE[condition.operator]
        if operator in (">", ">="):
            below.append((condition.limit, operator))
        elif operator in ("<", "<="):
            above.append((condition.limit, operator))
        else:
            equal.append((operator, condition.limit))
    nearest = [max(below)] if below else []
    nearest += [min(above)] if above else []
    return [*((operator, limit) for limit, operator in nearest), *dict.fromkeys(equal)]


def _limit(operator: str, limit: Decimal, language: str) -> str:
    text = f"{limit:f}"
    return f"{STANDING[operator].of(language)} {text.replace('.', ',') if language == 'id' else text}"


def _joined(parts: Sequence[str], language: str) -> str:
    if len(parts) < 2:
        return "".join(parts)
    return ", ".join(parts[:-1]) + (" dan " if language == "id" else " and ") + parts[-1]
