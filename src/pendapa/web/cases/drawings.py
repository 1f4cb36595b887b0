"""Lines and outlines out of the files that map programs save: GeoJSON, GPX and KML.

What comes in is checked by reading it, within limits and without entities; what comes out is the value of a geotrace or
geoshape: `latitude longitude` in degrees, points between `;`.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from django.utils.translation import gettext as _

MOST_POINTS = 400
"""So many points fit into one answer of the form engine (10,000 characters)."""

Line = list[tuple[float, float]]  # (latitude, longitude) in degrees


class NotDrawn(ValueError):
    """The file holds no line or outline that we can take. The text is a sentence for people."""


def read_drawing(content: bytes, *, closed: bool) -> str:
    """The one line of a file, or with `closed` the one outline; its last point then is the first again.

    Raises NotDrawn.
    """
    text = content.removeprefix(b"\xef\xbb\xbf").lstrip()
    lines = list(_geojson(text) if text.startswith(b"{") else _xml(text))
    if not lines:
        raise NotDrawn(
            _("Tidak ada batas wilayah di berkas ini. Gambar batasnya di aplikasi peta, lalu simpan lagi.")
            if closed
            else _("Tidak ada garis di berkas ini. Gambar garisnya di aplikasi peta, lalu simpan lagi.")
        )
    if len(lines) > 1:
        raise NotDrawn(
            _("Ada %(count)d gambar di berkas ini. Simpan satu saja, lalu kirim lagi.")
            % {"count": len(lines)}
        )
    points = lines[0]
    if closed and points[0] != points[-1]:
        points = [*points, points[0]]
    if len(points) < (4 if closed else 2):
        raise NotDrawn(
            _("Batas wilayah perlu sedikitnya tiga titik. Lengkapi gambarnya, lalu simpan lagi.")
            if closed
            else _("Garis perlu sedikitnya dua titik. Lengkapi gambarnya, lalu simpan lagi.")
        )
    if len(points) > MOST_POINTS:
        raise NotDrawn(
            _("Gambar ini punya %(count)d titik, lebih dari %(most)d. Sederhanakan dahulu di aplikasi peta.")
            % {"count": len(points), "most": MOST_POINTS}
        )
    return ";".join(f"{_degrees(latitude)} {_degrees(longitude)}" for latitude, longitude in points)


def _degrees(value: float) -> str:
    """Seven decimals are about a centimetre."""
    return f"{value:.7f}".rstrip("0").rstrip(".") or "0"


def _point(latitude: Any, longitude: Any) -> tuple[float, float]:
    try:
        place = float(latitude), float(longitude)
    except (TypeError, ValueError):
        raise NotDrawn(_unreadable()) from None
    if not all(map(math.isfinite, place)) or abs(place[0]) > 90 or abs(place[1]) > 180:
        raise NotDrawn(
            _(
                "Ada titik di luar bumi di berkas ini. Simpan lagi dengan koordinat WGS 84 (lintang dan bujur)."
            )
        )
    return place


def _unreadable() -> str:
    return _("Berkas ini tidak bisa dibaca. Simpan lagi dari aplikasi peta sebagai GeoJSON, GPX atau KML.")


# --- GeoJSON (RFC 7946) ----------------------------------------------------------------------------
def _geojson(content: bytes) -> Iterator[Line]:
    try:
        data = json.loads(content)
    except (ValueError, RecursionError):
        raise NotDrawn(_unreadable()) from None
    for geometry in _geometries(data):
        coordinates = geometry.get("coordinates")
        if not isinstance(coordinates, list):
            raise NotDrawn(_unreadable())
        kind = geometry.get("type")
        if kind == "LineString":
            yield _positions(coordinates)
        elif kind in ("Polygon", "MultiLineString"):
            # The first ring is the outline, others are holes, which a geoshape does not know.
            for ring in coordinates[:1] if kind == "Polygon" else coordinates:
                yield _positions(ring)
        elif kind == "MultiPolygon":
            for polygon in coordinates:
                if not isinstance(polygon, list) or not polygon:
                    raise NotDrawn(_unreadable())
                yield _positions(polygon[0])


def _geometries(data: Any) -> Iterator[dict[str, Any]]:
    """The geometries of a collection, a feature, or the one that the data is; flat, as programs write them."""
    if not isinstance(data, dict):
        return
    parts = data.get("features") or data.get("geometries")
    for part in parts if isinstance(parts, list) else [data]:
        found = part.get("geometry", part) if isinstance(part, dict) else None
        if isinstance(found, dict):
            yield found


def _positions(coordinates: Any) -> Line:
    if not isinstance(coordinates, list):
        raise NotDrawn(_unreadable())
    line: Line = []
    for position in coordinates:
        if not isinstance(position, list) or len(position) < 2:
            raise NotDrawn(_unreadable())
        line.append(_point(position[1], position[0]))  # GeoJSON writes longitude first
    return line or _nothing()


def _nothing() -> Line:
    raise NotDrawn(_unreadable())


# --- GPX and KML -----------------------------------------------------------------------------------
def _xml(content: bytes) -> Iterator[Line]:
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    try:
        root: Element = fromstring(content, forbid_dtd=True)
    except (DefusedXmlException, ParseError, ValueError, LookupError):
        raise NotDrawn(_unreadable()) from None
    for element in root.iter():
        name = _name(element)
        if name in ("trkseg", "rte"):
            points = [e for e in element if _name(e) in ("trkpt", "rtept")]
            if points:
                yield [_point(e.get("lat"), e.get("lon")) for e in points]
        elif name == "LineString" or name == "outerBoundaryIs":
            for inside in element.iter():
                if _name(inside) == "coordinates":
                    yield _kml_positions(inside.text or "")


def _kml_positions(text: str) -> Line:
    line: Line = []
    for position in text.split():
        longitude, _comma, rest = position.partition(",")
        line.append(_point(rest.partition(",")[0], longitude))
    return line or _nothing()


def _name(element: Element) -> str:
    return str(element.tag).rsplit("}", 1)[-1]
