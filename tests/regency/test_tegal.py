"""The organisation data of Kabupaten Tegal, held against what is published about it."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from pendapa.calendars import read_calendar
from pendapa.regency import Regency, check, read_regency, resolve_day

TEGAL = Path(__file__).parents[2] / "regencies" / "tegal"
ZONE = ZoneInfo("Asia/Jakarta")


@pytest.fixture(scope="module")
def tegal() -> Regency:
    read, faults = read_regency(TEGAL)
    assert read is not None, "\n".join(map(str, faults))
    return read


def test_tegal_is_clean() -> None:
    report = check(TEGAL)
    assert report.faults == ()
    # 18 districts: Kepmendagri 300.2.2-2430/2025. 44 services: the catalogue of the service mall; one more: objection
    # (UU 30/2014).
    assert report.summary["districts"] == 18
    assert report.summary["services"] + report.summary["online_services"] == 44 + 1


def minutes(tegal: Regency, monday: date) -> int:
    calendar = read_calendar(tegal.hours_rows, tegal.holiday_rows, ZONE, None)
    start = datetime(monday.year, monday.month, monday.day, tzinfo=ZONE)
    return calendar.working_minutes_between(start, start.replace(day=monday.day + 5))


def test_a_working_week_has_the_hours_of_perpres_21_of_2023(tegal: Regency) -> None:
    # 37 h 30 min without breaks; 9-13 November 2026 has no holiday.
    assert minutes(tegal, date(2026, 11, 9)) == 37 * 60 + 30


def test_a_week_of_ramadan_has_the_hours_of_perpres_21_of_2023(tegal: Regency) -> None:
    # 32 h 30 min without breaks; 23-27 February 2026 lies in Ramadan and has no holiday.
    assert minutes(tegal, date(2026, 2, 23)) == 32 * 60 + 30


def test_every_position_leads_up_to_the_regent(tegal: Regency) -> None:
    above = {p.code: p.superior for p in tegal.positions}
    for code in above:
        while above[code]:
            code = above[code]
        assert code == "BUPATI"


def test_every_agency_of_the_regency_has_a_head_who_signs(tegal: Regency) -> None:
    outside = {"vertikal", "provinsi", "badan hukum publik", "BUMN", "desa"}
    own = {a.code for a in tegal.agencies if a.type not in outside}
    assert own - {p.agency for p in tegal.positions if p.signs and p.role == "head"} == set()


def test_the_demo_people_can_work_on_any_day_of_loading(tegal: Regency) -> None:
    for today in (date(2026, 11, 23), date(2028, 2, 29)):
        holding = {
            (p.username, p.position)
            for p in tegal.people
            if p.position
            and (resolve_day(p.starts, today) or today) <= today <= (resolve_day(p.ends, today) or today)
        }
        assert {("kadis", "DPMPTSP-KADIS"), ("plt", "DISDUKCAPIL-KADIS"), ("plt", "DPMPTSP-KADIS")} <= holding
        assert (
            len({username for username, _ in holding}) == len({p.username for p in tegal.people}) - 2
        )  # two citizens


def test_what_is_not_confirmed_says_so(tegal: Regency) -> None:
    assert {row["status"] for row in (*tegal.hours_rows, *tegal.holiday_rows)} == {"to be confirmed"}
    assert {c.status for c in tegal.numbering.values()} == {"to be confirmed"}
    assert all(row["source"] for row in (*tegal.hours_rows, *tegal.holiday_rows))
    assert all(d.source for d in tegal.districts)
