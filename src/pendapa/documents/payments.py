"""The receipt of a payment."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from pendapa.documents.facts import (
    MAX_LINES,
    Language,
    LetterRefused,
    long_date,
    require,
    require_address,
    require_zone,
)
from pendapa.documents.qr import qr_svg
from pendapa.documents.typeset import texts, typeset

_WORDS: Mapping[Language, Mapping[str, str]] = {
    "id": {
        "title": "Tanda terima pembayaran",
        "number": "Nomor",
        "received": "Telah diterima uang sebesar",
        "in_words": "Terbilang",
        "payer": "Dari",
        "purpose": "Untuk",
        "bill": "Nomor tagihan",
        "billed": "Jumlah tagihan",
        "excess": "Lebih bayar",
        "agency": "Diterima oleh",
        "paid_on": "Tanggal",
        "amount": "Jumlah",
        "reference": "Nomor bukti bank",
        "note": "Catatan",
        "made": "Dibuat",
        "sealed": "Diberi segel elektronik",
        "verify": "Untuk memeriksa keasliannya, pindai kode QR atau buka alamat berikut dan cocokkan isinya.",
        "code": "Kode dokumen",
        "qr": "Kode QR alamat pemeriksaan dokumen: ",
        "page": "Halaman",
        "of": "dari",
        "illustration": "ILUSTRASI - bukan dokumen resmi",
    },
    "en": {
        "title": "Receipt of payment",
        "number": "Number",
        "received": "Received the sum of",
        "in_words": "In words",
        "payer": "From",
        "purpose": "For",
        "bill": "Billing number",
        "billed": "Amount billed",
        "excess": "Paid in excess",
        "agency": "Received by",
        "paid_on": "Date",
        "amount": "Amount",
        "reference": "Reference of the bank",
        "note": "Note",
        "made": "Made",
        "sealed": "Sealed electronically",
        "verify": "To check that it is genuine, scan the QR code or open this address and compare what it shows.",
        "code": "Document code",
        "qr": "QR code of the address for checking this document: ",
        "page": "Page",
        "of": "of",
        "illustration": "ILLUSTRATION - not an official document",
    },
}
_ONES = (
    "nol",
    "satu",
    "dua",
    "tiga",
    "empat",
    "lima",
    "enam",
    "tujuh",
    "delapan",
    "sembilan",
    "sepuluh",
    "sebelas",
)
_GROUPS = ((10**12, "triliun"), (10**9, "miliar"), (10**6, "juta"))
MOST_RUPIAH = 10**15 - 1


@dataclass(frozen=True, slots=True)
class PaymentReceiptFacts:
    """The facts of the receipt of a payment.

    amount: whole rupiah that came in, the sum of `payments`; billed: whole rupiah that were owed
    payments: (day, whole rupiah, the bank's reference) of each, 1 to 50
    note: what has to stand beside the amount; made_at: aware instant, the same facts give the same bytes
    document_code, verification_url: as on letters
    """

    number: str
    issuer: str
    agency: str
    payer: str
    purpose: str
    bill_number: str
    amount: int
    billed: int
    payments: tuple[tuple[date, int, str], ...]
    document_code: str
    verification_url: str
    made_at: datetime
    note: str = ""
    contact: str = ""
    language: Language = "id"
    illustrative: bool = False

    def __post_init__(self) -> None:
        require_zone("payment receipt", "made_at", self.made_at)
        for name in ("number", "payer", "bill_number", "document_code"):
            require("payment receipt", name, getattr(self, name))
        require_address("payment receipt", "verification_url", self.verification_url)
        if not 1 <= len(self.payments) <= MAX_LINES:
            raise LetterRefused(
                "payment receipt", "it has no payments, or too many", f"give 1 to {MAX_LINES}"
            )
        came_in = sum(amount for _, amount, _ in self.payments)
        if came_in != self.amount:
            raise LetterRefused(
                "payment receipt",
                f"the payments make {came_in} rupiah, not {self.amount}",
                "give the sum of the payments",
            )


def render_payment_receipt(facts: PaymentReceiptFacts) -> bytes:
    """Set the receipt of a payment as a one-page tagged A4 PDF; same facts, same bytes. Raises LetterRefused."""
    language = facts.language
    made = facts.made_at
    data = {
        "language": language,
        "words": _WORDS[language],
        "receipt": texts(
            "payment receipt",
            number=facts.number,
            issuer=facts.issuer,
            agency=facts.agency,
            payer=facts.payer,
            purpose=facts.purpose,
            bill=facts.bill_number,
            amount=_rupiah(facts.amount, language),
            in_words=rupiah_in_words(facts.amount) if language == "id" else "",
            billed=_rupiah(facts.billed, language),
            excess=_rupiah(facts.amount - facts.billed, language) if facts.amount > facts.billed else "",
            note=facts.note,
            contact=facts.contact,
            code=facts.document_code,
            made=f"{long_date(made.date(), language)}, {made:%H.%M} {made.tzname() or ''}".rstrip(),
        ),
        "payments": [
            texts(
                "payment", day=long_date(day, language), amount=_rupiah(amount, language), reference=reference
            )
            for day, amount, reference in facts.payments
        ],
        "illustrative": facts.illustrative,
        "address": facts.verification_url,
        "qr": qr_svg(facts.verification_url),
    }
    return typeset("payment_receipt", data, made)


def rupiah_in_words(amount: int) -> str:
    """A sum of whole rupiah as Indonesian receipts spell it; 0 to 999 trillion.

    >>> rupiah_in_words(3_456_000)
    'tiga juta empat ratus lima puluh enam ribu rupiah'
    """
    if not 0 <= amount <= MOST_RUPIAH:
        raise LetterRefused("amount", f"{amount} cannot be spelled", f"give 0 to {MOST_RUPIAH}")
    return f"{_spelled(amount)} rupiah"


def _spelled(number: int) -> str:
    if number < 12:
        return _ONES[number]
    if number < 20:
        return f"{_ONES[number - 10]} belas"
    if number < 100:
        return _joined(f"{_ONES[number // 10]} puluh", number % 10)
    if number < 1000:
        hundreds = number // 100
        return _joined("seratus" if hundreds == 1 else f"{_ONES[hundreds]} ratus", number % 100)
    if number < 10**6:
        thousands = number // 1000
        return _joined("seribu" if thousands == 1 else f"{_spelled(thousands)} ribu", number % 1000)
    size, name = next(group for group in _GROUPS if number >= group[0])
    return _joined(f"{_spelled(number // size)} {name}", number % size)


def _joined(head: str, rest: int) -> str:
    return f"{head} {_spelled(rest)}" if rest else head


def _rupiah(amount: int, language: Language) -> str:
    text = f"{amount:,}"
    return "Rp" + (text if language == "en" else text.replace(",", "."))
