"""The inbox: open tasks of the positions a person holds, and late ones that climbed to them, soonest due first.

Every page is a union of one index range per position (task_inbox, task_climbed), read from a key on, so a page
costs the same at a thousand tasks and at a million. Counts look at the first WINDOW tasks only and say "99+" beyond.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import reduce

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pendapa.web.cases.models import Case, Task
from pendapa.web.organisation.access import Post, zone
from pendapa.web.sealed import blind_index

ROWS = 20
WINDOW = 1000
MOST_COUNTED = 99
MOST_FOUND = 200
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

ALL, LATE, TODAY, UNCLAIMED, RETURNED = "semua", "terlambat", "hari-ini", "belum-diambil", "dikembalikan"
VIEWS = (ALL, LATE, TODAY, UNCLAIMED, RETURNED)


@dataclass(frozen=True)
class Wanted:
    """Which tasks a page shows. `cases` narrows to some cases (a search); None means all."""

    view: str = ALL
    service: int | None = None
    district: int | None = None
    cases: tuple[int, ...] | None = None
    after: tuple[datetime, int] | None = None

    @property
    def narrowed(self) -> bool:
        """Whether more than the view decides: then the counts of the whole inbox would mislead."""
        return self.service is not None or self.district is not None or self.cases is not None


@dataclass(frozen=True)
class Page:
    """Up to ROWS tasks and the key after which the next page starts, empty on the last one."""

    tasks: list[Task] = field(default_factory=list)
    next: str = ""


def end_of_day(now: datetime) -> datetime:
    """Midnight at the end of the regency's day."""
    local = now.astimezone(zone())
    return (local + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)


def page_of(posts: Iterable[Post], wanted: Wanted, *, now: datetime) -> Page:
    """One page of the inbox by keyset (due_at, id): complete and stable also where many are due at the same time."""
    keys = _keys(posts, wanted, now)
    found = list(keys.order_by("due_at", "pk")[: ROWS + 1]) if keys is not None else []
    rows = (
        Task.objects.filter(pk__in=[pk for pk, _due in found[:ROWS]])
        .select_related("case", "service", "district", "position", "claimed_by")
        .only(
            "element", "kind", "status", "returned", "due_at", "climbed_to_id", "claimed_by_id", "position_id",
            "case__number", "case__applicant_name", "case__version_id", "service__name_id", "service__name_en",
            "district__name", "position__title_id", "position__title_en", "claimed_by__name",
        )
        .order_by("due_at", "pk")
    )  # fmt: skip
    return Page(list(rows) if found else [], key_of(*found[ROWS - 1]) if len(found) > ROWS else "")


def key_of(pk: int, due_at: datetime) -> str:
    """A place in the inbox as it stands in an address."""
    return f"{(due_at - _EPOCH) // timedelta(microseconds=1)}_{pk}"


def place_of(key: str) -> tuple[datetime, int] | None:
    """Read what `key_of` wrote; None for anything else."""
    since, _sep, pk = key.partition("_")
    try:
        return _EPOCH + timedelta(microseconds=int(since)), int(pk)
    except (ValueError, OverflowError):
        return None


def _keys(
    posts: Iterable[Post], wanted: Wanted, now: datetime
) -> QuerySet[Task, tuple[int, datetime]] | None:
    narrow = Q(status=Task.Status.OPEN)
    if wanted.view == LATE:
        narrow &= Q(due_at__lt=now)
    elif wanted.view == TODAY:
        narrow &= Q(due_at__gte=now, due_at__lt=end_of_day(now))
    elif wanted.view == UNCLAIMED:
        narrow &= Q(claimed_by__isnull=True)
    elif wanted.view == RETURNED:
        narrow &= Q(returned=True)
    if wanted.service is not None:
        narrow &= Q(service_id=wanted.service)
    if wanted.district is not None:
        narrow &= Q(district_id=wanted.district)
    if wanted.cases is not None:
        narrow &= Q(case_id__in=wanted.cases)
    if wanted.after is not None:
        due_at, pk = wanted.after
        narrow &= Q(due_at__gte=due_at) & ~Q(due_at=due_at, pk__lte=pk)
    ranges = [
        Task.objects.filter(narrow, **held).order_by("due_at", "pk").values_list("pk", "due_at")[: ROWS + 1]
        for post in posts
        for held in ({"position_id": post.position.pk}, {"climbed_to_id": post.position.pk})
    ]
    return reduce(lambda one, other: one.union(other), ranges) if ranges else None


def counts_of(posts: Iterable[Post], *, now: datetime) -> dict[str, str]:
    """How many tasks each view has, told from the first WINDOW ones by one statement that reads no more than those."""
    held = [post.position.pk for post in posts]
    if not held:
        return dict.fromkeys(VIEWS, "0")
    part = (
        "(SELECT id, due_at, claimed_by_id, returned FROM cases_task WHERE status = 'open' AND {column} = %s "
        "ORDER BY due_at, id LIMIT %s)"
    )
    parts = " UNION ".join(part.format(column=c) for _held in held for c in ("position_id", "climbed_to_id"))
    values = [v for pk in held for v in (pk, WINDOW, pk, WINDOW)]
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH first AS ({parts} ORDER BY due_at, id LIMIT %s) "  # noqa: S608 - fixed column names
            "SELECT count(*), count(*) FILTER (WHERE due_at < %s), "
            "count(*) FILTER (WHERE due_at >= %s AND due_at < %s), "
            "count(*) FILTER (WHERE claimed_by_id IS NULL), count(*) FILTER (WHERE returned) FROM first",
            [*values, WINDOW, now, now, end_of_day(now)],
        )
        row = cursor.fetchone()
    return {
        view: _capped(count, sure=row[0] < WINDOW or view in (ALL, LATE))
        for view, count in zip(VIEWS, row, strict=True)
    }


def _capped(count: int, *, sure: bool) -> str:
    if count > MOST_COUNTED:
        return f"{MOST_COUNTED}+"
    return str(count) if sure else f"{count}+"


def cases_numbered(number: str) -> tuple[int, ...]:
    """The case of a number, whether or not the searcher may see it; the inbox narrows further."""
    return tuple(Case.objects.filter(number=number.strip().upper()).values_list("pk", flat=True)[:1])


def cases_of_person(index: bytes) -> tuple[int, ...]:
    """The newest cases of a person, by the blind index of the NIK."""
    return tuple(
        Case.objects.filter(nik_index=index).order_by("-pk").values_list("pk", flat=True)[:MOST_FOUND]
    )


def nik_index(text: str) -> bytes | None:
    """The blind index of a NIK as somebody typed it; None when it is not one."""
    digits = "".join(text.split())
    return blind_index(digits, "nik") if digits.isdigit() and len(digits) == 16 else None


@dataclass(frozen=True)
class Due:
    """How near a deadline is, in words and as the kind of a pill."""

    word: str
    kind: str


def due_in_words(due_at: datetime, now: datetime) -> Due:
    """'Lewat 1 hari', 'Hari ini, 15.30', 'Besok', '30 Maret 2026': colour never speaks alone."""
    from pendapa.web.templatetags.pendapa import clock_time, short_date

    days = (due_at.astimezone(zone()).date() - now.astimezone(zone()).date()).days
    if due_at < now:
        if days == 0:
            return Due(_("Lewat sejak %(time)s") % {"time": clock_time(due_at)}, "bad")
        late = ngettext("Lewat %(days)d hari", "Lewat %(days)d hari", -days)
        return Due(late % {"days": -days}, "bad")
    if days == 0:
        return Due(_("Hari ini, %(time)s") % {"time": clock_time(due_at)}, "warn")
    if days == 1:
        return Due(_("Besok"), "info")
    return Due(short_date(due_at), "info")
