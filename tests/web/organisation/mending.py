"""A mended version of the practice licence, as an office might load it while cases run."""

from __future__ import annotations

import dataclasses
import hashlib
from io import BytesIO
from typing import Any

import openpyxl
from tests.web.conftest import NOW

from pendapa.regency import Regency, Report
from pendapa.regency.definition import Duration
from pendapa.web.catalogue.models import ServiceVersion
from pendapa.web.events.chain import Actor
from pendapa.web.organisation.publishing import publish

SIP = "izin-praktik-bidan-perawat"
THIRD_CHECK = b"""
    <bpmn:userTask id="cek_alat" name="Cek alat" />
    <bpmn:sequenceFlow id="ke_alat" sourceRef="bagi_pemeriksaan" targetRef="cek_alat" />
    <bpmn:sequenceFlow id="dari_alat" sourceRef="cek_alat" targetRef="gabung_pemeriksaan" />
  </bpmn:process>"""


def mended(regency: Regency) -> Regency:
    """The review has another id, position and deadline; a third check runs beside the two; the form no longer asks
    for the letter of the place of practice."""
    services = []
    for service in regency.services:
        if service.slug == SIP:
            process = service.process_source.replace(b'"telaah"', b'"kajian"')
            process = process.replace(b">telaah<", b">kajian<").replace(b"\n  </bpmn:process>", THIRD_CHECK)
            tasks = dict(service.definition.tasks)
            review = tasks.pop("telaah")
            tasks["kajian"] = dataclasses.replace(
                review, position="DPMPTSP-SEK", deadline=Duration(3, "working_day"), result="telaah_result"
            )
            tasks["cek_alat"] = dataclasses.replace(
                tasks["cek_skp"], title_id="Cek alat", title_en="Check tools"
            )
            service = dataclasses.replace(
                service,
                definition=dataclasses.replace(service.definition, tasks=tasks),
                process_source=process,
                letters={name: text.replace("telaah.", "kajian.") for name, text in service.letters.items()},
                form_source=without_question(service.form_source, "place_letter"),
                content_hash=hashlib.sha256(process).hexdigest(),
            )
        services.append(service)
    return dataclasses.replace(regency, services=tuple(services), content_hash="d" * 64)


def without_question(source: bytes, name: str) -> bytes:
    """A form that no longer asks something."""
    book = openpyxl.load_workbook(BytesIO(source))
    sheet: Any = book["survey"]
    (row,) = [cells[0].row for cells in sheet.iter_rows() if cells[1].value == name]
    sheet.delete_rows(row)
    changed = BytesIO()
    book.save(changed)
    return changed.getvalue()


def load_mended(regency_as_read: tuple[Regency, Report]) -> ServiceVersion:
    """Publish it; returns the version that is valid from now on."""
    regency, report = regency_as_read
    publish(mended(regency), report, now=NOW, actor=Actor(channel="test"))
    return ServiceVersion.objects.get(service__slug=SIP, number=2)
