"""The lanes of a process and who works in them."""

from __future__ import annotations

from xml.etree.ElementTree import Element as Node

from pendapa.processes.model import Lane
from pendapa.processes.xmlfile import BPMN, name_of


def read_lanes(main: Node) -> tuple[tuple[Lane, ...], dict[str, str]]:
    """All lanes, outer before inner, and the name of the innermost lane of each element."""
    lanes: list[Lane] = []
    lane_of: dict[str, str] = {}
    todo: list[tuple[Node, str | None]] = [(lane, None) for lane in main.findall(f"{BPMN}laneSet/{BPMN}lane")]
    while todo:
        # Breadth first: an inner lane comes after the one around it and so overwrites it.
        node, parent = todo.pop(0)
        members = tuple(
            (ref.text or "").strip().rpartition(":")[2] for ref in node.findall(f"{BPMN}flowNodeRef")
        )
        lane = Lane(node.get("id", ""), name_of(node) or node.get("id", ""), parent, members)
        lanes.append(lane)
        lane_of.update(dict.fromkeys(members, lane.name))
        todo += [(inner, lane.id) for inner in node.findall(f"{BPMN}childLaneSet/{BPMN}lane")]
    return tuple(lanes), lane_of
