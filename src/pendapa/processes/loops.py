"""Activities that are done more than once: an instance for each item, side by side or one after the other, or
again as long as a condition holds.

The loop itself is a token that waits as "loop" and carries the items; each instance is a token inside it. The
item is local: it is seen inside its instance, handed to the caller in the token's detail, and set nowhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from pendapa.expressions import EvaluationError, Expression, Value
from pendapa.processes.faults import ProcessStuck
from pendapa.processes.inside import cancel_inside
from pendapa.processes.model import Element, Loop
from pendapa.processes.state import Token, value_from_json, value_to_json

if TYPE_CHECKING:
    from pendapa.processes.game import Run

MOST_INSTANCES: Final = 1_000


def is_loop_of(token: Token | None, element: Element) -> bool:
    """Whether the token is the loop around instances of this element."""
    return token is not None and token.waiting == "loop" and token.element == element.id


def begin_loop(run: Run, element: Element, scope: int | None) -> None:
    """A token comes to an activity that is done more than once; an empty list passes it on."""
    loop = element.loop
    assert loop is not None
    if loop.over is None:
        if loop.before and (loop.most == 0 or not _again(run, element, loop, scope, {"loopCounter": 0})):
            run.leave(element, scope)
            return
        token = run.wait_for(element, scope, "loop", {"begun": 0, "done": 0}, element.boundary)
        _begin_instance(run, element, token.id)
        return
    items = _items(run, element, loop.over, scope)
    if not items:
        if loop.result is not None:
            run.set({loop.result: ()}, scope)
        run.leave(element, scope)
        return
    detail: dict[str, Any] = {"items": [value_to_json(item) for item in items], "begun": 0, "done": 0}
    if loop.result is not None:
        detail["results"] = [None] * len(items)
    token = run.wait_for(element, scope, "loop", detail, element.boundary)
    for _ in range(1 if loop.sequential else len(items)):
        _begin_instance(run, element, token.id)


def _begin_instance(run: Run, element: Element, loop: int) -> None:
    # The events on its border belong to the loop, not to an instance.
    run.arrivals.append((replace(element, boundary=(), timers=()), None, loop))


def _items(run: Run, element: Element, over: Expression, scope: int | None) -> tuple[Value, ...]:
    try:
        found = over.evaluate(run.values(scope))
    except EvaluationError as error:
        raise ProcessStuck(f"The list of {element.label} cannot be worked out: {error}") from error
    if isinstance(found, int) and not isinstance(found, bool):
        found = tuple(range(min(found, MOST_INSTANCES + 1)))
    if not isinstance(found, tuple):
        raise ProcessStuck(
            f"{element.label} is done once for each item of {over.text!r}, but that is no list. "
            "Set it before the case comes here; an empty list passes on."
        )
    if len(found) > MOST_INSTANCES:
        raise ProcessStuck(
            f"{element.label} would be done more than {MOST_INSTANCES} times. Shorten {over.text!r}."
        )
    return found


def count_begun(run: Run, token: Token) -> None:
    """One more instance begins: from now on `item_of` gives its item."""
    run.tokens[token.id] = replace(token, detail={**token.detail, "begun": token.detail["begun"] + 1})


def item_of(run: Run, token: Token) -> Mapping[str, Any]:
    """The local variables, as JSON, of the instance begun last."""
    loop = run.elements[token.element].loop
    assert loop is not None
    place = max(token.detail["begun"] - 1, 0)
    local = {"loopCounter": place}
    if loop.item is None or loop.over is None:
        return local
    return {**local, loop.item: token.detail["items"][place]}


def local_detail(run: Run, scope: int | None) -> dict[str, Any]:
    """What a token that begins in this scope carries: the item, where the scope is a loop."""
    token = None if scope is None else run.tokens[scope]
    return {"local": dict(item_of(run, token))} if token is not None and token.waiting == "loop" else {}


def instance_done(run: Run, element: Element, token: Token, instance: Token | None) -> None:
    """An instance is done: the loop goes on, or is over. `instance` is the token that waited last."""
    loop = element.loop
    assert loop is not None
    # A plain task has no token of its own: its item is that of the instance begun last.
    waited = instance is not None and instance.scope == token.id and instance.element == element.id
    local = instance.detail["local"] if waited and instance is not None else item_of(run, token)
    values = {**run.values(token.id), **read_local({"local": local})}
    detail = {**token.detail, "done": token.detail["done"] + 1}
    if loop.gather is not None:
        detail["results"] = list(detail["results"])
        detail["results"][local["loopCounter"]] = value_to_json(_gathered(element, loop.gather, values))
    token = run.tokens[token.id] = replace(token, detail=detail)
    if _is_over(run, element, loop, token, values):
        _end_loop(run, element, loop, token)
    elif loop.over is None or loop.sequential:
        _begin_instance(run, element, token.id)


def _is_over(run: Run, element: Element, loop: Loop, token: Token, values: Mapping[str, Value]) -> bool:
    done, begun = token.detail["done"], token.detail["begun"]
    if loop.over is None:
        used_up = loop.most is not None and done >= loop.most
        return used_up or not _again(run, element, loop, token.scope, {"loopCounter": done})
    many = len(token.detail["items"])
    if loop.until is None or done == many:
        return bool(done == many)
    counters = {"nrOfInstances": many, "nrOfCompletedInstances": done, "nrOfActiveInstances": begun - done}
    return _holds(element, "completion condition", loop.until, {**values, **counters})


def _again(run: Run, element: Element, loop: Loop, scope: int | None, local: Mapping[str, Value]) -> bool:
    """Whether an activity with a loop marker is done once more."""
    return loop.again is None or _holds(element, "loop condition", loop.again, {**run.values(scope), **local})


def _holds(element: Element, what: str, condition: Expression, values: Mapping[str, Value]) -> bool:
    try:
        return condition.holds(values)
    except EvaluationError as error:
        raise ProcessStuck(
            f"The {what} {condition.text!r} of {element.label} cannot be judged: {error}"
        ) from error


def _gathered(element: Element, gather: Expression, values: Mapping[str, Value]) -> Value:
    try:
        return gather.evaluate(values)
    except EvaluationError as error:
        raise ProcessStuck(
            f"The result {gather.text!r} of {element.label} cannot be worked out: {error}"
        ) from error


def _end_loop(run: Run, element: Element, loop: Loop, token: Token) -> None:
    cancel_inside(run, token.id)
    run.remove(token, "done")
    if loop.result is not None:
        results = tuple(value_from_json(value) for value in token.detail["results"])
        run.set({loop.result: results}, token.scope)
    run.leave(run.elements[element.id], token.scope)


def read_local(detail: Mapping[str, Any]) -> dict[str, Value]:
    """The local variables in a token's detail."""
    return {name: value_from_json(value) for name, value in detail.get("local", {}).items()}
