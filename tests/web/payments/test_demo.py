"""The demo's office has bills in every state, made by the real actions."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.web.conftest import NOW, TEGAL

from pendapa.web.accounts.models import User
from pendapa.web.cases.models import Case
from pendapa.web.demo import seed
from pendapa.web.events.chain import verify_case
from pendapa.web.payments.models import Bill


def test_the_demo_shows_bills_in_every_state(
    people: dict[str, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seed, "WEIGHTS", dict.fromkeys(seed.WEIGHTS, 0) | {"izin-reklame": 1})
    seed.run(NOW + timedelta(days=1), 24, TEGAL)
    assert Case.objects.filter(service__slug="izin-reklame").count() == 24
    assert set(Bill.objects.values_list("status", flat=True)) >= {"open", "paid", "expired"}
    assert not Bill.objects.filter(status="paid", receipt__isnull=True).exists()
    assert {"issued", "waiting_payment"} <= set(Case.objects.values_list("status", flat=True))
    assert [found for case in Case.objects.all() for found in verify_case(case)] == []
    for bill in Bill.objects.filter(status="paid"):
        assert bill.received >= bill.amount
