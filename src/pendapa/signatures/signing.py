"""Signers that hold their keys here: the stand-in of the national signer, and the regency's electronic seal.

Both write PAdES signatures (ETSI EN 319 142-1): level B-B, or B-T when given a time-stamp key. The signing
time is the /M entry of the signature dictionary, which the signature covers; that standard forbids the CMS
attribute.
"""

import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from asn1crypto import keys, pem
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.sign.fields import SigSeedSubFilter, enumerate_sig_fields
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.signers.pdf_signer import PdfSigningSession
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

from pendapa.signatures.authority import Credential, TimeStampKey, key_password
from pendapa.signatures.loops import outside_loop
from pendapa.signatures.port import SignerRefused, SignerUnavailable, SignRequest

MAX_BYTES = 50 * 1024 * 1024


class FakeNationalSigner:
    """Stands in for the national signer in demonstrations and tests: an official's NIK and passphrase sign.

    store: credentials by NIK, read at each signing (a revocation takes effect at once).
    time_stamp: adds a time stamp of our own authority (PAdES B-T).
    available: False makes every request fail as a service that does not answer.
    """

    def __init__(
        self,
        store: Mapping[str, Credential],
        *,
        time_stamp: TimeStampKey | None = None,
        available: bool = True,
    ) -> None:
        self._store = store
        self._time_stamp = time_stamp
        self.available = available

    def sign(self, pdf: bytes, request: SignRequest) -> bytes:
        if not self.available:
            raise SignerUnavailable
        credential = self._store.get(request.identity)
        if credential is None:
            raise SignerRefused("unknown_identity")
        if credential.revoked_at is not None and credential.revoked_at <= request.signed_at:
            raise SignerRefused("certificate_revoked")
        _check_validity(credential.certificate, request.signed_at)
        try:
            key = serialization.load_pem_private_key(
                credential.encrypted_key, password=key_password(request.passphrase, credential.certificate)
            )
        except ValueError:
            raise SignerRefused("wrong_passphrase") from None
        return _sign(pdf, request, key, (credential.certificate, *credential.chain), self._time_stamp)


class SealSigner:
    """The electronic seal of the regency or an agency: signs without a person, by a key the service holds.

    key_pem: PKCS #8 private key; cert_chain: PEM certificates, the seal's own first, without the root.
    """

    def __init__(
        self,
        key_pem: bytes,
        cert_chain: Sequence[bytes],
        *,
        key_passphrase: bytes | None = None,
        time_stamp: TimeStampKey | None = None,
    ) -> None:
        if not cert_chain:
            raise ValueError("cert_chain is empty; give the seal's own certificate first")
        self._key = serialization.load_pem_private_key(key_pem, password=key_passphrase)
        own = x509.load_pem_x509_certificate(cert_chain[0])
        if own.public_key() != self._key.public_key():
            raise ValueError(
                "the first certificate of cert_chain does not belong to the key; put the seal's first"
            )
        self._chain = tuple(cert_chain)
        self._time_stamp = time_stamp

    def sign(self, pdf: bytes, request: SignRequest) -> bytes:
        _check_validity(self._chain[0], request.signed_at)
        return _sign(pdf, request, self._key, self._chain, self._time_stamp)


class _PdfSignerAt(PdfSigner):
    """A PdfSigner that takes the time it is given instead of reading the clock."""

    def __init__(
        self, metadata: PdfSignatureMetadata, signer: SimpleSigner, at: datetime, **kwargs: object
    ) -> None:
        super().__init__(metadata, signer, **kwargs)  # type: ignore[arg-type]
        self._at = at

    def init_signing_session(
        self, pdf_out: BasePdfFileWriter, existing_fields_only: bool = False
    ) -> PdfSigningSession:
        session = super().init_signing_session(pdf_out, existing_fields_only=existing_fields_only)
        session.system_time = self._at
        return session


def _check_validity(certificate: bytes, at: datetime) -> None:
    parsed = x509.load_pem_x509_certificate(certificate)
    if at < parsed.not_valid_before_utc:
        raise SignerRefused("certificate_not_yet_valid")
    if at > parsed.not_valid_after_utc:
        raise SignerRefused("certificate_expired")


def _sign(
    pdf: bytes,
    request: SignRequest,
    key: object,
    chain: Sequence[bytes],
    time_stamp: TimeStampKey | None,
) -> bytes:
    if len(pdf) > MAX_BYTES:
        raise SignerRefused("document_too_large")
    certificates = [_asn1_certificate(text) for text in chain]
    signer = SimpleSigner(
        signing_cert=certificates[0],
        signing_key=_asn1_key(key),
        cert_registry=_store(certificates[1:]),
        # Who verifies brings the root; one found inside the file proves nothing.
        embed_roots=False,
    )
    metadata = PdfSignatureMetadata(
        field_name=request.field_name,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        reason=request.reason or None,
        location=request.location or None,
        name=request.name or None,
    )
    try:
        # strict=False would accept broken files whose repaired reading differs from what a reader shows.
        writer = IncrementalPdfFileWriter(io.BytesIO(pdf), strict=True)
        taken = {field for field, value, _ in _signature_fields(writer) if value is not None}
    except Exception as fault:  # pyHanko raises many types on a broken file, not all of its own
        raise SignerRefused("document_unreadable") from fault
    if request.field_name in taken:
        raise SignerRefused("field_taken")
    stamper = _stamper(time_stamp, request.signed_at) if time_stamp else None
    output = io.BytesIO()
    pdf_signer = _PdfSignerAt(metadata, signer, request.signed_at, timestamper=stamper)
    outside_loop(pdf_signer.sign_pdf, writer, output=output)
    return output.getvalue()


def _signature_fields(writer: IncrementalPdfFileWriter) -> Sequence[tuple[str, object, object]]:
    return list(enumerate_sig_fields(writer))


def _stamper(key: TimeStampKey, at: datetime) -> DummyTimeStamper:
    # Named for tests, yet it writes a full RFC 3161 token, at the time it is given.
    _, _, der = pem.unarmor(key.key)
    return DummyTimeStamper(
        tsa_cert=_asn1_certificate(key.certificate),
        tsa_key=keys.PrivateKeyInfo.load(der),
        certs_to_embed=_store([_asn1_certificate(text) for text in key.chain]),
        fixed_dt=at,
    )


def _store(certificates: Iterable[asn1_x509.Certificate]) -> SimpleCertificateStore:
    store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    store.register_multiple(certificates)
    return store


def _asn1_certificate(text: bytes) -> asn1_x509.Certificate:
    _, _, der = pem.unarmor(text)
    return asn1_x509.Certificate.load(der)


def _asn1_key(key: object) -> keys.PrivateKeyInfo:
    der = key.private_bytes(  # type: ignore[attr-defined]
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return keys.PrivateKeyInfo.load(der)
