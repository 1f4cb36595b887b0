"""Multi-instance activities: one instance an item, side by side or one after the other.

The loop itself is a token that waits as "loop" and carries the items; each instance is a token inside it. The
item is local: it is seen inside its instance, handed to the caller in the token's detail, and set nowhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final
from xml.etree.ElementTree import Element as Node

from pendapa.expressions import EvaluationError, Value
from pendapa.processes.faults import Fault, ProcessStuck
from pendapa.processes.inside import cancel_inside
from pendapa.processes.model import Element, Loop
from pendapa.processes.state import Token, value_from_json, value_to_json
from pendapa.processes.texts import read_expression
from pendapa.processes.xmlfile import BPMN, label_of

if TYPE_CHECKING:
    from pendapa.processes.game import Run

MOST_INSTANCES: Final = 1_000
COUNTERS: Final = frozenset({"nrOfInstances", "nrOfCompletedInstances", "nrOfActiveInstances", "loopCounter"})


def read_loop(node: Node, faults: list[Fault]) -> tuple[Loop | None, frozenset[str]]:
    """The loop of an activity and the variables it reads; None where there is none, or a fault was found."""
    marker = node.find(f"{BPMN}multiInstanceLoopCharacteristics")
    if marker is None:
        return None, frozenset()
    over, item = _list_and_item(marker)
    if not over:
        over = _text(marker, "loopCardinality")
    if not over:
        faults.append(
            Fault(
                label_of(node),
                "The multi-instance marker names no list.",
                "Name the variable that holds it.",
            )
        )
        return None, frozenset()
    expression = read_expression(over, label_of(node), "multi-instance list", faults)
    text = _text(marker, "completionCondition")
    until = read_expression(text, label_of(node), "completion condition", faults) if text else None
    if expression is None:
        return None, frozenset()
    inner = until.inputs - COUNTERS - {item} if until is not None else frozenset[str]()
    loop = Loop(expression, item or None, marker.get("isSequential") == "true", until)
    return loop, expression.inputs | inner


def _list_and_item(marker: Node) -> tuple[str, str]:
    """As BPMN (child elements), Camunda (attributes) and Zeebe (an extension element) write it."""
    item = ""
    over = _text(marker, "loopDataInputRef")
    declared = marker.find(f"{BPMN}inputDataItem")
    if declared is not None:
        item = declared.get("name") or declared.get("id") or ""
    for place in marker.iter():
        for attribute, value in place.attrib.items():
            name = attribute.rpartition("}")[2]
            if name in ("collection", "inputCollection"):
                over = over or value
            elif name in ("elementVariable", "inputElement"):
                item = item or value
    return over.strip(), item.strip()


def _text(marker: Node, tag: str) -> str:
    child = marker.find(f"{BPMN}{tag}")
    return "".join(child.itertext()).strip() if child is not None else ""


def is_loop_of(token: Token | None, element: Element) -> bool:
    """Whether the token is the loop around instances of this element."""
    return token is not None and token.waiting == "loop" and token.element == element.id


def begin_loop(run: Run, element: Element, scope: int | None) -> None:
    """A token comes to a multi-instance activity; an empty list passes it on."""
    items = _items(run, element, scope)
    if not items:
        run.leave(element, scope)
        return
    loop = element.loop
    assert loop is not None
    detail: dict[str, Any] = {"items": [value_to_json(item) for item in items], "begun": 0, "done": 0}
    token = run.wait_for(element, scope, "loop", detail, element.boundary)
    for _ in range(1 if loop.sequential else len(items)):
        _begin_instance(run, element, token.id)


def _begin_instance(run: Run, element: Element, loop: int) -> None:
    # The events on its border belong to the loop, not to an instance.
    run.arrivals.append((replace(element, boundary=(), timers=()), None, loop))


def _items(run: Run, element: Element, scope: int | None) -> tuple[Value, ...]:
    loop = element.loop
    assert loop is not None
    try:
        found = loop.over.evaluate(run.values(scope))
    except EvaluationError as error:
        raise ProcessStuck(f"The list of {element.label} cannot be worked out: {error}") from error
    if isinstance(found, int) and not isinstance(found, bool):
        found = tuple(range(min(found, MOST_INSTANCES + 1)))
    if not isinstance(found, tuple):
        raise ProcessStuck(
            f"{element.label} is done once for each item of {loop.over.text!r}, but that is no list. "
            "Set it before the case comes here; an empty list passes on."
        )
    if len(found) > MOST_INSTANCES:
        raise ProcessStuck(
            f"{element.label} would be done more than {MOST_INSTANCES} times. Shorten {loop.over.text!r}."
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
    return local if loop.item is None else {**local, loop.item: token.detail["items"][place]}


def local_detail(run: Run, scope: int | None) -> dict[str, Any]:
    """What a token that begins in this scope carries: the item, where the scope is a loop."""
    token = None if scope is None else run.tokens[scope]
    return {"local": dict(item_of(run, token))} if token is not None and token.waiting == "loop" else {}


def instance_done(run: Run, element: Element, token: Token) -> None:
    """An instance is done: the loop goes on, or is over."""
    loop = element.loop
    assert loop is not None
    done = token.detail["done"] + 1
    token = replace(token, detail={**token.detail, "done": done})
    run.tokens[token.id] = token
    many, begun = len(token.detail["items"]), token.detail["begun"]
    if loop.until is not None:
        counters = {
            "nrOfInstances": many,
            "nrOfCompletedInstances": done,
            "nrOfActiveInstances": begun - done,
        }
        values = {**run.values(token.id), **counters}
        try:
            over = loop.until.holds(values)
        except EvaluationError as error:
            raise ProcessStuck(
                f"The completion condition {loop.until.text!r} of {element.label} cannot be judged: {error}"
            ) from error
        if over:
            cancel_inside(run, token.id)
            done = many
    if done < many:
        if loop.sequential:
            _begin_instance(run, element, token.id)
        return
    run.remove(token, "done")
    run.leave(run.elements[element.id], token.scope)


def read_local(detail: Mapping[str, Any]) -> dict[str, Value]:
    """The local variables in a token's detail."""
    return {name: value_from_json(value) for name, value in detail.get("local", {}).items()}
