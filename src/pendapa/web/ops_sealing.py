"""A stream sealed with a passphrase, for backups: scrypt for the key, AES-256-GCM for frames of 64 KiB.

Each frame's nonce holds its number and whether it is the last (STREAM, of Hoang, Reyhanitabar, Rogaway and
Vizar, 2015), so a frame that is changed, moved or missing, also at the end, is noticed.
"""

from __future__ import annotations

import io
import os
import struct
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

MAGIC = b"PENDAPA-SEALED-1\n"
FRAME = 64 * 1024  # bytes of plain text a frame
TAG = 16
SALT = 16


class SealFault(Exception):
    """A sealed stream cannot be opened; the message is a sentence."""


def _cipher(passphrase: str, salt: bytes) -> AESGCM:
    # RFC 7914 parameters that take about 64 MiB and a quarter of a second.
    return AESGCM(Scrypt(salt=salt, length=32, n=2**16, r=8, p=1).derive(passphrase.encode()))


def _nonce(number: int, last: bool) -> bytes:
    return struct.pack(">xxxQB", number, last)


class SealedWriter(io.RawIOBase):
    """Seals what is written to it into another stream; `close` seals the last frame."""

    def __init__(self, stream: BinaryIO, passphrase: str) -> None:
        salt = os.urandom(SALT)
        stream.write(MAGIC + salt)
        self._stream, self._cipher = stream, _cipher(passphrase, salt)
        self._waiting, self._number = bytearray(), 0

    def writable(self) -> bool:
        """Return True."""
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        """Seal the full frames of what was written so far."""
        self._waiting += data
        while len(self._waiting) > FRAME:  # the last frame stays back: only `close` knows that it is the last
            self._seal(bytes(self._waiting[:FRAME]), last=False)
            del self._waiting[:FRAME]
        return len(data)

    def _seal(self, plain: bytes, *, last: bool) -> None:
        self._stream.write(self._cipher.encrypt(_nonce(self._number, last), plain, MAGIC))
        self._number += 1

    def close(self) -> None:
        """Seal the last frame."""
        if not self.closed:
            self._seal(bytes(self._waiting), last=True)
        super().close()


class SealedReader(io.RawIOBase):
    """Reads what SealedWriter sealed. Raises SealFault at a wrong passphrase or a changed file."""

    def __init__(self, stream: BinaryIO, passphrase: str) -> None:
        if stream.read(len(MAGIC)) != MAGIC:
            raise SealFault("This file is not sealed with a passphrase.")
        self._stream, self._cipher = stream, _cipher(passphrase, stream.read(SALT))
        self._frame = stream.read(FRAME + TAG)
        self._plain, self._number, self._ended = b"", 0, False

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, target: bytearray) -> int:  # type: ignore[override]
        """Open the next frame when the one before is used up."""
        if not self._plain and not self._ended:
            following = self._stream.read(FRAME + TAG)
            self._ended = not following
            try:
                self._plain = self._cipher.decrypt(_nonce(self._number, self._ended), self._frame, MAGIC)
            except InvalidTag as error:
                raise SealFault(
                    "The passphrase is wrong."
                    if self._number == 0
                    else "The file was changed or cut off after it was written; take another copy."
                ) from error
            self._frame, self._number = following, self._number + 1
        count = min(len(target), len(self._plain))
        target[:count] = self._plain[:count]
        self._plain = self._plain[count:]
        return count


def is_sealed(stream: BinaryIO) -> bool:
    """Whether a stream at its start is a sealed one; leaves it at its start."""
    start = stream.read(len(MAGIC))
    stream.seek(0)
    return start == MAGIC
