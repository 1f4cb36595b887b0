"""Hand-worked cases around Lebaran 2026 and other clusters of free days.

March 2026: Mon 16 and Tue 17 work (Ramadan hours), Wed 18 shared leave, Thu 19 Nyepi, Fri 20 shared leave,
Sat 21 and Sun 22 Idul Fitri, Mon 23 and Tue 24 shared leave; Wed 25, Thu 26, Fri 27, Mon 30 and Tue 31 work.
"""

from __future__ import annotations

from datetime import UTC, date, timedelta

import pytest

from pendapa.calendars import CalendarRefused, NoWorkingTime, Pause, Week, WorkCalendar

from .offices import FREE_DAYS, RAMADAN, USUAL, USUAL_DAY, WIB, at, counter, office, span


def test_the_source_knows_lebaran_2026() -> None:
    """The dates the reasoning below stands on, as the package has them."""
    free = [day.day for day in sorted(FREE_DAYS) if (day.year, day.month) == (2026, 3)]
    assert free == [18, 19, 20, 21, 22, 23, 24]


DAYS = [
    # start, n, due, why
    ("2026-03-16 10:00", 1, "2026-03-17 15:00", "the next day; Ramadan closes at 15:00"),
    ("2026-03-16 10:00", 2, "2026-03-25 16:00", "18-20, 23, 24 free, 21-22 weekend; usual hours again"),
    ("2026-03-16 10:00", 4, "2026-03-27 16:30", "17, 25, 26, 27; Friday closes at 16:30"),
    ("2026-03-16 10:00", 5, "2026-03-30 16:00", "17, 25, 26, 27, then Monday"),
    ("2026-03-16 06:00", 1, "2026-03-17 15:00", "before opening: received that day"),
    ("2026-03-16 12:15", 1, "2026-03-17 15:00", "in the break: received that day, it opens again"),
    (
        "2026-03-15T23:30+00:00",
        1,
        "2026-03-17 15:00",
        "06:30 on Monday in Tegal, whatever the offset written",
    ),
    ("2026-03-17 14:59", 1, "2026-03-25 16:00", "one minute before closing: day 0 is the 17th"),
    ("2026-03-17 15:00", 1, "2026-03-26 16:00", "at closing it is closed: day 0 is the 25th"),
    ("2026-03-21 09:00", 1, "2026-03-26 16:00", "on Idul Fitri: day 0 is the 25th"),
    ("2026-03-28 09:00", 1, "2026-03-31 16:00", "on a Saturday: day 0 is Monday the 30th"),
    ("2026-03-27 16:15", 1, "2026-03-30 16:00", "Friday is still open at 16:15"),
    ("2026-03-16 10:00", 0, "2026-03-16 15:00", "0 days: by closing on the day of receipt"),
    ("2026-03-17 15:30", 0, "2026-03-25 16:00", "0 days after closing: the next closing is on the 25th"),
    ("2026-04-02 10:00", 1, "2026-04-06 16:00", "Fri 3 April is Good Friday"),
    ("2026-05-13 10:00", 1, "2026-05-18 16:00", "Thu 14 Ascension, Fri 15 shared leave"),
    (
        "2026-05-26 10:00",
        2,
        "2026-06-02 16:00",
        "27 Idul Adha, 28 leave, 29 counts, 1 June Pancasila, 2 June counts",
    ),
    ("2026-12-23 10:00", 1, "2026-12-28 16:00", "24 leave, 25 Christmas, weekend"),
    ("2026-12-23 10:00", 5, "2027-01-04 16:00", "28-31 are four; Fri 1 January is free"),
    (
        "2026-02-13 10:00",
        1,
        "2026-02-18 15:00",
        "16 leave, 17 Imlek; the 18th is the first day of the season",
    ),
]


@pytest.mark.parametrize(("start", "days", "due", "why"), DAYS)
def test_working_days(start: str, days: int, due: str, why: str) -> None:
    deadline = office().add_working_days(at(start), days)
    assert deadline.due == at(due), why
    assert deadline.due.tzinfo is UTC


@pytest.mark.parametrize(
    ("start", "due", "why"),
    [
        (
            "2026-03-21 09:00",
            "2026-03-25 16:00",
            "day 0 is the Saturday itself, the first working day after is day 1",
        ),
        ("2026-03-17 15:30", "2026-03-25 16:00", "after closing is still the 17th"),
        ("2026-03-16 10:00", "2026-03-17 15:00", "no difference within hours"),
    ],
)
def test_same_day_receipt(start: str, due: str, why: str) -> None:
    assert office("same_day").add_working_days(at(start), 1).due == at(due), why


@pytest.mark.parametrize(
    ("start", "days", "due", "why"),
    [
        ("2026-04-02 10:00", 1, "2026-04-04 14:00", "Good Friday is free, Saturday counts in a six-day unit"),
        ("2026-04-04 14:00", 1, "2026-04-07 14:00", "Saturday has closed, Sunday is free: day 0 is Monday"),
        ("2026-04-09 10:00", 1, "2026-04-10 11:30", "Friday closes at 11:30 there"),
    ],
)
def test_six_day_unit(start: str, days: int, due: str, why: str) -> None:
    assert counter().add_working_days(at(start), days).due == at(due), why


def waiting(starts: str, ends: str | None) -> Pause:
    return Pause(at(starts), None if ends is None else at(ends), "menunggu pemohon")


PAUSED_DAYS = [
    # five working days from Mon 16 March 10:00; without a pause 17, 25, 26, 27, 30
    (
        [("2026-03-17 10:00", "2026-03-26 09:00")],
        "2026-04-01 16:00",
        "17 and 25 close in it: 26, 27, 30, 31, 1",
    ),
    (
        [("2026-03-26 09:00", "2026-03-26 14:00")],
        "2026-03-30 16:00",
        "no closing in it: the office had the day's end",
    ),
    (
        [("2026-03-26 09:00", "2026-03-26 16:00")],
        "2026-03-31 16:00",
        "to the closing itself: the 26th is lost",
    ),
    ([("2026-03-26 16:00", "2026-03-27 08:00")], "2026-03-30 16:00", "from the closing: the 26th is whole"),
    ([("2026-03-18 00:00", "2026-03-24 23:59")], "2026-03-30 16:00", "only free days in it"),
    ([("2026-03-01 00:00", "2026-03-10 00:00")], "2026-03-30 16:00", "over before receipt"),
    (
        [("2026-03-01 00:00", "2026-03-25 09:00")],
        "2026-03-31 16:00",
        "began before: 17 is lost; 25, 26, 27, 30, 31",
    ),
    (
        [("2026-03-17 10:00", "2026-03-25 10:00"), ("2026-03-17 12:00", "2026-03-26 09:00")],
        "2026-04-01 16:00",
        "waiting for two things at once is waiting once",
    ),
    (
        [("2026-03-27 09:00", "2026-03-30 09:00"), ("2026-03-17 10:00", "2026-03-25 10:00")],
        "2026-04-01 16:00",
        "17 and 27 lost, in whatever order they are told: 25, 26, 30, 31, 1",
    ),
    ([("2026-03-31 09:00", None)], "2026-03-30 16:00", "it was due before the open pause began"),
    ([("2026-03-30 16:00", None)], "2026-03-30 16:00", "the open pause began at the closing"),
    ([("2026-03-26 09:00", "2026-03-26 09:00")], "2026-03-30 16:00", "an empty pause"),
    ([("2026-03-30 15:59", None)], None, "the open pause began a minute before it was due"),
    ([("2026-03-17 10:00", None)], None, "still waiting"),
    ([("2026-03-01 00:00", None)], None, "waiting since before receipt"),
]


@pytest.mark.parametrize(("pauses", "due", "why"), PAUSED_DAYS)
def test_clock_stops_while_waiting_for_the_applicant(
    pauses: list[tuple[str, str | None]], due: str | None, why: str
) -> None:
    deadline = office().add_working_days(at("2026-03-16 10:00"), 5, [waiting(*pause) for pause in pauses])
    assert deadline.due == (None if due is None else at(due)), why


MINUTES = [
    ("2026-03-16 10:00", 60, "2026-03-16 11:00", "within the morning"),
    ("2026-03-16 11:30", 60, "2026-03-16 13:00", "30 to the break of 12:00-12:30, 30 after"),
    ("2026-03-17 14:30", 60, "2026-03-25 08:00", "30 to closing at 15:00, 30 from 07:30 after Lebaran"),
    ("2026-03-27 16:00", 60, "2026-03-30 08:00", "Friday to 16:30, then Monday"),
    ("2026-03-21 09:00", 90, "2026-03-25 09:00", "from the next opening"),
    ("2026-03-30 14:00", 120, "2026-03-30 16:00", "ends with the day, not on the next morning"),
    ("2026-03-25 07:30", 450, "2026-03-25 16:00", "a whole day of 7.5 hours"),
    ("2026-03-25 07:30", 451, "2026-03-26 07:31", "and one minute more"),
    ("2026-03-21 09:00", 0, "2026-03-21 09:00", "nothing to count"),
]


@pytest.mark.parametrize(("start", "minutes", "due", "why"), MINUTES)
def test_working_minutes(start: str, minutes: int, due: str, why: str) -> None:
    assert office().add_working_minutes(at(start), minutes).due == at(due), why


@pytest.mark.parametrize(
    ("minutes", "pause", "due", "why"),
    [
        (120, ("2026-03-26 09:00", "2026-03-26 11:00"), "2026-03-26 12:00", "8-9 and 11-12"),
        (120, ("2026-03-26 11:00", "2026-03-26 12:00"), "2026-03-26 10:00", "due before the pause"),
        (60, ("2026-03-26 09:00", None), "2026-03-26 09:00", "due the moment the open pause begins"),
        (61, ("2026-03-26 09:00", None), None, "one minute short"),
        (
            241,
            ("2026-03-26 12:00", "2026-03-26 13:00"),
            "2026-03-26 13:01",
            "a pause in the break costs nothing",
        ),
        (300, ("2026-03-26 12:00", "2026-03-26 13:30"), "2026-03-26 14:30", "8-12 is 240; 13:30-14:30"),
    ],
)
def test_minutes_with_a_pause(minutes: int, pause: tuple[str, str | None], due: str | None, why: str) -> None:
    deadline = office().add_working_minutes(at("2026-03-26 08:00"), minutes, [waiting(*pause)])
    assert deadline.due == (None if due is None else at(due)), why


@pytest.mark.parametrize(
    ("start", "end", "minutes", "why"),
    [
        ("2026-03-16 10:00", "2026-03-17 10:00", 390, "120 + 150 on Monday, 120 from 08:00 on Tuesday"),
        ("2026-03-17 14:00", "2026-03-25 08:30", 120, "an hour before Lebaran and one after"),
        ("2026-03-18 00:00", "2026-03-24 23:59", 0, "all free"),
        ("2026-03-23 00:00", "2026-03-30 00:00", 1350, "three usual days of 450"),
        ("2026-02-23 00:00", "2026-03-02 00:00", 1950, "a Ramadan week is 32.5 hours"),
        ("2026-04-06 00:00", "2026-04-13 00:00", 2250, "a usual week is 37.5 hours"),
        ("2026-03-16 10:00:30", "2026-03-16 10:02:00", 1, "whole minutes, 90 seconds are one"),
    ],
)
def test_minutes_between(start: str, end: str, minutes: int, why: str) -> None:
    assert office().working_minutes_between(at(start), at(end)) == minutes, why


def test_minutes_between_leave_out_pauses() -> None:
    pauses = [waiting("2026-03-26 09:00", "2026-03-26 14:00"), waiting("2026-03-27 08:00", None)]
    # Thu 26: 450 less 9-12 (180) and 13-14 (60) is 210; Fri 27: 07:30-08:00 is 30, then an open pause
    assert office().working_minutes_between(at("2026-03-26 00:00"), at("2026-03-28 00:00"), pauses) == 240


@pytest.mark.parametrize(
    ("end", "days"),
    [
        ("2026-03-16 15:00", 0),  # the day of receipt is day 0
        ("2026-03-17 14:59", 0),
        ("2026-03-17 15:00", 1),
        ("2026-03-25 15:59", 1),
        ("2026-03-25 16:00", 2),
        ("2026-03-30 16:00", 5),
    ],
)
def test_days_between(end: str, days: int) -> None:
    assert office().working_days_between(at("2026-03-16 10:00"), at(end)) == days


def test_days_between_leave_out_paused_closings() -> None:
    pauses = [waiting("2026-03-17 10:00", "2026-03-26 09:00")]
    assert (
        office().working_days_between(at("2026-03-16 10:00"), at("2026-03-30 16:00"), pauses) == 3
    )  # 26, 27, 30
    assert (
        office().working_days_between(
            at("2026-03-16 10:00"), at("2026-03-30 16:00"), [waiting("2026-03-27 09:00", None)]
        )
        == 3
    )


@pytest.mark.parametrize(
    ("instant", "is_open", "opens"),
    [
        ("2026-03-16 07:59", False, "2026-03-16 08:00"),  # Ramadan opens at 08:00
        ("2026-03-16 08:00", True, "2026-03-16 08:00"),
        ("2026-03-16 12:10", False, "2026-03-16 12:30"),  # break
        ("2026-03-17 14:59", True, "2026-03-17 14:59"),
        ("2026-03-17 15:00", False, "2026-03-25 07:30"),  # closed at closing
        ("2026-03-27 11:45", False, "2026-03-27 13:00"),  # Friday prayer
        ("2026-03-27 16:15", True, "2026-03-27 16:15"),
    ],
)
def test_open_and_next_opening(instant: str, is_open: bool, opens: str) -> None:
    assert office().is_open(at(instant)) is is_open
    assert office().next_opening(at(instant)) == at(opens)


def test_a_holiday_declared_late_moves_the_deadline() -> None:
    late = office().with_free_days({date(2026, 3, 26): "Pemilihan kepala desa"})
    assert late.add_working_days(at("2026-03-16 10:00"), 5).due == at("2026-03-31 16:00")
    assert office().add_working_days(at("2026-03-16 10:00"), 5).due == at("2026-03-30 16:00")


class TestSteps:
    def test_every_day_is_told_with_its_reason(self) -> None:
        pauses = [waiting("2026-03-25 10:00", "2026-03-26 09:00")]
        steps = office().add_working_days(at("2026-03-16 10:00"), 2, pauses).steps
        assert [(step.day.day, step.kind) for step in steps] == [
            (16, "receipt"),
            (17, "working"),
            (18, "free"),
            (19, "free"),
            (20, "free"),
            (21, "free"),
            (22, "free"),
            (23, "free"),
            (24, "free"),
            (25, "pause"),
            (26, "working"),
        ]
        notes = {step.day.day: step.note for step in steps}
        assert notes[16] == "diterima pukul 10:00; hari penerimaan adalah hari ke-0"
        assert notes[17] == "hari kerja ke-1 dari 2"
        assert notes[19] == "libur: Hari Suci Nyepi"
        assert notes[25] == "waktu dihentikan: menunggu pemohon"
        assert notes[26] == "hari kerja ke-2 dari 2; waktu sempat dihentikan"

    def test_late_receipt_is_told(self) -> None:
        steps = office().add_working_days(at("2026-03-27 17:00"), 1, language="en").steps
        assert [(step.day.day, step.kind, step.note) for step in steps] == [
            (27, "receipt", "received at 17:00, outside office hours; counts as received on 2026-03-30"),
            (28, "free", "Saturday is not a working day"),
            (29, "free", "Sunday is not a working day"),
            (30, "receipt", "counts as received on this day; day 0"),
            (31, "working", "working day 1 of 1"),
        ]

    def test_minutes_of_each_day_are_told(self) -> None:
        steps = office().add_working_minutes(at("2026-03-26 15:00"), 570, language="en").steps
        assert [(step.day.day, step.kind, step.note) for step in steps] == [
            (26, "receipt", "received at 15:00; 1 h 0 min counted"),
            (27, "working", "7 h 30 min counted"),
            (28, "free", "Saturday is not a working day"),
            (29, "free", "Sunday is not a working day"),
            (30, "working", "1 h 0 min counted"),
        ]

    def test_an_open_pause_ends_the_story_where_it_began(self) -> None:
        deadline = office().add_working_days(at("2026-03-16 10:00"), 5, [waiting("2026-03-25 10:00", None)])
        assert deadline.due is None
        assert (deadline.steps[-1].day, deadline.steps[-1].kind) == (date(2026, 3, 25), "pause")


class TestRefusals:
    def test_an_instant_without_offset(self) -> None:
        with pytest.raises(ValueError, match="no offset"):
            office().add_working_days(at("2026-03-16 10:00").replace(tzinfo=None), 5)

    @pytest.mark.parametrize("days", [-1, 10_001])
    def test_numbers_out_of_range(self, days: int) -> None:
        with pytest.raises(ValueError, match="out of range"):
            office().add_working_days(at("2026-03-16 10:00"), days)

    def test_a_pause_that_ends_before_it_starts(self) -> None:
        with pytest.raises(ValueError, match="swap the two"):
            waiting("2026-03-17 10:00", "2026-03-17 09:00")

    def test_an_end_before_the_start(self) -> None:
        with pytest.raises(ValueError, match="swap the two"):
            office().working_minutes_between(at("2026-03-17 10:00"), at("2026-03-16 10:00"))

    def test_a_calendar_that_ends(self) -> None:
        week = Week(date(2026, 1, 1), date(2026, 12, 31), USUAL.hours)
        calendar = WorkCalendar(WIB, [week], {}, "next_day")
        assert calendar.add_working_days(at("2026-12-30 10:00"), 1).due == at("2026-12-31 16:00")
        for pauses in ([], [waiting("2027-01-01 00:00", None)]):
            with pytest.raises(NoWorkingTime, match="no office hours after 2026-12-31"):
                calendar.add_working_days(at("2026-12-30 10:00"), 2, pauses)

    def test_two_seasons_of_one_width_that_share_days(self) -> None:
        again = Week(date(2026, 3, 20), date(2026, 3, 30), RAMADAN.hours)
        with pytest.raises(CalendarRefused, match="share days"):
            WorkCalendar(WIB, [USUAL, RAMADAN, again], {}, "next_day")

    def test_no_hours_at_all(self) -> None:
        with pytest.raises(CalendarRefused, match="no office hours"):
            WorkCalendar(WIB, [Week(None, None, {})], {}, "next_day")

    def test_hours_that_overlap_or_run_backward(self) -> None:
        with pytest.raises(CalendarRefused) as refusal:
            Week(
                None,
                None,
                {0: (*USUAL_DAY, span("15:00", "17:00")), 1: (span("16:00", "07:30"),), 7: USUAL_DAY},
            )
        assert len(refusal.value.faults) == 3


def test_a_long_way_reaches_beyond_the_years_first_laid_out() -> None:
    week = Week(None, None, dict.fromkeys(range(5), USUAL_DAY))
    calendar = WorkCalendar(WIB, [week], {}, "next_day")
    start = at("2026-03-16 10:00")  # a Monday; 5,000 days of five a week are exactly 1,000 weeks
    assert calendar.add_working_days(start, 5_000).due == at("2026-03-16 16:00") + timedelta(weeks=1_000)
    assert calendar.add_working_minutes(at("2026-03-16 07:30"), 5_000 * 450).due == at(
        "2026-03-13 16:00"
    ) + timedelta(weeks=1_000)
    far = Pause(at("2040-01-02 00:00"), None)  # a Monday: the last closing before it is Friday's
    assert calendar.add_working_minutes(start, 5_000 * 450, [far]).due is None
    assert calendar.add_working_days(start, 5_000, [far]).due is None
    # 3,000 days are 600 weeks, due in 2037: before that pause, though beyond the years first laid out
    fresh = WorkCalendar(WIB, [week], {}, "next_day")
    assert fresh.add_working_minutes(at("2026-03-16 07:30"), 3_000 * 450, [far]).due == at(
        "2026-03-13 16:00"
    ) + timedelta(weeks=600)
    fresh = WorkCalendar(WIB, [week], {}, "next_day")
    assert fresh.add_working_days(start, 3_000, [far]).due == at("2026-03-16 16:00") + timedelta(weeks=600)
