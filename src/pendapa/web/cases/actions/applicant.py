"""What an applicant does: submit, correct, withdraw."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from pendapa.forms import evaluate
from pendapa.processes import ReceiveMessage
from pendapa.web.cases.actions.values import files_of, typed_variables, with_known_files
from pendapa.web.cases.case_numbers import case_number
from pendapa.web.cases.file_questions import answer_hash
from pendapa.web.cases.models import Attachment, Case, Draft
from pendapa.web.cases.objections import lodging_of, note_lodged
from pendapa.web.cases.prepared import ToSubmit, draft_to_submit
from pendapa.web.cases.refusals import InvalidAnswers, Refused
from pendapa.web.cases.secrets import code_hash, new_code
from pendapa.web.cases.stuck import marks_stuck
from pendapa.web.cases.work import CaseWork, is_over, locked_case
from pendapa.web.catalogue.definitions import Ready, ready, service_of
from pendapa.web.events.chain import GENESIS, Actor
from pendapa.web.organisation.access import published_district, zone
from pendapa.web.sealed import blind_index


@dataclass(frozen=True)
class Receipt:
    """What the applicant gets: the case, and its secret code (only the first time; it is stored as a hash)."""

    case: Case
    code: str | None


@transaction.atomic
def submit_application(draft_id: UUID, *, now: datetime, actor: Actor) -> Receipt:
    """Turn a draft into a case. A second call for the same draft gives the same case and changes nothing.

    Raises InvalidAnswers, Refused, and Draft.DoesNotExist.
    """
    found = draft_to_submit(draft_id)
    if found is None:
        raise Draft.DoesNotExist(f"no draft {draft_id}")
    return submit_locked(found, now=now, actor=actor)


def submit_locked(
    found: ToSubmit, *, now: datetime, actor: Actor, last: Mapping[str, str] | None = None
) -> Receipt:
    """The same inside the transaction that locked the draft.

    `last` are answers given with the submission itself (the statement one agrees to), by path.
    """
    draft, attached = found.draft, found.attached
    if found.key is None:
        return Receipt(draft.case, None)
    made = ready(draft.version_id)
    lodging = lodging_of(draft, made, now)
    settled = lodging.answers if lodging else {}
    answers = with_known_files(made.form, {**draft.answers, **(last or {}), **settled}, attached)
    evaluation = evaluate(made.form, answers, now=now.astimezone(zone()))
    if not evaluation.valid:
        raise InvalidAnswers(evaluation)
    code = new_code()
    case = _new_case(found, made, evaluation.values, code, now)
    work = CaseWork(case, now=now, actor=actor, fresh=True)
    if lodging is not None:
        # It is for the agency that decided, and from the place of the first application.
        case.agency, case.district, work.link = lodging.first.agency, lodging.first.district, lodging.link
    work.event("application.received", service=made.service_slug)
    work.begin(typed_variables(made.form, made.definition.variables, evaluation.values))
    given = set(evaluation.values.values())
    used = [key for name, key in attached.items() if name in given]
    if found.drawn:
        used += [found.drawn[read] for value in given if (read := answer_hash(value)) in found.drawn]
    work.changes.update(Attachment, used, {"case_id": case.pk})
    work.changes.update(Draft, [draft.pk], {"submitted_at": now, "answers": {}})
    work.save()
    if lodging is not None:
        note_lodged(lodging, case, now=now, actor=actor)
    return Receipt(case, code)


def _new_case(found: ToSubmit, made: Ready, values: Mapping[str, str], code: str, now: datetime) -> Case:
    draft = found.draft
    about = {key: values.get(path, "") for key, path in made.definition.applicant.items()}
    service = service_of(draft.version_id)
    return Case(
        pk=found.key,
        number=case_number(made, found.running or 0, now),
        version_id=draft.version_id,
        service=service,
        agency=service.agency,
        district=published_district(about.get("district", "")),
        draft_id=draft.pk,
        applicant_id=draft.owner_id,
        secret_hash=code_hash(code),
        channel=draft.channel,
        language=draft.language,
        applicant_name=about.get("name", ""),
        applicant_email=about.get("email") or (draft.owner.email if draft.owner else None),
        nik_index=blind_index(about["nik"], "nik") if about.get("nik") else None,
        answers=dict(values),
        submitted_at=now,
        head_hash=GENESIS,
    )


@marks_stuck
@transaction.atomic
def resubmit(case_id: int, changes: Mapping[str, str], *, now: datetime, actor: Actor) -> Case:
    """Hand in the correction that an officer asked for. Raises InvalidAnswers, Refused."""
    case = locked_case(case_id)
    if case.status != Case.Status.WAITING_APPLICANT:
        raise Refused(_("Permohonan ini sedang tidak menunggu perbaikan."))
    work = CaseWork(case, now=now, actor=actor)
    answers = with_known_files(work.ready.form, {**case.answers, **changes}, files_of(case))
    evaluation = evaluate(work.ready.form, answers, now=now.astimezone(zone()))
    if not evaluation.valid:
        raise InvalidAnswers(evaluation)
    message = _applicant_wait(work)
    changed = sorted(p for p, v in evaluation.values.items() if case.answers.get(p, "") != v)
    case.answers = dict(evaluation.values)
    case.correction = None
    work.returned = True
    work.event("case.resubmitted", fields=len(changed))
    variables = typed_variables(work.ready.form, work.ready.definition.variables, evaluation.values)
    work.step(ReceiveMessage(message, None, variables))
    work.save()
    return case


def _applicant_wait(work: CaseWork) -> str:
    waits = work.ready.definition.waits
    for element in work.listens():
        if element in waits and waits[element].pause == "applicant":
            return waits[element].message
    raise Refused(_("Permohonan ini sedang tidak menunggu perbaikan."))


@transaction.atomic
def withdraw(case_id: int, *, now: datetime, actor: Actor) -> Case:
    """End a case at its applicant's wish. Only before a decision is signed."""
    case = locked_case(case_id)
    if is_over(case):
        raise Refused(_("Permohonan ini sudah selesai, jadi tidak bisa dibatalkan."))
    work = CaseWork(case, now=now, actor=actor)
    work.event("case.withdrawn")
    work.finish(Case.Status.WITHDRAWN)
    work.save()
    return case
