"""Messages to people, with what became of them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from pendapa.web.sealed import SealedField


class Message(models.Model):
    """One message over one channel. Address and text are sealed; the state is not.

    A message that tells of an event is worded when it is first sent (`event_seq` says which event of its case); until
    then its text is missing.
    """

    class Status(models.TextChoices):
        WAITING = "waiting"
        SENT = "sent"
        FAILED = "failed"

    case = models.ForeignKey("cases.Case", null=True, on_delete=models.CASCADE, related_name="messages")
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, db_index=False
    )
    channel = models.CharField(max_length=20, default="email")
    template = models.CharField(max_length=60)
    language = models.CharField(max_length=5, default="id")
    address = SealedField()
    event_seq = models.PositiveIntegerField(null=True)
    subject = SealedField(null=True)
    body = SealedField(null=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    last_error = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["next_try_at"], name="message_next", condition=Q(status="waiting"))]

    def __str__(self) -> str:
        return f"{self.template} ({self.status})"
