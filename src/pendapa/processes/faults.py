"""What is said when a definition or a step is refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of a definition: `where` (element id and name), what is `wrong`, what would be `right`."""

    where: str
    wrong: str
    right: str

    def __str__(self) -> str:
        return f"{self.where}: {self.wrong} {self.right}"


class ProcessRefused(ValueError):
    """A BPMN file that cannot be run; `faults` holds every fault found, in file order."""

    def __init__(self, name: str, faults: Sequence[Fault]) -> None:
        self.name = name
        self.faults = tuple(faults)
        super().__init__(name, self.faults)

    def __str__(self) -> str:
        return "\n".join(f"{self.name}:{fault}" for fault in self.faults)


class StepImpossible(ValueError):
    """A step that cannot be taken now; the text says what is open. The state it was tried on is untouched."""


class ProcessStuck(StepImpossible):
    """A step that leads where the process has no way on: no condition holds, a join can never fill, an
    endless loop."""
