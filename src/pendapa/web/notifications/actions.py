"""Noting messages in the transaction of the event they tell of; wording and sending them afterwards."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation

from pendapa.web.cases.models import Case
from pendapa.web.catalogue.definitions import ready
from pendapa.web.events.models import Event
from pendapa.web.notifications.channels import CHANNELS, NotDelivered
from pendapa.web.notifications.models import Message
from pendapa.web.sealed import mask_emails_in
from pendapa.web.templatetags.pendapa import localised

logger = logging.getLogger(__name__)
MOST_ATTEMPTS = 8

# Which events an applicant hears of, and by which text.
TEMPLATES = {
    "application.received": "received",
    "case.returned": "returned",
    "case.resubmitted": "resubmitted",
    "case.withdrawn": "withdrawn",
    "clock.recomputed": "moved",
    "document.issued": "issued",
    "document.revoked": "revoked",
    "case.ended": "ended",
    "bill.issued": "bill",
    "bill.not_found": "not_found",
    "bill.part_paid": "part_paid",
    "bill.expired": "bill_expired",
    "receipt.issued": "receipt",
}


def messages_for(case: Case, events: Iterable[Event], *, now: datetime) -> list[Message]:
    """The messages that events of a case call for, to be written with the events themselves."""
    found = (message_for(case, event, now=now) for event in events)
    return [message for message in found if message is not None]


def message_for(case: Case, event: Event, *, now: datetime) -> Message | None:
    """The message, not yet saved, that an event calls for; None when there is nobody to tell or nothing to say."""
    template = TEMPLATES.get(event.kind)
    if template is None or not case.applicant_email:
        return None
    if event.kind == "case.ended" and event.data.get("outcome") in ("issued", "withdrawn"):
        return None  # told already, by document.issued or case.withdrawn
    if event.kind == "clock.recomputed" and not event.data.get("after"):
        return None  # the clock stands still: there is no new day to tell
    return Message(
        case_id=case.pk,
        recipient_id=case.applicant_id,
        template=template,
        language=case.language,
        address=case.applicant_email,
        event_seq=event.seq,
        next_try_at=now,
        created_at=now,
    )


def word(message: Message, event: Event) -> None:
    """Give a message about an event of its case the text, in the language of the applicant."""
    assert message.case is not None
    context: dict[str, Any] = {
        "case": message.case,
        "service": message.case.service,
        "event": event,
        "due": datetime.fromisoformat(event.data["after"]) if event.data.get("after") else None,
        "address": f"{settings.SITE_URL}/berkas/{message.case.number}/",
    }
    with translation.override(message.language):
        context["note"] = _tariff_note(message.case) if event.kind.startswith("bill.") else ""
        message.subject = render_to_string(f"notifications/{message.template}.subject.txt", context).strip()
        message.body = render_to_string(f"notifications/{message.template}.txt", context)


def _tariff_note(case: Case) -> str:
    """What has to stand beside the amount of the case's bills."""
    effects = ready(case.version_id).definition.effects.values()
    terms = next((effect.bill for effect in effects if effect.bill is not None), None)
    return str(localised(terms, "note")) if terms is not None else ""


def send_waiting(*, now: datetime, most: int = 100) -> int:
    """Send what waits, each message locked, sent and marked by itself; what fails is tried again, later each time."""
    sent = 0
    for _ in range(most):
        with transaction.atomic():
            message = (
                Message.objects.select_for_update(skip_locked=True)
                .filter(status=Message.Status.WAITING, next_try_at__lte=now)
                .order_by("next_try_at")
                .first()
            )
            if message is None:
                break
            sent += _try(message, now)
    return sent


def _try(message: Message, now: datetime) -> bool:
    message.attempts += 1
    if message.subject is None:
        word(message, Event.objects.get(case=message.case, seq=message.event_seq))
    try:
        CHANNELS[message.channel].send(
            message.address, message.subject, message.body, message_id=f"message-{message.pk}"
        )
    except NotDelivered as error:
        message.last_error = mask_emails_in(str(error))[:300]  # mail servers repeat the address
        message.next_try_at = now + timedelta(minutes=2**message.attempts)
        if message.attempts >= MOST_ATTEMPTS:
            message.status = Message.Status.FAILED
        logger.warning("message %s not delivered: %s", message.pk, message.last_error)
    else:
        message.status, message.sent_at, message.last_error = Message.Status.SENT, now, ""
    message.save()
    return message.status == Message.Status.SENT


@transaction.atomic
def resend(message_id: int, *, now: datetime) -> Message:
    """Put a message in the queue once more, whatever became of it."""
    message = Message.objects.select_for_update().get(pk=message_id)
    message.status, message.attempts, message.next_try_at = Message.Status.WAITING, 0, now
    message.save(update_fields=["status", "attempts", "next_try_at"])
    return message
