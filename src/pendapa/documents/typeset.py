"""Setting documents as PDF by typst.

The templates are fixed files of this package. Facts and text reach them as JSON data, never as typst source,
so no value can call a function or read a file. Typst's own embedded fonts are used alone: every machine sets
the same pages.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal

import typst

from pendapa.documents.facts import (
    MAX_FACT,
    MAX_LINES,
    Language,
    LetterFacts,
    Letterhead,
    LetterRefused,
    ReceiptFacts,
    long_date,
)
from pendapa.documents.markdown import Node, breakable, plain_text, read_letter, text_parts
from pendapa.documents.qr import qr_svg

Template = Literal["letter", "receipt", "payment_receipt"]

_TEMPLATES = Path(__file__).parent / "templates"

_WORDS: Mapping[Language, Mapping[str, str]] = {
    "id": {
        "number": "Nomor",
        "classification": "Sifat",
        "attachments": "Lampiran",
        "subject": "Hal",
        "to": "Kepada Yth.",
        "signed": "Ditandatangani secara elektronik",
        "verify": "Dokumen ini sah tanpa tanda tangan basah. Untuk memeriksa keasliannya, pindai kode QR atau"
        " buka alamat berikut dan cocokkan isinya.",
        "code": "Kode dokumen",
        "page": "Halaman",
        "of": "dari",
        "copies": "Tembusan:",
        "illustration": "ILUSTRASI - bukan dokumen resmi",
        "qr": "Kode QR alamat pemeriksaan dokumen: ",
        "receipt": "Tanda terima permohonan",
        "service": "Layanan",
        "agency": "Penyelenggara",
        "applicant": "Pemohon",
        "received": "Diterima",
        "promised": "Dijanjikan selesai",
        "track": "Lacak permohonan",
        "track_hint": "Pindai kode QR atau buka alamat ini kapan saja. Simpan tanda terima ini.",
        "secret": "Kode pelacakan",
        "next": "Yang terjadi selanjutnya",
        "free": "Simpan nomor dan kode pelacakan; jangan berikan kepada orang lain.",
        "track_qr": "Kode QR alamat pelacakan: ",
    },
    "en": {
        "number": "Number",
        "classification": "Classification",
        "attachments": "Attachments",
        "subject": "Subject",
        "to": "To",
        "signed": "Signed electronically",
        "verify": "This document is valid without a handwritten signature. To check that it is genuine, scan"
        " the QR code or open the address below and compare what it shows.",
        "code": "Document code",
        "page": "Page",
        "of": "of",
        "copies": "Copies:",
        "illustration": "ILLUSTRATION - not an official document",
        "qr": "QR code of the address for checking this document: ",
        "receipt": "Receipt of application",
        "service": "Service",
        "agency": "Provided by",
        "applicant": "Applicant",
        "received": "Received",
        "promised": "Promised by",
        "track": "Track the application",
        "track_hint": "Scan the QR code or open this address at any time. Keep this receipt.",
        "secret": "Tracking code",
        "next": "What happens next",
        "free": "Keep the number and the tracking code; give them to nobody else.",
        "track_qr": "QR code of the tracking address: ",
    },
}


def render_letter(
    body_markdown: str, fields: Mapping[str, str], letterhead: Letterhead, letter: LetterFacts
) -> bytes:
    """Set a letter as a tagged A4 PDF (PDF/A-2a and PDF/UA-1 where the fonts have every character).

    body_markdown: the text with its fields `{{ name }}`; what it may hold: `pendapa.documents.markdown`.
        A heading it begins with is the document's title, as if given in `letter.title`
    fields: their values, plain text (at most 500, 20,000 characters each)
    The same arguments give the same bytes. Raises LetterRefused naming the place, the fault and the way out.
    """
    body = read_letter(body_markdown, fields)
    heading: list[Node] = []
    if not letter.title and body and body[0].get("written") == "h1":
        heading = body.pop(0)["parts"]
    data = {
        "language": letter.language,
        "words": _words(letter.language),
        "letterhead": texts(
            "letterhead",
            government=letterhead.government,
            agency=letterhead.agency,
            address=letterhead.address,
            contact=letterhead.contact,
        ),
        "letter": texts(
            "letter",
            number=letter.number,
            subject=letter.subject,
            classification=letter.classification,
            attachments=letter.attachments,
            recipient=letter.recipient,
            place=letter.place,
            signer_title=letter.signer_title,
            signer_name=letter.signer_name,
            signer_rank=letter.signer_rank,
            signer_number=letter.signer_number,
            document_code=letter.document_code,
            date=long_date(letter.issued_on, letter.language),
        ),
        "copies": _lines("copies", letter.copies),
        "illustrative": letter.illustrative,
        "title": text_parts(_text("letter title", letter.title)) or heading,
        "body": body,
        # An address is copied from the page: no invisible marks in it, whatever its length.
        "address": letter.verification_url,
        "qr": qr_svg(letter.verification_url),
    }
    return typeset("letter", data, letter.made_at)


def render_receipt(facts: ReceiptFacts) -> bytes:
    """Set the receipt of an application as a one-page tagged A4 PDF; same facts, same bytes.

    Raises LetterRefused when a text is too long.
    """
    received = facts.received_at
    zone = received.tzname() or ""
    data = {
        "language": facts.language,
        "words": _words(facts.language),
        "receipt": texts(
            "receipt",
            number=facts.number,
            service=facts.service,
            agency=facts.agency,
            applicant=facts.applicant,
            received=f"{long_date(received.date(), facts.language)}, {received:%H.%M} {zone}".rstrip(),
            promised=facts.promised,
            issuer=facts.issuer,
            contact=facts.contact,
            secret=facts.secret,
        ),
        "next_steps": _lines("next_steps", facts.next_steps),
        "illustrative": facts.illustrative,
        "address": facts.tracking_url,
        "qr": qr_svg(facts.tracking_url),
    }
    return typeset("receipt", data, received)


def _words(language: Language) -> Mapping[str, str]:
    if language not in _WORDS:
        raise LetterRefused("language", f"{language!r} is not spoken here", 'use "id" or "en"')
    return _WORDS[language]


def texts(where: str, **values: str) -> dict[str, str]:
    """Values as templates print them: long words may break. Raises LetterRefused when one is too long."""
    return {name: _text(f"{where} {name}", value) for name, value in values.items()}


def _text(where: str, value: str) -> str:
    if len(value) > MAX_FACT:
        raise LetterRefused(where, f"it has {len(value)} characters", f"give at most {MAX_FACT}")
    return breakable(plain_text(value))


def _lines(where: str, values: Sequence[str]) -> list[str]:
    if len(values) > MAX_LINES:
        raise LetterRefused(where, f"there are {len(values)} of them", f"give at most {MAX_LINES}")
    return [_text(where, value) for value in values]


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True)


def typeset(template: Template, data: Mapping[str, Any], made_at: datetime) -> bytes:
    """Set one of our templates with its data."""
    inputs = {"data": json.dumps(data, ensure_ascii=False)}
    try:
        return _compile(template, inputs, made_at, ["a-2a", "ua-1"])
    except typst.TypstError as fault:
        # PDF/A forbids characters without a glyph (an emoji in an answer) or meaning; the letter is due.
        if not fault.message.startswith("PDF/"):
            raise
    return _compile(template, inputs, made_at, [])


def _compile(
    template: str, inputs: dict[str, str], made_at: datetime, standards: "list[typst.PDFStandard]"
) -> bytes:
    compiler = typst.Compiler(
        _TEMPLATES / f"{template}.typ",
        root=_TEMPLATES,
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs=inputs,
    )
    pages = compiler.compile(format="pdf", timestamp=int(made_at.timestamp()), pdf_standards=standards)
    if not isinstance(pages, bytes):
        raise TypeError(f"typst gave {type(pages).__name__} where a PDF was due")
    return pages
