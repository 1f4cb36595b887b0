"""Correcting and withdrawing one's own application."""

from __future__ import annotations

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from pendapa.forms import plain_path
from pendapa.web.cases import actions
from pendapa.web.cases.corrections import asked_again, attach_correction
from pendapa.web.cases.file_questions import UPLOADS, clean_upload
from pendapa.web.cases.inputs_form import SHOWN, shown_paths
from pendapa.web.cases.kept_files import answer_in, kept_file, kept_inputs
from pendapa.web.cases.models import Case
from pendapa.web.cases.pages import Questionnaire
from pendapa.web.cases.questions import summary
from pendapa.web.cases.refusals import InvalidAnswers, Refused
from pendapa.web.cases.views_draft import HOUR, acting_citizen
from pendapa.web.cases.views_pages import typed_answers
from pendapa.web.cases.views_track import answers_of, file_address, open_case
from pendapa.web.limits import rate
from pendapa.web.shown import ShownError, ShownField


@require_http_methods(["GET", "HEAD", "POST"])
@open_case
def correct(request: HttpRequest, case: Case) -> HttpResponse:
    """Ask again what an officer marked, keep the rest, and hand the whole in."""
    if case.status != Case.Status.WAITING_APPLICANT:
        messages.info(request, _("Permohonan ini sedang tidak menunggu perbaikan."))
        return redirect("cases:track", case.number)
    now = timezone.now()
    sent = answers_of(case, now)
    marked = list((case.correction or {}).get("fields", ()))
    if request.method != "POST":
        return _page(request, case, sent, sent, asked_again(sent, sent, marked), {}, {}, [])
    if request.FILES and (held := rate(request, "upload", 60, HOUR)):
        return held
    showed = shown_paths(request.POST, _answerable(sent, request))
    changes, errors = _changes(request, case, sent, showed)
    current = answers_of(case, now).with_answers(changes)
    paths = asked_again(sent, current, marked)
    if "perbarui" in request.POST:
        return _page(request, case, sent, current, paths, changes, errors, [])
    errors = current.errors_at(path for path in paths if path in showed) | errors
    surprise = [path for path in paths if path not in showed]
    if not errors and not surprise:
        try:
            actions.resubmit(
                case.pk,
                {p: v for p, v in changes.items() if p in paths},
                now=now,
                actor=acting_citizen(request),
            )
        except InvalidAnswers as invalid:
            lines = [ShownError(current.words_of(error)) for error in invalid.evaluation.errors]
            return _page(request, case, sent, current, paths, changes, {}, lines)
        except Refused as refused:
            messages.info(request, str(refused))
            return redirect("cases:track", case.number)
        messages.success(request, _("Perbaikan Anda sudah kami terima. Waktu berjalan lagi."))
        return redirect("cases:track", case.number)
    if surprise and not errors:
        messages.info(request, _("Karena jawaban Anda, ada pertanyaan tambahan di halaman ini."))
    return _page(request, case, sent, current, paths, changes, errors, [])


def _answerable(sent: Questionnaire, request: HttpRequest) -> list[str]:
    """Paths that exist in the form, whether or not they are relevant as it was sent."""
    return [path for path in request.POST.getlist(SHOWN) if plain_path(path) in sent.form.fields]


def _changes(
    request: HttpRequest, case: Case, sent: Questionnaire, showed: list[str]
) -> tuple[dict[str, str], dict[str, str]]:
    changes = typed_answers(request, sent, showed)
    errors: dict[str, str] = {}
    for path in showed:
        field = sent.field(path)
        if field.kind not in UPLOADS:
            continue
        if kept := kept_file(case, request.POST, path):
            changes[path] = answer_in(field, kept)
        upload = request.FILES.get(path)
        if isinstance(upload, UploadedFile):
            try:
                good = clean_upload(field, upload)
                attachment = attach_correction(case.pk, good, now=timezone.now())
                changes[path] = good.drawn or str(attachment.pk)
            except Refused as refused:
                errors[path] = str(refused)
    return changes, errors


def _page(
    request: HttpRequest,
    case: Case,
    sent: Questionnaire,
    current: Questionnaire,
    paths: list[str],
    changes: dict[str, str],
    errors: dict[str, str],
    lines: list[ShownError],
) -> HttpResponse:
    fields: list[ShownField] = current.shown(paths, changes, errors)
    context = {
        "case": case,
        "message": (case.correction or {}).get("message", ""),
        "fields": fields,
        "kept": kept_inputs(current, paths, changes),
        "errors": summary(fields) + lines,
        "groups": sent.groups(file_url=file_address(case)),
        "shown_name": SHOWN,
        "uploads": any(field.kind == "file" for field in fields),
        "refreshes": any(field.refresh for field in fields),
    }
    return render(request, "cases/correct.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@open_case
def withdraw(request: HttpRequest, case: Case) -> HttpResponse:
    """Ask once more, then end the application at its applicant's wish."""
    if not case.is_open:
        messages.info(request, _("Permohonan ini sudah selesai, jadi tidak bisa dibatalkan."))
        return redirect("cases:track", case.number)
    if request.method == "POST":
        try:
            actions.withdraw(case.pk, now=timezone.now(), actor=acting_citizen(request))
            messages.success(request, _("Permohonan %(number)s sudah dibatalkan.") % {"number": case.number})
        except Refused as refused:
            messages.info(request, str(refused))
        return redirect("cases:track", case.number)
    return render(request, "cases/withdraw.html", {"case": case})
