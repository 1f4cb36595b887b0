"""An application as a person sees it: which pages there are, what each asks, what was answered.

The engine says what is relevant, what the choices are and what does not fit; here that becomes what components show.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.urls import reverse
from django.utils.translation import gettext as _

from pendapa.forms import AnswerError, Evaluation, Field, Page, evaluate, plain_path
from pendapa.forms.messages import DEFAULTS
from pendapa.web.cases.answers import decimal_in_words, in_words
from pendapa.web.cases.file_questions import FILES, accepted_types, size_in_words, upload_limits
from pendapa.web.cases.models import Attachment
from pendapa.web.catalogue.definitions import Ready
from pendapa.web.organisation.access import zone
from pendapa.web.shown import FieldKind, ShownChoice, ShownError, ShownField

_NOT_ASKED = ("calculate", "hidden", "start", "end", "today", "username", "deviceid", "phonenumber", "email")
_KINDS: dict[str, FieldKind] = {
    "integer": "integer", "decimal": "decimal", "range": "decimal", "date": "date_parts", "time": "time",
    "dateTime": "datetime", "select_one": "select_one", "select_multiple": "select_multiple",
    "acknowledge": "acknowledge", "file": "file", "image": "image", "note": "note",
}  # fmt: skip
_AUTOCOMPLETE = {
    "name": "name",
    "email": "email",
    "phone": "tel",
    "address": "street-address",
    "birth_date": "bday",
}
_DIGITS = ("nik", "family_card")


@dataclass(frozen=True)
class Step:
    """A page of the form that is asked now. `at` is its place among all pages (it stands in the address and does not
    move when answers make other pages come and go); `number` is its place among those asked."""

    at: int
    number: int
    page: Page


@dataclass(frozen=True)
class ShownAnswer:
    """One question with what was answered; `url` leads to the file where the answer is one."""

    label: str
    value: str
    url: str = ""


@dataclass(frozen=True)
class AnswerGroup:
    """The answers of one page, or of one instance of a repeat, and where they can be changed."""

    title: str
    answers: tuple[ShownAnswer, ...]
    change_url: str = ""
    single: bool = False  # one question, whose words are the title


def instance_path(page: Page, path: str, number: int | None) -> str:
    """The path of a question in an instance of its page's repeat: '/place/name', 2 -> '/place[2]/name'."""
    if page.kind != "repeat" or number is None:
        return path
    return f"{page.path}[{number}]{path[len(page.path) :]}"


class Questionnaire:
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
        self.form = made.form
        self.answers = answers
        self.language = language
        self.now = now.astimezone(zone())
        self.attachments = {str(a.id): a for a in attachments}
        self._about = {path: key for key, path in made.definition.applicant.items()}

    @cached_property
    def evaluation(self) -> Evaluation:
        return evaluate(self.form, self.answers, now=self.now)

    def with_answers(self, changes: Mapping[str, str]) -> Questionnaire:
        """The same with some answers changed."""
        return Questionnaire(
            self.made, {**self.answers, **changes}, self.language, self.now, self.attachments.values()
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

    def is_asked(self, page: Page) -> bool:
        """Whether anything of the page is relevant."""
        if page.kind == "repeat" and self.count(page) == 0:
            # A repeat that was emptied: would its first instance be asked?
            return self.with_answers({instance_path(page, page.fields[0], 1): ""}).is_asked(page)
        numbers: Iterable[int | None] = range(1, self.count(page) + 1) if page.kind == "repeat" else (None,)
        return any(self.asked_paths(page, number) for number in numbers)

    def asked_paths(self, page: Page, number: int | None = None) -> list[str]:
        """Instance paths of the page's questions that are relevant."""
        paths = (instance_path(page, path, number) for path in page.fields)
        return [
            path
            for path in paths
            if path in self.evaluation.relevant and self.field(path).kind not in _NOT_ASKED
        ]

    def count(self, page: Page) -> int:
        """Instances of a repeat's page."""
        return self.evaluation.counts.get(page.path, 0)

    def counts_itself(self, page: Page) -> bool:
        """Whether the form says how many instances there are, so that people can neither add nor remove one."""
        return any(d.short == page.path and d.count for d in self.form.definition.declarations)

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

    def field(self, path: str) -> Field:
        return self.form.fields[plain_path(path)]

    def title(self, page: Page, number: int | None = None) -> str:
        """The heading of a page."""
        if page.kind == "question" and self.form.fields[page.path].kind == "acknowledge":
            return _("Pastikan dahulu")
        words = page.label.get(self.language) or page.label.get(self.form.default_language) or ""
        path = f"{page.path}[{number}]" if page.kind == "repeat" and number is not None else page.path
        with suppress(KeyError):  # a repeat without number, or an instance not written yet
            words = self.evaluation.label(path, self.language) or words
        return words or self.label(page.fields[0])

    def page_hint(self, page: Page) -> str:
        if page.kind == "question":
            return ""
        return page.hint.get(self.language) or page.hint.get(self.form.default_language) or ""

    def label(self, path: str) -> str:
        try:
            return self.evaluation.label(path, self.language)
        except KeyError:
            labels = self.field(path).label
            return labels.get(self.language) or labels.get(self.form.default_language) or ""

    # --- fields ----------------------------------------------------------------------------------
    def shown(
        self,
        paths: Iterable[str],
        typed: Mapping[str, str] | None = None,
        errors: Mapping[str, str] | None = None,
        *,
        asks: bool = False,
    ) -> list[ShownField]:
        """The questions at these paths as components draw them, with what was typed and what is wrong."""
        return [self._shown(path, typed or {}, errors or {}, asks) for path in paths]

    def _shown(
        self, path: str, typed: Mapping[str, str], errors: Mapping[str, str], asks: bool
    ) -> ShownField:
        field = self.field(path)
        kind: FieldKind = _KINDS.get(field.kind, "text")
        about = self._about.get(plain_path(path), "")
        value = typed.get(path, self.evaluation.values.get(path, self.answers.get(path, "")))
        if kind == "text":
            kind = "multiline" if "multiline" in field.appearance else kind
            kind = "email" if about == "email" else "tel" if about == "phone" else kind
            kind = "integer" if about in _DIGITS or "numbers" in field.appearance.split() else kind
        if kind in FILES:
            value = self.file_name(value)
        elif field.kind == "decimal" and path not in typed:
            value = decimal_in_words(value, self.language)
        return ShownField(
            name=path,
            label=self.label(path),
            kind=kind,
            hint=self._hint(path),
            value=value,
            required=field.required is not False,
            readonly=field.readonly is True,
            choices=self._choices(path) if kind in ("select_one", "select_multiple") else (),
            error=errors.get(path, ""),
            limits=upload_limits(field) if kind in FILES else "",
            accept=accepted_types(field) if kind in FILES else "",
            unit=field.parameters.get("unit", ""),
            autocomplete=_AUTOCOMPLETE.get(about, ""),
            asks=asks and kind != "acknowledge",
        )

    def _hint(self, path: str) -> str:
        try:
            return self.evaluation.hint(path, self.language)
        except KeyError:
            return ""

    def _choices(self, path: str) -> tuple[ShownChoice, ...]:
        return tuple(ShownChoice(c.name, c.label) for c in self.evaluation.choices(path, self.language))

    def file_name(self, value: str) -> str:
        """'ijazah.pdf (1,2 MB)' for the file that an answer names; empty when there is none."""
        attachment = self.attachments.get(value)
        return f"{attachment.name} ({size_in_words(attachment.size)})" if attachment else ""

    # --- what is wrong ---------------------------------------------------------------------------
    def errors_at(self, paths: Iterable[str]) -> dict[str, str]:
        """What is wrong at these paths, in the page's language."""
        wanted = set(paths)
        return {e.path: self.words_of(e) for e in reversed(self.evaluation.errors) if e.path in wanted}

    def words_of(self, error: AnswerError) -> str:
        """What is wrong with an answer, in the page's language and as plainly as we can."""
        kind = self.field(error.path).kind if plain_path(error.path) in self.form.fields else ""
        if error.kind == "type" and kind == "date":
            return _no_such_day()
        if error.kind == "required" and kind in FILES and not self._has_own_words(error.path):
            return _choose_a_file()
        return error.message.get(self.language) or error.message.get("id", "")

    def _has_own_words(self, path: str) -> bool:
        declared = next((d for d in self.form.definition.declarations if d.short == plain_path(path)), None)
        return bool(declared and declared.required_message)

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
            if page.kind != "repeat":
                groups.append(self._group(page, None, url, file_url))
                continue
            groups += [
                self._group(page, number, url, file_url) for number in range(1, self.count(page) + 1)
            ] or [AnswerGroup(self.title(page), (ShownAnswer(_("Jumlah"), _("Belum ada")),), url)]
        return groups

    def _group(self, page: Page, number: int | None, url: str, file_url: str) -> AnswerGroup:
        title = self.title(page, number)
        if number is not None and self.count(page) > 1:
            title = f"{title} {number}"
        answers = tuple(self.answer(path, file_url) for path in self.asked_paths(page, number))
        return AnswerGroup(title, answers, url, single=page.kind == "question")

    def answer(self, path: str, file_url: str = "") -> ShownAnswer:
        """One question with its answer in words."""
        value = self.evaluation.values.get(path, "")
        kind, label = self.field(path).kind, self.label(path)
        if kind == "note":
            return ShownAnswer(label, "")
        if not value:
            return ShownAnswer(label, _("Belum diisi") if self.field(path).required else _("Dikosongkan"))
        if kind in FILES:
            url = file_url.replace(str(uuid.UUID(int=0)), value) if value in self.attachments else ""
            return ShownAnswer(label, self.file_name(value) or _("Berkas terkirim"), url)
        return ShownAnswer(label, in_words(self.evaluation, path, self.field(path), value, self.language))


def summary(fields: Iterable[ShownField]) -> list[ShownError]:
    """The error summary. A message that would fit any question is told with its question before it; a form's own words
    speak for themselves."""
    wrong = [field for field in fields if field.error]
    general = {text for texts in DEFAULTS.values() for text in texts} | {_no_such_day(), _choose_a_file()}
    lines: list[ShownError] = []
    for field in wrong:
        words = field.error
        if words in general or [f.error for f in wrong].count(words) > 1:
            words = (
                f"{field.label} {words}"
                if field.label.endswith(("?", ".", "!"))
                else f"{field.label}: {words}"
            )
        lines.append(ShownError(words, field.target))
    return lines


def _no_such_day() -> str:
    return _("Tanggal ini tidak ada. Isi tanggal, bulan dan tahun, misalnya 30 Maret 2026.")


def _choose_a_file() -> str:
    return _("Pilih berkas untuk diunggah.")


def draft_page_urls(draft_id: uuid.UUID, questionnaire: Questionnaire) -> dict[int, str]:
    """The address of each page of a draft, by its place."""
    return {step.at: reverse("cases:draft_page", args=[draft_id, step.at]) for step in questionnaire.steps}
