"""A case walks from its applicant through the agencies to a signed document, by the actions alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from tests.web.conftest import NOW

from pendapa.signatures import verify
from pendapa.web.accounts.models import User
from pendapa.web.cases import actions, uploads
from pendapa.web.cases.models import Case, CaseFact, Task
from pendapa.web.cases.refusals import NotYours, Refused
from pendapa.web.demo.logins import PASSPHRASE
from pendapa.web.events.chain import Actor, verify_case
from pendapa.web.signing import authority
from pendapa.web.signing.actions import issue_deemed_decision, read_letter, sign_task

SIP = "izin-praktik-bidan-perawat"
LETTER = "surat-keterangan-penelitian"
CARD = "perubahan-data-kk"
Submit = Callable[..., Case]
Do = Callable[..., Case]


def sign(case: Case, element: str, user: User, at: object = NOW) -> object:
    task = Task.objects.get(case=case, element=element, status="open")
    read_letter(task.pk, user, now=at)
    return sign_task(task.pk, user, PASSPHRASE, now=at)


def test_a_practice_licence_is_checked_by_two_offices_at_once_and_signed(
    submit: Submit, do_task: Do, people: dict[str, User]
) -> None:
    case = submit(SIP, people["warga"])
    do_task(case, "periksa", "fo")
    assert set(Task.objects.filter(case=case, status="open").values_list("element", flat=True)) == {
        "cek_skp",
        "cek_tempat",
    }
    do_task(case, "cek_tempat", "tempat")
    do_task(case, "cek_skp", "skp")
    do_task(case, "telaah", "kabid")
    document = sign(case, "tanda_tangan", people["kadis"])
    case.refresh_from_db()
    assert case.status == "issued"
    assert list(verify_case(case)) == []
    found = verify(uploads.read_sealed(document.stored_as), authority.trust_roots(), NOW)
    assert found.verdict == "genuine"
    assert document.signer_title == "Kepala Dinas Penanaman Modal dan Pelayanan Terpadu Satu Pintu"


def test_a_returned_case_keeps_its_answers_and_stops_its_clock(
    submit: Submit, do_task: Do, people: dict[str, User]
) -> None:
    case = submit(SIP, people["warga"])
    due = case.due_at
    do_task(case, "periksa", "fo", result="return", message="Foto tidak jelas", fields=("/photo",))
    case.refresh_from_db()
    assert (case.status, case.due_at, case.correction["fields"]) == ("waiting_applicant", None, ["/photo"])
    back = NOW + timedelta(days=7)
    actions.resubmit(case.pk, {}, now=back, actor=Actor(people["warga"].key))
    case.refresh_from_db()
    assert case.status == "in_progress"
    # Five working days after Monday 23 November (day 0) were 24, 25, 26, 27 and 30 November. The clock stood still from
    # the 23rd to the morning of the 30th, so at the close of 24-27 it did not run and those days do not count:
    # 30 November, 1, 2, 3 and 4 December do. Friday closes at 16.30, which is 09.30 UTC.
    assert due == datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
    assert case.due_at == datetime(2026, 12, 4, 9, 30, tzinfo=UTC)
    assert Task.objects.get(case=case, status="open").returned


def test_a_refusal_is_a_signed_letter_too(submit: Submit, do_task: Do, people: dict[str, User]) -> None:
    case = submit(SIP)
    for element, who in (("periksa", "fo"), ("cek_skp", "skp"), ("cek_tempat", "tempat")):
        do_task(case, element, who)
    do_task(
        case,
        "telaah",
        "kabid",
        result="refuse",
        reason_fact="Tempat tidak ada",
        reason_law="Standar pelayanan",
    )
    document = sign(case, "tanda_tangan_penolakan", people["kadis"])
    case.refresh_from_db()
    assert (case.status, document.kind) == ("refused", "refusal")


def test_silence_counts_as_consent_and_is_sealed(submit: Submit, people: dict[str, User]) -> None:
    case = submit(LETTER)
    timer = case.timers.get(status="set")
    assert timer.due_at == case.due_at
    assert not actions.fire_timer(timer.pk, now=timer.due_at - timedelta(seconds=1))
    assert actions.fire_timer(timer.pk, now=timer.due_at)
    token = case.tokens.get(waiting="effect")
    document = issue_deemed_decision(case.pk, token.element, token.instance, now=timer.due_at)
    case.refresh_from_db()
    assert (case.status, document.kind, document.signer) == ("deemed", "deemed", None)
    assert issue_deemed_decision(case.pk, token.element, token.instance, now=timer.due_at) is None


def test_a_family_card_goes_to_siak_and_its_answer_ends_the_case(
    submit: Submit, do_task: Do, people: dict[str, User]
) -> None:
    from pendapa.web.cases.handovers import Answer, FakeSiak, deliver

    case = submit(CARD)
    do_task(case, "periksa", "dukcapil")
    row = case.handovers.get()
    assert deliver(row.pk, now=NOW)
    row.refresh_from_db()
    case.refresh_from_db()
    assert (row.status, case.status, case.due_at) == ("sent", "waiting_outside", None)
    later = NOW + timedelta(hours=5)
    expected = FakeSiak().ask(row.outside_number, NOW, later)
    assert isinstance(expected, Answer)
    assert deliver(row.pk, now=later)
    case.refresh_from_db()
    assert case.status == {"done": "handed_over", "rejected": "refused"}[expected.status]


def test_a_second_submission_of_a_draft_gives_the_same_case(submit: Submit) -> None:
    case = submit(SIP)
    again = actions.submit_application(case.draft_id, now=NOW, actor=Actor())
    assert (again.case.pk, again.code, Case.objects.count()) == (case.pk, None, 1)


def test_only_who_holds_the_position_may_work(submit: Submit, people: dict[str, User]) -> None:
    case = submit(SIP)
    task = case.tasks.get()
    for stranger in ("warga", "skp", "dukcapil", "admin"):
        with pytest.raises(NotYours):
            actions.claim(task.pk, people[stranger], now=NOW)
    actions.claim(task.pk, people["fo"], now=NOW)


def test_a_letter_is_signed_only_after_it_was_read(
    submit: Submit, do_task: Do, people: dict[str, User]
) -> None:
    case = submit(LETTER)
    do_task(case, "periksa", "verif")
    task = case.tasks.get(element="tanda_tangan")
    with pytest.raises(Refused, match="baca"):
        sign_task(task.pk, people["kadis"], PASSPHRASE, now=NOW)


def test_an_acting_head_signs_within_the_decree_only(
    submit: Submit, do_task: Do, people: dict[str, User]
) -> None:
    case = submit(LETTER)
    do_task(case, "periksa", "verif")
    task = case.tasks.get(element="tanda_tangan")
    with pytest.raises(NotYours):
        read_letter(task.pk, people["plt"], now=NOW + timedelta(days=120))
    document = sign(case, "tanda_tangan", people["plt"])
    assert document.signer_title.startswith("Plh. Kepala Dinas")
    assert document.acted_as == "plh"


def test_a_wrong_passphrase_leaves_a_void_number_with_its_reason(
    submit: Submit, do_task: Do, people: dict[str, User]
) -> None:
    case = submit(LETTER)
    do_task(case, "periksa", "verif")
    task = case.tasks.get(element="tanda_tangan")
    read_letter(task.pk, people["kadis"], now=NOW)
    with pytest.raises(Refused, match="Frasa sandi"):
        sign_task(task.pk, people["kadis"], "bukan-frasanya", now=NOW)
    entry = case.register_entries.get()
    assert (entry.status, entry.running) == ("void", 1)
    assert "Frasa sandi" in entry.reason
    assert sign(case, "tanda_tangan", people["kadis"]).entry.running == 2


def test_a_late_task_climbs_to_the_superior(submit: Submit, people: dict[str, User]) -> None:
    case = submit(SIP)
    task = case.tasks.get()
    assert not actions.climb(task.pk, now=task.due_at - timedelta(minutes=1))
    assert actions.climb(task.pk, now=task.due_at)
    task.refresh_from_db()
    assert task.climbed_to.code == "DPMPTSP-KABID-IZIN"
    actions.claim(task.pk, people["kabid"], now=task.due_at)


def test_a_withdrawn_case_leaves_nobody_work(submit: Submit, people: dict[str, User]) -> None:
    case = submit(SIP, people["warga"])
    actions.withdraw(case.pk, now=NOW, actor=Actor(people["warga"].key))
    case.refresh_from_db()
    assert case.status == "withdrawn"
    assert not case.tasks.filter(status="open").exists()
    with pytest.raises(Refused):
        actions.withdraw(case.pk, now=NOW, actor=Actor())


def test_the_fact_row_counts_working_time_without_pauses(
    submit: Submit, do_task: Do, people: dict[str, User]
) -> None:
    case = submit(LETTER)
    do_task(case, "periksa", "verif", at=NOW + timedelta(hours=1))
    sign(case, "tanda_tangan", people["kadis"], NOW + timedelta(days=1))
    fact = CaseFact.objects.get(case=case)
    # Monday 09.30 to Tuesday 09.30: Monday 09.30-12.00 and 13.00-16.00 are 330 minutes, Tuesday 07.30-09.30 are 120.
    assert (fact.working_minutes, fact.on_time, fact.outcome) == (450, True, "issued")
