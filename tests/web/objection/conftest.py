"""A refused research permit, and the people who deal with the objection to it. Time stands where a test puts it."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from tests.web.citizen.conftest import Citizen
from tests.web.conftest import NOW

from pendapa.forms import flatten
from pendapa.web.accounts.models import User
from pendapa.web.cases import uploads
from pendapa.web.cases.models import Case, Task
from pendapa.web.demo.logins import PASSPHRASE
from pendapa.web.signing.actions import read_letter, sign_task
from pendapa.web.signing.models import Document

LETTER = "surat-keterangan-penelitian"
REASON = "Surat pengantar tidak menyebut nama pemohon. (contoh)"


@dataclass
class Time:
    """What the site takes for the present."""

    now: datetime = NOW


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    """The site's clock: `time.now = ...`."""
    clock = Time()
    monkeypatch.setattr("django.utils.timezone.now", lambda: clock.now)
    return clock


@pytest.fixture
def login(people: dict[str, User]) -> Callable[[str], Client]:
    """A browser in which a demo person is signed in."""

    def enter(username: str) -> Client:
        client = Client()
        client.force_login(people[username])
        return client

    return enter


@pytest.fixture
def sign(people: dict[str, User], time: Time) -> Callable[..., Document]:
    """Read and sign the open letter of an element: sign(case, "tanda_tangan", "kadis")."""

    def act(case: Case, element: str, username: str) -> Document:
        task = Task.objects.get(case=case, element=element, status="open")
        read_letter(task.pk, people[username], now=time.now)
        return sign_task(task.pk, people[username], PASSPHRASE, now=time.now)

    return act


@pytest.fixture
def refused(
    submit: Callable[..., Case], do_task: Callable[..., Case], sign: Callable[..., Document], time: Time
) -> Callable[..., Case]:
    """A research permit refused at the present time, checked by `verif`, signed by `kadis`: refused(user=None)."""

    def make(user: User | None = None) -> Case:
        case = submit(LETTER, user, at=time.now)
        reasons = {"reason_fact": REASON, "reason_law": "Standar pelayanan, persyaratan 1. (contoh)"}
        do_task(case, "periksa", "verif", at=time.now, result="refuse", **reasons)
        sign(case, "tanda_tangan_penolakan", "kadis")
        case.refresh_from_db()
        assert case.status == "refused"
        return case

    return make


@pytest.fixture
def object_to(
    login: Callable[[str], Client], examples: Callable[[str], dict[str, Any]]
) -> Callable[..., Case]:
    """Lodge an objection through the pages, as a browser would: object_to(case, client)."""

    def act(case: Case, client: Client) -> Case:
        # The example's own numbers of case and letter are sent too; the fields that show them take nothing.
        person = Citizen(client, flatten(examples("keberatan")["variants"][0]))
        begun = client.post(f"/berkas/{case.number}/keberatan/")
        assert begun.status_code == 302, begun.content
        sent = person.send(person.fill(begun["Location"]))
        assert sent.status_code == 302, sent.content
        return Case.objects.get(number=sent["Location"].split("/")[2])

    return act


def text_of(document: Document, folder: Path) -> str:
    """A signed letter as pdftotext reads it."""
    path = folder / f"{document.code}.pdf"
    path.write_bytes(uploads.read_sealed(document.stored_as))
    run = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True)
    return " ".join(run.stdout.split())
