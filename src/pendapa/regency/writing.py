"""Write a regency back as the files it is read from: the reverse of `read_regency`, but for remarks."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from pendapa.regency.records import (
    Agency,
    District,
    Holiday,
    InformationService,
    OfficeHours,
    Person,
    Position,
    Regency,
    Village,
)
from pendapa.regency.service import DEFINITION, Service
from pendapa.regency.typed import columns_of, to_plain


def regency_files(regency: Regency) -> dict[str, bytes]:
    """Every file of a regency by its path in the folder; read again they give an equal regency."""
    files = {
        "regency.toml": _toml(to_plain(regency.facts)),
        "numbering.toml": _toml({"classes": to_plain(dict(regency.numbering))}),
        "agencies.csv": _csv(Agency, regency.agencies),
        "positions.csv": _csv(Position, regency.positions),
        "people.csv": _csv(Person, regency.people),
        "districts.csv": _csv(District, regency.districts),
        "villages.csv": _csv(Village, regency.villages),
        "holidays.csv": _csv(Holiday, regency.holiday_rows),
        "office-hours.csv": _csv(OfficeHours, regency.hours_rows),
        "services.csv": _csv(InformationService, regency.information_services),
    }
    for service in regency.services:
        files |= service_files(service)
    return files


def service_files(service: Service) -> dict[str, bytes]:
    """The files of one online service by their path in the folder, service.toml among them."""
    files = {DEFINITION: _toml(service.definition.to_json()), **service.files}
    return {f"services/{service.slug}/{name}": data for name, data in files.items()}


def _csv(kind: type, rows: Iterable[Any]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    columns = columns_of(kind)
    writer.writerow(columns)
    for row in rows:
        cells = (row.get(c) if isinstance(row, Mapping) else getattr(row, c) for c in columns)
        writer.writerow([_cell(cell) for cell in cells])
    return out.getvalue().encode()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ";".join(value)
    return value.isoformat() if isinstance(value, date) else str(value)


def _toml(table: Mapping[str, Any]) -> bytes:
    return ("\n".join(_lines(table, "")).strip() + "\n").encode()


def _lines(table: Mapping[str, Any], path: str) -> Iterable[str]:
    """Plain keys first: TOML counts all that follows a heading to that table."""
    for key, value in table.items():
        if not isinstance(value, dict):
            yield f"{_key(key)} = {_value(value)}"
    for key, value in table.items():
        if isinstance(value, dict):
            inside = f"{path}.{_key(key)}" if path else _key(key)
            yield from ("", f"[{inside}]")
            yield from _lines(value, inside)


def _key(name: str) -> str:
    plain = name.isascii() and name.replace("_", "").replace("-", "").isalnum()
    return name if plain else _value(name)


def _value(value: Any) -> str:
    if isinstance(value, list):
        return "[]" if not value else "[\n" + "".join(f"    {_value(item)},\n" for item in value) + "]"
    if isinstance(value, str):
        # A JSON string is a TOML string, but for the one control character that JSON leaves as it is.
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return json.dumps(value)
