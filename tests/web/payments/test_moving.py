"""A case that waits for its money goes over to a new version; its bill keeps the terms it was issued by."""

from __future__ import annotations

import dataclasses
import hashlib

from tests.web.conftest import NOW
from tests.web.payments.conftest import FEE, REKLAME, Office

from pendapa.regency import Regency, Report
from pendapa.web.accounts.models import User
from pendapa.web.cases import moving
from pendapa.web.events.chain import Actor, verify_case
from pendapa.web.organisation.publishing import publish
from pendapa.web.payments.models import Bill
from pendapa.web.signing.models import Document


def renamed(regency: Regency) -> Regency:
    """The billing step and the wait for money have other ids, and the bill another title."""
    (service,) = [s for s in regency.services if s.slug == REKLAME]
    process = service.process_source.replace(b'"tagih"', b'"terbitkan"').replace(b">tagih<", b">terbitkan<")
    process = process.replace(b'"bayar"', b'"tunggu_uang"').replace(b">bayar<", b">tunggu_uang<")
    effects, waits = dict(service.definition.effects), dict(service.definition.waits)
    billing = effects.pop("tagih")
    assert billing.bill is not None
    terms = dataclasses.replace(billing.bill, title_id="Pungutan reklame", title_en="Billboard charge")
    effects["terbitkan"] = dataclasses.replace(billing, bill=terms)
    waits["tunggu_uang"] = waits.pop("bayar")
    new = dataclasses.replace(
        service,
        definition=dataclasses.replace(service.definition, effects=effects, waits=waits),
        process_source=process,
        content_hash=hashlib.sha256(process).hexdigest(),
    )
    services = tuple(new if s is service else s for s in regency.services)
    return dataclasses.replace(regency, services=services, content_hash="e" * 64)


def test_a_bill_is_paid_and_receipted_on_the_version_that_came_after_it(
    billed: Office, regency_as_read: tuple[Regency, Report], people: dict[str, User]
) -> None:
    publish(renamed(regency_as_read[0]), regency_as_read[1], now=NOW, actor=Actor(channel="test"))
    run = moving.start_run(people["admin"], REKLAME, 1, {}, now=billed.clock.now)
    moving.work_off(run.pk, now=lambda: billed.clock.now)
    case = billed.fresh()
    assert (case.version.number, case.status) == (2, "waiting_payment")
    page = billed.track()
    assert "Pajak reklame" in page  # the title it was issued under
    assert "Pungutan reklame" not in page
    assert "Bayar Rp2.304.000" in page

    assert billed.tell().status_code == 302
    assert billed.confirm(FEE).status_code == 302
    assert Bill.objects.get(case=case).status == "paid"
    billed.work()
    assert Document.objects.filter(case=case, kind="receipt").count() == 1
    assert billed.sign().status_code == 302
    assert billed.fresh().status == "issued"
    assert list(verify_case(billed.fresh())) == []


def test_a_case_whose_task_nobody_would_do_stays_where_it_is(
    office: Office, regency_as_read: tuple[Regency, Report], people: dict[str, User]
) -> None:
    regency = renamed(regency_as_read[0])
    (service,) = [s for s in regency.services if s.slug == REKLAME]
    tasks = dict(service.definition.tasks)
    tasks["periksa"] = dataclasses.replace(tasks["periksa"], position="TIDAK-ADA")
    definition = dataclasses.replace(service.definition, tasks=tasks)
    broken = dataclasses.replace(service, definition=definition)
    services = tuple(broken if s is service else s for s in regency.services)
    publish(
        dataclasses.replace(regency, services=services),
        regency_as_read[1],
        now=NOW,
        actor=Actor(channel="test"),
    )
    run = moving.start_run(people["admin"], REKLAME, 1, {}, now=office.clock.now)
    moving.work_off(run.pk, now=lambda: office.clock.now)
    run.refresh_from_db()
    assert run.counts == {"refused": 1}
    (row,) = run.cases.all()
    assert [reason["kind"] for reason in row.reasons] == ["no_position"]
    assert office.fresh().version.number == 1
