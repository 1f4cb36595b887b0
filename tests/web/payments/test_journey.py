"""The billboard permit from the application to the letter, through HTTP alone."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from django.core import mail
from tests.web.citizen.test_words import found_in
from tests.web.payments.conftest import FEE, Office

from pendapa.web.cases.models import Pause
from pendapa.web.events.chain import verify_case
from pendapa.web.payments.models import Bill
from pendapa.web.signing.models import Document, RegisterEntry


def text_of(pdf: bytes, folder: Path) -> str:
    """What a PDF says, read by poppler: independent of what made it."""
    path = folder / "paper.pdf"
    path.write_bytes(pdf)
    return subprocess.run(
        ["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True
    ).stdout


def test_the_whole_journey(office: Office, tmp_path: Path) -> None:
    assert "Sedang dikerjakan" in office.track()
    office.check()
    answer = office.visit()
    assert answer.status_code == 302, answer.content.decode()

    # the bill: number, amount, where it comes from, until when; and the clock stands still
    bill, page = office.bill(), office.track()
    assert (bill.amount, bill.round, bill.status) == (FEE, 1, "open")
    assert office.fresh().status == "waiting_payment"
    assert "Menunggu pembayaran Anda" in page
    assert "Bayar Rp2.304.000" in page
    assert bill.number in page
    assert "Rp11.520.000" in page  # the lease value that it is a fifth of
    assert "Tarif contoh" in page
    assert "Perlu dikonfirmasi" in page
    assert office.case.due_at is None
    assert Pause.objects.get(case=office.case, ends_at__isnull=True).reason == "payment"

    # the applicant says so, an officer finds the money
    office.clock.later(days=1)
    told = office.tell()
    assert (told.status_code, told["Location"]) == (302, f"/berkas/{office.case.number}/")
    assert office.fresh().status == "in_progress"
    assert office.case.due_at is not None
    task = office.task("konfirmasi")
    seen = office.page("penerimaan", f"/tugas/{task.pk}/")
    assert bill.number in seen
    assert "slip.jpg" in seen
    office.clock.later(hours=2)
    assert office.confirm(FEE).status_code == 302
    bill.refresh_from_db()
    assert bill.status == "paid"
    assert [(p.amount, p.reference, p.recorded_by.username) for p in bill.payments.all()] == [
        (FEE, "CONTOH-1", "penerimaan")
    ]

    # the receipt, made by the worker, read back from the paper, and verified by anyone
    assert "Tanda terima sedang dibuat" in office.track()
    assert office.work()["receipts"] == 1
    assert office.work()["receipts"] == 0
    receipt = Document.objects.get(case=office.case, kind="receipt")
    assert "Unduh tanda terima" in office.track()
    pdf = office.login("warga").get(f"/berkas/{office.case.number}/surat/{receipt.code}.pdf").content
    paper = text_of(pdf, tmp_path)
    for said in (
        "Tanda terima pembayaran",
        f"TBP/00001/BPKAD/{office.clock.now.year}",
        "Rp2.304.000",
        "dua juta tiga ratus empat ribu rupiah",
        bill.number,
        "CONTOH-1",
        receipt.code,
        "Tarif contoh (perlu dikonfirmasi)",
        "ILUSTRASI",
    ):
        assert said in paper, (said, paper)
    verified = office.page("warga2", f"/verify/{receipt.code}/")
    assert "Rp2.304.000" in verified
    assert bill.number in verified

    # the permit
    office.clock.later(hours=1)
    signed = office.sign()
    assert signed.status_code == 302, signed.content.decode()
    assert office.fresh().status == "issued"
    letter = Document.objects.get(case=office.case, kind="decision")
    said = text_of(
        office.login("warga").get(f"/berkas/{office.case.number}/surat/{letter.code}.pdf").content, tmp_path
    )
    assert "IZIN PENYELENGGARAAN REKLAME" in said
    assert "4 m x 6 m, 1 sisi" in said
    assert "12 bulan sejak 20 Desember 2026" in said
    assert list(verify_case(office.case)) == []


def test_the_applicant_is_told_by_mail(billed: Office) -> None:
    mail.outbox.clear()
    number = billed.bill().number
    billed.work()
    (bill,) = [m for m in mail.outbox if "menunggu pembayaran" in m.subject]
    assert number in bill.body
    assert "Rp2.304.000" in bill.body
    assert "Tarif contoh (perlu dikonfirmasi)" in bill.body
    billed.tell(with_slip=False)
    billed.confirm(FEE)
    billed.work()
    billed.work()
    assert [m for m in mail.outbox if "Tanda terima" in m.subject]


def test_numbers_of_bills_and_receipts_stand_in_the_register_without_gaps(billed: Office) -> None:
    billed.tell()
    billed.confirm(FEE)
    billed.work()
    entries = RegisterEntry.objects.filter(agency__code="BPKAD").order_by("pk")
    assert [(e.letter_class, e.running, e.status) for e in entries] == [
        ("TAGIHAN", 1, "issued"),
        ("TBP", 1, "issued"),
    ]
    assert entries[0].number == f"{billed.clock.now.year}00000001"


def test_the_measured_size_decides_the_fee_not_the_declared_one(office: Office) -> None:
    office.check()
    office.visit(width="5", height="8", place="a")
    # 40 m2 x 12 months x Rp60,000 = Rp28,800,000; a fifth is Rp5,760,000
    assert office.bill().amount == 5_760_000
    page = office.track()
    assert "Rp28.800.000" in page
    assert "Rp60.000" in page


def test_what_costs_nothing_goes_on_without_a_bill(office: Office) -> None:
    answers = {**office.case.answers, "/ad/purpose": "social"}
    office.case.answers = answers
    office.case.variables["purpose"] = "social"
    office.case.save(update_fields=["answers", "variables"])
    office.check()
    office.visit()
    assert not Bill.objects.filter(case=office.case).exists()
    assert office.task("tanda_tangan")


def test_the_pages_of_a_bill_speak_plainly(billed: Office) -> None:
    number = billed.case.number
    pages = [billed.track(), billed.page("warga", f"/berkas/{number}/bayar/")]
    billed.tell()
    billed.confirm(FEE)
    billed.work()
    pages.append(billed.track())
    for page in pages:
        assert found_in(re.sub(r"<[^>]+>", " ", page)) == []


def test_the_bill_speaks_english_too(billed: Office) -> None:
    applicant = billed.login("warga")
    applicant.cookies["pendapa_language"] = "en"
    page = applicant.get(f"/berkas/{billed.case.number}/").content.decode()
    for said in (
        "Pay Rp2,304,000",
        "Waiting for your payment",
        "Example tariff",
        "Where does this amount come from?",
    ):
        assert said in page
    assert "Pay at a counter of the regional treasury" in page
    told = applicant.get(f"/berkas/{billed.case.number}/bayar/").content.decode()
    assert "I have paid" in told
