"""What the outcome of an objection does to its first case: it hears of it, and is decided anew when granted.

The first case stays ended as it was and its chain is only added to. A new decision is a new case of the same service
version with the same answers, which begins where every application does and has a clock of its own.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from pendapa.web.cases import uploads
from pendapa.web.cases.actions.values import typed_variables
from pendapa.web.cases.case_numbers import next_case
from pendapa.web.cases.models import Attachment, Case, CaseLink
from pendapa.web.cases.work import CaseWork, locked_case
from pendapa.web.catalogue.definitions import ready
from pendapa.web.events.chain import GENESIS


def tell_first_case(work: CaseWork, link: CaseLink) -> None:
    """Write into the first case's chain how the objection ended. One withdrawn makes room for another."""
    if work.case.status == Case.Status.WITHDRAWN:
        CaseLink.objects.filter(pk=link.pk).update(standing=False)
    _note(work, link, "case.objection_decided", objection=work.case.number, outcome=work.case.status)


def open_new_decision(work: CaseWork, element: str) -> Case:
    """Open the case in which the first case's application is decided anew, due within the effect's time."""
    link = work.link
    assert link is not None
    first, within = link.about, work.ready.definition.effects[element].within
    assert within is not None  # held by the check of the folder
    made = ready(first.version_id)
    key, number = next_case(made, work.now)
    case = Case(
        pk=key,
        number=number,
        version_id=first.version_id,
        service=first.service,
        agency=first.agency,
        district=first.district,
        applicant_id=first.applicant_id,
        secret_hash=bytes(first.secret_hash),  # the code that opens the first case opens this one
        channel=first.channel,
        language=first.language,
        applicant_name=first.applicant_name,
        applicant_email=first.applicant_email,
        nik_index=first.nik_index,
        submitted_at=work.now,
        clock_since=_granted_at(work),
        clock_value=within.value,
        clock_unit=within.unit,
        head_hash=GENESIS,
    )
    files = list(Attachment.objects.filter(case=first))
    copies = {str(file.pk): _copy(file) for file in files}
    case.answers = {
        path: str(copies[value].pk) if value in copies else value for path, value in first.answers.items()
    }
    fresh = CaseWork(case, now=work.now, actor=work.actor, fresh=True)
    fresh.event("application.received", service=made.service_slug, objection=work.case.number)
    fresh.begin(typed_variables(made.form, made.definition.variables, case.answers))
    fresh.save()
    for copied in copies.values():
        copied.case_id = key
    Attachment.objects.bulk_create(copies.values())
    CaseLink.objects.create(
        case_id=key,
        about=first,
        kind=CaseLink.Kind.NEW_DECISION,
        document=link.document,
        objection=work.case,
        made_at=work.now,
    )
    _note(work, link, "case.decided_anew", case=number)
    return case


def _granted_at(work: CaseWork) -> datetime:
    """When the objection was granted: silence grants within the day on which the time ran out."""
    due = work.case.due_at
    return work.now if due is None else min(work.now, due - timedelta(seconds=1))


def _copy(file: Attachment) -> Attachment:
    """A file of its own, so that each case forgets its files by its own retention."""
    return Attachment(
        name=file.name,
        content_type=file.content_type,
        size=file.size,
        sha256=file.sha256,
        stored_as=uploads.write_sealed(uploads.read_sealed(file.stored_as)),
        answer_hash=file.answer_hash,
        uploaded_at=file.uploaded_at,
    )


def _note(work: CaseWork, link: CaseLink, kind: str, **data: Any) -> None:
    first = CaseWork(locked_case(link.about_id), now=work.now, actor=work.actor)
    first.event(kind, **data)
    first.save()
