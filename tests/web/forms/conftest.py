"""A service that asks every kind of question, published beside the example regency."""

from __future__ import annotations

import io
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import Workbook
from PIL import Image, ImageDraw
from tests.web.citizen.conftest import citizen, picture, signed_in  # noqa: F401 - fixtures
from tests.web.conftest import NOW, TEGAL
from tests.web.officer.conftest import login  # noqa: F401 - a fixture

from pendapa.regency.reader import check, read_regency
from pendapa.web.cases import actions, drafts, uploads
from pendapa.web.cases.models import Case
from pendapa.web.catalogue.models import Service
from pendapa.web.events.chain import Actor
from pendapa.web.organisation.access import forget_publication
from pendapa.web.organisation.publishing import publish

SLUG = "segala-isian"
SERVICE = Path(__file__).parent / "service"


def workbook(markdown: str) -> bytes:
    """An XLSForm in Markdown as the workbook that offices write."""
    book = Workbook()
    book.remove(book.active)
    sheet = None
    for line in markdown.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if cells[0]:
            sheet = book.create_sheet(cells[0])
        elif sheet is not None:
            sheet.append([cell or None for cell in cells[1:]])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def drawing(shape: str) -> bytes:
    """A small PNG: a map, a circle or a square."""
    picture = Image.new("RGB", (320, 180), (230, 240, 240))
    pen = ImageDraw.Draw(picture)
    if shape == "peta":
        pen.line([(0, 120), (120, 60), (320, 90)], fill=(15, 90, 98), width=8)
    elif shape == "bulat":
        pen.ellipse([90, 20, 230, 160], fill=(168, 72, 42))
    else:
        pen.rectangle([90, 20, 230, 160], fill=(168, 72, 42))
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def service_folder(place: Path) -> None:
    """The service as an office would hand it in."""
    place.mkdir(parents=True)
    for file in SERVICE.iterdir():
        if file.suffix == ".md":
            (place / f"{file.stem}.xlsx").write_bytes(workbook(file.read_text()))
        else:
            shutil.copy(file, place / file.name)
    for shape in ("peta", "bulat", "kotak"):
        (place / f"{shape}.png").write_bytes(drawing(shape))


@pytest.fixture(scope="session")
def regency_with_every_kind(tmp_path_factory: pytest.TempPathFactory) -> tuple[object, object]:
    """The example regency with the service beside its own."""
    folder = tmp_path_factory.mktemp("regency") / "tegal"
    shutil.copytree(TEGAL, folder)
    service_folder(folder / "services" / SLUG)
    regency, faults = read_regency(folder)
    assert not faults, [str(f) for f in faults]
    return regency, check(folder)


@pytest.fixture
def every_kind(people: object, regency_with_every_kind: tuple[object, object]) -> Iterator[str]:
    """The slug of the service, published."""
    regency, report = regency_with_every_kind
    publish(regency, report, now=NOW, actor=Actor(channel="test"))  # type: ignore[arg-type]
    forget_publication()
    yield SLUG
    forget_publication()


def words(html: str) -> str:
    """A page as a person reads it."""
    from html import unescape

    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


ROUTE = b"""{"type": "Feature", "properties": {}, "geometry": {"type": "LineString",
 "coordinates": [[109.13, -6.98], [109.14, -6.985], [109.15, -6.99]]}}"""
FIELD = b"""<?xml version="1.0"?><gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1"><trk><trkseg>
<trkpt lat="-6.98" lon="109.13"/><trkpt lat="-6.98" lon="109.14"/><trkpt lat="-6.99" lon="109.14"/>
</trkseg></trk></gpx>"""
ROUTE_READ = "-6.98 109.13;-6.985 109.14;-6.99 109.15"
FIELD_READ = "-6.98 109.13;-6.98 109.14;-6.99 109.14;-6.98 109.13"  # closed at its first point

ANSWERS = {
    "/applicant/name": "Bunga Contoh",
    "/applicant/nik": "9999010101900001",
    "/story": "Pasar malam contoh.",
    "/people": "2",
    "/wide": "44.5",
    "/noise": "7.5",
    "/day": "2026-12-01",
    "/since": "2025-03-01",
    "/year": "2019-01-01",
    "/hour": "09:30",
    "/moment": "2026-12-01T09:30:00.000+07:00",
    "/agree": "yes",
    "/often": "jul",
    "/sign": "round",
    "/tools": "pump rope",
    "/other/source": "radio",
    "/order": "rope pump lamp",
    "/where/district": "slawi",
    "/where/village": "contoh_satu",
    "/spot": "-6.98123 109.13456",
    "/route": ROUTE_READ,
    "/field": FIELD_READ,
    "/fees/pays": "no",
    "/guest[1]/guest_name": "Sari Umpama",
    "/guest[2]/guest_name": "Tono Misal",
    "/house[1]/owner": "Pak Contoh",
    "/house[1]/room[1]/room_name": "Dapur",
    "/true_words": "OK",
}


@pytest.fixture
def applied(every_kind: str) -> Case:
    """An application with every answer, as the actions make it."""
    version = Service.objects.get(slug=every_kind).current
    assert version is not None
    begun = drafts.begin_draft(version, None, now=NOW)
    drafts.save_answers(begun.draft.pk, ANSWERS, now=NOW)
    photo = uploads.Clean("tempat.jpg", "image/jpeg", picture())
    drafts.attach(begun.draft.pk, "/photo", photo, now=NOW)
    route = uploads.Clean("jalan.geojson", "application/geo+json", ROUTE)
    drafts.attach(begun.draft.pk, "/route", route, now=NOW, drawn=ROUTE_READ)
    return actions.submit_application(begun.draft.pk, now=NOW, actor=Actor()).case
