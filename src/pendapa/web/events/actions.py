"""Writes of the log that belong to no single case."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import F

from pendapa.web.events.chain import GENESIS, Actor, head_leaf, merkle_root, seal_link
from pendapa.web.events.kinds import KINDS
from pendapa.web.events.models import Event, PersonalReading, Seal, SealedHead

_SEAL_LOCK = 715_001


def record(
    kind: str, *, now: datetime, actor: Actor, agency: str = "", data: dict[str, Any] | None = None
) -> Event:
    """Append an event that is not about a case."""
    return Event.objects.create(
        kind=kind,
        kind_version=KINDS[kind].version,
        occurred_at=now,
        recorded_at=now,
        actor=actor.key,
        actor_position=actor.position,
        agency=agency,
        channel=actor.channel,
        data=data or {},
    )


def log_reading(case_id: int, *, now: datetime, actor: Actor, what: str) -> None:
    """Write down that somebody saw a case's personal data in the clear."""
    PersonalReading.objects.create(
        case_id=case_id, reader=actor.key, position=actor.position, read_at=now, what=what
    )


@transaction.atomic
def seal_heads(now: datetime, *, most: int = 5000) -> Seal | None:
    """Seal the heads of all cases that grew since they were last sealed; None when none did."""
    from pendapa.web.cases.models import Case

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_SEAL_LOCK])
    grown = list(
        Case.objects.filter(event_count__gt=F("sealed_count"))
        .order_by("id")
        .values_list("id", "number", "event_count", "head_hash")[:most]
    )
    if not grown:
        return None
    last = Seal.objects.order_by("-number").first()
    previous, number = (bytes(last.hash), last.number + 1) if last else (GENESIS, 1)
    root = merkle_root([head_leaf(case_number, seq, bytes(head)) for _, case_number, seq, head in grown])
    seal = Seal.objects.create(
        number=number,
        sealed_at=now,
        root=root,
        previous_hash=previous,
        hash=seal_link(previous, number, now, root),
    )
    SealedHead.objects.bulk_create(
        SealedHead(seal=seal, case_id=case_id, seq=seq, hash=bytes(head)) for case_id, _, seq, head in grown
    )
    # By the counts read above: a case that grew meanwhile is sealed again in the next round.
    for count in {seq for _, _, seq, _ in grown}:
        Case.objects.filter(pk__in=[pk for pk, _, seq, _ in grown if seq == count]).update(sealed_count=count)
    return seal
