"""The public page that says whether a document is genuine, by its code or by the file."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from pendapa.web.cases.refusals import Refused
from pendapa.web.limits import rate
from pendapa.web.payments.pages import receipt_facts
from pendapa.web.sealed import mask_name
from pendapa.web.shown import ShownError, ShownFact
from pendapa.web.signing import access
from pendapa.web.signing.inputs import pdf_of
from pendapa.web.signing.models import RECEIPT, Document
from pendapa.web.templatetags.pendapa import localised, long_date, long_moment

_CODES, _FILES, _WINDOW = (
    40,
    15,
    600,
)  # per address in ten minutes; checking a file costs much more than a code


@require_http_methods(["GET", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Ask by code or by file."""
    if request.method != "POST":
        return _form(request)
    if request.POST.get("cara") == "berkas":
        if (busy := rate(request, "verify-file", _FILES, _WINDOW)) is not None:
            return busy
        try:
            found = access.verify_file(pdf_of(request), timezone.now())
        except Refused as refused:
            return _form(request, ShownError(str(refused), "f-berkas"))
        return _answer(request, found, by_file=True)
    code = access.plain_code(request.POST.get("kode", ""))
    if not code:
        return _form(request, ShownError(_("Isi kode dokumen, atau pilih berkas PDF-nya."), "f-kode"))
    return redirect("signing:verify_code", code=code)


def _form(request: HttpRequest, error: ShownError | None = None) -> HttpResponse:
    errors = [error] if error else []
    return render(request, "signing/verify.html", {"errors": errors}, status=422 if error else 200)


@require_http_methods(["GET"])
def verify_code(request: HttpRequest, code: str) -> HttpResponse:
    """What the QR code of a letter leads to."""
    if (busy := rate(request, "verify-code", _CODES, _WINDOW)) is not None:
        return busy
    return _answer(request, access.verify_code(code), by_file=False)


def _answer(request: HttpRequest, found: access.Verified, *, by_file: bool) -> HttpResponse:
    document = found.document
    return render(
        request,
        "signing/verified.html",
        {
            "verdict": found.verdict,
            "document": document,
            "facts": _facts(document) if document else [],
            "by_file": by_file,
        },
    )


def _facts(document: Document) -> list[ShownFact]:
    """What anybody may know: no name of an officer, and the applicant's behind a mask."""
    facts = [
        ShownFact(_("Dokumen"), document.title),
        ShownFact(_("Nomor"), document.entry.number),
        ShownFact(_("Tanggal"), long_date(document.signed_at)),
        ShownFact(_("Ditandatangani oleh"), document.signer_title),
        ShownFact(_("Instansi"), localised(document.entry.agency)),
        ShownFact(_("Untuk"), mask_name(document.case.applicant_name)),
    ]
    if document.kind == RECEIPT:
        facts += receipt_facts(document)
    if document.status == Document.Status.REVOKED:
        facts.append(ShownFact(_("Dicabut"), long_moment(document.revoked_at)))
        facts.append(ShownFact(_("Alasan"), document.revoke_reason))
    return facts
