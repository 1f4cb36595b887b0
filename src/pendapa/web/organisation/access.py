"""Guarded reads of the organisation: who holds which position on a day, and what is published."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from django.contrib.auth.models import AnonymousUser

from pendapa.calendars import WorkCalendar, read_calendar
from pendapa.web.accounts.models import User
from pendapa.web.events.chain import Actor
from pendapa.web.organisation.models import Agency, District, Placement, Position, Publication
from pendapa.web.rows import select

_Kept = TypeVar("_Kept")
_FRESH_SECONDS = 3.0
"""How long a web process may go on with a publication after another process has loaded a newer one."""


class NothingPublished(Exception):
    """No regency folder has been loaded yet."""


class _Current:
    publication: Publication | None = None
    looked_at: float = 0.0
    kept: dict[Any, Any] = {}


def current_publication() -> Publication:
    """The newest publication, looked up at most every three seconds per process. Raises NothingPublished."""
    tick = time.monotonic()
    if _Current.publication is None or tick - _Current.looked_at > _FRESH_SECONDS:
        newest = Publication.objects.order_by("-number").first()
        if newest is None:
            raise NothingPublished("no regency folder is loaded; run: pendapa load FOLDER")
        if _Current.publication is None or newest.pk != _Current.publication.pk:
            _Current.kept = {}
        _Current.publication, _Current.looked_at = newest, tick
    return _Current.publication


def forget_publication() -> None:
    """Make the next read look again: after a load, and between tests."""
    _Current.publication, _Current.looked_at, _Current.kept = None, 0.0, {}


def regency() -> dict[str, Any]:
    """regency.toml as published."""
    facts: dict[str, Any] = current_publication().regency["facts"]
    return facts


def zone() -> ZoneInfo:
    """The regency's time zone; Jakarta before anything is loaded."""
    try:
        return ZoneInfo(regency().get("zone", "Asia/Jakarta"))
    except NothingPublished:
        return ZoneInfo("Asia/Jakarta")


def local_day(now: datetime) -> date:
    """The calendar day in the regency at an instant."""
    return now.astimezone(zone()).date()


def kept_with_publication(key: Hashable, make: Callable[[], _Kept]) -> _Kept:
    """What `make` gives, kept for as long as the publication is: for rows that only a load changes. Read it only."""
    try:
        current_publication()
    except NothingPublished:
        return make()
    kept = _Current.kept  # what is made from an old publication must not land among the things of a new one
    if key not in kept:
        kept[key] = make()
    found: _Kept = kept[key]
    return found


def calendar_of(agency: str | None) -> WorkCalendar:
    """The working calendar of an agency, kept for as long as the publication is."""

    def make() -> WorkCalendar:
        published = current_publication().regency
        return read_calendar(
            published["hours"],
            published["holidays"],
            ZoneInfo(published["facts"].get("zone", "Asia/Jakarta")),
            agency,
            receipt_after_closing=published["facts"].get("receipt_after_closing", "next_day"),
        )

    return kept_with_publication(("calendar", agency), make)


def published_position(code: str, role: str, agency: str) -> Position | None:
    """The active position with this code, or without a code the first with this role in an agency."""
    for position in sorted(_positions().values(), key=lambda p: (p.rank, p.code)):
        wanted = position.code == code if code else (position.role, position.agency.code) == (role, agency)
        if wanted and position.active:
            return position
    return None


def position_by_key(key: int) -> Position:
    """A position with its agency, as last published. Read it only."""
    return _positions().get(key) or Position.objects.select_related("agency").get(pk=key)


def _positions() -> dict[int, Position]:
    return kept_with_publication(
        "positions", lambda: {row.pk: row for row in Position.objects.select_related("agency")}
    )


def agency_by_key(key: int) -> Agency:
    """An agency as last published. Read it only."""
    known = kept_with_publication("agencies", lambda: {row.pk: row for row in Agency.objects.all()})
    return known.get(key) or Agency.objects.get(pk=key)


def district_by_key(key: int) -> District:
    """A district as last published. Read it only."""
    return _districts().get(key) or District.objects.get(pk=key)


def _districts() -> dict[int, District]:
    return kept_with_publication(
        "districts", lambda: {row.pk: row for row in District.objects.order_by("pk")}
    )


def published_district(answer: str) -> District | None:
    """The district an answer means: by code, or by name as a form's choice writes it."""
    if not answer:
        return None
    plain = answer.replace("_", " ").replace("-", " ").casefold()
    rows = _districts().values()
    by_code = next((row for row in rows if row.code == answer), None)
    return by_code or next((row for row in rows if row.name.casefold() == plain), None)


@dataclass(frozen=True)
class Post:
    """A position a person holds today, and how."""

    position: Position
    kind: str
    decree: str

    @property
    def title_id(self) -> str:
        """The title as it stands under a signature: "Plt. Kepala Dinas ..."."""
        prefix = {"plt": "Plt. ", "plh": "Plh. "}.get(self.kind, "")
        return prefix + self.position.title_id


def posts_of(user: User | AnonymousUser, today: date) -> list[Post]:
    """The positions a person holds on a day, definitive ones first."""
    if not isinstance(user, User) or user.suspended_at is not None:
        return []
    held = select(
        "SELECT position_id, kind, decree FROM organisation_placement WHERE user_id = $1 AND period @> $2::date",
        [user.pk, today],
    )
    posts = [Post(position_by_key(position_id), kind, decree) for position_id, kind, decree in held]
    active = [post for post in posts if post.position.active]
    return sorted(
        active,
        key=lambda p: (p.kind != Placement.Kind.DEFINITIVE, p.position.rank, p.position.pk),
    )


def acting(user: User, posts: Iterable[Post], position_id: int | None = None, channel: str = "web") -> Actor:
    """The actor of an officer's act: in the given position when they hold it, else in their first one."""
    held = list(posts)
    post = next((p for p in held if p.position.pk == position_id), held[0] if held else None)
    return Actor(
        key=user.key,
        user_id=user.pk,
        position=post.position.code if post else "",
        acted_as=post.kind if post else "",
        channel=channel,
    )
