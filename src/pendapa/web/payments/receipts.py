"""The receipt of a payment: numbered, sealed by the regency, and checked by anyone like any other document."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.conf import settings
from django.db import transaction

from pendapa.documents import PaymentReceiptFacts, render_payment_receipt
from pendapa.signatures import SignRequest, certificate_serial
from pendapa.web.cases import uploads
from pendapa.web.cases.secrets import new_code
from pendapa.web.cases.work import CaseWork, locked_case
from pendapa.web.events.chain import SYSTEM
from pendapa.web.organisation.access import regency, zone
from pendapa.web.payments.access import terms_of
from pendapa.web.payments.models import Bill
from pendapa.web.signing.authority import seal_certificate, seal_signer
from pendapa.web.signing.models import RECEIPT, Document, RegisterEntry
from pendapa.web.signing.register import take_number

_TITLE = "Tanda Terima Pembayaran"


@transaction.atomic
def issue_receipt(bill_id: int, *, now: datetime) -> bool:
    """Make the receipt of a bill that was paid. False when it has one, or is not paid.

    All in one transaction: what fails leaves no hole in the register.
    """
    case = locked_case(Bill.objects.values_list("case_id", flat=True).get(pk=bill_id))
    bill = Bill.objects.select_related("agency", "entry").get(pk=bill_id)
    if bill.status != Bill.Status.PAID or bill.receipt_id is not None:
        return False
    terms = terms_of(bill)
    entry = take_number(
        bill.agency, terms.receipt_class, subject=f"{_TITLE}: {terms.title_id}", case=case, now=now
    )
    code = new_code(12)
    payments = list(bill.payments.all())
    facts, local = regency(), now.astimezone(zone())
    pdf = render_payment_receipt(
        PaymentReceiptFacts(
            number=entry.number,
            issuer=f"Pemerintah {facts['name_id']}",
            agency=bill.agency.name_id,
            payer=case.applicant_name,
            purpose=f"{terms.title_id}, permohonan {case.number}",
            bill_number=bill.number,
            amount=sum(payment.amount for payment in payments),
            billed=bill.amount,
            payments=tuple((p.paid_on, p.amount, p.reference) for p in payments),
            note=terms.note_id,
            document_code=code,
            verification_url=f"{settings.SITE_URL}/verify/{code}",
            made_at=local,
            contact=bill.agency.public_email or str(facts.get("contact_email", "")),
            illustrative=bool(facts.get("illustrative")),
        )
    )
    signed = seal_signer().sign(
        pdf, SignRequest(identity="seal", signed_at=now, reason=_TITLE, name="Segel elektronik")
    )
    entry.status, entry.settled_at = RegisterEntry.Status.ISSUED, now
    entry.save(update_fields=["status", "settled_at"])
    bill.receipt = Document.objects.create(
        code=code,
        case=case,
        task=None,
        kind=RECEIPT,
        title=_TITLE,
        entry=entry,
        signer=None,
        signer_name="Segel elektronik",
        signer_title=f"a.n. sistem layanan {bill.agency.name_id}",
        position=None,
        certificate_serial=certificate_serial(seal_certificate()),
        sha256=hashlib.sha256(signed).hexdigest(),
        stored_as=uploads.write_sealed(signed),
        size=len(signed),
        signed_at=now,
    )
    bill.save(update_fields=["receipt"])
    work = CaseWork(case, now=now, actor=SYSTEM)
    work.event("receipt.issued", agency=bill.agency.code, document=code, number=entry.number)
    work.save()
    return True
