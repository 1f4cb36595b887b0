"""Short BPMN files for tests, written as one would draw them."""

from __future__ import annotations

import itertools
from xml.sax.saxutils import escape, quoteattr

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" targetNamespace="http://example.org/test">'
)

NAMESPACES = (
    ' xmlns:camunda="http://camunda.org/schema/1.0/bpmn" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"'
)


def flow(id_: str, source: str, target: str, condition: str | None = None) -> str:
    inner = ""
    if condition is not None:
        inner = f'<conditionExpression xsi:type="tFormalExpression">{escape(condition)}</conditionExpression>'
    return f'<sequenceFlow id="{id_}" sourceRef="{source}" targetRef="{target}">{inner}</sequenceFlow>'


def node(tag: str, id_: str, inner: str = "", **attributes: str) -> str:
    extra = "".join(f" {name}={quoteattr(value)}" for name, value in attributes.items())
    return f'<{tag} id="{id_}"{extra}>{inner}</{tag}>'


def user(*ids: str) -> str:
    return "".join(node("userTask", id_, name=f"Task {id_}") for id_ in ids)


def chain(*ids: str) -> str:
    """Flows from each id to the next, named from_to."""
    return "".join(flow(f"{a}_{b}", a, b) for a, b in itertools.pairwise(ids))


def timer(
    id_: str, host: str, value: str = "P1D", *, interrupting: bool = True, kind: str = "timeDuration"
) -> str:
    inner = f"<timerEventDefinition><{kind}>{value}</{kind}></timerEventDefinition>"
    return node("boundaryEvent", id_, inner, attachedToRef=host, cancelActivity=str(interrupting).lower())


def bpmn(*parts: str, before: str = "", after: str = "") -> bytes:
    """One executable process with start event S; the parts are its elements. The caller draws the ends."""
    main = f'<process id="P" isExecutable="true"><startEvent id="S"/>{"".join(parts)}</process>'
    return f"{HEAD}{before}{main}{after}</definitions>".encode()


def called(id_: str, *parts: str, before: str = "") -> bytes:
    """A process of that id for call activities, with start event s and end event e; the parts draw the rest."""
    inside = f'<startEvent id="s"/><endEvent id="e"/>{"".join(parts)}'
    head = HEAD.replace(" targetNamespace", NAMESPACES + " targetNamespace")
    return f'{head}{before}<process id="{id_}" isExecutable="true">{inside}</process></definitions>'.encode()


def foreign(inner: str) -> str:
    """Extension elements of Camunda (`camunda:`) and Zeebe (`zeebe:`)."""
    return f"<extensionElements{NAMESPACES}>{inner}</extensionElements>"
