"""The officer's lists: the inbox, and the outbox of cases that another government decides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from pendapa.web.accounts.models import User
from pendapa.web.cases import inbox
from pendapa.web.cases.access import case_for_officer, handovers_of
from pendapa.web.cases.dossier import task_title
from pendapa.web.cases.handovers import send_again
from pendapa.web.cases.inputs_officer import wanted_in_inbox
from pendapa.web.cases.models import Handover, Task
from pendapa.web.cases.refusals import NotYours, Refused
from pendapa.web.catalogue.definitions import ready
from pendapa.web.catalogue.models import Service
from pendapa.web.guards import officers_only
from pendapa.web.organisation.access import local_day, posts_of
from pendapa.web.organisation.models import District
from pendapa.web.payments.access import collects
from pendapa.web.shown import ShownError, ShownFilter
from pendapa.web.templatetags.pendapa import localised


@dataclass(frozen=True)
class Row:
    """One line of the inbox."""

    task: Task
    title: str
    due: inbox.Due
    climbed: bool
    holder: str
    url: str
    action: str


@officers_only
@require_http_methods(["GET", "POST"])
def show_inbox(request: HttpRequest) -> HttpResponse:
    """Open tasks of the person's positions. A search is posted, so that no NIK ever stands in an address."""
    user = request.user
    assert isinstance(user, User)
    if request.method == "POST":
        return _search(request)
    now = timezone.now()
    posts = posts_of(user, local_day(now))
    wanted = wanted_in_inbox(request.GET)
    page = inbox.page_of(posts, wanted, now=now)
    held = {post.position.pk for post in posts}
    context: dict[str, Any] = {
        "posts": posts,
        "rows": [_row(task, held, user, now) for task in page.tasks],
        "page": page,
        "started": wanted.after is not None,
        "filters": _filters(request, wanted, {} if wanted.narrowed else inbox.counts_of(posts, now=now)),
        "services": Service.objects.filter(current__isnull=False, mode__in=["own", "handover"]).order_by(
            "name_id"
        ),
        "districts": District.objects.all(),
        "wanted": wanted,
        "number": request.GET.get("nomor", ""),
        "collects": collects(posts),
        "by_person": bool(request.GET.get("orang")),
        "elsewhere": _elsewhere(user, request.GET.get("nomor", ""), page, now),
    }
    return render(request, "cases/officer/inbox.html", context)


def _search(request: HttpRequest) -> HttpResponse:
    text = request.POST.get("cari", "").strip()
    address = reverse("cases:inbox")
    if not text:
        return redirect(address)
    index = inbox.nik_index(text)
    if index is not None:
        return redirect(f"{address}?{urlencode({'orang': index.hex()})}")
    if any(c.isdigit() for c in text) and len(text) <= 40:
        return redirect(f"{address}?{urlencode({'nomor': text.upper()})}")
    user, now = request.user, timezone.now()
    assert isinstance(user, User)
    error = _(
        "Cari dengan nomor permohonan, misalnya SIP-2026-000123, atau NIK 16 angka. "
        "Nama disimpan terenkripsi, jadi tidak bisa dicari."
    )
    context = {
        "posts": posts_of(user, local_day(now)),
        "rows": [],
        "errors": [ShownError(error, "f-cari")],
        "typed": text,
        "page": inbox.Page(),
        "wanted": inbox.Wanted(cases=()),
    }
    return render(request, "cases/officer/inbox.html", context, status=422)


def _elsewhere(user: User, number: str, page: inbox.Page, now: Any) -> str:
    """The address of a case that was searched by number and is no task here, if the person may see it."""
    if not number or page.tasks:
        return ""
    try:
        case = case_for_officer(user, number, local_day(now))
    except NotYours:
        return ""
    return reverse("cases:officer_case", args=[case.number])


def _row(task: Task, held: set[int], user: User, now: Any) -> Row:
    climbed = task.position_id not in held
    holder, action = "", _("Ambil")
    if task.kind == Task.Kind.SIGN and not climbed:
        url, action = reverse("signing:letter", args=[task.pk]), _("Baca surat")
    else:
        url = reverse("cases:task", args=[task.pk])
        if task.claimed_by_id == user.pk:
            action = _("Kerjakan")
        elif task.claimed_by is not None:
            holder, action = task.claimed_by.name, _("Lihat")
        elif task.kind == Task.Kind.SIGN:
            action = _("Lihat")
    return Row(
        task=task,
        title=task_title(ready(task.case.version_id), task.element),
        due=inbox.due_in_words(task.due_at, now),
        climbed=climbed,
        holder=holder,
        url=url,
        action=action,
    )


def _filters(request: HttpRequest, wanted: inbox.Wanted, counts: dict[str, str]) -> list[ShownFilter]:
    words = {
        inbox.ALL: _("Semua"),
        inbox.LATE: _("Terlambat"),
        inbox.TODAY: _("Hari ini"),
        inbox.UNCLAIMED: _("Belum diambil"),
        inbox.RETURNED: _("Dikembalikan"),
    }
    found = []
    for view, word in words.items():
        query = request.GET.copy()
        query.pop("after", None)
        query["saring"] = view
        found.append(ShownFilter(word, f"?{query.urlencode()}", counts.get(view), wanted.view == view))
    return found


# --- the outbox ------------------------------------------------------------------------------------
@officers_only
@require_http_methods(["GET"])
def outbox(request: HttpRequest) -> HttpResponse:
    """Handovers of the person's agencies to outside systems, newest first, by keyset."""
    user, now = request.user, timezone.now()
    assert isinstance(user, User)
    rows = handovers_of(posts_of(user, local_day(now)))
    state = request.GET.get("saring", "")
    if state in Handover.Status.values:
        rows = rows.filter(status=state)
    after = request.GET.get("after", "")
    if after.isascii() and after.isdigit() and len(after) < 19:
        rows = rows.filter(pk__lt=int(after))
    found = list(rows[: inbox.ROWS + 1])
    words = [("", _("Semua"))] + [(s.value, str(_state(s)[1])) for s in Handover.Status]
    filters = []
    for value, word in words:
        url = f"?{urlencode({'saring': value})}" if value else reverse("cases:outbox")
        filters.append(ShownFilter(word, url, None, state == value))
    return render(
        request,
        "cases/officer/outbox.html",
        {
            "rows": [
                (
                    row,
                    *_state(Handover.Status(row.status)),
                    outside_word(row.outside_status),
                    localised(row.case.service),
                )
                for row in found[: inbox.ROWS]
            ],
            "next": found[inbox.ROWS - 1].pk if len(found) > inbox.ROWS else "",
            "started": bool(after),
            "filters": filters,
        },
    )


def outside_word(answer: str) -> str:
    """What an outside system decided, in words; an answer it does not know stays as it came."""
    return {
        "done": _("Dikabulkan"),
        "rejected": _("Ditolak"),
        "incomplete": _("Dinyatakan belum lengkap"),
    }.get(answer, answer)


def _state(state: Handover.Status) -> tuple[str, str]:
    return {
        Handover.Status.WAITING: ("warn", _("Menunggu dikirim")),
        Handover.Status.SENT: ("info", _("Terkirim, menunggu jawaban")),
        Handover.Status.ANSWERED: ("good", _("Sudah dijawab")),
        Handover.Status.FAILED: ("bad", _("Gagal, perlu ditangani")),
    }[state]


@officers_only
@require_http_methods(["GET", "POST"])
def message_resend(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a failed handover in the queue once more."""
    if request.method == "POST":
        user = request.user
        assert isinstance(user, User)
        try:
            send_again(pk, user, now=timezone.now())
            messages.success(request, _("Kiriman dimasukkan lagi ke antrean."))
        except Refused as refused:
            messages.error(request, str(refused))
    return redirect("cases:outbox")
