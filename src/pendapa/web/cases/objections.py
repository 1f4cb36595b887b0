"""Objecting to a refusal, and appealing when the objection is rejected: what may be done, until when, and doing it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from pendapa.processes import ReceiveMessage
from pendapa.web.accounts.models import User
from pendapa.web.cases import drafts
from pendapa.web.cases.clock import deadline, end_of_day
from pendapa.web.cases.first_case import objection_service
from pendapa.web.cases.models import Case, CaseLink, Draft, Statement, TimerRow
from pendapa.web.cases.refusals import Refused
from pendapa.web.cases.stuck import marks_stuck
from pendapa.web.cases.work import CaseWork, locked_case
from pendapa.web.catalogue.definitions import Ready, ready
from pendapa.web.catalogue.models import Service
from pendapa.web.events.chain import Actor
from pendapa.web.organisation.access import calendar_of, local_day, position_by_key
from pendapa.web.templatetags.pendapa import localised, long_date, working_time


@dataclass(frozen=True)
class Remedy:
    """The objection that a refused case allows. `trouble` is why it may not be lodged now, empty when it may."""

    service: Service
    document: Any
    known_at: datetime
    last_moment: datetime
    period: str
    basis: str
    status: str
    trouble: str = ""

    @property
    def last_day(self) -> date:
        """The last day on which it may be lodged, the whole of it."""
        return local_day(self.last_moment)


def remedy_of(case: Case, now: datetime) -> Remedy | None:
    """The objection that may be, or might have been, lodged against the case's decision; None where there is none.

    The period counts in the calendar of the agency that decided, from the signing of the letter, when the applicant
    is told of it; the day of that counts as day 0.
    """
    if case.status != Case.Status.REFUSED or ready(case.version_id).definition.against is not None:
        return None
    document = case.documents.filter(kind="refusal", position__isnull=False).order_by("-signed_at").first()
    service = objection_service(case.status)
    if document is None or service is None:
        return None
    against = ready(service.current_id).definition.against
    assert against is not None
    due = deadline(calendar_of(case.agency.code), document.signed_at, against.within).due
    assert due is not None  # there are no pauses
    last = end_of_day(due)
    remedy = Remedy(
        service=service,
        document=document,
        known_at=document.signed_at,
        last_moment=last,
        period=working_time(against.within),
        basis=against.basis,
        status=against.status,
    )
    trouble = _trouble(case, remedy, now)
    return Remedy(**{**remedy.__dict__, "trouble": trouble}) if trouble else remedy


def _trouble(case: Case, remedy: Remedy, now: datetime) -> str:
    objection = standing_objection(case)
    if objection is not None:
        return _("Keberatan atas keputusan ini sudah diajukan, dengan nomor %(number)s.") % {
            "number": objection.case.number
        }
    if case.purged_at is not None:
        return _("Data permohonan ini sudah dihapus karena masa simpannya habis.")
    if remedy.document.status != "valid":
        return _("Surat penolakan ini sudah dicabut, jadi tidak ada yang perlu disanggah.")
    if position_by_key(remedy.document.position_id).superior_id is None:
        return _(
            "Keputusan ini ditandatangani pejabat tertinggi. Keberatannya disampaikan dengan surat lewat loket."
        )
    if now > remedy.last_moment:
        return _(
            "Waktu untuk mengajukan keberatan berakhir pada %(last)s, yaitu %(period)s sejak surat penolakan terbit "
            "pada %(known)s."
        ) % {
            "last": long_date(remedy.last_moment),
            "period": remedy.period,
            "known": long_date(remedy.known_at),
        }
    return ""


def standing_objection(case: Case) -> CaseLink | None:
    """The objection lodged against the case's decision and not withdrawn."""
    links = CaseLink.objects.filter(about=case, kind=CaseLink.Kind.OBJECTION, standing=True)
    return links.select_related("case").order_by("pk").last()


def _may_object(case: Case, now: datetime) -> Remedy:
    remedy = remedy_of(case, now)
    if remedy is None:
        raise Refused(_("Atas permohonan ini tidak ada penolakan yang dapat diajukan keberatan."))
    if remedy.trouble:
        raise Refused(remedy.trouble)
    return remedy


@transaction.atomic
def begin_objection(case: Case, user: User | None, *, now: datetime, language: str) -> drafts.Begun:
    """Start an objection to a refused case, filled in from it. Raises Refused.

    The caller has made sure that it is the applicant of the first case.
    """
    remedy = _may_object(case, now)
    version = remedy.service.current
    assert version is not None
    begun = drafts.begin_draft(version, user, now=now, language=language)
    draft = begun.draft
    draft.about = case
    draft.answers = {**draft.answers, **_prefilled(ready(version.pk), case, remedy)}
    draft.save(update_fields=["about", "answers"])
    return begun


def _prefilled(made: Ready, case: Case, remedy: Remedy) -> dict[str, str]:
    """The fields that show the first case, and the applicant's own as they stood there."""
    definition, first = made.definition, ready(case.version_id).definition
    known = {path: first.applicant.get(key, "") for key, path in definition.applicant.items()}
    answers = {path: case.answers[theirs] for path, theirs in known.items() if case.answers.get(theirs)}
    return answers | _facts(made, case, remedy)


def _facts(made: Ready, case: Case, remedy: Remedy) -> dict[str, str]:
    facts = {
        "number": case.number,
        "service": case.service.name_id,
        "submitted_on": str(local_day(case.submitted_at)),
        "decision_number": remedy.document.entry.number,
        "decision_date": str(local_day(remedy.document.signed_at)),
    }
    against = made.definition.against
    assert against is not None
    return {path: facts[fact] for fact, path in against.prefill.items()}


@dataclass(frozen=True)
class Lodging:
    """What a submission needs to know of its first case: the link to be written, and the answers it settles."""

    first: Case
    link: CaseLink
    answers: dict[str, str]


def lodging_of(draft: Draft, made: Ready, now: datetime) -> Lodging | None:
    """Look once more, with the first case locked, whether the objection of a draft may be lodged. Raises Refused."""
    if made.definition.against is None:
        return None
    if draft.about_id is None:
        raise Refused(_("Keberatan diajukan dari halaman permohonan yang ditolak."))
    first = locked_case(draft.about_id)
    remedy = _may_object(first, now)
    link = CaseLink(
        about=first, kind=CaseLink.Kind.OBJECTION, document=remedy.document, standing=True, made_at=now
    )
    return Lodging(first, link, _facts(made, first, remedy))


def note_lodged(lodging: Lodging, case: Case, *, now: datetime, actor: Actor) -> None:
    """Write the link, and the objection into the first case's chain."""
    lodging.link.case = case
    lodging.link.save()
    work = CaseWork(lodging.first, now=now, actor=actor)
    work.event("case.objection_lodged", objection=case.number)
    work.save()


# --- the applicant's own period ----------------------------------------------------------------------
@dataclass(frozen=True)
class Choice:
    """What the applicant may do now, until when; the words are the service's own."""

    element: str
    message: str
    action: str
    asks: str
    public: str
    last_moment: datetime | None


def choice_of(case: Case) -> Choice | None:
    """What the case waits for its applicant to choose; None when it does not."""
    if case.status != Case.Status.OWN_PERIOD:
        return None
    waits = ready(case.version_id).definition.waits
    listening = {
        element for row in case.tokens.all() for element in (row.element, *row.detail.get("catches", {}))
    }
    element = next((e for e, wait in waits.items() if wait.pause == "own_period" and e in listening), None)
    if element is None:
        return None
    timer = TimerRow.objects.filter(case=case, status="set", due_at__isnull=False).order_by("due_at").first()
    wait = waits[element]
    return Choice(
        element,
        wait.message,
        localised(wait, "action"),
        localised(wait, "asks"),
        localised(wait, "public"),
        timer.due_at if timer else None,
    )


@marks_stuck
@transaction.atomic
def appeal(case_id: int, text: str, *, now: datetime, actor: Actor) -> Case:
    """Let the applicant go on within their own period, with what they have to say. Raises Refused."""
    case = locked_case(case_id)
    choice = choice_of(case)
    if choice is None:
        raise Refused(_("Permohonan ini sedang tidak menunggu pilihan Anda."))
    if choice.last_moment is not None and now > choice.last_moment:
        raise Refused(
            _("Waktu untuk langkah ini berakhir pada %(last)s.") % {"last": long_date(choice.last_moment)}
        )
    if choice.asks and not text.strip():
        raise Refused(_("Tulis alasan Anda, supaya pejabat yang memutuskan dapat menimbangnya."))
    work = CaseWork(case, now=now, actor=actor)
    if text.strip():
        Statement.objects.create(case=case, element=choice.element, text=text.strip()[:5000], sent_at=now)
    work.event("case.went_on", element=choice.element)
    sets = dict.fromkeys(ready(case.version_id).definition.waits[choice.element].sets, "yes")
    work.step(ReceiveMessage(choice.message, None, sets))
    work.save()
    return case
