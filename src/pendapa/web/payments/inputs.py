"""What people type about bills."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from pendapa.web.cases import uploads
from pendapa.web.cases.file_questions import limits_of
from pendapa.web.payments.models import Bill
from pendapa.web.shown import ShownField

SLIP = uploads.Accepted((*uploads.DOCUMENTS, *uploads.PICTURES), settings.UPLOAD_LIMIT_BYTES, 2400)
_MOST_DIGITS = 15


@dataclass(frozen=True)
class WantedBills:
    """What an officer looks for: a billing number, a case's number, or an amount as the statement has it."""

    text: str = ""

    def among(self, bills: QuerySet[Bill]) -> QuerySet[Bill]:
        """The bills that fit."""
        if not self.text:
            return bills
        wanted = Q(entry__number__iexact=self.text) | Q(case__number__iexact=self.text)
        digits = "".join(c for c in self.text if c.isascii() and c.isdigit())
        plain = self.text.lower().removeprefix("rp").strip().replace(".", "").replace(",", "")
        if plain == digits and 0 < len(digits) <= _MOST_DIGITS:
            wanted |= Q(amount=int(digits))
        return bills.filter(wanted)


def wanted_bills(query: QueryDict) -> WantedBills:
    """Read the search out of the address."""
    return WantedBills(" ".join(query.get("cari", "").split())[:120])


def proof_field(error: str = "") -> ShownField:
    """The slip that the applicant may send."""
    return ShownField(
        "bukti",
        _("Foto bukti bayar"),
        "file",
        hint=_("Struk, slip, atau gambar layar dari aplikasi bank. Nomor rekening boleh ditutup."),
        required=False,
        error=error,
        limits=limits_of(SLIP),
        accept=",".join(SLIP.types),
    )
