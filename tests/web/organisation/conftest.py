"""The administrator at work."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.test import Client

from pendapa.web.accounts.models import User
from pendapa.web.organisation.models import Position


@pytest.fixture
def admin(people: dict[str, User]) -> User:
    """Ratna Peraga, the administrator of the example."""
    return people["admin"]


@pytest.fixture
def second_admin(people: dict[str, User]) -> User:
    """Another administrator."""
    return User.objects.create(
        username="admin2",
        name="Dua Peraga",
        email="admin2@contoh.example",
        kind="administrator",
        date_joined=datetime(2026, 11, 1, tzinfo=UTC),
    )


@pytest.fixture
def desk(client: Client, admin: User) -> Client:
    """A browser in which the administrator is signed in."""
    client.force_login(admin)
    return client


@pytest.fixture
def position(people: dict[str, User]) -> dict[str, Position]:
    """Positions by code."""
    return {p.code: p for p in Position.objects.select_related("agency")}
