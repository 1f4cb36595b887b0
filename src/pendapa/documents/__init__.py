"""Printed documents: letters and receipts as PDF, and QR codes."""

from pendapa.documents.facts import (
    LetterFacts,
    Letterhead,
    LetterRefused,
    ReceiptFacts,
    long_date,
    signer_lines,
)
from pendapa.documents.markdown import check_letter, letter_fields
from pendapa.documents.payments import PaymentReceiptFacts, render_payment_receipt, rupiah_in_words
from pendapa.documents.qr import qr_svg
from pendapa.documents.typeset import render_letter, render_receipt

__all__ = [
    "LetterFacts",
    "LetterRefused",
    "Letterhead",
    "PaymentReceiptFacts",
    "ReceiptFacts",
    "check_letter",
    "letter_fields",
    "long_date",
    "qr_svg",
    "render_letter",
    "render_payment_receipt",
    "render_receipt",
    "rupiah_in_words",
    "signer_lines",
]
