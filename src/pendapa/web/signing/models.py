"""Issued documents, the register of letter numbers, and signing certificates."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from pendapa.web.cases.models import Case
from pendapa.web.organisation.models import Agency, Position
from pendapa.web.sealed import SealedField

RECEIPT = "receipt"
"""The kind of document that says a payment came in."""


class NumberCounter(models.Model):
    """The last running number of one agency, class and year; its row lock is what makes numbers gapless."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT)
    letter_class = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "letter_class", "year"], name="counter_once")
        ]

    def __str__(self) -> str:
        return f"{self.letter_class}/{self.year}: {self.last}"


class RegisterEntry(models.Model):
    """A number taken from the register (buku agenda). It stays there, void with its reason if signing failed."""

    class Status(models.TextChoices):
        RESERVED = "reserved"
        ISSUED = "issued"
        VOID = "void"
        REVOKED = "revoked"

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT)
    letter_class = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField()
    running = models.PositiveIntegerField()
    number = models.CharField(max_length=120)
    subject = models.CharField(max_length=300)
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="register_entries")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.RESERVED)
    reason = models.CharField(max_length=500, blank=True)
    taken_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    retention_years = models.PositiveSmallIntegerField(null=True)

    class Meta:
        ordering = ["agency", "letter_class", "year", "running"]
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "letter_class", "year", "running"], name="running_number_once"
            ),
            models.UniqueConstraint(fields=["agency", "number"], name="letter_number_once"),
            models.CheckConstraint(
                condition=~Q(status="void") | ~Q(reason=""), name="void_number_has_reason"
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Document(models.Model):
    """A signed document. The bytes lie encrypted in the file store; `sha256` is of the signed PDF."""

    class Status(models.TextChoices):
        VALID = "valid"
        REVOKED = "revoked"

    code = models.CharField(max_length=20, unique=True, help_text="what /verify/ asks for")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="documents")
    task = models.OneToOneField("cases.Task", null=True, on_delete=models.PROTECT, related_name="document")
    kind = models.CharField(max_length=20, default="decision")  # decision, refusal, deemed, receipt
    title = models.CharField(max_length=200)
    entry = models.OneToOneField(RegisterEntry, on_delete=models.PROTECT, related_name="document")
    signer = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="signed_documents"
    )
    signer_name = models.CharField(max_length=150)
    signer_title = models.CharField(max_length=250)
    position = models.ForeignKey(Position, null=True, on_delete=models.PROTECT)
    acted_as = models.CharField(max_length=12, blank=True)
    certificate_serial = models.CharField(max_length=80)
    sha256 = models.CharField(max_length=64)
    stored_as = models.CharField(max_length=80)
    size = models.PositiveIntegerField()
    signed_at = models.DateTimeField()
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.VALID)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    revoke_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status="valid") | (Q(revoked_at__isnull=False) & ~Q(revoke_reason="")),
                name="revoked_with_reason",
            )
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.code}"


class LetterReading(models.Model):
    """A leader opened the letter of a task: what may be signed in bulk is only what was read."""

    task = models.ForeignKey("cases.Task", on_delete=models.CASCADE, related_name="letter_readings")
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    read_at = models.DateTimeField()
    body_hash = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["task", "reader", "body_hash"], name="letter_read_once")
        ]

    def __str__(self) -> str:
        return f"read {self.task_id}"


class SigningCertificate(models.Model):
    """A signing certificate of an official, as the stand-in of the national signer keeps it.

    The private key is encrypted under the official's passphrase, which is stored nowhere.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="certificates")
    name = models.CharField(max_length=150)
    serial = models.CharField(max_length=80, unique=True)
    certificate = models.TextField()
    encrypted_key = SealedField()
    chain = models.JSONField()
    not_before = models.DateTimeField()
    not_after = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-not_before"]

    def __str__(self) -> str:
        return f"{self.name} {self.serial}"
