"""The embedded PostgreSQL: made, started, watched and stopped as our own child process."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import time
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from pendapa.web.database.account import Account, end_with_parent
from pendapa.web.database.faults import DatabaseFault
from pendapa.web.database.home import HomeLock, socket_folder
from pendapa.web.database.programs import Programs

OWNER = "pendapa"  # owns the site's database; no superuser, so that no statement of the site can run programs
ADMINISTRATOR = "postgres"  # superuser, used here alone
DATABASE = "pendapa"
LARGEST_LOG = 10_000_000  # bytes

SETTINGS = {
    "listen_addresses": "",
    "port": "5432",
    "max_connections": "60",
    "shared_buffers": "128MB",
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "wal_compression": "on",
    "max_wal_size": "1GB",
    "random_page_cost": "1.1",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] ",
    "log_min_duration_statement": "2s",
    # A statement's parameters may be personal data; they never go to the log.
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "unix_socket_permissions": "0700",
}
# For tests alone: a power cut may lose such a database, the end of a process may not. Several test runners share one
# server, and a test may sign from fifty threads at once.
FAST_SETTINGS = {
    "fsync": "off",
    "full_page_writes": "off",
    "shared_buffers": "64MB",
    "autovacuum": "off",
    "max_connections": "200",
}


class EmbeddedServer:
    """One PostgreSQL server on one home folder.

    Parameters: `home` holds `data`, `run` and `lock`; `log` receives the server's messages; `programs` are
    the wheel's unless given; `durable=False` trades safety at a power cut for speed, for tests.
    """

    def __init__(
        self, home: Path, *, log: Path | None = None, programs: Programs | None = None, durable: bool = True
    ) -> None:
        self.home = home.absolute()
        self.data = self.home / "data"
        self.log = log or self.home / "postgresql.log"
        self.account = Account.for_owner_of(self.data)
        self.programs = programs or Programs.of_wheel()
        self.settings = SETTINGS | ({} if durable else FAST_SETTINGS)
        self.lock = HomeLock(self.home)
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The address of the site's database, for `DATABASE_URL`."""
        return self.url_as(OWNER, DATABASE)

    def url_as(self, role: str, database: str) -> str:
        """Return the address of a database of this server for a role."""
        folder = socket_folder(self.home, self.account)
        return f"postgresql://{role}@/{database}?host={quote(str(folder), safe='')}"

    def start(self, seconds: float = 60) -> None:
        """Start the server and wait until it answers; make its data at the first start.

        Raises DatabaseFault when another command runs it, when the data were written by another major
        version, or when it does not answer in time. After `kill -9` or a power cut PostgreSQL recovers here.
        """
        if not self.lock.take():
            raise DatabaseFault(
                f"The database in {self.home} is already run by {self.lock.holder()}: stop that one first, "
                "or set PENDAPA_VAR to a folder of its own for a second site."
            )
        try:
            programs = self.programs.within_reach_of(self.account, self.home)
            self._make_data(programs)
            self._end_leftovers()
            self._launch(programs, time.monotonic() + seconds)
            self._make_database()
        except BaseException:
            self.stop()
            raise

    def is_running(self) -> bool:
        """Whether the server process lives. Reaps it when it does not."""
        return self.process is not None and self.process.poll() is None

    def answers(self) -> bool:
        """Whether somebody's server answers on this home's socket."""
        try:
            psycopg.connect(self.url, connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def stop(self, seconds: float = 8) -> None:
        """Stop the server: fast (open transactions are rolled back), then at once; let the lock go."""
        if self.process is not None:
            for request, patience in ((signal.SIGINT, seconds), (signal.SIGQUIT, 3), (signal.SIGKILL, 3)):
                if self.process.poll() is None:
                    self.process.send_signal(request)
                    try:
                        self.process.wait(patience)
                    except subprocess.TimeoutExpired:
                        continue
            self.process = None
        self.lock.release()

    def _make_data(self, programs: Programs) -> None:
        version_file = self.data / "PG_VERSION"
        if version_file.exists():
            found = version_file.read_text(encoding="ascii").strip()
            if found != str(programs.major):
                raise DatabaseFault(
                    f"{self.data} was written by PostgreSQL {found}, and this is PostgreSQL "
                    f"{programs.major}: write a backup with the release that made it, and restore it into a "
                    "new folder with this one."
                )
            return
        # Made beside and renamed, so that an interrupted first start leaves nothing that looks finished.
        partial = self.home / "data.partial"
        shutil.rmtree(partial, ignore_errors=True)
        self.account.own(partial)
        locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] if programs.major >= 17 else []
        command: list[str | Path] = [
            programs.path("initdb"),
            *("-D", str(partial), "-U", ADMINISTRATOR, "--encoding=UTF8", *locale),
            *("--locale=C", "--data-checksums", "--auth=reject", "--no-instructions"),
            *(["--no-sync"] if self.settings["fsync"] == "off" else []),
        ]
        done = self.account.run(command)
        if done.returncode != 0:
            raise DatabaseFault(f"initdb could not make {self.data}: {done.stderr.strip()}")
        self._allow_ourselves(partial)
        partial.rename(self.data)

    def _allow_ourselves(self, data: Path) -> None:
        """Admit the accounts that run the site, known to the kernel, and nobody else; no password to keep."""
        ourselves = pwd.getpwuid(os.geteuid()).pw_name
        (data / "pg_hba.conf").write_text("local all all peer map=site\n", encoding="ascii")
        (data / "pg_ident.conf").write_text(
            "".join(f'site "{ourselves}" {role}\n' for role in (OWNER, ADMINISTRATOR)), encoding="utf-8"
        )

    def _launch(self, programs: Programs, deadline: float) -> None:
        folder = socket_folder(self.home, self.account)
        options = [f"--{name}={value}" for name, value in self.settings.items()]
        while True:
            self.log.parent.mkdir(parents=True, exist_ok=True)
            if self.log.exists() and self.log.stat().st_size > LARGEST_LOG:
                self.log.replace(self.log.with_name(f"{self.log.name}.1"))
            with self.log.open("ab") as log:
                self.process = subprocess.Popen(
                    [str(programs.path("postgres")), "-D", str(self.data), "-k", str(folder), *options],
                    cwd=self.home if not self.account.is_lent else "/",
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    # Ctrl-C must reach the supervisor alone, which stops the database last.
                    start_new_session=True,
                    preexec_fn=end_with_parent(signal.SIGINT),
                    **self.account.process_options(),
                )
            while self.process.poll() is None:
                try:
                    psycopg.connect(self.url_as(ADMINISTRATOR, "postgres"), connect_timeout=2).close()
                    return
                except psycopg.OperationalError as error:
                    if time.monotonic() > deadline:
                        raise DatabaseFault(
                            f"The database in {self.home} does not answer ({error}); see {self.log}."
                        ) from error
                time.sleep(0.03)
            # The children of a killed server hold its memory for a moment; PostgreSQL refuses meanwhile.
            if time.monotonic() > deadline or "still in use" not in self._last_words():
                raise DatabaseFault(f"PostgreSQL ended at once; {self.log} says: {self._last_words()}")
            time.sleep(0.2)

    def _last_words(self) -> str:
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
        return " / ".join(lines[-6:]) if lines else "nothing"

    def _make_database(self) -> None:
        owner, database = sql.Identifier(OWNER), sql.Identifier(DATABASE)
        with psycopg.connect(self.url_as(ADMINISTRATOR, "postgres"), autocommit=True) as connection:
            if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [OWNER]).fetchone():
                connection.execute(sql.SQL("CREATE ROLE {} LOGIN CREATEDB").format(owner))
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
                connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(database, owner))

    def _end_leftovers(self) -> None:
        """End the processes of a server whose parent was killed, then take its pid file and socket away.

        We hold the lock, so whatever still works in this data folder has lost its parent. PostgreSQL itself
        would be misled by a pid file whose number now belongs to a zombie or to somebody else.
        """
        deadline = time.monotonic() + 20
        request = signal.SIGINT
        while leftovers := _processes_working_in(self.data):
            if time.monotonic() > deadline:
                request = signal.SIGKILL
            if time.monotonic() > deadline + 5:
                raise DatabaseFault(
                    f"An earlier database in {self.data} does not end: end process {leftovers[0]} by hand."
                )
            postmaster = _number_in(self.data / "postmaster.pid")
            for number in leftovers:
                # Children of a dead postmaster notice its death; SIGINT would only cancel a query.
                if request == signal.SIGKILL or number == postmaster:
                    _signal(number, request)
            time.sleep(0.1)
        if Path("/proc/self/cwd").exists():
            (self.data / "postmaster.pid").unlink(missing_ok=True)
            # The socket's own lock names the same process.
            for left in socket_folder(self.home, self.account).glob(".s.PGSQL.*"):
                left.unlink(missing_ok=True)


def _number_in(pid_file: Path) -> int | None:
    try:
        return int(pid_file.read_text(encoding="utf-8").split("\n", 1)[0])
    except (OSError, ValueError):
        return None


def _signal(number: int, request: signal.Signals) -> None:
    try:
        os.kill(number, request)
    except ProcessLookupError:
        return


def _processes_working_in(folder: Path) -> list[int]:
    """Return the living processes whose working folder this is, as it is for each process of PostgreSQL."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if (entry / "cwd").readlink() == folder:
                found.append(int(entry.name))
        except OSError:  # gone, a zombie, or somebody else's
            continue
    return found
