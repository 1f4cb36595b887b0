"""The administrator's pages. Everybody else gets the page of what does not exist."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages as notes
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext_lazy, pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from pendapa.web.accounts import actions as accounts
from pendapa.web.accounts.models import User
from pendapa.web.cases import moving
from pendapa.web.cases.refusals import Refused
from pendapa.web.events.kinds import KINDS
from pendapa.web.events.models import Event
from pendapa.web.guards import administrators_only
from pendapa.web.notifications.models import Message
from pendapa.web.organisation import actions, administration
from pendapa.web.organisation.access import local_day
from pendapa.web.organisation.inputs import EndForm, InvitationForm, PlacementForm, key_of
from pendapa.web.organisation.models import Position
from pendapa.web.shown import ShownFilter
from pendapa.web.templatetags.pendapa import localised


def me(request: HttpRequest) -> User:
    """The administrator who asks."""
    assert isinstance(request.user, User)
    return request.user


# --- what is published -----------------------------------------------------------------------------
COUNTS = {
    "agencies": ngettext_lazy("%(count)d instansi", "%(count)d instansi", "count"),
    "positions": ngettext_lazy("%(count)d jabatan", "%(count)d jabatan", "count"),
    "people": ngettext_lazy("%(count)d orang", "%(count)d orang", "count"),
    "districts": ngettext_lazy("%(count)d kecamatan", "%(count)d kecamatan", "count"),
    "villages": ngettext_lazy("%(count)d desa dan kelurahan", "%(count)d desa dan kelurahan", "count"),
    "holidays": ngettext_lazy("%(count)d hari libur", "%(count)d hari libur", "count"),
    "office_hours": ngettext_lazy("%(count)d jam kerja", "%(count)d jam kerja", "count"),
    "services": ngettext_lazy("%(count)d layanan", "%(count)d layanan", "count"),
    "online_services": ngettext_lazy("%(count)d layanan daring", "%(count)d layanan daring", "count"),
}


@administrators_only
@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """What is published, the report of the last load, and what needs a look."""
    published = administration.publications(me(request))
    waiting, failed = administration.waiting_and_failed()
    moves, moved = administration.moved_promises(me(request), published[0]) if published else ([], 0)
    return render(
        request,
        "organisation/overview.html",
        {
            "publications": published,
            "last": published[0] if published else None,
            "counts": [
                COUNTS[name] % {"count": number} if name in COUNTS else f"{number} {name}"
                for name, number in (published[0].report["summary"] if published else {}).items()
            ],
            "services": administration.services(me(request)),
            "waiting": waiting,
            "failed": failed,
            "seal": administration.last_seal(),
            "moves": moves,
            "moved": moved,
        },
    )


@administrators_only
@require_GET
def service_versions(request: HttpRequest, slug: str) -> HttpResponse:
    """Each version of a service: when, by which load, what changed, how many cases run on it."""
    service, rows = administration.versions_of(me(request), slug)
    runs = moving.runs_of(me(request), service)
    return render(
        request, "organisation/service_versions.html", {"service": service, "rows": rows, "runs": runs}
    )


# --- people ----------------------------------------------------------------------------------------
@administrators_only
@require_GET
def people(request: HttpRequest) -> HttpResponse:
    """Officers and administrators."""
    query = request.GET.get("q", "").strip()[:80]
    page = administration.people(
        me(request), local_day(timezone.now()), query, key_of(request.GET.get("after", ""))
    )
    return render(request, "organisation/people.html", {"page": page, "query": query})


def _placements(person: User, placements: list[Any]) -> list[dict[str, Any]]:
    from datetime import timedelta

    today = local_day(timezone.now())
    rows = []
    for placement in placements:
        upper = placement.period.upper
        state = (
            "coming" if placement.period.lower > today else "now" if not upper or upper > today else "over"
        )
        rows.append(
            {
                "placement": placement,
                "first": placement.period.lower,
                "last": upper - timedelta(days=1) if upper else None,
                "state": state,
            }
        )
    return rows


@administrators_only
@require_GET
def person(request: HttpRequest, user_id: int) -> HttpResponse:
    """One person: account and placements."""
    found, placements = administration.person(me(request), user_id)
    return render(
        request,
        "organisation/person.html",
        {"person": found, "rows": _placements(found, placements), "me": found.pk == me(request).pk},
    )


@administrators_only
@require_http_methods(["GET", "POST"])
def place(request: HttpRequest, user_id: int) -> HttpResponse:
    """Place a person in a position."""
    found, _old = administration.person(me(request), user_id)
    form = PlacementForm(request.POST or None, initial={"starts": local_day(timezone.now())})
    if request.method == "POST" and form.is_valid():
        try:
            _tell(request, _place(request, found, form.cleaned_data))
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            notes.success(request, _("Penempatan disimpan."))
            return redirect("organisation:person", found.pk)
    return render(request, "organisation/place.html", {"form": form, "person": found})


def _place(request: HttpRequest, found: User, given: dict[str, Any]) -> actions.Placed:
    position: Position = given["position"]
    return actions.place(
        found.pk, position.pk, given["kind"] or "definitive", given["starts"], given["ends"], given["decree"],
        me(request), now=timezone.now(),
    )  # fmt: skip


def _tell(request: HttpRequest, placed: actions.Placed) -> None:
    for warning in placed.warnings:
        notes.warning(request, warning)


@administrators_only
@require_http_methods(["GET", "POST"])
def invite(request: HttpRequest) -> HttpResponse:
    """Invite an officer or administrator, if wanted straight into a position."""
    form = InvitationForm(request.POST or None, initial={"starts": local_day(timezone.now())})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            with transaction.atomic():  # no account is left behind when its placement is refused
                found = accounts.invite_person(
                    given["name"], given["email"], given["person_kind"], me(request), now=timezone.now()
                )
                if given["position"]:
                    _tell(request, _place(request, found, given))
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            notes.success(request, _("Undangan ditulis dan segera dikirim. Tautannya berlaku tiga hari."))
            return redirect("organisation:person", found.pk)
    return render(request, "organisation/invite.html", {"form": form})


def _do(request: HttpRequest, user_id: int, act: Callable[..., Any], done: str) -> HttpResponse:
    try:
        act(user_id, me(request), now=timezone.now())
    except Refused as refused:
        notes.error(request, str(refused))
    else:
        notes.success(request, done)
    return redirect("organisation:person", user_id)


@administrators_only
@require_POST
def invite_again(request: HttpRequest, user_id: int) -> HttpResponse:
    """Send a fresh link."""
    return _do(request, user_id, accounts.invite_again, _("Undangan dikirim lagi dengan tautan yang baru."))


@administrators_only
@require_http_methods(["GET", "POST"])
def suspend(request: HttpRequest, user_id: int) -> HttpResponse:
    """Ask, then shut a person out."""
    found, _placements = administration.person(me(request), user_id)
    if request.method == "GET":
        return render(request, "organisation/suspend.html", {"person": found})
    return _do(
        request, user_id, accounts.suspend, _("Akun ditangguhkan; orangnya langsung keluar dari situs.")
    )


@administrators_only
@require_POST
def restore(request: HttpRequest, user_id: int) -> HttpResponse:
    """Let a person in again."""
    administration.person(me(request), user_id)
    return _do(request, user_id, accounts.restore, _("Akun dipulihkan."))


@administrators_only
@require_http_methods(["GET", "POST"])
def end_placement(request: HttpRequest, placement_id: int) -> HttpResponse:
    """Ask for the last day, then end a placement."""
    placement = administration.placement(me(request), placement_id)
    form = EndForm(request.POST or None, initial={"last_day": local_day(timezone.now())})
    if request.method == "POST" and form.is_valid():
        try:
            actions.end_placement(
                placement_id, form.cleaned_data["last_day"], me(request), now=timezone.now()
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            notes.success(request, _("Akhir penempatan disimpan."))
            return redirect("organisation:person", placement.user_id)
    (row,) = _placements(placement.user, [placement])
    return render(request, "organisation/end_placement.html", {"form": form, **row})


# --- messages and events ---------------------------------------------------------------------------
MESSAGE_WORDS = {
    "received": _lazy("Tanda terima"),
    "returned": _lazy("Perlu diperbaiki"),
    "resubmitted": _lazy("Perbaikan diterima"),
    "withdrawn": _lazy("Permohonan dibatalkan"),
    "issued": _lazy("Dokumen jadi"),
    "revoked": _lazy("Surat dicabut"),
    "ended": _lazy("Permohonan selesai"),
    "invited": _lazy("Undangan petugas"),
}


@administrators_only
@require_GET
def messages(request: HttpRequest) -> HttpResponse:
    """What became of the messages to people."""
    status = request.GET.get("status", "")
    page = administration.messages(me(request), status, key_of(request.GET.get("after", "")))
    words = [("", _("Semua")), ("waiting", _("Menunggu")), ("sent", _("Terkirim")), ("failed", _("Gagal"))]
    return render(
        request,
        "organisation/messages.html",
        {
            "page": page,
            "rows": [(m, MESSAGE_WORDS.get(m.template, m.template)) for m in page.rows],
            "filters": [ShownFilter(w, f"?status={s}" if s else "?", chosen=s == status) for s, w in words],
            "Status": Message.Status,
        },
    )


@administrators_only
@require_POST
def resend(request: HttpRequest, message_id: int) -> HttpResponse:
    """Put a message in the queue once more."""
    actions.resend_message(message_id, me(request), now=timezone.now())
    notes.success(request, _("Pesan masuk antrean lagi."))
    return redirect("organisation:messages")


@dataclass(frozen=True)
class EventRow:
    """An event as an auditor reads it."""

    event: Event
    sentence: str
    who: str
    about: str

    @property
    def fingerprint(self) -> str:
        """The first digits of its link in the case's chain."""
        return bytes(self.event.hash or b"").hex()[:12]


@administrators_only
@require_GET
def events(request: HttpRequest) -> HttpResponse:
    """The log of everything, newest first."""
    group = request.GET.get("tentang", "")
    page = administration.events(me(request), group, key_of(request.GET.get("after", "")))
    subjects = [event.data.get("person") for event in page.rows]
    names = administration.officers_by_key([*(str(e.actor) for e in page.rows if e.actor), *subjects])
    titles = {
        p.code: localised(p, "title")
        for p in Position.objects.filter(code__in={e.actor_position for e in page.rows})
    }
    words = [
        ("", _("Semua")),
        ("berkas", pgettext("semua", "Permohonan")),
        ("dokumen", _("Dokumen")),
        ("orang", _("Orang")),
        ("kabupaten", _("Kabupaten")),
    ]
    rows = [
        EventRow(
            event,
            str(KINDS[event.kind].sentence) if event.kind in KINDS else event.kind,
            _who(event, titles, names),
            names.get(str(event.data.get("person")), ""),
        )
        for event in page.rows
    ]
    filters = [ShownFilter(w, f"?tentang={g}" if g else "?", chosen=g == group) for g, w in words]
    return render(request, "organisation/events.html", {"page": page, "rows": rows, "filters": filters})


def _who(event: Event, titles: dict[str, str], names: dict[str, str]) -> str:
    if event.actor_position:
        return titles.get(event.actor_position, event.actor_position)
    if event.actor is not None:
        return names.get(str(event.actor), "") or _("Pemohon")
    return {"system": _("Sistem"), "command": _("Perintah di server")}.get(
        event.channel, _("Pemohon tanpa akun")
    )
