"""Writing bills and payments. What moves a case does so within the case's own unit of work."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from pendapa.expressions import Value
from pendapa.processes import ReceiveMessage
from pendapa.processes.state import value_from_json
from pendapa.regency.definition import PaymentAnswers
from pendapa.web.accounts.models import User
from pendapa.web.cases import uploads
from pendapa.web.cases.clock import deadline
from pendapa.web.cases.models import Task
from pendapa.web.cases.refusals import NeedsAssurance, Refused
from pendapa.web.cases.stuck import marks_stuck
from pendapa.web.cases.work import CaseStuck, CaseWork, locked_case
from pendapa.web.events.chain import Actor
from pendapa.web.organisation.access import acting, calendar_of, local_day, posts_of
from pendapa.web.organisation.models import Agency
from pendapa.web.payments.access import bill_of_collector, open_bill
from pendapa.web.payments.channels import CHANNELS, Incoming
from pendapa.web.payments.models import Bill, Payment
from pendapa.web.signing.models import RegisterEntry
from pendapa.web.signing.register import take_number
from pendapa.web.templatetags.pendapa import rupiah

PAID, PART = "paid", "part"


def issue_bill(work: CaseWork, element: str) -> dict[str, Value]:
    """Issue the bill that an effect of the process asks for, less what came in on earlier bills of the case.

    Returns the variables the effect brings. Raises CaseStuck when the amount is not 1 or more whole rupiah.
    """
    binding = work.ready.definition.effects[element]
    terms = binding.bill
    assert terms is not None
    owed = _whole_rupiah(work, terms.amount)
    came_in = Payment.objects.filter(bill__case_id=work.case.pk).aggregate(total=Sum("amount"))["total"] or 0
    if owed is None or owed - came_in < 1:
        raise CaseStuck(work.case.pk, (element,), work.actor, work.now)
    agency = Agency.objects.get(code=terms.agency)
    earlier = Bill.objects.filter(case_id=work.case.pk).count()
    until = deadline(calendar_of(agency.code), work.now, terms.valid).due
    assert until is not None  # no pauses are given
    confirming = next(t for t in work.ready.definition.tasks.values() if t.payment is not None)
    bill = Bill.objects.create(
        case_id=work.case.pk,
        version_id=work.case.version_id,
        element=element,
        round=earlier + 1,
        entry=_numbered(work, agency, terms.number_class, terms.title_id),
        agency=agency,
        position=work.position_of(confirming),
        channel=terms.channel,
        amount=owed - came_in,
        figures=[[name, _plain(work, name)] for name in terms.lines],
        issued_at=work.now,
        valid_until=until,
    )
    work.event("bill.issued", agency=agency.code, number=bill.number, amount=bill.amount)
    return dict.fromkeys(binding.sets, bill.round)


def _whole_rupiah(work: CaseWork, variable: str) -> int | None:
    value = value_from_json(work.case.variables.get(variable))
    if isinstance(value, bool) or not isinstance(value, int | Decimal) or value != int(value):
        return None
    return int(value)


def _plain(work: CaseWork, variable: str) -> str:
    value = value_from_json(work.case.variables.get(variable))
    return "" if value is None else str(value)


def _numbered(work: CaseWork, agency: Agency, number_class: str, subject: str) -> RegisterEntry:
    entry = take_number(agency, number_class, subject=subject, case=work.case, now=work.now)
    entry.status, entry.settled_at = RegisterEntry.Status.ISSUED, work.now
    entry.save(update_fields=["status", "settled_at"])
    return entry


# --- the applicant ---------------------------------------------------------------------------------
@marks_stuck
@transaction.atomic
def send_proof(case_id: int, proof: uploads.Clean | None, *, now: datetime, actor: Actor) -> Bill:
    """Say that the open bill was paid, with a picture of the slip if there is one; an officer then looks.

    Raises Refused.
    """
    case = locked_case(case_id)
    bill = open_bill(case)
    work = CaseWork(case, now=now, actor=actor)
    if bill is None or not (message := _payment_wait(work)):
        raise Refused(
            _("Tidak ada tagihan yang menunggu pembayaran Anda. Muat ulang halaman permohonan Anda.")
        )
    if proof is not None:
        bill.proof = uploads.keep(proof, now=now, case=case)
    bill.proof_sent_at = now
    bill.save(update_fields=["proof", "proof_sent_at"])
    case.correction = None
    work.event("bill.proof_sent", number=bill.number)
    work.step(ReceiveMessage(message, None, {}))
    work.save()
    return bill


# --- the officer who looks at the account ----------------------------------------------------------
@marks_stuck
@transaction.atomic
def find_money(bill_id: int, user: User, *, now: datetime) -> Task:
    """Open the confirmation of a bill whose money was found on the account though nobody said it was paid.

    For the position that confirms. Returns the task; one that is open already is handed back. Raises NotYours, Refused.
    """
    bill = bill_of_collector(user, bill_id, local_day(now))
    case = locked_case(bill.case_id)
    work = CaseWork(case, now=now, actor=acting(user, posts_of(user, local_day(now)), bill.position_id))
    message = _payment_wait(work)
    if message and open_bill(case) == bill:
        work.event("bill.money_found", agency=bill.agency.code, number=bill.number)
        work.step(ReceiveMessage(message, None, {}))
        work.save()
    tasks = work.ready.definition.tasks
    confirming = [name for name, task in tasks.items() if task.payment is not None]
    task = Task.objects.filter(case=case, element__in=confirming, status=Task.Status.OPEN).first()
    if task is None:
        raise Refused(_("Tagihan ini sudah tidak menunggu pembayaran. Muat ulang daftar tagihan."))
    return task


def settle(
    work: CaseWork,
    task: Task,
    fields: PaymentAnswers,
    told: Mapping[str, str],
    user: User | None,
    *,
    sure: bool,
) -> dict[str, Value]:
    """Record the money that a task's answers tell of; the variable says whether the bill is paid.

    Less than what is owed stays on the bill as a part payment; more is recorded as it came. Either needs `sure`.
    Raises Refused, NeedsAssurance.
    """
    bill = open_bill(work.case)
    if bill is None:
        raise Refused(_("Tagihan ini sudah tidak menunggu pembayaran. Muat ulang daftar tagihan."))
    incoming = CHANNELS[bill.channel].incoming(told, fields)
    owed = bill.amount - bill.received
    _refuse_impossible(bill, incoming)
    if incoming.amount != owed and not sure:
        raise NeedsAssurance(_difference(incoming.amount, owed))
    Payment.objects.create(
        bill=bill,
        agency=bill.agency,
        amount=incoming.amount,
        paid_on=incoming.paid_on,
        channel=incoming.channel,
        reference=incoming.reference,
        recorded_at=work.now,
        recorded_by=user,
        position=task.position,
    )
    rest = owed - incoming.amount
    work.case.correction = None
    if rest > 0:
        work.event(
            "bill.part_paid", agency=bill.agency.code, number=bill.number, amount=incoming.amount, rest=rest
        )
        return {fields.state: PART}
    bill.status, bill.settled_at = Bill.Status.PAID, work.now
    bill.save(update_fields=["status", "settled_at"])
    work.event("bill.paid", agency=bill.agency.code, number=bill.number, amount=incoming.amount, excess=-rest)
    return {fields.state: PAID}


def _refuse_impossible(bill: Bill, incoming: Incoming) -> None:
    first = Bill.objects.filter(case_id=bill.case_id).order_by("round")[0]
    if incoming.paid_on < local_day(first.issued_at):
        raise Refused(
            _("Tanggal uang masuk lebih awal dari tagihan pertama. Periksa tanggalnya pada rekening.")
        )
    known = Payment.objects.filter(
        agency=bill.agency, channel=incoming.channel, reference=incoming.reference
    ).first()
    if known is not None:
        raise Refused(
            _("Nomor bukti %(reference)s sudah dicatat untuk tagihan %(number)s. Periksa lagi rekeningnya.")
            % {"reference": incoming.reference, "number": known.bill.number}
        )


def _difference(came: int, owed: int) -> str:
    if came < owed:
        return _(
            "%(came)s kurang %(rest)s dari yang harus dibayar, %(owed)s. Bila memang sebesar itu yang masuk, uangnya "
            "dicatat sebagai bayar sebagian dan pemohon diminta melunasi."
        ) % {"came": rupiah(came), "rest": rupiah(owed - came), "owed": rupiah(owed)}
    return _(
        "%(came)s lebih %(excess)s dari yang harus dibayar, %(owed)s. Bila memang sebesar itu yang masuk, tagihan "
        "lunas dan kelebihannya tercatat untuk dikembalikan; caranya perlu dikonfirmasi."
    ) % {"came": rupiah(came), "excess": rupiah(came - owed), "owed": rupiah(owed)}


def money_not_found(work: CaseWork, task: Task, message: str) -> None:
    """Tell the applicant that the payment is not on the account yet; the bill stays open."""
    work.case.correction = {"message": message, "fields": []}
    bill = open_bill(work.case)
    work.event(
        "bill.not_found", agency=task.agency.code, element=task.element, number=bill.number if bill else ""
    )


# --- bills that come to nothing --------------------------------------------------------------------
def lapse_bill(work: CaseWork) -> None:
    """The open bill's time is over."""
    _close(work, Bill.Status.EXPIRED, "bill.expired", "Tidak dibayar sampai batas waktunya")


def cancel_bill(work: CaseWork) -> None:
    """The case ended while its bill was open."""
    _close(work, Bill.Status.CANCELLED, "bill.cancelled", "Permohonan berakhir sebelum tagihan dibayar")


def _close(work: CaseWork, status: Bill.Status, kind: str, reason: str) -> None:
    bill = open_bill(work.case)
    if bill is None:
        return
    bill.status, bill.settled_at = status, work.now
    bill.save(update_fields=["status", "settled_at"])
    entry = bill.entry  # a number that is no longer good stays in the register, with the reason
    entry.status, entry.reason, entry.settled_at = RegisterEntry.Status.REVOKED, reason, work.now
    entry.save(update_fields=["status", "reason", "settled_at"])
    work.event(kind, agency=bill.agency.code, number=bill.number)


def _payment_wait(work: CaseWork) -> str:
    """The message that the case waits for while it is not paid; empty when it does not wait for money."""
    waits = work.ready.definition.waits
    for token in work.tokens.values():
        if token.waiting == "message" and token.element in waits and waits[token.element].pause == "payment":
            return waits[token.element].message
    return ""
