"""The processes of the example services, walked by every path a case can take."""

from __future__ import annotations

import pytest

from pendapa.processes import (
    CompleteTask,
    FinishEffect,
    FireTimer,
    Outcome,
    Process,
    ReceiveMessage,
    advance,
    load_process,
    start,
)

from .regency_files import IZIN, KK, SERVICES, TELITI


def load(slug: str) -> Process:
    return load_process((SERVICES / slug / "process.bpmn").read_bytes(), name="process.bpmn")


class Walk:
    """A case on its way, steered by element names."""

    def __init__(self, slug: str) -> None:
        self.process = load(slug)
        self.outcome: Outcome = start(self.process, {})

    @property
    def at(self) -> set[str]:
        return {token.element for token in self.outcome.state.tokens if token.waiting != "join"}

    def instance(self, element: str) -> int:
        (token,) = [token for token in self.outcome.state.tokens if token.element == element]
        return token.id

    def done(self, task: str, result: str) -> Walk:
        step = CompleteTask(task, self.instance(task), {task + "_result": result})
        self.outcome = advance(self.process, self.outcome.state, step)
        return self

    def heard(self, message: str, **variables: str) -> Walk:
        self.outcome = advance(self.process, self.outcome.state, ReceiveMessage(message, None, variables))
        return self

    def effected(self, element: str) -> Walk:
        step = FinishEffect(element, self.instance(element), {})
        self.outcome = advance(self.process, self.outcome.state, step)
        return self

    def late(self, timer: str) -> Walk:
        self.outcome = advance(self.process, self.outcome.state, FireTimer(timer, None))
        return self

    def ends_at(self, end: str) -> bool:
        return self.outcome.ended and self.outcome.end == end


def checked_licence() -> Walk:
    walk = Walk(IZIN).done("periksa", "accept")
    assert walk.at == {"cek_skp", "cek_tempat"}
    return walk.done("cek_tempat", "accept").done("cek_skp", "accept")


def test_the_licence_is_checked_twice_at_once_and_signed() -> None:
    walk = checked_licence()
    assert walk.at == {"telaah"}
    walk.done("telaah", "accept")
    assert walk.at == {"tanda_tangan"}
    assert walk.done("tanda_tangan", "accept").ends_at("terbit")


def test_the_review_waits_for_both_checks() -> None:
    walk = Walk(IZIN).done("periksa", "accept").done("cek_skp", "accept")
    assert walk.at == {"cek_tempat"}


def test_the_licence_goes_back_for_correction_from_either_check() -> None:
    walk = Walk(IZIN).done("periksa", "return")
    assert walk.at == {"perbaikan"}
    assert walk.heard("perbaikan").at == {"periksa"}
    walk = checked_licence().done("telaah", "return")
    assert walk.at == {"perbaikan"}
    walk.heard("perbaikan").done("periksa", "accept")
    assert walk.at == {"cek_skp", "cek_tempat"}


def test_the_licence_is_refused_by_a_signed_letter() -> None:
    walk = checked_licence().done("telaah", "refuse")
    assert walk.at == {"tanda_tangan_penolakan"}
    assert walk.done("tanda_tangan_penolakan", "accept").ends_at("ditolak")


@pytest.mark.parametrize(
    ("review", "signing"), [("accept", "tanda_tangan"), ("refuse", "tanda_tangan_penolakan")]
)
def test_the_signer_of_the_licence_may_send_it_back(review: str, signing: str) -> None:
    walk = checked_licence().done("telaah", review).done(signing, "send_back")
    assert walk.at == {"telaah"}


def test_the_research_letter_is_issued_in_two_steps() -> None:
    walk = Walk(TELITI).done("periksa", "accept")
    assert walk.at == {"tanda_tangan"}
    assert walk.done("tanda_tangan", "accept").ends_at("terbit")


def test_the_research_letter_returns_for_correction() -> None:
    walk = Walk(TELITI).done("periksa", "return")
    assert walk.at == {"perbaikan"}
    assert walk.heard("perbaikan").at == {"periksa"}


def test_the_research_letter_is_refused_by_a_signed_letter() -> None:
    walk = Walk(TELITI).done("periksa", "refuse")
    assert walk.at == {"tanda_tangan_penolakan"}
    assert walk.done("tanda_tangan_penolakan", "accept").ends_at("ditolak")


@pytest.mark.parametrize(
    ("result", "timer"),
    [(None, "batas_periksa"), ("accept", "batas_tanda_tangan"), ("refuse", "batas_penolakan")],
)
def test_silence_past_the_limit_counts_as_consent_at_every_step(result: str | None, timer: str) -> None:
    walk = Walk(TELITI)
    if result:
        walk.done("periksa", result)
    walk.late(timer)
    assert walk.at == {"terbit_karena_diam"}
    assert walk.effected("terbit_karena_diam").ends_at("dianggap_dikabulkan")


def test_no_clock_of_consent_runs_while_waiting_for_the_applicant() -> None:
    started = Walk(TELITI)
    set_at_start = {timer.instance for timer in started.outcome.timers}
    assert len(set_at_start) == 1
    waiting = started.done("periksa", "return").outcome
    assert set(waiting.timers_gone) == set_at_start
    assert waiting.timers == ()


@pytest.mark.parametrize("answer_of_siak", ["done", "rejected", "incomplete"])
def test_the_family_card_change_is_handed_over_and_follows_the_answer(answer_of_siak: str) -> None:
    walk = Walk(KK).done("periksa", "accept")
    assert [effect.element for effect in walk.outcome.effects] == ["kirim_siak"]
    walk.effected("kirim_siak")
    assert walk.at == {"jawaban_siak"}
    walk.heard("jawaban_siak", siak_status=answer_of_siak)
    if answer_of_siak == "done":
        assert walk.ends_at("selesai")
    elif answer_of_siak == "rejected":
        assert walk.ends_at("ditolak_siak")
    else:
        assert walk.at == {"perbaikan"}
        assert walk.heard("perbaikan").at == {"periksa"}
