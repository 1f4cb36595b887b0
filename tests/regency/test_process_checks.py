"""What a folder knows of a process that a bare file does not: who works in a lane, and who sets a variable."""

from __future__ import annotations

import shutil
from pathlib import Path

from pendapa.regency import check

from .test_planted_faults import EXAMPLE, SERVICE, bpmn

DRAWN = f"{SERVICE}/process.bpmn"
HEAD = '<bpmn:startEvent id="mulai" />'


def warned(folder: Path, *plants: tuple[str, str]) -> list[tuple[str, str]]:
    copy = folder / "regency"
    shutil.copytree(EXAMPLE, copy)
    for old, new in plants:
        bpmn(old, new)(copy)
    report = check(copy)
    assert report.faults == (), report.faults
    before = {(w.where, w.wrong) for w in check(EXAMPLE).warnings}
    return [(w.where, w.wrong) for w in report.warnings if (w.where, w.wrong) not in before]


def lane(name: str) -> tuple[str, str]:
    held = "<bpmn:flowNodeRef>periksa</bpmn:flowNodeRef>"
    drawn = (
        f'<bpmn:laneSet id="jalur"><bpmn:lane id="jalur_1" name="{name}">{held}</bpmn:lane></bpmn:laneSet>'
    )
    return HEAD, drawn + HEAD


def test_a_lane_names_an_agency_by_code_or_name(tmp_path: Path) -> None:
    for place, name in enumerate(("DINKES", "Dinas Kesehatan Contoh")):
        assert warned(tmp_path / str(place), lane(name)) == []


def test_a_lane_that_names_no_agency_is_a_warning(tmp_path: Path) -> None:
    assert warned(tmp_path, lane("Loket")) == [(f"{DRAWN}:periksa", 'the lane "Loket" names no agency')]


def test_a_variable_read_before_its_task_sets_it_is_a_warning(tmp_path: Path) -> None:
    # The result of periksa is read before periksa, which sets it: by a gateway between start and task.
    early = (
        '<bpmn:sequenceFlow id="a1" sourceRef="mulai" targetRef="periksa" />',
        '<bpmn:exclusiveGateway id="dini" default="a0" />'
        '<bpmn:sequenceFlow id="a1" sourceRef="mulai" targetRef="dini" />'
        '<bpmn:sequenceFlow id="a0" sourceRef="dini" targetRef="periksa" />'
        '<bpmn:sequenceFlow id="lompat" sourceRef="dini" targetRef="tanda_tangan">'
        '<bpmn:conditionExpression>periksa_result = "accept" and field = "x"</bpmn:conditionExpression>'
        "</bpmn:sequenceFlow>",
    )
    reads = 'The condition on lompat reads "periksa_result", which nothing before it can have set.'
    assert warned(tmp_path, early) == [(f"{DRAWN}:dini", reads)]
