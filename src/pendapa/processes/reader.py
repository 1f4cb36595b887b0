"""BPMN 2.0 XML to a compiled Process. Namespace prefixes are free and foreign elements are ignored, so files
of bpmn-js and Camunda Modeler load as they are. What is not supported is refused by element id and name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final
from xml.etree.ElementTree import Element as Node

from pendapa.expressions import Expression
from pendapa.processes.events import EventRead, EventReader
from pendapa.processes.faults import Fault, ProcessRefused
from pendapa.processes.lanes import read_lanes
from pendapa.processes.loops import read_loop
from pendapa.processes.model import Element, Flow, Kind, Message, Process, RuleCall
from pendapa.processes.rules import RuleReader
from pendapa.processes.scopes import assemble_scopes, check_event_gateway, check_scopes
from pendapa.processes.texts import read_expression
from pendapa.processes.xmlfile import BPMN, label_of, local_name, name_of, read_definitions

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
}
_EVENTS: Final = frozenset(
    {"startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"}
)
_REFUSED: Final[Mapping[str, tuple[str, str]]] = {
    "complexGateway": ("A complex gateway", "Use exclusive and parallel gateways."),
    "scriptTask": ("A script task", "No script is ever run from a file. Use a service task."),
    "transaction": ("A transaction", "Draw its steps in the process itself."),
    "adHocSubProcess": ("An ad-hoc sub-process", "Draw its steps in the process itself."),
    "callActivity": ("A call activity", "Draw the called steps in the process itself."),
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
_LOOPS: Final[Mapping[str, str]] = {
    "standardLoopCharacteristics": "A loop marker",
}


def load_process(
    source: bytes, *, name: str, others: Mapping[str, bytes] = {}, tables: Mapping[str, bytes] = {}
) -> Process:
    """Compile a BPMN 2.0 file.

    `name` is the file's name, for refusals. `others` (BPMN files) and `tables` (DMN files) by name are what
    call activities (refused by now) and business rule tasks refer to. Raises ProcessRefused with every fault.
    """
    reader = _Reader(read_definitions(source, name), tables)
    process = reader.read(source)
    if process is None or reader.faults:
        raise ProcessRefused(name, reader.faults)
    return process


class _Reader:
    def __init__(self, definitions: Node, tables: Mapping[str, bytes]) -> None:
        self.definitions = definitions
        self.faults: list[Fault] = []
        self.warnings: list[Fault] = []
        self.nodes: dict[str, Node] = {}
        self.outgoing: dict[str, list[Flow]] = {}
        self.incoming: dict[str, list[str]] = {}
        self.items: set[str] = set()
        self.parents: dict[str, str | None] = {}
        self.boundary: dict[str, list[str]] = {}
        self.reads: set[str] = set()
        self.rules = RuleReader(tables, self.faults, self.warnings)

    def read(self, source: bytes) -> Process | None:
        found = self._main_process()
        if found is None:
            return None
        main, pool = found
        self._check_ids()
        self._collect_nodes(main)
        self._collect_flows(main)
        self._collect_links()
        lanes, lane_of = read_lanes(main)
        events = EventReader(self.definitions, main, self.nodes, self.faults, self.warnings)
        elements: dict[str, Element] = {}
        for id_, node in self.nodes.items():
            element = self._element(node, events, self._lane(id_, lane_of))
            if element is not None:
                elements[id_] = element
                if element.attached_to is not None:
                    self.boundary.setdefault(element.attached_to, []).append(id_)
        for task, events_on in self.boundary.items():
            if task in elements:
                elements[task] = replace(
                    elements[task],
                    timers=tuple(id_ for id_ in events_on if elements[id_].timer is not None),
                    boundary=tuple(events_on),
                )
        for element in elements.values():
            check_event_gateway(element, elements, self.faults)
        handlers = assemble_scopes(main, elements, self.faults)
        if not self.faults:
            check_scopes(main, elements, self.faults, self.warnings)
        starts = [e.id for e in elements.values() if e.kind == "start" and e.parent is None]
        return Process(
            id=main.get("id", ""),
            name=name_of(main),
            pool=pool,
            start=starts[0] if starts else "",
            elements=elements,
            messages=tuple(dict.fromkeys(e.message.name for e in elements.values() if e.message)),
            lanes=lanes,
            reads=frozenset((self.reads | events.reads | self.rules.reads) - self.items),
            warnings=tuple(self.warnings),
            source=source,
            handlers=handlers,
        )

    def _fault(self, node: Node, wrong: str, right: str) -> None:
        self.faults.append(Fault(label_of(node), wrong, right))

    def _warn(self, node: Node, wrong: str, right: str) -> None:
        self.warnings.append(Fault(label_of(node), wrong, right))

    def _main_process(self) -> tuple[Node, str | None] | None:
        """The process to run: that of a pool if there are pools, an executable one first, else the first."""
        processes = self.definitions.findall(f"{BPMN}process")
        if not processes:
            self.faults.append(
                Fault("file", "The file holds no process.", "Draw one, from start event to end event.")
            )
            return None
        pools = {
            participant.get("processRef", "").rpartition(":")[2]: name_of(participant)
            for participant in self.definitions.iter(f"{BPMN}participant")
            if participant.get("processRef")
        }
        pooled = [process for process in processes if process.get("id") in pools]
        main = min(pooled or processes, key=lambda process: process.get("isExecutable") != "true")
        for process in processes:
            if process is not main and len(process):
                self._warn(
                    process, "This process is not run.", f"Only {label_of(main)} is: one file, one process."
                )
        return main, pools.get(main.get("id", ""))

    def _check_ids(self) -> None:
        seen: set[str] = set()
        for node in self.definitions.iter():
            id_ = node.get("id")
            if not local_name(node) or id_ is None:
                continue
            if id_ in seen:
                self._fault(node, "This id is used twice in the file.", "Give each element an id of its own.")
            seen.add(id_)

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

    def _collect_flows(self, main: Node) -> None:
        for node in main.iter(f"{BPMN}sequenceFlow"):
            source, target = _reference(node, "sourceRef"), _reference(node, "targetRef")
            for side, end in (("starts", source), ("ends", target)):
                if end not in self.nodes:
                    self._fault(
                        node,
                        f"The flow {side} at {end or 'nothing'}, which is not in this process.",
                        "Draw it anew.",
                    )
            if self.parents.get(source) != self.parents.get(target):
                self._fault(
                    node,
                    "The flow crosses the border of a sub-process.",
                    "Lead it to the sub-process itself, or draw an event on its border.",
                )
            flow = Flow(node.get("id", ""), name_of(node), source, target, self._condition(node))
            self.outgoing.setdefault(flow.source, []).append(flow)
            self.incoming.setdefault(flow.target, []).append(flow.id)

    def _collect_links(self) -> None:
        """A link is a flow without a line: from each throw to the one catch of that name beside it."""
        catches: dict[tuple[str | None, str], list[str]] = {}
        for id_, node in self.nodes.items():
            if local_name(node) == "intermediateCatchEvent" and _link(node) is not None:
                catches.setdefault((self.parents.get(id_), _link(node) or ""), []).append(id_)
        for id_, node in self.nodes.items():
            name = _link(node)
            if name is None or local_name(node) != "intermediateThrowEvent":
                continue
            found = catches.get((self.parents.get(id_), name), [])
            if len(found) != 1:
                wrong = f'The link "{name}" has {len(found)} catch events here.'
                self._fault(node, wrong, "Draw one catch event with the same link name.")
                continue
            flow = Flow(f"{id_}:link", name, id_, found[0])
            self.outgoing.setdefault(id_, []).append(flow)
            self.incoming.setdefault(found[0], []).append(flow.id)

    def _condition(self, node: Node) -> Expression | None:
        child = node.find(f"{BPMN}conditionExpression")
        text = "".join(child.itertext()).strip() if child is not None else ""
        if not text:
            return None
        condition = read_expression(text, label_of(node), "condition", self.faults)
        if condition is not None:
            self.reads |= condition.inputs
        return condition

    def _lane(self, id_: str | None, lane_of: Mapping[str, str]) -> str | None:
        """The innermost lane; what stands in a sub-process is in the sub-process's lane."""
        while id_ is not None and id_ not in lane_of:
            id_ = self.parents.get(id_)
        return None if id_ is None else lane_of[id_]

    def _element(self, node: Node, events: EventReader, lane: str | None) -> Element | None:
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
            rule, detail = self.rules.read(node)
        loop, read = read_loop(node, self.faults)
        self.reads |= read
        if loop is not None and loop.item is not None:
            self.items.add(loop.item)
        id_ = node.get("id", "")
        outgoing = tuple(self.outgoing.get(id_, ()))
        default = self._check_ways_out(node, kind, outgoing)
        return Element(
            id=id_,
            name=name_of(node),
            kind=kind,
            lane=lane,
            incoming=tuple(self.incoming.get(id_, ())),
            outgoing=outgoing,
            default=default,
            message=message,
            timer=event.timer if event else None,
            attached_to=event.attached_to if event else None,
            signal=event.signal if event else None,
            error=event.error if event else None,
            loop=loop,
            parent=self.parents.get(id_),
            interrupting=event is None or event.interrupting,
            rule=rule,
            detail=detail,
        )

    def _check_markers(self, node: Node) -> None:
        for child in node:
            if local_name(child) in _LOOPS:
                self._fault(
                    node,
                    f"{_LOOPS[local_name(child)]} is not supported.",
                    "Draw the repetition with an exclusive gateway.",
                )
        if node.get("isForCompensation") == "true":
            self._fault(node, "Compensation is not supported.", "Draw the way back as a normal path.")
        for attribute in ("startQuantity", "completionQuantity"):
            if node.get(attribute, "1") != "1":
                self._fault(node, f"{attribute} other than 1 is not supported.", "Remove the attribute.")

    def _check_ways_out(self, node: Node, kind: Kind, outgoing: tuple[Flow, ...]) -> Flow | None:
        """Judge the conditions on the ways out; returns the flow an exclusive gateway takes when none
        holds."""
        conditional = [flow for flow in outgoing if flow.condition is not None]
        if kind == "parallel" and conditional:
            self._warn(node, "Conditions on flows out of a parallel gateway are not read.", "Remove them.")
        if kind == "inclusive":
            self._check_inclusive(node, outgoing)
        elif kind != "exclusive":
            if conditional and kind != "parallel":
                self._fault(
                    node,
                    f"The flow {conditional[0].id} out of it has a condition.",
                    "Put an exclusive gateway behind it.",
                )
            return None
        declared = _reference(node, "default") or None
        default = next((flow for flow in outgoing if flow.id == declared), None)
        if declared is not None and default is None:
            self._fault(
                node, f"Its default flow {declared} does not leave it.", "Choose one of the flows out of it."
            )
        if kind == "inclusive":
            return default
        bare = [flow for flow in outgoing if flow.condition is None and flow is not default]
        if len(outgoing) < 2 and bare:
            return None
        if (default is not None and bare) or len(bare) > 1:
            names = ", ".join(flow.id for flow in bare)
            self._fault(
                node,
                f"More than one way out has no condition ({names}).",
                "Give each a condition, or leave one as default.",
            )
        elif bare:
            default = bare[0]
            self._warn(
                node,
                f"The flow {default.id} without condition is taken as the default.",
                "Mark it as default.",
            )
        elif default is None and outgoing:
            self._warn(
                node,
                "It has no default flow: a case for which no condition holds cannot go on.",
                "Mark one flow as default.",
            )
        return default

    def _check_inclusive(self, node: Node, outgoing: tuple[Flow, ...]) -> None:
        always = any(f.condition is None and f.id != _reference(node, "default") for f in outgoing)
        if not always and outgoing and not _reference(node, "default"):
            self._warn(
                node,
                "It has no default flow: a case for which no condition holds cannot go on.",
                "Mark one flow as default.",
            )


def _link(node: Node) -> str | None:
    definition = node.find(f"{BPMN}linkEventDefinition")
    return None if definition is None else name_of(definition)


def _kind_of(node: Node) -> Kind | None:
    if node.get("triggeredByEvent") == "true" and local_name(node) == "subProcess":
        return "handler"
    return _PLAIN_KINDS.get(local_name(node))


def _reference(node: Node, attribute: str) -> str:
    """A reference without its namespace prefix."""
    return node.get(attribute, "").rpartition(":")[2]
