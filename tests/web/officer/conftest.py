"""Officers signed in, and an inbox with as many tasks as a test wants."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from pendapa.web.accounts.models import User

Login = Callable[[str], Client]


@pytest.fixture
def login(people: dict[str, User]) -> Login:
    """A browser in which a demo person is signed in."""

    def enter(username: str) -> Client:
        client = Client()
        client.force_login(people[username])
        return client

    return enter
