"""Lists of choices that come in files beside the form: CSV, XML and GeoJSON, as ODK reads them."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from pendapa.forms.model import Row
from pendapa.forms.xpath.nodes import local_name
from pendapa.forms.xpath.values import number_to_text

FORMATS = {
    "csv": "as CSV in UTF-8 with a line of column names",
    "xml": "as XML without a DTD: <root><item><name>...</name><label>...</label></item></root>",
    "geojson": "as GeoJSON: a FeatureCollection of points, lines and polygons",
}


class ListUnreadable(ValueError):
    """A file of choices cannot be used. `args[0]` says what is wrong with it."""


def right_format(file: str) -> str:
    return FORMATS.get(file.rsplit(".", 1)[-1].lower(), "as .csv, .xml or .geojson")


def read_list(file: str, files: Mapping[str, bytes]) -> Row:
    """The list in a file, as the `root` of its items. Raises ListUnreadable."""
    reader = {"csv": _read_csv, "xml": _read_xml, "geojson": _read_geojson}.get(
        file.rsplit(".", 1)[-1].lower()
    )
    if reader is None:
        raise ListUnreadable("is of no format for lists")
    if file not in files:
        raise ListUnreadable("is missing")
    return reader(files[file])


def row_of(element: Element) -> Row:
    """An element of an XForm with what it holds; names without namespace."""
    text = "" if len(element) else (element.text or "").strip()
    return Row(local_name(element.tag), text, tuple(row_of(e) for e in element))


def _read_csv(source: bytes) -> Row:
    try:
        records = list(csv.DictReader(io.StringIO(source.decode("utf-8-sig")), strict=True))
    except (UnicodeDecodeError, csv.Error) as wrong:
        raise ListUnreadable(f"cannot be read as CSV in UTF-8 ({wrong})") from None
    return _items([{k.strip(): v or "" for k, v in r.items() if k and isinstance(v, str)} for r in records])


def _items(records: list[dict[str, str]]) -> Row:
    items = (Row("item", "", tuple(Row(name, text) for name, text in r.items())) for r in records)
    return Row("root", "", tuple(items))


def _read_xml(source: bytes) -> Row:
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    try:
        return row_of(fromstring(source, forbid_dtd=True))
    except DefusedXmlException:
        raise ListUnreadable("declares entities or a DTD") from None
    except (ParseError, ValueError, LookupError, RecursionError) as wrong:
        raise ListUnreadable(f"is not well-formed XML ({wrong})") from None


def _read_geojson(source: bytes) -> Row:
    """Each feature is an item: its `id`, its properties, and `geometry` as ODK writes places."""
    try:
        features = json.loads(source.decode("utf-8-sig"))["features"]
        return _items([_feature(feature) for feature in features])
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError) as wrong:
        raise ListUnreadable(f"is no GeoJSON with features ({type(wrong).__name__}: {wrong})") from None


def _feature(feature: Mapping[str, Any]) -> dict[str, str]:
    geometry = feature["geometry"]
    cells = {"geometry": _place(geometry["type"], geometry["coordinates"])}
    if "id" in feature:
        cells["id"] = _text(feature["id"])
    return cells | {str(key): _text(value) for key, value in (feature.get("properties") or {}).items()}


def _place(kind: str, coordinates: Any) -> str:
    if kind == "Polygon":
        coordinates = coordinates[0]  # the outline; a geoshape has no holes
    elif kind == "Point":
        coordinates = [coordinates]
    elif kind != "LineString":
        raise ValueError(f"a geometry of the type {kind}")
    return "; ".join(f"{_text(float(at[1]))} {_text(float(at[0]))} 0 0" for at in coordinates)


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return number_to_text(value) if isinstance(value, float) else str(value)
