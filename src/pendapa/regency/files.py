"""Reading the files of a folder safely: inside the folder only, ordinary files only, small enough, UTF-8."""

from __future__ import annotations

import re
import stat
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pendapa.regency.faults import FaultLog

LIMITS = {".toml": 1, ".csv": 8, ".xlsx": 8, ".bpmn": 4, ".dmn": 2, ".md": 1}  # MiB; none of these needs more
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")


class Folder:
    """One regency folder; every file that cannot be read becomes a fault in `log`."""

    def __init__(self, root: Path, log: FaultLog) -> None:
        self.root = root
        self.log = log

    def names(self, under: str = "") -> tuple[str, ...]:
        """The names in a sub-folder, sorted, hidden ones left out; empty when it is not there."""
        return tuple(path.name for path in self._within(self.root / under))

    def has(self, name: str) -> bool:
        """Whether something of that name is there (also a broken link)."""
        path = self.root / name
        return path.exists() or path.is_symlink()

    def refuse_links(self) -> None:
        """Note every symbolic link: what it shows may lie outside the folder."""
        for path in self._walk(self.root):
            if path.is_symlink():
                self.log.fault(
                    path.relative_to(self.root).as_posix(),
                    f"is a symbolic link to {path.readlink()}",
                    "put the file itself there",
                )

    def data(self, name: str) -> bytes | None:
        """The bytes of a file, or None after noting why not."""
        path = self.root / name
        if any(
            part.is_symlink()
            for part in (path, *path.parents)
            if part != self.root and self.root in part.parents
        ):
            return None  # noted by refuse_links
        try:
            status = path.stat()
        except OSError:
            self.log.fault(name, "is missing", "put the file there")
            return None
        if not stat.S_ISREG(status.st_mode):
            self.log.fault(name, "is not an ordinary file", "put an ordinary file there")
            return None
        limit = LIMITS.get(path.suffix.lower(), 1)
        if status.st_size > limit * 1024 * 1024:
            size = status.st_size / 1024 / 1024
            self.log.fault(name, f"is {size:.1f} MiB large", f"keep it under {limit} MiB")
            return None
        try:
            return path.read_bytes()
        except OSError as error:
            self.log.fault(name, f"cannot be read ({error.strerror})", "let the file be readable")
            return None

    def text(self, name: str) -> str | None:
        """A UTF-8 text file, line ends as \\n, no byte-order mark; or None after noting why not."""
        data = self.data(name)
        if data is None:
            return None
        try:
            return data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
        except UnicodeDecodeError as error:
            line = data[: error.start].count(b"\n") + 1
            self.log.fault(
                f"{name}:line {line}",
                f"is not UTF-8 (byte {data[error.start]:#04x})",
                'save it as UTF-8 (in Excel: "CSV UTF-8")',
            )
            return None

    def toml(self, name: str) -> dict[str, Any] | None:
        """A TOML file as a table, or None after noting why not."""
        text = self.text(name)
        if text is None:
            return None
        try:
            return tomllib.loads(text)
        except (ValueError, RecursionError) as error:
            found = re.search(r"\(at line (\d+)", str(error))
            place = f"{name}:line {found[1]}" if found else name
            wrong = f"is not TOML: {str(error).split(' (at ')[0]}"
            self.log.fault(place, wrong, 'write keys as: name = "value", one a line, each name once')
            return None

    def safe_name(self, place: str, name: str, suffix: str) -> bool:
        """Whether `name` is a plain file name ending in `suffix`; else notes a fault at `place`."""
        if not NAME.fullmatch(name) or ".." in name:
            self.log.fault(
                place, f'"{name}" is not a plain file name', f"name a {suffix} file beside service.toml"
            )
            return False
        if not name.lower().endswith(suffix):
            self.log.fault(
                place, f'"{name}" is not a {suffix} file', f"name a {suffix} file beside service.toml"
            )
            return False
        return True

    def _walk(self, place: Path) -> Iterator[Path]:
        for path in self._within(place):
            yield path
            if path.is_dir() and not path.is_symlink():
                yield from self._walk(path)

    def _within(self, place: Path) -> list[Path]:
        if not place.is_dir() or place.is_symlink():
            return []
        try:
            return sorted(path for path in place.iterdir() if not path.name.startswith("."))
        except OSError as error:
            name = place.relative_to(self.root).as_posix()
            self.log.fault(name, f"cannot be read ({error.strerror})", "let the folder be readable")
            return []
