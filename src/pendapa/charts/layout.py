"""A plain layout for BPMN files that carry none: left to right by rank, one band a lane."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from pendapa.charts.diagram import Box, Diagram, Edge, Shape

_COLUMN: Final = 190.0
_ROW: Final = 140.0
_HEADER: Final = 30.0
_TRACK: Final = 7.0


def lay_out(diagram: Diagram) -> Diagram:
    """Find boxes and points for a diagram without layout."""
    nodes = [shape for shape in diagram.shapes if shape.kind != "lane"]
    inner = set(diagram.lane_of.values())
    lanes = [shape for shape in diagram.shapes if shape.kind == "lane" and shape.id in inner]
    ranks = _ranks(nodes, diagram.edges)
    rows, lane_rows = _rows(nodes, lanes, ranks, diagram)
    left = _HEADER if lanes else 0.0
    placed: dict[str, Shape] = {}
    for node in nodes:
        if not node.host or node.host not in ranks:
            middle_x, middle_y = left + (ranks[node.id] + 0.5) * _COLUMN, (rows[node.id] + 0.5) * _ROW
            placed[node.id] = replace(node, box=_around(middle_x, middle_y, node.box))
    hosted: dict[str, int] = {}
    for node in nodes:
        if node.id not in placed:
            host = placed[node.host].box
            number = hosted[node.host] = hosted.get(node.host, 0) + 1
            placed[node.id] = replace(node, box=_around(host.right - 24 * number, host.bottom, node.box))
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
    out = (start.middle[0], start.bottom) if source.host else (start.right, start.middle[1])
    into = (end.x, end.middle[1])
    free = not any(
        other is not source
        and other is not target
        and other.host != source.id
        and abs(other.box.middle[1] - out[1]) < _ROW / 3
        and out[0] < other.box.middle[0] < into[0]
        for other in placed.values()
    )
    turn = into[0] - 22 + shift / 2
    if not source.host and out[0] < into[0] and free:
        points = [out, into] if out[1] == into[1] else [out, (turn, out[1]), (turn, into[1]), into]
        return replace(edge, points=tuple(points))
    gutter = (rows[edge.source] + 1) * _ROW - 12 + shift
    if source.host:
        points = [out, (out[0], gutter), (turn, gutter), (turn, into[1]), into]
    elif into[0] > out[0]:
        leave = out[0] + 14 - shift / 2
        points = [out, (leave, out[1]), (leave, gutter), (turn, gutter), (turn, into[1]), into]
    else:
        under = (end.middle[0] + shift, end.bottom)
        away = (start.middle[0] + shift, start.bottom)
        if source.kind == "gateway":
            away = (start.middle[0], start.bottom)
        points = [away, (away[0], gutter), (under[0], gutter), under]
    return replace(edge, points=tuple(points))
