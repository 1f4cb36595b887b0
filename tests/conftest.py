"""Fixtures for all tests. A database is started only when the first test asks for one."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import connections

from pendapa.web.database import EmbeddedServer
from pendapa.web.database.programs import Programs

DISTRIBUTION_POSTGRESQL_15 = Path("/usr/lib/postgresql/15/bin")


def pytest_configure() -> None:
    """Serve static files from their sources: tests collect nothing."""
    if settings.configured:
        settings.STORAGES = settings.STORAGES | {
            "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
        }


@pytest.fixture(scope="session")
def open_folder() -> Iterator[Path]:
    """A folder with a short path that every account may enter, as a server's home must be."""
    folder = Path(tempfile.mkdtemp(prefix="pendapa-pg-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def database_url(open_folder: Path) -> Iterator[str]:
    """The address of a PostgreSQL for this run: PENDAPA_TEST_DATABASE_URL, else an embedded server.

    Each process of a parallel run starts its own: no process depends on the end of another.
    """
    if url := os.environ.get("PENDAPA_TEST_DATABASE_URL"):
        yield url
        return
    home = open_folder / "tests"
    home.mkdir()
    home.chmod(0o711)
    server = EmbeddedServer(home, durable=False)
    server.start()
    yield server.url
    server.stop()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, database_url: str, worker_id_suffix: str
) -> None:
    """Lead Django to the tests' database before pytest-django makes it."""
    from pendapa.web.settings import database_from_url

    fresh = database_from_url(database_url)
    for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT", "OPTIONS"):
        settings.DATABASES["default"][name] = fresh[name]
        connections["default"].settings_dict[name] = fresh[name]
    connections["default"].settings_dict["TEST"]["NAME"] = f"test_{fresh['NAME']}{worker_id_suffix}"


@pytest.fixture(scope="session")
def worker_id_suffix() -> str:
    """`_gw0` and so on in a parallel run, else nothing."""
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    return f"_{worker}" if worker else ""


@pytest.fixture(scope="session")
def postgres15(open_folder: Path) -> Iterator[EmbeddedServer]:
    """A PostgreSQL 15 of the distribution, the oldest we promise to run on."""
    home = open_folder / "fifteen"
    home.mkdir()
    home.chmod(0o711)
    server = EmbeddedServer(home, programs=Programs.of_folder(DISTRIBUTION_POSTGRESQL_15), durable=False)
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def postgres15_url(postgres15: EmbeddedServer) -> str:
    """The address of a database of PostgreSQL 15, shared by all tests that ask for it."""
    return postgres15.url


@pytest.fixture
def postgres15_fresh(postgres15: EmbeddedServer) -> Iterator[str]:
    """The address of an empty database of PostgreSQL 15."""
    with psycopg.connect(postgres15.url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE fresh")
        yield postgres15.url_as("pendapa", "fresh")
        connection.execute("DROP DATABASE fresh WITH (FORCE)")
