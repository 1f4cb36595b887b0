"""What an officer does with a task: take, give back, hand over, finish, leave a note."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from pendapa.forms import Evaluation, evaluate
from pendapa.processes import CompleteTask
from pendapa.web.accounts.models import User
from pendapa.web.cases.access import office_of, officer_task
from pendapa.web.cases.actions.values import files_of, typed_variables, with_known_files
from pendapa.web.cases.models import Case, Note, Task
from pendapa.web.cases.prepared import task_by_key
from pendapa.web.cases.refusals import InvalidAnswers, NotYours, Refused
from pendapa.web.cases.stuck import marks_stuck
from pendapa.web.cases.work import CaseWork, locked_case
from pendapa.web.catalogue.definitions import Ready
from pendapa.web.events.chain import Actor
from pendapa.web.organisation.access import local_day, posts_of, zone
from pendapa.web.organisation.models import Placement, Position


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
    sure: bool = False  # what looked unusual was looked at again


@marks_stuck
@transaction.atomic
def complete_task(
    task_id: int,
    user: User,
    decision: Decision,
    answers: Mapping[str, str],
    *,
    now: datetime,
) -> Case:
    """Finish a task of work. Raises NotYours, Refused, NeedsAssurance, InvalidAnswers (the task form's)."""
    case, task, actor = _task_to_work_on(task_id, user, now)
    if task.claimed_by_id not in (None, user.pk):
        raise Refused(_("Tugas ini sedang dikerjakan orang lain. Minta dilepas dahulu."))
    if task.kind == Task.Kind.SIGN and decision.result == "accept":
        raise Refused(_("Surat ini disetujui dengan menandatanganinya, lewat halaman Tanda tangan."))
    work = CaseWork(case, now=now, actor=actor)
    form = work.ready.task_form(task.element)
    if form is not None:
        answers = with_known_files(form, answers, files_of(case))
    values = _checked(work.ready, task, decision, answers, now)
    finish_task(work, task, user, decision, values)
    work.save()
    return case


def finish_task(
    work: CaseWork, task: Task, user: User | None, decision: Decision, values: Mapping[str, str]
) -> None:
    """Close the task's row, move the process, and note what a return or refusal says. The caller saves the work.

    Raises Refused, NeedsAssurance when the task tells of money that does not fit the bill.
    """
    from pendapa.web.payments import actions as payments

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
    if decision.result == "return" and binding.payment is not None:
        payments.money_not_found(work, task, decision.message)
    elif decision.result == "return":
        work.case.correction = {"message": decision.message, "fields": list(decision.fields)}
        work.event(
            "case.returned", agency=task.agency.code, element=task.element, fields=len(decision.fields)
        )
    variables: dict[str, Any] = {binding.result_variable(task.element): decision.result}
    form = work.ready.task_form(task.element)
    if form is not None:
        variables |= typed_variables(form, binding.variables, values)
    if binding.payment is not None and decision.result == "accept":
        variables |= payments.settle(work, task, binding.payment, values, user, sure=decision.sure)
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
