"""A form with the answers given so far: its pages, the entries of its repeats, and the words over both."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from copy import copy
from datetime import datetime
from functools import cached_property
from typing import Self

from django.utils.translation import gettext as _

from pendapa.forms import Evaluation, Field, Form, Page, evaluate, new_instances, plain_path
from pendapa.web.cases import wording
from pendapa.web.cases.repeats import Entry, around, numbered, repeats_of
from pendapa.web.organisation.access import zone

NOT_ASKED = (
    "calculate", "hidden", "start", "end", "today", "username", "deviceid", "phonenumber", "email", "simserial",
    "subscriberid", "start-geopoint", "background-geopoint", "background-audio", "audit",
)  # fmt: skip


class FilledForm:
    """A form with the answers given so far, in one language, at a moment of filling."""

    begun: Mapping[str, str] = {}  # what entries that are not stored yet begin with

    def __init__(self, form: Form, answers: Mapping[str, str], language: str, now: datetime) -> None:
        self.form = form
        self.answers = answers
        self.language = language
        self.now = now.astimezone(zone())

    @cached_property
    def evaluation(self) -> Evaluation:
        return evaluate(self.form, self.answers, now=self.now)

    def field(self, path: str) -> Field:
        return self.form.fields[plain_path(path)]

    # --- pages and entries -----------------------------------------------------------------------
    @cached_property
    def repeats(self) -> tuple[str, ...]:
        return repeats_of(self.form)

    def around(self, page: Page) -> tuple[str, ...]:
        """The repeats that a page lies in, its own among them, outermost first."""
        return around(self.repeats, page.path) if page.kind == "repeat" else ()

    def count(self, page: Page, outer: Entry = ()) -> int:
        """Entries of a repeat's page, within one entry of the repeats around it."""
        return self.evaluation.counts.get(numbered(page.path, self.around(page), outer), 0)

    def entries(self, page: Page) -> list[Entry]:
        """Every entry of a page; [()] where it is no repeat."""
        if page.kind != "repeat":
            return [()]
        return self._inside(self.outer_entries(page), page.path, self.around(page)[:-1])

    def outer_entries(self, page: Page) -> list[Entry]:
        """The entries of the repeats around a repeat's page: each may hold entries of the page."""
        repeats = self.around(page)[:-1]
        found: list[Entry] = [()]
        for at, repeat in enumerate(repeats):
            found = self._inside(found, repeat, repeats[:at])
        return found

    def _inside(self, outer: list[Entry], repeat: str, repeats: tuple[str, ...]) -> list[Entry]:
        counts = self.evaluation.counts
        return [
            (*entry, number)
            for entry in outer
            for number in range(1, counts.get(numbered(repeat, repeats, entry), 0) + 1)
        ]

    def path_in(self, page: Page, path: str, entry: Entry) -> str:
        """The path of a question in an entry of its page."""
        return numbered(path, self.around(page), entry)

    def asked_paths(self, page: Page, entry: Entry = ()) -> list[str]:
        """Paths of the page's questions that are relevant, in one entry."""
        paths = (self.path_in(page, path, entry) for path in page.fields)
        return [
            path
            for path in paths
            if path in self.evaluation.relevant and self.field(path).kind not in NOT_ASKED
        ]

    def is_asked(self, page: Page) -> bool:
        """Whether anything of the page is relevant. A repeat that was emptied is, when its first entry would be."""
        entries = self.entries(page)
        if entries:
            return any(self.asked_paths(page, entry) for entry in entries)
        return any(self.may_begin(page, outer) for outer in self.outer_entries(page))

    def may_begin(self, page: Page, outer: Entry) -> bool:
        """Whether a repeat without entries would ask something in its first one."""
        first = (*outer, 1)
        repeat = numbered(page.path, self.around(page), outer)
        tried = self.with_answers({f"{repeat}[1]": ""})
        return bool(tried.asked_paths(page, first))

    def with_entry(self, entry_path: str) -> Self:
        """The same with one more entry ('/house[3]'), which begins with its defaults."""
        return self._begin([entry_path])

    def with_counted_entries(self) -> Self:
        """The same with the defaults of entries that a repeat_count asks for after an answer changed."""
        return self._begin([]) if any(d.count for d in self.form.definition) else self

    def _begin(self, added: list[str]) -> Self:
        begun = new_instances(self.form, self.answers, now=self.now, added=added)
        other = self.with_answers(dict.fromkeys(added, "") | begun)
        other.begun = begun
        return other

    def with_answers(self, changes: Mapping[str, str]) -> Self:
        """The same with some answers changed."""
        other = copy(self)
        other.answers = {**self.answers, **changes}
        for name in ("evaluation", "steps"):  # worked out from the answers
            other.__dict__.pop(name, None)
        return other

    def counts_itself(self, page: Page) -> bool:
        """Whether the form says how many entries there are, so that people can neither add nor remove one."""
        return any(d.short == page.path and d.count for d in self.form.definition.declarations)

    def title(self, page: Page, entry: Entry = ()) -> str:
        """The heading of a page."""
        if page.kind == "question" and self.form.fields[page.path].kind == "acknowledge":
            return _("Pastikan dahulu")
        words = self.words(page.label)
        with suppress(KeyError):  # a repeat without number, or an entry not written yet
            words = self.evaluation.label(self.path_in(page, page.path, entry), self.language) or words
        return words or self.label(page.fields[0])

    def title_of(self, page: Page, entry: Entry) -> str:
        """The heading of one entry, told apart by its number where there are more: 'Kamar 2', 'Kamar 2.1'."""
        title = self.title(page, entry)
        if not entry or (len(entry) == 1 and self.count(page) <= 1):
            return title
        return f"{title} {'.'.join(map(str, entry))}"

    def page_hint(self, page: Page) -> str:
        return "" if page.kind == "question" else self.words(page.hint)

    def words(self, texts: Mapping[str, str]) -> str:
        """Words in the page's language, else in the form's first."""
        return texts.get(self.language) or texts.get(self.form.default_language) or ""

    def label(self, path: str) -> str:
        try:
            words = self.evaluation.label(path, self.language)
        except KeyError:
            words = self.words(self.field(path).label)
        return _("Sebutkan yang lain.") if words == wording.SPECIFY_OTHER else words
