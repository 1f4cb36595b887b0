"""A process that has no way on: nothing is lost, the person reads a sentence, and the case waits to be mended."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from tests.web.conftest import NOW

from pendapa.forms import flatten
from pendapa.processes import ProcessStuck, load_process
from pendapa.web.accounts.models import User
from pendapa.web.cases import actions, tasks, work
from pendapa.web.cases.models import Attachment, Case, Draft, Pause, Task, TimerRow, TokenRow
from pendapa.web.cases.work import CaseStuck
from pendapa.web.catalogue.definitions import Ready, ready
from pendapa.web.events.chain import verify_case
from pendapa.web.events.models import Event

LETTER = "surat-keterangan-penelitian"


def _broken(made: Ready) -> Ready:
    """The service's process when its author forgot what "accept" leads to."""
    source = made.process_source.decode()
    assert source.count('periksa_result = "accept"') == 1
    source = source.replace('periksa_result = "accept"', 'periksa_result = "yes"')
    default = ' default="alur_keputusan_periksa_perbaikan"'
    assert source.count(default) == 1
    source = source.replace(default, "")
    flow = 'id="alur_keputusan_periksa_perbaikan" '
    head, _, tail = source.partition(flow)
    tag, _, rest = tail.partition("/>")
    condition = '<bpmn:conditionExpression>periksa_result = "return"</bpmn:conditionExpression>'
    source = f"{head}{flow}{tag}>{condition}</bpmn:sequenceFlow>{rest}"
    return replace(made, process=load_process(source.encode(), name="process.bpmn"))


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.setattr(work, "ready", lambda version: _broken(ready(version)))
    return monkeypatch


def test_an_officers_decision_without_a_way_on_is_not_kept_and_the_case_is_marked(
    submit: Callable[..., Case], people: dict[str, User], broken: pytest.MonkeyPatch, examples: Callable
) -> None:
    case = submit(LETTER)
    task = Task.objects.get(case=case, element="periksa", status="open")
    actions.claim(task.pk, people["verif"], now=NOW)
    tokens = list(TokenRow.objects.filter(case=case).values_list("instance", "element"))
    answers = flatten(examples(LETTER)["tasks"].get("periksa", {}))
    for _ in range(2):
        with pytest.raises(CaseStuck, match="alur layanan"):
            actions.complete_task(task.pk, people["verif"], actions.Decision(), answers, now=NOW)
    case.refresh_from_db()
    task.refresh_from_db()
    assert (case.status, task.status, task.claimed_by) == ("stuck", "open", people["verif"])
    assert list(TokenRow.objects.filter(case=case).values_list("instance", "element")) == tokens
    noted = Event.objects.filter(case=case, kind="case.stuck")
    assert [event.data for event in noted] == [{"places": ["periksa"]}]  # once, however often it is tried
    assert list(verify_case(case)) == []

    broken.undo()  # the process is mended
    actions.complete_task(task.pk, people["verif"], actions.Decision(), answers, now=NOW)
    case.refresh_from_db()
    assert case.status == "in_progress"
    assert Task.objects.get(case=case, status="open").element == "tanda_tangan"


def test_the_officer_reads_why_beside_the_decision(
    submit: Callable[..., Case],
    people: dict[str, User],
    broken: pytest.MonkeyPatch,
    client: Client,
    examples: Callable,
) -> None:
    case = submit(LETTER)
    task = Task.objects.get(case=case, element="periksa", status="open")
    actions.claim(task.pk, people["verif"], now=NOW)
    client.force_login(people["verif"])
    sent = {**flatten(examples(LETTER)["tasks"].get("periksa", {})), "keputusan": "accept"}
    answer = client.post(reverse("cases:task", args=[task.pk]), sent)
    assert answer.status_code == 422
    assert "Administrator perlu memperbaiki alurnya dahulu" in answer.content.decode()


def test_the_worker_leaves_the_timers_of_a_stuck_case_alone(submit: Callable[..., Case]) -> None:
    case = submit(LETTER)
    late = NOW + timedelta(days=60)
    assert TimerRow.objects.filter(case=case, status="set", due_at__lte=late).exists()
    Case.objects.filter(pk=case.pk).update(status="stuck")
    assert tasks.tick(late)["timers"] == 0
    Case.objects.filter(pk=case.pk).update(status="in_progress")
    assert tasks.tick(late)["timers"] == 1


def test_an_application_whose_process_cannot_start_stays_a_draft(
    submit: Callable[..., Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    def nowhere(*_: object) -> None:
        raise ProcessStuck("no way on")

    monkeypatch.setattr(work, "start", nowhere)
    with pytest.raises(CaseStuck):
        submit(LETTER)
    assert not Case.objects.exists()
    assert Draft.objects.get().submitted_at is None


def test_a_refused_submission_leaves_nothing_half_written(
    people: dict[str, User], submit: Callable[..., Case], monkeypatch: pytest.MonkeyPatch, client: Client
) -> None:
    case = submit(LETTER)  # whose answers the draft has too
    draft = Draft.objects.create(
        id=uuid4(),
        version_id=case.version_id,
        owner=people["warga"],
        code_hash=b"x",
        answers=case.answers,
        created_at=NOW,
        changed_at=NOW,
    )
    Attachment.objects.filter(case=case).update(draft=draft)

    def begun_in_part(self: work.CaseWork, variables: object) -> None:
        Pause.objects.create(case=case, reason="half", starts_at=NOW, ends_at=NOW)
        raise CaseStuck(self.case.pk, (), self.actor, self.now)

    monkeypatch.setattr(work.CaseWork, "begin", begun_in_part)
    client.force_login(people["warga"])
    sent = {"shown": "/declaration", "/declaration": "OK"}
    answer = client.post(f"/draf/{draft.pk}/kirim/", sent, follow=True)
    assert "Administrator perlu memperbaiki alurnya dahulu" in answer.content.decode()
    assert not Pause.objects.filter(reason="half").exists()
    draft.refresh_from_db()
    assert draft.submitted_at is None
    assert Case.objects.count() == 1
