"""Moving the running cases of a service to its present version, in bulk, and taking that back.

An administrator starts a run; the worker goes through its cases one by one, each in a transaction of its own, and
writes the progress on the run. A worker that ends in the middle leaves the rest waiting, and the run is taken up again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task

from pendapa.processes import MapRefused, MigrationRefused, Reason, State
from pendapa.web.accounts.actions import administrator
from pendapa.web.accounts.models import User
from pendapa.web.cases.migrating import Way, go_back, go_over, judge
from pendapa.web.cases.models import OPEN_STATES, Case, TokenRow
from pendapa.web.cases.move_rows import MovedCase, MoveRun
from pendapa.web.cases.refusals import NotYours, Refused
from pendapa.web.cases.work import CaseWork, is_over, locked_case, state_of
from pendapa.web.catalogue.models import Service, ServiceVersion
from pendapa.web.events.chain import Actor

logger = logging.getLogger(__name__)
BATCH: Final = 50
MOST_TRIED: Final = 2000
"""Cases a trial looks at: what a page can wait for. The run itself judges every case."""
_SILENCE = timedelta(minutes=2)
Given = Mapping[str, str | None]


# --- what may be moved -----------------------------------------------------------------------------
@dataclass(frozen=True)
class Offer:
    """A version with running cases, the version that is valid now, and the way between them."""

    service: Service
    before: ServiceVersion
    after: ServiceVersion
    way: Way


def offer(admin: User, slug: str, number: int, given: Given) -> Offer:
    """From this version to the present one. Raises NotYours, and Refused for a map that cannot be."""
    administrator(admin)
    service = Service.objects.select_related("current", "agency").filter(slug=slug, active=True).first()
    before = ServiceVersion.objects.filter(service=service, number=number).first() if service else None
    if service is None or before is None or service.current is None or service.current_id == before.pk:
        raise NotYours
    found = Offer(
        service, before, service.current, Way(before.pk, service.current.pk, tuple(sorted(given.items())))
    )
    try:
        _map = found.way.node_map
    except MapRefused as refused:
        raise Refused(
            _("Peta langkah tidak bisa dipakai. Pilih langkah yang ada dan sejenis: %(faults)s")
            % {"faults": " ".join(refused.faults)}
        ) from refused
    return found


@dataclass(frozen=True)
class Tried:
    """The verdict about one case, with nothing changed."""

    number: str
    reasons: tuple[Reason, ...]
    warnings: tuple[Reason, ...]


def try_out(found: Offer) -> tuple[list[Tried], bool]:
    """The verdict about each running case, refused ones first; whether there are more cases than were looked at.

    What applications say is not read.
    """
    cases = list(
        _running(found.before.pk).order_by("pk").only("number", "variables", "serial")[: MOST_TRIED + 1]
    )
    tokens: dict[int, list[TokenRow]] = {case.pk: [] for case in cases}
    for row in TokenRow.objects.filter(case__in=list(tokens)).order_by("instance"):
        tokens[row.case_id].append(row)
    tried = [_tried(found.way, case, tokens[case.pk]) for case in cases[:MOST_TRIED]]
    return sorted(tried, key=lambda t: (not t.reasons, not t.warnings, t.number)), len(cases) > MOST_TRIED


def _tried(way: Way, case: Case, tokens: Sequence[TokenRow]) -> Tried:
    try:
        return Tried(case.number, (), judge(way, state_of(case, tokens)).warnings)
    except MigrationRefused as refused:
        return Tried(case.number, refused.verdict.reasons, ())


def _running(version_id: int) -> Any:
    return Case.objects.filter(version_id=version_id, status__in=OPEN_STATES)


# --- runs ------------------------------------------------------------------------------------------
@transaction.atomic
def start_run(admin: User, slug: str, number: int, given: Given, *, now: datetime) -> MoveRun:
    """Begin to move every running case of a version to the present one. Raises NotYours, Refused."""
    found = offer(admin, slug, number, given)
    Service.objects.select_for_update().get(pk=found.service.pk)
    _refuse_second(found.service)
    keys = list(_running(found.before.pk).order_by("pk").values_list("pk", flat=True))
    if not keys:
        raise Refused(_("Tidak ada permohonan yang berjalan pada versi itu."))
    run = MoveRun.objects.create(
        service=found.service,
        before=found.before,
        after=found.after,
        given=dict(given),
        started_by=admin,
        started_at=now,
        worked_at=now,
        counts={MovedCase.Status.WAITING: len(keys)},
    )
    MovedCase.objects.bulk_create([MovedCase(run=run, case_id=key) for key in keys], batch_size=1000)
    carry_on.enqueue(run.pk)
    return run


@transaction.atomic
def undo_run(admin: User, run_id: int, *, now: datetime) -> MoveRun:
    """Begin to put the moved cases of a run back, newest run first. Raises NotYours, Refused."""
    run = run_of(admin, run_id)
    Service.objects.select_for_update().get(pk=run.service_id)
    run.refresh_from_db()
    _refuse_second(run.service)
    moved = MovedCase.objects.filter(run=run, status=MovedCase.Status.MOVED)
    if not moved.exists():
        raise Refused(_("Tidak ada permohonan yang bisa dikembalikan dari pemindahan ini."))
    moved.update(status=MovedCase.Status.UNDOING)
    run.undone_by, run.undone_at, run.finished_at, run.worked_at = admin, now, None, now
    run.counts = _counts(run)
    run.save(update_fields=["undone_by", "undone_at", "finished_at", "worked_at", "counts"])
    carry_on.enqueue(run.pk)
    return run


def _refuse_second(service: Service) -> None:
    if MoveRun.objects.filter(service=service, finished_at__isnull=True).exists():
        raise Refused(
            _("Pemindahan lain untuk layanan ini masih berjalan. Tunggu sampai selesai, lalu coba lagi.")
        )


def runs_of(admin: User, service: Service, most: int = 10) -> list[MoveRun]:
    """The newest runs of a service. Raises NotYours."""
    administrator(admin)
    found = MoveRun.objects.filter(service=service).select_related("before", "after", "started_by")
    return list(found.order_by("-pk")[:most])


def run_of(admin: User, run_id: int) -> MoveRun:
    """One run. Raises NotYours."""
    administrator(admin)
    rows = MoveRun.objects.select_related("service", "before", "after", "started_by", "undone_by")
    found = rows.filter(pk=run_id).first()
    if found is None:
        raise NotYours
    return found


def cases_of(admin: User, run: MoveRun, most: int = 200) -> list[MovedCase]:
    """The cases of a run that want a look (refused, failed, not put back, with warnings) first. Raises NotYours."""
    administrator(admin)
    order = ["failed", "kept", "refused", "waiting", "undoing", "moved", "undone"]
    rows = MovedCase.objects.filter(run=run).select_related("case").defer(
        "case__answers", "case__applicant_name", "case__applicant_email", "case__correction", "old_state",
        "new_state", "old_rows",
    )  # fmt: skip
    found: list[MovedCase] = []
    for status in order:
        found += rows.filter(status=status).order_by("pk")[: most - len(found)]
    return found


# --- the worker ------------------------------------------------------------------------------------
@task()
def carry_on(run_id: int) -> None:
    """Go on with a run until none of its cases waits."""
    work_off(run_id, now=timezone.now)


def take_up(now: datetime) -> None:
    """Enqueue runs again that nobody went on with for a while."""
    silent = MoveRun.objects.filter(finished_at__isnull=True, worked_at__lt=now - _SILENCE)
    for run in silent:
        run.worked_at = now
        run.save(update_fields=["worked_at"])
        carry_on.enqueue(run.pk)


def work_off(run_id: int, *, now: Callable[[], datetime]) -> None:
    """Move, or put back, what waits in a run; safe to be called again, and by two workers at once."""
    acts = {MovedCase.Status.WAITING: move_one, MovedCase.Status.UNDOING: put_back_one}
    while True:
        run = MoveRun.objects.get(pk=run_id)
        waiting = MovedCase.objects.filter(run=run, status__in=list(acts)).order_by("pk")
        rows = list(waiting.values_list("pk", "status")[:BATCH])
        for key, status in rows:
            try:
                acts[MovedCase.Status(status)](key, now=now())
            except Exception:
                # One broken case must not keep the others waiting; it is logged with its key and shown as failed.
                logger.exception("case of move row %s could not be moved", key)
                if transaction.get_connection().in_atomic_block:
                    raise
                failed = MovedCase.Status.FAILED if status == "waiting" else MovedCase.Status.KEPT
                MovedCase.objects.filter(pk=key, status=status).update(
                    status=failed, reasons=[_to_json(Reason("failed", ""))]
                )
        run.counts, run.worked_at = _counts(run), now()
        if not rows:
            run.finished_at = now()
        run.save(update_fields=["counts", "worked_at", "finished_at"])
        if not rows:
            return


def _counts(run: MoveRun) -> dict[str, int]:
    rows = MovedCase.objects.filter(run=run).values_list("status").annotate(many=Count("pk"))
    return dict(rows.order_by())


def _way(run: MoveRun) -> Way:
    return Way(run.before_id, run.after_id, tuple(sorted(run.given.items())))


def _locked(row_id: int, status: str) -> MovedCase | None:
    """The row locked, or None when its work is done already."""
    row = MovedCase.objects.select_for_update(of=("self",)).select_related(
        "run__started_by", "run__undone_by"
    )
    found = row.get(pk=row_id)
    return found if found.status == status else None


@transaction.atomic
def move_one(row_id: int, *, now: datetime) -> None:
    """Judge one case by where it stands now, and move it if it can go."""
    row = _locked(row_id, MovedCase.Status.WAITING)
    if row is None:
        return
    run, case = row.run, locked_case(row.case_id)
    person = run.started_by
    if is_over(case) or case.version_id != run.before_id:
        _settle(row, MovedCase.Status.REFUSED, [Reason("ended" if is_over(case) else "other_version", "")])
        return
    work = CaseWork(case, now=now, actor=Actor(person.key, person.pk))
    state = work.state
    try:
        migrated = judge(_way(run), state)
    except MigrationRefused as refused:
        _settle(row, MovedCase.Status.REFUSED, refused.verdict.reasons)
        return
    row.old_state = state.to_json()
    row.old_rows = go_over(work, _way(run), migrated)
    row.new_state = work.state.to_json()
    row.warnings = [_to_json(warning) for warning in migrated.warnings]
    row.moved_at = now
    work.save()
    _settle(row, MovedCase.Status.MOVED, ())


@transaction.atomic
def put_back_one(row_id: int, *, now: datetime) -> None:
    """Put one case back, if nothing has happened in its process since it was moved."""
    row = _locked(row_id, MovedCase.Status.UNDOING)
    if row is None:
        return
    run, case = row.run, locked_case(row.case_id)
    person = run.undone_by or run.started_by
    work = CaseWork(case, now=now, actor=Actor(person.key, person.pk))
    # Compared as JSON: that is how both are stored.
    if is_over(case) or case.version_id != run.after_id or work.state.to_json() != row.new_state:
        _settle(row, MovedCase.Status.KEPT, [Reason("moved_on", "")])
        return
    go_back(work, _way(run), State.from_json(row.old_state or {}), row.old_rows)
    work.save()
    row.undone_at = now
    _settle(row, MovedCase.Status.UNDONE, ())


def _settle(row: MovedCase, status: str, reasons: Sequence[Reason]) -> None:
    row.status, row.reasons = status, [_to_json(reason) for reason in reasons]
    row.save()


def _to_json(reason: Reason) -> dict[str, Any]:
    return {
        "kind": reason.kind,
        "element": reason.element,
        "name": reason.name,
        # What a variable holds stands in no reason that is kept.
        "data": {name: value for name, value in reason.data.items() if name != "why"},
    }
