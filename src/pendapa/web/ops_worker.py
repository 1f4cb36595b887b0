"""The worker: runs queued tasks, takes up those of killed workers, and calls what is due from time to time.

An app's `tasks.py` may name its periodic work: `PERIODIC = [Periodic(seconds, function)]`, where the function
takes `now` (an aware instant). It must bear being called twice or late: several workers may run it in turn.
"""

from __future__ import annotations

import logging
import os
import secrets
import socket
import threading
import time
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from importlib.util import find_spec

import psycopg
from django.apps import apps
from django.core.management import call_command
from django.db import close_old_connections, connection, transaction
from django_tasks_db.management.commands.db_worker import Command as DatabaseWorker

logger = logging.getLogger("pendapa.worker")

# First number of the two-number advisory locks: which worker lives, and which periodic work is being done.
LIVING_WORKER, PERIODIC_WORK = 736_011, 736_012
LONGEST_NAP = 5.0  # seconds


@dataclass(frozen=True)
class Periodic:
    """Work that is due again `every` so many seconds after its last start."""

    every: float
    function: Callable[[datetime], object]

    @property
    def name(self) -> str:
        """The name by which workers agree who does it."""
        return f"{self.function.__module__}.{self.function.__qualname__}"


class _Worker(DatabaseWorker):
    """The worker of django-tasks-db, which logs as the site's settings say instead of every task twice."""

    def configure_logging(self, verbosity: int) -> None:
        """Leave the levels as they are."""


def run_worker(*, once: bool = False) -> None:
    """Run tasks until SIGTERM, or with `once` those that wait now; first those of killed workers."""
    name = f"{socket.gethostname()[:40]}-{os.getpid()}-{secrets.token_hex(4)}"
    parameters = {**connection.get_connection_params()}
    for django_only in ("cursor_factory", "context", "prepare_threshold"):
        parameters.pop(django_only, None)
    # A session of its own, idle as long as we live; it ends with us, and the lock with it.
    with psycopg.connect(**parameters, autocommit=True) as sign_of_life:
        sign_of_life.execute("SELECT pg_advisory_lock(%s, %s)", [LIVING_WORKER, _number(name)])
        taken_up = take_up_abandoned_tasks()
        if taken_up:
            logger.warning("%s tasks of workers that ended in the middle wait again", taken_up)
        options = {
            "queue_name": "*",
            "worker_id": name,
            "reload": False,
            "startup_delay": False,
            "verbosity": 1,
        }
        if once:
            call_command(_Worker(), batch=True, **options)
            return
        threading.Thread(
            target=_keep_periodic, args=(list(find_periodic()),), name="periodic", daemon=True
        ).start()
        call_command(_Worker(), interval=0.5, **options)


def take_up_abandoned_tasks() -> int:
    """Make tasks wait again whose worker no longer lives; return how many.

    A task that was cut off runs again from its start, so every task must bear that.
    """
    from django_tasks.base import TaskResultStatus
    from django_tasks_db.models import DBTaskResult

    taken_up = 0
    with transaction.atomic(), connection.cursor() as cursor:
        for task in DBTaskResult.objects.running().select_for_update(skip_locked=True):
            worker = task.worker_ids[-1] if task.worker_ids else ""
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [LIVING_WORKER, _number(worker)])
            if cursor.fetchone()[0]:
                task.status = TaskResultStatus.READY
                task.started_at = None
                task.save(update_fields=["status", "started_at"])
                taken_up += 1
    return taken_up


def find_periodic() -> Iterable[Periodic]:
    """Find the periodic work of every app of Pendapa."""
    yield Periodic(30, lambda now: take_up_abandoned_tasks())
    for app in apps.get_app_configs():
        if app.name.startswith("pendapa.") and find_spec(f"{app.name}.tasks"):
            yield from getattr(import_module(f"{app.name}.tasks"), "PERIODIC", [])


def run_due(work: Iterable[Periodic], last: dict[str, float], now: float) -> None:
    """Run what is due at `now` (seconds of a steady clock) and not being done by another worker."""
    for item in work:
        if now < last.get(item.name, float("-inf")) + item.every:
            continue
        last[item.name] = now
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [PERIODIC_WORK, _number(item.name)])
                if not cursor.fetchone()[0]:
                    continue
                try:
                    item.function(datetime.now(UTC))
                finally:
                    cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [PERIODIC_WORK, _number(item.name)])
        except Exception:
            # One broken duty must not stop the others; it is tried again when next due.
            logger.exception("Periodic work %s failed", item.name)


def _keep_periodic(work: list[Periodic]) -> None:
    last: dict[str, float] = {}
    nap = min([LONGEST_NAP, *(item.every for item in work)])
    while True:
        close_old_connections()
        run_due(work, last, time.monotonic())
        time.sleep(nap)


def _number(name: str) -> int:
    """Return a signed 32-bit number for a name, as advisory locks take."""
    return zlib.crc32(name.encode()) - 2**31
