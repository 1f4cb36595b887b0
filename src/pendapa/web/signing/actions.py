"""Signing: an official's act, one or many at a time; the seal for decisions by silence; revoking."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from pendapa.processes import FinishEffect
from pendapa.signatures import SignerRefused, SignerUnavailable, SignRequest, certificate_serial
from pendapa.web.accounts.models import User
from pendapa.web.cases import uploads
from pendapa.web.cases.access import office_of, officer_task
from pendapa.web.cases.actions import Decision, finish_task
from pendapa.web.cases.models import Case, Task
from pendapa.web.cases.refusals import NotYours, Refused
from pendapa.web.cases.secrets import new_code
from pendapa.web.cases.stuck import marks_stuck
from pendapa.web.cases.work import CaseWork, locked_case
from pendapa.web.catalogue.definitions import ready
from pendapa.web.events.chain import SYSTEM, Actor
from pendapa.web.organisation.access import Post, local_day, posts_of
from pendapa.web.signing.authority import national_signer, seal_certificate, seal_signer
from pendapa.web.signing.letters import Letter, Signature, letter_of, set_letter
from pendapa.web.signing.models import Document, LetterReading, RegisterEntry
from pendapa.web.signing.register import take_number, void_interrupted, void_number

__all__ = ["issue_deemed_decision", "read_letter", "revoke", "sign_many", "sign_task", "void_interrupted"]

_NOT_NUMBERED = "(diberikan saat ditandatangani)"


def letter_of_task(task: Task, *, now: datetime) -> Letter:
    """The letter that a signing task is about, as it stands now."""
    made = ready(task.case.version_id)
    binding = made.definition.tasks[task.element]
    return letter_of(
        made,
        task.case,
        letter=binding.letter,
        letter_class=binding.letter_class,
        title=binding.document_title_id or binding.title_id,
        agency=task.agency,
        now=now,
    )


def _signing_post(user: User, task: Task, today: date) -> Post:
    if task.kind != Task.Kind.SIGN:
        raise NotYours  # a task of work has no letter
    for post in posts_of(user, today):
        if post.position.pk == task.position_id:
            return post
    raise NotYours  # a task that climbed may be seen by the superior, but only its own position signs


def read_letter(task_id: int, user: User, *, now: datetime) -> bytes:
    """The letter as a PDF, not numbered or signed. The reading is written down: only what was read is signed."""
    task = officer_task(user, task_id, local_day(now))
    post = _signing_post(user, task, local_day(now))
    letter = letter_of_task(task, now=now)
    pdf = set_letter(
        letter, number=_NOT_NUMBERED, code="PRATINJAU", signature=Signature(user.name, post.title_id), now=now
    )
    LetterReading.objects.get_or_create(
        task=task, reader=user, body_hash=letter.body_hash, defaults={"read_at": now}
    )
    return pdf


def was_read(task: Task, user: User, letter: Letter) -> bool:
    """Whether the person has opened the letter as it stands now."""
    return LetterReading.objects.filter(task=task, reader=user, body_hash=letter.body_hash).exists()


@marks_stuck
def sign_task(task_id: int, user: User, passphrase: str, *, now: datetime) -> Document:
    """Sign the letter of a task as its position's holder or acting holder.

    Three steps, so that no lock is held while the signer works: take a number; set and sign; settle. A number whose
    signing fails is voided with the reason. Raises NotYours, Refused.
    """
    today = local_day(now)
    task = officer_task(user, task_id, today)
    post = _signing_post(user, task, today)
    actor = office_of(user, task, today)
    if task.status != Task.Status.OPEN or task.kind != Task.Kind.SIGN:
        raise Refused(_("Surat ini sudah ditandatangani atau ditarik. Muat ulang daftar Anda."))
    if task.claimed_by_id not in (None, user.pk):
        raise Refused(_("Surat ini sedang dipegang orang lain. Minta dilepas dahulu."))
    letter = letter_of_task(task, now=now)
    if not was_read(task, user, letter):
        raise Refused(_("Buka dan baca surat ini dahulu, baru tandatangani."))
    if not user.nik:
        raise Refused(_("NIK Anda belum tercatat, padahal tanda tangan memakai NIK. Hubungi administrator."))
    entry = take_number(task.agency, letter.letter_class, subject=letter.title, case=task.case, now=now)
    code = new_code(12)
    try:
        pdf = set_letter(
            letter, number=entry.number, code=code, signature=Signature(user.name, post.title_id), now=now
        )
        signed = national_signer().sign(
            pdf,
            SignRequest(
                identity=user.nik, passphrase=passphrase, signed_at=now, reason=letter.title, name=user.name
            ),
        )
        stored = uploads.write_sealed(signed)
        with transaction.atomic():
            return _settle(task.pk, user, entry.pk, code, letter, signed, stored, post, actor, now)
    except (SignerRefused, SignerUnavailable) as error:
        void_number(entry.pk, error.sentence("id"), now=now, actor=actor)
        raise Refused(error.sentence(get_language() or "id")) from error
    except Exception as error:
        void_number(entry.pk, _reason(error), now=now, actor=actor)
        raise


def _reason(error: Exception) -> str:
    return str(error) if isinstance(error, Refused) else f"Penandatanganan gagal ({type(error).__name__})"


def _settle(
    task_id: int,
    user: User,
    entry_id: int,
    code: str,
    letter: Letter,
    signed: bytes,
    stored: str,
    post: Post,
    actor: Actor,
    now: datetime,
) -> Document:
    case = locked_case(Task.objects.values_list("case_id", flat=True).get(pk=task_id))
    task = Task.objects.select_for_update(of=("self",)).select_related("agency", "position").get(pk=task_id)
    if task.status != Task.Status.OPEN:
        raise Refused(_("Surat ini sudah ditandatangani atau ditarik. Muat ulang daftar Anda."))
    work = CaseWork(case, now=now, actor=actor)
    certificate = user.certificates.first()
    document = _document(
        case, task, entry_id, code, letter, signed, stored, now,
        signer=user, name=user.name, title=post.title_id, serial=certificate.serial if certificate else "", post=post,
        kind="refusal" if _leads_to_refusal(work, task) else "decision",
    )  # fmt: skip
    work.event(
        "document.issued", agency=task.agency.code, document=document.code, number=document.entry.number
    )
    finish_task(work, task, user, Decision("accept"), {})
    work.save()
    return document


def _leads_to_refusal(work: CaseWork, task: Task) -> bool:
    """Whether an earlier officer decided to refuse, so that this letter is the refusal."""
    last = Task.objects.filter(case=work.case, status="done", kind="work").order_by("-done_at", "-pk").first()
    return last is not None and last.result == "refuse"


def _document(
    case: Case,
    task: Task | None,
    entry_id: int,
    code: str,
    letter: Letter,
    signed: bytes,
    stored: str,
    now: datetime,
    *,
    signer: User | None,
    name: str,
    title: str,
    serial: str,
    post: Post | None,
    kind: str,
) -> Document:
    entry = RegisterEntry.objects.select_for_update().get(pk=entry_id)
    if entry.status != RegisterEntry.Status.RESERVED:
        raise Refused(_("Nomor surat ini sudah dibatalkan. Coba tandatangani sekali lagi."))
    entry.status, entry.settled_at = RegisterEntry.Status.ISSUED, now
    entry.save()
    return Document.objects.create(
        code=code,
        case=case,
        task=task,
        kind=kind,
        title=letter.title,
        entry=entry,
        signer=signer,
        signer_name=name,
        signer_title=title,
        position=post.position if post else None,
        acted_as=post.kind if post else "",
        certificate_serial=serial,
        sha256=hashlib.sha256(signed).hexdigest(),
        stored_as=stored,
        size=len(signed),
        signed_at=now,
    )


@dataclass(frozen=True)
class BulkResult:
    """What became of one letter in a bulk signing."""

    task_id: int
    document: Document | None
    trouble: str


def sign_many(task_ids: Iterable[int], user: User, passphrase: str, *, now: datetime) -> list[BulkResult]:
    """Sign several letters, each in its own right: one that fails leaves the others signed.

    A wrong passphrase would fail them all, so nothing after the first such refusal is tried.
    """
    results: list[BulkResult] = []
    stopped = ""
    for task_id in task_ids:
        if stopped:
            results.append(BulkResult(task_id, None, stopped))
            continue
        try:
            results.append(BulkResult(task_id, sign_task(task_id, user, passphrase, now=now), ""))
        except Refused as refused:
            results.append(BulkResult(task_id, None, str(refused)))
            if isinstance(refused.__cause__, SignerRefused | SignerUnavailable):
                stopped = _("Belum dicoba, karena tanda tangan sebelumnya ditolak.")
        except NotYours:
            results.append(BulkResult(task_id, None, _("Surat ini tidak ada di daftar Anda.")))
    return results


@marks_stuck
def issue_deemed_decision(case_id: int, element: str, instance: int, *, now: datetime) -> Document | None:
    """State under the regency's seal that silence counted as consent. Does nothing if that was done before."""
    case = Case.objects.select_related("agency", "service").get(pk=case_id)
    if not case.tokens.filter(instance=instance, element=element, waiting="effect").exists():
        return None
    made = ready(case.version_id)
    binding = made.definition.effects[element]
    named = binding.position or binding.of_first_case
    agency = CaseWork(case, now=now, actor=SYSTEM).position_of(binding).agency if named else case.agency
    letter = letter_of(
        made,
        case,
        letter=binding.letter,
        letter_class=binding.letter_class,
        title=binding.document_title_id or made.definition.name_id,
        agency=agency,
        now=now,
    )
    entry = take_number(agency, letter.letter_class, subject=letter.title, case=case, now=now)
    code = new_code(12)
    signature = Signature("Segel elektronik", f"a.n. sistem layanan {agency.name_id}")
    try:
        pdf = set_letter(letter, number=entry.number, code=code, signature=signature, now=now)
        signed = seal_signer().sign(
            pdf, SignRequest(identity="seal", signed_at=now, reason=letter.title, name="Segel elektronik")
        )
        stored = uploads.write_sealed(signed)
        with transaction.atomic():
            work = CaseWork(locked_case(case_id), now=now, actor=SYSTEM)
            if not any(t.instance == instance and t.waiting == "effect" for t in work.tokens.values()):
                raise Refused(_("Sudah dibuat."))
            document = _document(
                work.case, None, entry.pk, code, letter, signed, stored, now,
                signer=None, name=signature.name, title=signature.title, serial=certificate_serial(seal_certificate()),
                post=None, kind="deemed",
            )  # fmt: skip
            work.event("document.issued", agency=agency.code, document=code, number=entry.number)
            work.step(FinishEffect(element, instance, {}))
            work.save()
            return document
    except Exception as error:
        void_number(entry.pk, _reason(error), now=now)
        if isinstance(error, Refused):
            return None
        raise


def revoking_post(user: User, document: Document, today: date) -> Post | None:
    """The post in which the person may revoke a document: the position that signed it; where the seal did, because
    silence counted as consent, a signing position of the agency whose register it stands in."""
    for post in posts_of(user, today):
        if document.position_id is None:
            if post.position.signs and post.position.agency_id == document.entry.agency_id:
                return post
        elif post.position.pk == document.position_id:
            return post
    return None


@transaction.atomic
def revoke(document_id: int, user: User, reason: str, *, now: datetime) -> Document:
    """Withdraw a document in force; /verify says so from then on. `revoking_post` says who may; with a reason."""
    document = Document.objects.select_related("case", "position__agency", "entry").get(pk=document_id)
    case = locked_case(document.case_id)
    document = (
        Document.objects.select_for_update(of=("self",))
        .select_related("position__agency", "entry")
        .get(pk=document_id)
    )
    post = revoking_post(user, document, local_day(now))
    if post is None:
        raise NotYours
    if not reason.strip():
        raise Refused(_("Tulis alasan pencabutan; alasan itu terbaca oleh siapa pun yang memeriksa dokumen."))
    if document.status == Document.Status.REVOKED:
        raise Refused(_("Dokumen ini sudah dicabut."))
    document.status, document.revoked_at, document.revoked_by = Document.Status.REVOKED, now, user
    document.revoke_reason = reason.strip()[:500]
    document.save()
    document.entry.status, document.entry.reason, document.entry.settled_at = (
        "revoked",
        document.revoke_reason,
        now,
    )
    document.entry.save()
    work = CaseWork(case, now=now, actor=Actor(user.key, user.pk, post.position.code, post.kind))
    work.event("document.revoked", agency=post.position.agency.code, document=document.code)
    work.save()
    return document
