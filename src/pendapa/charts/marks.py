"""The small signs inside BPMN shapes, as SVG elements with presentation attributes only."""

from __future__ import annotations

from math import cos, pi, sin

from pendapa.charts.diagram import Shape


def number(value: float) -> str:
    """A coordinate, short: tenths are fine enough."""
    return f"{round(value, 1):g}" if abs(value) < 100_000 else f"{value:.0f}"


def path(*steps: str | float, fill: str = "none", stroke: str = "#4d5b60", width: float = 1.4) -> str:
    d = " ".join(step if isinstance(step, str) else number(step) for step in steps)
    return (
        f'<path d="{d}" fill="{fill}" stroke="{stroke}" stroke-width="{number(width)}" '
        'stroke-linejoin="round" stroke-linecap="round"/>'
    )


def circle(
    x: float, y: float, radius: float, *, fill: str, stroke: str, width: float, dashed: bool = False
) -> str:
    dash = ' stroke-dasharray="5 3"' if dashed else ""
    return (
        f'<circle cx="{number(x)}" cy="{number(y)}" r="{number(radius)}" fill="{fill}" stroke="{stroke}" '
        f'stroke-width="{number(width)}"{dash}/>'
    )


def envelope(x: float, y: float, size: float, ink: str, *, filled: bool) -> str:
    """An envelope around a middle point: open for a message that comes, filled for one that goes."""
    w, h = size, size * 0.68
    left, top = x - w / 2, y - h / 2
    body = path("M", left, top, "h", w, "v", h, "h", -w, "z", fill=ink if filled else "#ffffff", stroke=ink)
    return body + path(
        "M", left, top, "L", x, y + h * 0.1, "L", left + w, top, stroke="#ffffff" if filled else ink
    )


def clock(x: float, y: float, radius: float, ink: str) -> str:
    ticks: list[str | float] = []
    for hour in range(0, 12, 3):
        angle = hour * pi / 6
        ticks += ["M", x + sin(angle) * radius * 0.75, y - cos(angle) * radius * 0.75]
        ticks += ["L", x + sin(angle) * radius, y - cos(angle) * radius]
    hands = path("M", x, y - radius * 0.65, "L", x, y, "L", x + radius * 0.5, y, stroke=ink)
    return (
        circle(x, y, radius, fill="#ffffff", stroke=ink, width=1.2)
        + path(*ticks, stroke=ink, width=1)
        + hands
    )


def event_mark(shape: Shape, ink: str) -> str:
    """What an event waits for or gives out."""
    x, y = shape.box.middle
    radius = min(shape.box.width, shape.box.height) / 2
    filled = shape.tag in ("endEvent", "intermediateThrowEvent")
    match shape.event:
        case "message":
            return envelope(x, y, radius * 1.05, ink, filled=filled)
        case "timer":
            return clock(x, y, radius * 0.58, ink)
        case "terminate":
            return circle(x, y, radius * 0.58, fill=ink, stroke=ink, width=1)
        case "signal":
            r = radius * 0.55
            return path(
                "M",
                x,
                y - r,
                "L",
                x + r,
                y + r * 0.7,
                "H",
                x - r,
                "z",
                fill=ink if filled else "none",
                stroke=ink,
            )
        case "error":
            r = radius * 0.55
            steps = (
                "M",
                x - r,
                y + r * 0.8,
                "L",
                x - r * 0.3,
                y - r * 0.7,
                "L",
                x + r * 0.3,
                y + r * 0.3,
                "L",
                x + r,
                y - r * 0.8,
            )
            return path(*steps, stroke=ink, width=2)
        case "link":
            r = radius * 0.55
            return path(
                "M",
                x - r,
                y,
                "H",
                x + r,
                "M",
                x + r * 0.3,
                y - r * 0.6,
                "L",
                x + r,
                y,
                "L",
                x + r * 0.3,
                y + r * 0.6,
                stroke=ink,
            )
        case "":
            return ""
        case _:
            return circle(x, y, radius * 0.3, fill="none", stroke=ink, width=1.4)


def gateway_mark(shape: Shape, ink: str) -> str:
    x, y = shape.box.middle
    r = shape.box.width * 0.18
    match shape.tag:
        case "exclusiveGateway":
            return path(
                "M",
                x - r,
                y - r,
                "L",
                x + r,
                y + r,
                "M",
                x + r,
                y - r,
                "L",
                x - r,
                y + r,
                stroke=ink,
                width=3,
            )
        case "parallelGateway":
            r *= 1.25
            return path("M", x - r, y, "H", x + r, "M", x, y - r, "V", y + r, stroke=ink, width=3)
        case "inclusiveGateway":
            return circle(x, y, r * 1.3, fill="none", stroke=ink, width=2.6)
        case "complexGateway":
            cross = ("M", x - r, y - r, "L", x + r, y + r, "M", x + r, y - r, "L", x - r, y + r)
            return path(*cross, "M", x - r, y, "H", x + r, "M", x, y - r, "V", y + r, stroke=ink, width=2)
        case _:
            return circle(x, y, r * 1.5, fill="none", stroke=ink, width=1.2) + circle(
                x, y, r * 0.8, fill="none", stroke=ink, width=1.2
            )


def task_mark(shape: Shape, ink: str) -> str:
    """The sign of the kind of work, in the upper left corner."""
    x, y = shape.box.x + 14, shape.box.y + 13
    match shape.tag:
        case "userTask":
            return circle(x, y - 3, 3, fill="none", stroke=ink, width=1.2) + path(
                "M", x - 6, y + 6, "C", x - 6, y - 1, x + 6, y - 1, x + 6, y + 6, "z", stroke=ink, width=1.2
            )
        case "serviceTask":
            teeth: list[str | float] = []
            for tooth in range(8):
                angle = tooth * pi / 4
                teeth += [
                    "M",
                    x + cos(angle) * 4.5,
                    y + sin(angle) * 4.5,
                    "L",
                    x + cos(angle) * 6.5,
                    y + sin(angle) * 6.5,
                ]
            return circle(x, y, 4.2, fill="none", stroke=ink, width=1.4) + path(*teeth, stroke=ink, width=2)
        case "sendTask":
            return envelope(x, y, 13, ink, filled=True)
        case "receiveTask":
            return envelope(x, y, 13, ink, filled=False)
        case "businessRuleTask":
            return path(
                "M",
                x - 6,
                y - 5,
                "h",
                12,
                "v",
                10,
                "h",
                -12,
                "z",
                "M",
                x - 6,
                y - 1.5,
                "h",
                12,
                "M",
                x - 2,
                y - 5,
                "v",
                10,
                stroke=ink,
                width=1.2,
            )
        case "scriptTask":
            return path(
                "M",
                x - 5,
                y - 4,
                "h",
                10,
                "M",
                x - 5,
                y,
                "h",
                7,
                "M",
                x - 5,
                y + 4,
                "h",
                10,
                stroke=ink,
                width=1.4,
            )
        case "manualTask":
            return path(
                "M",
                x - 6,
                y + 1,
                "v",
                -4,
                "h",
                12,
                "M",
                x - 6,
                y + 1,
                "v",
                4,
                "h",
                9,
                "M",
                x - 1,
                y + 1,
                "h",
                6,
                "M",
                x - 1,
                y - 3,
                "l",
                3,
                -3,
                stroke=ink,
                width=1.2,
            )
        case _:
            return ""


def foot_mark(shape: Shape, ink: str) -> str:
    """Repetition and hidden steps, at the foot of a task."""
    x, y = shape.box.middle[0], shape.box.bottom - 9
    match shape.marked:
        case "parallel":
            return path(
                "M",
                x - 4,
                y - 5,
                "v",
                10,
                "M",
                x,
                y - 5,
                "v",
                10,
                "M",
                x + 4,
                y - 5,
                "v",
                10,
                stroke=ink,
                width=2,
            )
        case "sequential":
            return path(
                "M",
                x - 5,
                y - 4,
                "h",
                10,
                "M",
                x - 5,
                y,
                "h",
                10,
                "M",
                x - 5,
                y + 4,
                "h",
                10,
                stroke=ink,
                width=2,
            )
        case "loop":
            return path("M", x - 3, y + 4, "A", 5, 5, "0 1 1", x + 3, y + 4, stroke=ink, width=1.6)
    if shape.tag in ("subProcess", "adHocSubProcess", "transaction", "callActivity") and not shape.expanded:
        return path(
            "M",
            x - 6,
            y - 6,
            "h",
            12,
            "v",
            12,
            "h",
            -12,
            "z M",
            x,
            y - 4,
            "v",
            8,
            "M",
            x - 4,
            y,
            "h",
            8,
            stroke=ink,
            width=1.2,
        )
    return ""
