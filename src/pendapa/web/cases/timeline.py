"""The journey of a case for its applicant: what was done, what goes on, what comes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _

from pendapa.processes import Process
from pendapa.regency.definition import ServiceDefinition
from pendapa.web.cases.models import Case, Handover, Task, TokenRow
from pendapa.web.catalogue.definitions import Ready, ready
from pendapa.web.events.models import Event
from pendapa.web.shown import PillKind, ShownStep
from pendapa.web.templatetags.pendapa import localised, long_moment, rupiah, short_date

GOOD_ENDS = ("issued", "handed_over")
_STOPPED = ("refused", "closed", "withdrawn")


def status_pill(status: str) -> tuple[PillKind, str]:
    """Colour and word of a case's status."""
    words: dict[str, tuple[PillKind, str]] = {
        Case.Status.IN_PROGRESS: ("info", _("Sedang dikerjakan")),
        Case.Status.WAITING_APPLICANT: ("warn", _("Menunggu perbaikan Anda")),
        Case.Status.WAITING_PAYMENT: ("warn", _("Menunggu pembayaran Anda")),
        Case.Status.WAITING_OUTSIDE: ("info", _("Menunggu jawaban instansi lain")),
        Case.Status.OWN_PERIOD: ("warn", _("Menunggu pilihan Anda")),
        Case.Status.GRANTED: ("good", _("Dikabulkan")),
        Case.Status.ISSUED: ("good", _("Sudah terbit")),
        Case.Status.REFUSED: ("bad", _("Ditolak")),
        Case.Status.DEEMED: ("good", _("Dianggap dikabulkan")),
        Case.Status.HANDED_OVER: ("good", _("Selesai")),
        Case.Status.CLOSED: ("quiet", _("Ditutup")),
        Case.Status.WITHDRAWN: ("quiet", _("Dibatalkan")),
        Case.Status.STUCK: ("warn", _("Tertahan, sedang kami tangani")),
    }
    return words[status]


def journey(case: Case) -> list[ShownStep]:
    """The steps of a case in order: done ones from its events, the present ones ringed, the coming ones foreseen."""
    made = ready(case.version_id)
    events = list(Event.objects.filter(case=case).order_by("seq"))
    said = {h.element: h.outside_note for h in Handover.objects.filter(case=case) if h.outside_note}
    # What was done under an earlier version is told in that version's words.
    steps = [
        step
        for event in events
        if (step := _done(ready(event.service_version_id or case.version_id).definition, event, said))
        is not None
    ]
    if not case.is_open:
        return steps
    tokens = [t for t in TokenRow.objects.filter(case=case) if t.waiting != "join"]
    since = dict(Task.objects.filter(case=case, status="open").values_list("instance", "opened_at"))
    steps += [
        _present(made.definition, element, since.get(token.instance))
        for token in tokens
        for element in _places(made.definition, token)
    ]
    return steps + _coming(made, [token.element for token in tokens])


# --- done ------------------------------------------------------------------------------------------
def _done(definition: ServiceDefinition, event: Event, said: Mapping[str, str]) -> ShownStep | None:
    """What an event says to the applicant; None for what is told by another event, or concerns only the office."""
    data: Mapping[str, Any] = event.data
    title, text, state = "", "", "done"
    if event.kind == "application.received" and "objection" in data:
        title = _("Dibuka untuk putusan baru")
        text = _("Karena keberatan %(number)s dikabulkan.") % {"number": data["objection"]}
    elif event.kind == "application.received":
        title = _("Permohonan diterima")
    elif event.kind == "case.objection_lodged":
        title, text = _("Anda mengajukan keberatan"), _("Nomor: %(number)s") % {"number": data["objection"]}
    elif event.kind == "case.objection_decided":
        title = _("Keberatan %(number)s selesai") % {"number": data["objection"]}
        text = status_pill(str(data.get("outcome")))[1]
    elif event.kind == "case.decided_anew":
        title, text = _("Dibuka untuk putusan baru"), _("Nomor: %(number)s") % {"number": data["case"]}
    elif event.kind == "case.went_on":
        title = localised(definition.waits[data["element"]], "action")
    elif event.kind == "task.completed":
        binding = definition.tasks[data["element"]]
        if (
            data.get("result") == "return"
            or binding.payment is not None
            or (binding.kind == "sign" and data.get("result") == "accept")
        ):
            return None
        title = sentence(localised(binding, "public"))
        if data.get("result") == "send_back":
            text = _("Diperiksa sekali lagi sebelum diputuskan.")
    elif event.kind == "case.returned":
        title, text = (
            _("Kami minta Anda memperbaiki permohonan"),
            _("Waktu berhenti dihitung sampai Anda mengirim perbaikan."),
        )
    elif event.kind == "case.resubmitted":
        title = _("Perbaikan Anda kami terima")
    elif event.kind == "handover.sent":
        title = sentence(localised(definition.effects[data["element"]], "public"))
        text = _("Nomor di sana: %(number)s") % {"number": data.get("outside_number", "-")}
    elif event.kind == "handover.answered" and data.get("element") in said:
        title, text = _("Jawaban dari instansi yang memutuskan"), said[data["element"]]
    elif event.kind == "timer.fired" and data.get("element") in definition.timers:
        if definition.timers[data["element"]].due == "bill":
            return None  # told by the bill
        title = sentence(localised(definition.timers[data["element"]], "public"))
    elif event.kind == "document.issued":
        title, text = (
            _("Surat ditandatangani"),
            _("Nomor surat: %(number)s") % {"number": data.get("number", "-")},
        )
    elif event.kind in _OF_BILLS:
        title, text = _of_bill(event, definition)
    elif event.kind == "document.revoked":
        title, state = _("Surat dicabut"), "stopped"
    elif event.kind == "case.migrated":
        title, text = (
            _("Permohonan dilanjutkan dengan aturan layanan yang diperbarui"),
            _("Jawaban Anda tetap seperti yang Anda kirim."),
        )
    elif event.kind == "case.migration_undone":
        title, text = (
            _("Permohonan dilanjutkan dengan aturan layanan semula"),
            _("Jawaban Anda tetap seperti yang Anda kirim."),
        )
    elif event.kind == "clock.recomputed":
        title, text = _("Perkiraan selesai dihitung ulang"), _("Ada perubahan hari libur.")
    elif event.kind == "case.ended":
        outcome = str(data.get("outcome", ""))
        end = definition.ends.get(str(data.get("end", "")))
        if outcome == Case.Status.WITHDRAWN:
            title = _("Anda membatalkan permohonan")
        else:
            title = sentence(localised(end, "public")) if end else _("Permohonan selesai")
        state = "stopped" if outcome in _STOPPED else "done"
    if not title:
        return None
    return ShownStep(title, state, text, long_moment(event.occurred_at))  # type: ignore[arg-type]


_OF_BILLS = frozenset(
    ("bill.issued", "bill.proof_sent", "bill.not_found", "bill.part_paid", "bill.paid", "bill.expired")
)


def _of_bill(event: Event, definition: ServiceDefinition) -> tuple[str, str]:
    data: Mapping[str, Any] = event.data
    number = _("Nomor tagihan: %(number)s") % {"number": data.get("number", "-")}
    terms = next((effect.bill for effect in definition.effects.values() if effect.bill is not None), None)
    note = localised(terms, "note") if terms is not None else ""
    return {
        "bill.issued": lambda: (
            _("Tagihan %(amount)s terbit") % {"amount": rupiah(data.get("amount"))},
            ". ".join(
                part for part in (number, note, _("Waktu berhenti dihitung sampai Anda membayar.")) if part
            ),
        ),
        "bill.proof_sent": lambda: (_("Anda memberi tahu sudah membayar"), number),
        "bill.not_found": lambda: (_("Pembayaran Anda belum kami temukan"), number),
        "bill.part_paid": lambda: (
            _("Pembayaran %(amount)s kami terima") % {"amount": rupiah(data.get("amount"))},
            _("Masih kurang %(rest)s.") % {"rest": rupiah(data.get("rest"))},
        ),
        "bill.paid": lambda: (
            _("Pembayaran %(amount)s kami terima, tagihan lunas") % {"amount": rupiah(data.get("amount"))},
            number,
        ),
        "bill.expired": lambda: (_("Tagihan lewat batas waktunya"), number),
    }[event.kind]()


# --- now -------------------------------------------------------------------------------------------
def _places(definition: ServiceDefinition, token: TokenRow) -> list[str]:
    """Where a token stands; behind an event-based gateway that is at each of the messages it waits for."""
    if token.waiting != "event":
        return [token.element]
    return [element for element in token.detail.get("catches", {}) if element in definition.waits]


def _present(definition: ServiceDefinition, element: str, since: datetime | None) -> ShownStep:
    words = localised(_binding(definition, element), "public")
    wait = definition.waits.get(element)
    waits_for_applicant = wait is not None and wait.pause in ("applicant", "payment", "own_period")
    when = _("Berjalan sejak %(day)s") % {"day": short_date(since)} if since else ""
    return ShownStep(sentence(words), "paused" if waits_for_applicant else "now", when=when)


def _binding(definition: ServiceDefinition, element: str) -> Any:
    for table in (definition.tasks, definition.waits, definition.effects, definition.timers):
        if element in table:
            return table[element]
    return None


def sentence(words: str) -> str:
    """A definition's sentence as a title: without its full stop, when it is one sentence."""
    return words.removesuffix(".") if words.count(".") == 1 else words


# --- coming ----------------------------------------------------------------------------------------
def _coming(made: Ready, present: list[str]) -> list[ShownStep]:
    foreseen = main_way(made, tuple(sorted(present)))
    if foreseen is None:
        return [ShownStep(_("Anda mendapat kabar tentang keputusannya"), "coming")]
    steps: list[ShownStep] = []
    for element in foreseen:
        end = made.definition.ends.get(element)
        if end is not None:
            # The definition's words for an end say that it has come.
            issued = end.outcome == "issued"
            title = _("Surat terbit") if issued else _("Selesai")
            text = (
                _("Anda mendapat kabar dan bisa mengunduhnya di sini.")
                if issued
                else _("Hasilnya kami sampaikan di halaman ini.")
            )
            steps.append(ShownStep(title, "coming", text))
        elif words := localised(_binding(made.definition, element), "public"):
            steps.append(ShownStep(sentence(words), "coming"))
    return list(dict.fromkeys(steps))


def main_way(made: Ready, present: tuple[str, ...]) -> tuple[str, ...] | None:
    """Elements ahead on the shortest way to an end where the applicant gets what was asked for, with every branch
    of a parallel split. None when another end is nearer from some present element: then it is not foretold.
    """
    return _main_way(made.version_id, present)


@lru_cache(maxsize=2048)
def _main_way(version_id: int, present: tuple[str, ...]) -> tuple[str, ...] | None:
    made = ready(version_id)
    ends = made.definition.ends
    corrections = {e for e, wait in made.definition.waits.items() if wait.pause == "applicant"}
    good = _distances(made.process, {e for e, end in ends.items() if end.outcome in GOOD_ENDS}, corrections)
    other = _distances(
        made.process, {e for e, end in ends.items() if end.outcome not in GOOD_ENDS}, corrections
    )
    ahead: dict[str, int] = {}
    for element in present:
        if element not in good or other.get(element, len(made.process.elements)) < good[element]:
            return None
        _walk(made.process, element, good, ahead)
    later = {e: steps for e, steps in ahead.items() if e not in present}
    order = {element: at for at, element in enumerate(made.process.elements)}
    return tuple(sorted(later, key=lambda e: (-later[e], order[e])))


def _walk(process: Process, element: str, distance: Mapping[str, int], ahead: dict[str, int]) -> None:
    if element in ahead:
        return
    ahead[element] = distance[element]
    targets = [flow.target for flow in process.elements[element].outgoing if flow.target in distance]
    if targets and process.elements[element].kind != "parallel":
        targets = [min(targets, key=lambda target: distance[target])]
    for target in targets:
        _walk(process, target, distance, ahead)


def _distances(process: Process, ends: Iterable[str], corrections: set[str]) -> dict[str, int]:
    """Flows from each element to the nearest of `ends`, never through a wait for a correction (though from it)."""
    distance = dict.fromkeys(ends, 0)
    edge = list(distance)
    while edge:
        fresh: list[str] = []
        for element in process.elements.values():
            if element.id in distance:
                continue
            targets = [f.target for f in element.outgoing if f.target in edge and f.target not in corrections]
            if targets:
                fresh.append(element.id)
        for name in fresh:
            distance[name] = distance[edge[0]] + 1
        edge = fresh
    return distance
