"""Cases that another government's system of record decides: sent through an adapter, followed until it answers.

An adapter is a class with `send(case) -> outside number` and `ask(outside number) -> Answer | None`; it raises
`NotReachable` for what may be tried again. The outbox row is visible to officers all the while.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from django.db import transaction
from django.utils.translation import gettext as _

from pendapa.processes import FinishEffect, ReceiveMessage
from pendapa.web.accounts.models import User
from pendapa.web.cases.models import Case, Handover
from pendapa.web.cases.refusals import NotYours, Refused
from pendapa.web.cases.stuck import marks_stuck
from pendapa.web.cases.work import CaseWork, is_over, locked_case
from pendapa.web.events.chain import SYSTEM
from pendapa.web.organisation.access import acting, local_day, posts_of

MOST_ATTEMPTS = 12


class NotReachable(Exception):
    """The outside system did not take the message now; it is tried again."""


@dataclass(frozen=True)
class Answer:
    """What the outside system decided."""

    status: str  # done, rejected, incomplete
    note: str = ""


class Adapter(Protocol):
    """One outside system of record."""

    name: str

    def send(self, case: Case) -> str:
        """Hand the case over; returns the outside number. Raises NotReachable."""
        ...

    def ask(self, outside_number: str, sent_at: datetime, now: datetime) -> Answer | None:
        """The decision, or None while there is none. Raises NotReachable."""
        ...


class FakeSiak:
    """Stands in for SIAK in the demo and in tests. It answers four hours after it was sent a case; one case in eight
    is rejected, chosen by the case's number, so that both ways can be seen. It says of itself that it is a fake."""

    name = "SIAK (tiruan)"
    answers_after = timedelta(hours=4)

    def send(self, case: Case) -> str:
        return f"TIRUAN-{hashlib.sha256(case.number.encode()).hexdigest()[:10].upper()}"

    def ask(self, outside_number: str, sent_at: datetime, now: datetime) -> Answer | None:
        if now - sent_at < self.answers_after:
            return None
        rejected = int(outside_number[-2:], 16) % 8 == 0
        if rejected:
            return Answer(
                "rejected", "Data pada kartu keluarga lama berbeda dengan data kependudukan. (contoh)"
            )
        return Answer("done")


ADAPTERS: dict[str, Adapter] = {"siak-fake": FakeSiak()}


@marks_stuck
def deliver(handover_id: int, *, now: datetime) -> bool:
    """One try of one outbox row: send it, or ask for its answer. True when something came of it.

    The outside call is made without a lock on the case; the row is claimed by moving its next try first, so two workers
    do not send the same case twice within that time.
    """
    with transaction.atomic():
        row = Handover.objects.select_for_update(skip_locked=True).filter(pk=handover_id).first()
        if row is None or row.status not in ("waiting", "sent") or row.next_try_at > now:
            return False
        row.attempts += 1 if row.status == "waiting" else 0
        row.next_try_at = now + _backoff(row)
        row.save(update_fields=["attempts", "next_try_at"])
    case = Case.objects.select_related("agency").get(pk=row.case_id)
    adapter = ADAPTERS[row.adapter]
    try:
        if row.status == "waiting":
            return _sent(row, adapter.send(case), now)
        answer = adapter.ask(row.outside_number, row.sent_at or now, now)
        return False if answer is None else _answered(row, answer, now)
    except NotReachable as error:
        return _failed(row, str(error), now)


@transaction.atomic
def send_again(handover_id: int, user: User, *, now: datetime) -> Handover:
    """Put a handover that was given up back in the queue, at an officer's word. Raises NotYours, Refused."""
    posts = posts_of(user, local_day(now))
    row = Handover.objects.filter(pk=handover_id).first()
    case = locked_case(row.case_id) if row is not None else None
    post = next((p for p in posts if case is not None and p.position.agency_id == case.agency_id), None)
    if row is None or case is None or post is None:
        raise NotYours
    row = Handover.objects.select_for_update().get(pk=handover_id)
    if row.status != Handover.Status.FAILED or is_over(case):
        raise Refused(_("Kiriman ini tidak sedang gagal, jadi tidak perlu dikirim ulang."))
    row.status, row.attempts, row.next_try_at = Handover.Status.WAITING, 0, now
    row.save(update_fields=["status", "attempts", "next_try_at"])
    work = CaseWork(case, now=now, actor=acting(user, posts, post.position.pk))
    work.event("handover.queued", element=row.element, adapter=row.adapter)
    work.save()
    return row


def _backoff(row: Handover) -> timedelta:
    if row.status == "sent":
        return timedelta(minutes=15)
    return timedelta(minutes=min(2 ** min(row.attempts, 10), 12 * 60))


@transaction.atomic
def _sent(row: Handover, outside_number: str, now: datetime) -> bool:
    case = locked_case(row.case_id)
    row = Handover.objects.select_for_update().get(pk=row.pk)
    if row.status != "waiting" or is_over(case):
        return False
    row.status, row.outside_number, row.sent_at, row.last_error = "sent", outside_number, now, ""
    row.save()
    work = CaseWork(case, now=now, actor=SYSTEM)
    work.event("handover.sent", element=row.element, adapter=row.adapter, outside_number=outside_number)
    work.step(FinishEffect(row.element, row.instance, {}))
    work.save()
    return True


@transaction.atomic
def _answered(row: Handover, answer: Answer, now: datetime) -> bool:
    case = locked_case(row.case_id)
    row = Handover.objects.select_for_update().get(pk=row.pk)
    if row.status != "sent" or is_over(case):
        return False
    row.status, row.outside_status, row.answered_at = "answered", answer.status, now
    row.outside_note = answer.note or None
    row.save()
    work = CaseWork(case, now=now, actor=SYSTEM)
    work.event("handover.answered", element=row.element, adapter=row.adapter, status=answer.status)
    wait = next(
        w for e, w in work.ready.definition.waits.items() if w.pause == "outside" and e in work.listens()
    )
    work.step(ReceiveMessage(wait.message, None, dict.fromkeys(wait.sets, answer.status)))
    work.save()
    return True


@transaction.atomic
def _failed(row: Handover, error: str, now: datetime) -> bool:
    row = Handover.objects.select_for_update().get(pk=row.pk)
    row.last_error = error[:300]
    if row.status == "waiting" and row.attempts >= MOST_ATTEMPTS:
        row.status = "failed"
        work = CaseWork(locked_case(row.case_id), now=now, actor=SYSTEM)
        work.event("handover.failed", element=row.element, adapter=row.adapter)
        work.save()
    row.save()
    return False
