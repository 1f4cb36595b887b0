"""Services and their immutable published versions."""

from __future__ import annotations

from django.db import models

from pendapa.web.organisation.models import Agency, Publication


class Service(models.Model):
    """One service of the mall, whatever its version. Names and words are those of the current version."""

    class Mode(models.TextChoices):
        OWN = "own"
        HANDOVER = "handover"
        COUNTER = "counter"

    slug = models.SlugField(max_length=80, unique=True)
    code = models.CharField(max_length=20, unique=True)
    name_id = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    mode = models.CharField(max_length=10, choices=Mode.choices)
    online = models.BooleanField(help_text="applications are taken here")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="services")
    group = models.CharField(max_length=80, blank=True)
    life_events = models.JSONField(default=list)
    keywords = models.JSONField(default=list)
    active = models.BooleanField(default=True)
    current = models.ForeignKey("ServiceVersion", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["name_id"]

    def __str__(self) -> str:
        return self.name_id


class ServiceVersion(models.Model):
    """What was published of a service at one load. Never changed; running cases keep theirs."""

    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    publication = models.ForeignKey(Publication, on_delete=models.PROTECT)
    published_at = models.DateTimeField()
    content_hash = models.CharField(max_length=64)
    definition = models.JSONField(help_text="service.toml as read, or the row of services.csv")
    origin = models.CharField(
        max_length=10, default="folder", help_text="folder, or office: changed in the site"
    )

    class Meta:
        ordering = ["service", "-number"]
        constraints = [models.UniqueConstraint(fields=["service", "number"], name="service_version_once")]

    def __str__(self) -> str:
        return f"{self.service.slug} v{self.number}"


class ServiceFile(models.Model):
    """A file of a version: form, process, task form or letter, byte for byte."""

    version = models.ForeignKey(ServiceVersion, on_delete=models.PROTECT, related_name="files")
    path = models.CharField(max_length=120)
    content = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "path"], name="service_file_once")]

    def __str__(self) -> str:
        return self.path
