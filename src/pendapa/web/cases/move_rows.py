"""Runs that move the running cases of a service to another version, and what each case was before."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from pendapa.web.catalogue.models import Service, ServiceVersion


class MoveRun(models.Model):
    """One run over all cases of a version; while `finished_at` is empty the worker has to go on with it."""

    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="move_runs")
    before = models.ForeignKey(ServiceVersion, on_delete=models.PROTECT, related_name="+", db_index=False)
    after = models.ForeignKey(ServiceVersion, on_delete=models.PROTECT, related_name="+", db_index=False)
    given = models.JSONField(default=dict, help_text="what the administrator chose: old id to new id or null")
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    undone_at = models.DateTimeField(null=True, help_text="when the administrator asked to take it back")
    worked_at = models.DateTimeField(help_text="the last sign of progress")
    counts = models.JSONField(default=dict, help_text="cases by status, as of `worked_at`")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["service"], condition=Q(finished_at__isnull=True), name="one_move_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.before_id} -> {self.after_id}"

    @property
    def total(self) -> int:
        """How many cases the run is about."""
        return int(sum(self.counts.values()))

    @property
    def left(self) -> int:
        """How many of them the worker has still to look at."""
        counts = self.counts
        return int(counts.get(MovedCase.Status.WAITING, 0) + counts.get(MovedCase.Status.UNDOING, 0))


class MovedCase(models.Model):
    """One case of a run: its verdict, and all that is needed to put it back."""

    class Status(models.TextChoices):
        WAITING = "waiting"
        MOVED = "moved"
        REFUSED = "refused"
        FAILED = "failed"
        UNDOING = "undoing"
        UNDONE = "undone"
        KEPT = "kept"  # moved, and cannot be put back

    run = models.ForeignKey(MoveRun, on_delete=models.CASCADE, related_name="cases", db_index=False)
    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="moves")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.WAITING)
    reasons = models.JSONField(default=list)
    warnings = models.JSONField(default=list)
    old_state = models.JSONField(null=True, help_text="tokens, variables and serial before")
    new_state = models.JSONField(null=True, help_text="the same after")
    old_rows = models.JSONField(default=dict, help_text="open tasks and set timers before")
    moved_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "case"], name="moved_once_a_run")]
        indexes = [models.Index(fields=["run", "status", "id"], name="move_next")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.status}"
