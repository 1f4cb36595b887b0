"""The markers of an activity that is done more than once, as the file writes them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from xml.etree.ElementTree import Element as Node

from pendapa.expressions import Expression
from pendapa.processes.faults import Fault
from pendapa.processes.model import Loop
from pendapa.processes.texts import read_expression, read_name
from pendapa.processes.xmlfile import BPMN, label_of

COUNTERS: Final = frozenset({"nrOfInstances", "nrOfCompletedInstances", "nrOfActiveInstances", "loopCounter"})
"""Variables an instance, or the condition that ends the loop, finds without anyone setting them."""


def read_loop(node: Node, faults: list[Fault]) -> Loop | None:
    """How often an activity is done; None where once, or where a fault was found."""
    marker = node.find(f"{BPMN}multiInstanceLoopCharacteristics")
    if marker is not None:
        return _multi_instance(node, marker, faults)
    marker = node.find(f"{BPMN}standardLoopCharacteristics")
    return None if marker is None else _loop_marker(node, marker, faults)


def _multi_instance(node: Node, marker: Node, faults: list[Fault]) -> Loop | None:
    if marker.get("behavior", "All") != "All":
        wrong = f"The multi-instance behavior {marker.get('behavior')} is not supported."
        faults.append(Fault(label_of(node), wrong, "Use All, and events at the instances themselves."))
        return None
    over = _text(marker, "loopDataInputRef") or _foreign(marker, "collection", "inputCollection")
    over = over or _text(marker, "loopCardinality")
    if not over:
        wrong = "The multi-instance marker names no list."
        faults.append(Fault(label_of(node), wrong, "Name the variable that holds it."))
        return None
    items = read_expression(over, label_of(node), "multi-instance list", faults)
    text = _text(marker, "completionCondition")
    until = read_expression(text, label_of(node), "completion condition", faults) if text else None
    item = _item(marker, "inputDataItem") or _foreign(marker, "elementVariable", "inputElement")
    result = _text(marker, "loopDataOutputRef") or _foreign(marker, "outputCollection")
    of_each = _item(marker, "outputDataItem") or _foreign(marker, "outputElement") if result else ""
    if result and not of_each:
        wrong = f'The multi-instance marker gathers "{result}", but does not say from what.'
        faults.append(Fault(label_of(node), wrong, "Name the variable of each instance, or remove the list."))
        return None
    gather = read_expression(of_each, label_of(node), "multi-instance result", faults) if of_each else None
    into = read_name(result, label_of(node), "multi-instance result", faults) if result else None
    if items is None:
        return None
    return Loop(items, item or None, marker.get("isSequential") == "true", until, into, gather)


def _loop_marker(node: Node, marker: Node, faults: list[Fault]) -> Loop | None:
    """BPMN's loop marker: again as long as the condition holds, at most so many times."""
    text, most = _text(marker, "loopCondition"), marker.get("loopMaximum", "")
    if not text and not most.isdigit():
        wrong = "The loop marker says neither how long nor how often."
        faults.append(Fault(label_of(node), wrong, "Write a loop condition or a maximum in the editor."))
        return None
    again = read_expression(text, label_of(node), "loop condition", faults) if text else None
    return Loop(
        over=None,
        item=None,
        sequential=True,
        again=again,
        most=int(most) if most.isdigit() else None,
        before=marker.get("testBefore") == "true",
    )


def reads_of(loop: Loop) -> Mapping[str, Expression]:
    """The expressions of a loop by what they are for."""
    found = {
        "multi-instance list": loop.over,
        "completion condition": loop.until,
        "multi-instance result": loop.gather,
        "loop condition": loop.again,
    }
    return {what: expression for what, expression in found.items() if expression is not None}


def locals_of(loop: Loop) -> frozenset[str]:
    """The variables every instance finds without anyone setting them."""
    return COUNTERS if loop.item is None else COUNTERS | {loop.item}


def _item(marker: Node, tag: str) -> str:
    declared = marker.find(f"{BPMN}{tag}")
    return "" if declared is None else (declared.get("name") or declared.get("id") or "").strip()


def _foreign(marker: Node, *names: str) -> str:
    """What Camunda writes as attributes and Zeebe into an extension element."""
    for place in marker.iter():
        for attribute, value in place.attrib.items():
            if attribute.rpartition("}")[2] in names and value.strip():
                return value.strip()
    return ""


def _text(marker: Node, tag: str) -> str:
    child = marker.find(f"{BPMN}{tag}")
    return "".join(child.itertext()).strip() if child is not None else ""
