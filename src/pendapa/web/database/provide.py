"""Give a command its database: the one of `DATABASE_URL`, the one another command runs, or a fresh start."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pendapa.web.database.embedded import EmbeddedServer
from pendapa.web.database.faults import DatabaseFault
from pendapa.web.database.home import find_home, make_passable


@dataclass(frozen=True)
class ProvidedDatabase:
    """Which database a command got. `server` is there when this very command runs it."""

    url: str
    description: str
    server: EmbeddedServer | None


def var_directory() -> Path:
    """Return the folder of the site's data: `PENDAPA_VAR`, else `./var`."""
    return Path(os.environ.get("PENDAPA_VAR") or "var").absolute()


@contextmanager
def provided_database(*, alone: bool = False) -> Iterator[ProvidedDatabase]:
    """Provide the site's database while the block runs, and set `DATABASE_URL` to it.

    With `alone` the embedded server must not be running yet (two `serve` on one folder refuse). Otherwise a
    command joins the server of a running `pendapa serve`, or starts it and stops it at the end.
    Raises DatabaseFault.
    """
    if url := os.environ.get("DATABASE_URL"):
        yield ProvidedDatabase(url, f"PostgreSQL of DATABASE_URL ({_without_password(url)})", None)
        return
    var = var_directory()
    make_passable(var)
    server = EmbeddedServer(find_home(var), log=var / "log" / "postgresql.log")
    joined = False
    if not alone and not server.lock.take():
        joined = server.answers()
    server.lock.release()
    if joined:
        provided = ProvidedDatabase(server.url, f"embedded PostgreSQL in {server.home} (running)", None)
    else:
        server.start()
        provided = ProvidedDatabase(
            server.url, f"embedded PostgreSQL {server.programs.major} in {server.home}", server
        )
    os.environ["DATABASE_URL"] = provided.url
    try:
        yield provided
    finally:
        os.environ.pop("DATABASE_URL", None)
        server.stop()


@contextmanager
def site(*, alone: bool = False) -> Iterator[ProvidedDatabase]:
    """Provide the database and set Django up on it: what every command of the site starts with."""
    with provided_database(alone=alone) as provided:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pendapa.web.settings")
        import django
        from django.db import connections

        django.setup()
        try:
            yield provided
        finally:
            connections.close_all()


def _without_password(url: str) -> str:
    from psycopg.conninfo import conninfo_to_dict

    try:
        parts = conninfo_to_dict(url)
    except Exception as error:
        raise DatabaseFault(f"DATABASE_URL is no address of a PostgreSQL database: {error}") from error
    return f"{parts.get('dbname', '')} at {parts.get('host', 'localhost')}"
