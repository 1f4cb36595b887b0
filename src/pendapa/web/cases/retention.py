"""Forgetting: personal data of cases whose retention is over, and applications nobody finished.

What a case was, when and how it ended stays (events, facts, the register of letters); whose it was does not. Issued
documents are kept by the archive rules of the letter register, not by these.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from pendapa.web.cases import uploads
from pendapa.web.cases.models import Attachment, Case, Draft, Note, Statement, Task
from pendapa.web.cases.work import CaseWork, locked_case
from pendapa.web.catalogue.definitions import ready
from pendapa.web.events.chain import SYSTEM
from pendapa.web.notifications.models import Message

UNFINISHED_FOR = timedelta(days=60)
"""How long an untouched draft is kept; its pages tell the applicant. To be confirmed by the regency."""


def purge(now: datetime, *, most: int = 200) -> dict[str, int]:
    """One round of forgetting. Returns how many cases and drafts were purged."""
    return {"cases": _purge_cases(now, most), "drafts": _purge_drafts(now, most)}


def _purge_cases(now: datetime, most: int) -> int:
    count = 0
    ended = Case.objects.filter(purged_at__isnull=True, ended_at__isnull=False)
    for version_id in list(ended.values_list("version_id", flat=True).distinct().order_by()):
        years = ready(version_id).definition.personal.retention_years
        over = ended.filter(version_id=version_id, ended_at__lt=now - timedelta(days=365.25 * years))
        for case_id in list(over.values_list("pk", flat=True)[:most]):
            purge_case(case_id, now=now)
            count += 1
    return count


@transaction.atomic
def purge_case(case_id: int, *, now: datetime) -> None:
    """Remove a finished case's personal data for good, and write down that it was done."""
    case = locked_case(case_id)
    case.applicant_name, case.applicant_email, case.nik_index = "", None, None
    case.answers, case.correction, case.applicant_id = {}, None, None
    case.purged_at = now
    Task.objects.filter(case=case).update(answers=None)
    Note.objects.filter(case=case).delete()
    Statement.objects.filter(case=case).delete()
    Message.objects.filter(case=case).delete()
    _remove_files(Attachment.objects.filter(case=case).values_list("pk", "stored_as"))
    work = CaseWork(case, now=now, actor=SYSTEM)
    work.event("case.purged")
    work.save()


def _purge_drafts(now: datetime, most: int) -> int:
    stale = Draft.objects.filter(submitted_at__isnull=True, changed_at__lt=now - UNFINISHED_FOR)
    keys = list(stale.values_list("pk", flat=True)[:most])
    with transaction.atomic():
        _remove_files(
            Attachment.objects.filter(draft_id__in=keys, case__isnull=True).values_list("pk", "stored_as")
        )
        Draft.objects.filter(pk__in=keys, submitted_at__isnull=True).delete()
    return len(keys)


def _remove_files(rows: Iterable[tuple[UUID, str]]) -> None:
    """Delete attachment rows, and their files once that is on disk: a file left over is better than one lost."""
    found = list(rows)
    Attachment.objects.filter(pk__in=[pk for pk, _ in found]).delete()

    def unlink() -> None:
        for _, name in found:
            uploads.stored_path(name).unlink(missing_ok=True)

    transaction.on_commit(unlink)
