"""Rows of the regency folder: whose hours count, and every fault at its row."""

from __future__ import annotations

import pickle
from datetime import date, time

import pytest

from pendapa.calendars import CalendarRefused, Fault, Pause, read_calendar

from .offices import WIB, at, span


def hours(
    agency: str, season: str, dates: str, weekdays: str, opens: str, closes: str
) -> list[dict[str, str | None]]:
    starts, _, ends = dates.partition("..")
    return [
        {
            "agency": agency,
            "season": season,
            "starts": starts,
            "ends": ends,
            "weekday": weekday,
            "opens": opens,
            "closes": closes,
        }
        for weekday in weekdays
    ]


def holiday(day: str, name: str = "Libur", kind: str = "national", agency: str = "") -> dict[str, str | None]:
    return {"date": day, "name": name, "kind": kind, "agency": agency}


ALL = hours("", "biasa", "..", "12345", "07:30", "16:00")
RAMADAN = hours("", "ramadan", "2026-02-18..2026-03-20", "12345", "08:00", "15:00")
SIX = hours("RSUD", "biasa", "..", "123456", "07:00", "14:00")

MONDAY, SATURDAY = date(2026, 4, 6), date(2026, 4, 4)
RAMADAN_MONDAY, RAMADAN_SATURDAY = date(2026, 3, 16), date(2026, 3, 14)


def test_rows_for_all() -> None:
    calendar = read_calendar(ALL + RAMADAN + SIX, [], WIB, None)
    assert calendar.hours_on(MONDAY) == (span("07:30", "16:00"),)
    assert calendar.hours_on(RAMADAN_MONDAY) == (span("08:00", "15:00"),)
    assert calendar.hours_on(SATURDAY) == ()


def test_rows_of_the_agency_win_season_by_season() -> None:
    calendar = read_calendar(ALL + RAMADAN + SIX, [], WIB, "RSUD")
    assert calendar.hours_on(MONDAY) == (span("07:00", "14:00"),)
    assert calendar.hours_on(SATURDAY) == (span("07:00", "14:00"),)
    assert calendar.hours_on(RAMADAN_MONDAY) == (span("08:00", "15:00"),)  # no own season: that of all
    assert calendar.hours_on(RAMADAN_SATURDAY) == ()


def test_an_own_season_of_this_year_leaves_that_of_next_year_alone() -> None:
    own = hours("RSUD", "ramadan", "2026-02-18..2026-03-20", "123456", "08:00", "13:00")
    next_year = hours("", "ramadan", "2027-02-08..2027-03-09", "12345", "08:00", "15:00")
    calendar = read_calendar(ALL + RAMADAN + next_year + own, [], WIB, "RSUD")
    assert calendar.hours_on(RAMADAN_SATURDAY) == (span("08:00", "13:00"),)
    assert calendar.hours_on(date(2027, 2, 8)) == (span("08:00", "15:00"),)


def test_a_break_is_two_rows() -> None:
    rows = hours("", "biasa", "..", "1", "13:00", "16:00") + hours("", "biasa", "..", "1", "07:30", "12:00")
    calendar = read_calendar(rows, [], WIB, None)
    assert calendar.hours_on(MONDAY) == ((time(7, 30), time(12)), (time(13), time(16)))


def test_free_days_of_all_and_of_the_agency() -> None:
    rows = [
        holiday("2026-04-06", "Hari jadi", "regional", "RSUD"),
        holiday("2026-04-07", "Satu"),
        holiday("2026-04-07", "Dua", "regional"),
        holiday("2026-04-07", "Satu"),
    ]
    assert read_calendar(ALL, rows, WIB, "RSUD").free_days[date(2026, 4, 6)] == "Hari jadi"
    general = read_calendar(ALL, rows, WIB, None)
    assert general.free_days == {date(2026, 4, 7): "Satu; Dua"}


def test_the_late_receipt_is_a_setting() -> None:
    same = read_calendar(ALL, [], WIB, None, "same_day")
    assert same.add_working_days(at("2026-04-06 17:00"), 1).due == at("2026-04-07 16:00")
    assert read_calendar(ALL, [], WIB, None).add_working_days(at("2026-04-06 17:00"), 1).due == at(
        "2026-04-08 16:00"
    )


def faults_of(
    hours_rows: list[dict[str, str | None]], holiday_rows: list[dict[str, str | None]]
) -> list[Fault]:
    with pytest.raises(CalendarRefused) as refusal:
        read_calendar(hours_rows, holiday_rows, WIB, None)
    assert str(refusal.value)
    return list(refusal.value.faults)


@pytest.mark.parametrize(
    ("row", "wrong"),
    [
        (hours("", "x", "..", "1", "16:00", "07:30"), "closes 07:30 is not after opens 16:00"),
        (hours("", "x", "..", "1", "07:30", "07:30"), "closes 07:30 is not after opens 07:30"),
        (
            hours("", "biasa", "..", "1", "15:00", "17:00"),
            "15:00 opens before the hours 07:30-16:00 have closed",
        ),
        (hours("", "x", "..", "8", "07:30", "16:00"), 'weekday "8" is not a weekday'),
        (hours("", "x", "..", "1", "7.30", "16:00"), 'opens "7.30" is not a time'),
        (hours("", "x", "..", "1", "07:30", "24:00"), 'closes "24:00" is not a time'),
        (hours("", "x", "1-3-2026..", "1", "07:30", "16:00"), 'starts "1-3-2026" is not a date'),
        (hours("", "x", "2026-02-30..", "1", "07:30", "16:00"), 'starts "2026-02-30" is not a date'),
        (
            hours("", "x", "2026-03-20..2026-03-01", "1", "07:30", "16:00"),
            "ends 2026-03-01 is before starts 2026-03-20",
        ),
        (hours("", "x", "..", "1", "07:30", "16:00"), 'season "x" shares days with season "biasa" of row 2'),
    ],
)
def test_a_fault_names_its_row(row: list[dict[str, str | None]], wrong: str) -> None:
    (fault,) = faults_of(ALL + row, [])  # rows 2 to 6 are good, the seventh is not
    assert fault.where == "office-hours.csv:row 7"
    assert fault.wrong == wrong
    assert fault.right


@pytest.mark.parametrize(
    ("row", "wrong"),
    [
        (holiday("2026-02-30"), 'date "2026-02-30" is not a date'),
        (holiday("20260401"), 'date "20260401" is not a date'),
        (holiday("2026-04-06", name=" "), "name is empty"),
        (holiday("2026-04-06", kind="libur"), 'kind "libur" is unknown'),
        ({"date": None, "name": "Libur", "kind": "national"}, 'date "" is not a date'),
    ],
)
def test_a_faulty_holiday_names_its_row(row: dict[str, str | None], wrong: str) -> None:
    (fault,) = faults_of(ALL, [holiday("2026-01-01"), row])
    assert (fault.where, fault.wrong) == ("holidays.csv:row 3", wrong)


def test_all_faults_in_one_run_also_of_other_agencies() -> None:
    bad_hours = hours("", "x", "..", "9", "7", "8") + hours("LAIN", "x", "..", "1", "16:00", "07:30")
    found = faults_of(ALL + bad_hours, [holiday("kemarin", "", "")])
    assert [fault.where for fault in found] == [
        *["office-hours.csv:row 7"] * 3,  # weekday, opens, closes
        "office-hours.csv:row 8",
        *["holidays.csv:row 2"] * 3,  # date, name, kind
    ]


def test_no_rows_and_no_rows_for_all() -> None:
    assert [fault.wrong for fault in faults_of([], [])] == ["there are no rows"]
    assert [fault.wrong for fault in faults_of(SIX, [])] == ["no row is for all agencies"]


class TestUnlistedYears:
    """Days of work from Monday 28 December 2026: 29, 30, 31, then 1 January 2027, a Friday."""

    START = "2026-12-28 10:00"

    def test_none_on_a_way_within_listed_years(self) -> None:
        rows = [holiday("2026-12-25", "Natal")]
        assert read_calendar(ALL, rows, WIB, None).add_working_days(at(self.START), 3).warnings == ()

    def test_one_sentence_for_each_year(self) -> None:
        rows = [holiday("2026-12-25", "Natal")]
        deadline = read_calendar(ALL, rows, WIB, None).add_working_days(at(self.START), 4)
        assert deadline.warnings == (
            "Hari libur tahun 2027 belum tercantum dalam kalender; "
            "jatuh tempo dapat bergeser setelah hari libur itu dicatat.",
        )
        far = read_calendar(ALL, rows, WIB, None).add_working_days(at(self.START), 400)  # 80 weeks: July 2028
        assert [text.split()[3] for text in far.warnings] == ["2027", "2028"]

    def test_a_regional_day_or_shared_leave_does_not_list_a_year(self) -> None:
        rows = [
            holiday("2026-12-25", "Natal"),
            holiday("2027-05-18", "Hari jadi", "regional"),
            holiday("2027-02-05", "Cuti bersama", "shared_leave"),
        ]
        calendar = read_calendar(ALL, rows, WIB, None)
        assert calendar.listed_years == {2026}
        assert len(calendar.add_working_minutes(at(self.START), 3_000).warnings) == 1
        # nor does one that is declared late
        assert calendar.with_free_days({date(2027, 1, 4): "Pemilihan"}).listed_years == {2026}

    def test_an_open_pause_looks_no_further_than_itself(self) -> None:
        calendar = read_calendar(ALL, [holiday("2026-12-25", "Natal")], WIB, None)
        assert (
            calendar.add_working_days(at(self.START), 9, [Pause(at("2026-12-29 09:00"), None)]).warnings == ()
        )

    def test_they_travel(self) -> None:
        calendar = pickle.loads(pickle.dumps(read_calendar(ALL, [holiday("2026-12-25", "Natal")], WIB, None)))
        deadline = calendar.add_working_days(at(self.START), 4)
        assert pickle.loads(pickle.dumps(deadline)).warnings == deadline.warnings != ()
