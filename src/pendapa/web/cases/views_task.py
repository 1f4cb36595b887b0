"""The task page: the applicant's answers beside the officer's own form, and what may be done with the task."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods

from pendapa.web.accounts.models import User
from pendapa.web.cases import actions, dossier, inbox, related, uploads
from pendapa.web.cases.access import attachment_of_case, case_for_officer, office_of, officer_task
from pendapa.web.cases.file_questions import UPLOADS
from pendapa.web.cases.first_case import link_of
from pendapa.web.cases.inputs_form import SHOWN
from pendapa.web.cases.inputs_officer import decision_of
from pendapa.web.cases.kept_files import kept_inputs
from pendapa.web.cases.models import Case, Note, Task
from pendapa.web.cases.promise import may_move
from pendapa.web.cases.refusals import InvalidAnswers, NeedsAssurance, Refused
from pendapa.web.cases.task_form import TaskForm, blank, errors_in, receive, task_form
from pendapa.web.catalogue.definitions import Ready, ready
from pendapa.web.events.actions import log_reading
from pendapa.web.guards import officers_only
from pendapa.web.organisation.access import acting, local_day, posts_of
from pendapa.web.organisation.models import Placement
from pendapa.web.payments.pages import bill_for_task, proof_fact, shown_bills
from pendapa.web.shown import ShownChoice, ShownError, ShownField, element_id
from pendapa.web.templatetags.pendapa import localised

ASSURANCE = "pastikan"
"""The input by which an officer says that something unusual is meant so."""
OUTCOMES = ("accept", "return", "refuse", "send_back")


def _me(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


@officers_only
@require_http_methods(["GET", "POST"])
def show_task(request: HttpRequest, pk: int) -> HttpResponse:
    """One task. Its own position (or the one it climbed to) works on it; the superior may look and reassign."""
    now, user = timezone.now(), _me(request)
    task = officer_task(user, pk, local_day(now), superior=True)
    held = {post.position.pk for post in posts_of(user, local_day(now))}
    if task.kind == Task.Kind.SIGN and task.status == Task.Status.OPEN and task.position_id in held:
        return redirect("signing:letter", pk=pk)
    if request.method == "POST":
        return _finish(request, task, now)
    form = ready(task.case.version_id).task_form(task.element)
    return _page(request, task, blank(form, now) if form is not None else {}, now=now)


def _finish(request: HttpRequest, task: Task, now: datetime) -> HttpResponse:
    user = _me(request)
    made = ready(task.case.version_id)
    received = receive(made, task, user, request, now)
    answers, wrong = received.answers, dict(received.wrong)
    if received.only_redraw:
        return _page(request, task, answers, now=now, wrong=wrong)
    decision = decision_of(request.POST)
    asked = task_form(made, task, answers, now)
    if not decision.result:
        wrong["keputusan"] = _("Pilih keputusan Anda atas permohonan ini.")
    if asked is not None and (not decision.result or (decision.result == "accept" and received.showed)):
        wrong = asked.errors_at(received.showed or asked.all_paths()) | wrong
    if wrong:
        return _page(request, task, answers, now=now, wrong=wrong, status=422)
    if decision.result == "accept" and received.lacks(asked):
        messages.info(request, _("Karena jawaban Anda, ada pertanyaan tambahan di halaman ini."))
        return _page(request, task, answers, now=now)
    try:
        actions.complete_task(task.pk, user, decision, answers, now=now)
    except InvalidAnswers as invalid:
        wrong = {e.path: asked.words_of(e) for e in reversed(invalid.evaluation.errors)} if asked else {}
        return _page(request, task, answers, now=now, wrong=wrong, status=422)
    except NeedsAssurance as unusual:
        return _page(request, task, answers, now=now, wrong={ASSURANCE: str(unusual)}, status=422)
    except Refused as refused:
        fresh = officer_task(user, task.pk, local_day(now), superior=True)
        status = 409 if fresh.status != Task.Status.OPEN or fresh.claimed_by_id != user.pk else 422
        wrong = {_where(decision): str(refused)} if status == 422 else {"": str(refused)}
        return _page(request, fresh, answers, now=now, wrong=wrong, status=status)
    messages.success(request, _("Tugas untuk permohonan %(number)s selesai.") % {"number": task.case.number})
    return redirect("cases:inbox")


def _where(decision: actions.Decision) -> str:
    """The field that a refusal of this decision is about."""
    if decision.result == "refuse":
        return "alasan_hukum" if decision.reason_fact else "alasan_kenyataan"
    return {"return": "pesan", "send_back": "pesan"}.get(decision.result, "keputusan")


def _page(
    request: HttpRequest,
    task: Task,
    answers: dict[str, str],
    *,
    now: datetime,
    wrong: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Draw the page, with what was typed kept; in the clear only for who may work on it, and then written down."""
    user, case, wrong = _me(request), task.case, wrong or {}
    made = ready(case.version_id)
    today = local_day(now)
    posts = posts_of(user, today)
    held = {post.position.pk for post in posts}
    may_work = task.status == Task.Status.OPEN and (task.position_id in held or task.climbed_to_id in held)
    mine = may_work and task.claimed_by_id == user.pk and task.kind == Task.Kind.WORK
    if may_work:
        log_reading(case.pk, now=now, actor=office_of(user, task, today), what="task")
    reader = office_of(user, task, today) if may_work else None
    asked = task_form(made, task, answers, now) if mine or request.method == "POST" else None
    sections = asked.sections(wrong, answers) if asked is not None and mine else []
    decisions = _decision_fields(request, made, task, wrong, now) if mine else {}
    errors = errors_in(sections)
    errors += [ShownError(f.error, f.target) for f in decisions.values() if f.error]
    if not errors or "" in wrong:
        errors = [ShownError(text, element_id(path) if path else "") for path, text in wrong.items()]
    payment = made.definition.tasks[task.element].payment
    bill = bill_for_task(case, payment) if task.status == Task.Status.OPEN else None
    kept = [] if mine or request.method != "POST" else _kept(request, asked)
    context: dict[str, Any] = {
        "task": task,
        "case": case,
        "heading": dossier.task_title(made, task.element),
        "due": inbox.due_in_words(task.due_at, now),
        "may_move": may_move(case),
        "may_work": may_work,
        "mine": mine,
        "holder": task.claimed_by.name if task.claimed_by and task.claimed_by_id != user.pk else "",
        "groups": dossier.answer_groups(made, case, clear=may_work, now=now),
        "findings": dossier.findings(case, now=now, clear=may_work),
        "first": related.first_case_of(case, clear=may_work, now=now, reader=reader),
        "statements": related.statements_of(case, clear=may_work),
        "log": dossier.log_of(case),
        "notes": Note.objects.filter(case=case).select_related("author", "position"),
        "sections": sections,
        "kept_files": kept_inputs(asked, asked.all_paths(), answers) if asked is not None and mine else [],
        "shown_name": SHOWN,
        "decisions": decisions,
        "only_outcome": len(_outcomes(made, task)) == 1,
        "errors": errors,
        "kept": kept,
        "colleagues": _colleagues(task, user, today) if task.status == Task.Status.OPEN else [],
        "result": dossier.result_word(task.result),
        "climbed": task.climbed_to,
        "bill": bill,
        "proof": proof_fact(bill, case) if bill is not None else None,
        "assurance": wrong.get(ASSURANCE, ""),
    }
    return render(request, "cases/officer/task.html", context, status=status)


def _outcomes(made: Ready, task: Task) -> tuple[str, ...]:
    return made.definition.tasks[task.element].outcomes or ("accept",)


def _words() -> dict[str, tuple[str, str]]:
    """What each outcome is called, and what follows from it."""
    return {
        "accept": (_("Lanjutkan"), _("Permohonan diteruskan ke langkah berikutnya.")),
        "return": (
            _("Kembalikan untuk diperbaiki"),
            _("Pemohon diminta memperbaiki; hitungan waktu berhenti."),
        ),
        "refuse": (_("Usulkan penolakan"), _("Surat penolakan dengan alasan Anda ditandatangani pimpinan.")),
        "send_back": (_("Kembalikan ke rekan"), _("Petugas sebelumnya memeriksa kembali.")),
    }


def _words_of_payment() -> dict[str, tuple[str, str]]:
    return _words() | {
        "accept": (_("Uangnya sudah masuk"), _("Pembayaran dicatat sesuai isian di atas.")),
        "return": (
            _("Uangnya belum ada di rekening"),
            _("Pemohon diberi tahu; tagihan tetap menunggu pembayaran."),
        ),
    }


def _decision_fields(
    request: HttpRequest, made: Ready, task: Task, wrong: Mapping[str, str], now: datetime
) -> dict[str, ShownField]:
    """The decision as fields: which outcome, and what each outcome needs to say."""
    typed = decision_of(request.POST)
    words = _words_of_payment() if made.definition.tasks[task.element].payment else _words()
    outcomes = _outcomes(made, task)
    fields = {
        "result": ShownField(
            "keputusan",
            _("Keputusan"),
            "select_one",
            value=typed.result,
            choices=tuple(ShownChoice(o, *words[o]) for o in OUTCOMES if o in outcomes),
            error=wrong.get("keputusan", ""),
        )
    }
    if "return" in outcomes or "send_back" in outcomes:
        hint = _("Tulis apa yang salah dan bagaimana memperbaikinya, dengan kata yang mudah dipahami.")
        fields["message"] = ShownField(
            "pesan",
            pgettext("satu", "Pesan"),
            "multiline",
            hint=hint,
            value=typed.message,
            error=wrong.get("pesan", ""),
        )
    if "return" in outcomes and made.definition.tasks[task.element].payment is None:
        fields["fields"] = ShownField(
            "tandai",
            _("Isian yang harus diperbaiki"),
            "select_multiple",
            value=list(typed.fields),
            required=False,
            choices=dossier.returnable(made, task.case, now),
        )
    if "refuse" in outcomes:
        fields["fact"] = ShownField(
            "alasan_kenyataan",
            _("Alasan menurut keadaan"),
            "multiline",
            hint=_("Apa yang Anda temukan. Kalimat ini masuk ke surat penolakan."),
            value=typed.reason_fact,
            error=wrong.get("alasan_kenyataan", ""),
        )
        fields["law"] = ShownField(
            "alasan_hukum",
            _("Alasan menurut hukum"),
            "multiline",
            hint=_("Aturan yang tidak terpenuhi, dengan pasalnya. Kalimat ini masuk ke surat penolakan."),
            value=typed.reason_law,
            error=wrong.get("alasan_hukum", ""),
        )
    return fields


def _kept(request: HttpRequest, asked: TaskForm | None) -> list[tuple[str, str]]:
    """What somebody typed who may not finish the task any more: shown for copying, so that nothing is lost."""
    decision = decision_of(request.POST)
    rows = [
        (asked.label(path), asked.answer(path).value)
        for path in (asked.all_paths() if asked is not None else ())
        if asked is not None and asked.answers.get(path) and asked.field(path).kind not in UPLOADS
    ]
    rows.append((_("Keputusan"), dossier.result_word(decision.result)))
    rows += [
        (pgettext("satu", "Pesan"), decision.message),
        (_("Alasan menurut keadaan"), decision.reason_fact),
    ]
    rows.append((_("Alasan menurut hukum"), decision.reason_law))
    return [(label, value) for label, value in rows if value]


def _colleagues(task: Task, user: User, today: Any) -> list[ShownChoice]:
    """Who holds the task's position today and could take it over."""
    placements = (
        Placement.objects.filter(
            position=task.position, period__contains=today, user__suspended_at__isnull=True
        )
        .exclude(user_id=task.claimed_by_id or 0)
        .select_related("user", "position")
        .order_by("user__name")
    )
    return [
        ShownChoice(str(p.user_id), f"{p.user.name}, {localised(p.position, 'title')}") for p in placements
    ]


# --- what may be done with a task ------------------------------------------------------------------
def _act(request: HttpRequest, pk: int, act: Callable[[User, datetime], object], done: str) -> HttpResponse:
    """Run one action and go back to the task. Opened by address alone (after signing in again), nothing happens."""
    if request.method == "POST":
        try:
            act(_me(request), timezone.now())
            messages.success(request, done)
        except Refused as refused:
            messages.error(request, str(refused))
    return redirect("cases:task", pk=pk)


@officers_only
@require_http_methods(["GET", "POST"])
def claim(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a task."""
    return _act(
        request,
        pk,
        lambda user, now: actions.claim(pk, user, now=now),
        _("Tugas ini sekarang Anda kerjakan."),
    )


@officers_only
@require_http_methods(["GET", "POST"])
def release(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a task back."""
    return _act(
        request,
        pk,
        lambda user, now: actions.release(pk, user, now=now),
        _("Tugas dilepas dan dapat diambil rekan."),
    )


@officers_only
@require_http_methods(["GET", "POST"])
def reassign(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand a task to somebody else who holds its position."""
    to = request.POST.get("kepada", "")

    def act(user: User, now: datetime) -> object:
        officer_task(
            user, pk, local_day(now), superior=True
        )  # first whether it is theirs, then what they typed
        if not (to.isascii() and to.isdigit() and len(to) < 19):
            raise Refused(_("Pilih rekan yang akan mengerjakan tugas ini."))
        return actions.reassign(pk, int(to), user, now=now)

    return _act(request, pk, act, _("Tugas dialihkan."))


@officers_only
@require_http_methods(["GET", "POST"])
def task_note(request: HttpRequest, pk: int) -> HttpResponse:
    """Leave a remark for colleagues."""

    def act(user: User, now: datetime) -> object:
        task = officer_task(user, pk, local_day(now), superior=True)
        return actions.write_note(task.case_id, user, request.POST.get("catatan", ""), now=now)

    return _act(request, pk, act, _("Catatan disimpan. Pemohon tidak melihatnya."))


# --- the case as a whole ---------------------------------------------------------------------------
@officers_only
@require_http_methods(["GET"])
def officer_case(request: HttpRequest, number: str) -> HttpResponse:
    """A case for officers of the agencies that have to do with it, with personal answers masked."""
    now, user = timezone.now(), _me(request)
    case = case_for_officer(user, number, local_day(now))
    made = ready(case.version_id)
    held = {post.position.pk for post in posts_of(user, local_day(now))}
    tasks = [
        (task, dossier.task_title(made, task.element), task.position_id in held or task.climbed_to_id in held)
        for task in Task.objects.filter(case=case, status="open").select_related("position", "claimed_by")
    ]
    return render(
        request,
        "cases/officer/case.html",
        {
            "case": case,
            "tasks": tasks,
            "groups": dossier.answer_groups(made, case, clear=False, now=now),
            "findings": dossier.findings(case, now=now, clear=False),
            "link": link_of(case),
            "followers": related.followers_shown(case),
            "statements": related.statements_of(case, clear=False),
            "log": dossier.log_of(case),
            "notes": Note.objects.filter(case=case).select_related("author", "position"),
            "documents": case.documents.select_related("entry").order_by("signed_at"),
            "handovers": case.handovers.order_by("pk"),
            "bills": shown_bills(case),
        },
    )


@officers_only
@require_http_methods(["GET"])
def officer_attachment(request: HttpRequest, number: str, attachment_id: uuid.UUID) -> HttpResponse:
    """A file of a case, as a download; that it was opened is written down."""
    now, user = timezone.now(), _me(request)
    case: Case = case_for_officer(user, number, local_day(now))
    attachment = attachment_of_case(case, attachment_id)
    content = uploads.read_sealed(attachment.stored_as)
    log_reading(case.pk, now=now, actor=acting(user, posts_of(user, local_day(now))), what="attachment")
    return HttpResponse(
        content,
        content_type=attachment.content_type,
        headers={
            "Content-Disposition": content_disposition_header(True, attachment.name) or "attachment",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
        },
    )
