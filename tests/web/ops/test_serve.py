"""`pendapa serve`: starts all, keeps all alive, stops all, and leaves nothing behind."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import socket
import stat
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

pytestmark = pytest.mark.xdist_group("serve")  # they share a running site

SMALL_SITE = Path(__file__).parent / "small_site"
WORKER = ("pendapa.cli\0worker",)  # as it stands on the command line


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(condition: Callable[[], object], seconds: float = 60) -> object:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := condition():
            return found
        time.sleep(0.05)
    return None


def clean_environment(var: Path) -> dict[str, str]:
    """Return an environment in which nothing but the folder of the data is set."""
    prefixes = ("PENDAPA_", "DATABASE_URL", "DJANGO_")
    return {k: v for k, v in os.environ.items() if not k.startswith(prefixes)} | {"PENDAPA_VAR": str(var)}


def kill(number: int) -> None:
    """SIGKILL for a process, which may have ended by itself meanwhile."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(number, signal.SIGKILL)


class Site:
    """A `pendapa serve` on a folder: of the small site, or of the real one."""

    def __init__(self, var: Path, port: int | None = None, *, real: bool = False, **environment: str) -> None:
        self.var, self.port = var, port or free_port()
        self.environment = clean_environment(var) | environment
        if not real:
            self.environment |= {"DJANGO_SETTINGS_MODULE": "small_settings", "PYTHONPATH": str(SMALL_SITE)}
        self.command = [
            sys.executable,
            "-m",
            "pendapa.cli",
            "serve",
            "--port",
            str(self.port),
            "--workers",
            "2",
        ]
        self.log = var.with_name(f"{var.name}.log")
        with self.log.open("w") as log:
            self.process = subprocess.Popen(self.command, env=self.environment, stdout=log, stderr=log)

    def up(self) -> Site:
        assert wait_until(lambda: "Pendapa is at" in self.said() or self.process.poll() is not None)
        assert self.process.poll() is None, self.said()
        return self

    def said(self) -> str:
        return self.log.read_text()

    def get(self, path: str = "/") -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=30) as answer:
            return str(answer.read().decode())

    def state(self) -> dict[str, object]:
        try:
            return dict(json.loads(self.get()))
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return {}

    def stop(self, with_signal: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(with_signal)
        return self.process.wait(15)

    def processes(self, *words: str) -> list[int]:
        """Return the living processes of this site, known by its folder in environment or command line."""
        found = []
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                line = (entry / "cmdline").read_bytes()
                ours = (
                    str(self.var).encode() in line
                    or str(self.var).encode() in (entry / "environ").read_bytes()
                )
                if ours and line and all(word.encode() in line for word in words):
                    found.append(int(entry.name))
            except OSError:
                continue
        return found


@pytest.fixture
def var(open_folder: Path, request: pytest.FixtureRequest) -> Path:
    return open_folder / f"var{abs(hash(request.node.nodeid)) % 10**6}"


def _served(var: Path) -> Iterator[Site]:
    made = Site(var)
    try:
        yield made.up()
    finally:
        if made.process.poll() is None:
            made.stop()
        for number in made.processes():
            kill(number)


@pytest.fixture
def site(var: Path) -> Iterator[Site]:
    """A site for one test, which may stop it."""
    yield from _served(var)


@pytest.fixture(scope="module")
def lasting_site(open_folder: Path) -> Iterator[Site]:
    """A site for the tests that leave it running. Each writes rows of its own."""
    yield from _served(open_folder / "lasting")


def test_stops_cleanly_at_every_request_and_starts_again_soon_with_its_data(site: Site) -> None:
    site.get("/write/receipt-1")
    starts = []
    for request_to_stop in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        began = time.monotonic()
        assert site.stop(request_to_stop) == 0
        assert time.monotonic() - began < 10
        assert site.processes() == []
        began = time.monotonic()
        site = Site(site.var, port=site.port).up()
        assert site.state() == {"names": ["receipt-1"], "last": "receipt-1"}
        starts.append(time.monotonic() - began)
        assert "Prepared" not in site.said()  # nothing was left to do
    site.stop()
    assert min(starts) < 8  # the promise for a machine that does nothing else; tests run two at a time


def test_stops_also_while_it_is_still_being_prepared(var: Path) -> None:
    site = Site(var)
    assert wait_until(lambda: "Database:" in site.said())
    assert site.stop() == 0
    assert site.processes() == []
    assert "Traceback" not in site.said()


@pytest.mark.parametrize("what", [("granian",), WORKER, ("postgres", "-D")])
def test_what_is_killed_is_started_again(lasting_site: Site, what: tuple[str, ...]) -> None:
    site, receipt = lasting_site, f"receipt {what[-1][-6:]}"
    site.get(f"/write/{quote(receipt)}")
    told = site.said().count("starting it again")
    killed = wait_until(lambda: site.processes(*what))
    assert killed, site.said()
    for number in killed:
        kill(number)
    assert wait_until(lambda: set(site.processes(*what)) - set(killed))
    assert wait_until(lambda: receipt in site.state().get("names", []))
    assert wait_until(lambda: site.said().count("starting it again") > told)


def test_one_killed_web_process_is_replaced(lasting_site: Site) -> None:
    site = lasting_site

    def web_processes() -> set[int]:
        return set(site.processes("multiprocessing", "spawn_main")) or set(site.processes("granian"))

    before = web_processes()
    victim = max(before)
    os.kill(victim, signal.SIGKILL)
    assert wait_until(lambda: len(web_processes()) == len(before) and victim not in web_processes())
    assert all(site.state() for _ in range(10))


def test_a_task_whose_worker_is_killed_runs_again(lasting_site: Site) -> None:
    site = lasting_site
    site.get("/enqueue")
    assert wait_until(lambda: "begun" in site.state().get("names", []))
    (worker,) = site.processes(*WORKER)
    os.kill(worker, signal.SIGKILL)
    assert wait_until(lambda: "finished" in site.state().get("names", []))
    workers = [name for name in site.state()["names"] if name.startswith("worker")]
    assert f"worker {worker}" in workers
    assert len(workers) == 2


def test_killed_supervisor_leaves_no_process_and_the_next_start_works(site: Site) -> None:
    site.get("/write/receipt-1")
    site.process.kill()
    site.process.wait()
    assert wait_until(lambda: site.processes() == [])
    again = Site(site.var, port=site.port).up()
    try:
        assert again.state()["names"] == ["receipt-1"]
    finally:
        again.stop()


def test_a_second_serve_on_the_same_data_is_refused(lasting_site: Site) -> None:
    site = lasting_site
    second = Site(site.var)
    assert second.process.wait(60) == 1
    assert "is already run by process" in second.said()
    assert str(site.process.pid) in second.said()
    assert "Traceback" not in second.said()
    assert site.state()


def test_a_taken_port_is_refused_in_a_sentence(var: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        refused = Site(var, port=other.getsockname()[1])
        assert refused.process.wait(60) == 1
    assert "cannot be used (Address already in use)" in refused.said()
    assert "--port" in refused.said()
    assert not (var / "postgres").exists()


def test_another_command_joins_the_running_database(lasting_site: Site) -> None:
    lasting_site.get("/write/joined")
    count = "from django.contrib.auth.models import Group; print(Group.objects.filter(name='joined').count())"
    answer = subprocess.run(
        [sys.executable, "-m", "pendapa.cli", "manage", "shell", "--no-imports", "-c", count],
        env=lasting_site.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.stdout == "1\n", answer.stderr
    assert "joined" in lasting_site.state()["names"]  # and the database is still there for the site


def test_nobody_else_may_read_what_the_site_writes(lasting_site: Site) -> None:
    lasting_site.get("/write/private")
    for path in lasting_site.var.iterdir():
        if path.name != "postgres":  # the way to the database's own folders, which are 0700
            assert path.stat().st_mode & 0o077 == 0, path
    # Passable for the database's account, which must find its data there and not in a folder elsewhere.
    assert stat.S_IMODE(lasting_site.var.stat().st_mode) == 0o711
    assert not (lasting_site.var / "postgres").is_symlink()


def test_uses_the_database_of_database_url_and_says_so(var: Path, postgres15_url: str) -> None:
    site = Site(var, DATABASE_URL=postgres15_url).up()
    try:
        site.get("/write/receipt-1")
        assert "PostgreSQL of DATABASE_URL" in site.said()
        assert site.state()["names"] == ["receipt-1"]
        assert not (var / "postgres").exists()
    finally:
        site.stop()


def test_an_unreachable_database_is_told_in_a_sentence(var: Path) -> None:
    refused = Site(var, DATABASE_URL=f"postgresql://somebody:geheim@127.0.0.1:{free_port()}/site")
    assert refused.process.wait(60) == 1
    assert "DATABASE_URL" in refused.said()
    assert "geheim" not in refused.said()
    assert "Traceback" not in refused.said()


def test_the_real_site_on_postgresql_15_moves_by_backup_to_the_embedded_database(
    open_folder: Path, postgres15_fresh: str
) -> None:
    """Every migration runs on the oldest PostgreSQL, and all that the site holds survives the move."""
    before, after = open_folder / "before", open_folder / "after"
    environment = clean_environment(before) | {"DATABASE_URL": postgres15_fresh}

    def pendapa(*arguments: str, environment: dict[str, str]) -> None:
        command = [sys.executable, "-m", "pendapa.cli", *arguments]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr

    def catalogue(site: Site) -> list[str]:
        return sorted(re.findall(r'href="(/[^"]*)"', site.get("/")))

    old = Site(before, real=True, DATABASE_URL=postgres15_fresh).up()
    try:
        pendapa("load", "regencies/tegal", environment=environment)
        (before / "files").mkdir(exist_ok=True)
        (before / "files" / "upload").write_bytes(b"sealed")
        shown = catalogue(old)
        pendapa("backup", str(open_folder / "move.backup"), environment=environment)  # while it serves
    finally:
        old.stop()
    pendapa("restore", str(open_folder / "move.backup"), environment=clean_environment(after))
    new = Site(after, real=True).up()
    try:
        assert "migrations applied" not in new.said()
        assert len(shown) > 5
        assert catalogue(new) == shown
    finally:
        new.stop()
    assert (after / "files" / "upload").read_bytes() == b"sealed"
    for name in ("data.key", "index.key", "django.key"):
        assert (after / "keys" / name).read_bytes() == (before / "keys" / name).read_bytes()
