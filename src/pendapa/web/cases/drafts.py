"""Writes on drafts: begin, save a page, attach a file. Submitting is in `actions`."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from pendapa.forms import blank_answers
from pendapa.web.accounts.models import User
from pendapa.web.cases import uploads
from pendapa.web.cases.file_questions import answer_hash
from pendapa.web.cases.models import Attachment, Channel, Draft
from pendapa.web.cases.refusals import Refused
from pendapa.web.cases.repeats import without_entry
from pendapa.web.cases.secrets import code_hash, new_code
from pendapa.web.catalogue.definitions import Ready, ready
from pendapa.web.catalogue.models import ServiceVersion
from pendapa.web.organisation.access import zone
from pendapa.web.rows import read


@dataclass(frozen=True)
class Begun:
    """A new draft and the code that opens it again; the code itself is stored nowhere."""

    draft: Draft
    code: str


def prefill(definition_applicant: Mapping[Any, str], user: User | None) -> dict[str, str]:
    """What the person's profile can answer, by the form's paths."""
    if user is None:
        return {}
    known = {"name": user.name, "nik": user.nik, "email": user.email, "phone": user.phone}
    return {path: known[key] or "" for key, path in definition_applicant.items() if known.get(key)}


@transaction.atomic
def begin_draft(
    version: ServiceVersion,
    user: User | None,
    *,
    now: datetime,
    language: str = "id",
    channel: str = Channel.WEB,
) -> Begun:
    """Start an application for a service that takes them online."""
    made = ready(version.pk)
    answers = blank_answers(
        made.form, now=now.astimezone(zone()), prefill=prefill(made.definition.applicant, user)
    )
    code = new_code()
    draft = Draft.objects.create(
        id=uuid.uuid4(),
        version=version,
        owner=user,
        code_hash=code_hash(code),
        answers=answers,
        language=language,
        channel=channel,
        created_at=now,
        changed_at=now,
    )
    return Begun(draft, code)


def locked_draft(draft_id: uuid.UUID) -> Draft:
    """The draft with its row locked. Raises Draft.DoesNotExist."""
    found = read(Draft, "WHERE id = $1 FOR UPDATE", [draft_id])
    if not found:
        raise Draft.DoesNotExist(f"no draft {draft_id}")
    return found[0]


@transaction.atomic
def save_answers(draft_id: uuid.UUID, changes: Mapping[str, str | None], *, now: datetime) -> Draft:
    """Write the answers of one page into a draft. Two tabs that write different pages both keep theirs.

    `changes` maps paths to values; None removes a path and everything below it (a repeat instance).
    """
    draft = locked_draft(draft_id)
    if draft.submitted_at is not None:
        raise Refused(_("Permohonan ini sudah dikirim, jadi jawabannya tidak bisa diubah lagi di sini."))
    answers: dict[str, str] = draft.answers
    for path, value in changes.items():
        if value is None:
            for known in [p for p in answers if p == path or p.startswith(path + "/")]:
                del answers[known]
        else:
            answers[path] = value
    draft.answers = answers
    draft.changed_at = now
    draft.save(update_fields=["answers", "changed_at"])
    return draft


@transaction.atomic
def remove_entry(draft_id: uuid.UUID, repeat: str, number: int, *, now: datetime) -> Draft:
    """Take entry `number` (from 1) out of a repeat (`/house[2]/room`); those after it move up. One not there changes
    nothing."""
    draft = locked_draft(draft_id)
    if draft.submitted_at is not None:
        raise Refused(_("Permohonan ini sudah dikirim, jadi jawabannya tidak bisa diubah lagi di sini."))
    draft.answers = without_entry(draft.answers, repeat, number)
    draft.changed_at = now
    draft.save(update_fields=["answers", "changed_at"])
    return draft


@transaction.atomic
def attach(
    draft_id: uuid.UUID, path: str, upload: uploads.Clean, *, now: datetime, drawn: str = ""
) -> Attachment:
    """Store a cleaned upload and let the answer at `path` name it, or be what was `drawn` in it."""
    draft = locked_draft(draft_id)
    if draft.submitted_at is not None:
        raise Refused(_("Permohonan ini sudah dikirim, jadi berkasnya tidak bisa diganti di sini."))
    attachment = uploads.keep(upload, draft=draft, now=now, answer_hash=answer_hash(drawn) if drawn else "")
    answers = draft.answers
    answers[path] = drawn or str(attachment.id)
    draft.answers = answers
    draft.changed_at = now
    draft.save(update_fields=["answers", "changed_at"])
    return attachment


def made_ready(draft: Draft) -> Ready:
    """The service version of a draft, ready to run."""
    return ready(draft.version_id)
