"""A plain layout for BPMN files that carry none: left to right by rank, one band a lane."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from pendapa.charts.diagram import Box, Diagram, DrawingRefused, Edge, Shape

MOST_NODES: Final = 600
_COLUMN: Final = 190.0
_ROW: Final = 160.0
_HEADER: Final = 30.0
_TRACK: Final = 5.0


def lay_out(diagram: Diagram) -> Diagram:
    """Find boxes and points for a diagram without layout. Raises DrawingRefused when it is too large."""
    nodes = [shape for shape in diagram.shapes if shape.kind != "lane"]
    if len(nodes) > MOST_NODES:
        raise DrawingRefused(
            f"The file has no layout and {len(nodes):,} elements; at most {MOST_NODES:,} are laid out. "
            "Lay it out in a process editor."
        )
    inner = set(diagram.lane_of.values())
    lanes = [shape for shape in diagram.shapes if shape.kind == "lane" and shape.id in inner]
    ranks = _ranks(nodes, diagram.edges)
    rows, lane_rows = _rows(nodes, lanes, ranks, diagram)
    left = _HEADER if lanes else 0.0
    placed: dict[str, Shape] = {}
    for node in nodes:
        if not node.host or node.host not in ranks:
            middle_x, middle_y = left + (ranks[node.id] + 0.5) * _COLUMN, (rows[node.id] + 0.5) * _ROW
            placed[node.id] = _labelled(replace(node, box=_around(middle_x, middle_y, node.box)))
    hosted: dict[str, int] = {}
    for node in nodes:
        if node.id not in placed:
            host = placed[node.host].box
            number = hosted[node.host] = hosted.get(node.host, 0) + 1
            box = _around(host.right - 24 - 42 * (number - 1), host.bottom, node.box)
            placed[node.id] = replace(node, box=box, label=Box(box.right + 2, box.bottom - 14, 70, 30))
            rows[node.id] = rows[node.host]
    width = left + (max(ranks.values()) + 1) * _COLUMN
    bands = [
        replace(lane, box=Box(0, lane_rows[lane.id][0] * _ROW, width, lane_rows[lane.id][1] * _ROW))
        for lane in lanes
    ]
    edges = tuple(_route(edge, placed, rows, number) for number, edge in enumerate(diagram.edges))
    return replace(diagram, shapes=(*bands, *placed.values()), edges=edges, placed=True)


def _around(x: float, y: float, size: Box) -> Box:
    return Box(x - size.width / 2, y - size.height / 2, size.width, size.height)


def _labelled(shape: Shape) -> Shape:
    """Names above what lines leave downwards; under the first and last events."""
    if shape.kind == "gateway" or (shape.kind == "event" and shape.tag not in ("startEvent", "endEvent")):
        return replace(shape, label=Box(shape.box.middle[0] - 40, shape.box.y - 20, 80, 15))
    return shape


def _ranks(nodes: list[Shape], edges: tuple[Edge, ...]) -> dict[str, int]:
    """Longest way from a start, leaving out the flows that lead back (found depth first)."""
    onward: dict[str, list[str]] = {node.id: [] for node in nodes}
    for edge in edges:
        onward[edge.source].append(edge.target)
    for node in nodes:
        if node.host in onward:
            onward[node.host].append(node.id)
    order: list[str] = []
    state: dict[str, int] = {}
    back: set[tuple[str, str]] = set()
    targets = {edge.target for edge in edges}
    firsts = sorted(nodes, key=lambda n: (n.tag != "startEvent", n.id in targets or bool(n.host)))
    for first in firsts:
        todo: list[tuple[str, int]] = [(first.id, 0)]
        while todo:
            id_, at = todo.pop()
            if at == 0:
                if state.get(id_):
                    continue
                state[id_] = 1
            if at < len(onward[id_]):
                todo.append((id_, at + 1))
                following = onward[id_][at]
                if state.get(following) == 1:
                    back.add((id_, following))
                else:
                    todo.append((following, 0))
            else:
                state[id_] = 2
                order.append(id_)
    ranks = {node.id: 0 for node in nodes}
    hosts = {node.id: node.host for node in nodes}
    for id_ in reversed(order):
        for following in onward[id_]:
            if (id_, following) not in back:
                # A boundary event stands on its host, so it shares the host's rank.
                ranks[following] = max(ranks[following], ranks[id_] + (hosts[following] != id_))
    return ranks


def _rows(
    nodes: list[Shape], lanes: list[Shape], ranks: Mapping[str, int], diagram: Diagram
) -> tuple[dict[str, int], dict[str, tuple[int, int]]]:
    """The row of each node, and first row and height of each lane."""
    rows: dict[str, int] = {}
    lane_rows: dict[str, tuple[int, int]] = {}
    top = 0
    before: dict[str, list[str]] = {}
    for edge in diagram.edges:
        before.setdefault(edge.target, []).append(edge.source)
    for lane in [*(shape.id for shape in lanes), ""]:
        members = [n for n in nodes if diagram.lane_of.get(n.id, "") == lane and n.host not in ranks]
        taken: dict[int, set[int]] = {}
        height = 0
        for node in sorted(members, key=lambda n: ranks[n.id]):
            used = taken.setdefault(ranks[node.id], set())
            wished = [rows[b] - top for b in before.get(node.id, ()) if b in rows and rows[b] >= top]
            row = min(wished, default=0)
            while row in used:
                row += 1
            used.add(row)
            rows[node.id] = top + row
            height = max(height, row + 1)
        if lane:
            lane_rows[lane] = (top, max(height, 1))
            top += max(height, 1)
    return rows, lane_rows


def _route(edge: Edge, placed: Mapping[str, Shape], rows: Mapping[str, int], number: int) -> Edge:
    """Right angles: straight where the way is free, else along the gutter under the source's row."""
    source, target = placed[edge.source], placed[edge.target]
    start, end = source.box, target.box
    shift = (number % 5 - 2) * _TRACK
    right, below = (start.right, start.middle[1]), (start.middle[0], start.bottom)
    into = (end.x, end.middle[1])
    turn = into[0] - 22 + shift
    gutter = (rows[edge.source] + 1) * _ROW - 18 + shift
    others = [s.box.middle for s in placed.values() if s is not source and s is not target and not s.host]

    def free(y: float) -> bool:
        return not any(
            abs(other[1] - y) < _ROW / 3 and start.middle[0] < other[0] < into[0] for other in others
        )

    points: list[tuple[float, float]]
    if source.host:
        points = [below, (below[0], gutter), (turn, gutter), (turn, into[1]), into]
    elif right[0] < into[0] and start.middle[1] == into[1] and free(into[1]):
        points = [right, into]
    elif right[0] < into[0] and source.kind == "gateway" and free(into[1]):
        # A gateway's other ways out leave by its corners, as one draws them by hand.
        corner = below if into[1] > start.middle[1] else (below[0], start.y)
        points = [corner, (corner[0], into[1]), into]
    elif right[0] < into[0] and free(right[1]):
        points = [right, (turn, right[1]), (turn, into[1]), into]
    elif right[0] < into[0]:
        leave = below[0] if source.kind == "gateway" else right[0] + 14 + shift
        first = below if source.kind == "gateway" else right
        points = [first, (leave, first[1]), (leave, gutter), (turn, gutter), (turn, into[1]), into]
    else:
        away = below[0] if source.kind in ("gateway", "event") else below[0] + shift
        under = end.middle[0] + 2 * shift - 10 if target.kind == "task" else end.middle[0]
        points = [(away, start.bottom), (away, gutter), (under, gutter), (under, end.bottom)]
    return replace(
        edge, points=tuple(point for n, point in enumerate(points) if n == 0 or point != points[n - 1])
    )
