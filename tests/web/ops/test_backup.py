"""A backup brings back database, uploads and keys, or refuses before it touches anything."""

from __future__ import annotations

import io
import os
import tarfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from pendapa.web.ops_backup import BackupFault, dump, load_dump, read_backup, restore_backup, write_backup
from pendapa.web.ops_sealing import FRAME, SealedReader, SealedWriter, SealFault

NOW = datetime(2026, 7, 1, 9, 0, tzinfo=UTC)


@pytest.fixture
def empty_databases(database_url: str) -> Iterator[tuple[str, str]]:
    """Two empty databases on the tests' server."""
    with _databases(database_url) as urls:
        yield urls


class _databases:
    def __init__(self, url: str) -> None:
        self.url = url
        self.names = [f"backup_{os.getpid()}_{which}" for which in ("from", "to")]

    def __enter__(self) -> tuple[str, str]:
        self._each("CREATE DATABASE {}")
        parts = conninfo_to_dict(self.url)
        first, second = (f"postgresql://{parts['user']}@/{name}?host={parts['host']}" for name in self.names)
        return first, second

    def __exit__(self, *_: object) -> None:
        self._each("DROP DATABASE {} WITH (FORCE)")

    def _each(self, statement: str) -> None:
        with psycopg.connect(make_conninfo(self.url), autocommit=True) as connection:
            for name in self.names:
                connection.execute(sql.SQL(statement).format(sql.Identifier(name)))


def _fill(url: str, var: Path) -> None:
    with psycopg.connect(url) as connection:
        connection.execute(
            "CREATE TABLE application (number serial PRIMARY KEY, applicant text NOT NULL, answers bytea)"
        )
        connection.execute(
            "INSERT INTO application (applicant, answers) "
            "VALUES ('Siti Contoh', '\\x00ff'), (E'tab\\tand\\nline', NULL)"
        )
    (var / "files" / "2026").mkdir(parents=True)
    (var / "files" / "2026" / "ijazah é.pdf").write_bytes(os.urandom(200_000))
    (var / "keys").mkdir()
    (var / "keys" / "data.key").write_text("0" * 64)


def _content(url: str, var: Path) -> tuple[list[tuple[object, ...]], dict[str, bytes]]:
    with psycopg.connect(url) as connection:
        rows = connection.execute("SELECT number, applicant, answers FROM application ORDER BY 1").fetchall()
    files = {
        str(p.relative_to(var)): p.read_bytes()
        for f in ("files", "keys")
        for p in (var / f).rglob("*")
        if p.is_file()
    }
    return rows, files


@pytest.mark.parametrize("passphrase", [None, "kata sandi yang panjang"])
def test_round_trip_with_uploads_and_keys(
    empty_databases: tuple[str, str], tmp_path: Path, passphrase: str | None
) -> None:
    source, target = empty_databases
    before, after = tmp_path / "before", tmp_path / "after"
    for folder in (before, after):
        folder.mkdir()
    _fill(source, before)
    file = tmp_path / "site.backup"
    write_backup(file, source, before, NOW, passphrase)
    assert file.stat().st_mode & 0o777 == 0o600

    manifest = restore_backup(file, target, after, replace=False, passphrase=passphrase)

    assert _content(target, after) == _content(source, before)
    assert manifest["written_at"] == "2026-07-01T09:00:00+00:00"
    with psycopg.connect(target) as connection:  # the sequence came along: the next number is new
        row = connection.execute(
            "INSERT INTO application (applicant) VALUES ('x') RETURNING number"
        ).fetchone()
    assert row == (3,)
    second = tmp_path / "second.backup"  # a restored site can be backed up and restored again
    write_backup(second, target, after, NOW, passphrase)
    restore_backup(second, source, before, replace=True, passphrase=passphrase)
    assert len(_content(source, before)[0]) == 3
    assert {p.name for p in after.iterdir()} == {"files", "keys"}


def test_a_used_site_is_replaced_only_when_told(empty_databases: tuple[str, str], tmp_path: Path) -> None:
    source, target = empty_databases
    before, after = tmp_path / "before", tmp_path / "after"
    for folder in (before, after):
        folder.mkdir()
    _fill(source, before)
    _fill(target, after)
    with psycopg.connect(target) as connection:
        connection.execute("CREATE TABLE only_here (x int)")
    file = tmp_path / "site.backup"
    write_backup(file, source, before, NOW)
    with pytest.raises(BackupFault, match=r"not empty.*--replace"):
        restore_backup(file, target, after, replace=False)
    restore_backup(file, target, after, replace=True)
    assert _content(target, after) == _content(source, before)
    with psycopg.connect(target) as connection:
        assert connection.execute("SELECT to_regclass('only_here')").fetchone() == (None,)


def test_a_changed_byte_is_noticed_before_anything_is_touched(
    empty_databases: tuple[str, str], tmp_path: Path
) -> None:
    source, target = empty_databases
    before, after = tmp_path / "before", tmp_path / "after"
    for folder in (before, after):
        folder.mkdir()
    _fill(source, before)
    _fill(target, after)
    file = tmp_path / "site.backup"
    write_backup(file, source, before, NOW)
    content = bytearray(file.read_bytes())
    place = content.index((before / "files" / "2026" / "ijazah é.pdf").read_bytes()[:64]) + 30
    content[place] ^= 1
    file.write_bytes(content)
    held = _content(target, after)
    with pytest.raises(BackupFault, match=r"ijazah é\.pdf differ from the manifest"):
        restore_backup(file, target, after, replace=True)
    assert _content(target, after) == held


def test_a_dump_the_database_refuses_leaves_the_old_site(
    empty_databases: tuple[str, str], tmp_path: Path
) -> None:
    source, target = empty_databases
    before, after = tmp_path / "before", tmp_path / "after"
    for folder in (before, after):
        folder.mkdir()
    _fill(source, before)
    _fill(target, after)
    with psycopg.connect(source) as connection:  # calls something that the new place does not have
        connection.execute("CREATE SCHEMA outside CREATE TABLE t (x int)")
    with psycopg.connect(target) as connection:
        connection.execute("CREATE SCHEMA outside")
    file = tmp_path / "site.backup"
    write_backup(file, source, before, NOW)
    held = _content(target, after)
    with pytest.raises(BackupFault, match=r'as it was: .*"outside" already exists'):
        restore_backup(file, target, after, replace=True)
    assert _content(target, after) == held


def test_a_dump_that_breaks_off_leaves_the_old_site(empty_databases: tuple[str, str], tmp_path: Path) -> None:
    """Half a dump is many whole statements, which must not be committed."""
    source, target = empty_databases
    for folder in (tmp_path / "a", tmp_path / "b"):
        folder.mkdir()
    _fill(source, tmp_path / "a")
    _fill(target, tmp_path / "b")
    with psycopg.connect(source) as connection:
        connection.execute("CREATE TABLE much AS SELECT gen_random_uuid() FROM generate_series(1, 50000)")
    dump(source, tmp_path / "whole")
    (tmp_path / "half").write_bytes((tmp_path / "whole").read_bytes()[:-300_000])
    with pytest.raises(BackupFault, match="as it was"):
        load_dump(target, tmp_path / "half")
    assert len(_content(target, tmp_path / "b")[0]) == 2


@pytest.mark.parametrize("size", [0, 1000, 5000])
def test_a_cut_off_file_is_refused(empty_databases: tuple[str, str], tmp_path: Path, size: int) -> None:
    source, _ = empty_databases
    _fill(source, tmp_path)
    file = tmp_path / "site.backup"
    write_backup(file, source, tmp_path, NOW)
    file.write_bytes(file.read_bytes()[:size])
    with pytest.raises(BackupFault, match="another copy"):
        read_backup(file, tmp_path / "into")


def test_an_archive_that_points_outside_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "evil.backup"
    with tarfile.open(file, "w") as archive:
        header = tarfile.TarInfo("files/../../outside")
        archive.addfile(header, io.BytesIO())
    with pytest.raises(BackupFault, match="no plain file"):
        read_backup(file, tmp_path / "into")
    assert not (tmp_path.parent / "outside").exists()


def test_a_backup_is_never_overwritten(empty_databases: tuple[str, str], tmp_path: Path) -> None:
    file = tmp_path / "site.backup"
    file.write_text("yesterday's")
    with pytest.raises(BackupFault, match="exists already"):
        write_backup(file, empty_databases[0], tmp_path, NOW)
    assert file.read_text() == "yesterday's"


def test_a_dump_of_the_embedded_server_restores_into_postgresql_15(
    empty_databases: tuple[str, str], postgres15_url: str, tmp_path: Path
) -> None:
    source, _ = empty_databases
    before, after = tmp_path / "before", tmp_path / "after"
    for folder in (before, after):
        folder.mkdir()
    _fill(source, before)
    file = tmp_path / "site.backup"
    write_backup(file, source, before, NOW)
    restore_backup(file, postgres15_url, after, replace=True)
    assert _content(postgres15_url, after) == _content(source, before)


def _sealed(plain: bytes) -> bytes:
    stream = io.BytesIO()
    writer = SealedWriter(stream, "rahasia")
    writer.write(plain)
    writer.close()
    return stream.getvalue()


@pytest.mark.parametrize("size", [0, 1, FRAME - 1, FRAME, FRAME + 1, 3 * FRAME])
def test_what_was_sealed_opens_with_the_passphrase_alone(size: int) -> None:
    plain = os.urandom(size)
    sealed = _sealed(plain)
    assert io.BufferedReader(SealedReader(io.BytesIO(sealed), "rahasia")).read() == plain
    with pytest.raises(SealFault, match="passphrase is wrong"):
        io.BufferedReader(SealedReader(io.BytesIO(sealed), "Rahasia")).read()


def test_a_sealed_stream_cut_at_a_frame_or_reordered_is_refused() -> None:
    sealed = _sealed(bytes(3 * FRAME))
    head, frame = len(sealed) - 3 * (FRAME + 16), FRAME + 16
    cut = sealed[: head + 2 * frame]
    swapped = (
        sealed[:head]
        + sealed[head + frame : head + 2 * frame]
        + sealed[head : head + frame]
        + sealed[head + 2 * frame :]
    )
    for changed in (cut, swapped):
        with pytest.raises(SealFault):
            io.BufferedReader(SealedReader(io.BytesIO(changed), "rahasia")).read()
