"""The regency's organisation as published from its folder, and who sits where."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q


class Publication(models.Model):
    """One `pendapa load`: what was read, from which content, with which report. Rows are never changed."""

    number = models.PositiveIntegerField(unique=True)
    loaded_at = models.DateTimeField()
    loaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT)
    content_hash = models.CharField(max_length=64)
    regency = models.JSONField(help_text="regency.toml, numbering and calendar rows as read")
    report = models.JSONField(help_text="warnings and counts of the check")

    class Meta:
        ordering = ["-number"]

    def __str__(self) -> str:
        return f"Publication {self.number}"


class Agency(models.Model):
    """An organisation of the regency, or an outside one that serves in the mall."""

    code = models.CharField(max_length=40, unique=True)
    name_id = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    type = models.CharField(max_length=40)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    public_email = models.EmailField(blank=True)
    status = models.CharField(max_length=200, blank=True)
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["name_id"]

    def __str__(self) -> str:
        return self.name_id


class Position(models.Model):
    """A post in an agency; tasks and signatures belong to posts, people come and go."""

    code = models.CharField(max_length=60, unique=True)
    title_id = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200, blank=True)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="positions")
    superior = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="subordinates")
    rank = models.PositiveSmallIntegerField()
    signs = models.BooleanField(default=False)
    role = models.CharField(max_length=40, blank=True)
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["rank", "code"]

    def __str__(self) -> str:
        return self.title_id


class Placement(models.Model):
    """A person in a position between two dates, definitively or acting (Plt./Plh.) by a decree.

    `period` is half-open, [first day, day after the last).
    """

    class Kind(models.TextChoices):
        DEFINITIVE = "definitive"
        PLT = "plt"  # pelaksana tugas: the post is vacant
        PLH = "plh"  # pelaksana harian: the holder is away for a while

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="placements")
    position = models.ForeignKey(Position, on_delete=models.PROTECT, related_name="placements")
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.DEFINITIVE)
    decree = models.CharField(max_length=200, blank=True)
    period = DateRangeField()
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="definitive") | ~Q(decree=""), name="acting_needs_decree"
            ),
            models.CheckConstraint(condition=Q(period__isempty=False), name="placement_not_empty"),
            # The same person cannot hold one position twice at a time. Ranges of ids, since the embedded
            # server has no btree_gist.
            ExclusionConstraint(
                name="placement_once",
                expressions=[
                    (
                        Func(
                            F("user_id"),
                            F("user_id"),
                            function="int8range",
                            template="%(function)s(%(expressions)s, '[]')",
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                    (
                        Func(
                            F("position_id"),
                            F("position_id"),
                            function="int8range",
                            template="%(function)s(%(expressions)s, '[]')",
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                    ("period", RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} / {self.position}"


class District(models.Model):
    """A kecamatan."""

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=100)
    source = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Village(models.Model):
    """A desa or kelurahan, only where the folder gives a source for it."""

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=100)
    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="villages")
    kind = models.CharField(max_length=12)
    source = models.CharField(max_length=200)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
