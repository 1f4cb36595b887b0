"""People who sign in: citizens, officers, administrators."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower

from pendapa.web.sealed import SealedField, blind_index


class People(BaseUserManager["User"]):
    """Django's own manager would set flags of its admin pages, which this site does not have."""

    def create_user(self, username: str, email: str = "", password: str | None = None, **fields: Any) -> User:
        """Make an account; without a password nobody can sign in to it."""
        user = self.model(username=username, email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractUser):
    """One person. What they may do as an official comes from placements in positions, never from this row."""

    class Kind(models.TextChoices):
        CITIZEN = "citizen"
        OFFICER = "officer"
        ADMINISTRATOR = "administrator"

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    is_staff = None
    name = models.CharField(max_length=150)
    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.CITIZEN)
    # The only thing events know of a person; replaced by another key wherever events are published.
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    nik = SealedField(null=True)
    nik_index = models.BinaryField(null=True, db_index=True, editable=False)
    phone = SealedField(null=True)
    suspended_at = models.DateTimeField(null=True)

    REQUIRED_FIELDS = ["email", "name"]
    objects = People()  # type: ignore[misc,assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=["citizen", "officer", "administrator"]), name="user_kind_known"
            ),
            models.UniqueConstraint(Lower("email"), condition=~models.Q(email=""), name="user_email_once"),
        ]

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name.split()[0] if self.name else self.username

    def set_nik(self, nik: str) -> None:
        """Set the national identity number and its blind index together; an empty text removes both."""
        self.nik = nik or None
        self.nik_index = blind_index(nik, "nik") if nik else None

    @property
    def needs_second_factor(self) -> bool:
        return self.kind != self.Kind.CITIZEN
