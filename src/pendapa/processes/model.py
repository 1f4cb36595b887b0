"""A process definition: elements joined by flows, compiled once and never changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from pendapa.expressions import Expression
from pendapa.processes.decisions import Decisions
from pendapa.processes.faults import Fault

Kind = Literal[
    "start",
    "end",
    "terminate",
    "error",
    "end_message",
    "end_signal",
    "throw",
    "subprocess",
    "handler",
    "call",
    "plain",
    "user",
    "manual",
    "receive",
    "service",
    "send",
    "rule",
    "exclusive",
    "parallel",
    "inclusive",
    "event",
    "message",
    "timer",
    "signal",
    "boundary",
]

TASKS: Final[frozenset[str]] = frozenset({"user", "manual", "receive"})
"""Kinds of which a person or an outside party finishes the work: they open an `OpenTask`."""
EFFECTS: Final[frozenset[str]] = frozenset({"service", "send", "rule", "end_message"})
"""Kinds whose work the caller performs by machine and reports back with `FinishEffect`."""
ENDS: Final[frozenset[str]] = frozenset({"end", "terminate", "error", "end_message", "end_signal"})


@dataclass(frozen=True, slots=True)
class Flow:
    """A sequence flow. `condition` is None where the file declares none."""

    id: str
    name: str
    source: str
    target: str
    condition: Expression | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """What a catch waits for: the message's name and, where declared, the expression its key must equal."""

    name: str
    key: Expression | None = None


@dataclass(frozen=True, slots=True)
class TimerRule:
    """The timer of an event, as declared: ISO 8601 text, or an expression that gives it. `value` may
    be empty where the file leaves the time to the caller (a deadline counted in working days, say)."""

    kind: Literal["duration", "date", "cycle"]
    value: str
    expression: Expression | None
    interrupting: bool


@dataclass(frozen=True, slots=True)
class Loop:
    """An activity that is done more than once.

    Multi-instance: once for each item of the list `over` (or so many times). `item` is the variable that holds
    the item, None where the file names none; `until` ends the loop early; the variable `result` takes a list
    of what `gather` gives for each instance. A loop marker has no list: it goes on as long as `again` holds,
    at most `most` times, judged before the first time too where `before`."""

    over: Expression | None
    item: str | None
    sequential: bool
    until: Expression | None = None
    result: str | None = None
    gather: Expression | None = None
    again: Expression | None = None
    most: int | None = None
    before: bool = False


@dataclass(frozen=True, slots=True)
class Passed:
    """One variable handed over a border: `target` takes the value of the expression."""

    target: str
    value: Expression


@dataclass(frozen=True, slots=True)
class Call:
    """What a call activity calls and what passes. `takes` go into the called process when it begins, `gives`
    come out of it when it completes; `takes_all` and `gives_all` let every variable through as well."""

    process: str
    takes: tuple[Passed, ...] = ()
    gives: tuple[Passed, ...] = ()
    takes_all: bool = True
    gives_all: bool = True


@dataclass(frozen=True, slots=True)
class RuleCall:
    """The decision of a business rule task. `result` is the variable that takes its only output; without one
    (or with several outputs) each output is set under its own name."""

    decisions: Decisions
    decision: str
    result: str | None

    @property
    def sets(self) -> tuple[str, ...]:
        """The variables that the decision sets."""
        given = self.decisions.gives(self.decision)
        return (self.result,) if self.result is not None and len(given) == 1 else given


@dataclass(frozen=True, slots=True)
class Element:
    """A flow node. `lane` is the name of the innermost lane that holds it; `default` is the flow a gateway
    takes when no condition holds; `rule` is None where a business rule task is left to the caller.

    `boundary` are the ids of its boundary events, `timers` of those that are timers; a boundary event is
    `attached_to` its activity. `signal` and `error` are the name and the code an event is about (an empty
    code: any error). `parent` is the sub-process around it; a sub-process has the start event inside it as
    `start` and its event sub-processes as `handlers`, a call activity those of the process it calls.

    `gives` are its output mappings, worked out when its work is done (those of a call activity are in `call`).
    `sets` are the variables the file says the element sets, None where it says nothing.

    An element of a called process stands under `process/id`, where `process` is the id of that process; one
    of the process itself under its plain id, with an empty `process`."""

    id: str
    name: str
    kind: Kind
    lane: str | None = None
    incoming: tuple[str, ...] = ()
    outgoing: tuple[Flow, ...] = ()
    default: Flow | None = None
    message: Message | None = None
    timer: TimerRule | None = None
    attached_to: str | None = None
    timers: tuple[str, ...] = ()
    rule: RuleCall | None = None
    signal: str | None = None
    error: str | None = None
    interrupting: bool = True
    boundary: tuple[str, ...] = ()
    loop: Loop | None = None
    parent: str | None = None
    start: str = ""
    handlers: tuple[str, ...] = ()
    call: Call | None = None
    gives: tuple[Passed, ...] = ()
    process: str = ""
    sets: frozenset[str] | None = None
    detail: Mapping[str, str] = field(default_factory=dict)

    @property
    def drawn_as(self) -> str:
        """The id it has in its own file."""
        return self.id.removeprefix(f"{self.process}/") if self.process else self.id

    @property
    def label(self) -> str:
        """Id and name, as refusals show it."""
        return f'{self.id} "{self.name}"' if self.name else self.id


@dataclass(frozen=True, slots=True)
class Lane:
    """A lane of the pool; `parent` is the id of the lane around it."""

    id: str
    name: str
    parent: str | None
    elements: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Process:
    """A compiled process, picklable. `reads` are the variables its conditions, keys and timers read;
    `source` is the file it came from.

    `starts` are its start events, `start` the plain one (or the only one; empty where the caller must choose).
    `elements` hold those of called processes too; `copies` are the ids under which the elements of called
    processes stand, by the id in their file."""

    id: str
    name: str
    pool: str | None
    start: str
    elements: Mapping[str, Element]
    messages: tuple[str, ...]
    lanes: tuple[Lane, ...]
    reads: frozenset[str]
    warnings: tuple[Fault, ...]
    source: bytes
    handlers: tuple[str, ...] = ()
    starts: tuple[str, ...] = ()
    copies: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def standing_as(self, name: str) -> tuple[str, ...]:
        """The ids an element may be meant by: its own, or those of called processes that draw it so."""
        return (name, *self.copies[name]) if name in self.copies else (name,)
