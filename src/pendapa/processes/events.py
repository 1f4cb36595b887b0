"""Events, messages and timers of a BPMN file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal
from xml.etree.ElementTree import Element as Node

from pendapa.processes.faults import Fault
from pendapa.processes.model import Kind, Message, TimerRule
from pendapa.processes.texts import CYCLE, DATE, DURATION, read_expression, unwrap
from pendapa.processes.xmlfile import BPMN, label_of, local_name, name_of

_TIMERS: Final[Mapping[str, Literal["duration", "date", "cycle"]]] = {
    "timeDuration": "duration",
    "timeDate": "date",
    "timeCycle": "cycle",
}
_SHAPES: Final = {"duration": DURATION, "date": DATE, "cycle": CYCLE}
_LIKE: Final = {"duration": "P3D or PT4H", "date": "2026-03-30T08:00:00+07:00", "cycle": "R3/P1D"}
_PLACES: Final[Mapping[str, tuple[str, str]]] = {
    "startEvent": ("start event", "Use a plain, message, timer or signal start event."),
    "endEvent": ("end event", "Use a plain, terminate, error, message or signal end event."),
    "intermediateCatchEvent": (
        "intermediate catch event",
        "Use a message, timer, signal or link catch event.",
    ),
    "intermediateThrowEvent": ("intermediate throw event", "Use a plain, message, signal or link event."),
    "boundaryEvent": ("boundary event", "Use a timer, message, signal or error."),
}
_HOSTS: Final = frozenset(
    [
        "userTask",
        "manualTask",
        "receiveTask",
        "serviceTask",
        "sendTask",
        "businessRuleTask",
        "subProcess",
        "callActivity",
    ]
)
_EVENTS: Final[Mapping[tuple[str, str], Kind]] = {
    ("startEvent", ""): "start",
    ("startEvent", "message"): "start",
    ("startEvent", "timer"): "start",
    ("startEvent", "signal"): "start",
    ("endEvent", ""): "end",
    ("endEvent", "terminate"): "terminate",
    ("endEvent", "error"): "error",
    ("endEvent", "message"): "end_message",
    ("endEvent", "signal"): "end_signal",
    ("intermediateThrowEvent", ""): "plain",
    ("intermediateThrowEvent", "message"): "send",
    ("intermediateThrowEvent", "signal"): "throw",
    ("intermediateThrowEvent", "link"): "plain",
    ("intermediateCatchEvent", "link"): "plain",
    ("intermediateCatchEvent", "message"): "message",
    ("intermediateCatchEvent", "timer"): "timer",
    ("intermediateCatchEvent", "signal"): "signal",
    ("boundaryEvent", "message"): "boundary",
    ("boundaryEvent", "timer"): "boundary",
    ("boundaryEvent", "signal"): "boundary",
    ("boundaryEvent", "error"): "boundary",
}


@dataclass(frozen=True, slots=True)
class EventRead:
    """What the file says about one event."""

    kind: Kind
    message: Message | None = None
    timer: TimerRule | None = None
    signal: str | None = None
    error: str | None = None
    attached_to: str | None = None
    interrupting: bool = True


class EventReader:
    """Reads events against the messages the file declares; faults and warnings go to the lists handed in."""

    def __init__(
        self,
        definitions: Node,
        main: Node,
        nodes: Mapping[str, Node],
        faults: list[Fault],
        warnings: list[Fault],
    ) -> None:
        self.nodes = nodes
        self.faults = faults
        self.warnings = warnings
        self.messages = {node.get("id", ""): node for node in definitions.findall(f"{BPMN}message")}
        self.signals = {node.get("id", ""): node for node in definitions.findall(f"{BPMN}signal")}
        self.errors = {node.get("id", ""): node for node in definitions.findall(f"{BPMN}error")}
        self.shared = {node.get("id", ""): node for node in definitions if _is_definition(node)}
        self.bindings = _correlation_bindings(definitions, main)

    def read(self, node: Node, *, inside: str = "") -> EventRead | None:
        """What an event is about; None when it is refused. `inside` is the kind of sub-process around it."""
        tag = local_name(node)
        definitions = [self._definition(child) for child in node if _is_definition(child)]
        kinds = [local_name(child).removesuffix("EventDefinition") for child in definitions]
        kind = _EVENTS.get((tag, " and ".join(kinds)))
        if tag == "startEvent" and inside:
            starts = ("message", "timer", "signal", "error") if inside == "handler" else ("",)
            kind = "start" if " and ".join(kinds) in starts else None
        if kind is None:
            self._refuse(node, tag, kinds)
            return None
        attached_to = None
        if tag == "boundaryEvent":
            attached_to = self._host(node)
            if attached_to is None:
                return None
        sign = "isInterrupting" if tag == "startEvent" else "cancelActivity"
        interrupting = node.get(sign, "true") != "false"
        about = kinds[0] if kinds else ""
        catches = tag not in ("endEvent", "intermediateThrowEvent")
        return EventRead(
            kind,
            message=self.message_of(node, definitions[0]) if about == "message" and catches else None,
            timer=self._timer(node, definitions[0], interrupting) if about == "timer" else None,
            signal=self._signal(node, definitions[0]) if about == "signal" else None,
            error=self._error(definitions[0]) if about == "error" else None,
            attached_to=attached_to,
            interrupting=interrupting,
        )

    def _definition(self, child: Node) -> Node:
        """What an event is about: declared in it, or once for all events and referred to."""
        return self.shared.get((child.text or "").strip().rpartition(":")[2], child)

    def _refuse(self, node: Node, tag: str, kinds: list[str]) -> None:
        place, right = _PLACES[tag]
        what = " and ".join(kinds) or "plain"
        article = "An" if (what + place)[0] in "aeiou" else "A"
        self._fault(node, f"{article} {what} {place} is not supported.", right)

    def _host(self, node: Node) -> str | None:
        """The activity a boundary event sits on."""
        host = node.get("attachedToRef", "").rpartition(":")[2]
        if host not in self.nodes:
            self._fault(
                node, f"It is attached to {host or 'nothing'}, which is not here.", "Put it on a user task."
            )
            return None
        if local_name(self.nodes[host]) not in _HOSTS:
            self._fault(
                node,
                f"A boundary event on {label_of(self.nodes[host])}, a <{local_name(self.nodes[host])}>, is "
                "not supported.",
                "Put it on a task that waits.",
            )
            return None
        return host

    def _error(self, definition: Node) -> str:
        """The code of an error; empty where the event names none and so catches any."""
        reference = definition.get("errorRef", "").rpartition(":")[2]
        declared = self.errors.get(reference)
        return reference if declared is None else declared.get("errorCode") or name_of(declared) or reference

    def _signal(self, node: Node, definition: Node) -> str:
        reference = definition.get("signalRef", "").rpartition(":")[2]
        declared = self.signals.get(reference)
        if declared is None:
            self._fault(node, "It names no declared signal.", "Choose a signal in the editor.")
            return ""
        return name_of(declared) or reference

    def message_of(self, node: Node, definition: Node | None = None) -> Message:
        """The message a catch event or receive task waits for."""
        reference = (definition if definition is not None else node).get("messageRef", "").rpartition(":")[2]
        declared = self.messages.get(reference)
        if declared is None:
            name = reference or name_of(node) or node.get("id", "")
            self.warnings.append(
                Fault(
                    label_of(node),
                    f'It names no declared message; it waits for "{name}".',
                    "Choose a message in the editor.",
                )
            )
        else:
            name = name_of(declared) or reference
        text = self.bindings.get(reference)
        for place in (node, definition, declared):
            text = _foreign_key(place) or text
        if text is None:
            return Message(name)
        return Message(name, read_expression(text, label_of(node), "message key", self.faults))

    def effect_detail(self, node: Node) -> dict[str, str]:
        """What the file says about the work of an effect: topic (Camunda, Zeebe), message."""
        detail: dict[str, str] = {}
        for attribute, value in node.attrib.items():
            if attribute.rpartition("}")[2] == "topic":
                detail["topic"] = value
        for child in node.iter():
            if child.tag.endswith("}taskDefinition") and not local_name(child) and child.get("type"):
                detail["topic"] = child.get("type", "")
        definition = node.find(f"{BPMN}messageEventDefinition")
        sender = node if definition is None else definition
        message = self.messages.get(sender.get("messageRef", "").rpartition(":")[2])
        if message is not None:
            detail["message"] = name_of(message) or message.get("id", "")
        return detail

    def _timer(self, node: Node, definition: Node, interrupting: bool) -> TimerRule:
        for child in definition:
            kind = _TIMERS.get(local_name(child))
            text = "".join(child.itertext()).strip().strip("\"'") if kind else ""
            if kind is None or not text:
                continue
            if _SHAPES[kind].fullmatch(text):
                return TimerRule(kind, text, None, interrupting)
            if unwrap(text) == text:
                self._fault(
                    node, f"The timer value {text!r} is no ISO 8601 {kind}.", f"Write it as in {_LIKE[kind]}."
                )
                return TimerRule(kind, "", None, interrupting)
            expression = read_expression(text, label_of(node), "timer value", self.faults)
            return TimerRule(kind, "", expression, interrupting)
        self.warnings.append(
            Fault(
                label_of(node),
                "The timer has no value: whoever runs the process sets its time.",
                "Or write P3D, say.",
            )
        )
        return TimerRule("duration", "", None, interrupting)

    def _fault(self, node: Node, wrong: str, right: str) -> None:
        self.faults.append(Fault(label_of(node), wrong, right))


def _is_definition(node: Node) -> bool:
    return local_name(node).endswith("EventDefinition") or local_name(node) == "eventDefinitionRef"


def _foreign_key(node: Node | None) -> str | None:
    """A correlationKey attribute that a modelling tool put on the element or in its extension elements."""
    if node is None:
        return None
    places = [node, *(part for child in node.findall(f"{BPMN}extensionElements") for part in child.iter())]
    for place in places:
        for attribute, value in place.attrib.items():
            if attribute.rpartition("}")[2] == "correlationKey" and value.strip():
                return value
    return None


def _correlation_bindings(definitions: Node, main: Node) -> dict[str, str]:
    """Message id -> expression of its key, where the file declares BPMN's own correlation."""
    paths = {
        binding.get("correlationPropertyRef", "").rpartition(":")[2]: (
            binding.findtext(f"{BPMN}dataPath") or ""
        ).strip()
        for binding in main.iter(f"{BPMN}correlationPropertyBinding")
    }
    found: dict[str, str] = {}
    for declared in definitions.iter(f"{BPMN}correlationProperty"):
        path = paths.get(declared.get("id", ""))
        for retrieval in declared.findall(f"{BPMN}correlationPropertyRetrievalExpression"):
            if path:
                found.setdefault(retrieval.get("messageRef", "").rpartition(":")[2], path)
    return found
