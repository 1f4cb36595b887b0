"""A running case: tokens, the steps that move them, and what a step brought about. Plain frozen rows
throughout."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Literal, TypeAlias

from pendapa.expressions import Value

Waiting = Literal["task", "message", "timer", "signal", "event", "effect", "join", "scope", "loop", "armed"]


@dataclass(frozen=True, slots=True)
class Token:
    """One place where the case waits. `id` is the instance number; `scope` is the token of the sub-process
    around it (None at the top); `detail` is plain JSON data."""

    id: int
    element: str
    scope: int | None
    waiting: Waiting
    detail: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "element": self.element,
            "scope": self.scope,
            "waiting": self.waiting,
            "detail": dict(self.detail),
        }

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> Token:
        return cls(row["id"], row["element"], row["scope"], row["waiting"], dict(row["detail"]))


@dataclass(frozen=True, slots=True)
class State:
    """A case at rest. `tokens` stand in the order they came to wait; `serial` is the last number given
    out."""

    tokens: tuple[Token, ...]
    variables: Mapping[str, Value]
    serial: int

    def to_json(self) -> dict[str, Any]:
        """Plain JSON data; values JSON lacks are tagged (`{"$decimal": "1.5"}`, `{"$date": ..}`, ..)."""
        return {
            "tokens": [token.to_json() for token in self.tokens],
            "variables": {name: value_to_json(value) for name, value in self.variables.items()},
            "serial": self.serial,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> State:
        return cls(
            tuple(Token.from_json(row) for row in data["tokens"]),
            {name: value_from_json(value) for name, value in data["variables"].items()},
            data["serial"],
        )


def value_to_json(value: Value) -> Any:
    """One variable as JSON data that `value_from_json` reads back with its type."""
    if isinstance(value, Decimal):
        return {"$decimal": str(value)}
    if isinstance(value, datetime):
        return {"$datetime": value.isoformat()}
    if isinstance(value, date):
        return {"$date": value.isoformat()}
    if isinstance(value, timedelta):
        return {"$microseconds": value // timedelta(microseconds=1)}
    if isinstance(value, tuple):
        return [value_to_json(item) for item in value]
    held: Any = value
    if isinstance(held, dict):  # the language has no objects, but a caller may keep some
        return {"$object": [[name, value_to_json(item)] for name, item in held.items()]}
    return held


def value_from_json(data: Any) -> Value:
    """The variable that `value_to_json` wrote."""
    if isinstance(data, list):
        return tuple(value_from_json(item) for item in data)
    if isinstance(data, dict) and len(data) == 1:
        tag, text = next(iter(data.items()))
        if tag == "$decimal":
            return Decimal(text)
        if tag == "$datetime":
            return datetime.fromisoformat(text)
        if tag == "$date":
            return date.fromisoformat(text)
        if tag == "$microseconds":
            return timedelta(microseconds=text)
        if tag == "$object":
            data = {name: value_from_json(item) for name, item in text}
    plain: Value = data
    return plain


@dataclass(frozen=True, slots=True)
class CompleteTask:
    """A task is done. Without `instance`: the oldest open one of that element. `set` overwrites variables."""

    task: str
    instance: int | None = None
    set: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ReceiveMessage:
    """A message has come. `key` must equal the key a catch declares; a catch without one takes it by name."""

    name: str
    key: str | None = None
    set: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FireTimer:
    """A timer has run out; `instance` is the timer's own number (`Timer.instance`)."""

    timer: str
    instance: int | None = None


@dataclass(frozen=True, slots=True)
class FinishEffect:
    """The caller has performed an effect."""

    element: str
    instance: int | None = None
    set: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RaiseSignal:
    """A signal is broadcast."""

    name: str


@dataclass(frozen=True, slots=True)
class RaiseError:
    """The work at element `at` failed with a business error."""

    code: str
    at: str


Step: TypeAlias = CompleteTask | ReceiveMessage | FireTimer | FinishEffect | RaiseSignal | RaiseError


@dataclass(frozen=True, slots=True)
class OpenTask:
    """Work that waits for someone."""

    instance: int
    element: str
    name: str
    lane: str | None
    kind: Literal["user", "manual", "receive"]


@dataclass(frozen=True, slots=True)
class ClosedTask:
    """Work that waits no longer: done, or cancelled by a timer or a terminate end."""

    instance: int
    element: str
    how: Literal["done", "cancelled"]


@dataclass(frozen=True, slots=True)
class Timer:
    """A timer that runs. `instance` is its own number, never a token's; `task` is the instance of the task
    it is attached to, `attached_to` that task's element (None where the case itself waits for it). `value` is
    ISO 8601 text, or empty: the caller knows the time."""

    instance: int
    element: str
    kind: Literal["duration", "date", "cycle"]
    value: str
    interrupting: bool
    attached_to: str | None
    task: int | None = None


@dataclass(frozen=True, slots=True)
class Effect:
    """Work the caller performs by machine, then reports with `FinishEffect`."""

    instance: int
    element: str
    name: str
    kind: Literal["service", "send", "rule"]
    detail: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class OpenMessage:
    """A message the case waits to hear; `key` is None where any message of that name will do."""

    instance: int
    element: str
    name: str
    message: str
    key: str | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a step brought about. `timers_gone` are the numbers of timers that run no longer (fired or
    cancelled), `effects_gone` the instances of effects cancelled before they were finished. `passed` are the
    elements tokens left, in order; `end` is the last end event, set once `ended`."""

    state: State
    opened: tuple[OpenTask, ...]
    closed: tuple[ClosedTask, ...]
    timers: tuple[Timer, ...]
    timers_gone: tuple[int, ...]
    effects: tuple[Effect, ...]
    passed: tuple[str, ...]
    ended: bool
    end: str | None
    effects_gone: tuple[int, ...] = ()
