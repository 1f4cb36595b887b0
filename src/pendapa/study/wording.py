"""Figures and sentences as the two languages write them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal


@dataclass(frozen=True, slots=True)
class Said:
    """The same thing in Indonesian and in English."""

    id: str
    en: str

    def of(self, language: str) -> str:
        return self.id if language == "id" else self.en


def decimal_text(value: float | Decimal, digits: int, language: str) -> str:
    """A number with `digits` decimals, rounded half up on its shortest decimal text; comma in Indonesian.

    >>> decimal_text(3.345, 2, "id"), decimal_text(3.345, 2, "en")
    ('3,35', '3.35')
    """
    exact = value if isinstance(value, Decimal) else Decimal(repr(float(value)))
    text = f"{exact.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP):f}"
    if Decimal(text) == 0:
        text = text.lstrip("-")  # -0.004 is 0.00
    return text.replace(".", ",") if language == "id" else text
