"""Invented objections to the refusals of the demo: every second one or so, each with a fate of its own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import cycle
from typing import TYPE_CHECKING

from pendapa.forms import flatten
from pendapa.web.cases import actions, drafts
from pendapa.web.cases.first_case import followers_of
from pendapa.web.cases.models import Case, CaseLink, Task
from pendapa.web.cases.objections import appeal, begin_objection, choice_of, remedy_of
from pendapa.web.events.chain import Actor

if TYPE_CHECKING:
    from pendapa.web.demo.seed import _Office

OBJECTION = "keberatan"
FATES = ("appealed", "accepted", "granted", "silent", "lapsed")
"""What becomes of refusals, in turn: rejected and appealed; nobody objects; granted; nobody answers in time; rejected
and left at that."""


class Objections:
    """What applicants do who were refused, and how their objections go."""

    def __init__(self, office: _Office) -> None:
        self.office = office
        self.coming = cycle(FATES)
        self.fates: dict[int, str] = {}

    def after_end(self, case: Case, at: datetime) -> None:
        """A refused applicant may object; a granted objection opens a case that goes its way too."""
        if case.version.service.slug == OBJECTION:
            for link in followers_of(case):
                if link.kind == CaseLink.Kind.NEW_DECISION and link.case.is_open:
                    self.office.next(link.case.pk, at)
            return
        if remedy_of(case, at) is None or case.pk in self.fates:
            return
        self.fates[case.pk] = next(self.coming)
        if self.fates[case.pk] != "accepted":
            self.office.at(at + timedelta(hours=30), self._object(case.pk))

    def _object(self, case_id: int) -> Callable[[datetime], None]:
        def happen(at: datetime) -> None:
            first = Case.objects.select_related("service", "agency", "applicant").get(pk=case_id)
            remedy = remedy_of(first, at)
            if remedy is None or remedy.trouble:
                return
            begun = begin_objection(
                first, first.applicant, now=at - timedelta(minutes=20), language=first.language
            )
            example = flatten(self.office.examples[OBJECTION]["variants"][0])
            own = {
                p: v for p, v in example.items() if p.startswith(("/objection", "/evidence", "/statement"))
            }
            kept = {p: v for p, v in begun.draft.answers.items() if v}
            drafts.save_answers(begun.draft.pk, {**example, **kept, **own}, now=at)
            self.office.attach(begun.draft, own, at)
            actor = Actor(first.applicant.key, first.applicant.pk) if first.applicant else Actor()
            case = actions.submit_application(begun.draft.pk, now=at, actor=actor).case
            self.office.made += 1
            self.fates[case.pk] = self.fates[case_id]
            if self.fates[case_id] == "silent":
                self.office.silent.add(case.pk)
            self.office.next(case.pk, at)

        return happen

    def choose(self, case: Case, at: datetime) -> None:
        """Whose objection was rejected and who means to appeal does so after two days."""
        if case.status == Case.Status.OWN_PERIOD and self.fates.get(case.pk) == "appealed":
            self.office.at(at + timedelta(days=2), self._appeal(case.pk))

    def _appeal(self, case_id: int) -> Callable[[datetime], None]:
        def happen(at: datetime) -> None:
            case = Case.objects.get(pk=case_id)
            if choice_of(case) is not None:
                text = "Bukti yang saya lampirkan belum dipertimbangkan. (contoh)"
                appeal(case_id, text, now=at, actor=Actor())
                self.office.next(case_id, at)

        return happen

    def decided(self, task: Task, answers: dict[str, str]) -> dict[str, str]:
        """The answers of an officer: granted by the example, rejected where that is the objection's fate."""
        if task.element != "putuskan" or self.fates.get(task.case_id) == "granted":
            return answers
        rejected = {path: value for path, value in answers.items() if path != "/change"}
        return rejected | {
            "/decision": "rejected",
            "/reason_fact": "Bukti yang dilampirkan tidak mengubah hasil pemeriksaan. (contoh)",
        }
