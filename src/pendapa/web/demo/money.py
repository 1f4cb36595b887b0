"""How the invented applicants of the demo pay their bills: soon, late, in two parts, too much, or not at all."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol

from pendapa.web.cases import actions, uploads
from pendapa.web.cases.models import Case, Task
from pendapa.web.events.chain import Actor
from pendapa.web.organisation.access import local_day
from pendapa.web.payments.access import bills_without_receipt, open_bill
from pendapa.web.payments.actions import send_proof
from pendapa.web.payments.receipts import issue_receipt


class Story(Protocol):
    """What of the demo's office the money needs: its chance, its queue, and everybody's next turn."""

    chance: random.Random
    picture: uploads.Clean

    def at(self, when: datetime, happen: Callable[[datetime], None]) -> None: ...
    def next(self, case_id: int, at: datetime) -> None: ...


class Money:
    """Payers and their habits."""

    def __init__(self, story: Story) -> None:
        self.story = story
        self.expected: set[int] = set()  # bills somebody has already decided to pay, or not to

    def follow(self, case: Case, at: datetime) -> None:
        """Let the payer of a case's open bill decide, once a bill; make receipts that are due."""
        for bill_id in list(bills_without_receipt()):
            issue_receipt(bill_id, now=at)
        bill = open_bill(case)
        if bill is None or case.status != Case.Status.WAITING_PAYMENT:
            return
        first = bill.pk not in self.expected
        self.expected.add(bill.pk)
        if self.story.chance.random() < (0.8 if first else 0.95):
            self.story.at(at + timedelta(hours=self.story.chance.uniform(2, 120)), self._pay(case.pk))

    def _pay(self, case_id: int) -> Callable[[datetime], None]:
        def happen(at: datetime) -> None:
            case = Case.objects.get(pk=case_id)
            if case.status != Case.Status.WAITING_PAYMENT:
                return
            slip = self.story.picture if self.story.chance.random() < 0.7 else None
            send_proof(case_id, slip, now=at, actor=Actor())
            self.story.next(case_id, at)

        return happen

    def confirm(
        self, task: Task, answers: dict[str, str], at: datetime
    ) -> tuple[actions.Decision, dict[str, str]]:
        """What the officer finds on the account: the sum owed, mostly."""
        bill = open_bill(task.case)
        assert bill is not None
        owed, dice = bill.amount - bill.received, self.story.chance.random()
        if dice < 0.08:
            return actions.Decision("return", message="Uangnya belum ada di rekening. (contoh)"), {}
        came = max(1, owed // 2) if dice < 0.16 else owed + 10_000 if dice < 0.22 else owed
        found = {
            "/paid/paid_on": str(local_day(at)),
            "/paid/amount": str(came),
            "/paid/reference": f"CONTOH-{task.pk:06d}",
        }
        return actions.Decision("accept", sure=came != owed), answers | found
