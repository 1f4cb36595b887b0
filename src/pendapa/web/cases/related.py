"""What stands beside a task that follows from another case: that case's dossier, and what the applicant wrote later."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from pendapa.web.cases import dossier
from pendapa.web.cases.first_case import followers_of, link_of
from pendapa.web.cases.models import Case, CaseLink, Statement
from pendapa.web.cases.timeline import status_pill
from pendapa.web.catalogue.definitions import ready
from pendapa.web.events.actions import log_reading
from pendapa.web.events.chain import Actor
from pendapa.web.shown import PillKind, ShownFact, ShownStep
from pendapa.web.templatetags.pendapa import localised, long_moment


@dataclass(frozen=True)
class FirstCase:
    """The case that another one is about, as officers of the other one see it."""

    link: CaseLink
    case: Case
    pill: tuple[PillKind, str]
    groups: list[dossier.Group]
    findings: list[dossier.Finding]
    log: list[ShownStep]
    documents: list[Any]


def first_case_of(case: Case, *, clear: bool, now: datetime, reader: Actor | None = None) -> FirstCase | None:
    """The first case's dossier; None where there is none. In the clear for a `reader`, and then written down."""
    link = link_of(case)
    if link is None:
        return None
    first, made = link.about, ready(link.about.version_id)
    if clear and reader is not None:
        log_reading(first.pk, now=now, actor=reader, what="first case")
    return FirstCase(
        link,
        first,
        status_pill(first.status),
        dossier.answer_groups(made, first, clear=clear, now=now),
        dossier.findings(first, now=now, clear=clear),
        dossier.log_of(first),
        list(first.documents.select_related("entry").order_by("signed_at")),
    )


def followers_shown(case: Case) -> list[tuple[CaseLink, tuple[PillKind, str]]]:
    """What follows from the case, each with the word of its state."""
    return [(link, status_pill(link.case.status)) for link in followers_of(case)]


def statements_of(case: Case, *, clear: bool) -> list[ShownFact]:
    """What the applicant wrote with a later step, such as the reasons of an appeal."""
    waits = ready(case.version_id).definition.waits
    shown = []
    for row in Statement.objects.filter(case=case):
        wait = waits.get(row.element)
        term = localised(wait, "asks") if wait is not None else row.element
        text = row.text if clear else "•••"
        shown.append(ShownFact(f"{term} ({long_moment(row.sent_at)})", text or _("Sudah dihapus")))
    return shown
