"""An assessment as text for people, in Indonesian or English."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from pendapa.assessment.agreement import Agreement
from pendapa.assessment.evaluation import Evaluation
from pendapa.assessment.folder import Assessment
from pendapa.assessment.readiness import CONFIDENCE, DimensionGap, Readiness, Summary
from pendapa.assessment.rubric import TOGETHER, Coded, Innovation
from pendapa.assessment.standard_set import kominfo, rubric
from pendapa.assessment.swot import Analysis
from pendapa.assessment.wording import Said, figure

LABELS: dict[str, tuple[str, str]] = {
    "illustrative": ("Data ilustratif, bukan hasil penelitian", "Illustrative data, not findings"),
    "readiness": ("Kesiapan daerah (level 1-5, perlu dikonfirmasi)", "Readiness (levels 1-5, to be confirmed)"),
    "kind_readiness": ("Kesiapan", "Readiness"),
    "kind_pillar": ("Enam pilar", "Six pillars"),
    "summary": ("{percent} % (level {level}; {counted} dari {of} dimensi dinilai)",
                "{percent} % (level {level}; {counted} of {of} dimensions have a level)"),
    "gap": ("; kesenjangan {gap} atas {compared} dimensi", "; gap {gap} over {compared} dimensions"),
    "no_data": ("tidak ada data", "no data"),
    "dimension": ("level {level}, diinginkan {target}, kesenjangan {gap}", "level {level}, wanted {target}, gap {gap}"),
    "confidence": ("; keyakinan {word}", "; confidence {word}"),
    "evidence": ("; bukti: {texts}", "; evidence: {texts}"),
    "unconfirmed": (" (perlu dikonfirmasi)", " (to be confirmed)"),
    "agreement": ("Kesepakatan {people}: {percent} % dari {units}, kappa kuadrat {kappa}",
                  "Agreement of {people}: {percent} % of {units}, quadratic kappa {kappa}"),
    "no_agreement": ("Kesepakatan tidak dihitung", "Agreement not computed"),
    "evaluation": ("Evaluasi tahunan (skala 0-4; batas atas dan golongan perlu dikonfirmasi)",
                   "Yearly evaluation (scale 0-4; upper end and bands to be confirmed)"),
    "index": ("{year}: indeks {index} ({band}); bobot {used}; dengan bobot lain: {others}",
              "{year}: index {index} ({band}); weight set {used}; by other weights: {others}"),
    "improvement": ("; kenaikan {value}", "; improvement {value}"),
    "quadrant": ("Kuadran {key}, {name}: strategi {cell}", "Quadrant {key}, {name}: {cell} strategies"),
    "no_quadrant": ("Kuadran tidak ditentukan", "No quadrant"),
    "total": ("jumlah {total}, selisih {difference}", "total {total}, difference {difference}"),
    "unused": ("belum dipakai", "not used yet"),
    "none": ("belum ada strategi", "no strategy yet"),
    "rubric": ("Rubrik inovasi perkotaan (usulan, perlu dikonfirmasi)", "Rubric of urban innovation (a proposal)"),
    "score": ("skor {score}, jenis {type}", "score {score}, type {type}"),
    "warning": ("peringatan", "warning"),
}  # fmt: skip


class _Report:
    def __init__(self, language: str) -> None:
        self.language = language

    def say(self, label: str, **given: object) -> str:
        return LABELS[label][self.language == "en"].format(**given)

    def number(self, value: Fraction | None, digits: int = 2) -> str:
        return figure(value, digits, self.language)

    def of(self, said: Said) -> str:
        return said.of(self.language)

    def readiness(self, found: Readiness) -> Iterator[str]:
        yield self.say("readiness")
        for kind, summary in found.kinds.items():
            yield f"{self.say(f'kind_{kind}')}: {self.summary(summary)}"
        for one in found.groups:
            yield f"{one.group.code}  {self.of(one.group.name)}: {self.summary(one.summary)}"
            for gap in one.dimensions:
                yield f"  {self.dimension(gap)}"
        yield self.agreement(found.agreement)

    def summary(self, one: Summary) -> str:
        if one.level is None:
            return self.say("no_data")
        text = self.say(
            "summary",
            percent=self.number(one.percent, 1),
            level=self.number(one.level),
            counted=one.counted,
            of=one.of,
        )
        if one.gap is not None:
            text += self.say("gap", gap=self.number(one.gap), compared=one.compared)
        return text

    def dimension(self, one: DimensionGap) -> str:
        head = f"{one.dimension.code}  {self.of(one.dimension.name)}"
        head += "" if one.dimension.confirmed else self.say("unconfirmed")
        if one.level is None:
            why = f" ({self.of(one.reason)})" if one.reason else ""
            return f"{head}: {self.say('no_data')}{why}"
        target = "-" if one.target is None else str(one.target)
        text = self.say(
            "dimension", level=self.number(one.level, 1), target=target, gap=self.number(one.gap, 1)
        )
        if one.reason:
            text += f" ({self.of(one.reason)})"
        if one.confidence:
            text += self.say("confidence", word=self.of(CONFIDENCE[one.confidence]))
        return f"{head}: {text}{self.say('evidence', texts='; '.join(one.evidence))}"

    def agreement(self, one: Agreement, name: str = "") -> str:
        head = f"{name}: " if name else ""
        why = f" ({self.of(one.reason)})" if one.reason else ""
        if one.percent is None:
            return f"{head}{self.say('no_agreement')}{why}"
        return (
            head
            + self.say(
                "agreement",
                people=", ".join(one.people),
                percent=self.number(one.percent, 1),
                units=one.units,
                kappa=self.number(one.kappa, 3),
            )
            + why
        )

    def evaluations(self, found: tuple[Evaluation, ...]) -> Iterator[str]:
        yield self.say("evaluation")
        used = kominfo().used
        for one in found:
            if one.reason or one.band is None:
                yield f"{one.year}: {self.of(one.reason) if one.reason else self.say('no_data')}"
                continue
            others = ", ".join(
                f"{key} {self.number(index, 3)}" for key, index in one.indices.items() if key != used
            )
            text = self.say(
                "index",
                year=one.year,
                index=self.number(one.indices[used], 3),
                band=self.of(one.band.words),
                used=used,
                others=others,
            )
            if one.improvement is not None:
                text += self.say("improvement", value=self.number(one.improvement, 3))
            yield text

    def swot(self, found: Analysis) -> Iterator[str]:
        yield "SWOT"
        for factor in found.factors:
            yield (
                f"  {factor.key}  {factor.text}: {self.number(factor.weight)} x {self.number(factor.rating)} = "
                f"{self.number(factor.score, 3)} [{'; '.join(factor.sources)}]"
            )
        for one in found.matrices:
            if one.reason:
                yield f"{self.of(one.name)}: {self.of(one.reason)}"
                continue
            scores = ", ".join(f"{kind} {self.number(score, 3)}" for kind, score in one.scores.items())
            sums = self.say(
                "total", total=self.number(one.total, 3), difference=self.number(one.difference, 3)
            )
            yield f"{self.of(one.name)}: {scores}; {sums}"
        if found.quadrant:
            place = found.quadrant
            text = self.say("quadrant", key=place.key, name=self.of(place.name), cell=place.cell)
            yield text + self.say("unconfirmed")
        else:
            yield self.say("no_quadrant") + (f": {self.of(found.reason)}" if found.reason else "")
        for cell in found.cells:
            yield f"{cell.key} ({', '.join(factor.key for factor in cell.factors) or '-'})"
            for strategy in cell.strategies:
                yield f"  {strategy.key}  {strategy.text} [{', '.join(strategy.factors)}]"
            if not cell.strategies:
                yield f"  {self.say('none')}"
            elif cell.unused:
                yield f"  {self.say('unused')}: {', '.join(cell.unused)}"

    def rubric(self, found: Coded) -> Iterator[str]:
        yield self.say("rubric")
        for one in found.innovations:
            yield from self.innovation(one)
        names = {one.key: one.name for one in rubric().facets} | {"all": TOGETHER}
        for key, agreed in found.agreement.items():
            yield self.agreement(agreed, self.of(names[key]))
        yield from (self.of(note) for note in found.notes)

    def innovation(self, one: Innovation) -> Iterator[str]:
        score = self.say("score", score=self.number(one.score, 1), type=one.type or "-")
        yield f"{one.key}  {one.name}: {score}" if one.name else f"{one.key}: {score}"
        if one.reason:
            yield f"  {self.of(one.reason)}"
        if len(one.codings) > 1:
            for coding in one.codings:
                score = self.say("score", score=self.number(coding.score, 1), type=coding.type or "-")
                yield f"  {coding.coding.coder}: {score}"
        for warning in one.warnings:
            yield f"  {self.say('warning')}: {self.of(warning)}"


def as_text(found: Assessment, language: str) -> str:
    """The parts that the folder has, one after another."""
    report = _Report(language)
    parts: list[list[str]] = []
    head = [found.title] if found.title else []
    if found.illustrative:
        head.append(report.say("illustrative"))
    if head:
        parts.append(head)
    if found.readiness is not None:
        parts.append(list(report.readiness(found.readiness)))
    if found.evaluations is not None:
        parts.append(list(report.evaluations(found.evaluations)))
    if found.swot is not None:
        parts.append(list(report.swot(found.swot)))
    if found.rubric is not None:
        parts.append(list(report.rubric(found.rubric)))
    return "\n\n".join("\n".join(lines) for lines in parts)
