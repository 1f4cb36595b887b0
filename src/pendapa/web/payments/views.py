"""Telling of a payment as the applicant, and the open bills of who looks at the account."""

from __future__ import annotations

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from pendapa.web.accounts.models import User
from pendapa.web.cases import uploads
from pendapa.web.cases.models import Case
from pendapa.web.cases.refusals import Refused
from pendapa.web.cases.views_draft import HOUR, acting_citizen
from pendapa.web.cases.views_track import open_case
from pendapa.web.guards import officers_only
from pendapa.web.limits import rate
from pendapa.web.organisation.access import local_day, posts_of
from pendapa.web.payments import actions
from pendapa.web.payments.access import bills_to_collect, open_bill
from pendapa.web.payments.inputs import SLIP, proof_field, wanted_bills
from pendapa.web.payments.pages import shown_bill
from pendapa.web.shown import errors_of

PAGE = 20


@require_http_methods(["GET", "HEAD", "POST"])
@open_case
def proof(request: HttpRequest, case: Case) -> HttpResponse:
    """Say that the bill was paid, with a picture of the slip if there is one."""
    bill = open_bill(case)
    if bill is None or case.status != Case.Status.WAITING_PAYMENT:
        messages.info(request, _("Tidak ada tagihan yang menunggu pembayaran Anda."))
        return redirect("cases:track", case.number)
    error = ""
    if request.method == "POST":
        upload = request.FILES.get("bukti")
        if upload and (held := rate(request, "upload", 60, HOUR)):
            return held
        try:
            clean = uploads.clean(upload, SLIP) if isinstance(upload, UploadedFile) else None
        except Refused as refused:
            error = str(refused)
        else:
            try:
                actions.send_proof(case.pk, clean, now=timezone.now(), actor=acting_citizen(request))
                messages.success(request, _("Terima kasih. Petugas sekarang mencocokkan pembayaran Anda."))
            except Refused as refused:
                messages.info(request, str(refused))
            return redirect("cases:track", case.number)
    field = proof_field(error)
    context = {
        "case": case,
        "shown": shown_bill(bill),
        "field": field,
        "errors": errors_of([field]),
    }
    return render(request, "payments/proof.html", context, status=422 if error else 200)


@officers_only
@require_http_methods(["GET"])
def collect(request: HttpRequest) -> HttpResponse:
    """Open bills whose payment the person confirms; found by number or amount as the bank statement has them."""
    assert isinstance(request.user, User)
    posts = posts_of(request.user, local_day(timezone.now()))
    wanted = wanted_bills(request.GET)
    rows = list(wanted.among(bills_to_collect(posts))[: PAGE + 1])
    shown = [{"bill": bill, "shown": shown_bill(bill)} for bill in rows[:PAGE]]
    context = {"rows": shown, "wanted": wanted, "more": len(rows) > PAGE}
    return render(request, "payments/collect.html", context)


@officers_only
@require_http_methods(["POST"])
def money_found(request: HttpRequest, pk: int) -> HttpResponse:
    """Open the confirmation of a bill whose money was found on the account."""
    assert isinstance(request.user, User)
    try:
        task = actions.find_money(pk, request.user, now=timezone.now())
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("payments:collect")
    return redirect("cases:task", pk=task.pk)
