"""Log-ins of the demo: fixed pass-phrases and one-time secrets, which only a site started with --demo knows."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings

from pendapa.web.accounts.models import User
from pendapa.web.organisation.access import local_day, posts_of

PASSWORD = "pendapa-contoh-2026"  # noqa: S105 - the demo prints it
PASSPHRASE = "frasa-contoh-2026"  # noqa: S105 - of the stand-in of the national signer, demo only


class NoDemoCode(Exception):
    """There is no code to show."""


def present_code(username: str) -> str:
    """The one-time code of a demo person at this moment. Raises NoDemoCode."""
    from allauth.mfa.models import Authenticator
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time

    from pendapa.web.demo.seed import was_seeded

    if not was_seeded():
        raise NoDemoCode("This site is not a demo; codes of real people are shown by their own phones only.")
    user = User.objects.filter(username=username).first()
    if user is None:
        known = ", ".join(User.objects.order_by("username").values_list("username", flat=True)[:30])
        raise NoDemoCode(f'Nobody is called "{username}" here; the demo people are: {known}.')
    factor = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()
    if factor is None:
        raise NoDemoCode(f"{username} signs in with the password alone (citizens need no one-time code).")
    secret = factor.wrap().instance.data["secret"]
    from pendapa.web.accounts.adapters import SecondFactorAdapter

    counter = next(iter(yield_hotp_counters_from_time()))
    return str(format_hotp_value(hotp_value(SecondFactorAdapter().decrypt(secret), counter)))


def lines() -> Iterator[str]:
    """What `serve --demo` prints: who can sign in, and how."""
    from django.utils import timezone

    today = local_day(timezone.now())
    yield ""
    yield f"Demo log-ins (invented people), password for all: {PASSWORD}"
    for user in User.objects.order_by("kind", "username"):
        posts = posts_of(user, today)
        work = "; ".join(p.title_id for p in posts) or {"citizen": "warga"}.get(user.kind, user.kind)
        yield f"  {user.username:<16} {work}"
    yield "Everyone but citizens is asked for a one-time code: .venv/bin/pendapa demo-code USER."
    yield f"Signing passphrase: {PASSPHRASE}"
    yield f"E-mails are written to {settings.MAIL_ROOT}"
    yield ""
