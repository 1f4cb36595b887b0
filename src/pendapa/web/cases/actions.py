"""Every write on cases. Each function is one transaction: check, change rows, append events, enqueue the follow-up."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from pendapa.forms import Evaluation, Form, evaluate, plain_path
from pendapa.processes import CompleteTask, FinishEffect, FireTimer, ReceiveMessage, start
from pendapa.web.accounts.models import User
from pendapa.web.cases.access import office_of, officer_task
from pendapa.web.cases.drafts import locked_draft
from pendapa.web.cases.models import Attachment, Case, Draft, Note, Task, TimerRow
from pendapa.web.cases.prepared import task_by_key
from pendapa.web.cases.refusals import InvalidAnswers, NotYours, Refused
from pendapa.web.cases.secrets import code_hash, new_code
from pendapa.web.cases.work import CaseWork, is_over, locked_case
from pendapa.web.catalogue.definitions import Ready, ready, service_of
from pendapa.web.events.chain import GENESIS, SYSTEM, Actor
from pendapa.web.organisation.access import local_day, posts_of, published_district, zone
from pendapa.web.organisation.models import Placement, Position
from pendapa.web.rows import run, select
from pendapa.web.sealed import blind_index

RESULTS = ("accept", "return", "refuse", "send_back")


@dataclass(frozen=True)
class Receipt:
    """What the applicant gets: the case, and its secret code (only the first time; it is stored as a hash)."""

    case: Case
    code: str | None


# --- the applicant ---------------------------------------------------------------------------------
@transaction.atomic
def submit_application(
    draft_id: UUID, *, now: datetime, actor: Actor, last: Mapping[str, str] | None = None
) -> Receipt:
    """Turn a draft into a case. A second call for the same draft gives the same case and changes nothing.

    `last` are answers given with the submission itself (the statement one agrees to), by path.
    Raises InvalidAnswers, and Draft.DoesNotExist.
    """
    draft = locked_draft(draft_id)
    if draft.submitted_at is not None:
        return Receipt(draft.case, None)
    made = ready(draft.version_id)
    attached = {
        str(k): k for (k,) in select("SELECT id FROM cases_attachment WHERE draft_id = $1", [draft.pk])
    }
    answers = with_known_files(made.form, {**draft.answers, **(last or {})}, attached)
    evaluation = evaluate(made.form, answers, now=now.astimezone(zone()))
    if not evaluation.valid:
        raise InvalidAnswers(evaluation)
    code = new_code()
    case = _new_case(draft, made, evaluation.values, code, now)
    work = CaseWork(case, now=now, actor=actor, fresh=True)
    work.event("application.received", service=made.service_slug)
    work.apply(start(made.process, typed_variables(made.form, made.definition.variables, evaluation.values)))
    given = set(evaluation.values.values())
    used = [key for name, key in attached.items() if name in given]
    work.changes.update(Attachment, used, {"case_id": case.pk})
    work.changes.update(Draft, [draft.pk], {"submitted_at": now, "answers": {}})
    work.save()
    return Receipt(case, code)


def _new_case(draft: Draft, made: Ready, values: Mapping[str, str], code: str, now: datetime) -> Case:
    about = {key: values.get(path, "") for key, path in made.definition.applicant.items()}
    service = service_of(draft.version_id)
    key, running = run("SELECT nextval('cases_case_id_seq'), nextval('case_number')", [])
    prefix = made.definition.number_prefix or made.definition.code
    return Case(
        pk=key,
        number=f"{prefix}-{local_day(now).year}-{running:06d}",
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


def with_known_files(form: Form, answers: Mapping[str, str], known: Container[str]) -> dict[str, str]:
    """The answers without those to file questions that name no file of this application.

    A name made up, or of somebody else's file, is then as good as no answer: an obligatory question asks again.
    """
    asked = {path for path, field in form.fields.items() if field.kind in ("file", "image")}
    return {
        path: value
        for path, value in answers.items()
        if not value or plain_path(path) not in asked or value in known
    }


def _files_of(case: Case) -> set[str]:
    return {str(pk) for pk in Attachment.objects.filter(case=case).values_list("pk", flat=True)}


def typed_variables(form: Form, mapping: Mapping[str, str], values: Mapping[str, str]) -> dict[str, Any]:
    """Process variables picked out of a form's values with the field's type; an empty answer is missing."""
    picked: dict[str, Any] = {}
    for name, path in mapping.items():
        text = values.get(path, "")
        kind = form.fields[path].kind if path in form.fields else "text"
        if text == "":
            picked[name] = None
        elif kind == "integer":
            picked[name] = int(text)
        elif kind == "decimal":
            picked[name] = Decimal(text)
        elif kind == "date":
            picked[name] = date.fromisoformat(text)
        elif kind == "select_multiple":
            picked[name] = tuple(text.split())
        else:
            picked[name] = text
    return picked


@transaction.atomic
def resubmit(case_id: int, changes: Mapping[str, str], *, now: datetime, actor: Actor) -> Case:
    """Hand in the correction that an officer asked for. Raises InvalidAnswers, Refused."""
    case = locked_case(case_id)
    if case.status != Case.Status.WAITING_APPLICANT:
        raise Refused(_("Permohonan ini sedang tidak menunggu perbaikan."))
    work = CaseWork(case, now=now, actor=actor)
    answers = with_known_files(work.ready.form, {**case.answers, **changes}, _files_of(case))
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
    for token in work.tokens.values():
        if (
            token.waiting == "message"
            and token.element in waits
            and waits[token.element].pause == "applicant"
        ):
            return waits[token.element].message
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


# --- the officer -----------------------------------------------------------------------------------
@transaction.atomic
def claim(task_id: int, user: User, *, now: datetime) -> Task:
    """Take a task on oneself. Raises Refused when a colleague has it."""
    case, task, actor = _task_to_work_on(task_id, user, now)
    if task.claimed_by_id == user.pk:
        return task
    if task.claimed_by_id is not None:
        raise Refused(
            _("Tugas ini sedang dikerjakan %(name)s. Minta dilepas, atau pilih tugas lain.")
            % {"name": task.claimed_by.name if task.claimed_by else "-"}
        )
    task.claimed_by, task.claimed_at = user, now
    task.save(update_fields=["claimed_by", "claimed_at"])
    _one_event(case, "task.claimed", task, now, actor)
    return task


@transaction.atomic
def release(task_id: int, user: User, *, now: datetime) -> Task:
    """Give a task back to the inbox of its position."""
    case, task, actor = _task_to_work_on(task_id, user, now)
    if task.claimed_by_id != user.pk:
        raise Refused(_("Tugas ini tidak sedang Anda pegang."))
    task.claimed_by, task.claimed_at = None, None
    task.save(update_fields=["claimed_by", "claimed_at"])
    _one_event(case, "task.released", task, now, actor)
    return task


@transaction.atomic
def reassign(task_id: int, to_user_id: int, user: User, *, now: datetime) -> Task:
    """Hand a task to a person who holds its position; for its superior, or the one who has it."""
    case, task, actor = _task_to_work_on(task_id, user, now, superior=True)
    holder = Placement.objects.filter(
        user_id=to_user_id,
        position=task.position,
        period__contains=local_day(now),
        user__suspended_at__isnull=True,
    ).first()
    if holder is None:
        raise Refused(_("Orang itu tidak memegang jabatan untuk tugas ini. Pilih orang lain."))
    task.claimed_by, task.claimed_at = holder.user, now
    task.save(update_fields=["claimed_by", "claimed_at"])
    _one_event(case, "task.reassigned", task, now, actor, to=str(holder.user.key))
    return task


def _one_event(case: Case, kind: str, task: Task, now: datetime, actor: Actor, **data: Any) -> None:
    work = CaseWork(case, now=now, actor=actor)
    work.event(kind, agency=task.agency.code, element=task.element, task=task.pk, **data)
    work.save()


def _task_to_work_on(
    task_id: int, user: User, now: datetime, *, superior: bool = False
) -> tuple[Case, Task, Actor]:
    """Lock the case, then the task; the person must hold its position (or be the superior it climbed to)."""
    task = officer_task(user, task_id, local_day(now), superior=superior)
    case = locked_case(task.case_id)
    task = task_by_key(task_id, lock=True) or task
    if task.status != Task.Status.OPEN:
        raise Refused(_("Tugas ini sudah selesai dikerjakan. Muat ulang daftar tugas Anda."))
    return case, task, office_of(user, task, local_day(now))


@dataclass(frozen=True)
class Decision:
    """What an officer decides on a task, besides the task form's answers."""

    result: str = "accept"
    message: str = ""  # to the applicant when returning; to the colleague when sending back
    fields: tuple[str, ...] = ()  # paths the applicant must correct
    reason_fact: str = ""  # refusing: what was found
    reason_law: str = ""  # refusing: the rule it breaks


@transaction.atomic
def complete_task(
    task_id: int,
    user: User,
    decision: Decision,
    answers: Mapping[str, str],
    *,
    now: datetime,
) -> Case:
    """Finish a task of work. Raises NotYours, Refused, InvalidAnswers (the task form's)."""
    case, task, actor = _task_to_work_on(task_id, user, now)
    if task.claimed_by_id not in (None, user.pk):
        raise Refused(_("Tugas ini sedang dikerjakan orang lain. Minta dilepas dahulu."))
    if task.kind == Task.Kind.SIGN and decision.result == "accept":
        raise Refused(_("Surat ini disetujui dengan menandatanganinya, lewat halaman Tanda tangan."))
    work = CaseWork(case, now=now, actor=actor)
    form = work.ready.task_form(task.element)
    if form is not None:
        answers = with_known_files(form, answers, _files_of(case))
    values = _checked(work.ready, task, decision, answers, now)
    finish_task(work, task, user, decision, values)
    work.save()
    return case


def finish_task(
    work: CaseWork, task: Task, user: User | None, decision: Decision, values: Mapping[str, str]
) -> None:
    """Close the task's row, move the process, and note what a return or refusal says. The caller saves the work."""
    binding = work.ready.definition.tasks[task.element]
    task.status, task.done_at, task.done_by = Task.Status.DONE, work.now, user
    task.acted_as, task.result = work.actor.acted_as, decision.result
    task.answers = {
        "form": dict(values),
        "decision": {
            "message": decision.message,
            "reason_fact": decision.reason_fact,
            "reason_law": decision.reason_law,
            "fields": list(decision.fields),
        },
    }
    changed = ("status", "done_at", "done_by_id", "acted_as", "result", "answers")
    work.changes.update(Task, [task.pk], {name: getattr(task, name) for name in changed})
    work.event("task.completed", agency=task.agency.code, element=task.element, result=decision.result)
    if decision.result == "return":
        work.case.correction = {"message": decision.message, "fields": list(decision.fields)}
        work.event(
            "case.returned", agency=task.agency.code, element=task.element, fields=len(decision.fields)
        )
    variables: dict[str, Any] = {binding.result_variable(task.element): decision.result}
    form = work.ready.task_form(task.element)
    if form is not None:
        variables |= typed_variables(form, binding.variables, values)
    work.step(CompleteTask(task.element, task.instance, variables))


def _checked(
    made: Ready,
    task: Task,
    decision: Decision,
    answers: Mapping[str, str],
    now: datetime,
) -> Mapping[str, str]:
    binding = made.definition.tasks[task.element]
    allowed = binding.outcomes or ("accept",)
    if decision.result not in allowed:
        raise Refused(
            _("Keputusan itu tidak tersedia untuk tugas ini. Pilih salah satu yang ada di halaman.")
        )
    if decision.result == "return" and not decision.message.strip():
        raise Refused(_("Tulis apa yang harus diperbaiki pemohon, supaya ia tahu harus berbuat apa."))
    if decision.result == "return" and not set(decision.fields) <= set(made.form.fields):
        raise Refused(_("Ada isian yang ditandai tetapi tidak ada di formulir. Muat ulang halaman ini."))
    if decision.result == "refuse" and not (decision.reason_fact.strip() and decision.reason_law.strip()):
        raise Refused(
            _("Penolakan harus menyebut alasan menurut keadaan dan alasan menurut hukum. Tulis keduanya.")
        )
    if decision.result == "send_back" and not decision.message.strip():
        raise Refused(_("Tulis mengapa dikembalikan, supaya rekan Anda tahu harus berbuat apa."))
    form = made.task_form(task.element)
    if form is None or decision.result != "accept":
        # A form half filled in is kept as it is when the officer does not carry on with it.
        return {path: value for path, value in answers.items() if value and form is not None}
    evaluation: Evaluation = evaluate(form, answers, now=now.astimezone(zone()))
    if not evaluation.valid:
        raise InvalidAnswers(evaluation)
    return evaluation.values


@transaction.atomic
def write_note(case_id: int, user: User, text: str, *, now: datetime) -> Note:
    """Leave a remark for colleagues. The applicant never sees it; the log says only that one was written."""
    if not text.strip():
        raise Refused(_("Catatan masih kosong."))
    case = locked_case(case_id)
    posts = posts_of(user, local_day(now))
    position: Position | None = next((p.position for p in posts), None)
    if position is None:
        raise NotYours
    note = Note.objects.create(case=case, author=user, position=position, text=text.strip(), written_at=now)
    work = CaseWork(case, now=now, actor=Actor(user.key, user.pk, position.code))
    work.event("note.written", agency=position.agency.code, note=note.pk)
    work.save()
    return note


# --- time and machines -----------------------------------------------------------------------------
@transaction.atomic
def fire_timer(timer_id: int, *, now: datetime) -> bool:
    """Let a boundary timer run out if it is due. False when it is set no longer, or not due any more."""
    row = TimerRow.objects.select_related("case").get(pk=timer_id)
    case = locked_case(row.case_id)
    row.refresh_from_db()
    if row.status != "set" or row.due_at is None or row.due_at > now or is_over(case):
        return False
    work = CaseWork(case, now=now, actor=SYSTEM)
    TimerRow.objects.filter(pk=row.pk).update(status="fired")
    work.event("timer.fired", element=row.element)
    work.step(FireTimer(row.element, row.timer))
    work.save()
    return True


@transaction.atomic
def climb(task_id: int, *, now: datetime) -> bool:
    """Show a late task to the superior of its position as well. False when there is none, or it is late no longer."""
    task = Task.objects.select_related("position__superior", "agency").get(pk=task_id)
    case = locked_case(task.case_id)
    task = (
        Task.objects.select_for_update(of=("self",))
        .select_related("position__superior", "agency")
        .get(pk=task_id)
    )
    if task.status != Task.Status.OPEN or task.climbed_at is not None or task.due_at > now:
        return False
    task.climbed_at, task.climbed_to = now, task.position.superior
    task.save(update_fields=["climbed_at", "climbed_to"])
    work = CaseWork(case, now=now, actor=SYSTEM)
    work.event(
        "task.climbed",
        agency=task.agency.code,
        element=task.element,
        to=task.position.superior.code if task.position.superior else "",
    )
    work.save()
    return True


@transaction.atomic
def finish_effect(
    case_id: int, element: str, instance: int, *, now: datetime, set_: Mapping[str, Any] | None = None
) -> None:
    """Report that the platform has done what a service task asked for."""
    work = CaseWork(locked_case(case_id), now=now, actor=SYSTEM)
    work.step(FinishEffect(element, instance, set_ or {}))
    work.save()
