"""The port every signer stands behind: the national signer, the regency's own seal, others by adapter."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

Refusal = Literal[
    "unknown_identity",
    "wrong_passphrase",
    "certificate_not_yet_valid",
    "certificate_expired",
    "certificate_revoked",
    "document_unreadable",
    "document_too_large",
    "field_taken",
]

_SENTENCES: dict[str, dict[str, str]] = {
    "unknown_identity": {
        "id": "Penanda tangan belum terdaftar di layanan tanda tangan; minta administrator mendaftarkannya.",
        "en": "The signer is not registered with the signing service; ask the administrator to do so.",
    },
    "wrong_passphrase": {
        "id": "Frasa sandi tanda tangan salah; periksa lalu masukkan kembali.",
        "en": "The signing passphrase is wrong; check it and enter it again.",
    },
    "certificate_not_yet_valid": {
        "id": "Sertifikat penanda tangan belum berlaku pada waktu ini; periksa tanggal mulai berlakunya.",
        "en": "The signer's certificate is not valid yet at this time; check the date it starts.",
    },
    "certificate_expired": {
        "id": "Sertifikat penanda tangan sudah kedaluwarsa; perpanjang, lalu tanda tangani kembali.",
        "en": "The signer's certificate has expired; renew it, then sign again.",
    },
    "certificate_revoked": {
        "id": "Sertifikat penanda tangan sudah dicabut; mintalah sertifikat baru.",
        "en": "The signer's certificate has been revoked; ask for a new one.",
    },
    "document_unreadable": {
        "id": "Berkas ini bukan PDF yang dapat ditandatangani; buat ulang dokumennya.",
        "en": "This file is not a PDF that can be signed; make the document again.",
    },
    "document_too_large": {
        "id": "Berkas terlalu besar untuk ditandatangani; kecilkan lampirannya.",
        "en": "The file is too large to sign; make its attachments smaller.",
    },
    "field_taken": {
        "id": "Kolom tanda tangan itu sudah terisi; pakai nama kolom lain.",
        "en": "That signature field is already signed; use another field name.",
    },
    "unavailable": {
        "id": "Layanan tanda tangan sedang tidak dapat dihubungi; coba lagi beberapa saat lagi.",
        "en": "The signing service cannot be reached now; try again in a moment.",
    },
}


class SignerRefused(Exception):
    """The signer says no, and asking again with the same request will not help.

    `kind` is stable and safe to store; `sentence(language)` is for the person who signs ("id" or "en").
    Neither holds the passphrase or the identity number.
    """

    def __init__(self, kind: Refusal) -> None:
        super().__init__(_SENTENCES[kind]["en"])
        self.kind: Refusal = kind

    def sentence(self, language: str = "id") -> str:
        sentences = _SENTENCES[self.kind]
        return sentences.get(language, sentences["id"])

    def __reduce__(self) -> tuple[type["SignerRefused"], tuple[Refusal]]:
        return type(self), (self.kind,)


class SignerUnavailable(Exception):
    """The service did not answer. The same request may be tried again: nothing was signed."""

    retryable = True

    def __init__(self) -> None:
        super().__init__(_SENTENCES["unavailable"]["en"])

    def sentence(self, language: str = "id") -> str:
        sentences = _SENTENCES["unavailable"]
        return sentences.get(language, sentences["id"])


@dataclass(frozen=True, slots=True)
class SignRequest:
    """One act of signing.

    identity: NIK of the official (national signer) or alias of the seal's key
    passphrase: of the official; empty for a seal; never shown in repr
    signed_at: aware instant, written into the signature as the claimed signing time
    reason, location: shown by PDF readers; they are public, so no personal data
    field_name: name of the (invisible) signature field; each signature of a file needs its own
    name: how the signer is named in the signature dictionary; empty means as the certificate says
    """

    identity: str
    signed_at: datetime
    passphrase: str = field(default="", repr=False)
    reason: str = ""
    location: str = ""
    field_name: str = "Signature1"
    name: str = ""

    def __post_init__(self) -> None:
        if self.signed_at.utcoffset() is None:
            raise ValueError(f"signed_at {self.signed_at!r} has no time zone; pass an aware instant")
        if not self.field_name or not self.field_name.isascii() or "." in self.field_name:
            raise ValueError(
                f"field_name {self.field_name!r} must be ASCII without dots, such as 'Signature1'"
            )


class Signer(Protocol):
    """Puts a PAdES signature on a PDF by an incremental update.

    Raises SignerRefused (final) or SignerUnavailable (try again); otherwise returns the whole signed file.
    """

    def sign(self, pdf: bytes, request: SignRequest) -> bytes: ...
