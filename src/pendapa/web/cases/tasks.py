"""What the worker does for cases: timers, late tasks, outside systems, decisions by silence."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django_tasks import task

from pendapa.web.cases.models import Handover, Task, TimerRow
from pendapa.web.ops_worker import Periodic

if TYPE_CHECKING:
    from pendapa.web.cases.work import CaseWork

logger = logging.getLogger(__name__)
_BATCH = 200


def follow_up(work: CaseWork) -> None:
    """Enqueue what leaves the database, in the transaction of the work itself."""
    for instance, element in work.deemed:
        issue_deemed.enqueue(work.case.pk, element, instance, work.now.isoformat())


@task()
def issue_deemed(case_id: int, element: str, instance: int, at: str) -> None:
    """Make and seal the statement that silence counted as consent, then move the case on."""
    from pendapa.web.signing.actions import issue_deemed_decision

    issue_deemed_decision(case_id, element, instance, now=datetime.fromisoformat(at))


def tick(now: datetime | None = None) -> dict[str, int]:
    """One round over everything that falls due. Safe in several processes: each row is locked and looked at again.

    Returns how many of each were done.
    """
    from pendapa.web.cases import actions
    from pendapa.web.cases.handovers import deliver
    from pendapa.web.notifications.actions import send_waiting
    from pendapa.web.payments.access import bills_without_receipt
    from pendapa.web.payments.receipts import issue_receipt
    from pendapa.web.signing.actions import void_interrupted

    now = now or timezone.now()
    return {
        "timers": _each(
            list(
                TimerRow.objects.filter(status="set", due_at__lte=now)
                .exclude(case__status="stuck")  # its way on must be mended first
                .order_by("due_at")
                .values_list("pk", flat=True)[:_BATCH]
            ),
            lambda pk: actions.fire_timer(pk, now=now),
        ),
        "climbed": _each(
            list(
                Task.objects.filter(
                    status="open", climbed_at__isnull=True, due_at__lte=now, position__superior__isnull=False
                )
                .order_by("due_at")
                .values_list("pk", flat=True)[:_BATCH]
            ),
            lambda pk: actions.climb(pk, now=now),
        ),
        "handovers": _each(
            list(
                Handover.objects.filter(status__in=["waiting", "sent"], next_try_at__lte=now)
                .exclude(case__status="stuck")
                .order_by("next_try_at")
                .values_list("pk", flat=True)[:_BATCH]
            ),
            lambda pk: deliver(pk, now=now),
        ),
        "receipts": _each(list(bills_without_receipt()[:_BATCH]), lambda pk: issue_receipt(pk, now=now)),
        "messages": send_waiting(now=now),
        "voided": void_interrupted(now=now),
    }


def _each(keys: list[int], act: Callable[[int], bool]) -> int:
    done = 0
    for key in keys:
        try:
            done += bool(act(key))
        except Exception:
            # One broken case must not keep the others waiting; it is logged with its key and tried again next round.
            logger.exception("row %s could not be worked on", key)
            if transaction.get_connection().in_atomic_block:
                raise
    return done


def seal(now: datetime) -> None:
    """Seal what grew; a busy minute takes several rounds."""
    from pendapa.web.events.actions import seal_heads

    while seal_heads(now) is not None:
        pass


def forget(now: datetime) -> None:
    """Purge what retention no longer allows to keep."""
    from pendapa.web.cases.retention import purge

    purge(now)


def take_up_moves(now: datetime) -> None:
    """Go on with moves of cases to another version that a worker left."""
    from pendapa.web.cases.moving import take_up

    take_up(now)


PERIODIC = [Periodic(5, tick), Periodic(60, seal), Periodic(60, take_up_moves), Periodic(6 * 3600, forget)]
