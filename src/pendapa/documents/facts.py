"""What a printed document states, apart from its text. Every value is plain text, never markup."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

Language = Literal["id", "en"]
Capacity = Literal["definitive", "plt", "plh", "an"]

MAX_TEXT = 20_000  # characters of the value of one field
MAX_FACT = 2_000  # characters of one fact
MAX_LINES = 100  # copies, next steps
MAX_BODY = 200_000  # characters of a letter's text, before and again after its fields are filled
MAX_FIELDS = 500

MONTHS: Mapping[Language, tuple[str, ...]] = {
    "id": (
        "Januari",
        "Februari",
        "Maret",
        "April",
        "Mei",
        "Juni",
        "Juli",
        "Agustus",
        "September",
        "Oktober",
        "November",
        "Desember",
    ),
    "en": (
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
}


class LetterRefused(Exception):
    """A document that cannot be made as asked: `where`, what is `wrong`, and what would be `right`."""

    def __init__(self, where: str, wrong: str, right: str) -> None:
        super().__init__(f"{where}: {wrong}; {right}")
        self.where = where
        self.wrong = wrong
        self.right = right

    def __reduce__(self) -> tuple[type["LetterRefused"], tuple[str, str, str]]:
        return type(self), (self.where, self.wrong, self.right)


@dataclass(frozen=True, slots=True)
class Letterhead:
    """The head of the paper: whose government, which agency, where it is found, and how it is reached."""

    government: str
    agency: str
    address: str = ""
    contact: str = ""

    def __post_init__(self) -> None:
        if not self.government.strip() and not self.agency.strip():
            raise LetterRefused(
                "letterhead", "it names neither government nor agency", "give at least one of them"
            )


@dataclass(frozen=True, slots=True)
class LetterFacts:
    """The facts of one letter.

    title: centred above the number, as on a licence or decree; empty takes the heading the text begins with,
        and without one gives the block of an ordinary letter: subject, classification, attachments, recipient
    signer_title: one or more lines; see `signer_lines` for Plt., Plh. and a.n.
    document_code: the short code people type to verify; verification_url: the address its QR holds
    made_at: aware instant written into the file; the same facts and instant give the same bytes
    illustrative: prints "ILUSTRASI - bukan dokumen resmi" on every page
    """

    number: str
    subject: str
    issued_on: date
    place: str
    signer_title: str
    signer_name: str
    document_code: str
    verification_url: str
    made_at: datetime
    title: str = ""
    classification: str = ""
    attachments: str = ""
    recipient: str = ""
    signer_rank: str = ""
    signer_number: str = ""
    copies: tuple[str, ...] = ()
    language: Language = "id"
    illustrative: bool = False

    def __post_init__(self) -> None:
        require_zone("letter", "made_at", self.made_at)
        require("letter", "signer_name", self.signer_name)
        require("letter", "document_code", self.document_code)
        require_address("letter", "verification_url", self.verification_url)


@dataclass(frozen=True, slots=True)
class ReceiptFacts:
    """The facts of the receipt of one application.

    applicant: already masked by the caller, for a receipt is left lying about
    received_at: aware instant in the office's zone, printed as such (its zone's short name follows)
    promised: when the answer is due, in words; secret: the tracking code, if it is printed
    next_steps: what happens now, one sentence each
    """

    number: str
    service: str
    applicant: str
    received_at: datetime
    promised: str
    tracking_url: str
    issuer: str
    agency: str = ""
    contact: str = ""
    secret: str = ""
    next_steps: tuple[str, ...] = ()
    language: Language = "id"
    illustrative: bool = False

    def __post_init__(self) -> None:
        require_zone("receipt", "received_at", self.received_at)
        require("receipt", "number", self.number)
        require("receipt", "service", self.service)
        require_address("receipt", "tracking_url", self.tracking_url)


def signer_lines(title: str, capacity: Capacity = "definitive", on_behalf_of: str = "") -> str:
    """How a signature block names the office, one or more lines.

    >>> signer_lines("Kepala Dinas Contoh", "plt")
    'Plt. Kepala Dinas Contoh'
    >>> signer_lines("Sekretaris Daerah", "an", on_behalf_of="Bupati Contoh")
    'a.n. Bupati Contoh\\nSekretaris Daerah'
    """
    if capacity == "an":
        if not on_behalf_of.strip():
            raise LetterRefused(
                "signer", "a.n. names nobody", "give on_behalf_of, the office that gave the mandate"
            )
        return f"a.n. {on_behalf_of}\n{title}"
    prefix = {"definitive": "", "plt": "Plt. ", "plh": "Plh. "}[capacity]
    return prefix + title


def long_date(day: date, language: Language = "id") -> str:
    """A date in words.

    >>> long_date(date(2026, 3, 2))
    '2 Maret 2026'
    """
    return f"{day.day} {MONTHS[language][day.month - 1]} {day.year}"


def require(where: str, name: str, value: str) -> None:
    if not value.strip():
        raise LetterRefused(where, f"{name} is empty", "give it")


def require_zone(where: str, name: str, value: datetime) -> None:
    if value.utcoffset() is None:
        raise LetterRefused(where, f"{name} {value.isoformat()} has no time zone", "pass an aware instant")


def require_address(where: str, name: str, value: str) -> None:
    if not value.startswith(("https://", "http://")) or len(value) > 500 or not value.isprintable():
        raise LetterRefused(
            where, f"{name} {value[:60]!r} is not a web address", "give one that begins with https://"
        )
