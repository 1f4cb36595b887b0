"""Applying: begin, page by page, save for later, come back, check, and submit once."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from pendapa.web.accounts.models import User
from pendapa.web.cases import access, drafts, keepsakes
from pendapa.web.cases.models import Attachment, Draft
from pendapa.web.cases.pages import Questionnaire
from pendapa.web.cases.refusals import NotYours, Refused
from pendapa.web.cases.retention import UNFINISHED_FOR
from pendapa.web.cases.secrets import shown as grouped
from pendapa.web.catalogue.definitions import ready
from pendapa.web.catalogue.models import Service
from pendapa.web.events.chain import Actor
from pendapa.web.limits import rate
from pendapa.web.templatetags.pendapa import language

HOUR = 60 * 60
NO_FILE = str(uuid.UUID(int=0))


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
