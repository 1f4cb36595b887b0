"""A service that asks for money: without fault as it is, and each planted fault told with its place."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import load_workbook
from tests.regency.test_planted_faults import EXAMPLE, SERVICE, Planted, append, change, tells, write

from pendapa.regency import check, read_regency

PAID = "services/surat-berbayar"
TABLE = """<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="biaya" name="Biaya" namespace="x">
  <decision id="hitung_biaya" name="Biaya">
    <decisionTable id="tabel">
      <input id="i1"><inputExpression typeRef="number"><text>score</text></inputExpression></input>
      <output id="o1" name="fee" typeRef="number" />
      <rule id="r1"><inputEntry><text>&lt;= 50</text></inputEntry><outputEntry><text>25000</text></outputEntry></rule>
      <rule id="r2"><inputEntry><text>&gt; 50</text></inputEntry><outputEntry><text>50000</text></outputEntry></rule>
    </decisionTable>
  </decision>
</definitions>
"""
BILL = """
[tasks.cocokkan]
title_id = "Cocokkan"
title_en = "Match"
public_id = "Petugas mencocokkan."
public_en = "An officer matches."
position = "DPMPTSP-VERIF"
kind = "work"
form = "bayar.xlsx"
deadline = { value = 1, unit = "working_day" }
outcomes = ["accept"]

[tasks.cocokkan.payment]
amount = "/amount"
paid_on = "/paid_on"
channel = "/channel"
reference = "/reference"
state = "payment_state"

[waits.bayar]
message = "pembayaran"
pause = "payment"
public_id = "Menunggu pembayaran."
public_en = "Waits for payment."

[timers.lewat]
due = "bill"
public_id = "Tagihan lewat waktu."
public_en = "The bill lapsed."

[effects.tagih]
run = "bill"
public_id = "Tagihan terbit."
public_en = "The bill is issued."

[effects.tagih.bill]
amount = "fee"
title_id = "Retribusi contoh"
title_en = "Example fee"
agency = "DPMPTSP"
number_class = "IP"
receipt_class = "IP"
valid = { value = 5, unit = "working_day" }
how_to_pay_id = ["Bayar di bank."]
how_to_pay_en = ["Pay at the bank."]

[effects.tagih.bill.lines.score]
label_id = "Nilai"
label_en = "Score"

[ends.tutup]
outcome = "closed"
public_id = "Ditutup."
public_en = "Closed."
"""
WAY = """<bpmn:businessRuleTask id="hitung" calledDecision="hitung_biaya" />
    <bpmn:serviceTask id="tagih" />
    <bpmn:receiveTask id="bayar" messageRef="pesan_bayar" />
    <bpmn:boundaryEvent id="lewat" attachedToRef="bayar"><bpmn:timerEventDefinition id="waktu_lewat"><bpmn:timeDuration
      xsi:type="bpmn:tFormalExpression">P5D</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:boundaryEvent>
    <bpmn:userTask id="cocokkan" />
    <bpmn:endEvent id="tutup" />
    <bpmn:sequenceFlow id="ke_tanda_tangan" sourceRef="keputusan" targetRef="hitung">"""
FLOWS = """<bpmn:sequenceFlow id="b1" sourceRef="hitung" targetRef="tagih" />
    <bpmn:sequenceFlow id="b2" sourceRef="tagih" targetRef="bayar" />
    <bpmn:sequenceFlow id="b3" sourceRef="bayar" targetRef="cocokkan" />
    <bpmn:sequenceFlow id="b4" sourceRef="cocokkan" targetRef="tanda_tangan" />
    <bpmn:sequenceFlow id="b5" sourceRef="lewat" targetRef="tutup" />
  </bpmn:process>"""


def paid_service(folder: Path) -> None:
    """A service of its own that asks for money, without a fault."""
    shutil.copytree(EXAMPLE / SERVICE, folder / PAID)
    change(f"{PAID}/service.toml", 'code = "PM09"', 'code = "PM10"')(folder)
    append(f"{PAID}/service.toml", BILL)(folder)
    write(f"{PAID}/fee.dmn", TABLE.encode())(folder)
    start = '<bpmn:sequenceFlow id="ke_tanda_tangan" sourceRef="keputusan" targetRef="tanda_tangan">'
    change(f"{PAID}/process.bpmn", start, WAY)(folder)
    change(f"{PAID}/process.bpmn", "</bpmn:process>", FLOWS)(folder)
    message = '<bpmn:message id="pesan_perbaikan" name="perbaikan" />'
    both = message + '<bpmn:message id="pesan_bayar" name="pembayaran" />'
    change(f"{PAID}/process.bpmn", message, both)(folder)
    book = load_workbook(folder / PAID / "periksa.xlsx")
    survey = book["survey"]
    header = [cell.value for cell in survey[1]]
    survey.delete_rows(2, survey.max_row)
    for kind, name in (
        ("integer", "amount"),
        ("date", "paid_on"),
        ("text", "channel"),
        ("text", "reference"),
    ):
        row = {"type": kind, "name": name, "required": "yes"}
        survey.append([row.get(str(title)) or (name if "label" in str(title) else None) for title in header])
    if "required" not in header:
        survey.cell(1, len(header) + 1, "required")
        for number in range(2, survey.max_row + 1):
            survey.cell(number, len(header) + 1, "yes")
    book.save(folder / PAID / "bayar.xlsx")


def bill(file: str, old: str, new: str) -> Callable[[Path], None]:
    """Plant a fault into the service that asks for money."""

    def plant(folder: Path) -> None:
        paid_service(folder)
        change(f"{PAID}/{file}", old, new)(folder)

    return plant


BILL_AT = f"{PAID}/service.toml:[effects.tagih.bill]"
BILLS = tuple(
    Planted(name, bill(file, old, new), where, wrong, right, together=False)
    for name, file, old, new, where, wrong, right in (
        ("bill_of_nothing", "service.toml", 'amount = "fee"', 'amount = "fees"', f"{BILL_AT}.amount",
         'nothing sets "fees"', '"fee"'),
        ("bill_of_a_word", "service.toml", 'amount = "fee"', 'amount = "periksa_result"', f"{BILL_AT}.amount",
         "is an answer of the kind text, not a number", "whole rupiah"),
        ("line_of_nothing", "service.toml", "bill.lines.score]", "bill.lines.scor]", f"{BILL_AT}.lines",
         'nothing sets "scor"', '"score"'),
        ("bill_not_numbered", "service.toml", 'number_class = "IP"', 'number_class = "IPP"',
         f"{BILL_AT}.number_class", 'unknown letter class "IPP"', '"IP"'),
        ("receipt_not_numbered", "service.toml", 'receipt_class = "IP"', 'receipt_class = "TBP"',
         f"{BILL_AT}.receipt_class", 'unknown letter class "TBP"', "numbering.toml"),
        ("bill_of_nobody", "service.toml", 'agency = "DPMPTSP"\nnumber', 'agency = "BPKD"\nnumber',
         f"{BILL_AT}.agency", 'unknown agency "BPKD"', ""),
        ("decided_a_text", "fee.dmn", "<text>50000</text>", '<text>"mahal"</text>', f"{PAID}/fee.dmn:hitung_biaya",
         'the amount of a bill cannot be "mahal"', "number of rupiah"),
        ("decided_nothing", "fee.dmn", "<text>50000</text>", "<text></text>", f"{PAID}/fee.dmn:hitung_biaya",
         "cannot be left empty", "number of rupiah"),
        ("decided_a_list", "fee.dmn", 'id="tabel"', 'id="tabel" hitPolicy="COLLECT"', f"{PAID}/fee.dmn:hitung_biaya",
         "cannot be a list of amounts", "number of rupiah"),
        ("terms_of_no_bill", "service.toml", 'run = "bill"', 'run = "notify"',
         f"{PAID}/service.toml:[effects.tagih].bill", "only a bill has terms", 'run = "bill"'),
        ("nobody_confirms", "service.toml", "[tasks.cocokkan.payment]", "[tasks.periksa.payment]",
         f"{PAID}/service.toml:[tasks.periksa.payment].amount", 'periksa.xlsx has no field "/amount"', ""),
        ("not_waited_for", "service.toml", 'pause = "payment"', 'pause = "none"', f"{PAID}/service.toml:waits",
         "does not wait for the payment", "receive task"),
        ("amount_is_a_date", "service.toml", 'amount = "/amount"', 'amount = "/paid_on"',
         f"{PAID}/service.toml:[tasks.cocokkan.payment].amount", "is a question of the kind date", "integer"),
        ("wait_without_message", "process.bpmn", ' messageRef="pesan_bayar"', "", f"{PAID}/process.bpmn:bayar",
         "receive tasks without a message", ""),
    )
)  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(EXAMPLE, tmp_path / "example"))


@pytest.mark.parametrize("plant", BILLS, ids=lambda p: p.name)
def test_one_planted_fault_is_told_with_its_place(plant: Planted, folder: Path) -> None:
    plant.plant(folder)
    regency, faults = read_regency(folder)
    assert regency is None
    assert [f for f in faults if tells(f, plant)], "\n".join(map(str, faults))


def test_a_service_that_asks_for_money_can_be_without_fault(folder: Path) -> None:
    paid_service(folder)
    report = check(folder)
    assert report.faults == ()
    assert [w for w in report.warnings if PAID in w.where and "never" in w.wrong] == []


def test_a_bill_that_never_lapses_is_warned_of(folder: Path) -> None:
    bill("service.toml", 'due = "bill"', 'due = { value = 5, unit = "working_day" }')(folder)
    (warned,) = [w for w in check(folder).warnings if "stays open for ever" in w.wrong]
    assert warned.where == f"{PAID}/service.toml:timers"
