"""Running cases go over to a new version of their service: tried, moved in bulk, put back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from tests.web.conftest import NOW
from tests.web.organisation.mending import SIP, load_mended

from pendapa.forms import flatten
from pendapa.processes.verdicts import SENTENCES
from pendapa.regency import Regency, Report
from pendapa.web.accounts.models import User
from pendapa.web.cases import actions, moving, stuck
from pendapa.web.cases.models import Case, Task
from pendapa.web.cases.move_rows import MovedCase, MoveRun
from pendapa.web.cases.moving_words import WORDS
from pendapa.web.cases.refusals import NotYours, Refused
from pendapa.web.cases.tasks import PERIODIC
from pendapa.web.cases.work import CaseStuck
from pendapa.web.catalogue.models import ServiceVersion
from pendapa.web.demo.logins import PASSPHRASE
from pendapa.web.events.chain import SYSTEM, verify_case
from pendapa.web.organisation.models import Placement
from pendapa.web.signing.actions import letter_of_task, read_letter, sign_task

Submit = Callable[..., Case]
Do = Callable[..., Case]
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def publish_mended(regency_as_read: tuple[Regency, Report]) -> Callable[[], ServiceVersion]:
    """Load the mended version, when the cases of a test run already."""
    return lambda: load_mended(regency_as_read)


def run_all(admin: User, *, at: datetime = LATER, given: dict[str, str | None] | None = None) -> MoveRun:
    run = moving.start_run(admin, SIP, 1, given or {}, now=at)
    moving.work_off(run.pk, now=lambda: at)
    run.refresh_from_db()
    return run


def undo_all(admin: User, run: MoveRun, *, at: datetime = LATER) -> MoveRun:
    moving.undo_run(admin, run.pk, now=at)
    moving.work_off(run.pk, now=lambda: at)
    run.refresh_from_db()
    return run


def at_review(submit: Submit, do_task: Do, user: User | None = None) -> Case:
    case = submit(SIP, user)
    for element, who in (("periksa", "fo"), ("cek_skp", "skp"), ("cek_tempat", "tempat")):
        do_task(case, element, who)
    return case


def everything(case: Case) -> dict[str, Any]:
    """What a case is, but for its events and the numbers given out."""
    case.refresh_from_db()
    left_out = {"_state", "event_count", "head_hash", "serial", "sealed_count", "as_read"}
    left_out |= {"version", "service", "agency", "draft", "code"}
    return {
        "case": {k: v for k, v in case.__dict__.items() if k not in left_out and not k.startswith("_")},
        "tokens": list(case.tokens.values("instance", "element", "scope", "waiting", "detail")),
        "tasks": list(case.tasks.order_by("pk").values()),
        "timers": list(case.timers.filter(status="set").values()),
    }


# --- rights ----------------------------------------------------------------------------------------


def test_only_administrators_look_start_and_undo(
    people: dict[str, User], admin: User, submit: Submit, publish_mended: Callable[[], ServiceVersion]
) -> None:
    submit(SIP)
    publish_mended()
    for name in ("warga", "fo", "kadis"):
        with pytest.raises(NotYours):
            moving.offer(people[name], SIP, 1, {})
        with pytest.raises(NotYours):
            moving.start_run(people[name], SIP, 1, {}, now=NOW)
    run = run_all(admin)
    for name in ("warga", "fo", "kadis"):
        with pytest.raises(NotYours):
            moving.undo_run(people[name], run.pk, now=NOW)
        with pytest.raises(NotYours):
            moving.run_of(people[name], run.pk)
    assert MovedCase.objects.get(run=run).status == "moved"


def test_the_present_version_is_no_place_to_move_away_from(
    admin: User, publish_mended: Callable[[], ServiceVersion]
) -> None:
    publish_mended()
    with pytest.raises(NotYours):
        moving.offer(admin, SIP, 2, {})
    with pytest.raises(NotYours):
        moving.offer(admin, SIP, 7, {})
    with pytest.raises(Refused, match="Tidak ada permohonan"):
        moving.start_run(admin, SIP, 1, {}, now=NOW)


# --- one case --------------------------------------------------------------------------------------


def test_a_trial_says_of_each_case_whether_it_can_go_and_changes_nothing(
    admin: User, submit: Submit, do_task: Do, publish_mended: Callable[[], ServiceVersion]
) -> None:
    first, in_section, review = submit(SIP), submit(SIP), at_review(submit, do_task)
    do_task(in_section, "periksa", "fo")
    before = [everything(case) for case in (first, in_section, review)]
    publish_mended()
    tried, more = moving.try_out(moving.offer(admin, SIP, 1, {}))
    assert not more
    assert (tried[0].number, bool(tried[0].reasons)) == (in_section.number, True)
    assert {t.number for t in tried if not t.reasons} == {first.number, review.number}
    assert {(r.kind, r.element) for r in tried[0].reasons} == {
        ("section_changed", "cek_skp"),
        ("section_changed", "cek_tempat"),
    }
    assert [everything(case) for case in (first, in_section, review)] == before


def test_a_moved_case_follows_the_new_version_to_its_end(
    people: dict[str, User],
    admin: User,
    submit: Submit,
    do_task: Do,
    publish_mended: Callable[[], ServiceVersion],
    examples: Callable[..., dict[str, Any]],
) -> None:
    case = at_review(submit, do_task, people["warga"])
    answers = dict(Case.objects.get(pk=case.pk).answers)
    task = Task.objects.get(case=case, status="open")
    actions.claim(task.pk, people["kabid"], now=NOW)
    mended = publish_mended()
    assert run_all(admin).counts == {"moved": 1}
    case.refresh_from_db()
    assert case.version_id == mended.pk
    assert case.answers == answers
    moved = Task.objects.get(case=case, status="open")
    # The same task under its number: another id, position and deadline, and nobody holds it.
    assert (moved.pk, moved.instance, moved.element) == (task.pk, task.instance, "kajian")
    assert (moved.position.code, moved.claimed_by, moved.opened_at) == ("DPMPTSP-SEK", None, task.opened_at)
    # Three working days after Monday 23 November are the 24th, 25th and 26th; Thursday closes at 16.00, 09.00 UTC.
    assert moved.due_at == datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
    kinds = list(case.events.order_by("seq").values_list("kind", "service_version_id"))[-2:]
    assert kinds == [("case.migrated", mended.pk), ("task.moved", mended.pk)]
    assert list(verify_case(case)) == []
    # On it goes: the secretary reviews, and the head signs a letter that knows what was found before.
    secretary = people["kabid"]
    Placement.objects.filter(user=secretary).update(position=moved.position)
    actions.claim(moved.pk, secretary, now=LATER)
    review = flatten(examples(SIP)["tasks"]["telaah"])
    actions.complete_task(moved.pk, secretary, actions.Decision(result="accept"), review, now=LATER)
    to_sign = Task.objects.get(case=case, element="tanda_tangan")
    read_letter(to_sign.pk, people["kadis"], now=LATER)
    sign_task(to_sign.pk, people["kadis"], PASSPHRASE, now=LATER)
    case.refresh_from_db()
    assert case.status == "issued"
    assert list(verify_case(case)) == []


def test_a_letter_finds_under_its_new_name_what_was_found_before(
    people: dict[str, User],
    admin: User,
    submit: Submit,
    do_task: Do,
    publish_mended: Callable[[], ServiceVersion],
) -> None:
    case = at_review(submit, do_task)
    do_task(case, "telaah", "kabid")
    to_sign = Task.objects.get(case=case, element="tanda_tangan")
    before = letter_of_task(to_sign, now=NOW).fields["telaah.valid_until"]
    assert before
    publish_mended()
    assert run_all(admin).counts == {"moved": 1}
    to_sign = Task.objects.get(pk=to_sign.pk)
    assert letter_of_task(to_sign, now=LATER).fields["kajian.valid_until"] == before


def test_the_pages_of_a_moved_case_tell_what_was_done_before_and_what_is_asked_no_more(
    people: dict[str, User],
    admin: User,
    submit: Submit,
    do_task: Do,
    publish_mended: Callable[[], ServiceVersion],
) -> None:
    case = at_review(submit, do_task, people["warga"])
    publish_mended()
    run_all(admin)
    browser = Client()
    browser.force_login(people["warga"])
    page = browser.get(f"/berkas/{case.number}/").content.decode()
    assert "aturan layanan yang diperbarui" in page
    assert "Jawaban Anda tetap seperti yang Anda kirim." in page
    browser.force_login(people["fo"])
    page = browser.get(f"/kasus/{case.number}/").content.decode()
    assert "Cek kecukupan SKP" in page
    assert "Jawaban yang tidak ditanyakan lagi" in page
    assert "Unggah surat keterangan dari tempat praktik." in page


def test_a_case_that_was_stuck_goes_on_after_the_move(
    admin: User, submit: Submit, publish_mended: Callable[[], ServiceVersion]
) -> None:
    case = submit(SIP)
    stuck._mark(CaseStuck(case.pk, ("periksa",), SYSTEM, NOW))
    case.refresh_from_db()
    assert case.status == "stuck"
    publish_mended()
    run_all(admin)
    case.refresh_from_db()
    assert case.status == "in_progress"


def test_the_map_may_be_chosen_and_must_make_sense(
    admin: User, submit: Submit, do_task: Do, publish_mended: Callable[[], ServiceVersion]
) -> None:
    at_review(submit, do_task)
    publish_mended()
    tried, _more = moving.try_out(moving.offer(admin, SIP, 1, {"telaah": None}))
    assert [reason.kind for reason in tried[0].reasons] == ["unmapped"]
    with pytest.raises(Refused, match="Peta langkah tidak bisa dipakai"):
        moving.offer(admin, SIP, 1, {"telaah": "terbit"})


# --- in bulk ---------------------------------------------------------------------------------------


@pytest.fixture
def thirty(submit: Submit, do_task: Do) -> list[Case]:
    """Thirty cases: every fifth in the parallel section, the others before it."""
    cases = [submit(SIP) for _ in range(30)]
    for case in cases[::5]:
        do_task(case, "periksa", "fo")
    return cases


def test_thirty_cases_are_moved_or_refused_and_the_run_says_so(
    admin: User, thirty: list[Case], publish_mended: Callable[[], ServiceVersion]
) -> None:
    mended = publish_mended()
    run = moving.start_run(admin, SIP, 1, {}, now=LATER)
    assert (run.total, run.left, run.finished_at) == (30, 30, None)
    moving.work_off(run.pk, now=lambda: LATER)
    run.refresh_from_db()
    assert (run.counts, run.left, run.finished_at) == ({"moved": 24, "refused": 6}, 0, LATER)
    assert Case.objects.filter(version=mended).count() == 24
    refused = MovedCase.objects.filter(run=run, status="refused")
    assert {row.case_id for row in refused} == {case.pk for case in thirty[::5]}
    assert {row.reasons[0]["kind"] for row in refused} == {"section_changed"}


def test_a_worker_killed_in_the_middle_leaves_the_rest_and_each_case_is_moved_once(
    admin: User,
    thirty: list[Case],
    publish_mended: Callable[[], ServiceVersion],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    publish_mended()
    run = moving.start_run(admin, SIP, 1, {}, now=LATER)
    calls = {"left": 11}
    move_one = moving.move_one

    def dies(row_id: int, *, now: datetime) -> None:
        if not calls["left"]:
            raise KeyboardInterrupt
        calls["left"] -= 1
        move_one(row_id, now=now)

    monkeypatch.setattr(moving, "move_one", dies)
    with pytest.raises(KeyboardInterrupt):
        moving.work_off(run.pk, now=lambda: LATER)
    run.refresh_from_db()
    assert run.finished_at is None
    assert MovedCase.objects.filter(run=run, status="waiting").count() == 19
    # While it is unfinished, no second run begins, and after a while it is taken up again.
    with pytest.raises(Refused, match="masih berjalan"):
        moving.start_run(admin, SIP, 1, {}, now=LATER)
    monkeypatch.setattr(moving, "move_one", move_one)
    enqueued: list[int] = []
    monkeypatch.setattr(type(moving.carry_on), "enqueue", lambda self, key: enqueued.append(key))
    moving.take_up(LATER + timedelta(minutes=1))
    assert enqueued == []
    moving.take_up(LATER + timedelta(minutes=3))
    assert enqueued == [run.pk]
    assert any(work.function.__name__ == "take_up_moves" for work in PERIODIC)
    moving.work_off(run.pk, now=lambda: LATER)
    run.refresh_from_db()
    assert run.counts == {"moved": 24, "refused": 6}
    for case in thirty:
        assert case.events.filter(kind="case.migrated").count() == (0 if case in thirty[::5] else 1)
        case.refresh_from_db()
        assert list(verify_case(case)) == []


def test_a_case_that_moved_on_before_its_turn_is_judged_by_where_it_stands_then(
    admin: User, submit: Submit, do_task: Do, publish_mended: Callable[[], ServiceVersion]
) -> None:
    case, ended = submit(SIP), submit(SIP)
    publish_mended()
    run = moving.start_run(admin, SIP, 1, {}, now=LATER)
    do_task(case, "periksa", "fo")
    Case.objects.filter(pk=ended.pk).update(status="withdrawn", ended_at=NOW)
    moving.work_off(run.pk, now=lambda: LATER)
    kinds = {row.case_id: row.reasons[0]["kind"] for row in MovedCase.objects.filter(run=run)}
    assert kinds == {case.pk: "section_changed", ended.pk: "ended"}


# --- back ------------------------------------------------------------------------------------------


def test_undoing_gives_back_the_case_as_it_was(
    people: dict[str, User],
    admin: User,
    submit: Submit,
    do_task: Do,
    publish_mended: Callable[[], ServiceVersion],
) -> None:
    first, review = submit(SIP), at_review(submit, do_task)
    task = Task.objects.get(case=review, status="open")
    actions.claim(task.pk, people["kabid"], now=NOW)
    before = [everything(case) for case in (first, review)]
    publish_mended()
    run = run_all(admin)
    assert [everything(case) for case in (first, review)] != before
    run = undo_all(admin, run)
    assert run.counts == {"undone": 2}
    assert [everything(case) for case in (first, review)] == before
    for case in (first, review):
        assert list(verify_case(case)) == []
    do_task(review, "telaah", "kabid")
    # What was put back can be moved again.
    assert run_all(admin).counts == {"moved": 2}


def test_a_case_that_has_gone_on_is_not_put_back(
    admin: User, submit: Submit, do_task: Do, publish_mended: Callable[[], ServiceVersion]
) -> None:
    stays, goes_on = submit(SIP), submit(SIP)
    mended = publish_mended()
    run = run_all(admin)
    do_task(goes_on, "periksa", "fo", at=LATER)
    run = undo_all(admin, run)
    assert run.counts == {"undone": 1, "kept": 1}
    rows = {row.case_id: row for row in MovedCase.objects.filter(run=run)}
    assert (rows[goes_on.pk].status, rows[goes_on.pk].reasons[0]["kind"]) == ("kept", "moved_on")
    goes_on.refresh_from_db()
    assert goes_on.version_id == mended.pk
    # The three checks of the new version are open.
    assert goes_on.tasks.filter(status="open").count() == 3
    with pytest.raises(Refused, match="bisa dikembalikan"):
        moving.undo_run(admin, run.pk, now=LATER)
    assert rows[stays.pk].undone_at == LATER


# --- pages -----------------------------------------------------------------------------------------


def test_the_administrator_goes_from_the_versions_to_the_map_the_trial_the_run_and_back(
    desk: Client, submit: Submit, do_task: Do, publish_mended: Callable[[], ServiceVersion]
) -> None:
    submit(SIP)
    in_section = submit(SIP)
    do_task(in_section, "periksa", "fo")
    publish_mended()
    versions = desk.get(f"/kelola/layanan/{SIP}/").content.decode()
    address = f"/kelola/layanan/{SIP}/1/pindahkan/"
    assert address in versions
    page = desk.get(address).content.decode()
    assert 'name="ke-telaah"' in page
    assert '<option value="kajian" selected' in page
    assert "Yang akan terjadi" not in page
    page = desk.post(address, {"do": "try"}).content.decode()
    assert in_section.number in page
    assert "Cek alat" in page
    assert MoveRun.objects.count() == 0
    wrong = desk.post(address, {"do": "try", "ke-telaah": "terbit"})
    assert wrong.status_code == 422
    begun = desk.post(address, {"do": "start"})
    run = MoveRun.objects.get()
    assert begun.headers["Location"] == f"/kelola/pemindahan/{run.pk}/"
    page = desk.get(f"/kelola/pemindahan/{run.pk}/").content.decode()
    assert "0 dari 2 permohonan sudah dikerjakan." in page
    assert "Kembalikan pemindahan ini" not in page
    moving.work_off(run.pk, now=lambda: LATER)
    page = desk.get(f"/kelola/pemindahan/{run.pk}/").content.decode()
    assert "1 sudah dipindahkan, 1 tidak bisa dipindahkan" in page
    assert "Kembalikan pemindahan ini" in page
    assert desk.get(f"/kelola/pemindahan/{run.pk}/kembalikan/").status_code == 200
    desk.post(f"/kelola/pemindahan/{run.pk}/kembalikan/")
    moving.work_off(run.pk, now=lambda: LATER)
    page = desk.get(f"/kelola/pemindahan/{run.pk}/").content.decode()
    assert "1 sudah dikembalikan" in page
    assert f"/kelola/pemindahan/{run.pk}/" in desk.get(f"/kelola/layanan/{SIP}/").content.decode()


def test_every_reason_of_the_engine_has_its_sentence_here() -> None:
    assert SENTENCES.keys() <= WORDS.keys()
