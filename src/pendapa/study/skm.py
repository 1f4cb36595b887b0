"""Survei Kepuasan Masyarakat: the satisfaction index of a service unit (PermenPANRB 14/2017).

All sums are exact fractions, and figures are rounded half up once, at the end: 83.875 is 83.88.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from math import sqrt

ELEMENTS: dict[str, tuple[str, str]] = {
    "U1": ("Persyaratan", "Requirements"),
    "U2": ("Sistem, mekanisme, prosedur", "Procedure"),
    "U3": ("Waktu penyelesaian", "Completion time"),
    "U4": ("Biaya/tarif", "Cost"),
    "U5": ("Produk spesifikasi jenis pelayanan", "Product"),
    "U6": ("Kompetensi pelaksana", "Competence of staff"),
    "U7": ("Perilaku pelaksana", "Behaviour of staff"),
    "U8": ("Penanganan pengaduan, saran, masukan", "Complaint handling"),
    "U9": ("Sarana dan prasarana", "Facilities"),
}
LOWEST, HIGHEST = 1, 4
PRINTED_WEIGHT = Fraction(11, 100)  # as the rule prints 1/9; nine of them make 0.99, so nobody reaches 100
PRIORITIES = 3


@dataclass(frozen=True, slots=True)
class Quality:
    """A band of the index: from `from_index` on, up to where the next begins."""

    perception: int
    mark: str
    id: str
    en: str
    from_index: Decimal


# PermenPANRB 14/2017, annex: on the index rounded to two digits, so that nothing falls between 64.99 and 65.00.
QUALITIES = (
    Quality(4, "A", "Sangat baik", "Very good", Decimal("88.31")),
    Quality(3, "B", "Baik", "Good", Decimal("76.61")),
    Quality(2, "C", "Kurang baik", "Less good", Decimal("65.00")),
    Quality(1, "D", "Tidak baik", "Not good", Decimal("0.00")),
)


def rounded(value: Fraction, digits: int = 2) -> Decimal:
    """Half up, as the rule's tables are.

    >>> rounded(Fraction("83.875"))
    Decimal('83.88')
    """
    unit = Decimal(1).scaleb(-digits)
    scaled = value * 10**digits
    whole = Decimal((2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator))
    return (whole * unit).quantize(unit, ROUND_HALF_UP)


def quality(index: Decimal) -> Quality:
    """The band of an index (25-100) that is rounded to two digits.

    >>> quality(Decimal("76.60")).mark, quality(Decimal("76.61")).mark
    ('C', 'B')
    """
    return next(band for band in QUALITIES if index >= band.from_index)


@dataclass(frozen=True, slots=True)
class ElementScore:
    """One element: who answered, the mean (NRR, 1-4), weighted, converted (25-100), its band."""

    code: str
    answered: int
    missing: int
    total: int
    mean: Fraction | None
    weighted: Fraction | None

    @property
    def conversion(self) -> Decimal | None:
        return None if self.mean is None else rounded(self.mean * 25)

    @property
    def quality(self) -> Quality | None:
        return None if self.conversion is None else quality(self.conversion)


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """The index of one unit. `reasons` says why a figure is None."""

    respondents: int
    left_out: int
    weight: Fraction
    elements: tuple[ElementScore, ...]
    score: Fraction | None
    margin: float | None
    margin_corrected: bool
    reasons: Mapping[str, str]

    @property
    def index(self) -> Decimal | None:
        """IKM, 25-100, rounded half up to two digits."""
        return None if self.score is None else rounded(self.score * 25)

    @property
    def quality(self) -> Quality | None:
        return None if self.index is None else quality(self.index)

    @property
    def ranking(self) -> tuple[ElementScore, ...]:
        """Elements with a mean, lowest first; equal ones in the order of the questionnaire."""
        return tuple(sorted((e for e in self.elements if e.mean is not None), key=_mean))

    @property
    def priorities(self) -> tuple[ElementScore, ...]:
        """What to improve first: the three lowest, and what is level with the third."""
        return _first(self.ranking)

    @property
    def strongest(self) -> tuple[ElementScore, ...]:
        """The three highest, and what is level with the third."""
        return _first(tuple(sorted(self.ranking, key=lambda element: -_mean(element))))


def _mean(element: ElementScore) -> Fraction:
    assert element.mean is not None
    return element.mean


def _first(ranking: Sequence[ElementScore]) -> tuple[ElementScore, ...]:
    if len(ranking) <= PRIORITIES:
        return tuple(ranking)
    last = _mean(ranking[PRIORITIES - 1])
    more = [element for element in ranking[PRIORITIES:] if _mean(element) == last]
    return (*ranking[:PRIORITIES], *more)


def satisfaction(
    answers: Mapping[str, Sequence[int | None]], weight: Fraction | None = None, population: int | None = None
) -> Satisfaction:
    """The satisfaction index from whole answers 1-4 per element, None where one was not given.

    The mean of an element is over those who answered it. Respondents who answered no element are left out.
    `weight` is 1/k for k elements unless given. `population` (users of the unit in the last year) gives the
    margin of error its finite correction.

    Raises ValueError for no elements, columns of unequal length, an answer beyond the scale, or a population smaller
    than the respondents. Source: PermenPANRB 14/2017, annex.

    >>> found = satisfaction({"U1": [4, 3], "U2": [3, None]})
    >>> found.index
    Decimal('81.25')
    """
    if not answers:
        raise ValueError("there are no elements; name at least one")
    columns = list(answers.values())
    if len(set(map(len, columns))) > 1:
        raise ValueError("the elements have unequal numbers of answers")
    for code, given in answers.items():
        for answer in given:
            if answer is not None and not LOWEST <= answer <= HIGHEST:
                raise ValueError(f"{code}: {answer} is not an answer from {LOWEST} to {HIGHEST}")
    people = [
        [answer for answer in row if answer is not None] for row in zip(*columns, strict=True) if any(row)
    ]
    if population is not None and population < len(people):
        raise ValueError(
            f"the population of {population} is smaller than the {len(people)} respondents; "
            "give all users of the unit in the last year"
        )
    share = Fraction(1, len(answers)) if weight is None else weight
    elements = tuple(_element(code, given, len(people), share) for code, given in answers.items())
    reasons: dict[str, str] = {}
    score: Fraction | None = None
    silent = [element.code for element in elements if element.weighted is None]
    if silent:
        reasons["ikm"] = f"nobody answered {', '.join(silent)}"
    else:
        score = sum((element.weighted or Fraction(0) for element in elements), Fraction(0))
    margin = None
    if len(people) < 2:
        reasons["margin"] = "a margin of error needs at least two respondents"
    else:
        margin = _margin(people, population)
    left_out = len(columns[0]) - len(people)
    return Satisfaction(
        len(people), left_out, share, elements, score, margin, population is not None, reasons
    )


def _element(code: str, given: Sequence[int | None], people: int, weight: Fraction) -> ElementScore:
    answers = [answer for answer in given if answer is not None]
    mean = Fraction(sum(answers), len(answers)) if answers else None
    weighted = None if mean is None else mean * weight
    return ElementScore(code, len(answers), people - len(answers), sum(answers), mean, weighted)


def _margin(people: Sequence[Sequence[int]], population: int | None) -> float:
    """1.96 s / sqrt(n) x 25, s of the respondents' own means; with N known times sqrt((N - n) / (N - 1))."""
    n = len(people)
    means = [Fraction(sum(answers), len(answers)) for answers in people]
    middle = sum(means, Fraction(0)) / n
    variance = sum(((mean - middle) ** 2 for mean in means), Fraction(0)) / (n - 1)
    corrected = Fraction(1) if population is None else Fraction(population - n, population - 1)
    return 1.96 * sqrt(variance / n * corrected) * 25
