"""The published service standard (PermenPANRB 15/2014) as a page shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

INNER_COMPONENTS = {
    "legal_basis": _("Dasar hukum"),
    "facilities": _("Sarana dan fasilitas"),
    "competence": _("Kemampuan petugas"),
    "supervision": _("Pengawasan"),
    "staff": _("Jumlah petugas"),
    "guarantee": _("Jaminan layanan"),
    "security": _("Jaminan keamanan"),
    "evaluation": _("Penilaian kinerja"),
}
"""Components 7 to 14, in the order of the regulation."""


@dataclass(frozen=True, slots=True)
class PublishedStandard:
    """Components 1-6 in the page's language where translated; 7-14 as (title, texts).

    The fee is in rupiah; None where a formula decides it.
    """

    requirements: tuple[str, ...]
    procedure: tuple[str, ...]
    time_limit: Mapping[str, Any]
    time_note: str
    fee_idr: int | None
    fee_note: str
    fee_basis: str
    product: str
    complaints: str
    inner: tuple[tuple[Any, tuple[str, ...]], ...]
    only_indonesian: bool

    @property
    def promised_days(self) -> int | None:
        """The promise in whole working days; None where it is given in hours or minutes."""
        in_days = self.time_limit.get("unit") in {"day", "working_day"}
        return int(self.time_limit["value"]) if in_days else None


def read_standard(definition: Mapping[str, Any], language: str) -> PublishedStandard:
    """The standard of a stored definition, be it of an online service or a row of services.csv."""
    standard = definition.get("standard")
    if standard is None:
        return _of_row(definition, language)
    other: Mapping[str, Any] = (definition.get("standard_en") or {}) if language == "en" else {}
    limit, fee = standard.get("time_limit") or {}, standard.get("fee") or {}
    return PublishedStandard(
        requirements=tuple(other.get("requirements") or standard.get("requirements") or ()),
        procedure=tuple(other.get("procedure") or standard.get("procedure") or ()),
        time_limit=limit,
        time_note=str((other.get("time_limit") or {}).get("note") or limit.get("note") or ""),
        fee_idr=fee.get("amount_idr"),
        fee_note=str((other.get("fee") or {}).get("note") or fee.get("note") or ""),
        fee_basis=str((other.get("fee") or {}).get("legal_basis") or fee.get("legal_basis") or ""),
        product=str(other.get("product") or standard.get("product") or ""),
        complaints=str(other.get("complaints") or standard.get("complaints") or ""),
        inner=_inner(standard),
        only_indonesian=language == "en" and not other.get("requirements"),
    )


def _of_row(row: Mapping[str, Any], language: str) -> PublishedStandard:
    fee = row.get("fee_idr")
    value = row.get("time_value")
    return PublishedStandard(
        requirements=_listed(row.get("requirements")),
        procedure=(),
        time_limit={"value": value, "unit": row.get("time_unit")} if value else {},
        time_note="",
        fee_idr=None if fee in (None, "") else int(str(fee)),
        fee_note=str(row.get("fee_note") or ""),
        fee_basis="",
        product=str(row.get("product") or ""),
        complaints="",
        inner=_inner(row),
        only_indonesian=language == "en",
    )


def _inner(source: Mapping[str, Any]) -> tuple[tuple[Any, tuple[str, ...]], ...]:
    found = ((title, _listed(source.get(key))) for key, title in INNER_COMPONENTS.items())
    return tuple((title, texts) for title, texts in found if texts)


def _listed(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(";") if part.strip())
    return tuple(str(part) for part in value or ())
