"""The billboard permit: its example tariff worked by hand row by row, and its process walked by every way.

Every amount here is an example (Perda PDRD is to be confirmed); what is held is that the table is computed as written.
"""

from __future__ import annotations

from decimal import Decimal

import pytest

from pendapa.processes import (
    CompleteTask,
    FinishEffect,
    FireTimer,
    Outcome,
    ReceiveMessage,
    advance,
    load_process,
    start,
)
from pendapa.processes.decisions import load_decisions

from .regency_files import REKLAME, SERVICES

FOLDER = SERVICES / REKLAME
TABLES = {"fee.dmn": (FOLDER / "fee.dmn").read_bytes()}
DECLARED = {
    "kind": "papan", "purpose": "commercial", "lighting": "unlit", "width": Decimal(4), "height": Decimal(6),
    "sides": 1, "months": 12, "days": None,
}  # fmt: skip


def fee(**changes: object) -> dict[str, object]:
    given = {**DECLARED, "location_class": "b", **changes}
    return dict(load_decisions(TABLES["fee.dmn"], name="fee.dmn").decide("pajak_reklame", given))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "place", "unit_value", "expected"),
    [
        # 2 m x 3 m x 2 sides = 12 m2; 3 months (cloth: 5 days); a fifth of the lease value is tax
        ("papan", "a", 60_000, 432_000),  # 12 x 3 x 60,000 = 2,160,000
        ("papan", "b", 40_000, 288_000),  # 12 x 3 x 40,000 = 1,440,000
        ("papan", "c", 25_000, 180_000),  # 12 x 3 x 25,000 =   900,000
        ("neon", "a", 75_000, 540_000),  # 12 x 3 x 75,000 = 2,700,000
        ("neon", "b", 50_000, 360_000),  # 12 x 3 x 50,000 = 1,800,000
        ("neon", "c", 30_000, 216_000),  # 12 x 3 x 30,000 = 1,080,000
        ("videotron", "a", 150_000, 1_080_000),  # 12 x 3 x 150,000 = 5,400,000
        ("videotron", "b", 100_000, 720_000),  # 12 x 3 x 100,000 = 3,600,000
        ("videotron", "c", 75_000, 540_000),  # 12 x 3 x 75,000 = 2,700,000
        ("kain", "a", 6_000, 72_000),  # 12 x 5 x 6,000 = 360,000
        ("kain", "b", 4_000, 48_000),  # 12 x 5 x 4,000 = 240,000
        ("kain", "c", 2_500, 30_000),  # 12 x 5 x 2,500 = 150,000
    ],
)
def test_every_row_of_the_example_tariff(kind: str, place: str, unit_value: int, expected: int) -> None:
    cloth = kind == "kain"
    found = fee(
        kind=kind,
        location_class=place,
        lighting="unlit" if kind == "papan" else None,
        width=Decimal(2),
        height=Decimal(3),
        sides=2,
        months=None if cloth else 3,
        days=5 if cloth else None,
    )
    assert (found["unit_value"], found["fee"]) == (unit_value, expected)
    assert found["area"] == 12


def test_light_adds_a_fifth_to_a_board() -> None:
    # 24 m2 x 12 x 40,000 = 11,520,000; x 1.2 = 13,824,000; a fifth is 2,764,800
    assert fee(lighting="lit")["fee"] == 2_764_800
    assert fee(lighting="unlit")["fee"] == 2_304_000


def test_a_social_message_pays_nothing() -> None:
    assert fee(purpose="social")["fee"] == 0


def test_rupiah_are_whole_and_rounded_half_up() -> None:
    # 1.11 m x 1.11 m = 1.2321, to the centimetre 1.23 m2; x 1 month x 25,000 = 30,750; a fifth is 6,150
    small = {"width": Decimal("1.11"), "height": Decimal("1.11"), "months": 1, "location_class": "c"}
    assert fee(**small)["fee"] == 6_150
    # 0.01 m x 0.5 m = 0.005, half up to 0.01 m2; x 1 x 40,000 = 400; a fifth is 80
    assert fee(width=Decimal("0.01"), height=Decimal("0.5"), months=1)["fee"] == 80


def test_what_the_tariff_does_not_know_has_no_fee_and_is_not_free() -> None:
    assert fee(kind="balon")["fee"] is None
    walk = measured(Walk(kind="balon"))
    assert walk.bills == 1  # it comes to the bill, which the site cannot issue, and not to the signature


class Walk:
    """A case on its way; effects are finished as the platform does."""

    def __init__(self, **declared: object) -> None:
        source = (FOLDER / "process.bpmn").read_bytes()
        self.process = load_process(source, name="process.bpmn", tables=TABLES)
        self.outcome: Outcome = start(self.process, {**DECLARED, **declared})  # type: ignore[arg-type]
        self.bills = 0

    @property
    def at(self) -> set[str]:
        return {token.element for token in self.outcome.state.tokens}

    def _instance(self, element: str) -> int:
        return next(token.id for token in self.outcome.state.tokens if token.element == element)

    def _go(self, step: object) -> Walk:
        self.outcome = advance(self.process, self.outcome.state, step)  # type: ignore[arg-type]
        if "tagih" in self.at:
            self.bills += 1
            self._go(FinishEffect("tagih", self._instance("tagih"), {"bill_round": self.bills}))
        return self

    def done(self, task: str, result: str = "accept", **values: object) -> Walk:
        return self._go(CompleteTask(task, self._instance(task), {f"{task}_result": result, **values}))  # type: ignore[dict-item]

    def heard(self, message: str) -> Walk:
        return self._go(ReceiveMessage(message, None, {}))

    def late(self) -> Walk:
        return self._go(FireTimer("batas_bayar", None))

    def ends_at(self, end: str) -> bool:
        return self.outcome.ended and self.outcome.end == end


def measured(walk: Walk) -> Walk:
    return walk.done("periksa").done("tinjau", location_class="b")


def paid(walk: Walk, state: str = "paid") -> Walk:
    return walk.heard("pembayaran").done("konfirmasi", payment_state=state)


def test_paid_and_signed() -> None:
    walk = measured(Walk())
    assert walk.at == {"bayar"}
    assert walk.outcome.state.variables["fee"] == 2_304_000
    assert paid(walk).at == {"tanda_tangan"}
    assert walk.done("tanda_tangan").ends_at("terbit")


def test_the_measured_size_takes_the_place_of_the_declared_one() -> None:
    walk = (
        Walk()
        .done("periksa")
        .done("tinjau", location_class="b", width=Decimal(2), height=Decimal(3), sides=1)
    )
    # 6 m2 x 12 x 40,000 = 2,880,000; a fifth is 576,000
    assert walk.outcome.state.variables["fee"] == 576_000


def test_a_correction_is_checked_again() -> None:
    walk = Walk().done("periksa", "return")
    assert walk.at == {"perbaikan"}
    assert walk.heard("perbaikan").at == {"periksa"}


def test_refused_after_the_visit() -> None:
    walk = Walk().done("periksa").done("tinjau", "refuse")
    assert walk.at == {"tanda_tangan_penolakan"}
    assert walk.done("tanda_tangan_penolakan", "send_back").at == {"tinjau"}
    walk.done("tinjau", "refuse")
    assert walk.done("tanda_tangan_penolakan").ends_at("ditolak")


def test_nothing_to_pay_goes_straight_to_the_signature() -> None:
    walk = measured(Walk(purpose="social"))
    assert (walk.at, walk.bills) == ({"tanda_tangan"}, 0)


def test_part_of_the_money_goes_on_waiting() -> None:
    assert paid(measured(Walk()), "part").at == {"bayar"}


def test_money_not_found_goes_on_waiting() -> None:
    walk = paid(measured(Walk()), "part").heard("pembayaran")
    assert walk.done("konfirmasi", "return").at == {"bayar"}


def test_a_bill_is_renewed_once() -> None:
    walk = measured(Walk()).late()
    assert (walk.at, walk.bills) == ({"bayar"}, 2)
    assert walk.late().ends_at("kedaluwarsa")


def test_a_remark_of_the_head_is_answered_without_a_new_bill() -> None:
    walk = paid(measured(Walk())).done("tanda_tangan", "send_back")
    assert walk.at == {"telaah"}
    assert walk.done("telaah").at == {"tanda_tangan"}
    assert walk.bills == 1
