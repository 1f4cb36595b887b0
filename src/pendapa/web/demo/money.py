"""How the invented applicants of the demo pay their bills: at once, in two parts, too much, late, or not at all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import cycle
from typing import TYPE_CHECKING

from pendapa.web.cases import actions
from pendapa.web.cases.models import Case, Task
from pendapa.web.events.chain import Actor
from pendapa.web.organisation.access import local_day
from pendapa.web.payments.access import bills_without_receipt, open_bill
from pendapa.web.payments.actions import send_proof
from pendapa.web.payments.receipts import issue_receipt

if TYPE_CHECKING:
    from pendapa.web.demo.seed import _Office

FATES = ("paid", "never", "part", "paid", "not_found", "excess", "late")
"""What becomes of bills, in turn: paid as billed; not at all; half of it first; not on the account when first looked
for; ten thousand too much; only when it is issued a second time."""


class Money:
    """Payers and their habits."""

    def __init__(self, office: _Office) -> None:
        self.office = office
        self.coming = cycle(FATES)
        self.fates: dict[int, str] = {}

    def follow(self, case: Case, at: datetime) -> None:
        """Make receipts that are due; let the payer of a case's open bill make up their mind."""
        for bill_id in list(bills_without_receipt()):
            issue_receipt(bill_id, now=at)
        if case.status != Case.Status.WAITING_PAYMENT:
            return
        bill = open_bill(case)
        assert bill is not None
        if case.pk not in self.fates:
            self.fates[case.pk] = next(self.coming)
        fate = self.fates[case.pk]
        if fate != "never" and not (fate == "late" and bill.round == 1):
            self.office.at(at + timedelta(hours=self.office.chance.uniform(2, 70)), self._pay(case.pk))

    def _pay(self, case_id: int) -> Callable[[datetime], None]:
        def happen(at: datetime) -> None:
            if Case.objects.get(pk=case_id).status != Case.Status.WAITING_PAYMENT:
                return
            slip = self.office.picture if self.office.chance.random() < 0.7 else None
            send_proof(case_id, slip, now=at, actor=Actor())
            self.office.next(case_id, at)

        return happen

    def confirm(
        self, task: Task, answers: dict[str, str], at: datetime
    ) -> tuple[actions.Decision, dict[str, str]]:
        """What the officer finds on the account, by the fate of the bill; the second time the rest is there."""
        bill = open_bill(task.case)
        assert bill is not None
        owed = bill.amount - bill.received
        again = Task.objects.filter(case=task.case, element=task.element, status="done").exists()
        fate = "paid" if again else self.fates.get(task.case_id, "paid")
        if fate == "not_found":
            return actions.Decision("return", message="Uangnya belum ada di rekening. (contoh)"), {}
        came = {"part": max(1, owed // 2), "excess": owed + 10_000}.get(fate, owed)
        found = {
            "/paid/paid_on": str(local_day(at)),
            "/paid/amount": str(came),
            "/paid/reference": f"CONTOH-{task.pk:06d}",
        }
        return actions.Decision("accept", sure=came != owed), answers | found
