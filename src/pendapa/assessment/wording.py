"""Figures and sentences as the two languages write them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Said:
    """The same thing in Indonesian and in English."""

    id: str
    en: str

    def of(self, language: str) -> str:
        return self.id if language == "id" else self.en


def figure(value: Fraction | None, digits: int, language: str) -> str:
    """An exact number rounded half away from zero, with comma in Indonesian; a dash where there is none.

    >>> figure(Fraction(3315, 1000), 2, "id"), figure(None, 2, "en")
    ('3,32', '-')
    """
    if value is None:
        return "-"
    scaled = abs(value) * 10**digits
    units = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    with localcontext(rounding=ROUND_HALF_UP):
        text = f"{Decimal(units).scaleb(-digits):f}"
    sign = "-" if value < 0 and units else ""
    return sign + (text.replace(".", ",") if language == "id" else text)
