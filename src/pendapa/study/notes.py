"""Reasons of statistics that could not be computed, gathered beside those that could."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from pendapa.study.refusal import NotComputable

T = TypeVar("T")


class Notes:
    """Collects sentences; a reason that several statistics share is said once."""

    def __init__(self) -> None:
        self._said: list[str] = []
        self._reasons: dict[str, list[str]] = {}

    def get(self, what: str, compute: Callable[..., T], *given: object) -> T | None:
        """The statistic, or None: for a reason that is kept, or because what it needs is None already."""
        if any(one is None for one in given):
            return None
        try:
            return compute(*given)
        except NotComputable as reason:
            self._reasons.setdefault(str(reason), []).append(what)
            return None

    def say(self, sentence: str) -> None:
        self._said.append(sentence)

    def sentences(self) -> list[str]:
        reasons = [f"{', '.join(what)}: not computed, for {why}." for why, what in self._reasons.items()]
        return [*self._said, *reasons]
