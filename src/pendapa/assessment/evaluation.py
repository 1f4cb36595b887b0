"""The yearly smart-city evaluation: five parts on a scale of 0-4, weighted by a published set of weights."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from pendapa.assessment.rows import read_rows, refuse_if
from pendapa.assessment.standard_set import Band, band_of, kominfo
from pendapa.assessment.wording import Said

FILE = "evaluation.csv"
NEEDED = ("year", "part", "score")
COLUMNS = (*NEEDED, "evidence", "reason")
FIRST_YEAR, LAST_YEAR = 2017, 2100


@dataclass(frozen=True, slots=True)
class Evaluation:
    """One year. `indices` holds the score by each weight set, None if a part is missing; `reason` then says which.

    `improvement` is the index of the set in use less that of the year before, None if either is missing.
    """

    year: int
    scores: Mapping[str, Fraction | None]
    indices: Mapping[str, Fraction | None]
    band: Band | None
    improvement: Fraction | None
    reason: Said | None


Scores = dict[int, dict[str, tuple[Fraction | None, str]]]


def read_evaluation(source: bytes) -> Scores:
    """Read evaluation.csv: year -> part -> score and reason. Raises AssessmentRefused with all faults."""
    standard = kominfo()
    rows = read_rows(source, FILE, NEEDED, COLUMNS)
    found: Scores = {}
    lines: dict[tuple[int, str], int] = {}
    for row in rows:
        before = len(row.faults)
        row.needed("year", "give the year of the evaluation")
        row.needed("part", f"write one of {', '.join(standard.parts)}")
        year = row.whole("year", FIRST_YEAR, LAST_YEAR)
        part = row.choice("part", standard.parts)
        score = row.number("score", standard.evaluation_low, standard.evaluation_high)
        if score is None and len(row.faults) == before and not row.text("reason"):
            row.fault("reason", "there is neither a score nor a reason", "say why there is no score")
        if year is None or not part:
            continue
        line = lines.setdefault((year, part), row.line)
        if line != row.line:
            row.fault("", f"{part} of {year} stands already in line {line}", "keep one of the two rows")
        found.setdefault(year, {})[part] = (score, row.text("reason"))
    refuse_if(rows)
    return found


def evaluations(given: Scores) -> tuple[Evaluation, ...]:
    """The index of each year, oldest first.

    >>> kediri = {"EV-1": "3.60", "EV-2": "3.21", "EV-3": "3.23", "EV-4": "3.07", "EV-5": "3.65"}
    >>> (year,) = evaluations({2022: {part: (Fraction(score), "") for part, score in kediri.items()}})
    >>> {key: float(index) for key, index in year.indices.items() if index is not None}
    {'a': 3.257, 'b': 3.315}
    """
    standard = kominfo()
    found: dict[int, Evaluation] = {}
    for year, parts in sorted(given.items()):
        scores = {part: parts.get(part, (None, ""))[0] for part in standard.parts}
        indices = {key: _index(one.weights, scores) for key, one in standard.weight_sets.items()}
        index = indices[standard.used]
        last = found[year - 1].indices[standard.used] if year - 1 in found else None
        found[year] = Evaluation(
            year=year,
            scores=scores,
            indices=indices,
            band=None if index is None else band_of(index, standard.bands),
            improvement=None if index is None or last is None else index - last,
            reason=_missing(
                {part: parts.get(part, (None, ""))[1] for part, v in scores.items() if v is None}
            ),
        )
    return tuple(found.values())


def _index(weights: Mapping[str, Fraction], scores: Mapping[str, Fraction | None]) -> Fraction | None:
    total = Fraction()
    for part, weight in weights.items():
        score = scores[part]
        if score is None:
            return None
        total += weight * score
    return total


def _missing(reasons: Mapping[str, str]) -> Said | None:
    if not reasons:
        return None
    texts = ", ".join(f"{part} ({why})" if why else part for part, why in reasons.items())
    return Said(f"indeks tidak dihitung: belum ada nilai {texts}", f"no index: there is no score of {texts}")
