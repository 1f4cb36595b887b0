"""Every write of an administrator on accounts: invite, suspend, restore. Each is one transaction with its event."""

from __future__ import annotations

from datetime import datetime

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from pendapa.web.accounts.models import User
from pendapa.web.cases.models import Task
from pendapa.web.cases.refusals import NotYours, Refused
from pendapa.web.cases.work import CaseWork, locked_case
from pendapa.web.events.actions import record
from pendapa.web.events.chain import Actor
from pendapa.web.notifications.models import Message
from pendapa.web.organisation.models import Position


def administrator(user: User) -> Actor:
    """The actor of an administrator's act. Raises NotYours for everybody else."""
    if not user.is_authenticated or user.kind != User.Kind.ADMINISTRATOR or user.suspended_at is not None:
        raise NotYours
    return Actor(user.key, user.pk)


@transaction.atomic
def invite_person(name: str, email: str, kind: str, admin: User, *, now: datetime) -> User:
    """Make an account without a usable password and send its owner a link, good for one use, to set one.

    Only officers and administrators are invited; citizens sign up by themselves. Raises NotYours, Refused.
    """
    actor = administrator(admin)
    if kind not in (User.Kind.OFFICER, User.Kind.ADMINISTRATOR):
        raise Refused(_("Yang diundang hanya petugas dan administrator; warga membuat akunnya sendiri."))
    # Two administrators who invite the same person at once: the second waits here, then finds the first's account.
    list(User.objects.select_for_update().filter(pk=admin.pk))
    person = _new_person(name, email, kind, now)
    _write_invitation(person, now)
    record("person.invited", now=now, actor=actor, data={"person": str(person.key), "kind": kind})
    return person


def _new_person(name: str, email: str, kind: str, now: datetime) -> User:
    """An account without a usable password. Raises Refused."""
    name, email = " ".join(name.split()), email.strip().lower()
    if not name:
        raise Refused(_("Isi nama orang yang diundang."))
    try:
        validate_email(email)
    except ValidationError:
        raise Refused(
            _("Alamat email itu tidak lengkap. Isi lengkap, misalnya nama@instansi.go.id.")
        ) from None
    if User.objects.filter(email__iexact=email).exists() or User.objects.filter(username=email).exists():
        raise Refused(_("Alamat email itu sudah dipakai sebuah akun. Cari orangnya di daftar Orang."))
    person = User(username=email, name=name, email=email, kind=kind, date_joined=now)
    person.set_unusable_password()
    person.save()
    # Nobody can sign in before opening the link sent to this address, so opening it is the proof of the address.
    EmailAddress.objects.create(user=person, email=email, verified=True, primary=True)
    return person


@transaction.atomic
def invite_again(user_id: int, admin: User, *, now: datetime) -> User:
    """Send a fresh link to somebody who has not set a password yet. Raises NotYours, Refused."""
    actor = administrator(admin)
    person = _locked(user_id)
    if person.has_usable_password():
        raise Refused(
            _("Orang ini sudah membuat kata sandi. Bila lupa, ia memakai Lupa kata sandi di halaman Masuk.")
        )
    if person.suspended_at is not None:
        raise Refused(_("Akun ini ditangguhkan. Pulihkan dahulu, baru undang lagi."))
    _write_invitation(person, now)
    record(
        "person.invited",
        now=now,
        actor=actor,
        data={"person": str(person.key), "kind": person.kind, "again": True},
    )
    return person


@transaction.atomic
def first_administrator(name: str, email: str, *, now: datetime) -> tuple[User, str]:
    """Make the account of a new site's first administrator; returns it with the link that sets its password.

    Whoever may run commands on the server may call this. Raises Refused while there is an administrator who can
    sign in: that one invites the others.
    """
    standing = User.objects.select_for_update().filter(
        kind=User.Kind.ADMINISTRATOR, suspended_at__isnull=True
    )
    person = standing.filter(email__iexact=email.strip()).first()
    if any(head.has_usable_password() for head in standing):
        raise Refused(
            _("Situs ini sudah punya administrator. Minta ia mengundang orang lewat halaman Orang.")
        )
    if person is None:
        person = _new_person(name, email, User.Kind.ADMINISTRATOR, now)
        record(
            "person.invited",
            now=now,
            actor=Actor(channel="command"),
            data={"person": str(person.key), "kind": person.kind},
        )
    return person, _password_link(person)


def _password_link(person: User) -> str:
    key = default_token_generator.make_token(person)
    path = reverse(
        "account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(person), "key": key}
    )
    return f"{settings.SITE_URL}{path}"


def _write_invitation(person: User, now: datetime) -> None:
    with translation.override("id"):
        context = {"person": person, "link": _password_link(person), "site": settings.SITE_URL}
        subject = render_to_string("organisation/invitation.subject.txt", context).strip()
        body = render_to_string("organisation/invitation.txt", context)
    Message.objects.create(
        recipient=person,
        template="invited",
        language="id",
        address=person.email,
        subject=subject,
        body=body,
        next_try_at=now,
        created_at=now,
    )


@transaction.atomic
def suspend(user_id: int, admin: User, *, now: datetime) -> User:
    """Shut a person out at once; what they had taken on goes back to their colleagues. Raises NotYours, Refused."""
    actor = administrator(admin)
    # All administrators are locked in one order, so that two who suspend each other cannot both succeed.
    heads = list(User.objects.select_for_update().filter(kind=User.Kind.ADMINISTRATOR).order_by("pk"))
    person = _locked(user_id)
    if person.pk == admin.pk:
        raise Refused(_("Anda tidak bisa menangguhkan akun Anda sendiri. Minta administrator lain."))
    if person.suspended_at is not None:
        raise Refused(_("Akun ini sudah ditangguhkan."))
    standing = [head.pk for head in heads if head.suspended_at is None]
    if admin.pk not in standing:
        raise NotYours  # suspended by a colleague a moment ago
    if person.kind == User.Kind.ADMINISTRATOR and standing == [person.pk]:
        raise Refused(_("Ini administrator terakhir. Undang administrator lain dahulu."))
    person.suspended_at = now
    person.save(update_fields=["suspended_at"])
    record("person.suspended", now=now, actor=actor, data={"person": str(person.key)})
    release_tasks_of(person, now=now, actor=actor)
    return person


@transaction.atomic
def restore(user_id: int, admin: User, *, now: datetime) -> User:
    """Let a suspended person in again. Raises NotYours, Refused."""
    actor = administrator(admin)
    person = _locked(user_id)
    if person.suspended_at is None:
        raise Refused(_("Akun ini tidak sedang ditangguhkan."))
    person.suspended_at = None
    person.save(update_fields=["suspended_at"])
    record("person.restored", now=now, actor=actor, data={"person": str(person.key)})
    return person


def release_tasks_of(person: User, *, now: datetime, actor: Actor, position: Position | None = None) -> int:
    """Give back the open tasks a person had taken on, of one position or of all; returns how many."""
    held = Task.objects.filter(claimed_by=person, status=Task.Status.OPEN)
    if position is not None:
        held = held.filter(position=position)
    released = 0
    for task_id, case_id in held.order_by("case_id", "pk").values_list("pk", "case_id"):
        case = locked_case(case_id)  # the case before the task, as everywhere
        task = Task.objects.select_for_update(of=("self",)).select_related("agency").get(pk=task_id)
        if task.status != Task.Status.OPEN or task.claimed_by_id != person.pk:
            continue
        task.claimed_by, task.claimed_at = None, None
        task.save(update_fields=["claimed_by", "claimed_at"])
        work = CaseWork(case, now=now, actor=actor)
        work.event("task.released", agency=task.agency.code, element=task.element, task=task.pk)
        work.save()
        released += 1
    return released


def _locked(user_id: int) -> User:
    person = User.objects.select_for_update().filter(pk=user_id).first()
    if person is None:
        raise NotYours
    return person
