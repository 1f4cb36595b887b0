"""An application as a person sees it: which pages there are, in which order, and what was answered on each."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.urls import reverse
from django.utils.translation import gettext as _

from pendapa.forms import Page, plain_path
from pendapa.web.cases.models import Attachment
from pendapa.web.cases.questions import Asked, ShownAnswer
from pendapa.web.cases.repeats import Entry
from pendapa.web.catalogue.definitions import Ready
from pendapa.web.shown import ShownError


@dataclass(frozen=True)
class Step:
    """A page of the form that is asked now. `at` is its place among all pages (it stands in the address and does not
    move when answers make other pages come and go); `number` is its place among those asked."""

    at: int
    number: int
    page: Page


@dataclass(frozen=True)
class AnswerGroup:
    """The answers of one page, or of one entry of a repeat, and where they can be changed."""

    title: str
    answers: tuple[ShownAnswer, ...]
    change_url: str = ""
    single: bool = False  # one question, whose words are the title


class Questionnaire(Asked):
    """One service version's form with the answers given so far, in one language."""

    def __init__(
        self,
        made: Ready,
        answers: Mapping[str, str],
        language: str,
        now: datetime,
        attachments: Iterable[Attachment] = (),
    ) -> None:
        self.made = made
        super().__init__(
            made.form, answers, language, now, attachments, made.definition.applicant, made.picture_url
        )

    # --- pages -----------------------------------------------------------------------------------
    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """The pages asked now, without the declarations that the review page asks."""
        last = len(self.form.pages) - len(self._declaration_pages)
        asked = [(at, page) for at, page in enumerate(self.form.pages[:last], 1) if self.is_asked(page)]
        return tuple(Step(at, number, page) for number, (at, page) in enumerate(asked, 1))

    @cached_property
    def _declaration_pages(self) -> tuple[Page, ...]:
        pages: list[Page] = []
        for page in reversed(self.form.pages):
            if page.kind != "question" or self.form.fields[page.fields[0]].kind != "acknowledge":
                break
            pages.append(page)
        return tuple(reversed(pages))

    @property
    def statements(self) -> tuple[str, ...]:
        """Paths of all closing statements, asked now or not."""
        return tuple(page.fields[0] for page in self._declaration_pages)

    @property
    def declarations(self) -> tuple[str, ...]:
        """Paths of the closing statements to agree to."""
        asked = (page.fields[0] for page in self._declaration_pages if self.is_asked(page))
        return tuple(asked)

    def step_at(self, at: int) -> Step | None:
        return next((step for step in self.steps if step.at == at), None)

    def neighbours(self, step: Step) -> tuple[Step | None, Step | None]:
        """The pages asked before and after this one."""
        before = self.steps[step.number - 2] if step.number > 1 else None
        after = self.steps[step.number] if step.number < len(self.steps) else None
        return before, after

    def after(self, at: int) -> Step | None:
        """The first page asked after a place, even when the page of that place is asked no more."""
        return next((step for step in self.steps if step.at > at), None)

    def first_open_step(self) -> Step | None:
        """The first page with something missing or wrong; None when all pages fit."""
        wrong = {plain_path(error.path) for error in self.evaluation.errors}
        return next((step for step in self.steps if wrong & {*step.page.fields, step.page.path}), None)

    def remaining(self, url_of: Mapping[int, str]) -> list[ShownError]:
        """Everything still missing or wrong, by page, for the review; `url_of` gives each page's address by `at`."""
        lines: list[ShownError] = []
        for step in self.steps:
            wrong = [
                e for e in self.evaluation.errors if plain_path(e.path) in {*step.page.fields, step.page.path}
            ]
            if wrong:
                lines.append(
                    ShownError(f"{self.title(step.page)}: {self.words_of(wrong[0])}", url_of[step.at])
                )
        return lines

    # --- answers ---------------------------------------------------------------------------------
    def groups(self, change_url: Mapping[int, str] | None = None, file_url: str = "") -> list[AnswerGroup]:
        """Every answer by page. `file_url` is the address of a file with the nil id in place of its own."""
        groups: list[AnswerGroup] = []
        for step in self.steps:
            page, url = step.page, (change_url or {}).get(step.at, "")
            if all(self.form.fields[path].kind == "note" for path in page.fields):
                continue  # read, not answered
            asked = [self._group(page, entry, url, file_url) for entry in self.entries(page)]
            groups += asked or [
                AnswerGroup(self.title(page), (ShownAnswer(_("Jumlah"), _("Belum ada")),), url)
            ]
        return groups

    def _group(self, page: Page, entry: Entry, url: str, file_url: str) -> AnswerGroup:
        answers = tuple(self.answer(path, file_url) for path in self.asked_paths(page, entry))
        return AnswerGroup(self.title_of(page, entry), answers, url, single=page.kind == "question")


def draft_page_urls(draft_id: uuid.UUID, questionnaire: Questionnaire) -> dict[int, str]:
    """The address of each page of a draft, by its place."""
    return {step.at: reverse("cases:draft_page", args=[draft_id, step.at]) for step in questionnaire.steps}
