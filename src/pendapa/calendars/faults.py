"""What a calendar refuses: definitions with faults, and questions it cannot answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of a definition: the place, what is wrong there, what would be right."""

    where: str
    wrong: str
    right: str

    def __str__(self) -> str:
        return f"{self.where}: {self.wrong}, {self.right}"


class CalendarRefused(ValueError):
    """The rows or weeks do not make a calendar; `faults` holds every fault found."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(self.faults)

    def __str__(self) -> str:
        return "\n".join(map(str, self.faults))


class NoWorkingTime(ValueError):
    """The calendar has no office hours where the answer should lie."""
