"""Every guarded read of drafts, cases and tasks. What a person may not see does not exist for them: NotYours."""

from __future__ import annotations

import uuid
from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.base import SessionBase
from django.db.models import Q, QuerySet

from pendapa.web.accounts.models import User
from pendapa.web.cases.models import Attachment, Case, CaseLink, Draft, Handover, Task
from pendapa.web.cases.prepared import ToSubmit, case_by_key, draft_by_key, draft_to_submit, task_by_key
from pendapa.web.cases.refusals import NotYours
from pendapa.web.cases.secrets import code_hash
from pendapa.web.events.chain import Actor
from pendapa.web.organisation.access import Post, acting, posts_of

_DRAFTS, _CASES = "open_drafts", "open_cases"
_MOST_GRANTS = 20

Visitor = User | AnonymousUser


# --- what a browser session was let into by a code -------------------------------------------------
def grant_draft(session: SessionBase, draft_id: uuid.UUID) -> None:
    """Let this browser go on with a draft."""
    session[_DRAFTS] = [*session.get(_DRAFTS, []), str(draft_id)][-_MOST_GRANTS:]


def grant_case(session: SessionBase, case_id: int) -> None:
    """Let this browser follow a case."""
    session[_CASES] = [*(c for c in session.get(_CASES, []) if c != case_id), case_id][-_MOST_GRANTS:]


def draft_of(user: Visitor, session: SessionBase, draft_id: uuid.UUID) -> Draft:
    """A draft of the signed-in owner, or one this browser was let into. Raises NotYours."""
    draft = draft_by_key(draft_id)
    if draft is None or not _may_fill_in(user, session, draft):
        raise NotYours
    return draft


def draft_to_submit_of(user: Visitor, session: SessionBase, draft_id: uuid.UUID) -> ToSubmit:
    """The same with its row locked until the transaction ends, ready for submission. Raises NotYours."""
    found = draft_to_submit(draft_id)
    if found is None or not _may_fill_in(user, session, found.draft):
        raise NotYours
    return found


def _may_fill_in(user: Visitor, session: SessionBase, draft: Draft) -> bool:
    if draft.owner_id is not None:
        return user.is_authenticated and draft.owner_id == user.pk
    return str(draft.pk) in session.get(_DRAFTS, [])


def draft_by_code(draft_id: uuid.UUID, code: str) -> Draft:
    """A draft by its link and code. Raises NotYours whichever of the two is wrong."""
    draft = Draft.objects.filter(pk=draft_id, code_hash=code_hash(code)).first()
    if draft is None:
        raise NotYours
    return draft


def case_by_code(number: str, code: str) -> Case:
    """A case by number and secret code. Raises NotYours whichever of the two is wrong."""
    case = Case.objects.filter(number=number.strip().upper(), secret_hash=code_hash(code)).first()
    if case is None:
        raise NotYours
    return case


def case_for_applicant(user: Visitor, session: SessionBase, number: str) -> Case:
    """A case of its applicant: by account, or by the code given in this browser. Raises NotYours."""
    case = (
        Case.objects.select_related("service", "agency", "version", "district").filter(number=number).first()
    )
    if case is None:
        raise NotYours
    if user.is_authenticated and case.applicant_id == user.pk:
        return case
    opened = session.get(_CASES, [])
    if case.pk in opened:
        return case
    # A new decision has the applicant and the code of the case it decides anew.
    decides_anew = CaseLink.objects.filter(case=case, kind=CaseLink.Kind.NEW_DECISION)
    if opened and decides_anew.filter(Q(about_id__in=opened) | Q(objection_id__in=opened)).exists():
        return case
    raise NotYours


def cases_of(user: User) -> QuerySet[Case]:
    """A citizen's own cases, newest first."""
    return Case.objects.filter(applicant=user).select_related("service").order_by("-submitted_at")


def drafts_of(user: User) -> QuerySet[Draft]:
    """A citizen's unfinished applications, last touched first."""
    return (
        Draft.objects.filter(owner=user, submitted_at__isnull=True)
        .select_related("version__service")
        .order_by("-changed_at")
    )


# --- officers --------------------------------------------------------------------------------------
def inbox_of(posts: list[Post]) -> QuerySet[Task]:
    """Open tasks of the positions a person holds, and late ones that climbed to them."""
    held = [post.position.pk for post in posts]
    return Task.objects.filter(Q(position_id__in=held) | Q(climbed_to_id__in=held), status=Task.Status.OPEN)


def officer_task(user: Visitor, task_id: int, today: date, *, superior: bool = False) -> Task:
    """A task of a position the person holds today, or that climbed to one; with `superior`, also one of a position
    directly under theirs. Raises NotYours."""
    if not user.is_authenticated:
        raise NotYours
    held = {post.position.pk for post in posts_of(user, today)}
    task = task_by_key(task_id)
    if task is None:
        raise NotYours
    climbed = task.climbed_to_id is not None and task.climbed_to_id in held
    if not (task.position_id in held or climbed or (superior and task.position.superior_id in held)):
        raise NotYours
    task.case = case_by_key(task.case_id)
    return task


def office_of(user: User, task: Task, today: date) -> Actor:
    """The person acting in the position that lets them at the task."""
    posts = posts_of(user, today)
    held = {post.position.pk for post in posts}
    for position_id in (task.position_id, task.climbed_to_id, task.position.superior_id):
        if position_id is not None and position_id in held:
            return acting(user, posts, position_id)
    raise NotYours


def case_for_officer(user: Visitor, number: str, today: date) -> Case:
    """A case for those whose agency leads it or has had a task in it. Raises NotYours."""
    if not user.is_authenticated:
        raise NotYours
    agencies = {post.position.agency_id for post in posts_of(user, today)}
    case = (
        Case.objects.select_related("service", "agency", "version", "district").filter(number=number).first()
    )
    if case is None or not agencies:
        raise NotYours
    if case.agency_id in agencies or Task.objects.filter(case=case, agency_id__in=agencies).exists():
        return case
    # Who works on an objection reads the case it is about, also a superior in another agency.
    if CaseLink.objects.filter(about=case, case__tasks__agency_id__in=agencies).exists():
        return case
    raise NotYours


def handovers_of(posts: list[Post]) -> QuerySet[Handover]:
    """The outbox of the agencies a person works in, newest first."""
    return (
        Handover.objects.filter(case__agency_id__in={post.position.agency_id for post in posts})
        .select_related("case__service")
        .defer("case__answers", "case__correction", "case__applicant_email")
        .order_by("-pk")
    )


def attachment_of_case(case: Case, attachment_id: uuid.UUID) -> Attachment:
    """An attachment of a case the caller has already been let into. Raises NotYours."""
    attachment = Attachment.objects.filter(pk=attachment_id, case=case).first()
    if attachment is None:
        raise NotYours
    return attachment


def attachment_of_draft(draft: Draft, attachment_id: uuid.UUID) -> Attachment:
    """An attachment of a draft the caller has already been let into. Raises NotYours."""
    attachment = Attachment.objects.filter(pk=attachment_id, draft=draft).first()
    if attachment is None:
        raise NotYours
    return attachment
