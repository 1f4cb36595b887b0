"""An assessment as plain values for JSON."""

from __future__ import annotations

from fractions import Fraction

from pendapa.assessment.agreement import Agreement
from pendapa.assessment.evaluation import Evaluation
from pendapa.assessment.folder import Assessment
from pendapa.assessment.readiness import DimensionGap, Readiness, Summary
from pendapa.assessment.rubric import Coded, Derived, Innovation
from pendapa.assessment.standard_set import Band, kominfo
from pendapa.assessment.swot import Analysis
from pendapa.assessment.wording import Said

Data = dict[str, object]


def as_data(found: Assessment) -> Data:
    """Keys readiness, evaluation, swot, rubric; null for a file that is not there."""
    return {
        "title": found.title,
        "illustrative": found.illustrative,
        "readiness": None if found.readiness is None else _readiness(found.readiness),
        "evaluation": None if found.evaluations is None else [_evaluation(one) for one in found.evaluations],
        "swot": None if found.swot is None else _swot(found.swot),
        "rubric": None if found.rubric is None else _rubric(found.rubric),
    }


def _n(value: Fraction | None) -> float | None:
    return None if value is None else float(value)


def _s(said: Said | None) -> Data | None:
    return None if said is None else {"id": said.id, "en": said.en}


def _band(band: Band | None) -> Data | None:
    return None if band is None else {"key": band.key, "id": band.words.id, "en": band.words.en}


def _agreement(one: Agreement) -> Data:
    return {
        "people": list(one.people),
        "units": one.units,
        "percent": _n(one.percent),
        "weighted_kappa": _n(one.kappa),
        "reason": _s(one.reason),
    }


def _readiness(found: Readiness) -> Data:
    return {
        "standard": kominfo().title,
        "readiness": _summary(found.kinds["readiness"]),
        "pillars": _summary(found.kinds["pillar"]),
        "groups": [
            {
                "code": one.group.code,
                "kind": one.group.kind,
                "id": one.group.name.id,
                "en": one.group.name.en,
                "confirmed": one.group.confirmed,
                "source": one.group.source,
                **_summary(one.summary),
                "dimensions": [_dimension(gap) for gap in one.dimensions],
            }
            for one in found.groups
        ],
        "agreement": _agreement(found.agreement),
    }


def _summary(one: Summary) -> Data:
    return {
        "level": _n(one.level),
        "percent": _n(one.percent),
        "target": _n(one.target),
        "gap": _n(one.gap),
        "counted": one.counted,
        "compared": one.compared,
        "of": one.of,
    }


def _dimension(one: DimensionGap) -> Data:
    return {
        "code": one.dimension.code,
        "id": one.dimension.name.id,
        "en": one.dimension.name.en,
        "confirmed": one.dimension.confirmed,
        "source": one.dimension.source,
        "weight": _n(one.weight),
        "level": _n(one.level),
        "target": one.target,
        "gap": _n(one.gap),
        "levels": dict(one.levels),
        "confidence": one.confidence or None,
        "evidence": list(one.evidence),
        "causes": list(one.causes),
        "needs": list(one.needs),
        "reason": _s(one.reason),
    }


def _evaluation(one: Evaluation) -> Data:
    standard = kominfo()
    return {
        "year": one.year,
        "scores": {part: _n(score) for part, score in one.scores.items()},
        "weight_sets": {
            key: {
                "index": _n(one.indices[key]),
                "weights": {part: _n(weight) for part, weight in weights.weights.items()},
                "confirmed": weights.confirmed,
                "source": weights.source,
            }
            for key, weights in standard.weight_sets.items()
        },
        "used": standard.used,
        "index": _n(one.indices[standard.used]),
        "band": _band(one.band),
        "improvement": _n(one.improvement),
        "reason": _s(one.reason),
    }


def _swot(found: Analysis) -> Data:
    quadrant = found.quadrant
    return {
        "factors": [
            {
                "key": one.key,
                "kind": one.kind,
                "text": one.text,
                "weight": _n(one.weight),
                "rating": _n(one.rating),
                "score": _n(one.score),
                "sources": list(one.sources),
            }
            for one in found.factors
        ],
        **{
            one.key: {
                "scores": {kind: _n(score) for kind, score in one.scores.items()},
                "total": _n(one.total),
                "difference": _n(one.difference),
                "reason": _s(one.reason),
            }
            for one in found.matrices
        },
        "quadrant": None
        if quadrant is None
        else {
            "key": quadrant.key,
            "cell": quadrant.cell,
            "id": quadrant.name.id,
            "en": quadrant.name.en,
        },
        "reason": _s(found.reason),
        "tows": {
            cell.key: {
                "factors": [factor.key for factor in cell.factors],
                "strategies": [
                    {"key": one.key, "text": one.text, "factors": list(one.factors)}
                    for one in cell.strategies
                ],
                "unused": list(cell.unused),
            }
            for cell in found.cells
        },
    }


def _rubric(found: Coded) -> Data:
    return {
        "innovations": [_innovation(one) for one in found.innovations],
        "agreement": {key: _agreement(one) for key, one in found.agreement.items()},
        "double_share": _n(found.double_share),
        "notes": [_s(one) for one in found.notes],
    }


def _innovation(one: Innovation) -> Data:
    return {
        "innovation": one.key,
        "name": one.name or None,
        "score": _n(one.score),
        "type": one.type,
        "warnings": [_s(warning) for warning in one.warnings],
        "reason": _s(one.reason),
        "codings": [_coding(coding) for coding in one.codings],
    }


def _coding(one: Derived) -> Data:
    coding = one.coding
    return {
        "coder": coding.coder,
        "facets": dict(coding.facets),
        "risks": {
            facet: {
                "likelihood": risk.likelihood,
                "impact": risk.impact,
                "exposure": risk.exposure,
                "band": _band(risk.band),
                "mitigation": risk.mitigation or None,
                "strategies": list(risk.strategies),
                "owner": risk.owner or None,
                "residual": _n(risk.residual),
            }
            for facet, risk in coding.risks.items()
        },
        "context": dict(coding.context),
        "context_strategies": list(coding.context_strategies),
        "intensity": _n(one.intensity),
        "balance": _n(one.balance),
        "context_fit": _n(one.context_fit),
        "feasibility": _n(one.feasibility),
        "residual_risk": _n(one.residual_risk),
        "score": _n(one.score),
        "type": one.type,
        "warnings": [_s(warning) for warning in one.warnings],
        "note": coding.note or None,
        "reason": _s(one.reason),
    }
