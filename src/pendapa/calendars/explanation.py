"""The way to a deadline told day by day, in Indonesian and English."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from pendapa.calendars.deadline import Kind, Step
from pendapa.calendars.pause import Pause

if TYPE_CHECKING:
    from pendapa.calendars.calendar import WorkCalendar

_WORDS = {
    "id": {
        "received": "diterima pukul {time}; hari penerimaan adalah hari ke-0",
        "received_late": "diterima pukul {time}, di luar jam layanan; dianggap diterima pada {day}",
        "received_late_same": "diterima pukul {time}, di luar jam layanan; hari penerimaan adalah hari ke-0",
        "counts_as_receipt": "dianggap diterima pada hari ini; hari ke-0",
        "working": "hari kerja ke-{number} dari {days}",
        "due_day_0": "jatuh tempo saat kantor tutup",
        "minutes": "{time} dihitung",
        "received_minutes": "diterima pukul {time}; {minutes} dihitung",
        "free": "libur: {reason}",
        "no_hours": "{weekday} bukan hari kerja",
        "pause": "waktu dihentikan",
        "pause_reason": "waktu dihentikan: {reason}",
        "partly": "; waktu sempat dihentikan",
        "duration": "{hours} jam {minutes} menit",
        "unlisted": (
            "Hari libur tahun {year} belum tercantum dalam kalender; "
            "jatuh tempo dapat bergeser setelah hari libur itu dicatat."
        ),
        "weekdays": "Senin Selasa Rabu Kamis Jumat Sabtu Minggu",
    },
    "en": {
        "received": "received at {time}; the day of receipt is day 0",
        "received_late": "received at {time}, outside office hours; counts as received on {day}",
        "received_late_same": "received at {time}, outside office hours; the day of receipt is day 0",
        "counts_as_receipt": "counts as received on this day; day 0",
        "working": "working day {number} of {days}",
        "due_day_0": "due when the office closes",
        "minutes": "{time} counted",
        "received_minutes": "received at {time}; {minutes} counted",
        "free": "free: {reason}",
        "no_hours": "{weekday} is not a working day",
        "pause": "the clock stands still",
        "pause_reason": "the clock stands still: {reason}",
        "partly": "; the clock stood still for a while",
        "duration": "{hours} h {minutes} min",
        "unlisted": (
            "No holidays of {year} are listed in the calendar; "
            "the due date may move once they have been added."
        ),
        "weekdays": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
    },
}


def working_days(
    calendar: WorkCalendar,
    start: datetime,
    days: int,
    pauses: tuple[Pause, ...],
    due: datetime | None,
    language: str,
) -> tuple[Step, ...]:
    """The steps of a deadline in working days."""
    words = _words(language)
    received, day_0 = start.astimezone(calendar.zone), calendar.receipt_day(start)
    late = all(closes <= received.time() for _, closes in calendar.hours_on(received.date()))
    steps: list[Step] = []
    number = 0
    for day in _days(calendar, start, pauses, due):
        if day == received.date():
            key = "received" if not late else "received_late_same" if day_0 == day else "received_late"
            steps.append(
                Step(day, "receipt", words[key].format(time=f"{received:%H:%M}", day=day_0.isoformat()))
            )
        elif not calendar.hours_on(day):
            steps.append(_free(calendar, day, words))
        elif day == day_0:
            steps.append(Step(day, "receipt", words["counts_as_receipt"]))
        elif (pause := _pause_at_closing(calendar, day, pauses)) is not None:
            steps.append(_paused(day, pause, words))
        elif days == 0:
            steps.append(Step(day, "working", words["due_day_0"]))
        else:
            number += 1
            note = words["working"].format(number=number, days=days)
            partly = words["partly"] if _paused_part(calendar, day, pauses) else ""
            steps.append(Step(day, "working", note + partly))
    return tuple(steps)


def working_minutes(
    calendar: WorkCalendar,
    start: datetime,
    minutes: int,
    pauses: tuple[Pause, ...],
    due: datetime | None,
    language: str,
) -> tuple[Step, ...]:
    """The steps of a deadline in working minutes."""
    words = _words(language)
    received = start.astimezone(calendar.zone)
    steps: list[Step] = []
    for day in _days(calendar, start, pauses, due):
        begins = max(start, _midnight(calendar, day))
        ends = _midnight(calendar, day + timedelta(days=1))
        if due is not None:
            ends = min(ends, due)
        used = calendar.open_time_between(begins, max(begins, ends), pauses)
        told = _duration(used, words)
        pause = _pause_at_closing(calendar, day, pauses)
        if day == received.date():
            note = words["received_minutes"].format(time=f"{received:%H:%M}", minutes=told)
            steps.append(Step(day, "receipt", note))
        elif not calendar.hours_on(day):
            steps.append(_free(calendar, day, words))
        elif not used and pause is not None:
            steps.append(_paused(day, pause, words))
        else:
            partly = words["partly"] if _paused_part(calendar, day, pauses) else ""
            steps.append(Step(day, "working", words["minutes"].format(time=told) + partly))
    return tuple(steps)


def unlisted_years(
    calendar: WorkCalendar, start: datetime, pauses: tuple[Pause, ...], due: datetime | None, language: str
) -> tuple[str, ...]:
    """A sentence for each local year from receipt to due whose holidays are not listed."""
    words = _words(language)
    first, last = _first_and_last(calendar, start, pauses, due)
    listed = calendar.listed_years
    years = range(first.year, last.year + 1)
    return tuple(words["unlisted"].format(year=year) for year in years if year not in listed)


def _words(language: str) -> dict[str, str]:
    if language not in _WORDS:
        raise ValueError(f'There is no language "{language}" for the steps; use "id" or "en".')
    return _WORDS[language]


def _days(
    calendar: WorkCalendar, start: datetime, pauses: tuple[Pause, ...], due: datetime | None
) -> Iterator[date]:
    """The local days from receipt to due; with an open pause to the day on which it began."""
    day, last = _first_and_last(calendar, start, pauses, due)
    while day <= last:
        yield day
        day += timedelta(days=1)


def _first_and_last(
    calendar: WorkCalendar, start: datetime, pauses: tuple[Pause, ...], due: datetime | None
) -> tuple[date, date]:
    first = start.astimezone(calendar.zone).date()
    if due is not None:
        return first, due.astimezone(calendar.zone).date()
    began = min(pause.starts for pause in pauses if pause.ends is None)
    return first, max(first, calendar.next_opening(began).astimezone(calendar.zone).date())


def _midnight(calendar: WorkCalendar, day: date) -> datetime:
    return datetime.combine(day, time(), calendar.zone).astimezone(UTC)


def _free(calendar: WorkCalendar, day: date, words: dict[str, str]) -> Step:
    reason = calendar.free_days.get(day)
    if reason is not None:
        return Step(day, "free", words["free"].format(reason=reason))
    return Step(day, "free", words["no_hours"].format(weekday=words["weekdays"].split()[day.weekday()]))


def _paused(day: date, pause: Pause, words: dict[str, str]) -> Step:
    kind: Kind = "pause"
    return Step(
        day, kind, words["pause_reason"].format(reason=pause.reason) if pause.reason else words["pause"]
    )


def _pause_at_closing(calendar: WorkCalendar, day: date, pauses: tuple[Pause, ...]) -> Pause | None:
    """The pause in which the office closes that day, if there is one."""
    hours = calendar.hours_on(day)
    if not hours:
        return None
    closing = datetime.combine(day, hours[-1][1], calendar.zone).astimezone(UTC)
    return next((p for p in pauses if p.starts < closing and (p.ends is None or closing <= p.ends)), None)


def _paused_part(calendar: WorkCalendar, day: date, pauses: tuple[Pause, ...]) -> bool:
    begins, ends = _midnight(calendar, day), _midnight(calendar, day + timedelta(days=1))
    return calendar.open_time_between(begins, ends, pauses) < calendar.open_time_between(begins, ends)


def _duration(length: timedelta, words: dict[str, str]) -> str:
    hours, minutes = divmod(length // timedelta(minutes=1), 60)
    return words["duration"].format(hours=hours, minutes=minutes)
