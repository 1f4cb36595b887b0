"""Draw a BPMN process as one SVG picture that can stand in a page, a letter or a PDF.

Presentation attributes only (no style element or attribute), so it is shown under a strict content security
policy. Colour never speaks alone: the present step has a ring, a done step a tick.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from html import escape
from itertools import pairwise
from math import hypot
from typing import Final, Protocol

from pendapa.charts.diagram import Box, Diagram, DrawingRefused, Edge, Shape, read_diagram
from pendapa.charts.layout import lay_out
from pendapa.charts.lettering import width_of, wrap
from pendapa.charts.marks import circle, event_mark, foot_mark, gateway_mark, number, path, task_mark

INK: Final = "#1d2a2f"
SOFT: Final = "#4d5b60"
LINE: Final = "#c9c1b3"
TEAL: Final = "#0f5a62"
TILE: Final = "#a8482a"
TILE_WASH: Final = "#fbeee9"
GOOD: Final = "#1f6b3a"
GOOD_WASH: Final = "#e7f3ea"
_SIZE: Final = 12.0
_LEADING: Final = 15.0
_MARGIN: Final = 20.0
_WORDS: Final = {
    "id": {"title": "Alur proses", "at": "Langkah sekarang", "done": "Sudah selesai", "steps": "Langkah"},
    "en": {"title": "Process", "at": "Present step", "done": "Done", "steps": "Steps"},
}


class _HasSource(Protocol):
    @property
    def source(self) -> bytes: ...


def draw(
    process_or_source: bytes | _HasSource,
    at: Collection[str] = (),
    done: Collection[str] = (),
    language: str = "id",
) -> str:
    """Draw a BPMN file, or a compiled process that carries its `source`, as an SVG document.

    Elements whose ids are in `at` get a ring, those in `done` a tick; both also stand in the description for
    screen readers, in `language` ("id" or "en"). A file without layout is laid out left to right.
    Raises DrawingRefused: the file cannot be read, or `at` or `done` name an element it does not have.
    """
    source = process_or_source if isinstance(process_or_source, bytes) else process_or_source.source
    diagram = read_diagram(source)
    if not diagram.placed:
        diagram = lay_out(diagram)
    known = {shape.id for shape in diagram.shapes}
    for id_ in (*at, *done):
        if id_ not in known:
            raise DrawingRefused(f"The drawing has no element {id_!r}. It has: {', '.join(sorted(known))}.")
    frame = _frame(diagram)
    parts = [
        _svg_tag(frame),
        *_described(diagram, at, done, _WORDS.get(language, _WORDS["en"])),
        f'<rect x="{number(frame.x)}" y="{number(frame.y)}" width="{number(frame.width)}" '
        f'height="{number(frame.height)}" fill="#ffffff"/>',
    ]
    for kind in ("pool", "lane"):
        parts += [_band(shape) for shape in diagram.shapes if shape.kind == kind]
    nodes = [shape for shape in diagram.shapes if shape.kind not in ("pool", "lane")]
    # Expanded sub-processes lie under what they hold; boundary events lie over their task.
    nodes.sort(key=lambda shape: (not shape.expanded, shape.tag == "boundaryEvent"))
    expanded = [shape for shape in nodes if shape.expanded]
    parts += [_node(shape, shape.id in at, shape.id in done) for shape in expanded]
    # Rings under the lines, so that an arrow is seen to arrive.
    parts += [_ring(shape) for shape in nodes if shape.id in at]
    parts += [_line(edge) for edge in diagram.edges]
    parts += [_node(shape, shape.id in at, shape.id in done) for shape in nodes if not shape.expanded]
    parts += [_edge_label(edge) for edge in diagram.edges if edge.name]
    parts.append("</svg>")
    return "\n".join(part for part in parts if part) + "\n"


def _described(
    diagram: Diagram, at: Collection[str], done: Collection[str], words: dict[str, str]
) -> Iterator[str]:
    """Title and description: what someone who does not see the picture has to know."""
    title = f"{words['title']}: {diagram.name}" if diagram.name else words["title"]
    yield f"<title>{_text(title)}</title>"
    sentences = []
    for word, wanted in (("at", at), ("done", done)):
        names = [shape.name or shape.id for shape in diagram.shapes if shape.id in wanted]
        if names:
            sentences.append(f"{words[word]}: {', '.join(names)}.")
    if not sentences:
        steps = [shape.name for shape in diagram.shapes if shape.kind == "task" and shape.name]
        sentences = [f"{words['steps']}: {', '.join(steps)}."] if steps else []
    yield f"<desc>{_text(' '.join(sentences))}</desc>"


def _text(text: str) -> str:
    """Escaped, and without the control characters XML has no place for."""
    return escape("".join(letter for letter in text if letter.isprintable() or letter == " "))


def _frame(diagram: Diagram) -> Box:
    """What the picture must show: shapes, lines, and the labels outside of them."""
    xs: list[float] = []
    ys: list[float] = []
    for shape in diagram.shapes:
        boxes = [shape.box]
        if _named_outside(shape):
            boxes.append(_label(shape)[1])
        for box in boxes:
            xs += [box.x, box.right]
            ys += [box.y, box.bottom]
    for edge in diagram.edges:
        xs += [x for x, _ in edge.points]
        ys += [y for _, y in edge.points]
    left, top = min(xs) - _MARGIN, min(ys) - _MARGIN
    return Box(left, top, max(xs) + _MARGIN - left, max(ys) + _MARGIN - top)


def _svg_tag(frame: Box) -> str:
    width, height = number(frame.width), number(frame.height)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" width="{width}" height="{height}" '
        f'viewBox="{number(frame.x)} {number(frame.y)} {width} {height}" '
        f'font-family="system-ui, sans-serif" font-size="{number(_SIZE)}" fill="{INK}">'
    )


def _named_outside(shape: Shape) -> bool:
    return bool(shape.name) and shape.kind in ("event", "gateway", "data")


def _label(shape: Shape) -> tuple[list[str], Box]:
    """Lines and place of the name of an event or gateway: where the file puts it, else under the shape."""
    lines = wrap(shape.name, _room(shape.name, shape.label), _SIZE, 4)
    width = max((width_of(line, _SIZE) for line in lines), default=0.0)
    height = len(lines) * _LEADING
    x, y = shape.box.middle[0], shape.box.bottom + 5
    if shape.label is not None:
        x = shape.label.middle[0]
        # The file counted on its own font: keep the side that faces the shape.
        if shape.label.y >= shape.box.middle[1]:
            y = shape.label.y
        elif shape.label.bottom <= shape.box.middle[1]:
            y = shape.label.bottom - height
        else:
            y = shape.label.middle[1] - height / 2
    return lines, Box(x - width / 2, y, width, height)


def _room(name: str, label: Box | None) -> float:
    """How wide the lines of a label may be; one long word is not cut for a few units."""
    longest = max(width_of(word, _SIZE) for word in name.split())
    return max(104.0, min(longest, 140.0), label.width if label else 0.0)


def _lines_of_text(
    lines: list[str], x: float, top: float, *, bold: bool = False, halo: bool = False, turn: str = ""
) -> str:
    """Centred lines of text, the first one's box beginning at `top`."""
    weight = ' font-weight="700"' if bold else ""
    paint = ' stroke="#ffffff" stroke-width="4" stroke-linejoin="round" paint-order="stroke"' if halo else ""
    spans = "".join(
        f'<tspan x="{number(x)}" y="{number(top + _LEADING * row + 11.5)}">{_text(line)}</tspan>'
        for row, line in enumerate(lines)
    )
    return f'<text text-anchor="middle"{weight}{paint}{turn}>{spans}</text>'


def _rect(box: Box, *, fill: str, stroke: str, width: float, radius: float = 0, dashed: bool = False) -> str:
    corners = f' rx="{number(radius)}"' if radius else ""
    dash = ' stroke-dasharray="6 4"' if dashed else ""
    return (
        f'<rect x="{number(box.x)}" y="{number(box.y)}" '
        f'width="{number(box.width)}" height="{number(box.height)}" '
        f'fill="{fill}" stroke="{stroke}" stroke-width="{number(width)}"{corners}{dash}/>'
    )


def _band(shape: Shape) -> str:
    """A pool or lane, its name in a strip along the left side (on top of an upright one)."""
    box = shape.box
    header = Box(box.x, box.y, box.width, 30) if shape.upright else Box(box.x, box.y, 30, box.height)
    pool = shape.kind == "pool"
    parts = [_rect(box, fill="none" if pool else "#ffffff", stroke=LINE, width=1.2)]
    parts.append(_rect(header, fill="#e6f0f0" if pool else "#fbf9f5", stroke=LINE, width=1.2))
    room = (header.width if shape.upright else header.height) - 10
    lines = wrap(shape.name, room, _SIZE, 1 if room < 60 else 2)
    x, y = header.middle
    turn = "" if shape.upright else f' transform="rotate(-90 {number(x)} {number(y)})"'
    if lines:
        parts.append(_lines_of_text(lines, x, y - len(lines) * _LEADING / 2, bold=pool, turn=turn))
    return "".join(parts)


def _node(shape: Shape, at: bool, done: bool) -> str:
    stroke = TILE if at else GOOD if done else SOFT
    fill = TILE_WASH if at else GOOD_WASH if done else "#ffffff"
    body = {"event": _event, "gateway": _gateway, "task": _task}.get(shape.kind, _artifact)(
        shape, fill, stroke
    )
    tick = _tick(shape) if done and not at else ""
    label = ""
    if _named_outside(shape):
        lines, box = _label(shape)
        label = _lines_of_text(lines, box.middle[0], box.y, halo=True, bold=at)
    return f'<g data-element="{escape(shape.id)}">{body}{tick}{label}</g>'


def _event(shape: Shape, fill: str, stroke: str) -> str:
    x, y = shape.box.middle
    radius = min(shape.box.width, shape.box.height) / 2
    dashed = not shape.interrupting
    outer = 3.4 if shape.tag == "endEvent" else 1.6
    parts = [circle(x, y, radius, fill=fill, stroke=stroke, width=outer, dashed=dashed)]
    if shape.tag not in ("startEvent", "endEvent"):
        parts.append(circle(x, y, radius - 3.5, fill="none", stroke=stroke, width=1.4, dashed=dashed))
    return "".join(parts) + event_mark(shape, stroke)


def _gateway(shape: Shape, fill: str, stroke: str) -> str:
    box = shape.box
    x, y = box.middle
    diamond = path(
        "M",
        x,
        box.y,
        "L",
        box.right,
        y,
        "L",
        x,
        box.bottom,
        "L",
        box.x,
        y,
        "z",
        fill=fill,
        stroke=stroke,
        width=1.6,
    )
    return diamond + gateway_mark(shape, stroke)


def _task(shape: Shape, fill: str, stroke: str) -> str:
    box = shape.box
    thick = 3.4 if shape.tag == "callActivity" else 1.6
    parts = [
        _rect(box, fill=fill, stroke=stroke, width=thick, radius=10),
        task_mark(shape, stroke),
        foot_mark(shape, stroke),
    ]
    most = max(1, int((box.height - 8) // _LEADING))
    lines = wrap(shape.name, box.width - 14, _SIZE, most)
    # The sign of the kind of work takes the corner, so four lines or more begin under it as far as they can.
    top = box.y + 6 if shape.expanded else box.y + max(4.0, (box.height - len(lines) * _LEADING) / 2)
    if task_mark(shape, stroke) and not shape.expanded:
        top = min(max(top, box.y + 22), box.bottom - len(lines) * _LEADING - 3)
    if lines:
        parts.append(_lines_of_text(lines, box.middle[0], top))
    return "".join(parts)


def _artifact(shape: Shape, fill: str, stroke: str) -> str:
    box = shape.box
    if shape.kind == "note":
        lines = wrap(shape.name, box.width - 12, _SIZE, max(1, int(box.height // _LEADING)))
        bracket = path("M", box.x + 12, box.y, "H", box.x, "V", box.bottom, "H", box.x + 12, stroke=SOFT)
        return bracket + (_lines_of_text(lines, box.middle[0], box.y + 3) if lines else "")
    if shape.kind == "group":
        return _rect(box, fill="none", stroke=SOFT, width=1.4, radius=10, dashed=True)
    return _rect(box, fill=fill, stroke=stroke, width=1.4)


def _ring(shape: Shape) -> str:
    box = Box(shape.box.x - 6, shape.box.y - 6, shape.box.width + 12, shape.box.height + 12)
    x, y = box.middle
    if shape.kind == "event":
        return circle(x, y, box.width / 2, fill="none", stroke=TILE, width=3)
    if shape.kind == "gateway":
        return path(
            "M",
            x,
            box.y - 2,
            "L",
            box.right + 2,
            y,
            "L",
            x,
            box.bottom + 2,
            "L",
            box.x - 2,
            y,
            "z",
            stroke=TILE,
            width=3,
        )
    return _rect(box, fill="none", stroke=TILE, width=3, radius=14)


def _tick(shape: Shape) -> str:
    x, y = shape.box.right - 4, shape.box.y + 4
    if shape.kind == "gateway":
        x, y = shape.box.right - 10, shape.box.y + 10
    return circle(x, y, 8, fill=GOOD, stroke="#ffffff", width=1.5) + path(
        "M", x - 3.5, y, "l", 2.5, 3, "l", 4.5, -6, stroke="#ffffff", width=2
    )


def _line(edge: Edge) -> str:
    steps: list[str | float] = []
    for place, (x, y) in enumerate(edge.points):
        steps += ["L" if place else "M", x, y]
    line = path(*steps, stroke=SOFT)
    if edge.kind != "flow":
        line = line.replace(
            "/>", ' stroke-dasharray="6 4"/>' if edge.kind == "message" else ' stroke-dasharray="2 4"/>'
        )
    if edge.kind == "association":
        return line
    head = _head(edge.points[-2], edge.points[-1], open_=edge.kind == "message")
    slash = _slash(edge.points[0], edge.points[1]) if edge.leaning else ""
    return line + head + slash


def _unit(start: tuple[float, float], end: tuple[float, float]) -> tuple[float, float]:
    length = hypot(end[0] - start[0], end[1] - start[1]) or 1.0
    return (end[0] - start[0]) / length, (end[1] - start[1]) / length


def _head(start: tuple[float, float], end: tuple[float, float], *, open_: bool) -> str:
    ux, uy = _unit(start, end)
    x, y = end
    back_x, back_y = x - ux * 10, y - uy * 10
    corners = (
        "M",
        x,
        y,
        "L",
        back_x - uy * 4.5,
        back_y + ux * 4.5,
        "L",
        back_x + uy * 4.5,
        back_y - ux * 4.5,
        "z",
    )
    return path(*corners, fill="#ffffff" if open_ else SOFT, stroke=SOFT, width=1)


def _slash(start: tuple[float, float], following: tuple[float, float]) -> str:
    """The stroke across the beginning of a default flow."""
    ux, uy = _unit(start, following)
    x, y = start[0] + ux * 9, start[1] + uy * 9
    px, py = (ux - uy) * 4.5, (uy + ux) * 4.5
    return path("M", x - px, y - py, "L", x + px, y + py, stroke=SOFT, width=1.4)


def _edge_label(edge: Edge) -> str:
    lines = wrap(edge.name, _room(edge.name, edge.label), _SIZE, 3)
    height = len(lines) * _LEADING
    if edge.label is not None:
        x, y = edge.label.middle
        return _lines_of_text(lines, x, y - height / 2, halo=True)
    # Without a place of its own the name stands on the longest level stretch: there it is easiest to read.
    stretches = sorted(pairwise(edge.points), key=lambda s: (s[0][1] == s[1][1], abs(s[1][0] - s[0][0])))
    (left, y), (right, level) = stretches[-1]
    x = (left + right) / 2
    return _lines_of_text(lines, x, y - height - 2 if y == level else (y + level - height) / 2, halo=True)
