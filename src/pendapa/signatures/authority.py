"""A small certificate authority of our own, for the stand-in of the national signer and the regency's seal.

Root (20 years) -> intermediate (10 years) -> signers (2 years), with a time-stamp key beside them (10 years).
Signers hold P-256 keys; the time-stamp key is RSA 2048. It proves nothing to the outside world: readers
trust it only where this root is installed. The NIK is never written into a certificate, for a signed
letter is public.
"""

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_YEAR = timedelta(days=365)
# A clock a little behind ours must not find a fresh certificate "not yet valid".
_BACKDATED = timedelta(minutes=5)
_DOCUMENT_SIGNING = x509.ObjectIdentifier("1.3.6.1.5.5.7.3.36")  # RFC 9336, id-kp-documentSigning
# scrypt's cost for one guess at a passphrase: 16 MB and some 40 ms (RFC 7914; N, r, p).
_SCRYPT_COST = {"n": 2**14, "r": 8, "p": 1}

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


@dataclass(frozen=True, slots=True)
class TimeStampKey:
    """Certificate, unencrypted key and issuing chain (all PEM) of a local time-stamp authority."""

    certificate: bytes
    key: bytes = field(repr=False)
    chain: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class Authority:
    """The authority's whole material, PEM. Keys are unencrypted: keep them where only the service reads."""

    root_certificate: bytes
    root_key: bytes = field(repr=False)
    intermediate_certificate: bytes = b""
    intermediate_key: bytes = field(repr=False, default=b"")
    time_stamp_certificate: bytes = b""
    time_stamp_key: bytes = field(repr=False, default=b"")

    @property
    def time_stamp(self) -> TimeStampKey:
        return TimeStampKey(
            self.time_stamp_certificate, self.time_stamp_key, chain=(self.intermediate_certificate,)
        )


@dataclass(frozen=True, slots=True)
class Credential:
    """A signer's certificate with its key encrypted under the signer's passphrase, and what is known of it.

    serial is the certificate's serial number in lower-case hexadecimal; not_before and not_after are UTC.
    """

    name: str
    certificate: bytes
    encrypted_key: bytes = field(repr=False)
    chain: tuple[bytes, ...]
    serial: str
    not_before: datetime
    not_after: datetime
    revoked_at: datetime | None = None


def create_authority(
    now: datetime, *, name: str = "Pendapa Test Authority", country: str = "ID"
) -> Authority:
    """Make a new root, intermediate and time-stamp key, valid from `now` (aware). Takes about 0.1 s."""
    root_key = ec.generate_private_key(ec.SECP256R1())
    root_subject = _subject(f"{name} Root", country, organisation=name)
    root = _certificate(
        root_subject, root_key, root_subject, root_key, now, 20 * _YEAR, authority=True, path_length=1
    )
    intermediate_key = ec.generate_private_key(ec.SECP256R1())
    intermediate = _certificate(
        _subject(f"{name} Issuing", country, organisation=name),
        intermediate_key,
        root.subject,
        root_key,
        now,
        10 * _YEAR,
        authority=True,
        path_length=0,
    )
    time_key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    time_certificate = _certificate(
        _subject(f"{name} Time Stamp", country, organisation=name),
        time_key,
        intermediate.subject,
        intermediate_key,
        now,
        10 * _YEAR,
        usage=ExtendedKeyUsageOID.TIME_STAMPING,
    )
    return Authority(
        root_certificate=_pem(root),
        root_key=_key_pem(root_key),
        intermediate_certificate=_pem(intermediate),
        intermediate_key=_key_pem(intermediate_key),
        time_stamp_certificate=_pem(time_certificate),
        time_stamp_key=_key_pem(time_key),
    )


def issue_certificate(
    authority: Authority,
    *,
    name: str,
    nik: str,
    passphrase: str,
    now: datetime,
    years: int = 2,
    organisation: str = "",
) -> Credential:
    """Issue an official's certificate; its key leaves this function encrypted under the passphrase only.

    nik is checked (16 digits) but not written into the certificate. Raises ValueError on a bad NIK, an empty
    name, or a passphrase shorter than 8 characters.
    """
    if len(nik) != 16 or not (nik.isascii() and nik.isdigit()):
        raise ValueError("a NIK has 16 digits; give the number as it stands on the identity card")
    if len(passphrase) < 8:
        raise ValueError("a signing passphrase needs at least 8 characters")
    return _issue(authority, name, passphrase, now, years, organisation)


def issue_seal(
    authority: Authority, *, name: str, now: datetime, years: int = 2, organisation: str = ""
) -> tuple[bytes, tuple[bytes, ...]]:
    """Issue the electronic seal of an office: (unencrypted key PEM, certificate chain PEM, own one first)."""
    key, certificate = _issue_pair(authority, name, now, years, organisation)
    return _key_pem(key), (_pem(certificate), authority.intermediate_certificate)


def certificate_serial(certificate: bytes) -> str:
    """Serial number of a PEM certificate, lower-case hexadecimal."""
    return format(x509.load_pem_x509_certificate(certificate).serial_number, "x")


def _issue(
    authority: Authority, name: str, passphrase: str, now: datetime, years: int, organisation: str
) -> Credential:
    key, certificate = _issue_pair(authority, name, now, years, organisation)
    return Credential(
        name=name,
        certificate=_pem(certificate),
        encrypted_key=_key_pem(key, key_password(passphrase, _pem(certificate))),
        chain=(authority.intermediate_certificate,),
        serial=format(certificate.serial_number, "x"),
        not_before=certificate.not_valid_before_utc,
        not_after=certificate.not_valid_after_utc,
    )


def _issue_pair(
    authority: Authority, name: str, now: datetime, years: int, organisation: str
) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    if not name.strip():
        raise ValueError("a certificate needs the signer's name")
    if not 1 <= years <= 5:
        raise ValueError(f"{years} years: a signer's certificate is valid for 1 to 5 years")
    issuer = x509.load_pem_x509_certificate(authority.intermediate_certificate)
    issuer_key = serialization.load_pem_private_key(authority.intermediate_key, password=None)
    if not isinstance(issuer_key, ec.EllipticCurvePrivateKey):
        raise ValueError("the intermediate key is not an elliptic-curve key; create the authority again")
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = _certificate(
        _subject(name, "ID", organisation=organisation),
        key,
        issuer.subject,
        issuer_key,
        now,
        years * _YEAR,
        usage=_DOCUMENT_SIGNING,
    )
    return key, certificate


def _subject(name: str, country: str, *, organisation: str = "") -> x509.Name:
    # X.520 bounds a common name to 64 characters; a longer name with all its titles is cut, never refused.
    attributes = [x509.NameAttribute(NameOID.COUNTRY_NAME, country)]
    if organisation:
        attributes.append(x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation[:64]))
    attributes.append(x509.NameAttribute(NameOID.COMMON_NAME, name[:64]))
    return x509.Name(attributes)


def _certificate(
    subject: x509.Name,
    key: PrivateKey,
    issuer: x509.Name,
    issuer_key: ec.EllipticCurvePrivateKey,
    now: datetime,
    valid_for: timedelta,
    *,
    authority: bool = False,
    path_length: int | None = None,
    usage: x509.ObjectIdentifier | None = None,
) -> x509.Certificate:
    starts = now.astimezone(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(starts - _BACKDATED)
        .not_valid_after(starts + valid_for)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=path_length), critical=True)
        .add_extension(
            x509.KeyUsage(
                digital_signature=not authority,
                content_commitment=not authority,
                key_encipherment=False,
                data_encipherment=False,
                key_agreement=False,
                key_cert_sign=authority,
                crl_sign=authority,
                encipher_only=False,
                decipher_only=False,
            ),
            critical=True,
        )
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False
        )
    )
    if usage is not None:
        # RFC 3161 section 2.3: the time-stamping usage must be critical and alone.
        critical = usage == ExtendedKeyUsageOID.TIME_STAMPING
        builder = builder.add_extension(x509.ExtendedKeyUsage([usage]), critical=critical)
    return builder.sign(issuer_key, hashes.SHA256())


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _key_pem(key: PrivateKey, password: bytes | None = None) -> bytes:
    encryption: serialization.KeySerializationEncryption = serialization.NoEncryption()
    if password is not None:
        encryption = serialization.BestAvailableEncryption(password)
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption)


def key_password(passphrase: str, certificate: bytes) -> bytes:
    """The password of an encrypted key: the passphrase stretched by scrypt, salted with the serial number.

    PKCS #8 files of the cryptography library stretch by 2048 rounds of PBKDF2 only, too few for what
    a person can remember.
    """
    salt = certificate_serial(certificate).encode()
    return hashlib.scrypt(passphrase.encode(), salt=salt, dklen=32, **_SCRYPT_COST).hex().encode()
