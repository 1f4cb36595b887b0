"""What a token listens for beside its own wait: timers, messages and signals."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from pendapa.processes.model import TASKS, Element
from pendapa.processes.state import Token
from pendapa.processes.waits import open_task, timer_of

if TYPE_CHECKING:
    from pendapa.processes.game import Run


def listen(run: Run, token: Token, detail: dict[str, Any], events: Iterable[str]) -> None:
    """Note in the token's detail what it listens for. A timer takes a number of its own, and so does a receive
    task behind an event-based gateway."""
    for id_ in events:
        event = run.elements[id_]
        if event.timer is not None:
            row = {"instance": run.number(), **timer_row(run, event, token.scope)}
            detail.setdefault("timers", {})[id_] = row
            run.timers[row["instance"]] = timer_of(event, token, row)
        elif event.message is not None:
            row = message_row(run, event, token.scope)
            detail.setdefault("catches", {})[id_] = row
        elif event.signal is not None:
            detail.setdefault("catches", {})[id_] = {"signal": event.signal}


def timer_row(run: Run, event: Element, scope: int | None) -> dict[str, Any]:
    """Value and repetitions of a timer as it is set now."""
    rule = event.timer
    assert rule is not None
    value = (
        rule.value if rule.expression is None else run.text_of(rule.expression, event, "timer value", scope)
    )
    return {"value": value, "left": _repetitions(value)} if rule.kind == "cycle" else {"value": value}


def _repetitions(cycle: str) -> int | None:
    """How often an ISO 8601 cycle fires; None: without end."""
    count = cycle.partition("/")[0].removeprefix("R")
    return int(count) if count.isdigit() else None


def message_row(run: Run, event: Element, scope: int | None) -> dict[str, Any]:
    """The message a token listens for; a receive task behind an event-based gateway opens with it."""
    row = message_detail(run, event, scope)
    if event.kind in TASKS:
        row["instance"] = run.number()
        run.opened[run.serial] = open_task(event, run.serial)
    return row


def message_detail(run: Run, element: Element, scope: int | None) -> dict[str, Any]:
    message = element.message
    assert message is not None
    if message.key is None:
        return {"message": message.name}
    return {"message": message.name, "key": run.text_of(message.key, element, "message key", scope)}
