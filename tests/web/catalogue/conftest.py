"""The example regency's names, agencies and services as rows, read from its files by hand."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from pendapa.web.catalogue.models import Service, ServiceVersion
from pendapa.web.organisation.access import forget_publication
from pendapa.web.organisation.models import Agency, Publication

TEGAL = Path(__file__).parents[3] / "regencies" / "tegal"
PUBLISHED = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def rows_of(name: str) -> list[dict[str, str]]:
    with (TEGAL / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def tegal(db: None) -> Iterator[Publication]:
    """Kabupaten Tegal's catalogue, published."""
    forget_publication()
    facts = tomllib.loads((TEGAL / "regency.toml").read_text(encoding="utf-8"))
    publication = Publication.objects.create(
        number=1, loaded_at=PUBLISHED, content_hash="0" * 64, regency={"facts": facts}, report={}
    )
    agencies = {
        row["code"]: Agency.objects.create(
            code=row["code"], name_id=row["name_id"], name_en=row["name_en"], type=row["type"]
        )
        for row in rows_of("agencies.csv")
    }
    for row in rows_of("services.csv"):
        plain: dict[str, Any] = dict(row) | {
            "keywords": row["keywords"].split(";"),
            "requirements": row["requirements"].split(";"),
            "time_value": int(row["time_value"]),
            "fee_idr": int(row["fee_idr"]) if row["fee_idr"] else None,
        }
        publish(publication, agencies[row["agency"]], row["slug"], plain, [row["life_event"]], online=False)
    for path in sorted((TEGAL / "services").glob("*/service.toml")):
        definition = tomllib.loads(path.read_text(encoding="utf-8"))
        publish(
            publication,
            agencies[definition["agency"]],
            path.parent.name,
            definition,
            definition["life_events"],
            online=True,
        )
    yield publication
    forget_publication()


def publish(
    publication: Publication,
    agency: Agency,
    slug: str,
    definition: dict[str, Any],
    life_events: list[str],
    online: bool,
) -> Service:
    service = Service.objects.create(
        slug=slug,
        code=definition["code"],
        name_id=definition["name_id"],
        name_en=definition["name_en"],
        mode=definition["mode"],
        online=online,
        agency=agency,
        group=definition["group"],
        life_events=life_events,
        keywords=definition["keywords"],
    )
    service.current = ServiceVersion.objects.create(
        service=service,
        number=1,
        publication=publication,
        published_at=PUBLISHED,
        content_hash="0" * 64,
        definition=definition,
    )
    service.save()
    return service
