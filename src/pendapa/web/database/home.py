"""Where the embedded server keeps its data, and the lock that lets one command at a time own it."""

from __future__ import annotations

import fcntl
import hashlib
import os
import sys
from pathlib import Path
from typing import IO

from pendapa.web.database.account import Account
from pendapa.web.database.faults import DatabaseFault

ROOTS_HOMES = Path("/var/lib/pendapa")
# Linux: sun_path holds 108 bytes with the closing zero (unix(7)).
LONGEST_SOCKET_PATH = 107
SOCKET_NAME = ".s.PGSQL.5432"


def make_passable(folder: Path) -> None:
    """Make a folder, unless it is there, that others may pass through, as the database's account must, not read."""
    if not folder.exists():
        folder.mkdir(parents=True)
        folder.chmod(0o711)  # not the mode of mkdir, which a strict umask would close again


def find_home(var: Path) -> Path:
    """Return the folder of the embedded server of a site, made if need be.

    It is `var/postgres`. Root may keep a site in a folder that the server's account cannot enter; then
    `var/postgres` is a symbolic link to `/var/lib/pendapa/HASH` (HASH of the path of `var`).
    `PENDAPA_POSTGRES_HOME` names another folder and wins.
    """
    if chosen := os.environ.get("PENDAPA_POSTGRES_HOME"):
        home = Path(chosen).absolute()
        make_passable(home)
        return home
    home = var / "postgres"
    if home.is_symlink():
        target = home.resolve()
        make_passable(target)
        return target
    fresh = not home.exists()
    home.mkdir(parents=True, exist_ok=True)
    home.chmod(0o711)
    account = Account.for_owner_of(home / "data")
    if not account.is_lent or account.can_enter(home):
        return home
    if not fresh and any(home.iterdir()):
        raise DatabaseFault(
            f"The account {account.name!r} of the database may no longer enter {home}: open the folders "
            "above it for passing through (chmod a+x), or restore a backup into a new folder."
        )
    digest = hashlib.sha256(os.fsencode(home.absolute())).hexdigest()[:12]
    target = ROOTS_HOMES / digest
    try:
        target.mkdir(mode=0o711, parents=True, exist_ok=True)
    except OSError as error:
        raise DatabaseFault(
            f"The account {account.name!r} of the database may not enter {home}, and {target} cannot be made "
            f"({error.strerror}): set PENDAPA_POSTGRES_HOME to a folder it may enter, or set DATABASE_URL."
        ) from error
    for folder in (ROOTS_HOMES, target):
        folder.chmod(0o711)
    home.rmdir()
    home.symlink_to(target)
    return target


def socket_folder(home: Path, account: Account) -> Path:
    """Return a folder for the server's socket: private to the account, and short enough for the kernel."""
    folder = home / "run"
    if len(os.fsencode(folder / SOCKET_NAME)) > LONGEST_SOCKET_PATH:
        digest = hashlib.sha256(os.fsencode(home)).hexdigest()[:12]
        base = Path(os.environ.get("XDG_RUNTIME_DIR") or "/tmp")  # noqa: S108 - 0700 and owner checked below
        if account.is_lent:
            base = Path("/run")
        folder = base / f"pendapa-{digest}"
    account.own(folder)
    if folder.is_symlink() or folder.stat().st_uid != account.uid:
        raise DatabaseFault(
            f"{folder} belongs to somebody else: remove it, the database keeps its socket there."
        )
    return folder


class HomeLock:
    """Held by the command that runs the server of a home; the kernel lets it go when that command ends."""

    def __init__(self, home: Path) -> None:
        self.path = home / "lock"
        self._file: IO[str] | None = None

    def take(self) -> bool:
        """Take the lock if it is free (or ours already) and write down who has it."""
        if self._file is not None:
            return True
        file = self.path.open("a+", encoding="utf-8")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            return False
        file.seek(0)
        file.truncate()
        file.write(f"{os.getpid()} {Path(sys.argv[0]).name} {' '.join(sys.argv[1:2])}".strip())
        file.flush()
        self._file = file
        return True

    def holder(self) -> str:
        """Return who has the lock, as "process 4711 (pendapa serve)"."""
        number, _, command = self.path.read_text(encoding="utf-8").partition(" ")
        return f"process {number} ({command})" if command else f"process {number or '?'}"

    def release(self) -> None:
        """Give the lock back."""
        if self._file is not None:
            self._file.close()
            self._file = None
