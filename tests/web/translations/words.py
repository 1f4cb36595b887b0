"""Words that only Indonesian sentences have."""

from __future__ import annotations

import re

_WORDS = re.compile(
    r"\b(?:yang|dan|untuk|anda|silakan|tidak|dengan|ini|itu|atau|belum|sudah|kami|dari|pada|dahulu)\b",
    re.IGNORECASE,
)


def indonesian_in(text: str) -> list[str]:
    """Indonesian function words of a text."""
    return _WORDS.findall(text)
