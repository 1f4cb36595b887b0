"""The demo's office has bills that were paid, in part, and not at all, made by the real actions."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.web.conftest import NOW, TEGAL

from pendapa.web.accounts.models import User
from pendapa.web.cases.models import Case
from pendapa.web.demo import seed
from pendapa.web.events.chain import verify_case
from pendapa.web.payments.models import Bill, Payment


def test_the_demo_shows_how_bills_fare(people: dict[str, User], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seed, "WEIGHTS", dict.fromkeys(seed.WEIGHTS, 0) | {"izin-reklame": 1})
    seed.run(NOW + timedelta(days=1), 12, TEGAL)
    assert Case.objects.filter(service__slug="izin-reklame").count() == 12
    bills = set(Bill.objects.values_list("status", flat=True))
    assert "paid" in bills
    assert bills & {"open", "expired"}  # every seventh is never paid
    assert Payment.objects.values("bill").distinct().count() < Payment.objects.count()  # another in two parts
    assert not Bill.objects.filter(status="paid", receipt__isnull=True).exists()
    assert [found for case in Case.objects.all() for found in verify_case(case)] == []
    for bill in Bill.objects.filter(status="paid"):
        assert bill.received >= bill.amount
