"""Encryption at rest for personal data, and the keyed blind index that lets it be searched.

AES-256-GCM with a random 96-bit nonce; the stored value is version byte, nonce, ciphertext with tag. The context
(table and column) is authenticated, so that a value moved to another column does not decrypt.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import re
from functools import cache
from typing import TYPE_CHECKING, Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import models

_VERSION = b"\x01"


class CannotUnseal(Exception):
    """The value was not written with this site's key, or was changed."""


@cache
def _cipher(key: bytes) -> AESGCM:
    return AESGCM(key)


def seal(plain: bytes, context: str) -> bytes:
    """Encrypt `plain`; the same text seals differently each time."""
    nonce = os.urandom(12)
    return _VERSION + nonce + _cipher(settings.KEYS.data).encrypt(nonce, plain, context.encode())


def unseal(sealed: bytes, context: str) -> bytes:
    """Decrypt what `seal` made with the same context. Raises CannotUnseal."""
    if sealed[:1] != _VERSION:
        raise CannotUnseal(f"{context}: unknown version of encryption {sealed[:1]!r}")
    try:
        return _cipher(settings.KEYS.data).decrypt(sealed[1:13], sealed[13:], context.encode())
    except InvalidTag as error:
        raise CannotUnseal(f"{context}: not written with this site's data.key, or changed since") from error


def blind_index(value: str, purpose: str) -> bytes:
    """A keyed 16-byte fingerprint: equal values match, the value cannot be read back without the key."""
    message = purpose.encode() + b"\0" + "".join(value.split()).encode()
    return hmac.new(settings.KEYS.index, message, hashlib.sha256).digest()[:16]


if TYPE_CHECKING:
    _Binary = models.BinaryField[Any, Any]
else:
    _Binary = models.BinaryField


class SealedField(_Binary):
    """A binary column that holds encrypted text (or JSON, with `json=True`) and gives it back in the clear."""

    def __init__(self, *args: Any, as_json: bool = False, **kwargs: Any) -> None:
        self.as_json = as_json
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        if self.as_json:
            kwargs["as_json"] = True
        return name, path, args, kwargs

    @property
    def context(self) -> str:
        return f"{self.model._meta.db_table}.{self.column}"

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if value is None:
            return None
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":")) if self.as_json else str(value)
        return super().get_db_prep_value(seal(text.encode(), self.context), connection, prepared)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        if value is None:
            return None
        text = unseal(bytes(value), self.context).decode()
        return json.loads(text) if self.as_json else text

    def to_python(self, value: Any) -> Any:
        return value

    def value_to_string(self, obj: Any) -> str:
        return json.dumps(self.value_from_object(obj), ensure_ascii=False)


def mask_name(name: str) -> str:
    """'Bunga Contoh' -> 'B. C***h': enough for an officer to tell rows apart, not enough to know the person."""
    words = name.split()
    if not words:
        return "-"
    last = words[-1]
    hidden = f"{last[0]}***{last[-1]}" if len(last) > 2 else f"{last[0]}***"
    return f"{words[0][0]}. {hidden}" if len(words) > 1 else hidden


def mask_number(number: str) -> str:
    """'9999010101900001' -> '9999********0001'."""
    return number[:4] + "*" * max(len(number) - 8, 0) + number[-4:] if len(number) > 8 else "*" * len(number)


def mask_email(email: str) -> str:
    """'bunga@contoh.invalid' -> 'b***@contoh.invalid'."""
    name, at, host = email.partition("@")
    return f"{name[:1]}***{at}{host}"


def mask_emails_in(text: str) -> str:
    """A text, such as a mail server's refusal, with every e-mail address in it masked."""
    return re.sub(r"[^\s<>()\[\],;:'\"]+@[^\s<>()\[\],;:'\"]+", lambda found: mask_email(found.group()), text)
