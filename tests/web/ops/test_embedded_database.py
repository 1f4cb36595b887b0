"""The embedded PostgreSQL: durable, alone on its data, gone with its parent, and reachable for root too."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import stat
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from pendapa.web.database import DatabaseFault, EmbeddedServer
from pendapa.web.database import home as homes
from pendapa.web.database.account import Account
from pendapa.web.database.embedded import _processes_working_in
from pendapa.web.database.home import LONGEST_SOCKET_PATH, SOCKET_NAME, find_home, socket_folder
from pendapa.web.database.programs import Programs


@pytest.fixture
def home(open_folder: Path, request: pytest.FixtureRequest) -> Iterator[Path]:
    folder = open_folder / f"{abs(hash(request.node.nodeid)):x}"[:8]
    folder.mkdir()
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def server(home: Path) -> Iterator[EmbeddedServer]:
    made = EmbeddedServer(home)
    made.start()
    yield made
    made.stop()


def _start_elsewhere(home: Path) -> subprocess.Popen[str]:
    """Start a server as the child of another process, which then waits."""
    script = """
        import sys, time
        from pathlib import Path
        from pendapa.web.database import EmbeddedServer
        server = EmbeddedServer(Path(sys.argv[1]))
        server.start()
        print(server.process.pid, flush=True)
        time.sleep(600)
    """
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(script), str(home)], stdout=subprocess.PIPE, text=True
    )


def _wait_until(condition, seconds: float = 15) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.05)
    return False


def _says(url: str, question: str):
    with psycopg.connect(url) as connection:
        return connection.execute(question).fetchone()[0]


@pytest.mark.parametrize("attempt", range(3))
def test_an_acknowledged_row_survives_kill_9_of_the_server(server: EmbeddedServer, attempt: int) -> None:
    with psycopg.connect(server.url) as connection:
        connection.execute("CREATE TABLE receipt (number int)")
        connection.execute("INSERT INTO receipt SELECT generate_series(1, 500)")
    everyone = _processes_working_in(server.data)
    assert len(everyone) > 3  # the server and its own helpers
    for number in everyone:
        with contextlib.suppress(
            ProcessLookupError
        ):  # the one that served the connection above may just have ended
            os.kill(number, signal.SIGKILL)
    assert _wait_until(lambda: not server.is_running())
    server.start()
    assert _says(server.url, "SELECT count(*) FROM receipt") == 500


def test_only_the_postmaster_killed_its_orphaned_helpers_do_not_stop_the_next_start(
    server: EmbeddedServer,
) -> None:
    with psycopg.connect(server.url) as connection:
        connection.execute("CREATE TABLE receipt (number int)")
        connection.execute("INSERT INTO receipt VALUES (7)")
    assert server.process is not None
    server.process.kill()
    server.process.wait()
    server.start()
    assert _says(server.url, "SELECT number FROM receipt") == 7


def test_server_ends_when_its_parent_is_killed_and_starts_again(home: Path) -> None:
    parent = _start_elsewhere(home)
    assert parent.stdout is not None
    postmaster = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    again = EmbeddedServer(home)
    again.start()  # at once: the orphan may still be stopping
    try:
        assert again.process is not None
        assert again.process.pid != postmaster
        assert _says(again.url, "SELECT 1") == 1
    finally:
        again.stop()


def test_no_process_is_left_after_the_parent_is_killed(home: Path) -> None:
    parent = _start_elsewhere(home)
    assert parent.stdout is not None
    parent.stdout.readline()
    parent.kill()
    parent.wait()
    assert _wait_until(lambda: not _processes_working_in(home / "data"))


def test_a_pid_file_naming_a_living_stranger_does_not_mislead(server: EmbeddedServer) -> None:
    server.stop()
    stranger = subprocess.Popen(["sleep", "60"], **server.account.process_options())
    try:
        pid_file = server.data / "postmaster.pid"
        pid_file.write_text(
            f"{stranger.pid}\n{server.data}\n1700000000\n5432\n{server.home}/run\n\n 1 1\nready\n"
        )
        os.chown(pid_file, server.account.uid, server.account.gid)
        server.start()
        assert _says(server.url, "SELECT 1") == 1
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_two_commands_cannot_run_one_database(server: EmbeddedServer) -> None:
    with pytest.raises(DatabaseFault, match=rf"already run by process {os.getpid()} .*PENDAPA_VAR"):
        EmbeddedServer(server.home).start()
    assert _says(server.url, "SELECT 1") == 1  # the refused one disturbed nothing


def test_data_are_utf8_checked_by_sums_and_written_before_acknowledged(server: EmbeddedServer) -> None:
    for setting, value in {
        "server_encoding": "UTF8",
        "data_checksums": "on",
        "fsync": "on",
        "synchronous_commit": "on",
        "full_page_writes": "on",
        "listen_addresses": "",
    }.items():
        assert _says(server.url, f"SHOW {setting}") == value


def test_the_sites_role_is_no_superuser(server: EmbeddedServer) -> None:
    assert _says(server.url, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is False
    with psycopg.connect(server.url) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("COPY (SELECT 1) TO PROGRAM 'cat'")


def test_nobody_else_on_the_machine_reaches_the_data_or_the_socket(server: EmbeddedServer) -> None:
    for folder in (server.data, socket_folder(server.home, server.account)):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_data_of_another_major_version_are_refused(server: EmbeddedServer) -> None:
    server.stop()
    (server.data / "PG_VERSION").write_text("14\n")
    with pytest.raises(DatabaseFault, match=r"written by PostgreSQL 14, and this is PostgreSQL 18.*backup"):
        server.start()


def test_an_interrupted_first_start_is_begun_anew(home: Path) -> None:
    (home / "data.partial").mkdir()
    (home / "data.partial" / "PG_VERSION").write_text("18\n")
    server = EmbeddedServer(home)
    server.start()
    try:
        assert _says(server.url, "SELECT 1") == 1
    finally:
        server.stop()


def test_a_socket_path_too_long_for_the_kernel_goes_elsewhere(open_folder: Path) -> None:
    deep = open_folder / ("x" * 120)
    deep.mkdir()
    folder = socket_folder(deep, Account.for_owner_of(deep / "data"))
    try:
        assert len(str(folder / SOCKET_NAME)) <= LONGEST_SOCKET_PATH
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    finally:
        folder.rmdir()


needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root lends an account")


@needs_root
def test_server_runs_as_an_unprivileged_account(server: EmbeddedServer) -> None:
    assert server.process is not None
    assert Path(f"/proc/{server.process.pid}").stat().st_uid == server.account.uid != 0


@needs_root
def test_root_in_a_folder_that_only_root_may_enter(
    tmp_path: Path, open_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The whole way with programs and data out of the account's reach, as in a check-out under /root."""
    monkeypatch.setattr(homes, "ROOTS_HOMES", open_folder / "lib")
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    wheel = Programs.of_wheel()
    package = wheel.folder.parent.parent
    for part in (package, package.with_name(f"{package.name}.libs")):
        shutil.copytree(
            part, closed / "site-packages" / part.name, ignore=shutil.ignore_patterns("pginstall", "*.a")
        )
    hidden = Programs(closed / "site-packages" / package.name / "pginstall18" / "bin", wheel.major)
    account = Account.for_owner_of(closed / "none")
    assert not account.can_run(hidden.path("postgres"))

    home = find_home(closed / "var")
    assert (closed / "var" / "postgres").is_symlink()
    assert home.parent == open_folder / "lib"
    for _ in range(2):  # the second start finds copy and data in place
        server = EmbeddedServer(
            find_home(closed / "var"), programs=hidden, log=closed / "var" / "log" / "pg.log"
        )
        server.start()
        try:
            assert server.home == home
            assert _says(server.url, "SELECT current_database()") == "pendapa"
        finally:
            server.stop()


@needs_root
def test_root_keeps_the_data_in_var_where_the_account_can_enter(open_folder: Path) -> None:
    assert find_home(open_folder / "var") == open_folder / "var" / "postgres"


def test_runs_on_postgresql_15_of_the_distribution(postgres15_url: str) -> None:
    assert str(_says(postgres15_url, "SHOW server_version")).startswith("15.")
