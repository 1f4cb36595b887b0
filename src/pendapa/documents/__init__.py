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
from pendapa.documents.qr import qr_svg
from pendapa.documents.typeset import render_letter, render_receipt

__all__ = [
    "LetterFacts",
    "LetterRefused",
    "Letterhead",
    "ReceiptFacts",
    "check_letter",
    "letter_fields",
    "long_date",
    "qr_svg",
    "render_letter",
    "render_receipt",
    "signer_lines",
]
