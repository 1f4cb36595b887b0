"""`pendapa study decide FOLDER`: what becomes of each proposition of a study, and why."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from pendapa.study.commands import output

if TYPE_CHECKING:
    from pendapa.study.decision import Decision, GroupComparison
    from pendapa.study.gate import ScaleGate
    from pendapa.study.study_folder import Study


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", metavar="FOLDER", help="folder with study.toml and responses/")
    parser.add_argument("--json", action="store_true", help="print JSON alone on standard output")
    parser.add_argument(
        "--language", choices=("id", "en"), default="id", help="language of the text (default: id)"
    )


def run(args: argparse.Namespace) -> int:
    from pendapa.study.decision import decide
    from pendapa.study.refusal import StudyRefused
    from pendapa.study.study_folder import read_study

    try:
        study = read_study(Path(args.folder))
    except StudyRefused as refused:
        return output.refuse(refused)
    decisions = decide(study)
    if args.json:
        output.print_json(_data(study, decisions))
    else:
        print(_text(study, decisions, args.language))
    return 0


def _data(study: Study, decisions: tuple[Decision, ...]) -> dict[str, object]:
    plan = study.plan
    rule = plan.rule.expression
    return {
        "title": plan.title,
        "design": plan.design,
        "illustrative": plan.illustrative,
        "rule": {
            "fixed": plan.fixed.isoformat(),
            "outcome": rule.text,
            "id": rule.describe("id"),
            "en": rule.describe("en"),
        },
        "first_answer": study.first_answer.isoformat(),
        "last_answer": study.last_answer.isoformat(),
        "respondents": len(study.answers.values),
        "missing": plan.missing,
        "validity": plan.validity,
        "scales": list({gate.name: _gate(gate) for one in decisions for gate in one.gates}.values()),
        "propositions": [_decision(one) for one in decisions],
    }


def _gate(gate: ScaleGate) -> dict[str, object]:
    return asdict(gate) | {"item_reasons": {item: asdict(why) for item, why in gate.item_reasons.items()}}


def _decision(one: Decision) -> dict[str, object]:
    from pendapa.study.explanation import OUTCOME_WORDS

    figures = asdict(one.figures)
    band = one.figures.band
    figures["band"] = None if band is None else {"key": band.key, "id": band.id, "en": band.en}
    figures["p_t_holm"], figures["p_wilcoxon_holm"] = one.p_t_holm, one.p_wilcoxon_holm
    proposition = one.proposition
    return {
        "key": proposition.key,
        "id": proposition.id,
        "en": proposition.en,
        "innovation": proposition.innovation or None,
        "items": list(proposition.items),
        "gate": one.gate,
        "alpha": one.alpha,
        "figures": figures,
        "groups": {group.column: _group(group) for group in one.groups},
        "decision": one.outcome,
        "decision_words": asdict(OUTCOME_WORDS[one.outcome]),
        "sentence": asdict(one.sentence),
    }


def _group(group: GroupComparison) -> dict[str, object]:
    if group.found is None:
        return {"test": None, "reason": group.reason}
    return {"test": "mann_whitney" if hasattr(group.found, "u") else "kruskal_wallis", **asdict(group.found)}


LABELS: dict[str, tuple[str, str]] = {
    "illustrative": ("Data ilustratif, bukan hasil penelitian", "Illustrative data, not findings"),
    "rule": ("Aturan ditetapkan {fixed}; jawaban {first} sampai {last}; {n} responden",
             "Rule fixed on {fixed}; answers from {first} to {last}; {n} respondents"),
    "scale": ("Skala {name}: alpha {alpha}, n {n}, r tabel {r}: {verdict}",
              "Scale {name}: alpha {alpha}, n {n}, r table {r}: {verdict}"),
    "passed": ("lolos", "passed"),
    "failed": ("tidak lolos", "failed"),
    "unknown": ("tidak dapat dinilai", "cannot be told"),
}  # fmt: skip


def _text(study: Study, decisions: tuple[Decision, ...], language: str) -> str:
    from pendapa.study.wording import decimal_text

    say = {key: texts[language == "en"] for key, texts in LABELS.items()}

    def shown(value: float | None) -> str:
        return "-" if value is None else decimal_text(value, 3, language)

    plan = study.plan
    lines = [plan.title]
    if plan.illustrative:
        lines.append(say["illustrative"])
    lines.append(
        say["rule"].format(
            fixed=plan.fixed, first=study.first_answer, last=study.last_answer, n=len(study.answers.values)
        )
    )
    for gate in {gate.name: gate for one in decisions for gate in one.gates}.values():
        verdict = say["unknown" if gate.passed is None else "passed" if gate.passed else "failed"]
        lines.append(
            say["scale"].format(
                name=gate.name, alpha=shown(gate.alpha), n=gate.n, r=shown(gate.r_table), verdict=verdict
            )
        )
    for one in decisions:
        proposition = one.proposition
        lines += ["", f"{proposition.key}  {proposition.id if language == 'id' else proposition.en}"]
        lines.append(one.sentence.of(language))
        figures = one.figures
        lines.append(
            f"n {figures.n}  t {shown(figures.t)}  p {shown(figures.p_t)} (Holm {shown(one.p_t_holm)})  "
            f"Wilcoxon p {shown(figures.p_wilcoxon)} (Holm {shown(one.p_wilcoxon_holm)})  d {shown(figures.d)}"
        )
        reasons = dict.fromkeys(figures.reasons.values())
        lines += [
            f"- {', '.join(k for k, v in figures.reasons.items() if v == why)}: {why}" for why in reasons
        ]
    return "\n".join(lines)
