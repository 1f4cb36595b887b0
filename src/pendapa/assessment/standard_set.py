"""The published frameworks as data: TOML files beside this module, each with its source and what is to be confirmed."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache
from importlib.resources import files
from typing import Any

from pendapa.assessment.wording import Said


@dataclass(frozen=True, slots=True)
class Band:
    """A class of values from the end of the one before it up to `below`, without it; the last has no end."""

    key: str
    words: Said
    below: Fraction | None


def band_of(value: Fraction, bands: Sequence[Band]) -> Band:
    return next(band for band in bands if band.below is None or value < band.below)


@dataclass(frozen=True, slots=True)
class Dimension:
    """A readiness element or a sub-dimension of a pillar."""

    code: str
    group: str
    name: Said
    weight: Fraction
    confirmed: bool
    source: str


@dataclass(frozen=True, slots=True)
class Group:
    """A group of readiness elements (kind "readiness") or a pillar (kind "pillar")."""

    code: str
    kind: str
    name: Said
    confirmed: bool
    source: str


@dataclass(frozen=True, slots=True)
class WeightSet:
    """Weights of the parts of the yearly evaluation; they sum to 1."""

    key: str
    weights: Mapping[str, Fraction]
    confirmed: bool
    source: str


@dataclass(frozen=True, slots=True)
class Kominfo:
    """Readiness, pillars and yearly evaluation of the guide of 2017 and its evaluation manuals."""

    title: str
    low: int
    high: int
    groups: tuple[Group, ...]
    dimensions: Mapping[str, Dimension]
    evaluation_low: int
    evaluation_high: int
    parts: Mapping[str, Said]
    weight_sets: Mapping[str, WeightSet]
    used: str
    bands: tuple[Band, ...]


@dataclass(frozen=True, slots=True)
class Quadrant:
    """One of the four fields of SWOT; `x` and `y` are the signs of S - W and of O - T."""

    key: str
    x: int
    y: int
    cell: str
    name: Said


@dataclass(frozen=True, slots=True)
class Swot:
    """Scale of ratings, the two matrices (key -> name and its two kinds of factor), and the quadrants."""

    low: int
    high: int
    matrices: Mapping[str, tuple[Said, tuple[str, str]]]
    quadrants: tuple[Quadrant, ...]


@dataclass(frozen=True, slots=True)
class Facet:
    """Technology, organization or policy; `levels` says what each whole level from 0 means."""

    key: str
    letter: str
    name: Said
    strategies: tuple[str, ...]
    levels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rubric:
    """Scales, weights and bands of the rubric of urban innovation; a proposal of this project."""

    title: str
    facets: tuple[Facet, ...]
    context_low: int
    context_high: int
    context_items: tuple[str, ...]
    context_strategies: tuple[str, ...]
    risk_low: int
    risk_high: int
    mitigation: Mapping[str, Fraction]
    needs_owner: frozenset[str]
    risk_bands: tuple[Band, ...]
    weights: Mapping[str, Fraction]
    type_from: int
    double_share: Fraction
    discuss_below: Fraction


@cache
def kominfo() -> Kominfo:
    data = _read("kominfo-2017.toml")
    levels, evaluation = data["levels"], data["evaluation"]
    groups = tuple(
        Group(one["code"], one["kind"], _said(one), one["confirmed"], one["source"]) for one in data["groups"]
    )
    dimensions = {
        one["code"]: Dimension(
            one["code"], one["group"], _said(one), Fraction(one["weight"]), one["confirmed"], one["source"]
        )
        for one in data["dimensions"]
    }
    return Kominfo(
        title=data["title"],
        low=levels["low"],
        high=levels["high"],
        groups=groups,
        dimensions=dimensions,
        evaluation_low=evaluation["low"],
        evaluation_high=evaluation["high"],
        parts={one["code"]: _said(one) for one in evaluation["parts"]},
        weight_sets={
            one["key"]: WeightSet(one["key"], _numbers(one["weights"]), one["confirmed"], one["source"])
            for one in evaluation["weight_sets"]
        },
        used=evaluation["used"],
        bands=_bands(evaluation["bands"]),
    )


@cache
def swot() -> Swot:
    data = _read("swot.toml")
    return Swot(
        low=data["ratings"]["low"],
        high=data["ratings"]["high"],
        matrices={one["key"]: (_said(one), (one["kinds"][0], one["kinds"][1])) for one in data["matrices"]},
        quadrants=tuple(
            Quadrant(one["key"], one["x"], one["y"], one["cell"], _said(one)) for one in data["quadrants"]
        ),
    )


@cache
def rubric() -> Rubric:
    data = _read("urban-innovation.toml")
    context, risk = data["context"], data["risk"]
    return Rubric(
        title=data["title"],
        facets=tuple(
            Facet(one["key"], one["letter"], _said(one), tuple(one["strategies"]), tuple(one["levels"]))
            for one in data["facets"]
        ),
        context_low=context["low"],
        context_high=context["high"],
        context_items=tuple(context["items"]),
        context_strategies=tuple(context["strategies"]),
        risk_low=risk["low"],
        risk_high=risk["high"],
        mitigation=_numbers(risk["mitigation"]),
        needs_owner=frozenset(risk["needs_owner"]),
        risk_bands=_bands(risk["bands"]),
        weights=_numbers(data["score"]["weights"]),
        type_from=data["score"]["type_from"],
        double_share=Fraction(data["coders"]["share"]),
        discuss_below=Fraction(data["coders"]["kappa"]),
    )


def _read(name: str) -> dict[str, Any]:
    text = (files("pendapa.assessment") / "sets" / name).read_text(encoding="utf-8")
    return tomllib.loads(text, parse_float=Decimal)


def _said(one: Mapping[str, str]) -> Said:
    return Said(one["id"], one["en"])


def _numbers(given: Mapping[str, Decimal | int]) -> dict[str, Fraction]:
    return {key: Fraction(value) for key, value in given.items()}


def _bands(given: Sequence[Mapping[str, Any]]) -> tuple[Band, ...]:
    return tuple(
        Band(one["key"], _said(one), Fraction(one["below"]) if "below" in one else None) for one in given
    )
