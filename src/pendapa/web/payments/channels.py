"""How money reaches the treasury, behind one port.

The manual channel is the only one so far: people pay at the bank, an officer looks at the account. A bank's interface
(QRIS, virtual accounts) becomes another class here; what it hears of the bank goes through the same `Incoming`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from pendapa.regency.definition import BillTerms, PaymentAnswers


@dataclass(frozen=True, slots=True)
class Incoming:
    """Money that came in: whole rupiah, 1 or more; `reference` is the bank's own number for it."""

    amount: int
    paid_on: date
    channel: str
    reference: str

    def __post_init__(self) -> None:
        if self.amount < 1:
            raise ValueError(f"{self.amount} rupiah came in; give 1 or more")
        if not self.reference.strip():
            raise ValueError("a payment has no reference; give the bank's number")


class PaymentChannel(Protocol):
    """One way to pay a bill."""

    name: str

    def how_to_pay(self, terms: BillTerms, language: str) -> tuple[str, ...]:
        """The steps a person follows to pay, in "id" or "en"."""
        ...

    def incoming(self, told: Mapping[str, str], fields: PaymentAnswers) -> Incoming:
        """Money as the channel tells of it: answers by path. Raises ValueError when they tell of none."""
        ...


class ManualChannel:
    """People pay at a bank; an officer finds the money on the account and writes it into the task's form."""

    name = "manual"

    def how_to_pay(self, terms: BillTerms, language: str) -> tuple[str, ...]:
        """The steps that the service's definition gives."""
        return terms.how_to_pay_en if language == "en" else terms.how_to_pay_id

    def incoming(self, told: Mapping[str, str], fields: PaymentAnswers) -> Incoming:
        """What the officer answered."""
        return Incoming(
            amount=int(told[fields.amount]),
            paid_on=date.fromisoformat(told[fields.paid_on]),
            channel=told[fields.channel],
            reference=" ".join(told[fields.reference].split()),
        )


CHANNELS: dict[str, PaymentChannel] = {"manual": ManualChannel()}
