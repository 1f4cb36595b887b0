"""What pages show of a bill: its amount and how it came about, what is still owed, what came in."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _

from pendapa.regency.definition import BillTerms, PaymentAnswers
from pendapa.web.cases.models import Case
from pendapa.web.catalogue.definitions import Ready, ready
from pendapa.web.payments.access import bills_of_case, open_bill, terms_of
from pendapa.web.payments.channels import CHANNELS
from pendapa.web.payments.models import Bill
from pendapa.web.shown import PillKind, ShownFact
from pendapa.web.signing.models import Document
from pendapa.web.templatetags.pendapa import language, localised, long_date, long_moment, rupiah


@dataclass(frozen=True)
class ShownBill:
    """One bill as the applicant and the officer read it."""

    bill: Bill
    title: str
    rest: int
    note: str
    figures: list[ShownFact]
    facts: list[ShownFact]
    payments: list[ShownFact]
    steps: tuple[str, ...]
    kind: PillKind
    word: str


def status_of(bill: Bill) -> tuple[PillKind, str]:
    """Colour and word of a bill's status."""
    words: dict[str, tuple[PillKind, str]] = {
        Bill.Status.OPEN: ("warn", _("Belum lunas")),
        Bill.Status.PAID: ("good", _("Lunas")),
        Bill.Status.EXPIRED: ("quiet", _("Lewat batas waktu")),
        Bill.Status.CANCELLED: ("quiet", _("Batal")),
    }
    return words[bill.status]


def shown_bills(case: Case) -> list[ShownBill]:
    """The bills of a case the caller was let into, newest first."""
    definition = ready(case.version_id).definition
    if not case.earlier and not any(effect.run == "bill" for effect in definition.effects.values()):
        return []
    return [shown_bill(bill) for bill in bills_of_case(case)]


def shown_bill(bill: Bill) -> ShownBill:
    """One bill in words."""
    terms = terms_of(bill)
    came_in = list(bill.payments.all())
    received = sum(payment.amount for payment in came_in)
    channels = _channel_words(ready(bill.version_id))
    kind, word = status_of(bill)
    facts = [
        ShownFact(_("Nomor tagihan"), bill.number),
        ShownFact(_("Dibayar kepada"), localised(bill.agency)),
        ShownFact(_("Terbit"), long_date(bill.issued_at)),
    ]
    if bill.status == Bill.Status.OPEN:
        facts.append(ShownFact(_("Bayar paling lambat"), long_moment(bill.valid_until)))
    if received:
        facts.append(ShownFact(_("Sudah diterima"), rupiah(received)))
    if received > bill.amount:
        facts.append(ShownFact(_("Lebih bayar"), rupiah(received - bill.amount)))
    return ShownBill(
        bill=bill,
        title=localised(terms, "title"),
        rest=max(0, bill.amount - received),
        note=localised(terms, "note"),
        figures=_figures(bill, terms),
        facts=facts,
        payments=[
            ShownFact(
                long_date(payment.paid_on),
                f"{rupiah(payment.amount)}, {channels.get(payment.channel, payment.channel)}, {payment.reference}",
            )
            for payment in came_in
        ],
        steps=CHANNELS[bill.channel].how_to_pay(terms, language()),
        kind=kind,
        word=word,
    )


def bill_for_task(case: Case, fields: PaymentAnswers | None) -> ShownBill | None:
    """The open bill that a task confirms; None for tasks that confirm no payment."""
    bill = open_bill(case) if fields is not None else None
    return None if bill is None else shown_bill(bill)


def receipt_facts(document: Document) -> list[ShownFact]:
    """What anybody may know of a receipt: the bill and the sum, so that a forged paper is found out."""
    bill = Bill.objects.select_related("entry").get(receipt=document)
    terms = terms_of(bill)
    facts = [
        ShownFact(_("Untuk pembayaran"), localised(terms, "title")),
        ShownFact(_("Nomor tagihan"), bill.number),
        ShownFact(_("Jumlah yang diterima"), rupiah(bill.received)),
    ]
    return [*facts, ShownFact(_("Catatan tarif"), localised(terms, "note"))] if terms.note_id else facts


def proof_fact(shown: ShownBill, case: Case) -> ShownFact | None:
    """The slip that the applicant sent, as an officer's link."""
    bill = shown.bill
    if bill.proof is None or bill.proof_sent_at is None:
        return None
    url = reverse("cases:officer_attachment", args=[case.number, bill.proof.pk])
    return ShownFact(_("Bukti dari pemohon"), f"{bill.proof.name}, {long_moment(bill.proof_sent_at)}", url)


def _figures(bill: Bill, terms: BillTerms) -> list[ShownFact]:
    return [
        ShownFact(localised(terms.lines[name], "label"), _in_words(value, terms.lines[name].shown_as))
        for name, value in bill.figures
        if name in terms.lines and value
    ]


def _in_words(value: str, shown_as: str) -> str:
    try:
        number = Decimal(value)
    except ArithmeticError:
        return value
    if shown_as == "rupiah":
        return rupiah(number)
    text = f"{(number * 100 if shown_as == 'percent' else number).normalize():f}"
    text = text if language() == "en" else text.replace(".", ",")
    return f"{text} %" if shown_as == "percent" else text


def _channel_words(made: Ready) -> dict[str, str]:
    """The labels of the ways to pay that the officer's form offers."""
    for task in made.definition.tasks.values():
        form = made.task_forms.get(task.form)
        if task.payment is None or form is None:
            continue
        field = form.fields[task.payment.channel]
        return {choice.name: choice.label for choice in field.choices.get(language(), ())}
    return {}
