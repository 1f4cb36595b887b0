"""The rows of a regency folder's tables. Field names are the columns, described in docs/folder.md."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated, Literal

from pendapa.regency.typed import (
    Clock,
    Code,
    DayOrRelative,
    Email,
    Key,
    NotEmpty,
    NotNegative,
    Positive,
    Slug,
    Text,
)

if TYPE_CHECKING:
    from pendapa.regency.service import Service

Status = Literal["confirmed", "to be confirmed"]
ServiceStatus = Literal["confirmed", "confirmed-part", "law-known", "typical", "to be confirmed"]
Role = Literal["head", "technical", "front_office", "administrator", "none"]


@dataclass(frozen=True, slots=True)
class LifeEvent:
    """A table `[life_events.CODE]` of regency.toml: a moment of life for which citizens need services."""

    name_id: Text
    name_en: Text
    summary_id: Text
    summary_en: Text


@dataclass(frozen=True, slots=True)
class RegencyFacts:
    """regency.toml."""

    code: Text
    name_id: Text
    name_en: Text
    short_name: Text
    province: Text
    zone: Text
    languages: Annotated[tuple[Literal["id", "en"], ...], NotEmpty()]
    mall_name: Text
    receipt_after_closing: Literal["next_day", "same_day"]
    illustrative: bool
    life_events: dict[Key, LifeEvent]
    seat: str = ""
    contact_email: Email = ""
    contact_phone: str = ""
    address: str = ""
    to_be_confirmed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Agency:
    """A row of agencies.csv: an office of the regency (OPD) or an outside body that serves its citizens."""

    code: Code
    name_id: Text
    name_en: Text
    type: Text
    parent: str = ""
    public_email: Email = ""
    status: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Position:
    """A row of positions.csv: a post that people hold. Rank 1 is the head of the region."""

    code: Code
    title_id: Text
    title_en: Text
    agency: Text
    superior: str
    rank: Positive
    signs: bool
    role: Role
    status: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """A row of people.csv (demo only, invented): a person, or a further placement of one.

    `starts` and `ends` (last day, inclusive) are ISO dates, `today+N` / `today-N`, or empty for no bound.
    """

    username: Key
    name: Text
    email: Email
    kind: Literal["citizen", "officer", "administrator"]
    position: str = ""
    placement: Literal["", "definitive", "plt", "plh"] = ""
    decree: str = ""
    starts: DayOrRelative = ""
    ends: DayOrRelative = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class District:
    """A row of districts.csv (kecamatan)."""

    code: Text
    name: Text
    bps_code: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Village:
    """A row of villages.csv (desa or kelurahan). A row stands only with its source."""

    code: Text
    name: Text
    district: Text
    kind: Literal["desa", "kelurahan"]
    source: Text


@dataclass(frozen=True, slots=True)
class Holiday:
    """A row of holidays.csv: a day without office hours, for all agencies or for one."""

    date: date
    name: Text
    kind: Literal["national", "shared_leave", "regional"]
    agency: str
    source: Text
    status: Status


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """A row of office-hours.csv: one stretch of open hours on one weekday (1 = Monday) of one season."""

    agency: str
    season: Text
    starts: date | None
    ends: date | None
    weekday: Positive
    opens: Clock
    closes: Clock
    source: Text
    status: Status


@dataclass(frozen=True, slots=True)
class NumberClass:
    """A table `[classes.CODE]` of numbering.toml: how letters of a class are numbered."""

    pattern: Text
    digits: Positive
    subject: Text
    retention_years: Positive
    status: Status


@dataclass(frozen=True, slots=True)
class Numbering:
    """numbering.toml."""

    classes: dict[Code, NumberClass]


@dataclass(frozen=True, slots=True)
class InformationService:
    """A row of services.csv: a service that is a page of information. Without `fee_idr` a formula sets it."""

    code: Code
    slug: Slug
    name_id: Text
    name_en: Text
    mode: Literal["own", "handover", "counter"]
    agency: Text
    decided_by: Text
    group: Text
    life_event: Text
    keywords: Annotated[tuple[Text, ...], NotEmpty()]
    requirements: Annotated[tuple[Text, ...], NotEmpty()]
    time_value: Positive
    time_unit: Literal["minute", "hour", "day"]
    fee_idr: NotNegative | None
    fee_note: str
    product: Text
    legal_basis: Text
    outside_system: str
    outside_url: str
    status: ServiceStatus


@dataclass(frozen=True, slots=True)
class Regency:
    """A whole, faultless regency folder. `names` by language; `hours_rows`, `holiday_rows` are the raw rows
    that `pendapa.calendars.read_calendar` takes; `content_hash` is sha256 (hex) over everything read."""

    code: str
    names: Mapping[str, str]
    zone: str
    languages: tuple[str, ...]
    facts: RegencyFacts
    agencies: tuple[Agency, ...]
    positions: tuple[Position, ...]
    people: tuple[Person, ...]
    districts: tuple[District, ...]
    villages: tuple[Village, ...]
    hours_rows: tuple[Mapping[str, str], ...]
    holiday_rows: tuple[Mapping[str, str], ...]
    numbering: Mapping[str, NumberClass]
    information_services: tuple[InformationService, ...]
    services: tuple[Service, ...]
    content_hash: str


def resolve_day(text: str, today: date) -> date | None:
    """Turn a day of people.csv into a date: `today-5` counts from `today`, nothing is None."""
    if not text:
        return None
    if text.startswith("today"):
        return today + timedelta(days=int(text[5:] or "0"))
    return date.fromisoformat(text)
