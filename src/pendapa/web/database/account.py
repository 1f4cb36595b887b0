"""Who the embedded server runs as. PostgreSQL refuses to run as root, so root lends it a plain account."""

from __future__ import annotations

import ctypes
import os
import pwd
import signal
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pendapa.web.database.faults import DatabaseFault

PR_SET_PDEATHSIG = 1
# Loaded here: between fork and exec only what is already in memory may be called.
_LIBC = ctypes.CDLL(None, use_errno=True)

LENT_ACCOUNTS = ("postgres", "nobody")


def end_with_parent(with_signal: signal.Signals) -> Callable[[], None]:
    """Return a `preexec_fn` after which the child gets a signal as soon as this process is gone.

    It covers `kill -9` of the parent, which no handler of the parent could.
    """
    parent = os.getpid()

    def ask_the_kernel() -> None:
        _LIBC.prctl(PR_SET_PDEATHSIG, int(with_signal), 0, 0, 0)
        if os.getppid() != parent:  # it died before we could ask
            os._exit(1)

    return ask_the_kernel


@dataclass(frozen=True)
class Account:
    """An operating-system account that runs the server."""

    name: str
    uid: int
    gid: int

    @classmethod
    def for_owner_of(cls, directory: Path) -> Account:
        """Return the account for a server whose data lies (or will lie) in a directory.

        An ordinary user runs the server as himself. Root runs it as the owner of the existing data, else as
        the first of `LENT_ACCOUNTS` that this machine has.
        """
        if os.geteuid() != 0:
            try:
                return cls._from(pwd.getpwuid(os.geteuid()))
            except KeyError:
                raise DatabaseFault(
                    f"User number {os.geteuid()} has no name on this machine, and PostgreSQL asks for one: "
                    "add the user to /etc/passwd, or set DATABASE_URL to a PostgreSQL that runs elsewhere."
                ) from None
        if directory.exists() and (owner := directory.stat().st_uid) != 0:
            return cls._from(pwd.getpwuid(owner))
        for name in LENT_ACCOUNTS:
            try:
                return cls._from(pwd.getpwnam(name))
            except KeyError:
                continue
        raise DatabaseFault(
            "PostgreSQL does not run as root, and this machine has neither an account 'postgres' nor "
            "'nobody': start Pendapa as an ordinary user, or set DATABASE_URL."
        )

    @classmethod
    def _from(cls, entry: pwd.struct_passwd) -> Account:
        return cls(entry.pw_name, entry.pw_uid, entry.pw_gid)

    @property
    def is_lent(self) -> bool:
        """Whether the server runs as someone else than this process."""
        return self.uid != os.geteuid()

    def process_options(self) -> dict[str, Any]:
        """Return the keyword arguments that make `subprocess` start a program as this account."""
        options: dict[str, Any] = {"umask": 0o077, "env": _plain_environment()}
        if self.is_lent:
            options |= {"user": self.uid, "group": self.gid, "extra_groups": ()}
        return options

    def run(self, command: Sequence[str | Path]) -> subprocess.CompletedProcess[str]:
        """Run a program as this account and return what it said."""
        return subprocess.run(
            [str(part) for part in command],
            cwd="/",
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            **self.process_options(),
        )

    def can_enter(self, directory: Path) -> bool:
        """Whether this account may really change into a directory: tried, as modes alone may mislead."""
        return self.run(["/bin/sh", "-c", 'cd "$1"', "sh", directory]).returncode == 0

    def can_run(self, program: Path) -> bool:
        """Whether this account may run a program where it lies."""
        try:
            return self.run([program, "--version"]).returncode == 0
        except OSError:
            return False

    def own(self, directory: Path) -> None:
        """Make a directory, reachable by this account alone, and give it to the account."""
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.is_lent:
            os.chown(directory, self.uid, self.gid)
        directory.chmod(0o700)


def _plain_environment() -> dict[str, str]:
    """Return an environment that does not leak PG* variables, passwords or locales into the server."""
    return {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C", "TZ": "UTC"}
