"""Verification of signed PDFs: what was signed, by whom, and whether anything was changed since."""

import hashlib
import io
import logging
import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from asn1crypto import pem
from asn1crypto import x509 as asn1_x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from pendapa.signatures.loops import outside_loop

# pyHanko logs a traceback, with the signer's name, for each ordinary negative answer.
for _library in ("pyhanko", "pyhanko_certvalidator"):
    logging.getLogger(_library).addHandler(logging.NullHandler())

MAX_BYTES = 20 * 1024 * 1024
_MAX_INFLATED = 100 * 1024 * 1024
_MAX_SIGNATURES = 20
_CHUNK = 64 * 1024
_STREAM = re.compile(rb"stream\r?\n")

Verdict = Literal["genuine", "changed", "untrusted", "expired", "unsigned", "unreadable"]

_SENTENCES: dict[Verdict, dict[str, str]] = {
    "genuine": {
        "id": "Dokumen asli: tanda tangan sah dan isi tidak berubah sejak ditandatangani.",
        "en": "The document is genuine: its signature is valid and nothing has changed since it was signed.",
    },
    "changed": {
        "id": "Isi dokumen berubah setelah ditandatangani; mintalah salinan asli dari penerbitnya.",
        "en": "The document was changed after it was signed; ask its issuer for the original.",
    },
    "untrusted": {
        "id": "Dokumen bertanda tangan, tetapi sertifikatnya bukan dari penerbit yang dipercaya di sini.",
        "en": "The document is signed, but not with a certificate from an authority trusted here.",
    },
    "expired": {
        "id": "Isi tidak berubah, tetapi masa berlaku sertifikat penanda tangan sudah lewat dan waktu"
        " penandatanganan tidak dapat dibuktikan.",
        "en": "Nothing has changed, but the signer's certificate is outside its validity and the time of"
        " signing cannot be proven.",
    },
    "unsigned": {
        "id": "Berkas PDF ini tidak memuat tanda tangan elektronik.",
        "en": "This PDF holds no electronic signature.",
    },
    "unreadable": {
        "id": "Berkas ini tidak dapat dibaca sebagai PDF yang utuh.",
        "en": "This file cannot be read as a whole PDF.",
    },
}


@dataclass(frozen=True, slots=True)
class SignatureCheck:
    """One signature of a file.

    intact: the signed bytes are those that were signed, later updates (if any) only added further signatures
    trusted: the certificate chain leads to a given root and was valid when signing is proven (or now)
    covers_whole_file: nothing at all stands outside this signature
    signing_time: as claimed by the signer; time_stamp: as proven by a trusted time stamp, else None
    serial: of the certificate, lower-case hexadecimal
    """

    field_name: str
    signer_name: str
    serial: str
    signing_time: datetime | None
    time_stamp: datetime | None
    intact: bool
    trusted: bool
    within_validity: bool
    covers_whole_file: bool


@dataclass(frozen=True, slots=True)
class Verification:
    """What a file's signatures say, taken together: a statement holds when it holds of every signature.

    signer_name, serial and signing_time are those of the first signature, the official's.
    """

    verdict: Verdict
    detail: str = ""
    signatures: tuple[SignatureCheck, ...] = ()

    @property
    def genuine(self) -> bool:
        return self.verdict == "genuine"

    @property
    def intact(self) -> bool:
        return self.verdict in ("genuine", "untrusted", "expired")

    @property
    def trusted(self) -> bool:
        return bool(self.signatures) and all(check.trusted for check in self.signatures)

    @property
    def covers_whole_file(self) -> bool:
        return any(check.covers_whole_file for check in self.signatures)

    @property
    def modified_after_signing(self) -> bool:
        return bool(self.signatures) and not self.covers_whole_file

    @property
    def signer_name(self) -> str:
        return self.signatures[0].signer_name if self.signatures else ""

    @property
    def serial(self) -> str:
        return self.signatures[0].serial if self.signatures else ""

    @property
    def signing_time(self) -> datetime | None:
        return self.signatures[0].signing_time if self.signatures else None

    def sentence(self, language: str = "id") -> str:
        """The verdict for the person who asked; `detail` (English) is for the log."""
        sentences = _SENTENCES[self.verdict]
        return sentences.get(language, sentences["id"])


def sha256_hex(content: bytes) -> str:
    """SHA-256 of the bytes, 64 lower-case hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def verify(pdf: bytes, trust_roots: Sequence[bytes], now: datetime) -> Verification:
    """Check every signature of a PDF against the given root certificates (PEM) at `now` (aware).

    Never raises on a bad file: the verdict says it. Nothing is fetched; revocation of a document or a
    certificate is for the caller, who keeps the register. Raises ValueError only for a naive `now`
    or a bad root.
    """
    if now.utcoffset() is None:
        raise ValueError(f"now {now!r} has no time zone; pass an aware instant")
    roots = [_certificate(text) for text in trust_roots]
    if len(pdf) > MAX_BYTES:
        return Verification(
            "unreadable", f"the file has {len(pdf)} bytes, more than the {MAX_BYTES} read here"
        )
    if not pdf.startswith(b"%PDF-"):
        return Verification("unreadable", "the file does not begin as a PDF")
    if _inflates_too_far(pdf):
        return Verification("unreadable", f"the file unpacks to more than {_MAX_INFLATED} bytes")
    try:
        embedded = list(PdfFileReader(io.BytesIO(pdf), strict=True).embedded_regular_signatures)
        if not embedded:
            # A file that speaks of a byte range had a signature that no longer reads as one.
            spoiled = b"/ByteRange" in pdf
            return Verification("changed" if spoiled else "unsigned", "no readable signature field")
        if len(embedded) > _MAX_SIGNATURES:
            return Verification(
                "unreadable", f"{len(embedded)} signatures, more than the {_MAX_SIGNATURES} read here"
            )
        # In the order they were made; only the last may cover the whole file.
        embedded.sort(key=lambda signature: signature.signed_revision)
        last = len(embedded) - 1
        checks, faults = [], []
        for position, signature in enumerate(embedded):
            check, fault = _check(pdf, signature, roots, now, last=position == last)
            checks.append(check)
            faults.append(fault)
    except Exception as fault:  # a hostile file may make the parser raise anything; the answer is the same
        verdict: Verdict = "changed" if b"/ByteRange" in pdf else "unreadable"
        return Verification(verdict, f"{type(fault).__name__}: {fault}"[:300])
    detail = "; ".join(filter(None, faults))
    signatures = tuple(checks)
    if not all(check.intact for check in signatures):
        return Verification("changed", detail, signatures)
    if all(check.trusted for check in signatures):
        return Verification("genuine", detail, signatures)
    known = all(check.trusted or not check.within_validity for check in signatures)
    return Verification("expired" if known else "untrusted", detail, signatures)


def _check(
    pdf: bytes,
    signature: EmbeddedPdfSignature,
    roots: Sequence[asn1_x509.Certificate],
    now: datetime,
    *,
    last: bool,
) -> tuple[SignatureCheck, str]:
    # Comparing revisions is slow, and needless for the last signature: that one must cover every byte.
    status = _validate(signature, roots, now, skip_diff=last)
    certificate = signature.signer_cert
    stamp = status.timestamp_validity
    stamped = (
        stamp.timestamp if stamp is not None and stamp.valid and stamp.intact and stamp.trusted else None
    )
    starts, ends = certificate.not_valid_before, certificate.not_valid_after
    proven = stamped or now
    within = starts <= proven <= ends
    trusted = status.trusted
    if not trusted and not starts <= now <= ends:
        # The chain as it stood at the proven time; without a proof, at its last day, to learn whose it is.
        trusted = _validate(signature, roots, stamped or ends, skip_diff=True).trusted
        if not trusted:
            within = True
        trusted = trusted and within
    whole = status.coverage == SignatureCoverageLevel.ENTIRE_FILE
    faults = []
    if not (status.intact and status.valid):
        faults.append("the signed bytes differ from those that were signed")
    if not _contents_are_canonical(pdf, signature):
        faults.append("the signature container was altered")
    if stamp is not None and not (stamp.valid and stamp.intact):
        faults.append("the time stamp does not fit the signature")
    if last and not whole:
        faults.append("bytes were added after the last signature")
    if not last and status.modification_level not in (ModificationLevel.NONE, ModificationLevel.LTA_UPDATES):
        allowed = (
            status.modification_level == ModificationLevel.FORM_FILLING and status.docmdp_ok is not False
        )
        if not allowed:
            faults.append("content was changed between signatures")
    intact = not faults
    if stamp is not None and not stamped:
        faults.append("its time stamp is not from a trusted authority")
    if not trusted:
        faults.append(
            f"the certificate is not trusted: {status.trust_problem_indic or 'no path to a given root'}"
        )
    claimed = signature.self_reported_timestamp
    check = SignatureCheck(
        field_name=str(signature.field_name),
        signer_name=str(certificate.subject.native.get("common_name", "")),
        serial=format(certificate.serial_number, "x"),
        signing_time=claimed,
        time_stamp=stamped,
        intact=intact,
        trusted=trusted,
        within_validity=within,
        covers_whole_file=whole,
    )
    return check, f"{signature.field_name}: {', '.join(faults)}" if faults else ""


def _validate(
    signature: EmbeddedPdfSignature, roots: Sequence[asn1_x509.Certificate], at: datetime, *, skip_diff: bool
) -> PdfSignatureStatus:
    def context() -> ValidationContext:
        return ValidationContext(
            trust_roots=list(roots), moment=at, allow_fetching=False, revocation_mode="soft-fail"
        )

    usages = KeyUsageConstraints(
        key_usage={"digital_signature", "non_repudiation"}, match_all_key_usages=False
    )
    return outside_loop(
        validate_pdf_signature,
        signature,
        context(),
        context(),
        key_usage_settings=usages,
        skip_diff=skip_diff,
    )


def _contents_are_canonical(pdf: bytes, signature: EmbeddedPdfSignature) -> bool:
    """Whether the gap that the byte range leaves holds just one container, in hexadecimal, padded with zeros.

    The gap is the one place the signature cannot cover, so nothing else may hide there.
    """
    start, length, resume, _ = (int(number) for number in signature.byte_range)
    gap = pdf[start + length : resume]
    digits = gap[1:-1]
    if gap[:1] != b"<" or gap[-1:] != b">" or digits not in (digits.lower(), digits.upper()):
        return False
    raw = bytes.fromhex(digits.decode("ascii"))
    container: Any = signature.signed_data
    end = _der_length(raw)
    return container is not None and not raw[end:].strip(b"\0")


def _der_length(raw: bytes) -> int:
    first = raw[1]
    if first < 0x80:
        return 2 + first
    count = first & 0x7F
    return 2 + count + int.from_bytes(raw[2 : 2 + count], "big")


def _inflates_too_far(pdf: bytes) -> bool:
    """Whether the compressed streams together unpack beyond the limit, also when packed repeatedly."""
    left = _MAX_INFLATED
    for found in _STREAM.finditer(pdf):
        content: bytes | memoryview = memoryview(pdf)[found.end() :]
        for _ in range(4):
            content = _inflate(content, left + 1)
            left -= len(content)
            if left < 0:
                return True
            if not content:
                break
    return False


def _inflate(packed: bytes | memoryview, limit: int) -> bytes:
    """What the packed bytes unpack to, at most `limit` bytes of it; empty when they are not deflated."""
    unpacker, pieces, size = zlib.decompressobj(), [], 0
    for start in range(0, len(packed), _CHUNK):
        try:
            piece = unpacker.decompress(packed[start : start + _CHUNK], limit - size)
        except zlib.error:
            break
        pieces.append(piece)
        size += len(piece)
        if unpacker.eof or size >= limit:
            break
    return b"".join(pieces)


def _certificate(text: bytes) -> asn1_x509.Certificate:
    _, _, der = pem.unarmor(text)
    return asn1_x509.Certificate.load(der)
