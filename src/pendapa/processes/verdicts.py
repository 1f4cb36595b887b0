"""What is said about moving one running case to a new version of its process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from pendapa.processes.model import Element
from pendapa.processes.state import Outcome, State

SENTENCES: Final[Mapping[str, str]] = MappingProxyType(
    {
        # Why a case cannot go over.
        "ended": "The case has ended; there is nothing to move.",
        "foreign": "The case waits at {at}, which the old version does not have. Take the version it runs on.",
        "unmapped": "The case waits at {at}, which nothing in the new version continues. Name in the map where "
        "such cases go on, or let the case leave it first.",
        "section_changed": "The case works at {at}, in the parallel section from {split} to {join}, which the "
        "new version changes ({what}). Let the case leave the section first.",
        "section_entered": "The case waits at {at}; in the new version that lies in the parallel section from "
        "{split} to {join}, of which the case never began the other paths. Let the case leave it first.",
        "join_changed": "A path has come to the join {at}, which the new version feeds by other flows. Let "
        "the case pass the join first.",
        "scope_changed": "The case waits at {at}, inside {old}; in the new version that lies inside {new}. "
        "Let the case leave it first.",
        "loop_changed": "The case works at {at}, item by item, and the new version changes how the items are "
        "gone through. Let the case finish it first.",
        "uncomputable": "The case cannot go on at {at} as the new version wants: {why}",
        # What to know about a case that can.
        "message_renamed": '{at} waits for message "{new}" from now on, no longer for "{old}".',
        "signal_renamed": '{at} waits for signal "{new}" from now on, no longer for "{old}".',
        "effect_changed": "{at} was asked for as the old version describes it and stays so.",
        "items_kept": "{at} goes on with the list it began with.",
        "listens_no_more": "{at} is gone: the case no longer waits for it.",
        "reads_unset": "{at} reads {variable}, which neither the case nor a step new to it sets.",
    }
)
"""The sentence of each reason and warning, with `{at}` (id and name of the element) and what else it names."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a case cannot go over, or what to know if it does: `kind` names the sentence, `element` and `name`
    the place (of the version `at` says it for), `data` what else the sentence names."""

    kind: str
    element: str
    name: str = ""
    data: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        at = f'{self.element} "{self.name}"' if self.name else self.element
        if self.kind not in SENTENCES:  # a reason of whoever moves the case, who has the words for it
            return f"{at}: {self.kind}."
        around = {"old": "the process itself", "new": "the process itself"}
        return SENTENCES[self.kind].format(at=at, **{k: v or around.get(k, "") for k, v in self.data.items()})


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a case can go over; `reasons` are empty if so. `warnings` are worth a look all the same."""

    reasons: tuple[Reason, ...]
    warnings: tuple[Reason, ...] = ()

    @property
    def possible(self) -> bool:
        return not self.reasons


@dataclass(frozen=True, slots=True)
class Migrated:
    """A case under the new version. `outcome` is what came about (timers set and gone; tasks stay open under
    their numbers), `before` the state to go back to."""

    outcome: Outcome
    before: State
    warnings: tuple[Reason, ...]

    @property
    def state(self) -> State:
        return self.outcome.state


class MigrationRefused(ValueError):
    """This case cannot go over; `verdict` holds every reason."""

    def __init__(self, verdict: Verdict) -> None:
        self.verdict = verdict
        super().__init__(" ".join(str(reason) for reason in verdict.reasons))


def reason(kind: str, element: Element, **data: str) -> Reason:
    """A reason or warning at this element."""
    return Reason(kind, element.id, element.name, data)
