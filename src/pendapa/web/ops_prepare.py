"""What a site needs before it can serve: its tables, a cache table, collected static files."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from pendapa.web.database import DatabaseFault

OLDEST_POSTGRESQL = 15
# Two nodes that start together migrate one after the other (pg_advisory_lock; any fixed number does).
MIGRATION_LOCK = 7_360_112_401


def prepare() -> list[str]:
    """Bring database and static files up to date; return in words what was done. Fast when nothing is."""
    check_server_version()
    done = []
    if count := migrate():
        done.append(f"{count} migrations applied")
    if collect_static():
        done.append("static files collected")
    return done


def check_server_version() -> None:
    """Refuse a PostgreSQL that is too old."""
    try:
        connection.ensure_connection()
    except OperationalError as error:
        raise DatabaseFault(f"The database of DATABASE_URL does not answer: {str(error).strip()}") from error
    found = connection.pg_version // 10000  # type: ignore[attr-defined]
    if found < OLDEST_POSTGRESQL:
        raise DatabaseFault(
            f"DATABASE_URL leads to PostgreSQL {found}; Pendapa needs {OLDEST_POSTGRESQL} or newer: "
            "upgrade it, or unset DATABASE_URL to use the embedded one."
        )


def migrate() -> int:
    """Apply the missing migrations under a lock; return how many there were."""
    if not _missing_migrations():
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATION_LOCK])
        try:
            missing = _missing_migrations()
            if missing:
                call_command("migrate", interactive=False, verbosity=0)
                call_command("createcachetable", verbosity=0)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [MIGRATION_LOCK])
    return missing


def _missing_migrations() -> int:
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def collect_static() -> bool:
    """Collect the static files when a source is newer than the last time; return whether it was done."""
    root = Path(settings.STATIC_ROOT)
    stamp = root / "staticfiles.json"
    sources = (
        Path(storage.path(path)).stat().st_mtime
        for finder in get_finders()
        for path, storage in finder.list([])
    )
    if stamp.exists() and stamp.stat().st_mtime >= max(sources, default=0.0):
        return False
    call_command("collectstatic", interactive=False, verbosity=0)
    return True
