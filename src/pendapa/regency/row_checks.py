"""Checks between the rows of a regency's tables: duplicates, dangling references, cycles, overlaps."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pendapa.regency.faults import FaultLog, nearest
from pendapa.regency.organisation import Organisation
from pendapa.regency.records import (
    Agency,
    District,
    Holiday,
    InformationService,
    NumberClass,
    OfficeHours,
    Person,
    Position,
    RegencyFacts,
    Village,
)
from pendapa.regency.tables import Table

NUMBER_FIELDS = ("class", "number", "agency", "year", "month_roman")


def check_facts(facts: RegencyFacts, log: FaultLog) -> None:
    """regency.toml: the zone exists, languages differ."""
    if facts.zone:
        try:
            ZoneInfo(facts.zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            log.fault(
                "regency.toml:zone", f'unknown time zone "{facts.zone}"', 'write one such as "Asia/Jakarta"'
            )
    if len(set(facts.languages)) != len(facts.languages):
        log.fault("regency.toml:languages", "a language stands twice", "name each once")


def check_unique(
    table: Table[Any], column: str, log: FaultLog, key: Callable[[Any], Any] | None = None
) -> None:
    """Note every row whose key (by default the column) stood before; an empty one is not judged."""
    seen: dict[Any, int] = {}
    for index, row in table.numbered():
        value = key(row) if key else getattr(row, column)
        if not value or not getattr(row, column):
            continue
        if value in seen:
            shown = getattr(row, column)
            wrong = f'"{shown}" stands already in row {table.lines[seen[value]]}'
            log.fault(table.place(index, column), wrong, "keep one of them, or give it another code")
        else:
            seen[value] = index


def check_agencies(table: Table[Agency], organisation: Organisation, log: FaultLog) -> None:
    """agencies.csv: codes are unique, parents known, and no agency stands under itself."""
    check_unique(table, "code", log)
    for index, row in table.numbered():
        organisation.know_agency(table.place(index, "parent"), row.parent, log)
    _check_cycles(table, "parent", {row.code: row.parent for row in table.rows}, log)


def check_positions(table: Table[Position], organisation: Organisation, log: FaultLog) -> None:
    """positions.csv: codes are unique, agency and superior known, one chain up to rank 1, no circles."""
    check_unique(table, "code", log)
    by_code = {row.code: row for row in table.rows}
    for index, row in table.numbered():
        organisation.know_agency(table.place(index, "agency"), row.agency, log)
        organisation.know_position(table.place(index, "superior"), row.superior, log)
        superior = by_code.get(row.superior)
        if not row.superior and row.rank > 1:
            log.fault(table.place(index, "superior"), "is empty", "name the superior; only rank 1 has none")
        elif superior is not None and superior.rank >= row.rank > 0 and superior.code != row.code:
            wrong = f"the superior {superior.code} has rank {superior.rank}, this post {row.rank}"
            log.fault(table.place(index, "rank"), wrong, f"write {superior.rank + 1} or more")
    _check_cycles(table, "superior", {row.code: row.superior for row in table.rows}, log)


def _check_cycles(table: Table[Any], column: str, above: dict[str, str], log: FaultLog) -> None:
    told: set[str] = set()
    for index, row in table.numbered():
        chain = [row.code]
        while (up := above.get(chain[-1], "")) and up not in chain:
            chain.append(up)
        if up and up == row.code and row.code not in told:
            told.update(chain)
            circle = " -> ".join([*chain, up])
            log.fault(
                table.place(index, column),
                f"the {column} goes in a circle: {circle}",
                f"break it with another {column}",
            )


def check_people(table: Table[Person], organisation: Organisation, log: FaultLog) -> None:
    """people.csv: placements are whole, in order, and no post has two definitive holders at once."""
    first: dict[str, Person] = {}
    for index, row in table.numbered():
        earlier = first.setdefault(row.username, row) if row.username else row
        for column in ("name", "email", "kind"):
            if getattr(earlier, column) != getattr(row, column):
                wrong = f'{row.username} is "{getattr(earlier, column)}" further up'
                log.fault(table.place(index, column), wrong, "write the same in every row of a person")
        organisation.know_position(table.place(index, "position"), row.position, log)
        if row.kind != "citizen" and not row.position:
            log.fault(table.place(index, "position"), "an officer has no position", "name a position")
        if row.kind == "citizen" and row.position:
            log.fault(
                table.place(index, "position"),
                "a citizen has a position",
                "leave it empty, or write kind officer",
            )
        if row.position and not row.placement:
            log.fault(table.place(index, "placement"), "is empty", "write definitive, plt or plh")
        if row.placement in ("plt", "plh") and not row.decree:
            log.fault(
                table.place(index, "decree"), "an acting placement has no decree", "write the decree's number"
            )
        if row.placement in ("plt", "plh") and not (row.starts and row.ends):
            column = "ends" if row.starts else "starts"
            log.fault(
                table.place(index, column),
                "an acting placement has no bounds",
                "write its first and last day",
            )
        starts, ends = _bound(row.starts), _bound(row.ends)
        for column, bound in (("starts", starts), ("ends", ends)):
            if bound is not None and bound[0] == "wrong":
                log.fault(
                    table.place(index, column), f'"{bound[1]}" is not a date', "write a day that exists"
                )
        if starts and ends and starts[0] == ends[0] != "wrong" and ends[1] < starts[1]:
            log.fault(table.place(index, "ends"), "the placement ends before it starts", "write a later day")
    _check_holders(table, organisation, log)


def _check_holders(table: Table[Person], organisation: Organisation, log: FaultLog) -> None:
    """A post that signs has one definitive holder at a time, and a Plt. only while it has none."""
    for index, row in table.numbered():
        position = (organisation.positions or {}).get(row.position)
        if position is None or not position.signs:
            continue
        for earlier, other in enumerate(table.rows):
            kinds = {row.placement, other.placement}
            if other.position != row.position or earlier == index or not _overlap(row, other):
                continue
            where = table.place(index, "position")
            if kinds == {"definitive"} and earlier < index:
                wrong = f"{row.position} already has a definitive holder then (row {table.lines[earlier]})"
                log.fault(where, wrong, "end one placement before the other starts")
            elif row.placement == "plt" and other.placement == "definitive":
                wrong = f"{row.position} is not vacant then (row {table.lines[earlier]})"
                log.fault(where, wrong, "write plh for an absent holder, or end the definitive placement")


def _overlap(one: Person, other: Person) -> bool:
    """Whether two placements surely share a day; a relative and a fixed bound cannot be compared."""
    return _not_after(one.starts, other.ends) and _not_after(other.starts, one.ends)


def _not_after(start: str, end: str) -> bool:
    first, last = _bound(start), _bound(end)
    if first is None or last is None:
        return True
    return first[0] == last[0] and first[1] <= last[1]


def _bound(text: str) -> tuple[str, Any] | None:
    if not text:
        return None
    if text.startswith("today"):
        return "relative", int(text[5:] or "0")
    try:
        return "fixed", date.fromisoformat(text)
    except ValueError:
        return "wrong", text


def check_places(districts: Table[District], villages: Table[Village], log: FaultLog) -> None:
    """districts.csv and villages.csv: codes are unique, every village lies in a known district."""
    check_unique(districts, "code", log)
    check_unique(villages, "code", log)
    known = {row.code for row in districts.rows}
    for index, row in villages.numbered():
        if districts.present and row.district and row.district not in known:
            right = nearest(row.district, known, "write a code of districts.csv")
            log.fault(villages.place(index, "district"), f'unknown district "{row.district}"', right)


def check_calendar(
    holidays: Table[Holiday], hours: Table[OfficeHours], organisation: Organisation, log: FaultLog
) -> None:
    """holidays.csv and office-hours.csv: agencies known, no day twice, hours in order."""
    check_unique(
        holidays, "date", log, key=lambda row: (row.date, row.agency) if row.date != date.min else None
    )
    for index, row in holidays.numbered():
        organisation.know_agency(holidays.place(index, "agency"), row.agency, log)
    for index, stretch in hours.numbered():
        organisation.know_agency(hours.place(index, "agency"), stretch.agency, log)
        if stretch.weekday > 7:
            log.fault(
                hours.place(index, "weekday"), f"{stretch.weekday} is no weekday", "write 1 (Monday) to 7"
            )
        if stretch.opens and stretch.closes and stretch.closes <= stretch.opens:
            log.fault(
                hours.place(index, "closes"),
                f"{stretch.closes} is not after {stretch.opens}",
                "write a later time",
            )
        if stretch.starts and stretch.ends and stretch.ends < stretch.starts:
            log.fault(
                hours.place(index, "ends"),
                f"{stretch.ends} lies before {stretch.starts}",
                "write a later day",
            )
    if hours.present and not hours.rows:
        log.fault(hours.name, "there are no office hours", "add a row for each weekday that is worked")


def check_number_class(name: str, kind: NumberClass, log: FaultLog) -> None:
    """A class of numbering.toml: its pattern holds the running number and only known fields."""
    where = f"numbering.toml:[classes.{name}].pattern"
    fields = re.findall(r"\{(.*?)\}", kind.pattern)
    for field in fields:
        if field not in NUMBER_FIELDS:
            right = nearest(field, NUMBER_FIELDS, f"use {', '.join('{' + f + '}' for f in NUMBER_FIELDS)}")
            log.fault(where, f'unknown field "{{{field}}}"', right)
    for needed in ("number", "year"):
        if kind.pattern and needed not in fields:
            log.fault(where, f"lacks {{{needed}}}", "numbers run per agency, class and year; write it in")


def check_information(table: Table[InformationService], organisation: Organisation, log: FaultLog) -> None:
    """services.csv: codes and slugs are unique, agency and life event known, a fee or its formula stated."""
    check_unique(table, "code", log)
    check_unique(table, "slug", log)
    for index, row in table.numbered():
        organisation.know_agency(table.place(index, "agency"), row.agency, log)
        events = organisation.life_events
        if row.life_event and events is not None and row.life_event not in events:
            right = nearest(row.life_event, events, "add it to [life_events] of regency.toml")
            log.fault(table.place(index, "life_event"), f'unknown life event "{row.life_event}"', right)
        if row.fee_idr is None and not row.fee_note:
            log.fault(
                table.place(index, "fee_note"), "neither a fee nor how it is computed", "fill in one of them"
            )
        if row.outside_url and not re.match(r"https://[^\s/]+", row.outside_url):
            log.fault(
                table.place(index, "outside_url"),
                f'"{row.outside_url}" is no web address',
                "start with https://",
            )
        if row.mode == "handover" and not row.outside_system:
            log.fault(table.place(index, "outside_system"), "is empty", "name the system that decides")
