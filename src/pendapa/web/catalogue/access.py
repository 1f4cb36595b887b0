"""Guarded reads of the catalogue. All of it is public: active services as published, and sums of cases."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, Literal

from django.db.models import Aggregate, Count, IntegerField, Q
from django.utils.translation import gettext as _

from pendapa.web.cases.models import CaseFact
from pendapa.web.catalogue.models import Service
from pendapa.web.catalogue.search import Index, Searchable
from pendapa.web.catalogue.standard import PublishedStandard, read_standard
from pendapa.web.organisation import access as organisation
from pendapa.web.templatetags.pendapa import language, localised

Way = Literal["online", "outside", "counter"]

FEWEST_CASES = 5
"""Figures over fewer cases are not shown: they would tell of persons, not of the service."""

DECIDED = ("issued", "granted", "refused", "deemed", "handed_over")


class NoSuchService(Exception):
    """No active service, life event or agency of this name is published."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A service as lists show it, in the language of the page."""

    slug: str
    name: str
    summary: str
    way: Way
    agency_code: str
    agency: str
    group: str
    life_events: tuple[str, ...]
    standard: PublishedStandard

    @property
    def summary_untranslated(self) -> bool:
        """Whether the summary is the product of a standard that has no English, on an English page."""
        return self.summary == self.standard.product and "product" in self.standard.untranslated


@dataclass(frozen=True, slots=True)
class Group:
    """Services under one heading."""

    code: str
    name: str
    summary: str
    entries: tuple[Entry, ...]

    @property
    def count(self) -> int:
        return len(self.entries)


@dataclass(frozen=True, slots=True)
class ServicePage:
    """Everything that is published of one service."""

    entry: Entry
    code: str
    mode: str
    version: int
    published_at: datetime | None
    standard: PublishedStandard
    decided_by: str
    outside_system: str
    outside_url: str
    status: str
    to_be_confirmed: tuple[str, ...]
    silence_is_consent: bool
    against_refusals: bool

    @property
    def unsure(self) -> str:
        """A sentence on how sure the facts of this page are; empty where they are confirmed."""
        return {
            "confirmed": "",
            "confirmed-part": _("Sebagian syarat dan waktunya sudah dipastikan, sebagian belum."),
            "law-known": _("Menurut aturan nasional; pelaksanaannya di sini belum dipastikan."),
            "typical": _("Lazimnya begini di daerah lain; di sini belum dipastikan."),
        }.get(self.status, _("Sebagian isi halaman ini belum dipastikan.") if self.status else "")


@dataclass(frozen=True, slots=True)
class PromiseKept:
    """What was promised and what half of the decided cases took, in working days."""

    slug: str
    name: str
    promised_days: int
    half_within_days: int
    cases: int

    @property
    def kept(self) -> bool:
        return self.half_within_days <= self.promised_days


@dataclass(frozen=True, slots=True)
class Promises:
    """Promises against facts over [first, last]; `cases` counts all decided ones, listed or not."""

    first: date
    last: date
    whole_month: bool
    rows: tuple[PromiseKept, ...]
    cases: int


class MiddleValue(Aggregate):
    """The smallest value within which at least half of the rows lie."""

    function = "PERCENTILE_DISC"
    name = "MiddleValue"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = IntegerField()


def way_of(mode: str, online: bool) -> Way:
    """How a citizen gets it: applied for here, in another government's system, or at a counter."""
    return "online" if online else "outside" if mode == Service.Mode.HANDOVER else "counter"


def entries() -> list[Entry]:
    """Every active service in its current version, by name. One query."""
    found = [_entry(service) for service in _services()]
    return sorted(found, key=lambda entry: entry.name.lower())


def _services() -> Iterable[Service]:
    return Service.objects.filter(active=True, current__isnull=False).select_related("agency", "current")


def _entry(service: Service) -> Entry:
    assert service.current is not None
    definition: Mapping[str, Any] = service.current.definition
    standard = read_standard(definition, language())
    return Entry(
        slug=service.slug,
        name=localised(service),
        summary=localised(definition, "summary") or standard.product,
        way=way_of(service.mode, service.online),
        agency_code=service.agency.code,
        agency=localised(service.agency),
        group=service.group,
        life_events=tuple(service.life_events),
        standard=standard,
    )


def find(query: str, among: Sequence[Entry]) -> list[Entry]:
    """The entries that answer a query, best first. `among` decides what may be found. One query."""
    by_slug = {entry.slug: entry for entry in among}
    return [by_slug[hit.slug] for hit in _index().search(query) if hit.slug in by_slug]


def _index() -> Index:
    rows = Service.objects.filter(active=True, current__isnull=False).values_list(
        "slug", "name_id", "name_en", "keywords", "group", "agency__name_id", "current__definition__product",
        "current__definition__standard__product",
    )  # fmt: skip
    return _built(
        tuple(
            Searchable(
                slug=slug,
                names=(name_id, name_en),
                keywords=tuple(keywords),
                products=(product or standard_product or "",),
                groups=(group,),
                agencies=(agency,),
            )
            for slug, name_id, name_en, keywords, group, agency, product, standard_product in rows.order_by(
                "slug"
            )
        )
    )


@lru_cache(maxsize=2)
def _built(services: tuple[Searchable, ...]) -> Index:
    return Index(services)


def by_life_event(among: Sequence[Entry]) -> list[Group]:
    """The entries under the regency's life events, the fullest first; what belongs to none comes last."""
    named: Mapping[str, Mapping[str, Any]] = _facts().get("life_events", {})
    groups = [
        Group(
            code,
            localised(event),
            localised(event, "summary"),
            tuple(entry for entry in among if code in entry.life_events),
        )
        for code, event in named.items()
    ]
    rest = tuple(entry for entry in among if not any(code in named for code in entry.life_events))
    groups.sort(key=lambda group: (-group.count, group.name.lower()))
    return [group for group in groups if group.entries] + (
        [Group("", _("Lainnya"), "", rest)] if rest else []
    )


def by_agency(among: Sequence[Entry]) -> list[Group]:
    """The entries under the agencies that answer for them, by name."""
    names = {entry.agency_code: entry.agency for entry in among}
    return [
        Group(code, name, "", tuple(entry for entry in among if entry.agency_code == code))
        for code, name in sorted(names.items(), key=lambda pair: pair[1].lower())
    ]


def group_called(code: str, groups: Iterable[Group]) -> Group:
    """One group by its code. Raises NoSuchService."""
    for group in groups:
        if code and group.code == code:
            return group
    raise NoSuchService(code)


def service_page(slug: str) -> ServicePage:
    """One active service in its current version. Raises NoSuchService."""
    service = next(iter(_services_called(slug)), None)
    if service is None or service.current is None:
        raise NoSuchService(slug)
    definition: Mapping[str, Any] = service.current.definition
    entry = _entry(service)
    return ServicePage(
        entry=entry,
        code=service.code,
        mode=service.mode,
        version=service.current.number,
        published_at=service.current.published_at,
        standard=entry.standard,
        decided_by=str(definition.get("decided_by") or ""),
        outside_system=str(definition.get("outside_system") or ""),
        outside_url=str(definition.get("outside_url") or ""),
        status=str(definition.get("status") or ""),
        to_be_confirmed=tuple(definition.get("to_be_confirmed") or ()),
        silence_is_consent=(definition.get("clock") or {}).get("silence") == "consent",
        against_refusals=bool(definition.get("against")),
    )


def _services_called(slug: str) -> Iterable[Service]:
    return Service.objects.filter(active=True, current__isnull=False, slug=slug).select_related(
        "agency", "current"
    )


def promises_kept(now: datetime, among: Sequence[Entry]) -> Promises:
    """Promised against actual working days of this month's decided cases; of 30 days while it is young."""
    today = organisation.local_day(now)
    this_month = _promises(today.replace(day=1), today, True, among)
    return this_month if this_month.rows else _promises(today - timedelta(days=29), today, False, among)


def _promises(first: date, last: date, whole_month: bool, among: Sequence[Entry]) -> Promises:
    zone = organisation.zone()
    starts = datetime(first.year, first.month, first.day, tzinfo=zone)
    ends = datetime(last.year, last.month, last.day, tzinfo=zone) + timedelta(days=1)
    facts = (
        CaseFact.objects.filter(
            ended_at__gte=starts, ended_at__lt=ends, outcome__in=DECIDED, working_days__isnull=False
        )
        .values("service")
        .annotate(cases=Count("pk"), half=MiddleValue("working_days"))
        .order_by("-cases", "service")
    )
    by_slug = {entry.slug: entry for entry in among}
    rows = []
    total = 0
    for fact in facts:
        total += fact["cases"]
        entry = by_slug.get(fact["service"])
        promised = entry.standard.promised_days if entry else None
        if entry is None or promised is None or fact["cases"] < FEWEST_CASES:
            continue
        rows.append(PromiseKept(entry.slug, entry.name, promised, fact["half"], fact["cases"]))
    return Promises(first, last, whole_month, tuple(rows[:6]), total)


def often_sought(now: datetime, among: Sequence[Entry], most: int = 3) -> list[Entry]:
    """What was applied for most in the last 60 days; while too few did, the services that are online."""
    since = organisation.local_day(now) - timedelta(days=60)
    counted = (
        CaseFact.objects.filter(received_on__gte=since)
        .values("service")
        .annotate(cases=Count("pk"))
        .filter(Q(cases__gte=FEWEST_CASES))
        .order_by("-cases", "service")[:most]
    )
    by_slug = {entry.slug: entry for entry in among}
    found = [by_slug[row["service"]] for row in counted if row["service"] in by_slug]
    return found or [entry for entry in among if entry.way == "online"][:most]


def _facts() -> Mapping[str, Any]:
    try:
        return organisation.regency()
    except organisation.NothingPublished:
        return {}
