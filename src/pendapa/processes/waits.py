"""What a case waits for, read from its tokens."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pendapa.processes.model import TASKS, Element, Process
from pendapa.processes.state import Effect, OpenMessage, OpenTask, State, Timer, Token


def open_tasks(process: Process, state: State) -> tuple[OpenTask, ...]:
    """The tasks that wait, oldest first."""
    elements = process.elements
    found = []
    for token in state.tokens:
        if token.waiting in ("task", "message"):
            if elements[token.element].kind in TASKS:
                found.append(open_task(elements[token.element], token.id))
        elif token.waiting == "event":
            found += [open_task(elements[id_], number) for id_, number in receiving(token)]
    return tuple(found)


def receiving(token: Token) -> Iterator[tuple[str, int]]:
    """The receive tasks behind an event-based gateway where the token waits, with their instance numbers."""
    for id_, row in token.detail.get("catches", {}).items():
        if "instance" in row:
            yield id_, row["instance"]


def open_messages(process: Process, state: State) -> tuple[OpenMessage, ...]:
    """What the case waits to hear, oldest first."""
    return tuple(
        OpenMessage(token.id, element, process.elements[element].name, row["message"], row.get("key"))
        for token in state.tokens
        for element, row in caught(token, "message")
    )


def caught(token: Token, about: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The messages or signals a token listens for: its own wait, then the events beside it."""
    if token.waiting == about:
        yield token.element, token.detail
    for element, row in token.detail.get("catches", {}).items():
        if about in row:
            yield element, row


def open_timers(process: Process, state: State) -> tuple[Timer, ...]:
    """The timers that run, oldest task first."""
    return tuple(
        timer_of(process.elements[element], token, row)
        for token in state.tokens
        for element, row in token.detail.get("timers", {}).items()
    )


def open_effects(process: Process, state: State) -> tuple[Effect, ...]:
    """The effects the caller has still to finish, oldest first."""
    return tuple(
        effect_of(process.elements[token.element], token.id)
        for token in state.tokens
        if token.waiting == "effect"
    )


def describe_open(process: Process, state: State) -> str:
    """One line that lists all a case waits for, as refusals show it."""
    parts = [
        f"task {process.elements[t.element].label} (instance {t.instance})"
        for t in open_tasks(process, state)
    ]
    parts += [
        f'message "{m.message}"' + (f" with key {m.key}" if m.key is not None else "") + f" at {m.element}"
        for m in open_messages(process, state)
    ]
    parts += [
        f'signal "{row["signal"]}" at {element}'
        for token in state.tokens
        for element, row in caught(token, "signal")
    ]
    parts += [f"timer {t.element} (instance {t.instance})" for t in open_timers(process, state)]
    parts += [f"effect {e.element} (instance {e.instance})" for e in open_effects(process, state)]
    if not parts:
        return (
            "Nothing is open: the case has ended."
            if state.serial
            else "Nothing is open yet: the case begins."
        )
    return f"Open: {', '.join(parts)}."


def open_task(element: Element, instance: int) -> OpenTask:
    return OpenTask(instance, element.id, element.name, element.lane, element.kind)  # type: ignore[arg-type]


def effect_of(element: Element, instance: int) -> Effect:
    kind = "send" if element.kind == "end_message" else element.kind
    return Effect(instance, element.id, element.name, kind, element.detail)  # type: ignore[arg-type]


def timer_of(element: Element, token: Token, row: Mapping[str, Any]) -> Timer:
    rule = element.timer
    assert rule is not None
    host = element.attached_to
    return Timer(
        row["instance"],
        element.id,
        rule.kind,
        row["value"],
        rule.interrupting,
        host,
        None if host is None else token.id,
    )
