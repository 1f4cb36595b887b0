"""Guarded reads of signing: the tray, the register, documents, and what anybody may know of a document."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from django.contrib.sessions.backends.base import SessionBase
from django.db.models import Q, QuerySet

from pendapa.signatures import verify
from pendapa.web.accounts.models import User
from pendapa.web.cases.access import Visitor, case_for_applicant, case_for_officer, officer_task
from pendapa.web.cases.models import Task
from pendapa.web.cases.refusals import NotYours
from pendapa.web.organisation.access import Post, posts_of
from pendapa.web.signing.actions import revoking_post
from pendapa.web.signing.authority import trust_roots
from pendapa.web.signing.models import Document, RegisterEntry

Verdict = Literal["genuine", "changed", "revoked", "unknown"]


@dataclass(frozen=True)
class Verified:
    """What /verify answers: the verdict, and the document it is about where there is one."""

    verdict: Verdict
    document: Document | None = None
    detail: str = ""


def tray_of(
    posts: list[Post], after: tuple[datetime, int] | None = None, *, most: int = 20
) -> QuerySet[Task]:
    """Letters that wait for the signature of the positions held, soonest due first, from a key on."""
    wanted = Q(
        status=Task.Status.OPEN, kind=Task.Kind.SIGN, position_id__in=[post.position.pk for post in posts]
    )
    if after is not None:
        wanted &= Q(due_at__gte=after[0]) & ~Q(due_at=after[0], pk__lte=after[1])
    return (
        Task.objects.filter(wanted)
        .select_related("case__service", "case__version", "position", "agency", "service")
        .order_by("due_at", "pk")[:most]
    )


def signing_task(user: Visitor, task_id: int, today: date) -> tuple[Task, Post]:
    """A signing task and the post in which the person signs it. Raises NotYours, also for a superior it climbed to."""
    task = officer_task(user, task_id, today)
    post = next((p for p in posts_of(user, today) if p.position.pk == task.position_id), None)
    if task.kind != Task.Kind.SIGN or post is None:
        raise NotYours
    return task, post


def register_of(posts: list[Post]) -> QuerySet[RegisterEntry]:
    """The numbers of the agencies a person works in, newest first."""
    return (
        RegisterEntry.objects.filter(agency_id__in={post.position.agency_id for post in posts})
        .select_related("case", "agency", "document")
        .defer("case__answers", "case__applicant_email", "case__correction", "case__applicant_name")
        .order_by("-pk")
    )


def document_for_officer(user: Visitor, code: str, today: date) -> Document:
    """A document for officers of the agencies that have to do with its case. Raises NotYours."""
    document = _by_code(code)
    if document is None:
        raise NotYours
    case_for_officer(user, document.case.number, today)
    return document


def document_for_reader(user: Visitor, session: SessionBase, code: str, today: date) -> Document:
    """A document whose file the person may have: its applicant, or such an officer. Raises NotYours."""
    document = _by_code(code)
    if document is None:
        raise NotYours
    try:
        case_for_applicant(user, session, document.case.number)
    except NotYours:
        case_for_officer(user, document.case.number, today)
    return document


def may_revoke(user: User, document: Document, today: date) -> bool:
    """Whether the document is in force and the person is the one who may revoke it."""
    return document.status == Document.Status.VALID and revoking_post(user, document, today) is not None


def _by_code(code: str) -> Document | None:
    return (
        Document.objects.select_related("case__service", "entry__agency", "position")
        .filter(code=plain_code(code))
        .first()
    )


def plain_code(text: str) -> str:
    """A document's code as stored, however it was typed."""
    return "".join(c for c in text.upper() if c.isalnum())[:20]


def verify_code(code: str) -> Verified:
    """What the register says of a code. The file itself is not looked at: the asker compares the paper."""
    document = _by_code(code)
    if document is None:
        return Verified("unknown")
    return Verified("revoked" if document.status == Document.Status.REVOKED else "genuine", document)


def verify_file(content: bytes, now: datetime) -> Verified:
    """What signature and register say together of a file: only the very bytes we signed are genuine."""
    document = (
        Document.objects.select_related("case__service", "entry__agency", "position")
        .filter(sha256=hashlib.sha256(content).hexdigest())
        .first()
    )
    found = verify(content, trust_roots(), now)
    if document is not None:
        if document.status == Document.Status.REVOKED:
            return Verified("revoked", document, found.verdict)
        if found.verdict in ("genuine", "expired"):
            return Verified("genuine", document, found.verdict)
        return Verified("changed", document, found.verdict)
    if not found.signatures:
        # No signature can be read: either never ours, or damaged beyond reading.
        return Verified("changed" if found.verdict == "changed" else "unknown", None, found.verdict)
    original: Document | None = None
    if found.signing_time is not None:
        signed_then = (
            Document.objects.select_related("case__service", "entry__agency", "position")
            .filter(
                certificate_serial=found.serial,
                signed_at__gte=found.signing_time - timedelta(seconds=1),
                signed_at__lte=found.signing_time + timedelta(seconds=1),
            )
            .order_by("pk")
        )
        # Several letters signed within one second by one person: which of them it was cannot be told.
        original = signed_then[0] if len(signed_then[:2]) == 1 else None
    if found.verdict == "changed" or original is not None:
        return Verified("changed", original, found.verdict)
    return Verified("unknown", None, found.verdict)
