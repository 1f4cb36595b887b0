"""Every kind of event that is written anywhere has its entry and its sentence; no event holds personal data."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import translation
from tests.web.conftest import NOW, TEGAL

import pendapa
from pendapa.web.accounts.models import User
from pendapa.web.cases.models import Attachment, Case, Draft, Task
from pendapa.web.demo.seed import run
from pendapa.web.events.chain import verify_case, verify_seals
from pendapa.web.events.kinds import KINDS
from pendapa.web.events.models import Event

SOURCE = Path(pendapa.__file__).parent
WRITERS = {"event", "record", "append", "_one_event"}  # functions that take the kind of an event


def kinds_written() -> Iterator[tuple[str, str]]:
    """Every text given as a kind to a function that writes events: (kind, where)."""
    for path in sorted((SOURCE / "web").rglob("*.py")):  # engines write no events
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name not in WRITERS:
                continue
            for argument in [*node.args, *(k.value for k in node.keywords if k.arg == "kind")]:
                if (
                    isinstance(argument, ast.Constant)
                    and isinstance(argument.value, str)
                    and "." in argument.value
                ):
                    yield argument.value, f"{path.relative_to(SOURCE)}:{node.lineno}"


def test_every_kind_written_has_its_entry() -> None:
    written = list(kinds_written())
    assert len({kind for kind, _where in written}) > 20
    assert [where for kind, where in written if kind not in KINDS] == []


def test_every_entry_is_written_somewhere() -> None:
    named = {node.value for path in SOURCE.rglob("*.py") if path.name != "kinds.py"
             for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
             if isinstance(node, ast.Constant) and isinstance(node.value, str)}  # fmt: skip
    assert set(KINDS) - named == set()


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_sentence_in_both_languages(kind: str) -> None:
    with translation.override("id"):
        indonesian = str(KINDS[kind].sentence)
    with translation.override("en"):
        english = str(KINDS[kind].sentence)
    assert indonesian
    assert english
    assert english != indonesian, f"{kind}: no English in locale/en"


@pytest.fixture
def seeded(people: dict[str, User]) -> None:
    """An office that lived for a while."""
    run(NOW, 25, TEGAL)


def personal_texts() -> set[str]:
    """Names, identity numbers, addresses and whatever else applicants wrote that is long enough to be looked for."""
    found: set[str] = set()
    for case in Case.objects.all():
        found |= {case.applicant_name, case.applicant_email or ""}
        found |= {str(value) for value in case.answers.values()}
    for draft in Draft.objects.all():
        found |= {str(value) for value in draft.answers.values()}
    for user in User.objects.all():
        found |= {user.name, user.email, user.nik or "", user.phone or ""}
    # Words of choices ("bidan") and attachments' random ids are not personal.
    known = {str(pk) for pk in Attachment.objects.values_list("pk", flat=True)}
    return {
        text for text in found if len(text) >= 8 and (" " in text or "@" in text or text.isdigit())
    } - known


def test_no_event_of_a_living_office_holds_personal_data(seeded: None) -> None:
    texts = personal_texts()
    assert len(texts) > 50
    assert Event.objects.count() > 150
    for event in Event.objects.all():
        row = json.dumps([event.data, event.agency, event.district, event.actor_position, event.channel])
        assert [text for text in texts if text in row] == [], event.kind


def test_every_chain_and_seal_of_a_living_office_holds(seeded: None) -> None:
    assert Case.objects.count() >= 20
    assert [found for case in Case.objects.all() for found in verify_case(case)] == []
    assert list(verify_seals()) == []
    assert set(Event.objects.values_list("kind", flat=True)) <= set(KINDS)


def test_process_variables_of_a_living_office_are_not_personal(seeded: None) -> None:
    texts = personal_texts()
    assert Task.objects.exists()
    for case in Case.objects.all():
        row = json.dumps(case.variables)
        assert [text for text in texts if text in row] == [], case.service.slug
