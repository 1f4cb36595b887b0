"""The administrator moves running cases to the present version of their service, and takes that back."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from pendapa.processes import Element
from pendapa.web.cases import moving
from pendapa.web.cases.move_rows import MovedCase, MoveRun
from pendapa.web.cases.moving_words import told, told_json
from pendapa.web.cases.refusals import Refused
from pendapa.web.catalogue.definitions import ready
from pendapa.web.guards import administrators_only
from pendapa.web.organisation.views import me
from pendapa.web.shown import PillKind

MOST_LISTED = 200
_WORKED_AT = (
    "user",
    "manual",
    "receive",
    "message",
    "timer",
    "signal",
    "service",
    "send",
    "rule",
    "subprocess",
    "call",
)
_NONE = "-"


@dataclass(frozen=True)
class Step:
    """A row of the map: an old step, what may continue it, what was chosen and how sure the proposal is."""

    id: str
    name: str
    options: list[tuple[str, str]]
    chosen: str
    sure: str


@dataclass(frozen=True)
class Judged:
    """A row of the table of verdicts."""

    number: str
    kind: PillKind
    word: str
    sentences: list[str]


@administrators_only
@require_http_methods(["GET", "POST"])
def propose(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The proposed map with selects; looking what would happen, and beginning, are its two buttons."""
    admin = me(request)
    found = moving.offer(admin, slug, number, {})
    proposed = {match.old: match.new for match in found.way.node_map.matches}
    errors: list[dict[str, str]] = []
    context: dict[str, Any] = {}
    if request.method == "POST":
        given = _given(request, proposed)
        try:
            chosen = moving.offer(admin, slug, number, given)
            if request.POST.get("do") == "start":
                run = moving.start_run(admin, slug, number, given, now=timezone.now())
                return redirect("organisation:move", run.pk)
            found = chosen
            context = _verdicts(*moving.try_out(found))
        except Refused as refused:
            errors = [{"message": str(refused)}]
    steps = _steps(found, proposed)
    context |= {
        "offer": found,
        "steps": [step for step in steps if step.id in _waiting(found)],
        "others": [step for step in steps if step.id not in _waiting(found)],
        "errors": errors,
        "none": _NONE,
    }
    return render(request, "organisation/propose_move.html", context, status=422 if errors else 200)


def _given(request: HttpRequest, proposed: dict[str, str | None]) -> dict[str, str | None]:
    """What differs from the proposal."""
    given: dict[str, str | None] = {}
    for old, new in proposed.items():
        chosen = request.POST.get(f"ke-{old}", new or _NONE)
        if chosen != (new or _NONE):
            given[old] = None if chosen == _NONE else chosen
    return given


def _waiting(found: moving.Offer) -> set[str]:
    elements = ready(found.before.pk).process.elements
    return {id_ for id_, element in elements.items() if element.kind in _WORKED_AT}


def _steps(found: moving.Offer, proposed: dict[str, str | None]) -> list[Step]:
    old, new = ready(found.before.pk).process.elements, ready(found.after.pk).process.elements
    how = {match.old: match.how for match in found.way.node_map.matches}
    to = found.way.node_map.to
    words = {
        "id": _("kode sama"),
        "name": _("nama sama"),
        "place": _("kira-kira, dari tempatnya"),
        "given": _("pilihan Anda"),
        "none": _("belum ada lanjutannya"),
    }
    people = ("user", "manual")
    return [
        Step(
            id_,
            element.name,
            [
                (other.id, _named(other))
                for other in new.values()
                if other.kind == element.kind or (other.kind in people and element.kind in people)
            ],
            to.get(id_, _NONE),
            words[how[id_]],
        )
        for id_, element in old.items()
    ]


def _named(element: Element) -> str:
    return f"{element.name} ({element.id})" if element.name else element.id


def _verdicts(tried: list[moving.Tried], more: bool) -> dict[str, Any]:
    refused = sum(1 for case in tried if case.reasons)
    reasons = Counter(reason.kind for case in tried for reason in {r.kind: r for r in case.reasons}.values())
    samples = {reason.kind: told(reason) for case in reversed(tried) for reason in case.reasons}
    rows = [
        Judged(
            case.number,
            "bad" if case.reasons else "warn" if case.warnings else "good",
            _("Tidak bisa") if case.reasons else _("Bisa"),
            [told(reason) for reason in (*case.reasons, *case.warnings)],
        )
        for case in tried[:MOST_LISTED]
    ]
    return {
        "tried": True,
        "possible": len(tried) - refused,
        "refused": refused,
        "reasons": [(samples[kind], many) for kind, many in reasons.most_common()],
        "rows": rows,
        "more": more or len(tried) > MOST_LISTED,
        "looked_at": len(tried),
        "cut": more,
    }


@administrators_only
@require_GET
def progress(request: HttpRequest, run_id: int) -> HttpResponse:
    """How far a run is, and what became of its cases."""
    run = moving.run_of(me(request), run_id)
    done = run.total - run.left
    return render(
        request,
        "organisation/move.html",
        {
            "run": run,
            "done": done,
            "counts": [(word, run.counts[status]) for status, word in _statuses() if run.counts.get(status)],
            "rows": [_row(row) for row in moving.cases_of(me(request), run, MOST_LISTED)],
            "more": run.total > MOST_LISTED,
            "may_undo": bool(run.finished_at and run.counts.get("moved")),
        },
    )


def _statuses() -> list[tuple[str, str]]:
    return [
        ("waiting", _("menunggu giliran")),
        ("moved", _("sudah dipindahkan")),
        ("refused", _("tidak bisa dipindahkan")),
        ("failed", _("gagal")),
        ("undoing", _("menunggu dikembalikan")),
        ("undone", _("sudah dikembalikan")),
        ("kept", _("tidak bisa dikembalikan")),
    ]


_PILLS: dict[str, PillKind] = {
    "moved": "good",
    "undone": "good",
    "refused": "warn",
    "kept": "warn",
    "failed": "bad",
    "waiting": "quiet",
    "undoing": "quiet",
}


def _pill_words() -> dict[str, str]:
    return {
        "waiting": _("Menunggu"),
        "moved": _("Pindah"),
        "refused": _("Tidak bisa"),
        "failed": _("Gagal"),
        "undoing": _("Menunggu"),
        "undone": _("Kembali"),
        "kept": _("Tetap"),
    }


def _row(row: MovedCase) -> Judged:
    sentences = told_json(row.reasons or (row.warnings if row.status == "moved" else []))
    return Judged(row.case.number, _PILLS[row.status], _pill_words()[row.status], sentences)


@administrators_only
@require_http_methods(["GET", "POST"])
def undo(request: HttpRequest, run_id: int) -> HttpResponse:
    """Ask, then begin to put the moved cases back."""
    run: MoveRun = moving.run_of(me(request), run_id)
    if request.method == "GET":
        return render(
            request, "organisation/undo_move.html", {"run": run, "many": run.counts.get("moved", 0)}
        )
    try:
        moving.undo_run(me(request), run_id, now=timezone.now())
    except Refused as refused:
        notes.error(request, str(refused))
    else:
        many = run.counts.get("moved", 0)
        notes.success(
            request,
            ngettext(
                "%(many)d permohonan mulai dikembalikan.", "%(many)d permohonan mulai dikembalikan.", many
            )
            % {"many": many},
        )
    return redirect("organisation:move", run.pk)
