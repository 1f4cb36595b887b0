"""Publishing a regency folder: new immutable versions of what changed, in one transaction."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta

from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from pendapa.regency.faults import Report
from pendapa.regency.records import InformationService, Person, Regency, resolve_day
from pendapa.regency.service import Service as FolderService
from pendapa.regency.typed import to_plain
from pendapa.regency.writing import regency_files
from pendapa.web.accounts.models import User
from pendapa.web.catalogue.models import Service, ServiceFile, ServiceVersion
from pendapa.web.events.actions import record
from pendapa.web.events.chain import Actor
from pendapa.web.organisation.access import forget_publication
from pendapa.web.organisation.models import Agency, District, Placement, Position, Publication, Village

_LOCK = 715_002


class OfficeVersion(Exception):
    """Loading would overwrite a definition that was changed in the site's back office."""


@dataclass(frozen=True)
class Published:
    """What a load did."""

    publication: Publication
    new_versions: tuple[str, ...]
    unchanged: int
    retired: tuple[str, ...]


@transaction.atomic
def publish(
    regency: Regency, report: Report, *, now: datetime, actor: Actor, overwrite_office: bool = False
) -> Published:
    """Store a checked regency as the newest publication. Running cases keep the versions they began with.

    Raises OfficeVersion when a service's current version was made in the site and `overwrite_office` is not set.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    last = Publication.objects.order_by("-number").first()
    publication = Publication.objects.create(
        number=last.number + 1 if last else 1,
        loaded_at=now,
        loaded_by_id=actor.user_id,
        content_hash=regency.content_hash,
        regency={
            "facts": to_plain(regency.facts),
            "hours": [dict(row) for row in regency.hours_rows],
            "holidays": [dict(row) for row in regency.holiday_rows],
            "numbering": {code: to_plain(rules) for code, rules in regency.numbering.items()},
            "files": _plain_files(regency),
        },
        report={"summary": dict(report.summary), "warnings": [asdict(w) for w in report.warnings]},
    )
    _organisation(regency)
    agencies = {a.code: a for a in Agency.objects.all()}
    fresh: list[str] = []
    unchanged = 0
    seen: set[str] = set()
    for service in regency.services:
        seen.add(service.slug)
        made = _own(service, agencies[service.definition.agency], publication, now, overwrite_office)
        fresh, unchanged = ([*fresh, service.slug], unchanged) if made else (fresh, unchanged + 1)
    for row in regency.information_services:
        seen.add(row.slug)
        made = _information(row, agencies[row.agency], publication, now)
        fresh, unchanged = ([*fresh, row.slug], unchanged) if made else (fresh, unchanged + 1)
    gone = Service.objects.filter(active=True).exclude(slug__in=seen)
    retired = tuple(gone.values_list("slug", flat=True))
    gone.update(active=False)
    record(
        "folder.published",
        now=now,
        actor=actor,
        data={"publication": publication.number, "services": len(fresh)},
    )
    forget_publication()
    return Published(publication, tuple(fresh), unchanged, retired)


def _plain_files(regency: Regency) -> dict[str, str]:
    """The folder's tables as text, for `pendapa export`; services are kept by version, people as accounts."""
    files = regency_files(replace(regency, services=(), people=()))
    return {path: content.decode() for path, content in files.items()}


def _organisation(regency: Regency) -> None:
    for a in regency.agencies:
        Agency.objects.update_or_create(
            code=a.code,
            defaults={"name_id": a.name_id, "name_en": a.name_en, "type": a.type, "public_email": a.public_email,
                      "status": a.status, "active": True},
        )  # fmt: skip
    agencies = {a.code: a for a in Agency.objects.all()}
    for a in regency.agencies:
        if a.parent:
            Agency.objects.filter(code=a.code).update(parent=agencies[a.parent])
    Agency.objects.exclude(code__in=[a.code for a in regency.agencies]).update(active=False)
    for p in regency.positions:
        Position.objects.update_or_create(
            code=p.code,
            defaults={"title_id": p.title_id, "title_en": p.title_en, "agency": agencies[p.agency], "rank": p.rank,
                      "signs": p.signs, "role": p.role, "active": True},
        )  # fmt: skip
    positions = {p.code: p for p in Position.objects.all()}
    for p in regency.positions:
        Position.objects.filter(code=p.code).update(superior=positions[p.superior] if p.superior else None)
    Position.objects.exclude(code__in=[p.code for p in regency.positions]).update(active=False)
    for d in regency.districts:
        District.objects.update_or_create(code=d.code, defaults={"name": d.name, "source": d.source})
    districts = {d.code: d for d in District.objects.all()}
    for v in regency.villages:
        Village.objects.update_or_create(
            code=v.code,
            defaults={"name": v.name, "district": districts[v.district], "kind": v.kind, "source": v.source},
        )


def _own(
    source: FolderService, agency: Agency, publication: Publication, now: datetime, overwrite_office: bool
) -> bool:
    d = source.definition
    service, _ = Service.objects.update_or_create(
        slug=source.slug,
        defaults={"code": d.code, "name_id": d.name_id, "name_en": d.name_en, "mode": d.mode, "online": True,
                  "agency": agency, "group": d.group, "life_events": list(d.life_events), "keywords": list(d.keywords),
                  "active": True},
    )  # fmt: skip
    return _version(
        service, source.content_hash, d.to_json(), source.files, publication, now, overwrite_office
    )


def _information(row: InformationService, agency: Agency, publication: Publication, now: datetime) -> bool:
    service, _ = Service.objects.update_or_create(
        slug=row.slug,
        defaults={"code": row.code, "name_id": row.name_id, "name_en": row.name_en, "mode": row.mode, "online": False,
                  "agency": agency, "group": row.group, "life_events": [row.life_event], "keywords": list(row.keywords),
                  "active": True},
    )  # fmt: skip
    import hashlib
    import json

    plain = to_plain(row)
    digest = hashlib.sha256(json.dumps(plain, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
    return _version(service, digest, plain, {}, publication, now, False)


def _version(
    service: Service,
    content_hash: str,
    definition: dict[str, object],
    files: dict[str, bytes],
    publication: Publication,
    now: datetime,
    overwrite_office: bool,
) -> bool:
    current = service.current
    if current is not None and current.content_hash == content_hash:
        return False
    if current is not None and current.origin == "office" and not overwrite_office:
        raise OfficeVersion(
            f"services/{service.slug}: version {current.number} was changed in the site; export it first "
            f"(pendapa export FOLDER), or load with --overwrite to replace it"
        )
    last = service.versions.order_by("-number").first()
    version = ServiceVersion.objects.create(
        service=service,
        number=last.number + 1 if last else 1,
        publication=publication,
        published_at=now,
        content_hash=content_hash,
        definition=definition,
    )
    ServiceFile.objects.bulk_create(ServiceFile(version=version, path=p, content=c) for p, c in files.items())
    service.current = version
    service.save(update_fields=["current"])
    return True


def seat_people(people: Iterable[Person], *, today: date, now: datetime) -> list[User]:
    """Make the demo people of people.csv and place them. Rows of one username are one person's placements."""
    positions = {p.code: p for p in Position.objects.all()}
    seated: dict[str, User] = {}
    for person in people:
        user = seated.get(person.username) or User.objects.filter(username=person.username).first()
        if user is None:
            user = User.objects.create(
                username=person.username,
                name=person.name,
                email=person.email,
                kind=person.kind,
                date_joined=now,
            )
        seated[person.username] = user
        if not person.position:
            continue
        starts, ends = resolve_day(person.starts, today), resolve_day(person.ends, today)
        after = ends + timedelta(days=1) if ends else None
        position = positions[person.position]
        kind = person.placement or Placement.Kind.DEFINITIVE
        if not Placement.objects.filter(user=user, position=position, kind=kind).exists():
            Placement.objects.create(
                user=user,
                position=position,
                kind=kind,
                decree=person.decree,
                period=DateRange(starts, after),
                created_at=now,
            )
    return list(seated.values())
