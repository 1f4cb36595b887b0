"""Who signs here: the stand-in of the national signer, and the regency's own electronic seal.

Their keys lie in var/keys/authority, made at first use. A real national signer is another class behind the same port.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import fields
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from pendapa.signatures import (
    Authority,
    Credential,
    FakeNationalSigner,
    SealSigner,
    Signer,
    create_authority,
    issue_certificate,
    issue_seal,
)
from pendapa.web.accounts.models import User
from pendapa.web.signing.models import SigningCertificate


def _folder() -> Path:
    return Path(settings.KEYS.folder) / "authority"


def establish(now: datetime) -> None:
    """Make authority and seal, valid from `now`, where there are none yet. The first process to arrive wins."""
    folder = _folder()
    path = folder / "authority.json"
    if not path.exists():
        made = create_authority(now)
        _keep(path, {f.name: getattr(made, f.name).decode() for f in fields(Authority)})
    seal = folder / "seal.json"
    if not seal.exists():
        key, chain = issue_seal(authority(), name="Segel elektronik kabupaten", now=now)
        _keep(seal, {"key": key.decode(), "chain": [c.decode() for c in chain]})


def _keep(path: Path, content: object) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_suffix(f".{os.getpid()}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as handle:
        json.dump(content, handle)
        handle.flush()
        os.fsync(handle.fileno())
    try:
        os.link(fresh, path)
    except FileExistsError:
        pass
    finally:
        fresh.unlink()


@cache
def _read(path: Path) -> dict[str, Any]:
    if not path.exists():
        establish(timezone.now())
    stored: dict[str, Any] = json.loads(path.read_text())
    return stored


def authority() -> Authority:
    """The site's own certificate authority."""
    stored = _read(_folder() / "authority.json")
    return Authority(**{f.name: stored[f.name].encode() for f in fields(Authority)})


def trust_roots() -> tuple[bytes, ...]:
    """Root certificates that a signature verified here must lead to."""
    return (authority().root_certificate,)


class _Store(Mapping[str, Credential]):
    """Credentials by NIK, read from the database at each signing."""

    def __getitem__(self, nik: str) -> Credential:
        from pendapa.web.sealed import blind_index

        user = User.objects.filter(nik_index=blind_index(nik, "nik")).first()
        row = user.certificates.first() if user else None
        if row is None:
            raise KeyError(nik)
        return Credential(
            name=row.name,
            certificate=row.certificate.encode(),
            encrypted_key=row.encrypted_key.encode(),
            chain=tuple(c.encode() for c in row.chain),
            serial=row.serial,
            not_before=row.not_before,
            not_after=row.not_after,
            revoked_at=row.revoked_at,
        )

    def __iter__(self) -> Iterator[str]:
        return (u.nik for u in User.objects.exclude(nik_index=None) if u.nik)

    def __len__(self) -> int:
        return SigningCertificate.objects.count()


def national_signer() -> Signer:
    """The signer of officials: identity is the NIK, with the passphrase."""
    return FakeNationalSigner(_Store(), time_stamp=authority().time_stamp)


def seal_signer() -> Signer:
    """The regency's own electronic seal."""
    stored = _read(_folder() / "seal.json")
    chain = tuple(c.encode() for c in stored["chain"])
    return SealSigner(stored["key"].encode(), chain, time_stamp=authority().time_stamp)


def seal_certificate() -> bytes:
    """The seal's own certificate, PEM."""
    return str(_read(_folder() / "seal.json")["chain"][0]).encode()


def enrol(user: User, passphrase: str, now: datetime) -> SigningCertificate:
    """Issue a two-year certificate to an official who has a NIK. Raises ValueError without one."""
    if not user.nik:
        raise ValueError(f"{user.username} has no NIK; a signing certificate is issued to a NIK")
    made = issue_certificate(authority(), name=user.name, nik=user.nik, passphrase=passphrase, now=now)
    return SigningCertificate.objects.create(
        user=user,
        name=made.name,
        serial=made.serial,
        certificate=made.certificate.decode(),
        encrypted_key=made.encrypted_key.decode(),
        chain=[c.decode() for c in made.chain],
        not_before=made.not_before,
        not_after=made.not_after,
    )
