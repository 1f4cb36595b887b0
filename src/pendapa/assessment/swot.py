"""SWOT with weights and ratings: IFAS, EFAS, the quadrant, and the cells of TOWS with the factors they use."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from pendapa.assessment.refusal import Fault
from pendapa.assessment.rows import Row, read_rows, refuse_if
from pendapa.assessment.standard_set import Quadrant, swot
from pendapa.assessment.wording import Said, figure

FILE = "swot.csv"
NEEDED = ("key", "kind", "text")
COLUMNS = (*NEEDED, "weight", "rating", "sources", "factors")
FACTORS = ("S", "W", "O", "T")
CELLS = ("SO", "WO", "ST", "WT")
SOURCES = 2


@dataclass(frozen=True, slots=True)
class Factor:
    """A strength, weakness, opportunity or threat; `rating` 1-4 is the size of its influence, None if not rated."""

    key: str
    kind: str
    text: str
    weight: Fraction
    rating: Fraction | None
    sources: tuple[str, ...]

    @property
    def score(self) -> Fraction | None:
        return None if self.rating is None else self.weight * self.rating


@dataclass(frozen=True, slots=True)
class Strategy:
    """A strategy of one cell of TOWS, with the keys of the factors it rests on."""

    key: str
    cell: str
    text: str
    factors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """IFAS or EFAS: the score of each of its two kinds, their sum, and the first less the second (an axis)."""

    key: str
    name: Said
    scores: Mapping[str, Fraction | None]
    total: Fraction | None
    difference: Fraction | None
    reason: Said | None


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of TOWS: its strategies, the factors of its two kinds, and those that no strategy of it uses."""

    key: str
    strategies: tuple[Strategy, ...]
    factors: tuple[Factor, ...]
    unused: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Analysis:
    factors: tuple[Factor, ...]
    matrices: tuple[Matrix, ...]
    quadrant: Quadrant | None
    reason: Said | None
    cells: tuple[Cell, ...]


def read_swot(source: bytes) -> tuple[tuple[Factor, ...], tuple[Strategy, ...]]:
    """Read swot.csv: factors (kind S, W, O, T) and strategies (kind SO, WO, ST, WT).

    Raises AssessmentRefused with all faults: a factor with fewer than two sources, weights of a matrix that do not sum
    to 1, a strategy that names no factor of each side of its cell.
    """
    rows = read_rows(source, FILE, NEEDED, COLUMNS)
    factors: dict[str, Factor] = {}
    strategies: list[tuple[Row, Strategy]] = []
    lines: dict[str, int] = {}
    broken = False
    for row in rows:
        key = row.needed("key", "give a short key such as S1")
        row.needed("text", "say what the factor or strategy is")
        row.needed("kind", f"write one of {', '.join((*FACTORS, *CELLS))}")
        kind = row.choice("kind", (*FACTORS, *CELLS))
        if key and lines.setdefault(key, row.line) != row.line:
            row.fault("key", f"{key} stands already in line {lines[key]}", "give each row a key of its own")
        elif kind in CELLS:
            strategies.append((row, Strategy(key, kind, row.text("text"), row.items("factors"))))
        elif kind:
            factor = _factor(row, key, kind)
            broken = broken or factor is None
            if factor:
                factors[key] = factor
    for row, strategy in strategies:
        _check_strategy(
            row, strategy, {other: row.text("kind") for row in rows if (other := row.text("key"))}
        )
    if not broken:
        rows[0].faults.extend(_weights(factors.values(), lines))
    refuse_if(rows)
    return tuple(factors.values()), tuple(strategy for _, strategy in strategies)


def _factor(row: Row, key: str, kind: str) -> Factor | None:
    standard = swot()
    row.needed("weight", "give a weight; those of S and W sum to 1, and those of O and T")
    weight = row.number("weight", 0, 1)
    sources = row.items("sources")
    if len(sources) < SOURCES:
        wrong = "one source, not two" if sources else "no source"
        row.fault("sources", f"the factor {key} has {wrong}", "name two different ones: DOCUMENT; INTERVIEW")
    rating = row.number("rating", standard.low, standard.high)
    return None if weight is None else Factor(key, kind, row.text("text"), weight, rating, sources)


def _check_strategy(row: Row, strategy: Strategy, kinds: Mapping[str, str]) -> None:
    for head in ("weight", "rating", "sources"):
        if row.text(head):
            row.fault(head, f"a strategy has no {head}", "leave it empty; its factors carry them")
    for key in strategy.factors:
        kind = kinds.get(key, "")
        if kind not in FACTORS:
            row.fault("factors", f"there is no factor {key!r}", "write the keys of factors: S1; O2")
        elif kind not in strategy.cell:
            row.fault(
                "factors", f"{key} is of kind {kind}", f"{strategy.cell} rests on {_sides(strategy.cell)}"
            )
    named = {kinds.get(key, "") for key in strategy.factors}
    for side in strategy.cell:
        if side not in named:
            wrong = f"the strategy names no factor of kind {side}"
            row.fault("factors", wrong, f"{strategy.cell} rests on {_sides(strategy.cell)}")


def _sides(cell: str) -> str:
    return f"factors of {cell[0]} and of {cell[1]}"


def _weights(factors: Iterable[Factor], lines: Mapping[str, int]) -> Iterator[Fault]:
    given = list(factors)
    for name, kinds in swot().matrices.values():
        within = [factor for factor in given if factor.kind in kinds]
        sum_of_weights = sum((factor.weight for factor in within), Fraction())
        if within and sum_of_weights != 1:
            total = figure(sum_of_weights, 12, "en").rstrip("0").rstrip(".")
            wrong = f"the weights of {kinds[0]} and {kinds[1]} sum to {total}, not to 1"
            yield Fault(f"{FILE}:{lines[within[0].key]}", wrong, f"share 1 among the factors of {name.en}")


def analyse(factors: Sequence[Factor], strategies: Sequence[Strategy]) -> Analysis:
    """Scores, quadrant and cells. A factor without rating leaves its matrix without score, with the reason."""
    standard = swot()
    matrices = tuple(_matrix(key, name, kinds, factors) for key, (name, kinds) in standard.matrices.items())
    reason = next((one.reason for one in matrices if one.reason), None)
    quadrant = None
    x, y = (one.difference for one in matrices)
    if x is not None and y is not None:
        quadrant = next((one for one in standard.quadrants if one.x * x > 0 and one.y * y > 0), None)
        if quadrant is None:
            reason = Said("titiknya jatuh pada sumbu", "the point lies on an axis")
    cells = tuple(_cell(key, factors, strategies) for key in CELLS)
    return Analysis(tuple(factors), matrices, quadrant, reason, cells)


def _matrix(key: str, name: Said, kinds: tuple[str, str], factors: Sequence[Factor]) -> Matrix:
    within = [factor for factor in factors if factor.kind in kinds]
    unrated = [factor.key for factor in within if factor.rating is None]
    if unrated or not within:
        words = ", ".join(unrated)
        reason = (
            Said(f"belum diberi nilai: {words}", f"not rated yet: {words}")
            if unrated
            else Said(f"tidak ada faktor {' atau '.join(kinds)}", f"there is no factor {' or '.join(kinds)}")
        )
        return Matrix(key, name, dict.fromkeys(kinds), None, None, reason)
    first, second = (
        sum((factor.weight * (factor.rating or 0) for factor in within if factor.kind == kind), Fraction())
        for kind in kinds
    )
    return Matrix(key, name, {kinds[0]: first, kinds[1]: second}, first + second, first - second, None)


def _cell(key: str, factors: Sequence[Factor], strategies: Sequence[Strategy]) -> Cell:
    mine = tuple(strategy for strategy in strategies if strategy.cell == key)
    within = tuple(factor for factor in factors if factor.kind in key)
    used = {name for strategy in mine for name in strategy.factors}
    return Cell(key, mine, within, tuple(factor.key for factor in within if factor.key not in used))
