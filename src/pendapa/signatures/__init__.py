"""Electronic signatures on PDFs (PAdES): the port every signer stands behind, two signers, verification."""

from pendapa.signatures.authority import (
    Authority,
    Credential,
    TimeStampKey,
    certificate_serial,
    create_authority,
    issue_certificate,
    issue_seal,
)
from pendapa.signatures.port import Signer, SignerRefused, SignerUnavailable, SignRequest
from pendapa.signatures.signing import FakeNationalSigner, SealSigner
from pendapa.signatures.verification import SignatureCheck, Verification, sha256_hex, verify

__all__ = [
    "Authority",
    "Credential",
    "FakeNationalSigner",
    "SealSigner",
    "SignRequest",
    "SignatureCheck",
    "Signer",
    "SignerRefused",
    "SignerUnavailable",
    "TimeStampKey",
    "Verification",
    "certificate_serial",
    "create_authority",
    "issue_certificate",
    "issue_seal",
    "sha256_hex",
    "verify",
]
