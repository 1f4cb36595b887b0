"""What a case listens for, and what happens when it comes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from pendapa.processes.inside import begin_handler, end
from pendapa.processes.model import Element
from pendapa.processes.state import Token
from pendapa.processes.waits import caught

if TYPE_CHECKING:
    from pendapa.processes.game import Run


def listening(run: Run, about: str) -> Iterator[tuple[Token, str, Mapping[str, Any]]]:
    """Tokens that wait for a message or signal, themselves or by an event beside them."""
    for token in run.tokens.values():
        for element, row in caught(token, about):
            yield token, element, row


def occur(run: Run, token: Token, element: str) -> None:
    """What the token waits for has come, at `element`: its own, one of a gateway's, or a boundary event."""
    event = run.elements[element]
    if token.waiting == "armed":
        begin_handler(run, run.elements[token.element], token.scope)
        return
    if element == token.element:
        run.remove(token, "done")
    elif token.waiting == "event":
        run.remove(token, "done", element)
        run.passed.append(token.element)
    elif event.interrupting:
        run.remove(token, "cancelled")
    run.leave(event, token.scope)


def broadcast(run: Run, signal: str) -> bool:
    """Everyone who listens now hears it, each once; an interrupted task listens no longer. Whether anyone
    did."""
    heard = [(token.id, at) for token, at, row in listening(run, "signal") if row["signal"] == signal]
    for number, at in heard:
        token = run.tokens.get(number)
        if token is not None:
            occur(run, token, at)
    return bool(heard)


def throw_signal(run: Run, element: Element, flow: str | None, scope: int | None) -> None:
    """A signal goes to everyone in the case who listens; nobody need."""
    # On its way first: an event sub-process that hears it may cancel this very path.
    run.leave(element, scope)
    broadcast(run, element.signal or "")


def end_with_signal(run: Run, element: Element, flow: str | None, scope: int | None) -> None:
    """A signal goes out and the path ends."""
    broadcast(run, element.signal or "")
    if scope is None or scope in run.tokens:
        end(run, element, flow, scope)
