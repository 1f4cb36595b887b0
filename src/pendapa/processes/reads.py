"""Which variables an element reads, and which ones it can set."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final
from xml.etree.ElementTree import Element as Node

from pendapa.processes.decisions.model import Table
from pendapa.processes.markers import locals_of, reads_of
from pendapa.processes.model import EFFECTS, TASKS, Element, RuleCall
from pendapa.processes.texts import unwrap

ANYTHING: Final = "*"
"""Stands for whatever the caller may set."""


def reads_at(element: Element) -> Iterator[tuple[str, frozenset[str], bool]]:
    """What an element works out from variables, the names it reads for it, and whether it does so only when its
    work is done. The local variables of its own instances are not among the names."""
    for flow in element.outgoing:
        if flow.condition is not None:
            yield f"condition on {flow.id}", flow.condition.inputs, False
    local = frozenset[str]() if element.loop is None else locals_of(element.loop)
    # The message of a start event begins the case; there is nothing yet that its key could be compared with.
    begins = element.kind == "start" and element.parent is None
    if element.message is not None and element.message.key is not None and not begins:
        yield "message key", element.message.key.inputs - local, False
    if element.timer is not None and element.timer.expression is not None and not begins:
        yield "timer value", element.timer.expression.inputs, False
    if element.rule is not None:
        yield "decision", element.rule.decisions.reads(element.rule.decision) - local, False
    if element.loop is not None:
        for what, expression in reads_of(element.loop).items():
            first = expression is element.loop.over
            yield what, expression.inputs if first else expression.inputs - local, not first
    # The output mappings of work by others may read what only that work knows.
    for passed in element.gives if element.kind == "subprocess" else ():
        yield f"output {passed.target}", passed.value.inputs - local, True
    if element.call is not None:
        for passed in element.call.takes:
            yield f"value passed in as {passed.target}", passed.value.inputs - local, False


def variables_read(elements: Mapping[str, Element]) -> frozenset[str]:
    """The variables of the case that its process reads, and those that pass into calls as they are."""
    read: set[str] = set()
    todo, seen = [""], {""}
    while todo:
        process = todo.pop()
        inside = [element for element in elements.values() if element.process == process]
        items = {e.loop.item for e in inside if e.loop is not None and e.loop.item is not None}
        read |= {name for e in inside for _, names, _ in reads_at(e) for name in names} - items
        for element in inside:
            if element.call is not None and element.call.takes_all:
                called = elements[element.start].process if element.start in elements else ""
                if called not in seen:
                    seen.add(called)
                    todo.append(called)
    return frozenset(read)


def sets_of(element: Element, bound: Mapping[str, frozenset[str]] | None) -> frozenset[str]:
    """The variables an element can set by itself. `bound` says it for each element whose work others do; where
    it is None the file says it, or else they may set anything."""
    found: set[str] = set()
    if element.rule is not None:
        found |= _outputs(element.rule)
    elif element.kind in TASKS or element.kind in EFFECTS or element.message is not None:
        if bound is not None:
            found |= bound.get(element.id, frozenset())
        else:
            found |= {ANYTHING} if element.sets is None else element.sets
    elif element.kind == "start" and element.parent is None and bound is None and element.sets is not None:
        found |= element.sets
    found |= {passed.target for passed in element.gives}
    if element.loop is not None and element.loop.result is not None:
        found.add(element.loop.result)
    return frozenset(found)


def _outputs(rule: RuleCall) -> frozenset[str]:
    decision = rule.decisions.decisions[rule.decision]
    outputs = [output.name for output in decision.logic.outputs] if isinstance(decision.logic, Table) else []
    if rule.result is not None and len(outputs) < 2:
        return frozenset({rule.result})
    return frozenset(outputs or decision.names)


def declared_sets(node: Node) -> frozenset[str] | None:
    """The variables the file says an element sets: its form fields (Camunda), its output mappings (Zeebe),
    the variable of its result. Anything where its form is elsewhere; None where the file says nothing."""
    names: set[str] = set()
    for place in node.iter():
        space, _, tag = place.tag.rpartition("}")
        if "camunda.org" not in space:
            continue
        if tag == "formDefinition":
            names.add(ANYTHING)
        elif tag == "formField" and place.get("id"):
            names.add(place.get("id", ""))
        elif tag == "output" and "zeebe" in space:
            names.add(place.get("target", ""))
        elif tag in ("calledDecision", "script") and place.get("resultVariable"):
            names.add(place.get("resultVariable", ""))
    for attribute, value in node.attrib.items():
        if attribute.rpartition("}")[2] == "resultVariable":
            names.add(value)
        elif attribute.rpartition("}")[2] in ("formKey", "formRef"):
            names.add(ANYTHING)
    return frozenset(unwrap(name) for name in names if name) or None
