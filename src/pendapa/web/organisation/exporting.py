"""Writing what is published back as the files of a regency folder."""

from __future__ import annotations

from pathlib import Path

from pendapa.regency.definition import ServiceDefinition
from pendapa.regency.service import Service as FolderService
from pendapa.regency.service import assemble
from pendapa.regency.writing import service_files
from pendapa.web.catalogue.models import Service, ServiceFile, ServiceVersion
from pendapa.web.organisation.access import current_publication


def export_folder(folder: Path) -> int:
    """Write the published regency as a folder that `pendapa check` takes; returns the number of files.

    people.csv has its header only: people are accounts, not definitions.
    """
    files = {path: text.encode() for path, text in current_publication().regency["files"].items()}
    for service in Service.objects.filter(active=True, online=True).select_related("current"):
        if service.current is not None:
            files |= service_files(folder_service(service.slug, service.current))
    for path, content in sorted(files.items()):
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    return len(files)


def folder_service(slug: str, version: ServiceVersion) -> FolderService:
    """A stored version as the folder's engine knows it."""
    definition = ServiceDefinition.from_json(version.definition)
    stored = {f.path: bytes(f.content) for f in ServiceFile.objects.filter(version=version)}
    task_forms = {task.form for task in definition.tasks.values() if task.form}
    letters = {path for path in stored if path.endswith(".md")}
    tables = {path for path in stored if path.endswith(".dmn")}
    others = stored.keys() - task_forms - letters - tables - {definition.form, definition.process}
    return assemble(
        slug,
        definition,
        form_source=stored[definition.form],
        process_source=stored[definition.process],
        task_forms={path: stored[path] for path in sorted(task_forms)},
        letters={path: stored[path].decode() for path in sorted(letters)},
        tables={path: stored[path] for path in sorted(tables)},
        form_files={path: stored[path] for path in sorted(others)},
    )
