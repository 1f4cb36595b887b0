"""A BPMN file as shapes and edges on a plane. Every element BPMN 2.0 knows can be drawn, whether or not it
can be run; the file is read safely (no document type, no entities, bounded size)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import isfinite
from typing import Final
from xml.etree.ElementTree import Element as Node
from xml.etree.ElementTree import ParseError

import defusedxml.ElementTree as safe_tree
from defusedxml.common import DefusedXmlException

MOST_BYTES: Final = 4_000_000
MOST_ELEMENTS: Final = 5_000
_BPMN: Final = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
_BPMNDI: Final = "{http://www.omg.org/spec/BPMN/20100524/DI}"
_DC: Final = "{http://www.omg.org/spec/DD/20100524/DC}"
_DI: Final = "{http://www.omg.org/spec/DD/20100524/DI}"
_FARTHEST: Final = 100_000.0

_KINDS: Final[Mapping[str, str]] = {
    "participant": "pool", "lane": "lane", "textAnnotation": "note", "group": "group",
    "dataObjectReference": "data", "dataStoreReference": "data",
    "startEvent": "event", "endEvent": "event", "boundaryEvent": "event",
    "intermediateCatchEvent": "event", "intermediateThrowEvent": "event", "implicitThrowEvent": "event",
    "exclusiveGateway": "gateway", "parallelGateway": "gateway", "inclusiveGateway": "gateway",
    "eventBasedGateway": "gateway", "complexGateway": "gateway",
    "task": "task", "userTask": "task", "manualTask": "task", "serviceTask": "task", "sendTask": "task",
    "receiveTask": "task", "scriptTask": "task", "businessRuleTask": "task", "callActivity": "task",
    "subProcess": "task", "transaction": "task", "adHocSubProcess": "task",
}  # fmt: skip
_EDGES: Final[Mapping[str, str]] = {
    "sequenceFlow": "flow",
    "messageFlow": "message",
    "association": "association",
    "dataInputAssociation": "association",
    "dataOutputAssociation": "association",
}
_SIZES: Final = {"event": (36.0, 36.0), "gateway": (50.0, 50.0), "task": (120.0, 80.0)}


class DrawingRefused(ValueError):
    """A file that cannot be drawn; the text is a sentence that names the fault and the way out."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on the plane, in the file's own units (pixels)."""

    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> tuple[float, float]:
        return self.x + self.width / 2, self.y + self.height / 2

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height


@dataclass(frozen=True, slots=True)
class Shape:
    """A pool, lane, event, gateway, task or note. `tag` is the BPMN name, `event` its event definition
    ("message"; empty: none), `label` the place the file gives its name; `upright` marks a vertical pool."""

    id: str
    kind: str
    tag: str
    name: str
    box: Box
    label: Box | None = None
    event: str = ""
    interrupting: bool = True
    upright: bool = False
    expanded: bool = False
    marked: str = ""
    host: str = ""


@dataclass(frozen=True, slots=True)
class Edge:
    """A sequence flow, message flow or association through its points; `leaning` marks a default flow."""

    id: str
    kind: str
    name: str
    source: str
    target: str
    points: tuple[tuple[float, float], ...] = ()
    label: Box | None = None
    leaning: bool = False


@dataclass(frozen=True, slots=True)
class Diagram:
    """All of a picture. `placed` is False for a file without layout: boxes and points are yet to find."""

    name: str
    shapes: tuple[Shape, ...]
    edges: tuple[Edge, ...]
    placed: bool
    lane_of: Mapping[str, str]


def read_diagram(source: bytes) -> Diagram:
    """Read shapes and edges of a BPMN 2.0 file. Raises DrawingRefused."""
    root = _parse(source)
    shapes: dict[str, Shape] = {}
    edges: dict[str, Edge] = {}
    defaults = {node.get("default") for node in root.iter()} - {None}
    for node in root.iter():
        tag = _local(node)
        id_ = node.get("id", "")
        if tag in _KINDS:
            shapes[id_] = _shape(id_, tag, node)
        elif tag in _EDGES:
            source_id, target_id = _reference(node, "sourceRef"), _reference(node, "targetRef")
            edges[id_] = Edge(id_, _EDGES[tag], _name(node), source_id, target_id, leaning=id_ in defaults)
    if len(shapes) + len(edges) > MOST_ELEMENTS:
        raise DrawingRefused(
            f"The file has more than {MOST_ELEMENTS:,} elements. Split it into smaller processes."
        )
    process = next(root.iter(f"{_BPMN}process"), None)
    title = _name(process) if process is not None else ""
    title = title or next((s.name for s in shapes.values() if s.kind == "pool" and s.name), "")
    lane_of = {
        (ref.text or "").strip(): lane.get("id", "")
        for lane in root.iter(f"{_BPMN}lane")
        for ref in lane.findall(f"{_BPMN}flowNodeRef")
    }
    plane = next(root.iter(f"{_BPMNDI}BPMNPlane"), None)
    if plane is not None:
        drawn, lines = _placed(plane, shapes, edges)
        if any(shape.kind in _SIZES for shape in drawn):
            return Diagram(title, tuple(drawn), tuple(lines), True, lane_of)
    nodes = tuple(shape for shape in shapes.values() if shape.kind in _SIZES or shape.kind == "lane")
    if not any(shape.kind in _SIZES for shape in nodes):
        raise DrawingRefused(
            "The file holds nothing to draw. Draw a process from a start event to an end event."
        )
    known = {shape.id for shape in nodes}
    flows = tuple(e for e in edges.values() if e.kind == "flow" and e.source in known and e.target in known)
    return Diagram(title, nodes, flows, False, lane_of)


def _parse(source: bytes) -> Node:
    if len(source) > MOST_BYTES:
        raise DrawingRefused(f"The file has {len(source):,} bytes; at most {MOST_BYTES:,} are read.")
    try:
        root: Node = safe_tree.fromstring(source, forbid_dtd=True)
    except DefusedXmlException:
        raise DrawingRefused(
            "The file declares a document type or entities. Remove the <!DOCTYPE ...>."
        ) from None
    except ParseError as error:
        raise DrawingRefused(f"This is not well-formed XML ({error}). Save it as BPMN 2.0 XML.") from None
    except (LookupError, ValueError) as error:
        raise DrawingRefused(f"The text encoding cannot be read: {error}. Save the file as UTF-8.") from None
    if root.tag != f"{_BPMN}definitions":
        raise DrawingRefused("The root element is not BPMN 2.0 <definitions>. Save it as BPMN 2.0 XML.")
    return root


def _local(node: Node) -> str:
    return node.tag[len(_BPMN) :] if isinstance(node.tag, str) and node.tag.startswith(_BPMN) else ""


def _reference(node: Node, attribute: str) -> str:
    text = node.get(attribute) or (node.findtext(f"{_BPMN}{attribute}") or "").strip()
    return text.rpartition(":")[2]


def _name(node: Node) -> str:
    return " ".join((node.get("name") or node.findtext(f"{_BPMN}text") or "").split())


def _shape(id_: str, tag: str, node: Node) -> Shape:
    kind = _KINDS[tag]
    definitions = [_local(child) for child in node if _local(child).endswith("EventDefinition")]
    marked = ""
    for child in node:
        if _local(child) == "multiInstanceLoopCharacteristics":
            marked = "sequential" if child.get("isSequential") == "true" else "parallel"
        elif _local(child) == "standardLoopCharacteristics":
            marked = "loop"
    quiet = "false" in (node.get("cancelActivity"), node.get("isInterrupting"))
    return Shape(
        id=id_,
        kind=kind,
        tag=tag,
        name=_name(node),
        box=Box(0, 0, *_SIZES.get(kind, (100.0, 80.0))),
        event=definitions[0].removesuffix("EventDefinition") if definitions else "",
        interrupting=not quiet,
        marked=marked,
        host=_reference(node, "attachedToRef"),
    )


def _placed(
    plane: Node, shapes: Mapping[str, Shape], edges: Mapping[str, Edge]
) -> tuple[list[Shape], list[Edge]]:
    drawn: list[Shape] = []
    lines: list[Edge] = []
    for node in plane:
        of = node.get("bpmnElement", "").rpartition(":")[2]
        label = _bounds(node.find(f"{_BPMNDI}BPMNLabel"))
        if node.tag == f"{_BPMNDI}BPMNShape" and of in shapes:
            box = _bounds(node)
            if box is not None:
                drawn.append(
                    replace(
                        shapes[of],
                        box=box,
                        label=label,
                        upright=node.get("isHorizontal") == "false",
                        expanded=node.get("isExpanded") == "true",
                    )
                )
        elif node.tag == f"{_BPMNDI}BPMNEdge" and of in edges:
            points = tuple((_number(p, "x"), _number(p, "y")) for p in node.findall(f"{_DI}waypoint"))
            if len(points) > 1:
                lines.append(replace(edges[of], points=points, label=label))
    return drawn, lines


def _bounds(node: Node | None) -> Box | None:
    bounds = node.find(f"{_DC}Bounds") if node is not None else None
    if bounds is None:
        return None
    return Box(*(_number(bounds, side) for side in ("x", "y", "width", "height")))


def _number(node: Node, attribute: str) -> float:
    text = node.get(attribute, "")
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not isfinite(value) or abs(value) > _FARTHEST:
        raise DrawingRefused(
            f"The layout holds {attribute}={text!r}, which is no place on a drawing. Lay it out anew."
        )
    return value
