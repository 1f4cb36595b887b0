"""Figures and sentences as the two languages write them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal

WIDE = Context(prec=100)  # wider than any figure the rules give


@dataclass(frozen=True, slots=True)
class Said:
    """The same thing in Indonesian and in English."""

    id: str
    en: str

    def of(self, language: str) -> str:
        return self.id if language == "id" else self.en


def figure(value: Decimal, language: str) -> str:
    """Two decimals, three significant digits of what is smaller than 0.1; rounded half up, comma in Indonesian.

    >>> figure(Decimal("1061.735"), "id"), figure(Decimal("0.0012345"), "en"), figure(Decimal(0), "en")
    ('1061,74', '0.00123', '0.00')
    """
    places = 2 if value == 0 or abs(value) >= Decimal("0.1") else 2 - value.adjusted()
    text = f"{value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, WIDE):f}"
    return text.replace(".", ",") if language == "id" else text
