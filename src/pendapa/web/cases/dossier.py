"""What officers see of a case: its answers in groups, what colleagues found, and its log in an auditor's words.

Personal answers are masked unless the page says `clear`; whoever asks for them in the clear logs the reading.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from pendapa.forms import evaluate, plain_path
from pendapa.web.accounts.models import User
from pendapa.web.cases.answers import in_words
from pendapa.web.cases.file_questions import DRAWINGS, FILES
from pendapa.web.cases.models import Attachment, Case, Task
from pendapa.web.cases.places import map_url
from pendapa.web.cases.questions import Asked
from pendapa.web.cases.versions import made_at_first, made_of
from pendapa.web.cases.wording import points
from pendapa.web.catalogue.definitions import Ready, ready
from pendapa.web.events.kinds import KINDS
from pendapa.web.events.models import Event
from pendapa.web.organisation.access import zone
from pendapa.web.organisation.models import Position
from pendapa.web.sealed import mask_email, mask_name, mask_number
from pendapa.web.shown import ShownChoice, ShownFact, ShownStep, StepState
from pendapa.web.templatetags.pendapa import language, localised, long_moment

_NOT_SHOWN = ("note", "hidden", "start", "end", "today", "username", "deviceid", "phonenumber", "acknowledge")
_MASKS = {
    "name": mask_name,
    "nik": mask_number,
    "family_card": mask_number,
    "email": mask_email,
    "phone": mask_number,
}


@dataclass(frozen=True)
class Group:
    """Answers that were asked together."""

    heading: str
    facts: list[ShownFact]


@dataclass(frozen=True)
class Finding:
    """What a colleague answered and decided on an earlier task."""

    title: str
    who: str
    result: str
    when: datetime | None
    facts: list[ShownFact]


def answer_groups(made: Ready, case: Case, *, clear: bool, now: datetime) -> list[Group]:
    """The applicant's answers page by page of the form; empty and irrelevant ones are left out.

    What the form no longer asks, since the case was moved to a newer version, follows at the end as it was sent.
    """
    first = made_at_first(case)
    groups = _groups(made, case, clear=clear, now=now)
    if first.version_id != made.version_id:
        gone = first.form.fields.keys() - made.form.fields.keys()
        sent = _groups(first, case, clear=clear, now=now, only=gone)
        left = [fact for group in sent for fact in group.facts]
        groups += [Group(_("Jawaban yang tidak ditanyakan lagi"), left)] if left else []
    return groups


def _groups(
    made: Ready, case: Case, *, clear: bool, now: datetime, only: Collection[str] | None = None
) -> list[Group]:
    files = Attachment.objects.filter(case=case)
    asked = Asked(made.form, case.answers, language(), now, files, made.definition.applicant)
    personal = frozenset(made.definition.personal.fields)
    groups: list[Group] = []
    for heading, paths in _pages(asked):
        facts = [
            _fact(case, asked, path, clear, hidden=plain_path(path) in personal and not clear)
            for path in paths
            if only is None or plain_path(path) in only
            if asked.evaluation.values.get(path) and asked.field(path).kind not in _NOT_SHOWN
        ]
        if facts:
            groups.append(Group(heading, facts))
    return groups


def _fact(case: Case, asked: Asked, path: str, clear: bool, hidden: bool = False) -> ShownFact:
    """One answer; a file can be opened only by those who may read everything."""
    field, value = asked.field(path), asked.evaluation.values[path]
    label = asked.label(path) or field.name
    if field.kind in FILES:
        return _file(case, label, asked.attachments.get(value), clear)
    if hidden:
        return ShownFact(label, masked(asked.about.get(plain_path(path), ""), value))
    if field.kind in DRAWINGS:
        attachment = asked.drawing(value)
        if clear and attachment is not None:
            return ShownFact(label, asked.drawing_name(value), _file_address(case, attachment))
        return ShownFact(label, points(value))
    words = in_words(asked.evaluation, path, field, value, asked.language)
    if field.kind == "geopoint":
        return ShownFact(label, words, map_url(value), _("Lihat di peta"))
    return ShownFact(label, words)


def _file(case: Case, label: str, attachment: Attachment | None, clear: bool) -> ShownFact:
    if attachment is None:
        return ShownFact(label, _("Berkas tidak ada"))
    if not clear:
        return ShownFact(label, _("Lampiran (%(size)d kB)") % {"size": max(1, attachment.size // 1024)})
    return ShownFact(label, attachment.name, _file_address(case, attachment))


def _file_address(case: Case, attachment: Attachment) -> str:
    return reverse("cases:officer_attachment", args=[case.number, attachment.pk])


def _pages(asked: Asked) -> Iterator[tuple[str, list[str]]]:
    """Headings and instance paths in the order of the form; questions on pages of their own stay together."""
    single: list[str] = []
    begun = False
    for page in asked.form.pages:
        if page.kind == "question":
            single.extend(page.fields)
            continue
        if single:
            yield (_("Jawaban lain") if begun else ""), single
            single = []
        begun = True
        heading = asked.words(page.label)
        for entry in asked.entries(page):
            title = f"{heading} {'.'.join(map(str, entry))}" if entry else heading
            yield title, [asked.path_in(page, path, entry) for path in page.fields]
    if single:
        yield (_("Jawaban lain") if begun else ""), single


def masked(kind: str, value: str) -> str:
    """An answer behind its mask: enough to compare a document by, not enough to know the person."""
    mask = _MASKS.get(kind)
    return mask(value) if mask else "•••"


def findings(case: Case, *, now: datetime, clear: bool) -> list[Finding]:
    """What colleagues found on earlier tasks, oldest first."""
    done = (
        Task.objects.filter(case=case, status=Task.Status.DONE)
        .select_related("position", "done_by")
        .order_by("done_at", "pk")
    )
    files = list(Attachment.objects.filter(case=case))
    return [_finding(made_of(case, task), case, task, files, now, clear) for task in done]


def _finding(
    made: Ready, case: Case, task: Task, files: list[Attachment], now: datetime, clear: bool
) -> Finding:
    answers = task.answers or {}
    form, facts = made.task_form(task.element), []
    if form is not None and answers.get("form"):
        asked = Asked(form, answers["form"], language(), now, files)
        for path, value in asked.evaluation.values.items():
            field = form.fields.get(plain_path(path))
            if field is None or not value or field.kind in _NOT_SHOWN or not field.label:
                continue
            fact = _fact(case, asked, path, clear)
            entry = ".".join(re.findall(r"\[(\d+)\]", path))
            facts.append(replace(fact, term=f"{fact.term} ({entry})") if entry else fact)
    decision = answers.get("decision", {})
    for key, term in (
        ("message", pgettext("satu", "Pesan")),
        ("reason_fact", _("Alasan menurut keadaan")),
        ("reason_law", _("Alasan menurut hukum")),
    ):
        if decision.get(key):
            facts.append(ShownFact(term, decision[key]))
    who = ", ".join(
        part
        for part in (task.done_by.name if task.done_by else "", localised(task.position, "title"))
        if part
    )
    return Finding(task_title(made, task.element), who, result_word(task.result), task.done_at, facts)


def task_title(made: Ready, element: str) -> str:
    """The name of a task of the process in the page's language."""
    binding = made.definition.tasks.get(element)
    return str(localised(binding, "title")) if binding else element


def result_word(result: str) -> str:
    """An outcome as officers call it."""
    return {
        "accept": _("Dilanjutkan"),
        "return": _("Dikembalikan ke pemohon"),
        "refuse": _("Diusulkan ditolak"),
        "send_back": _("Dikembalikan ke rekan"),
    }.get(result, result)


def returnable(made: Ready, case: Case, now: datetime) -> tuple[ShownChoice, ...]:
    """The questions an officer may mark for correction: those the applicant answered or could have answered."""
    evaluation = evaluate(made.form, case.answers, now=now.astimezone(zone()))
    relevant = {plain_path(path) for path in evaluation.relevant}
    choices: list[ShownChoice] = []
    for page in made.form.pages:
        heading = "" if page.kind == "question" else page.label.get(language()) or page.label.get("id", "")
        for path in page.fields:
            asked = made.form.fields[path]
            if path not in relevant or asked.kind in ("note", "calculate", "hidden") or asked.readonly:
                continue
            label = asked.label.get(language()) or asked.label.get("id", asked.name)
            choices.append(ShownChoice(path, f"{heading}: {label}" if heading else label))
    return tuple(choices)


def log_of(case: Case) -> list[ShownStep]:
    """Every event of the case, newest last, in an auditor's words: what, by whom in which position, when."""
    events = list(Event.objects.filter(case=case).order_by("seq"))
    people = {
        user.key: user
        for user in User.objects.filter(key__in={e.actor for e in events if e.actor}).only(
            "key", "name", "kind"
        )
    }
    codes = {e.actor_position for e in events} | {
        str(e.data.get("position") or e.data.get("to") or "") for e in events
    }
    positions = {p.code: p for p in Position.objects.filter(code__in=codes)}
    return [
        _logged(ready(event.service_version_id or case.version_id), event, people, positions)
        for event in events
    ]


def _logged(
    made: Ready, event: Event, people: Mapping[Any, User], positions: Mapping[str, Position]
) -> ShownStep:
    kind = KINDS.get(event.kind)
    parts = [str(kind.sentence) if kind else event.kind]
    if element := event.data.get("element"):
        parts.append(task_title(made, element))
    details = [_actor(event, people, positions)]
    if result := event.data.get("result"):
        details.append(result_word(result))
    if number := event.data.get("number") or event.data.get("outside_number"):
        details.append(_("nomor %(number)s") % {"number": number})
    if event.kind in ("task.opened", "task.climbed"):
        to = positions.get(str(event.data.get("position") or event.data.get("to") or ""))
        if to is not None:
            details.append(_("untuk %(position)s") % {"position": localised(to, "title")})
    state: StepState = (
        "stopped" if event.kind in ("case.stuck", "number.voided", "handover.failed") else "done"
    )
    return ShownStep(
        ": ".join(parts), state, "; ".join(d for d in details if d), long_moment(event.occurred_at)
    )


def _actor(event: Event, people: Mapping[Any, User], positions: Mapping[str, Position]) -> str:
    user = people.get(event.actor)
    if event.actor_position:
        position = positions.get(event.actor_position)
        title = localised(position, "title") if position else event.actor_position
        return f"{user.name}, {title}" if user else str(title)
    if event.channel == "system":
        return str(_("Sistem"))
    return str(_("Pemohon"))
