"""The rubric of urban innovation: facets, risks, strategies, context fit, score and type of each innovation.

intensity = (T + O + P) / 9; balance = 1 - (max - min) / 3; feasibility = (context fit - 1) / 4
residual risk = mean of L x I x (1 - mitigation) / 25 over the facets
score = 100 x (0.35 intensity + 0.20 balance + 0.25 feasibility + 0.20 (1 - residual risk))
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from pendapa.assessment.agreement import CONSENSUS, Agreement, agreement
from pendapa.assessment.rows import Row, read_rows, refuse_if
from pendapa.assessment.standard_set import Band, Facet, Rubric, band_of, rubric
from pendapa.assessment.wording import Said

FILE = "rubric.csv"
NEEDED = ("innovation", "coder", "technology", "organization", "policy")
OF_FACET = ("likelihood", "impact", "mitigation", "strategies", "owner")
COLUMNS = (
    *NEEDED,
    *(f"{facet}_{head}" for facet in NEEDED[2:] for head in OF_FACET),
    *("reach", "capacity", "fiscal", "systems", "leadership", "acceptance"),
    "context_strategies",
    "name",
    "note",
)

TOGETHER = Said("semua segi", "all facets")
UNTREATED, OWNERLESS = Said("strategi", "a strategy"), Said("penanggung jawab", "an owner")


@dataclass(frozen=True, slots=True)
class Risk:
    """Risk of one facet; `exposure` 1-25, `residual` what the strategies leave of it, None where not given."""

    likelihood: int | None
    impact: int | None
    mitigation: str
    strategies: tuple[str, ...]
    owner: str
    exposure: int | None
    residual: Fraction | None
    band: Band | None


@dataclass(frozen=True, slots=True)
class Coding:
    """What one coder gave one innovation; `facets` 0-3 and `context` 1-5 by key, None where left open."""

    innovation: str
    coder: str
    name: str
    facets: Mapping[str, int | None]
    risks: Mapping[str, Risk]
    context: Mapping[str, int | None]
    context_strategies: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Derived:
    """The figures of one coding; one that lacks an input is None, and `reasons` names the open columns."""

    coding: Coding
    intensity: Fraction | None
    balance: Fraction | None
    context_fit: Fraction | None
    feasibility: Fraction | None
    residual_risk: Fraction | None
    score: Fraction | None
    type: str | None
    warnings: tuple[Said, ...]
    reason: Said | None


@dataclass(frozen=True, slots=True)
class Innovation:
    """All codings of one innovation. `score` and `type` are the consensus, or the only coding's.

    Without a consensus the score of several coders is the mean of theirs, and the type None unless they agree.
    """

    key: str
    name: str
    codings: tuple[Derived, ...]
    score: Fraction | None
    type: str | None
    warnings: tuple[Said, ...]
    reason: Said | None


@dataclass(frozen=True, slots=True)
class Coded:
    """`agreement` holds each facet and "all" three together; `double_share` the share coded by two, 0-1."""

    innovations: tuple[Innovation, ...]
    agreement: Mapping[str, Agreement]
    double_share: Fraction
    notes: tuple[Said, ...]


def read_rubric(source: bytes) -> tuple[Coding, ...]:
    """Read rubric.csv, a row for each innovation and coder. Raises AssessmentRefused with all faults."""
    rows = read_rows(source, FILE, NEEDED, COLUMNS)
    found = []
    lines: dict[tuple[str, str], int] = {}
    for row in rows:
        key = (
            row.needed("innovation", "give its code"),
            row.needed("coder", "give a name or code of who coded"),
        )
        if all(key) and lines.setdefault(key, row.line) != row.line:
            wrong = f"{key[1]} coded {key[0]} already in line {lines[key]}"
            row.fault("", wrong, "keep one of the two rows")
        found.append(_coding(row, rubric()))
    refuse_if(rows)
    return tuple(found)


def _coding(row: Row, standard: Rubric) -> Coding:
    return Coding(
        innovation=row.text("innovation"),
        coder=row.text("coder"),
        name=row.text("name"),
        facets={one.key: row.whole(one.key, 0, len(one.levels) - 1) for one in standard.facets},
        risks={one.key: _risk(row, one, standard) for one in standard.facets},
        context={
            item: row.whole(item, standard.context_low, standard.context_high)
            for item in standard.context_items
        },
        context_strategies=_tags(row, "context_strategies", standard.context_strategies),
        note=row.text("note"),
    )


def _risk(row: Row, facet: Facet, standard: Rubric) -> Risk:
    heads = {head: f"{facet.key}_{head}" for head in OF_FACET}
    likelihood = row.whole(heads["likelihood"], standard.risk_low, standard.risk_high)
    impact = row.whole(heads["impact"], standard.risk_low, standard.risk_high)
    mitigation = row.choice(heads["mitigation"], standard.mitigation)
    strategies = _tags(row, heads["strategies"], facet.strategies)
    if standard.mitigation.get(mitigation) and not row.text(heads["strategies"]):
        wrong = f"the mitigation is {mitigation}, and no strategy is named"
        row.fault(heads["strategies"], wrong, f"name one or more of {', '.join(facet.strategies)}")
    exposure = None if likelihood is None or impact is None else likelihood * impact
    residual = None
    if exposure is not None and mitigation:
        residual = exposure * (1 - standard.mitigation[mitigation])
    band = None if exposure is None else band_of(Fraction(exposure), standard.risk_bands)
    return Risk(
        likelihood, impact, mitigation, strategies, row.text(heads["owner"]), exposure, residual, band
    )


def _tags(row: Row, head: str, known: Sequence[str]) -> tuple[str, ...]:
    tags = row.items(head)
    for tag in tags:
        if tag not in known:
            row.fault(head, f"{tag!r} is no strategy of this column", f"write some of {'; '.join(known)}")
    return tags


def derive(coding: Coding) -> Derived:
    """The figures of one coding; nothing left open is counted as 0."""
    standard = rubric()
    levels = [level for level in coding.facets.values() if level is not None]
    items = [level for level in coding.context.values() if level is not None]
    residuals = [risk.residual for risk in coding.risks.values() if risk.residual is not None]
    intensity = balance = fit = feasibility = residual = score = kind = None
    if len(levels) == len(coding.facets):
        top = len(standard.facets[0].levels) - 1
        intensity = Fraction(sum(levels), top * len(levels))
        balance = 1 - Fraction(max(levels) - min(levels), top)
        kind = _type(coding, standard)
    if len(items) == len(coding.context):
        fit = Fraction(sum(items), len(items))
        feasibility = (fit - standard.context_low) / (standard.context_high - standard.context_low)
    if len(residuals) == len(coding.risks):
        residual = sum(residuals, Fraction()) / len(residuals) / standard.risk_high**2
    if intensity is not None and balance is not None and feasibility is not None and residual is not None:
        weights = standard.weights
        score = 100 * (
            weights["intensity"] * intensity
            + weights["balance"] * balance
            + weights["feasibility"] * feasibility
            + weights["safety"] * (1 - residual)
        )
    return Derived(
        coding, intensity, balance, fit, feasibility, residual, score, kind, _warnings(coding), _open(coding)
    )


def _type(coding: Coding, standard: Rubric) -> str:
    strong = [one.letter for one in standard.facets if (coding.facets[one.key] or 0) >= standard.type_from]
    return "".join(strong) or "minor"


def _warnings(coding: Coding) -> tuple[Said, ...]:
    standard = rubric()
    technology, *others = (coding.facets[one.key] for one in standard.facets)
    said = []
    if technology is not None and technology >= standard.type_from and 0 in others:
        said.append(
            Said(
                "hanya teknologi: organisasi atau kebijakan tidak berubah",
                "technology only: organization or policy does not change",
            )
        )
    for facet in standard.facets:
        risk = coding.risks[facet.key]
        if risk.band is None or risk.band.key not in standard.needs_owner:
            continue
        lacks = [OWNERLESS] if not risk.owner else []
        if not risk.strategies:
            lacks.insert(0, UNTREATED)
        if lacks:
            said.append(
                Said(
                    f"risiko {facet.name.id} {risk.band.words.id} ({risk.exposure}) belum mempunyai "
                    + " dan ".join(word.id for word in lacks),
                    f"the {risk.band.words.en} {facet.name.en} risk ({risk.exposure}) lacks "
                    + " and ".join(word.en for word in lacks),
                )
            )
    return tuple(said)


def _open(coding: Coding) -> Said | None:
    heads = [key for key, level in coding.facets.items() if level is None]
    for key, risk in coding.risks.items():
        given = {"likelihood": risk.likelihood, "impact": risk.impact, "mitigation": risk.mitigation or None}
        heads += [f"{key}_{head}" for head, value in given.items() if value is None]
    heads += [key for key, level in coding.context.items() if level is None]
    if not heads:
        return None
    words = ", ".join(heads)
    return Said(f"skor tidak dihitung: kolom {words} kosong", f"no score: {words} left open")


def code(codings: Sequence[Coding]) -> Coded:
    """Figures of each innovation, and how far two coders agree on the facets."""
    standard = rubric()
    by_key: dict[str, list[Derived]] = {}
    for coding in codings:
        by_key.setdefault(coding.innovation, []).append(derive(coding))
    facets = [one.key for one in standard.facets]
    agreements = {facet: agreement(_levels(codings, [facet])) for facet in facets}
    agreements["all"] = agreement(_levels(codings, facets))
    double = sum(
        len([one for one in given if one.coding.coder.casefold() not in CONSENSUS]) > 1
        for given in by_key.values()
    )
    share = Fraction(double, len(by_key)) if by_key else Fraction()
    innovations = tuple(_innovation(key, given) for key, given in by_key.items())
    return Coded(innovations, agreements, share, _notes(share, agreements, standard))


def _levels(codings: Sequence[Coding], facets: Sequence[str]) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for coding in codings:
        given = found.setdefault(coding.coder, {})
        for facet in facets:
            level = coding.facets[facet]
            if level is not None:
                given[f"{coding.innovation}/{facet}"] = level
    return found


def _innovation(key: str, codings: Sequence[Derived]) -> Innovation:
    name = next((one.coding.name for one in codings if one.coding.name), "")
    settled = [one for one in codings if one.coding.coder.casefold() in CONSENSUS] or list(codings)
    scores = [one.score for one in settled if one.score is not None]
    whole = len(scores) == len(settled)
    types = {one.type for one in settled}
    reason = next((one.reason for one in settled if one.reason), None)
    if len(types) > 1 and reason is None:
        words = ", ".join(f"{one.coding.coder} {one.type}" for one in settled)
        reason = Said(
            f"para penilai belum sepakat tentang jenisnya ({words}); tambahkan baris kesepakatan",
            f"the coders differ on its type ({words}); add a row of the coder consensus",
        )
    return Innovation(
        key=key,
        name=name,
        codings=tuple(codings),
        score=sum(scores, Fraction()) / len(scores) if whole else None,
        type=types.pop() if len(types) == 1 else None,
        warnings=tuple(dict.fromkeys(warning for one in settled for warning in one.warnings)),
        reason=reason,
    )


def _notes(share: Fraction, agreements: Mapping[str, Agreement], standard: Rubric) -> tuple[Said, ...]:
    said = []
    if share < standard.double_share:
        least = int(100 * standard.double_share)
        said.append(
            Said(
                f"kurang dari {least} % inovasi dinilai oleh dua orang",
                f"fewer than {least} % of the innovations were coded by two",
            )
        )
    low = [
        key for key, one in agreements.items() if one.kappa is not None and one.kappa < standard.discuss_below
    ]
    if low:
        limit = float(standard.discuss_below)
        names = {one.key: one.name for one in standard.facets} | {"all": TOGETHER}
        said.append(
            Said(
                f"kappa di bawah {limit:.2f}".replace(".", ",")
                + ", bahas bersama: "
                + ", ".join(names[key].id for key in low),
                f"kappa below {limit:.2f}, to be discussed: " + ", ".join(names[key].en for key in low),
            )
        )
    return tuple(said)
