"""The receipt of a payment: sums spelled as on Indonesian receipts, and nothing that does not add up."""

from __future__ import annotations

import dataclasses
import subprocess
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from pendapa.documents import LetterRefused, PaymentReceiptFacts, render_payment_receipt, rupiah_in_words

FACTS = PaymentReceiptFacts(
    number="TBP/00001/BPKAD/2026",
    issuer="Pemerintah Kabupaten Contoh",
    agency="Badan Contoh",
    payer="Ratih Contoh",
    purpose="Pajak contoh",
    bill_number="202600000001",
    amount=2_400_000,
    billed=2_304_000,
    payments=((date(2026, 11, 23), 1_304_000, "A-1"), (date(2026, 11, 24), 1_096_000, "A-2")),
    document_code="ABCDEF234567",
    verification_url="https://contoh.example/verify/ABCDEF234567",
    made_at=datetime(2026, 11, 24, 2, 0, tzinfo=UTC),
)


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        # the irregular ones of Indonesian: se- for one ten, hundred and thousand, but satu juta; belas for teens
        (0, "nol"),
        (10, "sepuluh"),
        (11, "sebelas"),
        (12, "dua belas"),
        (20, "dua puluh"),
        (99, "sembilan puluh sembilan"),
        (100, "seratus"),
        (111, "seratus sebelas"),
        (1_000, "seribu"),
        (1_100, "seribu seratus"),
        (11_000, "sebelas ribu"),
        (101_001, "seratus satu ribu satu"),
        (1_000_000, "satu juta"),
        (2_304_000, "dua juta tiga ratus empat ribu"),
        (1_000_000_000, "satu miliar"),
        (1_000_000_000_001, "satu triliun satu"),
        (999_000_000_000_000, "sembilan ratus sembilan puluh sembilan triliun"),
    ],
)
def test_sums_are_spelled_as_on_receipts(amount: int, words: str) -> None:
    assert rupiah_in_words(amount) == f"{words} rupiah"


@pytest.mark.parametrize("amount", [-1, 10**15])
def test_what_cannot_be_spelled_is_refused(amount: int) -> None:
    with pytest.raises(LetterRefused, match="cannot be spelled"):
        rupiah_in_words(amount)


def test_the_paper_names_each_payment_and_the_excess(tmp_path: Path) -> None:
    pdf = render_payment_receipt(FACTS)
    assert pdf == render_payment_receipt(FACTS)
    (tmp_path / "r.pdf").write_bytes(pdf)
    said = subprocess.run(
        ["pdftotext", "-layout", tmp_path / "r.pdf", "-"], capture_output=True, text=True, check=True
    ).stdout
    for part in ("Rp2.400.000", "Lebih bayar", "Rp96.000", "Rp1.304.000", "A-1", "Rp1.096.000", "A-2"):
        assert part in said


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"amount": 2_400_001}, "the payments make 2400000 rupiah, not 2400001"),
        ({"payments": (), "amount": 0}, "it has no payments"),
        ({"payer": " "}, "payer is empty"),
        ({"made_at": datetime(2026, 11, 24)}, "has no time zone"),  # noqa: DTZ001
        ({"verification_url": "javascript:x"}, "is not a web address"),
    ],
)
def test_facts_that_do_not_fit_are_refused(changes: dict[str, object], wrong: str) -> None:
    with pytest.raises(LetterRefused, match=wrong):
        dataclasses.replace(FACTS, **changes)  # type: ignore[arg-type]
