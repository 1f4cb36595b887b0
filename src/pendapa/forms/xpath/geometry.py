"""area() and distance() on a sphere of 6,378,100 m, the radius JavaRosa and Enketo use; square metres and
metres."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from itertools import pairwise

from pendapa.forms.xpath.values import NAN

RADIUS = 6_378_100.0
Point = tuple[float, float]


def parse_point(text: str) -> Point | None:
    """Latitude and longitude in radians from `lat lon [altitude [accuracy]]`."""
    parts = text.split()
    if not 2 <= len(parts) <= 4:
        return None
    try:
        numbers = [float(p) for p in parts]
    except ValueError:
        return None
    latitude, longitude = numbers[0], numbers[1]
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180) or not all(map(math.isfinite, numbers)):
        return None
    return math.radians(latitude), math.radians(longitude)


_NUMBER = r"-?\d{1,9}(?:\.\d{0,18})?"
_POINT = re.compile(rf"{_NUMBER}(?: +{_NUMBER}){{1,3}}")


def is_point(text: str) -> bool:
    """Whether the text is a geopoint: latitude, longitude in degrees, altitude and accuracy in metres.

    >>> [is_point(t) for t in ("-6.98 109.14", "-6.98 109.14 31 4.5", "109.14 -6.98", "1e1 2", "-6.98")]
    [True, True, False, False, False]
    """
    return _POINT.fullmatch(text) is not None and parse_point(text) is not None


def _line(text: str) -> list[str]:
    """The points of a line as written; a `;` after the last one is no further point."""
    return [part.strip() for part in text.strip().removesuffix(";").split(";")]


def is_trace(text: str) -> bool:
    """Whether the text is a geotrace: two or more geopoints between `;`."""
    points = _line(text)
    return len(points) >= 2 and all(map(is_point, points))


def is_shape(text: str) -> bool:
    """Whether the text is a geoshape: three or more geopoints between `;`, the last at the place of the
    first (ODK XForms)."""
    points = _line(text)
    if len(points) < 3 or not all(map(is_point, points)):
        return False
    return parse_point(points[0]) == parse_point(points[-1])


def _points(texts: Sequence[str]) -> list[Point] | None:
    points: list[Point] = []
    for text in texts:
        for part in text.strip().strip(";").split(";"):
            if not part.strip():
                continue
            point = parse_point(part)
            if point is None:
                return None
            points.append(point)
    return points


def area(texts: Sequence[str]) -> float:
    """Area of the polygon, in square metres to two places; NaN when a point cannot be read."""
    points = _points(texts)
    if not points:
        return NAN
    if len(points) < 3:
        return 0.0
    total = 0.0
    for i, (latitude, longitude) in enumerate(points):
        next_latitude, next_longitude = points[(i + 1) % len(points)]
        total += (next_longitude - longitude) * (2 + math.sin(latitude) + math.sin(next_latitude))
    return round(abs(total * RADIUS * RADIUS / 2), 2)


def distance(texts: Sequence[str]) -> float:
    """Length along the points, in metres to two places; NaN when a point cannot be read."""
    points = _points(texts)
    if not points:
        return NAN
    total = 0.0
    for (a, b), (c, d) in pairwise(points):
        cosine = math.sin(a) * math.sin(c) + math.cos(a) * math.cos(c) * math.cos(b - d)
        total += math.acos(max(-1.0, min(1.0, cosine))) * RADIUS
    return round(total, 2)


def is_inside(point: str, outline: str) -> bool:
    """Whether a geopoint lies in a geoshape, latitude and longitude taken as a plane; False when one cannot be read.

    >>> square = "0 0; 0 2; 2 2; 2 0; 0 0"
    >>> [is_inside(p, square) for p in ("1 1", "1 3", "")]
    [True, False, False]
    """
    place, corners = parse_point(point), _points([outline])
    if place is None or corners is None or len(corners) < 3:
        return False
    latitude, longitude = place
    inside = False
    for (a, b), (c, d) in pairwise([*corners, corners[0]]):
        if (b > longitude) != (d > longitude) and latitude < (c - a) * (longitude - b) / (d - b) + a:
            inside = not inside  # a line from the place to the pole crosses this side
    return inside
