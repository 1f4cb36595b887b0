"""Every guarded read of bills."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from pendapa.regency.definition import BillTerms
from pendapa.web.cases.access import Visitor
from pendapa.web.cases.models import Case
from pendapa.web.cases.refusals import NotYours
from pendapa.web.catalogue.definitions import ready
from pendapa.web.catalogue.models import Service
from pendapa.web.organisation.access import Post, kept_with_publication, posts_of, published_position
from pendapa.web.payments.models import Bill


def terms_of(bill: Bill) -> BillTerms:
    """What the version of the service that issued the bill says of it."""
    terms = ready(bill.version_id).definition.effects[bill.element].bill
    assert terms is not None
    return terms


def open_bill(case: Case) -> Bill | None:
    """The bill of a case that waits to be paid; the caller was let into the case."""
    return (
        Bill.objects.select_related("entry", "agency")
        .filter(case_id=case.pk, status=Bill.Status.OPEN)
        .first()
    )


def bills_of_case(case: Case) -> list[Bill]:
    """All bills of a case, newest first; the caller was let into the case."""
    return list(
        Bill.objects.select_related("entry", "agency", "receipt__entry", "proof")
        .prefetch_related("payments")
        .filter(case_id=case.pk)
        .order_by("-round")
    )


def bills_to_collect(posts: list[Post]) -> QuerySet[Bill]:
    """Open bills whose payment the positions held confirm, those that lapse soonest first."""
    return (
        Bill.objects.filter(status=Bill.Status.OPEN, position_id__in=[post.position.pk for post in posts])
        .select_related("entry", "case__service")
        .defer("case__answers", "case__correction", "case__applicant_email")
        .order_by("valid_until", "pk")
    )


def bills_without_receipt() -> QuerySet[Bill, int]:
    """Keys of bills that were paid and have no receipt yet, for the worker."""
    return (
        Bill.objects.filter(status=Bill.Status.PAID, receipt__isnull=True)
        .order_by("pk")
        .values_list("pk", flat=True)
    )


def collects(posts: list[Post]) -> bool:
    """Whether a person confirms payments of some service as published: then the list of bills is theirs."""
    confirming = kept_with_publication(("confirming",), _confirming)
    return any(post.position.pk in confirming for post in posts)


def _confirming() -> frozenset[int]:
    found: set[int] = set()
    current = Service.objects.filter(active=True, online=True, current__isnull=False)
    for definition in current.values_list("current__definition", flat=True):
        for task in definition.get("tasks", {}).values():
            if task.get("payment"):
                agency = task.get("agency") or definition["agency"]
                position = published_position(task.get("position", ""), task.get("role", ""), agency)
                found |= {position.pk} if position is not None else set()
    return frozenset(found)


def bill_of_collector(user: Visitor, bill_id: int, today: date) -> Bill:
    """A bill whose payment the person confirms. Raises NotYours."""
    if not user.is_authenticated:
        raise NotYours
    bill = Bill.objects.select_related("agency", "entry").filter(pk=bill_id).first()
    if bill is None or bill.position_id not in {post.position.pk for post in posts_of(user, today)}:
        raise NotYours
    return bill
