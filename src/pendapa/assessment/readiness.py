"""Readiness and gap by the Kominfo guide: levels with evidence, weights and confidence, by one assessor or more.

Level 1-5, gap = target - level, readiness = sum(weight x level) / (5 x sum(weight)) over the dimensions that have a
level. A dimension without one is no data, with its reason, and never 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from pendapa.assessment.agreement import CONSENSUS, Agreement, agreement
from pendapa.assessment.rows import Row, read_rows, refuse_if
from pendapa.assessment.standard_set import Dimension, Group, Kominfo, kominfo
from pendapa.assessment.wording import Said

FILE = "readiness.csv"
NEEDED = ("dimension", "assessor", "level")
COLUMNS = (*NEEDED, "target", "evidence", "confidence", "weight", "reason", "cause", "need")
# Lowest first: of several assessors the lowest confidence holds.
CONFIDENCE: dict[str, Said] = {
    "low": Said("rendah", "low"),
    "medium": Said("sedang", "medium"),
    "high": Said("tinggi", "high"),
}
NOT_ASSESSED = Said("belum dinilai", "not assessed yet")
NO_TARGET = Said("keadaan yang diinginkan belum ditetapkan", "the wanted level is not set")


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one assessor wrote about one dimension."""

    dimension: str
    assessor: str
    level: int | None
    target: int | None
    weight: Fraction | None
    confidence: str
    evidence: tuple[str, ...]
    reason: str
    cause: str
    need: str


@dataclass(frozen=True, slots=True)
class DimensionGap:
    """`level` is what the assessors agreed on, else their mean; `reason` says why there is no level or no gap."""

    dimension: Dimension
    weight: Fraction
    level: Fraction | None
    target: int | None
    gap: Fraction | None
    confidence: str
    evidence: tuple[str, ...]
    levels: Mapping[str, int]
    reason: Said | None
    causes: tuple[str, ...]
    needs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """Weighted figures over `counted` of `of` dimensions; target and gap over the `compared` that have a target."""

    level: Fraction | None
    percent: Fraction | None
    target: Fraction | None
    gap: Fraction | None
    counted: int
    compared: int
    of: int


@dataclass(frozen=True, slots=True)
class GroupGap:
    group: Group
    summary: Summary
    dimensions: tuple[DimensionGap, ...]


@dataclass(frozen=True, slots=True)
class Readiness:
    """`kinds` holds "readiness" (nine elements) and "pillar" (18 sub-dimensions)."""

    groups: tuple[GroupGap, ...]
    kinds: Mapping[str, Summary]
    agreement: Agreement


def read_readiness(source: bytes) -> tuple[Judgement, ...]:
    """Read readiness.csv. Raises AssessmentRefused with all faults as file:line."""
    standard = kominfo()
    rows = read_rows(source, FILE, NEEDED, COLUMNS)
    found = []
    seen: dict[tuple[str, str], int] = {}
    stated: dict[tuple[str, str], tuple[object, int]] = {}
    for row in rows:
        one = _judgement(row, standard)
        _repeated(row, one, seen)
        # What is wanted and how much it weighs is a decision about the dimension, not a view of an assessor.
        for head, value in (("target", one.target), ("weight", one.weight)):
            if value is None:
                continue
            before, line = stated.setdefault((one.dimension, head), (value, row.line))
            if before != value:
                wrong = f"{row.text(head)} is another {head} of {one.dimension} than in line {line}"
                row.fault(head, wrong, "state one for each dimension")
        found.append(one)
    refuse_if(rows)
    return tuple(found)


def _judgement(row: Row, standard: Kominfo) -> Judgement:
    row.needed("dimension", "give a code such as ST-1 or GV-2")
    row.needed("assessor", "give a name or code of who judged")
    before = len(row.faults)
    level = row.whole("level", standard.low, standard.high)
    evidence = row.items("evidence")
    if level is not None and not evidence:
        row.fault("evidence", "a level stands without evidence", "name the document or data it rests on")
    if level is None and len(row.faults) == before and not row.text("reason"):
        row.fault("reason", "there is neither a level nor a reason", "say why there is no level")
    weight = row.number("weight", 0, None)
    if weight == 0:
        row.fault("weight", "the weight is 0", "give a weight above 0, or leave the dimension out")
    return Judgement(
        dimension=row.choice("dimension", standard.dimensions),
        assessor=row.text("assessor"),
        level=level,
        target=row.whole("target", standard.low, standard.high),
        weight=weight,
        confidence=row.choice("confidence", CONFIDENCE),
        evidence=evidence,
        reason=row.text("reason"),
        cause=row.text("cause"),
        need=row.text("need"),
    )


def _repeated(row: Row, one: Judgement, seen: dict[tuple[str, str], int]) -> None:
    if not one.dimension or not one.assessor:
        return
    line = seen.setdefault((one.dimension, one.assessor), row.line)
    if line != row.line:
        wrong = f"{one.assessor} judged {one.dimension} already in line {line}"
        row.fault("", wrong, "keep one of the two rows")


def readiness(judgements: Sequence[Judgement]) -> Readiness:
    """Levels, gaps and the agreement of the two assessors."""
    standard = kominfo()
    by_code: dict[str, list[Judgement]] = {code: [] for code in standard.dimensions}
    levels: dict[str, dict[str, int]] = {}
    for one in judgements:
        by_code[one.dimension].append(one)
        given = levels.setdefault(one.assessor, {})
        if one.level is not None:
            given[one.dimension] = one.level
    gaps = {code: _gap(standard.dimensions[code], given) for code, given in by_code.items()}
    groups = []
    for group in standard.groups:
        within = tuple(gap for gap in gaps.values() if gap.dimension.group == group.code)
        groups.append(GroupGap(group, _summary(within, standard.high), within))
    kinds = {
        kind: _summary(
            [gap for one in groups if one.group.kind == kind for gap in one.dimensions], standard.high
        )
        for kind in dict.fromkeys(group.kind for group in standard.groups)
    }
    return Readiness(tuple(groups), kinds, agreement(levels))


def _gap(dimension: Dimension, given: Sequence[Judgement]) -> DimensionGap:
    levels = {one.assessor: one.level for one in given if one.level is not None}
    settled = next((level for name, level in levels.items() if name.casefold() in CONSENSUS), None)
    level = None
    if settled is not None:
        level = Fraction(settled)
    elif levels:
        level = Fraction(sum(levels.values()), len(levels))
    target = next((one.target for one in given if one.target is not None), None)
    weight = next((one.weight for one in given if one.weight is not None), dimension.weight)
    reason = None
    if level is None:
        said = "; ".join(_different(one.reason for one in given))
        reason = Said(said, said) if said else NOT_ASSESSED
    elif target is None:
        reason = NO_TARGET
    confident = [one.confidence for one in given if one.level is not None and one.confidence]
    return DimensionGap(
        dimension=dimension,
        weight=weight,
        level=level,
        target=target,
        gap=None if level is None or target is None else target - level,
        confidence=min(confident, key=list(CONFIDENCE).index, default=""),
        evidence=_different(text for one in given for text in one.evidence),
        levels=levels,
        reason=reason,
        causes=_different(one.cause for one in given),
        needs=_different(one.need for one in given),
    )


def _summary(gaps: Sequence[DimensionGap], high: int) -> Summary:
    level, counted = _mean((gap.weight, gap.level) for gap in gaps)
    target, compared = _mean(
        (gap.weight, None if gap.gap is None else Fraction(gap.target or 0)) for gap in gaps
    )
    gap_mean, _ = _mean((gap.weight, gap.gap) for gap in gaps)
    percent = None if level is None else 100 * level / high
    return Summary(level, percent, target, gap_mean, counted, compared, len(gaps))


def _mean(pairs: Iterable[tuple[Fraction, Fraction | None]]) -> tuple[Fraction | None, int]:
    known = [(weight, value) for weight, value in pairs if value is not None]
    if not known:
        return None, 0
    total = sum((weight for weight, _ in known), Fraction())
    return sum((weight * value for weight, value in known), Fraction()) / total, len(known)


def _different(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in texts if text))
