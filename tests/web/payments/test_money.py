"""Money that does not fit the bill, comes twice, comes late or not at all."""

from __future__ import annotations

import threading
from datetime import date

import pytest
from django.db import connections, transaction
from django.db.utils import IntegrityError
from tests.web.payments.conftest import FEE, Office, slip

from pendapa.web.accounts.models import User
from pendapa.web.cases import actions
from pendapa.web.cases.models import Case, Task, TimerRow
from pendapa.web.cases.refusals import NotYours, Refused
from pendapa.web.events.chain import verify_case
from pendapa.web.events.models import Event
from pendapa.web.payments.actions import find_money
from pendapa.web.payments.models import Bill, Payment
from pendapa.web.signing.models import Document, RegisterEntry


def kinds(case: Case) -> list[str]:
    return list(
        Event.objects.filter(case=case, kind__startswith="bill.")
        .order_by("seq")
        .values_list("kind", flat=True)
    )


def said(answer: object) -> str:
    from html import unescape

    return unescape(answer.content.decode())  # type: ignore[attr-defined]


def test_less_money_is_asked_about_then_kept_as_a_part_and_the_rest_is_asked_for(billed: Office) -> None:
    billed.tell()
    answer = billed.confirm(FEE - 304_000)
    assert answer.status_code == 422
    assert "Rp2.000.000 kurang Rp304.000 dari yang harus dibayar, Rp2.304.000" in said(answer)
    assert not Payment.objects.exists()
    assert billed.confirm(FEE - 304_000, pastikan="OK").status_code == 302
    assert billed.fresh().status == "waiting_payment"
    assert billed.bill().received == 2_000_000
    page = billed.track()
    assert "Bayar Rp304.000" in page
    assert "Masih kurang Rp304.000." in page
    billed.tell(with_slip=False)
    assert billed.confirm(304_000, "CONTOH-2").status_code == 302
    assert Bill.objects.get(case=billed.case).status == "paid"
    assert billed.task("tanda_tangan")
    billed.work()
    assert Document.objects.filter(case=billed.case, kind="receipt").count() == 1
    assert kinds(billed.case) == [
        "bill.issued", "bill.proof_sent", "bill.part_paid", "bill.proof_sent", "bill.paid",
    ]  # fmt: skip


def test_more_money_is_asked_about_then_kept_as_it_came(billed: Office) -> None:
    billed.tell()
    answer = billed.confirm(FEE + 96_000)
    assert answer.status_code == 422
    assert "Rp2.400.000 lebih Rp96.000 dari yang harus dibayar, Rp2.304.000" in said(answer)
    assert billed.confirm(FEE + 96_000, pastikan="OK").status_code == 302
    assert Bill.objects.get(case=billed.case).status == "paid"
    page = billed.track()
    assert "Lebih bayar" in page
    assert "Rp96.000" in page


def test_one_reference_is_recorded_once(billed: Office, submit: object, people: dict[str, User]) -> None:
    billed.tell()
    billed.confirm(FEE, "SAMA-1")
    first = Bill.objects.get(case=billed.case)
    other = Office(submit("izin-reklame", people["warga"], at=billed.clock.now), billed.login, billed.clock)  # type: ignore[operator]
    other.check()
    other.visit()
    other.tell()
    answer = other.confirm(FEE, "SAMA-1")
    assert answer.status_code == 422
    assert f"Nomor bukti SAMA-1 sudah dicatat untuk tagihan {first.number}" in said(answer)
    assert Payment.objects.count() == 1


def test_money_cannot_have_come_before_the_bill(billed: Office) -> None:
    billed.tell()
    answer = billed.confirm(FEE, **{"/paid/paid_on": "2026-11-01"})
    assert answer.status_code == 422
    assert "Tanggal uang masuk lebih awal dari tagihan pertama" in said(answer)
    assert not Payment.objects.exists()


@pytest.mark.parametrize("amount", ["", "0", "-5", "seratus", "1000,50", "9" * 30])
def test_an_amount_that_is_none_is_refused_at_its_field(billed: Office, amount: str) -> None:
    billed.tell()
    answer = billed.confirm(FEE, **{"/paid/amount": amount})
    assert answer.status_code == 422
    assert 'href="#f-paid-amount"' in said(answer)
    assert not Payment.objects.exists()


def test_a_payment_that_is_not_on_the_account_leaves_the_bill_open_and_the_clock_stopped(
    billed: Office,
) -> None:
    billed.tell()
    answer = billed.confirm(FEE, keputusan="return", pesan="Belum ada di rekening sampai hari ini.")
    assert answer.status_code == 302
    assert billed.fresh().status == "waiting_payment"
    assert billed.case.due_at is None
    page = billed.track()
    assert "Belum ada di rekening sampai hari ini." in page
    assert "Pembayaran Anda belum kami temukan" in page
    assert "Kami minta Anda memperbaiki permohonan" not in page  # the answers are not at fault
    billed.tell()
    assert billed.fresh().correction is None
    billed.confirm(FEE)
    assert Bill.objects.get(case=billed.case).status == "paid"


def test_the_officer_finds_money_that_nobody_told_of(billed: Office) -> None:
    bill, officer = billed.bill(), billed.login("penerimaan")
    assert bill.number in billed.page("penerimaan", "/tagihan/")
    assert bill.number in billed.page("penerimaan", "/tagihan/?cari=Rp2.304.000")
    assert bill.number in billed.page("penerimaan", f"/tagihan/?cari={bill.number}")
    assert bill.number not in billed.page("penerimaan", "/tagihan/?cari=99")
    answer = officer.post(f"/tagihan/{bill.pk}/uang-masuk/")
    assert answer["Location"] == f"/tugas/{billed.task('konfirmasi').pk}/"
    again = officer.post(f"/tagihan/{bill.pk}/uang-masuk/")
    assert again["Location"] == answer["Location"]
    billed.confirm(FEE)
    assert kinds(billed.case) == ["bill.issued", "bill.money_found", "bill.paid"]
    gone = officer.post(f"/tagihan/{bill.pk}/uang-masuk/", follow=True)
    assert "sudah tidak menunggu pembayaran" in said(gone)


@pytest.mark.parametrize("who", ["fo", "lapangan", "kadis", "kesbangpol", "dukcapil", "verif"])
def test_only_the_position_that_confirms_knows_the_bill(
    billed: Office, people: dict[str, User], who: str
) -> None:
    bill = billed.bill()
    with pytest.raises(NotYours):
        find_money(bill.pk, people[who], now=billed.clock.now)
    assert billed.login(who).post(f"/tagihan/{bill.pk}/uang-masuk/").status_code == 404
    assert bill.number not in billed.page(who, "/tagihan/")
    billed.tell()
    task = billed.task("konfirmasi")
    with pytest.raises(NotYours):
        actions.complete_task(task.pk, people[who], actions.Decision(), {}, now=billed.clock.now)


def test_another_citizen_can_neither_see_nor_tell(billed: Office) -> None:
    other = billed.login("warga2")
    assert other.get(f"/berkas/{billed.case.number}/bayar/").status_code == 404
    assert other.post(f"/berkas/{billed.case.number}/bayar/", {"bukti": slip()}).status_code == 404
    assert billed.fresh().status == "waiting_payment"


def test_what_is_no_slip_is_refused_in_words(billed: Office) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    wrong = SimpleUploadedFile("slip.jpg", b"MZ this is a program", "image/jpeg")
    answer = billed.login("warga").post(f"/berkas/{billed.case.number}/bayar/", {"bukti": wrong})
    assert answer.status_code == 422
    assert "Jenis berkas ini tidak bisa dipakai" in said(answer)
    assert billed.fresh().status == "waiting_payment"


def test_telling_twice_opens_one_task(billed: Office) -> None:
    billed.tell()
    again = billed.login("warga").post(f"/berkas/{billed.case.number}/bayar/", {}, follow=True)
    assert "Tidak ada tagihan yang menunggu pembayaran Anda." in said(again)
    assert Task.objects.filter(case=billed.case, element="konfirmasi").count() == 1


# --- time runs out ---------------------------------------------------------------------------------
def fire_at_the_end(office: Office) -> None:
    timer = TimerRow.objects.get(case=office.case, element="batas_bayar", status="set")
    assert timer.due_at == office.bill().valid_until
    office.clock.now = timer.due_at
    assert office.work()["timers"] == 1


def test_a_bill_is_good_for_ten_working_days(billed: Office) -> None:
    # Monday 23 November 2026 is day 0; no holiday before Monday 7 December, the tenth working day.
    assert billed.clock.now.date() == date(2026, 11, 23)
    assert billed.bill().valid_until.date() == date(2026, 12, 7)


def test_a_bill_nobody_pays_is_renewed_once_then_the_case_is_closed(billed: Office) -> None:
    first = billed.bill()
    fire_at_the_end(billed)
    second = billed.bill()
    first.refresh_from_db()
    assert (first.status, second.round, second.amount) == ("expired", 2, FEE)
    assert second.number != first.number
    assert billed.fresh().status == "waiting_payment"
    entry = RegisterEntry.objects.get(pk=first.entry_id)
    assert (entry.status, entry.reason) == ("revoked", "Tidak dibayar sampai batas waktunya")
    page = billed.track()
    assert "Tagihan lewat batas waktunya" in page
    assert second.number in page
    fire_at_the_end(billed)
    assert billed.fresh().status == "closed"
    assert "tidak dibayar sampai batas waktunya" in billed.track()
    assert not Bill.objects.filter(case=billed.case, status="open").exists()
    assert kinds(billed.case) == ["bill.issued", "bill.expired"] * 2
    assert list(verify_case(billed.case)) == []


def test_a_renewed_bill_asks_only_for_what_is_still_owed(billed: Office) -> None:
    billed.tell()
    billed.confirm(2_000_000, pastikan="OK")
    fire_at_the_end(billed)
    assert (billed.bill().round, billed.bill().amount) == (2, 304_000)


def test_a_bill_does_not_lapse_while_an_officer_looks_for_its_money(billed: Office) -> None:
    until = billed.bill().valid_until
    billed.tell()
    billed.clock.now = until
    assert billed.work()["timers"] == 0
    assert billed.confirm(FEE).status_code == 302
    assert Bill.objects.get(case=billed.case).status == "paid"


def test_withdrawing_cancels_the_bill(billed: Office) -> None:
    bill = billed.bill()
    billed.login("warga").post(f"/berkas/{billed.case.number}/batal/")
    bill.refresh_from_db()
    assert (billed.fresh().status, bill.status) == ("withdrawn", "cancelled")
    assert RegisterEntry.objects.get(pk=bill.entry_id).status == "revoked"
    assert list(verify_case(billed.case)) == []


def test_a_refusal_after_the_visit_bills_nothing_and_ends_with_a_letter(office: Office) -> None:
    office.check()
    office.visit(
        keputusan="refuse",
        alasan_kenyataan="Menutupi rambu lalu lintas. (contoh)",
        alasan_hukum="Perlu dikonfirmasi.",
    )
    assert not Bill.objects.exists()
    office.sign("tanda_tangan_penolakan")
    assert office.fresh().status == "refused"
    assert Document.objects.get(case=office.case).kind == "refusal"


def test_the_head_may_send_the_permit_back_and_nothing_is_billed_again(billed: Office) -> None:
    billed.tell()
    billed.confirm(FEE)
    task, head = billed.task("tanda_tangan"), billed.login("kadis")
    head.post(f"/tanda-tangan/{task.pk}/kembalikan/", {"pesan": "Periksa ukurannya sekali lagi."})
    assert billed.finish("telaah", "kabid", {"/answer": "Sudah dicocokkan."}).status_code == 302
    assert Bill.objects.filter(case=billed.case).count() == 1
    billed.sign()
    assert billed.fresh().status == "issued"


def test_an_amount_that_cannot_be_worked_out_marks_the_case_and_keeps_the_officers_task(
    office: Office,
) -> None:
    office.check()
    office.case.refresh_from_db()
    office.case.variables["kind"] = "balon"  # a kind the tariff does not know
    office.case.save(update_fields=["variables"])
    answer = office.visit()
    assert answer.status_code == 422
    assert "kesalahan pada alur layanan" in said(answer)
    assert office.fresh().status == "stuck"
    assert office.task("tinjau")
    assert not Bill.objects.exists()


# --- the database's own rules ----------------------------------------------------------------------
def test_a_case_cannot_have_two_open_bills(billed: Office) -> None:
    bill = billed.bill()
    entry = RegisterEntry.objects.create(
        agency=bill.agency, letter_class="TAGIHAN", year=2026, running=99, number="x", subject="x",
        taken_at=billed.clock.now, status="issued",
    )  # fmt: skip
    bill.pk, bill.round, bill.entry = None, 2, entry
    with pytest.raises(IntegrityError), transaction.atomic():
        bill.save(force_insert=True)


@pytest.mark.django_db(transaction=True)
def test_two_officers_who_confirm_at_once_record_the_money_once(
    billed: Office, people: dict[str, User]
) -> None:
    billed.tell()
    task, now = billed.task("konfirmasi"), billed.clock.now
    answers = {
        "/paid/paid_on": now.date().isoformat(),
        "/paid/amount": str(FEE),
        "/paid/channel": "transfer",
        "/paid/reference": "CONTOH-1",
    }
    gate, ended = threading.Barrier(2), []

    def confirm(username: str) -> None:
        try:
            gate.wait(timeout=20)
            actions.complete_task(task.pk, people[username], actions.Decision(), answers, now=now)
            ended.append("done")
        except Refused as refused:
            ended.append(str(refused))
        finally:
            connections.close_all()

    both = [threading.Thread(target=confirm, args=(name,)) for name in ("penerimaan", "penerimaan2")]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join(timeout=60)
    assert sorted(ended) == ["Tugas ini sudah selesai dikerjakan. Muat ulang daftar tugas Anda.", "done"]
    assert Payment.objects.filter(bill__case=billed.case).count() == 1
    assert list(verify_case(billed.fresh())) == []


def test_the_list_of_bills_is_shown_to_who_confirms_payments_alone(billed: Office) -> None:
    assert 'href="/tagihan/"' in billed.page("penerimaan", "/tugas/")
    assert 'href="/tagihan/"' not in billed.page("fo", "/tugas/")
