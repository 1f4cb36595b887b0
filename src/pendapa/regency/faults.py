"""What a check of a regency folder finds: faults, warnings, and a place to gather them."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: where (`agencies.csv:C7`), what is wrong, and what would be right."""

    where: str
    wrong: str
    right: str

    def __str__(self) -> str:
        return f"{self.where}: {self.wrong}; {self.right}" if self.right else f"{self.where}: {self.wrong}"


@dataclass(frozen=True, slots=True)
class Report:
    """The result of `check`: a folder may be loaded when `faults` is empty; warnings never stop it.

    `summary` counts what was read (agencies, positions, services, ...).
    """

    faults: tuple[Fault, ...]
    warnings: tuple[Fault, ...]
    summary: Mapping[str, int]

    @property
    def clean(self) -> bool:
        """Whether there is no fault (warnings allowed)."""
        return not self.faults


@dataclass(slots=True)
class FaultLog:
    """Gathers faults and warnings while a folder is read; the same one is never noted twice."""

    faults: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)

    def fault(self, where: str, wrong: str, right: str) -> None:
        """Note a fault: the folder cannot be loaded."""
        found = Fault(where, wrong, right)
        if found not in self.faults:
            self.faults.append(found)

    def warn(self, where: str, wrong: str, right: str) -> None:
        """Note a warning: the folder can be loaded, but somebody should look."""
        found = Fault(where, wrong, right)
        if found not in self.warnings:
            self.warnings.append(found)


def nearest(name: str, known: Iterable[str], otherwise: str) -> str:
    """Say which of `known` was perhaps meant by `name`, or else `otherwise`."""
    by_lower = {k.lower(): k for k in known}
    close = difflib.get_close_matches(name.lower(), list(by_lower), n=1, cutoff=0.6)
    return f'perhaps "{by_lower[close[0]]}" is meant' if close else otherwise


def take_over(where: str, faults: Iterable[Any], note: Callable[[str, str, str], None]) -> None:
    """Note what an engine says of a file (its own kind of `Fault`) under the file's place."""
    for fault in faults:
        note(f"{where}:{fault.where}" if fault.where else where, fault.wrong, fault.right)
