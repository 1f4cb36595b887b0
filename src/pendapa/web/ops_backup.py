"""One file that holds a whole site: database, uploads, keys, and a manifest with the hash of each.

The file is a tar archive, sealed when a passphrase is given. `database.dump` is in `pg_dump`'s custom format
and taken first: every upload that its snapshot names is on disk by then, as files are written before rows.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO, cast

import psycopg

from pendapa import __version__
from pendapa.web.database.programs import Programs
from pendapa.web.ops_sealing import SealedReader, SealedWriter, SealFault, is_sealed

FORMAT = 1
DUMP = "database.dump"
MANIFEST = "manifest.json"
FOLDERS = ("files", "keys")  # under PENDAPA_VAR
PIECE = 1024 * 1024


class BackupFault(Exception):
    """A backup cannot be written or restored; the message is a sentence."""


def write_backup(
    target: Path, url: str, var: Path, now: datetime, passphrase: str | None = None
) -> dict[str, int]:
    """Write the site to one file, whole or not at all; return how many files and bytes it holds.

    Raises BackupFault when the target exists or the dump fails.
    """
    if target.exists():
        raise BackupFault(f"{target} exists already: a backup is never overwritten; name a new file.")
    hashes: dict[str, str] = {}
    total = 0
    partial = target.with_name(f".{target.name}.partial")
    try:
        with ExitStack() as stack:
            work = Path(
                stack.enter_context(tempfile.TemporaryDirectory(dir=target.parent, prefix=".pendapa-"))
            )
            dump(url, work / DUMP)
            raw = stack.enter_context(
                os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")
            )
            sealed = SealedWriter(raw, passphrase) if passphrase else None
            members = [(DUMP, work / DUMP), *_site_files(var)]
            output = cast(IO[bytes], sealed or raw)
            with tarfile.open(fileobj=output, mode="w|", format=tarfile.PAX_FORMAT) as archive:
                for name, path in members:
                    hashes[name], size = _add(archive, name, path)
                    total += size
                _add_manifest(archive, _manifest(now, hashes))
            if sealed is not None:
                sealed.close()
            raw.flush()
            os.fsync(raw.fileno())
        partial.rename(target)
        _sync_folder(target.parent)
    finally:
        partial.unlink(missing_ok=True)
    return {"files": len(hashes) - 1, "bytes": total}


def read_backup(source: Path, into: Path, passphrase: str | None = None) -> dict[str, object]:
    """Unpack a backup into an empty folder and check every hash; return its manifest.

    Raises BackupFault at whatever is wrong, so that a caller touches nothing before this returned.
    """
    found: dict[str, str] = {}
    manifest: dict[str, object] | None = None
    try:
        with (
            source.open("rb") as raw,
            _opened(raw, passphrase) as stream,
            tarfile.open(fileobj=stream, mode="r|") as archive,
        ):
            for member in archive:
                name = PurePosixPath(member.name)
                if not member.isfile() or name.is_absolute() or ".." in name.parts:
                    raise BackupFault(
                        f"{source} holds {member.name!r}, which is no plain file: it is no backup of ours."
                    )
                content = archive.extractfile(member)
                assert content is not None
                if member.name == MANIFEST:
                    manifest = json.load(content)
                    continue
                path = into / name
                path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                found[member.name] = _copy(content, path)
    except SealFault as error:
        raise BackupFault(f"{source}: {error}") from error
    except (tarfile.TarError, json.JSONDecodeError, EOFError) as error:
        raise BackupFault(f"{source} is damaged or no backup ({error}); take another copy.") from error
    if manifest is None or manifest.get("format") != FORMAT:
        raise BackupFault(
            f"{source} is cut off or of another format; take another copy, or the release that wrote it."
        )
    if manifest["sha256"] != found:
        expected = cast(dict[str, str], manifest["sha256"])
        wrong = sorted(n for n in expected.keys() | found.keys() if expected.get(n) != found.get(n))
        raise BackupFault(
            f"{source} is damaged: {', '.join(wrong[:5])} differ from the manifest; take another copy."
        )
    return manifest


def restore_backup(
    source: Path, url: str, var: Path, *, replace: bool, passphrase: str | None = None
) -> dict[str, object]:
    """Bring a backup back: all is checked first, the database changes in one transaction, then the folders.

    Without `replace` the database and `files` must be empty. Raises BackupFault.
    """
    if not replace:
        refuse_used_site(url, var)
    with tempfile.TemporaryDirectory(dir=var, prefix=".restore-") as folder:
        work = Path(folder)
        manifest = read_backup(source, work, passphrase)
        load_dump(url, work / DUMP)
        for name in FOLDERS:
            _put_in_place(work / name, var / name, work / f"{name}.before")
    _sync_folder(var)
    return manifest


def refuse_used_site(url: str, var: Path) -> None:
    """Refuse to restore over a site that holds something."""
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
    files = var / "files"
    if (row and row[0]) or (files.is_dir() and any(files.iterdir())):
        raise BackupFault(
            "This site is not empty: restore into a new PENDAPA_VAR or database, or say --replace to lose "
            "what is here."
        )


def dump(url: str, target: Path) -> None:
    """Dump the database of `url` to a file of `pg_dump`'s custom format."""
    program = find_program("pg_dump", url)
    done = subprocess.run(
        [program, "--format=custom", "--no-owner", "--no-privileges", f"--file={target}", f"--dbname={url}"],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise BackupFault(f"pg_dump failed: {done.stderr.strip()}")


def load_dump(url: str, source: Path) -> None:
    """Replace everything in the database by a dump, in one transaction: a failure leaves all as it was."""
    listing = subprocess.Popen(
        [find_program("pg_restore", url), "--no-owner", "--no-privileges", "--file=-", str(source)],
        stdout=subprocess.PIPE,
    )
    with tempfile.TemporaryFile() as errors:
        load = subprocess.Popen(
            [find_program("psql", url), *("-X", "-q", "--single-transaction", "-v", "ON_ERROR_STOP=1"), url],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=errors,
        )
        whole = _pour(listing, load)
        if not whole:
            load.kill()  # at the end of its input it would commit the half it has
        refused = load.wait() != 0
        listing.wait()
        errors.seek(0)
        said = errors.read().decode(errors="replace").strip()
    if not whole:
        raise BackupFault("The dump inside the backup cannot be read; the database is as it was.")
    if refused:
        raise BackupFault(f"The database refused the backup and is as it was: {said}")


def _pour(listing: subprocess.Popen[bytes], load: subprocess.Popen[bytes]) -> bool:
    """Send the statements of one program to the other; return whether the first gave them all."""
    assert listing.stdout is not None
    assert load.stdin is not None
    try:
        load.stdin.write(b"SET client_min_messages = warning;\n")
        load.stdin.write(b"DROP SCHEMA IF EXISTS public CASCADE; CREATE SCHEMA public;\n")
        for line in _without_newer_settings(listing.stdout):
            load.stdin.write(line)
        load.stdin.flush()
    except BrokenPipeError:  # the database refused a statement and said why
        listing.kill()
        return True
    whole = listing.wait() == 0
    if whole:
        load.stdin.close()
    return whole


def _without_newer_settings(lines: IO[bytes]) -> Iterator[bytes]:
    """Leave out, before any row, the schema we made ourselves and a setting unknown to PostgreSQL 15."""
    before_rows = True
    for line in lines:
        if before_rows and line in (b"SET transaction_timeout = 0;\n", b"CREATE SCHEMA public;\n"):
            continue
        before_rows = before_rows and not line.startswith(b"COPY ")
        yield line


def find_program(name: str, url: str) -> str:
    """Find a client program that is not older than the server.

    The distribution's come first for a server elsewhere: those of the wheel cannot speak TLS.
    """
    with psycopg.connect(url) as connection:
        server = connection.info.server_version // 10000
        embedded = (connection.info.host or "").startswith("/")
    candidates = []
    for folder in Path("/usr/lib/postgresql").glob("*/bin"):
        if folder.parent.name.isdigit() and int(folder.parent.name) >= server and (folder / name).exists():
            candidates.append((int(folder.parent.name), str(folder / name)))
    own = Programs.of_wheel()
    if own.major >= server and (embedded or not candidates):
        return str(own.path(name))
    if not candidates:
        raise BackupFault(
            f"{name} for PostgreSQL {server} is not installed: install postgresql-client-{server}."
        )
    return min(candidates)[1]


def _site_files(var: Path) -> Iterator[tuple[str, Path]]:
    for folder in FOLDERS:
        for path in sorted((var / folder).rglob("*")):
            if path.is_file() and not path.is_symlink():
                yield path.relative_to(var).as_posix(), path


def _manifest(now: datetime, hashes: dict[str, str]) -> dict[str, object]:
    return {
        "format": FORMAT,
        "pendapa": __version__,
        "written_at": now.isoformat(timespec="seconds"),
        "sha256": hashes,
    }


def _add(archive: tarfile.TarFile, name: str, path: Path) -> tuple[str, int]:
    with path.open("rb") as content:
        size = os.fstat(content.fileno()).st_size
        counted = _Counted(content)
        archive.addfile(_header(name, size), cast(IO[bytes], counted))
    return counted.digest.hexdigest(), size


def _add_manifest(archive: tarfile.TarFile, manifest: dict[str, object]) -> None:
    text = json.dumps(manifest, indent=1).encode()
    archive.addfile(_header(MANIFEST, len(text)), io.BytesIO(text))


def _header(name: str, size: int) -> tarfile.TarInfo:
    header = tarfile.TarInfo(name)
    header.size, header.mode = size, 0o600
    return header


class _Counted:
    """Hashes what is read through it, so that what is hashed is what is stored."""

    def __init__(self, content: BinaryIO) -> None:
        self._content, self.digest = content, hashlib.sha256()

    def read(self, size: int) -> bytes:
        piece = self._content.read(size)
        self.digest.update(piece)
        return piece


@contextmanager
def _opened(raw: BinaryIO, passphrase: str | None) -> Iterator[IO[bytes]]:
    if not is_sealed(raw):
        yield raw
    elif passphrase is None:
        raise BackupFault("This backup is sealed: give its passphrase in PENDAPA_BACKUP_PASSPHRASE.")
    else:
        yield cast(IO[bytes], io.BufferedReader(SealedReader(raw, passphrase)))


def _copy(content: IO[bytes], path: Path) -> str:
    digest = hashlib.sha256()
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as target:
        while piece := content.read(PIECE):
            digest.update(piece)
            target.write(piece)
        target.flush()
        os.fsync(target.fileno())
    return digest.hexdigest()


def _put_in_place(fresh: Path, place: Path, aside: Path) -> None:
    if place.exists():
        place.rename(aside)
    if fresh.exists():
        fresh.rename(place)
    if aside.exists():
        shutil.rmtree(aside)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
