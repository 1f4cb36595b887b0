"""Drafts, cases and the rows a running process leaves: tokens, tasks, timers, pauses.

Foreign keys that a unique or composite index already begins with, or by which nothing is looked up, have no index of
their own (`db_index=False`): each index is written with every submission.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from pendapa.web.catalogue.models import Service, ServiceVersion
from pendapa.web.organisation.models import Agency, District, Position
from pendapa.web.sealed import SealedField


class Channel(models.TextChoices):
    """How an application came in."""

    WEB = "web"
    COUNTER = "counter"
    VILLAGE = "village"


OPEN_STATES = [
    "in_progress",
    "waiting_applicant",
    "waiting_payment",
    "waiting_outside",
    "own_period",
    "stuck",
]


class Draft(models.Model):
    """An application being written. Reached by its owner's account, or by link and code."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    version = models.ForeignKey(ServiceVersion, on_delete=models.PROTECT, db_index=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="drafts"
    )
    code_hash = models.BinaryField(max_length=32)
    answers = SealedField(as_json=True)
    language = models.CharField(max_length=5, default="id")
    channel = models.CharField(max_length=20, choices=Channel.choices, default=Channel.WEB)
    about = models.ForeignKey("Case", null=True, on_delete=models.CASCADE, related_name="+", db_index=False)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.id)


class Case(models.Model):
    """One application on its way, from receipt to outcome."""

    class Status(models.TextChoices):
        IN_PROGRESS = "in_progress"
        WAITING_APPLICANT = "waiting_applicant"
        WAITING_PAYMENT = "waiting_payment"
        WAITING_OUTSIDE = "waiting_outside"
        OWN_PERIOD = "own_period"  # the applicant may choose; nobody's clock runs
        ISSUED = "issued"
        GRANTED = "granted"
        REFUSED = "refused"
        DEEMED = "deemed"
        HANDED_OVER = "handed_over"
        CLOSED = "closed"
        WITHDRAWN = "withdrawn"
        STUCK = "stuck"

    number = models.CharField(max_length=40, unique=True)
    version = models.ForeignKey(ServiceVersion, on_delete=models.PROTECT, related_name="cases")
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="cases", db_index=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="cases", db_index=False)
    district = models.ForeignKey(District, null=True, on_delete=models.PROTECT, db_index=False)
    draft = models.OneToOneField(Draft, null=True, on_delete=models.SET_NULL, related_name="case")
    applicant = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="cases", db_index=False
    )
    secret_hash = models.BinaryField(max_length=32)
    channel = models.CharField(max_length=20, choices=Channel.choices, default=Channel.WEB)
    language = models.CharField(max_length=5, default="id")
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.IN_PROGRESS)

    applicant_name = SealedField()
    applicant_email = SealedField(null=True)
    nik_index = models.BinaryField(null=True, db_index=True)
    answers = SealedField(as_json=True)

    variables = models.JSONField(default=dict, help_text="what the process reads; never personal")
    serial = models.PositiveIntegerField(default=0)
    earlier = models.JSONField(
        default=list, help_text="versions it ran on before, oldest first: [[key, the moment it left it], ...]"
    )
    correction = SealedField(
        as_json=True, null=True
    )  # {"message", "fields": [path, ...]} while waiting for the applicant

    submitted_at = models.DateTimeField()
    # A clock other than the service's own: of a later stage, or set by a decision on an objection.
    clock_since = models.DateTimeField(null=True, help_text="empty: the service's clock, from submission")
    clock_value = models.PositiveSmallIntegerField(null=True)
    clock_unit = models.CharField(max_length=20, blank=True, default="")
    due_at = models.DateTimeField(null=True, help_text="empty while the clock stands still or none runs")
    ended_at = models.DateTimeField(null=True)
    head_hash = models.BinaryField(max_length=32)
    event_count = models.PositiveIntegerField(default=0)
    sealed_count = models.PositiveIntegerField(default=0, help_text="events covered by the last seal")
    purged_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=OPEN_STATES, ended_at__isnull=True)
                | (~Q(status__in=OPEN_STATES) & Q(ended_at__isnull=False)),
                name="case_ends_with_an_outcome",
            ),
        ]
        indexes = [
            models.Index(fields=["applicant", "-submitted_at"], name="case_applicant_time"),
            models.Index(fields=["service", "-submitted_at"], name="case_service_time"),
            models.Index(
                fields=["id"], name="case_to_seal", condition=Q(event_count__gt=models.F("sealed_count"))
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        return self.status in OPEN_STATES


class CaseLink(models.Model):
    """A case that follows from the decision of another one, its first case."""

    class Kind(models.TextChoices):
        OBJECTION = "objection"  # the applicant objects to the decision
        NEW_DECISION = "new_decision"  # the objection was granted, so it is decided anew

    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="link")
    about = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="followed_by")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    document = models.ForeignKey(
        "signing.Document", on_delete=models.PROTECT, related_name="followed_by", help_text="the decision"
    )
    objection = models.ForeignKey(
        Case,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        help_text="of a new decision: the objection that was granted",
    )
    standing = models.BooleanField(default=True, help_text="an objection withdrawn makes room for another")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["document", "kind"], condition=Q(standing=True), name="one_standing_link"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.case_id} about {self.about_id}"


class Statement(models.Model):
    """What an applicant wrote with a message to the process, such as the reasons of an appeal."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="statements")
    element = models.CharField(max_length=100)
    text = SealedField()
    sent_at = models.DateTimeField()

    class Meta:
        ordering = ["sent_at"]

    def __str__(self) -> str:
        return f"statement {self.pk}"


class TokenRow(models.Model):
    """A token of the process engine; `instance` is its number within the case."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="tokens", db_index=False)
    instance = models.PositiveIntegerField()
    element = models.CharField(max_length=100)
    scope = models.PositiveIntegerField(null=True)
    waiting = models.CharField(max_length=20)
    detail = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "instance"], name="token_once")]
        ordering = ["instance"]

    def __str__(self) -> str:
        return f"{self.element}#{self.instance}"


class Task(models.Model):
    """Work for a position. `instance` ties it to the token that waits for it."""

    class Status(models.TextChoices):
        OPEN = "open"
        DONE = "done"
        CANCELLED = "cancelled"

    class Kind(models.TextChoices):
        WORK = "work"
        SIGN = "sign"

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="tasks", db_index=False)
    instance = models.PositiveIntegerField()
    element = models.CharField(max_length=100)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    position = models.ForeignKey(Position, on_delete=models.PROTECT, related_name="tasks", db_index=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="tasks", db_index=False)
    # Repeated from the case so that an inbox page is one index range and no join decides its order.
    service = models.ForeignKey(Service, on_delete=models.PROTECT, db_index=False)
    district = models.ForeignKey(District, null=True, on_delete=models.PROTECT, db_index=False)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.OPEN)
    returned = models.BooleanField(default=False, help_text="opened again after the applicant corrected")
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="claimed_tasks",
        db_index=False,
    )
    claimed_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    climbed_at = models.DateTimeField(null=True)
    climbed_to = models.ForeignKey(
        Position, null=True, on_delete=models.PROTECT, related_name="climbed_tasks", db_index=False
    )
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="done_tasks",
        db_index=False,
    )
    acted_as = models.CharField(max_length=12, blank=True, help_text="definitive, plt or plh")
    result = models.CharField(max_length=20, blank=True)
    answers = SealedField(as_json=True, null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "instance"], name="task_once"),
            models.CheckConstraint(
                condition=Q(status="open") | Q(done_at__isnull=False), name="closed_task_has_time"
            ),
        ]
        indexes = [
            models.Index(fields=["position", "due_at", "id"], name="task_inbox", condition=Q(status="open")),
            models.Index(
                fields=["climbed_to", "due_at", "id"],
                name="task_climbed",
                condition=Q(status="open", climbed_to__isnull=False),
            ),
            models.Index(
                fields=["claimed_by", "due_at", "id"], name="task_claimed", condition=Q(status="open")
            ),
            models.Index(
                fields=["due_at"], name="task_due", condition=Q(status="open", climbed_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.element} ({self.case_id})"


class TimerRow(models.Model):
    """A timer that is set; fired by the worker once `due_at` has passed."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="timers", db_index=False)
    instance = models.PositiveIntegerField(help_text="the token it hangs on; 0: the case itself waits for it")
    timer = models.PositiveIntegerField(help_text="the timer's own number")
    element = models.CharField(max_length=100)
    follows_case = models.BooleanField(default=False, help_text="falls due when the case does")
    set_at = models.DateTimeField(null=True, help_text="where a length of its own begins")
    due_at = models.DateTimeField(null=True)
    status = models.CharField(max_length=10, default="set")  # set, fired, gone

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "timer"], name="timer_once")]
        indexes = [models.Index(fields=["due_at"], name="timer_due", condition=Q(status="set"))]

    def __str__(self) -> str:
        return f"{self.element} ({self.case_id})"


class DueMove(models.Model):
    """A promise that moved because a load changed the calendar: the administrator's list of such cases."""

    publication = models.ForeignKey(
        "organisation.Publication", on_delete=models.CASCADE, related_name="moves"
    )
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+", db_index=False)
    was_due_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["publication", "case"], name="due_move_once")]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.was_due_at} -> {self.due_at}"


class Pause(models.Model):
    """The case's clock stands still: waiting for the applicant, a payment or an outside system."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="pauses")
    reason = models.CharField(max_length=20)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["starts_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gte=models.F("starts_at")),
                name="pause_in_order",
            ),
            models.UniqueConstraint(
                fields=["case"], condition=Q(ends_at__isnull=True), name="one_open_pause"
            ),
        ]

    def __str__(self) -> str:
        return self.reason


class Attachment(models.Model):
    """A file a citizen or officer handed over, cleaned and encrypted on disk."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    draft = models.ForeignKey(Draft, null=True, on_delete=models.SET_NULL, related_name="attachments")
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="attachments")
    name = SealedField()
    content_type = models.CharField(max_length=60)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    stored_as = models.CharField(max_length=80)
    answer_hash = models.CharField(
        max_length=64, blank=True, help_text="of the line or outline that was read from the file"
    )
    uploaded_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.id)


class Note(models.Model):
    """A remark among officers; never shown to the applicant."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="notes")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    position = models.ForeignKey(Position, null=True, on_delete=models.PROTECT)
    text = SealedField()
    written_at = models.DateTimeField()

    class Meta:
        ordering = ["written_at"]

    def __str__(self) -> str:
        return f"note {self.pk}"


class Handover(models.Model):
    """The outbox of cases that another government's system of record decides."""

    class Status(models.TextChoices):
        WAITING = "waiting"  # to be sent
        SENT = "sent"
        ANSWERED = "answered"
        FAILED = "failed"  # gave up; an officer must look

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="handovers", db_index=False)
    instance = models.PositiveIntegerField()
    element = models.CharField(max_length=100)
    adapter = models.CharField(max_length=40)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.WAITING)
    outside_number = models.CharField(max_length=80, blank=True)
    outside_status = models.CharField(max_length=80, blank=True)
    outside_note = SealedField(null=True, help_text="what the outside system says to the applicant")
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    last_error = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "instance"], name="handover_once")]
        indexes = [
            models.Index(
                fields=["next_try_at"], name="handover_next", condition=Q(status__in=["waiting", "sent"])
            )
        ]

    def __str__(self) -> str:
        return f"{self.adapter} {self.status}"


class CaseFact(models.Model):
    """One row a case for dashboards and indicators, kept by the same actions that change the case."""

    case = models.OneToOneField(Case, primary_key=True, on_delete=models.CASCADE, related_name="fact")
    service = models.CharField(max_length=80)
    agency = models.CharField(max_length=40)
    district = models.CharField(max_length=20, blank=True)
    channel = models.CharField(max_length=20)
    received_on = models.DateField()
    submitted_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=20, blank=True)
    promised_minutes = models.PositiveIntegerField(null=True)
    working_minutes = models.PositiveIntegerField(null=True)
    working_days = models.PositiveIntegerField(null=True)
    paused_minutes = models.PositiveIntegerField(default=0)
    on_time = models.BooleanField(null=True)
    corrections = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["service", "received_on"], name="fact_service_day")]

    def __str__(self) -> str:
        return f"fact {self.pk}"


import pendapa.web.cases.move_rows  # noqa: E402, F401 - so that Django finds its tables
