"""The form of an officer's task: one page with all its questions, and entries of repeats that buttons add and remove.

A task has no draft: everything typed goes along with each request, and nothing is stored before the task is finished
but files, which belong to the case as soon as they arrive.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from pendapa.forms import Form, Page, blank_answers, plain_path
from pendapa.web.accounts.models import User
from pendapa.web.cases.file_questions import UPLOADS, clean_upload
from pendapa.web.cases.inputs_form import SHOWN, read_answer
from pendapa.web.cases.kept_files import KEPT, answer_in, kept_file
from pendapa.web.cases.models import Attachment, Task
from pendapa.web.cases.questions import Asked
from pendapa.web.cases.refusals import Refused
from pendapa.web.cases.repeats import Entry, numbered, without_entry
from pendapa.web.cases.task_uploads import attach_to_task
from pendapa.web.catalogue.definitions import Ready
from pendapa.web.organisation.access import zone
from pendapa.web.shown import ShownError, ShownField, element_id
from pendapa.web.templatetags.pendapa import language

ENTRY, ADD, REMOVE, REFRESH = "entri", "tambah", "hapus", "perbarui"
"""Names of the hidden inputs that tell which entries a page had, and of its buttons."""
MOST_ENTRIES = 100  # of one repeat on one page


@dataclass(frozen=True)
class Section:
    """Questions under one heading: a page of the form, or one entry of a repeat, which can be removed; or only the
    button that adds an entry."""

    heading: str = ""
    hint: str = ""
    fields: list[ShownField] = field(default_factory=list)
    entry: str = ""  # its path
    remove: str = ""
    add: str = ""  # path of the repeat that the button lengthens
    add_words: str = ""
    add_target: str = ""  # element that the browser goes to then

    @property
    def id(self) -> str:
        return element_id(self.entry) if self.entry else ""


class TaskForm(Asked):
    """A task's form with the answers so far."""

    dense = True

    def all_paths(self) -> list[str]:
        """Every question that is asked now."""
        return [
            path
            for page in self.form.pages
            for entry in self.entries(page)
            for path in self.asked_paths(page, entry)
        ]

    def sections(self, wrong: dict[str, str], typed: dict[str, str]) -> list[Section]:
        """The page from top to bottom."""
        made: list[Section] = []
        for page in self.form.pages:
            if page.kind == "repeat":
                if len(self.around(page)) == 1:
                    made += self._repeat(page, (), wrong, typed)
                continue
            fields = self.shown(self.asked_paths(page), typed, wrong)
            if fields:
                alone = page.kind == "question"
                made.append(Section("" if alone else self.title(page), self.page_hint(page), fields))
        return made

    def _repeat(
        self, page: Page, outer: Entry, wrong: dict[str, str], typed: dict[str, str]
    ) -> Iterator[Section]:
        count, fixed = self.count(page, outer), self.counts_itself(page)
        repeat = numbered(page.path, self.around(page), outer)
        if not count and not self.may_begin(page, outer):
            return
        for number in range(1, count + 1):
            entry = (*outer, number)
            fields = self.shown(self.asked_paths(page, entry), typed, wrong)
            path = f"{repeat}[{number}]"
            title = f"{self.title(page, entry)} {'.'.join(map(str, entry))}"
            yield Section(title, self.page_hint(page), fields, path, "" if fixed else path)
            for inner in self.form.pages:
                if inner.kind == "repeat" and self.around(inner)[:-1] == self.around(page):
                    yield from self._repeat(inner, entry, wrong, typed)
        if not fixed and count < MOST_ENTRIES:
            words = _("Tambah: %(title)s") % {"title": self.title(page)}
            if outer:
                words += f" ({'.'.join(map(str, outer))})"
            yield Section(add=repeat, add_words=words, add_target=element_id(f"{repeat}[{count + 1}]"))


@dataclass(frozen=True)
class Received:
    """What one request brought: answers, what is wrong with its files, and which questions its page had shown (None:
    the page did not say)."""

    answers: dict[str, str] = field(default_factory=dict)
    wrong: dict[str, str] = field(default_factory=dict)
    showed: frozenset[str] | None = None
    only_redraw: bool = (
        False  # a button that changes the page was pressed, not the one that finishes the task
    )

    def lacks(self, asked: TaskForm | None) -> bool:
        """Whether these answers brought about questions that the page had not shown."""
        if asked is None or self.showed is None:
            return False
        return not self.showed.issuperset(asked.all_paths())


def task_form(made: Ready, task: Task, answers: dict[str, str], now: datetime) -> TaskForm | None:
    """The form of a task with these answers; None where the task has none."""
    form = made.task_form(task.element)
    if form is None:
        return None
    has_files = any(f.kind in UPLOADS for f in form.fields.values())
    attachments = Attachment.objects.filter(case=task.case) if has_files else ()
    return TaskForm(form, answers, language(), now, attachments, picture_url=made.picture_url)


def blank(form: Form, now: datetime) -> dict[str, str]:
    """The answers that a page starts from."""
    return dict(blank_answers(form, now=now.astimezone(zone())))


def receive(made: Ready, task: Task, user: User, request: HttpRequest, now: datetime) -> Received:
    """Read a request's answers to the task's form, keep its files, and do what a button for entries asks."""
    form = made.task_form(task.element)
    if form is None:
        return Received()
    paths = _named(form, request)
    showed = frozenset(paths) if SHOWN in request.POST else None
    answers = _begin(form, paths, request, now)
    before = TaskForm(form, answers, language(), now)
    wrong: dict[str, str] = {}
    for path in paths:
        question = before.field(path)
        if question.kind in UPLOADS:
            try:
                answers[path] = _file_answer(task, user, request, before, path, now)
            except Refused as refused:
                wrong[path] = str(refused)
        elif question.kind != "note" and not before.is_readonly(path):
            answers[path] = read_answer(question, request.POST, path)
    changed = _pressed(TaskForm(form, answers, language(), now), request.POST)
    if changed is None:
        return Received(answers, wrong, showed)
    return Received(changed, wrong, showed, only_redraw=True)


def _named(form: Form, request: HttpRequest) -> list[str]:
    """The questions that a page says it showed, else those that the request answers."""
    marked = request.POST.getlist(SHOWN)
    keys = [key.removeprefix(KEPT) for key in (*request.POST, *request.FILES)]
    given = marked or [
        part for key in keys for part in (key, key.rpartition(".")[0])
    ]  # /when.day is of /when
    return [path for path in dict.fromkeys(given) if plain_path(path) in form.fields]


def _begin(form: Form, paths: list[str], request: HttpRequest, now: datetime) -> dict[str, str]:
    """What stands before anything typed: defaults and hidden values, and the entries that the page had."""
    repeats = {d.short for d in form.definition if d.is_repeat}
    entries = [path for path in request.POST.getlist(ENTRY) if plain_path(path) in repeats]
    had = [f"{path}/" for path in entries] + [path for path in paths if "[" in path]
    begun = {
        path: value
        for path, value in blank(form, now).items()
        if "[" not in path or any(one.startswith(path[: path.rindex("]") + 1] + "/") for one in had)
    }
    return begun | dict.fromkeys(entries, "")


def _file_answer(
    task: Task, user: User, request: HttpRequest, asked: TaskForm, path: str, now: datetime
) -> str:
    question = asked.field(path)
    upload = request.FILES.get(path)
    if isinstance(upload, UploadedFile):
        good = clean_upload(question, upload)
        attachment = attach_to_task(task.pk, user, good, now=now)
        return good.drawn or str(attachment.pk)
    if not request.POST.get(KEPT + path):
        return ""
    kept = kept_file(task.case, request.POST, path)
    if kept is None:
        raise Refused(_("Berkas ini tidak ada lagi. Unggah kembali."))
    return answer_in(question, kept)


def _pressed(asked: TaskForm, data: QueryDict) -> dict[str, str] | None:
    """The answers after a button for entries or choices was pressed; None: none of them was."""
    if REFRESH in data:
        return dict(asked.answers)
    if repeat := data.get(ADD):
        count = asked.evaluation.counts.get(repeat)
        if count is None or count >= MOST_ENTRIES:
            return dict(asked.answers)
        return dict(asked.with_entry(f"{repeat}[{count + 1}]").answers)
    if entry := data.get(REMOVE):
        repeat, _bracket, number = entry.removesuffix("]").rpartition("[")
        if repeat not in asked.evaluation.counts or not number.isdecimal():
            return dict(asked.answers)
        return without_entry(asked.answers, repeat, int(number))
    return None


def errors_in(sections: list[Section]) -> list[ShownError]:
    """The error summary of a task's form."""
    return [
        ShownError(f"{question.label} {question.error}", question.target)
        for section in sections
        for question in section.fields
        if question.error
    ]
