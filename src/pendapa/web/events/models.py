"""The one log that audit, timeline, notifications and indicators read."""

from __future__ import annotations

from django.db import models


class Event(models.Model):
    """One thing that happened. No personal data: people appear by key, answers not at all.

    Within a case, `hash` covers the row and the hash before it (`pendapa.web.events.chain`).
    """

    kind = models.CharField(max_length=60)
    kind_version = models.PositiveSmallIntegerField(default=1)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    actor = models.UUIDField(null=True, help_text="key of the person; empty for the system")
    actor_position = models.CharField(max_length=60, blank=True)
    agency = models.CharField(max_length=40, blank=True)
    district = models.CharField(max_length=20, blank=True)
    channel = models.CharField(max_length=20, blank=True)
    service_version = models.ForeignKey(
        "catalogue.ServiceVersion", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    case = models.ForeignKey(
        "cases.Case", null=True, on_delete=models.PROTECT, related_name="events", db_index=False
    )
    seq = models.PositiveIntegerField(null=True, help_text="position in the case's chain, from 1")
    data = models.JSONField(default=dict)
    previous_hash = models.BinaryField(max_length=32, null=True)
    hash = models.BinaryField(max_length=32, null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "seq"], name="event_once_in_chain"),
            models.CheckConstraint(
                condition=models.Q(case__isnull=True) | models.Q(seq__isnull=False, hash__isnull=False),
                name="case_event_is_chained",
            ),
        ]
        indexes = [models.Index(fields=["kind", "occurred_at"], name="event_kind_time")]

    def __str__(self) -> str:
        return f"{self.kind} {self.occurred_at:%Y-%m-%d %H:%M}"


class Seal(models.Model):
    """A Merkle root over the heads of all chains that grew since the seal before; seals chain among themselves."""

    number = models.PositiveIntegerField(unique=True)
    sealed_at = models.DateTimeField()
    root = models.BinaryField(max_length=32)
    previous_hash = models.BinaryField(max_length=32)
    hash = models.BinaryField(max_length=32)

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return f"Seal {self.number}"


class SealedHead(models.Model):
    """The head of one chain as it stood in a seal."""

    seal = models.ForeignKey(Seal, on_delete=models.PROTECT, related_name="heads")
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="sealed_heads")
    seq = models.PositiveIntegerField()
    hash = models.BinaryField(max_length=32)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["seal", "case"], name="head_once_in_seal")]

    def __str__(self) -> str:
        return f"{self.case_id}@{self.seq}"


class PersonalReading(models.Model):
    """Somebody saw personal data of a case in the clear: who, in which position, when, what for."""

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="readings", db_index=False)
    reader = models.UUIDField(null=True)
    position = models.CharField(max_length=60, blank=True)
    read_at = models.DateTimeField()
    what = models.CharField(max_length=40)

    class Meta:
        indexes = [models.Index(fields=["case", "read_at"], name="reading_case_time")]

    def __str__(self) -> str:
        return f"{self.what} {self.read_at:%Y-%m-%d %H:%M}"
