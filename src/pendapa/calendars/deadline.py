"""The answer of a calendar: when it is due, and what each day on the way was."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

Kind = Literal["receipt", "working", "free", "pause"]


@dataclass(frozen=True, slots=True)
class Step:
    """One local day on the way to a deadline, with a plain phrase for the applicant."""

    day: date
    kind: Kind
    note: str


class Deadline:
    """`due` in UTC, or None while a pause runs; `steps` from the day of receipt to the day it is due.

    `warnings` are sentences about what may still move it. Steps and warnings are worked out when first
    asked for: most deadlines are only compared. Immutable and picklable.
    """

    __slots__ = ("_due", "_steps", "_warnings")

    def __init__(
        self,
        due: datetime | None,
        steps: tuple[Step, ...] | Callable[[], tuple[Step, ...]] = (),
        warnings: tuple[str, ...] | Callable[[], tuple[str, ...]] = (),
    ) -> None:
        self._due = due
        self._steps = steps
        self._warnings = warnings

    @property
    def due(self) -> datetime | None:
        """The instant it is due, in UTC; None while an open pause keeps the clock from getting there."""
        return self._due

    @property
    def steps(self) -> tuple[Step, ...]:
        """Every day from receipt to due. With an open pause they end on the day that pause began."""
        if not isinstance(self._steps, tuple):
            self._steps = self._steps()
        return self._steps

    @property
    def warnings(self) -> tuple[str, ...]:
        """What may still move it: one sentence per year on the way for which no holidays are listed."""
        if not isinstance(self._warnings, tuple):
            self._warnings = self._warnings()
        return self._warnings

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Deadline) or other._due != self._due:
            return False
        return other.steps == self.steps and other.warnings == self.warnings

    def __hash__(self) -> int:
        return hash((Deadline, self._due))

    def __repr__(self) -> str:
        return f"Deadline(due={self._due!r})"

    def __reduce__(
        self,
    ) -> tuple[type[Deadline], tuple[datetime | None, tuple[Step, ...], tuple[str, ...]]]:
        return Deadline, (self._due, self.steps, self.warnings)
