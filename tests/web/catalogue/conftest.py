"""The example regency, published the way `pendapa load` does it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

from pendapa.regency import Regency, Report, check, read_regency
from pendapa.web.events.chain import Actor
from pendapa.web.organisation.access import forget_publication
from pendapa.web.organisation.models import Publication
from pendapa.web.organisation.publishing import publish

TEGAL = Path(__file__).parents[3] / "regencies" / "tegal"
PUBLISHED = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


@cache
def folder() -> tuple[Regency, Report]:
    regency, faults = read_regency(TEGAL)
    assert regency is not None, faults
    return regency, check(TEGAL)


@pytest.fixture
def tegal(db: None) -> Iterator[Publication]:
    """Kabupaten Tegal, published on 2 March 2026."""
    regency, report = folder()
    yield publish(regency, report, now=PUBLISHED, actor=Actor(channel="command")).publication
    forget_publication()
