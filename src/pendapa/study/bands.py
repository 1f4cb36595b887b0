"""Bands over a scale: half-open on exact bounds, without holes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache


@dataclass(frozen=True, slots=True)
class ClassBand:
    """A class of means: above `above` (the lowest class: from it on) up to and with `up_to`."""

    key: str
    id: str
    en: str
    above: Fraction
    up_to: Fraction


# Class names by the number of points of the scale; the order is from low to high.
NAMES: dict[int, tuple[tuple[str, str, str], ...]] = {
    4: (
        ("very_low", "sangat rendah", "very low"),
        ("low", "rendah", "low"),
        ("high", "tinggi", "high"),
        ("very_high", "sangat tinggi", "very high"),
    ),
    5: (
        ("very_low", "sangat rendah", "very low"),
        ("low", "rendah", "low"),
        ("medium", "sedang", "medium"),
        ("high", "tinggi", "high"),
        ("very_high", "sangat tinggi", "very high"),
    ),
}


@cache
def class_bands(low: int, high: int) -> tuple[ClassBand, ...]:
    """Classes of equal width for means on a scale from `low` to `high`, which has 4 or 5 points.

    The width is (high - low) / points: 0.80 on 1-5, 0.75 on 1-4. Raises ValueError for another number of points.

    >>> [float(band.up_to) for band in class_bands(1, 5)]
    [1.8, 2.6, 3.4, 4.2, 5.0]
    """
    points = high - low + 1
    if points not in NAMES:
        raise ValueError(f"class bands are named for scales of 4 or 5 points; {low} to {high} has {points}")
    width = Fraction(high - low, points)
    return tuple(
        ClassBand(key, name, english, low + number * width, low + (number + 1) * width)
        for number, (key, name, english) in enumerate(NAMES[points])
    )


def classify(mean: Fraction, bands: Sequence[ClassBand]) -> ClassBand:
    """The band of a mean: 3.40 is still medium on 1-5, anything above is high.

    Raises ValueError for a mean outside the scale.

    >>> classify(Fraction("3.40"), class_bands(1, 5)).key
    'medium'
    """
    if not bands[0].above <= mean <= bands[-1].up_to:
        wanted = f"{float(bands[0].above):g} to {float(bands[-1].up_to):g}"
        raise ValueError(f"a mean of {float(mean):g} is outside the scale {wanted}")
    return next(band for band in bands if mean <= band.up_to)
