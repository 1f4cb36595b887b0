"""Letters that wait for a signature."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from tests.web.conftest import NOW

from pendapa.web.accounts.models import User
from pendapa.web.cases.models import Case, Task

LETTER = "surat-keterangan-penelitian"


@pytest.fixture
def login(people: dict[str, User]) -> Callable[[str], Client]:
    """A browser in which a demo person is signed in."""

    def enter(username: str) -> Client:
        client = Client()
        client.force_login(people[username])
        return client

    return enter


@pytest.fixture
def letter(submit: Callable[..., Case], do_task: Callable[..., Case]) -> Callable[..., Task]:
    """A research letter checked and waiting for the head's signature: letter(user=None, at=NOW)."""

    def make(user: User | None = None) -> Task:
        case = submit(LETTER, user)
        do_task(case, "periksa", "verif", at=NOW)
        return case.tasks.get(element="tanda_tangan")

    return make
