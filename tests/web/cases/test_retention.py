"""What is kept too long is forgotten, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from tests.web.conftest import NOW

from pendapa.web.accounts.models import User
from pendapa.web.cases import drafts, uploads
from pendapa.web.cases.models import Attachment, Case, Draft
from pendapa.web.cases.retention import UNFINISHED_FOR, purge
from pendapa.web.catalogue.models import Service
from pendapa.web.events.chain import verify_case

CARD = "perubahan-data-kk"  # service.toml keeps its personal data for 5 years


@pytest.fixture
def ended(submit: Callable[..., Case], people: dict[str, User]) -> Case:
    from pendapa.web.cases.actions import withdraw
    from pendapa.web.events.chain import Actor

    case = submit(CARD)
    return withdraw(case.pk, now=NOW, actor=Actor())


def test_personal_data_go_when_retention_is_over_and_not_before(
    ended: Case, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    names = list(Attachment.objects.filter(case=ended).values_list("stored_as", flat=True))
    assert names
    assert purge(NOW + timedelta(days=5 * 365))["cases"] == 0
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        assert purge(NOW + timedelta(days=5 * 366))["cases"] == 1
    case = Case.objects.get(pk=ended.pk)
    assert (case.applicant_name, case.applicant_email, case.nik_index, case.answers) == ("", None, None, {})
    assert not any(uploads.stored_path(name).exists() for name in names)
    assert list(verify_case(case)) == []
    assert case.events.latest("seq").kind == "case.purged"


def test_an_open_case_is_never_purged(submit: Callable[..., Case]) -> None:
    submit(CARD)
    assert purge(NOW + timedelta(days=20 * 365))["cases"] == 0


def test_an_unfinished_application_is_dropped_after_two_months(tegal: None) -> None:
    version = Service.objects.get(slug=CARD).current
    assert version is not None
    draft = drafts.begin_draft(version, None, now=NOW).draft
    assert purge(NOW + UNFINISHED_FOR)["drafts"] == 0
    assert purge(NOW + UNFINISHED_FOR + timedelta(seconds=1))["drafts"] == 1
    assert not Draft.objects.filter(pk=draft.pk).exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM cases_draft WHERE id = %s", [draft.pk])
        assert cursor.fetchone()[0] == 0
