"""Objecting to a refusal, and going on within one's own period: a page that explains, and the button."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from pendapa.web.accounts.models import User
from pendapa.web.cases import objections
from pendapa.web.cases.models import Case
from pendapa.web.cases.refusals import Refused
from pendapa.web.cases.views_draft import HOUR, acting_citizen, open_begun
from pendapa.web.cases.views_track import open_case
from pendapa.web.limits import rate
from pendapa.web.shown import ShownField, errors_of
from pendapa.web.templatetags.pendapa import language


@require_http_methods(["GET", "HEAD", "POST"])
@open_case
def object_to(request: HttpRequest, case: Case) -> HttpResponse:
    """What an objection is, until when, and who decides; POST begins it, filled in from the refused application."""
    now = timezone.now()
    remedy = objections.remedy_of(case, now)
    if remedy is None:
        messages.info(request, _("Atas permohonan ini tidak ada penolakan yang dapat diajukan keberatan."))
        return redirect("cases:track", case.number)
    if request.method == "POST":
        if held := rate(request, "start-draft", 30, HOUR):
            return held
        user = request.user if isinstance(request.user, User) else None
        try:
            return open_begun(request, objections.begin_objection(case, user, now=now, language=language()))
        except Refused as refused:
            messages.warning(request, str(refused))
            return redirect("cases:track", case.number)
    return render(request, "cases/object_to.html", {"case": case, "remedy": remedy})


@require_http_methods(["GET", "HEAD", "POST"])
@open_case
def appeal(request: HttpRequest, case: Case) -> HttpResponse:
    """The applicant's next step within their own period, with the question that goes with it."""
    choice = objections.choice_of(case)
    if choice is None:
        messages.info(request, _("Permohonan ini sedang tidak menunggu pilihan Anda."))
        return redirect("cases:track", case.number)
    text, error = request.POST.get("alasan", "")[:5000], ""
    if request.method == "POST":
        try:
            objections.appeal(case.pk, text, now=timezone.now(), actor=acting_citizen(request))
        except Refused as refused:
            error = str(refused)
        else:
            messages.success(request, _("Kami terima. Hitungan waktu baru sudah dimulai."))
            return redirect("cases:track", case.number)
    field = ShownField("alasan", choice.asks, "multiline", value=text, error=error, max_length=5000)
    context = {"case": case, "choice": choice, "field": field, "errors": errors_of([field])}
    return render(request, "cases/appeal.html", context, status=422 if error else 200)
