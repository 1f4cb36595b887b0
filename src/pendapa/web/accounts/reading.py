"""Session and user, which every request of a person reads, by prepared statements."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend as AllauthBackend
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions
from django.contrib.sessions.models import Session
from django.utils import timezone

from pendapa.web.accounts.models import User
from pendapa.web.rows import read, run


class SessionStore(DatabaseSessions):
    """Django's sessions in the database."""

    def _get_session_from_db(self) -> Session | None:
        found = read(
            Session, "WHERE session_key = $1 AND expire_date > $2", [self.session_key, timezone.now()]
        )
        if not found:
            self._session_key = None
            return None
        return found[0]

    def save(self, must_create: bool = False) -> None:
        """Write the session. Raises UpdateError when it was ended in the meantime."""
        if must_create or self.session_key is None:
            super().save(must_create)
            return
        row = self.create_model_instance(self._get_session(no_load=False))  # type: ignore[attr-defined]
        written = run(
            "UPDATE django_session SET session_data = $1, expire_date = $2 WHERE session_key = $3 RETURNING 1",
            [row.session_data, row.expire_date, row.session_key],
        )
        if written is None:
            raise UpdateError


class AuthenticationBackend(AllauthBackend):  # type: ignore[misc]
    """allauth's signing in, by name or e-mail and password."""

    def get_user(self, user_id: Any) -> User | None:
        found = read(User, "WHERE id = $1", [int(user_id)])
        return found[0] if found and self.user_can_authenticate(found[0]) else None
