"""`pendapa serve`: the site, its worker and, without DATABASE_URL, its database, under one supervisor."""

from __future__ import annotations

import argparse
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

from pendapa.web.database import DatabaseFault, EmbeddedServer, site, var_directory
from pendapa.web.ops_supervisor import Child, StopAsked, StopRequest, say, stop_all, supervise

DEMO_REGENCY = Path("regencies/tegal")
DEMO_CASES = 200
THREADS = 4  # blocking threads a worker process; measured best for pages that wait for the database
# Counts connections that browsers keep open too, so it must exceed the idle browsers of one process.
CONNECTIONS_A_WORKER = 512
START_PATIENCE = 60.0  # seconds


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `pendapa serve`."""
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    parser.add_argument("--port", type=int, default=8000, help="port to listen on (8000)")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="web processes (one a core)")
    parser.add_argument("--no-worker", action="store_true", help="run no worker beside the site")
    parser.add_argument("--demo", action="store_true", help="fill an empty site with an invented office")


def run(args: argparse.Namespace) -> int:
    """Serve until SIGINT or SIGTERM. 0 stopped as asked, 1 refused."""
    stop = StopRequest()
    os.umask(0o077)  # uploads, keys and messages are for this account alone
    try:
        check_port(args.host, args.port)
        # Children and settings read these; a relative PENDAPA_VAR would depend on where each is started.
        os.environ["PENDAPA_VAR"] = str(var_directory())
        os.environ.setdefault("PENDAPA_SITE_URL", f"http://{url_host(args.host)}:{args.port}")
        if args.demo:
            os.environ["PENDAPA_DEMO"] = "1"
        with site(alone=True) as database:
            say(f"Database: {database.description}.")
            from pendapa.web.ops_prepare import prepare

            for done in prepare():
                say(f"Prepared: {done}.")
            if args.demo:
                fill_demo()
            from django.db import connections

            connections.close_all()
            stop.interrupts = False
            return serve(args, stop, database.server)
    except StopAsked:
        return 0
    except DatabaseFault as fault:
        say(str(fault))
        return 1


def serve(args: argparse.Namespace, stop: StopRequest, server: EmbeddedServer | None) -> int:
    """Start the processes, tell where the site is, supervise."""
    web = Child("The web server", web_command(args.host, args.port, args.workers))
    children = [web]
    try:
        web.start()
        if not wait_until_listening(args.host, args.port, web, stop):
            if stop.is_set():
                return 0
            say("The web server did not start; its message stands above.")
            return 1
        if not args.no_worker:  # after the web server, which people wait for
            children.append(Child("The worker", [sys.executable, "-m", "pendapa.cli", "worker"]))
            children[-1].start()
        print(f"Pendapa is at http://{url_host(args.host)}:{args.port}  (Ctrl-C stops it)", flush=True)
        if args.demo:
            tell_demo_logins()
        supervise(children, server, stop)
    finally:
        stop_all(children)
    return 0


def tell_demo_logins() -> None:
    """Print who can log in to the demo, and how."""
    from django.db import connections

    from pendapa.web.demo import logins

    for line in logins.lines():
        print(line, flush=True)
    connections.close_all()


def web_command(host: str, port: int, workers: int) -> list[str]:
    """Return the command line of the web server."""
    return [
        *(sys.executable, "-m", "granian", "pendapa.web.wsgi:application", "--interface", "wsgi"),
        *("--host", host, "--port", str(port), "--workers", str(max(1, workers))),
        *(
            "--blocking-threads",
            str(THREADS),
            "--backpressure",
            str(CONNECTIONS_A_WORKER),
            "--backlog",
            "2048",
        ),
        *("--no-ws", "--log-level", "warning", "--respawn-failed-workers", "--respawn-interval", "0.5"),
        *("--workers-kill-timeout", "5"),
    ]


def fill_demo() -> None:
    """Load the demo regency and let its office live, once."""
    marker = var_directory() / "demo-filled"
    if marker.exists():
        return
    if not DEMO_REGENCY.is_dir():
        raise DatabaseFault(f"{DEMO_REGENCY} is not here: start the demo in the top folder of the check-out.")
    from datetime import UTC, datetime

    from pendapa.web.demo import seed

    if seed.was_seeded():
        say(
            "Filling the demo was interrupted, so its office is half empty: 'make clean-demo' begins it anew."
        )
        return
    say("Loading the example regency; the first start takes a minute.")
    done = subprocess.run([sys.executable, "-m", "pendapa.cli", "load", str(DEMO_REGENCY)], check=False)
    if done.returncode != 0:
        raise DatabaseFault(f"{DEMO_REGENCY} could not be loaded; the reasons stand above.")
    say(f"Letting an invented office work on {DEMO_CASES} cases.")
    seed.run(datetime.now(UTC), DEMO_CASES)
    marker.write_text(f"{datetime.now(UTC):%Y-%m-%d} {DEMO_CASES} invented cases\n", encoding="utf-8")


def check_port(host: str, port: int) -> None:
    """Refuse a port that somebody else has, before anything is started."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except (OSError, OverflowError) as error:
        raise DatabaseFault(
            f"Port {port} of {host} cannot be used ({getattr(error, 'strerror', None) or error}): "
            "stop the program that has it, or choose another with --port."
        ) from error


def wait_until_listening(host: str, port: int, web: Child, stop: StopRequest) -> bool:
    """Wait until the site takes connections; False when it died, was asked to stop or took too long."""
    target = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared, not bound
    deadline = time.monotonic() + START_PATIENCE
    while time.monotonic() < deadline and web.is_alive() and not stop.is_set():
        try:
            socket.create_connection((target, port), timeout=1).close()
            return True
        except OSError:
            stop.wait(0.05)
    return False


def url_host(host: str) -> str:
    """Return a host as it stands in an address."""
    return f"[{host}]" if ":" in host else host
