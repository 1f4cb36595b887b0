"""After submitting: receipt, list of one's own, and following a case."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from pendapa.charts import draw
from pendapa.documents import ReceiptFacts, qr_svg, render_receipt
from pendapa.web.accounts.models import User
from pendapa.web.cases import access, keepsakes, uploads
from pendapa.web.cases.first_case import followers_of, link_of
from pendapa.web.cases.models import Attachment, Case, Draft
from pendapa.web.cases.objections import choice_of, remedy_of
from pendapa.web.cases.pages import Questionnaire
from pendapa.web.cases.promise import may_move, promise_of, promised_words
from pendapa.web.cases.refusals import NotYours
from pendapa.web.cases.secrets import shown as grouped
from pendapa.web.cases.timeline import journey, status_pill
from pendapa.web.cases.views_draft import HOUR, NO_FILE
from pendapa.web.catalogue.definitions import ready
from pendapa.web.events.models import Event
from pendapa.web.limits import rate
from pendapa.web.organisation.access import regency, zone
from pendapa.web.payments.pages import shown_bills
from pendapa.web.sealed import mask_name
from pendapa.web.signing.models import RECEIPT, Document
from pendapa.web.templatetags.pendapa import language, localised

PAGE = 20


def open_case(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give the view its applicant's case. Somebody not signed in is asked for number and code, whether or not there is
    such a case; anyone else finds nothing."""

    @wraps(view)
    def opened(request: HttpRequest, number: str, **kwargs: Any) -> HttpResponse:
        try:
            case = access.case_for_applicant(request.user, request.session, number)
        except NotYours as error:
            if request.user.is_authenticated:
                raise Http404 from error
            if request.method == "POST":
                messages.warning(
                    request,
                    _("Yang baru Anda kirim belum tersimpan, karena halaman ini terlalu lama terbuka."),
                )
            return redirect(f"{reverse('cases:track_lookup')}?{urlencode({'nomor': number})}")
        return view(request, case, **kwargs)

    return opened


# --- receipt ---------------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
@open_case
def receipt(request: HttpRequest, case: Case) -> HttpResponse:
    """What was received, and the secret code, which is shown here and nowhere else. POST puts the code away."""
    if request.method == "POST":
        keepsakes.forget_case_code(request.session, case.number)
        messages.success(request, _("Kode rahasia sudah disembunyikan dari perangkat ini."))
        return redirect("cases:track", case.number)
    code = keepsakes.case_code(request.session, case.number, timezone.now())
    context = {
        "case": case,
        "code": grouped(code),
        "promised": promised_words(case),
        "may_move": may_move(case),
        "address": tracking_address(case),
        "qr": mark_safe(qr_svg(tracking_address(case))),  # noqa: S308 - drawn by us from our own address
        "next_steps": next_steps(case),
        "has_account": case.applicant_id is not None,
        "limit": ready(case.version_id).definition.clock,
    }
    answer = render(request, "cases/receipt.html", context)
    answer["Cache-Control"] = "no-store"
    return answer


@require_safe
@open_case
def receipt_pdf(request: HttpRequest, case: Case) -> HttpResponse:
    """The receipt on paper; with the code for as long as this browser holds it."""
    facts = regency()
    code = keepsakes.case_code(request.session, case.number, timezone.now())
    pdf = render_receipt(
        ReceiptFacts(
            number=case.number,
            service=localised(case.service),
            applicant=mask_name(case.applicant_name),
            received_at=case.submitted_at.astimezone(zone()),
            promised=promised_words(case),
            tracking_url=tracking_address(case),
            issuer=localised(facts),
            agency=localised(case.agency),
            contact=case.agency.public_email or str(facts.get("contact_email", "")),
            secret=grouped(code),
            next_steps=tuple(next_steps(case)),
            language="en" if language() == "en" else "id",
            illustrative=bool(facts.get("illustrative")),
        )
    )
    return _download(pdf, f"{case.number}.pdf", "application/pdf")


def tracking_address(case: Case) -> str:
    """The full address where a case is followed."""
    return f"{settings.SITE_URL}{reverse('cases:track', args=[case.number])}"


def next_steps(case: Case) -> list[str]:
    """What happens after submitting, a sentence each."""
    made = ready(case.version_id)
    steps = [_("Petugas %(agency)s memeriksa permohonan Anda.") % {"agency": localised(case.agency)}]
    if case.applicant_email:
        steps.append(_("Kabar setiap perubahan kami kirim ke email Anda."))
    steps.append(
        _("Bila ada yang perlu diperbaiki, kami beri tahu apa dan di mana. Selama itu waktu tidak dihitung.")
    )
    if made.definition.mode == "handover":
        steps.append(_("Keputusan dibuat di %(system)s.") % {"system": made.definition.outside_system})
    else:
        steps.append(_("Setelah diputuskan, suratnya bisa Anda unduh dari halaman permohonan Anda."))
    return steps


# --- finding ---------------------------------------------------------------------------------------
@login_required
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """The applications of an account: unfinished ones, then those sent, newest first."""
    assert isinstance(request.user, User)
    cases = access.cases_of(request.user).order_by("-pk")
    after = request.GET.get("after", "")
    if after.isascii() and after.isdigit() and len(after) < 18:
        cases = cases.filter(pk__lt=int(after))
    rows = list(cases[: PAGE + 1])
    shown = [{"case": case, "pill": status_pill(case.status)} for case in rows[:PAGE]]
    context = {
        "drafts": [] if after else list(access.drafts_of(request.user)[:PAGE]),
        "cases": shown,
        "page": {"next": rows[PAGE - 1].pk if len(rows) > PAGE else "", "started": bool(after)},
    }
    return render(request, "cases/mine.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def track_lookup(request: HttpRequest) -> HttpResponse:
    """Find a case by its number and secret code."""
    number = request.POST.get("nomor", request.GET.get("nomor", "")).strip().upper()[:40]
    error = ""
    if request.method == "POST":
        if held := rate(request, "case-code", 10, 600) or rate(request, "case-code-of", 20, HOUR, number):
            return held
        try:
            case = access.case_by_code(number, request.POST.get("code", ""))
        except NotYours:
            error = _("Nomor dan kode ini tidak cocok. Periksa lagi tanda terima Anda, huruf demi huruf.")
        else:
            access.grant_case(request.session, case.pk)
            return redirect("cases:track", case.number)
    return render(request, "cases/track_lookup.html", {"number": number, "error": error})


# --- following -------------------------------------------------------------------------------------
@require_safe
@open_case
def track(request: HttpRequest, case: Case) -> HttpResponse:
    """Where a case stands, when it will be done, and what the applicant can do."""
    now = timezone.now()
    kind, word = status_pill(case.status)
    handover = case.handovers.exclude(outside_number="").order_by("-pk").first()
    context = {
        "case": case,
        "kind": kind,
        "word": word,
        "steps": journey(case),
        "promise": promise_of(case, now),
        "remedy": remedy_of(case, now),
        "choice": choice_of(case),
        "link": link_of(case),
        "followers": [(link, status_pill(link.case.status)) for link in followers_of(case)],
        # Receipts are shown with their bills.
        "documents": Document.objects.filter(case=case)
        .exclude(kind=RECEIPT)
        .select_related("entry")
        .order_by("-signed_at"),
        "bills": shown_bills(case),
        "outside_number": handover.outside_number if handover else "",
        "outside_system": ready(case.version_id).definition.outside_system,
        "signed_in": request.user.is_authenticated,
    }
    return render(request, "cases/track.html", context)


@require_safe
@open_case
def answers(request: HttpRequest, case: Case) -> HttpResponse:
    """The answers as they were sent."""
    return render(
        request,
        "cases/answers.html",
        {"case": case, "groups": answers_of(case).groups(file_url=file_address(case))},
    )


def answers_of(case: Case, now: datetime | None = None) -> Questionnaire:
    """A case's form with the answers sent; "today" is the day of submission unless `now` is given."""
    files = Attachment.objects.filter(case=case)
    return Questionnaire(ready(case.version_id), case.answers, language(), now or case.submitted_at, files)


def file_address(case: Case) -> str:
    """The address of a case's files, with the nil id in place of theirs."""
    return reverse("cases:attachment", args=[case.number, NO_FILE])


@require_safe
@open_case
def process_page(request: HttpRequest, case: Case) -> HttpResponse:
    """The drawing of the whole process, for who wants it."""
    return render(request, "cases/process.html", {"case": case})


@require_safe
@open_case
def process_drawing(request: HttpRequest, case: Case) -> HttpResponse:
    """The process with the present steps ringed and the done ones ticked, as SVG."""
    made = ready(case.version_id)
    at = set(case.tokens.values_list("element", flat=True))
    done = {
        event.data["element"]
        for event in Event.objects.filter(case=case, kind__in=["task.completed", "handover.sent"])
        if event.data.get("element") in made.process.elements
    }
    svg = draw(made.process_source, at=at, done=done - at, language=language())
    answer = HttpResponse(svg, content_type="image/svg+xml; charset=utf-8")
    answer["Cache-Control"] = "private, no-store"
    return answer


# --- files -----------------------------------------------------------------------------------------
@require_safe
@open_case
def attachment(request: HttpRequest, case: Case, attachment_id: uuid.UUID) -> HttpResponse:
    """A file of the application, as it is kept."""
    try:
        found = access.attachment_of_case(case, attachment_id)
    except NotYours as error:
        raise Http404 from error
    return send_attachment(found)


@require_safe
def draft_attachment(request: HttpRequest, draft_id: uuid.UUID, attachment_id: uuid.UUID) -> HttpResponse:
    """A file of an application not yet sent."""
    try:
        draft: Draft = access.draft_of(request.user, request.session, draft_id)
        found = access.attachment_of_draft(draft, attachment_id)
    except NotYours as error:
        raise Http404 from error
    return send_attachment(found)


def send_attachment(found: Attachment) -> HttpResponse:
    """A stored file as a download; never opened within our pages."""
    return _download(uploads.read_sealed(found.stored_as), found.name, found.content_type)


@require_safe
@open_case
def document(request: HttpRequest, case: Case, code: str) -> HttpResponse:
    """The signed document, for its applicant."""
    found = Document.objects.filter(case=case, code=code).first()
    if found is None:
        raise Http404
    return _download(
        uploads.read_sealed(found.stored_as), f"{case.number}-{found.code}.pdf", "application/pdf"
    )


def _download(content: bytes, name: str, content_type: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=content_type)
    # Django writes the name as RFC 6266 wants it, also where it has letters beyond ASCII.
    from django.utils.http import content_disposition_header

    answer["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer
