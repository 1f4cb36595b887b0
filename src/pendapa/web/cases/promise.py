"""When a case will be done: due day, working time used, and why days did not count."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from pendapa.calendars import Deadline, Step, WorkCalendar
from pendapa.calendars import Pause as ClockPause
from pendapa.web.cases.clock import as_pauses, clock_of
from pendapa.web.cases.models import Case, Pause
from pendapa.web.catalogue.definitions import ready
from pendapa.web.organisation.access import calendar_of, local_day
from pendapa.web.shown import ShownFact
from pendapa.web.templatetags.pendapa import language, long_date, short_date, working_days, working_time


@dataclass(frozen=True)
class Promise:
    """The panel "Kapan selesai?": facts, what to know besides, and the count day by day."""

    facts: tuple[ShownFact, ...]
    notes: tuple[str, ...]
    days: tuple[Step, ...]
    late: bool


def promise_of(case: Case, now: datetime) -> Promise:
    """Count a case's time by today's calendar, as its clock does."""
    since, clock = clock_of(case, ready(case.version_id).definition)
    calendar = calendar_of(case.agency.code)
    rows = [row for row in case.pauses.all() if row.ends_at is None or row.ends_at > since]
    pauses = as_pauses(rows)
    counted = _deadline(calendar, since, clock.value, clock.unit, pauses)
    until = case.ended_at or now
    late = counted.due is not None and counted.due < until
    open_pause = next((row for row in rows if row.ends_at is None), None) if case.is_open else None
    facts: list[ShownFact] = []
    if case.ended_at is not None:
        facts.append(ShownFact(_("Selesai"), long_date(case.ended_at)))
    if counted.due is not None:
        facts.append(ShownFact(_("Paling lambat"), long_date(counted.due)))
    elif open_pause is not None:
        facts.append(
            ShownFact(
                _("Paling lambat"),
                _("Dihitung lagi setelah %(what)s") % {"what": _awaited(open_pause.reason)},
            )
        )
    if since != case.submitted_at:
        facts.append(ShownFact(_("Dihitung sejak"), long_date(since)))
    facts.append(ShownFact(_("Terpakai"), _used(calendar, since, until, clock.value, clock.unit, pauses)))
    if holidays := _holidays(calendar, since, counted, until):
        facts.append(ShownFact(_("Libur"), holidays))
    facts += [ShownFact(_("Waktu berhenti"), _stood_still(row)) for row in rows]
    notes = _notes(case, late, open_pause, bool(counted.steps))
    if counted.due is not None and (moving := may_move(case)):
        notes.append(moving)
    return Promise(tuple(facts), tuple(notes), counted.steps, late)


def promised_words(case: Case) -> str:
    """The promise for a receipt: the time limit and the day it ends."""
    limit = working_time(clock_of(case, ready(case.version_id).definition)[1])
    if case.due_at is None:
        return limit
    return _("%(limit)s, paling lambat %(day)s") % {"limit": limit, "day": long_date(case.due_at)}


def may_move(case: Case) -> str:
    """A sentence when holidays that are not known yet may move the promise of an open case; else nothing."""
    if case.due_at is None or not case.is_open:
        return ""
    listed = calendar_of(case.agency.code).listed_years
    years = range(local_day(case.submitted_at).year, local_day(case.due_at).year + 1)
    unknown = [str(year) for year in years if year not in listed]
    if not unknown:
        return ""
    return _("Tanggal ini bisa bergeser: hari libur tahun %(years)s belum semuanya diketahui.") % {
        "years": ", ".join(unknown)
    }


def _deadline(
    calendar: WorkCalendar, start: datetime, value: int, unit: str, pauses: tuple[ClockPause, ...]
) -> Deadline:
    if unit == "working_hour":
        return calendar.add_working_minutes(start, value * 60, pauses, language())
    return calendar.add_working_days(start, value, pauses, language())


def _used(
    calendar: WorkCalendar,
    start: datetime,
    until: datetime,
    value: int,
    unit: str,
    pauses: tuple[ClockPause, ...],
) -> str:
    until = max(start, until)
    if unit == "working_hour":
        used = calendar.working_minutes_between(start, until, pauses) // 60
        return _("%(used)d dari %(promised)s") % {
            "used": used,
            "promised": working_time({"value": value, "unit": unit}),
        }
    used = calendar.working_days_between(start, until, pauses)
    return _("%(used)d dari %(promised)s") % {"used": used, "promised": working_days(value)}


def _notes(case: Case, late: bool, pause: Pause | None, has_days: bool) -> list[str]:
    notes: list[str] = []
    if late and case.is_open:
        notes.append(_("Kami terlambat dari janji. Atasan petugas ikut memantau permohonan Anda."))
    elif late:
        notes.append(_("Selesai lewat dari janji."))
    if pause is not None:
        notes.append(
            {
                "applicant": _(
                    "Waktu berhenti dihitung sejak kami meminta perbaikan, dan berjalan lagi begitu Anda mengirimnya."
                ),
                "own_period": _(
                    "Waktu kami sudah selesai. Bila Anda melanjutkan, hitungan waktu baru dimulai hari itu."
                ),
                "outside": _("Waktu berhenti dihitung selama instansi lain yang memutuskan belum menjawab."),
                "payment": _("Waktu berhenti dihitung sampai pembayaran Anda kami terima."),
            }[pause.reason]
        )
    if has_days and case.is_open:
        notes.append(_("Hari Anda mengirim belum dihitung. Sabtu, Minggu dan hari libur tidak dihitung."))
    return notes


def _awaited(reason: str) -> str:
    return {
        "applicant": _("perbaikan Anda diterima"),
        "own_period": _("Anda melanjutkan"),
        "outside": _("jawaban instansi lain diterima"),
        "payment": _("pembayaran Anda diterima"),
    }[reason]


def _stood_still(row: Pause) -> str:
    why = {
        "applicant": _("menunggu perbaikan Anda"),
        "own_period": _("menunggu pilihan Anda"),
        "outside": _("menunggu jawaban instansi lain"),
        "payment": _("menunggu pembayaran"),
    }[row.reason]
    if row.ends_at is None:
        return _("Sejak %(day)s, %(why)s") % {"day": short_date(row.starts_at), "why": why}
    return _("%(days)s, %(why)s") % {
        "days": days_in_words(local_day(row.starts_at), local_day(row.ends_at)),
        "why": why,
    }


def _holidays(calendar: WorkCalendar, start: datetime, counted: Deadline, until: datetime) -> str:
    """Days off with a name between receipt and due day, runs of them drawn together: '18–24 Maret 2026 (Nyepi)'."""
    last = local_day(counted.due or until)
    first = local_day(start)
    named = sorted(day for day in calendar.free_days if first < day <= last and calendar.free_days[day])
    runs: list[list[date]] = []
    for day in named:
        if runs and all(not calendar.hours_on(d) for d in _between(runs[-1][-1], day)):
            runs[-1].append(day)
        else:
            runs.append([day])
    parts = []
    for run in runs:
        names = list(dict.fromkeys(calendar.free_days[day] for day in run))
        parts.append(f"{days_in_words(run[0], run[-1])} ({', '.join(names)})")
    return "; ".join(parts)


def _between(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range(1, (last - first).days)]


def days_in_words(first: date, last: date) -> str:
    """'18–24 Maret 2026'; one day alone: '18 Maret 2026'."""
    if first == last:
        return short_date(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{short_date(last)}"
    return f"{short_date(first)} – {short_date(last)}"
