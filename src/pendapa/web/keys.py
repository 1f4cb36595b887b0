"""The site's secrets on disk: made once, readable by the owner only, part of every backup.

A lost `data.key` means that encrypted answers and attachments cannot be read again.
"""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class SiteKeys:
    """Key material of one site. `data` and `index` are 32 random bytes each."""

    django_secret: str
    data: bytes
    index: bytes
    folder: Path


def _read_or_make(path: Path, size: int) -> bytes:
    try:
        return bytes.fromhex(path.read_text().strip())
    except FileNotFoundError:
        pass
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as handle:
        handle.write(secrets.token_hex(size))
        handle.flush()
        os.fsync(handle.fileno())
    try:
        os.link(fresh, path)  # the first process to arrive wins; nobody overwrites a key
    except FileExistsError:
        pass
    finally:
        fresh.unlink()
    return bytes.fromhex(path.read_text().strip())


def site_keys(folder: Path) -> SiteKeys:
    """Read the keys in `folder`, making those that are missing (mode 0600)."""
    return SiteKeys(
        django_secret=_read_or_make(folder / "django.key", 32).hex(),
        data=_read_or_make(folder / "data.key", 32),
        index=_read_or_make(folder / "index.key", 32),
        folder=folder,
    )
