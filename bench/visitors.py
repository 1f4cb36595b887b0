"""People with open sessions, and what they have prepared: filled drafts, and thousands of cases in the inbox."""

from __future__ import annotations

import os
import uuid
from typing import Any
from urllib.parse import urlencode

from bench import site

CSRF = "b" * 32


def session_of(user: Any) -> str:
    """The cookies of a person who has signed in."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    store = SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store["second_factor_set"] = True
    store.create()
    return f"{settings.SESSION_COOKIE_NAME}={store.session_key}; csrftoken={CSRF}"


def body(**values: Any) -> bytes:
    """A form as a browser posts it, with the token against forged requests."""
    return urlencode({"csrfmiddlewaretoken": CSRF, **values}, doseq=True).encode()


def citizens(count: int) -> list[Any]:
    """Invented applicants with accounts."""
    from django.utils import timezone

    from pendapa.web.accounts.models import User

    return User.objects.bulk_create(
        User(
            username=f"uji{number}",
            name=f"Contoh Pemohon {number}",
            email=f"uji{number}@contoh.example",
            kind="citizen",
            password="!",
            date_joined=timezone.now(),
        )
        for number in range(count)
    )


def drafts(count: int, owners: list[Any]) -> list[tuple[uuid.UUID, Any]]:
    """Drafts filled in to the last question, with their attachments' rows, each with its owner."""
    from django.utils import timezone

    from pendapa.web.cases.models import Attachment, Draft
    from pendapa.web.catalogue.models import Service

    version = Service.objects.select_related("current").get(slug=site.SLUG).current
    now, filled = timezone.now(), site.answers()
    files = [path for path, value in filled.items() if value.endswith((".pdf", ".jpg"))]
    rows, attachments, made = [], [], []
    for number in range(count):
        owner = owners[number % len(owners)] if owners else None
        row = Draft(
            id=uuid.uuid4(),
            version=version,
            owner=owner,
            code_hash=os.urandom(16),
            created_at=now,
            changed_at=now,
        )
        own = {**filled, "/applicant/nik": f"9999{number:012d}"}
        for path in files:
            attachment = Attachment(
                id=uuid.uuid4(),
                draft=row,
                name=filled[path],
                content_type="application/pdf",
                size=1000,
                sha256="0" * 64,
                stored_as=uuid.uuid4().hex,
                uploaded_at=now,
            )
            own[path] = str(attachment.id)
            attachments.append(attachment)
        row.answers = own
        rows.append(row)
        made.append((row.id, owner))
    Draft.objects.bulk_create(rows, batch_size=500)
    Attachment.objects.bulk_create(attachments, batch_size=1000)
    return made


def multiply_cases(total: int) -> None:
    """Copy the newest case, with its open task, until there are `total`; due within ten days before and after now.

    All stand in the inbox of one position: the hardest case for its pages.
    """
    from django.db import connection

    from pendapa.web.cases.models import Case, Task

    model = Case.objects.order_by("-pk").first()
    assert model is not None
    missing = total - Case.objects.count()
    if missing <= 0:
        return
    case_columns = [
        f.column for f in Case._meta.concrete_fields if f.column not in ("id", "number", "draft_id")
    ]
    task_columns = [
        f.column
        for f in Task._meta.concrete_fields
        if f.column not in ("id", "case_id", "due_at", "claimed_by_id")
    ]
    names = lambda columns: ", ".join(f'"{c}"' for c in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH made AS (INSERT INTO cases_case (number, {names(case_columns)}) "
            f"SELECT 'UJI-SALIN-' || lpad(n::text, 7, '0'), {names(case_columns)} "
            "FROM cases_case, generate_series(%s, %s) n WHERE id = %s RETURNING id) "
            f"INSERT INTO cases_task (case_id, due_at, {names(task_columns)}) "
            f"SELECT made.id, now() + (random() * 20 - 10) * interval '1 day', {names(task_columns)} "
            "FROM made, (SELECT * FROM cases_task WHERE case_id = %s AND status = 'open' LIMIT 1) t",
            [total - missing + 1, total, model.pk, model.pk],
        )
        cursor.execute("VACUUM ANALYZE")
