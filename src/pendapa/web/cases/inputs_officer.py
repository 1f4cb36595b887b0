"""What officers type: where they look in the inbox, what they decide, and the answers to a task's own form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, QueryDict

from pendapa.forms import Evaluation, Form
from pendapa.web.cases import inbox
from pendapa.web.cases.actions import Decision
from pendapa.web.cases.models import Attachment
from pendapa.web.shown import ShownChoice, ShownField
from pendapa.web.templatetags.pendapa import language

_KINDS = {
    "integer": "integer", "decimal": "decimal", "range": "decimal", "date": "date", "time": "time",
    "dateTime": "datetime",
    "select_one": "select_one", "select_multiple": "select_multiple", "acknowledge": "acknowledge", "image": "image",
    "file": "file", "note": "note",
}  # fmt: skip
FILES = ("image", "file")
_SILENT = ("calculate", "hidden", "start", "end", "today", "username", "deviceid", "phonenumber", "email")


def wanted_in_inbox(query: QueryDict) -> inbox.Wanted:
    """Read the inbox's address. What makes no sense in it is passed over."""
    view = query.get("saring", inbox.ALL)
    cases: tuple[int, ...] | None = None
    if number := query.get("nomor", ""):
        cases = inbox.cases_numbered(number)
    elif person := query.get("orang", ""):
        try:
            cases = inbox.cases_of_person(bytes.fromhex(person))
        except ValueError:
            cases = ()
    return inbox.Wanted(
        view=view if view in inbox.VIEWS else inbox.ALL,
        service=_number(query.get("layanan", "")),
        district=_number(query.get("kecamatan", "")),
        cases=cases,
        after=inbox.place_of(query.get("after", "")),
    )


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def decision_of(data: QueryDict) -> Decision:
    """The decision part of a task page."""
    return Decision(
        result=data.get("keputusan", ""),
        message=data.get("pesan", "").strip(),
        fields=tuple(data.getlist("tandai")),
        reason_fact=data.get("alasan_kenyataan", "").strip(),
        reason_law=data.get("alasan_hukum", "").strip(),
    )


@dataclass(frozen=True)
class TaskAnswers:
    """Answers to a task's form as sent: texts by path, and files by the path they answer."""

    texts: dict[str, str] = field(default_factory=dict)
    files: dict[str, Any] = field(default_factory=dict)


def task_answers(form: Form | None, request: HttpRequest) -> TaskAnswers:
    """Pick the form's own questions out of a request; a file sent earlier comes back as `simpanan:<path>`."""
    answers = TaskAnswers()
    if form is None:
        return answers
    for path, question in form.fields.items():
        if question.kind in FILES:
            upload = request.FILES.get(path)
            if isinstance(upload, UploadedFile):
                answers.files[path] = upload
            elif request.POST.get(f"simpanan:{path}"):
                answers.texts[path] = request.POST[f"simpanan:{path}"]
        elif question.kind == "select_multiple":
            answers.texts[path] = " ".join(request.POST.getlist(path))
        elif question.kind in ("decimal", "range"):
            # People here write 44,5; the form's own notation is 44.5.
            answers.texts[path] = request.POST.get(path, "").strip().replace(",", ".")
        elif path in request.POST:
            answers.texts[path] = request.POST[path].strip()
    return answers


def task_fields(
    form: Form,
    evaluation: Evaluation,
    answers: Mapping[str, str],
    errors: Mapping[str, str],
    files: Mapping[str, Attachment],
    limits: str,
) -> list[tuple[str, list[ShownField]]]:
    """The questions of a task's form that apply now, page by page with the page's heading."""
    tongue = language()
    groups: list[tuple[str, list[ShownField]]] = []
    for page in form.pages:
        fields = [
            _task_field(form, evaluation, path, answers, errors, files, limits)
            for path in page.fields
            if path in evaluation.relevant and form.fields[path].kind not in _SILENT
        ]
        heading = "" if page.kind == "question" else page.label.get(tongue) or page.label.get("id", "")
        if fields:
            groups.append((heading, fields))
    return groups


def _task_field(
    form: Form,
    evaluation: Evaluation,
    path: str,
    answers: Mapping[str, str],
    errors: Mapping[str, str],
    files: Mapping[str, Attachment],
    limits: str,
) -> ShownField:
    tongue = language()
    question = form.fields[path]
    kind = _KINDS.get(question.kind, "multiline" if "multiline" in question.appearance else "text")
    value = answers.get(path, evaluation.values.get(path, ""))
    held = files.get(value) if question.kind in FILES else None
    choices: tuple[ShownChoice, ...] = ()
    if question.kind in ("select_one", "select_multiple"):
        choices = tuple(ShownChoice(c.name, c.label) for c in evaluation.choices(path, tongue))
    return ShownField(
        name=path,
        label=evaluation.label(path, tongue),
        kind=kind,  # type: ignore[arg-type]
        hint=evaluation.hint(path, tongue),
        value=(held.name if held else "") if question.kind in FILES else value,
        required=question.required is not False,
        readonly=bool(question.readonly),
        choices=choices,
        error=errors.get(path, ""),
        limits=limits if question.kind in FILES else "",
        accept="image/jpeg,image/png"
        if question.kind == "image"
        else ("image/jpeg,image/png,application/pdf" if question.kind == "file" else ""),
        unit=question.parameters.get("unit", ""),
    )


def errors_by_path(evaluation: Evaluation) -> dict[str, str]:
    """The first message of each field, in the page's language."""
    found: dict[str, str] = {}
    for error in evaluation.errors:
        found.setdefault(error.path, error.message.get(language()) or error.message.get("id", ""))
    return found
