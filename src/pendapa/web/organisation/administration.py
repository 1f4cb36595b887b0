"""Guarded reads of the administrator's pages. None of them shows what an application says or who made it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, Func, Max, Q, QuerySet

from pendapa.web.accounts.actions import administrator
from pendapa.web.accounts.models import User
from pendapa.web.cases.models import DueMove, TokenRow
from pendapa.web.cases.refusals import NotYours
from pendapa.web.catalogue.models import Service, ServiceFile, ServiceVersion
from pendapa.web.events.models import Event
from pendapa.web.notifications.models import Message
from pendapa.web.organisation.models import Placement, Position, Publication

PAGE = 30


@dataclass(frozen=True)
class Page:
    """A page of a list; `next` is the key after which the next one starts, empty on the last."""

    rows: list[Any]
    next: str
    started: bool


def _page(found: QuerySet[Any], after: int | None) -> Page:
    rows = list(found[: PAGE + 1])
    return Page(rows[:PAGE], str(rows[PAGE - 1].pk) if len(rows) > PAGE else "", after is not None)


# --- what is published -----------------------------------------------------------------------------
def running_cases() -> dict[int, int]:
    """How many cases run on each service version.

    Counted over tokens, which only open cases have, so that it costs what is open and not what ever was.
    """
    rows = TokenRow.objects.values("case__version_id").annotate(cases=Count("case_id", distinct=True))
    return {row["case__version_id"]: row["cases"] for row in rows}


def publications(admin: User, most: int = 20) -> list[Publication]:
    """The newest publications, newest first. Raises NotYours."""
    administrator(admin)
    return list(
        Publication.objects.select_related("loaded_by")
        .annotate(services=Count("serviceversion"))
        .defer("regency")
        .order_by("-number")[:most]
    )


def moved_promises(admin: User, publication: Publication, most: int = 100) -> tuple[list[DueMove], int]:
    """The cases whose promise a load moved, by number, and how many there are. Raises NotYours."""
    administrator(admin)
    moves = DueMove.objects.filter(publication=publication)
    return list(moves.select_related("case__service").order_by("case__number")[:most]), moves.count()


@dataclass(frozen=True)
class ServiceRow:
    """A service with its present version and the cases that run on it and on older ones."""

    service: Service
    versions: int
    on_current: int
    on_older: int


def services(admin: User) -> list[ServiceRow]:
    """All services that take applications here, by name. Raises NotYours."""
    administrator(admin)
    running = running_cases()
    found = (
        Service.objects.filter(Q(online=True) | Q(versions__in=running))
        .distinct()
        .select_related("current", "agency")
        .prefetch_related("versions")
        .order_by("name_id")
    )
    rows = []
    for service in found:
        counts = {version.pk: running.get(version.pk, 0) for version in service.versions.all()}
        current = counts.get(service.current_id or 0, 0)
        rows.append(ServiceRow(service, len(counts), current, sum(counts.values()) - current))
    return rows


@dataclass(frozen=True)
class VersionRow:
    """A version, the cases running on it, and how its files differ from the version before."""

    version: ServiceVersion
    running: int
    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]


def versions_of(admin: User, slug: str) -> tuple[Service, list[VersionRow]]:
    """A service and its versions, newest first. Raises NotYours."""
    administrator(admin)
    service = Service.objects.select_related("agency").filter(slug=slug).first()
    if service is None:
        raise NotYours
    running = running_cases()
    versions = list(service.versions.select_related("publication__loaded_by").order_by("number"))
    files: dict[int, dict[str, bytes]] = {version.pk: {} for version in versions}
    hashed = ServiceFile.objects.filter(version__service=service).annotate(
        digest=Func(F("content"), function="sha256")
    )
    for version_id, path, digest in hashed.values_list("version_id", "path", "digest"):
        files[version_id][path] = bytes(digest)
    rows: list[VersionRow] = []
    before: ServiceVersion | None = None
    for version in versions:
        now_there, were_there = files[version.pk], files[before.pk] if before else {}
        changed = {p for p in now_there.keys() & were_there.keys() if now_there[p] != were_there[p]}
        if before is not None and before.definition != version.definition:
            changed.add("service.toml" if service.online else "services.csv")
        rows.append(
            VersionRow(
                version,
                running.get(version.pk, 0),
                tuple(sorted(now_there.keys() - were_there.keys())) if before else (),
                tuple(sorted(were_there.keys() - now_there.keys())),
                tuple(sorted(changed)),
            )
        )
        before = version
    return service, rows[::-1]


# --- people ----------------------------------------------------------------------------------------
def people(admin: User, today: date, query: str = "", after: int | None = None) -> Page:
    """Officers and administrators by name, with the posts they hold today in `held`. Raises NotYours.

    Citizens are not listed: what they are to the administrator is their right to use the site, nothing more.
    """
    administrator(admin)
    found = User.objects.exclude(kind=User.Kind.CITIZEN).order_by("name", "pk")
    for word in query.split()[:5]:
        found = found.filter(
            Q(name__icontains=word)
            | Q(username__istartswith=word)
            | Q(email__istartswith=word)
            | Q(pk__in=Placement.objects.filter(position__title_id__icontains=word).values("user_id"))
        )
    if after is not None:
        last = User.objects.filter(pk=after).first()
        if last is not None:
            found = found.filter(Q(name__gt=last.name) | Q(name=last.name, pk__gt=last.pk))
    page = _page(found, after)
    placements = Placement.objects.filter(user__in=page.rows, period__contains=today).select_related(
        "position"
    )
    held: dict[int, list[Placement]] = {}
    for placement in placements.order_by("position__rank", "pk"):
        held.setdefault(placement.user_id, []).append(placement)
    for person in page.rows:
        person.held = held.get(person.pk, [])
    return page


def person(admin: User, user_id: int) -> tuple[User, list[Placement]]:
    """An officer or administrator and their placements, newest first. Raises NotYours."""
    administrator(admin)
    found = User.objects.exclude(kind=User.Kind.CITIZEN).filter(pk=user_id).first()
    if found is None:
        raise NotYours
    placements = found.placements.select_related("position__agency", "created_by").order_by("-period", "-pk")
    return found, list(placements)


def placement(admin: User, placement_id: int) -> Placement:
    """One placement with its person and position. Raises NotYours."""
    administrator(admin)
    found = Placement.objects.select_related("user", "position__agency").filter(pk=placement_id).first()
    if found is None:
        raise NotYours
    return found


def open_positions() -> QuerySet[Position]:
    """The positions somebody may be placed in, by agency and rank."""
    return (
        Position.objects.filter(active=True)
        .select_related("agency")
        .order_by("agency__name_id", "rank", "code")
    )


# --- messages and events ---------------------------------------------------------------------------
def messages(admin: User, status: str = "", after: int | None = None) -> Page:
    """Messages to people, newest first; texts stay sealed. Raises NotYours."""
    administrator(admin)
    found = Message.objects.select_related("case").defer("subject", "body", "case__answers").order_by("-pk")
    if status in Message.Status.values:
        found = found.filter(status=status)
    if after is not None:
        found = found.filter(pk__lt=after)
    return _page(found, after)


def waiting_and_failed() -> tuple[int, int]:
    """How many messages wait and how many were given up, each counted up to 100 only."""
    return tuple(  # type: ignore[return-value]
        Message.objects.filter(status=status).order_by()[:100].count() for status in ("waiting", "failed")
    )


EVENT_GROUPS = {
    "kabupaten": ("folder.", "message."),
    "orang": ("person.",),
    "berkas": ("application.", "case.", "clock.", "timer.", "handover.", "note.", "task."),
    "dokumen": ("document.", "number."),
}


def events(admin: User, group: str = "", after: int | None = None) -> Page:
    """The log, newest first. Raises NotYours."""
    administrator(admin)
    found = Event.objects.select_related("case").defer(
        "case__answers", "case__applicant_name", "case__applicant_email", "case__correction"
    )
    if group in EVENT_GROUPS:
        wanted = Q()
        for prefix in EVENT_GROUPS[group]:
            wanted |= Q(kind__startswith=prefix)
        found = found.filter(wanted)
    if after is not None:
        found = found.filter(pk__lt=after)
    return _page(found.order_by("-pk"), after)


def officers_by_key(keys: Iterable[Any]) -> dict[str, str]:
    """Names of officers and administrators by the key that events know them by; citizens stay keys."""
    rows = User.objects.filter(key__in={k for k in keys if k}).exclude(kind=User.Kind.CITIZEN)
    return {str(key): name for key, name in rows.values_list("key", "name")}


def last_seal() -> dict[str, Any]:
    """Number and time of the newest seal over all chains."""
    from pendapa.web.events.models import Seal

    return Seal.objects.aggregate(number=Max("number"), at=Max("sealed_at"))
