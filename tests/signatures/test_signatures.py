"""Claims about signing and verifying, on PDFs set by typst directly: no other engine is needed here."""

import asyncio
import io
import re
import shutil
import subprocess
import zlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import typst
from cryptography import x509
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pypdf import PdfReader

from pendapa.signatures import (
    Authority,
    Credential,
    FakeNationalSigner,
    SealSigner,
    Signer,
    SignerRefused,
    SignerUnavailable,
    SignRequest,
    create_authority,
    issue_certificate,
    issue_seal,
    sha256_hex,
    verify,
)

SIGNED_AT = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
NEXT_DAY = SIGNED_AT + timedelta(days=1)
THREE_YEARS_LATER = SIGNED_AT + timedelta(days=3 * 365)
NIK = "9999010101900001"
PASSPHRASE = "sandi-contoh-1"


@pytest.fixture(scope="module")
def authority() -> Authority:
    return create_authority(SIGNED_AT)


@pytest.fixture(scope="module")
def roots(authority: Authority) -> list[bytes]:
    return [authority.root_certificate]


@pytest.fixture(scope="module")
def credential(authority: Authority) -> Credential:
    return issue_certificate(
        authority, name="Dra. Contoh Kepala, M.Si.", nik=NIK, passphrase=PASSPHRASE, now=SIGNED_AT
    )


@pytest.fixture(scope="module")
def pdf() -> bytes:
    source = (
        b'#set document(title: "Surat contoh")\n#set text(lang: "id")\n= Surat\nIsi surat. #pagebreak() Dua.'
    )
    made = typst.compile(source, format="pdf", ignore_system_fonts=True)
    assert isinstance(made, bytes)
    return made


@pytest.fixture(scope="module")
def national(credential: Credential) -> FakeNationalSigner:
    return FakeNationalSigner({NIK: credential})


@pytest.fixture(scope="module")
def signed(national: FakeNationalSigner, pdf: bytes) -> bytes:
    return national.sign(pdf, request())


@pytest.fixture(scope="module")
def stamped(credential: Credential, authority: Authority, pdf: bytes) -> bytes:
    return FakeNationalSigner({NIK: credential}, time_stamp=authority.time_stamp).sign(pdf, request())


def request(**changes: object) -> SignRequest:
    return replace(
        SignRequest(
            identity=NIK, signed_at=SIGNED_AT, passphrase=PASSPHRASE, reason="Izin", location="Slawi"
        ),
        **changes,
    )


def contents_gap(signed: bytes) -> tuple[int, int]:
    """Where the signature container stands, by the file's own ByteRange (ISO 32000-1, 12.8.1)."""
    found = re.search(rb"/ByteRange \[\s*(\d+) (\d+) (\d+) (\d+)", signed)
    assert found
    start, length, resume, _ = map(int, found.groups())
    return start + length, resume


def flipped(content: bytes, position: int, bit: int = 0) -> bytes:
    changed = bytearray(content)
    changed[position] ^= 1 << bit
    return bytes(changed)


def appended_update(signed: bytes) -> bytes:
    writer = IncrementalPdfFileWriter(io.BytesIO(signed))
    writer.root["/Changed"] = generic.pdf_string("after signing")
    writer.update_root()
    output = io.BytesIO()
    writer.write(output)
    return output.getvalue()


def test_what_an_official_signed_verifies(signed: bytes, roots: list[bytes], credential: Credential) -> None:
    found = verify(signed, roots, NEXT_DAY)
    assert found.genuine and found.intact and found.trusted and found.covers_whole_file
    assert not found.modified_after_signing
    assert found.signer_name == "Dra. Contoh Kepala, M.Si."
    assert found.signing_time == SIGNED_AT
    assert found.serial == credential.serial
    assert int(found.serial, 16) == x509.load_pem_x509_certificate(credential.certificate).serial_number


def test_the_signature_is_an_appended_pades_signature(signed: bytes, pdf: bytes) -> None:
    assert signed.startswith(pdf)
    fields = PdfReader(io.BytesIO(signed)).get_fields()
    assert fields is not None
    signature = fields["Signature1"]["/V"]
    assert signature["/SubFilter"] == "/ETSI.CAdES.detached"
    assert signature["/Reason"] == "Izin"
    assert signature["/Location"] == "Slawi"
    assert str(signature["/M"]).startswith("D:20260302030000")


def test_neither_nik_nor_passphrase_is_in_the_signed_file(signed: bytes, credential: Credential) -> None:
    start, end = contents_gap(signed)
    container = bytes.fromhex(signed[start + 1 : end - 1].decode())
    for secret in (NIK, PASSPHRASE):
        assert secret.encode() not in signed + container + credential.certificate
        assert secret not in repr(credential)
    assert PASSPHRASE not in repr(request())


def test_a_flipped_byte_anywhere_in_the_signed_bytes_is_found(signed: bytes, roots: list[bytes]) -> None:
    start, end = contents_gap(signed)
    outside = [*range(0, start, 401), *range(end, len(signed), 37), 0, start - 1, end, len(signed) - 1]
    for position in outside:
        found = verify(flipped(signed, position), roots, NEXT_DAY)
        assert not found.intact, f"byte {position}: {found.detail}"


def test_a_flipped_byte_of_the_page_text_or_the_byte_range_is_found(
    signed: bytes, roots: list[bytes]
) -> None:
    for mark in (b"stream", b"/ByteRange", b"/Contents", b"/MediaBox", b"startxref", b"trailer", b"/M (D:"):
        position = signed.rfind(mark)
        if position >= 0:
            assert not verify(flipped(signed, position + len(mark) + 2), roots, NEXT_DAY).intact, mark


def test_a_flipped_byte_of_the_signature_value_is_found(signed: bytes, roots: list[bytes]) -> None:
    start, end = contents_gap(signed)
    digits = signed[start + 1 : end - 1].rstrip(b"0")
    # The ECDSA value is the last thing in a container without a time stamp: 64 bytes and a little DER.
    for back in range(4, 128, 5):
        found = verify(flipped(signed, start + len(digits) - back), roots, NEXT_DAY)
        assert not found.genuine, back


def test_nothing_can_hide_in_the_padding_of_the_container(signed: bytes, roots: list[bytes]) -> None:
    _, end = contents_gap(signed)
    for position in (end - 2, end - 40):
        assert signed[position : position + 1] == b"0"
        assert not verify(flipped(signed, position), roots, NEXT_DAY).intact
    start, _ = contents_gap(signed)
    letter = next(i for i in range(start + 1, end) if signed[i : i + 1].isalpha())
    # Bit 5 turns a capital into a small letter: the same hexadecimal digit, yet another file.
    assert not verify(flipped(signed, letter, bit=5), roots, NEXT_DAY).intact


@pytest.mark.parametrize("tail", [b"\n", b"%a comment\n", b"\0" * 10])
def test_bytes_after_the_signature_are_found(signed: bytes, roots: list[bytes], tail: bytes) -> None:
    found = verify(signed + tail, roots, NEXT_DAY)
    assert found.verdict == "changed"
    assert not found.intact


def test_an_incremental_update_after_the_signature_is_found(signed: bytes, roots: list[bytes]) -> None:
    found = verify(appended_update(signed), roots, NEXT_DAY)
    assert found.verdict == "changed"
    assert found.modified_after_signing


def test_official_and_seal_sign_one_file(signed: bytes, roots: list[bytes], authority: Authority) -> None:
    key, chain = issue_seal(authority, name="Segel Kabupaten Contoh", now=SIGNED_AT)
    sealed = SealSigner(key, chain).sign(signed, request(identity="seal", field_name="Seal1"))
    found = verify(sealed, roots, NEXT_DAY)
    assert found.genuine, found.detail
    assert [check.signer_name for check in found.signatures] == [
        "Dra. Contoh Kepala, M.Si.",
        "Segel Kabupaten Contoh",
    ]
    assert [check.covers_whole_file for check in found.signatures] == [False, True]
    assert not verify(appended_update(sealed), roots, NEXT_DAY).intact


def test_a_change_between_two_signatures_is_found(
    signed: bytes, roots: list[bytes], authority: Authority
) -> None:
    key, chain = issue_seal(authority, name="Segel Kabupaten Contoh", now=SIGNED_AT)
    writer = IncrementalPdfFileWriter(io.BytesIO(signed))
    page = writer.root["/Pages"]["/Kids"][0]
    page["/Rotate"] = generic.NumberObject(90)
    writer.update_container(page)
    output = io.BytesIO()
    writer.write(output)
    sealed = SealSigner(key, chain).sign(output.getvalue(), request(identity="seal", field_name="Seal1"))
    found = verify(sealed, roots, NEXT_DAY)
    assert found.verdict == "changed"
    assert [check.intact for check in found.signatures] == [False, True]


def test_a_file_signed_by_a_stranger_is_intact_but_not_trusted(signed: bytes) -> None:
    stranger = create_authority(SIGNED_AT)
    found = verify(signed, [stranger.root_certificate], NEXT_DAY)
    assert (found.verdict, found.intact, found.trusted) == ("untrusted", True, False)
    assert not verify(signed, [], NEXT_DAY).trusted


def test_a_stranger_who_takes_our_names_is_not_trusted(pdf: bytes, roots: list[bytes]) -> None:
    stranger = create_authority(SIGNED_AT)
    theirs = issue_certificate(
        stranger, name="Dra. Contoh Kepala, M.Si.", nik=NIK, passphrase=PASSPHRASE, now=SIGNED_AT
    )
    forged = FakeNationalSigner({NIK: theirs}).sign(pdf, request())
    assert verify(forged, roots, NEXT_DAY).verdict == "untrusted"


def test_without_a_time_stamp_an_expired_certificate_proves_nothing(
    signed: bytes, roots: list[bytes]
) -> None:
    found = verify(signed, roots, THREE_YEARS_LATER)
    assert (found.verdict, found.intact, found.trusted) == ("expired", True, False)


def test_a_time_stamp_keeps_a_signature_valid_after_its_certificate(
    stamped: bytes, roots: list[bytes]
) -> None:
    found = verify(stamped, roots, THREE_YEARS_LATER)
    assert found.genuine, found.detail
    assert found.signatures[0].time_stamp == SIGNED_AT


def test_a_time_stamp_of_a_stranger_proves_nothing(
    credential: Credential, pdf: bytes, roots: list[bytes]
) -> None:
    theirs = create_authority(SIGNED_AT).time_stamp
    out = FakeNationalSigner({NIK: credential}, time_stamp=theirs).sign(pdf, request())
    found = verify(out, roots, THREE_YEARS_LATER)
    assert found.verdict == "expired"
    assert found.signatures[0].time_stamp is None


@pytest.mark.parametrize("passphrase", ["", "salah", PASSPHRASE + " ", PASSPHRASE.upper(), "\0"])
def test_a_wrong_passphrase_is_refused(national: FakeNationalSigner, pdf: bytes, passphrase: str) -> None:
    with pytest.raises(SignerRefused) as refused:
        national.sign(pdf, request(passphrase=passphrase))
    assert refused.value.kind == "wrong_passphrase"


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"identity": "9999010101900009"}, "unknown_identity"),
        ({"signed_at": SIGNED_AT + timedelta(days=731)}, "certificate_expired"),
        ({"signed_at": SIGNED_AT - timedelta(hours=1)}, "certificate_not_yet_valid"),
    ],
)
def test_the_signer_refuses(
    national: FakeNationalSigner, pdf: bytes, changes: dict[str, object], kind: str
) -> None:
    with pytest.raises(SignerRefused) as refused:
        national.sign(pdf, request(**changes))
    assert refused.value.kind == kind
    assert NIK not in str(refused.value)
    assert refused.value.sentence("id") != refused.value.sentence("en")


def test_a_revoked_certificate_signs_no_more(credential: Credential, pdf: bytes) -> None:
    store = {NIK: replace(credential, revoked_at=SIGNED_AT)}
    with pytest.raises(SignerRefused) as refused:
        FakeNationalSigner(store).sign(pdf, request())
    assert refused.value.kind == "certificate_revoked"
    store[NIK] = replace(credential, revoked_at=SIGNED_AT + timedelta(seconds=1))
    assert FakeNationalSigner(store).sign(pdf, request())


def test_a_service_that_does_not_answer_may_be_asked_again(credential: Credential, pdf: bytes) -> None:
    signer = FakeNationalSigner({NIK: credential}, available=False)
    with pytest.raises(SignerUnavailable) as silent:
        signer.sign(pdf, request())
    assert silent.value.retryable
    signer.available = True
    assert signer.sign(pdf, request())


def test_one_field_is_signed_once(national: FakeNationalSigner, signed: bytes) -> None:
    with pytest.raises(SignerRefused) as refused:
        national.sign(signed, request())
    assert refused.value.kind == "field_taken"


@pytest.mark.parametrize("content", [b"", b"not a pdf", b"%PDF-1.7\n", b"PK\x03\x04" + b"\0" * 100])
def test_garbage_is_not_signed_and_does_not_verify(
    national: FakeNationalSigner, roots: list[bytes], content: bytes
) -> None:
    with pytest.raises(SignerRefused) as refused:
        national.sign(content, request())
    assert refused.value.kind == "document_unreadable"
    assert verify(content, roots, NEXT_DAY).verdict == "unreadable"


def test_a_pdf_without_signature_says_so(pdf: bytes, roots: list[bytes]) -> None:
    found = verify(pdf, roots, NEXT_DAY)
    assert (found.verdict, found.intact, found.signer_name) == ("unsigned", False, "")


def test_a_file_cut_short_never_verifies(signed: bytes, roots: list[bytes]) -> None:
    for length in range(0, len(signed), len(signed) // 25):
        assert not verify(signed[:length], roots, NEXT_DAY).genuine


def test_a_file_that_unpacks_to_gigabytes_is_not_read(roots: list[bytes]) -> None:
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b"\0" * 1_000_000) for _ in range(300)) + packer.flush()
    for content in (packed, zlib.compress(packed)):
        bomb = b"%PDF-1.7\n1 0 obj<</Filter/FlateDecode>>stream\n" + content + b"\nendstream endobj\n"
        found = verify(bomb, roots, NEXT_DAY)
        assert found.verdict == "unreadable"
        assert "unpacks" in found.detail


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_damage_makes_verification_raise_or_believe(
    data: st.DataObject, signed: bytes, roots: list[bytes]
) -> None:
    start, end = contents_gap(signed)
    position = data.draw(st.integers(0, len(signed) - 1).filter(lambda at: not start <= at < end))
    removed = data.draw(st.integers(0, 200))
    added = data.draw(st.binary(max_size=200))
    damaged = signed[:position] + added + signed[position + removed :]
    if damaged != signed:
        assert not verify(damaged, roots, NEXT_DAY).genuine
    assert not verify(b"%PDF-1.7\n" + added, roots, NEXT_DAY).genuine


def test_a_seal_must_come_with_its_own_certificate(authority: Authority) -> None:
    key, _ = issue_seal(authority, name="Segel A", now=SIGNED_AT)
    _, chain = issue_seal(authority, name="Segel B", now=SIGNED_AT)
    with pytest.raises(ValueError, match="does not belong to the key"):
        SealSigner(key, chain)
    with pytest.raises(ValueError, match="empty"):
        SealSigner(key, [])


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"nik": "123"}, "16 digits"),
        ({"nik": "٩٩٩٩٠١٠١٠١٩٠٠٠٠١"}, "16 digits"),
        ({"passphrase": "pendek"}, "8 characters"),
        ({"name": " "}, "name"),
        ({"years": 0}, "1 to 5 years"),
    ],
)
def test_a_certificate_is_not_issued_on_bad_facts(
    authority: Authority, changes: dict[str, object], said: str
) -> None:
    facts: dict[str, object] = {"name": "Contoh", "nik": NIK, "passphrase": PASSPHRASE, "now": SIGNED_AT}
    with pytest.raises(ValueError, match=said):
        issue_certificate(authority, **(facts | changes))  # type: ignore[arg-type]


def test_a_certificate_holds_for_two_years(credential: Credential) -> None:
    # 2 x 365 days after 2 March 2026; no leap day lies between.
    assert credential.not_after == datetime(2028, 3, 1, 3, 0, tzinfo=UTC)


def test_times_without_zone_are_refused(signed: bytes, roots: list[bytes]) -> None:
    naive = datetime(2026, 3, 2, 3, 0)  # noqa: DTZ001
    with pytest.raises(ValueError, match="time zone"):
        request(signed_at=naive)
    with pytest.raises(ValueError, match="time zone"):
        verify(signed, roots, naive)


def test_both_signers_stand_behind_the_port(national: FakeNationalSigner, authority: Authority) -> None:
    key, chain = issue_seal(authority, name="Segel", now=SIGNED_AT)
    signers: list[Signer] = [national, SealSigner(key, chain)]
    assert all(callable(signer.sign) for signer in signers)


def test_sha256_is_the_published_one() -> None:
    # NIST FIPS 180-4 example, "abc".
    assert sha256_hex(b"abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


@pytest.mark.oracle
@pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl, a program others wrote")
def test_openssl_accepts_the_signature_and_refuses_a_changed_file(
    signed: bytes, authority: Authority, tmp_path: Path
) -> None:
    start, end = contents_gap(signed)
    (tmp_path / "signature.der").write_bytes(bytes.fromhex(signed[start + 1 : end - 1].decode()))
    (tmp_path / "root.pem").write_bytes(authority.root_certificate)
    content = signed[:start] + signed[end:]
    accepted = []
    for version in (content, flipped(content, 100)):
        (tmp_path / "content").write_bytes(version)
        command = (
            "openssl cms -verify -binary -inform DER -in signature.der -content content -CAfile root.pem"
            f" -purpose any -out checked -attime {int(NEXT_DAY.timestamp())}"
        )
        ran = subprocess.run(command.split(), cwd=tmp_path, capture_output=True, check=False)
        accepted.append(ran.returncode == 0)
    assert accepted == [True, False]


def test_signing_and_verifying_work_where_an_event_loop_runs(
    national: FakeNationalSigner, pdf: bytes, roots: list[bytes]
) -> None:
    async def in_a_loop() -> str:
        return verify(national.sign(pdf, request()), roots, NEXT_DAY).verdict

    # In a thread of its own: tests of pages may have left a loop running in this one.
    with ThreadPoolExecutor(max_workers=1) as pool:
        assert pool.submit(lambda: asyncio.run(in_a_loop())).result() == "genuine"
