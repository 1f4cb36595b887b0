"""The tuned way to the database gives what the ORM gives, which is the independent program here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, models, transaction

from pendapa.web.accounts.models import User
from pendapa.web.cases.models import Attachment, Case, CaseFact, Draft, Note, Pause, Task, TokenRow
from pendapa.web.cases.prepared import case_by_key, task_by_key
from pendapa.web.cases.work import CaseWork, locked_case
from pendapa.web.events.chain import SYSTEM, verify_case
from pendapa.web.events.models import Event
from pendapa.web.organisation.access import kept_with_publication, position_by_key, published_district
from pendapa.web.organisation.models import District, Position
from pendapa.web.rows import RowChanges, read, select

NOW = datetime(2026, 11, 23, 2, 30, tzinfo=UTC)
SLUG = "izin-praktik-bidan-perawat"


def plain(row: models.Model) -> dict[str, object]:
    values = {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields}
    return {name: bytes(v) if isinstance(v, memoryview) else v for name, v in values.items()}


@pytest.mark.parametrize("model", [Attachment, Case, CaseFact, Draft, Event, Task, TokenRow, User])
def test_a_row_read_prepared_is_the_row_of_the_orm(
    model: type[models.Model], submit: Callable[..., Case]
) -> None:
    submit(SLUG)
    rows = read(model, "ORDER BY 1", [])
    assert rows and [plain(r) for r in rows] == [plain(r) for r in model._default_manager.order_by("pk")]


def test_a_case_and_its_task_come_with_what_they_belong_to(submit: Callable[..., Case]) -> None:
    made = submit(SLUG)
    case, orm = case_by_key(made.pk), Case.objects.get(pk=made.pk)
    assert (case.agency, case.service, case.district) == (orm.agency, orm.service, orm.district)
    row = Task.objects.get(case=made)
    task = task_by_key(row.pk)
    assert task is not None and (task.position, task.agency) == (row.position, row.agency)
    assert task_by_key(0) is None
    with pytest.raises(Case.DoesNotExist):
        case_by_key(0)


def test_rows_of_several_tables_are_written_together_and_know_their_keys(
    submit: Callable[..., Case], people: dict[str, User]
) -> None:
    case = submit(SLUG)
    changes = RowChanges()
    notes = [
        Note(case=case, author=people["fo"], position=None, text="satu", written_at=NOW),
        Note(case=case, author=people["fo"], position=Position.objects.first(), text="dua", written_at=NOW),
    ]
    changes.insert(notes)
    changes.insert([Pause(case=case, reason="applicant", starts_at=NOW)])
    changes.update(Case, [case.pk], {"status": Case.Status.WAITING_APPLICANT, "correction": {"message": "x"}})
    changes.delete(TokenRow, [t.pk for t in case.tokens.all()])
    changes.write()
    assert [(n.text, n.position_id is None) for n in case.notes.order_by("pk")] == [
        ("satu", True),
        ("dua", False),
    ]
    assert [n.pk for n in notes] == list(case.notes.order_by("pk").values_list("pk", flat=True))
    fresh = Case.objects.get(pk=case.pk)
    assert (fresh.status, fresh.correction) == ("waiting_applicant", {"message": "x"})
    assert case.pauses.count() == 1 and not case.tokens.exists()


def test_nothing_is_written_when_one_row_breaks_a_rule(
    submit: Callable[..., Case], people: dict[str, User]
) -> None:
    case = submit(SLUG)
    changes = RowChanges()
    changes.insert([Note(case=case, author=people["fo"], text="tidak jadi", written_at=NOW)])
    changes.update(Case, [case.pk], {"status": "issued"})  # without an end: the table refuses it
    with pytest.raises(IntegrityError, match="case_ends_with_an_outcome"), transaction.atomic():
        changes.write()
    assert not case.notes.exists()


def test_a_change_made_to_a_locked_case_is_saved_whichever_column_it_is(submit: Callable[..., Case]) -> None:
    case = locked_case(submit(SLUG).pk)
    case.answers["/applicant/name"] = "Diganti Contoh"  # changed in place
    case.applicant_name, case.nik_index = "Diganti Contoh", None
    work = CaseWork(case, now=NOW, actor=SYSTEM)
    work.event("clock.recomputed")
    work.save()
    fresh = Case.objects.get(pk=case.pk)
    assert fresh.answers["/applicant/name"] == fresh.applicant_name == "Diganti Contoh"
    assert fresh.nik_index is None
    assert not list(verify_case(fresh))


def test_what_a_load_changes_is_kept_only_until_the_publication_is_forgotten(tegal: None) -> None:
    from pendapa.web.organisation.access import forget_publication

    position = Position.objects.get(code="DPMPTSP-FO")
    before = position_by_key(position.pk).title_id
    Position.objects.filter(pk=position.pk).update(title_id="Petugas Contoh")
    assert position_by_key(position.pk).title_id == before
    forget_publication()
    assert position_by_key(position.pk).title_id == "Petugas Contoh"
    made = []
    kept_with_publication("contoh", lambda: made.append(1))
    kept_with_publication("contoh", lambda: made.append(1))
    assert made == [1]


@pytest.mark.parametrize("answer", ["33.28.10", "Slawi", "slawi", "SLAWI"])
def test_a_district_is_found_by_code_and_by_name(tegal: None, answer: str) -> None:
    assert published_district(answer) == District.objects.get(code="33.28.10")


@pytest.mark.parametrize("answer", ["", "99.99.99", "Bukan Kecamatan"])
def test_what_is_no_district_is_none(tegal: None, answer: str) -> None:
    assert published_district(answer) is None


def test_a_statement_without_rows_gives_none(tegal: None) -> None:
    assert select("SELECT id FROM cases_case WHERE id = $1", [0]) == []
