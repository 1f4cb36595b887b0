"""Every write of an administrator on who sits where. Each is one transaction with its event."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from pendapa.web.accounts.actions import administrator, release_tasks_of
from pendapa.web.accounts.models import User
from pendapa.web.cases.refusals import NotYours, Refused
from pendapa.web.events.actions import record
from pendapa.web.notifications import actions as notifications
from pendapa.web.notifications.models import Message
from pendapa.web.organisation.access import local_day
from pendapa.web.organisation.models import Placement, Position

PLT_MONTHS = 3
"""Longest Plt. before it is extended, in months: BKN circular 1/SE/I/2021, to be confirmed; so it warns only."""


@dataclass(frozen=True)
class Placed:
    """A new placement, and what the administrator should look at again."""

    placement: Placement
    warnings: tuple[str, ...]


@transaction.atomic
def place(
    user_id: int,
    position_id: int,
    kind: str,
    starts: date,
    ends: date | None,
    decree: str,
    admin: User,
    *,
    now: datetime,
) -> Placed:
    """Seat a person in a position from `starts` to `ends`, both included; open-ended without `ends`.

    Raises NotYours, and Refused: a citizen, dates out of order, an acting official without decree or last day,
    an overlap.
    """
    actor = administrator(admin)
    person = User.objects.select_for_update().filter(pk=user_id).first()
    # The position's row is the lock for its placements.
    position = (
        Position.objects.select_for_update(of=("self",))
        .select_related("agency")
        .filter(pk=position_id)
        .first()
    )
    if person is None or position is None:
        raise NotYours
    decree = decree.strip()
    period = DateRange(starts, ends + timedelta(days=1) if ends else None)
    _check_person(person, position)
    _check_terms(kind, starts, ends, decree)
    _check_overlap(person, position, kind, period)
    warnings = _warnings(person, position, kind, starts, ends, period)
    placement = Placement.objects.create(
        user=person,
        position=position,
        kind=kind,
        decree=decree,
        period=period,
        created_at=now,
        created_by=admin,
    )
    record(
        "person.placed",
        now=now,
        actor=actor,
        agency=position.agency.code,
        data={
            "person": str(person.key),
            "position": position.code,
            "kind": kind,
            "starts": starts.isoformat(),
            "ends": ends.isoformat() if ends else None,
        },
    )
    return Placed(placement, warnings)


def _check_person(person: User, position: Position) -> None:
    if person.kind == User.Kind.CITIZEN:
        raise Refused(_("Ini akun warga, jadi tidak bisa memegang jabatan. Undang orangnya sebagai petugas."))
    if person.suspended_at is not None:
        raise Refused(_("Akun ini ditangguhkan. Pulihkan dahulu, baru tempatkan."))
    if not position.active:
        raise Refused(
            _("Jabatan itu sudah tidak ada pada susunan organisasi yang berlaku. Pilih jabatan lain.")
        )


def _check_terms(kind: str, starts: date, ends: date | None, decree: str) -> None:
    if kind not in Placement.Kind.values:
        raise Refused(_("Pilih cara memegang jabatan: definitif, Plt. atau Plh."))
    if ends is not None and ends < starts:
        raise Refused(_("Hari terakhir lebih awal daripada hari pertama. Periksa kedua tanggalnya."))
    if kind != Placement.Kind.DEFINITIVE and not decree:
        raise Refused(_("Plt. dan Plh. harus berdasarkan surat keputusan atau surat perintah. Isi nomornya."))
    if kind != Placement.Kind.DEFINITIVE and ends is None:
        raise Refused(_("Plt. dan Plh. ada batas waktunya. Isi hari terakhir menurut suratnya."))


def _check_overlap(person: User, position: Position, kind: str, period: DateRange) -> None:
    meanwhile = Placement.objects.filter(position=position, period__overlap=period)
    if meanwhile.filter(user=person).exists():
        raise Refused(
            _("Orang ini sudah memegang jabatan itu pada sebagian waktu tersebut. Akhiri dahulu yang lama.")
        )
    if position.signs and kind == Placement.Kind.DEFINITIVE:
        other = meanwhile.filter(kind=kind).select_related("user").first()
        if other is not None:
            raise Refused(
                _("Jabatan itu sudah dipegang %(name)s pada waktu tersebut. Akhiri dahulu penempatannya.")
                % {"name": other.user.name}
            )


def _warnings(
    person: User, position: Position, kind: str, starts: date, ends: date | None, period: DateRange
) -> tuple[str, ...]:
    found = []
    if kind == Placement.Kind.PLT and ends is not None:
        if ends >= _months_after(starts, PLT_MONTHS):
            found.append(
                _("Plt. ini lebih dari tiga bulan. Periksa suratnya (batas tiga bulan: perlu dikonfirmasi).")
            )
        before = Placement.objects.filter(
            user=person, position=position, kind=kind, period__endswith__lte=starts,
            period__endswith__gt=starts - timedelta(days=31),
        )  # fmt: skip
        earlier = Placement.objects.filter(
            user=person, position=position, kind=kind, period__endswith__lte=starts
        ).count()
        if before.exists() and earlier >= 2:
            found.append(
                _("Plt. ini sudah pernah diperpanjang. Perpanjangan hanya satu kali (perlu dikonfirmasi).")
            )
    if kind == Placement.Kind.PLT:
        holder = Placement.objects.filter(
            user__suspended_at__isnull=True,
            position=position,
            kind=Placement.Kind.DEFINITIVE,
            period__overlap=period,
        ).exclude(user=person)
        if holder.exists():
            found.append(
                _(
                    "Jabatan itu masih ada pejabat definitifnya. Bila ia hanya berhalangan, pakai Plh., bukan Plt."
                )
            )
    return tuple(found)


def _months_after(day: date, months: int) -> date:
    """The same day of the month some months later, or that month's last day."""
    year, month = divmod(day.month - 1 + months, 12)
    first = date(day.year + year, month + 1, 1)
    following = (first + timedelta(days=31)).replace(day=1)
    return min(first + timedelta(days=day.day - 1), following - timedelta(days=1))


@transaction.atomic
def end_placement(placement_id: int, last_day: date, admin: User, *, now: datetime) -> Placement | None:
    """Let a placement end on `last_day`, yesterday (out at once) or later. None when it is called off before it began.

    The tasks the person had taken on in it go back to the position when it ends at once. Raises NotYours, Refused.
    """
    actor = administrator(admin)
    placement = (
        Placement.objects.select_for_update(of=("self",))
        .select_related("user", "position__agency")
        .filter(pk=placement_id)
        .first()
    )
    if placement is None:
        raise NotYours
    today = local_day(now)
    period = placement.period
    data = {"person": str(placement.user.key), "position": placement.position.code}
    agency = placement.position.agency.code
    if period.upper is not None and period.upper <= today:
        raise Refused(_("Penempatan ini sudah berakhir."))
    if last_day < period.lower and period.lower > today:
        placement.delete()
        record(
            "person.placement_ended", now=now, actor=actor, agency=agency, data={**data, "called_off": True}
        )
        return None
    if last_day < period.lower:
        raise Refused(
            _("Penempatan ini baru mulai hari ini, jadi paling cepat berakhir hari ini juga. Pilih hari ini.")
        )
    if last_day < today - timedelta(days=1):
        raise Refused(
            _("Yang sudah lewat tidak diubah lagi. Supaya berakhir sekarang juga, pilih tanggal kemarin.")
        )
    if period.upper is not None and last_day >= period.upper:
        raise Refused(
            _(
                "Tanggal itu sesudah akhir yang tertulis. Untuk memperpanjang, buat penempatan baru dengan suratnya."
            )
        )
    placement.period = DateRange(period.lower, last_day + timedelta(days=1))
    placement.save(update_fields=["period"])
    record(
        "person.placement_ended",
        now=now,
        actor=actor,
        agency=agency,
        data={**data, "last_day": last_day.isoformat()},
    )
    if last_day < today:
        release_tasks_of(placement.user, now=now, actor=actor, position=placement.position)
    return placement


@transaction.atomic
def resend_message(message_id: int, admin: User, *, now: datetime) -> Message:
    """Put a message in the queue once more. Raises NotYours."""
    actor = administrator(admin)
    try:
        message = notifications.resend(message_id, now=now)
    except Message.DoesNotExist as missing:
        raise NotYours from missing
    record("message.resent", now=now, actor=actor, data={"message": message.pk})
    return message
