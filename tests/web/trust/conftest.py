"""An office in the middle of its work, and everyone who might knock at its addresses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from tests.web.conftest import NOW

from pendapa.web.accounts import actions as accounts
from pendapa.web.accounts.models import User
from pendapa.web.cases import drafts, uploads
from pendapa.web.cases.models import Attachment, Case, Draft, Handover, Task
from pendapa.web.cases.move_rows import MovedCase, MoveRun
from pendapa.web.catalogue.models import Service, ServiceFile, ServiceVersion
from pendapa.web.demo.logins import PASSPHRASE
from pendapa.web.notifications.models import Message
from pendapa.web.organisation.access import forget_publication
from pendapa.web.organisation.models import Placement
from pendapa.web.payments.models import Bill
from pendapa.web.signing.actions import read_letter, sign_task
from pendapa.web.signing.models import Document

SIP = "izin-praktik-bidan-perawat"
LETTER = "surat-keterangan-penelitian"
CARD = "perubahan-data-kk"
BILLBOARD = "izin-reklame"

# Who knocks: the applicant, another citizen, an officer of the case's agency, one of an agency that has nothing to do
# with it, an administrator, and nobody.
ACTORS = {
    "applicant": "warga",
    "citizen": "warga2",
    "ours": "fo",
    "theirs": "kesbangpol",
    "admin": "admin",
    "nobody": "",
}


@dataclass(frozen=True)
class Office:
    """What the addresses of the walk name."""

    case: Case
    task: Task
    signed: Case
    document: Document
    letter: Task
    bill: Bill
    draft: Draft
    attachment: Attachment
    draft_attachment: Attachment
    handover: Handover
    message: Message
    person: User
    invited: User
    placement: Placement
    move: MoveRun


@pytest.fixture
def office(people: dict[str, User], submit: Callable[..., Case], do_task: Callable[..., Case]) -> Office:
    """One case of each kind of `warga`, a draft of hers, and somebody who was invited."""
    case = submit(SIP, people["warga"])
    signed = submit(LETTER, people["warga"])
    do_task(signed, "periksa", "verif")
    to_sign = signed.tasks.get(element="tanda_tangan")
    read_letter(to_sign.pk, people["kadis"], now=NOW)
    document = sign_task(to_sign.pk, people["kadis"], PASSPHRASE, now=NOW)
    waiting = submit(LETTER, people["warga"])
    do_task(waiting, "periksa", "verif")
    card = submit(CARD, people["warga"])
    do_task(card, "periksa", "dukcapil")
    billed = submit(BILLBOARD, people["warga"])
    do_task(billed, "periksa", "fo")
    do_task(billed, "tinjau", "lapangan")
    service = Service.objects.select_related("current").get(slug=SIP)
    assert service.current is not None
    draft = drafts.begin_draft(service.current, people["warga"], now=NOW).draft
    paper = uploads.Clean("contoh.pdf", "application/pdf", b"%PDF-1.4 contoh")
    kept = drafts.attach(draft.pk, "/photo", paper, now=NOW)
    invited = accounts.invite_person("Lia Rekaan", "lia@contoh.example", "officer", people["admin"], now=NOW)
    return Office(
        case=case,
        task=case.tasks.get(),
        signed=signed,
        document=document,
        letter=waiting.tasks.get(element="tanda_tangan"),
        bill=Bill.objects.get(case=billed),
        draft=draft,
        attachment=case.attachments.first(),
        draft_attachment=kept,
        handover=card.handovers.get(),
        message=case.messages.first(),
        person=people["verif"],
        invited=invited,
        placement=Placement.objects.get(user=people["verif"]),
        move=_move(waiting, people["admin"]),
    )


def _move(case: Case, admin: User) -> MoveRun:
    """A second version of the letter's service, to which a case was moved."""
    service, before = case.service, case.version
    after = ServiceVersion.objects.get(pk=before.pk)
    after.pk, after.number, after.content_hash = None, 2, "c" * 64
    after.save()
    for file in ServiceFile.objects.filter(version=before):
        file.pk, file.version = None, after
        file.save()
    Service.objects.filter(pk=service.pk).update(current=after)
    forget_publication()
    run = MoveRun.objects.create(
        service=service,
        before=before,
        after=after,
        started_by=admin,
        started_at=NOW,
        finished_at=NOW,
        worked_at=NOW,
        counts={"moved": 1},
    )
    MovedCase.objects.create(run=run, case=case, status="moved")
    return run
