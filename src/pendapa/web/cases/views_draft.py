"""Applying: begin, page by page, save for later, come back, check, and submit once."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pendapa.forms import Page, plain_path
from pendapa.web.accounts.models import User
from pendapa.web.cases import access, drafts, keepsakes
from pendapa.web.cases.file_questions import UPLOADS, clean_upload
from pendapa.web.cases.inputs_form import SHOWN, read_answer, shown_paths
from pendapa.web.cases.models import Attachment, Draft
from pendapa.web.cases.pages import Questionnaire, Step
from pendapa.web.cases.questions import DIGITS, Asked, summary
from pendapa.web.cases.refusals import NotYours, Refused
from pendapa.web.cases.repeats import Entry
from pendapa.web.cases.retention import UNFINISHED_FOR
from pendapa.web.cases.secrets import shown as grouped
from pendapa.web.catalogue.definitions import ready
from pendapa.web.catalogue.models import Service
from pendapa.web.events.chain import Actor
from pendapa.web.limits import rate
from pendapa.web.templatetags.pendapa import language

HOUR = 60 * 60
NO_FILE = str(uuid.UUID(int=0))
FROM_REVIEW = "kembali"
"""In an address: the page was opened from the review, and leads back to it."""


def acting_citizen(request: HttpRequest) -> Actor:
    """The applicant as the log knows them; no key for somebody without an account."""
    user = request.user
    return Actor(user.key, user.pk) if isinstance(user, User) else Actor()


def open_draft(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give the view its draft. Without right to it: the page that asks for the code, or none at all for somebody
    signed in. A draft already sent leads to what became of it."""

    @wraps(view)
    def opened(request: HttpRequest, draft_id: uuid.UUID, **kwargs: Any) -> HttpResponse:
        try:
            draft = access.draft_of(request.user, request.session, draft_id)
        except NotYours as error:
            return _not_let_in(request, draft_id, error)
        return _go_on(request, draft, lambda: view(request, draft, **kwargs))

    return opened


def open_draft_to_submit(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The same for the view that submits: the draft is locked, and the view runs in the transaction that locked it."""

    @wraps(view)
    @transaction.atomic
    def opened(request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
        try:
            found = access.draft_to_submit_of(request.user, request.session, draft_id)
        except NotYours as error:
            return _not_let_in(request, draft_id, error)
        return _go_on(request, found.draft, lambda: view(request, found))

    return opened


def _not_let_in(request: HttpRequest, draft_id: uuid.UUID, error: NotYours) -> HttpResponse:
    if request.user.is_authenticated:
        raise Http404 from error
    if request.method == "POST":
        messages.warning(
            request,
            _("Yang baru Anda kirim belum tersimpan, karena halaman terlalu lama terbuka. Masukkan kode."),
        )
    return redirect("cases:draft_open", draft_id)


def _go_on(request: HttpRequest, draft: Draft, view: Callable[[], HttpResponse]) -> HttpResponse:
    if draft.submitted_at is not None:
        return redirect("cases:receipt", draft.case.number)
    try:
        return view()
    except Refused as refused:  # sent in another tab meanwhile
        messages.warning(request, str(refused))
        return redirect("cases:draft_open", draft.pk)


def questionnaire_of(draft: Draft) -> Questionnaire:
    """The draft's form with its answers, in the language of the page."""
    return Questionnaire(
        drafts.made_ready(draft),
        draft.answers,
        language(),
        timezone.now(),
        Attachment.objects.filter(draft=draft),
    )


# --- begin and come back ---------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest, slug: str) -> HttpResponse:
    """Begin an application and open its first page."""
    service = get_object_or_404(Service.objects.select_related("current"), slug=slug, active=True)
    if request.method != "POST":
        return redirect("catalogue:service", slug)
    if not service.online or service.current is None:
        messages.warning(request, _("Layanan ini belum bisa diajukan lewat situs ini."))
        return redirect("catalogue:service", slug)
    if ready(service.current.pk).definition.against is not None:
        messages.warning(
            request, _("Keberatan diajukan dari halaman permohonan yang ditolak. Buka permohonan itu dahulu.")
        )
        return redirect("catalogue:service", slug)
    if held := rate(request, "start-draft", 30, HOUR):
        return held
    user = request.user if isinstance(request.user, User) else None
    return open_begun(
        request, drafts.begin_draft(service.current, user, now=timezone.now(), language=language())
    )


def open_begun(request: HttpRequest, begun: drafts.Begun) -> HttpResponse:
    """Let the browser of somebody without an account at a new draft, and open it."""
    if begun.draft.owner_id is None:
        access.grant_draft(request.session, begun.draft.pk)
        keepsakes.keep_draft_code(request.session, begun.draft.pk, begun.code)
    # The first page even where a profile has filled it in: the person should see what stands there.
    return redirect("cases:draft_page", begun.draft.pk, questionnaire_of(begun.draft).steps[0].at)


def first_page(questionnaire: Questionnaire, draft: Draft) -> str:
    """The address of the first page that still lacks something, else of the review."""
    step = questionnaire.first_open_step()
    if step is None:
        return reverse("cases:draft_review", args=[draft.pk])
    return reverse("cases:draft_page", args=[draft.pk, step.at])


@require_http_methods(["GET", "HEAD", "POST"])
def draft_open(request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
    """Go on with an application: directly for those let in already, else by its code."""
    try:
        draft = access.draft_of(request.user, request.session, draft_id)
    except NotYours:
        pass
    else:
        if draft.submitted_at is not None:
            return redirect("cases:receipt", draft.case.number)
        return redirect(first_page(questionnaire_of(draft), draft))
    error = ""
    if request.method == "POST":
        if held := rate(request, "draft-code", 10, 600) or rate(
            request, "draft-code-of", 20, HOUR, str(draft_id)
        ):
            return held
        code = request.POST.get("code", "")
        try:
            draft = access.draft_by_code(draft_id, code)
        except NotYours:
            error = _("Kode ini tidak cocok dengan tautannya. Periksa lagi catatan Anda, huruf demi huruf.")
        else:
            access.grant_draft(request.session, draft.pk)
            keepsakes.keep_draft_code(request.session, draft.pk, code)
            return redirect("cases:draft_open", draft_id)
    return render(request, "cases/draft_open.html", {"error": error})


@require_safe
@open_draft
def draft_saved(request: HttpRequest, draft: Draft) -> HttpResponse:
    """Say how to come back: under the account, or by link and code."""
    code = keepsakes.draft_code(request.session, draft.pk)
    return render(
        request,
        "cases/draft_saved.html",
        {
            "draft": draft,
            "link": request.build_absolute_uri(reverse("cases:draft_open", args=[draft.pk])),
            "code": grouped(code.upper().replace("-", "")) if code else "",
            "kept_days": UNFINISHED_FOR.days,
            "resume": first_page(questionnaire_of(draft), draft),
        },
    )


# --- pages -----------------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
@open_draft
def draft_page(request: HttpRequest, draft: Draft, step: int) -> HttpResponse:
    """One page of the form: a question, a group, or the list of a repeat's entries."""
    asked = questionnaire_of(draft)
    here = asked.step_at(step)
    if here is None:
        return redirect(first_page(asked, draft))
    if here.page.kind == "repeat":
        return _repeat_list(request, draft, asked, here)
    return _ask(request, draft, asked, here, ())


@require_http_methods(["GET", "HEAD", "POST"])
@open_draft
def draft_repeat(request: HttpRequest, draft: Draft, step: int, entry: Entry) -> HttpResponse:
    """One entry of a repeat; the number after the last one writes a new entry."""
    asked = questionnaire_of(draft)
    here = asked.step_at(step)
    if here is None or here.page.kind != "repeat":
        return redirect(first_page(asked, draft))
    page, (*outer, number) = here.page, entry
    if tuple(outer) not in asked.outer_entries(page) or number < 1:
        raise Http404
    count = asked.count(page, tuple(outer))
    if number > count:
        if asked.counts_itself(page) or number > count + 1:
            raise Http404
        asked = asked.with_entry(f"{asked.path_in(page, page.path, tuple(outer))}[{number}]")
    return _ask(request, draft, asked, here, entry)


@require_POST
@open_draft
def draft_repeat_remove(request: HttpRequest, draft: Draft, step: int, entry: Entry) -> HttpResponse:
    """Take one entry out of a repeat."""
    asked = questionnaire_of(draft)
    here = asked.step_at(step)
    if here is not None and here.page.kind == "repeat" and not asked.counts_itself(here.page):
        repeat = asked.path_in(here.page, here.page.path, entry[:-1])
        drafts.remove_entry(draft.pk, repeat, entry[-1], now=timezone.now())
        number = ".".join(map(str, entry))
        messages.success(
            request,
            _("%(title)s nomor %(number)s dihapus.") % {"title": asked.title(here.page), "number": number},
        )
    return redirect(reverse("cases:draft_page", args=[draft.pk, step]) + f"?daftar=1{_mark(request, '&')}")


def _repeat_list(request: HttpRequest, draft: Draft, asked: Questionnaire, here: Step) -> HttpResponse:
    page, entries = here.page, asked.entries(here.page)
    one = entries[0] if len(entries) == len(asked.outer_entries(page)) == 1 else None
    blank = one is not None and not any(asked.answers.get(path) for path in asked.asked_paths(page, one))
    if request.method == "POST":
        if "later" in request.POST:
            return redirect("cases:draft_saved", draft.pk)
        unfinished = [entry for entry in entries if asked.errors_at(asked.asked_paths(page, entry))]
        if unfinished:
            return redirect(
                reverse("cases:draft_repeat", args=[draft.pk, here.at, unfinished[0]])
                + f"?periksa=1{_mark(request, '&')}"
            )
        whole = asked.errors_at([page.path])
        if not whole:
            return redirect(_after(request, asked, draft, here.at))
        messages.error(request, whole[page.path])
    if blank and "daftar" not in request.GET:
        return redirect(reverse("cases:draft_repeat", args=[draft.pk, here.at, one]) + _mark(request, "?"))
    context = _frame(draft, asked, here) | {
        "heading": asked.title(page),
        "hint": asked.page_hint(page),
        "lists": [_list_of(asked, page, outer) for outer in asked.outer_entries(page)],
        "fixed": asked.counts_itself(page),
        "mark": _mark(request, "?"),
    }
    return render(request, "cases/draft_repeat.html", context)


def _list_of(asked: Questionnaire, page: Page, outer: Entry) -> dict[str, Any]:
    """The entries of a repeat within one entry of the repeat around it, if there is one."""
    entries = []
    for number in range(1, asked.count(page, outer) + 1):
        entry = (*outer, number)
        paths = asked.asked_paths(page, entry)
        title = f"{asked.title(page, entry)} {number}"
        answers = [asked.answer(path) for path in paths]
        entries.append(
            {"entry": entry, "title": title, "answers": answers, "unfinished": bool(asked.errors_at(paths))}
        )
    return {"heading": _around(asked, page, outer), "entries": entries, "next": (*outer, len(entries) + 1)}


def _around(asked: Questionnaire, page: Page, outer: Entry) -> str:
    """The heading of the entry that holds others: 'Rumah 2'."""
    if not outer:
        return ""
    repeat = asked.around(page)[-2]
    holder = next((p for p in asked.form.pages if p.kind == "repeat" and p.path == repeat), None)
    title = asked.title(holder, outer) if holder else asked.title(page)
    return f"{title} {'.'.join(map(str, outer))}"


def _ask(request: HttpRequest, draft: Draft, asked: Questionnaire, here: Step, entry: Entry) -> HttpResponse:
    paths = asked.asked_paths(here.page, entry)
    typed: dict[str, str] = {}
    errors: dict[str, str] = {}
    if request.method == "POST":
        if request.FILES and (held := rate(request, "upload", 60, HOUR)):
            return held
        every = [asked.path_in(here.page, path, entry) for path in here.page.fields]
        showed = shown_paths(request.POST, every)
        typed = {**asked.begun, **typed_answers(request, asked, showed)}
        locked = [path for path in showed if asked.is_readonly(path)]
        errors = _take_files(request, draft, asked, showed)
        draft = access.draft_of(request.user, request.session, draft.pk)  # with the files just attached
        asked = questionnaire_of(draft).with_answers(typed).with_counted_entries()
        typed = {**typed, **asked.begun}
        if not errors and ("later" in request.POST or "perbarui" in request.POST):
            drafts.save_answers(draft.pk, typed, now=timezone.now())
            if "later" in request.POST:
                return redirect("cases:draft_saved", draft.pk)
            return redirect(f"{request.get_full_path()}#{_fragment(request)}")
        paths = asked.asked_paths(here.page, entry)
        errors = asked.errors_at(p for p in showed if p in paths) | errors
        if not errors:
            drafts.save_answers(draft.pk, typed, now=timezone.now())
            opened = [path for path in locked if path in paths and not asked.is_readonly(path)]
            if opened or set(paths) - set(showed):
                messages.info(request, _("Karena jawaban Anda, ada pertanyaan tambahan di halaman ini."))
                return redirect(request.get_full_path())
            return redirect(_next(request, asked, draft, here, entry))
        paths = [p for p in paths if p in showed]
    elif "periksa" in request.GET:
        errors = asked.errors_at(paths)
    fields = asked.shown(
        paths, typed, errors, asks=len(here.page.fields) == 1 and here.page.kind == "question"
    )
    title = asked.title(here.page, entry)
    context = _frame(draft, asked, here, entry) | {
        "heading": f"{title} {'.'.join(map(str, entry))}" if entry and entry != (1,) else title,
        "hint": asked.page_hint(here.page),
        "fields": fields,
        "own_heading": any(field.asks for field in fields),
        "errors": summary(fields),
        "uploads": any(field.kind == "file" for field in fields),
        "refreshes": any(field.refresh for field in fields),
        "shown_name": SHOWN,
    }
    return render(request, "cases/draft_page.html", context)


def _fragment(request: HttpRequest) -> str:
    """The element that the button pressed belongs to, so that the page opens there again."""
    return quote(request.POST.get("perbarui", "")[:200])


def _frame(draft: Draft, asked: Questionnaire, here: Step, entry: Entry = ()) -> dict[str, Any]:
    """What stands around every page: where one is, the way back, the service and whether it goes on."""
    before, _after_it = asked.neighbours(here)
    back = reverse("catalogue:service", args=[draft.version.service.slug])
    if entry and len(asked.entries(here.page)) > 1:
        back = reverse("cases:draft_page", args=[draft.pk, here.at]) + "?daftar=1"
    elif before is not None:
        back = reverse("cases:draft_page", args=[draft.pk, before.at])
    return {
        "draft": draft,
        "service": draft.version.service,
        "step": here,
        "steps": len(asked.steps) + 1,  # the review is the last one
        "back": back,
        "withdrawn": service_is_withdrawn(draft),
    }


def service_is_withdrawn(draft: Draft) -> bool:
    """Whether the service takes no new applications any more; those begun go on with their version."""
    service = draft.version.service
    return not (service.active and service.online)


def typed_answers(request: HttpRequest, asked: Asked, showed: list[str]) -> dict[str, str]:
    """What was typed into the questions that the page showed."""
    typed: dict[str, str] = {}
    for path in showed:
        field = asked.field(path)
        if field.kind not in (*UPLOADS, "note") and not asked.is_readonly(path):
            digits = asked.about.get(plain_path(path)) in DIGITS
            typed[path] = read_answer(field, request.POST, path, digits=digits)
    return typed


def _take_files(
    request: HttpRequest, draft: Draft, asked: Questionnaire, showed: list[str]
) -> dict[str, str]:
    """Attach what was uploaded; a good file stays even when another answer of the page does not fit."""
    errors: dict[str, str] = {}
    for path in showed:
        upload = request.FILES.get(path)
        if asked.field(path).kind in UPLOADS and isinstance(upload, UploadedFile):
            try:
                good = clean_upload(asked.field(path), upload)
                drafts.attach(draft.pk, path, good.upload, now=timezone.now(), drawn=good.drawn)
            except Refused as refused:
                errors[path] = str(refused)
    return errors


def _next(request: HttpRequest, asked: Questionnaire, draft: Draft, here: Step, entry: Entry) -> str:
    if not entry:
        return _after(request, asked, draft, here.at)
    (*outer, number) = entry
    if asked.counts_itself(here.page) and number < asked.count(here.page, tuple(outer)):
        following = reverse("cases:draft_repeat", args=[draft.pk, here.at, (*outer, number + 1)])
        return following + _mark(request, "?")
    return reverse("cases:draft_page", args=[draft.pk, here.at]) + f"?daftar=1{_mark(request, '&')}"


def _after(request: HttpRequest, asked: Questionnaire, draft: Draft, at: int) -> str:
    """The next page. Who came from the review goes back to it, by way of the pages that do not fit any more."""
    if FROM_REVIEW in request.GET:
        lacking = asked.first_open_step()
        if lacking is not None:
            page = reverse("cases:draft_page", args=[draft.pk, lacking.at])
            return f"{page}?periksa=1&{FROM_REVIEW}=1"
        return reverse("cases:draft_review", args=[draft.pk])
    following = asked.after(at)
    if following is None:
        return reverse("cases:draft_review", args=[draft.pk])
    return reverse("cases:draft_page", args=[draft.pk, following.at])


def _mark(request: HttpRequest, before: str) -> str:
    """Keeps in an address that somebody came from the review."""
    return f"{before}{FROM_REVIEW}=1" if FROM_REVIEW in request.GET else ""
