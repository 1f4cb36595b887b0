"""One online service: its definition and the files beside it, read as one immutable, hashed thing."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pendapa.regency.definition import ServiceDefinition
from pendapa.regency.files import Folder
from pendapa.regency.typed import build

DEFINITION = "service.toml"
EXAMPLE = "example-answers.json"
LISTS = (".csv", ".xml", ".geojson")
"""Endings of the files in which a form looks up choices."""
PICTURES = (".png", ".jpg", ".jpeg")
"""Endings of the pictures that a form may show beside its questions."""


@dataclass(frozen=True, slots=True)
class Service:
    """A service as read. `task_forms`, `tables` (DMN) and `form_files` (lists a form looks up, pictures it shows) are
    bytes by file name, `letters` text by file name; `content_hash` is sha256 (hex) over definition and files."""

    slug: str
    definition: ServiceDefinition
    form_source: bytes
    process_source: bytes
    task_forms: Mapping[str, bytes]
    letters: Mapping[str, str]
    tables: Mapping[str, bytes]
    form_files: Mapping[str, bytes]
    content_hash: str

    @property
    def files(self) -> dict[str, bytes]:
        """Every file but service.toml, by name, as it is stored and hashed."""
        return {
            self.definition.form: self.form_source,
            self.definition.process: self.process_source,
            **self.task_forms,
            **{name: text.encode() for name, text in self.letters.items()},
            **self.tables,
            **self.form_files,
        }

    def to_json(self) -> dict[str, Any]:
        """What is not bytes, as plain JSON; together with `files` it is the whole service."""
        return {
            "slug": self.slug,
            "definition": self.definition.to_json(),
            "task_forms": sorted(self.task_forms),
            "letters": sorted(self.letters),
            "tables": sorted(self.tables),
            "form_files": sorted(self.form_files),
            "content_hash": self.content_hash,
        }

    @classmethod
    def from_json(cls, plain: Mapping[str, Any], files: Mapping[str, bytes]) -> Service:
        """Put a stored service together again. Raises ValueError when a file is missing or was changed."""
        definition = ServiceDefinition.from_json(plain["definition"])
        try:
            service = assemble(
                plain["slug"],
                definition,
                form_source=files[definition.form],
                process_source=files[definition.process],
                task_forms={name: files[name] for name in plain["task_forms"]},
                letters={name: files[name].decode() for name in plain["letters"]},
                tables={name: files[name] for name in plain["tables"]},
                form_files={name: files[name] for name in plain["form_files"]},
            )
        except KeyError as error:
            raise ValueError(f"The service {plain['slug']} lacks its file {error}.") from error
        if service.content_hash != plain["content_hash"]:
            raise ValueError(
                f"The service {plain['slug']} was changed since it was stored: its hash differs."
            )
        return service


def assemble(slug: str, definition: ServiceDefinition, **parts: Any) -> Service:
    """A Service with its content hash."""
    unhashed = Service(slug, definition, **parts, content_hash="")
    return Service(slug, definition, **parts, content_hash=_hash(unhashed))


def _hash(service: Service) -> str:
    """The definition as canonical JSON, then each file by name with its length, so that nothing can shift."""
    digest = hashlib.sha256()
    canonical = json.dumps(
        service.definition.to_json(), sort_keys=True, ensure_ascii=False, separators=(",", ":")
    )
    parts = {"": service.slug.encode(), DEFINITION: canonical.encode(), **service.files}
    for name, data in sorted(parts.items()):
        digest.update(f"{len(name)}:{name}:{len(data)}:".encode())
        digest.update(data)
    return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class Draft:
    """A service as far as it could be read; a file that is missing or refused stays None or is left out."""

    slug: str
    place: str
    definition: ServiceDefinition
    form_source: bytes | None
    process_source: bytes | None
    task_forms: Mapping[str, bytes]
    letters: Mapping[str, str]
    tables: Mapping[str, bytes]
    form_files: Mapping[str, bytes]

    @property
    def toml(self) -> str:
        """Where the definition stands: the place of faults in it."""
        return f"{self.place}/{DEFINITION}"

    def finished(self) -> Service | None:
        """The service, when form and process are there."""
        if self.form_source is None or self.process_source is None:
            return None
        return assemble(
            self.slug,
            self.definition,
            form_source=self.form_source,
            process_source=self.process_source,
            task_forms=self.task_forms,
            letters=self.letters,
            tables=self.tables,
            form_files=self.form_files,
        )


def read_draft(folder: Folder, slug: str) -> Draft | None:
    """Read services/SLUG; faults of keys and files go to the folder's log. None without a definition."""
    place = f"services/{slug}"
    table = folder.toml(f"{place}/{DEFINITION}")
    if table is None:
        return None
    definition = build(ServiceDefinition, table, f"{place}/{DEFINITION}", folder.log)
    at = f"{place}/{DEFINITION}"
    letters: dict[str, str] = {}
    task_forms: dict[str, bytes] = {}
    for name, where in _named_letters(definition):
        text = _file_text(folder, place, f"{at}:{where}.letter", name)
        if text is not None:
            letters[name] = text
    for name, where in _named_task_forms(definition):
        data = _file(folder, place, f"{at}:{where}.form", name, ".xlsx")
        if data is not None:
            task_forms[name] = data
    used = {DEFINITION, EXAMPLE, definition.form, definition.process, *letters, *task_forms}
    tables: dict[str, bytes] = {}
    form_files: dict[str, bytes] = {}
    for name in folder.names(place):
        beside_forms = name.lower().endswith((*LISTS, *PICTURES))
        kept = tables if name.endswith(".dmn") else form_files if beside_forms else None
        if kept is not None:
            data = folder.data(f"{place}/{name}")
            if data is not None:
                kept[name] = data
        elif name not in used:
            folder.log.warn(f"{place}/{name}", "is used by nothing", "name it in service.toml, or remove it")
    return Draft(
        slug,
        place,
        definition,
        _file(folder, place, f"{at}:form", definition.form, ".xlsx"),
        _file(folder, place, f"{at}:process", definition.process, ".bpmn"),
        task_forms,
        letters,
        tables,
        form_files,
    )


def _named_letters(definition: ServiceDefinition) -> list[tuple[str, str]]:
    named = [(task.letter, f"[tasks.{name}]") for name, task in definition.tasks.items()]
    named += [(effect.letter, f"[effects.{name}]") for name, effect in definition.effects.items()]
    return [(name, where) for name, where in named if name]


def _named_task_forms(definition: ServiceDefinition) -> list[tuple[str, str]]:
    return [(task.form, f"[tasks.{name}]") for name, task in definition.tasks.items() if task.form]


def _file(folder: Folder, place: str, where: str, name: str, suffix: str) -> bytes | None:
    if not name or not _beside(folder, place, where, name, suffix):
        return None
    return folder.data(f"{place}/{name}")


def _file_text(folder: Folder, place: str, where: str, name: str) -> str | None:
    return folder.text(f"{place}/{name}") if _beside(folder, place, where, name, ".md") else None


def _beside(folder: Folder, place: str, where: str, name: str, suffix: str) -> bool:
    """Whether a named file is a safe name and there; a missing one is told where it is named."""
    if not folder.safe_name(where, name, suffix):
        return False
    if not folder.has(f"{place}/{name}"):
        folder.log.fault(where, f'the file "{name}" is missing', f"put it into {place}/, or name another")
        return False
    return True
