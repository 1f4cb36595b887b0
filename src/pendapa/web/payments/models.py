"""Bills of cases and the money that came in for them. Amounts are whole rupiah."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q, Sum

from pendapa.web.cases.models import Attachment, Case
from pendapa.web.catalogue.models import ServiceVersion
from pendapa.web.organisation.models import Agency, Position
from pendapa.web.signing.models import Document, RegisterEntry


class Bill(models.Model):
    """What a case owes, with its number in the collecting agency's register. A case has one open bill at most."""

    class Status(models.TextChoices):
        OPEN = "open"
        PAID = "paid"
        EXPIRED = "expired"  # nobody paid in time
        CANCELLED = "cancelled"  # the case ended otherwise

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="bills", db_index=False)
    version = models.ForeignKey(
        ServiceVersion,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        help_text="whose terms it was issued by; the case may move to another version",
    )
    element = models.CharField(max_length=100, help_text="the effect of that version's process")
    round = models.PositiveSmallIntegerField(help_text="which bill of the case it is")
    entry = models.OneToOneField(RegisterEntry, on_delete=models.PROTECT, related_name="bill")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", db_index=False)
    position = models.ForeignKey(
        Position, on_delete=models.PROTECT, related_name="bills", db_index=False, help_text="who confirms"
    )
    channel = models.CharField(max_length=20)
    amount = models.PositiveBigIntegerField()
    figures = models.JSONField(
        default=list, help_text="what the amount was worked out from: [variable, value]"
    )
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.OPEN)
    issued_at = models.DateTimeField()
    valid_until = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    proof = models.ForeignKey(Attachment, null=True, on_delete=models.SET_NULL, related_name="+")
    proof_sent_at = models.DateTimeField(null=True)
    receipt = models.OneToOneField(Document, null=True, on_delete=models.PROTECT, related_name="bill")

    class Meta:
        ordering = ["case", "round"]
        constraints = [
            models.UniqueConstraint(fields=["case", "round"], name="bill_round_once"),
            models.UniqueConstraint(fields=["case"], condition=Q(status="open"), name="one_open_bill"),
            models.CheckConstraint(condition=Q(amount__gte=1), name="bill_asks_for_money"),
            models.CheckConstraint(
                condition=Q(status="open") | Q(settled_at__isnull=False), name="settled_bill_has_time"
            ),
        ]
        indexes = [
            models.Index(
                fields=["position", "valid_until", "id"], name="bill_open", condition=Q(status="open")
            ),
            models.Index(
                fields=["id"], name="bill_without_receipt", condition=Q(status="paid", receipt__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return self.entry.number

    @property
    def number(self) -> str:
        """The billing number."""
        return self.entry.number

    @property
    def received(self) -> int:
        """Rupiah that came in for this bill."""
        return int(self.payments.aggregate(total=Sum("amount"))["total"] or 0)


class Payment(models.Model):
    """Money that came in for a bill, as its channel or an officer told it."""

    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="payments")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", db_index=False)
    amount = models.PositiveBigIntegerField()
    paid_on = models.DateField()
    channel = models.CharField(max_length=60, help_text="bank counter, transfer, ... as the officer chose")
    reference = models.CharField(max_length=60, help_text="the bank's own number")
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    position = models.ForeignKey(
        Position, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["agency", "channel", "reference"], name="payment_recorded_once"),
            models.CheckConstraint(condition=Q(amount__gte=1), name="payment_is_money"),
        ]

    def __str__(self) -> str:
        return self.reference
