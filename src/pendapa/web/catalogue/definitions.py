"""A published version made ready to run: definition, compiled forms and process, kept per process."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from django.urls import reverse

from pendapa.forms import Form, compile_form
from pendapa.processes import Process, load_process
from pendapa.regency.definition import ServiceDefinition
from pendapa.web.catalogue.models import Service, ServiceFile, ServiceVersion
from pendapa.web.organisation.access import kept_with_publication

_PICTURES = {".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg"}


def picture_type(name: str) -> str:
    """The type of a file of a form that pages may show; empty for any other file."""
    return _PICTURES.get(f".{name.rpartition('.')[2].lower()}", "")


@dataclass(frozen=True)
class Ready:
    """One online service version. `letters` are Markdown texts by file name."""

    version_id: int
    service_slug: str
    definition: ServiceDefinition
    form: Form
    process: Process
    process_source: bytes
    task_forms: dict[str, Form]
    letters: dict[str, str]
    pictures: frozenset[str] = frozenset()

    def picture_url(self, name: str) -> str:
        """The address of a picture that a form shows beside a question; empty where the version has none such."""
        return reverse("catalogue:picture", args=[self.version_id, name]) if name in self.pictures else ""

    def task_form(self, element: str) -> Form | None:
        """The form of an officer's task, if it has one."""
        return self.task_forms.get(self.definition.tasks[element].form)


@lru_cache(maxsize=256)
def ready(version_id: int) -> Ready:
    """Compile one version. Versions never change, so the result is good for as long as the process lives."""
    version = ServiceVersion.objects.select_related("service").get(pk=version_id)
    definition = ServiceDefinition.from_json(version.definition)
    files = {f.path: bytes(f.content) for f in ServiceFile.objects.filter(version=version)}
    tables = {path: content for path, content in files.items() if path.endswith(".dmn")}
    return Ready(
        version_id=version_id,
        service_slug=version.service.slug,
        definition=definition,
        form=compile_form(files[definition.form], name=definition.form, files=files),
        process=load_process(files[definition.process], name=definition.process, tables=tables),
        process_source=files[definition.process],
        task_forms={
            task.form: compile_form(files[task.form], name=task.form, files=files)
            for task in definition.tasks.values()
            if task.form
        },
        letters={path: content.decode() for path, content in files.items() if path.endswith(".md")},
        pictures=frozenset(path for path in files if picture_type(path)),
    )


def version_of(version_id: int) -> ServiceVersion:
    """A version with its service and agency, as the present publication has them. Read it only."""

    def make() -> ServiceVersion:
        # Its definition is read from `ready`, which keeps it.
        rows = ServiceVersion.objects.select_related("service__agency").defer("definition")
        return rows.get(pk=version_id)

    return kept_with_publication(("version", version_id), make)


def service_of(version_id: int) -> Service:
    """The service of a version with its agency, as the present publication has it. Read it only."""
    return version_of(version_id).service
