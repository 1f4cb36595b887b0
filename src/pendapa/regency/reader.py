"""Read a whole regency folder, check it, and report every fault of it in one run."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from pendapa.regency import row_checks
from pendapa.regency.against_checks import check_remedies
from pendapa.regency.faults import Fault, FaultLog, Report
from pendapa.regency.files import NAME, Folder
from pendapa.regency.organisation import Organisation
from pendapa.regency.records import (
    Agency,
    District,
    Holiday,
    InformationService,
    Numbering,
    OfficeHours,
    Person,
    Position,
    Regency,
    RegencyFacts,
    Village,
)
from pendapa.regency.service import Draft, Service, read_draft
from pendapa.regency.service_checks import check_service
from pendapa.regency.tables import Table, read_table
from pendapa.regency.typed import build, to_plain

TABLES: Mapping[str, type] = {
    "agencies.csv": Agency,
    "positions.csv": Position,
    "people.csv": Person,
    "districts.csv": District,
    "villages.csv": Village,
    "holidays.csv": Holiday,
    "office-hours.csv": OfficeHours,
    "services.csv": InformationService,
}
TOML_FILES: Mapping[str, type] = {"regency.toml": RegencyFacts, "numbering.toml": Numbering}
T = TypeVar("T")

OTHERS = ("services", "surveys", "study", "plan", "indicators", "README.md")
"""What may also lie in the folder; all but services/ is read by other parts of the platform."""


def read_regency(folder: Path) -> tuple[Regency | None, tuple[Fault, ...]]:
    """Read the regency in `folder`. The Regency is None when there is any fault; all faults come at once."""
    reading = _read(folder)
    return reading.regency, tuple(reading.log.faults)


def check(folder: Path) -> Report:
    """Check the regency in `folder`: every fault and warning, and how much was read."""
    reading = _read(folder)
    return Report(tuple(reading.log.faults), tuple(reading.log.warnings), reading.summary)


@dataclass(frozen=True)
class _Reading:
    regency: Regency | None
    log: FaultLog
    summary: Mapping[str, int]


def _read(root: Path) -> _Reading:
    log = FaultLog()
    if not root.is_dir():
        log.fault(str(root), "is not a folder", "name the folder of a regency")
        return _Reading(None, log, {})
    folder = Folder(root.resolve(), log)
    folder.refuse_links()
    _check_names(folder)
    facts = _toml(folder, "regency.toml", RegencyFacts)
    numbering = _toml(folder, "numbering.toml", Numbering)
    agencies = read_table(folder, "agencies.csv", Agency)
    positions = read_table(folder, "positions.csv", Position)
    people = read_table(folder, "people.csv", Person)
    districts = read_table(folder, "districts.csv", District)
    villages = read_table(folder, "villages.csv", Village)
    holidays = read_table(folder, "holidays.csv", Holiday)
    hours = read_table(folder, "office-hours.csv", OfficeHours)
    information = read_table(folder, "services.csv", InformationService)
    organisation = Organisation(
        {a.code: a.name_id for a in agencies.rows if a.code} if agencies.present else None,
        {p.code: p for p in positions.rows if p.code} if positions.present else None,
        numbering.classes if numbering else None,
        facts.life_events if facts else None,
    )
    if facts is not None:
        row_checks.check_facts(facts, log)
    row_checks.check_agencies(agencies, organisation, log)
    row_checks.check_positions(positions, organisation, log)
    row_checks.check_people(people, organisation, log)
    row_checks.check_places(districts, villages, log)
    row_checks.check_calendar(holidays, hours, organisation, log)
    row_checks.check_information(information, organisation, log)
    for name, kind in (numbering.classes if numbering else {}).items():
        row_checks.check_number_class(name, kind, log)
    if facts is not None:
        _check_working_time(facts.zone, hours, holidays, organisation, log)
    drafts = _read_services(folder, organisation, information)
    tables: tuple[Table[Any], ...] = (agencies, positions, districts, villages, holidays, hours, information)
    summary = {table.name.removesuffix(".csv").replace("-", "_"): len(table.rows) for table in tables}
    summary |= {"people": len({p.username for p in people.rows}), "online_services": len(drafts)}
    if log.faults or facts is None or numbering is None:
        return _Reading(None, log, summary)
    services = tuple(service for draft in drafts if (service := draft.finished()) is not None)
    everything = [facts, numbering, *(table.rows for table in tables), people.rows]
    regency = Regency(
        code=facts.code,
        names={"id": facts.name_id, "en": facts.name_en},
        zone=facts.zone,
        languages=facts.languages,
        facts=facts,
        agencies=agencies.rows,
        positions=positions.rows,
        people=people.rows,
        districts=districts.rows,
        villages=villages.rows,
        hours_rows=hours.raw,
        holiday_rows=holidays.raw,
        numbering=dict(numbering.classes),
        information_services=information.rows,
        services=services,
        content_hash=_hash(everything, services),
    )
    return _Reading(regency, log, summary)


def _check_names(folder: Folder) -> None:
    known = (*TABLES, *TOML_FILES, *OTHERS)
    for name in folder.names():
        if name not in known:
            folder.log.warn(name, "is read by nothing", f"the folder may hold {', '.join(known)}")


def _toml(folder: Folder, name: str, kind: type[T]) -> T | None:
    table = folder.toml(name)
    return None if table is None else build(kind, table, name, folder.log)


def _read_services(
    folder: Folder, organisation: Organisation, information: Table[InformationService]
) -> tuple[Draft, ...]:
    drafts = []
    codes = Counter(row.code for row in information.rows)
    listed = {row.slug for row in information.rows}
    for slug in folder.names("services"):
        where = f"services/{slug}"
        if not (folder.root / where).is_dir() or (folder.root / where).is_symlink():
            folder.log.warn(where, "is read by nothing", "services/ holds one folder for each online service")
            continue
        if not NAME.fullmatch(slug) or slug != slug.lower() or "_" in slug or "." in slug:
            folder.log.fault(
                where, f'"{slug}" is no slug', "name the folder with small letters, digits and hyphens"
            )
        if slug in listed:
            folder.log.fault(where, f'"{slug}" is also a row of services.csv', "keep one of them")
        draft = read_draft(folder, slug)
        if draft is None:
            continue
        code = draft.definition.code
        if codes[code]:
            folder.log.fault(
                f"{where}/service.toml:code", f'"{code}" is taken by another service', "choose another"
            )
        codes[code] += bool(code)
        check_service(draft, organisation, folder.log)
        drafts.append(draft)
    check_remedies(drafts, folder.log)
    return tuple(drafts)


def _check_working_time(
    zone: str, hours: Table[OfficeHours], holidays: Table[Holiday], organisation: Organisation, log: FaultLog
) -> None:
    """Let the calendar engine read the rows as the platform will: for all, and for agencies with own rows."""
    from pendapa.calendars import CalendarRefused, read_calendar

    if not hours.rows or any(
        f.where.startswith((hours.name, holidays.name, "regency.toml:zone")) for f in log.faults
    ):
        return
    own = {row.agency for row in hours.rows} | {row.agency for row in holidays.rows}
    for agency in sorted(own & set(organisation.agencies or ()) | {""}):
        try:
            read_calendar(hours.raw, holidays.raw, ZoneInfo(zone), agency or None)
        except CalendarRefused as refused:
            for fault in refused.faults:
                log.fault(_spreadsheet_place(fault.where, hours, holidays), fault.wrong, fault.right)


def _spreadsheet_place(where: str, *tables: Table[Any]) -> str:
    """The calendar engine counts the rows it was given (`holidays.csv:row 7`), people those of the file."""
    file, _, row = where.partition(":row ")
    for table in tables:
        if table.name == file and row.isdigit():
            return f"{file}:A{table.lines[int(row) - 2]}"
    return where


def _hash(records: Sequence[object], services: Sequence[Service]) -> str:
    plain = [[to_plain(part) for part in records], [[s.slug, s.content_hash] for s in services]]
    canonical = json.dumps(plain, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
    return hashlib.sha256(canonical.encode()).hexdigest()
