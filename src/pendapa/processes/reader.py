"""One process of a BPMN file to its elements. Namespace prefixes are free and foreign elements are ignored, so
files of bpmn-js and Camunda Modeler load as they are. What is not supported is refused by element id and name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final
from xml.etree.ElementTree import Element as Node

from pendapa.processes.calls import CallReader, outputs_of
from pendapa.processes.events import EventRead, EventReader
from pendapa.processes.faults import Fault
from pendapa.processes.flows import FlowReader
from pendapa.processes.lanes import read_lanes
from pendapa.processes.library import Drawn
from pendapa.processes.markers import read_loop
from pendapa.processes.model import Element, Kind, Message, RuleCall
from pendapa.processes.reads import declared_sets
from pendapa.processes.rules import RuleReader
from pendapa.processes.scopes import assemble_scopes, check_event_gateway, check_scopes, is_plain_start
from pendapa.processes.xmlfile import label_of, local_name, name_of

_PLAIN_KINDS: Final[Mapping[str, Kind]] = {
    "task": "plain",
    "userTask": "user",
    "manualTask": "manual",
    "receiveTask": "receive",
    "serviceTask": "service",
    "sendTask": "send",
    "businessRuleTask": "rule",
    "exclusiveGateway": "exclusive",
    "parallelGateway": "parallel",
    "inclusiveGateway": "inclusive",
    "eventBasedGateway": "event",
    "subProcess": "subprocess",
    "callActivity": "call",
}
_EVENTS: Final = frozenset(
    {"startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"}
)
_REFUSED: Final[Mapping[str, tuple[str, str]]] = {
    "complexGateway": ("A complex gateway", "Use exclusive and parallel gateways."),
    "scriptTask": ("A script task", "No script is ever run from a file. Use a service task."),
    "transaction": ("A transaction", "Draw its steps in the process itself."),
    "adHocSubProcess": ("An ad-hoc sub-process", "Draw its steps in the process itself."),
    "choreographyTask": ("A choreography task", "Use a send or a receive task."),
    "subChoreography": ("A sub-choreography", "Use send and receive tasks."),
    "callChoreography": ("A call choreography", "Use send and receive tasks."),
}
_SILENT: Final = frozenset(
    [
        "sequenceFlow",
        "laneSet",
        "documentation",
        "extensionElements",
        "ioSpecification",
        "property",
        "dataObject",
        "dataObjectReference",
        "dataStoreReference",
        "textAnnotation",
        "association",
        "group",
        "auditing",
        "monitoring",
        "correlationSubscription",
        "supports",
        "resourceRole",
        "performer",
        "humanPerformer",
        "potentialOwner",
        "artifact",
    ]
)
"""Children of a process that change nothing in how it runs."""
_OF_ACTIVITIES: Final = frozenset(
    {
        "incoming",
        "outgoing",
        "multiInstanceLoopCharacteristics",
        "standardLoopCharacteristics",
        "dataInputAssociation",
        "dataOutputAssociation",
    }
)
"""Children of a sub-process that are no steps."""


class ProcessReader:
    """Reads the elements of one process of a file; faults and warnings are collected."""

    def __init__(self, drawn: Drawn, rules: RuleReader) -> None:
        self.main = drawn.node
        self.definitions = drawn.definitions
        self.rules = rules
        self.faults: list[Fault] = []
        self.warnings: list[Fault] = []
        self.nodes: dict[str, Node] = {}
        self.parents: dict[str, str | None] = {}
        self._collect_nodes(self.main)
        self.flows = FlowReader(self.main, self.nodes, self.parents, self.faults, self.warnings)
        self.events = EventReader(drawn.definitions, self.main, self.nodes, self.faults, self.warnings)
        self.calls = CallReader(drawn.definitions, self.faults)
        self.lanes, self.lane_of = read_lanes(self.main)
        self.elements: dict[str, Element] = {}
        self._read_elements()
        self.handlers = assemble_scopes(self.main, self.elements, self.faults)

    def check(self) -> None:
        """Judge whether the process can run well, once nothing else is wrong with it."""
        if not self.faults:
            check_scopes(self.main, self.elements, self.faults, self.warnings)

    @property
    def starts(self) -> tuple[str, ...]:
        """Its start events, the plain one first."""
        found = [e for e in self.elements.values() if e.kind == "start" and e.parent is None]
        return tuple(e.id for e in sorted(found, key=lambda e: not is_plain_start(e)))

    def _read_elements(self) -> None:
        boundary: dict[str, list[str]] = {}
        elements = self.elements
        for id_, node in self.nodes.items():
            element = self._element(node, self._lane(id_))
            if element is not None:
                elements[id_] = element
                if element.attached_to is not None:
                    boundary.setdefault(element.attached_to, []).append(id_)
        for task, events_on in boundary.items():
            if task in elements:
                elements[task] = replace(
                    elements[task],
                    timers=tuple(id_ for id_ in events_on if elements[id_].timer is not None),
                    boundary=tuple(events_on),
                )
        for element in elements.values():
            check_event_gateway(element, elements, self.faults)

    def _fault(self, node: Node, wrong: str, right: str) -> None:
        self.faults.append(Fault(label_of(node), wrong, right))

    def _collect_nodes(self, container: Node, parent: str | None = None) -> None:
        for node in container:
            kind = local_name(node)
            if not kind or kind in _SILENT or (parent is not None and kind in _OF_ACTIVITIES):
                continue
            if kind not in _PLAIN_KINDS and kind not in _EVENTS:
                what, right = _REFUSED.get(kind, (f"<{kind}>", "Remove it."))
                self._fault(node, f"{what} is not supported.", right)
            id_ = node.get("id")
            if id_:
                self.nodes.setdefault(id_, node)
                self.parents.setdefault(id_, parent)
                if kind == "subProcess":
                    self._collect_nodes(node, id_)
            elif kind in _PLAIN_KINDS or kind in _EVENTS:
                self._fault(node, "The element has no id.", "Save the file again from the process editor.")

    def _lane(self, id_: str | None) -> str | None:
        """The innermost lane; what stands in a sub-process is in the sub-process's lane."""
        while id_ is not None and id_ not in self.lane_of:
            id_ = self.parents.get(id_)
        return None if id_ is None else self.lane_of[id_]

    def _element(self, node: Node, lane: str | None) -> Element | None:
        events = self.events
        tag = local_name(node)
        kind: Kind | None
        message: Message | None = None
        event: EventRead | None = None
        if tag in _EVENTS:
            around = self.nodes.get(self.parents.get(node.get("id", "")) or "")
            event = events.read(node, inside="" if around is None else _kind_of(around) or "")
            kind = event.kind if event else None
            message = event.message if event else None
        else:
            kind = _kind_of(node)
            message = events.message_of(node) if kind == "receive" and node.get("messageRef") else None
            self._check_markers(node)
        if kind is None:
            return None
        detail = events.effect_detail(node) if kind in ("service", "send", "end_message") else {}
        rule: RuleCall | None = None
        if kind == "rule":
            rule, detail = self.rules.read(node, self.warnings)
        id_ = node.get("id", "")
        outgoing = tuple(self.flows.outgoing.get(id_, ()))
        default = self.flows.default_of(node, kind, outgoing)
        return Element(
            id=id_,
            name=name_of(node),
            kind=kind,
            lane=lane,
            incoming=tuple(self.flows.incoming.get(id_, ())),
            outgoing=outgoing,
            default=default,
            message=message,
            timer=event.timer if event else None,
            attached_to=event.attached_to if event else None,
            signal=event.signal if event else None,
            error=event.error if event else None,
            loop=read_loop(node, self.faults),
            parent=self.parents.get(id_),
            interrupting=event is None or event.interrupting,
            rule=rule,
            call=self.calls.read(node) if kind == "call" else None,
            gives=outputs_of(node, self.warnings) if kind not in ("call", "start") else (),
            sets=declared_sets(node),
            detail=detail,
        )

    def _check_markers(self, node: Node) -> None:
        if node.get("isForCompensation") == "true":
            self._fault(node, "Compensation is not supported.", "Draw the way back as a normal path.")
        if node.get("instantiate") == "true":
            wrong = "Beginning a case here is not supported."
            self._fault(node, wrong, "Draw a start event with the message before it.")
        if node.get("eventGatewayType") == "Parallel":
            wrong = "An event-based gateway that waits for all its events is not supported."
            self._fault(node, wrong, "Use a parallel gateway with the events behind it.")
        for attribute in ("startQuantity", "completionQuantity"):
            if node.get(attribute, "1") != "1":
                self._fault(node, f"{attribute} other than 1 is not supported.", "Remove the attribute.")


def _kind_of(node: Node) -> Kind | None:
    if node.get("triggeredByEvent") == "true" and local_name(node) == "subProcess":
        return "handler"
    return _PLAIN_KINDS.get(local_name(node))
