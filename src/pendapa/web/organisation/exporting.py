"""Writing the published services back as the files of a regency folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pendapa.regency.definition import ServiceDefinition
from pendapa.web.catalogue.models import Service, ServiceFile


def export_folder(folder: Path) -> int:
    """Write services/SLUG of every online service's current version; returns the number of files."""
    count = 0
    for service in Service.objects.filter(active=True, online=True).select_related("current"):
        if service.current is None:
            continue
        here = folder / "services" / service.slug
        here.mkdir(parents=True)
        definition = ServiceDefinition.from_json(service.current.definition)
        (here / "service.toml").write_text(to_toml(definition.to_json()), encoding="utf-8")
        count += 1
        for stored in ServiceFile.objects.filter(version=service.current):
            (here / stored.path).write_bytes(bytes(stored.content))
            count += 1
    return count


def to_toml(data: dict[str, Any]) -> str:
    """A table as TOML. None is left out, as TOML has no null."""
    return "\n".join(_lines(data, ())).strip() + "\n"


def _lines(table: dict[str, Any], path: tuple[str, ...]) -> list[str]:
    plain = {k: v for k, v in table.items() if v is not None and not isinstance(v, dict)}
    tables = {k: v for k, v in table.items() if isinstance(v, dict) and v}
    lines: list[str] = []
    if path and (plain or not tables):
        lines += ["", f"[{'.'.join(path)}]"]
    lines += [f"{key} = {_value(value)}" for key, value in plain.items()]
    for key, value in tables.items():
        lines += _lines(value, (*path, key))
    return lines


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_value(item) for item in value) + "]"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{k} = {_value(v)}" for k, v in value.items() if v is not None) + " }"
    text = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c >= " " and c != "\x7f" else f"\\u{ord(c):04x}" for c in text) + '"'
