"""Where the example services lie, and plain readers of their files that share nothing with the engines."""

from __future__ import annotations

import json
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

REGENCY = Path(__file__).parents[2] / "regencies" / "tegal"
SERVICES = REGENCY / "services"
IZIN, KK, TELITI, REKLAME = SLUGS = (
    "izin-praktik-bidan-perawat",
    "perubahan-data-kk",
    "surat-keterangan-penelitian",
    "izin-reklame",
)
OBJECTION = "keberatan"  # lodged against a decision of the others
FORMS = sorted(SERVICES.glob("*/*.xlsx"))


@cache
def service(slug: str) -> dict[str, Any]:
    return tomllib.loads((SERVICES / slug / "service.toml").read_text(encoding="utf-8"))


def field_paths(form: Path) -> set[str]:
    """Paths of the survey sheet, read straight from its cells: independent of the forms engine."""
    rows = load_workbook(form)["survey"].iter_rows(values_only=True)
    header = list(next(rows))
    kind, name = header.index("type"), header.index("name")
    groups: list[str] = []
    paths = set()
    for row in rows:
        word = str(row[kind] or "")
        if word.startswith("begin"):
            groups.append(str(row[name]))
        elif word.startswith("end"):
            groups.pop()
        elif word:
            paths.add("/" + "/".join([*groups, str(row[name])]))
    return paths


def examples(slug: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(
        (SERVICES / slug / "example-answers.json").read_text(encoding="utf-8")
    )
    return content


def last_two(path: Path) -> str:
    return "/".join(path.parts[-2:])
