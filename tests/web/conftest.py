"""A published regency and its people for every test upstairs.

Alice owns, Bob is her colleague, Charlie is an outsider: here `warga` applies, the officers of DPMPTSP and DINKES work
the case, `warga2`, `dukcapil` and `kesbangpol` have no business with it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import override_settings

from pendapa.forms import flatten
from pendapa.regency.reader import check, read_regency
from pendapa.web.accounts.models import User
from pendapa.web.cases import actions, drafts, uploads
from pendapa.web.cases.file_questions import CleanAnswer
from pendapa.web.cases.models import Case, Task
from pendapa.web.cases.task_uploads import attach_to_task
from pendapa.web.catalogue.definitions import ready
from pendapa.web.catalogue.models import Service
from pendapa.web.events.chain import Actor
from pendapa.web.organisation.access import forget_publication
from pendapa.web.organisation.models import Publication
from pendapa.web.organisation.publishing import publish

TEGAL = Path(__file__).parents[2] / "regencies" / "tegal"
NOW = datetime(2026, 11, 23, 2, 30, tzinfo=UTC)  # Monday, 09.30 in Slawi, an ordinary working day


@pytest.fixture(scope="session")
def var_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where this run keeps keys, files and mail."""
    return tmp_path_factory.mktemp("var")


def _var_settings(var_folder: Path) -> dict[str, Any]:
    from pendapa.web.keys import site_keys

    return {
        "VAR": var_folder,
        "KEYS": site_keys(var_folder / "keys"),
        "FILES_ROOT": var_folder / "files",
        "PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"],
    }


@pytest.fixture(autouse=True)
def _own_var(settings: object, var_folder: Path) -> None:
    for name, value in _var_settings(var_folder).items():
        setattr(settings, name, value)


@pytest.fixture(autouse=True)
def _fresh_publication() -> Iterator[None]:
    forget_publication()
    yield
    forget_publication()


@pytest.fixture(scope="session", autouse=True)
def _browser_beside_database() -> Iterator[None]:
    """Playwright's own loop runs in the tests' thread, which Django would take for asynchronous code."""
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    yield
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, object]:
    """The distribution's Chromium; root's browsers cannot have a sandbox of their own."""
    return {"executable_path": "/usr/bin/chromium", "args": ["--no-sandbox", "--disable-gpu"]}


@pytest.fixture(scope="session")
def regency_as_read() -> tuple[object, object]:
    """regencies/tegal, read once."""
    regency, faults = read_regency(TEGAL)
    assert not faults, [str(f) for f in faults]
    return regency, check(TEGAL)


def _publish_and_seat(regency_as_read: tuple[object, object]) -> None:
    from pendapa.web.demo.seed import seat

    call_command("createcachetable", verbosity=0)
    regency, report = regency_as_read
    publish(regency, report, now=NOW - timedelta(days=90), actor=Actor(channel="test"))  # type: ignore[arg-type]
    seat(NOW, TEGAL)


@pytest.fixture(scope="session")
def _tegal_for_all(
    django_db_setup: None, django_db_blocker: object, regency_as_read: tuple[object, object], var_folder: Path
) -> None:
    """Published and seated once for the run, outside any test's transaction."""
    with django_db_blocker.unblock(), override_settings(**_var_settings(var_folder)):  # type: ignore[attr-defined]
        _publish_and_seat(regency_as_read)


@pytest.fixture
def tegal(_tegal_for_all: None, db: None, regency_as_read: tuple[object, object]) -> None:
    """The example regency, published, with its demo people."""
    forget_publication()
    if not Publication.objects.exists():  # a test with real transactions emptied the database behind itself
        _publish_and_seat(regency_as_read)


@pytest.fixture
def people(tegal: None) -> dict[str, User]:
    """The demo people by user name, with passwords, one-time secrets and signing certificates."""
    return {user.username: user for user in User.objects.all()}


@pytest.fixture
def examples() -> Callable[[str], dict[str, object]]:
    """example-answers.json of a service."""
    return lambda slug: json.loads((TEGAL / "services" / slug / "example-answers.json").read_text())


@pytest.fixture
def submit(people: dict[str, User], examples: Callable[..., dict]) -> Callable[..., Case]:
    """Submit an application with the example's answers: submit(slug, user=None, variant=0, at=NOW)."""

    def make(slug: str, user: User | None = None, variant: int = 0, at: datetime = NOW) -> Case:
        service = Service.objects.select_related("current").get(slug=slug)
        assert service.current is not None
        begun = drafts.begin_draft(service.current, user, now=at)
        answers = flatten(examples(slug)["variants"][variant])
        drafts.save_answers(begun.draft.pk, answers, now=at)
        fields = drafts.made_ready(begun.draft).form.fields
        for path in answers:
            plain = "/".join(part.partition("[")[0] for part in path.split("/"))
            if plain in fields and fields[plain].kind in ("image", "file"):
                paper = uploads.Clean("contoh.pdf", "application/pdf", b"%PDF-1.4 contoh")
                drafts.attach(begun.draft.pk, path, paper, now=at)
        actor = Actor(user.key, user.pk) if user else Actor()
        receipt = actions.submit_application(begun.draft.pk, now=at, actor=actor)
        receipt.case.code = receipt.code  # type: ignore[attr-defined]
        return receipt.case

    return make


@pytest.fixture
def do_task(people: dict[str, User], examples: Callable[..., dict]) -> Callable[..., Case]:
    """Finish the open task of an element: do_task(case, "periksa", "fo", result="accept", at=NOW, message=...)."""

    def do(case: Case, element: str, username: str, *, at: datetime = NOW, **decision: object) -> Case:
        task = Task.objects.get(case=case, element=element, status="open")
        actions.claim(task.pk, people[username], now=at)
        answers = flatten(examples(case.service.slug)["tasks"].get(element, {}))
        form = ready(case.version_id).task_form(element)
        for path in [p for p in answers if form is not None and form.fields[p].kind in ("image", "file")]:
            paper = uploads.Clean("contoh.pdf", "application/pdf", b"%PDF-1.4 contoh")
            answers[path] = str(attach_to_task(task.pk, people[username], CleanAnswer(paper), now=at).pk)
        return actions.complete_task(task.pk, people[username], actions.Decision(**decision), answers, now=at)  # type: ignore[arg-type]

    return do
