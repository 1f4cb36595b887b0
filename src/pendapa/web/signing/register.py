"""The register of letter numbers: gapless per agency, class and year, whatever happens to the signing."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Q

from pendapa.web.cases.models import Case
from pendapa.web.cases.work import CaseWork, locked_case
from pendapa.web.events.chain import SYSTEM, Actor
from pendapa.web.organisation.access import current_publication, local_day
from pendapa.web.organisation.models import Agency
from pendapa.web.signing.models import RegisterEntry

_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
INTERRUPTED_AFTER = timedelta(minutes=10)


@transaction.atomic
def take_number(
    agency: Agency, letter_class: str, *, subject: str, case: Case | None, now: datetime
) -> RegisterEntry:
    """Take the next number and write it down as reserved. The counter's row is held only for this short transaction."""
    day = local_day(now)
    rules = current_publication().regency["numbering"][letter_class]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO signing_numbercounter (agency_id, letter_class, year, last) VALUES (%s, %s, %s, 1) "
            "ON CONFLICT (agency_id, letter_class, year) DO UPDATE SET last = signing_numbercounter.last + 1 "
            "RETURNING last",
            [agency.pk, letter_class, day.year],
        )
        running = int(cursor.fetchone()[0])
    number = rules["pattern"].format(
        **{
            "class": letter_class,
            "number": str(running).zfill(rules["digits"]),
            "agency": agency.code,
            "year": day.year,
            "month_roman": _ROMAN[day.month - 1],
        }
    )
    return RegisterEntry.objects.create(
        agency=agency,
        letter_class=letter_class,
        year=day.year,
        running=running,
        number=number,
        subject=subject[:300],
        case=case,
        taken_at=now,
        retention_years=rules.get("retention_years"),
    )


@transaction.atomic
def void_number(entry_id: int, reason: str, *, now: datetime, actor: Actor = SYSTEM) -> bool:
    """Mark a reserved number void; it stays in the register. False when it was settled in the meantime."""
    entry = RegisterEntry.objects.select_for_update().get(pk=entry_id)
    if entry.status != RegisterEntry.Status.RESERVED:
        return False
    entry.status, entry.reason, entry.settled_at = RegisterEntry.Status.VOID, reason[:500], now
    entry.save()
    if entry.case_id is not None:
        work = CaseWork(locked_case(entry.case_id), now=now, actor=actor)
        work.event("number.voided", agency=entry.agency.code, number=entry.number)
        work.save()
    return True


def void_interrupted(*, now: datetime) -> int:
    """Void numbers whose signing was cut off (a process killed between taking the number and signing)."""
    stale = RegisterEntry.objects.filter(
        Q(status=RegisterEntry.Status.RESERVED), taken_at__lte=now - INTERRUPTED_AFTER
    ).values_list("pk", flat=True)
    return sum(void_number(pk, "Penandatanganan terputus sebelum selesai", now=now) for pk in list(stale))
