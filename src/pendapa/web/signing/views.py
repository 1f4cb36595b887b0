"""Pages of the one who signs: the tray, a letter, the result; the register; documents."""

from __future__ import annotations

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
from pendapa.web.cases import dossier, inbox, related, uploads
from pendapa.web.cases.actions import Decision, complete_task
from pendapa.web.cases.models import Note, Task
from pendapa.web.cases.refusals import Refused
from pendapa.web.catalogue.definitions import ready
from pendapa.web.events.actions import log_reading
from pendapa.web.guards import not_yours_is_404, officers_only
from pendapa.web.limits import rate
from pendapa.web.organisation.access import acting, local_day, posts_of
from pendapa.web.shown import ShownError, ShownFact, ShownField, ShownFilter
from pendapa.web.signing import access, actions
from pendapa.web.signing.inputs import signing_of
from pendapa.web.signing.models import Document, RegisterEntry
from pendapa.web.templatetags.pendapa import localised, long_moment

_RESULTS = "signing_results"
_TRIES, _WINDOW = (
    12,
    600,
)  # signings (each takes a number, whatever becomes of it) a person may try in ten minutes


def _me(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def _passphrase(error: str = "") -> ShownField:
    hint = _("Frasa sandi sertifikat Anda, bukan kata sandi untuk masuk.")
    return ShownField(
        "frasa", _("Frasa sandi tanda tangan"), "password", hint=hint, error=error, autocomplete="off"
    )


@officers_only
@require_http_methods(["GET"])
def tray(request: HttpRequest) -> HttpResponse:
    """Letters that wait for this person's signature."""
    return _tray(request)


def _tray(request: HttpRequest, trouble: str = "", status: int = 200) -> HttpResponse:
    now, user = timezone.now(), _me(request)
    posts = posts_of(user, local_day(now))
    after = inbox.place_of(request.GET.get("after", ""))
    found = list(access.tray_of(posts, after, most=inbox.ROWS + 1))
    titles = {post.position.pk: post for post in posts}
    chosen = request.POST.getlist("surat")
    rows = []
    for task in found[: inbox.ROWS]:
        letter = actions.letter_of_task(task, now=now)
        rows.append(
            {
                "task": task,
                "title": letter.title,
                "due": inbox.due_in_words(task.due_at, now),
                "read": actions.was_read(task, user, letter),
                "post": titles[task.position_id],
                "chosen": str(task.pk) in chosen,
            }
        )
    last = found[inbox.ROWS - 1] if len(found) > inbox.ROWS else None
    return render(
        request,
        "signing/tray.html",
        {
            "rows": rows,
            "any_read": any(row["read"] for row in rows),
            "posts": [post for post in posts if post.position.signs],
            "passphrase": _passphrase(),
            "errors": [ShownError(trouble, "f-frasa")] if trouble else [],
            "next": inbox.key_of(last.pk, last.due_at) if last else "",
            "started": after is not None,
        },
        status=status,
    )


@officers_only
@require_http_methods(["GET"])
def letter(request: HttpRequest, pk: int) -> HttpResponse:
    """One letter: what it decides, on which findings, and the letter itself to be read."""
    return _letter(request, pk)


def _letter(
    request: HttpRequest, pk: int, wrong: dict[str, str] | None = None, status: int = 200
) -> HttpResponse:
    now, user, wrong = timezone.now(), _me(request), wrong or {}
    task, post = access.signing_task(user, pk, local_day(now))
    case, made = task.case, ready(task.case.version_id)
    facts = [
        ShownFact(_("Permohonan"), case.number),
        ShownFact(pgettext("satu", "Layanan"), localised(case.service)),
        ShownFact(_("Diterima"), long_moment(case.submitted_at)),
        ShownFact(_("Ditandatangani sebagai"), post.title_id),
    ]
    if post.decree:
        facts.append(ShownFact(_("Berdasarkan keputusan"), post.decree))
    is_open = task.status == Task.Status.OPEN
    the_letter = actions.letter_of_task(task, now=now) if is_open else None
    reader = acting(user, posts_of(user, local_day(now)), post.position.pk)
    if is_open:
        log_reading(case.pk, now=now, actor=reader, what="letter")
    context: dict[str, Any] = {
        "task": task,
        "case": case,
        "heading": the_letter.title if the_letter else dossier.task_title(made, task.element),
        "due": inbox.due_in_words(task.due_at, now),
        "facts": facts,
        "read": the_letter is not None and actions.was_read(task, user, the_letter),
        "is_open": is_open,
        "may_send_back": "send_back" in made.definition.tasks[task.element].outcomes,
        "findings": dossier.findings(case, now=now, clear=is_open),
        "groups": dossier.answer_groups(made, case, clear=is_open, now=now),
        "first": related.first_case_of(case, clear=is_open, now=now, reader=reader),
        "statements": related.statements_of(case, clear=is_open),
        "notes": Note.objects.filter(case=case).select_related("author", "position"),
        "passphrase": _passphrase(wrong.get("frasa", "")),
        "message": ShownField(
            "pesan",
            _("Mengapa dikembalikan"),
            "multiline",
            value=request.POST.get("pesan", ""),
            error=wrong.get("pesan", ""),
        ),
        "errors": [ShownError(text, f"f-{name}" if name else "") for name, text in wrong.items()],
    }
    return render(request, "signing/letter.html", context, status=status)


@officers_only
@require_http_methods(["GET"])
def letter_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The letter as it would be signed, without number; that it was opened is written down."""
    pdf = actions.read_letter(pk, _me(request), now=timezone.now())
    return _pdf(pdf, "pratinjau.pdf", inline=True)


def _pdf(content: bytes, name: str, *, inline: bool = False) -> HttpResponse:
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={
            "Content-Disposition": content_disposition_header(not inline, name) or "attachment",
            "Cache-Control": "private, no-store",
            "X-Content-Type-Options": "nosniff",
        },
    )


@officers_only
@require_http_methods(["GET", "POST"])
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign one letter."""
    if request.method != "POST":
        return redirect("signing:letter", pk=pk)
    user, now = _me(request), timezone.now()
    access.signing_task(user, pk, local_day(now))
    if (busy := rate(request, "sign", _TRIES, _WINDOW, key=str(user.pk))) is not None:
        return busy
    try:
        signing = signing_of(request, pk)
        document = actions.sign_task(pk, user, signing.passphrase, now=now)
    except Refused as refused:
        return _letter(request, pk, {"frasa": str(refused)}, 422)
    return _told(request, [[pk, document.code, ""]])


@officers_only
@require_http_methods(["GET", "POST"])
def sign_many(request: HttpRequest) -> HttpResponse:
    """Sign the ticked letters with one passphrase; each is told of on the result page."""
    if request.method != "POST":
        return redirect("signing:tray")
    user, now = _me(request), timezone.now()
    if (busy := rate(request, "sign", _TRIES, _WINDOW, key=str(user.pk))) is not None:
        return busy
    try:
        signing = signing_of(request)
    except Refused as refused:
        return _tray(request, str(refused), 422)
    results = actions.sign_many(signing.tasks, user, signing.passphrase, now=now)
    return _told(request, [[r.task_id, r.document.code if r.document else "", r.trouble] for r in results])


def _told(request: HttpRequest, results: list[list[Any]]) -> HttpResponse:
    request.session[_RESULTS] = results
    return redirect("signing:results")


@officers_only
@require_http_methods(["GET"])
def results(request: HttpRequest) -> HttpResponse:
    """What became of each letter of the last signing in this session."""
    told = request.session.get(_RESULTS)
    if not told:
        return redirect("signing:tray")
    user, now = _me(request), timezone.now()
    documents = {
        d.code: d
        for d in Document.objects.filter(
            code__in=[code for _pk, code, _t in told if code], signer=user
        ).select_related("entry", "case")
    }
    held = {post.position.pk for post in posts_of(user, local_day(now))}
    tasks = {
        t.pk: t
        for t in Task.objects.filter(pk__in=[pk for pk, _c, _t in told], position_id__in=held).select_related(
            "case"
        )
    }
    rows = [
        {"document": documents.get(code), "task": tasks.get(pk), "trouble": trouble}
        for pk, code, trouble in told
    ]
    return render(
        request,
        "signing/results.html",
        {
            "rows": rows,
            "signed": sum(1 for row in rows if row["document"]),
            "failed": sum(1 for row in rows if row["trouble"]),
        },
    )


@officers_only
@require_http_methods(["GET", "POST"])
def send_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a letter back to the officer before, with the reason."""
    if request.method != "POST":
        return redirect("signing:letter", pk=pk)
    user, now = _me(request), timezone.now()
    access.signing_task(user, pk, local_day(now))
    try:
        case = complete_task(
            pk, user, Decision("send_back", message=request.POST.get("pesan", "").strip()), {}, now=now
        )
    except Refused as refused:
        return _letter(request, pk, {"pesan": str(refused)}, 422)
    messages.success(
        request, _("Permohonan %(number)s dikembalikan ke rekan Anda.") % {"number": case.number}
    )
    return redirect("signing:tray")


# --- register and documents ------------------------------------------------------------------------
@officers_only
@require_http_methods(["GET"])
def register(request: HttpRequest) -> HttpResponse:
    """The number register of the person's agencies; void and revoked numbers stay in it with their reason."""
    user, now = _me(request), timezone.now()
    rows = access.register_of(posts_of(user, local_day(now)))
    state, after = request.GET.get("saring", ""), request.GET.get("after", "")
    if state in RegisterEntry.Status.values:
        rows = rows.filter(status=state)
    if after.isascii() and after.isdigit() and len(after) < 19:
        rows = rows.filter(pk__lt=int(after))
    found = list(rows[: inbox.ROWS + 1])
    words = {
        "": _("Semua"),
        "issued": _("Terbit"),
        "void": _("Nomor batal"),
        "revoked": _("Dicabut"),
        "reserved": _("Sedang dipakai"),
    }
    kinds = {"issued": "good", "void": "quiet", "revoked": "bad", "reserved": "warn"}
    return render(
        request,
        "signing/register.html",
        {
            "rows": [(row, kinds[row.status], words[row.status]) for row in found[: inbox.ROWS]],
            "next": found[inbox.ROWS - 1].pk if len(found) > inbox.ROWS else "",
            "started": bool(after),
            "filters": [
                ShownFilter(word, f"?saring={value}" if value else "?", None, state == value)
                for value, word in words.items()
            ],
        },
    )


@officers_only
@require_http_methods(["GET"])
def document(request: HttpRequest, code: str) -> HttpResponse:
    """A signed document as officers of its agencies see it."""
    return _document(request, code)


def _document(request: HttpRequest, code: str, trouble: str = "", status: int = 200) -> HttpResponse:
    user, today = _me(request), local_day(timezone.now())
    found = access.document_for_officer(user, code, today)
    return render(
        request,
        "signing/document.html",
        {
            "document": found,
            "facts": [
                ShownFact(_("Nomor"), found.entry.number),
                ShownFact(_("Permohonan"), found.case.number),
                ShownFact(_("Ditandatangani"), long_moment(found.signed_at)),
                ShownFact(_("Oleh"), f"{found.signer_name}, {found.signer_title}"),
                ShownFact(_("Kode dokumen"), found.code),
            ],
            "may_revoke": access.may_revoke(user, found, today),
            "reason": ShownField(
                "alasan",
                _("Alasan pencabutan"),
                "multiline",
                hint=_("Terbaca oleh siapa pun yang memeriksa dokumen ini. Jangan tulis data pribadi."),
                value=request.POST.get("alasan", ""),
                error=trouble,
                max_length=500,
            ),
            "errors": [ShownError(trouble, "f-alasan")] if trouble else [],
        },
        status=status,
    )


@officers_only
@require_http_methods(["GET", "POST"])
def revoke(request: HttpRequest, code: str) -> HttpResponse:
    """Withdraw a document in force."""
    if request.method != "POST":
        return redirect("signing:document", code=code)
    user, now = _me(request), timezone.now()
    found = access.document_for_officer(user, code, local_day(now))
    try:
        actions.revoke(found.pk, user, request.POST.get("alasan", ""), now=now)
    except Refused as refused:
        return _document(request, code, str(refused), 422)
    messages.success(request, _("Dokumen dicabut. Siapa pun yang memeriksanya sekarang membaca alasannya."))
    return redirect("signing:document", code=code)


@not_yours_is_404
@require_http_methods(["GET"])
def document_pdf(request: HttpRequest, code: str) -> HttpResponse:
    """The signed file, for its applicant and for officers of its agencies; an officer's opening is written down."""
    now = timezone.now()
    found = access.document_for_reader(request.user, request.session, code, local_day(now))
    content = uploads.read_sealed(found.stored_as)
    user = request.user
    if isinstance(user, User) and user.kind == User.Kind.OFFICER:
        log_reading(
            found.case_id, now=now, actor=acting(user, posts_of(user, local_day(now))), what="document"
        )
    return _pdf(content, f"{found.code}.pdf")
