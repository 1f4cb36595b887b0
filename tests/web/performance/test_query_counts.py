"""How many statements the pages and acts of every day cost. Time is measured by `make bench`, never here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from pendapa.forms import flatten
from pendapa.web.accounts.models import User
from pendapa.web.cases import drafts, uploads
from pendapa.web.cases.models import Case, Draft, Task
from pendapa.web.catalogue.models import Service

NOW = datetime(2026, 11, 23, 2, 30, tzinfo=UTC)
SLUG = "izin-praktik-bidan-perawat"
MOST_ON_A_PAGE = 8

Count = Callable[..., Any]


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    session = client.session
    session["second_factor_set"] = True
    session.save()
    return client


@pytest.fixture
def filled(people: dict[str, User], examples: Callable[..., Any]) -> Draft:
    """A draft of `warga` that is filled in to the last question."""
    version = Service.objects.get(slug=SLUG).current
    assert version is not None
    draft = drafts.begin_draft(version, people["warga"], now=NOW).draft
    answers = flatten(examples(SLUG)["variants"][0])
    drafts.save_answers(draft.pk, answers, now=NOW)
    fields = drafts.made_ready(draft).form.fields
    for path in answers:
        if path in fields and fields[path].kind in ("image", "file"):
            paper = uploads.Clean("contoh.pdf", "application/pdf", b"%PDF-1.4 contoh")
            drafts.attach(draft.pk, path, paper, now=NOW)
    return draft


@pytest.mark.parametrize("path", ["/", "/layanan/", f"/layanan/{SLUG}/"])
def test_a_page_of_the_catalogue_asks_at_most_eight_questions(
    tegal: None, path: str, django_assert_max_num_queries: Count
) -> None:
    visitor = Client()
    assert visitor.get(path).status_code == 200  # what is kept per process is read once
    with django_assert_max_num_queries(MOST_ON_A_PAGE):
        assert visitor.get(path).status_code == 200


def test_a_page_of_the_form_asks_at_most_eight_questions(
    filled: Draft, people: dict[str, User], django_assert_max_num_queries: Count
) -> None:
    visitor = signed_in(people["warga"])
    visitor.get(f"/draf/{filled.pk}/1/")
    with django_assert_max_num_queries(MOST_ON_A_PAGE):
        assert visitor.get(f"/draf/{filled.pk}/1/").status_code == 200


def test_the_inbox_asks_at_most_eight_questions_however_many_tasks_it_shows(
    submit: Callable[..., Case], people: dict[str, User], django_assert_max_num_queries: Count
) -> None:
    for _ in range(5):
        submit(SLUG)
    visitor = signed_in(people["fo"])
    visitor.get("/tugas/")
    with django_assert_max_num_queries(MOST_ON_A_PAGE):
        assert visitor.get("/tugas/").content.count(b"SIP-") >= 5


def test_submitting_writes_all_its_rows_by_one_statement(
    filled: Draft, submit: Callable[..., Case], people: dict[str, User], django_assert_max_num_queries: Count
) -> None:
    visitor = signed_in(people["warga"])
    submit(SLUG)  # what is kept per process is read once
    # session, user; begin; draft locked with its files and numbers, all rows, session; commit
    with django_assert_max_num_queries(7) as asked:
        answer = visitor.post(f"/draf/{filled.pk}/kirim/", {"shown": "/declaration", "/declaration": "OK"})
    assert answer.status_code == 302
    assert Case.objects.filter(draft=filled).count() == 1
    assert sum("INSERT INTO" in query["sql"] for query in asked.captured_queries) == 1


def test_completing_a_task_asks_no_more_with_more_cases(
    submit: Callable[..., Case],
    people: dict[str, User],
    examples: Callable[..., Any],
    django_assert_max_num_queries: Count,
) -> None:
    cases = [submit(SLUG) for _ in range(4)]
    visitor = signed_in(people["fo"])
    visitor.get("/tugas/")
    task = Task.objects.get(case=cases[1], element="periksa")
    data = {"keputusan": "accept", **flatten(examples(SLUG)["tasks"]["periksa"])}
    with django_assert_max_num_queries(20):
        assert visitor.post(f"/tugas/{task.pk}/", data).status_code == 302
    task.refresh_from_db()
    assert task.status == "done"
