"""Faults planted into a copy of the example folder, one sort each: all are told, with its place."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from openpyxl import load_workbook

from pendapa.regency import Fault, check, read_regency

EXAMPLE = Path(__file__).parent / "example"
SERVICE = "services/surat-contoh"
AGAINST = '[against]\noutcomes = ["refused"]\nwithin = { value = 21, unit = "working_day" }\n'


@dataclass(frozen=True)
class Planted:
    """One fault. One that is not `together` would hide others that are planted in the same file."""

    name: str
    plant: Callable[[Path], None]
    where: str
    wrong: str
    right: str = ""
    together: bool = True


def change(file: str, old: str, new: str) -> Callable[[Path], None]:
    """Replace the one place in a file where `old` stands."""

    def plant(folder: Path) -> None:
        path = folder / file
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, (file, old, text.count(old))
        path.write_text(text.replace(old, new), encoding="utf-8")

    return plant


def append(file: str, line: str) -> Callable[[Path], None]:
    def plant(folder: Path) -> None:
        with (folder / file).open("a", encoding="utf-8") as out:
            out.write(line + "\n")

    return plant


def in_another_service(slug: str, code: str, plant: Callable[[Path], None]) -> Callable[[Path], None]:
    """Plant into a service of its own, for faults after which the rest of a service cannot be judged."""

    def copy_and_plant(folder: Path) -> None:
        shutil.copytree(EXAMPLE / SERVICE, folder / "services" / slug)
        change(f"services/{slug}/service.toml", 'code = "PM09"', f'code = "{code}"')(folder)
        plant(folder / "services" / slug)

    return copy_and_plant


def toml(old: str, new: str) -> Callable[[Path], None]:
    return change(f"{SERVICE}/service.toml", old, new)


def bpmn(old: str, new: str) -> Callable[[Path], None]:
    return change(f"{SERVICE}/process.bpmn", old, new)


def several(*plants: Callable[[Path], None]) -> Callable[[Path], None]:
    def plant(folder: Path) -> None:
        for one in plants:
            one(folder)

    return plant


def write(file: str, data: bytes) -> Callable[[Path], None]:
    def plant(folder: Path) -> None:
        (folder / file).write_bytes(data)

    return plant


def questions(file: str, *rows: tuple[str, ...]) -> Callable[[Path], None]:
    """Add rows of type, name and two labels to a form."""

    def plant(folder: Path) -> None:
        book = load_workbook(folder / file)
        for row in rows:
            book["survey"].append(row)
        book.save(folder / file)

    return plant


def _link_out(folder: Path) -> None:
    (folder / "README.md").symlink_to("/etc/hostname")


def _break_table(folder: Path) -> None:
    path = folder / "districts.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",", ";"), encoding="utf-8")


AT = f"{SERVICE}/service.toml"

PLANTED = (
    Planted(
        "unknown_key",
        change("regency.toml", "province =", 'provinsi = "X"\nprovince ='),
        "regency.toml:provinsi",
        'unknown key "provinsi"',
        "province",
    ),
    Planted(
        "unknown_zone", change("regency.toml", "Asia/Jakarta", "Asia/Slawi"), "regency.toml:zone", "time zone"
    ),
    Planted(
        "duplicate_code",
        append("agencies.csv", "DINKES,Dinas Lain,Other office,dinas,,confirmed"),
        "agencies.csv:A5",
        "stands already in row 4",
    ),
    Planted(
        "dangling_parent",
        change("agencies.csv", "service office,dinas,SETDA", "service office,dinas,SETDAA"),
        "agencies.csv:E3",
        'unknown agency "SETDAA"',
        '"SETDA"',
    ),
    Planted(
        "unknown_column",
        change("agencies.csv", "parent,status", "parent,statis"),
        "agencies.csv:F1",
        'unknown column "statis"',
        '"status"',
    ),
    Planted(
        "dangling_agency",
        change("positions.csv", ",DINKES,", ",DINKESS,"),
        "positions.csv:D6",
        'unknown agency "DINKESS"',
        '"DINKES"',
    ),
    Planted(
        "superior_in_a_circle",
        append("positions.csv", "X-A,A,A,SETDA,X-B,5,no,none\nX-B,B,B,SETDA,X-A,6,no,none"),
        "positions.csv:E7",
        "X-A -> X-B -> X-A",
    ),
    Planted(
        "rank_is_no_number",
        change("positions.csv", "SEKDA,3,yes,head\nDPMPTSP-V", "SEKDA,tiga,yes,head\nDPMPTSP-V"),
        "positions.csv:F4",
        '"tiga" is not a whole number',
    ),
    Planted(
        "neither_yes_nor_no",
        change("positions.csv", ",1,yes,", ",1,ya,"),
        "positions.csv:G2",
        "neither yes nor no",
    ),
    Planted(
        "dangling_position",
        change("people.csv", "officer,DPMPTSP-VERIF,", "officer,DPMPTSP-VERIFF,"),
        "people.csv:E3",
        'unknown position "DPMPTSP-VERIFF"',
        '"DPMPTSP-VERIF"',
    ),
    Planted("acting_without_decree", change("people.csv", "CONTOH/1", ""), "people.csv:G5", "no decree"),
    Planted(
        "dangling_district",
        change("villages.csv", ",99.01.01,", ",99.01.09,"),
        "villages.csv:C2",
        'unknown district "99.01.09"',
    ),
    Planted(
        "no_such_date", change("holidays.csv", "2026-01-01", "2026-13-01"), "holidays.csv:A2", "is not a date"
    ),
    Planted(
        "day_twice",
        append("holidays.csv", "2026-05-01,Hari Buruh,national,,contoh,confirmed"),
        "holidays.csv:A4",
        "stands already in row 3",
    ),
    Planted(
        "closes_before_opening",
        change("office-hours.csv", ",1,07:30,12:00", ",1,07:30,07:00"),
        "office-hours.csv:G2",
        "07:00 is not after 07:30",
    ),
    Planted(
        "no_weekday",
        change("office-hours.csv", ",5,13:00", ",8,13:00"),
        "office-hours.csv:E11",
        "8 is no weekday",
    ),
    Planted(
        "unknown_mode",
        change("services.csv", ",handover,", ",hand over,"),
        "services.csv:E2",
        '"hand over" is not known',
        '"handover"',
    ),
    Planted(
        "unknown_life_event",
        change("services.csv", "Kesehatan,usaha", "Kesehatan,usahaa"),
        "services.csv:I3",
        'unknown life event "usahaa"',
        '"usaha"',
    ),
    Planted("no_fee", change("services.csv", "biaya laboratorium", ""), "services.csv:O3", "neither a fee"),
    Planted(
        "unknown_number_field",
        change("numbering.toml", "{agency}", "{agensi}"),
        "numbering.toml:[classes.IP].pattern",
        'unknown field "{agensi}"',
        '"agency"',
    ),
    Planted(
        "unknown_task_position",
        toml('position = "DPMPTSP-VERIF"', 'position = "DPMPTSP-VERIV"'),
        f"{AT}:[tasks.periksa].position",
        'unknown position "DPMPTSP-VERIV"',
        '"DPMPTSP-VERIF"',
    ),
    Planted(
        "unknown_letter_class",
        toml('letter_class = "IP"', 'letter_class = "IQ"'),
        f"{AT}:letter_class",
        'unknown letter class "IQ"',
        "[classes.IQ]",
    ),
    Planted(
        "end_not_drawn",
        toml("[ends.dianggap]", "[ends.diangap]"),
        f"{AT}:[ends.diangap]",
        'no end event "diangap"',
        '"dianggap"',
    ),
    Planted(
        "event_not_bound",
        toml("[timers.batas]", "[timers.batass]"),
        f"{SERVICE}/process.bpmn:batas",
        "is not bound",
    ),
    Planted(
        "variable_not_in_the_form",
        toml('field = "/research/field"', 'field = "/research/feld"'),
        f"{AT}:[variables].field",
        'form.xlsx has no field "/research/feld"',
        '"/research/field"',
    ),
    Planted(
        "personal_field_not_in_the_form",
        toml('fields = ["/applicant/name", ', 'fields = ["/applicant/nama", '),
        f"{AT}:[personal].fields",
        'no field "/applicant/nama"',
        '"/applicant/name"',
    ),
    Planted(
        "personal_variable",
        toml("[variables]", '[variables]\nnik = "/applicant/nik"'),
        f"{AT}:[variables].nik",
        "/applicant/nik is personal data",
    ),
    Planted(
        "unknown_key_of_a_service",
        toml('basis = "UU 30/2014"\n', 'basis = "UU 30/2014"\nstatuss = "x"\n'),
        f"{AT}:[clock].statuss",
        'unknown key "statuss"',
        '"status"',
    ),
    Planted(
        "variable_in_a_repeat",
        toml('field = "/research/field"', 'field = "/member/member_name"'),
        f"{AT}:[variables].field",
        "stands in a repeat",
        together=False,
    ),
    Planted(
        "place_of_filling_in_a_task_form",
        questions(f"{SERVICE}/periksa.xlsx", ("start-geopoint", "here", "", "")),
        f"{SERVICE}/periksa.xlsx:survey!B3",
        "the place of filling is taken from the device",
        "ask a geopoint",
    ),
    Planted(
        "repeat_of_nothing_but_repeats",
        questions(
            f"{SERVICE}/form.xlsx",
            ("begin_repeat", "place", "Tempat", "Places"),
            ("begin_group", "inside", "Di dalamnya", "Inside"),
            ("begin_repeat", "room", "Ruang", "Rooms"),
            ("text", "room_name", "Ruang apa?", "Which room?"),
            ("end_repeat",),
            ("end_group",),
            ("end_repeat",),
        ),
        f"{SERVICE}/form.xlsx:survey!B13",
        "hold nothing but other repeats",
        "question of its own",
    ),
    Planted(
        "nothing_sets_the_variable",
        bpmn("score &gt; 1", "skor &gt; 1"),
        f"{SERVICE}/process.bpmn:ke_tanda_tangan",
        'reads "skor", which nothing sets',
        '"score"',
    ),
    Planted(
        "unknown_letter_field",
        change(f"{SERVICE}/letter.md", "{{ letter.number }}", "{{ letter.numbr }}"),
        f"{SERVICE}/letter.md:line 5",
        "{{ letter.numbr }}",
        '"letter.number"',
    ),
    Planted(
        "signing_without_a_letter",
        toml('letter = "letter.md"\n', ""),
        f"{AT}:[tasks.tanda_tangan].letter",
        "issued without a text",
        together=False,
    ),
    Planted(
        "component_empty",
        toml('requirements = ["Surat pengantar"]', "requirements = []"),
        f"{AT}:[standard].requirements",
        "is empty",
    ),
    Planted(
        "component_missing", toml('product = "Surat contoh"\n', ""), f"{AT}:[standard].product", "is missing"
    ),
    Planted(
        "fee_without_legal_basis",
        toml("amount_idr = 0", "amount_idr = 5000"),
        f"{AT}:[standard.fee].legal_basis",
        "no legal basis",
    ),
    Planted(
        "no_time_limit",
        toml(
            'time_limit = { value = 3, unit = "working_day" }',
            'time_limit = { value = 0, unit = "working_day" }',
        ),
        f"{AT}:[standard.time_limit].value",
        "0 is too small",
    ),
    Planted(
        "no_retention",
        toml("retention_years = 5", "retention_years = 0"),
        f"{AT}:[personal].retention_years",
        "0 is too small",
    ),
    Planted(
        "wrong_type",
        toml('keywords = ["ijin riset", "surat penelitian"]', 'keywords = "ijin riset"'),
        f"{AT}:keywords",
        "is not a list",
    ),
    Planted(
        "other_message",
        toml('message = "perbaikan"', 'message = "perbaiki"'),
        f"{AT}:[waits.perbaikan].message",
        'waits for "perbaikan", not "perbaiki"',
    ),
    Planted(
        "may_not_sign",
        toml('position = "DPMPTSP-KADIS"', 'position = "DPMPTSP-VERIF"'),
        f"{AT}:[effects.terbit_diam].position",
        "does not sign",
        together=False,
    ),
    Planted(
        "owner_unknown",
        toml('agency = "DPMPTSP"', 'agency = "DPMPTS"'),
        f"{AT}:agency",
        'unknown agency "DPMPTS"',
        '"DPMPTSP"',
    ),
    Planted(
        "path_leads_out",
        in_another_service("jalan", "X1", change("service.toml", '"form.xlsx"', '"../form.xlsx"')),
        "services/jalan/service.toml:form",
        "not a plain file name",
    ),
    Planted("symbolic_link", _link_out, "README.md", "symbolic link to /etc/hostname"),
    Planted(
        "file_missing",
        in_another_service("hilang", "X2", lambda at: (at / "form.xlsx").unlink()),
        "services/hilang/service.toml:form",
        '"form.xlsx" is missing',
    ),
    Planted(
        "not_utf_8",
        in_another_service("latin", "X3", write("letter.md", b"# A\n\xe9\n")),
        "services/latin/letter.md:line 2",
        "not UTF-8",
    ),
    Planted(
        "too_large",
        in_another_service("besar", "X4", write("letter.md", b"x" * 1_100_000)),
        "services/besar/letter.md",
        "1.0 MiB large",
    ),
    Planted(
        "no_workbook",
        in_another_service("xlsx", "X5", write("form.xlsx", b"%PDF-1.7")),
        "services/xlsx/form.xlsx",
        "",
    ),
    Planted(
        "process_refused",
        in_another_service(
            "bpmn", "X6", change("process.bpmn", 'targetRef="dianggap"', 'targetRef="nirwana"')
        ),
        "services/bpmn/process.bpmn",
        "",
    ),
    Planted(
        "no_toml",
        in_another_service("toml", "X7", change("service.toml", "[clock]", "[clock")),
        "services/toml/service.toml:line",
        "is not TOML",
    ),
    Planted(
        "code_twice",
        in_another_service("kembar", "PM09", lambda at: None),
        "services/surat-contoh/service.toml:code",
        '"PM09" is taken',
    ),
    Planted(
        "hours_overlap",
        change("office-hours.csv", ",1,13:00", ",1,11:00"),
        "office-hours.csv:A3",
        "",
        together=False,
    ),
    Planted("semicolons", _break_table, "districts.csv:A1", "separated by semicolons", together=False),
    Planted(
        "table_missing",
        lambda folder: (folder / "holidays.csv").unlink(),
        "holidays.csv",
        "is missing",
        together=False,
    ),
    Planted(
        "user_task_not_bound",
        toml("[tasks.tanda_tangan]", "[tasks.tanda_tangn]"),
        f"{SERVICE}/process.bpmn:tanda_tangan",
        'user task "Tanda tangani" is not bound',
        together=False,
    ),
    Planted(
        "post_not_vacant",
        append(
            "people.csv", "x,X Contoh,x@contoh.example,officer,DPMPTSP-KADIS,plt,C/2,2026-01-01,2026-02-01"
        ),
        "people.csv:E6",
        "DPMPTSP-KADIS is not vacant then (row 4)",
        "plh",
        together=False,
    ),
    Planted(
        "two_holders",
        append("people.csv", "x,X Contoh,x@contoh.example,officer,DPMPTSP-KADIS,definitive,,2026-01-01,"),
        "people.csv:E6",
        "already has a definitive holder then (row 4)",
        together=False,
    ),
    Planted(
        "number_left_out",
        change("numbering.toml", "{number}/", ""),
        "numbering.toml:[classes.IP].pattern",
        "lacks {number}",
        together=False,
    ),
    Planted(
        "silence_without_timer",
        toml('due = "case"', 'due = { value = 1, unit = "working_day" }'),
        f"{AT}:[clock].silence",
        "nothing issues the document",
        together=False,
    ),
    Planted(
        "nothing_handed_over",
        toml('mode = "own"', 'mode = "handover"'),
        f"{AT}:mode",
        "nothing is handed over",
    ),
    Planted(
        "markup_in_a_letter",
        change(f"{SERVICE}/letter-diam.md", "Permohonan", "<b>Permohonan</b>"),
        f"{SERVICE}/letter-diam.md",
        "HTML is not supported",
    ),
    Planted(
        "english_promises_more",
        toml('value = 3, unit = "working_day", note', 'value = 2, unit = "working_day", note'),
        f"{AT}:[standard_en.time_limit]",
        "differs from [standard]",
        together=False,
    ),
    Planted(
        "a_wait_that_the_site_does_not_know",
        several(
            bpmn(
                '<bpmn:process id="surat_contoh"',
                '<bpmn:signal id="isyarat" name="isyarat" /><bpmn:process id="surat_contoh"',
            ),
            bpmn(
                '<bpmn:sequenceFlow id="a1" sourceRef="mulai" targetRef="periksa" />',
                '<bpmn:intermediateCatchEvent id="besok"><bpmn:signalEventDefinition id="kabar" '
                'signalRef="isyarat" /></bpmn:intermediateCatchEvent>'
                '<bpmn:sequenceFlow id="a1" sourceRef="mulai" targetRef="besok" />'
                '<bpmn:sequenceFlow id="a0" sourceRef="besok" targetRef="periksa" />',
            ),
        ),
        f"{SERVICE}/process.bpmn:besok",
        'the site does not carry out elements of the kind "signal" yet',
        together=False,
    ),
    Planted(
        "officer_of_a_first_case_that_there_is_not",
        toml('role = "head"', 'of_first_case = "decider"'),
        f"{AT}:[tasks.tanda_tangan].of_first_case",
        "the service has no first case",
        together=False,
    ),
    Planted(
        "any_officer_signs",
        toml('role = "head"', 'of_first_case = "other_officer"'),
        f"{AT}:[tasks.tanda_tangan].of_first_case",
        "any officer cannot sign",
        together=False,
    ),
    Planted(
        "officer_named_twice",
        toml('role = "head"', 'role = "head"\nof_first_case = "decider"'),
        f"{AT}:[tasks.tanda_tangan].of_first_case",
        "the officer is named twice",
        together=False,
    ),
    Planted(
        "against_nothing",
        toml("[variables]", f"{AGAINST}prefill = {{ number = '/research/number' }}\n\n[variables]"),
        f"{AT}:[against.prefill].number",
        'form.xlsx has no field "/research/number"',
        together=False,
    ),
    Planted(
        "against_an_outcome_nobody_is_refused_with",
        toml("[variables]", AGAINST.replace("refused", "issued") + "\n[variables]"),
        f"{AT}:[against].outcomes",
        '"issued" is not known here',
        together=False,
    ),
    Planted(
        "choice_without_a_button",
        toml('pause = "applicant"', 'pause = "own_period"'),
        f"{AT}:[waits.perbaikan].action_id",
        "nothing stands on the button",
        together=False,
    ),
    Planted(
        "new_clock_whose_silence_nothing_hears",
        several(
            toml('due = "case"', 'due = { value = 1, unit = "working_day" }'),
            toml(
                'pause = "applicant"',
                'pause = "applicant"\nclock = { value = 1, unit = "working_day", silence = "consent" }',
            ),
        ),
        f"{AT}:[waits.perbaikan].clock",
        "no timer is due with the case",
        together=False,
    ),
    Planted(
        "new_decision_without_a_first_case",
        toml('run = "issue_deemed"', 'run = "new_decision"'),
        f"{AT}:[effects.terbit_diam].run",
        "no first case to decide anew",
        together=False,
    ),
    Planted(
        "remedy_that_no_service_takes",
        change(
            f"{SERVICE}/letter-diam.md", "Permohonan", "Keberatan {{ remedy.objection_period }}. Permohonan"
        ),
        f"{SERVICE}/letter-diam.md",
        "no service of the folder takes objections",
        together=False,
    ),
    Planted(
        "ends_before_it_starts",
        change("people.csv", "today-5,today+30", "today+5,today-30"),
        "people.csv:I5",
        "ends before it starts",
    ),
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(EXAMPLE, tmp_path / "example"))


def tells(fault: Fault, plant: Planted) -> bool:
    return (
        (fault.where == plant.where or fault.where.startswith((plant.where + ":", plant.where + " ")))
        and plant.wrong in fault.wrong
        and plant.right in fault.right
        and bool(fault.wrong and fault.right)
    )


@pytest.mark.parametrize("plant", PLANTED, ids=lambda p: p.name)
def test_one_planted_fault_is_told_with_its_place(plant: Planted, folder: Path) -> None:
    plant.plant(folder)
    regency, faults = read_regency(folder)
    assert regency is None
    assert [f for f in faults if tells(f, plant)], "\n".join(map(str, faults))


def test_all_planted_faults_are_told_in_one_run(folder: Path) -> None:
    plants = [p for p in PLANTED if p.together]
    assert len(plants) >= 30
    for plant in plants:
        plant.plant(folder)
    faults = check(folder).faults
    assert [p.name for p in plants if not any(tells(f, p) for f in faults)] == []
