"""Sequence flows and links of a process, and whether the conditions on them can be read."""

from __future__ import annotations

from collections.abc import Mapping
from xml.etree.ElementTree import Element as Node

from pendapa.expressions import Expression
from pendapa.processes.faults import Fault
from pendapa.processes.model import Flow, Kind
from pendapa.processes.texts import read_expression
from pendapa.processes.xmlfile import BPMN, label_of, local_name, name_of, reference


class FlowReader:
    """Reads how the nodes of one process are joined; `parents` name the sub-process around each. Faults and
    warnings go to the lists handed in."""

    def __init__(
        self,
        main: Node,
        nodes: Mapping[str, Node],
        parents: Mapping[str, str | None],
        faults: list[Fault],
        warnings: list[Fault],
    ) -> None:
        self.nodes = nodes
        self.parents = parents
        self.faults = faults
        self.warnings = warnings
        self.outgoing: dict[str, list[Flow]] = {}
        self.unread: set[str] = set()
        self.incoming: dict[str, list[str]] = {}
        self._collect_flows(main)
        self._collect_links()

    def _fault(self, node: Node, wrong: str, right: str) -> None:
        self.faults.append(Fault(label_of(node), wrong, right))

    def _warn(self, node: Node, wrong: str, right: str) -> None:
        self.warnings.append(Fault(label_of(node), wrong, right))

    def _collect_flows(self, main: Node) -> None:
        for node in main.iter(f"{BPMN}sequenceFlow"):
            source, target = reference(node, "sourceRef"), reference(node, "targetRef")
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
        if condition is None:
            self.unread.add(node.get("id", ""))
        return condition

    def default_of(self, node: Node, kind: Kind, outgoing: tuple[Flow, ...]) -> Flow | None:
        """The flow a gateway takes when no condition holds; judges the conditions on its ways out."""
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
        declared = reference(node, "default") or None
        default = next((flow for flow in outgoing if flow.id == declared), None)
        if declared is not None and default is None:
            self._fault(
                node, f"Its default flow {declared} does not leave it.", "Choose one of the flows out of it."
            )
        if kind == "inclusive" or any(flow.id in self.unread for flow in outgoing):
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
        always = any(f.condition is None and f.id != reference(node, "default") for f in outgoing)
        if not always and outgoing and not reference(node, "default"):
            self._warn(
                node,
                "It has no default flow: a case for which no condition holds cannot go on.",
                "Mark one flow as default.",
            )


def _link(node: Node) -> str | None:
    definition = node.find(f"{BPMN}linkEventDefinition")
    return None if definition is None else name_of(definition)
