"""The example services hang together: definition, form, process, letters and organisation."""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path

import pytest
from lxml import etree
from openpyxl import load_workbook

from pendapa.documents import check_letter
from pendapa.regency import check

from .regency_files import OBJECTION, REGENCY, SERVICES, SLUGS, field_paths, last_two, service

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
# PermenPANRB 15/2014: six components are published, eight are internal
PUBLISHED = ["requirements", "procedure", "time_limit", "fee", "product", "complaints"]
INTERNAL = ["legal_basis", "facilities", "competence", "supervision"]
INTERNAL += ["staff", "guarantee", "security", "evaluation"]
# what the platform itself puts into a letter, beside the fields of the forms
PLATFORM_FIELDS = {"case.number", "case.submitted_on", "case.due_on", "refusal.fact", "refusal.law"}
PLATFORM_FIELDS |= {"remedy.objection_period", "first_case.number", "first_case.service"}
PLATFORM_FIELDS |= {"first_decision.number", "first_decision.date"}


@cache
def bpmn(slug: str) -> etree._Element:
    return etree.parse(SERVICES / slug / "process.bpmn").getroot()


def ids(slug: str, tag: str) -> set[str]:
    return {element.get("id") for element in bpmn(slug).iter(BPMN + tag)}


def test_the_services_are_there() -> None:
    assert {path.name for path in SERVICES.iterdir()} == {*SLUGS, OBJECTION}


def test_every_event_of_the_objection_is_bound() -> None:
    catches = list(bpmn(OBJECTION).iter(BPMN + "intermediateCatchEvent"))
    timed = {c.get("id") for c in catches if c.find(BPMN + "timerEventDefinition") is not None}
    content = service(OBJECTION)
    assert set(content["waits"]) == {c.get("id") for c in catches} - timed
    assert set(content["timers"]) == ids(OBJECTION, "boundaryEvent") | timed
    for table, tag in (("tasks", "userTask"), ("effects", "serviceTask"), ("ends", "endEvent")):
        assert set(content[table]) == ids(OBJECTION, tag)


def test_the_clocks_of_the_objection_are_those_of_the_law() -> None:
    # UU 30/2014, changed by UU 6/2023, as known and to be confirmed: 21 working days to object, 10 to decide, 10 to
    # appeal, 10 to decide on the appeal; silence grants, and the decision follows within 5.
    content = service(OBJECTION)
    lengths = [
        content["against"]["within"],
        content["clock"],
        content["timers"]["tenggang_banding"]["due"],
        content["waits"]["banding"]["clock"],
        *(effect["within"] for effect in content["effects"].values() if effect["run"] == "new_decision"),
    ]
    assert [length["value"] for length in lengths] == [21, 10, 10, 10, 5, 5, 5, 5]
    assert {length["unit"] for length in lengths} == {"working_day"}
    silent = [content["clock"], content["waits"]["banding"]["clock"]]
    assert {(c["silence"], c["status"]) for c in silent} == {("consent", "perlu dikonfirmasi")}
    assert content["against"]["status"] == "perlu dikonfirmasi"


@pytest.mark.parametrize("slug", SLUGS)
@pytest.mark.parametrize(
    ("table", "tags"),
    [
        ("tasks", ["userTask"]),
        ("waits", ["intermediateCatchEvent", "receiveTask"]),
        ("timers", ["boundaryEvent"]),
        ("effects", ["serviceTask"]),
        ("ends", ["endEvent"]),
    ],
)
def test_every_element_has_a_binding_and_every_binding_an_element(
    slug: str, table: str, tags: list[str]
) -> None:
    drawn = set().union(*(ids(slug, tag) for tag in tags))
    assert set(service(slug).get(table, {})) == drawn


@pytest.mark.parametrize("slug", [*SLUGS, OBJECTION])
def test_every_element_and_flow_is_drawn(slug: str) -> None:
    drawn = {shape.get("bpmnElement") for shape in bpmn(slug).iter(DI + "BPMNShape")}
    lines = {edge.get("bpmnElement") for edge in bpmn(slug).iter(DI + "BPMNEdge")}
    nodes = {node.text for node in bpmn(slug).iter(BPMN + "flowNodeRef")}
    assert nodes and nodes <= drawn
    assert ids(slug, "sequenceFlow") == lines


@pytest.mark.parametrize("slug", [*SLUGS, OBJECTION])
def test_each_wait_names_a_message_of_the_process(slug: str) -> None:
    messages = {element.get("name") for element in bpmn(slug).iter(BPMN + "message")}
    assert {wait["message"] for wait in service(slug)["waits"].values()} == messages


@pytest.mark.parametrize("slug", [*SLUGS, OBJECTION])
def test_conditions_ask_only_for_outcomes_the_task_offers(slug: str) -> None:
    tasks = service(slug)["tasks"]
    asked = re.findall(r'(\w+)_result = "(\w+)"', etree.tostring(bpmn(slug), encoding="unicode"))
    assert asked
    for task, outcome in asked:
        assert outcome in tasks[task]["outcomes"], f"{slug}: {task} never gives {outcome}"


@pytest.mark.parametrize("slug", [*SLUGS, OBJECTION])
def test_the_standard_has_all_fourteen_components(slug: str) -> None:
    fourteen = [*PUBLISHED, *INTERNAL]
    standard = service(slug)["standard"]
    assert [key for key in fourteen if not standard.get(key)] == []
    assert set(standard) == set(fourteen)
    assert set(service(slug)["standard_en"]) == set(PUBLISHED)


# from the catalogue rows PM05, PM09 and DK04: value in days, fee in rupiah
@pytest.mark.parametrize(
    ("slug", "code", "days"),
    [
        ("izin-praktik-bidan-perawat", "PM05", 5),
        ("surat-keterangan-penelitian", "PM09", 3),
        ("perubahan-data-kk", "DK04", 1),
    ],
)
def test_time_and_fee_are_those_of_the_catalogue(slug: str, code: str, days: int) -> None:
    content = service(slug)
    assert content["code"] == code
    assert content["clock"]["value"] == content["standard"]["time_limit"]["value"] == days
    assert content["standard"]["fee"]["amount_idr"] == 0
    assert content["clock"]["status"] == "perlu dikonfirmasi"


@pytest.mark.parametrize("slug", SLUGS)
def test_paths_of_the_service_exist_in_its_form(slug: str) -> None:
    content, paths = service(slug), field_paths(SERVICES / slug / "form.xlsx")
    named = {*content["applicant"].values(), *content["personal"]["fields"], *content["variables"].values()}
    assert named - paths == set()


@pytest.mark.parametrize("slug", SLUGS)
def test_the_process_never_reads_a_personal_field(slug: str) -> None:
    content = service(slug)
    assert not set(content["variables"].values()) & set(content["personal"]["fields"])


@pytest.mark.parametrize("slug", [*SLUGS, OBJECTION])
def test_identity_and_contact_are_personal(slug: str) -> None:
    content = service(slug)
    personal = set(content["personal"]["fields"])
    for key in ("name", "nik", "phone", "email"):
        assert content["applicant"][key] in personal, key


@pytest.mark.parametrize("slug", [*SLUGS, OBJECTION])
def test_every_file_of_the_folder_is_used_and_every_file_named_is_there(slug: str) -> None:
    content = service(slug)
    bindings = [*content["tasks"].values(), *content.get("effects", {}).values()]
    named = {content["form"], content["process"]}
    named |= {binding[key] for binding in bindings for key in ("form", "letter") if key in binding}
    there = {path.name for path in (SERVICES / slug).iterdir()} - {"service.toml", "example-answers.json"}
    tables = {name for name in there if name.endswith(".dmn")}  # all of them are given to the process
    assert named == there - tables
    assert bool(tables) == bool(ids(slug, "businessRuleTask"))


@pytest.mark.parametrize("letter", sorted(SERVICES.glob("*/*.md")), ids=last_two)
def test_every_field_of_a_letter_exists(letter: Path) -> None:
    known = {
        path[1:].replace("/", ".") for path in field_paths(letter.parent / "form.xlsx")
    } | PLATFORM_FIELDS
    for task, binding in service(letter.parent.name)["tasks"].items():
        if "form" in binding:
            paths = field_paths(letter.parent / binding["form"])
            known |= {task + path.replace("/", ".") for path in paths}
    content = service(letter.parent.name)
    known |= {f"duration.{name}" for name in [*content.get("timers", ()), *content.get("effects", ())]}
    known |= {f"applicant.{key}" for key in content["applicant"]}
    used = set(re.findall(r"\{\{\s*([\w.]+)\s*\}\}", letter.read_text(encoding="utf-8")))
    assert used
    assert used - known == set()
    check_letter(letter.read_text(encoding="utf-8"), known)  # its markup can be set, too


@pytest.mark.parametrize(
    "slug", ["izin-praktik-bidan-perawat", "surat-keterangan-penelitian", "izin-reklame"]
)
def test_a_refusal_gives_reasons_in_fact_and_law_and_the_remedy(slug: str) -> None:
    text = (SERVICES / slug / "letter-penolakan.md").read_text(encoding="utf-8")
    for part in ("{{ refusal.fact }}", "{{ refusal.law }}", "keberatan", "{{ remedy.objection_period }}"):
        assert part in text


def column(name: str, key: str) -> set[str]:
    with (REGENCY / name).open(encoding="utf-8", newline="") as file:
        return {row[key] for row in csv.DictReader(file)}


@pytest.mark.parametrize("slug", SLUGS)
def test_positions_agencies_and_lanes_are_those_of_the_regency(slug: str) -> None:
    content = service(slug)
    agencies = column("agencies.csv", "code")
    assert content["agency"] in agencies
    assert {lane.get("name") for lane in bpmn(slug).iter(BPMN + "lane")} <= agencies
    bindings = [*content["tasks"].values(), *content.get("effects", {}).values()]
    assert {binding["position"] for binding in bindings if "position" in binding} <= column(
        "positions.csv", "code"
    )


@pytest.mark.parametrize("slug", SLUGS)
def test_the_form_offers_exactly_the_districts_of_the_regency(slug: str) -> None:
    rows = list(load_workbook(SERVICES / slug / "form.xlsx")["choices"].iter_rows(values_only=True))
    assert {row[1] for row in rows if row[0] == "district"} == column("districts.csv", "code")


def test_the_folder_is_checked_without_a_fault_or_a_warning() -> None:
    report = check(REGENCY)
    assert list(report.faults) == []
    assert list(report.warnings) == []
